#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace trueup::formats {

/// A version of a chart as index.yaml lists it.
struct HelmIndexVersion {
  std::string version, app_version;
  std::string digest;   ///< of the package, hex without sha256:
  std::string created;  ///< RFC 3339
  bool deprecated = false;
  friend bool operator==(const HelmIndexVersion&, const HelmIndexVersion&) = default;
};

/// The index.yaml of a classic Helm repository (Helm 3, pkg/repo/index.go).
struct HelmIndex {
  std::map<std::string, std::vector<HelmIndexVersion>, std::less<>> charts;  ///< by name, versions as they stand
  std::size_t dropped = 0;  ///< entries without name, version or urls, which Helm cannot use

  std::size_t versions() const;
};

/// Reads an index as a stream: what it keeps is a few texts a version, whatever else an entry holds. YAML or JSON.
///
/// Malformed: what is no YAML, has no apiVersion (a page of HTML, mostly), no entries (an object of Kubernetes), is nested more than 100 deep, or begins with a directive.
Result<HelmIndex> read_helm_index(std::string_view bytes);

/// The same of bytes that come piece by piece, so that the whole is never in memory. `next` writes at most so many bytes and says how
/// many; 0: there are no more.
Result<HelmIndex> read_helm_index(const std::function<std::size_t(char* into, std::size_t most)>& next);

}  // namespace trueup::formats
