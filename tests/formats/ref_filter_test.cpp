#include "formats/ref_filter.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "cpu_time.hpp"

namespace trueup::formats {
namespace {

using Names = std::vector<std::string>;

TEST(RefFilter, MatchesAsGitHubDocuments) {
  struct Row {
    std::string_view pattern;
    Names matches, others;
  };
  const std::vector<Row> rows{
      {"main", {"main"}, {"Main", "main2", "xmain", "", "ma/in"}},
      {"ring-*", {"ring-a", "ring-"}, {"ring-a/b", "string-a"}},
      {"feature/*", {"feature/a", "feature/"}, {"feature/a/b", "feature"}},
      {"release/**", {"release/a/b", "release/a"}, {"release", "releases/a"}},
      {"releases/**-alpha", {"releases/10-alpha", "releases/beta/3-alpha"}, {"releases/10"}},
      {"v[12].[0-9]+.[0-9]+", {"v1.10.1", "v2.0.0"}, {"v3.0.0", "v1..1", "v1.1", "v1.1.1.1"}},
      {"**.js", {"a/b.js", "b.js"}, {"b.jsx"}},
      {"*.jsx?", {"a.js", "a.jsx"}, {"d/a.js", "a.jsxx"}},
      {"*", {"main", "releases"}, {"all/the/branches"}},
      {"**", {"main", "all/the/branches", "", "a\nb"}, {}},
      {"*feature", {"mona-feature", "ver-10-feature", "feature"}, {"a/feature"}},
      {"v2*", {"v2", "v2.0", "v2.9"}, {"v1"}},
      {"**/README.md", {"README.md", "js/README.md", "a/b/README.md"}, {"xREADME.md"}},
      {"docs/**/*.md", {"docs/README.md", "docs/mona/hello-world.md", "docs/a/markdown/file.md"}, {"docs.md"}},
      {"a/**/b", {"a/b", "a/x/b", "a/x/y/b"}, {"ab", "a/xb", "a/x/b/c"}},
      {"**/docs/**", {"docs/hello.md", "dir/docs/my-file.txt", "space/docs/plan/space.doc"}, {"docs", "mydocs/a"}},
      {"**/*src/**", {"a/src/app.js", "my-src/code/js/app.js"}, {"src", "a/b.js"}},
      {"**/*-post.md", {"my-post.md", "path/their-post.md"}, {"post.md"}},
      {"a**/b", {"a/b", "ax/y/b"}, {"ab"}},
      {"colou?r", {"color", "colour"}, {"colouur"}},
      {"ab+", {"ab", "abb"}, {"a", "abab"}},
      {"[CB]at", {"Cat", "Bat"}, {"at", "bat"}},
      {"[1-2]00", {"100", "200"}, {"300"}},
      {"[0-9a-f]+", {"0a", "f"}, {"g", ""}},
      {"[a-z]?x", {"x", "ax"}, {"aax"}},
      {"[\xC3\xA9" "a]b", {"\xC3\xA9" "b", "ab"}, {"b", "\xC3" "b"}},
      {"\xC3\xA9?x", {"x", "\xC3\xA9x"}, {"\xC3x"}},
      {"a\\*b", {"a*b"}, {"axb"}},
      {"a\\+b\\?\\[\\]\\!\\\\", {"a+b?[]!\\"}, {"aab"}},
      {"\\!a", {"!a"}, {"a"}},
      {"a\\b", {"a\\b"}, {"ab"}},
      {"a!b", {"a!b"}, {"ab"}},
      {"a]", {"a]"}, {"a"}},
      {"a/+b", {"a/b", "a//b"}, {"ab"}},
      {"**/?b", {"b", "/b", "a/b", "ab"}, {"a"}},
  };
  for (const Row& row : rows) {
    const auto filter = RefFilter::compile(row.pattern);
    ASSERT_TRUE(filter) << row.pattern << ": " << filter.error().message;
    EXPECT_FALSE(filter->negated()) << row.pattern;
    for (const std::string& name : row.matches) EXPECT_TRUE(filter->matches(name)) << row.pattern << " and " << name;
    for (const std::string& name : row.others) EXPECT_FALSE(filter->matches(name)) << row.pattern << " and " << name;
  }
}

TEST(RefFilter, IllegalPatternNamesTheByte) {
  struct Row {
    std::string_view pattern;
    ByteRange at;
  };
  const std::vector<Row> rows{{"", {0, 0}},       {"!", {1, 1}},       {"?a", {0, 1}},      {"+", {0, 1}},
                              {"!+a", {1, 2}},    {"a*+", {2, 3}},     {"a?+", {2, 3}},     {"a+?", {2, 3}},
                              {"**?", {2, 3}},    {"v[0-9", {1, 2}},   {"a[]", {1, 3}},     {"a[0-]", {3, 4}},
                              {"[z-a]", {1, 4}},  {"[a-Z]", {1, 4}},   {"[!-/]", {1, 4}},   {"./docs/**", {0, 2}},
                              {"!./docs", {1, 3}}};
  for (const Row& row : rows) {
    const auto filter = RefFilter::compile(row.pattern);
    ASSERT_FALSE(filter) << row.pattern;
    EXPECT_EQ(filter.error().fault, Fault::malformed);
    EXPECT_EQ(filter.error().at, row.at) << row.pattern << " at " << filter.error().at->begin << ' ' << filter.error().at->end;
  }
  EXPECT_EQ(RefFilter::compile(std::string(kMaxGlobBytes + 1, 'a')).error().fault, Fault::over_limit);
}

TEST(RefFilterList, LastPatternThatMatchesDecides) {
  const Names patterns{"releases/**", "!releases/**-alpha", "releases/1-alpha"};
  const auto list = RefFilterList::compile(patterns);
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->selects("releases/10"));
  EXPECT_FALSE(list->selects("releases/10-alpha"));
  EXPECT_TRUE(list->selects("releases/1-alpha"));
  EXPECT_FALSE(list->selects("main"));
}

TEST(RefFilterList, OnlyNegatedPatternsSelectNothing) {
  const Names patterns{"!main"};
  const auto list = RefFilterList::compile(patterns);
  ASSERT_TRUE(list);
  EXPECT_FALSE(list->selects("main"));
  EXPECT_FALSE(list->selects("staging"));
  EXPECT_FALSE(RefFilterList().selects("main"));
}

TEST(RefFilterList, ErrorQuotesThePattern) {
  const Names patterns{"main", "v[0-9"};
  const auto list = RefFilterList::compile(patterns);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().message, "pattern \"v[0-9\": [ is not closed");
}

TEST(RefPasses, MissingListsLetEverythingPass) {
  const auto only = *RefFilterList::compile(Names{"main", "ring-*"});
  const auto ignored = *RefFilterList::compile(Names{"ring-*"});
  EXPECT_TRUE(ref_passes(nullptr, nullptr, "anything"));
  EXPECT_TRUE(ref_passes(&only, nullptr, "ring-a"));
  EXPECT_FALSE(ref_passes(&only, nullptr, "staging"));
  EXPECT_TRUE(ref_passes(nullptr, &ignored, "staging"));
  EXPECT_FALSE(ref_passes(nullptr, &ignored, "ring-a"));
}

TEST(PathsPass, OneFileThatSurvivesIsEnough) {
  const auto docs = *RefFilterList::compile(Names{"docs/**", "**.md"});
  const auto code = *RefFilterList::compile(Names{"sub-project/**", "!sub-project/docs/**"});
  EXPECT_TRUE(paths_pass(&code, nullptr, Names{"sub-project/index.js"}));
  EXPECT_FALSE(paths_pass(&code, nullptr, Names{"sub-project/docs/readme.md"}));
  EXPECT_TRUE(paths_pass(&code, nullptr, Names{"sub-project/docs/readme.md", "sub-project/src/index.js"}));
  EXPECT_FALSE(paths_pass(nullptr, &docs, Names{"docs/a", "README.md"}));
  EXPECT_TRUE(paths_pass(nullptr, &docs, Names{"docs/a", "src/a"}));
  EXPECT_FALSE(paths_pass(&code, nullptr, Names{}));
  EXPECT_FALSE(paths_pass(nullptr, &docs, Names{}));
  EXPECT_TRUE(paths_pass(nullptr, nullptr, Names{}));
}

TEST(RefFilter, HostilePatternsAreLinear) {
  std::string stars, brackets, optional;
  for (int i = 0; i < 250; ++i) {
    stars += "*a";
    brackets += "[a-z]+";
    optional += "a?";
  }
  brackets.resize(996);  // 166 whole ones
  const auto begin = cpu_time();
  for (const std::string& pattern : {stars + "b", brackets + "1", optional + "b", std::string(1024, '*')}) {
    const auto filter = RefFilter::compile(pattern);
    ASSERT_TRUE(filter) << pattern;
    filter->matches(std::string(4096, 'a'));
  }
  EXPECT_LT(cpu_time() - begin, std::chrono::seconds(10));
}

}  // namespace
}  // namespace trueup::formats
