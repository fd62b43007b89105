#include "git/remote_url.hpp"

#include <gtest/gtest.h>

namespace trueup::git {
namespace {

TEST(RemoteUrl, GivesHostAndSlug) {
  struct Case {
    std::string_view url, host, slug;
  };
  for (const Case& c : {
           Case{"https://github.com/acme/deploy.git", "github.com", "acme/deploy"},
           Case{"https://github.com/acme/deploy", "github.com", "acme/deploy"},
           Case{"https://github.com/acme/deploy/", "github.com", "acme/deploy"},
           Case{"https://someone:secret@GitHub.com:443/acme/deploy.git", "github.com", "acme/deploy"},
           Case{"git@github.com:acme/deploy.git", "github.com", "acme/deploy"},
           Case{"github.com:acme/deploy", "github.com", "acme/deploy"},
           Case{"git@github.com:/acme/deploy.git", "github.com", "acme/deploy"},
           Case{"ssh://git@git.example:2222/acme/deploy.git", "git.example", "acme/deploy"},
           Case{"ssh://git@[2001:db8::1]:22/acme/deploy", "[2001:db8::1]", "acme/deploy"},
           Case{"https://git.example/group/sub/name.git", "git.example", "group/sub/name"},
           Case{"git://git.example/acme/deploy.git", "git.example", "acme/deploy"},
           Case{"HTTPS://git.example/acme/.github", "git.example", "acme/.github"},
       }) {
    const auto address = parse_remote_url(c.url);
    ASSERT_TRUE(address) << c.url;
    EXPECT_EQ(address->host, c.host) << c.url;
    EXPECT_EQ(address->slug, c.slug) << c.url;
  }
}

TEST(RemoteUrl, PathsAndUrlsWithoutOwnerHaveNoSlug) {
  for (const std::string_view url :
       {"/srv/git/acme/deploy.git", "./deploy", "../acme/deploy", "file:///srv/git/acme/deploy.git", "deploy", "",
        "https://git.example/deploy", "https://git.example", "ext::sh -c id", "https:///acme/deploy",
        "https://git.example/acme//deploy", "https://git.example/acme/../x", "/srv/a:b/c"})
    EXPECT_FALSE(parse_remote_url(url)) << url;
}

TEST(RemoteUrl, FetchingIsAllowedOverHttpsAndSshOnly) {
  for (const std::string_view url : {"https://github.com/acme/deploy", "https://someone@git.example/acme/deploy.git",
                                     "ssh://git@git.example:22/acme/deploy", "git@git.example:acme/deploy.git"})
    EXPECT_TRUE(validate_fetch_url(url, LocalUrls::refused)) << url;
  for (const std::string_view url :
       {"", "-oProxyCommand=id", "--upload-pack=id", "ext::sh -c id", "fd::17", "http://git.example/acme/deploy",
        "git://git.example/acme/deploy", "ftp://git.example/a/b", "file:///srv/git/x", "/srv/git/x", "./x", "x",
        "ssh://-oProxyCommand=id/acme/deploy", "ssh://-x@git.example/a/b", "-x@git.example:a/b", "git@-x:a/b",
        "git@git.example:-x", "https://git.example/acme/de\nploy", "https://git.example", "https:///x",
        "https://someone:secret@git.example/acme/deploy"}) {
    const auto valid = validate_fetch_url(url, LocalUrls::refused);
    ASSERT_FALSE(valid) << url;
    EXPECT_EQ(valid.error().fault, Fault::malformed) << url;
    EXPECT_EQ(valid.error().message.find("secret"), std::string::npos) << valid.error().message;
  }
}

TEST(RemoteUrl, LocalUrlsAreForThoseWhoAllowThem) {
  EXPECT_TRUE(validate_fetch_url("/srv/git/x", LocalUrls::allowed));
  EXPECT_TRUE(validate_fetch_url("file:///srv/git/x", LocalUrls::allowed));
  EXPECT_FALSE(validate_fetch_url("file://host/srv/git/x", LocalUrls::allowed));
  EXPECT_FALSE(validate_fetch_url("ext::sh -c id", LocalUrls::allowed));
}

TEST(RemoteUrl, CredentialsAreRedacted) {
  EXPECT_EQ(redact_urls("fatal: https://token@git.example/a: 403, ssh://git@git.example/b, https://git.example/c@1"),
            "fatal: https://***@git.example/a: 403, ssh://***@git.example/b, https://git.example/c@1");
  EXPECT_EQ(redact_urls("https://user:p@ss'w@git.example/a"), "https://***@git.example/a");
  EXPECT_EQ(redact_urls("no address, a://"), "no address, a://");
}

}  // namespace
}  // namespace trueup::git
