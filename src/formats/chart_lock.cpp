#include "formats/chart_lock.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// Calls `plain` with each stretch of well-formed UTF-8 and `broken` for each byte that is not, in order.
template <typename Plain, typename Broken>
void for_each_stretch(std::string_view text, Plain plain, Broken broken) {
  while (true) {
    const auto invalid = first_invalid_utf8(text);
    plain(text.substr(0, invalid.value_or(text.size())));
    if (!invalid) return;
    broken();
    text.remove_prefix(*invalid + 1);
  }
}

/// As Helm does when it loads a chart: Go's unicode.IsSpace becomes a space, and what unicode.IsPrint denies is dropped.
std::string sanitised_text(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; })) return std::string(text);
  static const RE2 kSpaces(R"([\t-\r\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}])");
  static const RE2 kUnprintable(R"([^\pL\pM\pN\pP\pS ])");
  std::string result;
  for_each_stretch(text, [&](std::string_view good) { result += good; }, [&] { result += kReplacement; });
  RE2::GlobalReplace(&result, kSpaces, " ");
  RE2::GlobalReplace(&result, kUnprintable, "");
  return result;
}

void append_json_string(std::string& json, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto escape = [&](unsigned code) {
    json += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) json += kHex[(code >> shift) & 0xF];
  };
  json += '"';
  for_each_stretch(
      text,
      [&](std::string_view good) {
        for (std::size_t i = 0; i < good.size(); ++i) {
          const char c = good[i];
          switch (c) {
            case '"': json += "\\\""; continue;
            case '\\': json += "\\\\"; continue;
            case '\b': json += "\\b"; continue;
            case '\f': json += "\\f"; continue;
            case '\n': json += "\\n"; continue;
            case '\r': json += "\\r"; continue;
            case '\t': json += "\\t"; continue;
            case '<':
            case '>':
            case '&': escape(static_cast<unsigned char>(c)); continue;
            default: break;
          }
          const std::string_view line_separators = good.substr(i, 3);
          if (static_cast<unsigned char>(c) < 0x20) {
            escape(static_cast<unsigned char>(c));
          } else if (line_separators == "\xE2\x80\xA8" || line_separators == "\xE2\x80\xA9") {
            escape(line_separators.back() == '\xA8' ? 0x2028 : 0x2029);
            i += 2;
          } else {
            json += c;
          }
        }
      },
      [&] { escape(0xFFFD); });
  json += '"';
}

/// The shortest digits that give the number back, with an exponent below 1e-6 and from 1e21 on, as JavaScript has it.
void append_json_number(std::string& json, double number) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number), std::chars_format::scientific);
  const std::string_view scientific(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t e = scientific.find('e');
  int exponent = 0;
  const bool negative_exponent = scientific[e + 1] == '-';
  std::from_chars(scientific.data() + e + 2, scientific.data() + scientific.size(), exponent);
  if (negative_exponent) exponent = -exponent;
  std::string digits(scientific.substr(0, 1));
  if (e > 2) digits += scientific.substr(2, e - 2);

  if (std::signbit(number)) json += '-';
  if (number != 0 && (exponent < -6 || exponent >= 21)) {
    json += digits[0];
    if (digits.size() > 1) json += '.' + digits.substr(1);
    json += exponent < 0 ? "e-" : "e+";
    json += std::to_string(std::abs(exponent));
    return;
  }
  if (exponent < 0) {
    json += "0." + std::string(static_cast<std::size_t>(-exponent) - 1, '0') + digits;
    return;
  }
  const std::size_t whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  json += digits.substr(0, whole);
  if (digits.size() > whole) json += '.' + digits.substr(whole);
}

/// Recursion is bounded by the check of the nesting before.
void append_json(std::string& json, const nlohmann::json& value) {
  switch (value.type()) {
    case nlohmann::json::value_t::object: {
      json += '{';
      bool first = true;
      for (const auto& [key, member] : value.items()) {  // a std::map: sorted by bytes
        if (!std::exchange(first, false)) json += ',';
        append_json_string(json, key);
        json += ':';
        append_json(json, member);
      }
      json += '}';
      return;
    }
    case nlohmann::json::value_t::array: {
      json += '[';
      bool first = true;
      for (const nlohmann::json& element : value) {
        if (!std::exchange(first, false)) json += ',';
        append_json(json, element);
      }
      json += ']';
      return;
    }
    case nlohmann::json::value_t::string: append_json_string(json, value.get_ref<const std::string&>()); return;
    case nlohmann::json::value_t::boolean: json += value.get<bool>() ? "true" : "false"; return;
    case nlohmann::json::value_t::number_integer:
    case nlohmann::json::value_t::number_unsigned:
    case nlohmann::json::value_t::number_float: append_json_number(json, value.get<double>()); return;
    default: json += "null"; return;
  }
}

bool nested_too_deep(std::string_view json) {
  std::uint32_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > limits::kMaxDepth) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

std::string digest_of(std::string_view bytes) { return "sha256:" + sha256_hex(bytes); }

}  // namespace

ChartDependency sanitised(ChartDependency dependency) {
  for (std::string* text : {&dependency.name, &dependency.version, &dependency.repository, &dependency.condition})
    *text = sanitised_text(*text);
  for (std::string& tag : dependency.tags) tag = sanitised_text(tag);
  return dependency;
}

std::string canonical_dependencies(std::span<const ChartDependency> dependencies) {
  std::string json = "[";
  const auto text_member = [&](std::string_view key, std::string_view value, bool always) {
    if (value.empty() && !always) return;
    if (json.back() != '{') json += ',';
    append_json_string(json, key);
    json += ':';
    append_json_string(json, value);
  };
  for (const ChartDependency& dependency : dependencies) {
    if (json.size() > 1) json += ',';
    json += '{';
    text_member("name", dependency.name, true);
    text_member("version", dependency.version, false);
    text_member("repository", dependency.repository, true);
    text_member("condition", dependency.condition, false);
    if (!dependency.tags.empty()) {
      json += ",\"tags\":[";
      for (const std::string& tag : dependency.tags) {
        if (json.back() != '[') json += ',';
        append_json_string(json, tag);
      }
      json += ']';
    }
    if (dependency.enabled) json += ",\"enabled\":true";
    if (!dependency.import_values.empty())
      json += ",\"import-values\":[" + join(dependency.import_values, ",") + ']';
    text_member("alias", dependency.alias, false);
    json += '}';
  }
  return json + ']';
}

std::string canonical_json_string(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

Result<std::string> canonical_json(std::string_view json) {
  if (nested_too_deep(json)) return Error{Fault::over_limit, "the JSON is nested too deep"};
  try {
    std::string written;
    append_json(written, nlohmann::json::parse(json));
    return written;
  } catch (const nlohmann::json::exception&) {
    return Error{Fault::malformed, "this is no JSON that Helm reads"};
  }
}

std::string lock_digest(std::string_view requirements_json, std::string_view lock_json) {
  std::string covered = "[";
  covered.append(requirements_json).append(",").append(lock_json).append("]");
  return digest_of(covered);
}

std::string helm2_digest(std::string_view requirements_json) {
  std::string covered = "{\"dependencies\":";
  covered.append(requirements_json).append("}");
  return digest_of(covered);
}

}  // namespace trueup::formats
