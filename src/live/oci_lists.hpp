#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "live/memo.hpp"
#include "live/oci_access.hpp"
#include "live/oci_registry.hpp"

namespace trueup::live {

/// The lists that registries hold: the tags of a repository, and the catalog of repositories. Each is read once.
///
/// No list of tags is not yet an absent repository: a registry says 404, or gives an empty list, for what this
/// credential may not see too. Then the catalog is asked, and believed only where it is whole and shows a neighbour.
/// Safe to call from many threads.
class OciLists {
 public:
  explicit OciLists(OciAccess& access) : access_(access) {}

  /// `asked` of the reading is the repository's full name.
  std::shared_ptr<const TagListReading> tags_of(const RepositoryPlace& place);
  /// Those that were read, sorted by repository. Not while others work.
  std::vector<TagListReading> all_tag_lists() const;

 private:
  /// Names, page by page. Neither names nor `unknown`: the first page is 404, or the list is empty.
  struct NameList {
    std::vector<std::string> names;  ///< sorted, each once
    bool complete = false;
    std::string incomplete_because;
    std::optional<Unknown> unknown = {};  ///< the first page could not be read
    Provenance from = {};                 ///< of the first page
  };

  TagListReading read_tags(const RepositoryPlace& place);
  void judge_by_catalog(const RepositoryPlace& place, TagListReading& reading);
  NameList read_list(const RepositoryPlace& place, const std::string& scope, const std::string& path,
                     std::string_view key, std::uint32_t max_pages);
  std::optional<std::string> next_page(const RepositoryPlace& place, const std::string& target,
                                       const HttpResponse& response, NameList& list) const;

  OciAccess& access_;
  Memo<RepositoryPlace, TagListReading> tags_;
  Memo<HostPort, NameList> catalogs_;
};

/// "1 tag", "8 tags".
std::string counted(std::size_t count, std::string_view what);

}  // namespace trueup::live
