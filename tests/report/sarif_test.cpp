#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "golden.hpp"
#include "json_schema.hpp"
#include "report/format.hpp"
#include "report/sample_report.hpp"

namespace trueup::report::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using nlohmann::json;

json sarif(const engine::Report& report, const ReportOptions& options = {}) {
  std::string out;
  write_sarif(report, options, out);
  return json::parse(out);
}

/// The only result of a report with one finding.
json result_of(rules::Finding finding, const ReportOptions& options = {}) {
  engine::Report report = sample_report();
  report.findings = {std::move(finding)};
  report.suppressed.clear();
  return sarif(report, options).at("runs").at(0).at("results").at(0);
}

rules::Finding finding_at(rules::FilePlace place) {
  rules::Finding finding = sample_report().findings.front();
  finding.related.clear();
  finding.at = std::move(place);
  return finding;
}

TEST(Sarif, FitsTheStandardsSchema) {
  const char* named = std::getenv("TRUEUP_SARIF_SCHEMA");
  const std::string file = named != nullptr ? named : TRUEUP_SOURCE_DIR "/build/tools/sarif-schema-2.1.0.json";
  if (!std::filesystem::exists(file))
    GTEST_SKIP() << "there is no " << file << " (scripts/install-go-tools): reports were NOT held against the OASIS standard";
  const trueup::test::JsonSchema schema(json::parse(trueup::test::read_text(file)));
  for (const engine::Report& report : {sample_report(), sample_report_with_base(), clean_report(), engine::Report()})
    EXPECT_THAT(schema.problems(sarif(report)), IsEmpty());
}

TEST(Sarif, AProvenFixThatStandsHereIsAReplacementInColumnsOfUtf16) {
  rules::Finding finding = finding_at(place_of("acme/app", "", "a.yaml", "x", "x"));
  rules::FilePlace other = finding.at;
  other.path = "b c.yaml";
  other.in_utf16 = rules::Columns{3, 3};
  other.end = other.begin;
  finding.fix = rules::FixOffer{false, true, {{finding.at, "one"}, {other, "two\n"}}};
  const json fixes = result_of(finding).at("fixes");
  ASSERT_EQ(fixes.size(), 1u);
  EXPECT_EQ(fixes[0]["description"]["text"], "trueup fix");
  const json& changes = fixes[0]["artifactChanges"];
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0]["artifactLocation"]["uri"], "a.yaml");
  EXPECT_EQ(changes[0]["replacements"][0]["insertedContent"]["text"], "one");
  EXPECT_EQ(changes[0]["replacements"][0]["deletedRegion"], result_of(finding)["locations"][0]["physicalLocation"]["region"]);
  EXPECT_EQ(changes[1]["artifactLocation"]["uri"], "b%20c.yaml");
  EXPECT_EQ(changes[1]["replacements"][0]["deletedRegion"]["startColumn"], 3);
  EXPECT_EQ(changes[1]["replacements"][0]["deletedRegion"]["endColumn"], 3);

  finding.fix->unsafe = true;
  EXPECT_THAT(result_of(finding)["fixes"][0]["description"]["text"].get<std::string>(), HasSubstr("--unsafe"));
  finding.fix->edits[1].at.repository = "acme/deploy";
  EXPECT_FALSE(result_of(finding).contains("fixes")) << "half a fix is none";
  finding.fix->edits.pop_back();
  EXPECT_TRUE(result_of(finding).contains("fixes"));
  finding.fix->proven = false;
  EXPECT_FALSE(result_of(finding).contains("fixes"));
}

TEST(Sarif, HoldsOnlyWhatStandsInTheHead) {
  engine::Report report = sample_report();
  report.suppressed.clear();
  report.findings = {finding_at(place_of("acme/app", "", "a.yaml", "x", "x")), finding_at(place_of("acme/app", "v1", "b.yaml", "x", "x")),
                     finding_at(place_of("acme/deploy", "", "c.yaml", "x", "x"))};
  const auto paths = [&](const ReportOptions& options) {
    const json log = sarif(report, options);  // outlives the loop
    std::string all;
    for (const json& result : log.at("runs").at(0).at("results"))
      all += result.at("locations").at(0).at("physicalLocation").at("artifactLocation").at("uri").get<std::string>() + ' ';
    return all;
  };
  EXPECT_EQ(paths({}), "a.yaml ");
  ReportOptions at_tag, at_hand;
  at_tag.head = "v1";
  at_hand.at_hand = "acme/deploy";
  EXPECT_EQ(paths(at_tag), "a.yaml b.yaml ");
  EXPECT_EQ(paths(at_hand), "c.yaml ");
}

TEST(Sarif, AFleetHasARunForEachSubject) {
  engine::Report report = sample_report();
  report.repositories.at(1).subject = true;
  const json runs = sarif(report).at("runs");
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs.at(0).at("automationDetails").at("id"), "trueup/acme/app/");
  EXPECT_EQ(runs.at(1).at("automationDetails").at("id"), "trueup/acme/deploy/");
}

TEST(Sarif, ColumnsCountUtf16) {
  const json region = result_of(finding_at(place_of("acme/app", "", "a.yaml", "a: \U0001F680é tag\n", "tag")))
                          .at("locations").at(0).at("physicalLocation").at("region");
  EXPECT_EQ(region, (json{{"startLine", 1}, {"startColumn", 8}, {"endLine", 1}, {"endColumn", 11}}));
}

TEST(Sarif, ColumnsFarIntoALineAreLeftOut) {
  const json region = result_of(finding_at(place_of("acme/app", "", "a.json", std::string(70'000, ' ') + "tag", "tag")))
                          .at("locations").at(0).at("physicalLocation").at("region");
  EXPECT_EQ(region, (json{{"startLine", 1}, {"endLine", 1}}));
}

TEST(Sarif, PathsAreRelativeUriReferences) {
  const struct {
    std::string path, uri;
  } rows[] = {{"charts/Chart.yaml", "charts/Chart.yaml"},
              {"https://evil.example/x", "https%3A//evil.example/x"},
              {"a b/ü#?%.yaml", "a%20b/%C3%BC%23%3F%25.yaml"}};
  for (const auto& row : rows) {
    const json location = result_of(finding_at(place_of("acme/app", "", row.path, "x", "x")))
                              .at("locations").at(0).at("physicalLocation").at("artifactLocation");
    EXPECT_EQ(location.at("uri"), row.uri);
    EXPECT_EQ(location.at("uriBaseId"), "%SRCROOT%");
  }
}

TEST(Sarif, RelatedPlacesOfTheHeadAreLinkedAndOthersNamed) {
  rules::Finding finding = finding_at(place_of("acme/app", "", "a.yaml", "x", "x"));
  finding.message = "a [b](c) differs";
  finding.related = {{"the producer", place_of("acme/app", "", "p.yaml", "y", "y"), "p"},
                     {"the receiver", place_of("acme/deploy", "main", "r.yaml", "z", "z"), "r"}};
  const json result = result_of(finding);
  EXPECT_EQ(result.at("message").at("text"),
            "a \\[b\\](c) differs.\nthe producer: [p.yaml:1:1](1)\nthe receiver: acme/deploy@main r.yaml:1:1");
  ASSERT_EQ(result.at("relatedLocations").size(), 1u);
  EXPECT_EQ(result.at("relatedLocations").at(0).at("id"), 1);
}

TEST(Sarif, RuleIndexNamesTheRule) {
  const json run = sarif(sample_report()).at("runs").at(0);
  const json& rules = run.at("tool").at("driver").at("rules");
  std::size_t indexed = 0;
  for (const json& result : run.at("results")) {
    if (!result.contains("ruleIndex")) continue;
    ++indexed;
    EXPECT_EQ(rules.at(result.at("ruleIndex").get<std::size_t>()).at("id"), result.at("ruleId"));
  }
  EXPECT_GT(indexed, 0u);
  EXPECT_EQ(rules.at(0).at("help").at("text"), "Why C01 matters.\n\nMore: trueup explain C01");
}

TEST(Sarif, WhatFailedIsANotificationAndNoResult) {
  const json invocation = sarif(sample_report()).at("runs").at(0).at("invocations").at(0);
  EXPECT_EQ(invocation.at("executionSuccessful"), false);
  EXPECT_THAT(invocation.at("toolExecutionNotifications").dump(), HasSubstr("did not answer within 30 s"));
  EXPECT_EQ(sarif(clean_report()).at("runs").at(0).at("invocations").at(0).at("executionSuccessful"), true);
}

TEST(Sarif, MoreThanARunHoldsIsCountedAndTheWorstStay) {
  engine::Report report = sample_report();
  report.suppressed.clear();
  report.findings.assign(5003, finding_at(place_of("acme/app", "", "a.yaml", "x", "x")));
  const json run = sarif(report).at("runs").at(0);
  EXPECT_EQ(run.at("results").size(), 5000u);
  EXPECT_THAT(run.at("invocations").dump(), HasSubstr("3 findings left out"));
}

TEST(Sarif, AGatesChangeIsTheBaselineState) {
  std::string states;
  for (const rules::Change change : {rules::Change::none, rules::Change::introduced, rules::Change::persisting, rules::Change::unconfirmed}) {
    rules::Finding finding = finding_at(place_of("acme/app", "", "a.yaml", "x", "x"));
    finding.change = change;
    states += result_of(finding).value("baselineState", "-") + ' ';
  }
  EXPECT_EQ(states, "- new unchanged - ");
}

}  // namespace
}  // namespace trueup::report::test
