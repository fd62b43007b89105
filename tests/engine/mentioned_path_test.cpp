// What a document names and no snapshot lists: behind a symlink or a submodule, or in a folder that is not read.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "engine/git_source.hpp"
#include "engine/run.hpp"

namespace trueup::engine {
namespace {

namespace fs = std::filesystem;

class MentionedPath : public testing::Test {
 protected:
  MentionedPath() {
    std::string pattern = (fs::temp_directory_path() / "trueup-engine-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
  }
  ~MentionedPath() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void write(const std::string& path, const std::string& text) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << text;
  }

  /// What the rule says of a chart that takes its dependency from `url`.
  Report judge(std::string_view code, const std::string& url) {
    write("charts/Chart.yaml", "name: platform\ndependencies: [{name: lib, version: 1.0.0, repository: '" + url + "'}]\n");
    Request request;
    request.kinds = *facts::KindRules::compile({});
    for (const rules::Rule& rule : rules::builtin_rules())
      if (rule.code == code) request.rules.push_back({&rule, std::nullopt, {}});
    request.views.assign(rules::builtin_views().begin(), rules::builtin_views().end());
    FleetRepository repository;
    repository.slug = "acme/deploy";
    repository.source = make_git_source(*git::Source::open(folder_), request.kinds);
    repository.asked.push_back({*repository.source->present(), std::nullopt, true});
    request.repositories.push_back(std::move(repository));
    engine::Run run(std::move(request));
    EXPECT_TRUE(run.prepare().empty());
    EXPECT_TRUE(run.load());
    auto report = run.judge();
    EXPECT_TRUE(report);
    return report ? *std::move(report) : Report{};
  }

  fs::path folder_;
};

TEST_F(MentionedPath, BehindASymlinkIsUnknown) {
  write("elsewhere/lib/Chart.yaml", "name: lib\nversion: 1.0.0\n");
  fs::create_directory_symlink("elsewhere", folder_ / "common");
  for (const char* url : {"file://../common/lib", "file://../common", "file://../common/a/b/c"}) {
    const Report report = judge("C12", url);
    EXPECT_TRUE(report.findings.empty()) << url;
    ASSERT_EQ(report.unknowns.size(), 1u) << url;
    EXPECT_NE(report.unknowns[0].because.find("a symlink or a submodule"), std::string::npos) << report.unknowns[0].because;
  }
}

TEST_F(MentionedPath, InARepositoryOfItsOwnIsUnknown) {
  write("vendored/.git", "gitdir: ../.git/modules/vendored\n");
  write("vendored/lib/Chart.yaml", "name: lib\nversion: 1.0.0\n");
  const Report report = judge("C12", "file://../vendored/lib");
  EXPECT_TRUE(report.findings.empty());
}

TEST_F(MentionedPath, InAFolderThatIsNotReadIsThere) {
  write("docs/lib/Chart.yaml", "name: lib\nversion: 1.0.0\n");
  const Report report = judge("C12", "file://../docs/lib");
  EXPECT_TRUE(report.findings.empty());
  EXPECT_TRUE(report.unknowns.empty());
}

TEST_F(MentionedPath, ThatIsNowhereIsViolated) {
  write("common/lib/values.yaml", "a: 1\n");
  for (const char* url : {"file://../common/lib", "file://../commons"})
    EXPECT_EQ(judge("C12", url).findings.size(), 1u) << url;
}

}  // namespace
}  // namespace trueup::engine
