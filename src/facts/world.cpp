#include "facts/world.hpp"

#include <algorithm>

#include "facts/statement.hpp"

namespace trueup::facts {

void JudgedFiles::set(std::vector<JudgedSet> sets, std::vector<HeadRow> heads) {
  std::sort(sets.begin(), sets.end());
  if (filled_ && sets == sets_ && heads == heads_) return;
  sets_ = std::move(sets);
  heads_ = std::move(heads);
  store_.begin();
  if (filled_) store_.execute("DELETE FROM temp.judged_file; DELETE FROM temp.judged; DELETE FROM temp.head");
  filled_ = true;
  {
    Statement judged(store_.database(), "INSERT INTO temp.judged VALUES(?,?,?)");
    Statement insert(store_.database(), "INSERT INTO temp.judged_file VALUES(?,?,?,?,?,?,?)");
    for (const JudgedSet& set : sets_) {
      const RepositoryId repository = store_.repository_of(set.file_set);
      judged.bind(1, set.file_set).bind(2, repository).bind(3, std::int64_t{set.on_default}).run();
      const auto [first, last] = store_.files_of(set.file_set);
      insert.bind(2, set.file_set).bind(3, repository).bind(7, std::int64_t{set.on_default});
      for (FileId id = first; id < last; ++id) {
        const Store::File& file = store_.file(id);
        insert.bind(1, id).bind(4, std::string_view(file.path)).bind(5, file.blob).bind(6, file.kind).run();
      }
    }
    if (!heads_.empty()) {
      Statement head(store_.database(), "INSERT INTO temp.head VALUES(?,?,?,?)");
      for (const HeadRow& row : heads_)
        head.bind(1, row.repository).bind(2, row.name).bind(3, row.file_set).bind(4, std::int64_t{row.is_default}).run();
    }
  }
  store_.commit();
}

}  // namespace trueup::facts
