#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/shell_view.hpp"

/// How scripts look for a release or a tag that was made before: `X=$(gh release list --limit 5 | grep atlas- | head -1)`.
namespace trueup::formats {

enum class LookupColumn : std::uint8_t {
  tag,    ///< the tag's name
  title,  ///< the first word, or all, of the release's title
  line,   ///< the whole line
  other,  ///< not known
};

struct ReleaseLookup {
  ByteRange command;                      ///< the program and its subcommand
  bool of_releases = true;                ///< false: tags of git
  std::optional<ShellWord> repository;    ///< `--repo`; nothing: the one at hand
  std::optional<std::uint32_t> most;      ///< how many it reads, newest first; nothing: all, or not known
  std::optional<ByteRange> most_range;    ///< where that is written; nothing: the program's own choice
  std::optional<std::string> pattern;     ///< RE2 that a line, or (`tags_only`) a tag, must match
  ByteRange pattern_range;
  bool tags_only = false;                 ///< the pattern is matched with tags alone
  LookupColumn takes = LookupColumn::other;
  ByteRange takes_range;                  ///< of what cuts the column out; else the command
  std::optional<std::string> variable;    ///< that the found text is assigned to
  ByteRange substitution;                 ///< `$(…)`; empty if the output goes elsewhere
  bool filters = false;                   ///< grep stands in the pipeline, so that finding nothing is a failure of it …
  bool filters_last = false;              ///< … and, as its last command, of the whole
  bool checked = false;                   ///< the script looks whether the variable is empty, or sets pipefail with `filters`
  bool conditional = false;
};

std::vector<ReleaseLookup> read_release_lookups(const ScriptView& script);

}  // namespace trueup::formats
