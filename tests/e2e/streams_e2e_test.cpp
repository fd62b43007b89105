// What a workspace of Atlas holds, against processors and connections in git: a server that plays along or does not, and recordings.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "e2e/run_cli.hpp"
#include "live/atlas_server.hpp"

namespace trueup::e2e {
namespace {

using live_test::AtlasServer;
using live_test::json_reply;
using live_test::Reply;
using live_test::Wire;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kLive = "S37,S38,S39,S40,S41,S42,S52,S53";

class StreamsOfFleet : public testing::Test {
 protected:
  StreamsOfFleet() {
    const std::string pipeline = R"("pipeline": [{"$source": {"connectionName": "in"}}, {"$match": {"n": 1000}}, {"$merge": {"into": {"connectionName": "out", "db": "d", "coll": "c"}}}])";
    folder.write("processors/a.json", R"({"name": "a", )" + pipeline + "}\n");
    folder.write("processors/b.json", R"({"name": "b", )" + pipeline + "}\n");
    folder.write("connections/out.json", R"({"name": "out", "type": "Cluster", "clusterName": "c"})");
    folder.write("environments/production/config.env", "WORKSPACE_NAME=shop\n");
    folder.write("trueup.yaml", "version: 1\nslug: acme/streams\nrepositories: {acme/streams: {path: ., default_branch: main}}\nstreams:\n  production: {project: " +
                                    std::string(AtlasServer::kProject) + ", url: \"" + server.url() + "\"}\n");
    server.workspaces["shop"] = {"{}",
                                 {R"({"name":"out","type":"Cluster","clusterName":"c"})"},
                                 {R"({"name":"a","state":"STARTED",)" + replaced(pipeline, "1000", "500") + "}", R"({"name":"extra","state":"STOPPED","pipeline":[]})"}};
    ::setenv("MONGODB_ATLAS_BASE_URL", server.url().c_str(), 1);
    ::setenv("MONGODB_ATLAS_PUBLIC_API_KEY_PRODUCTION", AtlasServer::kPublicKey, 1);
    ::setenv("MONGODB_ATLAS_PRIVATE_API_KEY_PRODUCTION", AtlasServer::kPrivateKey, 1);
  }
  ~StreamsOfFleet() override {
    for (const char* name : {"MONGODB_ATLAS_BASE_URL", "MONGODB_ATLAS_PUBLIC_API_KEY_PRODUCTION", "MONGODB_ATLAS_PRIVATE_API_KEY_PRODUCTION", "MONGODB_ATLAS_CLIENT_ID",
                             "MONGODB_ATLAS_CLIENT_SECRET"})
      ::unsetenv(name);
  }

  static std::string replaced(std::string text, const std::string& from, const std::string& to) { return text.replace(text.find(from), from.size(), to); }
  Outcome check(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"check", "--only", kLive, "--fail-on", "warning"};
    words.insert(words.end(), more.begin(), more.end());
    return run_cli(folder.path(), words, {}, near_servers(patience));
  }

  std::chrono::milliseconds patience = std::chrono::seconds(60);
  Folder folder;
  AtlasServer server;
};

TEST_F(StreamsOfFleet, WhatRunsOtherwiseIsFound) {
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("b is declared and is not in shop"));
  EXPECT_THAT(outcome.out, HasSubstr("/pipeline/1/$match/n is 1000 in Git, and 500 live"));
  EXPECT_THAT(outcome.out, HasSubstr("extra is in shop (STOPPED), and no file of processors/ declares it"));
  EXPECT_EQ(server.questions_by_digest, 3);
  const Outcome json = check({"--format", "json"});
  EXPECT_THAT(json.out, HasSubstr("/streams/shop/processor/a"));
  EXPECT_THAT(json.out, HasSubstr(R"(\"$match\": {\"n\": 1000})"));
}

TEST_F(StreamsOfFleet, AServiceAccountWithoutASuffixServesToo) {
  ::unsetenv("MONGODB_ATLAS_PUBLIC_API_KEY_PRODUCTION");
  ::unsetenv("MONGODB_ATLAS_PRIVATE_API_KEY_PRODUCTION");
  ::setenv("MONGODB_ATLAS_CLIENT_ID", AtlasServer::kClientId, 1);
  ::setenv("MONGODB_ATLAS_CLIENT_SECRET", AtlasServer::kClientSecret, 1);
  EXPECT_EQ(check().code, 1);
  EXPECT_EQ(server.questions_by_token, 3);
}

TEST_F(StreamsOfFleet, KeysStayWithTheHostThatTheyBelongTo) {
  ::setenv("MONGODB_ATLAS_BASE_URL", "https://cloud.mongodb.com", 1);
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("whoever comes without a key"));
  for (const auto& request : server.http().seen()) EXPECT_EQ(request.header("authorization"), "");
}

TEST_F(StreamsOfFleet, SourceThatIsCutIsNeverCleanAndNeverAFinding) {
  const struct {
    const char* what;
    Reply reply;
  } cases[] = {{"unauthorized", json_reply(R"({"error":401,"errorCode":"UNAUTHORIZED"})", 401)},
               {"forbidden", json_reply(R"({"error":403})", 403)},
               {"rate limit", Reply{429, {{"Retry-After", "3600"}}}},
               {"error of the server", Reply{500}},
               {"truncated", json_reply(R"({"results":[{"name":"a")")},
               {"cut off", Reply{200, {}, R"({"results":[]})", Wire::cut_in_half}},
               {"web page", Reply{200, {{"Content-Type", "text/html"}}, "<html>Sign in</html>"}},
               {"no answer", Reply{200, {}, "", Wire::silent}},
               {"closed", Reply{200, {}, "", Wire::closed}}};
  for (const auto& [what, reply] : cases) {
    patience = reply.wire == Wire::silent ? kImpatient : std::chrono::seconds(60);
    for (const char* path : {"", "/shop/processors", "/shop/connections"}) {
      SCOPED_TRACE(std::string(what) + " at " + path);
      server.faults = {{path, reply}};
      const bool all = *path == '\0', processors = all || std::string(path) == "/shop/processors";
      const Outcome outcome = check();
      EXPECT_EQ(outcome.code, processors ? 3 : 1) << outcome.out << outcome.err;
      if (processors) {
        EXPECT_THAT(outcome.out, Not(HasSubstr("warning[S")));
        EXPECT_THAT(outcome.out, Not(HasSubstr("error[S")));
      } else {
        EXPECT_THAT(outcome.out, Not(HasSubstr("S41 ")));
        EXPECT_EQ(check({"--skip", "S37,S38,S52"}).code, 3);
      }
      EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr(AtlasServer::kPrivateKey)));
    }
  }
}

TEST_F(StreamsOfFleet, RecordingSaysTheSameWithoutTheServer) {
  Folder recording;
  const std::string place = (recording.path() / "r").string();
  const Outcome live = check({"--record", place});
  server.faults = {{"", Reply{500}}};
  ::unsetenv("MONGODB_ATLAS_PUBLIC_API_KEY_PRODUCTION");
  const Outcome replayed = check({"--replay", place});
  EXPECT_EQ(replayed.code, 1) << replayed.out << replayed.err;
  EXPECT_EQ(replayed.out, live.out);
}

TEST_F(StreamsOfFleet, PlanSaysWhatWouldBeAskedAndAsksNothing) {
  const Outcome outcome = check({"--plan"});
  EXPECT_THAT(outcome.out, HasSubstr("processors and connections of shop (" + server.host() + ")"));
  EXPECT_TRUE(server.http().seen().empty());
  const Outcome offline = check({"--offline"});
  EXPECT_EQ(offline.code, 0) << offline.out;
  EXPECT_THAT(offline.out, HasSubstr("offline: no server was asked"));
  EXPECT_TRUE(server.http().seen().empty());
}

TEST_F(StreamsOfFleet, AChangeIsNotHeldAgainstWhatRuns) {
  ASSERT_TRUE(folder.git("init -q -b main ."));
  ASSERT_TRUE(folder.git("add -A"));
  ASSERT_TRUE(folder.git("commit -q -m one"));
  folder.write("processors/c.json", R"({"name": "c", "pipeline": [{"$source": {"connectionName": "in"}}]})");
  const Outcome outcome = check({"--base", "main"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

}  // namespace
}  // namespace trueup::e2e
