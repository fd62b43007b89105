#include "formats/scalar_types.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <variant>

namespace trueup::formats {
namespace {

constexpr std::string_view kYamlTag = "tag:yaml.org,2002:";

/// A scalar after a reader typed it. Text stays with the caller.
struct Text {};
using Typed = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, Text>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  return text;
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, the floats of YAML 1.2 and of go-yaml.
bool is_decimal(std::string_view text) {
  text = without_sign(text);
  const auto take_digits = [&] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  std::size_t digits = take_digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += take_digits();
  }
  if (digits == 0) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text = without_sign(text.substr(1));
  return take_digits() > 0 && text.empty();
}

/// The nearest double of a text that is_decimal(); infinite where it overflows, 0 where it underflows.
double decimal_value(std::string_view text) {
  const bool negative = text[0] == '-';
  text = without_sign(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    // Which of the two: by the decimal place of the first digit that is not 0.
    const std::size_t mantissa_end = std::min(text.find_first_of("eE"), text.size());
    const std::string_view mantissa = text.substr(0, mantissa_end);
    const std::size_t first = mantissa.find_first_of("123456789");
    const auto point = static_cast<long long>(std::min(mantissa.find('.'), mantissa.size()));
    long long exponent = 0;
    if (mantissa_end < text.size()) {
      std::string_view digits = text.substr(mantissa_end + 1);
      const bool down = digits.starts_with('-');
      digits = without_sign(digits);
      if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec != std::errc{})
        exponent = std::numeric_limits<int>::max();
      if (down) exponent = -exponent;
    }
    const bool is_zero = first == std::string_view::npos;
    const bool large = !is_zero && point - static_cast<long long>(first) + exponent > 0;
    value = large ? std::numeric_limits<double>::infinity() : 0;
  }
  return negative ? -value : value;
}

template <typename Integer>
std::optional<Integer> digits_value(std::string_view digits, int base) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// --- GitHub ---------------------------------------------------------------------------------------------------------

/// .NET's Int32 from hexadecimal or octal digits: 32 bits, the highest of them the sign.
std::optional<double> int32_value(std::string_view digits, int base) {
  const auto value = digits_value<std::uint32_t>(digits, base);
  if (!value) return std::nullopt;
  return static_cast<std::int32_t>(*value);
}

Typed typed_by_github(std::string_view text, ScalarStyle style, std::string_view tag) {
  if (style != ScalarStyle::plain) return Text{};
  if (!tag.empty() && !(tag.starts_with(kYamlTag) &&
                        is_one_of(tag.substr(kYamlTag.size()), {"bool", "int", "float", "null"})))
    return Text{};
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return {};
  if (is_one_of(text, {"true", "True", "TRUE"})) return true;
  if (is_one_of(text, {"false", "False", "FALSE"})) return false;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (is_one_of(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"})) return kInfinity;
  if (is_one_of(text, {"-.inf", "-.Inf", "-.INF"})) return -kInfinity;
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();
  if (text.size() > 2 && (text.starts_with("0x") || text.starts_with("0o"))) {
    const auto value = int32_value(text.substr(2), text[1] == 'x' ? 16 : 8);
    if (value) return *value;
    return Text{};  // GitHub refuses a file with a longer one
  }
  if (!is_decimal(text)) return Text{};
  return decimal_value(text);  // all numbers are doubles
}

/// A decimal number as digits and the power of ten of the first: 1.5e7 is {false, "15", 7}.
struct Decimal {
  bool negative = false;
  std::string digits;
  int exponent = 0;
};

/// From std::to_chars' scientific form, trailing zeros dropped.
Decimal decimal_of(std::string_view scientific) {
  Decimal decimal;
  decimal.negative = scientific.starts_with('-');
  scientific = without_sign(scientific);
  const std::size_t e = scientific.find('e');
  for (const char c : scientific.substr(0, e))
    if (is_digit(c)) decimal.digits += c;
  decimal.digits.erase(std::max<std::size_t>(decimal.digits.find_last_not_of('0') + 1, 1));
  const std::string_view exponent = scientific.substr(e + 1);
  const std::string_view magnitude = without_sign(exponent);
  std::from_chars(magnitude.data(), magnitude.data() + magnitude.size(), decimal.exponent);
  if (exponent.starts_with('-')) decimal.exponent = -decimal.exponent;
  return decimal;
}

template <typename Float, typename... Precision>
Decimal decimal_of_number(Float value, Precision... precision) {
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific,
                                 precision...).ptr;
  return decimal_of({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

std::string positional(const Decimal& decimal) {
  std::string text = decimal.digits;
  const auto count = static_cast<int>(text.size());
  if (decimal.exponent < 0) text.insert(0, "0." + std::string(static_cast<std::size_t>(-decimal.exponent - 1), '0'));
  else if (decimal.exponent >= count - 1) text.append(static_cast<std::size_t>(decimal.exponent - count + 1), '0');
  else text.insert(static_cast<std::size_t>(decimal.exponent + 1), ".");
  return decimal.negative ? "-" + text : text;
}

/// 1.5e+07: at least two digits of exponent, as Go and .NET write it.
std::string scientific(const Decimal& decimal, char e) {
  std::string text = decimal.negative ? "-" : "";
  text += decimal.digits[0];
  if (decimal.digits.size() > 1) text += "." + decimal.digits.substr(1);
  text += e;
  text += decimal.exponent < 0 ? '-' : '+';
  const int magnitude = std::abs(decimal.exponent);
  if (magnitude < 10) text += '0';
  return text + std::to_string(magnitude);
}

/// .NET's "G15".
std::string printed_by_github(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  const Decimal decimal = decimal_of_number(value, 14);
  return decimal.exponent < -4 || decimal.exponent >= 15 ? scientific(decimal, 'E') : positional(decimal);
}

// --- Helm: go-yaml v2, resolve.go -----------------------------------------------------------------------------------

/// Go's strconv.ParseInt and ParseUint with base 0, after go-yaml took out the underscores.
std::optional<Typed> integer_by_go(std::string_view text) {
  const bool negative = text.starts_with('-'), has_sign = negative || text.starts_with('+');
  std::string_view digits = without_sign(text);
  int base = 10;
  if (digits.starts_with('0')) {
    const char kind = digits.size() >= 3 ? static_cast<char>(digits[1] | 0x20) : '\0';
    base = kind == 'b' ? 2 : kind == 'x' ? 16 : 8;
    digits.remove_prefix(kind == 'b' || kind == 'x' || kind == 'o' ? 2 : 1);
    if (digits.empty()) return std::int64_t{0};
  }
  if (digits.starts_with('-')) return std::nullopt;
  const auto value = digits_value<std::uint64_t>(digits, base);
  if (!value) return std::nullopt;
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (negative) {
    if (*value > kMax + 1) return std::nullopt;
    return static_cast<std::int64_t>(0 - *value);
  }
  if (*value <= kMax) return static_cast<std::int64_t>(*value);
  if (has_sign) return std::nullopt;
  return *value;
}

/// What go-yaml finds behind "0b" when ParseInt did not take it: digits that may carry a sign of their own.
std::optional<Typed> odd_binary_by_go(std::string_view text) {
  const bool negative = text.starts_with("-0b");
  if (!negative && !text.starts_with("0b")) return std::nullopt;
  std::string_view digits = text.substr(negative ? 3 : 2);
  const bool signed_digits = !negative && (digits.starts_with('+') || digits.starts_with('-'));
  const bool minus = signed_digits && digits[0] == '-';
  if (signed_digits) digits.remove_prefix(1);
  if (digits.starts_with('-')) return std::nullopt;
  const auto value = digits_value<std::int64_t>(digits, 2);
  if (!value) return std::nullopt;
  return negative || minus ? -*value : *value;
}

std::optional<Typed> finite_by_go(std::string_view text) {
  if (!is_decimal(text)) return std::nullopt;
  const double value = decimal_value(text);
  if (std::isinf(value)) return std::nullopt;
  return value;
}

std::optional<Typed> number_by_helm(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '_');
  if (text[0] == '.') {  // goes to Go's ParseFloat as it stands, which wants a digit on both sides of '_'
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '_' && !(is_digit(text[i - 1]) && i + 1 < text.size() && is_digit(text[i + 1])))
        return std::nullopt;
    return finite_by_go(plain);
  }
  if (auto integer = integer_by_go(plain)) return integer;
  if (auto finite = finite_by_go(plain)) return finite;
  return odd_binary_by_go(plain);
}

Typed resolved_by_helm(std::string_view text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return {};
  if (is_one_of(text, {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})) return true;
  if (is_one_of(text, {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})) return false;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (is_one_of(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"})) return kInfinity;
  if (is_one_of(text, {"-.inf", "-.Inf", "-.INF"})) return -kInfinity;
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();
  if (!is_digit(text[0]) && text[0] != '.' && text[0] != '+' && text[0] != '-') return Text{};
  return number_by_helm(text).value_or(Text{});
}

/// A tag types a quoted scalar too. Where the text does not fit its tag Helm refuses the file; it counts as text here.
Typed typed_by_helm(std::string_view text, ScalarStyle style, std::string_view tag) {
  if (tag.empty()) return style == ScalarStyle::plain ? resolved_by_helm(text) : Text{};
  if (!tag.starts_with(kYamlTag)) return Text{};
  tag.remove_prefix(kYamlTag.size());
  if (!is_one_of(tag, {"bool", "int", "float", "null"})) return Text{};
  const Typed typed = resolved_by_helm(text);
  if (tag == "float" && std::holds_alternative<std::int64_t>(typed))
    return static_cast<double>(std::get<std::int64_t>(typed));
  const bool fits = tag == "bool"    ? std::holds_alternative<bool>(typed)
                    : tag == "float" ? std::holds_alternative<double>(typed)
                    : tag == "null"  ? std::holds_alternative<std::monostate>(typed)
                                     : std::holds_alternative<std::int64_t>(typed) ||
                                          std::holds_alternative<std::uint64_t>(typed);
  if (fits) return typed;
  return Text{};
}

/// Go's strconv.FormatFloat(value, 'g', -1, 32 or 64).
template <typename Float>
std::string printed_by_go(Float value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  const Decimal decimal = decimal_of_number(value);
  return decimal.exponent < -4 || decimal.exponent >= 6 ? scientific(decimal, 'e') : positional(decimal);
}

float as_float32(double value) {
  // The cast of a double beyond float's range is undefined; Go gives an infinity.
  constexpr double kMax = std::numeric_limits<float>::max();
  if (std::abs(value) >= kMax + std::ldexp(1.0, 103))  // half a unit above the largest
    return value < 0 ? -std::numeric_limits<float>::infinity() : std::numeric_limits<float>::infinity();
  return static_cast<float>(std::clamp(value, -kMax, kMax));
}

ScalarType type_of(const Typed& typed) {
  switch (typed.index()) {
    case 0: return ScalarType::null;
    case 1: return ScalarType::boolean;
    case 2: case 3: return ScalarType::integer;
    case 4: return ScalarType::floating;
    default: return ScalarType::string;
  }
}

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace

ScalarType type_as_github(std::string_view text, ScalarStyle style, std::string_view tag) {
  const ScalarType type = type_of(typed_by_github(text, style, tag));
  const bool has_point = !text.starts_with("0x") && text.find_first_of(".eE") != std::string_view::npos;
  return type == ScalarType::floating && !has_point ? ScalarType::integer : type;
}

ScalarType type_as_helm(std::string_view text, ScalarStyle style, std::string_view tag) {
  return type_of(typed_by_helm(text, style, tag));
}

std::string github_string(std::string_view text, ScalarStyle style, std::string_view tag) {
  return std::visit(Overloaded{[](std::monostate) { return std::string(); },
                               [](bool value) { return std::string(value ? "true" : "false"); },
                               [](std::int64_t value) { return printed_by_github(static_cast<double>(value)); },
                               [](std::uint64_t value) { return printed_by_github(static_cast<double>(value)); },
                               [](double value) { return printed_by_github(value); },
                               [&](Text) { return std::string(text); }},
                    typed_by_github(text, style, tag));
}

std::string helm_string(std::string_view text, ScalarStyle style, std::string_view tag) {
  return std::visit(Overloaded{[](std::monostate) { return std::string(); },
                               [](bool value) { return std::string(value ? "true" : "false"); },
                               [](std::int64_t value) { return std::to_string(value); },
                               [](std::uint64_t value) { return std::to_string(value); },
                               [](double value) { return printed_by_go(as_float32(value)); },
                               [&](Text) { return std::string(text); }},
                    typed_by_helm(text, style, tag));
}

std::string helm_rendered(std::string_view text, ScalarStyle style, std::string_view tag) {
  const std::string as_written(text);
  return std::visit(Overloaded{[](std::monostate) { return std::string(); },
                               [](bool value) { return std::string(value ? "true" : "false"); },
                               [](std::int64_t value) { return printed_by_go(static_cast<double>(value)); },
                               [](std::uint64_t value) { return printed_by_go(static_cast<double>(value)); },
                               [&](double value) { return std::isfinite(value) ? printed_by_go(value) : as_written; },
                               [&](Text) { return as_written; }},
                    typed_by_helm(text, style, tag));
}

}  // namespace trueup::formats
