#pragma once

#include <cstddef>
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
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  /// Fills `out`; fewer bytes come back at the end only. Errors: Fault::malformed, for what is no gzip, or is cut short.
  Result<std::size_t> read(char* out, std::size_t size);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string gzipped(std::string_view bytes);

}  // namespace trueup::formats
