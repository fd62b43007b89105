// The Markdown of an audit: the body of a tracking issue (at most 65,536 characters, kept in bytes here), and a step summary. Its
// first line is a mark that nobody sees, by which the issue is found again.

#include <algorithm>
#include <array>
#include <string>

#include "report/audit_words.hpp"
#include "report/format.hpp"
#include "report/markdown_text.hpp"
#include "report/words.hpp"

namespace trueup::report {
namespace {

using audit::Record;
using audit::Standing;

constexpr std::size_t kMostBytes = 64'000;
constexpr std::size_t kRowBytes = 4'000;  ///< a longer row is cut: its message, that is
constexpr std::size_t kReasons = 10;

struct Section {
  Standing standing;
  std::string_view heading;
  std::size_t room;  ///< bytes of its table; what one leaves, the later ones have
};
constexpr std::array<Section, 5> kSections = {{
    {Standing::fresh, "New", 22'000},
    {Standing::returned, "Came back", 10'000},
    {Standing::persisting, "Persisting", 16'000},
    {Standing::unverified, "Not verifiable", 6'000},
    {Standing::fixed, "Fixed lately", 4'000},
}};

class TrackingIssue {
 public:
  TrackingIssue(const engine::Report& report, const ReportOptions& options)
      : report_(report), chronicle_(*report.audit), at_hand_(options.at_hand.empty() ? only_subject(report) : options.at_hand) {}

  void write(std::string& out) {
    out += "<!-- trueup audit -->\n### trueup audit: " + counts_of(chronicle_) + "\n\n" + markdown_cell(report_.now) + ", run " +
           grouped_digits(chronicle_.runs) + " since " + date_of(chronicle_.began) + " · " + grouped_digits(report_.verified()) + " of " +
           grouped_digits(report_.subjects()) + " checks done\n\n";
    const std::string tail = closing();
    std::size_t room = 0;
    for (const Section& section : kSections) {
      room += section.room;
      const std::size_t begin = out.size();
      write_section(section, std::min(room, kMostBytes - std::min(kMostBytes, out.size() + tail.size() + 200)), out);
      room -= std::min(room, out.size() - begin);
    }
    out += tail;
  }

 private:
  void write_section(const Section& section, std::size_t room, std::string& out) const {
    std::vector<const Record*> records;
    for (const Record& record : chronicle_.records)
      if (record.standing == section.standing) records.push_back(&record);
    if (records.empty()) return;
    if (section.standing == Standing::fixed) std::ranges::stable_sort(records, std::greater(), [](const Record* each) { return *each->fixed_at; });
    const std::size_t begin = out.size();
    out += "#### " + std::string(section.heading) + " (" + grouped_digits(records.size()) + ")\n\n| | rule | place | what |\n|---|---|---|---|\n";
    std::size_t written = 0;
    for (const Record* record : records) {
      const std::string row = row_of(*record);
      if (out.size() - begin + row.size() + 100 > room) break;
      out += row;
      ++written;
    }
    if (written < records.size()) out += "\n… and " + counted(records.size() - written, "more finding") + ", left out for length\n";
    out += '\n';
  }

  std::string row_of(const Record& record) const {
    std::string what = markdown_cell(std::string_view(record.message).substr(0, 600));
    if (const std::string ages = ages_of(record, chronicle_); !ages.empty()) what += "<br>" + markdown_cell(std::string_view(ages).substr(0, 600));
    const std::string row = "| " + std::string(to_string(record.severity)) + " | " + markdown_code(record.code) + " | " +
                            markdown_code(location(record, at_hand_)) + " | ";
    return row.size() + what.size() > kRowBytes ? row + "(too long to show)|\n" : row + what + " |\n";
  }

  std::string closing() const {
    std::string text;
    std::size_t listed = 0;
    for (const UnknownGroup& group : group_unknowns(report_)) {
      if (group.cause == UnknownCause::malformed) continue;
      if (listed++ == kReasons) {
        text += "- … and more reasons\n";
        break;
      }
      text += "- " + counted(group.unknowns.size(), "subject") + (group.cause == UnknownCause::failed ? " unknown: " : " not asked: ") +
              markdown_cell(std::string_view(group.because).substr(0, 100)) + '\n';
    }
    for (const engine::RepositoryReport& repository : report_.repositories) {
      if (!repository.missed) continue;
      if (text.size() > 10'000) {
        text += "- … and more repositories\n";
        break;
      }
      text += "- not judged: " + markdown_code(repository.slug) + ": " + markdown_cell(std::string_view(repository.because).substr(0, 100)) + '\n';
    }
    if (!report_.suppressed.empty()) text += "- " + suppressed_count(report_) + '\n';
    return text;
  }

  const engine::Report& report_;
  const audit::Chronicle& chronicle_;
  std::string at_hand_;
};

}  // namespace

void write_tracking_issue(const engine::Report& report, const ReportOptions& options, std::string& out) {
  TrackingIssue(report, options).write(out);
}

}  // namespace trueup::report
