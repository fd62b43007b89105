#include <algorithm>
#include <set>
#include <string>

#include "base/text.hpp"
#include "report/audit_words.hpp"
#include "report/characters.hpp"
#include "report/format.hpp"
#include "report/source_line.hpp"
#include "report/words.hpp"

namespace trueup::report {
namespace {

using engine::Report;
using rules::Change;
using rules::FilePlace;
using rules::Finding;
using rules::LivePlace;
using rules::RelatedPlace;
using rules::Severity;

constexpr std::string_view kBold = "1", kDim = "2", kCyan = "36", kGreen = "32", kMagenta = "1;35";
/// Unknowns of one reason, and reasons, that are shown unless all are wanted.
constexpr std::size_t kUnknownsShown = 3, kReasonsShown = 5, kRefsNamed = 3;
/// Source gets at least this much, however narrow the terminal.
constexpr std::size_t kLeastSource = 24;

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::error: return "1;31";
    case Severity::warning: return "1;33";
    case Severity::note:
    case Severity::none: return "1;36";
  }
  return kBold;
}

/// The word in front of the message that says how a finding stands to the base.
std::string_view mark_of(Change change) {
  switch (change) {
    case Change::none: return "";
    case Change::introduced: return "introduced: ";
    case Change::persisting: return "stood before: ";
    case Change::unconfirmed: return "unconfirmed: ";
  }
  return "";
}

std::string_view mark_of(const audit::Record& record) {
  return record.standing == audit::Standing::fresh ? "new: " : record.standing == audit::Standing::returned ? "came back: " : "";
}

class Terminal {
 public:
  Terminal(const Report& report, const ReportOptions& options, std::string& out)
      : report_(report), options_(options), out_(out),
        at_hand_(options.at_hand.empty() ? only_subject(report) : options.at_hand) {
    if (report.audit) records_ = report.audit->by_fingerprint();
  }

  void write() {
    for (const std::string& note : report_.notes) line(painted(kBold, "note: ") + shown(note));
    if (!report_.notes.empty()) out_ += '\n';
    write_findings();
    if (report_.audit) write_history();
    write_fixed();
    write_suppressed();
    write_unknowns();
    write_summary();
    write_spent();
  }

 private:
  void line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }
  std::string painted(std::string_view style, std::string_view text) const {
    if (!options_.colour || text.empty()) return std::string(text);
    return "\x1b[" + std::string(style) + 'm' + std::string(text) + "\x1b[0m";
  }

  /// What the history knows of a finding; null without one.
  const audit::Record* record_of(const Finding& finding) const {
    const auto found = records_.find(finding.fingerprint);
    return found == records_.end() ? nullptr : found->second;
  }

  void write_history() {
    using audit::Standing;
    const audit::Chronicle& chronicle = *report_.audit;
    for (const auto& [standing, heading] : {std::pair{Standing::persisting, "persisting"}, {Standing::unverified, "not verifiable"}, {Standing::fixed, "fixed"}}) {
      if (standing == Standing::persisting && options_.show_all) continue;  // they stand above in full
      std::vector<const audit::Record*> list;
      for (const audit::Record& record : chronicle.records)
        if (record.standing == standing && (standing != Standing::fixed || record.fixed_at == chronicle.now)) list.push_back(&record);
      if (list.empty()) continue;
      line(painted(standing == Standing::fixed ? kGreen : kBold, std::string(heading) + ':'));
      const std::size_t most = options_.show_all ? list.size() : std::min(list.size(), options_.most);
      for (std::size_t i = 0; i < most; ++i) {
        const audit::Record& record = *list[i];
        line("  " + painted(colour_of(record.severity), std::string(to_string(record.severity)) + '[' + shown(record.code + ' ' + record.rule_id) + ']') +
             ' ' + shown(location(record, at_hand_) + ' ' + record.message));
        line("    " + shown(ages_of(record, chronicle)));
      }
      if (list.size() > most) line("  … and " + grouped_digits(list.size() - most) + " more: " + shown(options_.command) + " --all");
      out_ += '\n';
    }
  }

  void write_findings() {
    // The report's order within each: introduced, then unconfirmed, then what stood before (shown only if all is
    // wanted).
    std::vector<const Finding*> wanted;
    std::size_t stood_before = 0;
    for (const Change change : {Change::none, Change::introduced, Change::unconfirmed, Change::persisting})
      for (const Finding& finding : report_.findings) {
        if (finding.change != change) continue;
        // What an audit saw before is listed by age, below.
        if (const audit::Record* record = record_of(finding); record != nullptr && record->standing == audit::Standing::persisting && !options_.show_all) continue;
        if (change == Change::persisting && !options_.show_all)
          ++stood_before;
        else
          wanted.push_back(&finding);
      }
    const std::size_t most = options_.show_all ? wanted.size() : std::min(options_.most, wanted.size());
    for (std::size_t i = 0; i < most; ++i) {
      write_finding(*wanted[i]);
      out_ += '\n';
    }
    if (wanted.size() > most)
      line("… and " + grouped_digits(wanted.size() - most) + " more: " + shown(options_.command) + " --all");
    if (stood_before > 0) line(grouped_digits(stood_before) + " more stood before this change: --all shows them");
    if (wanted.size() > most || stood_before > 0) out_ += '\n';
  }

  void write_finding(const Finding& finding) {
    const std::string_view colour = colour_of(finding.severity);
    line(painted(colour, std::string(to_string(finding.severity)) + '[' + shown(rule_name(finding)) + ']') + ' ' +
         painted(kMagenta, record_of(finding) != nullptr ? mark_of(*record_of(finding)) : mark_of(finding.change)) +
         painted(kBold, shown(finding.message)));

    const auto live = std::find_if(finding.related.begin(), finding.related.end(), [](const RelatedPlace& related) {
      return std::holds_alternative<LivePlace>(related.place);
    });
    const bool has_live = live != finding.related.end();
    const std::string said = has_live ? reading(std::get<LivePlace>(live->place), report_.now) : "";
    const bool told = write_source(finding.at, colour, said);
    for (auto related = finding.related.begin(); related != finding.related.end(); ++related)
      if (related != live || !told) write_related(*related, finding.at.repository);

    if (const std::string also = other_refs(finding); !also.empty()) line("  " + also);
    if (const audit::Record* record = record_of(finding))
      if (const std::string ages = ages_of(*record, *report_.audit); !ages.empty()) line("  " + shown(ages));
    if (finding.change == Change::unconfirmed)
      line("  unconfirmed: the base could not be judged here, and the change did not touch it; it does not block");
    else if (!finding.blocks && finding.change != Change::persisting && options_.fail_on != Severity::none &&
             finding.severity <= options_.fail_on)
      line("  does not block: it stands where the gate does not look" +
           (finding.refs.current.empty() ? std::string() : " (" + shown(finding.refs.current) + ')'));
    if (finding.fix)
      line(painted(kDim, "  fix: trueup fix " + shown(finding.code.empty() ? finding.rule_id : finding.code) +
                             (finding.fix->unsafe ? " --unsafe (changes what is deployed, or rests on a guess)" : "")));
    write_application(finding);
    if (explained_.insert(finding.rule_id).second)
      line(painted(kDim, "  why: trueup explain " + shown(finding.code.empty() ? finding.rule_id : finding.code)));
  }

  /// What an operator does to a server: the question, and where its document is, which may be long.
  void write_application(const Finding& finding) {
    std::string text;
    for (const auto& [column, value] : finding.values) {
      if (column == "apply" && !value.empty()) text = "  apply: " + shown(value);
      if (column == "document" && !value.empty() && !text.empty()) text += "; the document: trueup explain " + shown(finding.fingerprint);
    }
    if (!text.empty()) line(painted(kDim, text));
  }

  /// The line of a place with carets below the flagged bytes and `said` after them. Returns whether `said` was written.
  bool write_source(const FilePlace& place, std::string_view colour, const std::string& said) {
    std::string where = shown(location(place, at_hand_));
    if (place.line_text.empty()) {
      line("  " + where);
      return false;
    }
    if (options_.width > 0 && display_width(where) > options_.width / 2) {
      // A long path would leave no room for the line: it stands above it.
      line("  " + where);
      where.assign(2, ' ');
    }
    const std::size_t gutter = display_width(where) + 5;  // two blanks before, " | " after
    const SourceLine source = lay_out(place, room_beside(gutter));
    const std::string bar = painted(kDim, "|");
    line("  " + where + ' ' + bar + (source.text.empty() ? "" : " ") + source.text);
    line(std::string(gutter - 2, ' ') + bar + std::string(source.carets_from + 1, ' ') +
         painted(colour, std::string(source.carets, '^') + (said.empty() ? "" : " " + shown(said))));
    return !said.empty();
  }

  /// Columns that are left for source beside `used` ones; 0 where there is no bound.
  std::size_t room_beside(std::size_t used) const {
    if (options_.width == 0) return 0;
    return std::max(kLeastSource, options_.width > used ? options_.width - used : 0);
  }

  void write_related(const RelatedPlace& related, std::string_view repository) {
    const std::string label = "  " + painted(kCyan, shown(related.label)) + ": ";
    if (const auto* live = std::get_if<LivePlace>(&related.place)) {
      const std::string address = live->address.empty() ? "" : shown(live->address) + ' ';
      return line(label + address + shown(reading(*live, report_.now)));
    }
    const FilePlace& place = std::get<FilePlace>(related.place);
    const std::string where = shown(location(place, repository == at_hand_ ? at_hand_ : repository));
    const std::size_t used = 2 + display_width(shown(related.label)) + 2 + display_width(where) + 3;
    const std::string source = lay_out(place, room_beside(used), false).text;
    line(label + where + (source.empty() ? "" : ' ' + painted(kDim, "|") + ' ' + source));
  }

  static std::string other_refs(const Finding& finding) {
    const rules::RefSummary& refs = finding.refs;
    const std::size_t shown_one = refs.current.empty() ? 0 : 1;
    if (refs.count <= shown_one) return {};
    const std::size_t others = refs.count - shown_one;
    std::vector<std::string> names;
    for (const std::string& name : refs.first_ten)
      if (name != refs.current) names.push_back(shown(name, 100));
    if (others <= kRefsNamed && names.size() >= others) {
      names.resize(others);
      return "also on " + join(names, ", ");
    }
    std::string text = "also on " + counted(others, "ref");
    if (!refs.oldest.empty() && !refs.newest.empty())
      text += " (oldest " + shown(refs.oldest, 100) + ", newest " + shown(refs.newest, 100) + ')';
    return text;
  }

  void write_fixed() {
    if (report_.fixed.empty() || !options_.show_all) return;
    line(painted(kGreen, "fixed by this change:"));
    for (const Finding& finding : report_.fixed)
      line("  " + shown(rule_name(finding) + ' ' + location(finding.at, at_hand_) + ' ' + finding.message));
    out_ += '\n';
  }

  void write_suppressed() {
    std::vector<const engine::Suppressed*> list = suppressed_by_change(report_);
    if (options_.show_all) {
      list.clear();
      for (const engine::Suppressed& suppressed : report_.suppressed) list.push_back(&suppressed);
    }
    if (list.empty()) return;
    line(painted(kDim, options_.show_all ? "suppressed:" : "suppressed, and brought by this change:"));
    const std::size_t most = options_.show_all ? list.size() : std::min(list.size(), options_.most);
    for (std::size_t i = 0; i < most; ++i) {
      const Finding& finding = list[i]->finding;
      line("  " + shown(rule_name(finding) + ' ' + location(finding.at, at_hand_) + ' ' + finding.message));
      line("    " + shown(reason_of(*list[i])) +
           (list[i]->config_place ? ", by " + shown(location(*list[i]->config_place, at_hand_)) : ""));
    }
    if (list.size() > most) line("  … and " + grouped_digits(list.size() - most) + " more: " + shown(options_.command) + " --all");
    out_ += '\n';
  }

  /// Failed asking is listed with places, what nobody asked by its way out. One reason of the latter alone fits the
  /// last line, and malformed files are findings of their own: these two are listed only if all is wanted.
  void write_unknowns() {
    groups_ = group_unknowns(report_);
    std::size_t not_asked = 0, listed = 0, hidden = 0;
    for (const UnknownGroup& group : groups_) not_asked += group.cause == UnknownCause::not_asked ? 1 : 0;
    for (const UnknownGroup& group : groups_) {
      const bool said_below = group.cause == UnknownCause::malformed ||
                              (group.cause == UnknownCause::not_asked && not_asked == 1);
      if (!options_.show_all && said_below) continue;
      if (!options_.show_all && listed == kReasonsShown) {
        ++hidden;
        continue;
      }
      write_group(group);
      ++listed;
    }
    if (hidden > 0) line("… and " + counted(hidden, "more reason") + ": " + shown(options_.command) + " --all");
    if (listed > 0) out_ += '\n';
  }

  void write_group(const UnknownGroup& group) {
    std::set<std::string> codes;
    for (const Finding* unknown : group.unknowns) codes.insert(unknown->code);
    const std::vector<std::string> in_order(codes.begin(), codes.end());
    line(painted(kMagenta, "unknown[" + shown(join(in_order, " "), 100) + ']') + ' ' + shown(group.because) +
         (group.cause == UnknownCause::not_asked ? " (" + grouped_digits(group.unknowns.size()) + " not asked)" : ""));
    if (group.cause == UnknownCause::not_asked && !options_.show_all) return;
    const std::size_t all = group.unknowns.size();
    const std::size_t most = options_.show_all ? all : std::min(kUnknownsShown, all);
    for (std::size_t i = 0; i < most; ++i) {
      const Finding& unknown = *group.unknowns[i];
      const std::string code = codes.size() > 1 ? unknown.code + ' ' : "";
      line("  " + shown(code + location(unknown.at, at_hand_) + ' ' + subject_of(unknown)));
    }
    if (all > most) line("  … and " + grouped_digits(all - most) + " more");
  }

  void write_summary() {
    SeverityCounts now;
    std::size_t unconfirmed = 0;
    for (const Finding& finding : report_.findings) {
      if (finding.change == Change::none || finding.change == Change::introduced) now.add(finding.severity);
      if (finding.change == Change::unconfirmed) ++unconfirmed;
    }
    std::vector<std::string> parts;
    std::string counts = report_.audit ? counts_of(*report_.audit) : now.to_string();
    if (!report_.base.empty())
      counts = (now.total() == 0 ? "nothing" : counts) + " introduced since " + shown(report_.base, 100);
    parts.push_back(counts);
    if (unconfirmed > 0) parts.push_back(grouped_digits(unconfirmed) + " unconfirmed");
    if (!report_.fixed.empty()) parts.push_back(grouped_digits(report_.fixed.size()) + " fixed");
    if (!report_.suppressed.empty()) parts.push_back(suppressed_count(report_));
    if (report_.subjects() == 0)
      parts.push_back("nothing to check: no rule has a subject here");
    else
      parts.push_back(grouped_digits(report_.verified()) + " of " + grouped_digits(report_.subjects()) +
                      " checks done");
    add_unknown_counts(parts);
    if (report_.audit) parts.push_back("run " + grouped_digits(report_.audit->runs) + " since " + date_of(report_.audit->began));
    line(painted(now.total() == 0 ? kGreen : kBold, join(parts, " · ")));
  }

  /// What was spent of the budgets that forges count, and what is left of them.
  void write_spent() {
    std::vector<std::string> parts;
    std::size_t others = 0;
    const auto budget = [](std::string spent, const std::optional<std::int64_t>& left) {
      return left && *left >= 0 ? spent + " (" + grouped_digits(static_cast<std::size_t>(*left)) + " left)" : spent;
    };
    for (const engine::HostReport& host : report_.hosts) {
      std::vector<std::string> spent;
      if (host.requests > 0) spent.push_back(budget(counted(host.requests, "request"), host.requests_left));
      if (host.graphql_points > 0) spent.push_back(budget(counted(static_cast<std::size_t>(host.graphql_points), "point") + " of GraphQL", host.graphql_points_left));
      if (spent.empty()) others += host.questions;
      else parts.push_back(shown(host.host, 100) + ": " + join(spent, ", "));
    }
    if (parts.empty()) return;
    if (others > 0) parts.push_back("other servers: " + counted(others, "question"));
    line(painted(kDim, join(parts, " · ")));
  }

  void add_unknown_counts(std::vector<std::string>& parts) const {
    std::size_t failed = 0, not_asked = 0, malformed = 0, reasons = 0;
    std::string because;
    for (const UnknownGroup& group : groups_) {
      if (group.cause == UnknownCause::failed) failed += group.unknowns.size();
      if (group.cause == UnknownCause::malformed) malformed += group.unknowns.size();
      if (group.cause != UnknownCause::not_asked) continue;
      not_asked += group.unknowns.size();
      because = group.because;
      ++reasons;
    }
    if (failed > 0) parts.push_back(grouped_digits(failed) + " unknown: asking failed");
    if (malformed > 0) parts.push_back(grouped_digits(malformed) + " in files that do not parse");
    if (not_asked > 0)
      parts.push_back(grouped_digits(not_asked) + " not asked" + (reasons == 1 ? ": " + shown(because, 300) : ""));
  }

  const Report& report_;
  const ReportOptions& options_;
  std::string& out_;
  std::string at_hand_;
  std::set<std::string, std::less<>> explained_;
  std::unordered_map<std::string_view, const audit::Record*> records_;
  std::vector<UnknownGroup> groups_;
};

}  // namespace

void write_terminal(const Report& report, const ReportOptions& options, std::string& out) {
  Terminal(report, options, out).write();
}

}  // namespace trueup::report
