#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "live/forge.hpp"
#include "live/forge_servers.hpp"

namespace trueup::live {

/// What somebody wrote down of a forge's API: `gh api repos/acme/app/pulls?state=all > repos/acme/app/pulls.json`, and the like.
struct ForgeDump {
  std::string label;  ///< for people: the folder, as the config has it
  /// (path below the folder, bytes). The path is that of the API without its query: repos/acme/app.json, repos/acme/app/actions/runs.json;
  /// of GitLab projects/acme/app.json, projects/acme/app/merge_requests.json. Names ignore case.
  std::vector<std::pair<std::string, std::string>> texts;
  std::optional<std::string> problem;  ///< why it could not be read at all
  std::string read_at;                 ///< RFC 3339, UTC
};

/// A forge that is read from such a dump, by what reads the server. A file is taken for the whole list, whatever filter was asked for; what
/// the dump has no file for is unknown (not_in_dump) and fails nothing.
std::unique_ptr<Forge> make_forge_dump(ForgeServer server, ForgeDump dump);

}  // namespace trueup::live
