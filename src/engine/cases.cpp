#include "engine/cases.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "engine/case_expectations.hpp"
#include "engine/case_runner.hpp"
#include "git/compare.hpp"

namespace trueup::engine {
namespace {

/// What must not grow when knowledge is taken away: rule, path and key of what is violated.
std::set<std::string> violated(const Report& report) {
  std::set<std::string> set;
  for (const rules::Finding& finding : report.findings) {
    std::string text = finding.rule_id + " in " + finding.at.repository + " " + finding.at.path + ":";
    for (const auto& [column, value] : finding.key) text += " " + value;
    set.insert(text);
  }
  return set;
}

/// The lines that a fix wrote.
std::string changed_lines(const FixReport& report) {
  std::string lines;
  for (const FixedFile& file : report.files)
    for (const ByteRange& range : git::changed_ranges(file.before, file.after)) lines += slice(file.after, range);
  return lines;
}

/// Holds each `fixed:` against what the fix of that finding alone writes, which must be proven.
void check_fixed(CaseRunner& runner, const Case& wanted, const Report& report, CaseResult& result) {
  for (const Expected& expected : wanted.findings) {
    if (!expected.fixed) continue;
    const auto finding = std::find_if(report.findings.begin(), report.findings.end(),
                                      [&](const rules::Finding& each) { return mismatch(wanted, expected, each).empty(); });
    if (finding == report.findings.end()) continue;
    const auto fail = [&](const std::string& message) { result.failures.push_back("line " + std::to_string(expected.line) + ": " + message); };
    const auto fixed = runner.fix(wanted, finding->fingerprint);
    if (!fixed) {
      fail(fixed.error().message);
    } else if (fixed->outcomes.empty()) {
      fail("the finding has no fix");
    } else if (const FixOutcome& outcome = fixed->outcomes.front(); outcome.state != FixState::proven) {
      fail("the fix is " + std::string(to_string(outcome.state)) + ": " + outcome.because);
    } else if (const std::string lines = changed_lines(*fixed); expected.fixed->empty() ? !lines.empty() : lines.find(*expected.fixed) == lines.npos) {
      fail("the fix writes:\n" + lines);
    }
  }
}

/// After `trueup fix --unsafe` there is nothing left that it would do: every fix ends what it is for.
void check_fixed_point(CaseRunner& runner, const Case& wanted, CaseResult& result) {
  ++result.derived;
  const auto fixed = runner.fix(wanted);
  if (!fixed) {
    result.failures.push_back("fixing: " + fixed.error().message);
    return;
  }
  if (fixed->files.empty()) return;
  Case after = wanted;
  for (const FixedFile& file : fixed->files) after.repositories[file.repository][wanted.default_branch][file.path] = file.after;
  const auto again = runner.fix(after);
  if (!again) {
    result.failures.push_back("fixing what was fixed: " + again.error().message);
    return;
  }
  for (const FixOutcome& outcome : again->outcomes)
    if (outcome.state == FixState::proven) result.failures.push_back("a fix is left after fixing: " + outcome.finding.message);
  for (const FixOutcome& outcome : fixed->outcomes)
    if (outcome.state == FixState::proven)
      for (const FixOutcome& still : again->outcomes)
        if (still.finding.fingerprint == outcome.finding.fingerprint) result.failures.push_back("its proven fix does not end: " + outcome.finding.message);
}

void derive(CaseRunner& runner, const Case& wanted, const Report& whole, CaseResult& result) {
  const auto check = [&](const std::string& what, const Variation& variation, bool same) {
    ++result.derived;
    const auto report = runner.run(wanted, variation);
    if (!report) {
      result.failures.push_back(what + ": " + report.error().message);
      return;
    }
    const std::set<std::string> before = violated(whole), after = violated(*report);
    for (const std::string& finding : after)
      if (!before.contains(finding)) result.failures.push_back(what + " adds a finding: " + finding);
    if (!same) return;
    for (const std::string& finding : before)
      if (!after.contains(finding)) result.failures.push_back(what + " loses a finding: " + finding);
    if (report->findings.size() != whole.findings.size() || report->unknowns.size() != whole.unknowns.size())
      result.failures.push_back(what + " changes the number of findings or unknowns");
  };
  for (const auto& [name, plane] : wanted.control_planes) {
    Variation variation;
    variation.silent_readings.insert(name);
    check("the reading of ArgoCD " + name + " turned unknown", variation, false);
  }
  for (const auto& [name, store] : wanted.deployments) {
    Variation silent;
    silent.silent_stores.insert(name);
    check("the deployments of " + name + " turned unknown", silent, false);
  }
  for (const auto& [name, workspace] : wanted.workspaces) {
    Variation silent, incomplete;
    silent.silent_workspaces.insert(name);
    check("the workspace of " + name + " turned unknown", silent, false);
    incomplete.incomplete_workspaces.insert(name);
    check("the lists of " + name + " incomplete", incomplete, false);
  }
  for (const auto& [slug, repository] : wanted.forge) {
    Variation silent;
    silent.silent_forges.insert(slug);
    check("the forge silent on " + slug, silent, false);
    for (const live::ForgeListKind kind : repository.written) {
      Variation unknown, incomplete;
      unknown.silent_lists.insert({slug, kind});
      check(std::string(to_string(kind)) + " list of " + slug + " turned unknown", unknown, false);
      incomplete.incomplete_lists.insert({slug, kind});
      check(std::string(to_string(kind)) + " list of " + slug + " incomplete", incomplete, false);
    }
  }
  for (const auto& [slug, tags] : wanted.tags) {
    for (const MemorySource::ToldTag& tag : tags) {
      Variation variation;
      variation.withheld.heads.insert({slug, "refs/tags/" + tag.name});
      variation.withheld.heads_incomplete = true;
      check("tag " + tag.name + " of " + slug + " left out", variation, false);
    }
  }
  for (const auto& [name, package] : wanted.packages) {
    Variation variation;
    variation.silent_readings.insert(name);
    check("the reading of " + name + " turned unknown", variation, false);
  }
  for (const auto& [url, charts] : wanted.helm) {
    Variation variation;
    variation.silent_readings.insert(url);
    check("the reading of " + url + " turned unknown", variation, false);
  }
  for (const auto& [repository, tags] : wanted.registry) {
    Variation variation;
    variation.silent_readings.insert(repository);
    check("the reading of " + repository + " turned unknown", variation, false);
  }
  for (const auto& [slug, branches] : wanted.repositories) {
    if (wanted.repositories.size() > 1) {
      Variation variation;
      variation.unread_repositories.insert(slug);
      check("repository " + slug + " unread", variation, false);
    }
    for (const auto& [branch, files] : branches) {
      if (branch == wanted.default_branch) continue;
      Variation variation;
      variation.withheld.heads.insert({slug, branch});
      variation.withheld.heads_incomplete = true;
      check("branch " + branch + " of " + slug + " left out", variation, false);
    }
    std::set<std::string> paths;
    for (const auto& [branch, files] : branches)
      for (const auto& [path, bytes] : files) paths.insert(path);
    for (const std::string& path : paths) {
      Variation variation;
      variation.withheld.unreadable.insert({slug, path});
      check(slug + " " + path + " unreadable", variation, false);
    }
  }
  Variation copy, quiet;
  copy.copy_branch = true;
  check("a branch that copies the default one", copy, true);
  quiet.copies_in_quiet_folders = true;
  if (wanted.kinds.kinds.empty()) check("the same bytes below docs/, testdata/ and examples/", quiet, true);
}

}  // namespace
std::vector<CaseResult> run_cases(std::string_view text, const rules::Rule& rule, std::span<const rules::PackViews> views,
                                  const std::string& folder) {
  std::vector<CaseResult> results;
  CaseRunner runner(rule, views, folder);
  for (const auto& [wanted, faults] : read_cases(text)) {
    CaseResult& result = results.emplace_back();
    result.name = wanted.name;
    result.line = wanted.line;
    result.failures = faults;
    for (const auto& [name, value] : wanted.parameters)
      if (std::ranges::none_of(rule.parameters, [&](const rules::RuleParameter& known) { return known.name == name; }))
        result.failures.push_back("the rule has no parameter `" + name + "`");
    if (!result.failures.empty()) continue;
    const auto report = runner.run(wanted, {});
    if (!report) {
      result.failures.push_back(report.error().message);
      continue;
    }
    compare(wanted, "finding", wanted.findings, report->findings, result.failures);
    compare(wanted, "unknown", wanted.unknowns, report->unknowns, result.failures);
    check_fixed(runner, wanted, *report, result);
    if (!rule.fixes.empty()) check_fixed_point(runner, wanted, result);
    if (result.failures.empty()) derive(runner, wanted, *report, result);
  }
  return results;
}

}  // namespace trueup::engine
