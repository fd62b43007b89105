#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/fleet_trees.hpp"
#include "engine/request.hpp"
#include "facts/extract/extractor.hpp"
#include "facts/store.hpp"
#include "facts/table_set.hpp"
#include "formats/ref_filter.hpp"

namespace trueup::engine {

/// A snapshot as the store holds it.
struct LoadedSnapshot {
  facts::SnapshotId snapshot = 0;
  facts::FileSetId file_set = 0;
};

/// Brings snapshots into the store: reads and parses each blob once, in parallel with storing the rows of those before it.
class Loader {
 public:
  /// `repositories`: where the generators of ApplicationSets may look. All must outlive the loader.
  Loader(facts::Store& store, const facts::KindRules& kinds, facts::TableSet wanted, const Withheld& withheld,
         const std::vector<FleetRepository>& repositories);

  /// Reads what is new in these snapshots of one repository. The answers stand in the order of `points`; a snapshot that
  /// cannot be read (a missing commit) is an error of its own.
  std::vector<Result<LoadedSnapshot>> load(facts::RepositoryId repository, const std::string& slug, RepositorySource& source,
                                           const std::vector<Point>& points);

  /// The snapshot of a file set of the store again, with other bytes at some of its paths: what an edit would make of it.
  Result<LoadedSnapshot> load_edited(facts::RepositoryId repository, const std::string& slug, facts::FileSetId file_set,
                                     std::map<std::string, std::string> bytes_at);

  /// Of each point only the files at its paths, and of these only what carries a train's version: for tags, of which there are
  /// thousands. The answers stand in the order of `points`.
  std::vector<Result<facts::FileSetId>> load_carriers(facts::RepositoryId repository, const std::string& slug, RepositorySource& source,
                                                      const std::vector<Point>& points, const std::vector<std::vector<std::string>>& paths);
  /// A file of no repository: the config. Its spans are those of `ranges`; `first_span` is the number of the first.
  facts::FileId load_text(facts::RepositoryId stands_for, const std::string& path, const std::string& text,
                          const std::vector<ByteRange>& ranges, std::int64_t& first_span);

  /// The point that a file set was read at; of several, the first that was read. Null for one that was not.
  const Point* point_of(facts::FileSetId file_set) const;
  /// How a file of the store stands in its snapshot.
  const SnapshotFile* snapshot_file(facts::FileId file) const;

  /// The bytes of a file of the store, read again for showing a place.
  Result<std::string> bytes_of(facts::FileId file);

  /// What could not be listed or read, as notes.
  const std::vector<std::string>& notes() const { return notes_; }
  std::size_t blob_count() const { return blobs_.size(); }

 private:
  struct Wanted {
    SnapshotFile file;
    std::string_view kind;
    bool withheld = false;
    std::optional<Error> unreadable;  ///< the snapshot could not even identify it
    facts::BlobId* id = nullptr;      ///< where its number goes
  };
  struct PathPattern {
    std::optional<formats::RefFilter> filter;  ///< nothing: no legal pattern
    std::string prefix;                        ///< what every match begins with
    std::string witness;
    bool matches(std::string_view path) const { return path.starts_with(prefix) && filter->matches(path); }
  };
  struct Mention {
    bool relative_to_file = false;
    std::string path, purpose;
  };

  struct Member {
    std::string path;
    std::string_view kind;
    const facts::BlobId* blob = nullptr;  ///< its number, once it is read
  };

  /// Adds the file to `members` once for each kind, and to `wanted` where it is new.
  void want(const SnapshotFile& file, bool withheld, const std::optional<Error>& unreadable, std::vector<Wanted>& wanted,
            std::vector<Member>& members);
  static std::vector<Mention> mentions_in(const facts::BlobRows& rows);
  void read_blobs(RepositorySource& source, const std::vector<Wanted>& wanted);
  /// A file that a pipeline of GitLab CI includes is one of GitLab CI, whatever its path: those are read again as such.
  /// The paths of YAML files that a pattern of an include matches.
  static void add_matching(const std::string& pattern, const std::vector<Member>& members, std::vector<std::string>& paths);
  void read_included_pipelines(const std::string& slug, RepositorySource& source, std::vector<std::vector<Member>>& members_of);
  facts::BlobId path_blob(std::string_view kind);
  void add_mentioned_paths(const RepositorySnapshot& snapshot, std::vector<facts::FileSetMember>& members);
  void add_made_applications(const std::string& slug, RepositorySource& source, const std::shared_ptr<const RepositorySnapshot>& snapshot,
                             const Point& point, std::vector<facts::FileSetMember>& members);
  void find_witnesses(const RepositorySnapshot& snapshot, const std::vector<facts::FileSetMember>& members,
                      std::vector<std::pair<std::string, std::string_view>>& found);

  facts::Store& store_;
  const facts::KindRules& kinds_;
  facts::TableSet tables_;
  const Withheld& withheld_;
  std::unordered_map<std::string, facts::BlobId> blobs_;  ///< object id, kind
  std::unordered_map<facts::BlobId, std::vector<Mention>> mentions_;
  /// Patterns of path filters, and the path that last matched each: it mostly does in the next snapshot too.
  std::map<std::string, PathPattern> patterns_;
  std::map<std::tuple<facts::RepositoryId, const RepositorySource*, std::string>, LoadedSnapshot> snapshots_;  ///< by commit
  /// Where a file set can be read again.
  std::map<facts::FileSetId, std::pair<RepositorySource*, Point>> set_origins_;
  std::vector<std::unique_ptr<RepositorySource>> edited_;  ///< sources of load_edited() and load_text()
  /// Where a blob can be read again.
  struct Origin {
    RepositorySource* source = nullptr;
    SnapshotFile file;
  };
  std::unordered_map<facts::BlobId, Origin> origins_;
  FleetTrees trees_;
  std::unordered_set<facts::BlobId> set_blobs_;  ///< that may hold ApplicationSets
  std::vector<std::string> notes_;
};

}  // namespace trueup::engine
