#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.hpp"
#include "formats/shell.hpp"

/// The commands of a script that ship things: helm, docker, git, gh and their kin, with their arguments told apart.
namespace trueup::formats {

/// An argument: an option with its value, an option without one, or a word that stands for itself.
struct CommandArgument {
  ByteRange range;                    ///< of the value, else of the option
  std::optional<std::string> option;  ///< as written: `--version`, `-t`; nothing: a positional argument
  std::optional<ShellWord> value;     ///< nothing: an option without a value
};

struct CommandArguments {
  std::vector<CommandArgument> list;  ///< in the order written
  /// False where more may be passed than stand here: `"${args[@]}"`, or `$OPTIONS`, which may fall apart into several.
  bool complete = true;
};

/// A command of a program that trueup knows.
struct ProgramCall {
  std::string program;     ///< `helm`
  std::string subcommand;  ///< `push`, `dependency build`, `registry login`; of aliases the long form; empty: none
  ByteRange range;         ///< from the program's name to the end of its subcommand
  CommandArguments arguments;
  std::optional<ShellWord> input;  ///< what `echo … |` or `<<<` gives a login as its password
  bool conditional = false;        ///< may be left out, also by an `exit 0` before, or run many times
};

/// The calls in the order of the script; one that stands in a loop over constant words once for each of them. Variables
/// that are set once, unconditionally, to a text are looked through.
std::vector<ProgramCall> read_program_calls(const ShellScript& script);

/// Words as arguments of a program of which nothing is known: `--name=value` has a value, other options have none.
CommandArguments read_arguments(const std::vector<ShellWord>& words, bool more);

/// A word as text: what is constant, and holes as `${X}`, `${X:-1}`, `${{ … }}`, `$(…)`, `$((…))`, `<(…)`.
std::string template_text(const ShellWord& word);

}  // namespace trueup::formats
