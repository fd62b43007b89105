// JUnit XML as CI servers read it: a case for each finding, for each reason of unknowns, and for each rule without either.
// A finding that does not turn the run red passes, with its text as output: JUnit knows no warnings.

#include <map>
#include <string>

#include "base/text.hpp"
#include "report/format.hpp"
#include "report/words.hpp"

namespace trueup::report {
namespace {

/// Text of strangers inside an element or an attribute. Control characters, which XML 1.0 has no way to write, are escapes.
std::string xml(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text, true)) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\n': escaped += "&#10;"; break;
      case '\t': escaped += "&#9;"; break;
      default: escaped += c;
    }
  }
  return replace_all(escaped, "##[", "#&#35;[");
}

class Suite {
 public:
  Suite(const engine::Report& report, const ReportOptions& options) : report_(report), options_(options) {}

  void write(std::string& out) {
    std::map<std::string, std::size_t, std::less<>> told;  // rules that have a case
    for (const rules::Finding& finding : report_.findings) {
      if (finding.severity == rules::Severity::none) continue;
      ++told[finding.rule_id];
      add(finding);
    }
    for (const engine::Suppressed& suppressed : report_.suppressed) {
      ++told[suppressed.finding.rule_id];
      ++skipped_;
      test(suppressed.finding.rule_id, location(suppressed.finding.at, at_hand()), place_of(suppressed.finding),
           "<skipped message=\"suppressed: " + xml(reason_of(suppressed)) + "\"/>");
    }
    for (const UnknownGroup& group : group_unknowns(report_)) {
      for (const rules::Finding* unknown : group.unknowns) ++told[unknown->rule_id];
      if (group.cause != UnknownCause::malformed) add(group);
    }
    for (const rules::RuleOutcome& rule : report_.rules)
      if (told.count(rule.rule_id) == 0) add(rule);
    if (tests_ == 0) test("trueup", "no rule was chosen", "", "");  // readers take a file without cases for a broken one
    const std::string counts = " name=\"trueup\" tests=\"" + std::to_string(tests_) + "\" failures=\"" +
                               std::to_string(failures_) + "\" errors=\"" + std::to_string(errors_) + "\" skipped=\"" +
                               std::to_string(skipped_) + '"';
    out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts + ">\n  <testsuite" + counts + " timestamp=\"" +
           xml(report_.now) + "\">\n" + cases_ + "  </testsuite>\n</testsuites>\n";
  }

 private:
  void test(std::string_view classname, std::string_view name, const std::string& attributes, const std::string& content) {
    ++tests_;
    cases_ += "    <testcase classname=\"" + xml(classname) + "\" name=\"" + xml(name) + '"' + attributes +
              (content.empty() ? "/>\n" : ">" + content + "</testcase>\n");
  }

  std::string at_hand() const { return options_.at_hand.empty() ? only_subject(report_) : options_.at_hand; }
  static std::string place_of(const rules::Finding& finding) {
    return " file=\"" + xml(finding.at.path) + "\" line=\"" + std::to_string(finding.at.begin.line) + '"';
  }

  void add(const rules::Finding& finding) {
    const std::string where = location(finding.at, at_hand());
    std::string text = where + '\n' + finding.message;
    for (const rules::RelatedPlace& related : finding.related) text += '\n' + described(related, finding, report_.now);
    const std::string attributes = place_of(finding);
    const std::string severity(to_string(finding.severity));
    if (engine::turns_red(report_, finding, options_.fail_on)) {
      ++failures_;
      test(finding.rule_id, where, attributes,
           "<failure type=\"" + severity + "\" message=\"" + xml(finding.message) + "\">" + xml(text) + "</failure>");
    } else {
      test(finding.rule_id, where, attributes, "<system-out>" + xml(severity + ": " + text) + "</system-out>");
    }
  }

  void add(const UnknownGroup& group) {
    const std::string message = grouped_digits(group.unknowns.size()) + " unknown: " + group.because;
    const bool failed = group.cause == UnknownCause::failed;
    ++(failed ? errors_ : skipped_);
    test(group.unknowns.front()->rule_id, "unknown: " + group.because, "",
         (failed ? "<error type=\"unknown\" message=\"" : "<skipped message=\"") + xml(message) + "\"/>");
  }

  void add(const rules::RuleOutcome& rule) {
    const bool clean = rule.outcome == rules::Outcome::clean;
    if (!clean) ++skipped_;
    test(rule.rule_id, rule.title, "", clean ? "" : "<skipped message=\"nothing here that the rule is about\"/>");
  }

  const engine::Report& report_;
  const ReportOptions& options_;
  std::size_t tests_ = 0, failures_ = 0, errors_ = 0, skipped_ = 0;
  std::string cases_;
};

}  // namespace

void write_junit(const engine::Report& report, const ReportOptions& options, std::string& out) {
  Suite(report, options).write(out);
}

}  // namespace trueup::report
