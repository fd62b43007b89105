#include "engine/run.hpp"

#include <algorithm>
#include <set>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "engine/live_state.hpp"
#include "engine/loader.hpp"
#include "engine/place_book.hpp"
#include "engine/suppression_book.hpp"
#include "engine/verdict_book.hpp"
#include "engine/worlds.hpp"
#include "facts/readings.hpp"
#include "facts/schema_text.hpp"
#include "facts/view_catalog.hpp"
#include "formats/timestamp.hpp"
#include "git/compare.hpp"

namespace trueup::engine {
namespace {

/// The tables of blobs that some rule reads; extractors leave the others out.
facts::TableSet wanted_tables(const std::set<std::string_view>& names) {
  facts::TableSet tables;
  for (std::size_t i = 0; i < facts::kTableCount; ++i)
    if (names.contains(facts::kTableInserts[i].table)) tables.insert(static_cast<facts::Table>(i));
  return tables;
}

std::string shown_name(const Point& point) {
  return point.kind == PointKind::commit ? point.commit_id.substr(0, 10) : point.name;
}

std::string fingerprint_of(const rules::Rule& rule, const rules::Finding& finding) {
  std::string text(rule.id);
  const auto add = [&](std::string_view part) {
    text += '\0';
    text += part;
  };
  add(finding.at.repository);
  add(rule.anywhere ? std::string_view{} : std::string_view(finding.at.path));
  for (const auto& [column, value] : finding.key) add(value);
  add(std::to_string(finding.ordinal));
  return sha256_hex(text).substr(0, 16);
}

}  // namespace

struct Run::Impl {
  explicit Impl(Request the_request) : request(std::move(the_request)), evaluator(store, request.now), live(store, request) {}

  Request request;
  facts::Store store;
  rules::Evaluator evaluator;
  LiveState live;
  facts::JudgedFiles judged{store};
  facts::ViewCatalog catalog;
  facts::TableSet extracted;                       ///< what some chosen rule reads
  std::set<std::string, std::less<>> tables_read;  ///< by what was compiled
  std::optional<Loader> loader;
  std::optional<PlaceBook> places;
  std::optional<SuppressionBook> suppressions;
  std::vector<LoadedRepository> repositories;
  std::map<facts::FileSetId, std::size_t> rank;  ///< of asked file sets: how gladly one is shown
  std::vector<std::string> notes;
  std::map<std::string, std::uint64_t> rule_steps;
  bool has_base = false;
  bool refs_listed = false;

  void progress(std::string_view doing) const {
    if (request.progress) request.progress(doing);
  }

  using Faults = std::vector<RuleError>;

  // ------------------------------------------------------------------------------------------------ tables and views

  void collect(const ChosenRule& chosen, facts::ViewCatalog::Needs& needs) const {
    catalog.collect(chosen.rule->query, needs);
    catalog.collect(chosen.rule->when, needs);
  }

  /// Creates what is named there and has not been created.
  void create(facts::ViewCatalog::Needs needs) {
    tables_read.insert(needs.tables.begin(), needs.tables.end());
    if (reads_live_tables()) catalog.collect("wanted_oci_artifact wanted_oci_repository", needs);
    catalog.create(needs, store);
  }

  bool has_facts(const ChosenRule& rule) {
    const auto& needs = rule.rule->needs;
    return needs.empty() || std::any_of(needs.begin(), needs.end(), [&](std::string_view table) { return store.has_rows(table); });
  }

  /// Creates what all rules with a subject name, at once: SQLite compiles every statement again after a change of the schema.
  void create_for_rules_with_facts() {
    facts::ViewCatalog::Needs needs;
    for (const ChosenRule& rule : request.rules)
      if (!evaluator.is_prepared(*rule.rule) && has_facts(rule)) collect(rule, needs);
    if (!needs.tables.empty() || !needs.views.empty()) create(std::move(needs));
  }

  // ------------------------------------------------------------------------------------------------ loading

  Result<Point> default_point(const FleetRepository& wanted, const std::optional<std::string>& branch) {
    if (branch)
      if (auto points = wanted.source->resolve("refs/heads/" + *branch)) return points->front();
    if (branch)
      if (auto points = wanted.source->resolve(*branch)) return points->front();
    return wanted.source->present();
  }

  Result<void> load_repository(LoadedRepository& repository) {
    const FleetRepository& wanted = *repository.wanted;
    const bool subject = !wanted.asked.empty();
    facts::RepositoryRow row;
    row.slug = wanted.slug;
    if (!wanted.source) {
      if (subject) return Error{Fault::not_found, wanted.slug + ": " + wanted.because};
      repository.because = row.because = wanted.because;
      repository.id = store.add_repository(row);
      return {};
    }
    progress("reading " + wanted.slug);
    const RepositoryFacts& facts = wanted.source->facts();
    repository.default_branch = wanted.default_branch ? wanted.default_branch : facts.default_branch;
    if (subject) notes.insert(notes.end(), facts.notes.begin(), facts.notes.end());

    std::vector<Point> points;
    for (const AskedPoint& asked : wanted.asked) points.push_back(asked.point);
    const std::size_t base_at = points.size();
    if (wanted.base) points.push_back(*wanted.base);
    const std::size_t neighbour_at = points.size();
    const bool has_neighbours = request.repositories.size() > 1;
    std::optional<Error> no_neighbour;
    if (!subject || has_neighbours) {
      if (auto point = default_point(wanted, repository.default_branch))
        points.push_back(*point);
      else
        no_neighbour = point.error();
    }

    row.loaded = subject || !no_neighbour;
    row.because = no_neighbour ? no_neighbour->message : "";
    row.default_branch = repository.default_branch;
    repository.id = store.add_repository(row);
    places->name_repository(repository.id, wanted.slug);
    const auto loaded = loader->load(repository.id, wanted.slug, *wanted.source, points);
    for (std::size_t i = 0; i < loaded.size(); ++i) {
      if (!loaded[i]) {
        if (i < neighbour_at) return Error{loaded[i].error()}.within(wanted.slug);
        set_unknown(repository, loaded[i].error().message);
        continue;
      }
      const LoadedSnapshot& snapshot = *loaded[i];
      if (i < base_at) {
        add_point(repository, wanted.asked[i], snapshot);
      } else if (i < neighbour_at) {
        repository.base = snapshot.file_set;
        has_base = true;
        places->name_file_set(snapshot.file_set, shown_name(points[i]));
      } else {
        repository.neighbour = snapshot.file_set;
        places->name_file_set(snapshot.file_set, points[i].kind == PointKind::worktree ? "" : shown_name(points[i]));
      }
    }
    repository.loaded = row.loaded && (subject || repository.neighbour);
    return {};
  }

  void set_unknown(LoadedRepository& repository, const std::string& because) {
    repository.because = because;
    facts::set_unknown(store, repository.id, because);
  }

  void add_point(LoadedRepository& repository, const AskedPoint& asked, const LoadedSnapshot& snapshot) {
    const Point& point = asked.point;
    LoadedPoint loaded{asked, snapshot.file_set, true};
    const std::optional<std::string> stands_on =
        point.kind == PointKind::worktree ? asked.merges_into : asked.merges_into ? asked.merges_into : std::optional(point.name);
    if (stands_on && repository.default_branch) loaded.on_default = *stands_on == *repository.default_branch;
    repository.points.push_back(loaded);
    store.add_ref(repository.id, point.kind == PointKind::worktree ? "" : shown_name(point), to_string(point.kind), snapshot.snapshot);
  }

  /// Numbers the asked file sets: the working tree first, then default branches, then the newest.
  void rank_sets() {
    std::vector<std::tuple<int, std::int64_t, std::string, facts::FileSetId>> order;
    for (const LoadedRepository& repository : repositories) {
      for (const LoadedPoint& point : repository.points) {
        const Point& at = point.asked.point;
        const int preference = at.kind == PointKind::worktree ? 0
                               : at.kind == PointKind::branch && repository.default_branch == at.name ? 1
                                                                                                    : 2;
        order.emplace_back(preference, -at.committed_at, at.name, point.file_set);
        places->name_file_set(point.file_set, at.kind == PointKind::worktree ? "" : shown_name(at));
      }
      if (repository.base) order.emplace_back(3, 0, "", *repository.base);
    }
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < order.size(); ++i) rank.try_emplace(std::get<3>(order[i]), i);
  }

  /// The names of all branches and tags, once, if a rule at work looks a name up. Nothing of them is read.
  void list_refs() {
    if (refs_listed || !tables_read.contains("ref_name")) return;
    refs_listed = true;
    for (const LoadedRepository& repository : repositories)
      if (repository.loaded) list_refs(repository);
  }

  void list_refs(const LoadedRepository& repository) {
    RepositorySource& source = *repository.wanted->source;
    std::vector<std::string> branches, tags;
    for (const Point& ref : source.refs()) {
      if (ref.kind == PointKind::tag) tags.push_back(ref.name);
      if (ref.kind == PointKind::branch && !request.withheld.heads.contains({repository.wanted->slug, ref.name}))
        branches.push_back(ref.name);
    }
    facts::add_ref_names(store, repository.id, branches, true);
    facts::add_ref_names(store, repository.id, tags, false);
    const RepositoryFacts& facts = source.facts();
    facts::set_refs_known(store, repository.id, facts.heads_complete && !request.withheld.heads_incomplete,
                          facts.tags_complete && !request.withheld.heads_incomplete, facts.history_complete);
  }

  /// Loads every branch of the subjects for which a rule of scope refs has a subject.
  Result<void> load_heads() {
    std::vector<const ChosenRule*> refs_rules;
    for (const ChosenRule& rule : request.rules)
      if (rule.rule->scope == rules::Scope::refs) refs_rules.push_back(&rule);
    Faults faults;
    std::erase_if(refs_rules, [&](const ChosenRule* rule) { return !ready(*rule, faults); });
    if (!faults.empty()) return Error{Fault::malformed, faults.front().file + ": " + faults.front().fault.message};
    if (refs_rules.empty()) return {};
    for (LoadedRepository& repository : repositories) {
      const auto world = refs_world(repository, Side::head);
      if (!world) continue;
      judged.set(world->world.sets, {});
      if (std::none_of(refs_rules.begin(), refs_rules.end(),
                       [&](const ChosenRule* rule) { return evaluator.has_subject(*rule->rule); }))
        continue;
      progress("reading the branches of " + repository.wanted->slug);
      RepositorySource& source = *repository.wanted->source;
      std::vector<Point> heads;
      for (const Point& ref : source.refs())
        if (ref.kind == PointKind::branch) heads.push_back(ref);
      const RepositoryFacts& facts = source.facts();
      bool complete = facts.heads_complete && !request.withheld.heads_incomplete;
      const auto loaded = loader->load(repository.id, repository.wanted->slug, source, heads);
      for (std::size_t i = 0; i < loaded.size(); ++i) {
        if (!loaded[i]) {
          notes.push_back("branch " + heads[i].name + " of " + repository.wanted->slug + ": " + loaded[i].error().message);
          complete = false;
          continue;
        }
        if (request.withheld.heads.contains({repository.wanted->slug, heads[i].name})) {
          complete = false;
          continue;
        }
        places->name_file_set(loaded[i]->file_set, heads[i].name);
        repository.heads.push_back({repository.id, heads[i].name, loaded[i]->file_set,
                                    repository.default_branch == heads[i].name});
      }
      facts::set_refs_known(store, repository.id, complete, facts.tags_complete && !request.withheld.heads_incomplete,
                            facts.history_complete);
    }
    return {};
  }

  // ------------------------------------------------------------------------------------------------ judging

  bool reads_live_tables() const {
    return tables_read.contains("oci_artifact") || tables_read.contains("oci_tag_list") || tables_read.contains("oci_tag");
  }

  /// The file sets of all worlds at once, for questions.
  std::vector<facts::JudgedSet> all_sets(Side side) const {
    std::map<facts::FileSetId, bool> sets;
    for (const World& world : fleet_worlds(repositories, side))
      for (const facts::JudgedSet& set : world.sets) sets[set.file_set] = sets[set.file_set] || set.on_default;
    std::vector<facts::JudgedSet> result;
    for (const auto& [file_set, on_default] : sets) result.push_back({file_set, on_default});
    return result;
  }

  void ask() {
    if (!reads_live_tables()) return;
    std::optional<std::set<std::string>> trusted;
    for (const Side side : {Side::base, Side::head}) {
      if (side == Side::base && !has_base) continue;
      judged.set(all_sets(side), {});
      if (side == Side::base) trusted = live.hosts_wanted();
      for (int round = 0; round < limits::kMaxRounds && live.ask(trusted); ++round) {
      }
    }
  }

  /// Compiles the rule if it has not been and can have a subject.
  bool ready(const ChosenRule& rule, Faults& faults) {
    if (evaluator.is_prepared(*rule.rule)) return true;
    if (!has_facts(rule)) return false;
    facts::ViewCatalog::Needs needs;
    collect(rule, needs);
    create(std::move(needs));
    auto fault = evaluator.prepare(*rule.rule, rule.parameters);
    if (fault) faults.push_back({std::string(rule.rule->file), rule.rule, *fault});
    return !fault;
  }

  void evaluate(const ChosenRule& rule, std::vector<rules::Verdict>& verdicts, Faults& faults) {
    if (!ready(rule, faults)) return;
    if (auto fault = evaluator.evaluate(*rule.rule, verdicts))
      faults.push_back({std::string(rule.rule->file), rule.rule, *fault});
    rule_steps[std::string(rule.rule->id)] += evaluator.last_steps();
  }

  void evaluate(const ChosenRule& rule, VerdictBook& book, const std::function<facts::FileSetId(const rules::Verdict&)>& owner_of,
                Faults& faults) {
    std::vector<rules::Verdict> verdicts;
    evaluate(rule, verdicts, faults);
    book.add(rule, std::move(verdicts), owner_of);
  }

  /// Whether a rule is about what the others came to, and so judges after them.
  static bool judges_suppressions(const ChosenRule& rule) {
    const auto& needs = rule.rule->needs;
    return std::any_of(needs.begin(), needs.end(), [](std::string_view table) { return table.starts_with("suppression_use"); });
  }

  std::vector<const ChosenRule*> rules_of(rules::Scope scope, bool of_suppressions = false) const {
    std::vector<const ChosenRule*> chosen;
    for (const ChosenRule& rule : request.rules)
      if (rule.rule->scope == scope && judges_suppressions(rule) == of_suppressions) chosen.push_back(&rule);
    return chosen;
  }

  /// Scope file: asked of the blobs once, then expanded to the files that hold them.
  void judge_blobs(Side side, const std::vector<const ChosenRule*>& chosen, VerdictBook& book, Faults& faults) {
    if (chosen.empty()) return;
    std::vector<std::pair<facts::BlobId, facts::FileId>> holders;
    for (const auto& [on_default, sets] : asked_sets(repositories, side)) {
      for (const facts::FileSetId set : sets) {
        const auto [first, last] = store.files_of(set);
        for (facts::FileId file = first; file < last; ++file) holders.emplace_back(store.file(file).blob, file);
      }
    }
    std::sort(holders.begin(), holders.end());
    holders.erase(std::unique(holders.begin(), holders.end()), holders.end());
    const auto owner_of = [&](const rules::Verdict& verdict) { return store.file(verdict.at >> 32).file_set; };
    for (const ChosenRule* rule : chosen) {
      std::vector<rules::Verdict> verdicts, placed;
      evaluate(*rule, verdicts, faults);
      for (const rules::Verdict& verdict : verdicts) {
        const facts::BlobId blob = store.span(verdict.at).blob;
        auto holder = std::lower_bound(holders.begin(), holders.end(), std::pair(blob, facts::FileId{0}));
        for (; holder != holders.end() && holder->first == blob; ++holder) {
          rules::Verdict& copy = placed.emplace_back(verdict);
          copy.at |= holder->second << 32;
          for (facts::PlaceId& place : copy.places)
            if (place > 0) place |= holder->second << 32;
        }
      }
      book.add(*rule, std::move(placed), owner_of);
    }
  }

  void judge_side(Side side, VerdictBook& book, Faults& faults) {
    judge_blobs(side, rules_of(rules::Scope::file), book, faults);

    auto by_repository = rules_of(rules::Scope::repository);
    std::erase_if(by_repository, [&](const ChosenRule* rule) { return !ready(*rule, faults); });
    if (!by_repository.empty()) {
      for (const auto& [on_default, sets] : asked_sets(repositories, side)) {
        std::vector<facts::JudgedSet> here;
        for (const facts::FileSetId set : sets) here.push_back({set, on_default});
        judged.set(here, {});
        for (const ChosenRule* rule : by_repository)
          evaluate(*rule, book, [&](const rules::Verdict& verdict) { return store.file(verdict.at >> 32).file_set; }, faults);
      }
    }

    auto by_fleet = rules_of(rules::Scope::fleet);
    std::erase_if(by_fleet, [&](const ChosenRule* rule) { return !ready(*rule, faults); });
    if (!by_fleet.empty()) {
      for (const World& world : fleet_worlds(repositories, side)) {
        judged.set(world.sets, {});
        for (const ChosenRule* rule : by_fleet) evaluate(*rule, book, owner_in(world), faults);
      }
    }

    auto by_refs = rules_of(rules::Scope::refs);
    std::erase_if(by_refs, [&](const ChosenRule* rule) { return !ready(*rule, faults); });
    if (!by_refs.empty()) {
      for (const LoadedRepository& repository : repositories) {
        const auto refs = refs_world(repository, side);
        if (!refs) continue;
        judged.set(refs->world.sets, refs->heads);
        for (const ChosenRule* rule : by_refs)
          if (evaluator.has_subject(*rule->rule)) evaluate(*rule, book, owner_in(refs->world), faults);
      }
    }

    if (suppressions->empty()) return;
    suppressions->count_uses(book, request.rules, known(side));
    judge_blobs(side, rules_of(rules::Scope::file, true), book, faults);
  }

  /// Whether everything was read that a verdict on this side may hang on.
  SuppressionBook::Known known(Side side) const {
    SuppressionBook::Known known;
    known.branches = !request.withheld.heads_incomplete;
    for (const LoadedRepository& repository : repositories) {
      if (!repository.loaded) known.repositories_and_files = false;
      if (repository.loaded && !repository.points.empty() && !repository.wanted->source->facts().heads_complete) known.branches = false;
    }
    for (const auto& [on_default, sets] : asked_sets(repositories, side)) {
      for (const facts::FileSetId set : sets) {
        const auto [first, last] = store.files_of(set);
        for (facts::FileId file = first; file < last; ++file) {
          const facts::BlobState state = store.blob_state(store.file(file).blob);
          if (state != facts::BlobState::parsed && state != facts::BlobState::unread) known.repositories_and_files = false;
        }
      }
    }
    return known;
  }

  /// The owner of a verdict: the asked file set that its place, or else one of its other places, stands in.
  std::function<facts::FileSetId(const rules::Verdict&)> owner_in(const World& world) const {
    return [this, owners = world.owners](const rules::Verdict& verdict) -> facts::FileSetId {
      const auto asked = [&](facts::PlaceId place) -> facts::FileSetId {
        if (place <= 0) return 0;
        const facts::FileSetId set = store.file(place >> 32).file_set;
        return std::binary_search(owners.begin(), owners.end(), set) ? set : 0;
      };
      if (const facts::FileSetId set = asked(verdict.at)) return set;
      for (const facts::PlaceId place : verdict.places)
        if (const facts::FileSetId set = asked(place)) return set;
      return 0;
    };
  }

  // ------------------------------------------------------------------------------------------------ reporting

  rules::Finding finding_of(const Subject& subject) {
    const rules::Rule& rule = *subject.rule->rule;
    const rules::Verdict& verdict = subject.verdict;
    rules::Finding finding;
    finding.rule_id = rule.id;
    finding.code = rule.code;
    finding.title = rule.title;
    finding.severity = subject.rule->severity ? *subject.rule->severity : verdict.severity.value_or(rule.severity);
    finding.at = places->file_place(subject.file, verdict.at & 0xFFFFFFFF);
    for (std::size_t i = 0; i < rule.places.size() && i < verdict.places.size(); ++i)
      if (auto place = places->place(verdict.places[i]))
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
    summarise_refs(subject, finding);
    return finding;
  }

  void summarise_refs(const Subject& subject, rules::Finding& finding) const {
    const std::set<facts::FileSetId> sets(subject.sets.begin(), subject.sets.end());
    std::vector<const LoadedPoint*> points;
    for (const LoadedRepository& repository : repositories)
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
      const facts::Store::File& head = store.file(file);
      for (const LoadedRepository& repository : repositories) {
        if (!repository.base || repository.id != store.repository_of(head.file_set)) continue;
        const auto [first, last] = store.files_of(*repository.base);
        for (facts::FileId old = first; old < last; ++old) {
          if (store.file(old).path != head.path) continue;
          if (store.object_id(store.file(old).blob) == store.object_id(head.blob)) return false;
          const auto before = loader->bytes_of(old), after = loader->bytes_of(file);
          if (!before || !after) return true;
          const ByteRange at = store.span(place & 0xFFFFFFFF).bytes;
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
    if (rule.rule->reads.empty()) return;
    std::set<facts::BlobId> readable, unreadable;
    for (const auto& [on_default, sets] : asked_sets(repositories, Side::head)) {
      for (const facts::FileSetId set : sets) {
        const auto [first, last] = store.files_of(set);
        for (facts::FileId file = first; file < last; ++file) {
          const facts::Store::File& stored = store.file(file);
          if (std::find(rule.rule->reads.begin(), rule.rule->reads.end(), stored.kind) == rule.rule->reads.end()) continue;
          const facts::BlobState state = store.blob_state(stored.blob);
          const bool first_seen = (state == facts::BlobState::parsed ? readable : unreadable).insert(stored.blob).second;
          if (state == facts::BlobState::missing && first_seen) unknowns.push_back(missing_file(rule, file, set));
        }
      }
    }
    outcome.ok += readable.size() > hits ? readable.size() - hits : 0;
    outcome.unknown += unreadable.size();
  }

  rules::Finding missing_file(const ChosenRule& rule, facts::FileId file, facts::FileSetId set) {
    Subject subject;
    subject.rule = &rule;
    subject.state = rules::VerdictState::unknown;
    subject.file = file;
    subject.shown = set;
    subject.sets = {set};
    subject.verdict.at = file << 32;
    subject.verdict.because = store.blob_because(store.file(file).blob);
    subject.verdict.failed = true;
    subject.verdict.key.assign(rule.rule->key.size(), "");
    rules::Finding finding = finding_of(subject);
    finding.message = finding.title;
    return finding;
  }

  Report report(const VerdictBook& head, const VerdictBook* base) {
    Report report;
    report.now = formats::rfc3339_text(request.now);
    std::map<const ChosenRule*, rules::RuleOutcome> outcomes;
    std::map<const ChosenRule*, std::set<facts::FileId>> files_hit;
    for (const ChosenRule& rule : request.rules) {
      rules::RuleOutcome& outcome = outcomes[&rule];
      outcome.rule_id = rule.rule->id;
      outcome.code = rule.rule->code;
      outcome.title = rule.rule->title;
      outcome.why = rule.rule->why;
      outcome.severity = rule.severity.value_or(rule.rule->severity);
    }
    for (const auto& [identity, subject] : head.subjects()) {
      rules::RuleOutcome& outcome = outcomes[subject.rule];
      if (subject.state == rules::VerdictState::ok) {
        ++outcome.ok;
        continue;
      }
      files_hit[subject.rule].insert(subject.file);
      rules::Finding finding = finding_of(subject);
      if (subject.state == rules::VerdictState::unknown) {
        ++outcome.unknown;
        report.unknowns.push_back(std::move(finding));
        continue;
      }
      ++outcome.violated;
      if (const facts::StoredSuppression* suppression = suppressions->find(subject)) {
        report.suppressed.push_back({std::move(finding), suppression->reason, suppression->until, suppression->owner});
        continue;
      }
      if (base != nullptr) {
        const auto before = base->subjects().find(identity);
        const auto state = before == base->subjects().end() ? rules::VerdictState::ok : before->second.state;
        finding.change = state == rules::VerdictState::violated ? rules::Change::persisting
                         : state == rules::VerdictState::unknown && !touched(subject) ? rules::Change::unconfirmed
                                                                                      : rules::Change::introduced;
      }
      report.findings.push_back(std::move(finding));
    }
    if (base != nullptr) {
      for (const auto& [identity, before] : base->subjects()) {
        if (before.state != rules::VerdictState::violated) continue;
        const auto after = head.subjects().find(identity);
        if (after == head.subjects().end() || after->second.state == rules::VerdictState::ok)
          report.fixed.push_back(finding_of(before));
      }
    }
    for (const ChosenRule& rule : request.rules) {
      rules::RuleOutcome& outcome = outcomes[&rule];
      count_silent(rule, files_hit[&rule].size(), outcome, report.unknowns);
      outcome.outcome = outcome.violated > 0  ? rules::Outcome::violated
                        : outcome.unknown > 0 ? rules::Outcome::unknown
                        : outcome.ok > 0      ? rules::Outcome::clean
                                              : rules::Outcome::no_subject;
      report.rules.push_back(outcome);
    }
    std::sort(report.rules.begin(), report.rules.end(),
              [](const auto& a, const auto& b) { return a.rule_id < b.rule_id; });
    const auto before = [](const rules::Finding& a, const rules::Finding& b) {
      return std::tie(a.severity, a.at.repository, a.at.path, a.at.bytes, a.rule_id, a.key, a.ordinal) <
             std::tie(b.severity, b.at.repository, b.at.path, b.at.bytes, b.rule_id, b.key, b.ordinal);
    };
    for (auto* list : {&report.findings, &report.unknowns, &report.fixed}) std::sort(list->begin(), list->end(), before);
    std::sort(report.suppressed.begin(), report.suppressed.end(),
              [&](const Suppressed& a, const Suppressed& b) { return before(a.finding, b.finding); });
    for (const LoadedRepository& repository : repositories) report.repositories.push_back(repository_report(repository));
    report.hosts = live.hosts();
    report.notes = notes;
    report.notes.insert(report.notes.end(), loader->notes().begin(), loader->notes().end());
    for (const LoadedRepository& repository : repositories)
      if (repository.base) report.base = shown_name(*repository.wanted->base);
    return report;
  }

  RepositoryReport repository_report(const LoadedRepository& repository) const {
    RepositoryReport result;
    result.slug = repository.wanted->slug;
    result.loaded = repository.loaded;
    result.because = repository.because;
    result.default_branch = repository.default_branch.value_or("");
    result.refs = repository.points.size() + repository.heads.size();
    result.subject = !repository.points.empty();
    std::set<facts::FileSetId> sets;
    for (const LoadedPoint& point : repository.points) sets.insert(point.file_set);
    for (const facts::HeadRow& head : repository.heads) sets.insert(head.file_set);
    if (repository.neighbour) sets.insert(*repository.neighbour);
    std::set<facts::BlobId> blobs;
    for (const facts::FileSetId set : sets) {
      const auto [first, last] = store.files_of(set);
      for (facts::FileId file = first; file < last; ++file)
        if (store.file(file).kind != "path" && store.file(file).kind != "elsewhere") blobs.insert(store.file(file).blob);
    }
    result.file_sets = sets.size();
    result.files = blobs.size();
    return result;
  }
};

Run::Run(Request request) : impl_(std::make_unique<Impl>(std::move(request))) {}
Run::~Run() = default;

std::vector<RuleError> Run::prepare() {
  Impl& run = *impl_;
  std::vector<RuleError> errors;
  std::set<std::string_view> packs, builtin_packs;
  for (const rules::PackViews& views : rules::builtin_views()) builtin_packs.insert(views.file);
  for (const ChosenRule& rule : run.request.rules) packs.insert(rule.rule->pack);
  for (const rules::PackViews& views : run.request.views)
    if (builtin_packs.contains(views.file) && (packs.contains(views.pack) || run.request.all_tables)) run.catalog.add(views.sql);

  const auto is_foreign = [&](const rules::PackViews& views) { return !builtin_packs.contains(views.file) && packs.contains(views.pack); };
  facts::ViewCatalog::Needs all, at_once;  // of every rule, and of what is compiled at once
  for (const rules::PackViews& views : run.request.views)
    if (is_foreign(views)) run.catalog.collect(views.sql, at_once);
  const auto builtin = rules::builtin_rules();
  std::vector<const ChosenRule*> compiled_now;
  for (const ChosenRule& rule : run.request.rules) {
    run.collect(rule, all);
    const bool is_builtin = rule.rule >= builtin.data() && rule.rule < builtin.data() + builtin.size();
    // Built-in rules are known to work: they are compiled when they have a subject, and so is what they name created.
    if (!is_builtin || run.request.prepare_all) compiled_now.push_back(&rule);
  }
  all.tables.insert(at_once.tables.begin(), at_once.tables.end());
  if (all.tables.contains("file_set_member")) run.store.create_table("file_set_member");
  run.extracted = run.request.all_tables ? facts::TableSet::all() : wanted_tables(all.tables);
  const auto create_everything = [&] {
    run.store.create_all_tables();
    run.catalog.create(run.catalog.all(), run.store);
  };
  // An operator's view may not take a name of ours, whether a rule at work uses that one or not.
  if (run.request.all_tables || std::any_of(run.request.views.begin(), run.request.views.end(), is_foreign)) create_everything();
  for (const ChosenRule* rule : compiled_now) run.collect(*rule, at_once);
  if (!compiled_now.empty() || !at_once.views.empty()) run.create(std::move(at_once));

  for (const rules::PackViews& views : run.request.views)
    if (is_foreign(views))
      if (auto fault = run.evaluator.add_views(views)) errors.push_back({std::string(views.file), nullptr, *fault});
  for (const ChosenRule* rule : compiled_now) {
    auto fault = run.evaluator.prepare(*rule->rule, rule->parameters);
    if (fault) {
      create_everything();  // a name that is nearly right may be one that nobody has needed yet
      fault = run.evaluator.prepare(*rule->rule, rule->parameters);
    }
    if (fault) errors.push_back({std::string(rule->rule->file), rule->rule, *fault});
  }
  return errors;
}

Result<void> Run::load() {
  Impl& run = *impl_;
  run.loader.emplace(run.store, run.request.kinds, run.extracted, run.request.withheld);
  run.places.emplace(run.store, *run.loader, run.live);
  facts::set_run(run.store, run.request.closed, run.request.offline);
  facts::add_lockstep(run.store, run.request.lockstep);
  run.repositories.reserve(run.request.repositories.size());
  for (const FleetRepository& wanted : run.request.repositories) {
    LoadedRepository& repository = run.repositories.emplace_back();
    repository.wanted = &wanted;
    if (auto loaded = run.load_repository(repository); !loaded) return std::move(loaded).error();
  }
  run.rank_sets();
  // A new index makes SQLite compile every statement again, so they stand before the first rule does.
  run.store.build_indexes();
  run.create_for_rules_with_facts();
  run.list_refs();
  if (auto loaded = run.load_heads(); !loaded) return std::move(loaded).error();
  if (std::any_of(run.repositories.begin(), run.repositories.end(), [](const auto& repository) { return !repository.heads.empty(); })) {
    run.store.build_indexes();
    run.create_for_rules_with_facts();
    run.list_refs();
  }
  return {};
}

Plan Run::plan() {
  Impl& run = *impl_;
  Plan plan;
  for (const LoadedRepository& repository : run.repositories) {
    Plan::RepositoryPlan& entry = plan.repositories.emplace_back();
    entry.slug = repository.wanted->slug;
    entry.loaded = repository.loaded;
    entry.because = repository.because;
    entry.subject = !repository.points.empty();
    for (const LoadedPoint& point : repository.points)
      entry.refs.push_back(point.asked.point.kind == PointKind::worktree ? "working tree" : shown_name(point.asked.point));
    if (repository.wanted->base) entry.refs.push_back(shown_name(*repository.wanted->base) + " (base)");
    if (repository.neighbour && repository.points.empty())
      entry.refs.push_back(repository.default_branch.value_or("working tree"));
    for (const facts::HeadRow& head : repository.heads) entry.refs.push_back(head.name + " (branch)");
  }
  if (run.reads_live_tables()) {
    run.judged.set(run.all_sets(Side::head), {});
    const facts::Questions questions = facts::read_questions(run.store);
    for (const auto& [repository, reference] : questions.oci_artifacts)
      plan.questions.push_back("manifest of " + repository + ":" + reference);
    for (const std::string& repository : questions.oci_repositories) plan.questions.push_back("tags of " + repository);
  }
  for (const ChosenRule& rule : run.request.rules) plan.rules.emplace_back(rule.rule->id);
  return plan;
}

Result<Report> Run::judge() {
  Impl& run = *impl_;
  run.ask();
  run.progress("judging");
  const auto rank = [&](facts::FileSetId set) {
    const auto known = run.rank.find(set);
    return known == run.rank.end() ? run.rank.size() : known->second;
  };
  run.suppressions.emplace(run.store, formats::rfc3339_text(run.request.now).substr(0, std::string_view("2026-01-31").size()));
  Impl::Faults faults;
  VerdictBook head(run.store, rank), base(run.store, rank);
  run.judge_side(Side::head, head, faults);
  if (run.has_base) run.judge_side(Side::base, base, faults);
  if (!faults.empty())
    return Error{Fault::over_limit, faults.front().file + ": " + faults.front().fault.message};
  return run.report(head, run.has_base ? &base : nullptr);
}

const std::map<std::string, std::uint64_t>& Run::rule_steps() const { return impl_->rule_steps; }

std::optional<rules::RuleFault> Run::query(std::string_view sql, std::size_t most, rules::Evaluator::Table& table) {
  Impl& run = *impl_;
  run.tables_read.clear();
  if (auto fault = run.evaluator.tables_of(sql, run.tables_read)) return fault;
  run.ask();
  if (run.tables_read.contains("span")) run.store.publish_spans();
  const std::vector<World> worlds = fleet_worlds(run.repositories, Side::head);
  if (!worlds.empty()) run.judged.set(worlds.front().sets, {});
  return run.evaluator.query(sql, most, table);
}

const rules::Rule* Run::find_rule(std::string_view name) const {
  for (const ChosenRule& chosen : impl_->request.rules)
    if (chosen.rule->id == name || equal_ignoring_ascii_case(chosen.rule->code, name)) return chosen.rule;
  return nullptr;
}

}  // namespace trueup::engine
