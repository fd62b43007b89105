#pragma once

// Private to git/: runs the user's git.

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace trueup::git {

struct ProcessRequest {
  /// Absolute.
  std::filesystem::path executable;
  /// Without the program's own name.
  std::vector<std::string> arguments;
  /// "NAME=value"; the whole of it.
  std::vector<std::string> environment;
  std::filesystem::path folder = "/";
  std::string input = {};
  std::chrono::steady_clock::time_point deadline;
  std::size_t max_output = 64u << 20;
  std::stop_token cancel = {};
};

struct ProcessOutcome {
  /// 128 + the signal for a process that was killed.
  int exit_code = 0;
  std::string output;
  /// The last 64 KB of standard error.
  std::string errors;
};

/// Runs a program without a shell, without a terminal, in a session of its own, and waits for it. It ends when this
/// process does; at the deadline, on cancel and on too much output its whole process group is ended.
/// Errors: timed_out, cancelled, over_limit, unreachable (it cannot be started).
Result<ProcessOutcome> run_process(const ProcessRequest& request);

/// `name` itself if it is an absolute path, else the first match in the absolute folders of PATH: the current folder
/// may be a stranger's repository.
std::optional<std::filesystem::path> find_executable(const std::string& name);

}  // namespace trueup::git
