#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/span.hpp"
#include "formats/shell.hpp"

/// What scripts do with `sp`, the command line tool of Atlas Stream Processing, and the settings that they write for it.
namespace trueup::formats {

/// An argument as the script has it; of a constant one the text, else holes as ${X}.
struct ToolArgument {
  std::string text;
  ByteRange range;
  bool constant = true;
};

/// `./sp processors create --all`.
struct StreamToolCall {
  ByteRange range;      ///< from the program to the verb
  std::string program;  ///< as called, variables looked through: ./sp, tools/sp/sp
  ByteRange program_range;
  std::string subject;  ///< processors | connections | workspaces
  std::string verb;     ///< create, start, list, ...
  std::vector<std::string> flags;  ///< every option, as written
  bool all = false, automatic = false;  ///< --all, --auto
  std::optional<ToolArgument> name, tier, thresholds, output;  ///< -p, -t or --all-tier, --thresholds, --output
  /// The folder that it runs in, seen from where the script starts; nothing: not known.
  std::optional<std::string> folder;
  /// What the first jq, grep or awk behind it in the same pipeline looks for; nothing of `grep -v`.
  std::optional<ToolArgument> filter;
  bool conditional = false;
};

/// A line `KEY=…` that echo, printf or cat writes to a file with a constant name.
struct WrittenSetting {
  std::string key;
  ByteRange range;  ///< of the key
  std::string value;
  std::string file;  ///< joined with the `cd` before it, from where the script starts; as written where that is not known
  bool conditional = false;
};

/// A file that a script writes by > or >>, or the tool by --output.
struct WrittenFile {
  std::string written;  ///< holes as ${X}
  ByteRange range;
  bool constant = true;
  std::optional<std::string> folder;  ///< in which the script stands there, from where it starts; nothing: not known
};

/// A constant word that a program is given and that is called like a baseline which it compares with: baseline.json.
struct Baseline {
  std::string written;
  ByteRange range;
  std::optional<std::string> folder;  ///< as above
};

struct StreamToolUses {
  std::vector<StreamToolCall> calls;
  std::vector<Baseline> baselines;
  std::vector<WrittenSetting> settings;
  std::vector<WrittenFile> files;
};

/// Source: usage of the tool as its published scripts show it; older versions say `instances` for workspaces.
StreamToolUses read_stream_tool(const ShellScript& script);

}  // namespace trueup::formats
