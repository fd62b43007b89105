#include "formats/helm_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

TEST(HelmIndex, KeepsOfEachVersionWhatIsAskedFor) {
  const auto index = read_helm_index(R"(apiVersion: v1
entries:
  redis:
  - {name: redis, version: "1.10", appVersion: 7.0, digest: sha256:ab, created: "2026-01-01T00:00:00Z", urls: [a.tgz], deprecated: true,
     maintainers: [{name: not this, version: 9.9.9}], annotations: {version: 8.8.8}}
  - name: redis
    version: 1.9.0
    urls:
    - https://charts.example/redis-1.9.0.tgz
    dependencies:
    - {name: other, version: 2.0.0, urls: [x]}
  kong: []
  empty:
  broken:
  - {name: broken, version: 1.0.0}
  - {name: broken, urls: [a.tgz]}
  - {version: 1.0.0, urls: [a.tgz]}
  - null
generated: "2026-01-01T00:00:00Z"
)");
  ASSERT_TRUE(index) << index.error().message;
  ASSERT_EQ(index->charts.size(), 1U);
  EXPECT_THAT(index->charts.at("redis"),
              testing::ElementsAre(HelmIndexVersion{"1.10", "7.0", "ab", "2026-01-01T00:00:00Z", true}, HelmIndexVersion{"1.9.0", "", "", "", false}));
  EXPECT_EQ(index->dropped, 3U);
  EXPECT_EQ(index->versions(), 2U);
}

TEST(HelmIndex, ComesPieceByPieceToo) {
  const std::string text = "apiVersion: v1\nentries:\n  redis:\n  - {name: redis, version: 1.2.3, urls: [a.tgz]}\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, text.size()}) {
    std::string_view rest = text;
    const auto index = read_helm_index([&](char* into, std::size_t most) {
      const std::size_t count = rest.copy(into, std::min(most, piece));
      rest.remove_prefix(count);
      return count;
    });
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_EQ(index->charts.at("redis").front().version, "1.2.3");
  }
  const auto directive = read_helm_index([at = 0](char* into, std::size_t) mutable { return at++ == 0 ? (*into = '%', 1U) : 0U; });
  ASSERT_FALSE(directive);
  EXPECT_EQ(directive.error().message, "it begins with a directive");
}

TEST(HelmIndex, ReadsJsonToo) {
  const auto index = read_helm_index(R"({"entries": {"a": [{"urls": ["x"], "version": "1.0.0", "name": "a"}]}, "apiVersion": "v1"})");
  ASSERT_TRUE(index);
  EXPECT_EQ(index->versions(), 1U);
}

TEST(HelmIndex, RefusesWhatIsNone) {
  const struct {
    const char *bytes, *message;
  } table[] = {
      {"", "it has no apiVersion"},
      {"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "it has no apiVersion"},
      {"entries: {}", "it has no apiVersion"},
      {"apiVersion: v1\nkind: ConfigMap\ndata: {entries: {}}", "it has no entries"},
      {"entries: {apiVersion: v1}", "it has no apiVersion"},
      {"apiVersion: v1\nentries: {a: [", "did not find expected node content"},
      {"%YAML 1.1\n---\napiVersion: v1", "it begins with a directive"},
      {"apiVersion: v1\n\x01", "control characters are not allowed"},
  };
  for (const auto& row : table) {
    const auto index = read_helm_index(row.bytes);
    ASSERT_FALSE(index) << row.bytes;
    EXPECT_THAT(index.error().message, testing::HasSubstr(row.message)) << row.bytes;
  }
  EXPECT_FALSE(read_helm_index("apiVersion: v1\nentries: " + std::string(200, '[') + std::string(200, ']')));
}

TEST(HelmIndex, AliasesAndOddShapesAreNoVersions) {
  const auto index = read_helm_index(R"(apiVersion: v1
anchor: &v {name: a, version: 1.0.0, urls: [x]}
entries:
  a: [*v, [1, 2], text, {? [k, l] : m, name: a, version: *v, urls: [x]}, {name: a, version: 2.0.0, urls: {b: c}}]
  b: {name: b, version: 1.0.0, urls: [x]}
  [c, d]: [{name: c, version: 1.0.0, urls: [x]}]
)");
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_FALSE(index->charts.contains("b"));
  for (const auto& [chart, versions] : index->charts)
    for (const HelmIndexVersion& version : versions) EXPECT_FALSE(version.version.empty()) << chart;
}

}  // namespace
}  // namespace trueup::formats
