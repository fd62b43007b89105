#include "engine/git_source.hpp"

#include "base/text.hpp"
#include "formats/path_join.hpp"
#include "git/snapshot.hpp"

namespace trueup::engine {
namespace {

class GitSnapshot final : public RepositorySnapshot {
 public:
  explicit GitSnapshot(git::Snapshot snapshot) : snapshot_(std::move(snapshot)) {}

  std::vector<SnapshotFile> files() const override {
    std::vector<SnapshotFile> files;
    files.reserve(snapshot_.files()->size());
    snapshot_.files()->for_each([&](const git::Entry& entry) {
      if (entry.mode != git::EntryMode::file && entry.mode != git::EntryMode::executable) return;
      files.push_back({std::string(entry.path), entry.id.hex(), entry.origin == git::EntryOrigin::disk,
                       entry.mode == git::EntryMode::executable});
    });
    return files;
  }
  bool exists(std::string_view path) const override { return snapshot_.exists(path); }
  void for_each_path(const std::function<void(std::string_view)>& visit) const override {
    snapshot_.for_each_path([&](std::string_view path, git::EntryMode) { visit(path); });
  }
  bool leads_elsewhere(std::string_view path) const override {
    // A path behind a link is absent to git, and so is everything above it that is behind the link.
    while (!path.empty()) {
      const git::PathKind kind = snapshot_.find(path);
      if (kind != git::PathKind::absent) return kind == git::PathKind::symlink || kind == git::PathKind::submodule;
      path = formats::folder_of(path);
    }
    return false;
  }
  std::vector<std::pair<std::string, Error>> problems() const override {
    std::vector<std::pair<std::string, Error>> problems;
    for (const git::Problem& problem : snapshot_.problems()) problems.emplace_back(problem.path, problem.error);
    return problems;
  }

 private:
  git::Snapshot snapshot_;
};

/// Documents change nothing; at the root stands much that is none of a root of Terraform.
bool counts_as_change(std::string_view path) {
  if (path.find('/') != path.npos) return !path.ends_with(".md");
  return path.ends_with(".tf") || path.ends_with(".tfvars") || path.ends_with(".hcl") || path.ends_with(".tf.json") || path.ends_with(".tofu") || path.ends_with(".tofu.json");
}

class GitSource final : public RepositorySource {
 public:
  GitSource(git::Source source, facts::KindRules kinds)
      : source_(std::move(source)), kinds_(std::move(kinds)), reader_(source_, selector(kinds_)) {}

  const RepositoryFacts& facts() override {
    if (known_) return facts_;
    known_ = true;
    if (auto branch = source_.default_branch()) {
      facts_.default_branch = branch->name;
      if (source_.kind() != git::SourceKind::plain && !branch->reason.empty()) default_reason_ = branch->reason;
    }
    // An unborn HEAD, or a default branch that had to be guessed, is said aloud.
    if (auto head = source_.head(); head && !head->commit && !default_reason_.empty())
      facts_.notes.push_back("HEAD has no commit yet; the default branch is " +
                             facts_.default_branch.value_or("unknown") + ": " + default_reason_);
    return facts_;
  }

  const std::vector<Point>& refs() override {
    facts();
    if (!listed_) refs_ = listed([&] { return source_.list_refs(); });
    listed_ = true;
    return refs_;
  }

  std::vector<Point> branches() override {
    facts();
    return listed_ ? RepositorySource::branches() : listed([&] { return source_.list_refs(git::RefKind::branch); });
  }

  std::vector<Point> ref_names() override {
    facts();
    return listed_ ? refs_ : listed([&] { return source_.list_ref_names(); });
  }

  Result<std::vector<Point>> resolve(std::string_view revision) override {
    auto revisions = source_.resolve_revisions(revision);
    if (!revisions) return std::move(revisions).error();
    std::vector<Point> points;
    for (const git::Revision& found : *revisions) {
      const PointKind kind = found.kind == git::RevisionKind::branch ? PointKind::branch
                             : found.kind == git::RevisionKind::tag  ? PointKind::tag
                                                                     : PointKind::commit;
      points.push_back({kind, found.name, found.commit.hex(), source_.commit_time(found.commit)});
    }
    return points;
  }

  Result<Point> present() override {
    if (source_.kind() != git::SourceKind::bare) return Point{};
    if (!facts().default_branch)
      return Error{Fault::not_found, "a bare repository without a default branch; name a revision with --at"};
    auto points = resolve("refs/heads/" + *facts().default_branch);
    if (!points) return std::move(points).error();
    return points->front();
  }

  Result<std::shared_ptr<const RepositorySnapshot>> snapshot(const Point& point) override {
    auto read = point.kind == PointKind::worktree ? reader_.read_working_tree()
                                                  : reader_.read(*git::CommitId::from_hex(point.commit_id));
    if (!read) return std::move(read).error();
    return std::shared_ptr<const RepositorySnapshot>(std::make_shared<GitSnapshot>(std::move(*read)));
  }

  Result<std::string> read(const SnapshotFile& file) override {
    const git::BlobId id = *git::BlobId::from_hex(file.object_id);
    if (!file.on_disk) return source_.read_blob(id);
    git::Entry entry;
    entry.path = file.path;
    entry.id = id;
    entry.origin = git::EntryOrigin::disk;
    return source_.read(entry);
  }

  Result<TagPoints> tags() override {
    auto list = source_.list_tags();
    if (!list) return std::move(list).error();
    TagPoints result;
    result.complete = list->complete;
    result.because = join(list->incomplete_because, "; ");
    for (git::Tag& tag : list->tags)
      result.tags.push_back({{PointKind::tag, std::move(tag.name), tag.commit.hex(), tag.commit_time}, tag.annotated, std::move(tag.message), tag.tagged_at});
    return result;
  }

  Result<std::vector<SnapshotFile>> files_at(const Point& point, const std::vector<std::string>& paths) override {
    if (point.kind == PointKind::worktree) return RepositorySource::files_at(point, paths);
    auto found = source_.find_files(*git::CommitId::from_hex(point.commit_id), paths);
    if (!found) return std::move(found).error();
    std::vector<SnapshotFile> files;
    for (auto& [path, id] : *found) files.push_back({std::move(path), id.hex()});
    return files;
  }

  Result<std::vector<CommitText>> commits_between(const std::string& base, const std::string& tip, std::size_t most) override {
    const auto from = git::CommitId::from_hex(base), to = git::CommitId::from_hex(tip);
    if (!from || !to) return Error{Fault::malformed, "no commits: " + base + ", " + tip};
    auto commits = source_.commits_between(*from, *to, most);
    if (!commits) return std::move(commits).error();
    std::vector<CommitText> texts;
    for (auto& [id, message] : *commits) texts.push_back({id.hex(), std::move(message)});
    return texts;
  }

  AncestryReading ancestry(const std::string& ancestor, const std::string& descendant) override {
    const auto older = git::CommitId::from_hex(ancestor), newer = git::CommitId::from_hex(descendant);
    if (!older || !newer) return {};
    git::AncestryAnswer answer = source_.ancestry(*older, *newer);
    return {answer.state == git::Ancestry::yes ? "yes" : answer.state == git::Ancestry::no ? "no" : "unknown", std::move(answer.because)};
  }

  Result<FirstParentLine> first_parents(const std::string& commit_id, std::size_t most) override {
    const auto from = git::CommitId::from_hex(commit_id);
    if (!from) return Error{Fault::malformed, commit_id + " is no commit"};
    auto line = source_.first_parents(*from, most);
    if (!line) return std::move(line).error();
    FirstParentLine result{{}, line->to_the_root};
    for (const git::FirstParents::Step& step : line->steps)
      result.commits.push_back({PointKind::commit, step.commit.hex(), step.commit.hex(), step.time});
    return result;
  }

  DistanceReading distance(const std::string& base, const std::string& tip) override {
    const auto from = git::CommitId::from_hex(base), to = git::CommitId::from_hex(tip);
    if (!from || !to) return {};
    const auto answer = source_.distance(*from, *to);
    if (!answer) return {"unknown", answer.error().message, 0, 0, 0, ""};
    return {"known", "", answer->ahead, answer->behind, answer->behind_since, answer->merge_base ? answer->merge_base->hex() : ""};
  }

  std::vector<ChangeReading> changes(const std::vector<ChangeQuery>& queries) override {
    std::vector<ChangeReading> readings(queries.size(), {"unknown", "no commit's id", 0, "", 0, ""});
    std::vector<git::ChangesWanted> wanted;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < queries.size(); ++i) {
      const auto older = git::CommitId::from_hex(queries[i].from), newer = git::CommitId::from_hex(queries[i].to);
      if (!older || !newer) continue;
      wanted.push_back({*older, *newer, queries[i].folders.in, queries[i].folders.out});
      places.push_back(i);
    }
    const auto answers = source_.changes(wanted, counts_as_change);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const auto& answer = answers[i];
      if (answer) {
        readings[places[i]] = {"known", "", answer->commits, answer->oldest ? answer->oldest->hex() : "", answer->oldest_at, answer->path};
      } else {
        readings[places[i]].because = answer.error().message;
      }
    }
    return readings;
  }

  Result<PathIds> paths_at(const std::string& commit, const std::function<bool(std::string_view path)>& wanted) override {
    const auto id = git::CommitId::from_hex(commit);
    if (!id) return Error{Fault::malformed, "no commit id: " + commit};
    git::SnapshotReader reader(source_, {[&](std::string_view path) { return wanted(path); }, [](std::string_view) { return true; }});
    auto snapshot = reader.read(*id);
    if (!snapshot) return std::move(snapshot).error();
    PathIds found;
    snapshot->files()->for_each([&](const git::Entry& entry) {
      if (entry.mode == git::EntryMode::file || entry.mode == git::EntryMode::executable) found.emplace(std::string(entry.path), entry.id.hex());
    });
    return found;
  }

  std::string folder() const override { return source_.kind() == git::SourceKind::bare ? std::string() : source_.root().string(); }

 private:
  static git::PathSelector selector(const facts::KindRules& kinds) {
    return {[&kinds](std::string_view path) { return facts::is_wanted(path, kinds); },
            [&kinds](std::string_view path) { return facts::is_folder_wanted(path, kinds); }};
  }

  std::vector<Point> listed(const std::function<Result<git::RefList>()>& list_refs) {
    if (source_.kind() == git::SourceKind::plain) {
      facts_.heads_complete = facts_.tags_complete = facts_.history_complete = false;
      return {};
    }
    auto list = list_refs();
    if (!list) {
      facts_.heads_complete = facts_.tags_complete = false;
      facts_.notes.push_back("the list of branches and tags could not be read: " + list.error().message);
      return {};
    }
    facts_.heads_complete = list->heads_complete;
    facts_.tags_complete = list->tags_complete;
    facts_.history_complete = list->history_complete;
    std::vector<Point> refs;
    refs.reserve(list->refs.size());
    for (git::Ref& ref : list->refs) {
      const PointKind kind = ref.kind == git::RefKind::branch ? PointKind::branch : PointKind::tag;
      refs.push_back({kind, std::move(ref.name), ref.commit.hex(), ref.commit_time});
    }
    return refs;
  }

  git::Source source_;
  facts::KindRules kinds_;
  git::SnapshotReader reader_;
  RepositoryFacts facts_;
  std::string default_reason_;
  std::vector<Point> refs_;
  bool known_ = false, listed_ = false;
};

}  // namespace

std::unique_ptr<RepositorySource> make_git_source(git::Source source, facts::KindRules kinds) {
  return std::make_unique<GitSource>(std::move(source), std::move(kinds));
}

}  // namespace trueup::engine
