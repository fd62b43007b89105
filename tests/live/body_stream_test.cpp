// Bodies that are read while they come, through the real client.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "live/curl_client.hpp"
#include "live/fault_server.hpp"

namespace trueup::live {
namespace {

using namespace std::chrono_literals;
using live_test::FaultServer;
using live_test::Reply;
using live_test::Wire;

/// What a reader saw of one request.
struct Seen {
  std::vector<std::string> bodies;  ///< one for each time that it was called
  int status = 0;
};

class BodyStreams : public testing::Test {
 protected:
  BodyStreams() {
    options.total_timeout = 20s;
    options.first_backoff = 5ms;
    EXPECT_TRUE(hosts.allow(server.host()));
  }

  HttpAnswer get(std::size_t enough = std::string::npos, std::chrono::milliseconds first_pause = 0ms) {
    const auto client = make_curl_client(options, hosts, empty_surroundings());
    HttpRequest request;
    request.url = server.url("/x");
    request.max_bytes = 32u << 20;
    request.read_body = [&](const HttpResponse& head, const NextBytes& next) {
      seen.status = head.status;
      std::string& body = seen.bodies.emplace_back();
      std::vector<char> piece(16u << 10);
      while (body.size() < enough) {
        const std::size_t count = next(piece.data(), piece.size());
        if (count == 0) break;
        if (body.empty()) std::this_thread::sleep_for(first_pause);
        body.append(piece.data(), count);
      }
    };
    return client->send(request);
  }

  FaultServer server;
  HttpOptions options;
  HostPolicy hosts;
  Seen seen;
};

std::string long_body(std::size_t bytes) {
  std::string body;
  for (std::size_t line = 0; body.size() < bytes; ++line) body += std::to_string(line) + "\n";
  return body;
}

TEST_F(BodyStreams, ReaderSeesTheWholeBodyAndTheAnswerHoldsNone) {
  server.on("/x", Reply{200, {{"Content-Encoding", "gzip"}}, live_test::gzip_stored("unpacked")});
  const HttpAnswer answer = get();
  ASSERT_TRUE(answer.has_status(200)) << answer.failure.message;
  EXPECT_TRUE(answer.response->body_was_read);
  EXPECT_EQ(answer.response->body, "");
  EXPECT_EQ(seen.bodies, std::vector<std::string>{"unpacked"});
  EXPECT_EQ(seen.status, 200);
}

TEST_F(BodyStreams, ServerWaitsForASlowReader) {
  const std::string body = long_body(12u << 20);
  server.on("/x", Reply{200, {}, body});
  const HttpAnswer answer = get(std::string::npos, 300ms);
  ASSERT_TRUE(answer.has_status(200)) << answer.failure.message;
  ASSERT_EQ(seen.bodies.size(), 1u);
  EXPECT_TRUE(seen.bodies[0] == body);
}

TEST_F(BodyStreams, ReaderThatHasEnoughEndsTheTransfer) {
  server.on("/x", Reply{200, {}, long_body(12u << 20)});
  const HttpAnswer answer = get(1);
  ASSERT_TRUE(answer.has_status(200)) << answer.failure.message;
  EXPECT_TRUE(answer.response->body_was_read);
  EXPECT_LE(seen.bodies.at(0).size(), 16u << 10);
}

TEST_F(BodyStreams, WhatBreaksOffIsReadAnewAndIsAFailureIfItDoesSoAgain) {
  server.on("/x", std::vector<Reply>{Reply{200, {}, "twelve bytes", Wire::cut_in_half}, Reply{200, {}, "twelve bytes"}});
  const HttpAnswer mended = get();
  ASSERT_TRUE(mended.has_status(200)) << mended.failure.message;
  EXPECT_EQ(seen.bodies, (std::vector<std::string>{"twelve", "twelve bytes"}));
  server.on("/x", Reply{200, {}, "twelve bytes", Wire::cut_in_half});
  EXPECT_EQ(get().failure.code, "cut_off");
  server.on("/x", Reply{200, {{"Content-Encoding", "gzip"}}, live_test::gzip_stored(long_body(60'000)), Wire::cut_in_half});
  EXPECT_EQ(get().failure.code, "cut_off");
  server.on("/x", Reply{200, {{"Content-Encoding", "gzip"}}, live_test::gzip_bomb(64u << 20)});
  EXPECT_EQ(get().failure.code, "over_limit");
  EXPECT_LE(seen.bodies.back().size(), 32u << 20);
  options.total_timeout = 250ms;
  server.on("/x", Reply{200, {}, std::string(900, 'x'), Wire::dripping});
  EXPECT_EQ(get().failure.code, "timed_out");
}

TEST_F(BodyStreams, OtherAnswersGoToNoReaderAndAreKeptInPart) {
  for (const int status : {206, 401, 404, 500}) {
    server.on("/x", Reply{status, {}, "no"});
    const HttpAnswer answer = get();
    ASSERT_TRUE(answer.has_status(status));
    EXPECT_EQ(answer.response->body, "no");
    EXPECT_FALSE(answer.response->body_was_read);
  }
  server.on("/x", Reply{404, {}, long_body(4u << 20)});
  EXPECT_LE(get().response->body.size(), 1u << 20);
  server.on("/x", Reply{200, {}, ""});
  EXPECT_FALSE(get().response->body_was_read) << "there is nothing to read";
  EXPECT_TRUE(seen.bodies.empty());
}

}  // namespace
}  // namespace trueup::live
