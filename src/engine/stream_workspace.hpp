#pragma once

#include <string>

#include "formats/document.hpp"

namespace trueup::engine {

/// A workspace of Atlas Stream Processing that the config names, and what is deployed there. What may be empty is so unless said.
struct StreamWorkspace {
  std::string name;         ///< of the config
  std::string environment;  ///< environments/<name>
  std::string repository;   ///< slug; empty: the only one
  std::string root;         ///< "" or "." for the repository's own folder; empty with `any_root`
  bool any_root = true;
  std::string branch;       ///< empty: the default one
  std::string workspace;    ///< its name in Atlas; empty: WORKSPACE_NAME of config.env
};

/// An element of `streams:`; `node` is the mapping below its name. What else stands there is passed over.
StreamWorkspace read_stream_workspace(const formats::Document& document, formats::NodeIndex node);

}  // namespace trueup::engine
