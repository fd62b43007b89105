#include "engine/report.hpp"

#include <gtest/gtest.h>

namespace trueup::engine {
namespace {

using rules::Change;
using rules::Finding;
using rules::Severity;

Finding finding(Severity severity, bool blocks = true, Change change = Change::none) {
  Finding result;
  result.severity = severity;
  result.blocks = blocks;
  result.change = change;
  return result;
}

Finding unknown(Severity severity, bool failed, bool malformed = false) {
  Finding result = finding(severity);
  result.failed = failed;
  result.malformed = malformed;
  return result;
}

TEST(ExitCode, FollowsFindingsThenWhatIsUnknown) {
  struct Row {
    std::string_view about;
    std::vector<Finding> findings, unknowns;
    std::string base;
    Gate gate;
    int expected;
  };
  const Row rows[] = {
      {"nothing", {}, {}, "", {}, 0},
      {"an error", {finding(Severity::error)}, {}, "", {}, 1},
      {"a warning is below the level", {finding(Severity::warning)}, {}, "", {}, 0},
      {"a warning at the level", {finding(Severity::warning)}, {}, "", {Severity::warning}, 1},
      {"an error above the level", {finding(Severity::error)}, {}, "", {Severity::note}, 1},
      {"never", {finding(Severity::error)}, {unknown(Severity::error, true)}, "", {Severity::none}, 0},
      {"a rule that is switched off", {finding(Severity::none)}, {}, "", {Severity::none}, 0},
      {"where the gate does not look", {finding(Severity::error, false)}, {}, "", {}, 0},
      {"introduced", {finding(Severity::error, true, Change::introduced)}, {}, "main", {}, 1},
      {"persisting", {finding(Severity::error, true, Change::persisting)}, {}, "main", {}, 0},
      {"unconfirmed", {finding(Severity::error, true, Change::unconfirmed)}, {}, "main", {}, 0},
      {"asking failed", {}, {unknown(Severity::error, true)}, "", {}, 3},
      {"asking failed below the level", {}, {unknown(Severity::note, true)}, "", {}, 0},
      {"a finding wins", {finding(Severity::error)}, {unknown(Severity::error, true)}, "", {}, 1},
      {"nobody asked", {}, {unknown(Severity::error, false)}, "", {}, 0},
      {"nobody asked, and all is wanted", {}, {unknown(Severity::error, false)}, "", {Severity::error, true}, 3},
      {"malformed counts for neither", {}, {unknown(Severity::error, true, true)}, "", {Severity::error, true}, 0},
  };
  for (const Row& row : rows) {
    Report report;
    report.findings = row.findings;
    report.unknowns = row.unknowns;
    report.base = row.base;
    EXPECT_EQ(exit_code(report, row.gate), row.expected) << row.about;
  }
}

TEST(ExitCode, OfAStoppedRuleIsUnknown) {
  Report report;
  report.rules.resize(2);
  report.rules[1].severity = Severity::warning;
  report.rules[1].stopped = true;
  EXPECT_EQ(exit_code(report, {}), 0) << "below the level";
  EXPECT_EQ(exit_code(report, {Severity::warning}), 3);
  report.findings = {finding(Severity::error)};
  EXPECT_EQ(exit_code(report, {Severity::warning}), 1);
}

TEST(Report, CoverageCountsSubjectsOfAllRules) {
  Report report;
  report.rules = {{"a/b", "A01", "Title", "Why", Severity::error, rules::Outcome::violated, 3, 2, 1},
                  {"a/c", "A02", "Title", "Why", Severity::note, rules::Outcome::clean, 4, 0, 0}};
  EXPECT_EQ(report.verified(), 9u);
  EXPECT_EQ(report.subjects(), 10u);
}

}  // namespace
}  // namespace trueup::engine
