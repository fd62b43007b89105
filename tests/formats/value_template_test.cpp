#include "formats/value_template.hpp"

#include <gtest/gtest.h>

#include "formats/shell_values.hpp"
#include "formats/value_uses.hpp"

namespace trueup::formats {
namespace {

/// A value as the table shows it, of a word of a script: the last argument of its last command.
std::string value_in(std::string_view script) {
  const ShellScript parsed = parse_shell(script);
  const ScriptView view(parsed);
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < parsed.commands.size(); ++i)
    if (!parsed.commands[i].nested && !parsed.commands[i].words.empty()) last = i;
  const ShellCommand& command = parsed.commands.at(last);
  const ShellText text = view.resolved_text(command.words.back(), command.range.begin);
  return to_json(word_value(text, view, command.range.begin, {}));
}

TEST(ValueTemplate, FollowsWhatScriptsDoToIdsAndNames) {
  const struct {
    std::string_view script, value;
  } rows[] = {
      {"echo 1.0.0", R"(["1.0.0"])"},
      {"echo $GITHUB_SHA", R"([{"commit":40}])"},
      {"echo v${GITHUB_SHA::7}", R"(["v",{"commit":7}])"},
      {"echo ${GITHUB_SHA:0:9}", R"([{"commit":9}])"},
      {"echo ${GITHUB_SHA:2:9}", R"([{"any":null}])"},
      {"echo ${{ github.sha }}", R"([{"commit":40}])"},
      {"echo $(git rev-parse --short HEAD)", R"([{"commit":0}])"},
      {"echo $(git rev-parse --short=12 HEAD)", R"([{"commit":12}])"},
      {"echo $(git rev-parse HEAD | cut -c1-8)", R"([{"commit":8}])"},
      {"echo $(echo \"$GITHUB_SHA\" | head -c 6)", R"([{"commit":6}])"},
      {"echo $(cut -c -7 <<< \"$GITHUB_SHA\")", R"([{"commit":7}])"},
      {"SHORT=$(echo $GITHUB_SHA | cut -c1-7)\necho 1.0.0-a.$SHORT", R"(["1.0.0-a.",{"commit":7}])"},
      {"X=1\nX=2\necho $X", R"([{"any":null}])"},
      {"echo ${GITHUB_REF#refs/heads/}", R"([{"branch":[]}])"},
      {"echo ${GITHUB_REF#refs/tags/}", R"([{"any":null}])"},
      {"echo $GITHUB_REF", R"(["refs/heads/",{"branch":[]}])"},
      {"echo ${GITHUB_REF##*/}", R"([{"branch":[["base"]]}])"},
      {"echo ${GITHUB_REF_NAME,,}", R"([{"branch":[["lower"]]}])"},
      {"echo ${GITHUB_REF_NAME//\\//-}", R"([{"branch":[["replace","/","-",false]]}])"},
      {"echo ${GITHUB_REF_NAME//[^a-z0-9]/-}",
       R"([{"branch":[["replace_others","abcdefghijklmnopqrstuvwxyz0123456789","-",false]]}])"},
      {"B=${GITHUB_REF_NAME//_/-}\necho ${B,,}", R"([{"branch":[["replace","_","-",false],["lower"]]}])"},
      {"echo $(echo ${GITHUB_REF#refs/heads/} | tr '_' '-')", R"([{"branch":[["replace","_","-",false]]}])"},
      {"echo $(echo $GITHUB_REF_NAME | tr '/_' '-' | tr '[:upper:]' '[:lower:]')",
       R"([{"branch":[["replace","/_","-",false],["lower"]]}])"},
      {"echo $(echo $GITHUB_REF_NAME | tr ab ba)", R"([{"any":null}])"},
      {"echo $(echo $GITHUB_REF_NAME | sed 's/[^a-z]/-/g; s/_/-/g')",
       R"([{"branch":[["replace_others","abcdefghijklmnopqrstuvwxyz","-",false],["replace","_","-",false]]}])"},
      {"echo $(echo $GITHUB_REF | sed -e 's|/|-|g')", R"(["refs-heads-",{"branch":[["replace","/","-",false]]}])"},
      {"echo $(echo $GITHUB_REF | sed 's#^refs/heads/##')", R"([{"branch":[]}])"},
      {"echo $(echo $GITHUB_REF_NAME | sed 's/a.*b/c/')", R"([{"any":null}])"},
      {"echo $(git branch --show-current)", R"([{"branch":[]}])"},
      {"echo 1.0.$GITHUB_RUN_NUMBER", R"(["1.0.",{"number":null}])"},
      {"echo $(date +%Y%m%d)", R"([{"number":null}])"},
      {"echo $(date +%m%d)", R"([{"any":null}])"},
      {"echo ${{ format('{0}-{1}', github.ref_name, 'x') }}", R"([{"branch":[]},"-x"])"},
      {"echo ${{ github.head_ref || github.ref_name }}", R"([{"branch":[]}])"},
      {"echo ${{ inputs.tag }}$(cat x)", R"([{"any":null},{"any":null}])"},
      {"A=$A$A\necho ${A#x}", R"([{"any":null}])"},
  };
  for (const auto& row : rows) EXPECT_EQ(value_in(row.script), row.value) << row.script;
}

TEST(ValueTemplate, IsReadBackFromItsJson) {
  for (const std::string_view json :
       {R"([])", R"(["a",{"commit":7},{"any":null},{"number":null}])",
        R"([{"branch":[["replace","/","-",false],["lower"],["first",20],["base"],["replace_others","a","",true]]}])"}) {
    const auto value = template_from_json(json);
    ASSERT_TRUE(value) << json;
    EXPECT_EQ(to_json(*value), json);
  }
  for (const std::string_view json : {"", "1", "[1]", R"([{"commit":-1}])", R"([{"commit":1e9}])", R"([{"what":1}])", R"([{"branch":[[]]}])"})
    EXPECT_FALSE(template_from_json(json)) << json;
}

TEST(ValueTemplate, IsFilledForABranch) {
  const auto fill_json = [](std::string_view json, std::string_view branch) { return fill(*template_from_json(json), branch).value_or("none"); };
  EXPECT_EQ(fill_json(R"(["1.0.0-",{"branch":[["replace","_","-",false]]},".",{"commit":7}])", "feat_x"), "1.0.0-feat-x.a1b2c3d");
  EXPECT_EQ(fill_json(R"([{"branch":[["replace_others","abc","-",true],["first",3]]}])", "aXXbc"), "a-b");
  EXPECT_EQ(fill_json(R"([{"branch":[["base"]]}])", "feat/x"), "x");
  EXPECT_EQ(fill_json(R"([{"any":null}])", "x"), "none");
  EXPECT_EQ(fill_json(R"([{"branch":[]}])", ""), "none");
}

TEST(ValueTemplate, TellsWhetherACommitsDigitsCanBreakAVersion) {
  const struct {
    std::string_view json, example;
  } rows[] = {
      {R"(["1.0.0-a.",{"commit":7}])", "1.0.0-a.0157584"},
      {R"(["1.0.0-",{"commit":0}])", "1.0.0-0157584"},
      {R"(["1.0.0-",{"branch":[]},".",{"commit":7}])", "1.0.0-main.0157584"},
      {R"(["1.0.0-a.g",{"commit":7}])", ""},
      {R"(["1.0.0-a-",{"commit":7}])", ""},
      {R"(["1.0.0+",{"commit":7}])", ""},
      {R"(["1.0.0-",{"branch":[]},{"commit":7}])", ""},
      {R"(["1.0.0-a.",{"commit":40}])", ""},
      {R"([{"any":null},".",{"commit":7}])", "1.0.0-a.0157584"},
      {R"([{"any":null},{"commit":7}])", ""},
      {R"(["not a version ",{"commit":7}])", ""},
  };
  for (const auto& row : rows)
    EXPECT_EQ(refused_commit(*template_from_json(row.json), ValueLanguage::version).value_or(""), row.example) << row.json;
}

TEST(ValueTemplate, ValuesOfValuesStayBounded) {
  std::string script = "A0=$GITHUB_REF_NAME\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "${A" + std::to_string(i - 1) + ",,}";
    script += "A" + std::to_string(i) + "=" + before + before + before + before + "\n";
  }
  EXPECT_LT(value_in(script + "echo $A59").size(), 100'000u);
}

std::string uses_in(std::string_view script) {
  const ShellScript parsed = parse_shell(script);
  const ScriptView view(parsed);
  std::string text;
  for (const ValueUse& use : read_value_uses(view))
    text += std::string(to_string(use.purpose)) + (use.subject.empty() ? "" : "(" + use.subject + ")") + ' ' +
            to_json(word_value(use.text, view, use.before, {})) + '\n';
  return text;
}

TEST(ValueUses, AreWhatIsPublishedOrEdited) {
  EXPECT_EQ(uses_in("V=1.0.0\nhelm package chart --version \"$V\" --app-version=2 -d out\n"), "chart_version [\"1.0.0\"]\napp_version [\"2\"]\n");
  EXPECT_EQ(uses_in("docker build -t a:1 --tag=b:2 .\ndocker buildx build -t c:3 . --push\ndocker tag a:1 d:4\nsudo docker push e:5\ndocker pull f:6"),
            "image_reference [\"a:1\"]\nimage_reference [\"b:2\"]\nimage_reference [\"c:3\"]\nimage_reference [\"d:4\"]\nimage_reference [\"e:5\"]\n");
  EXPECT_EQ(uses_in("gh release create v1 --title One\ngit tag -a v2 -m 'two'\ngit tag -l 'x*'\ngit tag -d y\ngit tag v3"),
            "release_tag [\"v1\"]\nrelease_title [\"One\"]\nrelease_tag [\"v2\"]\nrelease_tag [\"v3\"]\n");
  EXPECT_EQ(uses_in("V=$GITHUB_SHA\nyq eval -i '.version = \"1-'$V'\"' helm/Chart.yaml\nyq -i '.version = \"1\"' package.json"),
            "chart_version [\"1-\",{\"commit\":40}]\n");
  EXPECT_EQ(uses_in("yq -i '(.dependencies[] | select(.name == \"atlas\") | .version) = \"'\"$GITHUB_SHA\"'\"' charts/Chart.yaml"),
            "dependency_version(atlas) [{\"commit\":40}]\n");
  EXPECT_EQ(uses_in("V=$GITHUB_SHA yq -i '.appVersion = strenv(V)' Chart.yaml"), "app_version [{\"commit\":40}]\n");
  EXPECT_EQ(uses_in("sed -i \"s/^version:.*/version: ${GITHUB_SHA::7}/\" Chart.yaml\nsed -i 's/a/b/' Chart.yaml\nsed -i 's|appVersion: .*|appVersion: \"x\"|' Chart.yaml"),
            "chart_version [{\"commit\":7}]\napp_version [\"x\"]\n");
  EXPECT_EQ(uses_in("for t in a b; do docker push x:$t; done"), "image_reference [\"x:a\"]\nimage_reference [\"x:b\"]\n");
}

}  // namespace
}  // namespace trueup::formats
