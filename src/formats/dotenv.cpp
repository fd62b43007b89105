#include "formats/dotenv.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr std::string_view kNameStart = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
constexpr std::string_view kNameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
constexpr std::string_view kKeyCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
constexpr std::string_view kBlanks = " \t";
constexpr std::size_t kMaxReferences = 1'000;  // of one value

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  Dotenv read() {
    while (at_ < text_.size()) {
      const std::size_t end = line_end(at_);
      const std::string_view line = text_.substr(at_, end - at_), content = trim(line);
      if (content.empty() || content.front() == '#') {
        at_ = end + 1;
      } else if (file_.entries.size() == kMaxDotenvEntries) {
        file_.complete = false;
        break;
      } else if (!read_entry(end)) {
        file_.complete = false;
        at_ = end + 1;
      }
    }
    return std::move(file_);
  }

 private:
  std::size_t line_end(std::size_t at) const { return std::min(text_.find('\n', at), text_.size()); }
  std::size_t skip(std::size_t at, std::string_view characters, std::size_t end) const {
    return std::min(text_.find_first_not_of(characters, at), end);
  }
  ByteRange range(std::size_t begin, std::size_t end) const {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  bool read_entry(std::size_t end) {
    std::size_t at = skip(at_, kBlanks, end);
    if (text_.substr(at).starts_with("export") && at + 6 < end && is_blank(text_[at + 6])) at = skip(at + 6, kBlanks, end);
    if (at == end || kNameStart.find(text_[at]) == kNameStart.npos) return false;
    const std::size_t name_end = skip(at, kKeyCharacters, end), equals = skip(name_end, kBlanks, end);
    if (equals == end || text_[equals] != '=') return false;
    DotenvEntry entry;
    entry.name = text_.substr(at, name_end - at);
    entry.name_range = range(at, name_end);
    const std::size_t value = skip(equals + 1, kBlanks, end);
    at_ = end + 1;
    if (value == end || !read_quoted(entry, value)) read_plain(entry, value, end);
    file_.entries.push_back(std::move(entry));
    return true;
  }

  /// False: no quote begins here, or it is not closed, or more than a comment follows it.
  bool read_quoted(DotenvEntry& entry, std::size_t open) {
    const char quote = text_[open];
    if (quote != '"' && quote != '\'') return false;
    std::size_t at = open + 1;
    for (; at < text_.size() && text_[at] != quote; ++at) {
      if (quote == '"' && text_[at] == '\\' && at + 1 < text_.size()) {
        const char escaped = text_[at + 1];
        if (escaped != '"' && escaped != '\\' && escaped != '$' && escaped != '`') entry.value += '\\';
        entry.value += escaped;
        ++at;
      } else {
        entry.value += text_[at];
      }
      if (at - open > kMaxQuotedBytes) break;
    }
    const std::size_t end = line_end(at);
    const std::string_view rest = at < text_.size() && text_[at] == quote ? trim(text_.substr(at + 1, end - std::min(at + 1, end))) : "x";
    if (!rest.empty() && rest.front() != '#') {
      entry.value.clear();
      return false;
    }
    entry.quote = quote == '"' ? DotenvQuote::double_quote : DotenvQuote::single;
    entry.value_range = range(open + 1, at);
    if (quote == '"') read_references(entry);
    at_ = end + 1;
    return true;
  }

  void read_plain(DotenvEntry& entry, std::size_t begin, std::size_t end) {
    std::size_t stop = begin;
    while (stop < end && text_[stop] != '\r' && !(text_[stop] == '#' && (stop == begin || is_blank(text_[stop - 1])))) ++stop;
    while (stop > begin && is_blank(text_[stop - 1])) --stop;
    entry.value_range = range(begin, stop);
    entry.value = text_.substr(begin, stop - begin);
    read_references(entry);
  }

  void read_references(DotenvEntry& entry) const {
    for (std::size_t at = entry.value_range.begin; at < entry.value_range.end; ++at) {
      if (text_[at] == '\\') ++at;
      else if (text_[at] == '$' && entry.references.size() < kMaxReferences) read_reference(entry, at);
    }
  }

  void read_reference(DotenvEntry& entry, std::size_t at) const {
    const std::size_t end = entry.value_range.end;
    const bool braced = at + 1 < end && text_[at + 1] == '{';
    const std::size_t begin = at + (braced ? 2 : 1);
    if (begin >= end || kNameStart.find(text_[begin]) == kNameStart.npos) return;
    const std::size_t name_end = skip(begin, kNameCharacters, end);
    DotenvReference reference;
    reference.name = text_.substr(begin, name_end - begin);
    std::size_t close = name_end;
    if (braced) {
      close = text_.find('}', name_end);
      if (close == text_.npos || close >= end) return;
      const std::string_view rest = text_.substr(name_end, close - name_end);
      reference.has_fallback = rest.find_first_of("-?+=") <= 1;
      ++close;
    }
    reference.range = range(at, close);
    entry.references.push_back(std::move(reference));
  }

  static constexpr std::size_t kMaxQuotedBytes = 64u << 10;
  std::string_view text_;
  std::size_t at_ = 0;
  Dotenv file_;
};

}  // namespace

Dotenv parse_dotenv(std::string_view text) { return Reader(text).read(); }

}  // namespace trueup::formats
