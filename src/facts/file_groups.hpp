#pragma once

#include <compare>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "facts/store.hpp"
#include "facts/world.hpp"

namespace trueup::facts {

/// Which files of a set are of the same chart, or of charts that name each other by file://. Told once for each file set.
class ChartFolders {
 public:
  /// Reads which charts name which, of what is loaded by now.
  explicit ChartFolders(Store& store);
  /// By the file's number within its set: that of its charts, from 1; 0 outside charts. From any thread.
  const std::vector<std::uint32_t>& of(FileSetId set);

 private:
  std::vector<std::uint32_t> find(FileSetId set) const;

  const Store& store_;
  std::unordered_map<BlobId, std::vector<std::string>> links_;
  std::mutex guard_;
  std::unordered_map<FileSetId, std::vector<std::uint32_t>> known_;
};

/// File sets that hold the same as far as a rule can see are judged once, and so are charts that hold the same. Takes file sets one
/// by one and picks the files that are not yet judged; what comes out for those holds in every file set that is named for them.
class FileGroups {
 public:
  FileGroups(const Store& store, ChartFolders& charts, Sight sight);

  /// In ascending order.
  void add(FileSetId set);

  /// The file sets that bring something new, and the files in sight of what is new in them, with all outside charts; ascending.
  const std::vector<FileSetId>& sets() const { return sets_; }
  const std::vector<FileId>& files() const { return files_; }
  /// The file sets in which a verdict on one of files() holds: its own among them. Empty for other files.
  std::span<const FileSetId> holders(FileId file) const;

  /// The first of the sets that hold the same outside charts; all of it counts as that where sight is not within charts.
  FileSetId first_alike(FileSetId set) const { return groups_[outside_of_.at(set)].holders.front(); }

  /// The files of a set that are in sight.
  std::vector<FileId> in_sight(FileSetId set) const;

 private:
  struct Group {
    std::vector<FileId> files;
    std::size_t beside = 0;  ///< the group of what is outside charts
    std::vector<FileSetId> holders;
  };
  using Part = std::span<const FileId>;

  /// Sorts the files in sight of a set by chart, those outside charts first, and tells how many each has.
  std::vector<std::size_t> sort_by_chart(FileSetId set, std::vector<FileId>& files);
  std::pair<std::size_t, bool> find_or_add(Part part, std::size_t beside);
  std::uint64_t hash_of(Part part) const;
  bool same(Part left, Part right) const;

  const Store& store_;
  ChartFolders& charts_;
  Sight sight_;
  std::vector<Group> groups_;
  std::unordered_multimap<std::uint64_t, std::size_t> by_hash_;
  std::unordered_map<FileId, std::size_t> group_of_;
  std::unordered_map<FileSetId, std::size_t> outside_of_;
  std::vector<FileSetId> sets_;
  std::vector<FileId> files_;
};

}  // namespace trueup::facts
