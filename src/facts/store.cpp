#include "facts/store.hpp"

#include <sqlite3.h>

#include <array>
#include <stdexcept>
#include <unordered_map>

#include "base/text.hpp"
#include "facts/schema_text.hpp"

namespace trueup::facts {
namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

[[noreturn]] void fail(sqlite3* database, std::string_view doing) {
  throw std::logic_error(std::string(doing) + ": " + sqlite3_errmsg(database));
}

Statement prepare(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK)
    fail(database, sql);
  return Statement(statement);
}

void bind(sqlite3_stmt* statement, int at, std::string_view text) {
  // A null pointer would bind NULL.
  sqlite3_bind_text(statement, at, text.data() == nullptr ? "" : text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

void step(sqlite3* database, sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) fail(database, "insert");
  sqlite3_reset(statement);
}

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash ^= value + 0x9E3779B97F4A7C15ull + (hash << 6) + (hash >> 2);
  return hash;
}

}  // namespace

struct Store::Impl {
  std::array<Statement, kTableCount> inserts;
  Statement repository, file_set, snapshot, ref, blob, member;
  std::unordered_multimap<std::uint64_t, FileSetId> sets_by_hash;
};

/// Writes the rows of one blob, numbering ids and spans for the whole run.
class Store::Inserter : public RowVisitor {
 public:
  Inserter(Store& store, BlobId blob, std::int64_t first_row, std::int64_t first_span)
      : store_(store), blob_(blob), first_row_(first_row), first_span_(first_span) {}

  void begin_table(Table table) override {
    Statement& insert = store_.impl_->inserts[static_cast<std::size_t>(table)];
    if (!insert) insert = prepare(store_.database(), kTableInserts[static_cast<std::size_t>(table)].statement);
    statement_ = insert.get();
  }
  void begin_row(LocalId id) override {
    sqlite3_bind_int64(statement_, 1, first_row_ + id.number);
    sqlite3_bind_int64(statement_, 2, blob_);
    at_ = 3;
  }
  void column(SpanRef span) override { number(span.number, first_span_); }
  void column(LocalId id) override { number(id.number, first_row_); }
  void column(std::int64_t value) override { sqlite3_bind_int64(statement_, at_++, value); }
  void column(const std::string& text) override { bind(statement_, at_++, text); }
  void column(const std::optional<std::int64_t>& value) override {
    if (value)
      column(*value);
    else
      sqlite3_bind_null(statement_, at_++);
  }
  void column(const std::optional<std::string>& text) override {
    if (text)
      column(*text);
    else
      sqlite3_bind_null(statement_, at_++);
  }
  void end_row() override { step(store_.database(), statement_); }

 private:
  void number(std::uint32_t local, std::int64_t base) {
    if (local == 0)
      sqlite3_bind_null(statement_, at_++);
    else
      sqlite3_bind_int64(statement_, at_++, base + local);
  }

  Store& store_;
  BlobId blob_;
  std::int64_t first_row_, first_span_;
  sqlite3_stmt* statement_ = nullptr;
  int at_ = 0;
};

void Store::Close::operator()(sqlite3* database) const {
  // Not close_v2: that one hides statements that are still open.
  [[maybe_unused]] const int result = sqlite3_close(database);
  assert(result == SQLITE_OK);
}

Store::Store() : impl_(std::make_unique<Impl>()) {
  // Without this two threads, each with its own database, wait for each other at every allocation.
  [[maybe_unused]] static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* database = nullptr;
  if (sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK)
    throw std::runtime_error("SQLite cannot open a database in memory");
  database_.reset(database);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;");
  execute(kSchemaSql);
}

Store::~Store() {
  impl_.reset();  // statements before their database
}

void Store::execute(std::string_view sql) {
  char* message = nullptr;
  if (sqlite3_exec(database(), std::string(sql).c_str(), nullptr, nullptr, &message) != SQLITE_OK) {
    const std::string text = message != nullptr ? message : "unknown";
    sqlite3_free(message);
    throw std::logic_error("SQL of trueup's own: " + text);
  }
}

void Store::begin() { execute("BEGIN"); }
void Store::commit() { execute("COMMIT"); }

RepositoryId Store::add_repository(const RepositoryRow& row) {
  if (!impl_->repository)
    impl_->repository = prepare(database(), "INSERT INTO repository VALUES(?,?,?,?,?,?,?,?)");
  sqlite3_stmt* insert = impl_->repository.get();
  sqlite3_bind_int64(insert, 1, ++repositories_);
  bind(insert, 2, row.slug);
  bind(insert, 3, row.loaded ? "loaded" : "unknown");
  if (row.loaded)
    sqlite3_bind_null(insert, 4);
  else
    bind(insert, 4, row.because);
  if (row.default_branch)
    bind(insert, 5, *row.default_branch);
  else
    sqlite3_bind_null(insert, 5);
  sqlite3_bind_int(insert, 6, row.heads_complete);
  sqlite3_bind_int(insert, 7, row.tags_complete);
  sqlite3_bind_int(insert, 8, row.history_complete);
  step(database(), insert);
  return repositories_;
}

FileSetId Store::add_file_set(RepositoryId repository, std::span<const FileSetMember> members) {
  std::uint64_t hash = static_cast<std::uint64_t>(repository);
  for (const FileSetMember& member : members) {
    hash = mix(hash, std::hash<std::string_view>{}(member.path));
    hash = mix(hash, static_cast<std::uint64_t>(member.blob));
  }
  const auto [begin, end] = impl_->sets_by_hash.equal_range(hash);
  for (auto known = begin; known != end; ++known) {
    const FileSet& set = file_sets_[static_cast<std::size_t>(known->second) - 1];
    bool same = set.repository == repository && static_cast<std::size_t>(set.last - set.first) == members.size();
    for (std::size_t i = 0; same && i < members.size(); ++i) {
      const File& mine = file(set.first + static_cast<FileId>(i));
      same = mine.blob == members[i].blob && mine.path == members[i].path;
    }
    if (same) return known->second;
  }

  if (!impl_->file_set) {
    impl_->file_set = prepare(database(), "INSERT INTO file_set VALUES(?,?)");
    impl_->member = prepare(database(), "INSERT INTO file_set_member VALUES(?,?,?,?,?)");
  }
  const auto id = static_cast<FileSetId>(file_sets_.size() + 1);
  sqlite3_bind_int64(impl_->file_set.get(), 1, id);
  sqlite3_bind_int64(impl_->file_set.get(), 2, repository);
  step(database(), impl_->file_set.get());
  FileSet set{repository, static_cast<FileId>(files_.size() + 1), 0};
  for (const FileSetMember& member : members) {
    sqlite3_stmt* insert = impl_->member.get();
    sqlite3_bind_int64(insert, 1, static_cast<FileId>(files_.size() + 1));
    sqlite3_bind_int64(insert, 2, id);
    bind(insert, 3, member.path);
    sqlite3_bind_int64(insert, 4, member.blob);
    bind(insert, 5, member.kind);
    step(database(), insert);
    files_.push_back({id, member.path, member.blob, member.kind});
  }
  set.last = static_cast<FileId>(files_.size() + 1);
  file_sets_.push_back(set);
  impl_->sets_by_hash.emplace(hash, id);
  return id;
}

SnapshotId Store::add_snapshot(RepositoryId repository, std::optional<std::string_view> commit_id,
                               std::optional<std::int64_t> committed_at, FileSetId file_set) {
  if (!impl_->snapshot) impl_->snapshot = prepare(database(), "INSERT INTO snapshot VALUES(?,?,?,?,?)");
  sqlite3_stmt* insert = impl_->snapshot.get();
  sqlite3_bind_int64(insert, 1, ++snapshots_);
  sqlite3_bind_int64(insert, 2, repository);
  if (commit_id)
    bind(insert, 3, *commit_id);
  else
    sqlite3_bind_null(insert, 3);
  if (committed_at)
    sqlite3_bind_int64(insert, 4, *committed_at);
  else
    sqlite3_bind_null(insert, 4);
  sqlite3_bind_int64(insert, 5, file_set);
  step(database(), insert);
  return snapshots_;
}

void Store::add_ref(RepositoryId repository, std::string_view name, std::string_view kind, SnapshotId snapshot) {
  if (!impl_->ref) impl_->ref = prepare(database(), "INSERT INTO git_ref VALUES(?,?,?,?,?)");
  sqlite3_stmt* insert = impl_->ref.get();
  sqlite3_bind_int64(insert, 1, ++refs_);
  sqlite3_bind_int64(insert, 2, repository);
  bind(insert, 3, name);
  bind(insert, 4, kind);
  sqlite3_bind_int64(insert, 5, snapshot);
  step(database(), insert);
}

BlobId Store::add_blob(std::string_view object_id, std::string_view kind, const BlobRows& rows) {
  if (!impl_->blob) impl_->blob = prepare(database(), "INSERT INTO blob VALUES(?,?,?,?,?)");
  blobs_.push_back({std::string(object_id), rows.state});
  const auto id = static_cast<BlobId>(blobs_.size());
  sqlite3_stmt* insert = impl_->blob.get();
  sqlite3_bind_int64(insert, 1, id);
  bind(insert, 2, object_id);
  bind(insert, 3, kind);
  bind(insert, 4, to_string(rows.state));
  if (rows.because.empty())
    sqlite3_bind_null(insert, 5);
  else
    bind(insert, 5, rows.because);
  step(database(), insert);

  Inserter inserter(*this, id, rows_, static_cast<std::int64_t>(spans_.size()));
  visit_rows(rows.rows(), inserter);
  rows_ += rows.last_id();
  for (const LocatedSpan& span : rows.spans()) spans_.push_back({id, span.bytes, span.at});
  return id;
}

BlobId Store::add_unread_blob(std::string_view object_id, std::string_view kind) {
  BlobRows rows("", TableSet{});
  rows.state = BlobState::unread;
  return add_blob(object_id, kind, rows);
}

void Store::build_indexes() {
  for (std::size_t i = 0; i < kTableCount; ++i) {
    if (!impl_->inserts[i]) continue;  // no rows
    const std::string table(kTableInserts[i].table);
    execute("CREATE INDEX " + table + "_blob ON " + table + "(blob)");
  }
}

void Store::publish_spans() {
  execute("CREATE TABLE IF NOT EXISTS span(id INTEGER PRIMARY KEY, blob INTEGER NOT NULL, begin_byte INTEGER NOT NULL, "
          "end_byte INTEGER NOT NULL, line INTEGER NOT NULL, column_number INTEGER NOT NULL)");
  const Statement insert = prepare(database(), "INSERT OR REPLACE INTO span VALUES(?,?,?,?,?,?)");
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    sqlite3_bind_int64(insert.get(), 1, static_cast<std::int64_t>(i + 1));
    sqlite3_bind_int64(insert.get(), 2, spans_[i].blob);
    sqlite3_bind_int64(insert.get(), 3, spans_[i].bytes.begin);
    sqlite3_bind_int64(insert.get(), 4, spans_[i].bytes.end);
    sqlite3_bind_int64(insert.get(), 5, spans_[i].at.line);
    sqlite3_bind_int64(insert.get(), 6, spans_[i].at.column);
    step(database(), insert.get());
  }
}

std::pair<FileId, FileId> Store::files_of(FileSetId file_set) const {
  const FileSet& set = file_sets_[static_cast<std::size_t>(file_set) - 1];
  return {set.first, set.last};
}

RepositoryId Store::repository_of(FileSetId file_set) const {
  return file_sets_[static_cast<std::size_t>(file_set) - 1].repository;
}

}  // namespace trueup::facts
