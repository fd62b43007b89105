// Workflow commands of GitHub Actions: one line a finding, which the runner shows at the line of the pull request.
// Source: GitHub's "Workflow commands", and actions/runner as observed: a message ends at 4,096 characters, and ten
// annotations of each level are shown for a step, so what is left out is counted here.

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "report/characters.hpp"
#include "report/format.hpp"
#include "report/words.hpp"

namespace trueup::report {
namespace {

using engine::Report;
using rules::Change;
using rules::FilePlace;
using rules::Finding;
using rules::Severity;

constexpr std::size_t kPerLevel = 10;
constexpr std::size_t kMessageCharacters = 4000;
constexpr std::size_t kNamedInNotice = 10;

/// Text of strangers, safe behind the `::` of a command. The old form of commands, ##[error], is recognised anywhere
/// in a line by some runners: its '#' is shown as an escape.
std::string message_text(std::string_view text) {
  const std::string safe = replace_all(printable(first_characters(text, kMessageCharacters), true), "##[", "#\\x23[");
  return replace_all(replace_all(safe, "%", "%25"), "\n", "%0A");
}

std::string property(std::string_view text) {
  return replace_all(replace_all(replace_all(printable(text), "%", "%25"), ":", "%3A"), ",", "%2C");
}

std::string_view command_of(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note:
    case Severity::none: return "notice";
  }
  return "notice";
}

/// line, endLine and, where they are known, columns in characters; the end is inclusive.
std::string range_of(const FilePlace& place) {
  // A place that ends before the first byte of a line ends with the line before.
  std::uint32_t end_line = std::max(place.begin.line, place.end.line);
  if (end_line > place.begin.line && place.end.column == 1) --end_line;
  std::string text = ",line=" + std::to_string(place.begin.line) + ",endLine=" + std::to_string(end_line);
  // GitHub takes columns only within one line.
  if (!place.in_characters || end_line > place.begin.line) return text;
  const std::uint32_t begin = place.in_characters->begin;
  text += ",col=" + std::to_string(begin);
  if (place.end.line > place.begin.line) return text;
  return text + ",endColumn=" + std::to_string(std::max(begin, place.in_characters->end - 1));
}

class Annotations {
 public:
  Annotations(const Report& report, const ReportOptions& options, std::string& out)
      : report_(report), options_(options), out_(out),
        at_hand_(options.at_hand.empty() ? only_subject(report) : options.at_hand) {}

  void write() {
    std::array<std::vector<const Finding*>, 3> levels;
    std::vector<const Finding*> elsewhere;
    for (const Finding& finding : report_.findings) {
      if (finding.severity == Severity::none) continue;
      if (!report_.base.empty() && finding.change != Change::introduced) continue;
      // What the change broke elsewhere is told at its own level too, without a line if none of its places is here.
      if (place_in_head(finding, report_, options_) != nullptr || finding.change == Change::introduced)
        levels[static_cast<std::size_t>(finding.severity)].push_back(&finding);
      else
        elsewhere.push_back(&finding);
    }
    SeverityCounts left_out;
    const std::vector<std::string> unknowns = unknown_lines();
    for (const auto& level : levels) {
      // The last notice says what is not shown, and is a notice itself.
      const bool more = level.size() > kPerLevel || left_out.total() > 0 || !elsewhere.empty() || !unknowns.empty() || tells_suppressed();
      const bool closing = &level == &levels.back() && more;
      const std::size_t most = std::min(level.size(), closing ? kPerLevel - 1 : kPerLevel);
      for (std::size_t i = 0; i < most; ++i) annotate(*level[i]);
      for (std::size_t i = most; i < level.size(); ++i) left_out.add(level[i]->severity);
    }
    write_closing(left_out, elsewhere, unknowns);
  }

 private:
  void annotate(const Finding& finding) {
    const FilePlace* place = place_in_head(finding, report_, options_);
    std::string message = finding.message;
    if (place != &finding.at) message += "\nbroken by this change: " + location(finding.at, at_hand_);
    for (const rules::RelatedPlace& related : finding.related)
      message += '\n' + described(related, finding, report_.now);
    out_ += "::" + std::string(command_of(finding.severity)) + ' ' +
            (place == nullptr ? "" : "file=" + property(place->path) + range_of(*place) + ',') + "title=" + property(rule_name(finding)) + "::" + message_text(message) + '\n';
  }

  /// Of a change only what it brings: a notice on each of them would be read by nobody.
  bool tells_suppressed() const { return report_.base.empty() ? !report_.suppressed.empty() : !suppressed_by_change(report_).empty(); }

  std::vector<std::string> unknown_lines() const {
    std::vector<std::string> lines;
    for (const UnknownGroup& group : group_unknowns(report_))
      if (group.cause == UnknownCause::failed)
        lines.push_back(grouped_digits(group.unknowns.size()) + " unknown: " + group.because);
    return lines;
  }

  void write_closing(const SeverityCounts& left_out, const std::vector<const Finding*>& elsewhere,
                     const std::vector<std::string>& unknowns) {
    std::vector<std::string> lines;
    if (left_out.total() > 0) lines.push_back(left_out.to_string() + " more: " + options_.command + " --all");
    if (!elsewhere.empty())
      lines.push_back(counted(elsewhere.size(), "finding") + " outside what is checked out here:");
    for (std::size_t i = 0; i < elsewhere.size() && i < kNamedInNotice; ++i) {
      const Finding& finding = *elsewhere[i];
      lines.push_back("  " + rule_name(finding) + ' ' + location(finding.at, at_hand_) + ' ' + finding.message);
    }
    if (elsewhere.size() > kNamedInNotice)
      lines.push_back("  … and " + grouped_digits(elsewhere.size() - kNamedInNotice) + " more");
    for (std::size_t i = 0; i < unknowns.size() && i < kNamedInNotice; ++i) lines.push_back(unknowns[i]);
    if (unknowns.size() > kNamedInNotice)
      lines.push_back(counted(unknowns.size() - kNamedInNotice, "more reason"));
    if (tells_suppressed()) lines.push_back(suppressed_count(report_));
    if (!lines.empty()) out_ += "::notice title=trueup::" + message_text(join(lines, "\n")) + '\n';
  }

  const Report& report_;
  const ReportOptions& options_;
  std::string& out_;
  std::string at_hand_;
};

}  // namespace

void write_github(const Report& report, const ReportOptions& options, std::string& out) {
  Annotations(report, options, out).write();
}

}  // namespace trueup::report
