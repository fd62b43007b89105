#include "facts/extract/command_rows.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "formats/path_join.hpp"
#include "formats/shell_commands.hpp"
#include "formats/shell_variables.hpp"
#include "formats/stream_tool.hpp"
#include "formats/tag_choice.hpp"

namespace trueup::facts {
namespace {

using formats::CalledFile;
using formats::FileUse;
using formats::ProgramCall;
using formats::VariableAccess;
using formats::VariableUse;

/// Longer values are cut: no reference, path or version is.
constexpr std::size_t kMaxValueBytes = 4096;

std::string_view ordering_of(formats::TagOrder order) {
  switch (order) {
    case formats::TagOrder::name: return "name";
    case formats::TagOrder::name_descending: return "name_descending";
    case formats::TagOrder::version: return "version";
    case formats::TagOrder::time: return "time";
    case formats::TagOrder::other: break;
  }
  return "other";
}

std::string program_of(const CalledFile& file) {
  if (file.use == FileUse::interpret) return file.interpreter;
  return file.use == FileUse::source ? "source" : "run";
}

}  // namespace

AddedCommands CommandRows::add(const formats::ShellScript& script, const formats::ScriptEffects& effects,
                               const ScriptPlace& place, const SpanOf& span) {
  if (wants_variables_) add_variables(script, effects, place.owner, span);
  if (wants_choices_) add_choices(script, place.owner, span);
  if (wants_tool_) add_tool_calls(script, place, span);
  return wants_commands_ ? add_commands(script, effects, place, span) : AddedCommands{};
}

AddedCommands CommandRows::add_commands(const formats::ShellScript& script, const formats::ScriptEffects& effects,
                                        const ScriptPlace& place, const SpanOf& span) {
  struct Call {
    std::uint32_t begin;
    const ProgramCall* program;
    const CalledFile* file;
  };
  AddedCommands added;
  added.calls = formats::read_program_calls(script);
  std::vector<Call> calls;
  for (const ProgramCall& call : added.calls) calls.push_back({call.range.begin, &call, nullptr});
  for (const CalledFile& file : effects.called_files)
    if (file.use != FileUse::chmod) calls.push_back({file.command.begin, nullptr, &file});
  std::stable_sort(calls.begin(), calls.end(), [](const Call& a, const Call& b) { return a.begin < b.begin; });

  std::int64_t position = 0;
  for (const Call& call : calls) {
    CommandRow row;
    row.job = place.owner.job;
    row.step = place.owner.step;
    if (call.file != nullptr) {
      auto path = place.folder ? formats::join_path(*place.folder, call.file->path) : std::nullopt;
      if (!path || path->empty()) continue;
      row.span = span(call.file->range);
      row.program = program_of(*call.file);
      row.script_path = std::move(path);
      row.conditional = call.file->conditional;
    } else {
      row.span = span(call.program->range);
      row.program = call.program->program;
      if (!call.program->subcommand.empty()) row.subcommand = call.program->subcommand;
      row.conditional = call.program->conditional;
    }
    const formats::CommandArguments& arguments = call.file != nullptr ? call.file->arguments : call.program->arguments;
    row.arguments_complete = arguments.complete;
    row.position = position++;
    const LocalId id = rows_.add(std::move(row));
    added.list.push_back({id, position - 1, call.program});
    add_arguments(arguments, id, span);
  }
  return added;
}

void CommandRows::add_arguments(const formats::CommandArguments& arguments, LocalId command, const SpanOf& span) {
  if (!rows_.wants(Table::command_argument)) return;
  std::int64_t position = 0;
  for (const formats::CommandArgument& argument : arguments.list) {
    CommandArgumentRow row;
    row.command = command;
    row.span = span(argument.range);
    row.position = position++;
    row.option = argument.option;
    row.constant = !argument.value || (argument.value->constant() && !argument.value->pattern);
    if (argument.value) {
      row.value = formats::template_text(*argument.value);
      if (row.value->size() > kMaxValueBytes) {
        row.value->resize(kMaxValueBytes);
        row.constant = 0;
      }
    }
    rows_.add(std::move(row));
  }
}

void CommandRows::add_tool_calls(const formats::ShellScript& script, const ScriptPlace& place, const SpanOf& span) {
  const bool in_step = static_cast<bool>(place.owner.step);
  const auto from_root = [&](std::string_view path) -> std::optional<std::string> {
    if (in_step && !place.folder) return std::nullopt;
    return formats::join_path(place.folder.value_or(""), path);
  };
  formats::StreamToolUses uses = formats::read_stream_tool(script);
  std::int64_t position = 0;
  for (formats::StreamToolCall& call : uses.calls) {
    StreamCommandRow row;
    row.job = place.owner.job;
    row.step = place.owner.step;
    row.span = span(call.range);
    row.position = position++;
    row.program = std::move(call.program);
    row.program_span = span(call.program_range);
    row.subject = std::move(call.subject);
    row.verb = std::move(call.verb);
    row.for_all = call.all;
    row.automatic = call.automatic;
    row.flags = "[";
    for (const std::string& flag : call.flags) {
      if (row.flags.size() > 1) row.flags += ',';
      append_json_string(flag, row.flags);
    }
    row.flags += ']';
    if (call.name && call.name->constant) {
      row.name = call.name->text;
      row.name_span = span(call.name->range);
    }
    if (call.tier) {
      row.tier = call.tier->text;
      row.tier_span = span(call.tier->range);
    }
    if (call.folder) row.folder = from_root(*call.folder);
    if (call.thresholds && call.thresholds->constant && row.folder) row.thresholds = formats::join_path(*row.folder, call.thresholds->text);
    if (row.thresholds) {
      row.thresholds_span = span(call.thresholds->range);
      rows_.add(PathMentionRow{row.job, row.step, row.thresholds_span, "root", *row.thresholds, "thresholds", 0});
    }
    if (call.filter) {
      row.filter = call.filter->text;
      row.filter_span = span(call.filter->range);
    }
    row.conditional = call.conditional;
    rows_.add(std::move(row));
  }
  for (const formats::Baseline& file : uses.baselines) {
    const auto folder = file.folder ? from_root(*file.folder) : std::nullopt;
    if (auto path = folder ? formats::join_path(*folder, file.written) : std::nullopt; path && !path->empty())
      rows_.add(PathMentionRow{place.owner.job, place.owner.step, span(file.range), "root", *std::move(path), "baseline", 0});
  }
  for (formats::WrittenFile& file : uses.files) {
    WrittenFileRow row;
    row.job = place.owner.job;
    row.step = place.owner.step;
    row.span = span(file.range);
    if (file.folder) row.folder = from_root(*file.folder);
    if (row.folder && !file.written.starts_with('/') && !file.written.starts_with('$') && !file.written.starts_with('~'))
      row.path = formats::join_path(*row.folder, file.written);
    row.written = std::move(file.written);
    rows_.add(std::move(row));
  }
  for (formats::WrittenSetting& setting : uses.settings) {
    auto target = from_root(setting.file);
    if (target && !target->empty() && target->find('$') == target->npos)
      rows_.add(PathMentionRow{place.owner.job, place.owner.step, span(setting.range), "root", *target, "setting_file", 0});
    rows_.add(WrittenSettingRow{place.owner.job, place.owner.step, span(setting.range), std::move(setting.key), std::move(setting.value),
                                target ? *std::move(target) : std::move(setting.file), setting.conditional});
  }
}

void CommandRows::add_choices(const formats::ShellScript& script, Owner owner, const SpanOf& span) {
  using Of = formats::TagChoice::Of;
  const formats::ScriptView view(script);
  for (const formats::TagChoice& choice : formats::read_tag_choices(view)) {
    TagChoiceRow row;
    row.job = owner.job;
    row.step = owner.step;
    row.span = span(choice.taken_by);
    row.list_span = span(choice.list);
    row.lists = choice.of == Of::git ? "git" : choice.of == Of::remote ? "remote" : "registry";
    row.pattern = choice.pattern;
    row.takes = choice.last ? "last" : "first";
    row.ordering = ordering_of(choice.order);
    row.filtered = choice.filtered;
    rows_.add(std::move(row));
  }
}

void CommandRows::add_variables(const formats::ShellScript& script, const formats::ScriptEffects& effects, Owner owner,
                                const SpanOf& span) {
  const auto row_of = [&](const std::string& name, std::string_view access, ByteRange range) {
    ScriptVariableRow row;
    row.job = owner.job;
    row.step = owner.step;
    row.span = span(range);
    if (!name.empty()) row.name = name;
    row.access = access;
    return row;
  };
  const formats::VariableUses uses = formats::read_variables(script);
  // The first place of each, with what any place of it says.
  std::map<std::pair<std::string_view, bool>, VariableUse> first;
  for (const VariableUse& use : uses.list) {
    const auto [known, is_new] = first.try_emplace({use.name, use.access == VariableAccess::set}, use);
    if (is_new) continue;
    known->second.has_fallback = known->second.has_fallback || use.has_fallback;
    known->second.exported = known->second.exported || use.exported;
    known->second.conditional = known->second.conditional && use.conditional;
  }
  for (const auto& [key, use] : first) {
    ScriptVariableRow row = row_of(use.name, key.second ? "set" : "read", use.range);
    row.has_fallback = use.has_fallback;
    row.exported = use.exported;
    row.conditional = use.conditional;
    rows_.add(std::move(row));
  }
  for (const formats::KeyWrite& write : effects.environment.keys) {
    ScriptVariableRow row = row_of(write.key, "environment", write.range);
    row.conditional = write.conditional;
    rows_.add(std::move(row));
  }
  if (!effects.environment.complete) rows_.add(row_of({}, "environment", effects.environment.incomplete_at));
}

}  // namespace trueup::facts
