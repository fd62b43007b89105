#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "base/text.hpp"
#include "formats/document_check.hpp"
#include "formats/yaml.hpp"

// yaml-cpp reads the same bytes with code of its own; keys and values must agree, in order. Known to differ, and so
// left out: yaml-cpp 0.7 drops the blank lines behind a folded scalar that keeps them (`>+`); libyaml is as YAML 1.1,
// 9.1.1 says.

namespace trueup::formats {
namespace {

constexpr int kDeepest = 60;  // a test's document; what both make of deeper ones is not asked

bool reads_as_null(const Node& node) {
  for (const std::string_view null : {"", "~", "null", "Null", "NULL"})
    if (node.style == ScalarStyle::plain && node.value == null && (node.tag.empty() || node.tag.ends_with(":null")))
      return true;
  return false;
}

void expect_same(const Document& document, NodeIndex index, const YAML::Node& other, int depth = 0) {
  index = document.resolved(index);
  ASSERT_NE(index, kNoNode);
  ASSERT_LT(depth, kDeepest);
  const Node& node = document[index];
  SCOPED_TRACE(document.pointer(index));
  if (node.kind == NodeKind::scalar) {
    if (reads_as_null(node)) {
      EXPECT_TRUE(other.IsNull() || other.Scalar() == node.value);
      return;
    }
    ASSERT_TRUE(other.IsScalar());
    EXPECT_EQ(node.value, other.Scalar());
    return;
  }
  const bool is_mapping = node.kind == NodeKind::mapping;
  ASSERT_EQ(is_mapping, other.IsMap());
  ASSERT_EQ(!is_mapping, other.IsSequence());
  ASSERT_EQ(node.child_count, other.size());
  NodeIndex child = node.first_child;
  for (const auto& entry : other) {
    if (is_mapping) expect_same(document, document[child].key, entry.first, depth + 1);
    expect_same(document, child, is_mapping ? entry.second : YAML::Node(entry), depth + 1);
    if (testing::Test::HasFatalFailure()) return;
    child = document[child].next;
  }
}

void expect_same_stream(const std::string& source) {
  SCOPED_TRACE(printable(source.substr(0, 2000), true));
  const Document document = parse_yaml(source);
  ASSERT_FALSE(document.problem()) << document.problem()->message;
  expect_well_formed(document);
  const std::vector<YAML::Node> others = YAML::LoadAll(source);
  ASSERT_EQ(document.roots().size(), others.size());
  for (std::size_t i = 0; i < others.size(); ++i) expect_same(document, document.roots()[i], others[i]);
}

TEST(YamlSecondOpinion, AgreesOnTrickyDocuments) {
  for (const std::string& source : std::vector<std::string>{
           "a: 1\nb: [x, 'y', \"z\\n\"]\nc: {d: e, f: [g, {h: i}]}\n",
           "on: {push: {branches: ['**', \"!x\"]}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n    - run: |\n"
           "        echo a\n          b\n\n        c\n    - {name: 'it''s', if: \"${{ a && 'b' }}\"}\n",
           "a: |\n  x\nb: |-\n  x\n\nc: |+\n  x\n\n\nd: >\n  x\n  y\n\n  z\n   w\n  v\ne: >-\n\n  x\nf: >+\n  x\n",
           "a: |2\n    x\n   y\nb: >1-\n   x\n y\nc: |\n\n\n  x\n",
           "a: one\n  two\n  three\n\n  four\nb: 'one\n\n  two  \n  three'\n"
           "c: \"one\\\n  two\n  three \\\n  \\ four\"\n",
           "\"\\x41\\u00e9\\U0001F600\\t\\\\\\\"\\/\": '\\n'\n",
           "a:\nb: ~\nc: null\nd: ''\ne: \"\"\nf:\n  -\n  - ~\n  - null\n",
           "- &a x\n- *a\n- &b [1, 2]\n- *b\n- {c: *b}\n- &d {e: f}\n- <<: *d\n  g: h\n",
           "? a\n: b\n? [c, d]\n: e\n? {f: g}\n: - h\n  - i\n",
           "- - - a\n    - b\n  - c\n- - d\n",
           "a:\n- b\n- c:\n  - d\n  e: f\n-  g:\n     h\n",
           "# 1\n\na: b # 2\n# 3\nc: d#e\n  # 4\nf: 'g # h' # 5\n",
           "--- a\n---\nb: c\n...\n--- # x\n- d\n--- |\n e\n",
           "\xEF\xBB\xBF" "a: b\nключ: знач 漢字 😀\n",
           "a: b\r\nc: |\r\n  d\r\n  e\r\nf: 'g\r\n\r\n  h'\r\n",
           "url: http://a:1/b?c=d&e#f\ntime: 12:30:45\ndate: 2024-01-01\nversion: 1.10\n"
           "sha: 0123e45\nneg: -1\nq: a? b!\n",
           "- !!str 1\n- !x y\n- !<tag:a,2000:b> z\n- !!null ''\n",
           "{a: b, c, 'd': e, \"f\":g, h: [i, j: k], ? l : m,}\n",
           "[a, b: c, [], {}, '', \"\", [[d]],]\n",
           "a: b\na: c\n<<: {x: 1}\n<<: {x: 2}\n",
           "key with spaces: value with spaces\n-x: -y\n?z: :w\n:v: u\n",
           "a: {b: c}\nd: [\n  e,\n  # f\n  g\n]\nh: {\n  i: j,\n\n  k: l }\n",
           "a: 'b: c'\n\"d: e\": f\n'g #h': i\n",
           "long: >-\n  " + std::string(3000, 'x') + "\n  " + std::string(3000, 'y') + "\n"})
    expect_same_stream(source);
}

TEST(YamlSecondOpinion, AgreesOnEveryFixture) {
  const std::filesystem::path fixtures = std::filesystem::path(TRUEUP_SOURCE_DIR) / "fixtures";
  if (!std::filesystem::exists(fixtures)) GTEST_SKIP() << "no fixtures";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(fixtures)) {
    const std::string extension = entry.path().extension().string();
    if (!entry.is_regular_file() || (extension != ".yaml" && extension != ".yml")) continue;
    std::stringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    if (parse_yaml(bytes.str()).problem()) continue;  // templates, and files that are broken on purpose
    SCOPED_TRACE(entry.path().string());
    expect_same_stream(bytes.str());
    ++count;
  }
  RecordProperty("files", static_cast<int>(count));
}

}  // namespace
}  // namespace trueup::formats
