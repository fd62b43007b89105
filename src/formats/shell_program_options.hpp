#pragma once

#include <cstddef>
#include <string_view>

/// Private to shell_commands.cpp.
namespace trueup::formats {

/// How the command line of one program reads.
struct ProgramOptions {
  std::string_view program;
  /// Options before the subcommand, and behind it, that take the next word; separated by blanks.
  std::string_view valued;
  /// First words of subcommands of two words: `dependency build`. `*`: all are.
  std::string_view two_words;
  bool has_subcommands = true;
};

/// Nothing for a program that is not known.
const ProgramOptions* find_program_options(std::string_view program);

/// Options that take a value, or none, for one subcommand only; they win over those of the program.
struct SubcommandOptions {
  std::string_view program, subcommand;
  std::string_view valued, plain;
};
const SubcommandOptions* find_subcommand_options(std::string_view program, std::string_view subcommand);

/// The usual name of a subcommand: `dep up` is `dependency update`, `image push` is `push`.
std::string_view full_subcommand(std::string_view program, std::string_view written);

/// Whether `words`, separated by blanks, holds the word.
bool has_word(std::string_view words, std::string_view word);

}  // namespace trueup::formats
