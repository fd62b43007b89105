#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

// Private to the SQL functions: one call of one, and what is kept between calls.
namespace trueup::rules {

/// What was compiled from a text, for the texts that were seen last. A rule matches few patterns with many names, and
/// SQLite's own place for this (auxdata) serves only patterns that stand in the query itself.
template <typename Compiled>
class CompiledTexts {
 public:
  template <typename Compile>
  const Compiled& get(std::string_view text, Compile compile) {
    if (const auto found = kept_.find(text); found != kept_.end()) return found->second;
    if (kept_.size() == kMostTexts || bytes_ + text.size() > kMostBytes) {
      kept_.clear();
      bytes_ = 0;
    }
    bytes_ += text.size();
    return kept_.emplace(text, compile(text)).first->second;
  }

 private:
  static constexpr std::size_t kMostTexts = 512;
  static constexpr std::size_t kMostBytes = 4u << 20;
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::unordered_map<std::string, Compiled, Hash, std::equal_to<>> kept_;
  std::size_t bytes_ = 0;
};

/// The arguments and the answer of one call. Without an answer the function gives NULL.
template <typename State>
class SqlCall {
 public:
  SqlCall(sqlite3_context* context, sqlite3_value** arguments, State& state)
      : context_(context), arguments_(arguments), state_(state) {}

  State& state() const { return state_; }
  bool is_null(int index) const { return sqlite3_value_type(arguments_[index]) == SQLITE_NULL; }
  /// The argument as text, where it is one (or a number) of at most `most` bytes.
  std::optional<std::string_view> text(int index, std::size_t most) const {
    const int type = sqlite3_value_type(arguments_[index]);
    if (type == SQLITE_NULL || type == SQLITE_BLOB) return std::nullopt;
    const auto* bytes = sqlite3_value_text(arguments_[index]);
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(arguments_[index]));
    if (bytes == nullptr || size > most) return std::nullopt;
    return std::string_view(reinterpret_cast<const char*>(bytes), size);
  }
  /// The argument where it is an integer, and is so by its type.
  std::optional<sqlite3_int64> integer(int index) const {
    if (sqlite3_value_type(arguments_[index]) != SQLITE_INTEGER) return std::nullopt;
    return sqlite3_value_int64(arguments_[index]);
  }

  void answer(bool yes) { sqlite3_result_int(context_, yes ? 1 : 0); }
  void answer(double number) { sqlite3_result_double(context_, number); }
  void answer(std::string_view text) {
    const char* bytes = text.empty() ? "" : text.data();  // a null pointer would give NULL
    sqlite3_result_text64(context_, bytes, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  void answer(const char*) = delete;  // would be a bool
  void fail(const std::string& message) {
    sqlite3_result_error(context_, message.data(), static_cast<int>(message.size()));
  }

 private:
  sqlite3_context* context_;
  sqlite3_value** arguments_;
  State& state_;
};

}  // namespace trueup::rules
