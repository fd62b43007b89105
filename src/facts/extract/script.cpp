#include "base/text.hpp"
#include "facts/extract/command_rows.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/shell.hpp"
#include "formats/shell_effects.hpp"
#include "formats/shell_variables.hpp"

namespace trueup::facts {
namespace {

/// "bash" of "#!/usr/bin/env bash" and of "#!/bin/bash -e"; nothing without such a line.
std::optional<std::string> interpreter_of(std::string_view first_line) {
  if (!first_line.starts_with("#!")) return std::nullopt;
  for (const std::string_view word : split(trim(first_line.substr(2)), ' ')) {
    const std::string_view name = word.substr(word.rfind('/') + 1);
    if (!name.empty() && name != "env" && !name.starts_with('-')) return std::string(name);
  }
  return std::nullopt;
}

bool is_posix_shell(std::string_view name) {
  return name == "bash" || name == "sh" || name == "dash" || name == "zsh" || name == "ksh" || name == "ash";
}

}  // namespace

/// A file that is no shell script after all, or not understood, is no broken file: only its `complete` says so.
void extract_script(BlobRows& rows) {
  const std::string_view text = rows.source();
  const std::string_view first_line = text.substr(0, text.find('\n'));
  ScriptRow row;
  row.span = rows.span({0, static_cast<std::uint32_t>(first_line.size())});
  row.interpreter = interpreter_of(first_line);
  row.reads_arguments = 1;
  if (row.interpreter && !is_posix_shell(*row.interpreter)) {
    rows.add(std::move(row));
    return;
  }
  const formats::ShellScript script = formats::parse_shell(text);
  row.complete = script.complete;
  if (rows.wants(Table::script)) row.reads_arguments = formats::read_variables(script).reads_arguments;
  rows.add(std::move(row));
  CommandRows commands(rows);
  if (!commands.wanted()) return;
  // Where it is started is up to those who call it: the files that it runs are not known.
  commands.add(script, formats::read_effects(script), {}, [&](ByteRange range) { return rows.span(range); });
}

}  // namespace trueup::facts
