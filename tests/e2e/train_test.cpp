// The fleet of fixtures/train as `scripts/demo` shows it: eight repositories, forty tags, a recorded registry and package indexes, and a
// release that broke off.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "e2e/run_cli.hpp"

namespace trueup::e2e {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// The fixture with its history, in a folder of its own.
std::unique_ptr<Folder> made_fleet() {
  auto folder = std::make_unique<Folder>();
  const std::string script = (fs::path(TRUEUP_SOURCE_DIR) / "fixtures/train/make-history").string();
  if (std::system(("'" + script + "' '" + folder->path().string() + "' >/dev/null 2>&1").c_str()) != 0) return nullptr;
  return folder;
}

/// "E03 acme/helm app/Chart.yaml:4 /appVersion says …" of every finding, in the order of the report.
std::vector<std::string> findings(const Folder& folder) {
  const Outcome outcome = run_cli(folder.path(), {"check", "--replay", "registry", "--only", "release", "--format", "json", "--fail-on", "never"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  std::vector<std::string> lines;
  const Json report = Json::parse(outcome.out);
  for (const Json& finding : report["findings"]) {
    const Json& at = finding["at"];
    lines.push_back(finding["code"].get<std::string>() + ' ' + at.value("repository", "") + ' ' + at["path"].get<std::string>() + ':' +
                    std::to_string(at["begin"]["line"].get<int>()));
  }
  return lines;
}

TEST(TrainDemo, EveryMistakeOfTheFleetIsFoundAndTheConfigurationIsCompleted) {
  const auto fleet = made_fleet();
  ASSERT_TRUE(fleet);
  std::size_t tags = 0;
  for (const auto& entry : fs::directory_iterator(fleet->path() / "acme"))
    for (const auto& tag : fs::directory_iterator(entry.path() / ".git/refs/tags")) tags += tag.is_regular_file() ? 1 : 0;
  EXPECT_EQ(tags, 40u);

  const std::vector<std::string> broken = {
      "E18  trueup.yaml:16", "E02  trueup.yaml:22", "E36  trueup.yaml:22", "E30  trueup.yaml:23", "E32  trueup.yaml:24", "E19  trueup.yaml:24", "E31  trueup.yaml:25",
      "E05  trueup.yaml:28", "E04 acme/compose .env.example:3", "E27 acme/compose .env.example:4", "E14 acme/docs .gitlab-ci.yml:12",
      "E13 acme/docs .gitlab-ci.yml:16", "E07 acme/go-client go.mod:1", "E03 acme/helm app/Chart.yaml:4", "E06 acme/js-client package-lock.json:6",
      "E21 acme/js-client package-lock.json:6", "E08 acme/js-client scripts/release.sh:3", "E11  trueup.yaml:20", "E12  trueup.yaml:20",
      "E33 acme/compose .env.example:6", "E35 acme/compose compose.yaml:3", "E34 acme/compose compose.yaml:4", "E17 acme/docs RELEASE.md:3",
      "E09 acme/docs docs/CHANGELOG.md:3", "E10 acme/docs docs/CHANGELOG.md:6", "E21 acme/js-client package-lock.json:3",
      "E21 acme/js-client package-lock.json:6", "E21 acme/js-client package.json:3"};
  EXPECT_EQ(findings(*fleet), broken);

  const Outcome fixed = run_cli(fleet->path(), {"fix", "--unsafe", "--apply", "--replay", "registry", "--only", "release"});
  EXPECT_EQ(fixed.code, 0) << fixed.out << fixed.err;
  for (const char* name : {"compose", "docs", "helm", "js-client"}) ASSERT_TRUE(fleet->git("-C acme/" + std::string(name) + " commit -a -m Complete"));
  ASSERT_TRUE(fleet->git("-C acme/go-client tag -a v7.6.8 -m 'Release 7.6.8'"));
  ASSERT_TRUE(fleet->git("-C acme/home tag -a 7.6.5 -m 'Release 7.6.5' HEAD~3"));
  // What people have to decide is left: the image, what indexes hold, the pipeline's order, the module's path, documents, tags as they are.
  const std::vector<std::string> left = {
      "E36  trueup.yaml:22", "E30  trueup.yaml:23", "E32  trueup.yaml:24", "E19  trueup.yaml:24", "E19  trueup.yaml:25", "E05  trueup.yaml:28",
      "E13 acme/docs .gitlab-ci.yml:17", "E07 acme/go-client go.mod:1", "E21 acme/js-client package-lock.json:6", "E08 acme/js-client scripts/release.sh:3",
      "E11  trueup.yaml:20", "E12  trueup.yaml:20", "E36  trueup.yaml:22", "E33 acme/compose .env.example:6", "E34 acme/compose compose.yaml:4", "E17 acme/docs RELEASE.md:3",
      "E09 acme/docs docs/CHANGELOG.md:3", "E09 acme/docs docs/CHANGELOG.md:3", "E21 acme/js-client package-lock.json:3",
      "E21 acme/js-client package-lock.json:6", "E21 acme/js-client package.json:3"};
  EXPECT_EQ(findings(*fleet), left);
}

TEST(TrainDemo, WithoutTheSourceNothingIsConcluded) {
  const auto fleet = made_fleet();
  ASSERT_TRUE(fleet);
  fs::remove_all(fleet->path() / "acme/docs");
  const Outcome outcome = run_cli(fleet->path(), {"check", "acme/helm", "--config", "trueup.yaml", "--offline", "--only", "release"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

}  // namespace
}  // namespace trueup::e2e
