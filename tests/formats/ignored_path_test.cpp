#include "formats/ignored_path.hpp"

#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

std::string word(std::optional<bool> answer) { return !answer ? "unknown" : *answer ? "yes" : "no"; }

TEST(IgnoredPath, PointersLeaveOutWhatStandsBelow) {
  const auto of = [](const char* path, const char* pointer) { return word(ignored_path("json_pointer", path, pointer)); };
  EXPECT_EQ(of("/spec/source", "/spec/source/targetRevision"), "yes");
  EXPECT_EQ(of("/spec/source", "/spec/sources/0/path"), "no");
  EXPECT_EQ(of("/spec/a/b", "/spec/a"), "unknown");  // {} live, and {b: …} in Git
  EXPECT_EQ(of("/spec/a~1b", "/spec/a~1b"), "yes");
  EXPECT_EQ(of("spec/source", "/spec/source"), "no");
  EXPECT_EQ(of("", "/spec/source"), "no");
}

TEST(IgnoredPath, OfJqTheBeginningIsRead) {
  const struct {
    const char* path;
    const char* pointer;
    const char* answer;
  } cases[] = {
      {".spec.source", "/spec/source/targetRevision", "yes"},
      {".spec.source.targetRevision", "/spec/project", "no"},
      {" .spec | .source | .helm ", "/spec/source/helm/values", "yes"},
      {".spec.sources[].targetRevision", "/spec/sources/1/targetRevision", "yes"},
      {".spec.sources[].targetRevision", "/spec/sources/1/path", "no"},
      {".spec.sources[0].targetRevision", "/spec/sources/1/targetRevision", "no"},
      {".spec[\"source\"].\"helm\"", "/spec/source/helm/values", "yes"},
      {".spec.source.helm.parameters[]? | select(.name == \"x\")", "/spec/source/helm/parameters/0/value", "unknown"},
      {".spec.source.helm.parameters[] | select(.name == \"x\")", "/spec/project", "no"},
      {".spec.a, .spec.b", "/spec/b", "unknown"},
      {".spec.a // .spec.b", "/spec/c", "unknown"},
      {"..", "/spec/a", "unknown"},
      {"del(.spec)", "/spec/a", "unknown"},
      {".", "/spec/a", "yes"},
      {"", "/spec/a", "unknown"},
      {".[", "/spec/a", "unknown"},
      {".spec[1:2]", "/spec/a", "unknown"},
      {".spec.\"a\\u0062\"", "/spec/ab", "unknown"},
      {".spec.\"a/b\"", "/spec/a~1b", "yes"},
  };
  for (const auto& [path, pointer, answer] : cases) EXPECT_EQ(word(ignored_path("jq", path, pointer)), answer) << path;
}

TEST(IgnoredPath, OfManagersNothingIsKnown) { EXPECT_EQ(word(ignored_path("manager", "updater", "/spec/a")), "unknown"); }

}  // namespace
}  // namespace trueup::formats
