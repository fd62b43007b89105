#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/shell.hpp"

/// Private to the readers of shell effects.
namespace trueup::formats {

/// A word's text byte by byte, each with its place in the script, so that it can be cut, split and joined: quotes,
/// escapes and looked-through variables are undone, what is not known stays as a hole.
class ShellText {
 public:
  /// Stands for a hole in bytes(); a real one in a script is text all the same, see is_hole().
  static constexpr char kHole = '\x1A';

  ShellText() = default;
  explicit ShellText(const ShellWord& word);

  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  /// Holes are one byte kHole each.
  const std::string& bytes() const { return bytes_; }
  char operator[](std::size_t at) const { return bytes_[at]; }
  bool is_hole(std::size_t at) const { return hole_of_[at] >= 0; }
  const WordPart& hole(std::size_t at) const { return holes_[static_cast<std::size_t>(hole_of_[at])]; }
  ByteRange place(std::size_t at) const { return places_[at]; }
  bool has_holes() const { return !holes_.empty(); }
  /// The text, if it has no hole.
  std::optional<std::string> constant() const;

  ShellText cut(std::size_t begin, std::size_t end) const;
  void append(const ShellText& more);
  void append(char byte, ByteRange place);
  void append(const WordPart& part);
  /// Lines without their ends; nothing after a last end of line.
  std::vector<ShellText> lines() const;
  ShellText without_final_newlines() const;
  /// From the first place to the last; of texts from several places (a variable's value) the first piece only.
  ByteRange range() const;
  ShellWord word() const;
  /// One text for equal texts with equal holes, to compare by.
  std::string signature() const;

 private:
  std::string bytes_;
  std::vector<ByteRange> places_;
  std::vector<std::int32_t> hole_of_;  // -1: a byte of text
  std::vector<WordPart> holes_;
};

/// `\n`, `\t`, `\\` … as echo -e and printf read them.
ShellText unescaped(const ShellText& text);

/// A value in a JSON text that may have holes, or in a jq program that builds an object.
struct ShellJson {
  enum class Kind : std::uint8_t {
    object,
    string,    ///< `text`, holes kept
    variable,  ///< of jq: `$name`, in `text`
    other,     ///< a number, a list …
    unknown,   ///< a hole or an expression
  };
  struct Member;
  Kind kind = Kind::unknown;
  ShellText text;
  std::vector<Member> members;
  bool complete = true;  ///< of an object: no hole may add members

  const ShellJson* find(std::string_view key) const;
};

struct ShellJson::Member {
  std::string key;
  ByteRange key_range;
  ShellJson value;
};

enum class JsonDialect : std::uint8_t { json, jq };

/// Reads one object. Nothing if the text is none: it begins or ends otherwise, or breaks the grammar.
std::optional<ShellJson> read_shell_json(const ShellText& text, JsonDialect dialect);

}  // namespace trueup::formats
