#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "formats/forge_json.hpp"
#include "live/forge_door.hpp"
#include "live/forge_servers.hpp"
#include "live/memo.hpp"

namespace trueup::live {

/// What the loaders of GitHub and GitLab share. Private to live/.
class ForgeReader : public Forge {
 public:
  ForgeReader(ForgeServer server, HttpClient& http, CredentialSource& credentials, std::string advice, std::vector<HttpHeader> headers);

  ForgeKind kind() const final { return server_.kind; }
  const std::string& host() const final { return server_.host; }
  std::vector<ForgeRepositoryReading> repositories(std::span<const std::string> slugs) final;
  std::vector<ForgeListReading> lists(std::span<const ForgeListQuestion> questions) final;
  std::size_t requests() const final { return door_.requests(); }
  std::optional<std::int64_t> requests_left() const final { return door_.requests_left(); }
  std::int64_t graphql_points() const final { return door_.points(); }
  std::optional<std::int64_t> graphql_points_left() const final { return door_.points_left(); }

 protected:
  /// Where a repository lies below the API's base.
  virtual std::string target_of(const std::string& slug) const = 0;
  virtual Result<formats::ForgeRepository> parse_repository(std::string_view body) const = 0;
  /// Says what a status 404 of a repository means: absent, or why that is not known.
  virtual void judge_missing(const std::string& slug, ForgeRepositoryReading& reading) = 0;
  virtual void read_list(ForgeListReading& reading) = 0;

  /// Asked once for each slug, whatever its case.
  std::shared_ptr<const ForgeRepositoryReading> repository(const std::string& slug);
  /// "owner/name" as it may stand in a path; nothing for what is no such name.
  static std::optional<std::string> path_of(const std::string& slug);

  /// Reads pages into the reading. `enough`: whether what was read goes back far enough; what is before its last element is then
  /// left out, and so it is where there are more pages than `max_pages`.
  void read_pages(ForgeListReading& reading, const std::string& target, formats::ForgePage page, std::uint32_t max_pages,
                  const std::function<bool(const formats::ForgeItems&)>& enough = {});
  /// The Unknown of a question at a status 404: what that means depends on whether the repository is shown at all.
  Unknown not_shown(const std::string& slug, std::string_view what);
  /// Puts 404 in words, evidence, and when the oldest element was touched.
  void finish(ForgeListReading& reading, const ForgeDoor::Pages& pages, std::string_view what);

  const ForgeServer server_;
  ForgeDoor door_;

 private:
  ForgeRepositoryReading read_repository(const std::string& slug);

  Memo<std::string, ForgeRepositoryReading> repositories_;
};

std::unique_ptr<Forge> make_github(ForgeServer server, HttpClient& http, CredentialSource& credentials);
std::unique_ptr<Forge> make_gitlab(ForgeServer server, HttpClient& http, CredentialSource& credentials);

}  // namespace trueup::live
