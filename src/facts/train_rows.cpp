#include "facts/train_rows.hpp"

#include <algorithm>
#include <unordered_map>

#include "facts/statement.hpp"

namespace trueup::facts {

struct TrainRows::Impl {
  struct Awaited {
    std::int64_t release = 0;
    FileId file = 0;
    std::string path;
    std::vector<CarriedPlace> places;
  };

  explicit Impl(Store& the_store) : store(the_store) {
    for (const char* table : {"train", "train_member", "train_place", "train_image", "train_changelog", "train_package", "train_file", "train_docs", "train_list", "git_tag", "ancestry",
                              "release_tag", "tag_carried"})
      store.create_table(table);
    sqlite3* const database = store.database();
    train = Statement(database, "INSERT INTO train VALUES(NULL,?,?,?,?)");
    member = Statement(database, "INSERT INTO train_member VALUES(NULL,?,?,?,?,?,?,?,?,?)");
    place = Statement(database, "INSERT INTO train_place VALUES(NULL,?,?,?,?,?,?,?)");
    image = Statement(database, "INSERT INTO train_image VALUES(NULL,?,?,?)");
    changelog = Statement(database, "INSERT INTO train_changelog VALUES(NULL,?,?,?,?)");
    package = Statement(database, "INSERT INTO train_package VALUES(NULL,?,?,?,?,?,?)");
    file = Statement(database, "INSERT INTO train_file VALUES(NULL,?,?,?,?,?)");
    docs = Statement(database, "INSERT INTO train_docs VALUES(NULL,?,?,?,?,?)");
    list = Statement(database, "INSERT INTO train_list VALUES(NULL,?,?,?,?,?)");
    tag = Statement(database, "INSERT INTO git_tag VALUES(NULL,?,?,?,?,?,?)");
    ancestry = Statement(database, "INSERT INTO ancestry VALUES(NULL,?,?,?,?,?)");
    release = Statement(database, "INSERT INTO release_tag VALUES(NULL,?,?,?,?,?,?,?,?,?,?)");
    carried = Statement(database, "INSERT INTO tag_carried VALUES(NULL,?,?,?,?,?,?)");
  }

  std::int64_t last() const { return sqlite3_last_insert_rowid(store.database()); }

  Store& store;
  Statement train, member, place, image, changelog, package, file, docs, list, tag, ancestry, release, carried;
  std::unordered_map<BlobId, std::vector<Awaited>> awaited;
};

TrainRows::TrainRows(Store& store) : impl_(std::make_unique<Impl>(store)) {}
TrainRows::~TrainRows() = default;

std::int64_t TrainRows::train(std::string_view name, std::int64_t place, std::string_view source, std::string_view since) {
  impl_->train.bind(1, name).bind(2, place).bind_or_null(3, source).bind_or_null(4, since).run();
  return impl_->last();
}

std::int64_t TrainRows::member(const TrainMemberRow& row) {
  impl_->member.bind(1, row.train)
      .bind(2, row.place)
      .bind(3, std::string_view(row.slug))
      .bind(4, row.repository)
      .bind(5, std::int64_t{row.is_source})
      .bind(6, std::int64_t{row.has_tags})
      .bind_or_null(7, row.tag_shape)
      .bind(8, std::string_view(row.state))
      .bind_or_null(9, row.because)
      .run();
  return impl_->last();
}

std::int64_t TrainRows::place(std::int64_t train, std::int64_t member, std::int64_t at, std::string_view file, std::string_view selector,
                              std::int64_t carrier, std::string_view form) {
  impl_->place.bind(1, train).bind(2, member).bind(3, at).bind(4, file).bind(5, selector).bind(6, carrier).bind(7, form).run();
  return impl_->last();
}

void TrainRows::image(std::int64_t train, std::int64_t place, std::string_view oci_repository) {
  impl_->image.bind(1, train).bind(2, place).bind(3, oci_repository).run();
}

void TrainRows::changelog(std::int64_t train, std::int64_t place, std::string_view file, std::string_view compares) {
  impl_->changelog.bind(1, train).bind(2, place).bind(3, file).bind_or_null(4, compares).run();
}

void TrainRows::package(std::int64_t train, std::int64_t member, std::int64_t place, std::string_view ecosystem, std::string_view index,
                        std::string_view package) {
  impl_->package.bind(1, train).bind(2, member).bind(3, place).bind(4, ecosystem).bind_or_null(5, index).bind(6, package).run();
}

void TrainRows::file(std::int64_t train, std::int64_t member, std::int64_t place, std::string_view file, std::int64_t carrier) {
  impl_->file.bind(1, train).bind(2, member).bind(3, place).bind(4, file).bind(5, carrier).run();
}

void TrainRows::docs(std::int64_t train, std::int64_t member, std::int64_t place, std::string_view branch, std::string_view folder) {
  impl_->docs.bind(1, train).bind(2, member).bind(3, place).bind(4, branch).bind(5, folder).run();
}

void TrainRows::list(std::int64_t train, std::int64_t member, std::int64_t place, std::string_view file, std::int64_t carrier) {
  impl_->list.bind(1, train).bind(2, member).bind(3, place).bind(4, file).bind(5, carrier).run();
}

std::int64_t TrainRows::tag(RepositoryId repository, std::string_view name, std::string_view commit, bool annotated, std::string_view message,
                            std::string_view time) {
  impl_->tag.bind(1, repository).bind(2, name).bind(3, commit).bind(4, std::int64_t{annotated}).bind_or_null(5, message).bind_or_null(6, time).run();
  return impl_->last();
}

std::int64_t TrainRows::release(const ReleaseTagRow& row) {
  impl_->release.bind(1, row.train)
      .bind(2, row.train_member)
      .bind(3, row.git_tag)
      .bind(4, std::string_view(row.tag))
      .bind(5, std::string_view(row.part))
      .bind(6, std::string_view(row.version))
      .bind(7, std::string_view(row.release))
      .bind(8, std::string_view(row.release_key))
      .bind(9, std::string_view(row.final_key))
      .bind(10, std::int64_t{row.is_candidate})
      .run();
  return impl_->last();
}

void TrainRows::ancestry(RepositoryId repository, std::string_view ancestor, std::string_view descendant, std::string_view state,
                         std::string_view because) {
  impl_->ancestry.bind(1, repository).bind(2, ancestor).bind(3, descendant).bind(4, state).bind_or_null(5, because).run();
}

void TrainRows::carried(std::int64_t release, BlobId blob, FileId file, std::string_view path, const std::vector<CarriedPlace>& places) {
  impl_->awaited[blob].push_back({release, file, std::string(path), places});
}

void TrainRows::unread(std::int64_t release, std::int64_t place, std::int64_t at, std::string_view path, std::string_view because) {
  impl_->carried.bind(1, release).bind(2, place).bind(3, at).bind(4, path).bind_null(5).bind_or_null(6, because).run();
}

void TrainRows::finish() {
  if (impl_->awaited.empty() || !impl_->store.has_rows("blob_carried_version")) return;
  // One pass over what all blobs say: the table has no index yet.
  Statement said(impl_->store.database(), "SELECT blob, span, carrier, value FROM blob_carried_version ORDER BY id");
  while (said.row()) {
    const auto waiting = impl_->awaited.find(said.number(0));
    if (waiting == impl_->awaited.end()) continue;
    const std::string value = said.text(3);
    for (const Impl::Awaited& each : waiting->second) {
      const auto place = std::find_if(each.places.begin(), each.places.end(), [&](const CarriedPlace& known) { return known.carrier == said.number(2); });
      if (place == each.places.end()) continue;
      impl_->carried.bind(1, each.release)
          .bind(2, place->row)
          .bind(3, each.file << 32 | said.number(1))
          .bind(4, std::string_view(each.path))
          .bind(5, std::string_view(value))
          .bind_null(6)
          .run();
    }
  }
}

}  // namespace trueup::facts
