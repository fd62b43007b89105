#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/shell.hpp"
#include "formats/shell_text.hpp"

/// Private to the readers of shell effects.
namespace trueup::formats {

/// What a command calls, wrappers (sudo, env, timeout …) taken off and variables looked through.
struct Invocation {
  std::optional<std::string> program;  ///< nothing: not constant
  ByteRange program_range;
  std::vector<ShellWord> arguments;
  bool more_arguments = false;  ///< an argument may stand for several: `"${args[@]}"`
};

/// One element of a pipeline.
struct PipelineElement {
  bool is_group = false;
  std::uint32_t index = kNoShellIndex;
};

/// Names that a loop gives to a variable, one at a time.
using Bindings = std::map<std::string, ShellWord, std::less<>>;

/// A script with what its readers ask again and again. Refers to the script, which must outlive it.
class ScriptView {
 public:
  explicit ScriptView(const ShellScript& script);

  const std::vector<ShellCommand>& commands() const { return script_.commands; }
  const std::vector<ShellGroup>& groups() const { return script_.groups; }
  bool complete() const { return script_.complete; }
  ByteRange problem_at() const { return script_.problem && script_.problem->at ? *script_.problem->at : ByteRange{}; }

  /// Puts values in for variables that are set once before byte `before`, unconditionally and in the script's own
  /// shell, and for `$(cat <<EOF …)`, `$(echo …)`; the rest stays.
  ShellWord resolved(const ShellWord& word, std::uint32_t before, const Bindings& bindings = {}) const;
  ShellText resolved_text(const ShellWord& word, std::uint32_t before, const Bindings& bindings = {}) const;
  Invocation invocation(std::uint32_t command, const Bindings& bindings = {}) const;
  bool is_function(std::string_view name) const { return functions_.find(name) != functions_.end(); }
  /// The variable is looked through wherever it is used behind its assignment.
  bool is_known_variable(std::string_view name) const;
  /// The values that the loop around the command gives to a variable that the command uses, one at a time, if they are
  /// all constant and not too many; else one empty binding.
  std::vector<Bindings> loop_bindings(std::uint32_t command) const;
  /// Commands that call the function, by index.
  const std::vector<std::uint32_t>& calls_of(std::string_view function) const;

  /// What the command prints, as far as it is echo, printf, or cat of a here-document.
  std::optional<ShellText> printed(std::uint32_t command, const Bindings& bindings = {}) const;
  /// The text that stands for the command's standard input as a here-document; `<<<` too.
  std::optional<ShellText> here_text(std::uint32_t command, const Bindings& bindings = {}) const;
  /// The element before or after in the same pipeline, or nothing.
  std::optional<PipelineElement> neighbour(std::uint32_t pipeline, std::uint32_t position) const;
  /// The one command that a substitution runs, by the substitution's range; nothing if there are several.
  std::optional<std::uint32_t> only_command_in(ByteRange substitution) const;
  /// The commands of the one pipeline that a substitution runs, in order; none if it runs something else as well.
  std::vector<std::uint32_t> pipeline_in(ByteRange substitution) const;
  /// The script gives the variable a value somewhere, known or not.
  bool sets(std::string_view name) const { return variables_.find(name) != variables_.end(); }
  /// The one command that writes the file by `>` before byte `before`, or nothing.
  std::optional<std::uint32_t> writer_of(std::string_view file, std::uint32_t before) const;

 private:
  struct Variable {
    const ShellWord* value = nullptr;
    const std::vector<ShellWord>* values = nullptr;  // of a list
    std::uint32_t tail_of = 0;  // of `export X=…`: bytes of text in front of the value
    std::uint32_t set_at = 0;
    std::uint32_t times = 0;
    bool lasting = true;
  };

  void find_variables(const ShellCommand& command);
  void set(std::string name, const ShellWord* value, const std::vector<ShellWord>* values, std::uint32_t tail,
           const ShellCommand& by, std::uint32_t at);
  const Variable* variable(std::string_view name, std::uint32_t before) const;
  void resolve_into(ShellText& into, const ShellWord& word, std::uint32_t before, const Bindings& bindings,
                    int depth) const;
  bool append_value(ShellText& into, const WordPart& part, std::uint32_t before, const Bindings& bindings,
                    int depth) const;
  std::optional<ShellText> printed_within(std::uint32_t command, const Bindings& bindings, int depth) const;
  std::optional<ShellText> here_text_within(std::uint32_t command, const Bindings& bindings, int depth) const;
  bool falls_apart(const ShellWord& word, std::uint32_t before, const Bindings& bindings) const;
  void add_argument(Invocation& into, const ShellWord& word, std::uint32_t before, const Bindings& bindings) const;

  const ShellScript& script_;
  std::map<std::string, Variable, std::less<>> variables_;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> functions_;  // name -> calls
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> written_;    // file -> commands
  std::vector<std::vector<PipelineElement>> pipelines_;
  mutable std::size_t budget_;
};

}  // namespace trueup::formats
