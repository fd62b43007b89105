#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace trueup::formats {

/// Unpacks gzip (RFC 1952) piece by piece, so that what a few bytes unpack to is never held whole. Of several members only the first.
class GzipReader {
 public:
  /// `bytes` must outlive it.
  explicit GzipReader(std::string_view bytes);
  /// Of bytes that come piece by piece: `next` writes at most so many and says how many; 0: there are no more.
  explicit GzipReader(std::function<std::size_t(char* into, std::size_t most)> next);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  /// Fills `out`; fewer bytes come back at the end only. Errors: Fault::malformed, for what is no gzip, or is cut short.
  Result<std::size_t> read(char* out, std::size_t size);
  /// Whether the last error was that the end is missing.
  bool is_cut_short() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string gzipped(std::string_view bytes);

}  // namespace trueup::formats
