#include "formats/helm_ignore.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr std::size_t kNoMatch = std::string_view::npos;
constexpr std::size_t kMaxLineBytes = 64u << 10;  // of Go's line scanner, with which Helm reads the file

Error bad(std::size_t at, std::string message) {
  return Error{Fault::malformed, std::move(message), ByteRange{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + 1)}};
}

struct Character {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = true;
};

/// The first character of a text that is not empty; an illegal byte stands for U+FFFD, as in Go.
Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead >= 0xF0 && lead < 0xF8 ? 4 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xC2 && lead < 0xE0 ? 2 : 1;
  if (bytes == 1 || text.size() < bytes) return {0xFFFD, 1, false};
  char32_t value = lead & (0xFFu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {0xFFFD, 1, false};
    value = value << 6 | (next & 0x3Fu);
  }
  return {value, bytes, true};
}

/// One end of a range in a `[…]`; moves `at` behind it.
Result<char32_t> read_end(std::string_view glob, std::size_t& at) {
  if (at < glob.size() && glob[at] == '\\') ++at;
  else if (at < glob.size() && (glob[at] == '-' || glob[at] == ']')) return bad(at, "a character is missing in [ ]");
  if (at >= glob.size()) return bad(glob.size() - 1, "a [ is not closed");
  const Character character = first_character(glob.substr(at));
  if (!character.valid) return bad(at, "a character in [ ] is not UTF-8");
  at += character.bytes;
  if (at >= glob.size()) return bad(glob.size() - 1, "a [ is not closed");
  return character.value;
}

}  // namespace

Result<HelmIgnorePattern::Token> HelmIgnorePattern::compile_set(std::string_view glob, std::size_t& at) {
  Token token{Token::Kind::set};
  ++at;
  token.negated = at < glob.size() && glob[at] == '^';
  if (token.negated) ++at;
  while (at >= glob.size() || glob[at] != ']' || token.ranges.empty()) {
    auto low = read_end(glob, at);
    if (!low) return std::move(low).error();
    auto high = *low;
    if (glob[at] == '-') {
      ++at;
      auto end = read_end(glob, at);
      if (!end) return std::move(end).error();
      high = *end;
    }
    token.ranges.emplace_back(*low, high);
  }
  ++at;
  return token;
}

Result<std::vector<HelmIgnorePattern::Token>> HelmIgnorePattern::compile(std::string_view glob) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < glob.size();) {
    switch (glob[at]) {
      case '*':
        if (tokens.empty() || tokens.back().kind != Token::Kind::run) tokens.push_back({Token::Kind::run});
        ++at;
        break;
      case '?':
        tokens.push_back({Token::Kind::any});
        ++at;
        break;
      case '[': {
        auto token = compile_set(glob, at);
        if (!token) return std::move(token).error();
        tokens.push_back(*std::move(token));
        break;
      }
      case '\\':
        if (++at == glob.size()) return bad(at - 1, "a \\ stands at the end");
        [[fallthrough]];
      default: tokens.push_back({Token::Kind::byte, glob[at++]});
    }
  }
  return tokens;
}

Result<HelmIgnorePattern> HelmIgnorePattern::parse(std::string_view line) {
  if (line.size() >= kMaxLineBytes) return bad(0, "the line is longer than 64 KiB");
  if (const std::size_t at = line.find("**"); at != std::string_view::npos) return bad(at, "** is not supported");
  if (auto whole = compile(line); !whole) return std::move(whole).error();

  HelmIgnorePattern pattern;
  pattern.negated_ = line.starts_with('!');
  if (pattern.negated_) line.remove_prefix(1);
  pattern.folders_only_ = line.ends_with('/');
  if (pattern.folders_only_) line.remove_suffix(1);
  pattern.whole_path_ = line.find('/') != std::string_view::npos;
  if (line.starts_with('/')) line.remove_prefix(1);
  // `\/` was an escaped slash; without the slash the glob ends in `\`, and Helm matches nothing with it.
  if (auto tokens = compile(line)) pattern.tokens_ = *std::move(tokens);
  return pattern;
}

/// How many bytes of `name` a token takes (not `run`); kNoMatch if it takes none.
std::size_t HelmIgnorePattern::step(const Token& token, std::string_view name) {
  if (name.empty()) return kNoMatch;
  if (token.kind == Token::Kind::byte) return name.front() == token.byte ? 1 : kNoMatch;
  const Character character = first_character(name);
  if (token.kind == Token::Kind::any) return character.value == '/' ? kNoMatch : character.bytes;
  const bool inside = std::ranges::any_of(token.ranges, [&](const auto& range) {
    return range.first <= character.value && character.value <= range.second;
  });
  return inside != token.negated ? character.bytes : kNoMatch;
}

/// A `*` first takes nothing, then byte by byte more; only the last one is ever taken back, so the cost is at most the
/// product of both lengths.
bool HelmIgnorePattern::matches(std::string_view name) const {
  std::size_t token = 0, at = 0, run_token = kNoMatch, run_at = 0;
  while (at < name.size() || token < tokens_.size()) {
    if (token < tokens_.size() && tokens_[token].kind == Token::Kind::run) {
      run_token = token++;
      run_at = at;
      continue;
    }
    const std::size_t bytes = token < tokens_.size() ? step(tokens_[token], name.substr(at)) : kNoMatch;
    if (bytes != kNoMatch) {
      at += bytes;
      ++token;
      continue;
    }
    if (run_token == kNoMatch || run_at >= name.size() || name[run_at] == '/') return false;
    at = ++run_at;
    token = run_token + 1;
  }
  return true;
}

bool HelmIgnorePattern::drops(std::string_view path, bool is_folder) const {
  const bool fits = matches(whole_path_ ? path : path.substr(path.rfind('/') + 1));
  if (negated_) return (folders_only_ && !is_folder) || !fits;
  return fits && (is_folder || !folders_only_);
}

std::vector<ByteRange> helm_ignore_lines(std::string_view source) {
  std::vector<ByteRange> lines;
  std::size_t begin = source.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (begin < source.size()) {
    const std::size_t end = std::min(source.find('\n', begin), source.size());
    const std::string_view line = trim(source.substr(begin, end - begin));
    if (!line.empty() && !line.starts_with('#')) {
      const auto at = static_cast<std::uint32_t>(line.data() - source.data());
      lines.push_back({at, at + static_cast<std::uint32_t>(line.size())});
    }
    begin = end + 1;
  }
  return lines;
}

}  // namespace trueup::formats
