#include "engine/worlds.hpp"

#include <algorithm>

namespace trueup::engine {
namespace {

struct Standing {
  facts::FileSetId file_set = 0;
  bool on_default = true;
  friend auto operator<=>(const Standing&, const Standing&) = default;
};

/// What is judged of a subject on one side, without repeats.
std::vector<Standing> standings(const LoadedRepository& repository, Side side) {
  std::vector<Standing> result;
  for (const LoadedPoint& point : repository.points) {
    if (side == Side::base && !repository.base) continue;
    result.push_back({side == Side::head ? point.file_set : *repository.base, point.on_default});
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace

std::vector<World> fleet_worlds(const std::vector<LoadedRepository>& repositories, Side side) {
  std::map<std::vector<facts::JudgedSet>, std::vector<facts::FileSetId>> owners_of;
  for (const LoadedRepository& subject : repositories) {
    for (const Standing& standing : standings(subject, side)) {
      std::vector<facts::JudgedSet> sets;
      for (const LoadedRepository& other : repositories) {
        if (&other == &subject)
          sets.push_back({standing.file_set, standing.on_default});
        else if (other.neighbour)
          sets.push_back({*other.neighbour, true});
      }
      std::sort(sets.begin(), sets.end());
      owners_of[std::move(sets)].push_back(standing.file_set);
    }
  }
  std::vector<World> worlds;
  for (auto& [sets, owners] : owners_of) {
    std::sort(owners.begin(), owners.end());
    worlds.push_back({sets, owners});
  }
  return worlds;
}

std::map<bool, std::vector<facts::FileSetId>> asked_sets(const std::vector<LoadedRepository>& repositories, Side side) {
  std::map<bool, std::vector<facts::FileSetId>> sets;
  for (const LoadedRepository& repository : repositories)
    for (const Standing& standing : standings(repository, side)) sets[standing.on_default].push_back(standing.file_set);
  return sets;
}

std::optional<RefsWorld> refs_world(const LoadedRepository& subject, Side side) {
  for (const Standing& standing : standings(subject, side)) {
    if (!standing.on_default) continue;
    RefsWorld result;
    result.world.owners = {standing.file_set};
    result.heads = subject.heads;
    bool has_default = false;
    for (facts::HeadRow& head : result.heads) {
      if (!head.is_default) continue;
      head.file_set = standing.file_set;
      has_default = true;
    }
    if (!has_default && subject.default_branch)
      result.heads.push_back({subject.id, *subject.default_branch, standing.file_set, true});
    std::map<facts::FileSetId, bool> sets;
    for (const facts::HeadRow& head : result.heads) sets[head.file_set] = sets[head.file_set] || head.is_default;
    sets[standing.file_set] = true;
    for (const auto& [file_set, on_default] : sets) result.world.sets.push_back({file_set, on_default});
    return result;
  }
  return std::nullopt;
}

}  // namespace trueup::engine
