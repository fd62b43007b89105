#include "engine/edited_source.hpp"

#include "base/digest.hpp"

namespace trueup::engine {
namespace {

using BytesAt = std::map<std::string, std::string>;

/// Of these bytes as an edit made them; never an id of git's, whose bytes may be on disk in another form.
std::string id_of(const std::string& bytes) { return "edited " + sha256_hex(bytes); }

class EditedSnapshot final : public RepositorySnapshot {
 public:
  EditedSnapshot(std::shared_ptr<const RepositorySnapshot> snapshot, const BytesAt& bytes_at)
      : snapshot_(std::move(snapshot)), files_(snapshot_->files()) {
    for (SnapshotFile& file : files_) {
      const auto edited = bytes_at.find(file.path);
      if (edited == bytes_at.end()) continue;
      file.object_id = id_of(edited->second);
      file.on_disk = false;
    }
  }
  std::vector<SnapshotFile> files() const override { return files_; }
  bool exists(std::string_view path) const override { return snapshot_->exists(path); }
  void for_each_path(const std::function<void(std::string_view)>& visit) const override { snapshot_->for_each_path(visit); }
  bool leads_elsewhere(std::string_view path) const override { return snapshot_->leads_elsewhere(path); }
  std::vector<std::pair<std::string, Error>> problems() const override { return snapshot_->problems(); }

 private:
  std::shared_ptr<const RepositorySnapshot> snapshot_;
  std::vector<SnapshotFile> files_;
};

class EditedSource final : public RepositorySource {
 public:
  EditedSource(RepositorySource& source, BytesAt bytes_at) : source_(source), bytes_at_(std::move(bytes_at)) {}

  const RepositoryFacts& facts() override { return source_.facts(); }
  const std::vector<Point>& refs() override { return source_.refs(); }
  Result<std::vector<Point>> resolve(std::string_view revision) override { return source_.resolve(revision); }
  Result<Point> present() override { return source_.present(); }
  Result<std::shared_ptr<const RepositorySnapshot>> snapshot(const Point& point) override {
    auto snapshot = source_.snapshot(point);
    if (!snapshot) return snapshot;
    return std::shared_ptr<const RepositorySnapshot>(std::make_shared<EditedSnapshot>(*std::move(snapshot), bytes_at_));
  }
  Result<std::string> read(const SnapshotFile& file) override {
    const auto edited = bytes_at_.find(file.path);
    if (edited != bytes_at_.end() && id_of(edited->second) == file.object_id) return edited->second;
    return source_.read(file);
  }
  std::string folder() const override { return source_.folder(); }

 private:
  RepositorySource& source_;
  BytesAt bytes_at_;
};

}  // namespace

std::unique_ptr<RepositorySource> make_edited_source(RepositorySource& source, BytesAt bytes_at) {
  return std::make_unique<EditedSource>(source, std::move(bytes_at));
}

}  // namespace trueup::engine
