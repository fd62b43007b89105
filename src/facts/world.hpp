#pragma once

#include <algorithm>
#include <compare>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "facts/judged_file_table.hpp"
#include "facts/store.hpp"

namespace trueup::facts {

/// A file set that a world judges.
struct JudgedSet {
  FileSetId file_set = 0;
  bool on_default = true;  ///< stands on its repository's default branch
  friend auto operator<=>(const JudgedSet&, const JudgedSet&) = default;
};

/// What a rule looks at in a file set.
struct Sight {
  bool every_kind = true;
  std::vector<std::string_view> kinds;  ///< of file_set_member, sorted; nothing where every_kind
  bool paths = false;                   ///< files of other kinds are seen too, by path and kind alone
  /// A verdict on a file of a chart hangs on the files of that chart, of those that it names by file://, and on files outside
  /// charts; one on a file outside charts hangs on such files alone.
  bool within_chart = false;

  bool reads(std::string_view kind) const { return every_kind || std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); }
  bool sees(std::string_view kind) const { return paths || reads(kind); }
  friend auto operator<=>(const Sight&, const Sight&) = default;
};

/// A branch as it stands in a world.
struct HeadRow {
  RepositoryId repository = 0;
  std::string name;
  FileSetId file_set = 0;
  bool is_default = false;
  friend bool operator==(const HeadRow&, const HeadRow&) = default;
};

/// The tables judged, judged_file and head of views.sql, which must be created after this was made and before the first set().
class JudgedFiles {
 public:
  explicit JudgedFiles(Store& store);
  ~JudgedFiles();
  /// Fills them; what stood there before is gone. Costs nothing where they hold just that already.
  void set(std::vector<JudgedSet> sets, std::vector<HeadRow> heads);
  /// The same with some files of these sets only, in ascending order. Those of a kind that is seen and not read have blob 0.
  void set_files(std::vector<JudgedSet> sets, std::vector<FileId> files, Sight sight);

 private:
  struct Statements;

  void fill(std::vector<JudgedSet> sets, std::vector<HeadRow> heads, std::vector<FileId> files, Sight sight);
  void fill_files();

  Store& store_;
  JudgedFileTable table_;

  std::unique_ptr<Statements> statements_;  ///< once they were filled
  std::vector<JudgedSet> sets_;
  std::vector<FileId> files_;
  std::vector<HeadRow> heads_;
  Sight sight_;
};

}  // namespace trueup::facts
