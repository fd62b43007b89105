#include "facts/world.hpp"

#include "facts/statement.hpp"

namespace trueup::facts {

void set_world(Store& store, std::span<const JudgedSet> sets, std::span<const HeadRow> heads) {
  store.begin();
  store.execute("DELETE FROM temp.judged_file; DELETE FROM temp.judged; DELETE FROM temp.head");
  {
    Statement judged(store.database(), "INSERT INTO temp.judged VALUES(?,?,?)");
    Statement files(store.database(),
                    "INSERT INTO temp.judged_file SELECT file, file_set, ?, path, blob, kind, ? FROM file_set_member "
                    "WHERE file >= ? AND file < ?");
    for (const JudgedSet& set : sets) {
      const RepositoryId repository = store.repository_of(set.file_set);
      judged.bind(1, set.file_set).bind(2, repository).bind(3, std::int64_t{set.on_default}).run();
      const auto [first, last] = store.files_of(set.file_set);
      files.bind(1, repository).bind(2, std::int64_t{set.on_default}).bind(3, first).bind(4, last).run();
    }
    Statement head(store.database(), "INSERT INTO temp.head VALUES(?,?,?,?)");
    for (const HeadRow& row : heads)
      head.bind(1, row.repository).bind(2, row.name).bind(3, row.file_set).bind(4, std::int64_t{row.is_default}).run();
  }
  store.commit();
}

}  // namespace trueup::facts
