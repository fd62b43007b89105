#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace trueup::facts {

class BlobRows;

/// The kind under which a file is read that carries a train's version, beside its own.
inline constexpr std::string_view kCarrierKind = "carrier";

/// The pattern of a place that carries nothing: the file's being there counts.
inline constexpr std::string_view kNothing = "^()";

/// Where a file carries a version, as a config promises it. Exactly one of pointer and pattern is used, or the pattern within the
/// scalar that the pointer names.
struct CarrierPlace {
  std::int64_t number = 0;  ///< train_place.carrier
  std::string file;         ///< path from the root; {name} stands for a part of it without '/'
  std::string pointer;      ///< JSON pointer into YAML, JSON or TOML
  std::string pattern;      ///< RE2; its group `version`, else its first one, is the version
};

/// The places of all trains, ready for many paths and blobs.
class CarriedVersions {
 public:
  /// Errors: malformed, for a pattern that does not compile or has no group.
  static Result<CarriedVersions> compile(const std::vector<CarrierPlace>& places);

  /// Whether some place is in this file.
  bool holds(std::string_view path) const;
  /// Reads what the places of this path say into rows of blob_carried_version. A file that does not parse, or is a template,
  /// is malformed. The same file of several repositories gives the rows of all that name it.
  void extract(BlobRows& rows, std::string_view path) const;

 private:
  struct Place;
  std::vector<std::shared_ptr<const Place>> places_;
};

/// "charts/{name}/Chart.yaml" and "charts/atlas/Chart.yaml": "atlas"; "" for a file without {name}; nothing where they differ.
std::optional<std::string_view> part_of_path(std::string_view file, std::string_view path);

}  // namespace trueup::facts
