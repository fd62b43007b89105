#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace trueup::live {

/// The part of the outer world that credentials and proxies are read from, as values that a test can replace.
struct Surroundings {
  /// Value of an environment variable; nothing if it is not set.
  std::function<std::optional<std::string>(std::string_view name)> environment;
  /// Bytes of a small file (1 MiB at most). Fault::not_found if there is none, Fault::denied, Fault::over_limit.
  std::function<Result<std::string>(const std::string& path)> read_file;
  /// Runs `docker-credential-<name> get` with `input` on its standard input, and returns its standard output.
  /// Fault::not_found if there is no such program; timed_out, over_limit; denied if it exits with another status than
  /// 0.
  std::function<Result<std::string>(const std::string& name, const std::string& input)> run_credential_helper;
};

/// This process' environment, files and programs.
Surroundings real_surroundings();
/// Nothing is set, nothing is there.
Surroundings empty_surroundings();

}  // namespace trueup::live
