#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/forge_objects.hpp"
#include "live/reading.hpp"

namespace trueup::live {

enum class ForgeKind : std::uint8_t { github, gitlab };
std::string_view to_string(ForgeKind kind);  // "github", "gitlab"

enum class ForgeListKind : std::uint8_t { pull_request, pull_request_comment, workflow_run, release, tag, required_check, secret, variable, environment, app, label_event };
std::string_view to_string(ForgeListKind kind);  // "pull_request", ...: the spelling of the fact tables
std::optional<ForgeListKind> forge_list_kind(std::string_view name);

/// What a forge says of one repository.
struct ForgeRepositoryReading {
  std::string slug;  ///< owner/name, as asked for
  ReadingState state = ReadingState::unknown;
  std::optional<Unknown> unknown;  ///< if and only if the state is unknown
  std::string evidence;            ///< how absence was proven
  std::string full_name;           ///< as it is called today. The rest is set if present, too
  std::string default_branch;
  std::string visibility;          ///< public | private | internal
  bool archived = false;
  Provenance from;
};

/// "What of this kind has this repository?"
struct ForgeListQuestion {
  std::string slug;
  ForgeListKind kind = ForgeListKind::pull_request;
  /// pull_request: "open" or "closed"; pull_request_comment and label_event (when its labels were put on): its number; workflow_run: a commit (40 hex) or a branch;
  /// required_check: a branch; app: its name in addresses; of other kinds: empty.
  std::string about;
  friend auto operator<=>(const ForgeListQuestion&, const ForgeListQuestion&) = default;
};

struct ForgeListReading {
  ForgeListQuestion asked;
  ReadingState state = ReadingState::unknown;  ///< present or unknown
  std::optional<Unknown> unknown;              ///< if and only if the state is unknown
  std::string evidence;                        ///< "16 pull requests"
  /// What is not in it is not there, as far as it was touched at or after `since`.
  bool complete = false;
  std::string incomplete_because;
  std::string since;  ///< RFC 3339; empty: from the beginning
  formats::ForgeItems items;
  Provenance from;
};

/// GitHub, GitLab or a server of theirs. Reads, and writes nothing.
class Forge {
 public:
  virtual ~Forge() = default;
  virtual ForgeKind kind() const = 0;
  virtual const std::string& host() const = 0;  ///< of its web pages and git URLs: "github.com"
  /// One reading for each slug, in that order. Never fails as a whole; safe to call from many threads.
  virtual std::vector<ForgeRepositoryReading> repositories(std::span<const std::string> slugs) = 0;
  /// One reading for each question, in that order; the same holds.
  virtual std::vector<ForgeListReading> lists(std::span<const ForgeListQuestion> questions) = 0;
  /// Requests that were sent so far, and how many the forge says are left; nothing where it does not tell, or nobody was asked.
  virtual std::size_t requests() const { return 0; }
  virtual std::optional<std::int64_t> requests_left() const { return std::nullopt; }
  /// The same of GitHub's GraphQL, which counts in points of a budget of its own.
  virtual std::int64_t graphql_points() const { return 0; }
  virtual std::optional<std::int64_t> graphql_points_left() const { return std::nullopt; }
};

/// One that cannot be asked at all: every reading is unknown for this reason.
std::unique_ptr<Forge> make_silent_forge(ForgeKind kind, std::string host, Unknown why);

}  // namespace trueup::live
