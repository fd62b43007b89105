#pragma once

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "audit/history.hpp"

namespace trueup::audit::test {

/// A folder in memory, where there is one, that goes with the test: a run is a commit, and a disk takes its time with each.
class Folder {
 public:
  Folder() {
    const std::filesystem::path parent = std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string name = (parent / "trueup-audit-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline constexpr std::int64_t kNoon = 1'772'600'000, kDay = 86'400;  // of a day in 2026

/// What a run saw, with the findings that it is made of.
struct Observed {
  Observation seen;
  std::deque<rules::Finding> findings;

  explicit Observed(std::int64_t day) {
    seen.now = kNoon + day * kDay;
    seen.version = "0.1.0";
    seen.sources = {{{SourceKind::repository, "acme/app"}}, {{SourceKind::revision, "acme/app"}}};
    seen.rules = {{"chart/version-published"}};
  }
  Observed(const Observed&) = delete;

  rules::Finding finding(const std::string& rule, const std::string& repository, const std::string& path, const std::string& name) const {
    rules::Finding result;
    result.rule_id = rule;
    result.code = "C01";
    result.message = name + " is wrong";
    result.at.repository = repository;
    result.at.path = path;
    result.at.line_text = name;
    result.key = {{"name", name}};
    result.fingerprint = rules::fingerprint(rule, repository, path, {name}, 0);
    return result;
  }
  Observed& shows(const std::string& name, bool suppressed = false) {
    findings.push_back(finding("chart/version-published", "acme/app", "Chart.yaml", name));
    seen.violated.push_back({&findings.back(), suppressed});
    return *this;
  }
  Observed& cannot_tell(const std::string& name, const std::string& because) {
    findings.push_back(finding("chart/version-published", "acme/app", "Chart.yaml", name));
    findings.back().because = because;
    seen.unknown.push_back(&findings.back());
    return *this;
  }
  Observed& source(SourceState state) {
    for (SourceState& known : seen.sources)
      if (known.source == state.source) {
        known = std::move(state);
        return *this;
      }
    seen.sources.push_back(std::move(state));
    return *this;
  }
  Observed& without(const SourceName& name) {
    std::erase_if(seen.sources, [&](const SourceState& state) { return state.source == name; });
    return *this;
  }
};

/// Every row of a history but times of this machine: there are none. Text, to be compared.
inline std::string dump(const std::string& path) {
  sqlite3* database = nullptr;
  sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
  std::string text;
  const auto add = [](void* out, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i) *static_cast<std::string*>(out) += (values[i] == nullptr ? "NULL" : values[i]) + std::string("|");
    *static_cast<std::string*>(out) += '\n';
    return 0;
  };
  for (const char* query : {"PRAGMA integrity_check", "SELECT * FROM run ORDER BY id", "SELECT * FROM finding ORDER BY fingerprint",
                            "SELECT * FROM unknown ORDER BY fingerprint", "SELECT * FROM knowledge ORDER BY id",
                            "SELECT * FROM knowledge_source ORDER BY 1, 2, 3, 4, 5"}) {
    char* problem = nullptr;
    if (sqlite3_exec(database, query, add, &text, &problem) != SQLITE_OK) text += std::string("error: ") + problem + '\n';
    sqlite3_free(problem);
  }
  sqlite3_close(database);
  return text;
}

}  // namespace trueup::audit::test
