#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::formats {

/// Longest pattern of a glob dialect. A machine has at most a few instructions for each byte of its pattern.
inline constexpr std::size_t kMaxGlobBytes = 4096;

/// What the glob dialects compile to: a non-deterministic automaton over bytes that is run on all its states at once, so
/// that a hostile pattern costs at most (its length) steps for a byte of text. Not a regular expression of RE2, because
/// patterns are many and short-lived, and this compiles in a fraction of the time.
class GlobMachine {
 public:
  using ByteSet = std::bitset<256>;

  /// Whether the whole of `text` matches.
  bool matches(std::string_view text) const;
  bool is_literal() const { return literal_only_; }

 private:
  friend class GlobBuilder;
  /// `bytes`: consumes one byte that is in sets_[set], goes on at the next instruction. `split`: goes on at `next` and at
  /// `other`, consuming nothing. `accept`: matches if the text ends here.
  enum class Op : std::uint8_t { bytes, split, accept };
  struct Instruction {
    Op op = Op::accept;
    std::uint16_t set = 0;
    std::uint32_t next = 0, other = 0;
  };

  std::vector<Instruction> program_;
  std::vector<ByteSet> sets_;
  std::string literal_;
  bool literal_only_ = false;
};

}  // namespace trueup::formats
