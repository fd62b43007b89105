#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/loader.hpp"
#include "engine/request.hpp"
#include "facts/world.hpp"

namespace trueup::engine {

/// A point of a subject, loaded.
struct LoadedPoint {
  AskedPoint asked;
  facts::FileSetId file_set = 0;
  bool on_default = true;
};

/// A repository of the request, loaded as far as it could be.
struct LoadedRepository {
  const FleetRepository* wanted = nullptr;
  facts::RepositoryId id = 0;
  bool loaded = false;
  std::string because;
  bool missed = false;  ///< not all of it that was to be judged could be read
  std::optional<std::string> default_branch;
  std::optional<facts::FileSetId> neighbour;  ///< how others see it: at its default branch
  std::vector<LoadedPoint> points;            ///< what is judged of it
  std::optional<facts::FileSetId> base;
  std::vector<facts::HeadRow> heads;          ///< where a rule of scope refs has a subject
};

/// One snapshot a repository, and the file sets whose findings are wanted.
struct World {
  std::vector<facts::JudgedSet> sets;
  std::vector<facts::FileSetId> owners;  ///< sorted
};

/// Which side of a gate a world shows.
enum class Side { head, base };

/// The worlds of scope fleet: each distinct file set of each subject in turn, all others at their default branch. Subjects whose
/// worlds are the same share one.
std::vector<World> fleet_worlds(const std::vector<LoadedRepository>& repositories, Side side);

/// All file sets that are judged, by whether they stand on their default branch: the two passes of scope repository.
std::map<bool, std::vector<facts::FileSetId>> asked_sets(const std::vector<LoadedRepository>& repositories, Side side);

/// The branches of one subject as they stand when it stands on its default branch: scope refs. Nothing if it does not.
struct RefsWorld {
  World world;
  std::vector<facts::HeadRow> heads;
};
std::optional<RefsWorld> refs_world(const LoadedRepository& subject, Side side);

}  // namespace trueup::engine
