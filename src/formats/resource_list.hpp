#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace trueup::formats {

struct ResourceObject {
  /// `kind`, as written; empty where the object has none, as in lists of ArgoCD's own API and tool.
  std::string kind;
  /// One JSON object, as written, but without what metadata.managedFields holds: it says who wrote what, is half of the
  /// bytes, and nobody here reads it. Only the object's border was looked at; it is yet to be parsed.
  std::string text;
};

/// Objects of an API as tools and servers give them: one, a list of them ({"items": [...]}, null for none), a bare array
/// (`argocd app list -o json`), or several of these after one another (files that were joined).
struct ResourceList {
  std::vector<ResourceObject> items;
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
