#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/store.hpp"

namespace trueup::facts {

/// A row of train_member; columns as in the schema.
struct TrainMemberRow {
  std::int64_t train = 0, place = 0;
  std::string slug;
  std::optional<RepositoryId> repository;
  bool is_source = false, has_tags = true;
  std::string tag_shape, state, because;  ///< empty is NULL
};

/// A row of release_tag.
struct ReleaseTagRow {
  std::int64_t train = 0, train_member = 0, git_tag = 0;
  std::string tag, part, version, release, release_key, final_key;
  bool is_candidate = false;
};

/// A row of train_place, and what it is called in blobs.
struct CarriedPlace {
  std::int64_t row = 0, carrier = 0;
};

/// Writes the tables of release trains. Each function gives the row's id, from 1.
class TrainRows {
 public:
  explicit TrainRows(Store& store);
  ~TrainRows();

  std::int64_t train(std::string_view name, std::int64_t place, std::string_view source, std::string_view since);
  std::int64_t member(const TrainMemberRow& row);
  std::int64_t place(std::int64_t train, std::int64_t member, std::int64_t at, std::string_view file, std::string_view selector,
                     std::int64_t carrier, std::string_view form);
  void image(std::int64_t train, std::int64_t place, std::string_view oci_repository);
  void changelog(std::int64_t train, std::int64_t place, std::string_view file, std::string_view compares);
  void package(std::int64_t train, std::int64_t member, std::int64_t place, std::string_view ecosystem, std::string_view index, std::string_view package);
  void file(std::int64_t train, std::int64_t member, std::int64_t place, std::string_view file, std::int64_t carrier);
  void docs(std::int64_t train, std::int64_t member, std::int64_t place, std::string_view branch, std::string_view folder);
  void list(std::int64_t train, std::int64_t member, std::int64_t place, std::string_view file, std::int64_t carrier);
  std::int64_t tag(RepositoryId repository, std::string_view name, std::string_view commit, bool annotated, std::string_view message, std::string_view time);
  std::int64_t release(const ReleaseTagRow& row);
  void ancestry(RepositoryId repository, std::string_view ancestor, std::string_view descendant, std::string_view state, std::string_view because);
  /// What a file carries at a tag, of these places: taken from its blob when all is read.
  void carried(std::int64_t release, BlobId blob, FileId file, std::string_view path, const std::vector<CarriedPlace>& places);
  void unread(std::int64_t release, std::int64_t place, std::int64_t at, std::string_view path, std::string_view because);
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace trueup::facts
