#include "facts/forge_rows.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "facts/extract/github_reader.hpp"
#include "facts/statement.hpp"

namespace trueup::facts {

namespace {

constexpr std::size_t kMaxTitle = 256, kMaxBody = 4'096;

/// The first bytes of a text, without half a character at the end.
std::string_view shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

/// Binds texts one after the other, each NULL where it is empty.
int bind_texts(Statement& statement, int at, std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) statement.bind_or_null(at++, text);
  return at;
}

}  // namespace

void add_repository_forge(Store& store, RepositoryId repository, std::string_view slug, std::string_view host, std::string_view kind) {
  store.create_table("repository_forge");
  Statement(store.database(), "INSERT INTO repository_forge VALUES(NULL,?,?,?,?)")
      .bind(1, repository).bind(2, slug).bind(3, host).bind(4, kind).run();
}

std::int64_t add_reading(Store& store, const ForgeRepositoryRow& row) {
  store.create_table("forge_repository");
  Statement insert(store.database(), "INSERT INTO forge_repository VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  insert.bind(1, row.slug).bind(2, row.host).bind(3, row.kind).bind_answer(4, row);
  bind_texts(insert, 8, {row.full_name, row.default_branch, row.visibility});
  insert.bind(11, row.state == "present" ? std::optional(std::int64_t{row.archived}) : std::nullopt).bind(12, row.asked_at).bind(13, row.address).run();
  return sqlite3_last_insert_rowid(store.database());
}

std::int64_t add_reading(Store& store, const ForgeListRow& row) {
  store.create_table("forge_list");
  Statement insert(store.database(), "INSERT INTO forge_list VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?)");
  insert.bind(1, row.slug).bind(2, row.kind).bind_or_null(3, row.about).bind_answer(4, row);
  insert.bind(8, std::int64_t{row.complete}).bind_or_null(9, row.since);
  insert.bind(10, row.asked_at).bind(11, row.address).run();
  return sqlite3_last_insert_rowid(store.database());
}

ForgeItemStore::Added ForgeItemStore::add(const ForgeListRow& list, const formats::ForgeItems& items) {
  for (const char* table : {"pull_request", "pull_request_label", "pull_request_comment", "workflow_run", "forge_release", "forge_tag", "required_check", "forge_secret", "forge_branch", "forge_environment",
                            "forge_app_grant"})
    store_.create_table(table);
  Added added;
  for (const formats::PullRequest& pull : items.pull_requests) {
    if (pull_requests_.contains({list.slug, pull.number})) continue;
    add_pull_request(list, pull);
    added.pull_requests.push_back(&pull);
  }
  add_comments(list, items);
  add_label_times(list, items);
  for (const formats::WorkflowRun& run : items.workflow_runs) {
    if (!runs_.insert({list.slug, run.run_id}).second) continue;
    add_run(list, run);
    added.workflow_runs.push_back(&run);
  }
  for (const formats::ForgeRelease& release : items.releases) {
    add_release(list, release);
    added.releases.push_back(&release);
  }
  Statement tag(store_.database(), "INSERT INTO forge_tag VALUES(NULL,?,?,?)");
  for (const formats::ForgeTag& each : items.tags) tag.bind(1, list.slug).bind(2, each.name).bind(3, each.commit_id).run();
  Statement check(store_.database(), "INSERT INTO required_check VALUES(NULL,?,?,?,?,?)");
  for (const formats::RequiredCheck& each : items.required_checks)
    check.bind(1, list.slug).bind(2, list.about).bind(3, each.context).bind(4, each.app).bind(5, each.source).run();
  Statement secret(store_.database(), "INSERT INTO forge_secret VALUES(NULL,?,?,?,?,?,?)");
  for (const formats::ForgeSecret& each : items.secrets) {
    secret.bind(1, list.slug).bind(2, list.kind).bind(3, each.name);
    bind_texts(secret, 4, {each.environment, each.organization, each.updated_at});
    secret.run();
  }
  add_settings(list, items);
  return added;
}

void ForgeItemStore::add_settings(const ForgeListRow& list, const formats::ForgeItems& items) {
  if (list.kind == "required_check" && list.state == "present") {
    formats::ForgeBranch branch;
    for (const formats::ForgeBranch& each : items.branches) {
      branch.is_protected = branch.is_protected || each.is_protected;
      if (each.approvals) branch.approvals = std::max(branch.approvals.value_or(0), *each.approvals);
    }
    Statement(store_.database(), "INSERT INTO forge_branch VALUES(NULL,?,?,?,?)")
        .bind(1, list.slug).bind(2, list.about).bind(3, std::int64_t{branch.is_protected}).bind(4, branch.approvals).run();
  }
  Statement environment(store_.database(), "INSERT INTO forge_environment VALUES(NULL,?,?,?,?,?,?)");
  for (const formats::ForgeEnvironment& each : items.environments) {
    std::string rules;
    for (const std::string& rule : each.rules) append_json_string(rule, rules += rules.empty() ? "" : ",");
    rules = "[" + rules + "]";
    environment.bind(1, list.slug).bind(2, each.name).bind(3, each.reviewers).bind(4, each.wait_minutes).bind(5, rules);
    environment.bind_or_null(6, each.branch_policy).run();
  }
  Statement grant(store_.database(), "INSERT INTO forge_app_grant VALUES(NULL,?,?,?,?)");
  for (const formats::ForgeAppGrant& each : items.app_grants)
    grant.bind(1, list.about).bind(2, each.kind).bind(3, each.name).bind_or_null(4, each.access).run();
}

void ForgeItemStore::add_pull_request(const ForgeListRow& list, const formats::PullRequest& pull) {
  Statement insert(store_.database(), "INSERT INTO pull_request VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  insert.bind(1, list.slug).bind(2, pull.number).bind_or_null(3, shortened(pull.title, kMaxTitle)).bind(4, pull.state);
  insert.bind(5, std::int64_t{pull.draft}).bind_or_null(6, pull.author).bind_or_null(7, pull.head_slug).bind(8, pull.head_ref);
  insert.bind(9, pull.head_sha).bind(10, pull.base_ref);
  bind_texts(insert, 11, {pull.base_sha, pull.merge_commit_sha, pull.merge_state});
  insert.bind(14, pull.created_at);
  bind_texts(insert, 15, {pull.updated_at, pull.closed_at, pull.merged_at});
  insert.bind(18, list.asked_at).bind(19, list.address).run();
  const std::int64_t id = sqlite3_last_insert_rowid(store_.database());
  pull_requests_.emplace(std::pair(list.slug, pull.number), id);
  Statement label(store_.database(), "INSERT INTO pull_request_label VALUES(NULL,?,?,?)");
  for (const formats::PullRequest::Label& each : pull.labels) label.bind(1, id).bind(2, each.name).bind_or_null(3, each.added_at).run();
}

void ForgeItemStore::add_comments(const ForgeListRow& list, const formats::ForgeItems& items) {
  if (items.comments.empty()) return;
  const auto pull = pull_requests_.find({list.slug, std::strtoll(list.about.c_str(), nullptr, 10)});
  if (pull == pull_requests_.end()) return;
  Statement insert(store_.database(), "INSERT INTO pull_request_comment VALUES(NULL,?,?,?,?)");
  for (const formats::PullRequestComment& each : items.comments)
    insert.bind(1, pull->second).bind_or_null(2, each.author).bind(3, shortened(each.body, kMaxBody)).bind(4, each.created_at).run();
}

void ForgeItemStore::add_label_times(const ForgeListRow& list, const formats::ForgeItems& items) {
  if (items.label_events.empty()) return;
  const auto pull = pull_requests_.find({list.slug, std::strtoll(list.about.c_str(), nullptr, 10)});
  if (pull == pull_requests_.end()) return;
  Statement update(store_.database(), "UPDATE pull_request_label SET added_at = max(coalesce(added_at, ''), ?) WHERE pull_request = ? AND name = ?");
  for (const formats::PullRequest::Label& each : items.label_events) update.bind(1, each.added_at).bind(2, pull->second).bind(3, each.name).run();
}

void ForgeItemStore::add_run(const ForgeListRow& list, const formats::WorkflowRun& run) {
  Statement insert(store_.database(), "INSERT INTO workflow_run VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  insert.bind(1, list.slug).bind(2, run.run_id);
  bind_texts(insert, 3, {run.workflow_path, run.workflow_name, run.event});
  insert.bind(6, run.status);
  bind_texts(insert, 7, {run.conclusion, run.head_branch});
  insert.bind(9, run.head_sha).bind(10, run.run_attempt).bind(11, run.created_at).bind_or_null(12, run.updated_at);
  insert.bind(13, list.asked_at).bind(14, list.address).run();
}

void ForgeItemStore::add_release(const ForgeListRow& list, const formats::ForgeRelease& release) {
  Statement insert(store_.database(), "INSERT INTO forge_release VALUES(NULL,?,?,?,?,?,?,?,?,?,?)");
  insert.bind(1, list.slug).bind(2, release.tag_name).bind_or_null(3, release.name).bind(4, std::int64_t{release.draft});
  insert.bind(5, std::int64_t{release.prerelease}).bind_or_null(6, release.target_commitish).bind(7, release.created_at);
  insert.bind_or_null(8, release.published_at).bind(9, list.asked_at).bind(10, list.address).run();
}

ForgeQuestions read_forge_questions(Store& store) {
  ForgeQuestions questions;
  Statement repositories(store.database(), "SELECT host, slug FROM wanted_forge_repository");
  while (repositories.row()) questions.repositories.emplace(repositories.text(0), repositories.text(1));
  Statement lists(store.database(), "SELECT host, slug, kind, about FROM wanted_forge_list");
  while (lists.row())
    questions.lists.insert({std::string(lists.text(0)), std::string(lists.text(1)), std::string(lists.text(2)), std::string(lists.text(3))});
  return questions;
}

}  // namespace trueup::facts
