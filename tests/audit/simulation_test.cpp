// Fleets that live for weeks: findings come and go, and what the run could look at changes each day. The history must agree with
// what was true and what could be seen.

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "audit/observed.hpp"

namespace trueup::audit::test {
namespace {

constexpr int kRepositories = 4, kSubjects = 24, kDays = 25, kSeeds = 320;

std::string repository_name(int number) { return "acme/r" + std::to_string(number); }

/// A subject of a rule, what its verdict hangs on, and what the history has to say of it.
struct Subject {
  std::string name;
  int rule = 0;  // 0: one file; 1: a repository; 2: the fleet; 3: servers
  int repository = 0, other = 0;
  bool leaves_a_row = false;  // the rule says ok of it; else it is silent
  bool violated = false;      // in truth

  enum { never, open, fixed } state = never;
  std::int64_t first = 0, opened = 0, last = 0;
  std::optional<std::int64_t> unverified, fixed_at;
  std::size_t returned = 0;
};

/// What is not to be had on one day.
struct Day {
  std::set<int> repositories, unread_files, unjudged, rules_left_out;
  bool server = false;
  std::set<int> unknown;  // subjects
  bool whole() const {
    return repositories.empty() && unread_files.empty() && unjudged.empty() && rules_left_out.empty() && !server && unknown.empty();
  }
};

class Simulation {
 public:
  explicit Simulation(unsigned seed) : random_(seed) {
    for (int i = 0; i < kSubjects; ++i) {
      Subject& subject = subjects_.emplace_back();
      subject.name = "s" + std::to_string(i);
      subject.rule = below(4);
      subject.repository = below(kRepositories);
      subject.other = below(kRepositories);
      subject.leaves_a_row = below(2) == 0;
      subject.violated = below(3) == 0;
    }
  }

  void live(const std::string& file) {
    for (int day = 0; day < kDays && !testing::Test::HasFailure(); ++day) {
      for (Subject& subject : subjects_)
        if (below(6) == 0) subject.violated = !subject.violated;
      const Day lost = below(2) == 0 ? Day{} : trouble();
      run(day, lost, file);
    }
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }

  Day trouble() {
    Day day;
    for (int i = 0; i < kRepositories; ++i) {
      if (below(8) == 0) day.repositories.insert(i);
      if (below(8) == 0) day.unread_files.insert(i);
      if (below(8) == 0) day.unjudged.insert(i);
    }
    for (int rule = 0; rule < 4; ++rule)
      if (below(8) == 0) day.rules_left_out.insert(rule);
    day.server = below(4) == 0;
    for (int i = 0; i < kSubjects; ++i)
      if (below(10) == 0) day.unknown.insert(i);
    return day;
  }

  static std::string path_of(const Subject& subject) { return subject.name + ".yaml"; }

  /// Whether what the verdict hangs on is not there: then the rule is silent.
  static bool is_hidden(const Subject& subject, const Day& day) {
    if (day.repositories.contains(subject.repository) || day.unjudged.contains(subject.repository) || day.rules_left_out.contains(subject.rule)) return true;
    // Of each repository one file may be unread: that of the first subject there, on which rules with a wider view hang too.
    if (subject.rule != 0 && day.unread_files.contains(subject.repository)) return true;
    if (subject.rule == 2 && (day.repositories.contains(subject.other) || day.unread_files.contains(subject.other))) return true;
    return subject.rule == 3 && day.server;
  }

  void run(int number, const Day& day, const std::string& file) {
    Observed today(number);
    today.seen.sources.clear();
    today.seen.rules.clear();
    const std::int64_t now = today.seen.now;
    for (int i = 0; i < kRepositories; ++i) {
      const bool lost = day.repositories.contains(i);
      today.source({{SourceKind::repository, repository_name(i)}, lost ? kNothing : kAllThere, "no route"});
      if (!lost && !day.unjudged.contains(i)) today.source({{SourceKind::revision, repository_name(i)}});
      if (!lost && day.unread_files.contains(i)) today.source({{SourceKind::file, repository_name(i), "broken.yaml", "chart"}, kNothing, "broken"});
    }
    today.source({{SourceKind::host, {}, "registry.example"}, day.server ? kNothing : kAllThere, "timed out"});
    for (int rule = 0; rule < 4; ++rule) {
      if (day.rules_left_out.contains(rule)) continue;
      JudgedRule& judged = today.seen.rules.emplace_back();
      judged.id = "rule/r" + std::to_string(rule);
      judged.one_file = rule == 0;
      judged.fleet = rule == 2;
      judged.live = rule == 3;
    }
    std::map<std::string, Subject*> by_fingerprint;
    std::set<std::string> ok, shown;
    for (int i = 0; i < kSubjects; ++i) {
      Subject& subject = subjects_[static_cast<std::size_t>(i)];
      rules::Finding finding = today.finding("rule/r" + std::to_string(subject.rule), repository_name(subject.repository), path_of(subject), subject.name);
      by_fingerprint[finding.fingerprint] = &subject;
      if (is_hidden(subject, day)) continue;
      if (day.unknown.contains(i)) {
        finding.because = "unknown";
        today.findings.push_back(finding);
        today.seen.unknown.push_back(&today.findings.back());
      } else if (subject.violated) {
        shown.insert(finding.fingerprint);
        today.findings.push_back(finding);
        today.seen.violated.push_back({&today.findings.back()});
      } else if (subject.leaves_a_row) {
        ok.insert(finding.fingerprint);
      }
    }
    today.seen.is_ok = [&](const Record& record) { return ok.contains(record.fingerprint); };

    auto history = History::open(file);
    ASSERT_TRUE(history) << history.error().message;
    const auto chronicle = history->record(today.seen);
    ASSERT_TRUE(chronicle) << chronicle.error().message;
    const auto records = chronicle->by_fingerprint();

    for (auto& [fingerprint, subject] : by_fingerprint) {
      SCOPED_TRACE("day " + std::to_string(number) + " subject " + subject->name);
      const auto found = records.find(fingerprint);
      const Record* record = found == records.end() ? nullptr : found->second;
      if (shown.contains(fingerprint)) {
        const Standing expected = subject->state == Subject::never ? Standing::fresh
                                  : subject->state == Subject::fixed ? Standing::returned
                                                                     : Standing::persisting;
        if (expected == Standing::fresh) subject->first = now;
        if (expected == Standing::returned) ++subject->returned;
        if (expected != Standing::persisting) subject->opened = now;
        subject->state = Subject::open;
        subject->last = now;
        subject->unverified.reset();
        subject->fixed_at.reset();
        ASSERT_NE(record, nullptr);
        ASSERT_EQ(record->standing, expected);
      } else if (subject->state == Subject::open) {
        ASSERT_NE(record, nullptr);
        const bool is_fixed = record->standing == Standing::fixed;
        if (is_fixed) {
          ASSERT_FALSE(subject->violated) << "what is wrong in truth was called fixed";
        }
        if (ok.contains(fingerprint) || (day.whole() && !subject->violated)) {
          ASSERT_TRUE(is_fixed) << record->because;
        }
        ASSERT_TRUE(is_fixed || record->standing == Standing::unverified);
        if (is_fixed) {
          subject->state = Subject::fixed;
          subject->fixed_at = now;
          subject->unverified.reset();
        } else {
          ASSERT_FALSE(record->because.empty());
          if (!subject->unverified) subject->unverified = now;
        }
      }
      if (subject->state == Subject::never) {
        ASSERT_EQ(record, nullptr);
        continue;
      }
      if (record == nullptr) {
        ASSERT_LE(*subject->fixed_at, now - kRecentDays * kDay);
        continue;
      }
      ASSERT_EQ(record->first_seen, subject->first);
      ASSERT_EQ(record->opened, subject->opened);
      ASSERT_EQ(record->last_seen, subject->last);
      ASSERT_EQ(record->fixed_at, subject->fixed_at);
      ASSERT_EQ(record->unverified_since, subject->unverified);
      ASSERT_EQ(record->times_returned, subject->returned);
    }
  }

  std::mt19937 random_;
  std::vector<Subject> subjects_;
};

TEST(Simulation, HistoryAgreesWithWhatWasTrueAndWhatCouldBeSeen) {
  Folder folder;
  for (unsigned seed = 1; seed <= kSeeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation(seed).live(folder / (std::to_string(seed) + ".history"));
    std::filesystem::remove(folder / (std::to_string(seed) + ".history"));
  }
}

}  // namespace
}  // namespace trueup::audit::test
