#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/span.hpp"
#include "facts/blob_state.hpp"
#include "facts/ref_names.hpp"

struct sqlite3;

namespace trueup::facts {

class BlobRows;
class BlobTables;
struct NamedStatement;

using RepositoryId = std::int64_t;
using SnapshotId = std::int64_t;
using FileSetId = std::int64_t;
using BlobId = std::int64_t;
using FileId = std::int64_t;

/// One row of table `repository`.
struct RepositoryRow {
  std::string slug;
  bool loaded = false;
  std::string because;  ///< why it is not loaded
  std::optional<std::string> default_branch;
  bool heads_complete = false, tags_complete = false, history_complete = false;
};

/// One row of table `file_set_member`, before the store numbers it.
struct FileSetMember {
  std::string path;
  BlobId blob = 0;
  std::string_view kind;  ///< of the table of kinds, or of the config: must outlive the store
  friend bool operator==(const FileSetMember&, const FileSetMember&) = default;
};

/// A place as rules give it: file << 32 | span. Spans of file-scope rules come without a file.
using PlaceId = std::int64_t;

/// A span of a blob, as the store keeps it.
struct StoredSpan {
  BlobId blob = 0;
  ByteRange bytes;
  LineColumn at;
};

/// The relational store of one run: SQLite in memory, and the spans and files beside it. Used by one thread.
class Store {
 public:
  /// What a store holds at one moment, for others to read in threads of their own while it is not written to.
  class Image;

  Store();
  /// A store that shows an image and cannot be written to: what it creates is temporary.
  explicit Store(std::shared_ptr<const Image> image);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// For preparing rules and questions. Valid as long as the store.
  sqlite3* database() const { return database_.get(); }

  RepositoryId add_repository(const RepositoryRow& row);
  /// Files of one snapshot, sorted by path. Equal lists of one repository give the same set.
  FileSetId add_file_set(RepositoryId repository, std::span<const FileSetMember> members);
  SnapshotId add_snapshot(RepositoryId repository, std::optional<std::string_view> commit_id,
                          std::optional<std::int64_t> committed_at, FileSetId file_set);
  void add_ref(RepositoryId repository, std::string_view name, std::string_view kind, SnapshotId snapshot);
  /// Branches and tags that a loaded repository is known to have.
  void add_ref_names(std::vector<RefNames::Row> names);
  /// Takes the rows of a blob; the caller sees to it that each (object, kind) comes once. Its state and spans stay with it.
  BlobId add_blob(std::string_view object_id, std::string_view kind, BlobRows&& rows);
  /// A blob without content of interest: only its existence is a fact.
  BlobId add_unread_blob(std::string_view object_id, std::string_view kind);

  /// Whether a table of the schema has a row; "table WHERE condition" asks for such a one.
  bool has_rows(std::string_view table);

  /// The kinds of documents that rows of a table of blobs were read from; empty for other tables.
  std::span<const std::string_view> kinds_in(std::string_view table) const;
  /// The same by Table, as a number.
  std::span<const std::string_view> kinds_in(std::size_t table) const;

  /// Creates a table of schema.sql unless it is there; other names are left alone. What is written to is created by itself, save
  /// file_set_member: it repeats what judged_file says of one world, and is filled only if it is created before the first file set.
  void create_table(std::string_view name);
  /// Every table, and `span`: for queries of people.
  void create_all_tables();

  /// Runs statements that give no rows; a failure is a bug of trueup or of a built-in view.
  void execute(std::string_view sql);
  /// Writes of one batch are one transaction.
  void begin();
  void commit();

  const StoredSpan& span(std::int64_t id) const { return held_->spans[static_cast<std::size_t>(id) - 1]; }
  std::int64_t span_count() const { return static_cast<std::int64_t>(held_->spans.size()); }
  /// Fills the table `span` (id, blob, begin_byte, end_byte, line, column_number) for queries of people.
  void publish_spans();

  /// One copy of the tables, whoever reads it; the rest is shared. Nothing may be added to this store while one is read.
  std::shared_ptr<const Image> image() const;

  struct File {
    FileSetId file_set = 0;
    std::string path;
    BlobId blob = 0;
    std::string_view kind;
  };
  const File& file(FileId id) const { return held_->files[static_cast<std::size_t>(id) - 1]; }
  /// Files of a set: ids are consecutive, in order of path.
  std::pair<FileId, FileId> files_of(FileSetId file_set) const;
  RepositoryId repository_of(FileSetId file_set) const;
  const std::string& object_id(BlobId blob) const { return held_->blobs[static_cast<std::size_t>(blob) - 1].object_id; }
  /// Why a blob is not parsed; empty for one that is.
  const std::string& blob_because(BlobId blob) const { return held_->blobs[static_cast<std::size_t>(blob) - 1].because; }
  BlobState blob_state(BlobId blob) const { return held_->blobs[static_cast<std::size_t>(blob) - 1].state; }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  struct FileSet {
    RepositoryId repository = 0;
    FileId first = 0, last = 0;  // half-open
  };
  struct BlobInfo {
    std::string object_id;
    BlobState state = BlobState::parsed;
    std::string because;
  };
  /// What stands beside the tables.
  struct Held {
    std::vector<StoredSpan> spans;
    std::vector<File> files;
    std::vector<FileSet> file_sets;
    std::vector<BlobInfo> blobs;
    std::unique_ptr<BlobTables> rows;
    RefNames ref_names;
  };
  struct Impl;

  void open();
  /// Whether it is a table whose rows SQLite reads where they are, which it then can.
  bool show_rows(const NamedStatement& table);

  std::shared_ptr<Held> held_;
  std::shared_ptr<const Image> image_;  ///< what the database reads, where this is one of an image
  std::unique_ptr<sqlite3, Close> database_;
  std::unique_ptr<Impl> impl_;
  bool members_wanted_ = false;
  std::int64_t repositories_ = 0, snapshots_ = 0, refs_ = 0, rows_ = 0;
};

}  // namespace trueup::facts
