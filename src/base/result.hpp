#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/span.hpp"

namespace trueup {

/// What kind of bad news this is. Code branches on it; the message is for people.
enum class Fault { malformed, not_found, unreachable, denied, timed_out, over_limit, cancelled };

/// "malformed", "not found", ...: the word that a report shows.
std::string_view to_string(Fault fault);

/// Why something could not be had. `message` says what, where the other record stands and how to be right; it holds no
/// secret. `at` is the place in the bytes that were being read, where there is one.
struct Error {
  Fault fault = Fault::malformed;
  std::string message;
  std::optional<ByteRange> at = {};

  /// The same error, saying what was being read: "chart version: leading zero".
  Error within(std::string_view what) &&;
};

/// A value or an Error. Has the member names of C++23's std::expected, which replaces it one day.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return content_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& value() & { return checked<0>(*this); }
  const T& value() const& { return checked<0>(*this); }
  T&& value() && { return std::move(checked<0>(*this)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { return checked<1>(*this); }
  const Error& error() const& { return checked<1>(*this); }
  Error&& error() && { return std::move(checked<1>(*this)); }

  template <typename U>
  T value_or(U&& fallback) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  template <std::size_t I, typename Self>
  static auto& checked(Self& self) {
    assert(self.content_.index() == I);
    return *std::get_if<I>(&self.content_);
  }

  std::variant<T, Error> content_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }

  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace trueup
