#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "formats/document.hpp"
#include "formats/set_template.hpp"

namespace trueup::formats {

/// The trees that git generators look into.
class GeneratorTrees {
 public:
  virtual ~GeneratorTrees() = default;
  /// Every file of a repository at a revision ("HEAD" and "" are its default branch), in byte order. The list lives as long as this.
  virtual Result<const std::vector<std::string>*> paths(std::string_view repo_url, std::string_view revision) = 0;
  virtual Result<std::string> read(std::string_view repo_url, std::string_view revision, const std::string& path) = 0;
};

/// What a set makes one Application of.
struct SetElement {
  SetParameter parameters;
  NodeIndex place = kNoNode;  ///< the element of a list, or the pattern of paths, that it comes from
  std::vector<std::string> repo_urls = {};  ///< of the trees in which git generators found it
};

struct SetElements {
  std::vector<SetElement> elements;
  std::optional<std::string> because;  ///< why there may be others
  std::optional<std::string> overridden;  ///< why the template may be another
};

/// The elements that the generators of an ApplicationSet give, as far as they need no cluster and no server: list, git
/// (directories and files), matrix, merge. `spec` is the mapping with `generators`. At most kMaxSetElements.
/// Source: ArgoCD's manual, "Generators" of ApplicationSet; `*` of git.directories does not cross '/', that of git.files does.
SetElements expand_generators(const Document& document, NodeIndex spec, GeneratorTrees& trees);

inline constexpr std::size_t kMaxSetElements = 10'000;

}  // namespace trueup::formats
