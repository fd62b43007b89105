#include "engine/fix_findings.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "base/limits.hpp"
#include "engine/fix_proof.hpp"
#include "engine/judge.hpp"
#include "engine/make_report.hpp"
#include "engine/suppression_book.hpp"
#include "fixes/file_edits.hpp"

namespace trueup::engine {
namespace {

/// A finding that can be put right, and what became of that.
struct Candidate {
  Identity identity;
  FixOutcome outcome;
  FixPlan plan;
};
using Group = std::vector<Candidate*>;

class FindingFixer {
 public:
  FindingFixer(RunState& state, const FixRequest& wanted) : state_(state), wanted_(wanted) {}

  Result<FixReport> run() {
    ask(state_);
    state_.progress("judging");
    if (auto judged = judge(); !judged) return std::move(judged).error();
    book_ = std::move(judged_);
    for (int round = 0; round < limits::kMaxFixRounds; ++round) {
      std::vector<Candidate> candidates = candidates_of_round();
      state_.progress("proving fixes");
      Group group = without_overlaps(candidates);
      accepted_.clear();
      if (auto tried = add(group); !tried) return std::move(tried).error();
      if (wanted_.unsafe)
        if (auto tried = add_unproven(); !tried) return std::move(tried).error();
      unproven_.clear();
      if (!accepted_.empty())
        if (auto taken = take(); !taken) return std::move(taken).error();
      for (Candidate& candidate : candidates) outcomes_[candidate.outcome.finding.fingerprint] = std::move(candidate.outcome);
      if (accepted_.empty()) break;
    }
    return report();
  }

 private:
  // ------------------------------------------------------------------------------------------------ what there is to do

  std::vector<Candidate> candidates_of_round() {
    std::vector<Candidate> candidates;
    for (const auto& [identity, subject] : book_->verdicts->subjects()) {
      if (subject.state != rules::VerdictState::violated || book_->suppressions->find(subject)) continue;
      const auto offer = offer_fix(subject);
      if (!offer) continue;
      Candidate candidate{identity, {word_finding(state_, *book_->suppressions, subject), FixState::refused, offer->unsafe, "", {}}, {}};
      if (wanted_.wanted && !wanted_.wanted(candidate.outcome.finding)) continue;
      if (const auto known = outcomes_.find(candidate.outcome.finding.fingerprint);
          known != outcomes_.end() && known->second.state != FixState::refused)
        continue;
      candidates.push_back(std::move(candidate));
    }
    std::sort(candidates.begin(), candidates.end(),
              [](const Candidate& a, const Candidate& b) { return stands_before(a.outcome.finding, b.outcome.finding); });
    return candidates;
  }

  /// Works the edits out and leaves out what does not fit together.
  Group without_overlaps(std::vector<Candidate>& candidates) {
    Group group;
    std::map<fixes::FileKey, std::vector<std::pair<fixes::Edits, const Candidate*>>> edits_at;
    for (Candidate& candidate : candidates) {
      FixOutcome& outcome = candidate.outcome;
      const Subject& subject = book_->verdicts->subjects().at(candidate.identity);
      if (const std::string ref = immutable_ref(state_, subject); !ref.empty()) {
        outcome.state = FixState::immutable;
        outcome.because = ref + " stays as it is: mend it on a branch, and publish what comes after " + ref;
        continue;
      }
      auto plan = plan_fix(state_, subject);
      if (!plan) {
        outcome.because = plan.error().message;
        continue;
      }
      candidate.plan = *std::move(plan);
      outcome.edits = placed_edits(candidate.plan);
      if (candidate.plan.unsafe && !wanted_.unsafe) {
        outcome.state = FixState::withheld;
        outcome.because = "it changes what is deployed, or rests on a guess: --unsafe makes it";
        continue;
      }
      std::string because;
      for (const PlannedFile& file : candidate.plan.files) {
        if (!is_newest(file)) because = "another version of " + file.key.path + " is edited in this run: run trueup fix again afterwards";
        for (const auto& [edits, other] : edits_at[file.key])
          if (const auto why = fixes::why_not_together(edits, file.edits))
            because = "it meets the fix of " + other->outcome.finding.code + " in " + file.key.path + ": " + *why;
      }
      if (!because.empty()) {
        outcome.because = because;
        continue;
      }
      for (const PlannedFile& file : candidate.plan.files) {
        edits_at[file.key].emplace_back(file.edits, &candidate);
        version_.try_emplace({file.key.repository, file.key.path}, file.key.object_id);
      }
      group.push_back(&candidate);
    }
    return group;
  }

  /// Where the edits of a plan stand in files that nothing was done to yet.
  std::vector<rules::FindingEdit> placed_edits(const FixPlan& plan) const {
    std::vector<rules::FindingEdit> placed;
    for (const PlannedFile& file : plan.files) {
      if (fixed_.contains({file.key.repository, file.key.path})) return {};
      const auto bytes = state_.loader->bytes_of(file.file);
      if (!bytes) return {};
      const LineIndex lines(*bytes);
      for (const fixes::Edit& edit : file.edits) {
        rules::FilePlace at = state_.places->file_place(file.file, 0);
        at.bytes = edit.at;
        describe_text(at, *bytes, lines);
        placed.push_back({std::move(at), edit.text});
      }
    }
    return placed;
  }

  /// Whether no other bytes at the same path were edited before: a patch of a repository has each path once.
  bool is_newest(const PlannedFile& file) const {
    const auto known = version_.find({file.key.repository, file.key.path});
    return known == version_.end() || known->second == file.key.object_id;
  }

  // ------------------------------------------------------------------------------------------------ proving

  struct Judged {
    std::unique_ptr<SuppressionBook> suppressions;
    std::unique_ptr<VerdictBook> verdicts, others;  ///< of the subjects, and around them
  };

  Result<void> judge() {
    judged_.emplace();
    judged_->suppressions = std::make_unique<SuppressionBook>(state_, state_.today());
    judged_->verdicts = std::make_unique<VerdictBook>(state_.store, state_.by_rank());
    judged_->others = std::make_unique<VerdictBook>(state_.store, state_.by_rank());
    RunState::Faults faults;
    judge_side(state_, Side::head, *judged_->suppressions, *judged_->verdicts, faults, judged_->others.get());
    if (!faults.empty()) return Error{Fault::over_limit, faults.front().file + ": " + faults.front().fault.message};
    // What is not judged cannot be proven to stay right.
    if (!state_.stopped.empty())
      return Error{Fault::over_limit, std::string(state_.stopped.begin()->first->file) + ": " + state_.stopped.begin()->second};
    return {};
  }

  struct EditedFile {
    std::string before, after;
    facts::FileId file = 0;
  };
  using EditedFiles = std::map<fixes::FileKey, EditedFile>;

  /// The files as a group of fixes leaves them, or why they do not go together.
  Result<EditedFiles> edit(const Group& group) {
    std::map<fixes::FileKey, std::vector<fixes::Edits>> lists;
    EditedFiles files;
    for (const Candidate* candidate : group)
      for (const PlannedFile& file : candidate->plan.files) {
        auto& list = lists[file.key];
        if (std::find(list.begin(), list.end(), file.edits) == list.end()) list.push_back(file.edits);
        files[file.key].file = file.file;
      }
    for (auto& [key, file] : files) {
      auto bytes = state_.loader->bytes_of(file.file);
      if (!bytes) return std::move(bytes).error();
      file.before = *std::move(bytes);
      if (const auto harm = fixes::harm_of(key.path, file.before, lists[key])) return Error{Fault::malformed, *harm};
      fixes::Edits all;
      for (const fixes::Edits& edits : lists[key])
        if (auto merged = fixes::merge(all, edits); !merged) return std::move(merged).error();
      file.after = fixes::applied(file.before, all);
    }
    return files;
  }

  /// Lays the files over every snapshot that holds the bytes they were made of. Gives the file sets that came of it, sorted.
  Result<std::vector<facts::FileSetId>> lay_over(const EditedFiles& files) {
    std::map<facts::FileSetId, facts::FileSetId> edited;
    for (LoadedRepository& repository : state_.repositories) {
      const auto replace = [&](facts::FileSetId& set) -> Result<void> {
        if (const auto known = edited.find(set); known != edited.end()) {
          set = known->second;
          return {};
        }
        std::map<std::string, std::string> bytes_at;
        const auto [first, last] = state_.store.files_of(set);
        for (facts::FileId file = first; file < last; ++file) {
          const facts::Store::File& stored = state_.store.file(file);
          const auto found = files.find({repository.wanted->slug, stored.path, state_.store.object_id(stored.blob)});
          if (found != files.end()) bytes_at[stored.path] = found->second.after;
        }
        if (bytes_at.empty()) return {};
        auto loaded = state_.loader->load_edited(repository.id, repository.wanted->slug, set, std::move(bytes_at));
        if (!loaded) return std::move(loaded).error();
        if (const auto rank = state_.rank.find(set); rank != state_.rank.end()) state_.rank.try_emplace(loaded->file_set, rank->second);
        if (const Point* point = state_.loader->point_of(set))
          state_.places->name_file_set(loaded->file_set, point->kind == PointKind::worktree ? "" : shown_name(*point));
        edited[set] = loaded->file_set;
        set = loaded->file_set;
        return {};
      };
      for (LoadedPoint& point : repository.points)
        if (auto done = replace(point.file_set); !done) return std::move(done).error();
      if (repository.neighbour)
        if (auto done = replace(*repository.neighbour); !done) return std::move(done).error();
    }
    std::vector<facts::FileSetId> sets;
    for (const auto& [before, after] : edited) sets.push_back(after);
    std::sort(sets.begin(), sets.end());
    return sets;
  }

  struct Trial {
    Proof proof;
    EditedFiles files;
    std::vector<LoadedRepository> repositories;  ///< as they stand with the edits
    std::optional<Judged> judged;
  };

  /// Judges with the edits of a group. The state is as before afterwards.
  Result<Trial> try_out(const Group& group) {
    Trial trial;
    if (judgements_ == limits::kMaxFixJudgements) {
      trial.proof.weaken(Proof::State::worse, "there are too many fixes to prove at once: name the rule or the finding");
      return trial;
    }
    ++judgements_;
    auto files = edit(group);
    if (!files) {
      trial.proof.weaken(Proof::State::worse, files.error().message);
      return trial;
    }
    trial.files = *std::move(files);
    const std::vector<LoadedRepository> as_before = state_.repositories;
    auto sets = lay_over(trial.files);
    if (!sets) {
      state_.repositories = as_before;
      return std::move(sets).error();
    }
    state_.create_for_rules_with_facts();
    ask(state_);
    auto judged = judge();
    trial.repositories = std::exchange(state_.repositories, as_before);
    if (!judged) return std::move(judged).error();
    std::vector<TriedFix> fixes;
    for (const Candidate* candidate : group) fixes.push_back({candidate->identity, &candidate->plan});
    trial.proof = compare_verdicts(state_, *book_->verdicts, *judged_->verdicts, fixes, *sets);
    if (const Proof around = compare_verdicts(state_, *book_->others, *judged_->others, {}, *sets); around.state > trial.proof.state)
      trial.proof = around;
    trial.judged = std::move(judged_);
    return trial;
  }

  Group with_accepted(const Group& group) const {
    Group all = accepted_;
    all.insert(all.end(), group.begin(), group.end());
    return all;
  }

  /// Accepts the group, or what of its halves can be proven.
  Result<void> add(const Group& group) {
    if (group.empty()) return {};
    auto trial = try_out(with_accepted(group));
    if (!trial) return std::move(trial).error();
    if (trial->proof.state == Proof::State::proven) {
      for (Candidate* candidate : group) {
        candidate->outcome.state = FixState::proven;
        candidate->outcome.because.clear();
      }
      accepted_ = with_accepted(group);
      last_ = *std::move(trial);
      return {};
    }
    if (group.size() == 1) {
      FixOutcome& outcome = group.front()->outcome;
      outcome.because = trial->proof.because;
      if (trial->proof.state == Proof::State::doubtful) {
        outcome.state = FixState::withheld;
        unproven_.push_back(group.front());
      }
      return {};
    }
    const auto middle = group.begin() + static_cast<std::ptrdiff_t>(group.size() / 2);
    if (auto added = add({group.begin(), middle}); !added) return added;
    return add({middle, group.end()});
  }

  /// With --unsafe, what only remained unanswered is taken too.
  Result<void> add_unproven() {
    for (Candidate* candidate : unproven_) {
      auto trial = try_out(with_accepted({candidate}));
      if (!trial) return std::move(trial).error();
      if (trial->proof.state == Proof::State::worse) continue;
      candidate->outcome.state = FixState::unproven;
      accepted_.push_back(candidate);
      last_ = *std::move(trial);
    }
    return {};
  }

  /// What was accepted is how things stand from here on.
  Result<void> take() {
    for (auto& [key, file] : last_->files) {
      const auto [known, added] = fixed_.try_emplace({key.repository, key.path});
      FixedFile& fixed = known->second;
      if (added) {
        fixed.repository = key.repository;
        fixed.path = key.path;
        fixed.before = file.before;
        if (const Point* point = state_.loader->point_of(state_.store.file(file.file).file_set))
          fixed.revision = point->kind == PointKind::worktree ? "" : shown_name(*point);
        if (const SnapshotFile* stored = state_.loader->snapshot_file(file.file)) fixed.executable = stored->executable;
        for (const LoadedRepository& repository : state_.repositories)
          if (repository.wanted->slug == key.repository) fixed.folder = repository.wanted->source->folder();
      }
      fixed.after = file.after;
    }
    version_.clear();
    state_.repositories = std::move(last_->repositories);
    book_ = std::move(last_->judged);
    last_.reset();
    for (const auto& [path, fixed] : fixed_) {
      // What the edited sets hold there is the newest version now.
      for (const LoadedRepository& repository : state_.repositories)
        if (repository.wanted->slug == path.first) remember_version(repository, path);
    }
    return {};
  }

  void remember_version(const LoadedRepository& repository, const std::pair<std::string, std::string>& path) {
    const auto look = [&](facts::FileSetId set) {
      const auto [first, last] = state_.store.files_of(set);
      for (facts::FileId file = first; file < last; ++file) {
        const facts::Store::File& stored = state_.store.file(file);
        if (stored.path == path.second && state_.store.object_id(stored.blob).starts_with("edited ")) version_[path] = state_.store.object_id(stored.blob);
      }
    };
    for (const LoadedPoint& point : repository.points) look(point.file_set);
    if (repository.neighbour) look(*repository.neighbour);
  }

  FixReport report() {
    FixReport report;
    for (auto& [fingerprint, outcome] : outcomes_) report.outcomes.push_back(std::move(outcome));
    std::sort(report.outcomes.begin(), report.outcomes.end(),
              [](const FixOutcome& a, const FixOutcome& b) { return stands_before(a.finding, b.finding); });
    for (auto& [path, fixed] : fixed_) report.files.push_back(std::move(fixed));
    report.notes = state_.notes;
    return report;
  }

  RunState& state_;
  const FixRequest& wanted_;
  std::optional<Judged> book_;    ///< how things stand
  std::optional<Judged> judged_;  ///< what judge() gave last
  std::map<std::string, FixOutcome> outcomes_;  ///< by fingerprint
  std::map<std::pair<std::string, std::string>, FixedFile> fixed_;       ///< by repository and path
  std::map<std::pair<std::string, std::string>, std::string> version_;  ///< the object whose edits are made, alike
  Group accepted_, unproven_;  ///< of this round
  std::optional<Trial> last_;  ///< of accepted_
  std::size_t judgements_ = 0;
};

}  // namespace

std::string_view to_string(FixState state) {
  switch (state) {
    case FixState::proven: return "proven";
    case FixState::unproven: return "unproven";
    case FixState::withheld: return "withheld";
    case FixState::refused: return "refused";
    case FixState::immutable: return "immutable";
  }
  return "refused";
}

Result<FixReport> fix_findings(RunState& state, const FixRequest& wanted) { return FindingFixer(state, wanted).run(); }

}  // namespace trueup::engine
