#include "cli/arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"

namespace trueup::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

template <typename Command>
Command parsed(const std::vector<std::string>& words) {
  const ParsedArguments result = parse_arguments(words);
  EXPECT_TRUE(result.arguments.has_value()) << result.text;
  EXPECT_EQ(result.exit_code, 0);
  if (!result.arguments || !std::holds_alternative<Command>(*result.arguments)) {
    ADD_FAILURE() << "another command";
    return {};
  }
  return std::get<Command>(*result.arguments);
}

TEST(Arguments, CheckWithoutAnyHoldsTheDefaults) {
  const auto check = parsed<CheckArguments>({"check"});
  EXPECT_THAT(check.source.sources, IsEmpty());
  EXPECT_THAT(check.formats, IsEmpty());
  EXPECT_EQ(check.fail_on, rules::Severity::error);
  EXPECT_EQ(check.colour, ColourChoice::automatic);
  EXPECT_FALSE(check.require_complete || check.plan || check.all || check.source.offline);
}

TEST(Arguments, AnAuditIsACheckOfTheWholeFleetWithAHistory) {
  const auto audit = parsed<AuditArguments>({"audit", "--history", "fleet.history", "--new-only", "--full-history", "--config", "t.yaml", "--fail-on", "warning"});
  EXPECT_EQ(audit.history, "fleet.history");
  EXPECT_TRUE(audit.new_only);
  EXPECT_TRUE(audit.source.fleet);
  EXPECT_TRUE(audit.source.full_history);
  EXPECT_EQ(audit.fail_on, rules::Severity::warning);
  EXPECT_FALSE(parsed<CheckArguments>({"check"}).source.fleet);
}

TEST(Arguments, EmptyValuesAndNamesThatAreNoneAreRefused) {
  for (const char* option : {"--base", "--config", "--as", "--replay", "--now", "--at", "--only"}) {
    const ParsedArguments result = parse_arguments({"check", option, ""});
    EXPECT_EQ(result.exit_code, 2) << option;
    EXPECT_THAT(result.text, HasSubstr("empty value")) << option;
  }
  for (const char* name : {"x", "../..", "a/b c", "https://github.com/a/b"}) {
    const ParsedArguments result = parse_arguments({"check", "--as", name});
    EXPECT_EQ(result.exit_code, 2) << name;
    EXPECT_THAT(result.text, HasSubstr("is no owner/name")) << name;
  }
}

TEST(Arguments, BracketsAreNoList) {
  const auto check = parsed<CheckArguments>({"check", "[a,b]", "[x]", "--at", "[0-9]", "--only", "[C01]"});
  EXPECT_THAT(check.source.sources, ElementsAre("[a,b]", "[x]"));
  EXPECT_THAT(check.source.revisions, ElementsAre("[0-9]"));
  EXPECT_THAT(check.source.only, ElementsAre("[C01]"));
  EXPECT_EQ(parsed<QueryArguments>({"query", "[SELECT 1, 2]"}).sql, "[SELECT 1, 2]");
  EXPECT_EQ(parsed<ExplainArguments>({"explain", "[C01,C02]"}).what, "[C01,C02]");
  EXPECT_EQ(parsed<CheckArguments>({"check", "--base", "[a,b]"}).source.base, "[a,b]");
}

TEST(Arguments, CheckTakesEveryOption) {
  const auto check = parsed<CheckArguments>(
      {"check", "../app", "--at", "v1.*", "acme/deploy", "--at=ring-[ab]", "--base", "origin/main",
       "--config", "t.yaml", "--as", "acme/app", "--only", "chart,W01", "--only", "document", "--skip=C25",
       "--offline", "--record", "out", "--allow-host", "127.0.0.1:5000", "--now", "2026-01-31T12:00:00Z",
       "--rules", "mine", "--cache", "/tmp/cache", "--format", "terminal", "--format", "json=report.json",
       "--fail-on", "note", "--plan", "--all",
       "--require-complete", "--color=always"});
  EXPECT_THAT(check.source.sources, ElementsAre("../app", "acme/deploy"));
  EXPECT_THAT(check.source.revisions, ElementsAre("v1.*", "ring-[ab]"));
  EXPECT_EQ(check.source.base, "origin/main");
  EXPECT_EQ(check.source.config, "t.yaml");
  EXPECT_EQ(check.source.slug, "acme/app");
  EXPECT_THAT(check.source.only, ElementsAre("chart", "W01", "document"));
  EXPECT_THAT(check.source.skip, ElementsAre("C25"));
  EXPECT_TRUE(check.source.offline);
  EXPECT_EQ(check.source.record, "out");
  EXPECT_THAT(check.source.allowed_hosts, ElementsAre("127.0.0.1:5000"));
  EXPECT_EQ(check.source.now, "2026-01-31T12:00:00Z");
  EXPECT_THAT(check.source.rule_folders, ElementsAre("mine"));
  EXPECT_EQ(check.source.cache, "/tmp/cache");
  ASSERT_EQ(check.formats.size(), 2u);
  EXPECT_EQ(check.formats[0].name, "terminal");
  EXPECT_EQ(check.formats[0].file, "");
  EXPECT_EQ(check.formats[1].name, "json");
  EXPECT_EQ(check.formats[1].file, "report.json");
  EXPECT_EQ(check.fail_on, rules::Severity::note);
  EXPECT_TRUE(check.plan && check.all && check.require_complete);
  EXPECT_EQ(check.colour, ColourChoice::always);
}

TEST(Arguments, SourcesAreTakenAsTheyAreWritten) {
  EXPECT_THAT(parsed<CheckArguments>({"check", "a b,c", "--", "-odd", "--all"}).source.sources,
              ElementsAre("a b,c", "-odd", "--all"));
  EXPECT_THAT(parsed<CheckArguments>({"check", "--at", "a,b", "--at", "[c,d]"}).source.revisions,
              ElementsAre("a,b", "[c,d]"));
}

TEST(Arguments, FailOnNeverIsTheSeverityNone) {
  EXPECT_EQ(parsed<CheckArguments>({"check", "--fail-on=never"}).fail_on, rules::Severity::none);
}

TEST(Arguments, OtherCommands) {
  EXPECT_EQ(parsed<ExplainArguments>({"explain", "C01"}).what, "C01");
  const auto explain = parsed<ExplainArguments>({"explain", "0123456789abcdef", ".", "--replay", "x"});
  EXPECT_THAT(explain.source.sources, ElementsAre("."));
  EXPECT_TRUE(parsed<RulesArguments>({"rules", "--format", "json", "--rules", "mine"}).json);
  EXPECT_FALSE(parsed<RulesArguments>({"rules"}).json);
  EXPECT_EQ(parsed<SchemaArguments>({"schema"}).view, "");
  EXPECT_EQ(parsed<SchemaArguments>({"schema", "dependency"}).view, "dependency");
  EXPECT_EQ(parsed<TestArguments>({"test", "rules"}).folder, "rules");
  EXPECT_THAT(parsed<ConfigArguments>({"config", "a", "b"}).source.sources, ElementsAre("a", "b"));
  parsed<VersionArguments>({"version"});
  parsed<VersionArguments>({"--version"});

  const auto query = parsed<QueryArguments>({"query", "SELECT '-x', 1", "../app", "--limit", "5", "--format=json"});
  EXPECT_EQ(query.sql, "SELECT '-x', 1");
  EXPECT_THAT(query.source.sources, ElementsAre("../app"));
  EXPECT_EQ(query.most, 5u);
  EXPECT_TRUE(query.json);
  const auto by_rule = parsed<QueryArguments>({"query", "--rule", "C01", "../app"});
  EXPECT_EQ(by_rule.rule, "C01");
  EXPECT_EQ(by_rule.sql, "");
  EXPECT_THAT(by_rule.source.sources, ElementsAre("../app"));
}

TEST(Arguments, UsageErrorsNameTheNearestRightName) {
  struct Row {
    std::vector<std::string> words;
    std::string_view told;
  };
  const Row rows[] = {
      {{"chek"}, "trueup: unknown command chek; did you mean check?\n"},
      {{"frobnicate"},
       "trueup: unknown command frobnicate; there are check, audit, diff, fix, explain, rules, config, query, schema, test, version\n"},
      {{"--all"}, "trueup: an option stands behind the command: trueup check --all\n"},
      {{"check", "--ofline"}, "trueup check: unknown option --ofline; did you mean --offline?\n"},
      {{"check", "--fromat=json"}, "trueup check: unknown option --fromat; did you mean --format?\n"},
      {{"check", "--frobnicate"}, "trueup check: unknown option --frobnicate\n"},
      {{"check", "-x"}, "trueup check: unknown option -x\n"},
      {{"check", "--format", "jsn"},
       "trueup check: --format jsn: terminal, json, github, sarif, markdown, prometheus, gitlab, junit, rdjson are known; did you mean json?\n"},
      {{"check", "--format", "json="}, "trueup check: --format json=: no file is named\n"},
      {{"check", "--format", "json", "--format", "terminal"},
       "trueup check: two formats go to standard output; write one as --format NAME=FILE\n"},
      {{"check", "--format", "json=a", "--format", "github=a"}, "trueup check: two formats go to a\n"},
      {{"check", "--fail-on", "warn"}, "trueup check: --fail-on warn: error, warning, note, never are known\n"},
      {{"check", "--fail-on", "errors"},
       "trueup check: --fail-on errors: error, warning, note, never are known; did you mean error?\n"},
      {{"check", "--color", "yes"}, "trueup check: --color yes: auto, always, never are known\n"},
      {{"check", "--record", "a", "--replay", "b"}, "trueup check: --record and --replay exclude each other\n"},
      {{"check", "--at", ""}, "trueup check: an option has an empty value\n"},
      {{"query"}, "trueup query: a query is missing: trueup query 'SELECT …', or --rule RULE\n"},
      {{"rules", "extra"}, "trueup rules: unexpected argument extra\n"},
      {{"test", "a", "b"}, "trueup test: unexpected argument b\n"},
      {{"rules", "--format", "xml"}, "trueup rules: --format xml: text, json are known\n"},
      {{"check", "--\x1b[31m"}, "trueup check: unknown option --\\x1B[31m\n"},
  };
  for (const Row& row : rows) {
    const ParsedArguments result = parse_arguments(row.words);
    EXPECT_FALSE(result.arguments.has_value());
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.text, testing::StartsWith(std::string(row.told)));
    EXPECT_THAT(result.text, HasSubstr("--help shows how it is used\n"));
  }
  // In CLI11's words, which differ between its versions.
  const std::vector<std::vector<std::string>> others = {{"check", "--base"},
                                                        {"check", "--base", "a", "--base", "b"},
                                                        {"explain"},
                                                        {"query", "x", "--limit", "many"},
                                                        {"test"}};
  for (const std::vector<std::string>& words : others) {
    const ParsedArguments result = parse_arguments(words);
    EXPECT_FALSE(result.arguments.has_value());
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.text, testing::StartsWith("trueup " + words.front() + ": "));
  }
}

TEST(Arguments, HelpIsNoError) {
  const std::vector<std::vector<std::string>> all = {{"--help"},          {"-h"},            {"help"},
                                                     {"check", "--help"}, {"help", "query"}, {"rules", "-h"}};
  for (const std::vector<std::string>& words : all) {
    const ParsedArguments result = parse_arguments(words);
    EXPECT_FALSE(result.arguments.has_value());
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(printable(result.text, true), result.text);
    EXPECT_TRUE(result.text.ends_with('\n'));
  }
  const std::string check = parse_arguments({"check", "--help"}).text;
  for (const char* option :
       {"--at", "--base", "--config", "--as", "--only", "--skip", "--offline", "--record", "--replay", "--allow-host",
        "--format", "--fail-on", "--require-complete", "--now", "--rules", "--plan", "--all", "--color", "--cache",
        "terminal:", "json:", "github:"})
    EXPECT_THAT(check, HasSubstr(option));
  EXPECT_EQ(parse_arguments({}).exit_code, 2);
  EXPECT_EQ(parse_arguments({}).text, parse_arguments({"--help"}).text);
}

}  // namespace
}  // namespace trueup::cli
