#pragma once

#include <string>
#include <string_view>

namespace trueup::formats {

/// Adds a step to a JSON pointer: "/image" and "a/b" give "/image/a~1b". Source: RFC 6901, section 3.
inline void append_step(std::string& pointer, std::string_view key) {
  pointer += '/';
  // Not find_first_of(), which looks each byte of the key up in the set.
  if (key.find('~') == std::string_view::npos && key.find('/') == std::string_view::npos) {
    pointer += key;
    return;
  }
  for (const char c : key) {
    if (c == '~') pointer += "~0";
    else if (c == '/') pointer += "~1";
    else pointer += c;
  }
}

/// The pointer one step below another one.
inline std::string step_below(std::string pointer, std::string_view key) {
  append_step(pointer, key);
  return pointer;
}

}  // namespace trueup::formats
