#include "facts/world.hpp"

#include <algorithm>

#include "facts/statement.hpp"

namespace trueup::facts {

struct JudgedFiles::Statements {
  explicit Statements(sqlite3* database)
      : set(database, "INSERT INTO temp.judged VALUES(?,?,?)"),
        head(database, "INSERT INTO temp.head VALUES(?,?,?,?)"),
        clear_sets(database, "DELETE FROM temp.judged"),
        clear_heads(database, "DELETE FROM temp.head") {}

  Statement set, head, clear_sets, clear_heads;
};

JudgedFiles::JudgedFiles(Store& store) : store_(store), table_(store.database(), store) {}
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
  fill_files();
  store_.begin();
  if (statements_) {
    for (Statement* const statement : {&statements_->clear_sets, &statements_->clear_heads}) statement->run();
  } else {
    statements_ = std::make_unique<Statements>(store_.database());
  }
  for (const JudgedSet& set : sets_)
    statements_->set.bind(1, set.file_set).bind(2, store_.repository_of(set.file_set)).bind(3, std::int64_t{set.on_default}).run();
  for (const HeadRow& row : heads_)
    statements_->head.bind(1, row.repository).bind(2, row.name).bind(3, row.file_set).bind(4, std::int64_t{row.is_default}).run();
  store_.commit();
}

void JudgedFiles::fill_files() {
  std::vector<JudgedFileTable::Row> rows;
  rows.reserve(files_.size());
  // Kinds are few, and their names are constants: most often it is the one before.
  std::string_view kind;
  bool reads = false;
  for (const JudgedSet& set : sets_) {
    const RepositoryId repository = store_.repository_of(set.file_set);
    const auto [first, last] = store_.files_of(set.file_set);
    for (auto id = std::lower_bound(files_.begin(), files_.end(), first); id != files_.end() && *id < last; ++id) {
      const Store::File& file = store_.file(*id);
      if (kind.data() != file.kind.data() || kind.size() != file.kind.size()) {
        kind = file.kind;
        reads = sight_.reads(kind);
      }
      rows.push_back({*id, set.file_set, repository, reads ? file.blob : 0, set.on_default});
    }
  }
  table_.set(std::move(rows));
}

}  // namespace trueup::facts
