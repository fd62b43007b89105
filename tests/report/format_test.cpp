#include "report/format.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "golden.hpp"
#include "json_schema.hpp"
#include "report/sample_report.hpp"

namespace trueup::report::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using trueup::test::expect_golden;
using trueup::test::JsonSchema;
using trueup::test::read_text;

std::string written(std::string_view format, const engine::Report& report, const ReportOptions& options = {}) {
  std::string out;
  find_format(format)->write(report, options, out);
  return out;
}

ReportOptions options(auto set) {
  ReportOptions result;
  set(result);
  return result;
}

struct Golden {
  std::string_view format, file;
  engine::Report report;
  ReportOptions options;
};

std::vector<Golden> goldens() {
  engine::Report nothing;
  nothing.version = "0.1.0";
  return {
      {"terminal", "terminal.txt", sample_report(), {}},
      {"terminal", "terminal-all.txt", sample_report(), options([](auto& o) { o.show_all = true; })},
      {"terminal", "terminal-narrow.txt", sample_report(), options([](auto& o) { o.width = 60; })},
      {"terminal", "terminal-unlimited.txt", sample_report(), options([](auto& o) { o.width = 0; })},
      {"terminal", "terminal-colour.txt", sample_report(), options([](auto& o) { o.colour = true; })},
      {"terminal", "terminal-three.txt", sample_report(), options([](auto& o) { o.most = 3; })},
      {"terminal", "terminal-base.txt", sample_report_with_base(),
       options([](auto& o) { o.command = "trueup check --base origin/main"; })},
      {"terminal", "terminal-base-all.txt", sample_report_with_base(), options([](auto& o) { o.show_all = true; })},
      {"terminal", "terminal-clean.txt", clean_report(), {}},
      {"terminal", "terminal-nothing.txt", nothing, {}},
      {"terminal", "terminal-audit.txt", sample_report_with_audit(), options([](auto& o) { o.command = "trueup audit"; })},
      {"terminal", "terminal-audit-all.txt", sample_report_with_audit(), options([](auto& o) { o.show_all = true; })},
      {"json", "report-audit.json", sample_report_with_audit(), {}},
      {"json", "report.json", sample_report(), {}},
      {"json", "report-base.json", sample_report_with_base(), {}},
      {"json", "report-nothing.json", nothing, {}},
      {"github", "github.txt", sample_report(), {}},
      {"github", "github-head.txt", sample_report(), options([](auto& o) { o.head = "v1.0.0"; })},
      {"github", "github-base.txt", sample_report_with_base(), {}},
      {"github", "github-clean.txt", clean_report(), {}},
      {"gitlab", "gitlab.json", sample_report(), {}},
      {"gitlab", "gitlab-base.json", sample_report_with_base(), {}},
      {"gitlab", "gitlab-clean.json", clean_report(), {}},
      {"junit", "junit.xml", sample_report(), {}},
      {"junit", "junit-base.xml", sample_report_with_base(), {}},
      {"junit", "junit-nothing.xml", nothing, {}},
      {"markdown", "report.md", sample_report(), {}},
      {"markdown", "report-base.md", sample_report_with_base(), {}},
      {"markdown", "report-clean.md", clean_report(), {}},
      {"markdown", "audit.md", sample_report_with_audit(), {}},
      {"prometheus", "audit.prom", sample_report_with_audit(), {}},
      {"prometheus", "report.prom", sample_report(), {}},
      {"prometheus", "nothing.prom", nothing, {}},
      {"rdjson", "rdjson.json", sample_report(), {}},
      {"rdjson", "rdjson-base.json", sample_report_with_base(), {}},
      {"rdjson", "rdjson-clean.json", clean_report(), {}},
      {"sarif", "report.sarif", sample_report(), {}},
      {"sarif", "report-base.sarif", sample_report_with_base(), {}},
      {"sarif", "report-clean.sarif", clean_report(), {}},
      {"sarif", "report-nothing.sarif", nothing, {}},
  };
}

TEST(Formats, WriteTheirGoldens) {
  for (const Golden& golden : goldens())
    expect_golden("tests/report/goldens/" + std::string(golden.file),
                  written(golden.format, golden.report, golden.options));
}

TEST(Formats, EachHasAGolden) {
  for (const Format& format : formats()) {
    const auto all = goldens();
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Golden& golden) { return golden.format == format.name; })) << format.name;
  }
}

TEST(Formats, AreFoundByName) {
  for (const Format& format : formats()) EXPECT_EQ(find_format(format.name), &format);
  EXPECT_EQ(find_format("html"), nullptr);
  const auto by_default = [](const Format& format) { return format.by_default; };
  EXPECT_EQ(std::count_if(formats().begin(), formats().end(), by_default), 1);
}

TEST(Formats, LetNoControlCharacterOfStrangersThrough) {
  for (const Golden& golden : goldens()) {
    if (golden.options.colour) continue;
    const std::string text = written(golden.format, golden.report, golden.options);
    EXPECT_EQ(printable(text, true), text) << golden.file;
  }
}

TEST(Formats, LetNoCommandOfStrangersThroughToARunner) {
  for (const Golden& golden : goldens()) {
    const std::string text = written(golden.format, golden.report, golden.options);
    EXPECT_THAT(text, Not(HasSubstr("##["))) << golden.file;
    if (golden.format == "github") continue;
    for (const std::string_view line : split(text, '\n')) EXPECT_FALSE(trim(line).starts_with("::")) << line;
  }
}

TEST(Formats, ColourAddsNothingButColour) {
  ReportOptions plain, colour;
  colour.colour = true;
  std::string text = written("terminal", sample_report(), colour);
  for (std::size_t at; (at = text.find("\x1b[")) != std::string::npos;) text.erase(at, text.find('m', at) - at + 1);
  EXPECT_EQ(text, written("terminal", sample_report(), plain));
}

/// Every golden of a format, and what of it does not fit the schema.
void expect_fit(std::string_view format, const std::string& schema_file) {
  const JsonSchema schema(nlohmann::json::parse(read_text(schema_file)));
  for (const Golden& golden : goldens()) {
    if (golden.format != format) continue;
    EXPECT_THAT(schema.problems(nlohmann::json::parse(written(format, golden.report, golden.options))), IsEmpty()) << golden.file;
  }
  EXPECT_FALSE(schema.problems(nlohmann::json::parse(R"([{"diagnostics": 1}])")).empty()) << "the schema refuses something";
}

TEST(Gitlab, FitsWhatGitlabReads) { expect_fit("gitlab", TRUEUP_SOURCE_DIR "/tests/report/gitlab.schema.json"); }

TEST(Rdjson, FitsReviewdogsSchema) {
  const std::string file = TRUEUP_SOURCE_DIR "/build/tools/rdjson.schema.json";
  if (!std::filesystem::exists(file))
    GTEST_SKIP() << "there is no " << file << " (scripts/install-go-tools): reports were NOT held against reviewdog's schema";
  expect_fit("rdjson", file);
}

TEST(Json, FollowsItsSchema) {
  const auto schema = nlohmann::json::parse(read_text(std::string(TRUEUP_SOURCE_DIR) + "/schema/report.schema.json"));
  for (const Golden& golden : goldens()) {
    if (golden.format != "json") continue;
    const auto report = nlohmann::json::parse(written("json", golden.report, golden.options));
    EXPECT_THAT(JsonSchema(schema).problems(report), IsEmpty()) << golden.file;
  }
}

TEST(Json, SchemaNamesEveryKeyAsRequired) {
  // What is always written may be relied upon: no key is optional.
  const auto schema = nlohmann::json::parse(read_text(std::string(TRUEUP_SOURCE_DIR) + "/schema/report.schema.json"));
  const std::function<void(const nlohmann::json&)> visit = [&](const nlohmann::json& part) {
    if (part.is_object() && part.contains("properties")) {
      for (const auto& [name, member] : part["properties"].items())
        EXPECT_THAT(part["required"], testing::Contains(name));
      EXPECT_EQ(part["required"].size(), part["properties"].size());
    }
    if (part.is_structured())
      for (const auto& each : part) visit(each);
  };
  visit(schema);
}

TEST(Markdown, KeepsWithinACommentAndCountsWhatIsLeftOut) {
  engine::Report report = sample_report();
  const rules::Finding first = report.findings.front();
  report.findings.assign(2000, first);
  const std::string text = written("markdown", report);
  EXPECT_LT(text.size(), 65'536u);
  std::size_t rows = 0;
  for (const std::string_view line : split(text, '\n')) rows += line.starts_with("| error") ? 1 : 0;
  EXPECT_THAT(text, HasSubstr("… and " + std::string(rows < 1001 ? "1," : "") + std::to_string((2000 - rows) % 1000)));
  EXPECT_GT(rows, 100u);
}

TEST(Markdown, KeepsWithinACommentWhateverTheListsBelowTheTableHold) {
  engine::Report report = sample_report_with_base();
  const rules::Finding first = report.findings.front(), unknown = report.unknowns.front();
  report.findings.assign(2000, first);
  report.unknowns.clear();
  for (int i = 0; i < 30; ++i) {
    report.unknowns.push_back(unknown);
    report.unknowns.back().malformed = false;
    report.unknowns.back().because = std::to_string(i) + std::string(2000, '*');
    report.suppressed.push_back(report.suppressed.back());
    report.suppressed.back().reason = std::string(2000, '@');
    report.suppressed.back().finding.message = std::string(2000, '#');
  }
  const std::string text = written("markdown", report);
  EXPECT_LT(text.size(), 65'536u);
  EXPECT_THAT(text, HasSubstr("… and more reasons"));
  EXPECT_THAT(text, HasSubstr("more brought and suppressed"));
  EXPECT_THAT(text, HasSubstr("| error |")) << "and room is left for the table";
}

TEST(Markdown, ReadsTextOfStrangersAsText) {
  engine::Report report = sample_report();
  report.findings.resize(1);
  report.findings.front().related.clear();
  report.findings.front().message = "a | b <img src=x> @everyone #12 [x](https://evil.example) www.evil.example `c` **d** \x1b[31m";
  const std::string text = written("markdown", report);
  for (const std::string_view raw : {"<img", "@everyone", " #12", "[x]", "://", " www.", "`c`", "**d**", "a | b", "\x1b"})
    EXPECT_THAT(text, Not(HasSubstr(std::string(raw)))) << raw;
}

TEST(Markdown, ATrackingIssueKeepsWithinWhatAnIssueHolds) {
  engine::Report report = sample_report_with_audit();
  for (const auto standing : {audit::Standing::fresh, audit::Standing::persisting, audit::Standing::unverified, audit::Standing::fixed}) {
    const auto first = std::ranges::find(report.audit->records, standing, &audit::Record::standing);
    audit::Record record = *first;
    record.message = std::string(2000, '@');
    record.because = std::string(2000, '#');
    report.audit->records.insert(report.audit->records.end(), 500, record);
  }
  const rules::Finding unknown = report.unknowns.front();
  for (int i = 0; i < 30; ++i) {
    report.unknowns.push_back(unknown);
    report.unknowns.back().because = std::to_string(i) + std::string(2000, '*');
    report.repositories.push_back(report.repositories.back());
    report.repositories.back().because = std::string(2000, '[');
  }
  const std::string text = written("markdown", report);
  EXPECT_LT(text.size(), 65'536u);
  EXPECT_TRUE(text.starts_with("<!-- trueup audit -->\n"));
  for (const char* heading : {"#### New (501)", "#### Persisting (505)", "#### Not verifiable (501)", "#### Fixed lately (503)"})
    EXPECT_THAT(text, HasSubstr(heading)) << "room is left for each";
  EXPECT_THAT(text, HasSubstr("left out for length"));
}

TEST(Prometheus, ManySeriesBecomeFew) {
  engine::Report report = sample_report_with_audit();
  const rules::Finding first = report.findings.front();
  for (int i = 0; i < 3000; ++i) {
    report.findings.push_back(first);
    report.findings.back().at.repository = "acme/r" + std::to_string(i);
    report.hosts.push_back({"h" + std::to_string(i) + ".example", 1, 1, 0, 0});
  }
  const std::string text = written("prometheus", report);
  EXPECT_LT(std::ranges::count(text, '\n'), 600);
  EXPECT_THAT(text, HasSubstr("trueup_findings{code=\"C01\",rule=\"chart/version-published\",severity=\"error\",repository=\"*\"} 3001\n"));
}

TEST(Prometheus, LabelsAreEscaped) {
  engine::Report report = sample_report();
  report.findings.resize(1);
  report.findings.front().at.repository = "a\"b\\c\nd";
  EXPECT_THAT(written("prometheus", report), HasSubstr(R"(repository="a\"b\\c\\x0Ad"})"));
}

TEST(Junit, OnlyWhatTurnsTheRunRedFails) {
  const std::string gate = written("junit", sample_report_with_base());
  const auto count = [](std::string_view text, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
    return found;
  };
  std::size_t red = 0;
  const engine::Report report = sample_report_with_base();
  for (const rules::Finding& finding : report.findings) red += engine::turns_red(report, finding, rules::Severity::error) ? 1 : 0;
  EXPECT_EQ(count(gate, "<failure "), red);
  EXPECT_GT(red, 0u);
}

TEST(Github, CountsWhatTheRunnerWouldNotShow) {
  engine::Report report = sample_report();
  const rules::Finding first = report.findings.front();
  report.unknowns.clear();
  report.findings.assign(13, first);
  rules::Finding note = first;
  note.severity = rules::Severity::note;
  report.findings.insert(report.findings.end(), 10, note);
  const std::string text = written("github", report);
  const auto count = [&](std::string_view what) {
    std::size_t found = 0;
    for (const std::string_view line : split(text, '\n')) found += line.starts_with(what) ? 1 : 0;
    return found;
  };
  EXPECT_EQ(count("::error "), 10u);
  EXPECT_EQ(count("::notice "), 10u);  // the last of them says what is left out
  EXPECT_THAT(text, HasSubstr("::notice title=trueup::3 errors, 1 note more: trueup check --all%0A1 suppressed\n"));
}

TEST(Github, AnnotatesOnlyTheRepositoryAtHand) {
  engine::Report report = sample_report();
  report.repositories[1].subject = true;  // acme/deploy is judged too, but is not what is checked out
  for (rules::Finding& finding : report.findings) finding.at.revision.clear();
  EXPECT_THAT(written("github", report), HasSubstr("::warning file=values.yaml,"));
  const std::string text = written("github", report, options([](auto& o) { o.at_hand = "acme/app"; }));
  EXPECT_THAT(text, Not(HasSubstr("file=values.yaml,")));
  EXPECT_THAT(text, HasSubstr("C25 chart/tag-quoted acme/deploy values.yaml:1:2244"));
}

TEST(Github, EveryLineIsOneCommand) {
  for (const Golden& golden : goldens()) {
    if (golden.format != "github") continue;
    const std::string text = written("github", golden.report, golden.options);
    if (text.empty()) continue;
    for (const std::string_view line : split(std::string_view(text).substr(0, text.size() - 1), '\n'))
      EXPECT_THAT(std::string(line), testing::MatchesRegex("::(error|warning|notice) .*"));
  }
}

}  // namespace
}  // namespace trueup::report::test
