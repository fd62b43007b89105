// Values files of charts: most of the bytes of a chart repository, so the walk makes nothing that no row keeps.

#include <algorithm>

#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"
#include "facts/extract/pointer.hpp"
#include "formats/scalar_types.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;
using formats::ScalarStyle;
using formats::ScalarType;

std::string_view to_string(ScalarType type) {
  switch (type) {
    case ScalarType::null: return "null";
    case ScalarType::boolean: return "boolean";
    case ScalarType::integer: return "integer";
    case ScalarType::floating: return "float";
    case ScalarType::string: break;
  }
  return "string";
}

class ValuesReader {
 public:
  ValuesReader(BlobRows& rows, const Document& document)
      : rows_(rows), document_(document), overridden_(overridden_values(document)) {
    rows.rows().chart_value.reserve(document.size() / 2);  // rows are large to move, and most nodes are keys and scalars
  }

  void read_keys() {
    for (NodeIndex value = document_[document_.root()].first_child; value != kNoNode; value = document_[value].next) {
      const Node& node = document_[document_.resolved(value)];
      if (!overridden_.empty() && overridden_[value]) continue;
      ChartValueKeyRow row;
      row.span = rows_.span(document_[document_[value].key].span);
      row.key = document_.text(document_[value].key).value_or("");
      row.value_kind = node.kind == NodeKind::mapping ? "mapping" : node.kind == NodeKind::sequence ? "sequence" : "scalar";
      row.anchored = !document_[value].anchor.empty();
      rows_.add(std::move(row));
    }
  }

  /// Recursion is bounded by limits::kMaxDepth, since aliases are not followed. False: the budget is spent.
  bool read(NodeIndex collection) {
    const bool mapping = document_[collection].kind == NodeKind::mapping;
    for (NodeIndex value = document_[collection].first_child; value != kNoNode; value = document_[value].next) {
      const Node& node = document_[value];
      if (node.kind == NodeKind::alias || (!overridden_.empty() && overridden_[value])) continue;
      const std::size_t above = pointer_.size();
      const std::string_view key = mapping ? document_.text(node.key).value_or("") : std::string_view();
      if (mapping)
        pointer_.push(key);
      else
        pointer_.push(node.position);
      if (node.kind == NodeKind::scalar) {
        if (!budget_.spend(pointer_.size())) {
          give_up(rows_, node.span, "its keys are longer, in all the places that repeat them, than trueup keeps");
          return false;
        }
        add(node, mapping ? std::optional<std::string>(key) : std::nullopt);
      } else if (!read(value)) {
        return false;
      }
      pointer_.cut(above);
    }
    return true;
  }

 private:
  void add(const Node& node, std::optional<std::string> key) {
    ChartValueRow row;
    row.span = rows_.span(node.span);
    row.pointer = pointer_.text();
    row.key = std::move(key);
    row.value = node.value;
    row.quoted = node.style != ScalarStyle::plain;
    row.value_type = to_string(formats::type_as_helm(node.value, node.style, node.tag));
    row.rendered = formats::helm_rendered(node.value, node.style, node.tag);
    rows_.add(std::move(row));
  }

  BlobRows& rows_;
  const Document& document_;
  std::vector<bool> overridden_;
  Pointer pointer_;
  TextBudget budget_;
};

/// The length of the keys with dots between them that `text` begins with.
std::size_t names_at(std::string_view text) {
  const auto is_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'; };
  std::size_t size = 0;
  while (size < text.size() && is_name(text[size])) ++size;
  while (size > 0 && text[size - 1] == '.') --size;
  return size;
}

/// Values that comments alone name: an entry that is commented out (`# key:`), and what is written for tools that make
/// documents of comments (`@param a.b`, `a.b --`).
void read_comments(BlobRows& rows) {
  const std::string_view source = rows.source();
  CommentedValuesRow row;
  for (std::size_t at = source.find('#'), end = 0; at < source.size(); at = source.find('#', end)) {
    end = std::min(source.find('\n', at), source.size());
    const std::size_t before = source.find_last_not_of(" \t", at - 1);
    if (at > 0 && before != source.npos && source[before] != '\n') continue;
    at = std::min(source.find_first_not_of("# \t", at), end);
    const bool is_parameter = source.substr(at, end - at).starts_with("@param ");
    if (is_parameter) at += 7;
    else if (source.substr(at, end - at).starts_with("- ")) at += 2;
    at = std::min(source.find_first_not_of(' ', at), end);
    const std::string_view name = source.substr(at, names_at(source.substr(at, end - at)));
    const bool is_key = at + name.size() < end && source[at + name.size()] == ':';
    if (name.empty() || !(is_key || is_parameter || name.find('.') != name.npos)) continue;
    if (row.names.empty()) {
      row.span = rows.span({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + name.size())});
      row.names = "\n";
    }
    row.names.append(name).append("\n");
  }
  if (!row.names.empty()) rows.add(std::move(row));
}

}  // namespace

void extract_chart_values(BlobRows& rows) {
  const auto document = parse_yaml_into(rows);
  const bool wants_values = rows.wants(Table::chart_value), wants_keys = rows.wants(Table::chart_value_key);
  if (document && rows.wants(Table::commented_values)) read_comments(rows);
  // Of several documents Helm reads the first.
  if (!document || !(wants_values || wants_keys) || !document->is_mapping(document->root())) return;
  ValuesReader reader(rows, *document);
  if (wants_keys) reader.read_keys();
  if (wants_values) (void)reader.read(document->root());
}

}  // namespace trueup::facts
