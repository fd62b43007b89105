#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "facts/extract/github_reader.hpp"
#include "formats/shell_commands.hpp"
#include "formats/shell_effects.hpp"

namespace trueup::facts {

/// Where a script stands.
struct ScriptPlace {
  Owner owner;                        ///< none of a script file
  std::optional<std::string> folder;  ///< in which it starts, from the root; nothing: not known
};

/// A command that became a row.
struct AddedCommand {
  LocalId id;
  std::int64_t position = 0;
  const formats::ProgramCall* call = nullptr;  ///< nothing: a file of the repository is run
};
struct AddedCommands {
  std::vector<formats::ProgramCall> calls;
  std::vector<AddedCommand> list;  ///< in the order of the script
};

/// What a script runs, reads, sets and chooses: blob_command, blob_command_argument, blob_script_variable, blob_tag_choice,
/// blob_stream_command, blob_written_setting, blob_written_file.
class CommandRows {
 public:
  using SpanOf = std::function<SpanRef(ByteRange in_script)>;

  explicit CommandRows(BlobRows& rows)
      : rows_(rows),
        wants_commands_(rows.wants(Table::command) || rows.wants(Table::command_argument) ||
                        rows.wants(Table::step_effect) || rows.wants(Table::build_argument) || rows.wants(Table::image_build)),
        wants_choices_(rows.wants(Table::tag_choice)),
        wants_variables_(rows.wants(Table::script_variable)),
        wants_tool_(rows.wants(Table::stream_command) || rows.wants(Table::written_setting) || rows.wants(Table::written_file)) {}

  bool wanted() const { return wants_commands_ || wants_variables_ || wants_choices_ || wants_tool_; }
  AddedCommands add(const formats::ShellScript& script, const formats::ScriptEffects& effects, const ScriptPlace& place,
                    const SpanOf& span);

 private:
  AddedCommands add_commands(const formats::ShellScript& script, const formats::ScriptEffects& effects,
                             const ScriptPlace& place, const SpanOf& span);
  void add_variables(const formats::ShellScript& script, const formats::ScriptEffects& effects, Owner owner,
                     const SpanOf& span);
  void add_tool_calls(const formats::ShellScript& script, const ScriptPlace& place, const SpanOf& span);
  void add_choices(const formats::ShellScript& script, Owner owner, const SpanOf& span);
  void add_arguments(const formats::CommandArguments& arguments, LocalId command, const SpanOf& span);

  BlobRows& rows_;
  bool wants_commands_, wants_choices_, wants_variables_, wants_tool_;
};

}  // namespace trueup::facts
