#include <algorithm>

#include "base/digest.hpp"
#include "engine/repository_source.hpp"
#include "formats/timestamp.hpp"

namespace trueup::engine {
namespace {

constexpr std::string_view kHeads = "refs/heads/", kTags = "refs/tags/";
/// What stands for the commit that a change is held against.
constexpr std::string_view kBase = "before the change";

class MemorySnapshot final : public RepositorySnapshot {
 public:
  MemorySnapshot(const MemorySource::Files& files, const facts::KindRules& kinds) : all_(files) {
    for (const auto& [path, bytes] : files)
      if (facts::is_wanted(path, kinds)) wanted_.push_back({path, sha256_hex(bytes).substr(0, 40), false});
  }
  std::vector<SnapshotFile> files() const override { return wanted_; }
  void for_each_path(const std::function<void(std::string_view)>& visit) const override {
    for (const auto& [path, bytes] : all_) visit(path);
  }
  bool exists(std::string_view path) const override {
    if (all_.contains(std::string(path))) return true;
    const std::string folder = std::string(path) + "/";
    const auto below = all_.lower_bound(folder);
    return below != all_.end() && below->first.starts_with(folder);
  }

 private:
  MemorySource::Files all_;
  std::vector<SnapshotFile> wanted_;
};

}  // namespace

std::string shown_name(const Point& point) {
  return point.kind == PointKind::commit ? point.commit_id.substr(0, 10) : point.name;
}

std::string_view to_string(PointKind kind) {
  switch (kind) {
    case PointKind::worktree: return "worktree";
    case PointKind::branch: return "branch";
    case PointKind::tag: return "tag";
    case PointKind::commit: return "commit";
  }
  return "commit";
}

MemorySource::MemorySource(std::string default_branch, std::map<std::string, Files> branches, facts::KindRules kinds)
    : branches_(std::move(branches)), kinds_(std::move(kinds)) {
  facts_.default_branch = std::move(default_branch);
  std::int64_t time = 1'000'000'000;
  for (const auto& [name, files] : branches_) {
    const bool is_tag = name.starts_with(kTags);
    refs_.push_back({is_tag ? PointKind::tag : PointKind::branch, is_tag ? name.substr(kTags.size()) : name, sha256_hex(name).substr(0, 40), ++time});
    for (const auto& [path, bytes] : files) bytes_.emplace(sha256_hex(bytes).substr(0, 40), bytes);
  }
}

Result<std::vector<Point>> MemorySource::resolve(std::string_view revision) {
  std::string_view name = revision;
  const bool is_head = name.starts_with(kHeads);
  if (is_head) name.remove_prefix(kHeads.size());
  const bool is_tag = name.starts_with(kTags);
  if (is_tag) name.remove_prefix(kTags.size());
  for (const Point& ref : refs_)
    if (ref.name == name && (!is_head || ref.kind == PointKind::branch) && (!is_tag || ref.kind == PointKind::tag)) return std::vector<Point>{ref};
  for (const ToldTag& tag : told_tags_)
    if (is_tag && tag.name == name) return std::vector<Point>{{PointKind::tag, tag.name, commit_of_tag(tag), 0}};
  std::vector<Point> commits;
  for (const Point& ref : refs_)
    if (ref.commit_id == revision) return std::vector<Point>{{PointKind::commit, ref.commit_id, ref.commit_id, ref.committed_at}};
  for (const ToldCommit& commit : told_commits_)
    if (revision.size() >= 7 && commit.id.starts_with(revision)) commits.push_back({PointKind::commit, commit.id, commit.id, commit.committed_at});
  if (commits.size() > 1) return Error{Fault::malformed, std::to_string(commits.size()) + " commits start with " + std::string(revision)};
  if (!commits.empty()) return commits;
  return Error{Fault::not_found, "no branch " + std::string(revision)};
}

Result<Point> MemorySource::present() {
  auto points = resolve(*facts_.default_branch);
  if (!points) return std::move(points).error();
  return points->front();
}

Result<std::shared_ptr<const RepositorySnapshot>> MemorySource::snapshot(const Point& point) {
  if (told_change_ && point == base()) return std::shared_ptr<const RepositorySnapshot>(std::make_shared<MemorySnapshot>(told_change_->before, kinds_));
  if (const auto told = std::ranges::find(told_commits_, point.commit_id, &ToldCommit::id); point.kind == PointKind::commit && told != told_commits_.end())
    return std::shared_ptr<const RepositorySnapshot>(std::make_shared<MemorySnapshot>(told->files, kinds_));
  const auto branch = branches_.find((point.kind == PointKind::tag ? std::string(kTags) : "") + point.name);
  const bool told = std::any_of(told_tags_.begin(), told_tags_.end(), [&](const ToldTag& tag) { return tag.name == point.name; });
  if (branch == branches_.end() && told) return std::shared_ptr<const RepositorySnapshot>(std::make_shared<MemorySnapshot>(Files{}, kinds_));
  if (branch == branches_.end()) return Error{Fault::not_found, "no branch " + point.name};
  return std::shared_ptr<const RepositorySnapshot>(std::make_shared<MemorySnapshot>(branch->second, kinds_));
}

void MemorySource::tell_commits(std::vector<ToldCommit> commits) {
  told_commits_ = std::move(commits);
  for (const ToldCommit& commit : told_commits_)
    for (const auto& [path, bytes] : commit.files) bytes_.emplace(sha256_hex(bytes).substr(0, 40), bytes);
}

void MemorySource::tell_change(ToldChange change) {
  for (const auto& [path, bytes] : change.before) bytes_.emplace(sha256_hex(bytes).substr(0, 40), bytes);
  told_change_ = std::move(change);
}

Point MemorySource::base() const { return {PointKind::commit, std::string(kBase), sha256_hex(kBase).substr(0, 40), 1}; }

Result<std::vector<CommitText>> MemorySource::commits_between(const std::string& /*base*/, const std::string& /*tip*/, std::size_t most) {
  if (!told_change_) return Error{Fault::not_found, "it has no history"};
  std::vector<CommitText> commits;
  for (const std::string& message : told_change_->messages)
    if (commits.size() < most) commits.push_back({sha256_hex(message).substr(0, 40), message});
  return commits;
}

Result<std::string> MemorySource::read(const SnapshotFile& file) {
  const auto bytes = bytes_.find(file.object_id);
  if (bytes == bytes_.end()) return Error{Fault::not_found, "no object " + file.object_id};
  return bytes->second;
}

std::string MemorySource::commit_of_tag(const ToldTag& tag) const {
  if (tag.commit.size() == 40 && tag.commit.find_first_not_of("0123456789abcdef") == std::string::npos) return tag.commit;
  return sha256_hex(tag.commit.empty() ? std::string(kTags) + tag.name : "commit " + tag.commit).substr(0, 40);
}

Result<TagPoints> MemorySource::tags() {
  TagPoints result;
  result.complete = facts_.tags_complete;
  for (const ToldTag& told : told_tags_) {
    TagPoint tag{{PointKind::tag, told.name, commit_of_tag(told), 0}, !told.message.empty(), told.message, 0};
    if (const auto time = formats::parse_rfc3339(told.tagged_at)) tag.tagged_at = *time;
    result.tags.push_back(std::move(tag));
  }
  for (const Point& ref : refs_) {
    const bool told = std::any_of(told_tags_.begin(), told_tags_.end(), [&](const ToldTag& tag) { return tag.name == ref.name; });
    if (ref.kind == PointKind::tag && !told) result.tags.push_back({ref, false, "", 0});
  }
  std::sort(result.tags.begin(), result.tags.end(), [](const TagPoint& a, const TagPoint& b) { return a.point.name < b.point.name; });
  return result;
}

AncestryReading MemorySource::ancestry(const std::string& ancestor, const std::string& descendant) {
  if (ancestor == descendant) return {"yes", ""};
  for (std::size_t older = 0; older < told_commits_.size(); ++older) {
    if (told_commits_[older].id != ancestor) continue;
    for (const std::string& branch : told_commits_[older].branches) {
      if (sha256_hex(branch).substr(0, 40) == descendant) return {"yes", ""};
      for (std::size_t newer = older + 1; newer < told_commits_.size(); ++newer)
        if (told_commits_[newer].id == descendant && std::ranges::count(told_commits_[newer].branches, branch) > 0) return {"yes", ""};
    }
    return {"no", ""};
  }
  const auto at = [&](const std::string& commit) {
    return std::find_if(told_tags_.begin(), told_tags_.end(), [&](const ToldTag& tag) { return commit_of_tag(tag) == commit; });
  };
  const auto older = at(ancestor), newer = at(descendant);
  if (older == told_tags_.end() || newer == told_tags_.end()) return {"unknown", "its history is not told"};
  return {older < newer && !newer->aside ? "yes" : "no", ""};
}

void MemorySource::tell_branches(const std::map<std::string, ToldBranch>& branches) {
  told_branches_ = branches;
  for (Point& ref : refs_) {
    const auto told = branches.find(ref.name);
    if (ref.kind != PointKind::branch || told == branches.end()) continue;
    if (!told->second.commit.empty()) ref.commit_id = told->second.commit;
    if (const auto time = formats::parse_rfc3339(told->second.committed_at)) ref.committed_at = *time;
  }
}

DistanceReading MemorySource::distance(const std::string& base, const std::string& tip) {
  const auto at = [&](const std::string& commit) { return std::ranges::find(refs_, commit, &Point::commit_id); };
  const auto from = at(base), to = at(tip);
  if (from == refs_.end() || to == refs_.end()) return {"unknown", "its history is not told", 0, 0, 0, ""};
  const auto told = told_branches_.find(to->name);
  if (told == told_branches_.end()) return {"known", "", 1, 0, 0, base};
  if (!told->second.known) return {"unknown", "the history of this clone is cut off (shallow)", 0, 0, 0, ""};
  const auto parted = std::ranges::find(refs_, told->second.base, &Point::name);
  return {"known", "", told->second.ahead, told->second.behind, formats::parse_rfc3339(told->second.behind_since).value_or(0),
          parted == refs_.end() ? base : parted->commit_id};
}

Result<PathIds> MemorySource::paths_at(const std::string& commit, const std::function<bool(std::string_view path)>& wanted) {
  const auto at = std::ranges::find(refs_, commit, &Point::commit_id);
  if (at == refs_.end()) return Error{Fault::not_found, "no commit " + commit};
  PathIds found;
  for (const auto& [path, bytes] : branches_.at((at->kind == PointKind::tag ? std::string(kTags) : "") + at->name))
    if (wanted(path)) found.emplace(path, sha256_hex(bytes).substr(0, 40));
  return found;
}

std::vector<ChangeReading> MemorySource::changes(const std::vector<ChangeQuery>& queries) {
  std::vector<ChangeReading> answers;
  for (const ChangeQuery& query : queries) answers.push_back(changes_of(query));
  return answers;
}

ChangeReading MemorySource::changes_of(const ChangeQuery& query) {
  const auto& [from, to, folders] = query;
  const auto first = std::ranges::find(told_commits_, from, &ToldCommit::id);
  if (first == told_commits_.end()) return {"unknown", "its history is not told", 0, "", 0, ""};
  const auto below = [](const std::string& path, const std::vector<std::string>& list) {
    return std::ranges::any_of(list, [&](const std::string& folder) { return folder.empty() ? path.find('/') == path.npos : path.starts_with(folder + "/"); });
  };
  ChangeReading result{"known", "", 0, "", 0, ""};
  for (auto commit = first + 1; commit != told_commits_.end(); ++commit) {
    if (commit->id != to && ancestry(commit->id, to).state != "yes") continue;
    const auto touched = std::ranges::find_if(commit->touches, [&](const std::string& path) {
      return below(path, folders.in) && !below(path, folders.out) && !path.ends_with(".md");
    });
    if (touched == commit->touches.end()) continue;
    if (++result.commits == 1) {
      result.oldest = commit->id;
      result.oldest_at = commit->committed_at;
      result.path = *touched;
    }
  }
  return result;
}

Result<TagPoints> RepositorySource::tags() {
  TagPoints result;
  for (const Point& ref : refs())
    if (ref.kind == PointKind::tag) result.tags.push_back({ref, false, "", ref.committed_at});
  result.complete = facts().tags_complete;
  return result;
}

Result<std::vector<SnapshotFile>> RepositorySource::files_at(const Point& point, const std::vector<std::string>& paths) {
  auto taken = snapshot(point);
  if (!taken) return std::move(taken).error();
  std::vector<SnapshotFile> found;
  for (SnapshotFile& file : (*taken)->files())
    if (std::find(paths.begin(), paths.end(), file.path) != paths.end()) found.push_back(std::move(file));
  return found;
}

Result<std::vector<CommitText>> RepositorySource::commits_between(const std::string& /*base*/, const std::string& /*tip*/, std::size_t /*most*/) {
  return Error{Fault::not_found, "it has no history"};
}

Result<FirstParentLine> RepositorySource::first_parents(const std::string& /*commit_id*/, std::size_t /*most*/) {
  return Error{Fault::not_found, "it has no history"};
}

}  // namespace trueup::engine
