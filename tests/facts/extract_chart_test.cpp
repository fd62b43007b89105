#include <gmock/gmock.h>

#include "facts/extracted.hpp"
#include "formats/chart_lock.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kAtlas = R"(apiVersion: v2
name: "deploy"
version: 1.4.0-staging.abc1234   # released nightly
appVersion: 1.10
type: application
kubeVersion: ">=1.25.0-0"
deprecated: true
dependencies:
  - name: atlas
    version: '1.0.0-staging.abc1234'
    repository: oci://Registry.example/acme/charts
  - name: redis
    alias: cache
    version: ">=1.0.0 <2.0.0"
    repository: https://charts.example/stable
    condition: cache.enabled
    tags: [storage, 7]
)";

TEST(Chart, HasItsFieldsWithTheirPlaces) {
  const Extracted rows("chart", std::string(kAtlas));
  ASSERT_EQ(rows->chart.size(), 1u);
  const ChartRow& chart = rows->chart[0].second;
  EXPECT_EQ(chart.api_version, "v2");
  EXPECT_EQ(chart.name, "deploy");
  EXPECT_EQ(rows.at(chart.span), "deploy");
  EXPECT_EQ(chart.version, "1.4.0-staging.abc1234");
  EXPECT_EQ(rows.at(chart.version_span), "1.4.0-staging.abc1234");
  EXPECT_EQ(rows.place(chart.version_span), (LineColumn{3, 10}));
  EXPECT_EQ(chart.app_version, "1.1") << "unquoted 1.10 is a number to Helm";
  EXPECT_EQ(rows.at(chart.app_version_span), "1.10");
  EXPECT_EQ(chart.type, "application");
  EXPECT_EQ(chart.kube_version, ">=1.25.0-0");
  EXPECT_EQ(chart.deprecated, 1);
}

TEST(Chart, ItsDependenciesAreRowsWithPlaces) {
  const Extracted rows("chart", std::string(kAtlas));
  ASSERT_EQ(rows->chart_dependency.size(), 2u);
  const ChartDependencyRow& atlas = rows->chart_dependency[0].second;
  EXPECT_EQ(rows.at(atlas.span), "atlas");
  EXPECT_EQ(atlas.position, 0);
  EXPECT_EQ(atlas.name, "atlas");
  EXPECT_EQ(atlas.version, "1.0.0-staging.abc1234");
  EXPECT_EQ(atlas.version_text, "1.0.0-staging.abc1234");
  EXPECT_EQ(rows.at(atlas.version_span), "1.0.0-staging.abc1234") << "without the quotes";
  EXPECT_EQ(rows.at(atlas.repository_span), "oci://Registry.example/acme/charts");
  EXPECT_EQ(atlas.oci_parent, "registry.example/acme/charts");
  EXPECT_EQ(atlas.oci_repository, "registry.example/acme/charts/atlas");
  EXPECT_EQ(atlas.alias, std::nullopt);
  EXPECT_EQ(atlas.condition, std::nullopt);
  EXPECT_EQ(atlas.tags, std::nullopt);

  const ChartDependencyRow& redis = rows->chart_dependency[1].second;
  EXPECT_EQ(redis.position, 1);
  EXPECT_EQ(redis.alias, "cache");
  EXPECT_EQ(redis.condition, "cache.enabled");
  EXPECT_EQ(redis.tags, R"(["storage","7"])");
  EXPECT_EQ(redis.oci_repository, std::nullopt);
  EXPECT_EQ(redis.oci_parent, std::nullopt);
}

TEST(Chart, OfAnOciUrlHostAndPathAreNormal) {
  const struct {
    std::string_view name, repository, parent, kept_in;
  } table[] = {
      {"atlas", "oci://registry.example", "registry.example", "registry.example/atlas"},
      {"atlas", "oci://registry.example:5000/acme/", "registry.example:5000/acme", "registry.example:5000/acme/atlas"},
      {"Atlas", "oci://registry.example/acme", "registry.example/acme", "NULL"},  // no registry holds such a name
      {"atlas", "OCI://registry.example/acme", "NULL", "NULL"},                   // Helm compares the scheme exactly
      {"atlas", "oci://", "NULL", "NULL"},
      {"atlas", "file://../atlas", "NULL", "NULL"},
      {"atlas", "@acme", "NULL", "NULL"},
      {"atlas", "''", "NULL", "NULL"},
  };
  for (const auto& row : table) {
    const Extracted rows("chart", "dependencies:\n- name: " + std::string(row.name) +
                                      "\n  repository: " + (row.repository.starts_with("@") ? "'" : "") +
                                      std::string(row.repository) + (row.repository.starts_with("@") ? "'" : "") + "\n");
    ASSERT_EQ(rows->chart_dependency.size(), 1u) << row.repository;
    EXPECT_EQ(text_of(rows->chart_dependency[0].second.oci_parent), row.parent) << row.repository;
    EXPECT_EQ(text_of(rows->chart_dependency[0].second.oci_repository), row.kept_in) << row.repository;
  }
}

TEST(Chart, WhatIsNotWrittenIsNullAndWhatIsEmptyIsEmpty) {
  const Extracted rows("chart", "version:\ndependencies:\n- name: atlas\n  version: ''\n");
  const ChartRow& chart = rows->chart[0].second;
  EXPECT_EQ(chart.name, std::nullopt);
  EXPECT_EQ(chart.version, "");
  EXPECT_EQ(rows.at(chart.version_span), "");
  EXPECT_FALSE(chart.app_version_span);
  EXPECT_EQ(rows.at(chart.span), "version") << "without a name its first key";
  const ChartDependencyRow& dependency = rows->chart_dependency[0].second;
  EXPECT_EQ(dependency.version, "");
  EXPECT_EQ(dependency.version_text, "");
  EXPECT_EQ(dependency.repository_url, std::nullopt);
  EXPECT_FALSE(dependency.repository_span);
}

TEST(Chart, KeysAreReadInAnyCaseAndTheLastSortedOneWins) {
  const Extracted rows("chart", "VERSION: 1.0.0\nversion: 2.0.0\nVersion: 3.0.0\nNAME: atlas\nAppVersion: 4\nappVersion: ~\n");
  const ChartRow& chart = rows->chart[0].second;
  EXPECT_EQ(chart.version, "2.0.0") << "the spelling that Helm documents sorts last";
  EXPECT_EQ(chart.name, "atlas");
  EXPECT_EQ(chart.app_version, "4") << "a null leaves the field as it was";
}

TEST(Chart, OfADuplicateKeyTheLastOneHolds) {
  const Extracted rows("chart", "name: a\nversion: 1.0.0\nversion: 2.0.0\n");
  EXPECT_EQ(rows->chart[0].second.version, "2.0.0");
  EXPECT_EQ(rows.place(rows->chart[0].second.version_span).line, 3u);
  EXPECT_EQ(rows->duplicate_key.size(), 1u);
}

TEST(Chart, AnchorsAndMergeKeysAreFollowed) {
  const Extracted rows("chart", R"(name: atlas
version: &v 1.2.3
appVersion: *v
defaults: &defaults
  repository: oci://registry.example/charts
  version: 0.0.0
dependencies:
- &one
  name: a
  <<: *defaults
  version: *v
- *one
)");
  EXPECT_EQ(rows->chart[0].second.app_version, "1.2.3");
  EXPECT_EQ(rows.place(rows->chart[0].second.app_version_span).line, 2u) << "where the text stands that an edit would change";
  ASSERT_EQ(rows->chart_dependency.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const ChartDependencyRow& row = rows->chart_dependency[i].second;
    EXPECT_EQ(row.position, static_cast<std::int64_t>(i));
    EXPECT_EQ(row.name, "a");
    EXPECT_EQ(row.version, "1.2.3");
    EXPECT_EQ(row.oci_repository, "registry.example/charts/a");
  }
}

TEST(Chart, AMergeKeyOverridesWhatStandsBeforeIt) {
  const std::string defaults = "a: &a {version: 1.0.0, name: a}\nb: &b {version: 2.0.0, type: library}\n";
  EXPECT_EQ(Extracted("chart", defaults + "version: 3.0.0\n<<: *a\n")->chart[0].second.version, "1.0.0");
  EXPECT_EQ(Extracted("chart", defaults + "<<: *a\nversion: 3.0.0\n")->chart[0].second.version, "3.0.0");
  const Extracted list("chart", defaults + "<<: [*a, *b]\n");
  EXPECT_EQ(list->chart[0].second.version, "1.0.0") << "of a list the first that has it";
  EXPECT_EQ(list->chart[0].second.type, "library");
  EXPECT_EQ(Extracted("chart", "'<<': {name: a}\n")->chart[0].second.name, std::nullopt) << "quoted, it is a key";
}

TEST(Chart, UnicodeSpacesAndInvisibleCharactersAreCleanedAsHelmDoes) {
  const Extracted rows("chart", "name: \"at\\u200blas\"\ndependencies:\n- name: \"a\\u00a0b\"\n  version: \"1.0.0\\u200b\"\n");
  EXPECT_EQ(rows->chart[0].second.name, "atlas");
  EXPECT_EQ(rows->chart_dependency[0].second.name, "a b");
  EXPECT_EQ(rows->chart_dependency[0].second.version, "1.0.0");
  EXPECT_EQ(rows->chart_dependency[0].second.version_text, "1.0.0\\u200b") << "the bytes of the file";
}

TEST(Chart, WrongShapesGiveNoRowsOrNulls) {
  for (const std::string_view text :
       {"- a\n- b\n", "just text\n", "", "---\n---\nname: a\n", "{}", "dependencies: {name: a}", "dependencies: a",
        "dependencies: [~, a, [b], 1]", "dependencies: [{name: [a], version: {a: b}, repository: [oci://x/y], tags: {a: b}}]",
        "name: {a: b}\nversion: [1]", "? [a, b]\n: c\n", "dependencies: [{}]", "<<: a\nname: x", "<<: [a, {name: b}]"}) {
    const Extracted rows("chart", std::string(text));
    EXPECT_EQ(rows.blob().state, BlobState::parsed) << text;
    EXPECT_LE(rows->chart.size(), 1u) << text;
    for (const auto& [id, row] : rows->chart_dependency) EXPECT_EQ(row.name, std::nullopt) << text;
  }
  EXPECT_EQ(Extracted("chart", "[a]")->chart.size(), 0u);
  EXPECT_EQ(Extracted("chart", "dependencies: [~, a, {name: b}]")->chart_dependency[0].second.position, 2);
}

TEST(Chart, RequirementsAreTheJsonThatHelmHashes) {
  const struct {
    std::string_view text, json;
  } table[] = {
      {"name: a", "null"},
      {"dependencies:", "null"},
      {"dependencies: []", "[]"},
      {"dependencies: [{name: a, version: 1.10}]", R"([{"name":"a","version":"1.1","repository":""}])"},
      {"dependencies: [{version: '>1', name: a, repository: 'https://charts.example/?a=1&b=2', enabled: true}]",
       R"([{"name":"a","version":"\u003e1","repository":"https://charts.example/?a=1\u0026b=2","enabled":true}])"},
      {"dependencies: [{name: a, import-values: [x, 1.50, yes, ~, {parent: p, child: c}]}]",
       R"([{"name":"a","repository":"","import-values":["x",1.5,true,null,{"child":"c","parent":"p"}]}])"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(Extracted("chart", std::string(row.text))->chart[0].second.requirements, row.json) << row.text;
    const Extracted old("chart_requirements", std::string(row.text));
    ASSERT_EQ(old->chart_requirements.size(), 1u) << row.text;
    EXPECT_EQ(old->chart_requirements[0].second.requirements, row.json) << row.text;
    EXPECT_EQ(old->chart.size(), 0u);
  }
}

TEST(Chart, AliasesThatMultiplyEndAsALimitHit) {
  std::string import_values = "b0: &b0 [x, x]\n";
  for (int i = 1; i < 60; ++i) {
    const std::string below = "*b" + std::to_string(i - 1);
    import_values += "b" + std::to_string(i) + ": &b" + std::to_string(i) + " [" + below + ", " + below + "]\n";
  }
  import_values += "dependencies:\n- name: a\n  import-values: [*b59]\n";

  std::string long_text = "big: &big " + std::string(1 << 20, 'x') + "\ndependencies:\n";
  for (int i = 0; i < 1'000; ++i) long_text += "- name: *big\n";

  std::string wide_merge = "wide: &wide\n";
  for (int i = 0; i < 20'000; ++i) wide_merge += "  k" + std::to_string(i) + ": 1\n";
  wide_merge += "dependencies:\n";
  for (int i = 0; i < 20'000; ++i) wide_merge += "- *wide\n";

  std::string merges = "m0: &m0 {k: 1}\n";
  for (int i = 1; i < 60; ++i) {
    const std::string below = "*m" + std::to_string(i - 1);
    merges += "m" + std::to_string(i) + ": &m" + std::to_string(i) + " {<<: [" + below + ", " + below + "]}\n";
  }
  merges += "dependencies:\n- *m59\n";

  for (const std::string& text : {import_values, long_text, wide_merge, merges}) {
    for (const std::string_view kind : {"chart", "chart_requirements", "chart_lock"}) {
      const Extracted rows(kind, text);
      EXPECT_EQ(rows.blob().state, BlobState::over_limit) << kind << ' ' << text.substr(0, 20);
      EXPECT_EQ(rows->limit_hit.size(), 1u);
      EXPECT_EQ(rows->chart_dependency.size() + rows->chart_lock_entry.size() + rows->chart.size(), 0u);
    }
  }
}

TEST(ChartLock, HasItsDigestAndEntriesWithTheirPlaces) {
  const Extracted rows("chart_lock", R"(dependencies:
- name: atlas
  repository: oci://registry.example/charts
  version: 1.0.0-staging.abc123
- name: local
  repository: ""
digest: sha256:9c371c4cc1f049870740e201a00be90ea9b08f01ae19a0935fcaae426a20744d
generated: "2026-01-02T03:04:05Z"
)");
  ASSERT_EQ(rows->chart_lock.size(), 1u);
  const ChartLockRow& lock = rows->chart_lock[0].second;
  EXPECT_EQ(rows.at(lock.span), lock.digest);
  EXPECT_EQ(lock.generated, "2026-01-02T03:04:05Z");
  ASSERT_EQ(rows->chart_lock_entry.size(), 2u);
  EXPECT_EQ(rows.at(rows->chart_lock_entry[0].second.span), "1.0.0-staging.abc123");
  EXPECT_EQ(rows->chart_lock_entry[0].second.repository_url, "oci://registry.example/charts");
  EXPECT_EQ(rows->chart_lock_entry[1].second.position, 1);
  EXPECT_EQ(rows->chart_lock_entry[1].second.version, std::nullopt);
  EXPECT_EQ(rows.at(rows->chart_lock_entry[1].second.span), "local");
}

TEST(ChartLock, ItsTextsAreAsReadWhereTheChartsAreCleaned) {
  const std::string text = "dependencies:\n- name: \"a\\u00a0b\"\n  version: 1.10\n";
  EXPECT_EQ(Extracted("chart_lock", text)->chart_lock[0].second.locked,
            "[{\"name\":\"a\xC2\xA0" "b\",\"version\":\"1.1\",\"repository\":\"\"}]");
  EXPECT_EQ(Extracted("chart", text)->chart[0].second.requirements,
            R"([{"name":"a b","version":"1.1","repository":""}])");
}

TEST(ChartLock, DigestOfTheExtractedTextsIsHelms) {
  const struct {
    std::string_view chart, lock, digest;
  } table[] = {  // observed with Helm 3.22
      {"dependencies:\n- name: atlas\n  version: 1.0.0-staging.abc123\n  repository: oci://ghcr.io/acme/charts\n",
       "dependencies:\n- name: atlas\n  repository: oci://ghcr.io/acme/charts\n  version: 1.0.0-staging.abc123\n",
       "9c371c4cc1f049870740e201a00be90ea9b08f01ae19a0935fcaae426a20744d"},
      {"dependencies:\n- name: local\n  version: 0.1.0\n",
       "dependencies:\n- name: local\n  repository: \"\"\n  version: 0.1.0\n",
       "bf2eeea3d63bdf389b2d3a3f6bc34bcd34b1a5337579d6886ce9d5b35610a5fb"},
      {R"(dependencies:
- name: redis
  version: ">=1.0.0 <2.0.0"
  repository: https://charts.example.com/?a=1&b=2
  condition: redis.enabled
  tags: [cache]
  alias: r1
  import-values:
  - {child: data, parent: top}
  - zed
)",
       "dependencies:\n- name: redis\n  repository: https://charts.example.com/?a=1&b=2\n  version: 1.4.2\n",
       "981703d511dcc9ffa7b7f42ed7d05634e75cb4989c63c8fd76534a6bb3890808"},
  };
  for (const auto& row : table) {
    const Extracted chart("chart", std::string(row.chart)), requirements("chart_requirements", std::string(row.chart)),
        lock("chart_lock", std::string(row.lock));
    EXPECT_EQ(formats::lock_digest(chart->chart[0].second.requirements, lock->chart_lock[0].second.locked),
              "sha256:" + std::string(row.digest));
    EXPECT_EQ(chart->chart[0].second.requirements, requirements->chart_requirements[0].second.requirements);
  }
  EXPECT_THAT(formats::lock_digest(Extracted("chart", "name: a")->chart[0].second.requirements,
                                   Extracted("chart_lock", "digest: x")->chart_lock[0].second.locked),
              HasSubstr("sha256:95cb9b4f84ce"));
  EXPECT_THAT(formats::lock_digest(Extracted("chart", "dependencies: []")->chart[0].second.requirements,
                                   Extracted("chart_lock", "dependencies: []")->chart_lock[0].second.locked),
              HasSubstr("sha256:643d54371042"));
}

TEST(ChartLock, APythonLockOfTheSameNameIsNotRead) {
  const Extracted rows("chart_lock", "# generated\n-e file:.\ncertifi==2024.2.2\n    # via requests\nrequests[socks]==2.31.0\n");
  EXPECT_EQ(rows.blob().state, BlobState::unread);
  EXPECT_EQ(rows.blob().last_id(), 0u);
  EXPECT_EQ(Extracted("chart_lock", "dependencies: [a==b\n").blob().state, BlobState::malformed) << "a broken lock of Helm";
}

std::vector<std::string> values_of(const Extracted& rows) {
  std::vector<std::string> texts;
  for (const auto& [id, row] : rows->chart_value)
    texts.push_back(row.pointer + " = " + row.value + " (" + row.value_type + (row.quoted != 0 ? ", quoted" : "") + ") " +
                    row.rendered);
  return texts;
}

TEST(ChartValues, EveryScalarIsARow) {
  const Extracted rows("chart_values", R"(image:
  tag: 1234567
  name: "atlas"
on: yes
list: [a, {b: 0123}]
empty:
"a/b~c": 1.0
block: |
  x
)");
  EXPECT_THAT(values_of(rows),
              ElementsAre("/image/tag = 1234567 (integer) 1.234567e+06", "/image/name = atlas (string, quoted) atlas",
                          "/on = yes (boolean) true", "/list/0 = a (string) a", "/list/1/b = 0123 (integer) 83",
                          "/empty =  (null) ", "/a~1b~0c = 1.0 (float) 1", "/block = x\n (string, quoted) x\n"));
  EXPECT_EQ(rows.at(rows->chart_value[0].second.span), "1234567");
  EXPECT_EQ(rows->chart_value[0].second.key, "tag");
  EXPECT_EQ(rows->chart_value[3].second.key, std::nullopt) << "of a list";
  EXPECT_EQ(rows->chart_value[4].second.key, "b");
  EXPECT_EQ(rows->chart_value[6].second.key, "a/b~c");
  EXPECT_EQ(rows.at(rows->chart_value[1].second.span), "atlas");
}

TEST(ChartValues, AnAnchoredValueStandsOnce) {
  EXPECT_THAT(values_of(Extracted("chart_values", "a: &a {b: c}\nd: *a\ne: &e f\ng: *e\nh:\n  <<: *a\n")),
              ElementsAre("/a/b = c (string) c", "/e = f (string) f"));
}

TEST(ChartValues, OfADuplicateKeyTheLastValueCounts) {
  EXPECT_THAT(values_of(Extracted("chart_values", "a: {b: 1}\na: {c: 2}\nd: 1\nd: 2\nd: 3\n")),
              ElementsAre("/a/c = 2 (integer) 2", "/d = 3 (integer) 3"));
}

TEST(ChartValues, OnlyTheFirstDocumentCounts) {
  EXPECT_THAT(values_of(Extracted("chart_values", "a: 1\n---\nb: 2\n")), ElementsAre("/a = 1 (integer) 1"));
}

TEST(ChartValues, AFileWithoutMappingHasNone) {
  for (const std::string_view text : {"", "[a]", "text", "{}", "---\n", "# comment\n"})
    EXPECT_EQ(Extracted("chart_values", std::string(text))->chart_value.size(), 0u) << text;
}

TEST(ChartValues, AreNotMadeWhereNobodyReadsThem) {
  const Extracted rows("chart_values", "a: 1\na: 2\n", [] {
    TableSet set;
    set.insert(Table::duplicate_key);
    return set;
  }());
  EXPECT_EQ(rows->chart_value.size(), 0u);
  EXPECT_EQ(rows.blob().spans().size(), 2u) << "only those of the duplicate";
  EXPECT_EQ(rows->duplicate_key.size(), 1u);
}

TEST(ChartValues, LongKeysAboveManyValuesAreALimitHit) {
  std::string text = "? " + std::string(512 << 10, 'k') + "\n: [";
  for (int i = 0; i < 2'000; ++i) text += "1, ";
  const Extracted rows("chart_values", text + "1]\n");
  EXPECT_EQ(rows.blob().state, BlobState::over_limit);
  EXPECT_EQ(rows->chart_value.size(), 0u);
  EXPECT_EQ(rows->limit_hit.size(), 1u);
}

TEST(ExtractChartTemplate, NamesEachValueOnceAndOnceAsAGuard) {
  const Extracted rows("chart_template", "{{ if .Values.a }}{{ .Values.a }}{{ .Values.a.b }}{{ .Values.a }}{{ end }}");
  ASSERT_EQ(rows->chart_template_value.size(), 3u);
  EXPECT_EQ(rows->chart_template_value[0].second.pointer, "/a");
  EXPECT_TRUE(rows->chart_template_value[0].second.guards);
  EXPECT_FALSE(rows->chart_template_value[1].second.guards);
  EXPECT_EQ(rows->chart_template_value[2].second.pointer, "/a/b");
  EXPECT_EQ(rows.at(rows->chart_template_value[2].second.span), ".Values.a.b");
  EXPECT_EQ(Extracted("chart_template", "{{ toYaml .Values }}")->chart_template_value[0].second.pointer, "") << "all of them";
}

TEST(ExtractChartValues, NamesWhatCommentsName) {
  const Extracted rows("chart_values", "a: 1  # inner: no\n  # podLabels: {}\n#  - name: x\n## @param image.tag the tag\n## @param\n# image.pullPolicy -- when\n# some words\n#podLabels: 2\n#");
  ASSERT_EQ(rows->commented_values.size(), 1u);
  EXPECT_EQ(rows->commented_values[0].second.names, "\npodLabels\nname\nimage.tag\nimage.pullPolicy\npodLabels\n");
  EXPECT_EQ(rows.at(rows->commented_values[0].second.span), "podLabels");
  EXPECT_EQ(Extracted("chart_values", "a: 1 # b: 2")->commented_values.size(), 0u);
}

}  // namespace
}  // namespace trueup::facts
