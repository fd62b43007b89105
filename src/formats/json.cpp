#include "formats/json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/limits.hpp"
#include "formats/document_builder.hpp"

// nlohmann's SAX gives values without places, but in order: between two of them stand only white space and one of `,:`,
// so a cursor that skips those stands at the next token whenever an event comes. The lexer has judged the token by
// then, which is why finding its end needs no care.

namespace trueup::formats {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Length of the number, true, false or null that `text` begins with. "01" begins with the number 0.
std::uint32_t plain_length(std::string_view text) {
  if (text.starts_with("true") || text.starts_with("null")) return 4;
  if (text.starts_with("false")) return 5;
  std::size_t end = text.starts_with('-') ? 1 : 0;
  end = text.substr(end).starts_with('0') ? end + 1 : std::min(text.find_first_not_of("0123456789", end), text.size());
  if (end < text.size() && std::string_view(".eE").find(text[end]) != std::string_view::npos)
    end = std::min(text.find_first_not_of("0123456789.eE+-", end), text.size());
  return static_cast<std::uint32_t>(end);
}

class JsonReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit JsonReader(std::string_view source)
      : source_(source), builder_(source), cursor_(source.starts_with(kByteOrderMark) ? 3 : 0) {}

  Document read() {
    refuse_nul();
    if (builder_.ok()) nlohmann::json::sax_parse(source_.begin(), source_.end(), this);
    return builder_.finish(cursor_);
  }

  bool null() override { return add_plain(); }
  bool boolean(bool) override { return add_plain(); }
  bool number_integer(number_integer_t) override { return add_plain(); }
  bool number_unsigned(number_unsigned_t) override { return add_plain(); }
  bool number_float(number_float_t, const string_t&) override { return add_plain(); }
  bool string(string_t& value) override { return add_string(value); }
  bool key(string_t& value) override { return add_string(value); }
  bool binary(binary_t&) override { return false; }  // never in text
  bool start_object(std::size_t) override { return open(NodeKind::mapping); }
  bool start_array(std::size_t) override { return open(NodeKind::sequence); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t bytes_read, const std::string& last_token,
                   const nlohmann::detail::exception& error) override;

 private:
  // find_first_of() and its like call memchr for every byte.
  static bool is_between_tokens(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == ':'; }

  void refuse_nul();
  std::uint32_t next_token() const {
    std::size_t at = cursor_;
    while (at < source_.size() && is_between_tokens(source_[at])) ++at;
    return static_cast<std::uint32_t>(at);
  }
  bool add(Node node, std::string_view value);
  bool add_plain();
  bool add_string(std::string_view value);
  bool open(NodeKind kind);
  bool close();

  std::string_view source_;
  DocumentBuilder builder_;
  std::uint32_t cursor_;  // behind the last token
};

/// nlohmann 3.11 takes a NUL between tokens for the end of the text, whatever follows.
void JsonReader::refuse_nul() {
  const std::size_t nul = source_.find('\0');
  if (nul == std::string_view::npos) return;
  const auto at = static_cast<std::uint32_t>(nul);
  builder_.fail(Fault::malformed, "NUL byte", {at, at + 1});
}

bool JsonReader::add(Node node, std::string_view value) {
  const std::string_view written = slice(source_, node.span);
  node.value = written == value ? written : builder_.keep(value);
  builder_.add(node);
  return builder_.ok();
}

bool JsonReader::add_plain() {
  Node node;
  node.span.begin = next_token();
  node.span.end = cursor_ = node.span.begin + plain_length(source_.substr(node.span.begin));
  return add(node, slice(source_, node.span));
}

bool JsonReader::add_string(std::string_view value) {
  Node node;
  node.style = ScalarStyle::double_quoted;
  node.span.begin = next_token() + 1;
  std::size_t quote = node.span.begin;
  while (quote < source_.size() && source_[quote] != '"') quote += source_[quote] == '\\' ? 2 : 1;
  node.span.end = static_cast<std::uint32_t>(std::min(quote, source_.size()));
  cursor_ = node.span.end + 1;
  return add(node, value);
}

bool JsonReader::open(NodeKind kind) {
  Node node;
  node.kind = kind;
  const std::uint32_t begin = next_token();
  node.span = {begin, begin};
  cursor_ = begin + 1;
  builder_.open(node);
  return builder_.ok();
}

bool JsonReader::close() {
  cursor_ = next_token() + 1;
  builder_.close(cursor_);
  return builder_.ok();
}

bool JsonReader::parse_error(std::size_t bytes_read, const std::string&, const nlohmann::detail::exception& error) {
  // "[json.exception.parse_error.101] parse error at line 1, column 7: syntax error while parsing …; last read: '…'"
  std::string_view message = error.what();
  message.remove_prefix(std::min(message.find("] ") + 2, message.size()));
  if (message.starts_with("parse error at ")) message.remove_prefix(std::min(message.find(": ") + 2, message.size()));
  message = message.substr(0, message.find("; last read: "));
  // The reader stops behind the wrong byte, or behind a token that is right in itself and wrong here.
  const auto size = static_cast<std::uint32_t>(source_.size());
  const auto stop = static_cast<std::uint32_t>(std::min<std::size_t>(bytes_read, size));
  ByteRange at{bytes_read > size || stop == 0 ? stop : stop - 1, stop};
  const bool is_whole_token = message.find("unexpected ") != message.npos;
  if (is_whole_token && next_token() < stop) at.begin = next_token();
  builder_.fail(Fault::malformed, std::string(message), at);
  return false;
}

}  // namespace

Document parse_json(std::string_view source) { return JsonReader(source).read(); }

}  // namespace trueup::formats
