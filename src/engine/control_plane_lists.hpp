#pragma once

#include <cstdint>
#include <future>
#include <map>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "facts/live_applications.hpp"
#include "facts/live_argocd_objects.hpp"
#include "live/control_plane.hpp"

namespace trueup::engine {

/// All objects of a kind, of one instance of ArgoCD.
using ListQuestion = std::pair<live::ControlPlane*, live::ResourceKind>;

/// What it said, with its objects read. One that cannot be read makes the list unknown, since nobody knows which is missing; one that stands
/// twice is one, and the later counts.
struct ListAnswer {
  live::ResourceListReading reading;  ///< whose items are gone
  std::variant<std::vector<facts::LiveApplicationRow>, std::vector<facts::LiveApplicationSetRow>, std::vector<facts::LiveProjectRow>,
               std::vector<facts::LiveRepositoryRow>>
      rows;  ///< of that kind
};

/// Asks all of them at once, from several threads. In their order.
std::vector<ListAnswer> ask_lists(std::span<const ListQuestion> questions, facts::LiveApplicationParts parts);

/// Lists that are asked for in a thread of their own while something else is done. It shares nothing with the rest of the run.
class EarlyLists {
 public:
  void begin(std::vector<ListQuestion> questions, facts::LiveApplicationParts parts);
  bool begun() const { return answers_.valid(); }
  /// Waits for them. Empty where nothing was begun, and the second time.
  std::map<ListQuestion, ListAnswer> take();

 private:
  std::future<std::map<ListQuestion, ListAnswer>> answers_;  // waits at its end
};

}  // namespace trueup::engine
