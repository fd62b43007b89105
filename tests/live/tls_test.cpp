// Certificates are verified, always. The server is OpenSSL's own; its pages are whole HTTP answers in files.
#include <gtest/gtest.h>

#include "live/child_process.hpp"
#include "live/curl_client.hpp"
#include "live/fault_server.hpp"
#include "live/temporary_folder.hpp"

namespace trueup::live {
namespace {

using namespace std::chrono_literals;

class Tls : public testing::Test {
 protected:
  void SetUp() override {
    const std::string openssl = live_test::find_program("openssl");
    if (openssl.empty()) GTEST_SKIP() << "openssl is not installed: apt-get install openssl";
    const std::string key = (folder_.path() / "key.pem").string();
    ca_ = (folder_.path() / "cert.pem").string();
    live_test::ChildProcess make({openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                                  "-nodes", "-keyout", key, "-out", ca_, "-days", "2", "-subj", "/CN=trueup", "-addext",
                                  "subjectAltName=IP:127.0.0.1"},
                                 folder_.path() / "req.log");
    ASSERT_EQ(make.wait(), 0) << live_test::read_file(folder_.path() / "req.log");
    host_ = "127.0.0.1:" + std::to_string(live_test::unused_port());
    std::filesystem::create_directory(folder_.path() / "www");
    folder_.write("www/page", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecure");
    folder_.write("www/down", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + other_.url("/x") + "\r\n\r\n");
    // s_server serves files of its working directory
    server_ = std::make_unique<live_test::ChildProcess>(
        std::vector<std::string>{"/bin/sh", "-c",
                                 "cd \"$1\" && exec \"$2\" s_server -accept \"$3\" -key \"$4\" -cert \"$5\" -HTTP "
                                 "-quiet",
                                 "sh", (folder_.path() / "www").string(), openssl, host_, key, ca_},
        folder_.path() / "server.log");
  }

  HttpAnswer get(const std::string& page, HostSettings settings) {
    HostPolicy hosts;
    EXPECT_TRUE(hosts.configure(host_, std::move(settings)));
    EXPECT_TRUE(hosts.allow(other_.host()));
    HttpOptions options;
    options.total_timeout = 10s;
    options.retries = 40;  // while the server comes up
    options.first_backoff = 20ms;
    const auto client = make_curl_client(options, hosts, empty_surroundings());
    HttpRequest request;
    request.url = "https://" + host_ + page;
    return client->send(request);
  }

  live_test::TemporaryFolder folder_;
  live_test::FaultServer other_;
  std::string host_, ca_;
  std::unique_ptr<live_test::ChildProcess> server_;
};

TEST_F(Tls, CertificateOfAnUnknownAuthorityIsRefusedAndOneThatIsNamedIsNot) {
  const auto named = get("/page", {.plain_http = false, .ca_file = ca_});
  ASSERT_TRUE(named.has_status(200)) << named.failure.message << live_test::read_file(folder_.path() / "server.log");
  EXPECT_EQ(named.response->body, "secure");
  const auto unknown_authority = get("/page", {.plain_http = false});
  EXPECT_EQ(unknown_authority.failure.code, "tls_failed");
  EXPECT_NE(unknown_authority.failure.message.find("ca_file"), std::string::npos) << unknown_authority.failure.message;
}

TEST_F(Tls, RedirectToPlainHttpIsRefused) {
  const auto answer = get("/down", {.plain_http = false, .ca_file = ca_});
  EXPECT_EQ(answer.failure.code, "redirect_refused") << answer.failure.message;
  EXPECT_TRUE(other_.seen().empty());
}

}  // namespace
}  // namespace trueup::live
