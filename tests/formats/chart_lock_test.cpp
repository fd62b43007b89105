#include "formats/chart_lock.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace trueup::formats {
namespace {

std::string digest_of(const std::vector<ChartDependency>& requirements, const std::vector<ChartDependency>& lock) {
  return lock_digest(canonical_dependencies(requirements), canonical_dependencies(lock));
}

TEST(LockDigest, IsHelms) {
  const ChartDependency atlas{.name = "atlas", .version = "1.0.0-staging.abc123", .repository = "oci://ghcr.io/acme/charts"};
  EXPECT_EQ(digest_of({atlas}, {atlas}), "sha256:9c371c4cc1f049870740e201a00be90ea9b08f01ae19a0935fcaae426a20744d");
  const ChartDependency local{.name = "local", .version = "0.1.0"};
  EXPECT_EQ(digest_of({local}, {local}), "sha256:bf2eeea3d63bdf389b2d3a3f6bc34bcd34b1a5337579d6886ce9d5b35610a5fb");
  const ChartDependency redis{.name = "redis",
                              .version = ">=1.0.0 <2.0.0",
                              .repository = "https://charts.example.com/?a=1&b=2",
                              .condition = "redis.enabled",
                              .alias = "r1",
                              .tags = {"cache"},
                              .import_values = {*canonical_json(R"({"parent": "top", "child": "data"})"),
                                                canonical_json_string("zed")}};
  const ChartDependency locked{.name = "redis", .version = "1.4.2", .repository = "https://charts.example.com/?a=1&b=2"};
  EXPECT_EQ(digest_of({redis}, {locked}), "sha256:981703d511dcc9ffa7b7f42ed7d05634e75cb4989c63c8fd76534a6bb3890808");
}

TEST(LockDigest, MissingListIsNotAnEmptyOne) {
  EXPECT_EQ(lock_digest(kMissingDependencies, kMissingDependencies).substr(0, 19), "sha256:95cb9b4f84ce");
  EXPECT_EQ(digest_of({}, {}).substr(0, 19), "sha256:643d54371042");
}

TEST(LockDigest, ReproducesWhatHelmComputed) {
  // Each row: requirements and lock entries, and the JSON and digests that Helm 3.22.0's types gave for them.
  std::ifstream file(TRUEUP_SOURCE_DIR "/tests/formats/chart_lock_rows.jsonl");
  std::string line;
  std::size_t rows = 0;
  const auto read_dependencies = [](const nlohmann::json& list, bool sanitise) {
    std::vector<ChartDependency> dependencies;
    for (const auto& entry : list) {
      ChartDependency dependency{.name = entry["name"], .version = entry["version"], .repository = entry["repository"]};
      dependency.condition = entry.value("condition", "");
      dependency.alias = entry.value("alias", "");
      dependency.tags = entry.value("tags", std::vector<std::string>());
      dependency.enabled = entry.value("enabled", false);
      for (const std::string& json : entry.value("import_values", std::vector<std::string>()))
        dependency.import_values.push_back(*canonical_json(json));
      dependencies.push_back(sanitise ? sanitised(dependency) : dependency);
    }
    return dependencies;
  };
  while (std::getline(file, line)) {
    ++rows;
    const auto row = nlohmann::json::parse(line);
    const std::string requirements = canonical_dependencies(read_dependencies(row["requirements"], true));
    const std::string lock = canonical_dependencies(read_dependencies(row["lock"], false));
    EXPECT_EQ(requirements, row["requirements_json"].get<std::string>());
    EXPECT_EQ(lock, row["lock_json"].get<std::string>());
    EXPECT_EQ(lock_digest(requirements, lock), row["digest"].get<std::string>());
    EXPECT_EQ(helm2_digest(requirements), row["helm2_digest"].get<std::string>());
  }
  EXPECT_GT(rows, 20u);
}

TEST(CanonicalJson, IsWrittenAsGoWritesIt) {
  const std::vector<std::pair<std::string_view, std::string_view>> rows{
      {R"( {"b": 1, "a": [true, null, "<&>"]} )", "{\"a\":[true,null,\"\\u003c\\u0026\\u003e\"],\"b\":1}"},
      {"1.0", "1"},
      {"-0.5", "-0.5"},
      {"100", "100"},
      {"1e20", "100000000000000000000"},
      {"1e21", "1e+21"},
      {"123456789012345678901", "123456789012345680000"},
      {"0.000001", "0.000001"},
      {"0.0000001", "1e-7"},
      {"1.25e-10", "1.25e-10"},
      {"0", "0"},
      {R"({"a":1,"a":2})", R"({"a":2})"},
      {"[]", "[]"},
      {"{}", "{}"}};
  for (const auto& [json, written] : rows) {
    const auto canonical = canonical_json(json);
    ASSERT_TRUE(canonical) << json;
    EXPECT_EQ(*canonical, written) << json;
  }
}

TEST(CanonicalJson, BytesThatAreNoUtf8BecomeTheReplacementCharacter) {
  EXPECT_EQ(canonical_json_string("a\xFF\xC3z"), "\"a\\ufffd\\ufffdz\"");
  EXPECT_EQ(canonical_json_string("\xE2\x80\xA8\xE2\x80\xA9"), "\"\\u2028\\u2029\"");
}

TEST(CanonicalJson, BrokenAndHostileTextIsAnError) {
  for (const std::string_view json : {"", "{", "[1,]", "nul", "1e400", "\"\xFF\""})
    EXPECT_EQ(canonical_json(json).error().fault, Fault::malformed) << json;
  EXPECT_EQ(canonical_json(std::string(100'000, '[')).error().fault, Fault::over_limit);
  EXPECT_TRUE(canonical_json(std::string(500, '[') + std::string(500, ']')));
  EXPECT_TRUE(canonical_json('"' + std::string(100'000, '[') + '"'));
}

TEST(Sanitised, SpacesBecomePlainAndTheUnprintableGoes) {
  ChartDependency dependency{.name = "a\xC2\xA0" "b\t\n", .version = "1\xE2\x80\x8B.0", .repository = "\x01r\x7F"};
  dependency.condition = "\xEF\xBB\xBF" "c\xE3\x80\x80";
  dependency.tags = {"\xF0\x9F\x98\x80", "\xC2\xAD"};
  dependency.alias = "x\t";
  dependency = sanitised(dependency);
  EXPECT_EQ(dependency.name, "a b  ");
  EXPECT_EQ(dependency.version, "1.0");
  EXPECT_EQ(dependency.repository, "r");
  EXPECT_EQ(dependency.condition, "c ");
  EXPECT_EQ(dependency.tags, (std::vector<std::string>{"\xF0\x9F\x98\x80", ""}));
  EXPECT_EQ(dependency.alias, "x\t");
}

}  // namespace
}  // namespace trueup::formats
