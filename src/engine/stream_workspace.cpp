#include "engine/stream_workspace.hpp"

namespace trueup::engine {

StreamWorkspace read_stream_workspace(const formats::Document& document, formats::NodeIndex node) {
  const auto text = [&](std::string_view key) { return std::string(document.text(document.child(node, key)).value_or("")); };
  StreamWorkspace result;
  result.name = std::string(document[document[node].key].value);
  result.environment = text("environment");
  if (result.environment.empty()) result.environment = result.name;
  result.repository = text("repository");
  result.any_root = document.child(node, "root") == formats::kNoNode;
  result.root = text("root");
  while (result.root.ends_with('/')) result.root.pop_back();
  if (result.root == ".") result.root.clear();
  result.branch = text("branch");
  result.workspace = text("workspace");
  return result;
}

}  // namespace trueup::engine
