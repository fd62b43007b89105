#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "live/record.hpp"
#include "live/temporary_folder.hpp"

namespace trueup::live_test {

/// The folder of exchanges with real servers of one kind; it may not be there.
inline std::filesystem::path recordings_of(const std::string& kind) {
  const char* shared = ::getenv("TRUEUP_SHARED");
  const std::filesystem::path folder = shared ? shared : std::filesystem::path(TRUEUP_SOURCE_DIR) / ".." / "shared";
  return folder / "recorded" / kind;
}

/// Names of its files without ".json", sorted.
inline std::vector<std::string> exchanges_of(const std::string& kind) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(recordings_of(kind))) names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

/// A replay of some exchanges, by file name without ".json".
inline std::unique_ptr<live::Replay> replay_of(const std::string& kind, const std::vector<std::string>& names) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& name : names) files.emplace_back(name, read_file(recordings_of(kind) / (name + ".json")));
  auto replay = live::Replay::from_texts(files);
  EXPECT_TRUE(replay) << replay.error().message;
  return std::move(*replay);
}

/// The same token for every host.
class OneToken final : public live::CredentialSource {
 public:
  std::optional<live::Credential> find(const live::HostPort&) override {
    return live::Credential{live::CredentialKind::bearer_token, "", live::Secret("t0ken-s3cret"), "a test"};
  }
  std::vector<live::CredentialNote> explain(const live::HostPort&) override { return {}; }
};

/// The same user name and password for one host.
class OneCredential final : public live::CredentialSource {
 public:
  explicit OneCredential(std::string host) : host_(std::move(host)) {}
  std::optional<live::Credential> find(const live::HostPort& host) override {
    if (host.to_string() != host_) return std::nullopt;
    return live::Credential{live::CredentialKind::basic, "robot", live::Secret("s3cret"), "a test"};
  }
  std::vector<live::CredentialNote> explain(const live::HostPort&) override { return {}; }

 private:
  std::string host_;
};

}  // namespace trueup::live_test

#define SKIP_WITHOUT_RECORDINGS_OF(kind)                                             \
  if (!std::filesystem::is_directory(trueup::live_test::recordings_of(kind)))        \
  GTEST_SKIP() << "no recordings at " << trueup::live_test::recordings_of(kind) << "; set TRUEUP_SHARED to the folder above recorded/"
