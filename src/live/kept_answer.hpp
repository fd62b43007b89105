#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "live/http.hpp"

/// Answers in files, for cached_client.cpp.
namespace trueup::live {

inline constexpr std::size_t kMaxKeptBytes = 64u << 20;

/// One that was kept, and is whole.
class KeptAnswer {
 public:
  /// Nothing for what is no such file, is not whole, or has a body of more than `most` bytes. All of it is read, piece by piece.
  static std::optional<KeptAnswer> open(const std::filesystem::path& path, std::size_t most);

  const std::vector<HttpHeader>& headers() const { return headers_; }
  std::size_t bytes() const { return bytes_; }
  /// The next bytes of the body; 0: there are no more.
  std::size_t next(char* into, std::size_t most);

 private:
  KeptAnswer() = default;

  std::ifstream file_;
  std::vector<HttpHeader> headers_;
  std::size_t bytes_ = 0, left_ = 0;
};

/// Writes one. What is not finished leaves nothing behind.
class AnswerWriter {
 public:
  /// `partial`: where it lies until it is whole.
  explicit AnswerWriter(std::filesystem::path partial) : partial_(std::move(partial)) {}
  AnswerWriter(const AnswerWriter&) = delete;
  AnswerWriter& operator=(const AnswerWriter&) = delete;
  ~AnswerWriter();

  /// Begins anew. An answer without an ETag is not kept.
  void begin(const std::vector<HttpHeader>& headers);
  void add(std::string_view bytes);
  /// The body was whole.
  void finish(const std::filesystem::path& path);

 private:
  void drop();

  const std::filesystem::path partial_;
  std::ofstream file_;
  std::optional<Sha256> digest_;  ///< while one is being written
  std::size_t bytes_ = 0;
};

}  // namespace trueup::live
