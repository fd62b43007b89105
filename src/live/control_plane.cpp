#include "live/control_plane.hpp"

namespace trueup::live {

std::string_view to_string(ResourceKind kind) {
  switch (kind) {
    case ResourceKind::application: return "application";
    case ResourceKind::application_set: return "application_set";
    case ResourceKind::project: return "project";
    case ResourceKind::repository: break;
  }
  return "repository";
}

}  // namespace trueup::live
