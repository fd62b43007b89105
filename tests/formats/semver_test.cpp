#include "formats/semver.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace trueup::formats {
namespace {

struct Row {
  std::string_view text;
  bool valid = true;
  ByteRange at = {};  ///< where it is malformed
};

TEST(Version, GrammarIsThatOfSemVer2) {
  const std::vector<Row> rows{
      {"1.0.0"},
      {"0.0.0"},
      {"1.0.0-0"},
      {"1.0.0-staging.abc123"},
      {"1.0.0-staging.1234567"},
      {"1.0.0-staging.0a57584"},
      {"1.0.0-staging.157e584"},
      {"1.0.0-ring-x.abc"},
      {"1.0.0+001"},
      {"1.0.0--"},
      {"1.0.0-PLACEHOLDER"},
      {"1.0.0-a+b.c-d"},
      {"1.0.0+b-c"},
      {"18446744073709551615.0.0"},
      {"1.0.0-99999999999999999999999999"},
      {"1.0.0-00", false, {6, 7}},
      {"1.0.0-staging.0157584", false, {14, 15}},
      {"1.0.0-feat_x.abc", false, {10, 11}},
      {"1.0.0-feat/x.abc", false, {10, 11}},
      {"1.0.0-.abc", false, {6, 7}},
      {"1.0.0-a..b", false, {8, 9}},
      {"1.0.0-", false, {6, 6}},
      {"1.0.0-a.", false, {8, 8}},
      {"1.0.0+", false, {6, 6}},
      {"1.0.0-a+b+c", false, {9, 10}},
      {"01.0.0", false, {0, 1}},
      {"1.00.0", false, {2, 3}},
      {"1.0", false, {3, 3}},
      {"1", false, {1, 1}},
      {"", false, {0, 0}},
      {"v1.0.0", false, {0, 1}},
      {"1.0.0.0", false, {5, 6}},
      {"1.0.0 ", false, {5, 6}},
      {" 1.0.0", false, {0, 1}},
      {"1.-1.0", false, {2, 3}},
      {"latest", false, {0, 1}},
      {"1.0.0-\xC3\xA9", false, {6, 7}},
      {std::string_view("1.0.0\0", 6), false, {5, 6}},
  };
  for (const Row& row : rows) {
    const auto version = Version::parse(row.text);
    EXPECT_EQ(version.has_value(), row.valid) << row.text;
    if (version) {
      EXPECT_EQ(version->to_string(), row.text);
    } else {
      EXPECT_EQ(version.error().fault, Fault::malformed) << row.text;
      EXPECT_EQ(version.error().at, row.at) << row.text;
    }
  }
}

TEST(Version, LeadingZeroInNumericPrereleaseIsMalformed) {
  const auto version = Version::parse("1.0.0-staging.0157584");  // a short commit id that is all digits
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().at, (ByteRange{14, 15}));            // the zero
}

TEST(Version, PartsAreKeptAsWritten) {
  const auto version = Version::parse("1.20.300-staging.abc-1.7+build.007");
  ASSERT_TRUE(version);
  EXPECT_EQ(version->major, 1u);
  EXPECT_EQ(version->minor, 20u);
  EXPECT_EQ(version->patch, 300u);
  EXPECT_EQ(version->prerelease, (std::vector<std::string>{"staging", "abc-1", "7"}));
  EXPECT_EQ(version->build, (std::vector<std::string>{"build", "007"}));
}

TEST(Version, CoreNumberBeyond64BitsIsOverTheLimit) {
  const auto version = Version::parse("1.18446744073709551616.0");
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().fault, Fault::over_limit);
  EXPECT_EQ(version.error().at, (ByteRange{2, 22}));
}

TEST(Version, IdentityCountsBuildMetadataAndPrecedenceDoesNot) {
  const auto plain = *Version::parse("1.0.0"), built = *Version::parse("1.0.0+a");
  EXPECT_NE(plain, built);
  EXPECT_EQ(compare_precedence(plain, built), std::weak_ordering::equivalent);
  EXPECT_EQ(precedence_key(plain), precedence_key(built));
}

TEST(Version, PrecedenceFollowsTheSpecification) {
  const std::vector<std::string_view> ascending{
      "0.9.9",         "1.0.0-0",       "1.0.0-9",      "1.0.0-10",
      "1.0.0-9999999999999999999999",   "1.0.0-10000000000000000000000",
      "1.0.0--",       "1.0.0-A",       "1.0.0-a",      "1.0.0-a11",
      "1.0.0-a2",      "1.0.0-alpha",   "1.0.0-alpha.1", "1.0.0-alpha.beta",
      "1.0.0-beta",    "1.0.0-beta.2",  "1.0.0-beta.11", "1.0.0-rc.1",
      "1.0.0-staging.1234567",          "1.0.0-staging.abc1234",
      "1.0.0",         "1.0.1",         "1.2.0",        "1.10.0",
      "2.0.0"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      const auto a = *Version::parse(ascending[i]), b = *Version::parse(ascending[j]);
      EXPECT_EQ(compare_precedence(a, b), i <=> j) << ascending[i] << " and " << ascending[j];
      EXPECT_EQ(precedence_key(a) <=> precedence_key(b), i <=> j) << ascending[i] << " and " << ascending[j];
    }
  }
}

TEST(Version, KeyOrdersAsPrecedenceDoes) {
  constexpr unsigned kSeed = 5;
  std::mt19937 random(kSeed);
  constexpr std::string_view kIdentifiers[] = {"0", "1", "9", "10", "123456789012", "a", "A", "-", "a-", "a1", "ab", "1a", "rc"};
  const auto random_version = [&] {
    Version version{random() % 3, random() % 12, 0, {}, {}};
    for (unsigned i = random() % 4; i > 0; --i) version.prerelease.emplace_back(kIdentifiers[random() % std::size(kIdentifiers)]);
    return version;
  };
  for (int i = 0; i < 20'000; ++i) {
    const Version a = random_version(), b = random_version();
    ASSERT_EQ(precedence_key(a) <=> precedence_key(b), compare_precedence(a, b))
        << a.to_string() << " and " << b.to_string() << ", seed " << kSeed;
  }
}

TEST(LenientVersion, OverlooksWhatHelmOverlooks) {
  struct Lenient {
    std::string_view text, read_as;
    bool v_prefix, missing_parts, leading_zeros;
  };
  const std::vector<Lenient> rows{
      {"1.2.3", "1.2.3", false, false, false},      {"v1.2.3", "1.2.3", true, false, false},
      {"1", "1.0.0", false, true, false},           {"v1.2", "1.2.0", true, true, false},
      {"1.2-rc.1", "1.2.0-rc.1", false, true, false}, {"1+b", "1.0.0+b", false, true, false},
      {"01.002.3", "1.2.3", false, false, true},    {"v00", "0.0.0", true, true, true}};
  for (const Lenient& row : rows) {
    const auto lenient = parse_lenient(row.text);
    ASSERT_TRUE(lenient) << row.text;
    EXPECT_EQ(lenient->version.to_string(), row.read_as);
    EXPECT_EQ(lenient->v_prefix, row.v_prefix) << row.text;
    EXPECT_EQ(lenient->missing_parts, row.missing_parts) << row.text;
    EXPECT_EQ(lenient->leading_zeros, row.leading_zeros) << row.text;
    EXPECT_EQ(lenient->is_strict(), Version::parse(row.text).has_value()) << row.text;
  }
}

TEST(LenientVersion, RefusesWhatHelmRefuses) {
  for (const std::string_view text : {"", "v", "V1", " 1", "1.", "1.2.3.4", "1.2.3-01", "1.2.3-a_b", "1.2.3-", "x", "1.x"})
    EXPECT_FALSE(parse_lenient(text)) << text;
  const auto zero = parse_lenient("v1-rc.01");
  ASSERT_FALSE(zero);
  EXPECT_EQ(zero.error().at, (ByteRange{6, 7}));
}

TEST(LenientVersion, LengthLimitIsHelmsAndNotTheGrammars) {
  const std::string longest = "1.0.0-" + std::string(kMaxHelmVersionBytes - 6, 'a');
  EXPECT_TRUE(parse_lenient(longest));
  const auto over = parse_lenient(longest + 'a');
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().fault, Fault::over_limit);
  EXPECT_TRUE(Version::parse(longest + 'a'));
}

TEST(Version, RandomTextNeverReadsAsSomethingElse) {
  constexpr unsigned kSeed = 20240117;
  std::mt19937 random(kSeed);
  constexpr std::string_view kAlphabet = "0019.-+av ";
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 12, ' ');
    for (char& c : text) c = kAlphabet[random() % kAlphabet.size()];
    const auto version = Version::parse(text);
    if (version) {
      ASSERT_EQ(version->to_string(), text) << "seed " << kSeed;
    } else {
      ASSERT_TRUE(version.error().at) << text;
      ASSERT_LE(version.error().at->end, text.size()) << text << ", seed " << kSeed;
    }
  }
}

}  // namespace
}  // namespace trueup::formats
