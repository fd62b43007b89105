#include "formats/version_form.hpp"

#include <gtest/gtest.h>
#include <re2/re2.h>

namespace trueup::formats {
namespace {

TEST(VersionForm, TakesApartWhatPipelinesMakeOfBranchAndCommit) {
  const struct {
    const char *form, *version, *branch, *commit;  // commit null: the version has another form
  } table[] = {
      {"{base}-{branch}.{commit}", "1.0.0-staging.abc1234", "staging", "abc1234"},
      {"{base}-{branch}.{commit}", "1.0.0-ring-one.g0157584", "ring-one", "0157584"},
      {"{base}-{branch}.{commit}", "1.0.0-a.b.c.abc1234", "a.b.c", "abc1234"},
      {"{base}-{branch}.{commit}", "1.0.0-abc1234.abc1234", "abc1234", "abc1234"},
      {"{base}-{branch}.{commit}", "1.0.0-staging.0123456789abcdef0123456789abcdef01234567", "staging", "0123456789abcdef0123456789abcdef01234567"},
      {"{base}-{branch}.{commit}", "1.0.0-staging.abc123", "", nullptr},
      {"{base}-{branch}.{commit}", "1.0.0-staging.ABC1234", "", nullptr},
      {"{base}-{branch}.{commit}", "1.0.0-.abc1234", "", nullptr},
      {"{base}-{branch}.{commit}", "1.0.0", "", nullptr},
      {"{base}-{branch}.{commit}", "1.0-staging.abc1234", "", nullptr},
      {"{base}-{branch}.{commit}", "1.0.0-staging.abc1234.1", "", nullptr},
      {"{base}-{commit}", "1.0.0-abc1234", "", "abc1234"},
      {"{base}-{branch}.{number}.{commit}", "1.0.0-main.12.abc1234", "main", "abc1234"},
      {"0.0.0+{commit}", "0.0.0+abc1234", "", "abc1234"},
      {"0.0.0+{commit}", "0x0.0+abc1234", "", nullptr},
  };
  for (const auto& row : table) {
    const auto form = VersionForm::parse(row.form);
    ASSERT_TRUE(form) << row.form;
    const re2::RE2 pattern(form->pattern);
    ASSERT_TRUE(pattern.ok()) << form->pattern;
    std::string groups[2];
    re2::RE2::Arg first(&groups[0]), second(&groups[1]);
    const re2::RE2::Arg* arguments[] = {&first, &second};
    const bool matches = re2::RE2::FullMatchN(row.version, pattern, arguments, pattern.NumberOfCapturingGroups());
    EXPECT_EQ(matches, row.commit != nullptr) << row.form << ' ' << row.version;
    if (!matches || row.commit == nullptr) continue;
    EXPECT_EQ(groups[form->commit_group - 1], row.commit) << row.version;
    EXPECT_EQ(form->branch_group == 0 ? "" : groups[form->branch_group - 1], row.branch) << row.version;
  }
}

TEST(VersionForm, SaysWhatIsWrongWithAForm) {
  const struct {
    const char *form, *message;
  } table[] = {
      {"{base}-{branch}", "it has no {commit}"},
      {"", "it has no {commit}"},
      {"{commit}{commit}", "{commit} stands twice"},
      {"{branch}.{branch}.{commit}", "{branch} stands twice"},
      {"{base}-{sha}.{commit}", "{sha} is none of {base}, {branch}, {commit} and {number}"},
      {"{commit", "a { is never closed"},
  };
  for (const auto& row : table) {
    const auto form = VersionForm::parse(row.form);
    ASSERT_FALSE(form) << row.form;
    EXPECT_TRUE(form.error().message.ends_with(row.message)) << form.error().message;
  }
  EXPECT_FALSE(VersionForm::parse("{commit}" + std::string(200, 'a')));
}

}  // namespace
}  // namespace trueup::formats
