// A built-in rule that meets its limit takes nothing along but what it would have said itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/run.hpp"

namespace trueup::engine {
namespace {

/// Forty workflows that each run a script that is not there; 0: with the usual limit.
Report judge(std::uint64_t most_steps, bool with_base) {
  MemorySource::Files files;
  for (int i = 0; i < 40; ++i)
    files[".github/workflows/w" + std::to_string(i) + ".yml"] =
        "name: w" + std::to_string(i) + "\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - uses: actions/checkout@v4\n    - run: ./scripts/gone.sh\n";
  const auto kinds = *facts::KindRules::compile({});
  const auto source = std::make_shared<MemorySource>("main", std::map<std::string, MemorySource::Files>{{"main", files}}, kinds);
  Request request;
  FleetRepository repository;
  repository.slug = "acme/app";
  repository.source = source;
  for (const Point& point : source->refs()) {
    repository.asked.push_back({point, std::nullopt, true});
    if (with_base) repository.base = point;
  }
  request.repositories.push_back(std::move(repository));
  request.kinds = kinds;
  for (const rules::Rule& rule : rules::builtin_rules())
    if (rule.pack == "workflow") request.rules.push_back({&rule, std::nullopt, {}});
  request.views.assign(rules::builtin_views().begin(), rules::builtin_views().end());
  request.now = 1'767'225'600;
  if (most_steps > 0) request.max_rule_steps = most_steps;
  Run run(std::move(request));
  EXPECT_TRUE(run.prepare().empty());
  EXPECT_TRUE(run.load());
  auto report = run.judge();
  EXPECT_TRUE(report) << report.error().message;
  return report ? *report : Report{};
}

const rules::RuleOutcome& outcome_of(const Report& report, std::string_view code) {
  return *std::ranges::find(report.rules, code, &rules::RuleOutcome::code);
}

TEST(StoppedRule, SaysNothingAndTheOthersGoOn) {
  const Report whole = judge(0, false);
  ASSERT_EQ(outcome_of(whole, "W30").violated, 40u);
  EXPECT_TRUE(std::ranges::none_of(whole.rules, &rules::RuleOutcome::stopped));
  const Report cut = judge(2'000, false);
  std::size_t stopped = 0, went_on = 0;
  for (const rules::RuleOutcome& rule : cut.rules) {
    const rules::RuleOutcome& before = outcome_of(whole, rule.code);
    if (rule.stopped) {
      ++stopped;
      EXPECT_EQ(rule.outcome, rules::Outcome::unknown) << rule.code;
      EXPECT_EQ(rule.ok + rule.violated + rule.unknown, 0u) << rule.code;
    } else if (before.ok + before.violated + before.unknown > 0) {
      ++went_on;
      EXPECT_EQ(rule.violated, before.violated) << rule.code;
    }
  }
  EXPECT_GT(stopped, 0u);
  EXPECT_GT(went_on, 0u);
  EXPECT_EQ(cut.notes.size(), stopped);
  EXPECT_THAT(cut.notes, testing::Each(testing::HasSubstr("took more than 2000 steps and was stopped, so it says nothing; `rules: {workflow/")));
  EXPECT_EQ(exit_code(cut, {rules::Severity::none}), 0);
  EXPECT_NE(exit_code(cut, {rules::Severity::note}), 0);
}

TEST(StoppedRule, IsNeitherFixedNorIntroducedAgainstABase) {
  const Report cut = judge(2'000, true);
  EXPECT_TRUE(cut.fixed.empty());
  for (const rules::Finding& finding : cut.findings) {
    EXPECT_FALSE(outcome_of(cut, finding.code).stopped) << finding.code;
    EXPECT_NE(finding.change, rules::Change::introduced) << finding.code;
  }
}

}  // namespace
}  // namespace trueup::engine
