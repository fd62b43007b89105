#include "facts/extract/workflow_steps.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "facts/extract/build_argument_rows.hpp"
#include "facts/extract/command_rows.hpp"
#include "facts/extract/dispatch_rows.hpp"
#include "facts/extract/effect_rows.hpp"
#include "facts/extract/uses_reference.hpp"
#include "facts/extract/value_rows.hpp"
#include "facts/extract/workspace.hpp"
#include "formats/path_join.hpp"
#include "formats/shell.hpp"
#include "formats/shell_effects.hpp"

namespace trueup::facts {
namespace {

using formats::kNoNode;
using formats::NodeIndex;
using Entry = GithubReader::Entry;

bool has_hole(std::string_view text) { return text.find("${{") != std::string_view::npos; }

/// Whether a `shell:` runs the script by sh or a kin of it: `bash`, `bash -el {0}`, `/bin/sh -e {0}`.
bool is_posix_shell(std::string_view shell) {
  shell = trim(shell);
  std::string_view program = shell.substr(0, shell.find(' '));
  program = program.substr(program.rfind('/') + 1);
  return program == "bash" || program == "sh" || program == "dash" || program == "zsh" || program == "ksh";
}

/// The folder that a script starts in, from the root; nothing where it is computed or lies outside.
std::optional<std::string> folder_from(std::optional<std::string_view> working_directory) {
  if (!working_directory) return std::string();
  std::string_view folder = trim(*working_directory);
  if (const std::size_t slash = folder.find('/'); is_template_of(folder.substr(0, slash), "github.workspace"))
    folder = slash == std::string_view::npos ? std::string_view() : folder.substr(slash + 1);
  if (has_hole(folder) || folder.starts_with('~') || folder.starts_with('$')) return std::nullopt;
  return formats::join_path("", folder);
}

/// The values of a step's own keys, resolved.
struct StepKeys {
  NodeIndex id = kNoNode, name = kNoNode, uses = kNoNode, run = kNoNode, shell = kNoNode, working_directory = kNoNode,
            condition = kNoNode, condition_written = kNoNode, with = kNoNode, env = kNoNode, parallel = kNoNode,
            parallel_written = kNoNode;
};

class StepReader {
 public:
  StepReader(GithubReader& reader, ExpressionRows& expressions, const StepSurroundings& surroundings)
      : reader_(reader),
        rows_(reader.rows()),
        expressions_(expressions),
        surroundings_(surroundings),
        dispatches_(reader),
        commands_(reader.rows()),
        effects_(reader),
        build_arguments_(reader),
        values_(reader, surroundings) {
    wants_mentions_ = rows_.wants(Table::path_mention) || rows_.wants(Table::step);
    wants_dispatches_ = rows_.wants(Table::dispatch) || rows_.wants(Table::dispatch_key) ||
                        rows_.wants(Table::workflow_call_by_script) || rows_.wants(Table::workflow_call_input) || wants_mentions_;
    wants_effects_ = wants_dispatches_ || rows_.wants(Table::step_output) || commands_.wanted() || values_.wanted();
  }

  void read_all(NodeIndex steps, bool is_group = false) {
    if (!reader_.document().is_sequence(steps)) return expressions_.scan(steps, {surroundings_.job, {}});
    reader_.for_each_element(steps, [&](NodeIndex step, std::uint32_t) { read(step, is_group); });
  }

  void finish() { values_.finish(); }

 private:
  using Values = std::unordered_map<std::string_view, std::string_view>;

  void read(NodeIndex step, bool in_group) {
    const std::uint32_t position = position_++;
    if (!reader_.document().is_mapping(step)) return expressions_.scan(step, {surroundings_.job, {}});
    const StepKeys keys = keys_of(step);
    if (keys.parallel != kNoNode && !in_group) {
      --position_;  // the group is no step of its own
      expressions_.scan(step, {surroundings_.job, {}}, keys.parallel_written);
      return read_all(keys.parallel, true);
    }

    const auto script = reader_.text(keys.run);
    const auto uses_text = script ? std::nullopt : reader_.text(keys.uses);
    std::optional<formats::ShellScript> shell_script;
    std::optional<formats::ScriptEffects> effects;
    if (script && wants_effects_ && is_posix(keys.shell) && reader_.pay_for(keys.run)) {
      shell_script = formats::parse_shell(*script);
      effects = formats::read_effects(*shell_script);
    }

    const Owner owner{surroundings_.job, add_step(step, keys, position, effects)};
    if (effects && rows_.wants(Table::step_output))
      for (const formats::KeyWrite& output : effects->outputs.keys)
        rows_.add(StepOutputRow{owner.step, reader_.span(keys.run, output.range), output.key});
    if (keys.condition != kNoNode) expressions_.read_condition(keys.condition, owner);
    expressions_.scan(step, owner, keys.condition_written);
    read_environment(reader_, keys.env, owner);

    if (script) add_name_lookups(reader_, keys.run, owner);
    if (script) add_run_lookups(reader_, keys.run, owner, false);
    if (uses_text) read_uses(keys, *uses_text, owner);
    else if (keys.with != kNoNode) add_arguments(keys.with, owner, nullptr);
    if (effects && values_.wanted()) values_.run_script({owner, reader_.text(keys.id), keys.env}, keys.run, *shell_script, *effects);
    if (effects) read_effects(keys, *script, *shell_script, *effects, owner);
    else if (script) {
      effects_.run_unread_script();
      if (wants_mentions_) workspace_.run_unread_script(*script);
    }
  }

  StepKeys keys_of(NodeIndex step) {
    StepKeys keys;
    reader_.for_each_entry(step, [&](const Entry& entry) {
      if (entry.name == "run") keys.run = entry.value;
      else if (entry.name == "uses") keys.uses = entry.value;
      else if (entry.name == "name") keys.name = entry.value;
      else if (entry.name == "with") keys.with = entry.value;
      else if (entry.name == "env") keys.env = entry.value;
      else if (entry.name == "id") keys.id = entry.value;
      else if (entry.name == "shell") keys.shell = entry.value;
      else if (entry.name == "working-directory") keys.working_directory = entry.value;
      else if (entry.name == "parallel") keys.parallel = entry.value, keys.parallel_written = entry.written;
      else if (entry.name == "if") keys.condition = entry.value, keys.condition_written = entry.written;
    });
    return keys;
  }

  bool is_posix(NodeIndex own_shell) const {
    auto shell = reader_.text(own_shell);
    if (!shell) shell = surroundings_.defaults.shell;
    return shell ? is_posix_shell(*shell) : !surroundings_.on_windows;
  }

  LocalId add_step(NodeIndex step, const StepKeys& keys, std::uint32_t position,
                   const std::optional<formats::ScriptEffects>& effects) {
    StepRow row;
    if (!rows_.wants(Table::step)) return rows_.add(std::move(row));
    NodeIndex shown = step;
    for (const NodeIndex candidate : {keys.run, keys.uses, keys.name})
      if (reader_.document().is_scalar(candidate) && !reader_.is_null(candidate)) shown = candidate;
    row.job = surroundings_.job;
    row.span = reader_.span(shown);
    row.position = position;
    row.step_id = reader_.string(keys.id);
    row.name = reader_.setting(keys.name);
    row.uses = reader_.setting(keys.uses);
    row.run = reader_.setting(keys.run);
    if (row.run) row.run_span = reader_.span(keys.run);
    row.shell = reader_.setting(keys.shell);
    row.working_directory = reader_.setting(keys.working_directory);
    row.outputs_complete = effects && effects->complete && effects->outputs.complete;
    row.workspace = workspace_.holds();
    return rows_.add(std::move(row));
  }

  /// Adds the entries of `with:`, and collects those that are text.
  void add_arguments(NodeIndex with, Owner owner, ActionArguments* arguments) {
    const bool wanted = rows_.wants(Table::argument);
    reader_.for_each_entry(with, [&](const Entry& entry) {
      if (arguments != nullptr)
        if (const auto text = reader_.text(entry.value)) arguments->add(entry.name, *text);
      if (!wanted) return;
      ArgumentRow row;
      row.job = owner.job;
      row.step = owner.step;
      row.span = reader_.span(entry.value);
      row.key_span = reader_.span(entry.key);
      row.section = "with";
      row.name = entry.name;
      row.value = reader_.written(entry.value);
      rows_.add(std::move(row));
    });
  }

  void read_uses(const StepKeys& keys, std::string_view text, Owner owner) {
    const UsesReference uses = parse_step_uses(text);
    const SpanRef span = reader_.span(keys.uses);
    rows_.add(UsesRow{owner.job, owner.step, span, std::string(to_string(uses.form)),
                      uses.slug.empty() ? std::nullopt : std::optional(uses.slug), uses.path, uses.revision});
    if (wants_mentions_ && uses.form == UsesForm::local_action)
      if (const auto folder = formats::join_path("", *uses.path))
        add_mention(owner, span, *folder, "local_action",
                    uses.of_own_repository || (!is_file_guarded(keys) && workspace_.holds_own(*folder)));
    ActionArguments arguments;
    add_arguments(keys.with, owner, &arguments);
    ArtifactRows(reader_).add({owner, keys.uses, keys.with, reader_.text(keys.condition)}, uses, arguments, surroundings_.legs);
    add_name_lookups(reader_, uses, keys.with, owner);
    if (uses.is_action("actions/github-script")) add_run_lookups(reader_, reader_.document().child(keys.with, "script"), owner, true);
    add_change_filters(reader_, uses, keys.with, owner);
    if (effects_.wanted())
      effects_.add_action(uses, arguments, owner, keys.uses, reader_.text(keys.id).value_or(""),
                          keys.condition != kNoNode, environment_of(keys));
    if (effects_.wanted() && uses.is_action("actions/github-script"))
      effects_.add_github_script(reader_.document().child(keys.with, "script"), arguments, owner, keys.condition != kNoNode, environment_of(keys));
    if (build_arguments_.wanted()) build_arguments_.add_action(uses, arguments, keys.with, owner, keys.uses);
    if (values_.wanted() && uses.form == UsesForm::action) values_.use_action({owner, reader_.text(keys.id), keys.env}, uses.slug, keys.with);
    if (wants_dispatches_) {
      dispatches_.add_action(uses, arguments, keys.with, owner, keys.uses);
      workspace_.use_action(uses, arguments, keys.condition != kNoNode);
    }
  }

  void read_effects(const StepKeys& keys, std::string_view script, const formats::ShellScript& shell_script,
                    const formats::ScriptEffects& effects, Owner owner) {
    RunDefaults own = surroundings_.defaults;
    own.override_with(reader_, kNoNode, keys.env);
    if (const auto folder = reader_.text(keys.working_directory)) own.working_directory = folder;
    if (commands_.wanted()) {
      const auto folder = folder_from(own.working_directory);
      const auto span = [&](ByteRange range) { return reader_.span(keys.run, range); };
      const AddedCommands added = commands_.add(shell_script, effects, {owner, folder}, span);
      if (effects_.wanted())
        effects_.add_commands(added.list, owner, script, keys.condition != kNoNode, span, environment_of(keys));
      // A script that goes elsewhere builds what stands there.
      const bool stays = script.find("cd ") == std::string_view::npos && script.find("pushd") == std::string_view::npos;
      if (build_arguments_.wanted() && folder && stays) build_arguments_.add_commands(added.list, owner, *folder, span);
    }
    if (!wants_dispatches_) return;
    dispatches_.add_script(effects, keys.run, owner, own.gh_repo, workspace_.is_foreign());
    if (!wants_mentions_) return;
    const bool guarded = is_file_guarded(keys);
    for (Workspace::Mention& mention :
         workspace_.run_script(script, shell_script, effects, folder_from(own.working_directory)))
      add_mention(owner, reader_.span(keys.run, mention.range), std::move(mention.path), "script",
                  mention.certain && !guarded);
  }

  /// What `env:` of the step, the job and the workflow gives a name; the innermost wins.
  EffectRows::Environment environment_of(const StepKeys& keys) {
    if (!has_environment_) {
      for (const NodeIndex env : surroundings_.defaults.environments) add_to(environment_, env);
      has_environment_ = true;
    }
    step_environment_.clear();
    add_to(step_environment_, keys.env);
    return [this](std::string_view name) -> std::optional<std::string_view> {
      for (const Values* values : {&step_environment_, &environment_})
        if (const auto value = values->find(name); value != values->end()) return value->second;
      return std::nullopt;
    };
  }
  void add_to(Values& values, NodeIndex env) {
    reader_.for_each_entry(env, [&](const Entry& entry) {
      if (const auto text = reader_.text(entry.value)) values.insert_or_assign(entry.name, *text);
    });
  }

  bool is_file_guarded(const StepKeys& keys) const {
    const auto condition = reader_.text(keys.condition);
    return surroundings_.file_guarded || (condition && condition->find("hashFiles") != std::string_view::npos);
  }

  void add_mention(Owner owner, SpanRef span, std::string path, std::string_view purpose, bool certain) {
    PathMentionRow row;
    row.job = owner.job;
    row.step = owner.step;
    row.span = span;
    row.relative_to = "root";
    row.path = std::move(path);
    row.purpose = purpose;
    row.certain = certain;
    rows_.add(std::move(row));
  }

  GithubReader& reader_;
  BlobRows& rows_;
  ExpressionRows& expressions_;
  const StepSurroundings& surroundings_;
  DispatchRows dispatches_;
  CommandRows commands_;
  EffectRows effects_;
  BuildArgumentRows build_arguments_;
  ValueRows values_;
  Workspace workspace_;
  Values environment_, step_environment_;  ///< `env:` of workflow and job, and of the step at hand
  bool has_environment_ = false;
  std::uint32_t position_ = 0;
  bool wants_mentions_ = false, wants_dispatches_ = false, wants_effects_ = false;
};

}  // namespace

void RunDefaults::override_with(GithubReader& reader, NodeIndex defaults, NodeIndex env) {
  const formats::Document& document = reader.document();
  if (const NodeIndex run = document.child(defaults, "run"); run != kNoNode) {
    if (const auto text = document.text(document.child(run, "shell"))) shell = text;
    if (const auto text = document.text(document.child(run, "working-directory"))) working_directory = text;
  }
  if (const auto text = document.text(document.child(env, "GH_REPO"))) gh_repo = text;
  if (env != kNoNode) environments.push_back(env);
}

void read_steps(GithubReader& reader, ExpressionRows& expressions, NodeIndex steps,
                const StepSurroundings& surroundings) {
  if (steps == kNoNode) return;
  StepReader job(reader, expressions, surroundings);
  job.read_all(steps);
  job.finish();
}

void read_environment(GithubReader& reader, NodeIndex env, Owner owner) {
  BlobRows& rows = reader.rows();
  if (!rows.wants(Table::environment_variable)) return;
  reader.for_each_entry(env, [&](const Entry& entry) {
    EnvironmentVariableRow row;
    row.job = owner.job;
    row.step = owner.step;
    row.span = reader.span(entry.value);
    row.name = entry.name;
    row.value = reader.written(entry.value);
    rows.add(std::move(row));
  });
}

}  // namespace trueup::facts
