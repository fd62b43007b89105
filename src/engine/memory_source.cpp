#include "base/digest.hpp"
#include "engine/repository_source.hpp"

namespace trueup::engine {
namespace {

constexpr std::string_view kTags = "refs/tags/";

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
  for (const Point& ref : refs_)
    if (ref.name == revision) return std::vector<Point>{ref};
  return Error{Fault::not_found, "no branch " + std::string(revision)};
}

Result<Point> MemorySource::present() {
  auto points = resolve(*facts_.default_branch);
  if (!points) return std::move(points).error();
  return points->front();
}

Result<std::shared_ptr<const RepositorySnapshot>> MemorySource::snapshot(const Point& point) {
  const auto branch = branches_.find((point.kind == PointKind::tag ? std::string(kTags) : "") + point.name);
  if (branch == branches_.end()) return Error{Fault::not_found, "no branch " + point.name};
  return std::shared_ptr<const RepositorySnapshot>(std::make_shared<MemorySnapshot>(branch->second, kinds_));
}

Result<std::string> MemorySource::read(const SnapshotFile& file) {
  const auto bytes = bytes_.find(file.object_id);
  if (bytes == bytes_.end()) return Error{Fault::not_found, "no object " + file.object_id};
  return bytes->second;
}

}  // namespace trueup::engine
