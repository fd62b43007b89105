#include "formats/hcl.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr std::size_t kMaxParts = 500'000;  // blocks and attributes of one file

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool is_name(char c) { return is_name_start(c) || (c >= '0' && c <= '9') || c == '-'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& text, std::uint32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 63));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 63));
    text += static_cast<char>(0x80 | (code & 63));
  } else {
    text += static_cast<char>(0xF0 | (code >> 18));
    text += static_cast<char>(0x80 | ((code >> 12) & 63));
    text += static_cast<char>(0x80 | ((code >> 6) & 63));
    text += static_cast<char>(0x80 | (code & 63));
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    if (text.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  HclFile parse() {
    std::uint32_t block = kNoBlock, depth = 0;
    while (!file_.problem) {
      skip_blank(true);
      if (at_ >= text_.size()) {
        if (block != kNoBlock) fail("a block is not closed", file_.blocks[block].type_range);
        break;
      }
      if (file_.blocks.size() + file_.attributes.size() >= kMaxParts) {
        file_.problem = Error{Fault::over_limit, "it holds more blocks and attributes than trueup reads", here()};
        break;
      }
      if (text_[at_] == '}' && block != kNoBlock) {
        file_.blocks[block].range.end = static_cast<std::uint32_t>(++at_);
        block = file_.blocks[block].parent;
        --depth;
        continue;
      }
      if (!is_name_start(text_[at_])) {
        fail("a name is wanted here", here());
        break;
      }
      const ByteRange name = read_name();
      skip_blank(false);
      if (peek('=') && !peek('=', 1)) {
        ++at_;
        read_attribute(name, block);
      } else if (read_labels(name, block)) {
        block = static_cast<std::uint32_t>(file_.blocks.size() - 1);
        if (++depth > limits::kMaxDepth) file_.problem = Error{Fault::over_limit, "its blocks nest deeper than trueup reads", name};
      }
    }
    return std::move(file_);
  }

 private:
  bool peek(char c, std::size_t ahead = 0) const { return at_ + ahead < text_.size() && text_[at_ + ahead] == c; }
  ByteRange range(std::size_t begin, std::size_t end) const { return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}; }
  ByteRange here() const { return range(std::min(at_, text_.size()), std::min(at_ + 1, text_.size())); }
  void fail(const char* message, ByteRange at) {
    if (!file_.problem) file_.problem = Error{Fault::malformed, message, at};
  }

  /// Blanks and comments; line ends only if `lines`.
  void skip_blank(bool lines) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n')) {
        ++at_;
      } else if (c == '#' || (c == '/' && peek('/', 1))) {
        take_comment(std::min(text_.find('\n', at_), text_.size()));
      } else if (c == '/' && peek('*', 1)) {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == text_.npos) return fail("a comment is not closed", here());
        take_comment(end + 2);
      } else {
        return;
      }
    }
  }

  /// What was no literal is read again as an expression, with the comments in it.
  void take_comment(std::size_t end) {
    if (file_.comments.empty() || file_.comments.back().end <= at_) file_.comments.push_back(range(at_, end));
    at_ = end;
  }

  ByteRange read_name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return range(begin, at_);
  }

  /// The labels of a block, and its opening brace.
  bool read_labels(ByteRange type, std::uint32_t parent) {
    HclBlock block;
    block.type = slice(text_, type);
    block.type_range = type;
    block.range = {type.begin, type.end};
    block.parent = parent;
    for (;; skip_blank(false)) {
      if (peek('{')) break;
      HclLabel label;
      if (peek('"')) {
        HclKind kind = HclKind::unknown;
        if (!read_quoted(label.text, label.range, kind)) return false;
        if (kind != HclKind::string) return fail("a label is a plain text", label.range), false;
      } else if (at_ < text_.size() && is_name_start(text_[at_])) {
        label.range = read_name();
        label.text = slice(text_, label.range);
      } else {
        return fail("`=` or a block's `{` is wanted behind a name", here()), false;
      }
      if (block.labels.size() == 16) return fail("a block has no more than a few labels", label.range), false;
      block.labels.push_back(std::move(label));
    }
    ++at_;
    file_.blocks.push_back(std::move(block));
    return true;
  }

  void read_attribute(ByteRange name, std::uint32_t block) {
    HclAttribute attribute;
    attribute.name = slice(text_, name);
    attribute.name_range = name;
    attribute.block = block;
    skip_blank(false);
    const std::size_t begin = at_;
    bool known = read_literal(attribute);
    if (file_.problem) return;
    if (known) {
      const std::size_t end = at_;
      skip_blank(false);
      known = at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '}' || attribute_is_heredoc_;
      if (!known) at_ = end;
    }
    if (!known) {
      attribute.kind = HclKind::unknown;
      attribute.text.clear();
      at_ = begin;
      const std::size_t end = skip_expression();
      if (file_.problem) return;
      if (end == begin) return fail("a value is wanted here", here());
      attribute.range = range(begin, end);
    }
    file_.attributes.push_back(std::move(attribute));
  }

  /// True: one literal was read, and the attribute holds it.
  bool read_literal(HclAttribute& attribute) {
    attribute_is_heredoc_ = false;
    if (at_ >= text_.size()) return false;
    const char c = text_[at_];
    if (c == '"') return read_quoted(attribute.text, attribute.range, attribute.kind) && attribute.kind == HclKind::string;
    if (c == '<' && peek('<', 1)) {
      attribute_is_heredoc_ = read_heredoc(&attribute);
      return attribute_is_heredoc_ && attribute.kind == HclKind::string;
    }
    const std::size_t begin = at_;
    std::size_t end = begin;
    if (is_digit(c) || (c == '-' && begin + 1 < text_.size() && is_digit(text_[begin + 1]))) {
      end += c == '-';
      while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.' || text_[end] == 'e' || text_[end] == 'E' ||
                                    ((text_[end] == '+' || text_[end] == '-') && (text_[end - 1] == 'e' || text_[end - 1] == 'E')))) ++end;
      attribute.kind = HclKind::number;
    } else if (is_name_start(c)) {
      while (end < text_.size() && is_name(text_[end])) ++end;
      const std::string_view word = text_.substr(begin, end - begin);
      if (word != "true" && word != "false" && word != "null") return false;
      attribute.kind = word == "null" ? HclKind::null_value : HclKind::boolean;
    } else {
      return false;
    }
    attribute.text = text_.substr(begin, end - begin);
    attribute.range = range(begin, end);
    at_ = end;
    return true;
  }

  /// A text in quotes, from its opening quote. False, with `problem`, where it is not closed.
  bool read_quoted(std::string& decoded, ByteRange& content, HclKind& kind) {
    const std::size_t open = at_++;
    kind = HclKind::string;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
      const char c = text_[at_];
      if (c == '\\') {
        read_escape(decoded);
      } else if ((c == '$' || c == '%') && peek(c, 1) && peek('{', 2)) {
        decoded += c;
        decoded += '{';
        at_ += 3;
      } else if ((c == '$' || c == '%') && peek('{', 1)) {
        kind = HclKind::unknown;
        at_ += 2;
        skip_code('$');
        if (file_.problem) return false;
      } else {
        decoded += c;
        ++at_;
      }
    }
    if (at_ >= text_.size() || text_[at_] != '"') return fail("a text is not closed", range(open, open + 1)), false;
    content = range(open + 1, at_++);
    if (kind != HclKind::string) decoded.clear();
    return true;
  }

  void read_escape(std::string& decoded) {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    const std::size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0) {
      at_ += 2;
      decoded += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
      if (c == '\n' || c == '\0') --at_;  // the quote is not closed on this line
      return;
    }
    std::uint32_t code = 0;
    at_ += 2;
    for (std::size_t i = 0; i < digits && at_ < text_.size(); ++i, ++at_) {
      const char digit = text_[at_];
      if (is_digit(digit)) code = code * 16 + static_cast<std::uint32_t>(digit - '0');
      else if ((digit | 32) >= 'a' && (digit | 32) <= 'f') code = code * 16 + static_cast<std::uint32_t>((digit | 32) - 'a' + 10);
      else break;
    }
    append_utf8(decoded, code);
  }

  /// `<<EOF` or `<<-EOF` with its lines. False: none begins here, or it is not closed (with `problem`).
  bool read_heredoc(HclAttribute* attribute) {
    const std::size_t begin = at_;
    const bool indented = peek('-', 2);
    at_ += indented ? 3 : 2;
    const ByteRange name = read_name();
    std::size_t end = at_;
    while (end < text_.size() && (text_[end] == '\r' || text_[end] == ' ' || text_[end] == '\t')) ++end;
    if (name.empty() || end >= text_.size() || text_[end] != '\n') {
      at_ = begin;
      return false;
    }
    const std::string_view delimiter = slice(text_, name);
    const std::size_t first = end + 1;
    std::vector<std::string_view> lines;
    for (at_ = first; at_ < text_.size();) {
      const std::size_t stop = std::min(text_.find('\n', at_), text_.size());
      const std::string_view line = text_.substr(at_, stop - at_);
      if (trim(line) == delimiter) {
        if (attribute != nullptr) finish_heredoc(*attribute, lines, range(first, std::max(first, at_ - (at_ > first ? 1 : 0))), indented);
        at_ = stop;
        return true;
      }
      if (attribute != nullptr) lines.push_back(line);
      at_ = std::min(stop + 1, text_.size());
    }
    return fail("a heredoc is not closed", range(begin, name.end)), false;
  }

  static void finish_heredoc(HclAttribute& attribute, const std::vector<std::string_view>& lines, ByteRange content, bool indented) {
    std::size_t common = std::string_view::npos;
    for (const std::string_view line : lines)
      if (!trim(line).empty()) common = std::min(common, std::min(line.find_first_not_of(" \t"), line.size()));
    attribute.kind = HclKind::string;
    attribute.range = content;
    for (std::string_view line : lines) {
      if (indented) line.remove_prefix(std::min(common, line.size()));
      if (line.find("${") != line.npos || line.find("%{") != line.npos) attribute.kind = HclKind::unknown;
      attribute.text += line;
      attribute.text += '\n';
    }
    if (attribute.kind != HclKind::string) attribute.text.clear();
  }

  /// Passes over an expression; its end, without blanks behind it.
  std::size_t skip_expression() { return skip_code('\0'); }

  /// Code up to the end of its line or an unmatched `}` (top '\0', which stays), or to the `}` that closes a template's `${`
  /// (top '$', which is passed over). Brackets, texts and templates within nest on a stack of their own.
  std::size_t skip_code(char top) {
    std::vector<char> open{top};  // \0 and $: code; { [ (: code in brackets; ": a text
    std::size_t end = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_], within = open.back();
      if (open.size() > limits::kMaxDepth) {
        file_.problem = Error{Fault::over_limit, "its expressions nest deeper than trueup reads", here()};
        return end;
      }
      if (within == '"') {
        if (c == '\\') {
          at_ += 2;
        } else if ((c == '$' || c == '%') && peek(c, 1) && peek('{', 2)) {
          at_ += 3;
        } else if ((c == '$' || c == '%') && peek('{', 1)) {
          open.push_back('$');
          at_ += 2;
        } else if (c == '\n') {
          return fail("a text is not closed", here()), end;
        } else {
          if (c == '"') open.pop_back();
          ++at_;
        }
        end = std::min(at_, text_.size());
        continue;
      }
      if (c == '\n' && within == '\0') return end;
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        ++at_;
        continue;
      }
      if (c == '#' || (c == '/' && (peek('/', 1) || peek('*', 1)))) {
        skip_blank(false);
        if (file_.problem) return end;
        continue;
      }
      if (c == '<' && peek('<', 1) && read_heredoc(nullptr)) {
        end = at_;
        continue;
      }
      if (file_.problem) return end;
      if (c == '"' || c == '{' || c == '[' || c == '(') {
        open.push_back(c);
      } else if (c == '}' || c == ']' || c == ')') {
        if (within == '\0') return c == '}' ? end : (fail("a bracket closes that was not opened", here()), end);
        const char wanted = within == '[' ? ']' : within == '(' ? ')' : '}';
        if (c != wanted) return fail("brackets do not match", here()), end;
        open.pop_back();
        if (open.empty()) return ++at_;
      }
      end = ++at_;
    }
    if (open.size() > 1 || top == '$') fail("an expression is not closed", here());
    return end;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool attribute_is_heredoc_ = false;
  HclFile file_;
};

}  // namespace

HclFile parse_hcl(std::string_view text) { return Parser(text).parse(); }

}  // namespace trueup::formats
