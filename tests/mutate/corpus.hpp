#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/span.hpp"
#include "mutate/fleet.hpp"

namespace trueup::mutate {

/// The newest files of the public repositories that lie as bundles in ../shared/corpus beside the project; nothing where
/// that folder is not there.
std::optional<Fleet> corpus_fleet();

/// A form that text takes in real files, and how a rule's fault is made of it.
struct Shape {
  const char* code;
  const char* path;     ///< RE2, anywhere in the path
  const char* text;     ///< RE2; its group `at` is what is replaced, and may be empty
  const char* with;     ///< what stands there then; \1 is the first group, whichever it is
  const char* flagged;  ///< the part of `with` that the rule names; \1 as above
  bool exact_end = true;                ///< false: only the first byte is known beforehand
  std::set<std::string> implied = {};   ///< codes that the same fault makes true as well
  bool doubted = false;                 ///< unknown is right: something there may mend the fault out of sight
};

/// One place where a fault can be put.
struct Site {
  std::string slug, path;
  ByteRange replaced;
  std::string with;
  ByteRange flagged;  ///< within `with`
};

/// All sites of a shape in files that are read (not those in examples/ and the like), by repository, path and place.
std::vector<Site> sites_of(const Shape& shape, const Fleet& fleet);
/// At most `most` of them, chosen by `seed`, in the order in which they came.
std::vector<Site> choose(std::vector<Site> sites, std::size_t most, std::uint32_t seed);

/// Where a fault stands after all of them were put in.
struct Flagged {
  std::string slug, path;
  ByteRange bytes;
  friend auto operator<=>(const Flagged&, const Flagged&) = default;
};
/// Puts the faults in, which are in order and do not overlap.
std::vector<Flagged> inject(Fleet& fleet, const std::vector<Site>& sites);

}  // namespace trueup::mutate
