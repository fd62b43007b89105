#include "engine/make_report.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_set>

#include "base/text.hpp"
#include "engine/fix_plan.hpp"
#include "engine/observe.hpp"
#include "formats/remote_url.hpp"
#include "formats/timestamp.hpp"
#include "git/compare.hpp"

namespace trueup::engine {
namespace {

std::string fingerprint_of(const rules::Rule& rule, const rules::Finding& finding) {
  std::vector<std::string> key;
  for (const auto& [column, value] : finding.key) key.push_back(value);
  return rules::fingerprint(rule.id, finding.at.repository, rule.anywhere ? std::string_view{} : std::string_view(finding.at.path), key,
                            finding.ordinal);
}

class ReportWriter {
 public:
  ReportWriter(RunState& state, SuppressionBook& suppressions) : state_(state), suppressions_(suppressions) {}

  Report report(const VerdictBook& head, const BaseVerdicts* base) {
    asked_files_ = asked_files(state_);
    Report report;
    report.now = formats::rfc3339_text(state_.request.now);
    std::map<const ChosenRule*, rules::RuleOutcome> outcomes;
    std::map<const ChosenRule*, std::set<facts::FileId>> files_hit;
    for (const ChosenRule& rule : state_.request.rules) {
      rules::RuleOutcome& outcome = outcomes[&rule];
      outcome.rule_id = rule.rule->id;
      outcome.code = rule.rule->code;
      outcome.title = rule.rule->title;
      outcome.why = rule.rule->why;
      outcome.severity = rule.severity.value_or(rule.rule->severity);
      outcome.reads_servers = reads_servers(state_, *rule.rule);
    }
    for (const auto& [identity, subject] : head.subjects()) {
      rules::RuleOutcome& outcome = outcomes[subject.rule];
      if (subject.state == rules::VerdictState::ok) {
        ++outcome.ok;
        continue;
      }
      files_hit[subject.rule].insert(subject.file);
      const auto loud = subject.state == rules::VerdictState::violated ? suppressions_.loud_part(subject) : std::nullopt;
      rules::Finding finding = finding_of(loud ? *loud : subject);
      if (loud && loud->shown != subject.shown) finding.fix.reset();  // what is fixed is the branch that is shown of all
      if (subject.state == rules::VerdictState::unknown) {
        ++outcome.unknown;
        report.unknowns.push_back(std::move(finding));
        continue;
      }
      ++outcome.violated;
      if (base != nullptr) {
        const rules::VerdictState state = state_in(base->subject, base->others_before, identity);
        finding.change = state == rules::VerdictState::violated ? rules::Change::persisting
                         : state == rules::VerdictState::unknown && !touched(loud ? *loud : subject) ? rules::Change::unconfirmed
                                                                                      : rules::Change::introduced;
      }
      if (const auto found = loud ? std::nullopt : suppressions_.find(subject)) {
        report.suppressed.push_back({std::move(finding), found->reason, found->until, found->owner,
                                     found->central == nullptr ? std::nullopt : std::optional(found->central->place)});
        continue;
      }
      report.findings.push_back(std::move(finding));
    }
    if (base != nullptr) {
      for (const VerdictBook* book : {&base->subject, &base->others_before})
        for (const auto& [identity, before] : book->subjects())
          if (before.state == rules::VerdictState::violated && state_in(head, base->others_now, identity) == rules::VerdictState::ok)
            report.fixed.push_back(finding_of(before));
      add_broken_around(head, *base, report, outcomes);
    }
    judge_central_suppressions(report, outcomes, base != nullptr);
    for (const ChosenRule& rule : state_.request.rules) {
      rules::RuleOutcome& outcome = outcomes[&rule];
      count_silent(rule, files_hit[&rule].size(), outcome, report.unknowns);
      outcome.outcome = outcome.violated > 0  ? rules::Outcome::violated
                        : outcome.unknown > 0 ? rules::Outcome::unknown
                        : outcome.ok > 0      ? rules::Outcome::clean
                                              : rules::Outcome::no_subject;
      if (const auto stopped = state_.stopped.find(rule.rule); stopped != state_.stopped.end()) {
        outcome.stopped = true;
        outcome.outcome = rules::Outcome::unknown;
        report.notes.push_back(outcome.code + " (" + outcome.rule_id + ") " + stopped->second + " and was stopped, so it says nothing; `rules: {" +
                               outcome.rule_id + ": none}` leaves it out");
      }
      report.rules.push_back(outcome);
    }
    std::sort(report.rules.begin(), report.rules.end(),
              [](const auto& a, const auto& b) { return a.rule_id < b.rule_id; });
    for (auto* list : {&report.findings, &report.unknowns, &report.fixed}) std::sort(list->begin(), list->end(), stands_before);
    std::sort(report.suppressed.begin(), report.suppressed.end(),
              [&](const Suppressed& a, const Suppressed& b) { return stands_before(a.finding, b.finding); });
    for (const LoadedRepository& repository : state_.repositories) report.repositories.push_back(repository_report(repository));
    report.hosts = state_.live.hosts();
    report.notes.insert(report.notes.end(), state_.notes.begin(), state_.notes.end());
    report.notes.insert(report.notes.end(), state_.loader->notes().begin(), state_.loader->notes().end());
    for (const LoadedRepository& repository : state_.repositories)
      if (repository.base) report.base = shown_name(*repository.wanted->base);
    return report;
  }

 private:
  /// What stands at a place as so many asterisks: a log is read by more people than the file.
  static void hide(rules::FilePlace& place) {
    const std::size_t size = std::min(place.line_text.find_first_of("\r\n"), place.line_text.size());
    // Of a long line `line_text` begins further on.
    const auto shown = [&](std::size_t column) { return std::min(column - std::min<std::size_t>(column, 1 + place.line_text_from), size); };
    const std::size_t begin = shown(place.begin.column), end = place.end.line > place.begin.line ? size : shown(place.end.column);
    if (begin < end) place.line_text.replace(begin, end - begin, end - begin, '*');
  }

  /// The state of a subject of a rule on one side; ok where there is none.
  static rules::VerdictState state_in(const VerdictBook& subject, const VerdictBook& others, const Identity& identity) {
    for (const VerdictBook* book : {&subject, &others})
      if (const auto found = book->subjects().find(identity); found != book->subjects().end()) return found->second.state;
    return rules::VerdictState::ok;
  }

  /// What the change broke in other repositories without a place of its own: a caller of what it removed.
  void add_broken_around(const VerdictBook& head, const BaseVerdicts& base, Report& report,
                         std::map<const ChosenRule*, rules::RuleOutcome>& outcomes) {
    for (const auto& [identity, subject] : base.others_now.subjects()) {
      if (subject.state != rules::VerdictState::violated || head.subjects().contains(identity)) continue;
      if (state_in(base.subject, base.others_before, identity) != rules::VerdictState::ok) continue;
      ++outcomes[subject.rule].violated;
      rules::Finding finding = finding_of(subject);
      finding.change = rules::Change::introduced;
      if (const auto found = suppressions_.find(subject))
        report.suppressed.push_back({std::move(finding), found->reason, found->until, found->owner,
                                     found->central == nullptr ? std::nullopt : std::optional(found->central->place)});
      else
        report.findings.push_back(std::move(finding));
    }
  }

  /// What rules say of comments holds of the config's suppressions too; these stand in no file of a world, so it is said here.
  void judge_central_suppressions(Report& report, std::map<const ChosenRule*, rules::RuleOutcome>& outcomes, bool has_base) {
    const struct {
      std::string_view rule_id;
      SuppressionState wrong;
    } judges[] = {{"document/suppression-reason", SuppressionState::no_reason},
                  {"document/suppression-expired", SuppressionState::expired},
                  {"document/suppression-stale", SuppressionState::stale}};
    const auto& states = suppressions_.central_states();
    for (const auto& [rule_id, wrong] : judges) {
      const auto chosen = std::find_if(state_.request.rules.begin(), state_.request.rules.end(),
                                       [id = rule_id](const ChosenRule& each) { return each.rule->id == id; });
      if (chosen == state_.request.rules.end()) continue;
      const rules::Rule& rule = *chosen->rule;
      std::map<std::string, std::uint32_t> equals;
      for (std::size_t i = 0; i < states.size(); ++i) {
        const CentralSuppression& said = state_.request.suppressions[i];
        if (states[i] == SuppressionState::undecided && wrong == SuppressionState::stale) continue;  // no subject, as with comments
        if (states[i] != wrong) {
          ++outcomes[&*chosen].ok;
          continue;
        }
        ++outcomes[&*chosen].violated;
        rules::Finding finding;
        finding.rule_id = rule.id;
        finding.code = rule.code;
        finding.title = rule.title;
        finding.severity = chosen->severity.value_or(rule.severity);
        finding.at = said.place;
        finding.key = {{"names", said.rule}};
        finding.values = {{"names", said.rule}, {"problem", wrong == SuppressionState::stale ? "speaks of nothing any more; remove it" : "it gives no reason"}, {"until", said.until}, {"owner", said.owner}};
        std::vector<std::pair<std::string_view, std::string>> values;
        for (const auto& [column, value] : finding.values) values.emplace_back(column, value);
        finding.message = rules::fill_message(rule.message, values);
        finding.ordinal = equals[said.rule]++;
        finding.fingerprint = fingerprint_of(rule, finding);
        // A base's config holds with a base: what is wrong in it is no doing of the change.
        if (has_base) finding.change = rules::Change::persisting;
        report.findings.push_back(std::move(finding));
      }
    }
  }

 public:
  rules::Finding finding_of(const Subject& subject) {
    const rules::Rule& rule = *subject.rule->rule;
    const rules::Verdict& verdict = subject.verdict;
    rules::Finding finding;
    finding.rule_id = rule.id;
    finding.code = rule.code;
    finding.title = rule.title;
    finding.severity = subject.rule->severity ? *subject.rule->severity : verdict.severity.value_or(rule.severity);
    finding.at = state_.places->file_place(subject.file, verdict.at & 0xFFFFFFFF);
    if (verdict.is_secret) hide(finding.at);
    for (std::size_t i = 0; i < rule.places.size() && i < verdict.places.size(); ++i)
      if (auto place = state_.places->place(verdict.places[i]))
        finding.related.push_back({std::string(rule.places[i].label), std::move(*place), std::string(rule.places[i].column)});
    for (std::size_t i = 0; i < rule.key.size(); ++i) finding.key.emplace_back(rule.key[i], verdict.key[i]);
    for (const auto& [column, value] : verdict.values) finding.values.emplace_back(column, value);
    if (subject.state == rules::VerdictState::unknown) {
      finding.because = verdict.because.empty() ? "it could not be told" : verdict.because;
      finding.failed = verdict.failed;
      finding.malformed = verdict.because.starts_with("does not parse");
      std::vector<std::string> names;
      for (const auto& [column, value] : finding.key) names.push_back(value);
      finding.message = finding.title + " (" + join(names, ", ") + ")";
    } else {
      finding.message = rules::fill_message(rule.message, verdict.values);
    }
    finding.ordinal = subject.ordinal;
    finding.fingerprint = fingerprint_of(rule, finding);
    for (std::string* text : {&finding.message, &finding.because}) *text = formats::mask_urls(*text);
    for (auto* columns : {&finding.key, &finding.values})
      for (auto& [column, value] : *columns) value = formats::mask_urls(value);
    summarise_refs(subject, finding);
    if (subject.state == rules::VerdictState::violated && immutable_ref(state_, subject).empty()) finding.fix = offer_fix(subject);
    return finding;
  }

 private:

  void summarise_refs(const Subject& subject, rules::Finding& finding) const {
    const std::set<facts::FileSetId> sets(subject.sets.begin(), subject.sets.end());
    std::vector<const LoadedPoint*> points;
    for (const LoadedRepository& repository : state_.repositories)
      for (const LoadedPoint& point : repository.points)
        if (sets.contains(point.file_set)) points.push_back(&point);
    std::stable_sort(points.begin(), points.end(), [](const LoadedPoint* a, const LoadedPoint* b) {
      return a->asked.point.committed_at < b->asked.point.committed_at;
    });
    finding.blocks = points.empty() || std::any_of(points.begin(), points.end(), [](const LoadedPoint* p) { return p->asked.blocks; });
    // The working tree is no ref: it is where the reader stands.
    std::erase_if(points, [](const LoadedPoint* point) { return point->asked.point.kind == PointKind::worktree; });
    finding.refs.count = points.size();
    for (const LoadedPoint* point : points) {
      const std::string name = shown_name(point->asked.point);
      if (point->file_set == subject.shown && finding.refs.current.empty() && finding.at.revision == name)
        finding.refs.current = name;
      if (finding.refs.first_ten.size() < 10) finding.refs.first_ten.push_back(name);
    }
    if (!points.empty()) {
      finding.refs.oldest = shown_name(points.front()->asked.point);
      finding.refs.newest = shown_name(points.back()->asked.point);
    }
  }

  /// Whether a place of the verdict lies in bytes of the subject that differ from its base.
  bool touched(const Subject& subject) {
    const auto in_changed_bytes = [&](facts::PlaceId place) {
      if (place <= 0) return false;
      const facts::FileId file = place >> 32;
      const facts::Store::File& head = state_.store.file(file);
      for (const LoadedRepository& repository : state_.repositories) {
        if (!repository.base || repository.id != state_.store.repository_of(head.file_set)) continue;
        const auto [first, last] = state_.store.files_of(*repository.base);
        for (facts::FileId old = first; old < last; ++old) {
          if (state_.store.file(old).path != head.path) continue;
          if (state_.store.object_id(state_.store.file(old).blob) == state_.store.object_id(head.blob)) return false;
          const auto before = state_.loader->bytes_of(old), after = state_.loader->bytes_of(file);
          if (!before || !after) return true;
          const ByteRange at = state_.store.span(place & 0xFFFFFFFF).bytes;
          for (const ByteRange& changed : git::changed_ranges(*before, *after))
            if (changed.begin <= at.end && at.begin <= changed.end) return true;
          return false;
        }
        return true;  // a new file
      }
      return false;
    };
    if (in_changed_bytes(subject.verdict.at)) return true;
    return std::any_of(subject.verdict.places.begin(), subject.verdict.places.end(), in_changed_bytes);
  }

  /// Files of the kinds that a rule without verdicts reads: what it was silent about is ok, what it could not read is unknown. A
  /// file whose bytes are missing from the clone is told, since asking for it failed; one that does not parse is a finding already.
  void count_silent(const ChosenRule& rule, std::size_t hits, rules::RuleOutcome& outcome, std::vector<rules::Finding>& unknowns) {
    std::size_t readable = 0;
    for (const std::string_view kind : std::set<std::string_view>(rule.rule->reads.begin(), rule.rule->reads.end())) {
      const auto files = asked_files_.find(kind);
      if (files == asked_files_.end()) continue;
      readable += files->second.readable;
      outcome.unknown += files->second.unreadable;
      for (const auto& [file, set] : files->second.missing) unknowns.push_back(missing_file(rule, file, set));
    }
    outcome.ok += readable > hits ? readable - hits : 0;
  }

  /// What is asked about, by kind of document; files of the same bytes are one.
  struct AskedFiles {
    std::size_t readable = 0, unreadable = 0;
    std::vector<std::pair<facts::FileId, facts::FileSetId>> missing;  ///< of the unreadable ones, whose bytes are not in the clone
  };
  static std::map<std::string_view, AskedFiles> asked_files(const RunState& state) {
    std::map<std::string_view, AskedFiles> files;
    std::unordered_set<facts::BlobId> seen;
    for (const auto& [on_default, sets] : asked_sets(state.repositories, Side::head)) {
      for (const facts::FileSetId set : sets) {
        const auto [first, last] = state.store.files_of(set);
        for (facts::FileId file = first; file < last; ++file) {
          const facts::Store::File& stored = state.store.file(file);
          if (!seen.insert(stored.blob).second) continue;
          AskedFiles& of_kind = files[stored.kind];
          const facts::BlobState blob = state.store.blob_state(stored.blob);
          ++(blob == facts::BlobState::parsed ? of_kind.readable : of_kind.unreadable);
          if (blob == facts::BlobState::missing) of_kind.missing.emplace_back(file, set);
        }
      }
    }
    return files;
  }

  rules::Finding missing_file(const ChosenRule& rule, facts::FileId file, facts::FileSetId set) {
    Subject subject;
    subject.rule = &rule;
    subject.state = rules::VerdictState::unknown;
    subject.file = file;
    subject.shown = set;
    subject.sets = {set};
    subject.verdict.at = file << 32;
    subject.verdict.because = state_.store.blob_because(state_.store.file(file).blob);
    subject.verdict.failed = true;
    subject.verdict.key.assign(rule.rule->key.size(), "");
    rules::Finding finding = finding_of(subject);
    finding.message = finding.title;
    return finding;
  }

  RepositoryReport repository_report(const LoadedRepository& repository) const {
    RepositoryReport result;
    result.slug = repository.wanted->slug;
    result.loaded = repository.loaded;
    result.because = repository.because;
    result.default_branch = repository.default_branch.value_or("");
    result.refs = repository.points.size() + repository.heads.size();
    result.subject = !repository.points.empty();
    result.missed = repository.missed || repository.wanted->missed;
    std::set<facts::FileSetId> sets;
    for (const LoadedPoint& point : repository.points) sets.insert(point.file_set);
    for (const facts::HeadRow& head : repository.heads) sets.insert(head.file_set);
    if (repository.neighbour) sets.insert(*repository.neighbour);
    std::set<facts::BlobId> blobs;
    for (const facts::FileSetId set : sets) {
      const auto [first, last] = state_.store.files_of(set);
      for (facts::FileId file = first; file < last; ++file)
        if (const auto& entry = state_.store.file(file); entry.kind != "path" && entry.kind != "elsewhere") blobs.insert(entry.blob);
    }
    result.file_sets = sets.size();
    result.files = blobs.size();
    return result;
  }

  RunState& state_;
  SuppressionBook& suppressions_;
  std::map<std::string_view, AskedFiles> asked_files_;  ///< of a whole report
};

}  // namespace

Report make_report(RunState& state, SuppressionBook& suppressions, const VerdictBook& head, const BaseVerdicts* base) {
  return ReportWriter(state, suppressions).report(head, base);
}

rules::Finding word_finding(RunState& state, SuppressionBook& suppressions, const Subject& subject) {
  return ReportWriter(state, suppressions).finding_of(subject);
}

bool stands_before(const rules::Finding& a, const rules::Finding& b) {
  return std::tie(a.severity, a.at.repository, a.at.path, a.at.bytes, a.rule_id, a.key, a.ordinal) <
         std::tie(b.severity, b.at.repository, b.at.path, b.at.bytes, b.rule_id, b.key, b.ordinal);
}

}  // namespace trueup::engine
