#include "formats/scalar_types.hpp"

#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "formats/yaml.hpp"

namespace trueup::formats {
namespace {

constexpr ScalarType kNull = ScalarType::null, kBool = ScalarType::boolean, kInt = ScalarType::integer,
                     kFloat = ScalarType::floating, kText = ScalarType::string;

struct HelmCase {
  const char* text;
  ScalarType type;
  const char* as_string;
  const char* rendered;
};

void PrintTo(const HelmCase& test, std::ostream* out) { *out << test.text; }

class HelmTypes : public testing::TestWithParam<HelmCase> {};

TEST_P(HelmTypes, AreThoseOfGoYaml) {
  const HelmCase& test = GetParam();
  EXPECT_EQ(type_as_helm(test.text, ScalarStyle::plain), test.type);
  EXPECT_EQ(helm_string(test.text, ScalarStyle::plain), test.as_string);
  EXPECT_EQ(helm_rendered(test.text, ScalarStyle::plain), test.rendered);
  for (const ScalarStyle style :
       {ScalarStyle::single_quoted, ScalarStyle::double_quoted, ScalarStyle::literal, ScalarStyle::folded}) {
    EXPECT_EQ(type_as_helm(test.text, style), kText);
    EXPECT_EQ(helm_string(test.text, style), test.text);
    EXPECT_EQ(helm_rendered(test.text, style), test.text);
  }
}

// Observed with sigs.k8s.io/yaml 1.6.0 (as a struct's string field, and through text/template). `.inf` and `.nan` as
// values make Helm refuse the file; they are given back as written.
INSTANTIATE_TEST_SUITE_P(
    All, HelmTypes,
    testing::Values(
        HelmCase{"yes", kBool, "true", "true"}, HelmCase{"Yes", kBool, "true", "true"},
        HelmCase{"YES", kBool, "true", "true"}, HelmCase{"on", kBool, "true", "true"},
        HelmCase{"ON", kBool, "true", "true"}, HelmCase{"y", kBool, "true", "true"},
        HelmCase{"Y", kBool, "true", "true"}, HelmCase{"true", kBool, "true", "true"},
        HelmCase{"True", kBool, "true", "true"}, HelmCase{"TRUE", kBool, "true", "true"},
        HelmCase{"no", kBool, "false", "false"}, HelmCase{"off", kBool, "false", "false"},
        HelmCase{"Off", kBool, "false", "false"}, HelmCase{"n", kBool, "false", "false"},
        HelmCase{"N", kBool, "false", "false"}, HelmCase{"False", kBool, "false", "false"},
        HelmCase{"tRUE", kText, "tRUE", "tRUE"}, HelmCase{"yEs", kText, "yEs", "yEs"},
        HelmCase{"~", kNull, "", ""}, HelmCase{"null", kNull, "", ""}, HelmCase{"Null", kNull, "", ""},
        HelmCase{"NULL", kNull, "", ""}, HelmCase{"", kNull, "", ""}, HelmCase{"nULL", kText, "nULL", "nULL"},
        HelmCase{"0", kInt, "0", "0"}, HelmCase{"-0", kInt, "0", "0"}, HelmCase{"00", kInt, "0", "0"},
        HelmCase{"0123", kInt, "83", "83"}, HelmCase{"-0123", kInt, "-83", "-83"}, HelmCase{"0o17", kInt, "15", "15"},
        HelmCase{"0O17", kInt, "15", "15"}, HelmCase{"0o8", kText, "0o8", "0o8"}, HelmCase{"0x", kText, "0x", "0x"},
        HelmCase{"08", kFloat, "8", "8"}, HelmCase{"0157584", kFloat, "157584", "157584"},
        HelmCase{"0157564", kInt, "57204", "57204"}, HelmCase{"1_000", kInt, "1000", "1000"},
        HelmCase{"1__0_", kInt, "10", "10"}, HelmCase{"_1", kText, "_1", "_1"}, HelmCase{"0_123", kInt, "83", "83"},
        HelmCase{"0x1F", kInt, "31", "31"}, HelmCase{"0X1f", kInt, "31", "31"}, HelmCase{"+0x1F", kInt, "31", "31"},
        HelmCase{"0x_1F", kInt, "31", "31"}, HelmCase{"0b11", kInt, "3", "3"}, HelmCase{"0B11", kInt, "3", "3"},
        HelmCase{"-0b11", kInt, "-3", "-3"}, HelmCase{"0b+11", kInt, "3", "3"}, HelmCase{"0b", kText, "0b", "0b"},
        HelmCase{"-0b-1", kText, "-0b-1", "-0b-1"}, HelmCase{"1e5", kFloat, "100000", "100000"},
        HelmCase{"1E5", kFloat, "100000", "100000"}, HelmCase{"1e+06", kFloat, "1e+06", "1e+06"},
        HelmCase{"0e12345", kFloat, "0", "0"}, HelmCase{"1e-400", kFloat, "0", "0"},
        HelmCase{"12e3456", kText, "12e3456", "12e3456"}, HelmCase{"1e400", kText, "1e400", "1e400"},
        HelmCase{"1234e56", kFloat, "+Inf", "1.234e+59"}, HelmCase{"157e584", kText, "157e584", "157e584"},
        HelmCase{"3.4028235e38", kFloat, "3.4028235e+38", "3.4028235e+38"},
        HelmCase{"1.10", kFloat, "1.1", "1.1"}, HelmCase{"1.0", kFloat, "1", "1"}, HelmCase{"1.", kFloat, "1", "1"},
        HelmCase{".5", kFloat, "0.5", "0.5"}, HelmCase{"-.5", kFloat, "-0.5", "-0.5"},
        HelmCase{"+.5", kFloat, "0.5", "0.5"}, HelmCase{".5_0", kFloat, "0.5", "0.5"},
        HelmCase{"._5", kText, "._5", "._5"}, HelmCase{"-0.0", kFloat, "-0", "-0"}, HelmCase{".", kText, ".", "."},
        HelmCase{"+", kText, "+", "+"}, HelmCase{"1.2.3", kText, "1.2.3", "1.2.3"},
        HelmCase{"3.14159265358979", kFloat, "3.1415927", "3.14159265358979"},
        HelmCase{"123456", kInt, "123456", "123456"}, HelmCase{"1234567", kInt, "1234567", "1.234567e+06"},
        HelmCase{"1000000", kInt, "1000000", "1e+06"}, HelmCase{"123456.7", kFloat, "123456.7", "123456.7"},
        HelmCase{"123456789.5", kFloat, "1.2345679e+08", "1.234567895e+08"},
        HelmCase{"1e-5", kFloat, "1e-05", "1e-05"}, HelmCase{"0.0001", kFloat, "0.0001", "0.0001"},
        HelmCase{"9223372036854775807", kInt, "9223372036854775807", "9.223372036854776e+18"},
        HelmCase{"18446744073709551615", kInt, "18446744073709551615", "1.8446744073709552e+19"},
        HelmCase{"18446744073709551616", kFloat, "1.8446744e+19", "1.8446744073709552e+19"},
        HelmCase{"-9223372036854775808", kInt, "-9223372036854775808", "-9.223372036854776e+18"},
        HelmCase{"12:30", kText, "12:30", "12:30"}, HelmCase{"2024-01-01", kText, "2024-01-01", "2024-01-01"},
        HelmCase{"2001-12-14t21:59:43.10-05:00", kText, "2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"},
        HelmCase{".inf", kFloat, "+Inf", ".inf"}, HelmCase{"-.INF", kFloat, "-Inf", "-.INF"},
        HelmCase{".nan", kFloat, "NaN", ".nan"}, HelmCase{"inf", kText, "inf", "inf"},
        HelmCase{"NaN", kText, "NaN", "NaN"}, HelmCase{"<<", kText, "<<", "<<"},
        HelmCase{"latest", kText, "latest", "latest"}));

TEST(HelmTypes, AnExplicitTagDecides) {
  const auto rendered = [](const std::string& source) {
    const Document document = parse_yaml(source);
    const Node& node = document[document.root()];
    return helm_rendered(node.value, node.style, node.tag);
  };
  EXPECT_EQ(rendered("!!str 1.10"), "1.10");
  EXPECT_EQ(rendered("!!int '0x10'"), "16");
  EXPECT_EQ(rendered("!!float 12"), "12");
  EXPECT_EQ(rendered("!!bool \"yes\""), "true");
  EXPECT_EQ(rendered("! 012"), "012");
  EXPECT_EQ(rendered("!x 012"), "012");
  EXPECT_EQ(rendered("!!bool 12"), "12") << "Helm refuses the file";
}

struct GithubCase {
  const char* text;
  ScalarType type;
  const char* as_string;
};

void PrintTo(const GithubCase& test, std::ostream* out) { *out << test.text; }

class GithubTypes : public testing::TestWithParam<GithubCase> {};

TEST_P(GithubTypes, AreThoseOfYaml12) {
  const GithubCase& test = GetParam();
  EXPECT_EQ(type_as_github(test.text, ScalarStyle::plain), test.type);
  EXPECT_EQ(github_string(test.text, ScalarStyle::plain), test.as_string);
  EXPECT_EQ(type_as_github(test.text, ScalarStyle::single_quoted), kText);
  EXPECT_EQ(github_string(test.text, ScalarStyle::literal), test.text);
}

INSTANTIATE_TEST_SUITE_P(
    All, GithubTypes,
    testing::Values(
        GithubCase{"true", kBool, "true"}, GithubCase{"True", kBool, "true"}, GithubCase{"FALSE", kBool, "false"},
        GithubCase{"yes", kText, "yes"}, GithubCase{"on", kText, "on"}, GithubCase{"y", kText, "y"},
        GithubCase{"off", kText, "off"}, GithubCase{"tRUE", kText, "tRUE"}, GithubCase{"", kNull, ""},
        GithubCase{"~", kNull, ""}, GithubCase{"Null", kNull, ""}, GithubCase{"0123", kInt, "123"},
        GithubCase{"+7", kInt, "7"}, GithubCase{"-7", kInt, "-7"}, GithubCase{"0x1F", kInt, "31"},
        GithubCase{"0xFFFFFFFF", kInt, "-1"}, GithubCase{"0x1FFFFFFFF", kText, "0x1FFFFFFFF"},
        GithubCase{"0xG", kText, "0xG"}, GithubCase{"0X1F", kText, "0X1F"}, GithubCase{"0o17", kInt, "15"},
        GithubCase{"0o18", kText, "0o18"}, GithubCase{"0b11", kText, "0b11"}, GithubCase{"1_000", kText, "1_000"},
        GithubCase{"3.10", kFloat, "3.1"}, GithubCase{"1.", kFloat, "1"}, GithubCase{".5", kFloat, "0.5"},
        GithubCase{"1e5", kFloat, "100000"}, GithubCase{"1e15", kFloat, "1E+15"},
        GithubCase{"1234567", kInt, "1234567"}, GithubCase{"123456789012345678", kInt, "1.23456789012346E+17"},
        GithubCase{"0.00001", kFloat, "1E-05"}, GithubCase{"0.0001", kFloat, "0.0001"},
        GithubCase{"0.1234567890123456", kFloat, "0.123456789012346"}, GithubCase{".inf", kFloat, "Infinity"},
        GithubCase{"-.Inf", kFloat, "-Infinity"}, GithubCase{".NaN", kFloat, "NaN"},
        GithubCase{"1e400", kFloat, "Infinity"},
        GithubCase{"1.2.3", kText, "1.2.3"}, GithubCase{"12:30", kText, "12:30"}, GithubCase{"-", kText, "-"},
        GithubCase{".", kText, "."}, GithubCase{"e5", kText, "e5"}, GithubCase{"1e", kText, "1e"}));

TEST(GithubTypes, AStringTagMakesAString) {
  EXPECT_EQ(type_as_github("1.10", ScalarStyle::plain, "tag:yaml.org,2002:str"), kText);
  EXPECT_EQ(github_string("1.10", ScalarStyle::plain, "tag:yaml.org,2002:str"), "1.10");
  EXPECT_EQ(type_as_github("1.10", ScalarStyle::plain, "tag:yaml.org,2002:float"), kFloat);
}

}  // namespace
}  // namespace trueup::formats
