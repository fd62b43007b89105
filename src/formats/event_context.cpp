#include "formats/event_context.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "formats/ref_filter.hpp"

namespace trueup::formats {
namespace {

using Value = ExpressionValue;
using Names = std::optional<std::vector<std::string>>;

enum class RefKind : std::uint8_t {
  unknown,
  pushed,         ///< a branch or a tag, by the filters of push
  branch,         ///< the default branch, or the base of a pull request
  branch_or_tag,
  tag,
  merge,          ///< refs/pull/N/merge; after `closed` the base branch
  queue,          ///< of a merge queue
};

struct EventRow {
  std::string_view name;
  RefKind ref;
  bool has_heads;            ///< github.head_ref and base_ref: true, where that is certain or not known
  std::string_view members;  ///< of github.event, besides those of every event
};

/// By name. Optional members are members too.
constexpr auto kEvents = std::to_array<EventRow>({
    {"branch_protection_rule", RefKind::branch, false, "action rule changes"},
    {"check_run", RefKind::branch, false, "action check_run requested_action"},
    {"check_suite", RefKind::branch, false, "action check_suite"},
    {"create", RefKind::branch_or_tag, false, "ref ref_type master_branch description pusher_type"},
    {"delete", RefKind::branch, false, "ref ref_type pusher_type"},
    {"deployment", RefKind::unknown, false, "action deployment workflow workflow_run"},
    {"deployment_status", RefKind::unknown, false, "action deployment deployment_status check_run workflow workflow_run"},
    {"discussion", RefKind::branch, false, "action discussion answer old_answer changes label comment"},
    {"discussion_comment", RefKind::branch, false, "action comment discussion changes"},
    {"fork", RefKind::branch, false, "forkee"},
    {"gollum", RefKind::branch, false, "pages"},
    {"issue_comment", RefKind::branch, false, "action comment issue changes"},
    {"issues", RefKind::branch, false, "action issue assignee changes label milestone type"},
    {"label", RefKind::branch, false, "action label changes"},
    {"merge_group", RefKind::queue, true, "action merge_group reason"},
    {"milestone", RefKind::branch, false, "action milestone changes"},
    {"page_build", RefKind::branch, false, "build id"},
    {"public", RefKind::branch, false, ""},
    {"pull_request", RefKind::merge, true,
     "action number pull_request changes label assignee milestone requested_reviewer requested_team before after reason"},
    {"pull_request_review", RefKind::merge, true, "action pull_request review changes"},
    {"pull_request_review_comment", RefKind::merge, true, "action pull_request comment changes"},
    {"pull_request_target", RefKind::branch, true,
     "action number pull_request changes label assignee milestone requested_reviewer requested_team before after reason"},
    {"push", RefKind::pushed, false,
     "ref before after base_ref compare commits head_commit created deleted forced pusher"},
    {"registry_package", RefKind::unknown, false, "action registry_package package"},
    {"release", RefKind::tag, false, "action release changes"},
    {"repository_dispatch", RefKind::branch, false, "action branch client_payload"},
    {"schedule", RefKind::branch, false, "schedule workflow"},
    {"status", RefKind::branch, false,
     "avatar_url branches commit context created_at description id name sha state target_url updated_at"},
    {"watch", RefKind::branch, false, "action"},
    {"workflow_dispatch", RefKind::branch_or_tag, false, "inputs ref workflow"},
    {"workflow_run", RefKind::branch, false, "action workflow workflow_run"},
});

/// Those of a run that is completed.
constexpr auto kConclusions = std::to_array<std::string_view>({"success", "failure", "neutral", "cancelled", "skipped",
                                                               "timed_out", "action_required", "stale",
                                                               "startup_failure"});
constexpr std::string_view kMembersOfEvery = "repository sender organization enterprise installation";

/// More patterns than these are not looked at: each comparison of each condition would try all of them.
constexpr std::size_t kMaxPatterns = 100;

const EventRow* find_event(std::string_view name) {
  const auto found = std::find_if(kEvents.begin(), kEvents.end(), [&](const EventRow& row) { return row.name == name; });
  return found == kEvents.end() ? nullptr : &*found;
}

bool has_word(std::string_view words, std::string_view wanted) {
  const std::vector<std::string_view> all = split(words, ' ');
  return !wanted.empty() && std::find(all.begin(), all.end(), wanted) != all.end();
}

bool is_plain(std::string_view pattern) { return pattern.find_first_of("*?+[]!\\") == std::string_view::npos; }

Value one_of(const std::vector<std::string>& texts) {
  TextShape shape;
  for (const std::string& text : texts) shape.alternatives.push_back({text, false, {}});
  return texts.empty() ? Value::unknown_string() : Value::unknown_string(std::move(shape));
}

/// The names that pass a filter, behind `prefix`. Letters' case does not count: comparisons ignore it.
void add_filtered(TextShape& shape, std::string_view prefix, const Names& only, const Names& ignored) {
  const Names& list = only ? only : ignored;
  const std::string begin(prefix);
  if (!list || list->size() > kMaxPatterns) return shape.alternatives.push_back({begin, true, {}});
  if (only && std::all_of(list->begin(), list->end(), is_plain)) {
    for (const std::string& name : *list) shape.alternatives.push_back({begin + name, false, {}});
    return;
  }
  std::vector<std::string> lowered;
  for (const std::string& pattern : *list) lowered.push_back(ascii_lower(pattern));
  auto compiled = RefFilterList::compile(lowered);
  if (!compiled) return shape.alternatives.push_back({begin, true, {}});
  const auto filters = std::make_shared<const RefFilterList>(*std::move(compiled));
  const bool selects = only.has_value();
  const auto admits = [filters, selects](std::string_view rest) { return filters->selects(ascii_lower(rest)) == selects; };
  if (!selects) return shape.alternatives.push_back({begin, true, admits});
  for (const std::string& pattern : *list) {
    if (pattern.starts_with('!')) continue;
    // The character before ? and + is not certain; behind a backslash nothing is.
    std::size_t sure = std::min(pattern.find_first_of("*?+[\\"), pattern.size());
    if (sure > 0 && sure < pattern.size() && (pattern[sure] == '?' || pattern[sure] == '+')) --sure;
    const std::string known = pattern.substr(0, sure);
    shape.alternatives.push_back(
        {begin + known, true, [admits, known](std::string_view rest) { return admits(known + std::string(rest)); }});
  }
}

/// A reusable workflow runs for the event of its caller, which is never called workflow_call.
TextShape any_event() {
  return {{{"", true, [](std::string_view name) {
             return !name.empty() && !equal_ignoring_ascii_case(name, "workflow_call");
           }}}};
}

/// Any ref, or (`full` false) any short name of one: those do not begin with refs/heads/ or the like.
TextShape any_ref(bool full) {
  if (full) return {{{"refs/", true, {}}, {"", false, {}}}};
  return {{{"", true, [](std::string_view rest) {
             const std::string name = ascii_lower(rest);
             return !name.starts_with("refs/heads/") && !name.starts_with("refs/tags/") && !name.starts_with("refs/pull/");
           }}}};
}

}  // namespace

EventContext::EventContext(TriggerEvent event, bool with_filters)
    : event_(std::move(event)), with_filters_(with_filters && event_.filters_complete) {}

TextShape EventContext::ref(std::string_view branch_prefix, std::string_view tag_prefix) const {
  const EventRow* const row = find_event(event_.name);
  const bool full = !branch_prefix.empty();
  TextShape shape;
  const auto add_open = [&](std::string_view prefix) { shape.alternatives.push_back({std::string(prefix), true, {}}); };
  if (row == nullptr || row->ref == RefKind::unknown) return any_ref(full);
  const bool is_short = !full;
  switch (row->ref) {
    case RefKind::pushed: {
      const bool by_branch = event_.branches || event_.branches_ignore, by_tag = event_.tags || event_.tags_ignore;
      if (!with_filters_ || (!by_branch && !by_tag)) {
        if (is_short) return any_ref(false);
        add_open(branch_prefix);
        add_open(tag_prefix);
        break;
      }
      if (by_branch) add_filtered(shape, branch_prefix, event_.branches, event_.branches_ignore);
      if (by_tag) add_filtered(shape, tag_prefix, event_.tags, event_.tags_ignore);
      break;
    }
    case RefKind::merge:
      // 17/merge; a closed one has its base branch.
      if (is_short) return any_ref(false);
      add_open("refs/pull/");
      if (!with_filters_ || (event_.types && std::find(event_.types->begin(), event_.types->end(), "closed") != event_.types->end()))
        add_open(branch_prefix);
      break;
    case RefKind::branch:
      if (is_short) return any_ref(false);
      add_open(branch_prefix);
      break;
    case RefKind::tag:
      // A release that is no more than a draft has none.
      if (is_short) return any_ref(false);
      add_open(tag_prefix);
      shape.alternatives.push_back({"", false, {}});
      break;
    case RefKind::branch_or_tag:
      if (is_short) return any_ref(false);
      add_open(branch_prefix);
      add_open(tag_prefix);
      break;
    case RefKind::queue:
      add_open(std::string(branch_prefix) + "gh-readonly-queue/");
      break;
    case RefKind::unknown: break;
  }
  return shape;
}

ExpressionValue EventContext::of_event(std::string_view below) const {
  const EventRow* const row = find_event(event_.name);
  const std::string_view member = below.substr(0, below.find('.'));
  if (row == nullptr || has_word(kMembersOfEvery, member)) return Value::unknown();
  if (!has_word(row->members, member)) return Value::null();
  if (below == "workflow_run.conclusion") {
    TextShape shape{{{"", false, {}}}};  // of a run that goes on
    for (const std::string_view conclusion : kConclusions) shape.alternatives.push_back({std::string(conclusion), false, {}});
    return Value::unknown_string(std::move(shape));
  }
  if (!with_filters_) return below == "action" ? Value::unknown_string(Truth::truthy) : Value::unknown();
  if (below == "action" && event_.types && !event_.types->empty()) return one_of(*event_.types);
  if (below == "pull_request.base.ref" || (below == "workflow_run.head_branch" && event_.name == "workflow_run")) {
    TextShape shape;
    add_filtered(shape, "", event_.branches, event_.branches_ignore);
    return Value::unknown_string(std::move(shape));
  }
  return Value::unknown();
}

ExpressionValue EventContext::value(std::string_view written) const {
  const std::string path = ascii_lower(written);
  const std::string_view at = path;
  const bool is_call = event_.name == "workflow_call";
  const EventRow* const row = find_event(event_.name);
  constexpr std::string_view kEvent = "github.event.", kInputs = "inputs.";
  if (at == "github.event_name") return is_call ? Value::unknown_string(any_event()) : Value::string(event_.name);
  if (at == "github.ref") return Value::unknown_string(ref("refs/heads/", "refs/tags/"));
  if (at == "github.ref_name") return Value::unknown_string(ref("", ""));
  if (at == "github.ref_type") {
    if (row == nullptr || row->ref == RefKind::unknown || row->ref == RefKind::merge) return Value::unknown_string();
    const bool filtered = row->ref == RefKind::pushed && with_filters_;
    const bool by_branch = event_.branches || event_.branches_ignore, by_tag = event_.tags || event_.tags_ignore;
    if (filtered && by_branch != by_tag) return Value::string(by_branch ? "branch" : "tag");
    if (row->ref == RefKind::pushed || row->ref == RefKind::branch_or_tag) return one_of({"branch", "tag"});
    return row->ref == RefKind::tag ? Value::unknown_string() : Value::string("branch");
  }
  if (at == "github.head_ref" || at == "github.base_ref") {
    if (row == nullptr) return is_call ? Value::unknown_string(any_ref(false)) : Value::unknown();
    if (!row->has_heads) return Value::string("");
    if (at != "github.base_ref" || !with_filters_ || !event_.name.starts_with("pull_request")) return Value::unknown_string(any_ref(false));
    TextShape shape;
    add_filtered(shape, "", event_.branches, event_.branches_ignore);
    const bool is_open = shape.alternatives.size() == 1 && shape.alternatives.front().open && !shape.alternatives.front().admits;
    return Value::unknown_string(is_open ? any_ref(false) : std::move(shape));
  }
  if (at.starts_with(kEvent)) return of_event(at.substr(kEvent.size()));
  if (at.starts_with(kInputs) && row != nullptr && event_.name != "workflow_dispatch") return Value::null();
  return Value::unknown();
}

bool EventContext::never_gives(std::string_view path) const {
  const Value found = value(path);
  return found.kind() == Value::Kind::null || (found.kind() == Value::Kind::string && found.as_string().empty());
}

ExpressionEnvironment EventContext::environment() const {
  return {[this](std::string_view path) { return value(path); }, {}};
}

}  // namespace trueup::formats
