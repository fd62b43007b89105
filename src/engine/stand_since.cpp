#include "engine/stand_since.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace trueup::engine {
namespace {

// Bounds of all walks of a run: commits of one branch, versions of files that are read, and time.
constexpr std::size_t kMaxFirstParents = 5'000, kMaxWalkedBlobs = 20'000;
constexpr std::chrono::seconds kMaxWalkTime{10};

/// A line of a finding on its way back.
struct Line {
  std::string finding;      ///< fingerprint
  std::string text;         ///< empty: the file itself
  bool whole = true;        ///< `text` is all of the line
  std::uint32_t number = 1; ///< where it stands now
  std::size_t before = 0;   ///< lines of that text above it
  bool known = false;
  audit::StandsSince since;
};

bool is_line(std::string_view found, const Line& line) {
  if (found.ends_with('\r')) found.remove_suffix(1);
  return line.whole ? found == line.text : found.find(line.text) != found.npos;
}

/// Lines of that text, above a line's number or in all.
std::size_t count_lines(std::string_view bytes, const Line& line, std::uint32_t above = 0) {
  std::size_t count = 0;
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    if (above != 0 && ++number >= above) break;
    count += is_line(bytes.substr(at, end - at), line) ? 1 : 0;
    at = end + 1;
  }
  return count;
}

class Walk {
 public:
  /// The lines of one branch, by path.
  using Lines = std::map<std::string, std::vector<Line>>;

  void follow(const std::string& slug, RepositorySource& source, const std::string& tip, Lines& lines) {
    auto parents = source.first_parents(tip, kMaxFirstParents);
    if (!parents || parents->commits.empty()) return;
    std::map<std::string, std::string> seen;  // path -> blob at the commit after
    std::set<std::string> open;
    for (const auto& [path, each] : lines) open.insert(path);
    std::size_t at = 0;
    for (; at < parents->commits.size() && !open.empty(); ++at) {
      if (is_over()) break;
      auto files = source.files_at(parents->commits[at], {open.begin(), open.end()});
      if (!files) break;
      std::map<std::string, const SnapshotFile*> here;
      for (const SnapshotFile& file : *files) here[file.path] = &file;
      for (auto path = open.begin(); path != open.end();) {
        const auto file = here.find(*path);
        std::vector<Line>& wanted = lines[*path];
        if (file == here.end()) {
          for (Line& line : wanted) settle(line, slug, *parents, at);
        } else if (std::string& blob = seen[*path]; blob != file->second->object_id) {
          blob = file->second->object_id;
          if (!compare(source, *file->second, wanted, slug, *parents, at)) return end(lines, slug, *parents, at);
        }
        const bool done = std::all_of(wanted.begin(), wanted.end(), [](const Line& line) { return line.known; });
        path = done ? open.erase(path) : std::next(path);
      }
    }
    end(lines, slug, *parents, at);
  }

 private:
  bool is_over() const { return std::chrono::steady_clock::now() > deadline_ || blobs_ > kMaxWalkedBlobs; }

  /// Settles what a version of a file lacks; false if it cannot be read.
  bool compare(RepositorySource& source, const SnapshotFile& file, std::vector<Line>& wanted, const std::string& slug,
               const FirstParentLine& parents, std::size_t at) {
    ++blobs_;
    const auto bytes = source.read(file);
    if (!bytes) return false;
    for (Line& line : wanted) {
      if (line.known || line.text.empty()) continue;
      if (at == 0) line.before = count_lines(*bytes, line, line.number);
      if (count_lines(*bytes, line) <= line.before) settle(line, slug, parents, at);
    }
    return true;
  }

  /// It is not there at commit `at`, so it stands since the one after; at the tip it is not committed.
  static void settle(Line& line, const std::string& slug, const FirstParentLine& parents, std::size_t at) {
    if (line.known) return;
    line.known = true;
    if (at > 0) line.since = {slug, parents.commits[at - 1].commit_id, parents.commits[at - 1].committed_at, false};
  }

  /// What still stands at the last commit that was looked at.
  static void end(Lines& lines, const std::string& slug, const FirstParentLine& parents, std::size_t looked_at) {
    if (looked_at == 0) return;
    const bool root = parents.to_the_root && looked_at == parents.commits.size();
    const Point& last = parents.commits[looked_at - 1];
    for (auto& [path, each] : lines)
      for (Line& line : each)
        if (!line.known) line.since = {slug, last.commit_id, last.committed_at, !root};
  }

  std::size_t blobs_ = 0;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::now() + kMaxWalkTime;
};

/// The commits that places of a repository are named by.
std::map<std::string, std::string> tips_of(const RunState& state, const LoadedRepository& repository) {
  std::map<std::string, std::string> tips;
  const auto add = [&](const Point& point) {
    if (point.kind != PointKind::worktree) tips.try_emplace(shown_name(point), point.commit_id);
  };
  for (const LoadedPoint& point : repository.points) add(point.asked.point);
  std::vector<facts::FileSetId> sets;
  if (repository.neighbour) sets.push_back(*repository.neighbour);
  for (const facts::HeadRow& head : repository.heads) sets.push_back(head.file_set);
  for (const facts::FileSetId set : sets)
    if (const Point* point = state.loader->point_of(set)) add(*point);
  if (repository.wanted->source)
    if (const auto head = repository.wanted->source->resolve("HEAD"); head && head->size() == 1) tips.try_emplace("", head->front().commit_id);
  return tips;
}

}  // namespace

std::map<std::string, audit::StandsSince> stand_since(RunState& state, const std::vector<const rules::Finding*>& findings) {
  std::map<std::string, std::pair<const LoadedRepository*, std::map<std::string, std::string>>> repositories;
  for (const LoadedRepository& repository : state.repositories)
    if (repository.loaded) repositories[repository.wanted->slug] = {&repository, tips_of(state, repository)};

  std::map<std::pair<std::string, std::string>, Walk::Lines> branches;  // by repository and tip
  std::set<std::string> without;                                        // findings with a place that has no history
  const auto add = [&](const rules::Finding& finding, const rules::FilePlace& place) {
    const auto repository = repositories.find(place.repository);
    if (repository == repositories.end()) return false;
    auto& [loaded, tips] = repository->second;
    auto tip = tips.find(place.revision);
    if (tip == tips.end()) {
      // A branch that holds what is at hand lends it its name.
      const auto point = loaded->wanted->source->resolve(place.revision);
      tip = tips.emplace(place.revision, point && point->size() == 1 ? point->front().commit_id : "").first;
    }
    if (tip->second.empty()) return false;
    Line line;
    line.finding = finding.fingerprint;
    line.text = place.line_text;
    while (line.text.ends_with('\r') || line.text.ends_with('\n')) line.text.pop_back();
    line.whole = place.line_text_from == 0 && place.line_text.size() < 400;
    line.number = place.begin.line;
    branches[{place.repository, tip->second}][place.path].push_back(std::move(line));
    return true;
  };
  for (const rules::Finding* finding : findings) {
    bool all = add(*finding, finding->at);
    for (const rules::RelatedPlace& related : finding->related)
      if (const auto* place = std::get_if<rules::FilePlace>(&related.place)) all = add(*finding, *place) && all;
    if (!all) without.insert(finding->fingerprint);
  }

  std::map<std::string, audit::StandsSince> since;
  Walk walk;
  for (auto& [branch, lines] : branches) {
    state.progress("looking through the history of " + branch.first);
    walk.follow(branch.first, *repositories[branch.first].first->wanted->source, branch.second, lines);
    for (const auto& [path, each] : lines)
      for (const Line& line : each) {
        if (line.since.commit_id.empty()) {
          without.insert(line.finding);
          continue;
        }
        // All lines have to be there: the youngest tells.
        audit::StandsSince& known = since[line.finding];
        if (known.commit_id.empty() || line.since.committed_at > known.committed_at) known = line.since;
      }
  }
  for (const std::string& finding : without) since.erase(finding);
  return since;
}

}  // namespace trueup::engine
