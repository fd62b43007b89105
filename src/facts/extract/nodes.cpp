// The generic layer: every value of a YAML or JSON file, for rules about files that trueup has no extractor for.

#include "base/limits.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"
#include "facts/extract/pointer.hpp"
#include "formats/json.hpp"
#include "formats/scalar_types.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;
using formats::ScalarType;

std::string_view kind_of(const Node& node) {
  if (node.kind == NodeKind::mapping) return "mapping";
  if (node.kind == NodeKind::sequence) return "sequence";
  switch (formats::type_as_github(node.value, node.style, node.tag)) {
    case ScalarType::null: return "null";
    case ScalarType::boolean: return "boolean";
    case ScalarType::integer:
    case ScalarType::floating: return "number";
    case ScalarType::string: break;
  }
  return "string";
}

/// An alias stands for a copy of what it names: the copy's nodes have pointers of their own and the spans of the original.
class NodeReader {
 public:
  NodeReader(BlobRows& rows, const Document& document)
      : rows_(rows), document_(document), overridden_(overridden_values(document)) {}

  void read() {
    for (const NodeIndex root : document_.roots()) {
      if (!add(root, {}, std::nullopt, 0)) return;
      ++document_number_;
    }
  }

 private:
  bool add(NodeIndex written, LocalId parent, std::optional<std::string> key, std::uint32_t depth) {
    const NodeIndex index = document_.resolved(written);
    const Node& node = document_[index];
    if (index != written) ++aliases_;
    if (aliases_ > 0 && ++alias_visits_ > limits::kMaxAliasVisits)
      return refuse(document_[written], "its aliases stand for more than " + std::to_string(limits::kMaxAliasVisits) + " values");
    if (depth > 2 * limits::kMaxDepth) return refuse(document_[written], "its aliases nest too deep");
    const std::string_view value = node.kind == NodeKind::scalar ? node.value : std::string_view();
    if (!budget_.spend(pointer_.size() + (aliases_ > 0 ? value.size() : 0)))
      return refuse(document_[written], "its keys are longer, in all the places that repeat them, than trueup keeps");

    NodeRow row;
    row.span = rows_.span(node.span);
    row.document = document_number_;
    row.pointer = pointer_.text();
    row.parent = parent;
    row.key = std::move(key);
    if (node.kind == NodeKind::scalar) row.value = value;
    row.node_kind = kind_of(node);
    const LocalId id = rows_.add(std::move(row));

    for (NodeIndex child = node.first_child; child != kNoNode; child = document_[child].next) {
      if (!overridden_.empty() && overridden_[child]) continue;
      const std::size_t above = pointer_.size();
      std::string name;
      if (node.kind == NodeKind::mapping) {
        name = document_.text(document_[child].key).value_or("");
        pointer_.push(name);
      } else {
        pointer_.push(document_[child].position);
        name = pointer_.text().substr(above + 1);
      }
      if (!add(child, id, std::move(name), depth + 1)) return false;
      pointer_.cut(above);
    }
    if (index != written) --aliases_;
    return true;
  }

  bool refuse(const Node& node, std::string_view message) {
    give_up(rows_, node.span, message);
    return false;
  }

  BlobRows& rows_;
  const Document& document_;
  std::vector<bool> overridden_;
  Pointer pointer_;
  TextBudget budget_;
  std::uint32_t document_number_ = 0, aliases_ = 0, alias_visits_ = 0;
};

void read_nodes(BlobRows& rows, const Document& document) {
  // The file's main kind says where it does not parse; saying it here too would be a second finding of one fault.
  if (const auto& problem = document.problem()) {
    rows.state = problem->fault == Fault::over_limit ? BlobState::over_limit : BlobState::malformed;
    rows.because = problem->message;
    return;
  }
  if (rows.wants(Table::node)) NodeReader(rows, document).read();
}

}  // namespace

void extract_node_yaml(BlobRows& rows) { read_nodes(rows, formats::parse_yaml(rows.source())); }
void extract_node_json(BlobRows& rows) { read_nodes(rows, formats::parse_json(rows.source())); }

}  // namespace trueup::facts
