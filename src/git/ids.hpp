#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace trueup::git {

/// The SHA-1 of one object of git. `Kind` keeps apart what must not be mixed up: a BlobId does not fit where a CommitId
/// is asked for. A default-made id is all zeros and names nothing. (SHA-256 repositories are refused when they are
/// opened.)
template <typename Kind>
struct Id {
  static constexpr std::size_t kBytes = 20;
  std::array<unsigned char, kBytes> bytes{};

  /// 40 lower-case hex digits.
  std::string hex() const {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    text.reserve(2 * kBytes);
    for (const unsigned char byte : bytes) {
      text += kHex[byte >> 4];
      text += kHex[byte & 15];
    }
    return text;
  }
  /// The first digits, for people. Not proven to be unambiguous.
  std::string short_hex(std::size_t digits = 10) const { return hex().substr(0, digits); }
  bool is_zero() const { return *this == Id{}; }

  /// Nothing unless `text` is exactly 40 hex digits.
  static std::optional<Id> from_hex(std::string_view text) {
    if (text.size() != 2 * kBytes) return std::nullopt;
    Id id;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      const int digit = c >= '0' && c <= '9' ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return std::nullopt;
      id.bytes[i / 2] = static_cast<unsigned char>(id.bytes[i / 2] * 16 + digit);
    }
    return id;
  }

  friend auto operator<=>(const Id&, const Id&) = default;
};

using BlobId = Id<struct BlobKind>;
using TreeId = Id<struct TreeKind>;
using CommitId = Id<struct CommitKind>;

}  // namespace trueup::git

/// Ids are digests already: their first bytes are a hash.
template <typename Kind>
struct std::hash<trueup::git::Id<Kind>> {
  std::size_t operator()(const trueup::git::Id<Kind>& id) const noexcept {
    std::size_t value;
    std::memcpy(&value, id.bytes.data(), sizeof value);
    return value;
  }
};
