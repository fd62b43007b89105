#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::formats {

/// Longest pattern of a glob dialect.
inline constexpr std::size_t kMaxGlobBytes = 1024;

/// What a pattern of some glob dialect means, before it is compiled.
struct GlobNode {
  using ByteSet = std::bitset<256>;
  enum class Kind : std::uint8_t { byte, sequence, either, optional, any_number, at_least_one };

  Kind kind = Kind::sequence;
  ByteSet bytes = {};                 ///< of a `byte`: those that fit
  std::vector<GlobNode> parts = {};   ///< of a `sequence` and an `either`; the one part of the others

  static GlobNode byte(unsigned char value);
  static GlobNode any_of(ByteSet bytes) { return {Kind::byte, bytes, {}}; }
  /// One character of UTF-8, byte by byte.
  static GlobNode text(std::string_view character);
  static GlobNode of(Kind kind, GlobNode part);
};

/// A compiled pattern: a non-deterministic automaton over bytes that is run on all its states at once, so that a hostile
/// pattern costs at most some steps for each of its bytes and each byte of text. Not RE2, because patterns are many, small
/// and short-lived, and this compiles in a fraction of the time.
class GlobMachine {
 public:
  GlobMachine() : GlobMachine(GlobNode{}) {}
  explicit GlobMachine(const GlobNode& pattern);

  /// Whether the whole of `text` matches. Safe to call from several threads.
  bool matches(std::string_view text) const;
  /// Whether the pattern is a plain text that matches only itself.
  bool is_literal() const { return program_.size() == 1; }

 private:
  /// `byte`: consumes one byte that is in sets_[set] and goes on behind itself. `split`: goes on at `next` and at `other`,
  /// consuming nothing. `accept`: matches if the text ends here.
  enum class Op : std::uint8_t { byte, split, accept };
  struct Instruction {
    Op op = Op::accept;
    std::uint16_t set = 0;
    std::uint32_t next = 0, other = 0;
  };

  void emit(const GlobNode& node);
  std::uint16_t set_index(const GlobNode::ByteSet& bytes);
  std::uint32_t size() const { return static_cast<std::uint32_t>(program_.size()); }

  std::string prefix_;  ///< what every match starts with; the program is for the rest
  std::vector<Instruction> program_;
  std::vector<GlobNode::ByteSet> sets_;
};

/// Bytes of the character that starts `text`, by UTF-8's first byte and the continuation bytes that are there; 1 for a byte
/// that starts none. `text` must not be empty.
std::size_t character_length(std::string_view text);

}  // namespace trueup::formats
