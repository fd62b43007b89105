#include "formats/application_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "formats/yaml.hpp"

namespace trueup::formats {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// One repository: path -> bytes.
class Trees final : public GeneratorTrees {
 public:
  explicit Trees(std::map<std::string, std::string> files) : files_(std::move(files)) {
    for (const auto& [path, bytes] : files_) paths_.push_back(path);
  }
  Result<const std::vector<std::string>*> paths(std::string_view repo_url, std::string_view) override {
    if (repo_url != "https://git.example/acme/apps") return Error{Fault::not_found, "not loaded"};
    return &paths_;
  }
  Result<std::string> read(std::string_view, std::string_view, const std::string& path) override { return files_.at(path); }

 private:
  std::map<std::string, std::string> files_;
  std::vector<std::string> paths_;
};

struct Expanded {
  std::vector<std::string> texts;
  std::optional<std::string> because;
};

Expanded expand(const std::string& spec, const char* filled, std::map<std::string, std::string> files = {}) {
  Trees trees(std::move(files));
  const Document document = parse_yaml(spec);
  const bool go = document.text(document.child(document.root(), "goTemplate")) == "true";
  SetElements made = expand_generators(document, document.root(), trees);
  Expanded result;
  for (const SetElement& element : made.elements) result.texts.push_back(fill_set_template(filled, element.parameters, go));
  result.because = made.because;
  return result;
}

const std::map<std::string, std::string> kApps = {{".github/x", ""},        {"apps/a/prod/config.yaml", "env: prod\nport: 80\n"}, {"apps/a/x.yaml", ""},
                                                  {"apps/b/x.yaml", ""},    {"apps/.hidden/x", ""},                              {"apps/skip/x", ""},
                                                  {"list.yaml", "- {n: 1}\n- {n: 2}\n"}, {"README.md", ""}};

TEST(ApplicationSet, AListGivesItsElements) {
  EXPECT_THAT(expand("generators: [{list: {elements: [{c: a, n: 1}, {c: b}]}}]", "{{c}}-{{n}}").texts, ElementsAre("a-1", "b-{{n}}"));
  EXPECT_THAT(expand("generators: [{list: {elementsYaml: '[{c: x}]'}}]", "{{c}}").texts, ElementsAre("x"));
}

TEST(ApplicationSet, FoldersOfGitAreMatchedPartByPart) {
  const std::string git = "generators: [{git: {repoURL: 'https://git.example/acme/apps', directories: [{path: 'apps/*'}, {path: apps/skip, exclude: true}]}}]";
  EXPECT_THAT(expand(git, "{{path}} {{path.basename}} {{path[0]}}", kApps).texts, ElementsAre("apps/a a apps", "apps/b b apps"));
  EXPECT_THAT(expand("goTemplate: true\n" + git, "{{.path.path}} {{index .path.segments 1}}", kApps).texts, ElementsAre("apps/a a", "apps/b b"));
}

TEST(ApplicationSet, FilesOfGitGiveTheirKeys) {
  const std::string git = "{git: {repoURL: 'https://git.example/acme/apps', files: [{path: 'apps/**/config.yaml'}], values: {at: '{{path.basename}}-{{env}}'}}}";
  EXPECT_THAT(expand("generators: [" + git + "]", "{{env}} {{port}} {{path}} {{path.filename}} {{values.at}}", kApps).texts,
              ElementsAre("prod 80 apps/a/prod config.yaml prod-prod"));
  EXPECT_THAT(expand("generators: [{git: {repoURL: 'https://git.example/acme/apps', files: [{path: list.yaml}]}}]", "{{n}}", kApps).texts, ElementsAre("1", "2"));
}

TEST(ApplicationSet, AMatrixIsAProductAndTheSecondMayUseTheFirst) {
  EXPECT_THAT(expand("generators: [{matrix: {generators: [{list: {elements: [{d: apps}]}}, {git: {repoURL: 'https://git.example/acme/apps', directories: [{path: "
                     "'{{d}}/*'}]}}]}}]",
                     "{{d}}:{{path.basename}}", kApps)
                  .texts,
              ElementsAre("apps:a", "apps:b", "apps:skip"));
}

TEST(ApplicationSet, AnElementKnowsTheTreesThatItWasFoundIn) {
  Trees trees(kApps);
  const Document document = parse_yaml(
      "generators:\n- list: {elements: [{c: a}]}\n- matrix: {generators: [{git: {repoURL: 'https://git.example/acme/apps', directories: [{path: apps/a}]}},"
      " {list: {elements: [{c: b}]}}]}\n");
  const SetElements made = expand_generators(document, document.root(), trees);
  ASSERT_EQ(made.elements.size(), 2u);
  EXPECT_THAT(made.elements[0].repo_urls, IsEmpty());
  EXPECT_THAT(made.elements[1].repo_urls, ElementsAre("https://git.example/acme/apps"));
}

TEST(ApplicationSet, AMergeOverridesWhereTheKeysAgree) {
  EXPECT_THAT(expand("generators: [{merge: {mergeKeys: [c], generators: [{list: {elements: [{c: a, v: 1}, {c: b, v: 1}]}}, {list: {elements: [{c: b, v: 2}, {c: z, v: 3}]}}]}}]",
                     "{{c}}{{v}}")
                  .texts,
              ElementsAre("a1", "b2"));
}

TEST(ApplicationSet, WhatAsksAClusterOrAnotherRepositoryIsUnknown) {
  const Expanded clusters = expand("generators: [{clusters: {}}, {list: {elements: [{c: a}]}}]", "{{c}}");
  EXPECT_THAT(clusters.texts, ElementsAre("a"));
  EXPECT_EQ(clusters.because, "the generator `clusters` asks a cluster or a server");
  EXPECT_EQ(expand("generators: [{git: {repoURL: 'https://git.example/acme/other', directories: [{path: '*'}]}}]", "x").because, "not loaded");
  EXPECT_EQ(expand("generators: [{list: {elements: [{c: a}]}, selector: {matchLabels: {c: a}}}]", "x").because, "a selector chooses from what its generator gives");
  EXPECT_THAT(expand("generators: [{matrix: {generators: [{clusters: {}}, {list: {elements: [{c: a}]}}]}}]", "x").texts, IsEmpty());
}

TEST(ApplicationSet, IsBounded) {
  std::string elements;
  for (int i = 0; i < 1'000; ++i) elements += "{a: b},";
  const std::string list = "{list: {elements: [" + elements + "]}}";
  const Expanded made = expand("generators: [{matrix: {generators: [" + list + ", {matrix: {generators: [" + list + "," + list + "]}}]}}]", "x");
  EXPECT_TRUE(made.because);
  EXPECT_LE(made.texts.size(), kMaxSetElements);
}

}  // namespace
}  // namespace trueup::formats
