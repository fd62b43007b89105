#include "live/oci_registry.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/work_queue.hpp"
#include "formats/image_reference.hpp"
#include "live/docker_config.hpp"
#include "live/oci_access.hpp"
#include "live/oci_answers.hpp"

// Absence is the hard part. A 404 for a manifest may mean that there is no such tag, that there is no such repository, that
// the credential may not see it, or that Accept was too narrow; registries differ in which they say. So a 404 alone is never
// believed: the same credential has to be shown the tags of that repository, or a catalog in which its neighbours stand and
// it does not.

namespace trueup::live {

namespace {

constexpr unsigned kThreads = 16;  // they wait for servers; the client bounds what runs at once
constexpr std::uint32_t kMaxCatalogPages = 20;
constexpr std::string_view kCatalogScope = "registry:catalog:*";

/// What a registry holds of names, page by page.
struct NameList {
  std::vector<std::string> names;  // sorted, each once
  bool complete = false;
  std::string incomplete_because;
  std::optional<Unknown> unknown = {};  // the first page could not be read; no names and no `unknown`: 404, or an empty list
  Provenance from = {};                 // of the first page
};

/// "charts/" of "charts/atlas"; "" at the top.
std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

bool is_sibling(const std::string& candidate, const std::string& parent) {
  return candidate.size() > parent.size() && candidate.starts_with(parent) &&
         candidate.find('/', parent.size()) == std::string::npos;
}

Result<RepositoryPlace> locate(const std::string& repository) {
  auto reference = formats::ImageReference::parse(repository);
  if (!reference) return std::move(reference).error();
  if (!reference->tag.empty() || !reference->digest.empty()) return Error{Fault::malformed, "a repository without tag is expected"};
  auto host = HostPort::parse(reference->registry);
  if (!host) return std::move(host).error();
  const HostPort asked = canonical_registry(*host);
  const bool hub = asked == canonical_registry({"docker.io", std::nullopt});
  return RepositoryPlace{asked, std::move(reference->repository), hub ? "docker.io" : asked.to_string()};
}

std::string plural(std::size_t count, std::string_view what) { return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s"); }

}  // namespace

class OciRegistry::Session {
 public:
  Session(HttpClient& http, CredentialSource& credentials, const HostPolicy& hosts) : access_(http, credentials, hosts) {}

  RegistryReadings read(std::span<const ArtifactQuestion> artifacts, std::span<const TagListQuestion> tag_lists) {
    greet_all(artifacts, tag_lists);
    RegistryReadings readings;
    readings.artifacts.resize(artifacts.size());
    readings.tag_lists.resize(tag_lists.size());
    parallel_for(artifacts.size() + tag_lists.size(), kThreads, [&](std::size_t i) {
      if (i < tag_lists.size()) {
        readings.tag_lists[i] = answer(tag_lists[i]);
      } else {
        readings.artifacts[i - tag_lists.size()] = answer(artifacts[i - tag_lists.size()]);
      }
    });
    return readings;
  }

  std::vector<TagListReading> tag_lists() const {
    std::vector<TagListReading> all;
    for (const auto& reading : tags_.values()) all.push_back(*reading);
    std::ranges::sort(all, {}, &TagListReading::asked);
    return all;
  }

 private:
  /// Before anything else, so that a host that does not answer keeps no thread from those that do.
  void greet_all(std::span<const ArtifactQuestion> artifacts, std::span<const TagListQuestion> tag_lists) {
    std::set<HostPort> wanted;
    const auto want = [&](const std::string& repository) {
      const auto place = locate(repository);
      if (place) wanted.insert(place->host);
    };
    for (const auto& question : artifacts) want(question.repository);
    for (const auto& question : tag_lists) want(question.repository);
    const std::vector<HostPort> hosts(wanted.begin(), wanted.end());
    parallel_for(hosts.size(), kThreads, [&](std::size_t i) { access_.greet(hosts[i]); });
  }

  TagListReading answer(const TagListQuestion& question) {
    const auto place = locate(question.repository);
    TagListReading reading;
    if (place) {
      reading = *tags_of(*place);
    } else {
      reading.unknown = invalid(question.repository, place.error());
    }
    reading.asked = question;
    return reading;
  }

  ArtifactReading answer(const ArtifactQuestion& question) {
    return *artifacts_.get(question, [&] { return read_artifact(question); });
  }

  static Unknown invalid(const std::string& name, const Error& error) {
    return unknown("invalid_reference", printable(name) + " cannot be asked for: " + error.message);
  }

  // ---- artifacts

  ArtifactReading read_artifact(const ArtifactQuestion& question) {
    ArtifactReading reading;
    reading.asked = question;
    const auto place = locate(question.repository);
    if (!place) {
      reading.unknown = invalid(question.repository, place.error());
      return reading;
    }
    const std::string reference =
        question.want_chart_config ? formats::helm_tag(question.reference) : question.reference;
    const bool by_digest = reference.find(':') != std::string::npos;
    const bool valid = by_digest ? reference.starts_with("sha256:") && formats::oci_digest_valid(reference)
                                 : formats::oci_tag_valid(reference);
    if (!valid) {
      reading.unknown = invalid(question.repository + (by_digest ? "@" : ":") + reference,
                                {Fault::malformed, by_digest ? "only sha256 digests can be checked" : "it is no tag (letters, "
                                                   "digits, _ . -, at most 128)"});
      return reading;
    }
    Asked asked = access_.ask(*place, place->pull_scope(), "/v2/" + place->path + "/manifests/" + reference, kManifestAccept,
                              limits::kMaxManifestBytes);
    reading.from = asked.answer.from;
    if (asked.unknown) {
      reading.unknown = std::move(asked.unknown);
    } else if (asked.answer.has_status(404)) {
      judge_absence(*place, reference, by_digest, reading);
    } else {
      take_manifest(*place, reference, by_digest, *asked.answer.response, reading);
    }
    return reading;
  }

  void take_manifest(const RepositoryPlace& place, const std::string& reference, bool by_digest, const HttpResponse& response,
                     ArtifactReading& reading) {
    const std::string name = place.name() + (by_digest ? "@" : ":") + reference;
    const auto manifest = read_manifest(response.body, find_header(response.headers, "Content-Type").value_or(""));
    if (!manifest) {
      const bool limit = manifest.error().fault == Fault::over_limit;
      reading.unknown = unknown(limit ? "over_limit" : "malformed",
                                fmt::format("{} answered for {} with {}", place.registry, reference, manifest.error().message));
      return;
    }
    const std::string digest = "sha256:" + sha256_hex(response.body);
    const auto announced = find_header(response.headers, "Docker-Content-Digest").value_or("");
    if ((by_digest && digest != reference) || (announced.starts_with("sha256:") && announced != digest)) {
      reading.unknown = unknown("other_bytes", name + " was served with bytes that do not have its digest; a proxy or cache on "
                                                      "the way may have changed them");
      return;
    }
    reading.state = ReadingState::present;
    reading.evidence = fmt::format("manifest of {} bytes", response.body.size());
    reading.digest = digest;
    reading.media_type = manifest->media_type;
    reading.config_media_type = manifest->config_media_type;
    if (reading.asked.want_chart_config && manifest->config_media_type == kHelmConfigType) {
      take_chart(place, manifest->config_digest, reading);
    }
  }

  void take_chart(const RepositoryPlace& place, const std::string& digest, ArtifactReading& reading) {
    if (!digest.starts_with("sha256:") || !formats::oci_digest_valid(digest)) {
      reading.chart_unknown = unknown("malformed", "the manifest names its config by something that is no sha256 digest");
      return;
    }
    Asked asked = access_.ask(place, place.pull_scope(), "/v2/" + place.path + "/blobs/" + digest, "*/*",
                              limits::kMaxManifestBytes);
    if (asked.unknown) {
      reading.chart_unknown = std::move(asked.unknown);
    } else if (asked.answer.has_status(404)) {
      reading.chart_unknown = unknown("inconsistent", place.registry + " has the manifest and not the config that it names");
    } else if ("sha256:" + sha256_hex(asked.answer.response->body) != digest) {
      reading.chart_unknown = unknown("other_bytes", place.registry + " served a config with another digest than its name");
    } else {
      auto chart = read_chart_config(asked.answer.response->body);
      if (chart) {
        reading.chart = std::move(*chart);
      } else {
        reading.chart_unknown = unknown("malformed", "the chart's config is " + chart.error().message);
      }
    }
  }

  void judge_absence(const RepositoryPlace& place, const std::string& reference, bool by_digest, ArtifactReading& reading) {
    const auto tags = tags_of(place);
    if (tags->state == ReadingState::unknown) {
      reading.unknown = tags->unknown;
      return;
    }
    if (!by_digest && std::ranges::binary_search(tags->tags, reference)) {
      reading.unknown = unknown("inconsistent", fmt::format("{} lists {} among the tags of {}, and has no manifest for it; ask "
                                                            "again in a while", place.registry, reference, place.path));
      return;
    }
    reading.state = ReadingState::absent;
    if (tags->state == ReadingState::absent || tags->tags.empty()) {
      reading.evidence = tags->evidence;
    } else {
      reading.evidence = fmt::format("{} lists {}{} of {}, and {} is not {}", place.registry,
                                     tags->complete ? "" : "the first ", plural(tags->tags.size(), "tag"), place.path, reference,
                                     by_digest ? "served" : "one of them");
    }
  }

  // ---- lists

  std::shared_ptr<const TagListReading> tags_of(const RepositoryPlace& place) {
    return tags_.get(place, [&] { return read_tags(place); });
  }

  TagListReading read_tags(const RepositoryPlace& place) {
    NameList list = read_list(place, place.pull_scope(), "/v2/" + place.path + "/tags/list", "tags", limits::kMaxPages);
    TagListReading reading;
    reading.asked.repository = place.name();
    reading.from = list.from;
    if (list.unknown) {
      reading.unknown = std::move(list.unknown);
    } else if (list.names.empty()) {
      // No such repository, or none that is shown; some registries say 404, some give an empty list.
      judge_by_catalog(place, reading);
    } else {
      reading.state = ReadingState::present;
      reading.tags = std::move(list.names);
      reading.complete = list.complete;
      reading.incomplete_because = std::move(list.incomplete_because);
      reading.evidence = plural(reading.tags.size(), "tag") + (reading.complete ? "" : ", not all");
    }
    return reading;
  }

  void judge_by_catalog(const RepositoryPlace& place, TagListReading& reading) {
    const auto catalog = catalogs_.get(place.host, [&] {
      return read_list(place, std::string(kCatalogScope), "/v2/_catalog", "repositories", kMaxCatalogPages);
    });
    const std::string parent = parent_of(place.path);
    const auto siblings = static_cast<std::size_t>(
        std::ranges::count_if(catalog->names, [&](const std::string& name) { return is_sibling(name, parent); }));
    if (std::ranges::binary_search(catalog->names, place.path)) {
      reading.state = ReadingState::present;
      reading.complete = true;
      reading.evidence = fmt::format("{} has {} in its catalog, without tags", place.registry, place.path);
    } else if (catalog->complete && siblings > 0) {
      reading.state = ReadingState::absent;
      reading.evidence =
          fmt::format("the catalog of {} holds {}{}, and {} is not one of them", place.registry,
                      siblings == 1 ? "1 repository" : fmt::format("{} repositories", siblings),
                      parent.empty() ? "" : " under " + parent, place.path);
    } else {
      reading.unknown = unknown("name_unknown", fmt::format("{} shows no repository {}; it does not exist, or this login may not "
                                                            "see it: check the name, or log in", place.registry, place.path));
    }
  }

  NameList read_list(const RepositoryPlace& place, const std::string& scope, const std::string& path, std::string_view key,
                     std::uint32_t max_pages) {
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
        asked.unknown = unknown("http_404", "a page is missing");
      }
      auto names = asked.unknown ? Result<std::vector<std::string>>(std::vector<std::string>())
                                 : read_name_list(asked.answer.response->body, key);
      if (!names) {
        asked.unknown = unknown("malformed", fmt::format("{} answered {} with {}", place.registry, path, names.error().message));
      }
      if (asked.unknown) {
        if (page == 0) {
          list.unknown = std::move(asked.unknown);
        } else {
          list.incomplete_because = "page " + std::to_string(page + 1) + ": " + asked.unknown->because;
        }
        break;
      }
      bytes_left -= asked.answer.response->body.size();
      std::ranges::move(*names, std::back_inserter(list.names));
      target = next_page(place, *target, *asked.answer.response, list);
    }
    list.complete = list.incomplete_because.empty() && !list.unknown;
    std::ranges::sort(list.names);
    const auto doubles = std::ranges::unique(list.names);
    list.names.erase(doubles.begin(), doubles.end());
    return list;
  }

  std::optional<std::string> next_page(const RepositoryPlace& place, const std::string& target, const HttpResponse& response,
                                       NameList& list) const {
    const auto link = next_link(find_headers(response.headers, "Link"));
    if (!link) return std::nullopt;
    const auto here = Url::parse(access_.base_url(place.host) + target);
    const auto next = here ? here->resolve(*link) : here;
    if (!next || !next->same_origin(*here)) {
      list.incomplete_because = place.registry + " names a next page on another host, which is not asked";
      return std::nullopt;
    }
    return next->target;
  }

  OciAccess access_;
  Memo<ArtifactQuestion, ArtifactReading> artifacts_;
  Memo<RepositoryPlace, TagListReading> tags_;
  Memo<HostPort, NameList> catalogs_;
};

OciRegistry::OciRegistry(HttpClient& http, CredentialSource& credentials, const HostPolicy& hosts)
    : session_(std::make_unique<Session>(http, credentials, hosts)) {}
OciRegistry::~OciRegistry() = default;

RegistryReadings OciRegistry::read(std::span<const ArtifactQuestion> artifacts, std::span<const TagListQuestion> tag_lists) {
  return session_->read(artifacts, tag_lists);
}

std::vector<TagListReading> OciRegistry::tag_lists() const { return session_->tag_lists(); }

}  // namespace trueup::live
