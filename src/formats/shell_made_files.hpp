#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "formats/shell_view.hpp"

/// Private to shell_files.cpp.
namespace trueup::formats {

/// Joins and normalises: "a" and "./b/../c" are "a/c"; `..` above the start stays. Nothing for "" and for what is
/// absolute.
std::optional<std::string> joined_path(std::string_view folder, std::string_view path);

/// What commands may have left in the folders around them, so that a file which the repository lacks may be there all
/// the same.
class MadeFiles {
 public:
  /// Notes one command, called in `folder`. Interpreters and paths are programs here like any other.
  void note(const Invocation& called, const std::string& folder);
  void note_redirection(const ShellWord& target, const std::string& folder);
  /// A file whose existence a script tests may be missing on purpose.
  void note_tested(const ShellWord& word, const std::string& folder);

  bool may_have_made(const std::string& path) const;

 private:
  void made(const ShellWord& word, const std::string& folder);
  void made_folder(const ShellWord& word, const std::string& folder);
  void note_download(bool wget, const std::vector<ShellWord>& arguments, const std::string& folder);
  void note_git(const std::vector<ShellWord>& arguments, const std::string& folder);

  std::set<std::string> files_;
  std::vector<std::string> folders_;
  bool anything_ = false;  ///< something was unpacked or checked out, who knows where
  bool outputs_ = false;   ///< something was built or run: programs and generated files may be there, not scripts
};

}  // namespace trueup::formats
