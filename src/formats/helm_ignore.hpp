#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/span.hpp"

namespace trueup::formats {

/// One line of a .helmignore, as Helm 3 reads it. It looks like .gitignore and is not:
///   - `**` anywhere, and a glob that does not compile, make Helm refuse the chart;
///   - `!x` takes nothing back: it drops everything that does not match x. So the order of lines does not matter;
///   - without a `/` (but for one at the end) a line is matched with the last name of a path, at any depth; with one, with the
///     whole path from the chart's folder. A `/` at the end: folders only, and with them all that lies below.
/// Globs are those of Go's filepath.Match: `*` and `?` stop at `/`, `[a-z]`, `[^a-z]`, `\` before a character.
class HelmIgnorePattern {
 public:
  /// `line` without blanks around it, not empty and no comment. Errors: Fault::malformed with what Helm stops at.
  static Result<HelmIgnorePattern> parse(std::string_view line);

  bool is_negated() const { return negated_; }
  /// Whether the line keeps `path` (from the chart's folder, without `/` at either end) out of the chart. What lies in a folder
  /// that is kept out is not asked about.
  bool drops(std::string_view path, bool is_folder) const;

 private:
  /// A character class, `?` (no ranges, negated), a byte of text, or `*`.
  struct Token {
    enum class Kind : std::uint8_t { byte, any, set, run } kind = Kind::byte;
    char byte = 0;
    bool negated = false;
    std::vector<std::pair<char32_t, char32_t>> ranges = {};
  };
  static Result<std::vector<Token>> compile(std::string_view glob);
  static Result<Token> compile_set(std::string_view glob, std::size_t& at);
  static std::size_t step(const Token& token, std::string_view name);
  bool matches(std::string_view name) const;

  std::vector<Token> tokens_;
  bool negated_ = false, folders_only_ = false, whole_path_ = false;
};

/// The lines of a .helmignore that are patterns, by place, without blanks around them.
std::vector<ByteRange> helm_ignore_lines(std::string_view source);

}  // namespace trueup::formats
