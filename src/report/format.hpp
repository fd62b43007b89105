#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "engine/report.hpp"

namespace trueup::report {

/// What a person chose about reports. Whether a terminal is there, and what NO_COLOR says, the caller decides.
struct ReportOptions {
  bool colour = false;
  std::size_t width = 100;  ///< columns of the terminal; lines of source are cut to it, sentences are not
  std::size_t most = 10;    ///< findings that the terminal shows
  bool show_all = false;    ///< all findings, unknowns and what stood before, whatever `most` says
  rules::Severity fail_on = rules::Severity::error;
  /// The command that gives this report, for hints: "trueup check --base main" is followed by " --all".
  std::string command = "trueup check";
  /// Slug of the repository that the run stands in: its places are shown without it, and only it gets annotations.
  /// Empty: the only subject; annotations go to every subject.
  std::string at_hand;
  /// The revision that stands for the subject's head where no working tree is checked; annotations are made there.
  std::string head;
};

/// A form of report. A writer appends to `out`, is a function of its arguments, and lets nothing of what strangers
/// wrote reach the reader's terminal or runner as a command. Output ends with a line break.
struct Format {
  std::string_view name, title;
  void (*write)(const engine::Report& report, const ReportOptions& options, std::string& out);
  bool by_default = false;  ///< what `check` prints where no --format is given
  bool shows_fixes = false; ///< worth proving fixes for: it offers their edits
};

/// Every format, in the order in which they are listed. A new one is a file, a declaration and a row here.
std::span<const Format> formats();
/// nullptr where no format has the name.
const Format* find_format(std::string_view name);

/// Whether a place lies in what is checked out where the report is read: the working tree, or the revision that stands for
/// it, of the repository at hand.
bool stands_in_head(const rules::FilePlace& place, const engine::Report& report, const ReportOptions& options);

/// Where a finding is shown to one who reads the change: its own place if that lies in the head, else, of what the change broke
/// elsewhere, the first related place that does. Null: nowhere.
const rules::FilePlace* place_in_head(const rules::Finding& finding, const engine::Report& report, const ReportOptions& options);

// One file each.
void write_terminal(const engine::Report& report, const ReportOptions& options, std::string& out);
void write_json(const engine::Report& report, const ReportOptions& options, std::string& out);
void write_github(const engine::Report& report, const ReportOptions& options, std::string& out);
void write_gitlab(const engine::Report& report, const ReportOptions& options, std::string& out);
void write_junit(const engine::Report& report, const ReportOptions& options, std::string& out);
void write_markdown(const engine::Report& report, const ReportOptions& options, std::string& out);
void write_prometheus(const engine::Report& report, const ReportOptions& options, std::string& out);
void write_rdjson(const engine::Report& report, const ReportOptions& options, std::string& out);
void write_sarif(const engine::Report& report, const ReportOptions& options, std::string& out);

/// What write_markdown() writes of a report with a history.
void write_tracking_issue(const engine::Report& report, const ReportOptions& options, std::string& out);

}  // namespace trueup::report
