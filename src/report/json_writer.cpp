#include "report/json_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace trueup::report {

void append_json(const Json& json, std::string& out) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::array<char, 16> escape{};
  const auto may_be_special = [](char c) { return c == '#' || static_cast<unsigned char>(c) >= 0x80; };
  for (std::size_t i = 0; i < text.size();) {
    if (!may_be_special(text[i])) {
      const auto from = text.begin() + static_cast<std::ptrdiff_t>(i), to = std::find_if(from, text.end(), may_be_special);
      out.append(from, to);
      i += static_cast<std::size_t>(to - from);
      continue;
    }
    if (text.compare(i, 3, "##[") == 0) {
      out += "#\\u0023[";
      i += 3;
      continue;
    }
    if (text[i] == '#') {
      out += text[i++];
      continue;
    }
    const Character next = first_character(std::string_view(text).substr(i));
    i += next.bytes.size();
    if (printable(next.bytes) == next.bytes) {
      out += next.bytes;
    } else if (next.code < 0x10000) {
      std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(next.code));
      out += escape.data();
    } else {
      const auto rest = static_cast<unsigned>(next.code) - 0x10000;
      std::snprintf(escape.data(), escape.size(), "\\u%04x\\u%04x", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
      out += escape.data();
    }
  }
}

}  // namespace trueup::report
