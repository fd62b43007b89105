#include "facts/store.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.hpp"
#include "facts/blob_rows.hpp"
#include "facts/blob_tables.hpp"
#include "facts/schema_text.hpp"
#include "facts/sqlite_memory.hpp"
#include "facts/statement.hpp"

namespace trueup::facts {
namespace {

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash ^= value + 0x9E3779B97F4A7C15ull + (hash << 6) + (hash >> 2);
  return hash;
}

}  // namespace

struct Store::Impl {
  Impl(sqlite3* database, const Held& held) : tables_of_blobs(database, *held.rows) {}

  std::vector<bool> created = std::vector<bool>(kSchemaTables.size());  ///< by kSchemaTables
  ShownBlobTables tables_of_blobs;
  Statement repository, file_set, snapshot, ref, blob, member;
  std::unordered_multimap<std::uint64_t, FileSetId> sets_by_hash;
};

void Store::Close::operator()(sqlite3* database) const {
  // Not close_v2: that one hides statements that are still open.
  [[maybe_unused]] const int result = sqlite3_close(database);
  assert(result == SQLITE_OK);
}

class Store::Image {
 public:
  Image(const Store& store)
      : held(store.held_), created(store.impl_->created), tables_(sqlite3_serialize(store.database(), "main", &size_, 0)) {
    if (tables_ == nullptr) throw std::bad_alloc();
  }
  ~Image() { sqlite3_free(tables_); }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  /// Makes them the tables of a database, which reads them where they stand.
  void show_in(sqlite3* database) const {
    if (sqlite3_deserialize(database, "main", tables_, size_, size_, SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
      throw std::logic_error(std::string("SQLite cannot show a copy: ") + sqlite3_errmsg(database));
  }

  const std::shared_ptr<Held> held;
  const std::vector<bool> created;

 private:
  sqlite3_int64 size_ = 0;
  unsigned char* tables_;
};

Store::Store() : held_(std::make_shared<Held>()) {
  held_->rows = std::make_unique<BlobTables>();
  open();
}

Store::Store(std::shared_ptr<const Image> image) : held_(image->held), image_(std::move(image)) {
  open();
  image_->show_in(database());
  impl_->created = image_->created;
  for (std::size_t i = 0; i < kSchemaTables.size(); ++i)
    if (impl_->created[i]) show_rows(kSchemaTables[i]);
  // Pages are used where they stand in the image, without a copy of each.
  execute("PRAGMA mmap_size = 1099511627776");
}

std::shared_ptr<const Store::Image> Store::image() const { return std::make_shared<Image>(*this); }

void Store::open() {
  // Without this two threads, each with its own database, wait for each other at every allocation.
  [[maybe_unused]] static const int configured = [] {
    keep_sqlite_blocks();
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  }();
  sqlite3* database = nullptr;
  if (sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK)
    throw std::runtime_error("SQLite cannot open a database in memory");
  database_.reset(database);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = OFF;");
  impl_ = std::make_unique<Impl>(database, *held_);
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

void Store::create_table(std::string_view name) {
  for (std::size_t i = 0; i < kSchemaTables.size(); ++i) {
    if (impl_->created[i] || kSchemaTables[i].name != name) continue;
    impl_->created[i] = true;
    if (!show_rows(kSchemaTables[i])) execute(kSchemaTables[i].sql);
    members_wanted_ = members_wanted_ || name == "file_set_member";
  }
  // For queries of people: filled by publish_spans() where one asks.
  if (name == "span")
    execute("CREATE TABLE IF NOT EXISTS span(id INTEGER PRIMARY KEY, blob INTEGER NOT NULL, begin_byte INTEGER NOT NULL, "
            "end_byte INTEGER NOT NULL, line INTEGER NOT NULL, column_number INTEGER NOT NULL)");
}

bool Store::show_rows(const NamedStatement& table) {
  if (table.name == "ref_name") {
    show_ref_names(database(), held_->ref_names);
    return true;
  }
  if (!table.sql.empty()) return false;
  const auto of_blobs = std::ranges::find(kTablesOfBlobs, table.name, &TableOfBlobs::name);
  impl_->tables_of_blobs.show(static_cast<std::size_t>(of_blobs - kTablesOfBlobs.begin()));
  return true;
}

void Store::create_all_tables() {
  for (const NamedStatement& table : kSchemaTables) create_table(table.name);
  create_table("span");
}

bool Store::has_rows(std::string_view table) {
  const std::string_view name = table.substr(0, table.find(' '));
  for (std::size_t i = 0; i < kTableCount; ++i) {
    if (kTablesOfBlobs[i].name != name) continue;
    if (!held_->rows->has_rows(i)) return false;
    if (name == table) return true;
  }
  for (std::size_t i = 0; i < kSchemaTables.size(); ++i)
    if (kSchemaTables[i].name == name && !impl_->created[i]) return false;
  return Statement(database(), "SELECT 1 FROM " + std::string(table) + " LIMIT 1").row_once();
}

std::span<const std::string_view> Store::kinds_in(std::string_view table) const {
  for (std::size_t i = 0; i < kTableCount; ++i)
    if (kTablesOfBlobs[i].name == table) return held_->rows->kinds_in(i);
  return {};
}

std::span<const std::string_view> Store::kinds_in(std::size_t table) const {
  return table < kTableCount ? held_->rows->kinds_in(table) : std::span<const std::string_view>{};
}

void Store::add_ref_names(std::vector<RefNames::Row> names) { held_->ref_names.add(std::move(names)); }

void Store::begin() { execute("BEGIN"); }
void Store::commit() { execute("COMMIT"); }

RepositoryId Store::add_repository(const RepositoryRow& row) {
  if (!impl_->repository) {
    create_table("repository");
    impl_->repository = Statement(database(), "INSERT INTO repository VALUES(?,?,?,?,?,?,?,?)");
  }
  const std::optional<std::string_view> default_branch = row.default_branch;
  impl_->repository.bind(1, ++repositories_)
      .bind(2, row.slug)
      .bind(3, std::string_view(row.loaded ? "loaded" : "unknown"))
      .bind_or_null(4, row.loaded ? std::string_view{} : row.because)
      .bind(5, default_branch)
      .bind(6, std::int64_t{row.heads_complete})
      .bind(7, std::int64_t{row.tags_complete})
      .bind(8, std::int64_t{row.history_complete})
      .run();
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
    const FileSet& set = held_->file_sets[static_cast<std::size_t>(known->second) - 1];
    bool same = set.repository == repository && static_cast<std::size_t>(set.last - set.first) == members.size();
    for (std::size_t i = 0; same && i < members.size(); ++i) {
      const File& mine = file(set.first + static_cast<FileId>(i));
      same = mine.blob == members[i].blob && mine.path == members[i].path;
    }
    if (same) return known->second;
  }

  if (!impl_->file_set) {
    create_table("file_set");
    impl_->file_set = Statement(database(), "INSERT INTO file_set VALUES(?,?)");
  }
  const auto id = static_cast<FileSetId>(held_->file_sets.size() + 1);
  impl_->file_set.bind(1, id).bind(2, repository).run();
  FileSet set{repository, static_cast<FileId>(held_->files.size() + 1), 0};
  for (const FileSetMember& member : members) {
    held_->files.push_back({id, member.path, member.blob, member.kind});
    if (!members_wanted_) continue;
    if (!impl_->member) impl_->member = Statement(database(), "INSERT INTO file_set_member VALUES(?,?,?,?,?)");
    impl_->member.bind(1, static_cast<FileId>(held_->files.size()))
        .bind(2, id)
        .bind(3, std::string_view(member.path))
        .bind(4, member.blob)
        .bind(5, member.kind)
        .run();
  }
  set.last = static_cast<FileId>(held_->files.size() + 1);
  held_->file_sets.push_back(set);
  impl_->sets_by_hash.emplace(hash, id);
  return id;
}

SnapshotId Store::add_snapshot(RepositoryId repository, std::optional<std::string_view> commit_id,
                               std::optional<std::int64_t> committed_at, FileSetId file_set) {
  if (!impl_->snapshot) {
    create_table("snapshot");
    impl_->snapshot = Statement(database(), "INSERT INTO snapshot VALUES(?,?,?,?,?)");
  }
  impl_->snapshot.bind(1, ++snapshots_).bind(2, repository).bind(3, commit_id).bind(4, committed_at).bind(5, file_set).run();
  return snapshots_;
}

void Store::add_ref(RepositoryId repository, std::string_view name, std::string_view kind, SnapshotId snapshot) {
  if (!impl_->ref) {
    create_table("git_ref");
    impl_->ref = Statement(database(), "INSERT INTO git_ref VALUES(?,?,?,?,?)");
  }
  impl_->ref.bind(1, ++refs_).bind(2, repository).bind(3, name).bind(4, kind).bind(5, snapshot).run();
}

BlobId Store::add_blob(std::string_view object_id, std::string_view kind, BlobRows&& rows) {
  if (!impl_->blob) {
    create_table("blob");
    impl_->blob = Statement(database(), "INSERT INTO blob VALUES(?,?,?,?,?)");
  }
  held_->blobs.push_back({std::string(object_id), rows.state, rows.because});
  const auto id = static_cast<BlobId>(held_->blobs.size());
  impl_->blob.bind(1, id).bind(2, object_id).bind(3, kind).bind(4, to_string(rows.state)).bind_or_null(5, rows.because).run();

  for (const std::size_t table : held_->rows->add(id, kind, rows_, static_cast<std::int64_t>(held_->spans.size()), std::move(rows.rows())))
    create_table(kTablesOfBlobs[table].name);
  rows_ += rows.last_id();
  for (const LocatedSpan& span : rows.spans()) held_->spans.push_back({id, span.bytes, span.at});
  return id;
}

BlobId Store::add_unread_blob(std::string_view object_id, std::string_view kind) {
  BlobRows rows("", TableSet{});
  rows.state = BlobState::unread;
  return add_blob(object_id, kind, std::move(rows));
}

void Store::publish_spans() {
  create_table("span");
  Statement insert(database(), "INSERT OR REPLACE INTO span VALUES(?,?,?,?,?,?)");
  begin();
  for (std::size_t i = 0; i < held_->spans.size(); ++i) {
    const StoredSpan& span = held_->spans[i];
    insert.bind(1, static_cast<std::int64_t>(i + 1))
        .bind(2, span.blob)
        .bind(3, std::int64_t{span.bytes.begin})
        .bind(4, std::int64_t{span.bytes.end})
        .bind(5, std::int64_t{span.at.line})
        .bind(6, std::int64_t{span.at.column})
        .run();
  }
  commit();
}

std::pair<FileId, FileId> Store::files_of(FileSetId file_set) const {
  const FileSet& set = held_->file_sets[static_cast<std::size_t>(file_set) - 1];
  return {set.first, set.last};
}

RepositoryId Store::repository_of(FileSetId file_set) const {
  return held_->file_sets[static_cast<std::size_t>(file_set) - 1].repository;
}

}  // namespace trueup::facts
