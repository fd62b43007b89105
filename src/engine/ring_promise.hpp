#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/span.hpp"
#include "engine/train.hpp"
#include "formats/document.hpp"

namespace trueup::engine {

/// A text of the config, and where it stands.
struct PlacedText {
  std::string text;
  ByteRange at;
  friend bool operator==(const PlacedText&, const PlacedText&) = default;
};

/// A service that is released by rings. Empty texts are not said; a workflow is a path from the repository's root.
struct RingService {
  PlacedText name, image, twin;  ///< image: path among a tenant's values, with dots
  std::string slug, application, twin_application, build, release, clean_up, image_name, tag;
  bool keeps_merged = true;
  std::optional<std::int64_t> replicas;
  ByteRange replicas_at;
  friend bool operator==(const RingService&, const RingService&) = default;
};

/// How rings and cohorts are released: `promises: ring:` of trueup.yaml, the preset's values filled in. What is empty is not promised;
/// times are in seconds.
struct RingPromise {
  ByteRange at;                    ///< of the first key
  std::string preset;
  PlacedText cohorts, label;       ///< owner/name:glob; cohort:<source>:<key>:<value>
  std::string branches;            ///< glob
  std::vector<PlacedText> sources, keys, test_cohorts, cohort_order, not_delivered;
  struct Sync {
    std::string slug;
    PlacedText branch;
    friend bool operator==(const Sync&, const Sync&) = default;
  };
  std::vector<Sync> sync;
  std::optional<std::int64_t> limit, behind_commits, pushes_most;
  std::optional<std::int64_t> behind, pull_request_within, label_within, delete_within, clean_up_within;
  std::optional<std::int64_t> sync_delay, sync_time, replica_time, rollout_least, rollout_most;
  std::string triggered, reported, succeeded;  ///< RE2
  std::vector<RingService> services;
  friend bool operator==(const RingPromise&, const RingPromise&) = default;
};

/// Takes the promise out of the mapping `ring:`; nothing where there is none. What has another form than the config's schema is
/// left out.
std::optional<RingPromise> read_ring_promise(const formats::Document& document, formats::NodeIndex ring);

/// What is wrong with it that no schema says: a preset that nobody knows, a shape of labels without <value>, a number that is none.
std::vector<TrainProblem> problems_of(const RingPromise& promise);
/// The same of what has no place among the values that were taken: numbers, times.
std::vector<TrainProblem> ring_value_problems(const formats::Document& document, formats::NodeIndex ring);

/// Glob of the cohorts' files, without the repository: `cohorts/*.json` of `acme/releases:cohorts/*.json`.
std::string cohort_glob(const RingPromise& promise);

}  // namespace trueup::engine
