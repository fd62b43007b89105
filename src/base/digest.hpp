#pragma once

#include <array>
#include <string>
#include <string_view>

namespace trueup {

/// SHA-256 as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

/// SHA-1 of `first` followed by `second`: git names its objects so. It protects nothing.
std::array<unsigned char, 20> sha1(std::string_view first, std::string_view second = {});

}  // namespace trueup
