#include "formats/sed_pattern.hpp"

#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

TEST(SedPattern, IsWhatRe2ReadsTheSameWay) {
  const struct {
    const char* expression;
    bool extended;
    const char* pattern;  ///< null: it cannot be told
  } cases[] = {
      {R"(s/"version": ".*"/"version": "${V}"/)", false, R"("version": ".*")"},
      {"s/^appVersion:.*/appVersion: 1/", false, "^appVersion:.*"},
      {R"x(s/\(version = \)"[^"]*"/\1"2"/g)x", false, R"x((version = )"[^"]*")x"},
      {R"x(s/(version = )"[^"]*"/\1"2"/)x", true, R"x((version = )"[^"]*")x"},
      {"s/a+(b)/x/", false, "a\\+\\(b\\)"},
      {"s/a\\+b/x/", false, "a+b"},
      {"s/[0-9]\\{1,3\\}\\.[[:digit:]]/x/", false, "[0-9]{1,3}\\.[[:digit:]]"},
      {"s|a/b|c|I", false, "(?i)a/b"},
      {"s#path/x#y#", false, "path/x"},
      {"s/path\\/x/y/", false, "path/x"},
      {"s/*x/y/", false, "\\*x"},
      {"s/version$/y/", false, "version$"},
      {"s/\\<v\\>/y/", false, "\\bv\\b"},
      {"s/${OLD}/y/", false, nullptr},
      {"s/$OLD/y/", false, nullptr},
      {"s/\\(a\\)\\1/y/", false, nullptr},
      {"/x/s/a/b/", false, nullptr},
      {"2s/a/b/", false, nullptr},
      {"s/a/b/;s/c/d/", false, nullptr},
      {"s/a/b/w file", false, nullptr},
      {"s/[]a]/b/", false, nullptr},
      {"s/a{99999}/b/", true, nullptr},
      {"s/a/b", false, nullptr},
      {"d", false, nullptr},
      {"", false, nullptr},
  };
  for (const auto& [expression, extended, pattern] : cases) {
    const auto read = sed_pattern(expression, extended);
    EXPECT_EQ(read, pattern == nullptr ? std::nullopt : std::optional<std::string>(pattern)) << expression;
  }
}

}  // namespace
}  // namespace trueup::formats
