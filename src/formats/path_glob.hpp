#pragma once

#include <string_view>

#include "base/result.hpp"
#include "formats/glob_machine.hpp"

namespace trueup::formats {

/// The globs of trueup's own config and command line (`kinds:`, `ignore:`, `nodes:`, `--at`). A glob matches a whole path
/// from the repository's root, or a whole short name of a branch or tag, with regard to case:
///
///   `*`         any run of characters but '/', also none
///   `**`        any run of characters, '/' too; `**/` also stands for nothing, and `a/**` for all that lies below a
///   `?`         one character but '/'
///   `[a-z_]`    one of these characters; `[!a-z]` or `[^a-z]` one other, but never '/'
///   `{yml,yaml}`  one of these globs; may be nested
///   `\`         takes the next character as it is
///   a '/' at the end stands for `/**`
class PathGlob {
 public:
  /// Errors: Fault::malformed at the byte that is wrong (nothing at all, a '/' or "./" in front, a bracket or brace that is
  /// not closed, a bracket that is empty or whose range runs backwards, a `\` at the end); Fault::over_limit for a glob over
  /// kMaxGlobBytes or with braces nested over 16 deep.
  static Result<PathGlob> compile(std::string_view glob);

  bool matches(std::string_view path) const { return machine_.matches(path); }
  /// Whether the glob is a plain text that matches only itself.
  bool is_literal() const { return machine_.is_literal(); }

 private:
  GlobMachine machine_;
};

}  // namespace trueup::formats
