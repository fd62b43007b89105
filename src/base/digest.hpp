#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace trueup {

/// SHA-256 as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

/// The same of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void add(std::string_view bytes);
  std::string hex();  ///< once, at the end

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-1 of `first` followed by `second`: git names its objects so. It protects nothing.
std::array<unsigned char, 20> sha1(std::string_view first, std::string_view second = {});

}  // namespace trueup
