#include <fmt/format.h>

#include "base/text.hpp"
#include "live/forge_reader.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

using formats::ForgePage;

constexpr std::uint32_t kPages = 50, kRecentPages = 10;

class Gitlab final : public ForgeReader {
 public:
  Gitlab(ForgeServer server, HttpClient& http, CredentialSource& credentials)
      : ForgeReader(server, http, credentials,
                    server.host == "gitlab.com" ? "set GITLAB_TOKEN" : "set GITLAB_TOKEN and GITLAB_HOST=" + server.host + ", or token_env for it in TRUEUP_HOSTS",
                    {{"Accept", "application/json"}}) {}

 private:
  std::string target_of(const std::string& slug) const override { return "/projects/" + replace_all(*path_of(slug), "/", "%2F"); }

  Result<formats::ForgeRepository> parse_repository(std::string_view body) const override { return formats::read_gitlab_project(body); }

  void judge_missing(const std::string& slug, ForgeRepositoryReading& reading) override {
    reading.unknown = unknown("name_unknown", fmt::format("{} shows no project {}; it does not exist, or {}", host(), slug,
                                                          door_.has_credential() ? "this token may not see it: check the path"
                                                                                 : "it is private: give a token"));
  }

  void read_list(ForgeListReading& reading) override {
    const std::string base = target_of(reading.asked.slug), about = percent_encoded(reading.asked.about);
    switch (reading.asked.kind) {
      case ForgeListKind::pull_request: {
        const std::string sorted = "&order_by=updated_at&sort=desc&per_page=100";
        if (reading.asked.about == "open")
          return read_pages(reading, base + "/merge_requests?state=opened" + sorted, ForgePage::gitlab_merge_requests, kPages);
        // There is no state for "no longer open": all are read, and the open ones dropped.
        read_pages(reading, base + "/merge_requests?state=all" + sorted, ForgePage::gitlab_merge_requests, kRecentPages,
                   [&](const formats::ForgeItems& items) { return !items.pull_requests.empty() && items.pull_requests.back().updated_at < server_.closed_since; });
        std::erase_if(reading.items.pull_requests, [](const formats::PullRequest& pull) { return pull.state == "open"; });
        return;
      }
      case ForgeListKind::pull_request_comment:
        return read_pages(reading, base + "/merge_requests/" + about + "/notes?sort=asc&per_page=100", ForgePage::gitlab_notes, kRecentPages);
      case ForgeListKind::label_event:
        return read_pages(reading, base + "/merge_requests/" + about + "/resource_label_events?per_page=100", ForgePage::gitlab_label_events, kRecentPages);
      case ForgeListKind::workflow_run: {
        const bool commit = about.size() == 40 && about.find_first_not_of("0123456789abcdef") == std::string::npos;
        const std::string target = base + "/pipelines?" + (commit ? "sha=" : "ref=") + about + "&per_page=100";
        if (commit) return read_pages(reading, target, ForgePage::gitlab_pipelines, kRecentPages);
        return read_pages(reading, target, ForgePage::gitlab_pipelines, kRecentPages,
                          [&](const formats::ForgeItems& items) { return !items.workflow_runs.empty() && items.workflow_runs.back().created_at < server_.closed_since; });
      }
      case ForgeListKind::tag: return read_pages(reading, base + "/repository/tags?per_page=100", ForgePage::gitlab_tags, kPages);
      case ForgeListKind::release: return read_pages(reading, base + "/releases?per_page=100", ForgePage::gitlab_releases, kPages);
      case ForgeListKind::required_check:
        reading.unknown = unknown("not_offered", "GitLab requires the pipeline as a whole, and no single job of it");
        return;
      case ForgeListKind::environment:
      case ForgeListKind::app:
        reading.unknown = unknown("not_offered", "that is asked of GitHub alone");
        return;
      case ForgeListKind::secret:
      case ForgeListKind::variable:
        reading.unknown = unknown("not_offered", "GitLab gives the values of variables with their names, so they are not asked for");
        return;
    }
  }
};

}  // namespace

std::unique_ptr<Forge> make_gitlab(ForgeServer server, HttpClient& http, CredentialSource& credentials) {
  return std::make_unique<Gitlab>(std::move(server), http, credentials);
}

}  // namespace trueup::live
