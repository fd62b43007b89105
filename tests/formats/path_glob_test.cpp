#include "formats/path_glob.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "cpu_time.hpp"

namespace trueup::formats {
namespace {

using Names = std::vector<std::string>;

TEST(PathGlob, MatchesWholePaths) {
  struct Row {
    std::string_view glob;
    Names matches, others;
  };
  const std::vector<Row> rows{
      {"charts/Chart.yaml", {"charts/Chart.yaml"}, {"a/charts/Chart.yaml", "charts/Chart.yaml/x", "charts/chart.yaml"}},
      {"*.yaml", {"a.yaml", ".yaml"}, {"a/b.yaml", "a.yml"}},
      {"**/*.yaml", {"a.yaml", "a/b.yaml", "a/b/c.yaml"}, {"a.yml"}},
      {"**", {"a", "a/b", ""}, {}},
      {"docs/**", {"docs/a", "docs/a/b"}, {"docs", "docsx/a"}},
      {"docs/", {"docs/a", "docs/a/b"}, {"docs"}},
      {"**/testdata/", {"testdata/a", "x/testdata/y/z"}, {"testdata"}},
      {"a/**/b", {"a/b", "a/x/b", "a/x/y/b"}, {"ab", "a/xb"}},
      {"a**b", {"ab", "a/b", "a/x/b"}, {"b"}},
      {"ring-?", {"ring-a", "ring-\xC3\xA9"}, {"ring-", "ring-ab", "ring-/"}},
      {"[a-c]x", {"ax", "cx"}, {"dx", "x"}},
      {"[!a-c]x", {"dx", "\xC3\xA9x"}, {"ax", "/x", "x"}},
      {"[^a]", {"b"}, {"a", "/"}},
      {"[a-]", {"a", "-"}, {"b"}},
      {"[\xC3\xA9z]", {"\xC3\xA9", "z"}, {"\xC3", "a"}},
      {"values{,-*}.{yaml,yml}", {"values.yaml", "values.yml", "values-x.yml"}, {"valuesx.yaml", "values-a/b.yml"}},
      {"{a,b/{c,**/d}}/e", {"a/e", "b/c/e", "b/d/e", "b/x/d/e"}, {"b/e", "c/e"}},
      {"{**/,}a", {"a", "x/a"}, {"xa"}},
      {"\\*\\{a\\}", {"*{a}"}, {"x{a}"}},
      {"a,b}", {"a,b}"}, {"a"}},
      {"v1.*", {"v1.0", "v1."}, {"v1", "v1x0"}},
      {"ring-*", {"ring-a"}, {"ring-a/b"}},
      {"caf\xC3\xA9/*", {"caf\xC3\xA9/x"}, {"cafe/x"}},
  };
  for (const Row& row : rows) {
    const auto glob = PathGlob::compile(row.glob);
    ASSERT_TRUE(glob) << row.glob << ": " << glob.error().message;
    for (const std::string& name : row.matches) EXPECT_TRUE(glob->matches(name)) << row.glob << " and " << name;
    for (const std::string& name : row.others) EXPECT_FALSE(glob->matches(name)) << row.glob << " and " << name;
  }
}

TEST(PathGlob, IllegalGlobNamesTheByte) {
  struct Row {
    std::string_view glob;
    ByteRange at;
  };
  const std::vector<Row> rows{{"", {0, 0}},         {"/a", {0, 1}},     {"./a", {0, 2}},    {"a[b", {1, 2}},
                              {"a[]", {1, 3}},      {"a[!]", {1, 4}},   {"[z-a]", {1, 4}},  {"[!\xC3\xA9]", {2, 4}},
                              {"[a-\xC3\xA9]", {1, 4}}, {"x{a,b", {1, 2}}, {"{a,{b}", {0, 1}}, {"a\\", {1, 2}}};
  for (const Row& row : rows) {
    const auto glob = PathGlob::compile(row.glob);
    ASSERT_FALSE(glob) << row.glob;
    EXPECT_EQ(glob.error().fault, Fault::malformed) << row.glob;
    EXPECT_EQ(glob.error().at, row.at) << row.glob << " at " << glob.error().at->begin << ' ' << glob.error().at->end;
  }
}

TEST(PathGlob, LimitsAreReported) {
  EXPECT_EQ(PathGlob::compile(std::string(kMaxGlobBytes + 1, 'a')).error().fault, Fault::over_limit);
  const std::string sixteen = std::string(16, '{') + "a" + std::string(16, '}');
  EXPECT_TRUE(PathGlob::compile(sixteen));
  EXPECT_EQ(PathGlob::compile("{" + sixteen + "}").error().fault, Fault::over_limit);
}

TEST(PathGlob, LiteralIsKnown) {
  EXPECT_TRUE(PathGlob::compile("a/b.yaml")->is_literal());
  EXPECT_TRUE(PathGlob::compile("\\*")->is_literal());
  EXPECT_TRUE(PathGlob::compile("[a]")->is_literal());
  EXPECT_FALSE(PathGlob::compile("a/*")->is_literal());
  EXPECT_FALSE(PathGlob::compile("a/")->is_literal());
}

TEST(PathGlob, HostileGlobsAreLinear) {
  std::string stars, braces;
  for (int i = 0; i < 150; ++i) {
    stars += "**a/";
    braces += "{a,aa}";
  }
  const auto begin = cpu_time();
  for (const std::string& text : {stars + "b", braces + "b"}) {
    const auto glob = PathGlob::compile(text);
    ASSERT_TRUE(glob);
    std::string path;
    while (path.size() < 4096) path += text[0] == '*' ? "a/" : "a";
    EXPECT_FALSE(glob->matches(path));
  }
  EXPECT_LT(cpu_time() - begin, std::chrono::seconds(10));
}

}  // namespace
}  // namespace trueup::formats
