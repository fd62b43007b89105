#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "live/http.hpp"

namespace trueup::engine {

/// A registry that exists in a case only: what its repositories hold is written there. Speaks as much of the OCI
/// distribution API as the loader asks, so that cases pass through the real loader.
class CaseRegistry final : public live::HttpClient {
 public:
  /// Repository (host/path) -> tags. A chart with the repository's last part as its name stands under each.
  std::map<std::string, std::set<std::string>> repositories;
  /// Repository -> why it does not answer.
  std::map<std::string, std::string> unreachable;

  live::HttpAnswer send(const live::HttpRequest& request) override;
};

}  // namespace trueup::engine
