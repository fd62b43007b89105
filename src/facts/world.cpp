#include "facts/world.hpp"

#include <algorithm>

#include "facts/statement.hpp"

namespace trueup::facts {

struct JudgedFiles::Statements {
  explicit Statements(sqlite3* database)
      : set(database, "INSERT INTO temp.judged VALUES(?,?,?)"),
        file(database, "INSERT INTO temp.judged_file VALUES(?,?,?,?,?,?,?)"),
        head(database, "INSERT INTO temp.head VALUES(?,?,?,?)"),
        clear_files(database, "DELETE FROM temp.judged_file"),
        clear_sets(database, "DELETE FROM temp.judged"),
        clear_heads(database, "DELETE FROM temp.head") {}

  Statement set, file, head, clear_files, clear_sets, clear_heads;
};

JudgedFiles::JudgedFiles(Store& store) : store_(store) {}
JudgedFiles::~JudgedFiles() = default;

void JudgedFiles::set(std::vector<JudgedSet> sets, std::vector<HeadRow> heads) {
  std::sort(sets.begin(), sets.end());
  std::vector<FileId> files;
  for (const JudgedSet& set : sets) {
    const auto [first, last] = store_.files_of(set.file_set);
    for (FileId file = first; file < last; ++file) files.push_back(file);
  }
  fill(std::move(sets), std::move(heads), std::move(files), {});
}

void JudgedFiles::set_files(std::vector<JudgedSet> sets, std::vector<FileId> files, Sight sight) {
  std::sort(sets.begin(), sets.end());
  fill(std::move(sets), {}, std::move(files), std::move(sight));
}

void JudgedFiles::fill(std::vector<JudgedSet> sets, std::vector<HeadRow> heads, std::vector<FileId> files, Sight sight) {
  if (statements_ && sets == sets_ && heads == heads_ && files == files_ && sight == sight_) return;
  sets_ = std::move(sets);
  heads_ = std::move(heads);
  files_ = std::move(files);
  sight_ = std::move(sight);
  store_.begin();
  if (statements_) {
    for (Statement* const statement : {&statements_->clear_files, &statements_->clear_sets, &statements_->clear_heads}) statement->run();
  } else {
    statements_ = std::make_unique<Statements>(store_.database());
  }
  auto& [judged, insert, head, clear_files, clear_sets, clear_heads] = *statements_;
  for (const JudgedSet& set : sets_) {
    const RepositoryId repository = store_.repository_of(set.file_set);
    judged.bind(1, set.file_set).bind(2, repository).bind(3, std::int64_t{set.on_default}).run();
    const auto [first, last] = store_.files_of(set.file_set);
    insert.bind(2, set.file_set).bind(3, repository).bind(7, std::int64_t{set.on_default});
    for (auto id = std::lower_bound(files_.begin(), files_.end(), first); id != files_.end() && *id < last; ++id) {
      const Store::File& file = store_.file(*id);
      insert.bind(1, *id).bind(4, std::string_view(file.path)).bind(5, sight_.reads(file.kind) ? file.blob : 0).bind(6, file.kind).run();
    }
  }
  for (const HeadRow& row : heads_)
    head.bind(1, row.repository).bind(2, row.name).bind(3, row.file_set).bind(4, std::int64_t{row.is_default}).run();
  store_.commit();
}

}  // namespace trueup::facts
