#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.hpp"
#include "formats/shell.hpp"
#include "formats/shell_commands.hpp"

/// What a script does to the world around it, as far as the text tells: outputs, dispatches, files that it runs.
/// All places are bytes of the script. Variables that are set once, unconditionally, to a text are looked through;
/// their text's places are then those of the assignment.
namespace trueup::formats {

/// A key written to GITHUB_OUTPUT or GITHUB_ENV: `echo "key=…" >> "$GITHUB_OUTPUT"`.
struct KeyWrite {
  std::string key;
  ByteRange range;    ///< of the key
  ByteRange command;  ///< of the command that writes it
  bool conditional = false;
  std::optional<ShellWord> value;  ///< nothing: it has several lines
};

struct KeyWrites {
  std::vector<KeyWrite> keys;  ///< by place; a key that is written twice stands twice
  /// False if other keys may be written: the key is not constant, a program runs that may write the file by itself
  /// (anything but the tools listed in shell_programs.cpp), or the script was not understood to its end.
  bool complete = true;
  ByteRange incomplete_at;  ///< the first text that made it incomplete
};

/// A top-level key of a payload, without quotes.
struct PayloadKey {
  std::string name;
  ByteRange range;
};

/// The JSON or the fields that a dispatch carries.
struct DispatchPayload {
  std::vector<PayloadKey> keys;
  /// `keys` are all that is sent; false where the payload comes from a file, a program, a variable set elsewhere …
  bool complete = true;
  /// `-f client_payload=…` of gh sends one string where GitHub wants an object, and is refused.
  bool is_string = false;
};

enum class DispatchTool : std::uint8_t { curl, gh_api, gh_workflow_run };

/// POST /repos/{owner}/{repo}/dispatches.
struct RepositoryDispatch {
  DispatchTool tool = DispatchTool::curl;
  ByteRange command;
  ShellWord repository;                 ///< `acme/deploy`; holes are parts (`${{ github.repository }}`, `$REPO`)
  bool own_repository = false;          ///< github.repository, $GITHUB_REPOSITORY, gh's {owner}/{repo}
  std::optional<ShellWord> event_type;  ///< nothing: it is missing, or stands where it cannot be read (`body_read`)
  DispatchPayload payload;              ///< of client_payload
  bool body_read = true;                ///< the request's body was understood: a missing event type is really missing
  bool conditional = false;
};

/// `gh workflow run`, or POST …/actions/workflows/{id}/dispatches.
struct WorkflowDispatch {
  DispatchTool tool = DispatchTool::gh_workflow_run;
  ByteRange command;
  ShellWord workflow;                    ///< file name, id, or (gh) display name
  std::optional<ShellWord> repository;   ///< nothing: gh's own choice, the repository checked out (or GH_REPO)
  bool own_repository = false;           ///< as above; true also where `repository` is nothing
  std::optional<ShellWord> ref;
  DispatchPayload inputs;
  bool body_read = true;
  bool conditional = false;
};

enum class FileUse : std::uint8_t { run, source, interpret, chmod };

/// A file named by a constant relative path that the script runs or sources.
struct CalledFile {
  std::string path;  ///< joined with the `cd` before it, normalised; from where the script starts; `../` may lead
  ByteRange range;   ///< the path as written
  FileUse use = FileUse::run;
  std::string interpreter;  ///< of `interpret`: bash, python …
  ByteRange command;        ///< of the command that calls it
  CommandArguments arguments;  ///< what it is given; of `chmod` nothing
  /// False if the script itself may have made, fetched or unpacked it, or stands in a folder that is not known.
  bool certain = true;
  bool conditional = false;
};

struct ScriptEffects {
  KeyWrites outputs, environment;
  std::vector<RepositoryDispatch> repository_dispatches;
  std::vector<WorkflowDispatch> workflow_dispatches;
  std::vector<CalledFile> called_files;
  /// parse_shell() understood all of it. If not, the lists may lack something.
  bool complete = true;
};

ScriptEffects read_effects(const ShellScript& script);
/// parse_shell(), then the above.
ScriptEffects read_effects(std::string_view script);

/// The payload in a JSON text that no shell sees, an input of an action: `${{ … }}` may stand inside its strings and for
/// whole values. Blank: no keys. Places are bytes of the text.
DispatchPayload read_payload(std::string_view json);

}  // namespace trueup::formats
