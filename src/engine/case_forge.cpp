#include "engine/case_forge.hpp"

#include <cstdlib>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace trueup::engine {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;
using live::ForgeListKind;

constexpr std::string_view kNow = "2026-01-01T00:00:00Z";
constexpr std::string_view kNoCommit = "0000000000000000000000000000000000000000";

class Reader {
 public:
  Reader(const Document& document, const std::string& slug, const std::string& default_branch,
         const std::function<void(NodeIndex, std::string)>& fail)
      : document_(document), slug_(slug), default_branch_(default_branch), fail_(fail) {}

  CaseForgeRepository read(NodeIndex node) {
    read_.about.slug = read_.about.full_name = slug_;
    read_.about.default_branch = default_branch_;
    read_.about.visibility = "private";
    read_.about.state = live::ReadingState::present;
    for (const NodeIndex value : document_.children(node)) read_key(key_of(value), value);
    return std::move(read_);
  }

 private:
  std::string text(NodeIndex node) const { return std::string(document_.text(node).value_or("")); }
  std::string text(NodeIndex mapping, std::string_view key, std::string_view otherwise = "") const {
    return std::string(document_.text(document_.child(mapping, key)).value_or(otherwise));
  }
  std::int64_t number(NodeIndex node) const { return std::strtoll(text(node).c_str(), nullptr, 10); }
  std::string_view key_of(NodeIndex value) const { return document_[document_[value].key].value; }

  void read_key(std::string_view key, NodeIndex value) {
    live::ForgeRepositoryReading& about = read_.about;
    if (key == "kind") read_.kind = text(value) == "gitlab" ? live::ForgeKind::gitlab : live::ForgeKind::github;
    else if (key == "unknown") read_.unreachable = text(value);
    else if (key == "absent") about.state = live::ReadingState::absent, about.evidence = "the case has no " + slug_;
    else if (key == "renamed") about.full_name = text(value);
    else if (key == "default_branch") about.default_branch = text(value);
    else if (key == "visibility") about.visibility = text(value);
    else if (key == "archived") about.archived = text(value) == "true";
    else if (key == "pull_requests") each(ForgeListKind::pull_request, value, [&](NodeIndex node) { read_pull_request(node); });
    else if (key == "workflow_runs") each(ForgeListKind::workflow_run, value, [&](NodeIndex node) { read_run(node); });
    else if (key == "releases") each(ForgeListKind::release, value, [&](NodeIndex node) { read_release(node); });
    else if (key == "tags") each(ForgeListKind::tag, value, [&](NodeIndex node) { read_tag(node); });
    else if (key == "secrets") each(ForgeListKind::secret, value, [&](NodeIndex node) { read_.items.secrets.push_back(read_secret(node)); });
    else if (key == "variables") each(ForgeListKind::variable, value, [&](NodeIndex node) { read_.variables.push_back(read_secret(node)); });
    else if (key == "required_checks") each(ForgeListKind::required_check, value, [&](NodeIndex node) { read_checks(node); });
    else if (key == "environments") each(ForgeListKind::environment, value, [&](NodeIndex node) { read_environment(node); });
    else if (key == "branches") each(ForgeListKind::required_check, value, [&](NodeIndex node) { read_branch(node); });
    else if (key == "apps") each(ForgeListKind::app, value, [&](NodeIndex node) { read_app(node); });
    else if (key == "unknowns") for (const NodeIndex kind : document_.children(value)) read_kind(kind, key_of(kind), text(kind), read_.unknown);
    else if (key == "incomplete") for (const NodeIndex kind : document_.children(value)) read_kind(kind, text(kind), "it may leave something out", read_.incomplete);
    else fail_(value, "unknown key `" + std::string(key) + "` of a repository of a forge");
  }

  template <typename Read>
  void each(ForgeListKind kind, NodeIndex list, Read read) {
    read_.written.insert(kind);
    if (kind == ForgeListKind::pull_request) read_.written.insert(ForgeListKind::pull_request_comment);
    for (const NodeIndex node : document_.children(list)) read(node);
  }

  void read_kind(NodeIndex at, std::string_view name, std::string why, std::map<ForgeListKind, std::string>& kinds) {
    const auto kind = live::forge_list_kind(name);
    if (kind) kinds[*kind] = std::move(why);
    else fail_(at, "no kind of list is called `" + std::string(name) + "`");
  }

  /// What is not a column of the table is told: a case that says it otherwise would test nothing.
  void check_keys(NodeIndex node, std::initializer_list<std::string_view> known) {
    for (const NodeIndex value : document_.children(node))
      if (std::find(known.begin(), known.end(), key_of(value)) == known.end())
        fail_(value, "unknown key `" + std::string(key_of(value)) + "` of something on a forge");
  }

  void read_pull_request(NodeIndex node) {
    check_keys(node, {"number", "title", "state", "draft", "author", "head", "head_slug", "head_sha", "base", "base_sha", "merge_commit_sha",
                      "merge_state", "created_at", "updated_at", "closed_at", "merged_at", "labels", "comments"});
    formats::PullRequest pull;
    pull.number = number(document_.child(node, "number"));
    pull.title = text(node, "title");
    pull.state = text(node, "state", "open");
    pull.draft = text(node, "draft") == "true";
    pull.author = text(node, "author", "alice");
    pull.head_slug = text(node, "head_slug", slug_);
    pull.head_ref = text(node, "head");
    pull.head_sha = text(node, "head_sha", kNoCommit);
    pull.base_ref = text(node, "base", default_branch_);
    pull.base_sha = text(node, "base_sha");
    pull.merge_commit_sha = text(node, "merge_commit_sha");
    pull.merge_state = text(node, "merge_state");
    pull.created_at = text(node, "created_at", kNow);
    pull.updated_at = text(node, "updated_at", pull.created_at);
    pull.closed_at = text(node, "closed_at");
    pull.merged_at = text(node, "merged_at");
    for (const NodeIndex label : document_.children(document_.child(node, "labels")))
      if (document_.is_mapping(label)) pull.labels.push_back({text(label, "name"), text(label, "added_at")});
      else pull.labels.push_back({text(label), ""});
    for (const NodeIndex comment : document_.children(document_.child(node, "comments")))
      read_.comments[pull.number].push_back({text(comment, "author", "alice"), text(comment, "body"), text(comment, "created_at", kNow)});
    read_.items.pull_requests.push_back(std::move(pull));
  }

  void read_run(NodeIndex node) {
    check_keys(node, {"run_id", "workflow_path", "workflow_name", "event", "status", "conclusion", "head_branch", "head_sha", "run_attempt",
                      "created_at", "updated_at"});
    formats::WorkflowRun run;
    const NodeIndex id = document_.child(node, "run_id"), attempt = document_.child(node, "run_attempt");
    run.run_id = id == kNoNode ? static_cast<std::int64_t>(read_.items.workflow_runs.size()) + 1 : number(id);
    run.workflow_path = text(node, "workflow_path");
    run.workflow_name = text(node, "workflow_name");
    run.event = text(node, "event", "push");
    run.conclusion = text(node, "conclusion");
    run.status = text(node, "status", run.conclusion.empty() ? "in_progress" : "completed");
    run.head_branch = text(node, "head_branch");
    run.head_sha = text(node, "head_sha", kNoCommit);
    run.run_attempt = attempt == kNoNode ? 1 : number(attempt);
    run.created_at = text(node, "created_at", kNow);
    run.updated_at = text(node, "updated_at", run.created_at);
    read_.items.workflow_runs.push_back(std::move(run));
  }

  /// {name:, commit:}; the commit is that of a tag of the case (refs/tags/1.0.0), or any other name.
  void read_tag(NodeIndex node) {
    check_keys(node, {"name", "commit"});
    const std::string commit = text(node, "commit");
    read_.items.tags.push_back({text(node, "name"), sha256_hex(commit.starts_with("refs/tags/") ? commit : "commit " + commit).substr(0, 40)});
  }

  void read_release(NodeIndex node) {
    check_keys(node, {"tag_name", "name", "draft", "prerelease", "target_commitish", "created_at", "published_at"});
    const std::string created = text(node, "created_at", kNow);
    read_.items.releases.push_back({text(node, "tag_name"), text(node, "name"), text(node, "draft") == "true", text(node, "prerelease") == "true",
                                    text(node, "target_commitish"), created, text(node, "published_at", created)});
  }

  formats::ForgeSecret read_secret(NodeIndex node) {
    if (!document_.is_mapping(node)) return {text(node), "", "", ""};
    check_keys(node, {"name", "environment", "organization", "updated_at"});
    return {text(node, "name"), text(node, "environment"), text(node, "organization"), text(node, "updated_at")};
  }

  void read_environment(NodeIndex node) {
    check_keys(node, {"name", "reviewers", "wait_minutes", "branch_policy"});
    formats::ForgeEnvironment environment{text(node, "name"), number(document_.child(node, "reviewers")), number(document_.child(node, "wait_minutes")), {},
                                          text(node, "branch_policy")};
    if (environment.reviewers > 0) environment.rules.emplace_back("required_reviewers");
    if (environment.wait_minutes > 0) environment.rules.emplace_back("wait_timer");
    if (!environment.branch_policy.empty()) environment.rules.emplace_back("branch_policy");
    read_.items.environments.push_back(std::move(environment));
  }

  void read_branch(NodeIndex node) {
    check_keys(node, {"protected", "approvals"});
    const NodeIndex approvals = document_.child(node, "approvals");
    read_.branches[std::string(key_of(node))] = {text(node, "protected") == "true", approvals == kNoNode ? std::nullopt : std::optional(number(approvals))};
  }

  void read_app(NodeIndex node) {
    check_keys(node, {"permissions", "events"});
    auto& grants = read_.apps[std::string(key_of(node))];
    for (const NodeIndex each : document_.children(document_.child(node, "permissions"))) grants.push_back({"permission", std::string(key_of(each)), text(each)});
    for (const NodeIndex each : document_.children(document_.child(node, "events"))) grants.push_back({"event", text(each), ""});
  }

  void read_checks(NodeIndex branch) {
    auto& checks = read_.required_checks[std::string(key_of(branch))];
    for (const NodeIndex node : document_.children(branch)) {
      formats::RequiredCheck& check = checks.emplace_back();
      const NodeIndex app = document_.child(node, "app");
      check.context = document_.is_mapping(node) ? text(node, "context") : text(node);
      if (app != kNoNode) check.app = number(app);
      check.source = text(node, "source", "protection");
    }
  }

  const Document& document_;
  const std::string& slug_;
  const std::string& default_branch_;
  const std::function<void(NodeIndex, std::string)>& fail_;
  CaseForgeRepository read_;
};

bool is_commit(std::string_view about) {
  return about.size() == kNoCommit.size() && about.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

formats::ForgeItems items_of(const CaseForgeRepository& repository, const live::ForgeListQuestion& asked) {
  formats::ForgeItems items;
  switch (asked.kind) {
    case ForgeListKind::pull_request:
      for (const formats::PullRequest& pull : repository.items.pull_requests)
        if ((pull.state == "open") == (asked.about == "open")) items.pull_requests.push_back(pull);
      break;
    case ForgeListKind::pull_request_comment:
      if (const auto of = repository.comments.find(std::strtoll(asked.about.c_str(), nullptr, 10)); of != repository.comments.end())
        items.comments = of->second;
      break;
    case ForgeListKind::workflow_run:
      for (const formats::WorkflowRun& run : repository.items.workflow_runs)
        if ((is_commit(asked.about) ? run.head_sha : run.head_branch) == asked.about) items.workflow_runs.push_back(run);
      break;
    case ForgeListKind::tag: items.tags = repository.items.tags; break;
    case ForgeListKind::release: items.releases = repository.items.releases; break;
    case ForgeListKind::required_check:
      if (const auto of = repository.required_checks.find(asked.about); of != repository.required_checks.end()) items.required_checks = of->second;
      if (const auto of = repository.branches.find(asked.about); of != repository.branches.end()) items.branches.push_back(of->second);
      break;
    case ForgeListKind::environment: items.environments = repository.items.environments; break;
    case ForgeListKind::app:
      if (const auto of = repository.apps.find(asked.about); of != repository.apps.end()) items.app_grants = of->second;
      break;
    case ForgeListKind::label_event: break;  // a case says them with its labels
    case ForgeListKind::secret: items.secrets = repository.items.secrets; break;
    case ForgeListKind::variable: items.secrets = repository.variables; break;
  }
  return items;
}

live::Provenance provenance(std::string_view host, std::string_view path) {
  return {"https://" + std::string(host) + "/" + std::string(path), std::string(kNow), false};
}

}  // namespace

CaseForgeRepository read_case_forge(const Document& document, NodeIndex node, const std::string& slug, const std::string& default_branch,
                                    const std::function<void(NodeIndex, std::string)>& fail) {
  return Reader(document, slug, default_branch, fail).read(node);
}

const std::string& CaseForge::host_of(live::ForgeKind kind) {
  static const std::string github = "github.com", gitlab = "gitlab.com";
  return kind == live::ForgeKind::gitlab ? gitlab : github;
}

const CaseForgeRepository* CaseForge::find(const std::string& slug) const {
  for (const auto& [name, repository] : repositories_)
    if (repository.kind == kind_ && equal_ignoring_ascii_case(name, slug)) return &repository;
  return nullptr;
}

std::vector<live::ForgeRepositoryReading> CaseForge::repositories(std::span<const std::string> slugs) {
  std::vector<live::ForgeRepositoryReading> readings;
  for (const std::string& slug : slugs) {
    const CaseForgeRepository* known = find(slug);
    live::ForgeRepositoryReading& reading = readings.emplace_back(known != nullptr ? known->about : live::ForgeRepositoryReading());
    reading.slug = slug;
    if (known == nullptr) reading.unknown = live::unknown("name_unknown", host() + " does not know " + slug + ", or does not show it");
    else if (!known->unreachable.empty()) reading.unknown = live::unknown("timed_out", known->unreachable);
    if (reading.unknown) reading.state = live::ReadingState::unknown;
    reading.from = provenance(host(), slug);
  }
  return readings;
}

std::vector<live::ForgeListReading> CaseForge::lists(std::span<const live::ForgeListQuestion> questions) {
  std::vector<live::ForgeListReading> readings;
  for (const live::ForgeListQuestion& question : questions) {
    live::ForgeListReading& reading = readings.emplace_back();
    reading.asked = question;
    reading.from = provenance(host(), question.slug + "/" + std::string(to_string(question.kind)));
    const CaseForgeRepository* known = find(question.slug);
    if (known == nullptr || (known->unreachable.empty() && !known->written.contains(question.kind) && !known->unknown.contains(question.kind))) {
      reading.unknown = live::unknown("not_offered", "the case does not say");
    } else if (!known->unreachable.empty()) {
      reading.unknown = live::unknown("timed_out", known->unreachable);
    } else if (const auto why = known->unknown.find(question.kind); why != known->unknown.end()) {
      reading.unknown = live::unknown("timed_out", why->second);
    } else {
      reading.state = live::ReadingState::present;
      reading.items = items_of(*known, question);
      reading.evidence = std::to_string(reading.items.size()) + " of them";
      const auto gap = known->incomplete.find(question.kind);
      reading.complete = gap == known->incomplete.end();
      if (!reading.complete) reading.incomplete_because = gap->second;
    }
  }
  return readings;
}

}  // namespace trueup::engine
