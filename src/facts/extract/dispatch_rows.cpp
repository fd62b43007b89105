#include "facts/extract/dispatch_rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "formats/javascript_dispatches.hpp"

namespace trueup::facts {
namespace {

using formats::DispatchTool;
using formats::kNoNode;
using formats::NodeIndex;
using formats::ShellWord;

/// Actions that start or look up a workflow of a repository by its file name: the input that names it.
struct WorkflowNamer {
  std::string_view slug, input;
};
constexpr auto kWorkflowNamers = std::to_array<WorkflowNamer>({
    {"benc-uk/workflow-dispatch", "workflow"},
    {"the-actions-org/workflow-dispatch", "workflow"},
    {"lasith-kg/dispatch-workflow", "workflow"},
    {"aurelien-baudet/workflow-dispatch", "workflow"},
    {"convictional/trigger-workflow-and-wait", "workflow_file_name"},
    {"dawidd6/action-download-artifact", "workflow"},
    {"styfle/cancel-workflow-action", "workflow_id"},
});
/// Those that start one, with inputs of the same names: workflow, repo, ref, inputs (JSON).
constexpr auto kWorkflowStarters =
    std::to_array<std::string_view>({"benc-uk/workflow-dispatch", "the-actions-org/workflow-dispatch", "aurelien-baudet/workflow-dispatch"});
/// Inputs of reusable workflows that name a workflow of the caller.
constexpr auto kCallerWorkflowInputs =
    std::to_array<std::string_view>({"build_workflow_id", "workflow_id", "workflow_file_name"});
/// Inputs that point these actions at another repository.
constexpr auto kRepositoryInputs = std::to_array<std::string_view>({"repo", "repository", "owner"});

bool has_hole(std::string_view text) { return text.find("${{") != std::string_view::npos; }

bool is_workflow_file(std::string_view name) { return name.ends_with(".yml") || name.ends_with(".yaml"); }

/// Without the quotes around it.
ByteRange content_of(const ShellWord& word) {
  if (word.parts.empty() || word.parts.front().range.begin > word.parts.back().range.end) return word.range;
  return {word.parts.front().range.begin, word.parts.back().range.end};
}

std::string_view sender_of(DispatchTool tool) { return tool == DispatchTool::curl ? "curl" : "gh"; }

}  // namespace

DispatchRows::Target DispatchRows::target_of(std::optional<std::string_view> written) {
  if (is_own_repository(written)) return {std::nullopt, true};
  const std::string_view slug = trim(*written);
  return {is_slug(slug) ? std::optional<std::string>(slug) : std::nullopt, false};
}

DispatchRows::Target DispatchRows::target_of(const ShellWord* repository, bool own, bool of_gh,
                                             std::optional<std::string_view> gh_repo, bool foreign) const {
  const auto constant = repository != nullptr ? repository->constant() : std::nullopt;
  if (!own) return {constant && is_slug(*constant) ? constant : std::nullopt, false};
  // gh takes GH_REPO, else the repository of the folder, for what is left out and for {owner}/{repo}.
  const bool left_to_gh = of_gh && (repository == nullptr || constant.has_value());
  if (!left_to_gh) return {std::nullopt, true};
  if (gh_repo) return target_of(gh_repo);
  return {std::nullopt, !foreign};
}

void DispatchRows::add_keys(const formats::DispatchPayload& payload, NodeIndex scalar, LocalId dispatch) {
  if (!rows_.wants(Table::dispatch_key)) return;
  for (const formats::PayloadKey& key : payload.keys)
    rows_.add(DispatchKeyRow{dispatch, reader_.span(scalar, key.range), key.name});
}

void DispatchRows::add_inputs(const formats::DispatchPayload& inputs, NodeIndex scalar, LocalId call) {
  if (!rows_.wants(Table::workflow_call_input)) return;
  for (const formats::PayloadKey& key : inputs.keys)
    rows_.add(WorkflowCallInputRow{call, reader_.span(scalar, key.range), key.name});
}

void DispatchRows::add_script(const formats::ScriptEffects& effects, NodeIndex script, Owner owner,
                              std::optional<std::string_view> gh_repo, bool foreign) {
  for (const formats::RepositoryDispatch& sent : effects.repository_dispatches) {
    DispatchRow row;
    row.job = owner.job;
    row.step = owner.step;
    row.span = reader_.span(script, sent.event_type ? content_of(*sent.event_type) : sent.command);
    row.sender = sender_of(sent.tool);
    const bool of_gh = sent.tool != DispatchTool::curl;
    Target target = target_of(&sent.repository, sent.own_repository, of_gh, gh_repo, foreign);
    row.target_slug = std::move(target.slug);
    row.own_repository = target.own;
    if (sent.event_type) row.event_type = sent.event_type->constant();
    row.payload_complete = sent.payload.complete && sent.body_read;
    row.payload_is_text = sent.payload.is_string;
    add_keys(sent.payload, script, rows_.add(std::move(row)));
  }
  for (const formats::WorkflowDispatch& sent : effects.workflow_dispatches) {
    const auto name = sent.workflow.constant();
    if (!name || name->empty()) continue;
    const ShellWord* const repository = sent.repository ? &*sent.repository : nullptr;
    const bool of_gh = sent.tool != DispatchTool::curl;
    Target target = target_of(repository, sent.own_repository, of_gh, gh_repo, foreign);
    const SpanRef span = reader_.span(script, content_of(sent.workflow));
    if (target.own) add_workflow_file(*name, span, owner);
    WorkflowCallByScriptRow row{owner.job, owner.step, span, *name, std::move(target.slug), target.own, {}, {}, 0};
    if (sent.ref) row.ref = sent.ref->constant();
    if (row.ref) row.ref_span = reader_.span(script, content_of(*sent.ref));
    row.inputs_complete = sent.inputs.complete && sent.body_read;
    add_inputs(sent.inputs, script, rows_.add(std::move(row)));
  }
}

void DispatchRows::add_action(const UsesReference& uses, const ActionArguments& arguments, NodeIndex with, Owner owner,
                              NodeIndex uses_node) {
  if (owner.step && uses.is_action("peter-evans/repository-dispatch"))
    return add_dispatch_action(arguments, with, owner, uses_node);
  if (owner.step && uses.is_action("actions/github-script")) return add_github_script(with, owner);
  const auto is_of_other_repository = [&] {
    return std::any_of(kRepositoryInputs.begin(), kRepositoryInputs.end(), [&](std::string_view input) {
      const auto given = arguments.find(input);
      return !is_own_repository(given) && !is_template_of(*given, "github.repository_owner") &&
             !is_template_of(*given, "github.event.repository.name");
    });
  };
  const auto add_named = [&](std::string_view input) {
    const auto name = arguments.find(input);
    if (!name || is_of_other_repository()) return;
    reader_.for_each_entry(with, [&](const GithubReader::Entry& entry) {
      if (equal_ignoring_ascii_case(entry.name, input)) add_workflow_file(*name, reader_.span(entry.value), owner);
    });
  };
  if (!owner.step) {
    for (const std::string_view input : kCallerWorkflowInputs) add_named(input);
    return;
  }
  for (const WorkflowNamer& namer : kWorkflowNamers)
    if (uses.is_action(namer.slug)) add_named(namer.input);
  if (std::ranges::any_of(kWorkflowStarters, [&](std::string_view slug) { return uses.is_action(slug); })) add_workflow_start(arguments, with, owner);
}

void DispatchRows::add_workflow_start(const ActionArguments& arguments, NodeIndex with, Owner owner) {
  NodeIndex workflow = kNoNode, ref = kNoNode, inputs = kNoNode;
  reader_.for_each_entry(with, [&](const GithubReader::Entry& entry) {
    if (equal_ignoring_ascii_case(entry.name, "workflow")) workflow = entry.value;
    if (equal_ignoring_ascii_case(entry.name, "ref")) ref = entry.value;
    if (equal_ignoring_ascii_case(entry.name, "inputs")) inputs = entry.value;
  });
  const auto name = reader_.string(workflow);
  if (!name || name->empty() || has_hole(*name)) return;
  Target target = target_of(arguments.find("repo"));
  WorkflowCallByScriptRow row{owner.job, owner.step, reader_.span(workflow), *name, std::move(target.slug), target.own, {}, {}, 0};
  if (auto written = reader_.string(ref); written && !has_hole(*written)) {
    row.ref = std::move(written);
    row.ref_span = reader_.span(ref);
  }
  formats::DispatchPayload given;
  if (const auto json = reader_.text(inputs)) given = formats::read_payload(*json);
  else given.complete = inputs == kNoNode;
  row.inputs_complete = given.complete;
  add_inputs(given, inputs, rows_.add(std::move(row)));
}

/// peter-evans/repository-dispatch: token, repository, event-type, client-payload.
void DispatchRows::add_dispatch_action(const ActionArguments& arguments, NodeIndex with, Owner owner,
                                       NodeIndex uses_node) {
  NodeIndex event = kNoNode, payload_node = kNoNode;
  reader_.for_each_entry(with, [&](const GithubReader::Entry& entry) {
    if (equal_ignoring_ascii_case(entry.name, "event-type")) event = entry.value;
    if (equal_ignoring_ascii_case(entry.name, "client-payload")) payload_node = entry.value;
  });
  DispatchRow row;
  row.job = owner.job;
  row.step = owner.step;
  row.span = reader_.span(event == kNoNode ? uses_node : event);
  row.sender = "action";
  Target target = target_of(arguments.find("repository"));
  row.target_slug = std::move(target.slug);
  row.own_repository = target.own;
  if (auto type = reader_.string(event); type && !has_hole(*type)) row.event_type = std::move(type);
  formats::DispatchPayload payload;
  if (const auto json = reader_.text(payload_node)) payload = formats::read_payload(*json);
  else payload.complete = payload_node == kNoNode;
  row.payload_complete = payload.complete;
  add_keys(payload, payload_node, rows_.add(std::move(row)));
}

void DispatchRows::add_github_script(NodeIndex with, Owner owner) {
  NodeIndex script = kNoNode;
  reader_.for_each_entry(with, [&](const GithubReader::Entry& entry) {
    if (equal_ignoring_ascii_case(entry.name, "script")) script = entry.value;
  });
  const auto text = reader_.text(script);
  if (!text) return;
  for (formats::ScriptDispatch& sent : formats::read_script_dispatches(*text)) {
    std::optional<std::string> slug;
    if (sent.owner && sent.repo && is_slug(sent.owner->text + "/" + sent.repo->text)) slug = sent.owner->text + "/" + sent.repo->text;
    const SpanRef span = reader_.span(script, sent.name ? sent.name->range : sent.call);
    if (sent.starts_workflow) {
      if (!sent.name) continue;
      if (sent.own_repository) add_workflow_file(sent.name->text, span, owner);
      WorkflowCallByScriptRow row{owner.job, owner.step, span, sent.name->text, std::move(slug), sent.own_repository, {}, {}, 0};
      if (sent.ref) row.ref = sent.ref->text, row.ref_span = reader_.span(script, sent.ref->range);
      row.inputs_complete = sent.payload.complete;
      add_inputs(sent.payload, script, rows_.add(std::move(row)));
      continue;
    }
    DispatchRow row;
    row.job = owner.job;
    row.step = owner.step;
    row.span = span;
    row.sender = "github-script";
    row.target_slug = std::move(slug);
    row.own_repository = sent.own_repository;
    if (sent.name) row.event_type = sent.name->text;
    row.payload_complete = sent.payload.complete;
    add_keys(sent.payload, script, rows_.add(std::move(row)));
  }
}

/// `name` as GitHub's API takes it: the file's name alone, or its path.
void DispatchRows::add_workflow_file(std::string_view name, SpanRef span, Owner owner) {
  constexpr std::string_view kFolder = ".github/workflows/";
  if (!rows_.wants(Table::path_mention) || has_hole(name) || !is_workflow_file(name)) return;
  if (name.starts_with(kFolder)) name.remove_prefix(kFolder.size());
  if (name.find('/') != std::string_view::npos) return;
  PathMentionRow row;
  row.job = owner.job;
  row.step = owner.step;
  row.span = span;
  row.relative_to = "root";
  row.path = std::string(kFolder) + std::string(name);
  row.purpose = "workflow_id";
  row.certain = 1;
  rows_.add(std::move(row));
}

}  // namespace trueup::facts
