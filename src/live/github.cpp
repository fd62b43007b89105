#include <fmt/format.h>

#include "base/text.hpp"
#include "live/forge_reader.hpp"
#include "live/github_pull_requests.hpp"
#include "live/oci_lists.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

using formats::ForgePage;

constexpr std::uint32_t kPages = 50;        // 5,000 of a list that is not sorted by time, or whose beginning counts
constexpr std::uint32_t kRecentPages = 10;  // of one that goes back
constexpr std::size_t kMaxEnvironments = 100;
constexpr std::string_view kPerPage = "per_page=100";

class Github final : public ForgeReader {
 public:
  Github(ForgeServer server, HttpClient& http, CredentialSource& credentials)
      : ForgeReader(server, http, credentials,
                    server.host == "github.com" ? "set GH_TOKEN or GITHUB_TOKEN, or log in with gh auth login"
                                                : "set GH_ENTERPRISE_TOKEN and GH_HOST=" + server.host + ", or token_env for it in TRUEUP_HOSTS",
                    {{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}}),
        pull_requests_(door_, server_.api_url) {}

 private:
  std::string target_of(const std::string& slug) const override { return "/repos/" + *path_of(slug); }

  Result<formats::ForgeRepository> parse_repository(std::string_view body) const override { return formats::read_github_repository(body); }

  /// Accounts of github.com are shown to everybody, save those that an enterprise manages, whose users have a _ in their names.
  void judge_missing(const std::string& slug, ForgeRepositoryReading& reading) override {
    const std::string owner = slug.substr(0, slug.find('/'));
    if (door_.has_credential() && server_.host == "github.com" && owner.find('_') == std::string::npos) {
      const ApiAnswer asked = door_.get("/users/" + percent_encoded(owner));
      if (!asked.unknown && asked.answer.has_status(404)) {
        reading.state = ReadingState::absent;
        reading.evidence = fmt::format("{} has no account {}", host(), owner);
        return;
      }
    }
    reading.unknown = unknown("name_unknown", fmt::format("{} shows no repository {}; it does not exist, or {}", host(), slug,
                                                          door_.has_credential() ? "this token may not see it: check the name"
                                                                                 : "it is private: give a token"));
  }

  void read_list(ForgeListReading& reading) override {
    const std::string base = target_of(reading.asked.slug), about = percent_encoded(reading.asked.about);
    switch (reading.asked.kind) {
      case ForgeListKind::pull_request: {
        const bool open = reading.asked.about == "open";
        if (open && pull_requests_.read_open(reading)) return;
        const std::string target = base + "/pulls?state=" + (open ? "open" : "closed") + "&sort=updated&direction=desc&" + std::string(kPerPage);
        if (open) return read_pages(reading, target, ForgePage::github_pull_requests, kPages);
        return read_pages(reading, target, ForgePage::github_pull_requests, kRecentPages,
                          [&](const formats::ForgeItems& items) { return !items.pull_requests.empty() && items.pull_requests.back().updated_at < server_.closed_since; });
      }
      case ForgeListKind::pull_request_comment:
        if (pull_requests_.read_comments(reading)) return;
        return read_pages(reading, base + "/issues/" + about + "/comments?" + std::string(kPerPage), ForgePage::github_comments, kRecentPages);
      case ForgeListKind::workflow_run: {
        const bool commit = about.size() == 40 && about.find_first_not_of("0123456789abcdef") == std::string::npos;
        const std::string target = base + "/actions/runs?" + (commit ? "head_sha=" : "branch=") + about + "&" + std::string(kPerPage);
        if (commit) return read_pages(reading, target, ForgePage::github_runs, kRecentPages);
        return read_pages(reading, target, ForgePage::github_runs, kRecentPages,
                          [&](const formats::ForgeItems& items) { return !items.workflow_runs.empty() && items.workflow_runs.back().created_at < server_.closed_since; });
      }
      case ForgeListKind::release:
        return read_pages(reading, base + "/releases?" + std::string(kPerPage), ForgePage::github_releases, kPages);
      case ForgeListKind::tag: return read_pages(reading, base + "/tags?" + std::string(kPerPage), ForgePage::github_tags, kPages);
      case ForgeListKind::required_check: return read_required_checks(reading, base, about);
      case ForgeListKind::environment:
        return read_pages(reading, base + "/environments?" + std::string(kPerPage), ForgePage::github_environments, kRecentPages);
      case ForgeListKind::app: return read_pages(reading, "/apps/" + about, ForgePage::github_app, 1);
      case ForgeListKind::secret: return read_names(reading, base, "secrets", ForgePage::github_secrets);
      case ForgeListKind::label_event:
        reading.unknown = unknown("not_offered", "of GitHub the times of labels come with the pull requests");
        return;
      case ForgeListKind::variable: return read_names(reading, base, "variables", ForgePage::github_variables);
    }
  }

  /// Of the branch's protection, and of the rulesets that hold for it.
  void read_required_checks(ForgeListReading& reading, const std::string& base, const std::string& branch) {
    read_pages(reading, base + "/branches/" + branch, ForgePage::github_branch, 1);
    if (reading.unknown) return;
    ForgeListReading rules;
    rules.asked = reading.asked;
    read_pages(rules, base + "/rules/branches/" + branch + "?" + std::string(kPerPage), ForgePage::github_branch_rules, kRecentPages);
    if (rules.unknown) {
      // Servers from before rulesets do not know the address.
      if (rules.unknown->code == "not_offered") return;
      reading.unknown = rules.unknown;
      return;
    }
    reading.complete = rules.complete;
    for (formats::RequiredCheck& check : rules.items.required_checks) reading.items.required_checks.push_back(std::move(check));
    reading.items.branches.insert(reading.items.branches.end(), rules.items.branches.begin(), rules.items.branches.end());
    reading.evidence = counted(reading.items.required_checks.size(), "required check") + " of " + reading.asked.about;
  }

  /// Names of the repository, of its organization as far as it may use them, and of each environment.
  void read_names(ForgeListReading& reading, const std::string& base, std::string_view what, ForgePage page) {
    const std::string query = "?" + std::string(kPerPage);
    const auto list = [&](const std::string& target) {
      ForgeListReading part;
      part.asked = reading.asked;
      read_pages(part, target, page, kRecentPages);
      return part;
    };
    const auto add = [&](ForgeListReading&& part, const std::string& environment, const std::string& organization) {
      if (part.unknown || !part.complete) {
        if (reading.complete) reading.incomplete_because = part.unknown ? part.unknown->because : part.incomplete_because;
        // A part that failed might have shown anything.
        if (part.unknown && part.unknown->kind == UnknownKind::failed && !is_refused(*part.unknown)) reading.unknown = part.unknown;
        reading.complete = false;
      }
      for (formats::ForgeSecret& each : part.items.secrets) reading.items.secrets.push_back({std::move(each.name), environment, organization, std::move(each.updated_at)});
    };
    ForgeListReading own = list(base + "/actions/" + std::string(what) + query);
    reading.from = own.from;
    if (own.unknown) {
      const bool withheld = door_.has_credential() && (is_refused(*own.unknown) || own.unknown->code == "not_offered");
      reading.unknown = withheld ? unknown("not_permitted", fmt::format("{} does not show this token the names of {} of {}; who administers the repository may see them",
                                                                        host(), what, reading.asked.slug))
                                 : own.unknown;
      return;
    }
    reading.state = ReadingState::present;
    reading.complete = true;
    add(std::move(own), "", "");
    add(list(base + "/actions/organization-" + std::string(what) + query), "", reading.asked.slug.substr(0, reading.asked.slug.find('/')));
    std::vector<std::string> environments;
    ForgeDoor::Pages pages = door_.pages(base + "/environments" + query, kRecentPages, [&](const std::string& body) -> Result<bool> {
      auto names = formats::read_github_environments(body);
      if (!names) return std::move(names).error();
      environments.insert(environments.end(), names->begin(), names->end());
      return environments.size() <= kMaxEnvironments;
    });
    // Where there are no environments at all, some plans and servers do not know the address.
    if (pages.unknown && pages.status != 404) {
      ForgeListReading none;
      none.unknown = pages.unknown;
      add(std::move(none), "", "");
    }
    if (environments.size() > kMaxEnvironments) {
      environments.resize(kMaxEnvironments);
      reading.complete = false;
      reading.incomplete_because = fmt::format("only {} environments are looked at", kMaxEnvironments);
    }
    for (const std::string& environment : environments)
      add(list(base + "/environments/" + percent_encoded(environment) + "/" + std::string(what) + query), environment, "");
    reading.evidence = fmt::format("{} {}", reading.items.secrets.size(), what);
  }

  static bool is_refused(const Unknown& why) { return why.code == "refused_credentials"; }

  GithubPullRequests pull_requests_;
};

}  // namespace

std::unique_ptr<Forge> make_github(ForgeServer server, HttpClient& http, CredentialSource& credentials) {
  return std::make_unique<Github>(std::move(server), http, credentials);
}

}  // namespace trueup::live
