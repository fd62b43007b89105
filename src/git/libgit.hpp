#pragma once

// Private to git/: libgit2's handles as values, and its errors as ours.

#include <git2.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "git/ids.hpp"

namespace trueup::git {

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};

using RepositoryHandle = std::unique_ptr<git_repository, FreeWith<git_repository_free>>;
using ObjectHandle = std::unique_ptr<git_object, FreeWith<git_object_free>>;
using CommitHandle = std::unique_ptr<git_commit, FreeWith<git_commit_free>>;
using TreeHandle = std::unique_ptr<git_tree, FreeWith<git_tree_free>>;
using ReferenceHandle = std::unique_ptr<git_reference, FreeWith<git_reference_free>>;
using ReferenceIteratorHandle = std::unique_ptr<git_reference_iterator, FreeWith<git_reference_iterator_free>>;
using ConfigHandle = std::unique_ptr<git_config, FreeWith<git_config_free>>;
using IndexHandle = std::unique_ptr<git_index, FreeWith<git_index_free>>;
using OdbHandle = std::unique_ptr<git_odb, FreeWith<git_odb_free>>;
using OdbObjectHandle = std::unique_ptr<git_odb_object, FreeWith<git_odb_object_free>>;

/// Starts libgit2 on the first call and sets its options.
void start_libgit2();

/// What a libgit2 call that returned `code` < 0 says, after `doing`: "reading commit 1234: object not found".
/// ENOTFOUND is not_found, EOWNER and EACCES denied, all else malformed. Must be called before the next libgit2 call.
Error libgit2_error(int code, std::string_view doing);

template <typename Kind>
git_oid to_oid(const Id<Kind>& id) {
  git_oid oid;
  git_oid_fromraw(&oid, id.bytes.data());
  return oid;
}

template <typename AnyId>
AnyId to_id(const git_oid& oid) {
  AnyId id;
  std::memcpy(id.bytes.data(), oid.id, AnyId::kBytes);
  return id;
}

}  // namespace trueup::git
