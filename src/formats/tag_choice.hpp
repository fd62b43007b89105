#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/shell_view.hpp"

/// How scripts take "the latest" of a list of tags: `git tag | tail -1`, `crane ls x | sort -V | tail -n1`.
namespace trueup::formats {

enum class TagOrder : std::uint8_t {
  name,             ///< by bytes, as git, crane and most registries list them: v1.10 stands before v1.9
  name_descending,
  version,
  time,
  other,            ///< not known
};

struct TagChoice {
  ByteRange list;          ///< the program and its subcommand
  ByteRange taken_by;      ///< `tail -1`, or jq's program
  enum class Of : std::uint8_t { git, remote, registry } of = Of::git;
  std::optional<std::string> pattern;  ///< glob that git is given; nothing: all tags, or not known
  bool last = true;        ///< else the first
  TagOrder order = TagOrder::name;
  bool filtered = false;   ///< grep, sed or another filter stands between
};

std::vector<TagChoice> read_tag_choices(const ScriptView& script);

}  // namespace trueup::formats
