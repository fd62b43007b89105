#pragma once

#include <span>
#include <string>

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
};

/// Fills the temp tables judged, judged_file and head of views.sql; what stood there before is gone.
void set_world(Store& store, std::span<const JudgedSet> sets, std::span<const HeadRow> heads);

}  // namespace trueup::facts
