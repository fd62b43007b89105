#include <gtest/gtest.h>

#include <sstream>

#include "live/address.hpp"
#include "live/base64.hpp"
#include "live/clock.hpp"
#include "live/header_fields.hpp"
#include "live/hosts.hpp"
#include "live/proxy.hpp"
#include "live/reading.hpp"
#include "live/retry.hpp"
#include "live/secret.hpp"
#include "live/url.hpp"

namespace trueup::live {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Printable<Secret>, "a secret must not reach a stream");

TEST(Unknown, KindFollowsTheCode) {
  for (const char* code : {"offline", "no_credentials", "realm_not_trusted", "private_address", "plain_http",
                           "name_unknown", "invalid_reference"}) {
    EXPECT_EQ(unknown(code, "").kind, UnknownKind::not_asked) << code;
  }
  for (const char* code : {"timed_out", "http_503", "rate_limited", "refused_credentials", "not_recorded",
                           "anything"}) {
    EXPECT_EQ(unknown(code, "").kind, UnknownKind::failed) << code;
  }
}

TEST(HostPort, ReadsHostsAndRefusesEverythingElse) {
  for (const char* right : {"registry.example", "127.0.0.1:5000", "[::1]:5000", "[fd00::1]", "localhost:5000",
                            "a_b.example:1"}) {
    const auto host = HostPort::parse(right);
    ASSERT_TRUE(host) << right;
    EXPECT_EQ(host->to_string(), right);
  }
  EXPECT_EQ(HostPort::parse("Registry.Example")->host, "registry.example");
  for (const char* wrong : {"", ":5000", "a:", "a:0", "a:65536", "a:5x", "https://a", "a/b", "user@a", "a b", "[::1",
                            "[::1]x", "[abc]", "a.", ".a", "a\\b", "a:1:2", "::1"}) {
    EXPECT_FALSE(HostPort::parse(wrong)) << wrong;
  }
}

TEST(HostPolicy, OnlyNamedLoopbackHostsAreAskedWithoutTls) {
  HostPolicy hosts;
  ASSERT_TRUE(hosts.allow("127.0.0.1:5000"));
  ASSERT_TRUE(hosts.allow("localhost"));
  ASSERT_TRUE(hosts.allow("registry.example"));
  ASSERT_TRUE(hosts.configure("inside.example:5000", {.plain_http = true}));
  ASSERT_TRUE(hosts.configure("127.0.0.1:5443", {.plain_http = false}));
  const struct {
    const char* host;
    const char* url;
  } cases[] = {{"127.0.0.1:5000", "http://127.0.0.1:5000"},
               {"127.0.0.1:5001", "https://127.0.0.1:5001"},
               {"127.0.0.1:5443", "https://127.0.0.1:5443"},
               {"localhost:80", "http://localhost:80"},
               {"registry.example", "https://registry.example"},
               {"inside.example:5000", "http://inside.example:5000"},
               {"inside.example", "https://inside.example"},
               {"[::1]:5000", "https://[::1]:5000"}};
  for (const auto& [host, url] : cases) EXPECT_EQ(hosts.base_url(*HostPort::parse(host)), url);
}

TEST(HostPolicy, AllowKeepsWhatWasConfigured) {
  HostPolicy hosts;
  ASSERT_TRUE(hosts.configure("registry.example", {.ca_file = "ca.pem"}));
  ASSERT_TRUE(hosts.allow("registry.example"));
  EXPECT_EQ(hosts.settings({"registry.example", std::nullopt})->ca_file, "ca.pem");
  EXPECT_FALSE(hosts.allow("http://registry.example"));
}

TEST(Url, RefusesWhatTwoReadersCouldReadDifferently) {
  for (const char* wrong : {"", "registry.example", "ftp://a/", "file:///etc/passwd", "https://user:pass@a/",
                            "https://a\\@b/", "https://a b/", "https://a/\n", "https:///x",
                            "https://\xc3\xa4/", "gopher://a"}) {
    EXPECT_FALSE(Url::parse(wrong)) << wrong;
  }
  EXPECT_EQ(Url::parse("HTTPS://Registry.Example?x=1#frag")->to_string(), "https://registry.example/?x=1");
}

TEST(Url, ResolvesLocationsAgainstTheAddressThatWasAsked) {
  const Url base = *Url::parse("https://a.example:5000/v2/x/tags/list?n=3");
  const struct {
    const char* reference;
    const char* resolved;
  } cases[] = {{"/v2/x/tags/list?last=b&n=3", "https://a.example:5000/v2/x/tags/list?last=b&n=3"},
               {"https://b.example/y", "https://b.example/y"},
               {"//b.example/y", "https://b.example/y"},
               {"?last=b", "https://a.example:5000/v2/x/tags/list?last=b"},
               {"other", "https://a.example:5000/v2/x/tags/other"},
               {"", "https://a.example:5000/v2/x/tags/"},
               {"/a:b", "https://a.example:5000/a:b"}};
  for (const auto& [reference, resolved] : cases) {
    const auto url = base.resolve(reference);
    ASSERT_TRUE(url) << reference;
    EXPECT_EQ(url->to_string(), resolved);
  }
  EXPECT_FALSE(base.resolve("file:///etc/passwd"));
  EXPECT_FALSE(base.resolve("//user@b.example/"));
}

TEST(Url, OriginIsSchemeHostAndPort) {
  const Url a = *Url::parse("https://a.example/x");
  EXPECT_TRUE(a.same_origin(*Url::parse("https://A.example:443/y")));
  EXPECT_FALSE(a.same_origin(*Url::parse("http://a.example/x")));
  EXPECT_FALSE(a.same_origin(*Url::parse("https://a.example:444/x")));
  EXPECT_FALSE(a.same_origin(*Url::parse("https://b.example/x")));
}

TEST(Url, SecretsInQueriesAreTakenOut) {
  EXPECT_EQ(without_secrets("https://a/b?X-Amz-Signature=abc&X-Amz-Credential=d&n=3&sig=x&access_token=t&last=v"),
            "https://a/b?X-Amz-Signature=REDACTED&X-Amz-Credential=REDACTED&n=3&sig=REDACTED&access_token=REDACTED&"
            "last=v");
  EXPECT_EQ(without_secrets("/v2/"), "/v2/");
  EXPECT_EQ(percent_encoded("repository:charts/atlas:pull"), "repository%3Acharts%2Fatlas%3Apull");
}

TEST(Address, OnlyPublicOnesArePublic) {
  for (const char* text : {"127.0.0.1", "127.255.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
                           "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1", "240.0.0.1",
                           "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "fdff::1",
                           "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
                           "2002:7f00:1::", "2001::1", "2001:db8::1", "::127.0.0.1", "64:ff9b:1::1"}) {
    EXPECT_FALSE(is_public_address(*address_bytes(text))) << text;
  }
  for (const char* text : {"1.1.1.1", "172.32.0.1", "100.128.0.1", "8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8",
                           "64:ff9b::808:808", "2a00:1450::1"}) {
    EXPECT_TRUE(is_public_address(*address_bytes(text))) << text;
  }
  EXPECT_FALSE(address_bytes("registry.example"));
  EXPECT_FALSE(is_public_address({}));
}

TEST(Clock, ReadsBothFormsAndRefusesTheRest) {
  const auto time = parse_http_date("Sat, 21 Nov 2026 10:45:39 GMT");
  ASSERT_TRUE(time);
  EXPECT_EQ(rfc3339(*time), "2026-11-21T10:45:39Z");
  EXPECT_EQ(parse_rfc3339("2026-11-21T10:45:39Z"), time);
  for (const char* wrong : {"", "Sat, 31 Feb 2026 10:45:39 GMT", "Sat, 21 Nov 2026 24:45:39 GMT",
                            "Sat, 21 XXX 2026 10:45:39 GMT", "Saturday, 21-Nov-26 10:45:39 GMT",
                            "Sat, 21 Nov 2026 10-45:39 GMT"}) {
    EXPECT_FALSE(parse_http_date(wrong)) << wrong;
  }
  EXPECT_FALSE(parse_rfc3339("2026-11-21T10:45:39+01:00"));
}

TEST(Base64, GivesBackWhatItWasGiven) {
  const std::vector<std::string> texts = {"", "f", "fo", "foo", "robot:s3cret", std::string("\0\xff\x10", 3)};
  for (const std::string& text : texts) {
    EXPECT_EQ(base64_decode(base64_encode(text)), text);
  }
  EXPECT_EQ(base64_encode("robot:s3cret"), "cm9ib3Q6czNjcmV0");
  EXPECT_EQ(base64_decode("Zm8"), "fo");
  EXPECT_FALSE(base64_decode("Z"));
  EXPECT_FALSE(base64_decode("Zm9v!"));
}

TEST(Challenges, QuotedCommasAndSeveralChallengesAreToldApart) {
  const std::vector<std::string_view> headers = {
      "Bearer realm=\"https://auth.example/token\",service=\"registry.example\",scope=\"repository:a/b:pull,push\"",
      "Negotiate YWJj==, Basic realm=\"a \\\"quoted\\\" place\", charset=UTF-8"};
  const auto challenges = parse_challenges(headers);
  ASSERT_EQ(challenges.size(), 3u);
  EXPECT_EQ(challenges[0].scheme, "bearer");
  EXPECT_EQ(challenges[0].parameter("scope"), "repository:a/b:pull,push");
  EXPECT_EQ(challenges[0].parameter("missing"), "");
  EXPECT_EQ(challenges[1].scheme, "negotiate");
  EXPECT_EQ(challenges[2].scheme, "basic");
  EXPECT_EQ(challenges[2].parameter("realm"), "a \"quoted\" place");
  EXPECT_EQ(challenges[2].parameter("charset"), "UTF-8");
}

TEST(Challenges, BrokenHeadersEndAndAreBounded) {
  for (const std::string& text : {std::string("Bearer realm=\"open"), std::string("=,=,=\"\\"),
                                  std::string(100000, ','), std::string(100000, '"'), std::string("\x01\x02")}) {
    const std::vector<std::string_view> headers = {text};
    EXPECT_LE(parse_challenges(headers).size(), 1u);
  }
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "Basic realm=\"a\", ";
  const std::vector<std::string_view> headers = {many};
  EXPECT_EQ(parse_challenges(headers).size(), 16u);
}

TEST(NextLink, IsFoundAmongOthers) {
  const auto next = [](std::vector<std::string_view> headers) { return next_link(headers).value_or("none"); };
  EXPECT_EQ(next({"</v2/x/tags/list?last=a&n=3>; rel=\"next\""}), "/v2/x/tags/list?last=a&n=3");
  EXPECT_EQ(next({"<https://a/1>; rel=prev, <https://a/2,3>; title=\"x, y\"; rel=\"last next\""}), "https://a/2,3");
  EXPECT_EQ(next({"<https://a/1>; rel=prev", "</2>;rel=NEXT"}), "/2");
  EXPECT_EQ(next({"</1>"}), "none");
  EXPECT_EQ(next({"", "<", "</1>;", "garbage; rel=next", "</1>; rel"}), "none");
}

TEST(RetryAfter, ReadsSecondsAndDates) {
  using std::chrono::milliseconds;
  const auto now = std::chrono::system_clock::time_point(*parse_rfc3339("2026-11-21T10:45:00Z"));
  const auto read = [&](const char* value) { return retry_after({429, {{"retry-after", value}}, ""}, now); };
  EXPECT_EQ(read("7"), milliseconds(7000));
  EXPECT_EQ(read(" 0 "), milliseconds(0));
  EXPECT_EQ(read("Sat, 21 Nov 2026 10:45:39 GMT"), milliseconds(39000));
  EXPECT_EQ(read("Sat, 21 Nov 2020 10:45:39 GMT"), milliseconds(0));
  EXPECT_FALSE(read("soon"));
  EXPECT_FALSE(read("-1"));
  EXPECT_FALSE(read("99999999999999999999"));
  EXPECT_FALSE(retry_after({429, {}, ""}, now));
}

TEST(Proxy, IsChosenAsCurlDoes) {
  const auto proxy = [](const char* url, std::map<std::string, std::string> variables) {
    Surroundings surroundings = empty_surroundings();
    surroundings.environment = [&](std::string_view name) -> std::optional<std::string> {
      const auto found = variables.find(std::string(name));
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    return proxy_for(*Url::parse(url), surroundings);
  };
  EXPECT_EQ(proxy("https://a.example/", {{"https_proxy", "http://p:1"}, {"HTTPS_PROXY", "http://q:1"}}), "http://p:1");
  EXPECT_EQ(proxy("https://a.example/", {{"HTTPS_PROXY", "http://q:1"}}), "http://q:1");
  EXPECT_EQ(proxy("https://a.example/", {{"all_proxy", "socks5://s:1"}}), "socks5://s:1");
  EXPECT_EQ(proxy("http://a.example/", {{"http_proxy", "http://p:1"}}), "http://p:1");
  EXPECT_EQ(proxy("http://a.example/", {{"HTTP_PROXY", "http://p:1"}}), "");
  const std::pair<const char*, bool> exceptions[] = {
      {"a.example", true}, {".example", true}, {"other,example.", true}, {"x a.example", true}, {"*", true},
      {"ample", false},    {"b.example", false}, {"", false},
  };
  for (const auto& [no_proxy, excepted] : exceptions) {
    EXPECT_EQ(proxy("https://a.example/", {{"https_proxy", "http://p:1"}, {"no_proxy", no_proxy}}).empty(), excepted)
        << no_proxy;
  }
  EXPECT_EQ(proxy("https://10.1.2.3/", {{"https_proxy", "http://p:1"}, {"no_proxy", "10.0.0.0/8"}}), "");
  EXPECT_EQ(proxy("https://11.1.2.3/", {{"https_proxy", "http://p:1"}, {"no_proxy", "10.0.0.0/8"}}), "http://p:1");
  EXPECT_EQ(proxy("http://localhost:5000/", {{"http_proxy", "http://p:1"}}), "");
}

}  // namespace
}  // namespace trueup::live
