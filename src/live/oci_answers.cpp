#include "live/oci_answers.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "formats/json.hpp"

namespace trueup::live {

namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

constexpr std::string_view kOciManifest = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view kOciIndex = "application/vnd.oci.image.index.v1+json";

Result<Document> parse_object(std::string_view body) {
  Document document = formats::parse_json(body);
  if (document.problem()) {
    if (trim(body).starts_with('<')) return Error{Fault::malformed, "a web page instead of JSON"};
    return Error{document.problem()->fault, "no whole JSON: " + document.problem()->message};
  }
  if (!document.is_mapping(document.root())) return Error{Fault::malformed, "JSON, but no object"};
  return document;
}

bool is_string(const Document& document, NodeIndex node) {
  return document.is_scalar(node) && document[node].style == formats::ScalarStyle::double_quoted;
}

/// The string under `key`; "" for anything else, null among it.
std::string text_at(const Document& document, NodeIndex mapping, std::string_view key) {
  const NodeIndex value = document.child(mapping, key);
  return is_string(document, value) ? std::string(*document.text(value)) : std::string();
}

bool is_manifest_type(std::string_view type) {
  for (const std::string_view known : split(kManifestAccept, ',')) {
    if (trim(known) == type) return true;
  }
  return false;
}

/// The platforms of an index. What says no platform, or "unknown" as build attestations do, is no image to run.
std::vector<std::string> platforms_of(const Document& document) {
  std::vector<std::string> platforms;
  for (const NodeIndex manifest : document.children(document.child(document.root(), "manifests"))) {
    const NodeIndex platform = document.child(manifest, "platform");
    const std::string os = text_at(document, platform, "os"), architecture = text_at(document, platform, "architecture");
    const std::string variant = text_at(document, platform, "variant");
    if (os.empty() || architecture.empty() || os == "unknown" || architecture == "unknown") continue;
    platforms.push_back(os + '/' + architecture + (variant.empty() ? "" : '/' + variant));
  }
  std::ranges::sort(platforms);
  platforms.erase(std::unique(platforms.begin(), platforms.end()), platforms.end());
  return platforms;
}

/// A type by which the server said nothing.
bool says_nothing(std::string_view type) {
  return type.empty() || type == "application/json" || type == "text/plain" || type == "application/octet-stream";
}

}  // namespace

Result<ManifestFields> read_manifest(std::string_view body, std::string_view content_type) {
  auto document = parse_object(body);
  if (!document) return std::move(document).error();
  const NodeIndex root = document->root();
  const NodeIndex config = document->child(root, "config");

  ManifestFields fields;
  fields.media_type = ascii_lower(trim(content_type.substr(0, content_type.find(';'))));
  if (says_nothing(fields.media_type)) fields.media_type = text_at(*document, root, "mediaType");
  if (fields.media_type.empty()) {
    if (document->is_mapping(config)) fields.media_type = kOciManifest;
    if (document->is_sequence(document->child(root, "manifests"))) fields.media_type = kOciIndex;
  }
  if (!is_manifest_type(fields.media_type)) {
    return Error{Fault::malformed, "no manifest, but \"" + printable(fields.media_type.substr(0, 100)) + "\""};
  }
  fields.config_media_type = text_at(*document, config, "mediaType");
  fields.config_digest = text_at(*document, config, "digest");
  fields.platforms = platforms_of(*document);
  for (const NodeIndex layer : document->children(document->child(root, "layers"))) {
    const std::string type = text_at(*document, layer, "mediaType");
    if (type == kHelmPackageType || type == kOldHelmPackageType) fields.package_digest = text_at(*document, layer, "digest");
  }
  return fields;
}

Result<ChartMetadata> read_chart_config(std::string_view body) {
  auto document = parse_object(body);
  if (!document) return std::move(document).error();
  const NodeIndex root = document->root();
  ChartMetadata chart{text_at(*document, root, "name"), text_at(*document, root, "version"),
                      text_at(*document, root, "appVersion"), "[]"};
  if (chart.name.empty() || chart.version.empty()) return Error{Fault::malformed, "JSON without name or version"};
  const NodeIndex dependencies = document->child(root, "dependencies");
  if (document->is_sequence(dependencies)) chart.dependencies_json = slice(body, (*document)[dependencies].span);
  return chart;
}

Result<std::vector<std::string>> read_name_list(std::string_view body, std::string_view key) {
  auto document = parse_object(body);
  if (!document) return std::move(document).error();
  const NodeIndex list = document->child(document->root(), key);
  std::vector<std::string> names;
  if (list == kNoNode || document->text(list) == "null") return names;
  if (!document->is_sequence(list)) return Error{Fault::malformed, "JSON without a list of " + std::string(key)};
  for (const NodeIndex element : document->children(list)) {
    if (!is_string(*document, element)) {
      return Error{Fault::malformed, "a list of " + std::string(key) + " that holds something else"};
    }
    names.emplace_back(*document->text(element));
  }
  return names;
}

Result<TokenAnswer> read_token_answer(std::string_view body) {
  auto document = parse_object(body);
  if (!document) return std::move(document).error();
  std::string token = text_at(*document, document->root(), "token");
  if (token.empty()) token = text_at(*document, document->root(), "access_token");
  const bool sendable = std::ranges::all_of(token, [](char c) { return c > ' ' && c < 0x7f; });
  if (token.empty() || !sendable) return Error{Fault::malformed, "JSON without a token"};
  TokenAnswer answer{Secret(std::move(token))};
  const auto lifetime = document->text(document->child(document->root(), "expires_in")).value_or("");
  std::from_chars(lifetime.data(), lifetime.data() + lifetime.size(), answer.lifetime_seconds);
  return answer;
}

}  // namespace trueup::live
