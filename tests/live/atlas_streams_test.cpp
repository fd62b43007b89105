// A project of Atlas through the real client: both ways to be let in, pages, and everything that goes wrong.
#include <gmock/gmock.h>

#include "live/atlas_server.hpp"
#include "live/curl_client.hpp"
#include "live/record.hpp"
#include "live/stream_source.hpp"
#include "live/temporary_folder.hpp"

namespace trueup::live {
namespace {

using namespace std::chrono_literals;
using live_test::AtlasServer;
using live_test::json_reply;
using live_test::Reply;
using live_test::Wire;
using testing::HasSubstr;

/// One credential for every host and account.
class Wallet final : public CredentialSource {
 public:
  std::optional<Credential> credential;
  std::optional<Credential> find(const HostPort&) override { return credential; }
  std::vector<CredentialNote> explain(const HostPort&) override { return {}; }
};

class AtlasStreamsTest : public testing::Test {
 protected:
  AtlasStreamsTest() {
    options.connect_timeout = 2s;
    options.total_timeout = 30s;
    options.first_backoff = 5ms;
    options.max_wait = 200ms;
    EXPECT_TRUE(hosts.allow(server.host()));
    server.workspaces["shop"] = {R"({"tier":"SP10","maxTierSize":"SP30"})", {R"({"name":"out","type":"Cluster"})"},
                                 {R"({"name":"a","state":"STARTED","pipeline":[]})", R"({"name":"b","state":"FAILED","pipeline":[]})"}};
    server.workspaces["other"] = {};
    api_key();
  }

  void api_key(const std::string& secret = AtlasServer::kPrivateKey) {
    wallet.credential = Credential{CredentialKind::basic, AtlasServer::kPublicKey, Secret(secret), "a test"};
  }
  void service_account(const std::string& secret = AtlasServer::kClientSecret) {
    wallet.credential = Credential{CredentialKind::client_credentials, AtlasServer::kClientId, Secret(secret), "a test"};
  }
  std::vector<StreamListReading> read(const std::string& workspace = "shop", const std::string& project = AtlasServer::kProject) {
    const auto client = make_curl_client(options, hosts, empty_surroundings());
    return make_atlas_streams({"production", server.url(), project}, *client, wallet)->read(workspace);
  }
  static std::string said(const std::vector<StreamListReading>& readings) {
    std::string text;
    for (const StreamListReading& each : readings)
      text += std::string(to_string(each.kind)) + " " + std::string(to_string(each.state)) + " " + std::to_string(each.items.size()) + (each.complete ? " complete" : "") +
              (each.unknown ? " " + each.unknown->code : "") + "; ";
    return text;
  }

  AtlasServer server;
  HttpOptions options;
  HostPolicy hosts;
  Wallet wallet;
};

constexpr const char* kAllThere = "workspace present 1 complete; connection present 1 complete; processor present 2 complete; ";

TEST_F(AtlasStreamsTest, AnApiKeyIsShownByDigestAndNeverSent) {
  const auto readings = read();
  EXPECT_EQ(said(readings), kAllThere);
  EXPECT_EQ(server.questions_by_digest, 3);
  EXPECT_THAT(readings[0].items.at(0), HasSubstr(R"("maxTierSize":"SP30")"));
  EXPECT_EQ(readings[2].evidence, "2 processors");
  for (const auto& request : server.http().seen()) {
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.header("authorization").find(AtlasServer::kPrivateKey), std::string::npos);
    EXPECT_FALSE(request.header("authorization").starts_with("Basic"));
  }
}

TEST_F(AtlasStreamsTest, AStaleNonceIsAskedForAgain) {
  server.uses_of_a_nonce = 1;
  EXPECT_EQ(said(read()), kAllThere);
}

TEST_F(AtlasStreamsTest, AServiceAccountGetsOneTokenForAllQuestions) {
  service_account();
  EXPECT_EQ(said(read()), kAllThere);
  EXPECT_EQ(server.tokens, 1);
  EXPECT_EQ(server.questions_by_token, 3);
}

TEST_F(AtlasStreamsTest, PagesAreReadToTheirEndAndLinksElsewhereNotFollowed) {
  auto& processors = server.workspaces["shop"].processors;
  for (int i = 0; i < 25; ++i) processors.push_back(R"({"name":"p)" + std::to_string(i) + R"(","state":"STARTED","pipeline":[]})");
  server.page_size = 4;
  const auto readings = read();
  EXPECT_EQ(readings[2].items.size(), 27u);
  EXPECT_TRUE(readings[2].complete);
}

TEST_F(AtlasStreamsTest, AListThatSlidWhileItWasReadProvesNoAbsence) {
  auto& processors = server.workspaces["shop"].processors;
  processors = {processors[0], processors[1], processors[1]};
  server.page_size = 2;
  const auto readings = read();
  EXPECT_EQ(readings[2].state, ReadingState::present);
  EXPECT_FALSE(readings[2].complete);
}

TEST_F(AtlasStreamsTest, AWorkspaceThatTheProjectDoesNotListIsAbsent) {
  EXPECT_EQ(said(read("gone")), "workspace absent 0 complete; connection absent 0 complete; processor absent 0 complete; ");
  EXPECT_EQ(said(read("a/../b c")), "workspace absent 0 complete; connection absent 0 complete; processor absent 0 complete; ");
}

TEST_F(AtlasStreamsTest, WhoIsNotLetInKnowsNothing) {
  const char* const refused = "workspace unknown 0 refused_credentials; connection unknown 0 refused_credentials; processor unknown 0 refused_credentials; ";
  api_key("wrong");
  EXPECT_EQ(said(read()), refused);
  service_account("wrong");
  EXPECT_EQ(said(read()), refused);
  wallet.credential = Credential{CredentialKind::bearer_token, "", Secret("t0ken-of-another"), "a test"};
  EXPECT_EQ(said(read()), refused);
  wallet.credential.reset();
  const auto readings = read();
  EXPECT_EQ(readings[0].unknown->code, "no_credentials");
  EXPECT_EQ(readings[0].unknown->kind, UnknownKind::not_asked);
  api_key();
  EXPECT_EQ(read("shop", "000000000000000000000000")[0].unknown->code, "http_404");
}

TEST_F(AtlasStreamsTest, EachSourceThatIsCutIsUnknown) {
  const struct {
    const char* what;
    Reply reply;
    const char* code;
  } cases[] = {{"unauthorized", json_reply(R"({"error":401,"errorCode":"UNAUTHORIZED"})", 401), "refused_credentials"},
               {"forbidden", json_reply(R"({"error":403,"errorCode":"IP_ADDRESS_NOT_ON_ACCESS_LIST"})", 403), "refused_credentials"},
               {"wrong version", json_reply(R"({"error":406,"errorCode":"INVALID_VERSION_DATE"})", 406), "http_406"},
               {"rate limit", Reply{429, {{"Retry-After", "3600"}}}, "rate_limited"},
               {"error of the server", json_reply(R"({"error":500,"errorCode":"UNEXPECTED_ERROR","detail":"secret words"})", 500), "http_500"},
               {"truncated", json_reply(R"({"results":[{"name":"a")"), "malformed"},
               {"no list", json_reply(R"({"result":[]})"), "malformed"},
               {"nameless", json_reply(R"({"results":[{"state":"STARTED"}]})"), "malformed"},
               {"web page", Reply{200, {{"Content-Type", "text/html"}}, "<html>Sign in</html>"}, "malformed"},
               {"cut off", Reply{200, {}, R"({"results":[]})", Wire::cut_in_half}, "cut_off"},
               {"closed", Reply{200, {}, "", Wire::closed}, "cut_off"},
               {"sent elsewhere", Reply{302, {{"Location", "http://elsewhere.invalid/"}}, ""}, "plain_http"}};
  for (const auto& [what, reply, code] : cases) {
    for (const bool by_token : {false, true}) {
      by_token ? service_account() : api_key();
      for (const auto& [path, kind] : {std::pair("", 0), std::pair("/shop/connections", 1), std::pair("/shop/processors", 2)}) {
        SCOPED_TRACE(std::string(what) + " at " + path);
        server.faults = {{path, reply}};
        const auto readings = read();
        const StreamListReading& cut = readings[static_cast<std::size_t>(kind)];
        ASSERT_TRUE(cut.unknown);
        EXPECT_EQ(cut.unknown->code, code) << cut.unknown->because;
        EXPECT_EQ(cut.unknown->because.find("secret"), std::string::npos);
        EXPECT_TRUE(cut.items.empty());
        EXPECT_FALSE(cut.complete);
        EXPECT_TRUE(kind != 2 || readings[1].state == ReadingState::present);
      }
    }
  }
}

TEST_F(AtlasStreamsTest, ATokenServerThatIsCutLeavesAllUnknown) {
  service_account();
  for (const auto& [reply, code] : {std::pair(Reply{500}, "http_500"), std::pair(json_reply("{}"), "malformed"), std::pair(Reply{404}, "http_404")}) {
    server.token_faults = {{"", reply}};
    const auto readings = read();
    for (const StreamListReading& each : readings) {
      ASSERT_TRUE(each.unknown);
      EXPECT_EQ(each.unknown->code, code);
      EXPECT_EQ(each.unknown->because.find("s3cret"), std::string::npos);
    }
  }
}

TEST_F(AtlasStreamsTest, ARecordingHoldsNoSecretAndAnswersTheSame) {
  server.workspaces["shop"].connections.push_back(R"({"name":"web","type":"Https","url":"https://w.example","headers":{"x-api-key":"h3ader-s3cret"}})");
  for (const bool by_token : {false, true}) {
    by_token ? service_account() : api_key();
    live_test::TemporaryFolder folder;
    const auto client = make_curl_client(options, hosts, empty_surroundings());
    auto recorder = Recorder::open(folder.path() / "r", {"2026-01-01T00:00:00Z", hosts}, *client);
    ASSERT_TRUE(recorder);
    const auto live = make_atlas_streams({"production", server.url(), AtlasServer::kProject}, **recorder, wallet)->read("shop");
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "r")) all += live_test::read_file(entry.path());
    for (const char* secret : {AtlasServer::kPrivateKey, AtlasServer::kClientSecret, "h3ader-s3cret", "t0ken-"})
      EXPECT_EQ(all.find(secret), std::string::npos) << secret;
    auto replay = Replay::open(folder.path() / "r");
    ASSERT_TRUE(replay);
    const auto again = make_atlas_streams({"production", server.url(), AtlasServer::kProject}, **replay, (*replay)->credentials())->read("shop");
    EXPECT_EQ(said(again), said(live));
    EXPECT_EQ(again[2].items, live[2].items);
    EXPECT_THAT((*replay)->unused(), testing::IsEmpty());
  }
}

TEST(StreamDump, WhatToolsWroteIsReadByItsLook) {
  const auto read = [](const std::string& name, const std::string& text, bool complete = true) {
    return make_stream_dump({"production", "live.json", {{name, text}}, {}, complete, "2026-01-01T00:00:00Z"})->read("shop");
  };
  const auto page = read("x.json", R"({"links":[],"results":[{"name":"a","pipeline":[],"state":"STARTED"},{"name":"out","type":"Cluster"},{"name":"shop","streamConfig":{}}]})");
  for (const StreamListReading& each : page) {
    EXPECT_EQ(each.state, ReadingState::present);
    EXPECT_EQ(each.items.size(), 1u);
    EXPECT_TRUE(each.complete);
  }
  EXPECT_EQ(read("x.json", R"({"processors":[{"name":"a","status":"STARTED"}]})")[2].items.size(), 1u);
  EXPECT_EQ(read("processors.json", "[]")[2].state, ReadingState::present);
  EXPECT_EQ(read("processors.json", "[]")[1].unknown->code, "not_in_dump");
  EXPECT_FALSE(read("processors.json", "[]", false)[2].complete);
  EXPECT_EQ(read("x.json", "[{")[0].unknown->code, "malformed");
  EXPECT_EQ(read("x.json", "[]")[2].unknown->code, "not_in_dump");
}

}  // namespace
}  // namespace trueup::live
