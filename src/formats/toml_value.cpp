#include "formats/toml_value.hpp"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <algorithm>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

/// toml++ counts lines and code points from 1.
std::uint32_t offset_of(std::string_view source, toml::source_position position) {
  std::size_t at = 0;
  for (toml::source_index line = 1; line < position.line && at < source.size(); ++line) {
    const std::size_t end = source.find('\n', at);
    at = end == std::string_view::npos ? source.size() : end + 1;
  }
  for (toml::source_index column = 1; column < position.column && at < source.size(); ++column) {
    ++at;
    while (at < source.size() && (static_cast<unsigned char>(source[at]) & 0xC0) == 0x80) ++at;
  }
  return static_cast<std::uint32_t>(at);
}

/// Where a character beyond ASCII stands outside of texts and comments. TOML has none there (1.0.0, "Keys"), and what toml++ does with
/// some of them is undefined.
std::optional<std::uint32_t> stray_character(std::string_view source) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  for (std::size_t at = source.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0; at < source.size();) {
    const char c = source[at];
    if (c == '#') {
      at = std::min(source.find('\n', at), source.size());
    } else if (c == '"' || c == '\'') {
      const std::size_t quotes = source.substr(at, 3) == std::string(3, c) ? 3 : 1;
      const std::string closing(quotes, c);
      for (at += quotes; at < source.size() && source.substr(at, quotes) != closing && (quotes == 3 || source[at] != '\n'); ++at)
        if (c == '"' && source[at] == '\\') ++at;
      at = std::min(at + quotes, source.size());
      for (int more = 0; quotes == 3 && more < 2 && at < source.size() && source[at] == c; ++more) ++at;  // two may belong to the text
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      return static_cast<std::uint32_t>(at);
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

std::vector<std::string> steps_of(std::string_view pointer) {
  std::vector<std::string> steps;
  if (pointer.starts_with('/')) pointer.remove_prefix(1);
  for (const std::string_view step : split(pointer, '/')) steps.push_back(replace_all(replace_all(step, "~1", "/"), "~0", "~"));
  return steps;
}

const toml::node* child_of(const toml::node& node, const std::string& step) {
  if (const toml::table* table = node.as_table()) return table->get(step);
  if (const toml::array* array = node.as_array()) {
    if (step.empty() || step.find_first_not_of("0123456789") != std::string::npos || step.size() > 6) return nullptr;
    return array->get(std::stoul(step));
  }
  return nullptr;
}

}  // namespace

Result<std::optional<TomlScalar>> toml_scalar(std::string_view source, std::string_view pointer) {
  if (const auto stray = stray_character(source))
    return Error{Fault::malformed, "a character beyond ASCII stands outside of texts and comments", ByteRange{*stray, *stray}};
  const toml::parse_result parsed = toml::parse(source);
  if (!parsed) {
    const std::uint32_t at = offset_of(source, parsed.error().source().begin);
    return Error{Fault::malformed, std::string(parsed.error().description()), ByteRange{at, at}};
  }
  const toml::node* node = &parsed.table();
  for (const std::string& step : steps_of(pointer)) {
    node = child_of(*node, step);
    if (node == nullptr) return std::optional<TomlScalar>();
  }
  if (node->is_table() || node->is_array()) return std::optional<TomlScalar>();
  const std::uint32_t begin = offset_of(source, node->source().begin), end = offset_of(source, node->source().end);
  TomlScalar scalar{std::string(slice(source, ByteRange{begin, std::max(begin, end)})), {begin, std::max(begin, end)}};
  if (const auto* text = node->as_string()) {
    scalar.text = text->get();
    const bool quoted = scalar.bytes.size() >= 2 && (source[begin] == '"' || source[begin] == '\'');
    const std::uint32_t quotes = source.substr(begin).starts_with("\"\"\"") || source.substr(begin).starts_with("'''") ? 3 : 1;
    if (quoted && scalar.bytes.size() >= 2 * quotes) scalar.bytes = {begin + quotes, end - quotes};
  }
  return std::optional(std::move(scalar));
}

}  // namespace trueup::formats
