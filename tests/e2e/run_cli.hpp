#pragma once

#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/environment.hpp"

namespace trueup::e2e {

struct Outcome {
  int code = 0;
  std::string out, err;
};

/// Servers of tests are near: what is asked again is asked at once, and one that is silent is not waited for longer than `patience`.
inline live::HttpOptions near_servers(std::chrono::milliseconds patience = std::chrono::seconds(60)) {
  live::HttpOptions options;
  options.first_backoff = std::chrono::milliseconds(10);
  options.total_timeout = patience;
  return options;
}
inline constexpr std::chrono::milliseconds kImpatient{300};

/// The command line as a user gives it, in this process, with an environment of its own.
inline Outcome run_cli(const std::filesystem::path& folder, const std::vector<std::string>& words,
                       const std::map<std::string, std::string>& variables = {}, live::HttpOptions http = near_servers()) {
  Outcome outcome;
  cli::Environment environment;
  environment.folder = folder.string();
  environment.variable = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  environment.now = [] { return std::int64_t{1'790'000'000}; };
  environment.http = std::move(http);
  environment.out = [&](std::string_view text) { outcome.out += text; };
  environment.err = [&](std::string_view text) { outcome.err += text; };
  outcome.code = cli::run_command(words, environment);
  return outcome;
}

/// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "trueup-e2e-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }
  /// Runs git there; true if it went well.
  bool git(const std::string& arguments) const {
    const std::string command = "cd '" + path_.string() + "' && git -c user.name=t -c user.email=t@acme.example " +
                                "-c init.defaultBranch=main -c advice.detachedHead=false " + arguments + " >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace trueup::e2e
