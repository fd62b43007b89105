#pragma once

#include <string>

#include "base/digest.hpp"

namespace trueup::live_test {

/// A chart as a registry holds it: the config blob, and the manifest that names it.
struct ChartArtifact {
  std::string config, manifest;

  std::string config_digest() const { return "sha256:" + sha256_hex(config); }
  std::string manifest_digest() const { return "sha256:" + sha256_hex(manifest); }
};

inline constexpr const char* kOciManifestType = "application/vnd.oci.image.manifest.v1+json";

inline ChartArtifact chart_artifact(const std::string& name, const std::string& version) {
  ChartArtifact chart;
  chart.config = R"({"name":")" + name + R"(","version":")" + version +
                 R"(","appVersion":"3.0.0","apiVersion":"v2","dependencies":[{"name":"redis","version":"1.x"}]})";
  chart.manifest = R"({"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":")" +
                   chart.config_digest() + R"(","size":)" + std::to_string(chart.config.size()) + R"(},"layers":[]})";
  return chart;
}

}  // namespace trueup::live_test
