#include "formats/package_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

using testing::ElementsAre;

std::vector<std::string> versions(const PackageList& list) {
  std::vector<std::string> names;
  for (const PackageVersion& each : list.versions) names.push_back(each.version + (each.withdrawn ? " withdrawn" : ""));
  return names;
}

TEST(PackageList, NpmDocumentTellsVersionsCommitsAndLatest) {
  const auto list = read_npm_package(
      R"({"name":"@acme/client","dist-tags":{"latest":"1.1.0","next":"2.0.0-rc.1"},
          "versions":{"1.0.0":{"version":"1.0.0","deprecated":"broken","gitHead":"HEAD"},
                      "1.1.0":{"version":"1.1.0","gitHead":"0123456789abcdef0123456789abcdef01234567"},
                      "2.0.0-rc.1":{"version":"2.0.0-rc.1","deprecated":false}},
          "time":{"created":"2026-01-01T00:00:00.000Z","1.1.0":"2026-01-02T00:00:00.000Z"}})", "@acme/client");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_THAT(versions(*list), ElementsAre("1.0.0 withdrawn", "1.1.0", "2.0.0-rc.1"));
  EXPECT_EQ(list->latest, "1.1.0");
  EXPECT_EQ(list->versions[0].commit_id, "");
  EXPECT_EQ(list->versions[1].commit_id, "0123456789abcdef0123456789abcdef01234567");
  EXPECT_EQ(list->versions[1].released_at, "2026-01-02T00:00:00.000Z");
}

TEST(PackageList, NpmPackageOfWhichAllWasTakenBackHasNoVersion) {
  const auto list = read_npm_package(R"({"name":"a","time":{"unpublished":{"time":"2026-01-01T00:00:00Z"}}})", "a");
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->versions.empty());
}

TEST(PackageList, PypiJsonTellsVersionsByListAndByFiles) {
  const auto list = read_pypi_project(
      R"({"meta":{"api-version":"1.1"},"name":"Acme.Client","versions":["1.0","1.1","1.2"],
          "files":[{"filename":"acme_client-1.0-py3-none-any.whl","yanked":"broken","upload-time":"2026-01-02T00:00:00Z"},
                   {"filename":"acme-client-1.0.tar.gz","yanked":true,"upload-time":"2026-01-01T00:00:00Z"},
                   {"filename":"acme_client-1.1-py3-none-any.whl","yanked":true},{"filename":"acme_client-1.1.tar.gz","yanked":false},
                   {"filename":"acme_client-1.1.tar.gz.asc"}]})", "acme-client");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_THAT(versions(*list), ElementsAre("1.0 withdrawn", "1.1", "1.2"));
  EXPECT_EQ(list->versions[0].released_at, "2026-01-01T00:00:00Z");
}

TEST(PackageList, PypiHtmlTellsVersionsByFiles) {
  const auto list = read_pypi_project("<!DOCTYPE html><html><body><h1>Links</h1>\n<a href=\"../x#sha256=1\">acme_client-1.0.tar.gz</a><br>\n"
                                      "<a href=\"../y\" data-yanked=\"\">acme_client-1.1-py3-none-any.whl</a></body></html>", "acme-client");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_THAT(versions(*list), ElementsAre("1.0", "1.1 withdrawn"));
}

TEST(PackageList, GoProxyTellsVersionsAndOrigins) {
  const auto list = read_go_list("v1.0.0\nv1.1.0\n\nv2.0.0+incompatible 2026-01-01T00:00:00Z\n");
  ASSERT_TRUE(list);
  EXPECT_THAT(versions(*list), ElementsAre("v1.0.0", "v1.1.0", "v2.0.0+incompatible"));
  EXPECT_TRUE(read_go_list("")->versions.empty()) << "a module without tags";
  const auto info = read_go_info(R"({"Version":"v1.1.0","Time":"2026-01-01T00:00:00Z","Origin":{"VCS":"git","Hash":"0123456789abcdef0123456789abcdef01234567"}})");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->commit_id, "0123456789abcdef0123456789abcdef01234567");
}

TEST(PackageList, WhatIsNoListOfThisPackageIsMalformed) {
  const std::string page = "<!doctype html><html><a href=\"/login\">Sign in</a></html>";
  for (const std::string& body : {page, std::string("[]"), std::string("{}"), std::string("null"), std::string("{\"name\":"), std::string("\x01"), std::string(10'000, '[')}) {
    EXPECT_FALSE(read_npm_package(body, "a")) << body.substr(0, 40);
    EXPECT_FALSE(read_pypi_project(body, "a")) << body.substr(0, 40);
    EXPECT_FALSE(read_go_list(body)) << body.substr(0, 40);
    EXPECT_FALSE(read_go_info(body)) << body.substr(0, 40);
  }
  EXPECT_FALSE(read_npm_package(R"({"name":"b","versions":{}})", "a")) << "another package";
  EXPECT_FALSE(read_pypi_project(R"({"meta":{"api-version":"1.0"},"name":"b","files":[]})", "a")) << "another project";
  EXPECT_FALSE(read_pypi_project(R"({"meta":{"api-version":"2.0"},"name":"a","files":[]})", "a")) << "another API";
  EXPECT_FALSE(read_pypi_project("", "a"));
}

TEST(PackageList, NameStandsInTheUrlAsItsIndexWritesIt) {
  EXPECT_EQ(package_path(Ecosystem::npm, "@acme/client"), "@acme%2fclient");
  EXPECT_EQ(package_path(Ecosystem::npm, "client"), "client");
  EXPECT_EQ(package_path(Ecosystem::pypi, "Acme__Client.x"), "acme-client-x");
  EXPECT_EQ(package_path(Ecosystem::go, "git.example/Acme/client/v7"), "git.example/!acme/client/v7");
  for (const char* wrong : {"", "..", "a/../b", "@acme", "@/x", "a b", "a?b", "a#b", "/a", "a/", "a\nb", "\xc3\xa9"})
    for (const Ecosystem each : {Ecosystem::go, Ecosystem::npm, Ecosystem::pypi}) EXPECT_FALSE(package_path(each, wrong)) << wrong;
  EXPECT_FALSE(package_path(Ecosystem::go, "client"));
}

TEST(PackageList, FileOfAProjectTellsItsVersion) {
  EXPECT_EQ(pypi_file_version("acme-client-1.0rc1.tar.gz", "acme_client"), "1.0rc1");
  EXPECT_EQ(pypi_file_version("acme_client-1.0-1-cp311-cp311-linux_x86_64.whl", "acme-client"), "1.0");
  EXPECT_EQ(pypi_file_version("acme-client-extras-1.0.tar.gz", "acme-client"), std::nullopt) << "another project";
  EXPECT_EQ(pypi_file_version("acme-client-1.0.exe", "acme-client"), std::nullopt);
}

}  // namespace
}  // namespace trueup::formats
