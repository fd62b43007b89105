#include "formats/image_reference.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace trueup::formats {
namespace {

const std::string kHex64 = std::string(32, 'a') + std::string(32, '1');

TEST(ImageReference, ReadsWhatContainerToolsRead) {
  struct Row {
    std::string text, registry, repository, tag, digest;
  };
  const std::vector<Row> rows{
      {"ubuntu", "docker.io", "library/ubuntu", "", ""},
      {"ubuntu:22.04", "docker.io", "library/ubuntu", "22.04", ""},
      {"acme/foo", "docker.io", "acme/foo", "", ""},
      {"docker.io/ubuntu", "docker.io", "library/ubuntu", "", ""},
      {"index.docker.io/acme/foo", "docker.io", "acme/foo", "", ""},
      {"localhost/a", "localhost", "a", "", ""},
      {"localhost:5000/a:b", "localhost:5000", "a", "b", ""},
      {"a.b/c", "a.b", "c", "", ""},
      {"a:5000", "docker.io", "library/a", "5000", ""},
      {"a:5000/b", "a:5000", "b", "", ""},
      {"Acme/b", "Acme", "b", "", ""},
      {"[::1]:5000/a/b", "[::1]:5000", "a/b", "", ""},
      {"registry.example:5000/acme/atlas:1.2.3", "registry.example:5000", "acme/atlas", "1.2.3", ""},
      {"registry.example/a/b:_x", "registry.example", "a/b", "_x", ""},
      {"registry.example/a--b/c__d/e_f.g", "registry.example", "a--b/c__d/e_f.g", "", ""},
      {"a@sha256:" + kHex64, "docker.io", "library/a", "", "sha256:" + kHex64},
      {"registry.example/a:1@sha256:" + kHex64, "registry.example", "a", "1", "sha256:" + kHex64},
      {"a@sha512:" + kHex64 + kHex64, "docker.io", "library/a", "", "sha512:" + kHex64 + kHex64},
      {"registry.example/" + std::string(255, 'a'), "registry.example", std::string(255, 'a'), "", ""},
      {"registry.example/a:" + std::string(128, 'b'), "registry.example", "a", std::string(128, 'b'), ""},
  };
  for (const Row& row : rows) {
    const auto reference = ImageReference::parse(row.text);
    ASSERT_TRUE(reference) << row.text << ": " << reference.error().message;
    EXPECT_EQ(reference->registry, row.registry) << row.text;
    EXPECT_EQ(reference->repository, row.repository) << row.text;
    EXPECT_EQ(reference->tag, row.tag) << row.text;
    EXPECT_EQ(reference->digest, row.digest) << row.text;
    const auto again = ImageReference::parse(reference->to_string());
    ASSERT_TRUE(again) << row.text;
    EXPECT_EQ(again->to_string(), reference->to_string());
  }
}

TEST(ImageReference, SaysWhetherARegistryWasWritten) {
  EXPECT_FALSE(ImageReference::parse("acme/foo")->registry_written);
  EXPECT_TRUE(ImageReference::parse("docker.io/acme/foo")->registry_written);
}

TEST(ImageReference, RefusesWhatContainerToolsRefuseAndShowsWhere) {
  struct Row {
    std::string text;
    ByteRange at;
  };
  const std::vector<Row> rows{
      {"", {0, 0}},
      {"Ubuntu", {0, 6}},
      {"ghcr.io/A/b", {8, 11}},
      {"ghcr.io/a/b:feat/x", {12, 18}},
      {"ghcr.io/a/b:1+2", {12, 15}},
      {"ghcr.io/a/b:.x", {12, 14}},
      {"ghcr.io/a/b:-x", {12, 14}},
      {"ghcr.io/a/b:", {12, 12}},
      {"ghcr.io/a___b/c", {8, 15}},
      {"ghcr.io/a..b", {8, 12}},
      {"ghcr.io/-a", {8, 10}},
      {"ghcr.io/a-", {8, 10}},
      {"ghcr.io//a", {8, 10}},
      {"ghcr.io/a/", {8, 10}},
      {"ghcr.io/", {8, 8}},
      {"/a", {0, 2}},
      {"x@sha256:abc", {2, 12}},
      {"x@sha256:" + std::string(64, 'A'), {2, 73}},
      {"x@md5:" + std::string(32, 'a'), {2, 38}},
      {kHex64, {0, 64}},
      {"https://ghcr.io/a", {0, 8}},
      {"oci://ghcr.io/a", {0, 6}},
      {"-a.b/c", {0, 4}},
      {"a_b.c/d", {0, 5}},
      {"a:/b", {0, 2}},
      {"a b", {0, 3}},
      {"registry.example/" + std::string(256, 'a'), {17, 273}},
      {"registry.example/a:" + std::string(129, 'b'), {19, 148}},
  };
  for (const Row& row : rows) {
    const auto reference = ImageReference::parse(row.text);
    ASSERT_FALSE(reference) << row.text;
    EXPECT_EQ(reference.error().fault, Fault::malformed);
    EXPECT_EQ(reference.error().at, row.at) << row.text << " at " << reference.error().at->begin;
  }
}

TEST(OciNames, TagsAndRepositoriesFollowTheDistributionSpecification) {
  for (const std::string_view tag : {"1.2.3", "_x", "A-b.c_d", "0"}) EXPECT_TRUE(oci_tag_valid(tag)) << tag;
  for (const std::string_view tag : {"", ".x", "-x", "1+2", "a/b", "a b", "\xC3\xA9"}) EXPECT_FALSE(oci_tag_valid(tag)) << tag;
  for (const std::string_view name : {"a", "a/b", "0a.b_c__d---e/f"}) EXPECT_TRUE(oci_repository_valid(name)) << name;
  for (const std::string_view name : {"", "/", "a/", "/a", "a//b", "A", "a..b", "a_-b", "a.", "_a"})
    EXPECT_FALSE(oci_repository_valid(name)) << name;
}

TEST(HelmTag, PlusBecomesUnderscoreAndBack) {
  EXPECT_EQ(helm_tag("1.0.0-rc.1+b.2"), "1.0.0-rc.1_b.2");
  EXPECT_EQ(helm_version("1.0.0-rc.1_b.2"), "1.0.0-rc.1+b.2");
}

TEST(OciUrl, NamesTheRepositoryOfAChart) {
  struct Row {
    std::string_view text, host, path, repository;
    bool trailing_slash;
  };
  const std::vector<Row> rows{{"oci://registry.example/charts", "registry.example", "charts", "charts/atlas", false},
                              {"oci://Registry.Example:5000/a/b", "registry.example:5000", "a/b", "a/b/atlas", false},
                              {"oci://registry.example", "registry.example", "", "atlas", false},
                              {"oci://registry.example/", "registry.example", "", "atlas", true},
                              {"oci://registry.example/charts//", "registry.example", "charts", "charts/atlas", true},
                              {"oci://[::1]:5000/c", "[::1]:5000", "c", "c/atlas", false}};
  for (const Row& row : rows) {
    const auto url = parse_oci_url(row.text);
    ASSERT_TRUE(url) << row.text << ": " << url.error().message;
    EXPECT_EQ(url->host, row.host);
    EXPECT_EQ(url->path, row.path);
    EXPECT_EQ(url->repository_of("atlas"), row.repository);
    EXPECT_EQ(url->trailing_slash, row.trailing_slash) << row.text;
  }
}

TEST(OciUrl, RefusesWhatIsNoParentOfCharts) {
  struct Row {
    std::string_view text;
    ByteRange at;
  };
  const std::vector<Row> rows{{"https://h/charts", {0, 5}}, {"OCI://h/charts", {0, 3}},    {"", {0, 0}},
                              {"oci://", {6, 6}},           {"oci:///charts", {6, 6}},     {"oci://user@h/c", {6, 12}},
                              {"oci://h/Charts", {8, 14}},  {"oci://h//charts", {8, 15}},  {"oci://h/c/atlas:1.0.0", {8, 21}},
                              {"oci://h/c?x=1", {8, 13}},   {"oci://h:port/c", {6, 12}}};
  for (const Row& row : rows) {
    const auto url = parse_oci_url(row.text);
    ASSERT_FALSE(url) << row.text;
    EXPECT_EQ(url.error().at, row.at) << row.text << " at " << url.error().at->begin << ' ' << url.error().at->end;
  }
}

}  // namespace
}  // namespace trueup::formats
