#include "engine/chart_promises.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace trueup::engine {

using formats::NodeIndex;

bool ChartPromises::names_commits_of(const std::string& slug) const {
  return !versions.empty() && std::ranges::any_of(owners, [&](const auto& owner) { return ascii_lower(owner.second) == ascii_lower(slug); });
}

ChartPromises read_chart_promises(const formats::Document& document, NodeIndex promises) {
  ChartPromises result;
  const auto text = [&](NodeIndex node) { return std::string(document.text(node).value_or("")); };
  const auto key = [&](NodeIndex value) { return std::string(document[document[value].key].value); };
  for (const NodeIndex group : document.children(document.child(promises, "lockstep"))) {
    auto& names = result.lockstep.emplace_back();
    for (const NodeIndex name : document.children(group)) names.push_back(text(name));
  }
  for (const NodeIndex owner : document.children(document.child(promises, "owners"))) result.owners.emplace_back(key(owner), text(owner));
  result.versions = text(document.child(promises, "versions"));
  for (const NodeIndex repository : document.children(document.child(promises, "environments")))
    for (const NodeIndex branch : document.children(repository)) result.environments.push_back({key(repository), key(branch), text(branch)});
  return result;
}

}  // namespace trueup::engine
