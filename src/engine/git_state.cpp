#include "engine/git_state.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "formats/json.hpp"
#include "formats/path_join.hpp"
#include "formats/timestamp.hpp"
#include "formats/version_range.hpp"

namespace trueup::engine {
namespace {

constexpr std::string_view kHeads = "refs/heads/", kTags = "refs/tags/";
/// That Applications make a run look up.
constexpr std::size_t kMaxRevisions = 1'000;
/// That versions make a run look up. A rule says of one more that nobody looked.
constexpr std::size_t kMaxCommits = 20'000;
/// That deployments of roots make a run look up.
constexpr std::size_t kMaxChanges = 5'000;

bool is_commit_id(std::string_view text) {
  return text.size() >= 7 && text.size() <= 40 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// As ArgoCD reads tags: `v1.0` is 1.0.0.
std::optional<formats::Version> version_of(std::string_view tag) {
  if (tag.starts_with('v')) tag.remove_prefix(1);
  auto version = formats::Version::parse(tag);
  return version ? std::optional(*std::move(version)) : std::nullopt;
}

/// A range over tags; nothing for a text that is a version or none.
std::optional<formats::VersionRange> range_of(std::string_view revision) {
  auto range = formats::VersionRange::parse(revision);
  return range && !range->is_exact() ? std::optional(*std::move(range)) : std::nullopt;
}

/// The tag with the highest version in the range.
const Point* best_tag(const std::vector<Point>& names, const formats::VersionRange& range, std::string_view prefix) {
  std::vector<formats::Version> versions;
  std::vector<const Point*> tags;
  for (const Point& name : names) {
    if (name.kind != PointKind::tag || !name.name.starts_with(prefix)) continue;
    if (auto version = version_of(std::string_view(name.name).substr(prefix.size()))) {
      versions.push_back(*std::move(version));
      tags.push_back(&name);
    }
  }
  const auto best = range.best_of(versions);
  return best ? tags[*best] : nullptr;
}

/// Of `{"in": [folders], "out": [folders]}`.
FolderChoice folders_of(const std::string& json) {
  const formats::Document document = formats::parse_json(json);
  const auto list = [&](std::string_view key) {
    std::vector<std::string> folders;
    for (const formats::NodeIndex each : document.children(document.child(document.root(), key))) folders.emplace_back(document.text(each).value_or(""));
    return folders;
  };
  return {list("in"), list("out")};
}

}  // namespace

const LoadedRepository* GitState::find(facts::RepositoryId id) const {
  const auto known = std::ranges::find(repositories_, id, &LoadedRepository::id);
  return known == repositories_.end() || !known->loaded ? nullptr : &*known;
}

void GitState::resolve(const LoadedRepository& repository, Revision& revision) {
  facts::GitRevisionRow& row = revision.row;
  RepositorySource& source = *repository.wanted->source;
  const std::string& slug = repository.wanted->slug;
  std::vector<Point> names = source.ref_names();
  std::erase_if(names, [&](const Point& name) { return name.kind == PointKind::branch && request_.withheld.heads.contains({slug, name.name}); });

  std::string_view wanted = row.revision;
  std::optional<PointKind> kind;
  if (wanted == "HEAD") {
    if (!repository.default_branch) {
      row.because = "the default branch of " + slug + " is not known";
      return;
    }
    wanted = *repository.default_branch;
    kind = PointKind::branch;
  } else if (wanted.starts_with(kHeads)) {
    wanted.remove_prefix(kHeads.size());
    kind = PointKind::branch;
  } else if (wanted.starts_with(kTags)) {
    wanted.remove_prefix(kTags.size());
    kind = PointKind::tag;
  }
  const auto found = std::ranges::find_if(names, [&](const Point& name) { return name.name == wanted && (!kind || name.kind == *kind); });
  const Point* chosen = found == names.end() ? nullptr : &*found;
  const auto range = chosen == nullptr && !kind ? range_of(wanted) : std::nullopt;
  if (range) {
    chosen = best_tag(names, *range, row.tag_prefix);
    row.is_range = true;
  }
  std::optional<Point> point;
  if (chosen != nullptr) {
    // By the whole name: a short one may be a pattern, or another ref's.
    const auto points = source.resolve(std::string(chosen->kind == PointKind::tag ? kTags : kHeads) + chosen->name);
    point = points && !points->empty() ? points->front() : *chosen;
    point->name = chosen->name;
    row.kind = to_string(chosen->kind);
    row.resolved = chosen->name;
  } else if (!kind && !range && is_commit_id(wanted)) {
    const auto points = source.resolve(wanted);
    if (!points || points->empty()) {
      row.because = "this clone of " + slug + " has no commit " + row.revision;
      return;
    }
    point = points->front();
    row.kind = to_string(PointKind::commit);
    row.resolved = row.revision;
  } else {
    const RepositoryFacts& facts = source.facts();
    const bool complete = (range || kind == PointKind::tag || facts.heads_complete) && (kind == PointKind::branch || facts.tags_complete) &&
                          !request_.withheld.heads_incomplete;
    row.state = complete ? "absent" : "unknown";
    if (!complete) row.because = "not every branch and tag of " + slug + " is known";
    return;
  }
  auto snapshot = source.snapshot(*point);
  if (!snapshot) {
    row.because = slug + " at " + row.resolved + " cannot be read: " + snapshot.error().message;
    return;
  }
  revision.snapshot = *std::move(snapshot);
  row.state = "present";
}

GitState::Revision GitState::look_up(const facts::GitQuestion& question) {
  Revision revision;
  revision.row = {question.repository, question.revision, question.tag_prefix, "unknown", "", "", "", false};
  if (revisions_.size() >= kMaxRevisions)
    revision.row.because = "trueup looks at no more than " + std::to_string(kMaxRevisions) + " revisions in a run";
  else if (const LoadedRepository* repository = find(question.repository))
    resolve(*repository, revision);
  else
    revision.row.because = "the repository is not loaded";
  revision.id = facts::add_reading(store_, revision.row);
  return revision;
}

void GitState::ask() {
  const auto questions = facts::read_git_questions(store_);
  store_.begin();
  for (const auto& [question, paths] : questions) {
    auto known = revisions_.find(question);
    if (known == revisions_.end()) known = revisions_.emplace(question, look_up(question)).first;
    Revision& revision = known->second;
    if (!revision.snapshot) continue;
    for (const std::string& path : paths) {
      if (!revision.paths.insert(path).second) continue;
      const bool there = path.empty() || revision.snapshot->exists(path);
      facts::add_git_path(store_, revision.id, path, there ? "present" : revision.snapshot->leads_elsewhere(path) ? "unknown" : "absent");
    }
  }
  store_.commit();
}

GitState::Change& GitState::change_of(const LoadedRepository& repository) {
  const auto [known, added] = paths_of_changes_.try_emplace(repository.id);
  Change& change = known->second;
  if (!added) return change;
  RepositorySource& source = *repository.wanted->source;
  if (auto before = source.snapshot(*repository.wanted->base)) change.before = *std::move(before);
  if (auto after = source.snapshot(repository.points.front().asked.point)) change.after = *std::move(after);
  const auto [first, last] = store_.files_of(repository.points.front().file_set);
  for (facts::FileId file = first; file < last; ++file)
    if (const facts::Store::File& stored = store_.file(file); stored.kind != "path" && stored.kind != "elsewhere")
      change.files_of[stored.blob].push_back(file);
  return change;
}

facts::ChangePathRow GitState::look_up_path(const LoadedRepository& repository, const Change& change, const std::string& path) const {
  const auto state_in = [&](const std::shared_ptr<const RepositorySnapshot>& snapshot) {
    if (snapshot == nullptr) return "unknown";
    return snapshot->exists(path) ? "present" : snapshot->leads_elsewhere(path) ? "unknown" : "absent";
  };
  facts::ChangePathRow row{repository.id, path, state_in(change.before), state_in(change.after), 0, ""};
  if (row.state_before != "present" || row.state_after != "absent") return row;

  const auto [first, last] = store_.files_of(*repository.base);
  const auto is_there_before = [&](const std::string& wanted) { return change.before->exists(wanted); };
  const auto at = [&](const std::string& wanted) {  // files of a set stand in the order of their paths
    facts::FileId low = first, high = last;
    while (low < high) {
      const facts::FileId middle = low + (high - low) / 2;
      (store_.file(middle).path < wanted ? low : high) = store_.file(middle).path < wanted ? middle + 1 : middle;
    }
    return low;
  };
  const std::string chart = path + "/Chart.yaml";
  for (const std::string& wanted : {path, chart, path + '/'}) {
    const facts::FileId file = at(wanted);
    const bool is_folder = wanted.ends_with('/');
    if (file == last || (is_folder ? !store_.file(file).path.starts_with(wanted) : store_.file(file).path != wanted)) continue;
    row.base_file = file;
    const auto same = is_folder ? change.files_of.end() : change.files_of.find(store_.file(file).blob);
    if (same == change.files_of.end()) break;
    std::set<std::string> elsewhere;
    for (const facts::FileId other : same->second)
      if (const std::string& now = store_.file(other).path; !is_there_before(now) && (wanted == path || now.ends_with("/Chart.yaml"))) elsewhere.insert(now);
    if (elsewhere.size() == 1) row.moved_to = wanted == path ? *elsewhere.begin() : std::string(formats::folder_of(*elsewhere.begin()));
    break;
  }
  return row;
}

void GitState::ask_change_paths() {
  store_.begin();
  for (const auto& [id, path] : facts::read_change_paths(store_)) {
    const LoadedRepository* repository = find(id);
    if (repository == nullptr || !repository->base || repository->points.empty()) continue;
    Change& change = change_of(*repository);
    if (change.paths.insert(path).second) facts::add_change_path(store_, look_up_path(*repository, change, path));
  }
  store_.commit();
}

facts::GitCommitRow GitState::look_up_commit(facts::RepositoryId id, const std::string& revision) {
  facts::GitCommitRow row{id, revision, "unknown", "", "", ""};
  const LoadedRepository* repository = find(id);
  if (repository == nullptr) {
    row.because = "the repository is not loaded";
    return row;
  }
  const std::string& slug = repository->wanted->slug;
  const bool is_head = revision.starts_with(kHeads), is_tag = revision.starts_with(kTags);
  const std::string branch = is_head ? revision.substr(kHeads.size()) : "";
  if (!is_head && !is_tag && !is_commit_id(revision)) {
    row.because = revision + " is no commit's id";
    return row;
  }
  RepositorySource& source = *repository->wanted->source;
  const auto points = is_head && request_.withheld.heads.contains({slug, branch}) ? Result<std::vector<Point>>(Error{Fault::not_found, "withheld"})
                                                                                 : source.resolve(revision);
  if (points && points->size() == 1 && (is_head || is_tag || points->front().commit_id.starts_with(revision))) {
    row.state = "present";
    row.commit_id = points->front().commit_id;
    row.committed_at = formats::rfc3339_text(points->front().committed_at);
    return row;
  }
  const RepositoryFacts& facts = source.facts();
  if (!points && points.error().fault == Fault::malformed) {
    row.because = points.error().message;
  } else if (points) {
    row.because = revision + " is the name of a branch or tag of " + slug + " too";
  } else if (request_.withheld.heads_incomplete || (!is_tag && !facts.heads_complete) || (!is_head && !facts.tags_complete)) {
    row.because = "not every branch and tag of " + slug + " is known";
  } else if (!is_head && !is_tag && !facts.history_complete) {
    row.because = "the history of this clone of " + slug + " is cut off (shallow)";
  } else {
    row.state = "absent";
  }
  return row;
}

void GitState::ask_commits() {
  store_.begin();
  for (const auto& [repository, revision] : facts::read_commit_questions(store_)) {
    if (commits_.size() >= kMaxCommits || !commits_.emplace(repository, revision).second) continue;
    facts::add_git_commit(store_, look_up_commit(repository, revision));
  }
  // Without a commit there is nothing to ask, and to find that out is not cheap.
  const auto questions = store_.has_rows("git_commit WHERE state = 'present'") ? facts::read_ancestry_questions(store_) : decltype(facts::read_ancestry_questions(store_)){};
  for (const auto& question : questions) {
    if (ancestries_.size() >= kMaxCommits || !ancestries_.insert(question).second) continue;
    const auto& [id, ancestor, descendant] = question;
    const LoadedRepository* repository = find(id);
    const AncestryReading answer =
        repository != nullptr ? repository->wanted->source->ancestry(ancestor, descendant) : AncestryReading{"unknown", "the repository is not loaded"};
    facts::add_ancestry(store_, id, ancestor, descendant, answer.state, answer.because);
  }
  store_.commit();
}

void GitState::ask_changes() {
  std::map<facts::RepositoryId, std::vector<facts::ChangeQuestion>> asked;
  for (const facts::ChangeQuestion& question : facts::read_change_questions(store_))
    if (changes_.size() < kMaxChanges && changes_.insert(question).second) asked[question.repository].push_back(question);
  store_.begin();
  for (const auto& [id, questions] : asked) {
    std::vector<ChangeQuery> queries;
    for (const facts::ChangeQuestion& question : questions) queries.push_back({question.ancestor, question.descendant, folders_of(question.folders)});
    const LoadedRepository* const repository = find(id);
    const auto answers = repository != nullptr ? repository->wanted->source->changes(queries)
                                               : std::vector<ChangeReading>(queries.size(), {"unknown", "the repository is not loaded", 0, "", 0, ""});
    for (std::size_t i = 0; i < questions.size(); ++i) {
      const ChangeReading& answer = answers[i];
      facts::add_git_change(store_, questions[i],
                            {answer.state, answer.because, answer.commits, answer.oldest, answer.oldest.empty() ? "" : formats::rfc3339_text(answer.oldest_at), answer.path});
    }
  }
  store_.commit();
}

facts::GitChartRow GitState::look_up_chart(const facts::GitChartQuestion& question) {
  facts::GitChartRow row{question, "unknown", "", ""};
  const LoadedRepository* repository = find(question.repository);
  if (repository == nullptr) {
    row.because = "the repository is not loaded";
    return row;
  }
  RepositorySource& source = *repository->wanted->source;
  const std::string& slug = repository->wanted->slug;
  const std::string path = question.folder.empty() ? "Chart.yaml" : question.folder + "/Chart.yaml";
  const auto points = source.resolve(question.revision);
  if (!points || points->size() != 1) {
    row.because = "this clone of " + slug + " has no commit " + question.revision;
    return row;
  }
  const auto files = source.files_at(points->front(), {path});
  if (!files) {
    row.because = slug + " at " + question.revision + " cannot be read: " + files.error().message;
    return row;
  }
  row.state = files->empty() ? "absent" : "present";
  if (files->empty()) return row;
  auto bytes = source.read(files->front());
  if (bytes) {
    row.bytes = *std::move(bytes);
  } else {
    row.state = "unknown";
    row.because = path + " of " + slug + " at " + question.revision + " cannot be read: " + bytes.error().message;
  }
  return row;
}

bool GitState::ask_charts() {
  bool any = false;
  store_.begin();
  for (const facts::GitChartQuestion& question : facts::read_chart_questions(store_)) {
    if (charts_.size() >= kMaxRevisions || !charts_.insert(question).second) continue;
    facts::add_git_chart(store_, look_up_chart(question));
    any = true;
  }
  store_.commit();
  return any;
}

}  // namespace trueup::engine
