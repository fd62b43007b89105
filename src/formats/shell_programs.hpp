#pragma once

#include <cstdint>
#include <string_view>

/// Private to the readers of shell effects.
namespace trueup::formats {

/// What is known of a program by its name.
enum class ProgramKind : std::uint8_t {
  unknown,    ///< may do anything: write GITHUB_OUTPUT, make files
  silent,     ///< a builtin that prints nothing
  reader,     ///< reads the files that it is given, writes none
  tool,       ///< does not write GITHUB_OUTPUT by itself, makes no files that a script would run
  fetcher,    ///< the same, but may bring files: git, tar, unzip, curl …
  installer,  ///< runs foreign code (so it may write GITHUB_OUTPUT), but leaves the repository's files alone: pip
};

/// Names that are paths are unknown. GitHub's file commands are files whose paths stand in the environment, so any
/// program could write them; those listed as tools are widely used in workflows and do not.
ProgramKind program_kind(std::string_view name);

}  // namespace trueup::formats
