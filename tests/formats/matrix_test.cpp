#include "formats/matrix.hpp"

#include <gmock/gmock.h>

#include "formats/template_text.hpp"

namespace trueup::formats {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The labels of a matrix's legs; "unknown" alone where it is not expanded.
std::vector<std::string> labels(std::string_view json) {
  const auto legs = expand_matrix(json);
  if (!legs) return {"unknown"};
  std::vector<std::string> labels;
  for (const MatrixLeg& leg : *legs) labels.push_back(leg.label);
  return labels;
}

std::string name_in(std::string_view json, std::size_t leg, std::string_view name) {
  return fill_template(name, matrix_environment(expand_matrix(json)->at(leg)));
}

TEST(Matrix, IsTheProductOfItsListsTheLastOneFastest) {
  EXPECT_THAT(labels(R"({"os":["linux","mac"],"version":[10,12.5]})"),
              ElementsAre("linux, 10", "linux, 12.5", "mac, 10", "mac, 12.5"));
  EXPECT_THAT(labels(R"({"os":["linux"]})"), ElementsAre("linux"));
  EXPECT_THAT(labels(R"({"os":[]})"), IsEmpty());
}

TEST(Matrix, ExcludeNamesSomeKeysOrAll) {
  EXPECT_THAT(labels(R"({"os":["a","b"],"v":[1,2],"exclude":[{"os":"a"},{"os":"b","v":2}]})"), ElementsAre("b, 1"));
  EXPECT_THAT(labels(R"({"os":["a","b"],"exclude":[{"os":"c"},{"other":"a"},{}]})"), ElementsAre("a", "b"));
  EXPECT_THAT(labels(R"({"v":[1,"1"],"exclude":[{"v":1}]})"), ElementsAre("1")) << "a number is no text";
}

TEST(Matrix, IncludeFollowsTheManualsExample) {
  const std::string_view manual = R"({"fruit":["apple","pear"],"animal":["cat","dog"],"include":[{"color":"green"},
    {"color":"pink","animal":"cat"},{"fruit":"apple","shape":"circle"},{"fruit":"banana"},{"fruit":"banana","animal":"cat"}]})";
  EXPECT_THAT(labels(manual), ElementsAre("apple, cat", "apple, dog", "pear, cat", "pear, dog", "banana", "banana, cat"));
  constexpr std::string_view kAll = "${{ matrix.fruit }} ${{ matrix.animal }} ${{ matrix.color }} ${{ matrix.shape }}";
  EXPECT_EQ(name_in(manual, 0, kAll), "apple cat pink circle");
  EXPECT_EQ(name_in(manual, 1, kAll), "apple dog green circle");
  EXPECT_EQ(name_in(manual, 2, kAll), "pear cat pink ");
  EXPECT_EQ(name_in(manual, 4, kAll), "banana   ");
}

TEST(Matrix, OfIncludeAloneEachItemIsAJobWithAllItsScalars) {
  EXPECT_THAT(labels(R"({"include":[{"os":"linux","v":{"major":1,"minor":[2,3]},"note":"","flag":true},{"os":null}]})"),
              ElementsAre("linux, 1, 2, 3, true", ""));
}

TEST(Matrix, IsNotKnownWhereAnExpressionDecides) {
  for (const char* json : {R"("${{ fromJSON(x) }}")", R"({"os":"${{ fromJSON(x) }}"})", R"({"os":["a"],"include":"${{ x }}"})",
                           R"({"os":["${{ x }}"],"exclude":[{"os":"a"}]})", R"({"os":["${{ x }}"],"include":[{"os":"a"}]})",
                           R"({"os":["a"],"exclude":[{"os":"${{ x }}"}]})", R"({"os":["a"],"include":["a"]})", "[1]", "{", ""})
    EXPECT_THAT(labels(json), ElementsAre("unknown")) << json;
  EXPECT_THAT(labels(R"({"os":["a","${{ x }}"]})"), ElementsAre("a", "${{ x }}"));
}

TEST(Matrix, HasAtMostAsManyJobsAsGitHubTakes) {
  const auto list = [](int count) {
    std::string text = "[";
    for (int i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + std::to_string(i);
    return text + "]";
  };
  EXPECT_EQ(labels("{\"a\":" + list(16) + ",\"b\":" + list(16) + "}").size(), 256u);
  EXPECT_THAT(labels("{\"a\":" + list(257) + "}"), ElementsAre("unknown"));
  EXPECT_EQ(labels("{\"a\":" + list(257) + ",\"exclude\":[{\"a\":0}]}").size(), 256u);
  EXPECT_THAT(labels("{\"a\":" + list(65) + ",\"b\":" + list(65) + "}"), ElementsAre("unknown"));
  EXPECT_THAT(labels("{\"a\":[\"" + std::string(kMaxMatrixBytes, 'x') + "\"]}"), ElementsAre("unknown"));
}

TEST(JobDisplayName, HasTheLegBehindItUnlessTheNameReadsTheMatrix) {
  const auto legs = expand_matrix(R"({"os":["linux"],"v":[3.1]})");
  const MatrixLeg* leg = &legs->front();
  EXPECT_EQ(job_display_name("test", std::nullopt, false, nullptr), "test");
  EXPECT_EQ(job_display_name("test", "Tests", false, nullptr), "Tests");
  EXPECT_EQ(job_display_name("test", std::nullopt, true, leg), "test (linux, 3.1)");
  EXPECT_EQ(job_display_name("test", "Tests", true, leg), "Tests (linux, 3.1)");
  EXPECT_EQ(job_display_name("test", "Tests on ${{ matrix.os }}", true, leg), "Tests on linux");
  EXPECT_EQ(job_display_name("test", "Tests ${{ matrix.gone }}", true, leg), "Tests ");
  EXPECT_EQ(job_display_name("test", "${{ inputs.name }}", false, nullptr), "${{ inputs.name }}");
  EXPECT_EQ(job_display_name("test", "${{ inputs.name }}", true, leg), "${{ inputs.name }}${{ matrix }}");
  EXPECT_EQ(job_display_name("test", "Tests", true, nullptr), "Tests${{ matrix }}");
  EXPECT_EQ(job_display_name("test", "Tests ${{ matrix.os }}", true, nullptr), "Tests ${{ matrix.os }}");
}

TEST(JobDisplayName, IsCutAtAHundredBytes) {
  const auto legs = expand_matrix("{\"os\":[\"" + std::string(120, 'x') + "\"]}");
  const std::string name = job_display_name("test", std::nullopt, true, &legs->front());
  EXPECT_EQ(name, "test (" + std::string(91, 'x') + "...");
}

TEST(TemplateText, FillsInWhatIsKnown) {
  ExpressionEnvironment environment;
  environment.context = [](std::string_view path) {
    return path == "matrix.os" ? ExpressionValue::string("linux") : ExpressionValue::unknown();
  };
  EXPECT_EQ(fill_template("a-${{ matrix.os }}-${{ github.sha }}", environment), "a-linux-${{ github.sha }}");
  EXPECT_EQ(fill_template("${{ format('{0}!', matrix.os) }}", environment), "linux!");
  EXPECT_EQ(fill_template("${{ ( }} ${{ x", environment), "${{ ( }} ${{ x");
  EXPECT_EQ(fill_template("", environment), "");
}

TEST(TemplateText, TwoTextsAgreeIfTheirHolesAllowIt) {
  struct Row {
    const char *a, *b;
    bool agree;
  };
  const Row rows[] = {
      {"a", "a", true}, {"a", "b", false}, {"", "", true}, {"", "a", false},
      {"reports-${{ x }}", "reports-a", true}, {"reports-${{ x }}", "reports-", true}, {"reports-${{ x }}", "report-a", false},
      {"${{ x }}", "", true}, {"${{ x }}", "${{ y }}", true}, {"a${{ x }}c", "ab${{ y }}", true}, {"a${{ x }}", "${{ y }}b", true},
      {"a${{ x }}b", "b${{ y }}a", false}, {"a${{ x }}b", "ac", false}, {"a-${{ x }}-b", "a--b", true}, {"a-${{ x }}-b", "a-b", false},
      {"${{ x }}${{ y }}a", "a", true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(templates_can_agree(row.a, row.b), row.agree) << row.a << " / " << row.b;
    EXPECT_EQ(templates_can_agree(row.b, row.a), row.agree) << row.b << " / " << row.a;
  }
  EXPECT_TRUE(templates_can_agree(std::string(kMaxComparedBytes + 1, 'a'), "b"));
}

}  // namespace
}  // namespace trueup::formats
