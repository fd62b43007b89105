// Records of deployments: files, an address, and what goes wrong with each.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/deployment_source.hpp"
#include "live/fake_http.hpp"

namespace trueup::live {
namespace {

using live_test::answered;
using live_test::FakeHttp;
using testing::HasSubstr;

std::string said(const DeploymentListReading& reading) {
  return std::string(to_string(reading.state)) + " " + std::to_string(reading.documents.size()) + (reading.complete ? " complete" : "") +
         (reading.unknown ? " " + reading.unknown->code : "");
}

TEST(DeploymentDump, IsReadAsAWholeOrNotAtAll) {
  struct Row {
    std::vector<std::pair<std::string, std::string>> texts;
    bool complete;
    const char* said;
  };
  const std::vector<Row> rows = {{{{"a.json", "{}"}, {"b.json", "[]"}}, true, "present 2 complete"},
                                 {{{"a.json", "{}"}}, false, "present 1"},
                                 {{}, true, "present 0 complete"},
                                 {{{"a.json", "{}"}, {"b.json", "{"}}, true, "unknown 0 malformed"},
                                 {{{"a.json", "7"}}, true, "unknown 0 malformed"}};
  for (const Row& row : rows) EXPECT_EQ(said(make_deployment_dump({"prod", "live/x", row.texts, {}, row.complete, "2026-01-01T00:00:00Z"})->read()), row.said);
  const auto gone = make_deployment_dump({"prod", "live/x", {}, "live/x cannot be read", true, ""})->read();
  EXPECT_EQ(said(gone), "unknown 0 malformed");
  EXPECT_EQ(gone.unknown->because, "live/x cannot be read");
}

TEST(DeploymentAddress, IsAskedWithTheTokenOfItsHost) {
  struct Row {
    int status;
    const char* body;
    const char* said;
  };
  for (const Row& row : {Row{200, R"([{"revision": "a"}])", "present 1 complete"}, {404, "", "unknown 0 http_404"}, {503, "", "unknown 0 http_503"},
                         {200, "<html>", "unknown 0 malformed"}, {401, "", "unknown 0 no_credentials"}}) {
    FakeHttp http([&](const HttpRequest&) { return answered(row.status, row.body); });
    NoCredentials credentials;
    const auto source = make_deployment_address("prod", "https://records.example/all.json?x=1", http, credentials);
    const auto reading = source->read();
    EXPECT_EQ(said(reading), row.said) << row.status;
    ASSERT_EQ(http.asked().size(), 1u);
    EXPECT_EQ(http.asked()[0].url, "https://records.example/all.json?x=1");
    EXPECT_EQ(source->host(), "records.example");
  }
}

TEST(DeploymentAddress, ThatIsNoneIsNotAsked) {
  FakeHttp http([](const HttpRequest&) { return answered(200, "[]"); });
  NoCredentials credentials;
  EXPECT_EQ(said(make_deployment_address("prod", "nowhere", http, credentials)->read()), "unknown 0 invalid_reference");
  EXPECT_TRUE(http.asked().empty());
}

}  // namespace
}  // namespace trueup::live
