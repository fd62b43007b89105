#pragma once

#include <string>
#include <vector>

#include "facts/store.hpp"

namespace trueup::facts {

/// A file set that a world judges.
struct JudgedSet {
  FileSetId file_set = 0;
  bool on_default = true;  ///< stands on its repository's default branch
  friend auto operator<=>(const JudgedSet&, const JudgedSet&) = default;
};

/// A branch as it stands in a world.
struct HeadRow {
  RepositoryId repository = 0;
  std::string name;
  FileSetId file_set = 0;
  bool is_default = false;
  friend bool operator==(const HeadRow&, const HeadRow&) = default;
};

/// The temp tables judged, judged_file and head of views.sql, which must have been created before the first set().
class JudgedFiles {
 public:
  explicit JudgedFiles(Store& store) : store_(store) {}
  /// Fills them; what stood there before is gone. Costs nothing where they hold just that already.
  void set(std::vector<JudgedSet> sets, std::vector<HeadRow> heads);

 private:
  Store& store_;
  bool filled_ = false;
  std::vector<JudgedSet> sets_;
  std::vector<HeadRow> heads_;
};

}  // namespace trueup::facts
