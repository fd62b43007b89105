// A file that lists the tenants of a cohort: a list of names, or of objects with a name, alone or below `tenants:`. JSON, or YAML.

#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/scalar_types.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

/// What an object calls its tenant.
constexpr std::string_view kNames[] = {"name", "tenant", "id", "tenantId", "tenant_id", "instance"};

NodeIndex list_of(const Document& document) {
  const NodeIndex root = document.resolved(document.root());
  if (document.is_sequence(root)) return root;
  if (const NodeIndex list = document.child(root, "tenants"); document.is_sequence(list)) return document.resolved(list);
  return kNoNode;
}

/// Whether a scalar is a name: null, true and "" are none.
bool is_name(const Document& document, NodeIndex scalar) {
  const auto text = document.text(scalar);
  if (!text || text->empty()) return false;
  const formats::Node& node = document[document.resolved(scalar)];
  const formats::ScalarType type = formats::type_as_github(*text, node.style, node.tag);
  return type != formats::ScalarType::null && type != formats::ScalarType::boolean;
}

NodeIndex name_of(const Document& document, NodeIndex entry) {
  if (document.is_scalar(document.resolved(entry))) return is_name(document, entry) ? document.resolved(entry) : kNoNode;
  for (const std::string_view key : kNames)
    if (const NodeIndex name = document.child(entry, key); name != kNoNode && is_name(document, name)) return document.resolved(name);
  return kNoNode;
}

}  // namespace

void extract_cohort(BlobRows& rows) {
  const std::size_t first = rows.source().find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && (rows.source()[first] == '[' || rows.source()[first] == '{');
  const auto parsed = json ? parse_json_into(rows) : parse_yaml_into(rows);
  if (!parsed) return;
  const Document& document = *parsed;
  CohortRow row;
  const NodeIndex list = document.root() == kNoNode ? kNoNode : list_of(document);
  if (list == kNoNode) {
    row.span = rows.span({0, 0});
    row.problem = "it is neither a list of tenants, nor an object with such a list under `tenants`";
    rows.add(std::move(row));
    return;
  }
  const ByteRange whole = document[list].span;
  row.span = rows.span({whole.begin, whole.begin});
  row.tenants = document[list].child_count;
  const auto entries = document.children(list);
  for (const NodeIndex entry : entries)
    if (!row.problem && name_of(document, entry) == kNoNode) row.problem = "entry " + std::to_string(document[entry].position + 1) + " names no tenant";
  const LocalId cohort = rows.add(std::move(row));
  for (const NodeIndex entry : entries) {
    const NodeIndex name = name_of(document, entry);
    if (name == kNoNode) continue;
    rows.add(CohortTenantRow{cohort, rows.span(document[name].span), document[entry].position, std::string(*document.text(name))});
  }
}

}  // namespace trueup::facts
