#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "git/process.hpp"
#include "git/snapshot.hpp"
#include "git/source.hpp"

namespace trueup::git::testing {

namespace fs = std::filesystem;

/// A folder that is removed with everything in it.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (fs::temp_directory_path() / "trueup-git-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = fs::canonical(name);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }
  fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

inline void write_file(const fs::path& path, std::string_view bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Runs git in `folder`, sealed off from the settings of this machine and with dates that stand still. Gives what it
/// writes, without the line end; fails the test if git fails.
inline std::string git_in(const fs::path& folder, std::vector<std::string> arguments, std::string input = {}) {
  arguments.insert(arguments.begin(), {"-c", "protocol.file.allow=always", "-c", "advice.detachedHead=false"});
  const auto outcome = run_process({.executable = find_executable("git").value(),
                                    .arguments = arguments,
                                    .environment = {"PATH=/usr/bin:/bin", "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1",
                                                    "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example",
                                                    "GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example",
                                                    "GIT_AUTHOR_DATE=1700000000 +0000",
                                                    "GIT_COMMITTER_DATE=1700000000 +0000"},
                                    .folder = folder,
                                    .input = std::move(input),
                                    .deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60)});
  if (!outcome || outcome->exit_code != 0) {
    std::string command;
    for (const std::string& argument : arguments) command += " " + argument;
    ADD_FAILURE() << "git" << command << ": " << (outcome ? outcome->errors : outcome.error().message);
    return {};
  }
  std::string text = outcome->output;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// A repository with a work tree, branch main, in a folder of its own.
class Repository {
 public:
  explicit Repository(const std::string& name = "deploy") : path_(temp_ / name) {
    fs::create_directories(path_);
    git({"init", "--quiet", "--initial-branch=main"});
  }
  const fs::path& path() const { return path_; }
  const fs::path& outer() const { return temp_.path(); }

  std::string git(std::vector<std::string> arguments, std::string input = {}) const {
    return git_in(path_, std::move(arguments), std::move(input));
  }
  void write(const std::string& name, std::string_view bytes) const { write_file(path_ / name, bytes); }
  /// Everything that is on disk.
  CommitId commit(const std::string& message = "change") const {
    git({"add", "--all"});
    git({"commit", "--quiet", "--allow-empty", "--message", message});
    return tip("HEAD");
  }
  CommitId commit_file(const std::string& name, std::string_view bytes) const {
    write(name, bytes);
    return commit(name);
  }
  CommitId tip(const std::string& revision) const {
    return CommitId::from_hex(git({"rev-parse", "--verify", revision + "^{commit}"})).value_or(CommitId{});
  }
  Source open() const {
    auto source = Source::open(path_, Discover::here);
    if (!source) throw std::runtime_error(source.error().message);
    return *source;
  }

 private:
  TempFolder temp_;
  fs::path path_;
};

inline Source open_here(const fs::path& path) {
  auto source = Source::open(path, Discover::here);
  if (!source) throw std::runtime_error(source.error().message);
  return *source;
}

inline PathSelector every_file() {
  return {[](std::string_view) { return true; }};
}

/// "path mode" of every selected file, in order.
inline std::vector<std::string> listed(const FileSet& files) {
  std::vector<std::string> all;
  files.for_each([&](const Entry& entry) {
    all.push_back(std::string(entry.path) + " " + std::string(to_string(entry.mode)));
  });
  return all;
}
inline std::vector<std::string> listed(const Snapshot& snapshot) { return listed(*snapshot.files()); }

inline std::vector<std::string> all_paths(const Snapshot& snapshot) {
  std::vector<std::string> all;
  snapshot.for_each_path([&](std::string_view path, EntryMode) { all.emplace_back(path); });
  return all;
}

inline Entry entry_of(const Snapshot& snapshot, std::string_view path) {
  for (const Entry& entry : snapshot.files()->entries()) {
    if (entry.path == path) return entry;
  }
  ADD_FAILURE() << "no entry " << path;
  return {};
}

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

}  // namespace trueup::git::testing
