#pragma once

#include <string>

#include "base/digest.hpp"

namespace trueup::live_test {

/// A chart as a registry holds it: config and package, and the manifest that names them.
struct ChartArtifact {
  std::string config, manifest;
  std::string package;  ///< empty: the manifest names none

  std::string config_digest() const { return "sha256:" + sha256_hex(config); }
  std::string manifest_digest() const { return "sha256:" + sha256_hex(manifest); }
};

inline constexpr const char* kOciManifestType = "application/vnd.oci.image.manifest.v1+json";

inline ChartArtifact chart_artifact(const std::string& name, const std::string& version, std::string package = "") {
  ChartArtifact chart;
  chart.package = std::move(package);
  chart.config = R"({"name":")" + name + R"(","version":")" + version +
                 R"(","appVersion":"3.0.0","apiVersion":"v2","dependencies":[{"name":"redis","version":"1.x"}]})";
  chart.manifest = R"({"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":")" +
                   chart.config_digest() + R"(","size":)" + std::to_string(chart.config.size()) + R"(},"layers":[)" +
                   (chart.package.empty() ? "" : R"({"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"sha256:)" + sha256_hex(chart.package) +
                                                     R"(","size":)" + std::to_string(chart.package.size()) + "}") +
                   "]}";
  return chart;
}

}  // namespace trueup::live_test
