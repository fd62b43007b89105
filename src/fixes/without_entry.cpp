#include "fixes/without_entry.hpp"

#include "fixes/document_edits.hpp"
#include "formats/node_at.hpp"
#include "formats/yaml.hpp"

namespace trueup::fixes {

Result<std::string> without_entry(std::string_view yaml, std::string_view pointer) {
  const formats::Document document = formats::parse_yaml(yaml);
  if (const auto& problem = document.problem()) return Error{Fault::malformed, problem->message};
  if (document.roots().size() != 1) return Error{Fault::malformed, "it is no single document"};
  const formats::NodeIndex root = document.root();
  formats::NodeIndex node = formats::node_at(document, pointer);
  if (node == formats::kNoNode || node == root || document[node].key == formats::kNoNode)
    return Error{Fault::not_found, std::string(pointer) + " leads to no entry of it"};
  const auto holds_nothing_else = [&](formats::NodeIndex mapping) { return document[mapping].child_count == 1 && document[mapping].key != formats::kNoNode; };
  while (document[node].parent != root && holds_nothing_else(document[node].parent)) node = document[node].parent;
  if (document[node].parent == root && document[root].child_count == 1) return std::string();
  const auto edits = DocumentEdits(document, Syntax::yaml).remove(document[document[node].key].span);
  if (!edits) return edits.error();
  return applied(yaml, *edits);
}

}  // namespace trueup::fixes
