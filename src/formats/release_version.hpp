#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::formats {

/// A version as releases of many ecosystems write it, so that those of one train can be compared: 7.6.8, v7.6.8, 7.6.8-rc.1,
/// 7.6.8rc1 (PEP 440), 7.6, 7.6.8.post1, 7.6.8+build. Two to four numbers; looser than SemVer on purpose.
struct ReleaseVersion {
  bool v_prefix = false;       ///< a small v before it
  bool leading_zeros = false;  ///< 07.6.8
  bool is_candidate = false;   ///< precedes the release of its numbers: rc, alpha, beta, dev, any SemVer pre-release
  std::string final_text;      ///< its numbers as written: 7.6.8 of v7.6.8-rc.1
  std::string key;             ///< orders by bytes as releases do; equal for the same release, however it is written
  std::string final_key;       ///< key of the release that it is or precedes

  /// Nothing where the text is no version. At most 256 bytes are read.
  static std::optional<ReleaseVersion> parse(std::string_view text);
};

/// Whether a range of versions, as manifests write it, takes a release: ^7.6, ~7.6.1, >=7.6 <8, 7.6.x, ~=7.6 and ==7.6.* (PEP 440).
/// Nothing where either cannot be read, and where SemVer's ranges and PEP 440 differ about it: 7.6.1 is not above `>7.6` to the first.
std::optional<bool> release_within(std::string_view range, std::string_view release);

/// How the tags of a repository are called: "v{version}", "{name}-{version}". Without {version} it is no shape.
class TagShape {
 public:
  struct Match {
    std::string_view name, version;  ///< views of the tag
  };
  static std::optional<TagShape> parse(std::string_view shape);
  /// The longest version that leaves a name, and whose text ReleaseVersion reads.
  std::optional<Match> match(std::string_view tag) const;
  bool has_name() const { return has_name_; }
  /// The tag of a version.
  std::string fill(std::string_view name, std::string_view version) const;

 private:
  std::string before_, between_, after_;  ///< before {name}, between {name} and {version} (or before {version}), after it
  bool has_name_ = false;
};

}  // namespace trueup::formats
