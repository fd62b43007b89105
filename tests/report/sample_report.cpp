#include "report/sample_report.hpp"

#include <algorithm>

#include "engine/place_book.hpp"

namespace trueup::report::test {

using rules::Change;
using rules::FilePlace;
using rules::Finding;
using rules::LivePlace;
using rules::Severity;

FilePlace place_of(std::string_view repository, std::string_view revision, std::string_view path, std::string_view text,
                   std::string_view flagged) {
  const auto begin = static_cast<std::uint32_t>(text.find(flagged));
  const auto end = static_cast<std::uint32_t>(begin + flagged.size());
  FilePlace place;
  place.repository = repository;
  place.revision = revision;
  place.path = path;
  place.bytes = {begin, end};
  engine::describe_text(place, text, LineIndex(text));
  return place;
}

namespace {

constexpr std::string_view kChart =
    "apiVersion: v2\nname: platform\ndependencies:\n  - name: atlas\n    repository: oci://registry.example/charts\n"
    "    version: \"1.0.0-staging.abc1234\"\n";
constexpr std::string_view kReceiver = "on:\n  repository_dispatch:\n    types: [chart-release]\n";
constexpr std::string_view kSender =
    "      - run: |\n\t\tgh api repos/acme/deploy/dispatches -f event_type=chart-published # 日本語\r\n";

Finding finding(std::string_view code, std::string_view rule, Severity severity, std::string_view message,
                FilePlace at) {
  Finding result;
  result.code = code;
  result.rule_id = rule;
  result.title = "The title of " + std::string(rule);
  result.severity = severity;
  result.message = message;
  result.at = std::move(at);
  result.key = {{"name", "atlas"}, {"version", "1.0.0-staging.abc1234"}};
  result.fingerprint = "0123456789abcdef";
  result.refs = {1, "", "main", "main", {"main"}};
  return result;
}

Finding unpublished() {
  Finding result = finding("C01", "chart/version-published", Severity::error,
                           "atlas 1.0.0-staging.abc1234 is not in registry.example/charts/atlas",
                           place_of("acme/app", "", "charts/Chart.yaml", kChart, "1.0.0-staging.abc1234"));
  const LivePlace answer{"https://registry.example/v2/charts/atlas/manifests/1.0.0-staging.abc1234",
                         "2026-03-04T10:02:11Z", "absent", "newest of staging is 1.0.0-staging.fff0000"};
  result.related = {{"the registry's answer", answer, "evidence"}};
  result.values = {{"newest", "1.0.0-staging.fff0000"}};
  result.refs = {1488, "", "v0.1.0", "v9.2.4", {"main", "v0.1.0", "v0.2.0"}};
  result.fix = rules::FixOffer{true, false, {}};
  return result;
}

Finding unheard() {
  Finding result = finding("W01", "workflow/event-unheard", Severity::error,
                           "nobody in acme/deploy hears chart-published",
                           place_of("acme/app", "", ".github/workflows/publish.yml", kSender, "chart-published"));
  const LivePlace forge{"https://forge.example/acme/deploy", "2026-03-03T23:59:59Z", "present", ""};
  result.related = {
      {"the receiver", place_of("acme/deploy", "main", ".github/workflows/ring.yml", kReceiver, "chart-release"),
       "receiver"},
      {"the repository", forge, "forge"}};
  result.key = {{"event_type", "chart-published"}};
  result.refs = {3, "", "main", "staging", {"main", "beta", "staging"}};
  result.fix = rules::FixOffer{false, true, {{result.at, "chart-release"}}};
  return result;
}

/// Names and bytes that try to take over the terminal or the runner.
Finding hostile() {
  const std::string text =
      "on:\n  push: {branches: [\"\x1b[2Jx\xE2\x80\xAE\", \"\xC3\xA9t\xC3\xA9\", bad\xFF, ok]} # ##[error]x\n";
  Finding result = finding("W02", "workflow/branch-unknown", Severity::warning,
                           "branch \x1b]0;owned\x07 is unknown\n::error::injected\r\n"
                           "##[error]injected 100%\xE2\x80\xAE",
                           place_of("acme/app", "", "::set-output name=x::e\x1b[1mvil,a:b%\n.yml", text, "bad\xFF"));
  result.related = {
      {"a \x1b[7mlabel", place_of("acme/app", "v1::x", "path with blanks.yml", text, "\xC3\xA9t\xC3\xA9"),
       "other"}};
  result.key = {{"branch", "\x1b]0;owned\x07"}};
  return result;
}

Finding in_long_line() {
  std::string text = "images: [";
  for (int i = 0; i < 60; ++i) text += "registry.example/images/part-" + std::to_string(i) + ":1.0, ";
  text += "registry.example/images/漢字-é:latest, ";
  for (int i = 60; i < 90; ++i) text += "registry.example/images/part-" + std::to_string(i) + ":1.0, ";
  text += "end]\n";
  return finding("C25", "chart/tag-quoted", Severity::warning, "a tag that moves",
                 place_of("acme/deploy", "staging", "values.yaml", text, "漢字-é:latest"));
}

Finding of_several_lines() {
  return finding("D02", "document/duplicate-key", Severity::note, "key `on` stands twice",
                 place_of("acme/app", "", "a/folder/with/a/rather/long/name/and/another/one/below/workflow.yaml",
                          kReceiver, "repository_dispatch:\n    types: [chart-release]"));
}

Finding at_insertion_point() {
  Finding result = finding("C15", "chart/lock-digest", Severity::note, "Chart.lock has no digest",
                           place_of("acme/app", "", "charts/Chart.lock", "dependencies: []\ndigest:\n", ""));
  result.at.begin = result.at.end = {2, 8};
  result.at.in_characters = result.at.in_utf16 = rules::Columns{8, 8};
  result.at.bytes = {24, 24};
  result.at.line_text = "digest:";
  result.blocks = false;
  result.refs.current = "v1.0.0";
  result.at.revision = "v1.0.0";
  return result;
}

Finding without_line() {
  FilePlace place;
  place.repository = "acme/app";
  place.path = "charts/values.yaml";
  return finding("D01", "document/does-not-parse", Severity::error, "does not parse: an empty file", place);
}

Finding unknown(std::string_view code, std::string_view because, int line) {
  Finding result = unpublished();
  result.code = code;
  result.because = because;
  result.at.begin.line = result.at.end.line = static_cast<std::uint32_t>(line);
  result.related.clear();
  return result;
}

engine::Report run() {
  engine::Report report;
  report.now = "2026-03-04T10:02:12Z";
  report.version = "0.1.0";
  const std::string way_out = "no path or URL is known: trueup init --with acme/metastore";
  report.repositories = {{"acme/app", true, "", "main", 1488, 7, 5, 120, true},
                         {"acme/deploy", true, "", "main", 2, 2, 2, 14, false},
                         {"acme/metastore", false, way_out, "", 0, 0, 0, 0, false}};
  report.hosts = {{"registry.example", 9, 5, 1, 3}};
  report.suppressed = {{finding("C03", "chart/placeholder", Severity::error, "version holds a placeholder",
                                place_of("acme/app", "", "charts/Chart.yaml", kChart, "platform")),
                        "the release job sets it \x1b[2m", "2027-01-31", "@platform", std::nullopt}};
  const auto rule = [](std::string id, std::string code, rules::Outcome outcome, std::size_t ok, std::size_t violated,
                       std::size_t unknown) {
    return rules::RuleOutcome{id, code, "The title of " + id, "Why " + code + " matters.", Severity::error, outcome, ok, violated, unknown};
  };
  report.rules = {rule("chart/version-published", "C01", rules::Outcome::violated, 12, 1, 4),
                  rule("workflow/event-unheard", "W01", rules::Outcome::violated, 25, 3, 1),
                  rule("chart/lockstep", "C08", rules::Outcome::no_subject, 0, 0, 0)};
  return report;
}

}  // namespace

engine::Report sample_report() {
  engine::Report report = run();
  report.notes = {"HEAD has no commit yet; main is taken as the default branch", "a note \x1b[31mwith an escape"};
  report.findings = {unpublished(),  unheard(),          without_line(),      hostile(),
                     in_long_line(), of_several_lines(), at_insertion_point()};
  const std::string timed_out = "registry.example did not answer within 30 s; ask again, or --offline leaves it out";
  for (int i = 0; i < 4; ++i) report.unknowns.push_back(unknown("C01", timed_out, 10 + i));
  report.unknowns.push_back(unknown("C17", timed_out, 20));
  for (Finding& each : report.unknowns) each.failed = true;
  report.unknowns.push_back(unknown("W01", "acme/metastore is not loaded  ->  trueup init --with acme/metastore", 30));
  report.unknowns.push_back(unknown("C12", "charts/broken.yaml does not parse", 40));
  report.unknowns.back().malformed = true;
  return report;
}

engine::Report sample_report_with_base() {
  engine::Report report = sample_report();
  report.base = "origin/main";
  report.notes.clear();
  for (Finding& each : report.findings) each.change = Change::persisting;
  report.findings[1].change = Change::introduced;
  report.findings[4].change = Change::introduced;
  report.findings[0].change = Change::unconfirmed;
  report.findings[0].blocks = false;
  report.fixed = {of_several_lines()};
  engine::Suppressed& central = report.suppressed.emplace_back(report.suppressed.front());
  central.config_place = place_of("acme/app", "origin/main", "trueup.yaml", "suppressions:\n  - {rule: C03, path: \"**\", reason: x}\n", "C03");
  central.finding.change = Change::introduced;
  std::erase_if(report.unknowns, [](const Finding& each) { return each.failed; });
  report.unknowns.push_back(unknown("C05", "offline: registry.example was not asked", 50));
  return report;
}

engine::Report sample_report_with_audit() {
  using audit::Standing;
  engine::Report report = sample_report();
  audit::Chronicle& chronicle = report.audit.emplace();
  constexpr std::int64_t kNow = 1'772'618'532, kDay = 86'400;  // 2026-03-04T10:02:12Z
  chronicle.history = "fleet.history";
  chronicle.now = kNow;
  chronicle.runs = 1'412;
  chronicle.began = kNow - 900 * kDay;
  chronicle.before = audit::RunEntry{kNow - kDay, 40, 45, 9, 2};
  const auto add = [&](const Finding& of, Standing standing, std::string_view fingerprint, std::int64_t days) -> audit::Record& {
    audit::Record& record = chronicle.records.emplace_back();
    record.fingerprint = fingerprint;
    record.rule_id = of.rule_id;
    record.code = of.code;
    record.severity = of.severity;
    record.message = of.message;
    record.repository = of.at.repository;
    record.revision = of.at.revision;
    record.path = of.at.path;
    record.line = of.at.begin.line;
    record.column = of.at.begin.column;
    record.first_seen = record.opened = kNow - days * kDay;
    record.last_seen = kNow;
    record.standing = standing;
    return record;
  };
  auto& findings = report.findings;
  for (std::size_t i = 0; i < findings.size(); ++i) findings[i].fingerprint = "000000000000000" + std::to_string(i);
  add(findings[0], Standing::fresh, findings[0].fingerprint, 0).since = audit::StandsSince{"acme/app", std::string(40, 'a'), kNow - 3 * kDay, false};
  audit::Record& hostile_one = add(findings[3], Standing::returned, findings[3].fingerprint, 0);
  hostile_one.first_seen -= 100 * kDay;
  hostile_one.times_returned = 3;
  add(findings[2], Standing::persisting, findings[2].fingerprint, 400);
  add(findings[1], Standing::persisting, findings[1].fingerprint, 31).since = audit::StandsSince{"acme/deploy", std::string(40, 'b'), kNow - 60 * kDay, true};
  for (std::size_t i = 4; i < findings.size(); ++i) add(findings[i], Standing::persisting, findings[i].fingerprint, static_cast<std::int64_t>(i));
  audit::Record& unverified = add(unheard(), Standing::unverified, "00000000000000f0", 50);
  unverified.last_seen = kNow - 2 * kDay;
  unverified.unverified_since = kNow - kDay;
  unverified.because = "acme/\x1b[2Jdeploy could not be read: no | route";
  for (int days = 0; days < 3; ++days) {
    audit::Record& fixed = add(in_long_line(), Standing::fixed, "00000000000000e" + std::to_string(days), 20);
    fixed.fixed_at = kNow - days * kDay;
    fixed.last_seen = *fixed.fixed_at - kDay;
  }
  add(unpublished(), Standing::suppressed, "00000000000000d0", 5).suppressed = true;
  report.repositories[2].missed = true;
  return report;
}

engine::Report clean_report() {
  engine::Report report = run();
  for (rules::RuleOutcome& rule : report.rules) {
    rule.ok += rule.violated + rule.unknown;
    rule.violated = rule.unknown = 0;
    rule.outcome = rule.ok > 0 ? rules::Outcome::clean : rules::Outcome::no_subject;
  }
  return report;
}

}  // namespace trueup::report::test
