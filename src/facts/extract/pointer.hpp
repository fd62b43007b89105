#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/json_pointer.hpp"

namespace trueup::facts {

/// The JSON pointer (RFC 6901) of the place where a walk stands, grown and cut as it goes down and up.
class Pointer {
 public:
  const std::string& text() const { return text_; }
  std::size_t size() const { return text_.size(); }

  void push(std::string_view key) { formats::append_step(text_, key); }
  void push(std::uint32_t position) {
    char digits[10];
    const auto end = std::to_chars(digits, digits + sizeof digits, position);
    text_ += '/';
    text_.append(digits, end.ptr);
  }
  /// Back to a size() of before.
  void cut(std::size_t size) { text_.resize(size); }

 private:
  std::string text_;
};

}  // namespace trueup::facts
