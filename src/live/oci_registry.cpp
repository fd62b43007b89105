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
#include "live/oci_lists.hpp"

// Absence is the hard part. A 404 for a manifest may mean that there is no such tag, that there is no such repository,
// that the credential may not see it, or that Accept was too narrow; registries differ in which they say. So a 404
// alone is never believed: the same credential has to be shown the tags of that repository, or a catalog in which its
// neighbours stand and it does not.

namespace trueup::live {

namespace {

constexpr unsigned kThreads = 16;  // they wait for servers; the client bounds what runs at once

Result<RepositoryPlace> locate(const std::string& repository) {
  auto reference = formats::ImageReference::parse(repository);
  if (!reference) return std::move(reference).error();
  if (!reference->tag.empty() || !reference->digest.empty()) {
    return Error{Fault::malformed, "a repository without tag is expected"};
  }
  auto host = HostPort::parse(reference->registry);
  if (!host) return std::move(host).error();
  const HostPort asked = canonical_registry(*host);
  const bool hub = asked == canonical_registry({"docker.io", std::nullopt});
  return RepositoryPlace{asked, std::move(reference->repository), hub ? "docker.io" : asked.to_string()};
}

Unknown invalid(const std::string& name, std::string_view why) {
  return unknown("invalid_reference", printable(name) + " cannot be asked for: " + std::string(why));
}

/// What is asked for below a repository.
struct Reference {
  std::string text;
  bool is_digest = false;

  static Result<Reference> parse(const ArtifactQuestion& question) {
    Reference reference{question.want_chart_config ? formats::helm_tag(question.reference) : question.reference};
    reference.is_digest = reference.text.find(':') != std::string::npos;
    if (reference.is_digest && (!reference.text.starts_with("sha256:") || !formats::oci_digest_valid(reference.text))) {
      return Error{Fault::malformed, "only sha256 digests can be checked"};
    }
    if (!reference.is_digest && !formats::oci_tag_valid(reference.text)) {
      return Error{Fault::malformed, "it is no tag (letters, digits, _ . -, at most 128)"};
    }
    return reference;
  }
};

std::string digest_of(const HttpAnswer& answer) { return "sha256:" + sha256_hex(answer.response->body); }

}  // namespace

class OciRegistry::Session {
 public:
  Session(HttpClient& http, CredentialSource& credentials, const HostPolicy& hosts)
      : access_(http, credentials, hosts), lists_(access_) {}

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

  std::vector<ChartPackageReading> read_packages(std::span<const ArtifactQuestion> charts, bool with_texts) {
    greet_all(charts, {});
    std::vector<ChartPackageReading> readings(charts.size());
    parallel_for(charts.size(), kThreads, [&](std::size_t i) { readings[i] = read_package(charts[i], with_texts); });
    return readings;
  }

  std::vector<TagListReading> tag_lists() const { return lists_.all_tag_lists(); }

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
      reading = *lists_.tags_of(*place);
    } else {
      reading.unknown = invalid(question.repository, place.error().message);
    }
    reading.asked = question;
    return reading;
  }

  ArtifactReading answer(const ArtifactQuestion& question) {
    return *artifacts_.get(question, [&] { return read_artifact(question); });
  }

  ArtifactReading read_artifact(const ArtifactQuestion& question) {
    ArtifactReading reading;
    reading.asked = question;
    const auto place = locate(question.repository);
    const auto reference = Reference::parse(question);
    if (!place || !reference) {
      reading.unknown = invalid(question.repository + " " + question.reference,
                                place ? reference.error().message : place.error().message);
      return reading;
    }
    Asked asked = access_.ask(*place, place->pull_scope(), "/v2/" + place->path + "/manifests/" + reference->text,
                              kManifestAccept, limits::kMaxManifestBytes);
    reading.from = asked.answer.from;
    if (asked.unknown) {
      reading.unknown = std::move(asked.unknown);
    } else if (asked.answer.has_status(404)) {
      judge_absence(*place, *reference, reading);
    } else {
      take_manifest(*place, *reference, asked.answer, reading);
    }
    return reading;
  }

  void take_manifest(const RepositoryPlace& place, const Reference& reference, const HttpAnswer& answer,
                     ArtifactReading& reading) {
    const HttpResponse& response = *answer.response;
    const auto manifest =
        read_manifest(response.body, find_header(response.headers, "Content-Type").value_or(""));
    if (!manifest) {
      reading.unknown = unknown(manifest.error().fault == Fault::over_limit ? "over_limit" : "malformed",
                                fmt::format("{} answered for {} of {} with {}", place.registry, reference.text,
                                            place.path, manifest.error().message));
      return;
    }
    const std::string digest = digest_of(answer);
    const auto announced = find_header(response.headers, "Docker-Content-Digest").value_or("");
    const bool announces_another = announced.starts_with("sha256:") && announced != digest;
    if (announces_another || (reference.is_digest && digest != reference.text)) {
      reading.unknown = unknown("other_bytes",
                                fmt::format("{} served {} of {} with bytes that do not have its digest; a proxy or "
                                            "cache on the way may have changed them",
                                            place.registry, reference.text, place.path));
      return;
    }
    reading.state = ReadingState::present;
    reading.evidence = fmt::format("manifest of {} bytes", response.body.size());
    reading.digest = digest;
    reading.media_type = manifest->media_type;
    reading.config_media_type = manifest->config_media_type;
    reading.platforms = manifest->platforms;
    if (manifest->config_media_type == kHelmConfigType) reading.package_digest = manifest->package_digest;
    if (reading.asked.want_chart_config && manifest->config_media_type == kHelmConfigType) {
      take_chart(place, manifest->config_digest, reading);
    }
  }

  /// The bytes that a manifest names by their digest; `what`: "config". Nothing where `found` says why.
  std::optional<std::string> blob(const RepositoryPlace& place, const std::string& digest, std::string_view what, std::size_t limit,
                                  std::optional<Unknown>& found, Provenance* from = nullptr) {
    const auto fail = [&](std::string code, std::string because) {
      found = unknown(std::move(code), std::move(because));
      return std::nullopt;
    };
    if (!digest.starts_with("sha256:") || !formats::oci_digest_valid(digest))
      return fail("malformed", fmt::format("the manifest names its {} by something that is no sha256 digest", what));
    Asked asked = access_.ask(place, place.pull_scope(), "/v2/" + place.path + "/blobs/" + digest, "*/*", limit);
    if (from != nullptr) *from = asked.answer.from;
    if (asked.unknown) {
      found = std::move(asked.unknown);
      return std::nullopt;
    }
    if (asked.answer.has_status(404)) return fail("inconsistent", fmt::format("{} has the manifest and not the {} that it names", place.registry, what));
    if (digest_of(asked.answer) != digest) return fail("other_bytes", fmt::format("{} served a {} with another digest than its name", place.registry, what));
    return asked.answer.response->body;
  }

  void take_chart(const RepositoryPlace& place, const std::string& digest, ArtifactReading& reading) {
    const auto body = blob(place, digest, "config", limits::kMaxManifestBytes, reading.chart_unknown);
    if (!body) return;
    auto chart = read_chart_config(*body);
    if (chart) reading.chart = std::move(*chart);
    else reading.chart_unknown = unknown("malformed", "the chart's config is " + chart.error().message);
  }

  ChartPackageReading read_package(const ArtifactQuestion& question, bool with_texts) {
    ChartPackageReading reading;
    reading.asked = question;
    const ArtifactReading chart = answer(question);
    reading.from = chart.from;
    const auto place = locate(question.repository);
    if (chart.state != ReadingState::present || !place) {
      reading.unknown = chart.unknown ? *chart.unknown : unknown("not_found", chart.evidence);
    } else if (chart.package_digest.empty()) {
      reading.unknown = unknown("no_chart", fmt::format("{} of {} is no chart with a package", question.reference, place->path));
    } else if (const auto body = blob(*place, chart.package_digest, "package", limits::kMaxChartPackageBytes, reading.unknown, &reading.from)) {
      auto package = formats::read_chart_package(*body, with_texts);
      if (!package) {
        reading.unknown = unknown("malformed", "the chart's package cannot be unpacked: " + package.error().message);
      } else {
        reading.state = ReadingState::present;
        reading.packed_bytes = body->size();
        reading.evidence = fmt::format("a package of {} bytes", body->size());
        reading.package = std::move(*package);
      }
    }
    return reading;
  }

  void judge_absence(const RepositoryPlace& place, const Reference& reference, ArtifactReading& reading) {
    const auto list = lists_.tags_of(place);
    if (list->state == ReadingState::unknown) {
      reading.unknown = list->unknown;
      return;
    }
    if (!reference.is_digest && std::ranges::binary_search(list->tags, reference.text)) {
      reading.unknown = unknown("inconsistent",
                                fmt::format("{} lists {} among the tags of {}, and has no manifest for it; ask again "
                                            "in a while",
                                            place.registry, reference.text, place.path));
      return;
    }
    reading.state = ReadingState::absent;
    reading.evidence = list->tags.empty() ? list->evidence
                                          : fmt::format("{} lists {}{} of {}, and {} is not {}", place.registry,
                                                        list->complete ? "" : "the first ",
                                                        counted(list->tags.size(), "tag"), place.path, reference.text,
                                                        reference.is_digest ? "served" : "one of them");
  }

  OciAccess access_;
  OciLists lists_;
  Memo<ArtifactQuestion, ArtifactReading> artifacts_;
};

OciRegistry::OciRegistry(HttpClient& http, CredentialSource& credentials, const HostPolicy& hosts)
    : session_(std::make_unique<Session>(http, credentials, hosts)) {}
OciRegistry::~OciRegistry() = default;

RegistryReadings OciRegistry::read(std::span<const ArtifactQuestion> artifacts,
                                   std::span<const TagListQuestion> tag_lists) {
  return session_->read(artifacts, tag_lists);
}

std::vector<ChartPackageReading> OciRegistry::read_packages(std::span<const ArtifactQuestion> charts, bool with_texts) {
  return session_->read_packages(charts, with_texts);
}

std::vector<TagListReading> OciRegistry::tag_lists() const { return session_->tag_lists(); }

}  // namespace trueup::live
