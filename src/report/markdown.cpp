// Markdown for a step summary (at most 1 MiB) or a comment on a pull request (at most 65,536 characters): the smaller bound is
// kept. Source: GitHub Flavored Markdown, and GitHub's documentation of step summaries and comments.

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "report/format.hpp"
#include "report/markdown_text.hpp"
#include "report/words.hpp"

namespace trueup::report {
namespace {

using rules::Change;
using rules::Finding;

constexpr std::size_t kMostBytes = 64'000;
constexpr std::size_t kReasons = 10;
constexpr std::size_t kClosingBytes = 16'000;  ///< of the lists below the table: a character may take eight bytes

class Summary {
 public:
  Summary(const engine::Report& report, const ReportOptions& options)
      : report_(report), at_hand_(options.at_hand.empty() ? only_subject(report) : options.at_hand) {}

  void write(std::string& out) {
    std::vector<const Finding*> shown;
    SeverityCounts counts;
    std::size_t stood_before = 0;
    for (const Change change : {Change::none, Change::introduced, Change::unconfirmed})
      for (const Finding& finding : report_.findings) {
        if (finding.severity == rules::Severity::none || finding.change != change) continue;
        shown.push_back(&finding);
        counts.add(finding.severity);
      }
    for (const Finding& finding : report_.findings) stood_before += finding.change == Change::persisting ? 1 : 0;

    std::string head = "### trueup: " + counts.to_string();
    if (!report_.base.empty()) head += " introduced since " + markdown_code(report_.base);
    const std::string tail = closing(stood_before);
    out += head + "\n\n";
    if (!shown.empty()) write_table(shown, kMostBytes - std::min(kMostBytes, head.size() + tail.size()), out);
    out += tail;
  }

 private:
  void write_table(const std::vector<const Finding*>& findings, std::size_t room, std::string& out) const {
    const std::size_t begin = out.size();
    out += "| | rule | place | what |\n|---|---|---|---|\n";
    std::size_t written = 0;
    for (const Finding* finding : findings) {
      const std::string row = row_of(*finding);
      if (out.size() - begin + row.size() > room) break;
      out += row;
      ++written;
    }
    if (written < findings.size())
      out += "\n… and " + counted(findings.size() - written, "more finding") + ", left out for length\n";
    out += '\n';
  }

  std::string row_of(const Finding& finding) const {
    std::string what = markdown_cell(finding.message);
    if (finding.change == Change::unconfirmed) what = "unconfirmed: " + what;
    for (const rules::RelatedPlace& related : finding.related)
      what += "<br>" + markdown_cell(described(related, finding, report_.now));
    return "| " + std::string(to_string(finding.severity)) + " | " + markdown_code(finding.code) + " | " +
           markdown_code(location(finding.at, at_hand_)) + " | " + what + " |\n";
  }

  std::string closing(std::size_t stood_before) const {
    std::string text;
    const std::vector<UnknownGroup> groups = group_unknowns(report_);
    std::size_t listed = 0;
    for (const UnknownGroup& group : groups) {
      if (group.cause == UnknownCause::malformed || listed == kReasons) continue;
      const std::string line = "- " + counted(group.unknowns.size(), "subject") + (group.cause == UnknownCause::failed ? " unknown: " : " not asked: ") +
                               markdown_cell(std::string_view(group.because).substr(0, 1000)) + '\n';
      if (text.size() + line.size() > kClosingBytes / 2) {
        listed = kReasons;
        break;
      }
      text += line;
      ++listed;
    }
    if (groups.size() > listed && listed == kReasons) text += "- … and more reasons\n";
    const std::vector<const engine::Suppressed*> brought = suppressed_by_change(report_);
    std::size_t told = 0;
    for (; told < brought.size() && told < kReasons; ++told) {
      const Finding& finding = brought[told]->finding;
      const std::string line = "- brought and suppressed: " + markdown_code(finding.code) + ' ' + markdown_code(location(finding.at, at_hand_)) + ' ' +
                               markdown_cell(std::string_view(finding.message).substr(0, 300)) + ": " +
                               markdown_cell(std::string_view(reason_of(*brought[told])).substr(0, 300)) + '\n';
      if (text.size() + line.size() > kClosingBytes) break;
      text += line;
    }
    if (told < brought.size()) text += "- … and " + grouped_digits(brought.size() - told) + " more brought and suppressed\n";
    if (!text.empty()) text += '\n';
    std::vector<std::string> parts;
    if (stood_before > 0) parts.push_back(grouped_digits(stood_before) + " stood before this change");
    if (!report_.fixed.empty()) parts.push_back(grouped_digits(report_.fixed.size()) + " fixed by it");
    if (!report_.suppressed.empty()) parts.push_back(suppressed_count(report_));
    parts.push_back(grouped_digits(report_.verified()) + " of " + grouped_digits(report_.subjects()) + " checks done");
    return text + join(parts, " · ") + '\n';
  }

  const engine::Report& report_;
  std::string at_hand_;
};

}  // namespace

void write_markdown(const engine::Report& report, const ReportOptions& options, std::string& out) {
  if (report.audit) return write_tracking_issue(report, options, out);
  Summary(report, options).write(out);
}

}  // namespace trueup::report
