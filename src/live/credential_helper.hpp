#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"

namespace trueup::live {

/// Runs `docker-credential-<name> get`, found on PATH, without a shell, with `input` on its standard input. Its
/// standard output, 64 KiB at most; its standard error is dropped. After the time-out it is killed, with what it
/// started. Errors: Fault::malformed for a name with other characters than [a-z0-9-]; not_found, timed_out, over_limit;
/// denied if it ends with another status than 0 (docker's helpers do so for "credentials not found" too).
Result<std::string> run_credential_helper(const std::string& name, const std::string& input,
                                          std::chrono::milliseconds time_out);

}  // namespace trueup::live
