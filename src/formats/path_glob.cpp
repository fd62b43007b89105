#include "formats/path_glob.hpp"

#include <utility>

namespace trueup::formats {
namespace {

using Kind = GlobNode::Kind;
constexpr int kMaxBraceDepth = 16;

GlobNode::ByteSet all_bytes_but_slash() {
  GlobNode::ByteSet bytes;
  bytes.set();
  bytes.reset('/');
  return bytes;
}

/// One character whose first byte is in `first`: continuation bytes never start one and belong to the one before.
GlobNode character_starting_with(GlobNode::ByteSet first) {
  GlobNode::ByteSet continuation;
  for (std::size_t byte = 0x80; byte < 0xC0; ++byte) continuation.set(byte);
  GlobNode node;
  node.parts.push_back(GlobNode::any_of(first & ~continuation));
  node.parts.push_back(GlobNode::of(Kind::any_number, GlobNode::any_of(continuation)));
  return node;
}

class GlobParser {
 public:
  explicit GlobParser(std::string_view glob) : glob_(glob) {}

  Result<GlobNode> parse() {
    if (glob_.empty()) return malformed("the glob is empty", 0, 0);
    if (glob_[0] == '/') return malformed("globs match from the root, without / in front", 0, 1);
    if (glob_.starts_with("./")) return malformed("globs match from the root, without ./ in front", 0, 2);
    auto node = parse_sequence(0, true);
    if (!node) return node;
    if (glob_.ends_with('/')) {
      GlobNode::ByteSet any;
      any.set();
      node->parts.push_back(GlobNode::of(Kind::any_number, GlobNode::any_of(any)));
    }
    return node;
  }

 private:
  /// Up to the end, or in braces up to the ',' or '}' that ends this alternative. `starts_a_part`: nothing or a '/' is before.
  Result<GlobNode> parse_sequence(int depth, bool starts_a_part) {
    GlobNode sequence;
    std::vector<GlobNode>& parts = sequence.parts;
    while (at_ < glob_.size()) {
      const char c = glob_[at_];
      if (depth > 0 && (c == ',' || c == '}')) break;
      if (c == '*') {
        parts.push_back(stars(starts_a_part));
        starts_a_part = starts_a_part && glob_[at_ - 1] == '/';
        continue;
      }
      if (c == '?') {
        parts.push_back(character_starting_with(all_bytes_but_slash()));
        ++at_;
      } else if (c == '[' || c == '{') {
        auto node = c == '[' ? read_bracket() : read_braces(depth + 1, starts_a_part);
        if (!node) return node;
        parts.push_back(*std::move(node));
      } else {
        if (c == '\\' && ++at_ == glob_.size()) return malformed("\\ has nothing behind it", at_ - 1, at_);
        const std::size_t length = character_length(glob_.substr(at_));
        parts.push_back(GlobNode::text(glob_.substr(at_, length)));
        at_ += length;
      }
      starts_a_part = c == '/';
    }
    return sequence;
  }

  /// `*`, `**` or `**/`.
  GlobNode stars(bool starts_a_part) {
    std::size_t count = 0;
    while (at_ < glob_.size() && glob_[at_] == '*') ++at_, ++count;
    GlobNode::ByteSet bytes = all_bytes_but_slash();
    if (count > 1) bytes.set('/');
    GlobNode run = GlobNode::of(Kind::any_number, GlobNode::any_of(bytes));
    if (count < 2 || !starts_a_part || at_ == glob_.size() || glob_[at_] != '/') return run;
    ++at_;
    GlobNode folders;
    folders.parts.push_back(std::move(run));
    folders.parts.push_back(GlobNode::byte('/'));
    return GlobNode::of(Kind::optional, std::move(folders));
  }

  Result<GlobNode> read_bracket() {
    const std::size_t open = at_;
    std::size_t i = open + 1;
    const bool negated = i < glob_.size() && (glob_[i] == '!' || glob_[i] == '^');
    if (negated) ++i;
    const std::size_t close = glob_.find(']', i);
    if (close == std::string_view::npos) return malformed("[ is not closed", open, open + 1);
    if (close == i) return malformed("the brackets hold no character", open, close + 1);
    GlobNode::ByteSet bytes;
    GlobNode either;
    either.kind = Kind::either;
    while (i < close) {
      const std::string_view character = glob_.substr(i, character_length(glob_.substr(i, close - i)));
      const std::size_t begin = i;
      i += character.size();
      const bool range = i + 1 < close && glob_[i] == '-';
      const auto high = static_cast<unsigned char>(range ? glob_[i + 1] : character[0]);
      const auto low = static_cast<unsigned char>(character[0]);
      if (character.size() > 1 || low >= 0x80 || high >= 0x80) {
        if (range || negated) return malformed("a range or a negated bracket holds ASCII characters only", begin, i + (range ? 2 : 0));
        either.parts.push_back(GlobNode::text(character));
        continue;
      }
      if (low > high) return malformed("the range runs backwards", begin, i + 2);
      for (unsigned byte = low; byte <= high; ++byte) bytes.set(byte);
      if (range) i += 2;
    }
    at_ = close + 1;
    if (negated) return character_starting_with(~bytes & all_bytes_but_slash());
    bytes.reset('/');
    if (either.parts.empty()) return GlobNode::any_of(bytes);
    if (bytes.any()) either.parts.push_back(GlobNode::any_of(bytes));
    return either;
  }

  Result<GlobNode> read_braces(int depth, bool starts_a_part) {
    const std::size_t open = at_;
    if (depth > kMaxBraceDepth)
      return Error{Fault::over_limit, "braces are nested too deep", range_of(open, open + 1)};
    GlobNode either;
    either.kind = Kind::either;
    do {
      ++at_;  // the '{' or ','
      auto alternative = parse_sequence(depth, starts_a_part);
      if (!alternative) return alternative;
      either.parts.push_back(*std::move(alternative));
      if (at_ == glob_.size()) return malformed("{ is not closed", open, open + 1);
    } while (glob_[at_] == ',');
    ++at_;
    return either;
  }

  static ByteRange range_of(std::size_t begin, std::size_t end) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  static Error malformed(std::string message, std::size_t begin, std::size_t end) {
    return Error{Fault::malformed, std::move(message), range_of(begin, end)};
  }

  std::string_view glob_;
  std::size_t at_ = 0;
};

}  // namespace

Result<PathGlob> PathGlob::compile(std::string_view glob) {
  if (glob.size() > kMaxGlobBytes)
    return Error{Fault::over_limit, "the glob is longer than 1,024 bytes", ByteRange{0, static_cast<std::uint32_t>(glob.size())}};
  auto node = GlobParser(glob).parse();
  if (!node) return std::move(node).error();
  PathGlob compiled;
  compiled.machine_ = GlobMachine(*node);
  return compiled;
}

}  // namespace trueup::formats
