#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "e2e/run_cli.hpp"

namespace trueup::e2e {

inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

inline std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + '\'';
}

/// What a step of the action came to.
struct StepOutcome {
  int code = 0;
  std::string log;
  std::map<std::string, std::string> outputs;
};

/// A runner of GitHub's, as far as the scripts of the action see it: a workspace, a folder for the run, the variables.
class Runner {
 public:
  Runner() {
    std::filesystem::create_directories(workspace());
    std::filesystem::create_directories(temp());
    variables = {{"GITHUB_ACTION_PATH", TRUEUP_SOURCE_DIR}, {"GITHUB_WORKSPACE", workspace().string()},
                 {"RUNNER_TEMP", temp().string()},          {"GITHUB_REPOSITORY", "acme/deploy"},
                 {"GITHUB_EVENT_NAME", "push"},             {"GITHUB_EVENT_PATH", (folder_.path() / "event.json").string()},
                 {"GITHUB_REF", "refs/heads/main"},         {"GITHUB_SHA", "0123456789012345678901234567890123456789"},
                 {"GITHUB_ACTOR", "dev"},                   {"GITHUB_ACTIONS", "true"},
                 {"GITHUB_SERVER_URL", "http://127.0.0.1:9"}, {"GITHUB_API_URL", "http://127.0.0.1:9"},
                 {"GITHUB_STEP_SUMMARY", (folder_.path() / "summary.md").string()},
                 {"GIT_CONFIG_NOSYSTEM", "1"},              {"GIT_CONFIG_GLOBAL", "/dev/null"},
                 {"HOME", temp().string()},                 {"PATH", std::getenv("PATH")},
                 {"TOKEN", "the-token"},                    {"LC_ALL", "C.UTF-8"}};
  }

  const Folder& folder() const { return folder_; }
  std::filesystem::path workspace() const { return folder_.path() / "workspace"; }
  std::filesystem::path temp() const { return folder_.path() / "temp"; }
  std::string summary() const { return text_of(folder_.path() / "summary.md"); }

  /// The event of a pull request, of a fork or not.
  void pull_request(const std::string& base, bool fork = false) {
    variables["GITHUB_EVENT_NAME"] = "pull_request";
    variables["GITHUB_BASE_REF"] = "main";
    folder_.write("event.json", R"({"pull_request": {"number": 7, "base": {"ref": "main", "sha": ")" + base + R"("}, "head": {"repo": )" +
                                    (fork ? "null" : R"({"full_name": "acme/deploy"})") + "}}}");
  }

  /// Runs a script of action/ with further variables, in the workspace.
  StepOutcome step(const std::string& script, const std::map<std::string, std::string>& inputs = {}) const {
    const auto output = folder_.path() / "output.txt", log = folder_.path() / "log.txt";
    std::filesystem::remove(output);
    std::map<std::string, std::string> all = variables;
    all["GITHUB_OUTPUT"] = output.string();
    for (const auto& [name, value] : inputs) all[name] = value;
    std::string command = "cd " + shell_quoted(workspace().string()) + " && env -i";
    for (const auto& [name, value] : all) command += ' ' + shell_quoted(name + '=' + value);
    command += " bash " + shell_quoted(TRUEUP_SOURCE_DIR "/action/" + script) + " >" + shell_quoted(log.string()) + " 2>&1";
    const int status = std::system(command.c_str());
    StepOutcome outcome{WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(log), {}};
    std::ifstream lines(output);
    for (std::string line; std::getline(lines, line);)
      if (const std::size_t equals = line.find('='); equals != std::string::npos) outcome.outputs[line.substr(0, equals)] = line.substr(equals + 1);
    return outcome;
  }

  /// The step that checks, with the inputs' defaults.
  StepOutcome check(std::map<std::string, std::string> inputs = {}) const {
    inputs.merge(std::map<std::string, std::string>{
        {"TRUEUP", TRUEUP_BINARY}, {"CHECK_PATH", "."}, {"CONFIG", ""}, {"CONFIG_REPOSITORY", ""}, {"CONFIG_REF", ""}, {"BASE", "auto"},
        {"AT", ""}, {"NAME", "trueup"}, {"FAIL_ON", "error"}, {"REQUIRE_COMPLETE", "false"}, {"OFFLINE", "false"}, {"ARGUMENTS", ""},
        {"SUMMARY", "true"}, {"FLEET_TOKEN", ""}, {"MODE", "check"}, {"HISTORY", ""}, {"NEW_ONLY", "false"}});
    return step("check.sh", inputs);
  }

  std::map<std::string, std::string> variables;

 private:
  Folder folder_;
};

}  // namespace trueup::e2e
