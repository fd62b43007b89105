#include "rules/sql_functions.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "cpu_time.hpp"

namespace trueup::rules {
namespace {

constexpr std::int64_t kNow = 1767323045;  // 2026-01-02T03:04:05Z

class SqlFunctions : public testing::Test {
 protected:
  SqlFunctions() {
    sqlite3* opened = nullptr;
    EXPECT_EQ(sqlite3_open(":memory:", &opened), SQLITE_OK);
    database_.reset(opened);
    EXPECT_TRUE(register_sql_functions(opened, SqlFunctionInputs{kNow}));
  }

  /// The first column of the first row as text, "NULL", or "error: " and SQLite's message. `bound` is ?1 and so on.
  std::string eval(const std::string& sql, const std::vector<std::string>& bound = {}) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_.get(), ("SELECT " + sql).c_str(), -1, &statement, nullptr) != SQLITE_OK)
      return std::string("error: ") + sqlite3_errmsg(database_.get());
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> owned(statement, sqlite3_finalize);
    for (std::size_t i = 0; i < bound.size(); ++i)
      sqlite3_bind_text(statement, static_cast<int>(i) + 1, bound[i].data(), static_cast<int>(bound[i].size()), SQLITE_TRANSIENT);
    if (sqlite3_step(statement) != SQLITE_ROW) return std::string("error: ") + sqlite3_errmsg(database_.get());
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    if (text == nullptr) return "NULL";
    return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
  }

  void expect(const std::vector<std::pair<std::string, std::string>>& rows) {
    for (const auto& [sql, answer] : rows) EXPECT_EQ(eval(sql), answer) << sql;
  }

  std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database_{nullptr, sqlite3_close};
};

TEST_F(SqlFunctions, VersionsAndRanges) {
  expect({{"semver_valid('1.0.0-staging.abc1234')", "1"},
          {"semver_valid('1.0.0-staging.0157584')", "0"},
          {"semver_valid('v1.0.0')", "0"},
          {"semver_valid(1.5)", "0"},
          {"semver_order('1.0')", "NULL"},
          {"semver_order('1.0.0+a') = semver_order('1.0.0+b')", "1"},
          {"group_concat(v, ' ') FROM (SELECT column1 AS v FROM (VALUES ('1.10.0'), ('1.2.0'), ('1.2.0-rc.11'), ('1.2.0-rc.2'), "
           "('1.2.0-alpha')) ORDER BY semver_order(v))",
           "1.2.0-alpha 1.2.0-rc.2 1.2.0-rc.11 1.2.0 1.10.0"},
          {"secret_reference('op://a/b') || secret_reference('hunter2')", "10"},
          {"yaml_without('a: {b: 1, c: 2}', '/a/b')", "a: {c: 2}"},
          {"yaml_without('a: {b: 1}', '/a/b')", ""},
          {"yaml_without('a: 1', '/b')", "NULL"},
          {"release_within('^7.6.0', '7.9.1')", "1"},
          {"release_within('~7.6.0', '7.9.1')", "0"},
          {"release_within('>=7.6,<8', '7.9.1')", "1"},
          {"release_within('>=7.6 <7.9 || 8.x', '8.0.1')", "1"},
          {"release_within('7.6.x', '7.6.8')", "1"},
          {"release_within('~=7.6', '7.9.1') || release_within('~=7.6', '8.0.0')", "10"},
          {"release_within('~=7.6.2', '7.6.9') || release_within('~=7.6.2', '7.7.0') || release_within('~=7.6.2', '7.6.1')", "100"},
          {"release_within('==7.6.*', '7.6.8') || release_within('!= 7.6.8', '7.6.8')", "10"},
          {"release_within('>7.6', '7.7.0')", "1"},
          {"release_within('>7.6', '7.6.1')", "NULL"},
          {"release_within('<=7.6', '7.6.1')", "NULL"},
          {"release_within('<=7.6', '7.6.0') || release_within('<=7', '8.0.0')", "10"},
          {"release_within('~=7', '7.6.1')", "NULL"},
          {"release_within('latest', '7.6.1')", "NULL"},
          {"release_within('^7', '7.6')", "NULL"},
          {"semver_matches('^1.2', '1.9.0')", "1"},
          {"semver_matches('^1.2', 'v1.9')", "1"},
          {"semver_matches('^1.2', '1.9.0-rc.1')", "0"},
          {"semver_matches('^^1', '1.9.0')", "NULL"},
          {"semver_matches('^1.2', 'latest')", "NULL"},
          {"semver_exact('1.2.3+b')", "1.2.3+b"},
          {"semver_exact('>=1.2.3')", "NULL"},
          {"semver_exact('latest')", "NULL"},
          {"version_range_valid('>=1 <2 || 3.x')", "1"},
          {"version_range_valid('>=1<2')", "0"},
          {"version_range_valid('')", "0"}});
}

TEST_F(SqlFunctions, MadeValues) {
  expect({{"template_fill('[\"v\",{\"branch\":[[\"lower\"]]},\".\",{\"commit\":7}]', 'Main')", "vmain.a1b2c3d"},
          {"template_fill('[{\"any\":null}]', 'main')", "NULL"},
          {"template_fill('no template', 'main')", "NULL"},
          {"template_refused_commit('[\"1.0.0-\",{\"commit\":7}]', 'version')", "1.0.0-0157584"},
          {"template_refused_commit('[\"1.0.0-g\",{\"commit\":7}]', 'version')", "NULL"},
          {"template_refused_commit('[]', 'other')", "error: template_refused_commit: no such language"}});
}

TEST_F(SqlFunctions, LinesOfHelmignore) {
  expect({{"helmignore_drops('*.tgz', 'charts/a-1.tgz', 0)", "1"},
          {"helmignore_drops('charts/', 'charts', 0)", "0"},
          {"helmignore_drops(' charts/ ', 'charts', 1)", "1"},
          {"helmignore_drops('!x', 'Chart.yaml', 0)", "1"},
          {"helmignore_drops('**/x', 'x', 0)", "NULL"},
          {"helmignore_drops('', 'x', 0)", "NULL"}});
}

TEST_F(SqlFunctions, ImagesAndTags) {
  expect({{"image_registry('ubuntu')", "docker.io"},
          {"image_repository('ubuntu')", "library/ubuntu"},
          {"image_tag('ubuntu')", "NULL"},
          {"image_digest('ubuntu:1')", "NULL"},
          {"image_registry('registry.example:5000/acme/atlas:1.2')", "registry.example:5000"},
          {"image_repository('registry.example:5000/acme/atlas:1.2')", "acme/atlas"},
          {"image_tag('registry.example:5000/acme/atlas:1.2')", "1.2"},
          {"image_tag('registry.example/A:1')", "NULL"},
          {"image_digest('a@sha256:' || replace(hex(zeroblob(32)), 'x', ''))", "sha256:" + std::string(64, '0')},
          {"oci_tag_valid('1.0.0_b')", "1"},
          {"oci_tag_valid('1.0.0+b')", "0"},
          {"helm_tag('1.0.0+b')", "1.0.0_b"}});
}

TEST_F(SqlFunctions, RefFilters) {
  expect({{"ref_filter_matches('[\"ring-*\",\"!ring-x\"]', 'ring-a')", "1"},
          {"ref_filter_matches('[\"ring-*\",\"!ring-x\"]', 'ring-x')", "0"},
          {"ref_filter_matches('\"main\"', 'main')", "1"},
          {"ref_filter_matches('[]', 'main')", "0"},
          {"ref_filter_matches('[\"v[0-9\"]', 'main')", "NULL"},
          {"ref_filter_matches('[1]', 'main')", "NULL"},
          {"ref_filter_matches('main', 'main')", "NULL"},
          {"ref_filter_matches('{}', 'main')", "NULL"},
          {"branch_filter_passes(NULL, NULL, 'main')", "1"},
          {"branch_filter_passes('[\"main\"]', NULL, 'main')", "1"},
          {"branch_filter_passes('[\"main\"]', NULL, 'staging')", "0"},
          {"branch_filter_passes(NULL, '[\"main\"]', 'main')", "0"},
          {"branch_filter_passes(NULL, '[\"main\"]', 'staging')", "1"},
          {"branch_filter_passes('[\"*\"]', '[\"main\"]', 'main')", "0"},
          {"branch_filter_passes('[\"**?\"]', NULL, 'main')", "NULL"},
          {"branch_filter_passes('[\"main\"]', NULL, NULL)", "NULL"},
          {"ref_filter_valid('v[0-9]+.*')", "1"},
          {"ref_filter_valid('**?')", "0"}});
}

TEST_F(SqlFunctions, GlobsAndPatterns) {
  expect({{"glob_matches('**/*.{yml,yaml}', 'a/b.yml')", "1"},
          {"glob_matches('*.yml', 'a/b.yml')", "0"},
          {"glob_matches('[a', 'a')", "error: glob_matches: [ is not closed"},
          {"re2_match('b+', 'abbc')", "1"},
          {"re2_match('^b+$', 'abbc')", "0"},
          {"re2_match('(', 'a')", "error: the pattern is malformed: missing ): ("},
          {"re2_match('((a{100}){100}){100}', 'a')", "error: the pattern is malformed: invalid repetition size: {100}"},
          {"re2_match(replace(hex(zeroblob(3000)), '0', 'a'), 'a')", "error: the pattern is longer than 4,096 bytes"},
          {"re2_match('(' || replace(hex(zeroblob(500)), '0', 'a?') || '){9}', 'b')", "error: the pattern is too large"},
          {"re2_extract('(\\d+)-(?P<word>\\w+)', 'x 12-ab', 0)", "12-ab"},
          {"re2_extract('(\\d+)-(?P<word>\\w+)', 'x 12-ab', 1)", "12"},
          {"re2_extract('(\\d+)-(?P<word>\\w+)', 'x 12-ab', 'word')", "ab"},
          {"re2_extract('(\\d+)-(?P<word>\\w+)', 'x', 1)", "NULL"},
          {"re2_extract('a(b)?', 'a', 1)", "NULL"},
          {"re2_extract('a(b?)', 'a', 1)", ""},
          {"re2_extract('a', 'a', 1)", "error: re2_extract: the pattern has no such group"},
          {"re2_extract('a', 'a', 'b')", "error: re2_extract: the pattern has no such group"},
          {"re2_extract('a', 'a', -1)", "error: re2_extract: the pattern has no such group"}});
}

TEST_F(SqlFunctions, Paths) {
  expect({{"path_dir('charts/atlas/Chart.yaml')", "charts/atlas"},
          {"path_dir('Chart.yaml')", ""},
          {"path_base('charts/atlas/Chart.yaml')", "Chart.yaml"},
          {"path_base('Chart.yaml')", "Chart.yaml"},
          {"path_base('charts/')", ""},
          {"path_join('charts/umbrella', '../atlas/./x')", "charts/atlas/x"},
          {"path_join('', './a//b')", "a/b"},
          {"path_join('a', '../..')", "NULL"},
          {"path_join('a', '/b')", "NULL"}});
}

TEST_F(SqlFunctions, JsonNamesAndTimes) {
  expect({{"json_same('{\"a\":1,\"b\":[1.0,\"x\"]}', ' {\"b\":[1,\"x\"],\"a\":1e0} ')", "1"},
          {"json_same('[1,2]', '[2,1]')", "0"},
          {"json_same('-1', '18446744073709551615')", "0"},
          {"json_same('1', '\"1\"')", "0"},
          {"json_same('null', 'null')", "1"},
          {"json_same('{', '{')", "NULL"},
          {"nearest_name('chart-publishd', '[\"chart-released\",\"chart-published\"]')", "chart-published"},
          {"nearest_name('x', '[\"chart-published\"]')", "NULL"},
          {"nearest_name('x', '[]')", "NULL"},
          {"nearest_name('x', 'x')", "NULL"},
          {"age_days('2026-01-01T15:04:05Z')", "0.5"},
          {"age_days('2026-01-03T03:04:05Z')", "-1.0"},
          {"age_days('yesterday')", "NULL"},
          {"commit_like('abc1234')", "1"},
          {"commit_like('abc123')", "0"},
          {"commit_like('abc123g')", "0"},
          {"commit_like(replace(hex(zeroblob(20)), 'x', ''))", "1"},
          {"commit_like(replace(hex(zeroblob(21)), 'x', ''))", "0"},
          {"commit_like(1234567)", "1"}});
}

TEST_F(SqlFunctions, LockDigests) {
  const std::string list = R"([{"name":"atlas","version":"1.0.0-staging.abc123","repository":"oci://ghcr.io/acme/charts"}])";
  EXPECT_EQ(eval("chart_lock_digest(?1, ?1)", {list}), "sha256:9c371c4cc1f049870740e201a00be90ea9b08f01ae19a0935fcaae426a20744d");
  EXPECT_EQ(eval("chart_lock_digest('null', 'null')").substr(0, 19), "sha256:95cb9b4f84ce");
  EXPECT_EQ(eval("chart_lock_digest_helm2('[]')").size(), 71u);
}

/// "name(?, ?)" with each argument the SQL text given.
std::string call_of(const SqlFunctionEntry& entry, std::size_t special, std::string_view text, std::string_view others) {
  std::string sql = std::string(entry.name) + '(';
  const std::size_t count = split(entry.arguments, ',').size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) sql += ", ";
    sql += i == special ? text : others;
  }
  return sql + ')';
}

TEST_F(SqlFunctions, NullAndBlobGiveNull) {
  for (const SqlFunctionEntry& entry : sql_functions()) {
    const std::string_view others = entry.name == "re2_extract" ? "0" : "'1'";
    const std::size_t count = split(entry.arguments, ',').size();
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(eval(call_of(entry, i, "NULL", others)), "NULL") << entry.name << ' ' << i;
      if (entry.name == "re2_extract" && i == 2) continue;  // any group that is not there is an error
      EXPECT_EQ(eval(call_of(entry, i, "x'3131'", others)), "NULL") << entry.name << ' ' << i;
    }
  }
}

TEST_F(SqlFunctions, HugeTextIsAnsweredQuickly) {
  constexpr std::size_t kMost = 1 << 20;
  const std::vector<std::string> texts{std::string(kMost, 'a'), std::string(kMost + 1, 'a'),
                                       std::string(kMost, '['), std::string(kMost, '/'),
                                       '"' + std::string(kMost - 2, '*') + '"', std::string(kMost, '\xFF')};
  const auto begin = cpu_time();
  for (const SqlFunctionEntry& entry : sql_functions()) {
    for (const std::string& text : texts) {
      for (std::size_t i = 0; i < split(entry.arguments, ',').size(); ++i) {
        const std::string answer = eval(call_of(entry, i, "?1", entry.name == "re2_extract" ? "0" : "'a'"), {text});
        const bool no_such_group = entry.name == "re2_extract" && i == 2;
        EXPECT_TRUE(text.size() <= kMost || answer == "NULL" || no_such_group) << entry.name << ' ' << i << ": " << answer;
      }
    }
  }
  EXPECT_LT(cpu_time() - begin, std::chrono::seconds(60));
}

TEST_F(SqlFunctions, EmptyTextIsNotNull) {
  expect({{"path_dir('a')", ""}, {"path_join('', '')", ""}, {"helm_tag('')", ""}, {"re2_extract('x?', '', 0)", ""}});
}

TEST_F(SqlFunctions, ConditionTruthTriesAConditionWithValuesOfContexts) {
  const std::string main = R"('{"github.ref":"refs/heads/main","github.event_name":"push"}')";
  expect({{"condition_truth('github.ref == ''refs/heads/main''', " + main + ")", "1"},
          {"condition_truth('${{ github.ref == ''refs/heads/x'' }}', " + main + ")", "0"},
          {"condition_truth('always() && inputs.x', " + main + ")", "NULL"},
          {"condition_truth('failure() || startsWith(github.ref, ''refs/tags/'')', " + main + ")", "0"},
          {"condition_truth('', " + main + ")", "1"},
          {"condition_truth('a ${{ b }}', " + main + ")", "NULL"},
          {"condition_truth(NULL, " + main + ")", "NULL"},
          {"condition_truth('github.ref', 'no json')", "NULL"}});
}

TEST_F(SqlFunctions, TemplatesAgreeWhereHolesAllowIt) {
  expect({{"is_slip('chart-published', 'chart_Published')", "1"}, {"is_slip('eu', 'us')", "0"}, {"is_slip(NULL, 'b')", "NULL"}});
  expect({{"templates_agree('a-${{ x }}', 'a-b')", "1"}, {"templates_agree('a', 'b')", "0"}, {"templates_agree(NULL, 'b')", "NULL"}});
}

TEST_F(SqlFunctions, PatternsFromManyRowsAreAnsweredRight) {
  // More patterns than are kept compiled, each used twice, far apart.
  const std::string rows = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999) "
                           "SELECT CAST(i % 1000 AS TEXT) AS p, '[\"' || (i % 1000) || '\"]' AS list FROM n";
  EXPECT_EQ(eval("sum(re2_match('^' || p || '$', p) + glob_matches(p, p) + ref_filter_matches(list, p) "
                 "+ branch_filter_passes(list, '[\"x' || p || '\"]', p) + semver_matches(p, p || '.0.0')) FROM (" + rows + ")"),
            "10000");
}

TEST_F(SqlFunctions, MayBeUsedInIndexesAndViewsOfStrangers) {
  char* message = nullptr;
  const char* sql = "PRAGMA trusted_schema = OFF; CREATE TABLE t(v TEXT); CREATE INDEX i ON t(semver_order(v));"
                    "CREATE VIEW w AS SELECT semver_order(v) AS o FROM t; INSERT INTO t VALUES ('1.0.0'); SELECT * FROM w;";
  EXPECT_EQ(sqlite3_exec(database_.get(), sql, nullptr, nullptr, &message), SQLITE_OK) << (message == nullptr ? "" : message);
  sqlite3_free(message);
}

TEST_F(SqlFunctions, TableSaysWhatIsRegistered) {
  for (const SqlFunctionEntry& entry : sql_functions()) {
    EXPECT_FALSE(entry.text.empty()) << entry.name;
    const std::string sql = "count(*) FROM pragma_function_list WHERE name = ?1 AND narg = CAST(?2 AS INTEGER)";
    EXPECT_EQ(eval(sql, {std::string(entry.name), std::to_string(split(entry.arguments, ',').size())}), "1") << entry.name;
  }
}

}  // namespace
}  // namespace trueup::rules
