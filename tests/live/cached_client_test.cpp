#include "live/cached_client.hpp"

#include <gtest/gtest.h>

#include "live/fake_http.hpp"
#include "live/temporary_folder.hpp"

namespace trueup::live {
namespace {

using live_test::answered;
using live_test::FakeHttp;

HttpRequest get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  return request;
}

std::string condition_of(const HttpRequest& request) { return std::string(find_header(request.headers, "If-None-Match").value_or("none")); }

/// A server that has one version of everything, and confirms it.
HttpAnswer tagged(const HttpRequest& request, const std::string& tag, const std::string& body) {
  if (condition_of(request) == tag) return answered(304, "", {{"X-RateLimit-Remaining", "59"}});
  return answered(200, body, {{"ETag", tag}, {"Link", "<next>"}, {"X-RateLimit-Remaining", "60"}, {"Set-Cookie", "session=1"}});
}

class CachedClient : public testing::Test {
 protected:
  live_test::TemporaryFolder folder_;
  std::filesystem::path kept_ = folder_.path() / "answers";
};

TEST_F(CachedClient, AnAnswerThatTheServerConfirmsIsTakenFromTheFolderAsTheOneThatItWas) {
  FakeHttp server([](const HttpRequest& request) { return tagged(request, "\"one\"", "the body"); });
  const HttpAnswer first = make_cached_client(server, kept_)->send(get("https://api.example/a"));
  EXPECT_EQ(first.response->body, "the body");
  const HttpAnswer second = make_cached_client(server, kept_)->send(get("https://api.example/a"));
  ASSERT_TRUE(second.has_status(200));
  EXPECT_EQ(second.response->body, "the body");
  EXPECT_EQ(find_header(second.response->headers, "Link"), "<next>") << "of then";
  EXPECT_EQ(find_header(second.response->headers, "X-RateLimit-Remaining"), "59") << "of today";
  EXPECT_FALSE(find_header(second.response->headers, "Set-Cookie"));
  ASSERT_EQ(server.asked().size(), 2U);
  EXPECT_EQ(condition_of(server.asked()[0]), "none");
  EXPECT_EQ(condition_of(server.asked()[1]), "\"one\"");
}

TEST_F(CachedClient, WhatHasChangedIsTakenAnewAndKept) {
  std::string tag = "\"one\"";
  FakeHttp server([&](const HttpRequest& request) { return tagged(request, tag, "body of " + tag); });
  const auto client = make_cached_client(server, kept_);
  (void)client->send(get("https://api.example/a"));
  tag = "\"two\"";
  EXPECT_EQ(client->send(get("https://api.example/a")).response->body, "body of \"two\"");
  EXPECT_EQ(client->send(get("https://api.example/a")).response->body, "body of \"two\"");
  EXPECT_EQ(condition_of(server.asked()[2]), "\"two\"");
}

TEST_F(CachedClient, AnotherUrlCredentialOrMediaTypeHasAnAnswerOfItsOwn) {
  FakeHttp server([](const HttpRequest& request) { return tagged(request, "\"one\"", request.authorization.value.reveal()); });
  const auto client = make_cached_client(server, kept_);
  HttpRequest request = get("https://api.example/a");
  request.authorization = {AuthorizationScheme::bearer, Secret("alice"), "api.example"};
  (void)client->send(request);
  request.authorization.value = Secret("bob");
  EXPECT_EQ(client->send(request).response->body, "bob");
  request.headers.push_back({"Accept", "text/plain"});
  (void)client->send(request);
  (void)client->send(get("https://api.example/b"));
  for (const HttpRequest& asked : server.asked()) EXPECT_EQ(condition_of(asked), "none");
  for (const auto& entry : std::filesystem::directory_iterator(kept_)) EXPECT_EQ(entry.path().string().find("alice"), std::string::npos);
}

TEST_F(CachedClient, NothingIsKeptThatMayHoldASecretOrHasNoTag) {
  FakeHttp server([](const HttpRequest& request) {
    return request.url.ends_with("/plain") ? answered(200, "x") : request.url.ends_with("/missing") ? answered(404, "x", {{"ETag", "\"one\""}})
                                                                                                     : tagged(request, "\"one\"", "x");
  });
  const auto client = make_cached_client(server, kept_);
  HttpRequest token = get("https://api.example/token"), list = get("https://api.example/list"), form = get("https://api.example/form");
  token.secret_answer = true;
  list.secret_keys = {"password"};
  form.method = "POST";
  for (int turn = 0; turn < 2; ++turn)
    for (const HttpRequest& request : {token, list, form, get("https://api.example/a?access_token=x"), get("https://api.example/plain"), get("https://api.example/missing")})
      (void)client->send(request);
  for (const HttpRequest& asked : server.asked()) EXPECT_EQ(condition_of(asked), "none") << asked.url;
  EXPECT_TRUE(std::filesystem::is_empty(kept_));
}

TEST_F(CachedClient, AFileThatIsNotWholeOrAFolderThatCannotBeIsAsIfThereWereNone) {
  FakeHttp server([](const HttpRequest& request) { return tagged(request, "\"one\"", "the body"); });
  (void)make_cached_client(server, kept_)->send(get("https://api.example/a"));
  for (const auto& entry : std::filesystem::directory_iterator(kept_)) std::filesystem::resize_file(entry.path(), std::filesystem::file_size(entry.path()) - 2);
  EXPECT_EQ(make_cached_client(server, kept_)->send(get("https://api.example/a")).response->body, "the body");
  EXPECT_EQ(condition_of(server.asked()[1]), "none");
  folder_.write("file", "x");
  EXPECT_EQ(make_cached_client(server, folder_.path() / "file" / "below")->send(get("https://api.example/a")).response->body, "the body");
}

/// Lets every 200 be read as it comes, in pieces of three bytes; the connection breaks where the body says so.
class Streaming final : public HttpClient {
 public:
  explicit Streaming(HttpClient& inner) : inner_(inner) {}
  HttpAnswer send(const HttpRequest& request) override {
    HttpAnswer answer = inner_.send(request);
    if (!answer.has_status(200) || !request.read_body) return answer;
    std::string_view left = answer.response->body;
    const bool breaks = left.ends_with("breaks off");
    request.read_body(*answer.response, [&](char* into, std::size_t most) {
      const std::size_t count = left.substr(0, 3).copy(into, most);
      left.remove_prefix(count);
      return count;
    });
    if (breaks) {
      answer.response.reset();
      answer.failure = {"cut_off", ""};
    } else {
      answer.response->body.clear();
      answer.response->body_was_read = true;
    }
    return answer;
  }

 private:
  HttpClient& inner_;
};

TEST_F(CachedClient, ABodyThatIsReadWhileItComesIsKeptOnTheWayAndReadFromTheFolderTheNextTime) {
  std::string body = "a body of some length";
  FakeHttp server([&](const HttpRequest& request) { return tagged(request, "\"" + std::to_string(body.size()) + "\"", body); });
  Streaming streaming(server);
  std::string read;
  std::size_t enough = std::string::npos;
  HttpRequest request = get("https://api.example/a");
  request.read_body = [&](const HttpResponse&, const NextBytes& next) {
    read.clear();
    char piece[8];
    while (read.size() < enough) {
      const std::size_t count = next(piece, sizeof piece);
      if (count == 0) break;
      read.append(piece, count);
    }
  };
  const auto client = make_cached_client(streaming, kept_);
  for (const char* condition : {"none", "\"21\"", "\"21\""}) {
    const HttpAnswer answer = client->send(request);
    ASSERT_TRUE(answer.has_status(200));
    EXPECT_TRUE(answer.response->body_was_read);
    EXPECT_EQ(read, "a body of some length");
    EXPECT_EQ(condition_of(server.asked().back()), condition);
  }
  EXPECT_EQ(client->send(get("https://api.example/a")).response->body, "a body of some length") << "for who wants it whole";
  body = "this one breaks off";
  EXPECT_EQ(client->send(request).failure.code, "cut_off");
  (void)client->send(request);
  EXPECT_EQ(condition_of(server.asked().back()), "\"21\"") << "half a body is not kept";
  body = "of this one the beginning is enough";
  enough = 5;
  EXPECT_TRUE(client->send(request).response->body_was_read);
  (void)client->send(request);
  EXPECT_EQ(condition_of(server.asked().back()), "\"21\"");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(kept_), {}), 1) << "nothing half-written is left";
}

TEST_F(CachedClient, WhatWasNotUsedForAMonthIsRemoved) {
  FakeHttp server([](const HttpRequest& request) { return tagged(request, "\"one\"", "x"); });
  (void)make_cached_client(server, kept_)->send(get("https://api.example/a"));
  for (const auto& entry : std::filesystem::directory_iterator(kept_))
    std::filesystem::last_write_time(entry.path(), std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 40));
  (void)make_cached_client(server, kept_);
  EXPECT_TRUE(std::filesystem::is_empty(kept_));
}

}  // namespace
}  // namespace trueup::live
