#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/chart_package.hpp"
#include "live/credentials.hpp"
#include "live/hosts.hpp"
#include "live/http.hpp"
#include "live/reading.hpp"

namespace trueup::live {

/// "Which artifact stands under this reference?"
struct ArtifactQuestion {
  /// host[:port]/path as the fleet writes it, without scheme, tag and digest. Without a host, docker.io is meant; a
  /// name of one part there lies under library/.
  std::string repository;
  /// A tag, or a digest "sha256:<64 hex>". If the question is about a chart, a version: '+' is asked for as '_'.
  std::string reference;
  bool want_chart_config = false;  ///< read Helm's config blob too, if the artifact is a chart
  friend auto operator<=>(const ArtifactQuestion&, const ArtifactQuestion&) = default;
};

/// "Which tags does this repository hold?"
struct TagListQuestion {
  std::string repository;  ///< as in ArtifactQuestion
  friend auto operator<=>(const TagListQuestion&, const TagListQuestion&) = default;
};

/// Chart.yaml as the registry holds it, in the config blob. `version` keeps its '+'.
struct ChartMetadata {
  std::string name, version, app_version;
  std::string dependencies_json;  ///< the list as compact JSON; "[]" if there is none
  friend bool operator==(const ChartMetadata&, const ChartMetadata&) = default;
};

struct ArtifactReading {
  ArtifactQuestion asked;
  ReadingState state = ReadingState::unknown;
  std::optional<Unknown> unknown;  ///< if and only if the state is unknown
  /// How it was read: "manifest of 857 bytes", or how absence was proven: "the registry lists 8 tags of charts/atlas,
  /// and 1.0.7 is not one of them".
  std::string evidence;
  std::string digest;             ///< of the bytes that were served; "sha256:<hex>". Set if present
  std::string media_type;         ///< of the manifest. Set if present
  std::string config_media_type;  ///< empty for an index
  std::string package_digest;     ///< of a chart's package; empty for what is no chart
  std::vector<std::string> platforms;  ///< of an image index: os/architecture[/variant]; empty for one image
  std::optional<ChartMetadata> chart;
  /// The chart's metadata were wanted, the artifact is a chart, and its config could not be read.
  std::optional<Unknown> chart_unknown;
  Provenance from;
};

/// What a chart's package holds, as the registry serves it.
struct ChartPackageReading {
  ArtifactQuestion asked;
  ReadingState state = ReadingState::unknown;  ///< never absent: what is not there has no package
  std::optional<Unknown> unknown;
  std::string evidence;
  std::size_t packed_bytes = 0;
  formats::ChartPackage package;
  Provenance from;
};

struct TagListReading {
  TagListQuestion asked;
  ReadingState state = ReadingState::unknown;
  std::optional<Unknown> unknown;
  std::string evidence;
  std::vector<std::string> tags;  ///< sorted bytewise, each once
  bool complete = false;          ///< false if a limit, or a page that could not be read, cut the list short
  std::string incomplete_because;
  Provenance from;
};

struct RegistryReadings {
  std::vector<ArtifactReading> artifacts;  ///< one for each question, in that order
  std::vector<TagListReading> tag_lists;   ///< likewise
};

/// Reads OCI registries (distribution-spec 1.1; docker-registry 2.8 and distribution 3.1 as recorded). Lists nothing
/// that was not asked or is not needed as proof, and writes nothing.
///
/// Each host is greeted once (GET /v2/), anonymously, which tells how it wants to be asked; each repository needs at
/// most one token. Credentials go to the host that they belong to, and to a token server on the same host, on a host of
/// HostSettings::token_hosts, on a host that the operator named, or on the known partner of a public registry; any
/// other token server is asked without them.
///
/// A 404 for a manifest reads as absent only if the registry shows, to the same credential, tags of that repository; or
/// if its catalog, whole, shows a neighbour below the same parent and not the repository. Where tag list and manifest
/// contradict each other, and after 401, 403, 429, 5xx, time-outs, garbage and bytes with another digest, the reading
/// is unknown.
///
/// The object remembers: a question is asked once in its life, whatever the number of calls. What is asked depends on
/// the questions alone, not on the order of answers, so a recording replays. Safe to call from one thread at a time.
class OciRegistry {
 public:
  OciRegistry(HttpClient& http, CredentialSource& credentials, const HostPolicy& hosts);
  ~OciRegistry();

  /// Never fails as a whole; questions that could not be answered are readings with state unknown.
  RegistryReadings read(std::span<const ArtifactQuestion> artifacts, std::span<const TagListQuestion> tag_lists);

  /// Reads the packages of charts; each is at most limits::kMaxChartPackageBytes large, and its bytes have the digest that the manifest
  /// names. `with_texts`: see formats/chart_package.hpp. A package that is no archive is unknown, and one that is too large to be unpacked is not whole.
  std::vector<ChartPackageReading> read_packages(std::span<const ArtifactQuestion> charts, bool with_texts = false);

  /// Every tag list that was read so far, those that served as proof of absence too; sorted by repository as first
  /// asked.
  std::vector<TagListReading> tag_lists() const;

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace trueup::live
