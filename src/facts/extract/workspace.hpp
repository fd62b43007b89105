#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "facts/extract/uses_reference.hpp"
#include "formats/shell.hpp"
#include "formats/shell_effects.hpp"

namespace trueup::facts {

/// The inputs that a step gives to an action, as written. Their names ignore case.
class ActionArguments {
 public:
  void add(std::string_view name, std::string_view value) { arguments_.emplace_back(name, value); }
  /// Nothing where it is not given or blank.
  std::optional<std::string_view> find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string_view, std::string_view>> arguments_;
};

/// What stands in the working folder of a job, step after step, as far as the text tells. The question is whether a
/// path that a step names is one of this repository's own files: only then may it be missed where the repository lacks
/// it. So whatever may put other files there (a checkout of something else, an artifact, an unpacked archive, a build)
/// makes it uncertain.
///
/// Views what it is given; the document must outlive it.
class Workspace {
 public:
  /// Whether `path` (from the root, normalised) can only be a file of this repository.
  bool holds_own(std::string_view path);
  /// Another repository was checked out at the root.
  bool is_foreign() const { return foreign_; }
  /// As blob_step.workspace has it: "empty" as long as nothing can have put files there, "own" for this repository's
  /// files and what builds add, else "other".
  std::string_view holds() const;

  /// A step ran an action. `conditional`: it has an `if:`.
  void use_action(const UsesReference& uses, const ActionArguments& arguments, bool conditional);

  struct Mention {
    std::string path;  ///< from the root, normalised
    ByteRange range;   ///< in the script
    bool certain = true;
  };
  /// A step runs a script from `folder` ("" is the root; nothing: not known). Gives the files that it names, each once;
  /// none without a folder.
  std::vector<Mention> run_script(std::string_view text, const formats::ShellScript& script,
                                  const formats::ScriptEffects& effects, const std::optional<std::string>& folder);
  /// A step ran a script that was not read.
  void run_unread_script(std::string_view text);

 private:
  /// What may have been made by the steps before. Each includes those before it.
  enum class Made : std::uint8_t {
    nothing,
    outputs,   ///< in folders where builds put things
    top_level, ///< and files at the root
    anything
  };
  void make(Made made) { made_ = std::max(made_, made); }
  void fill(std::string_view path);
  void check_out(const ActionArguments& arguments, bool conditional);
  void run_command(const formats::ShellCommand& command);
  void note_writing(const formats::ShellScript& script);
  bool is_written_before(std::string_view path);

  bool own_ = false, foreign_ = false;
  bool written_ = false;  ///< a script may have made a file, who knows which
  Made made_ = Made::nothing;
  std::vector<std::string> filled_;         ///< folders that something else was put into
  std::vector<std::string_view> unlisted_;  ///< pieces of scripts whose words are not in words_ yet
  std::unordered_set<std::string_view> words_;
  std::unordered_map<std::string, bool> mentioned_;  ///< paths named before, and whether they were certain
};

/// Whether an input names the repository that runs the workflow: blank or `${{ github.repository }}`.
bool is_own_repository(std::optional<std::string_view> written);
/// Whether a text is one `${{ }}` and nothing else, with exactly this inside (case and blanks ignored).
bool is_template_of(std::string_view text, std::string_view inner);

}  // namespace trueup::facts
