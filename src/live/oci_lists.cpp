#include "live/oci_lists.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "live/oci_answers.hpp"

namespace trueup::live {

namespace {

constexpr std::uint32_t kMaxCatalogPages = 20;
constexpr std::string_view kCatalogScope = "registry:catalog:*";

/// "charts/" of "charts/atlas"; "" at the top.
std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

bool stands_directly_below(const std::string& parent, const std::string& name) {
  return name.size() > parent.size() && name.starts_with(parent) &&
         name.find('/', parent.size()) == std::string::npos;
}

}  // namespace

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::shared_ptr<const TagListReading> OciLists::tags_of(const RepositoryPlace& place) {
  return tags_.get(place, [&] { return read_tags(place); });
}

std::vector<TagListReading> OciLists::all_tag_lists() const {
  std::vector<TagListReading> all;
  for (const auto& reading : tags_.values()) all.push_back(*reading);
  std::ranges::sort(all, {}, &TagListReading::asked);
  return all;
}

TagListReading OciLists::read_tags(const RepositoryPlace& place) {
  NameList list = read_list(place, place.pull_scope(), "/v2/" + place.path + "/tags/list", "tags", limits::kMaxPages);
  TagListReading reading;
  reading.asked.repository = place.name();
  reading.from = list.from;
  if (list.unknown) {
    reading.unknown = std::move(list.unknown);
  } else if (list.names.empty()) {
    judge_by_catalog(place, reading);
  } else {
    reading.state = ReadingState::present;
    reading.tags = std::move(list.names);
    reading.complete = list.complete;
    reading.incomplete_because = std::move(list.incomplete_because);
    reading.evidence = counted(reading.tags.size(), "tag") + (reading.complete ? "" : ", not all");
  }
  return reading;
}

void OciLists::judge_by_catalog(const RepositoryPlace& place, TagListReading& reading) {
  const auto catalog = catalogs_.get(place.host, [&] {
    return read_list(place, std::string(kCatalogScope), "/v2/_catalog", "repositories", kMaxCatalogPages);
  });
  const std::string parent = parent_of(place.path);
  const auto neighbours = std::ranges::count_if(
      catalog->names, [&](const std::string& name) { return stands_directly_below(parent, name); });
  if (std::ranges::binary_search(catalog->names, place.path)) {
    reading.state = ReadingState::present;
    reading.complete = true;
    reading.evidence = fmt::format("{} has {} in its catalog, without tags", place.registry, place.path);
  } else if (catalog->complete && neighbours > 0) {
    reading.state = ReadingState::absent;
    reading.evidence = fmt::format("the catalog of {} holds {} {}{}, and {} is not one of them", place.registry,
                                   neighbours, neighbours == 1 ? "repository" : "repositories",
                                   parent.empty() ? "" : " under " + parent, place.path);
  } else {
    reading.unknown = unknown("name_unknown",
                              fmt::format("{} shows no repository {}; it does not exist, or this login may not see it: "
                                          "check the name, or log in",
                                          place.registry, place.path));
  }
}

OciLists::NameList OciLists::read_list(const RepositoryPlace& place, const std::string& scope, const std::string& path,
                                       std::string_view key, std::uint32_t max_pages) {
  NameList list;
  std::size_t bytes_left = limits::kMaxTagListBytes;
  std::set<std::string> visited;
  std::optional<std::string> target = path + "?n=1000";
  for (std::uint32_t page = 0; target; ++page) {
    if (page == max_pages) list.incomplete_because = fmt::format("only the first {} pages were read", max_pages);
    if (!visited.insert(*target).second) list.incomplete_because = "its pages go round in a circle";
    if (!list.incomplete_because.empty()) break;

    Asked asked = access_.ask(place, scope, *target, "application/json", bytes_left);
    if (page == 0) list.from = asked.answer.from;
    if (!asked.unknown && asked.answer.has_status(404)) {
      if (page == 0) break;
      asked.unknown = unknown("http_404", "it is missing");
    }
    std::vector<std::string> names;
    if (!asked.unknown) {
      auto read = read_name_list(asked.answer.response->body, key);
      if (read) {
        names = std::move(*read);
      } else {
        asked.unknown = unknown(read.error().fault == Fault::over_limit ? "over_limit" : "malformed",
                                fmt::format("{} answered {} with {}", place.registry, path, read.error().message));
      }
    }
    if (asked.unknown && page > 0) {
      list.incomplete_because = fmt::format("page {}: {}", page + 1, asked.unknown->because);
      break;
    }
    if (asked.unknown) {
      list.unknown = std::move(asked.unknown);
      break;
    }
    bytes_left -= asked.answer.response->body.size();
    std::ranges::move(names, std::back_inserter(list.names));
    target = next_page(place, *target, *asked.answer.response, list);
  }
  list.complete = list.incomplete_because.empty() && !list.unknown;
  std::ranges::sort(list.names);
  const auto doubles = std::ranges::unique(list.names);
  list.names.erase(doubles.begin(), doubles.end());
  return list;
}

std::optional<std::string> OciLists::next_page(const RepositoryPlace& place, const std::string& target,
                                               const HttpResponse& response, NameList& list) const {
  const auto link = next_link(find_headers(response.headers, "Link"));
  if (!link) return std::nullopt;
  const auto here = Url::parse(access_.base_url(place.host) + target);
  const auto next = here ? here->resolve(*link) : here;
  if (next && next->same_origin(*here)) return next->target;
  list.incomplete_because = place.registry + " names a next page on another host, which is not asked";
  return std::nullopt;
}

}  // namespace trueup::live
