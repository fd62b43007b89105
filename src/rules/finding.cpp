#include "rules/finding.hpp"

namespace trueup::rules {

std::string_view to_string(Change change) {
  switch (change) {
    case Change::none: return "none";
    case Change::introduced: return "introduced";
    case Change::persisting: return "persisting";
    case Change::unconfirmed: return "unconfirmed";
  }
  return "none";
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::clean: return "clean";
    case Outcome::violated: return "violated";
    case Outcome::unknown: return "unknown";
    case Outcome::no_subject: return "no subject";
  }
  return "no subject";
}

}  // namespace trueup::rules
