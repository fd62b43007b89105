#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace trueup::formats {

/// Objects of an API as tools and servers give them: one, a list of them ({"items": [...]}, null for none), a bare array
/// (`argocd app list -o json`), or several of these after one another (files that were joined).
struct ResourceList {
  /// Each one JSON object, as written, but without what metadata.managedFields holds: it says who wrote what, is half of
  /// the bytes, and nobody here reads it. Only the objects' borders were looked at; they are yet to be parsed.
  std::vector<std::string> items;
  bool is_list = false;        ///< false: single objects only
  std::string continue_token;  ///< metadata.continue of the (last) list; empty at its end
};

/// Finds the objects in one pass over the bytes, without building anything of what is in them: 20 MB take a few
/// hundredths of a second. Errors: Fault::malformed, for a text that ends early, and for one that holds something else.
Result<ResourceList> split_json_resources(std::string_view text);

/// The same for YAML, with several documents, and for JSON, which it knows by its first character. What comes out is
/// JSON; plain scalars are typed as Kubernetes' own reader does (YAML 1.1 as go-yaml resolves it). Errors: those of
/// parse_yaml(), and Fault::over_limit where aliases multiply.
Result<ResourceList> split_resources(std::string_view text);

}  // namespace trueup::formats
