#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "live/oci_registry.hpp"
#include "live/secret.hpp"

/// What OCI registries and their token servers answer, taken apart. Every function takes bytes as they came, and fails
/// with Fault::malformed (or over_limit) in words that do not quote them.
namespace trueup::live {

inline constexpr std::string_view kHelmConfigType = "application/vnd.cncf.helm.config.v1+json";
/// Of the layer that holds the package; Helm before 3.7 wrote the second one.
inline constexpr std::string_view kHelmPackageType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip", kOldHelmPackageType = "application/tar+gzip";
/// The four types of manifests. A registry answers 404 for a manifest of a type that Accept leaves out.
inline constexpr std::string_view kManifestAccept =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";

struct ManifestFields {
  std::string media_type;         ///< one of the four
  std::string config_media_type;  ///< empty for an index
  std::string config_digest;
  std::string package_digest;     ///< of the layer that is a chart's package; empty: there is none
  std::vector<std::string> platforms;  ///< of an index: os/architecture[/variant], sorted, each once; attestations left out
};

/// `content_type` is the header; where it says nothing (application/json, text/plain), the manifest's own mediaType or
/// shape decides.
Result<ManifestFields> read_manifest(std::string_view body, std::string_view content_type);

/// Helm's config blob: Chart.yaml as JSON.
Result<ChartMetadata> read_chart_config(std::string_view body);

/// The list of texts under `key` ("tags", "repositories"); null and a missing key read as empty.
Result<std::vector<std::string>> read_name_list(std::string_view body, std::string_view key);

struct TokenAnswer {
  Secret token;
  int lifetime_seconds = 60;  ///< what the specification says where the server says nothing
};
/// `token`, else `access_token`.
Result<TokenAnswer> read_token_answer(std::string_view body);

}  // namespace trueup::live
