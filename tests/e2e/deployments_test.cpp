// What is deployed of Terraform roots, with each source of it cut in turn.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "e2e/run_cli.hpp"
#include "live/fault_server.hpp"

namespace trueup::e2e {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::set<std::string> kOfRecords = {"T14", "T19", "T20", "T21", "T22"};

class Deployments : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(std::system(("'" TRUEUP_SOURCE_DIR "/fixtures/atlantis/make-history' '" + folder_.path().string() + "' >/dev/null 2>&1").c_str()), 0);
    write("hosts.yaml", "version: 1\nhosts: {}\n");
  }
  struct Told {
    std::set<std::string> violated, unknown;  ///< "T19 dns"
    int code = 0;
  };
  Told told(std::vector<std::string> more = {"--offline"}, const std::string& rules = "atlantis") {
    std::vector<std::string> words = {"check", "--format", "json", "--only", rules, "--now", "2026-11-20T12:00:00Z"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run_cli(folder_.path(), words, {{"TRUEUP_HOSTS", (folder_.path() / "hosts.yaml").string()}}, near_servers(kImpatient));
    Told result;
    result.code = outcome.code;
    const Json report = Json::parse(outcome.out);
    for (const char* list : {"findings", "unknowns"})
      for (const Json& finding : report[list]) {
        const std::string code = finding["code"], root = finding["key"].value("root", "");
        if (kOfRecords.contains(code)) (list == std::string("findings") ? result.violated : result.unknown).insert(code + " " + root);
      }
    return result;
  }
  void write(const fs::path& path, const std::string& text) {
    fs::create_directories((folder_.path() / path).parent_path());
    std::ofstream(folder_.path() / path, std::ios::binary) << text;
  }
  std::string read(const fs::path& path) {
    std::ifstream file(folder_.path() / path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// In place of the folder with the records.
  void ask_for_them(const std::string& url) {
    static const std::string kDump = "dump: records, complete: true";
    std::string config = read("trueup.yaml");
    config.replace(config.find(kDump), kDump.size(), "url: \"" + url + "\"");
    write("trueup.yaml", config);
  }
  Folder folder_;
};

TEST_F(Deployments, AreHeldAgainstTheHistoryOfTheirRepository) {
  EXPECT_EQ(told().violated, (std::set<std::string>{"T14 cdn", "T19 dns", "T20 cdn", "T20 vpc", "T21 iam", "T22 edge"}));
  EXPECT_TRUE(told().unknown.empty());
}

TEST_F(Deployments, OfAStoreThatIsNotThereAreUnknown) {
  fs::remove_all(folder_.path() / "records");
  const Told cut = told();
  EXPECT_TRUE(cut.violated.empty());
  EXPECT_FALSE(cut.unknown.empty());
}

TEST_F(Deployments, OfAStoreWithABrokenRecordAreUnknown) {
  write("records/acme/infra/vpc/deployment.json", "{");
  const Told cut = told();
  EXPECT_TRUE(cut.violated.empty()) << "who knows whose record it is";
  EXPECT_FALSE(cut.unknown.empty());
}

TEST_F(Deployments, OfARepositoryWithoutItsHistoryAreUnknown) {
  fs::remove_all(folder_.path() / "acme/infra/.git");
  const Told cut = told();
  EXPECT_EQ(cut.violated, (std::set<std::string>{"T22 edge"})) << "which of two was deployed, no history needs to tell";
  EXPECT_FALSE(cut.unknown.empty());
}

TEST_F(Deployments, OfAServerThatIsNotAskedAreUnknownAndLeaveTheCodeAlone) {
  ask_for_them("https://records.example/all.json");
  const Told cut = told({"--offline", "--fail-on", "never"});
  EXPECT_TRUE(cut.violated.empty());
  EXPECT_FALSE(cut.unknown.empty());
  EXPECT_EQ(cut.code, 0);
}

TEST_F(Deployments, OfAServerThatIsCutAreUnknownAndEndTheRunRed) {
  live_test::FaultServer server;
  write("hosts.yaml", "version: 1\nhosts: {\"" + server.host() + "\": {plain_http: true}}\n");
  ask_for_them(server.url("/all.json"));
  using live_test::Wire;
  for (const live_test::Reply& reply : {live_test::Reply{200, {}, "", Wire::silent}, {200, {}, "[{}]", Wire::cut_in_half}, {200, {}, "", Wire::closed}, {500}}) {
    server.on("/all.json", reply);
    const Told cut = told({"--fail-on", "note"}, "T14,T19,T20,T21,T22");
    EXPECT_EQ(cut.code, 3) << reply.status << ' ' << static_cast<int>(reply.wire);
    EXPECT_TRUE(cut.violated.empty());
    EXPECT_FALSE(cut.unknown.empty());
  }
}

TEST_F(Deployments, ThatGitHoldsAreTheSame) {
  const Told stored = told();
  std::string config = read("trueup.yaml");
  config.erase(config.find("deployments:"), config.find("rules:") - config.find("deployments:"));
  config.replace(config.find("  acme/networks:"), 0, "  acme/records: {path: acme/records}\n");
  write("trueup.yaml", config + "kinds: {\"deployments/**/*.json\": deployments}\n");
  fs::create_directories(folder_.path() / "acme/records");
  fs::copy(folder_.path() / "records", folder_.path() / "acme/records/deployments", fs::copy_options::recursive);
  EXPECT_EQ(told().violated, stored.violated);
  write("acme/records/deployments/acme/infra/vpc/deployment.json", "{ \"Revision\": ");
  EXPECT_TRUE(told().violated.empty()) << "a file that cannot be read may hold a later one";
}

}  // namespace
}  // namespace trueup::e2e
