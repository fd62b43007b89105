// What a change breaks in the repositories around it: callers of a reusable workflow, senders to a receiver, Applications of a chart.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "e2e/run_cli.hpp"

namespace trueup::e2e {
namespace {

constexpr const char* kCalled = "on:\n  workflow_call:\n    inputs:\n      image: {type: string, required: true}\njobs:\n  b:\n"
                                "    runs-on: ubuntu-latest\n    steps:\n      - run: echo \"$IMAGE\"\n        env: {IMAGE: \"${{ inputs.image }}\"}\n";
constexpr const char* kReceiver = "on: {repository_dispatch: {types: [published]}}\njobs:\n  b:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n";
constexpr const char* kCaller = "on: push\njobs:\n  call:\n    uses: acme/lib/.github/workflows/build.yml@main\n    with: {image: x}\n"
                                "  send:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: peter-evans/repository-dispatch@v3\n"
                                "        with: {token: \"${{ secrets.TOKEN }}\", repository: acme/lib, event-type: published}\n";

/// acme/lib is changed; acme/app calls it and sends to it.
class Callers : public testing::Test {
 protected:
  void SetUp() override {
    lib_.write(".github/workflows/build.yml", kCalled);
    lib_.write(".github/workflows/hear.yml", kReceiver);
    app_.write(".github/workflows/ci.yml", kCaller);
    for (const Folder* folder : {&lib_, &app_})
      ASSERT_TRUE(folder->git("init") && folder->git("add -A") && folder->git("commit -m base"));
    fleet_.write("trueup.yaml", "version: 1\nclosed: true\nrepositories:\n  acme/lib: {path: \"" + lib_.path().string() + "\"}\n  acme/app: {path: \"" +
                                    app_.path().string() + "\"}\n");
  }
  Outcome check(std::vector<std::string> words = {}) const {
    words.insert(words.begin(), {"check", "--config", (fleet_.path() / "trueup.yaml").string(), "--base", "main"});
    return run_cli(lib_.path(), words);
  }
  void remove(const std::string& name) const { std::filesystem::remove(lib_.path() / name); }
  Folder lib_, app_, fleet_;
};

TEST_F(Callers, AreRightWhereNothingChanges) {
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("nothing introduced"), std::string::npos) << outcome.out;
}

TEST_F(Callers, OfAWorkflowThatWantsMoreAreNamedAndBlock) {
  std::string text = kCalled;
  lib_.write(".github/workflows/build.yml", text.insert(text.find("jobs:"), "      tag: {type: string, required: true}\n"));
  Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1) << outcome.out;
  EXPECT_NE(outcome.out.find("error[W35 workflow/call-inputs] introduced: acme/lib/.github/workflows/build.yml requires the input tag"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("acme/app@main .github/workflows/ci.yml:4:11"), std::string::npos) << outcome.out;
  // Who reads the change is shown the line of it that breaks the caller.
  outcome = check({"--format", "github"});
  EXPECT_NE(outcome.out.find("::error file=.github/workflows/build.yml,line=5,"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("%0Abroken by this change: acme/app@main .github/workflows/ci.yml:4:11"), std::string::npos) << outcome.out;
  const auto sarif = nlohmann::json::parse(check({"--format", "sarif"}).out);
  const auto& place = sarif.at("runs").at(0).at("results").at(0).at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(place.at("artifactLocation").at("uri"), ".github/workflows/build.yml");
  EXPECT_EQ(place.at("region").at("startLine"), 5);
}

TEST_F(Callers, OfAnInputThatIsGoneAreNamedAlthoughNoPlaceIsHere) {
  std::string text = kCalled;
  lib_.write(".github/workflows/build.yml", text.replace(text.find("image: {"), 5, "picture"));
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.out.find("introduced: acme/lib/.github/workflows/build.yml declares no input image"), std::string::npos) << outcome.out;
}

TEST_F(Callers, OfAWorkflowThatIsGoneAreNamed) {
  remove(".github/workflows/build.yml");
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.out.find("introduced: acme/lib/.github/workflows/build.yml is not there on the default branch, main, at which it is called"), std::string::npos)
      << outcome.out;
}

TEST_F(Callers, OfAReceiverThatIsGoneAreNamed) {
  remove(".github/workflows/hear.yml");
  Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1) << outcome.out;
  EXPECT_NE(outcome.out.find("error[W01 workflow/event-received] introduced: "), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("acme/app@main .github/workflows/ci.yml:10:"), std::string::npos) << outcome.out;
  outcome = check({"--format", "github"});
  EXPECT_NE(outcome.out.find("::error title=W01 workflow/event-received::"), std::string::npos) << "an error, though without a line: " << outcome.out;
}

TEST_F(Callers, WhatTheyHadWrongBeforeIsNotToldToTheChange) {
  ASSERT_TRUE(lib_.git("rm -q .github/workflows/hear.yml") && lib_.git("commit -m gone"));
  Outcome outcome = check({"--format", "json"});
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_EQ(nlohmann::json::parse(outcome.out).at("findings").size(), 0u) << outcome.out;
  // A change that mends it is credited.
  lib_.write(".github/workflows/hear.yml", kReceiver);
  outcome = check({"--format", "json"});
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_EQ(nlohmann::json::parse(outcome.out).at("summary").at("fixed"), 1) << outcome.out;
}

/// acme/lib holds a chart and values; Applications of acme/app deploy them from main, from beta and from a tag.
class ChartCallers : public Callers {
 protected:
  static std::string application(const std::string& name, const std::string& revision) {
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n  sources:\n" +
           "    - {repoURL: 'https://github.com/acme/lib', targetRevision: " + revision + ", path: charts/atlas, helm: {valueFiles: [$v/envs/prod.yaml]}}\n" +
           "    - {repoURL: 'https://github.com/acme/lib', targetRevision: " + revision + ", ref: v}\n";
  }
  void SetUp() override {
    lib_.write("charts/atlas/Chart.yaml", "apiVersion: v2\nname: atlas\nversion: 1.0.0\n");
    lib_.write("envs/prod.yaml", "replicas: 2\n");
    app_.write("apps/atlas.yaml", application("atlas", "HEAD"));
    app_.write("apps/beta.yaml", application("atlas-beta", "beta"));
    app_.write("apps/pinned.yaml", application("atlas-pinned", "v1.0.0"));
    Callers::SetUp();
    ASSERT_TRUE(lib_.git("tag v1.0.0") && lib_.git("branch beta"));
  }
};

TEST_F(ChartCallers, AreRightWhereNothingChanges) {
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

TEST_F(ChartCallers, OfAFolderThatMovesAreNamedWithWhereItWas) {
  ASSERT_TRUE(lib_.git("mv charts/atlas platform"));
  Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("error[A27 argocd/path-taken] introduced: the change takes charts/atlas out of acme/lib at main, and the Application atlas deploys it; "
                             "it stands in platform now"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("acme/app@main apps/atlas.yaml:6:"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("charts/atlas/Chart.yaml"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("atlas-beta"), std::string::npos) << "it follows another branch: " << outcome.out;
  EXPECT_EQ(outcome.out.find("atlas-pinned"), std::string::npos) << "it follows a tag: " << outcome.out;
  outcome = check({"--format", "github"});
  EXPECT_NE(outcome.out.find("::error title=A27 argocd/path-taken::"), std::string::npos) << "no line of the change shows it: " << outcome.out;
}

TEST_F(ChartCallers, OfAValueFileThatIsGoneAreNamed) {
  remove("envs/prod.yaml");
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.out.find("the change takes envs/prod.yaml out of acme/lib at main, and the Application atlas takes its values from it; leave it until"),
            std::string::npos) << outcome.out;
}

TEST_F(ChartCallers, OfAnotherBranchAreThoseThatAChangeToItBreaks) {
  ASSERT_TRUE(lib_.git("checkout -b topic beta") && lib_.git("rm -rq charts"));
  const Outcome outcome = run_cli(lib_.path(), {"check", "--config", (fleet_.path() / "trueup.yaml").string(), "--base", "beta"});
  EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("the change takes charts/atlas out of acme/lib at beta, and the Application atlas-beta deploys it"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("the Application atlas deploys"), std::string::npos) << outcome.out;
}

TEST_F(ChartCallers, OfAFolderThatALinkKeepsAreNotJudged) {
  ASSERT_TRUE(lib_.git("mv charts/atlas platform"));
  std::filesystem::create_directories(lib_.path() / "charts");
  std::filesystem::create_directory_symlink("../platform", lib_.path() / "charts/atlas");
  ASSERT_TRUE(lib_.git("add -A"));
  const Outcome outcome = check();
  EXPECT_EQ(outcome.out.find("A27"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.code, 0) << outcome.out;
}

}  // namespace
}  // namespace trueup::e2e
