#include "facts/file_kind.hpp"

#include <gmock/gmock.h>

#include "facts/extract/extractor.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

KindRules rules_of(const KindConfig& config) {
  auto rules = KindRules::compile(config);
  EXPECT_TRUE(rules) << rules.error().message;
  return rules ? *std::move(rules) : KindRules();
}

std::vector<std::string_view> kinds(std::string_view path, const KindRules& rules) {
  const FileKinds found = kinds_of(path, rules);
  return {found.begin(), found.end()};
}

TEST(FileKind, IsToldByThePathAlone) {
  const struct {
    std::string_view path, kind;
  } rows[] = {
      {".github/workflows/build.yml", "workflow"},
      {".github/workflows/build.yaml", "workflow"},
      {".github/workflows/values.yaml", "workflow"},
      {".github/workflows/shared/build.yml", "yaml"},  // GitHub reads direct children only
      {"sub/.github/workflows/build.yml", "yaml"},     // and only at the root
      {".github/dependabot.yml", "dependabot"},
      {"dependabot.yml", "yaml"},
      {".gitlab-ci.yml", "gitlab_ci"},
      {".gitlab/ci/test.yml", "gitlab_ci"},
      {"ci/build.gitlab-ci.yml", "gitlab_ci"},
      {"CODEOWNERS", "codeowners"},
      {".github/CODEOWNERS", "codeowners"},
      {"docs/CODEOWNERS", "codeowners"},
      {"environments/staging/config.env", "dotenv"},
      {".env", "dotenv"},
      {"app/.env.example", "dotenv"},
      {"examples/.env", ""},
      {"processors/orders.json", "stream_processor"},
      {"deployments/acme/infra/prod/deployment.json", "deployments"},
      {"state/deployments/deployment.json", "deployments"},
      {"prod/deployment.json", ""},
      {"docs/deployments/deployment.json", ""},
      {"tools/.gitignore", "gitignore"},
      {"examples/.gitignore", ""},
      {"team/processors/orders.json", "stream_processor"},
      {"processors/deep/orders.json", ""},
      {"processors/orders.example.json", ""},
      {"connections/all.json", "stream_connections"},
      {"connections/staging/in.json", "stream_connections"},
      {"environments/staging/thresholds.json", "stream_thresholds"},
      {"thresholds.json", ""},
      {"src/CODEOWNERS", ""},
      {"argocd/clusters/prod/team.json", "yaml"},  // a manifest, as ArgoCD reads it too
      {"deploy/apps/atlas.json", "yaml"},
      {"deploy/applications/prod/atlas.json", "yaml"},
      {"live/applications.json", ""},  // more likely a dump
      {"apps/web/package.json", ""},
      {"apps/web/src/i18n/en.json", ""},
      {"web/config.json", ""},
      {"docs/argocd/app.json", ""},
      {".github/ISSUE_TEMPLATE/bug.yml", "yaml"},
      {".github/ct-values.yaml", "yaml"},
      {".github/templates/form.yml", "yaml"},
      {".github/actions/setup/action.yml", "action"},
      {"action.yaml", "action"},
      {"charts/atlas/Chart.yaml", "chart"},
      {"Chart.yaml", "chart"},
      {"chart.yaml", "yaml"},  // Helm wants the capital, and this extension
      {"Chart.yml", "yaml"},
      {"charts/atlas/charts/redis/Chart.yaml", "chart"},
      {"charts/atlas/charts/redis-1.2.3.tgz", ""},
      {"charts/atlas/requirements.yaml", "chart_requirements"},
      {"charts/atlas/Chart.lock", "chart_lock"},
      {"requirements.lock", "chart_lock"},
      {"charts/atlas/.helmignore", "helmignore"},
      {".helmignore", "helmignore"},
      {"charts/atlas/templates/.helmignore", ""},
      {"charts/atlas/helmignore", ""},
      {"values.yaml", "chart_values"},
      {"values.yml", "chart_values"},
      {"charts/atlas/values-staging.yaml", "chart_values"},
      {"charts/atlas/values.staging.yaml", "chart_values"},
      {"charts/atlas/staging-values.yaml", "chart_values"},
      {"charts/atlas/myvalues.yaml", "yaml"},
      {"charts/atlas/ci/default-values.yaml", ""},
      {"ci/values.yaml", ""},
      {"ci/pipeline.yaml", "yaml"},
      {"charts/atlas/templates/deployment.yaml", "chart_template"},
      {"charts/atlas/templates/tests/NOTES.txt", "chart_template"},
      {"templates/_helpers.tpl", "chart_template"},
      {"templates/logo.png", ""},
      {"docs/templates/page.yaml", ""},
      {"my-templates/page.tpl", ""},
      {".github/ISSUE_TEMPLATE/templates/form.txt", ""},
      {"charts/atlas/crds/crd.yaml", "yaml"},
      {"mkdocs.yml", "yaml"},
      {"package.json", ""},
      {"README.md", "guide"},
      {"sub/README.md", ""},
      {"CHANGELOG.md", ""},  // changes with every release, and would make every commit another set of files
      {"live/prod/main.tf", "terraform"},
      {"examples/main.tf", ""},
      {"live/prod/main.tf.json", "terraform"},
      {"live/prod/main.tofu", "terraform"},
      {"live/prod/main.tofu.json", "terraform"},
      {"live/prod/terraform.json", ""},
      {"atlantis.yaml", "atlantis_config"},
      {"sub/atlantis.yaml", "yaml"},
      {"docker-compose.override.yml", "compose"},
      {"compose.yaml", "compose"},
      {"composer.yaml", "yaml"},
      {"server/repos.yaml", "yaml"},
      {"server/repo-config.yaml", "atlantis_server"},
      {"values.yaml.example", ""},
      {"values.yaml.j2", ""},
      {"Chart.yaml.tmpl", ""},
      {".yaml", ""},
      {"", ""},
  };
  const KindRules rules;
  for (const auto& row : rows) {
    EXPECT_EQ(file_kind(row.path, rules), row.kind) << row.path;
    EXPECT_EQ(is_wanted(row.path, rules), !row.kind.empty()) << row.path;
  }
}

TEST(FileKind, BelowAQuietFolderNothingIsRead) {
  const KindRules rules;
  for (const std::string folder : {"docs", "doc", "examples", "example", "samples", "testdata", "fixtures", "test", "tests",
                                   "e2e", "node_modules", "third_party", "vendor"}) {
    EXPECT_EQ(file_kind(folder + "/Chart.yaml", rules), "") << folder;
    EXPECT_EQ(file_kind("a/" + folder + "/b/.github/workflows/x.yml", rules), "") << folder;
    EXPECT_EQ(file_kind("a/" + folder + "/action.yml", rules), "") << folder;
    EXPECT_EQ(file_kind("my" + folder + "/Chart.yaml", rules), "chart") << "a name that only ends so: " << folder;
  }
  EXPECT_EQ(file_kind(".github/workflows/test.yml", rules), "workflow") << "a file's name is no folder";
}

TEST(FileKind, TheLastGlobOfTheConfigThatMatchesDecides) {
  const KindRules rules = rules_of({.kinds = {{"deploy/*.yaml", "chart_values"},
                                              {"deploy/none.yaml", "none"},
                                              {"docs/**/Chart.yaml", "chart"},
                                              {"data.json", "json"},
                                              {"pipeline.conf", "yaml"}},
                                    .ignore = {},
                                    .nodes = {}, .carriers = {}});
  EXPECT_EQ(file_kind("deploy/staging.yaml", rules), "chart_values");
  EXPECT_EQ(file_kind("deploy/none.yaml", rules), "");
  EXPECT_EQ(file_kind("docs/atlas/Chart.yaml", rules), "chart") << "a quiet file that the config asks for";
  EXPECT_EQ(file_kind("docs/atlas/values.yaml", rules), "");
  EXPECT_EQ(file_kind("data.json", rules), "json");
  EXPECT_EQ(file_kind("pipeline.conf", rules), "yaml");
}

TEST(FileKind, IgnoringAFolderIgnoresAllBelowIt) {
  const KindRules rules = rules_of({.kinds = {{"generated/keep.yaml", "yaml"}},
                                    .ignore = {"generated/", "legacy/**", "old", "**/*.gen.yaml"},
                                    .nodes = {}, .carriers = {}});
  for (const std::string_view path : {"generated/keep.yaml", "generated/a/b.yaml", "legacy/Chart.yaml", "old/a/Chart.yaml",
                                      "a/values.gen.yaml"})
    EXPECT_EQ(file_kind(path, rules), "") << path;
  EXPECT_EQ(file_kind("older/Chart.yaml", rules), "chart");
  for (const std::string_view folder : {"generated", "legacy", "legacy/a", "old", "old/a"})
    EXPECT_FALSE(is_folder_wanted(folder, rules)) << folder;
  EXPECT_TRUE(is_folder_wanted("older", rules));
}

TEST(FileKind, GitsOwnFolderIsNeverWalked) {
  const KindRules rules;
  EXPECT_FALSE(is_folder_wanted(".git", rules));
  EXPECT_FALSE(is_folder_wanted("sub/.git", rules));
  EXPECT_TRUE(is_folder_wanted(".github", rules));
  EXPECT_TRUE(is_folder_wanted("docs", rules)) << "the config may name a file in it";
}

TEST(FileKind, NodesAreASecondKindOfAFileThatIsRead) {
  const KindRules rules = rules_of({.kinds = {{"docs/listed.yaml", "yaml"}, {"off.yaml", "none"}},
                                    .ignore = {},
                                    .nodes = {"**/*.yaml", "cohorts/*.json"}, .carriers = {}});
  EXPECT_THAT(kinds("values.yaml", rules), ElementsAre("chart_values", "node_yaml"));
  EXPECT_THAT(kinds("cohorts/a.json", rules), ElementsAre("json", "node_json"));
  EXPECT_THAT(kinds("other/a.json", rules), IsEmpty());
  EXPECT_THAT(kinds("Chart.lock", rules), ElementsAre("chart_lock"));
  EXPECT_THAT(kinds("docs/a.yaml", rules), IsEmpty()) << "a quiet file";
  EXPECT_THAT(kinds("docs/listed.yaml", rules), ElementsAre("yaml", "node_yaml"));
  EXPECT_THAT(kinds("off.yaml", rules), IsEmpty());
  EXPECT_EQ(node_kind("values.yaml", rules), "node_yaml");
  EXPECT_EQ(node_kind("values.yml", rules), "");
}

TEST(FileKind, ABadGlobIsShownWithItsText) {
  const auto rules = KindRules::compile({.kinds = {}, .ignore = {"a/[b"}, .nodes = {}, .carriers = {}});
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().fault, Fault::malformed);
  EXPECT_THAT(rules.error().message, HasSubstr("a/[b"));
  EXPECT_TRUE(rules.error().at);
}

TEST(FileKind, AKindThatNobodyReadsIsRefused) {
  const auto rules = KindRules::compile({.kinds = {{"*.toml", "toml"}}, .ignore = {}, .nodes = {}, .carriers = {}});
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().fault, Fault::not_found);
  EXPECT_THAT(rules.error().message, HasSubstr("toml"));
}

TEST(Extractors, AreFoundByTheirKind) {
  for (const Extractor& extractor : extractors()) EXPECT_EQ(find_extractor(extractor.kind), &extractor);
  EXPECT_EQ(find_extractor("path"), nullptr);
  EXPECT_EQ(find_extractor(""), nullptr);
}

}  // namespace
}  // namespace trueup::facts
