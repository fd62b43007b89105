// A train whose packages stand in indexes on the loopback, which answer or do not: a cut makes things unknown, and nothing else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "e2e/run_cli.hpp"
#include "live/fault_server.hpp"

namespace trueup::e2e {
namespace {

using live_test::FaultServer;
using live_test::json_reply;
using live_test::Reply;
using live_test::Wire;
using testing::HasSubstr;
using Json = nlohmann::json;

const std::string kGoList = "/go/git.example/acme/go/@v/list", kGoInfo = "/go/git.example/acme/go/@v/v1.1.0.info", kNpm = "/npm/@acme%2fclient",
                  kPypi = "/simple/acme-client/";

class PackageIndexesOfTrain : public testing::Test {
 protected:
  PackageIndexesOfTrain() {
    for (const char* name : {"go", "js", "py"}) {
      const std::string repository = "acme/" + std::string(name), v = name == std::string("go") ? "v" : "";
      folder.write(repository + "/README.md", "x\n");
      EXPECT_TRUE(folder.git("-C " + repository + " init -q") && folder.git("-C " + repository + " add -A") && folder.git("-C " + repository + " commit -q -m x"));
      for (const char* version : {"1.0.0", "1.1.0"}) EXPECT_TRUE(folder.git("-C " + repository + " tag " + v + version));
    }
    folder.write("trueup.yaml", "version: 1\nrepositories: {acme/go: {path: acme/go}, acme/js: {path: acme/js}, acme/py: {path: acme/py}}\ntrains:\n  platform:\n    indexes: {npm: \"" +
                                    server.url("/npm") + "\", pypi: \"" + server.url("/simple") + "\", go: \"" + server.url("/go") +
                                    "\"}\n    repositories:\n      acme/go: {tag: \"v{version}\", publishes: \"go:git.example/acme/go\"}\n"
                                    "      acme/js: {publishes: \"npm:@acme/client\"}\n      acme/py: {publishes: \"pypi:acme-client\"}\n");
    answer_whole();
  }

  void answer_whole() {
    server.on(kNpm, json_reply(R"({"name":"@acme/client","dist-tags":{"latest":"1.1.0"},"versions":{"1.0.0":{},"1.1.0":{}}})"));
    server.on(kPypi, json_reply(R"({"meta":{"api-version":"1.1"},"name":"acme-client","versions":["1.0.0","1.1.0"],"files":[]})"));
    server.on(kGoList, Reply{200, {}, "v1.0.0\n"});
    server.on(kGoInfo, json_reply(R"({"Version":"v1.1.0","Time":"2026-01-01T00:00:00Z"})"));
  }

  struct Judged {
    int code = 0;
    std::size_t findings = 0, unknowns = 0;
    std::string out;
  };
  Judged check(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"check", "--only", "E19,E30,E31,E32", "--allow-host", server.host(), "--format", "json"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run_cli(folder.path(), words, {}, near_servers(patience));
    const Json report = Json::parse(outcome.out, nullptr, false);
    Judged judged{outcome.code, 0, 0, outcome.out + outcome.err};
    if (report.is_discarded()) return judged;
    judged.findings = report["findings"].size();
    judged.unknowns = report["unknowns"].size();
    return judged;
  }

  std::chrono::milliseconds patience = std::chrono::seconds(60);
  Folder folder;
  FaultServer server;
};

TEST_F(PackageIndexesOfTrain, WhatIsPublishedAsPromisedIsClean) {
  const Judged whole = check();
  EXPECT_EQ(whole.code, 0) << whole.out;
  EXPECT_EQ(whole.findings + whole.unknowns, 0U) << whole.out;
}

TEST_F(PackageIndexesOfTrain, EachAnswerCutInTurnLeavesUnknownAndAccusesNobody) {
  const Reply cuts[] = {{500}, {200, {}, "{\"name\":\"@acme/client\"", Wire::cut_in_half}, {200, {}, "", Wire::closed}, {200, {}, "<html>sign in</html>"}, {429, {{"Retry-After", "600"}}}, {200, {}, "", Wire::silent}};
  for (const std::string& path : {kNpm, kPypi, kGoList, kGoInfo}) {
    for (const Reply& cut : cuts) {
      answer_whole();
      server.on(path, cut);
      patience = cut.wire == Wire::silent ? kImpatient : std::chrono::seconds(60);
      const Judged judged = check();
      EXPECT_EQ(judged.code, 3) << path << '\n' << judged.out;
      EXPECT_EQ(judged.findings, 0U) << path << '\n' << judged.out;
      EXPECT_GT(judged.unknowns, 0U) << path;
    }
  }
}

TEST_F(PackageIndexesOfTrain, WhatIsMissingIsFoundAndCutsAddNothingToIt) {
  server.on(kNpm, json_reply(R"({"name":"@acme/client","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":{}}})"));
  server.on(kGoInfo, Reply{404, {}, "not found: unknown revision v1.1.0\n"});
  const Judged missing = check();
  EXPECT_EQ(missing.code, 1) << missing.out;
  EXPECT_EQ(missing.findings, 2U) << missing.out;
  EXPECT_THAT(missing.out, HasSubstr("npm publish"));
  EXPECT_THAT(missing.out, HasSubstr("go list -m git.example/acme/go@v1.1.0"));
  server.on(kNpm, Reply{503});
  const Judged cut = check();
  EXPECT_EQ(cut.findings, 1U) << cut.out;
  EXPECT_GT(cut.unknowns, 0U);
}

TEST_F(PackageIndexesOfTrain, WhatIsNotShownIsNoAbsence) {
  server.on(kNpm, Reply{404});
  server.on(kGoList, Reply{410, {}, "not found\n"});
  const Judged judged = check();
  EXPECT_EQ(judged.code, 0) << judged.out;  // nobody failed, and nothing is concluded
  EXPECT_EQ(judged.findings, 0U) << judged.out;
  EXPECT_GT(judged.unknowns, 1U);
  EXPECT_EQ(check({"--offline"}).findings, 0U);
}

TEST_F(PackageIndexesOfTrain, IndexOnAnAddressThatNobodyNamedIsNotAsked) {
  const Outcome outcome = run_cli(folder.path(), {"check", "--only", "E19", "--format", "json"});
  EXPECT_TRUE(server.seen().empty());
  EXPECT_EQ(outcome.code, 0) << outcome.out;
}

}  // namespace
}  // namespace trueup::e2e
