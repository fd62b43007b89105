#include "base/result.hpp"

namespace trueup {

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::malformed: return "malformed";
    case Fault::not_found: return "not found";
    case Fault::unreachable: return "unreachable";
    case Fault::denied: return "denied";
    case Fault::timed_out: return "timed out";
    case Fault::over_limit: return "over a limit";
    case Fault::cancelled: return "cancelled";
  }
  return "unknown fault";
}

Error Error::within(std::string_view what) && {
  message.insert(0, ": ");
  message.insert(0, what);
  return std::move(*this);
}

}  // namespace trueup
