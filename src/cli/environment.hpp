#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "live/curl_client.hpp"

namespace trueup::cli {

/// What commands may know of the process around them; tests give their own.
struct Environment {
  std::function<std::optional<std::string>(std::string_view name)> variable;
  std::string folder;            ///< the current one, absolute
  std::function<std::int64_t()> now;  ///< seconds since 1970
  std::function<void(std::string_view)> out, err;
  /// What standard input holds, so many bytes of it at most; unset: nothing.
  std::function<std::string(std::size_t most)> standard_input = {};
  live::HttpOptions http = {};   ///< above all: how long servers are waited for
  bool out_is_terminal = false, err_is_terminal = false;
  std::size_t width = 100;       ///< columns of the terminal
  bool ends_process = false;     ///< nothing runs after the command: what it holds need not be taken apart
};

/// This process.
Environment real_environment();

}  // namespace trueup::cli
