#include "git/glob.hpp"

#include <gtest/gtest.h>

#include <string>

namespace trueup::git {
namespace {

TEST(RefGlob, MatchesAsBranchListDoes) {
  struct Case {
    std::string_view pattern, name;
    bool matches;
  };
  for (const Case& c : {
           Case{"ring-*", "ring-dev", true},
           Case{"ring-*", "ring-", true},
           Case{"ring-*", "x-ring-dev", false},
           Case{"*", "", true},
           Case{"*", "feature/deep/name", true},  // a star crosses slashes
           Case{"feature/*", "feature/a/b", true},
           Case{"v?.0", "v1.0", true},
           Case{"v?.0", "v10.0", false},
           Case{"v[0-9].*", "v7.1", true},
           Case{"v[!0-9]*", "v7.1", false},
           Case{"v[^0-9]*", "vx", true},
           Case{"[]a]", "]", true},
           Case{"[a-]", "-", true},
           Case{"a*b*c", "axxbxxbyc", true},
           Case{"a*b*c", "axxbxxby", false},
           Case{"a\\*b", "a*b", true},
           Case{"a\\*b", "axb", false},
           Case{"[ab", "[ab", false},
           Case{"", "", true},
           Case{"", "a", false},
       })
    EXPECT_EQ(ref_glob_matches(c.pattern, c.name), c.matches) << c.pattern << " on " << c.name;
}

TEST(RefGlob, ManyStarsTakeNoExponentialTime) {
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "a*";
  EXPECT_FALSE(ref_glob_matches(pattern + "b", std::string(20'000, 'a')));
}

TEST(RefGlob, AnUnclosedClassIsSeen) {
  EXPECT_FALSE(is_well_formed_ref_glob("ring-[a"));
  EXPECT_FALSE(is_well_formed_ref_glob("ring-[]"));
  EXPECT_TRUE(is_well_formed_ref_glob("ring-[]]"));
  EXPECT_TRUE(is_well_formed_ref_glob("ring-\\[a"));
  EXPECT_TRUE(is_ref_glob("v?"));
  EXPECT_FALSE(is_ref_glob("HEAD~1"));
}

}  // namespace
}  // namespace trueup::git
