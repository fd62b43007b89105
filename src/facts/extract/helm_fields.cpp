#include "facts/extract/helm_fields.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/scalar_types.hpp"

namespace trueup::facts {

using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;
using formats::ScalarType;

namespace {

/// An honest file is looked at this many times at most: once for each field that is asked for.
constexpr std::uint64_t kVisitsOfANode = 16;
/// Text that costs as much as a look at a node.
constexpr std::uint64_t kTextOfAVisit = 32;

bool is_null(const Node& node) {
  return node.kind == NodeKind::scalar &&
         formats::type_as_helm(node.value, node.style, node.tag) == ScalarType::null;
}

bool is_merge_key(const Node& key) {
  return key.kind == NodeKind::scalar && key.style == formats::ScalarStyle::plain && key.tag.empty() && key.value == "<<";
}

}  // namespace

void HelmFields::visit(std::uint64_t nodes) {
  visits_ += nodes;
  spent_ = spent_ || visits_ > kVisitsOfANode * document_.size() + limits::kMaxAliasVisits;
}

NodeIndex HelmFields::field(NodeIndex mapping, std::string_view name) { return find(mapping, name, 0).value; }

HelmFields::Found HelmFields::find(NodeIndex mapping, std::string_view name, std::uint32_t depth) {
  if (depth > limits::kMaxDepth) spent_ = true;
  mapping = document_.resolved(mapping);
  if (spent_ || !document_.is_mapping(mapping)) return {};
  visit(document_[mapping].child_count + 1u);
  Found found;
  // The YAML reader sets keys in their order, those of a merge where it stands. JSON keys are then sorted by bytes and the
  // last one that fits wins; a null sets nothing.
  const auto set = [&](const Found& next) {
    if (next.value == kNoNode) return;
    const bool sets = found.value == kNoNode || next.key == found.key ||
                      (!is_null(document_[next.value]) && (next.key > found.key || is_null(document_[found.value])));
    if (sets) found = next;
  };
  for (NodeIndex value = document_[mapping].first_child; value != kNoNode; value = document_[value].next) {
    if (is_merge_key(document_[document_[value].key])) {
      set(find_merged(value, name, depth + 1));
      continue;
    }
    const auto key = document_.text(document_[value].key);
    if (key && equal_ignoring_ascii_case(*key, name)) set({document_.resolved(value), *key});
  }
  return found;
}

/// Of a list of mappings to merge the first that has the key decides.
HelmFields::Found HelmFields::find_merged(NodeIndex merged, std::string_view name, std::uint32_t depth) {
  if (!document_.is_sequence(merged)) return find(merged, name, depth);
  for (NodeIndex element = document_[document_.resolved(merged)].first_child; element != kNoNode && !spent_;
       element = document_[element].next) {
    visit(1);
    if (const Found found = find(element, name, depth); found.value != kNoNode) return found;
  }
  return {};
}

std::optional<std::string> HelmFields::text(NodeIndex value) {
  value = document_.resolved(value);
  if (value == kNoNode || document_[value].kind != NodeKind::scalar) return std::nullopt;
  const Node& node = document_[value];
  visit(node.value.size() / kTextOfAVisit);
  if (spent_) return std::nullopt;
  return formats::helm_string(node.value, node.style, node.tag);
}

bool HelmFields::is_true(NodeIndex value) {
  value = document_.resolved(value);
  if (value == kNoNode || document_[value].kind != NodeKind::scalar) return false;
  const Node& node = document_[value];
  return formats::type_as_helm(node.value, node.style, node.tag) == ScalarType::boolean &&
         formats::helm_string(node.value, node.style, node.tag) == "true";
}

std::string HelmFields::json(NodeIndex value, std::uint32_t depth) {
  value = document_.resolved(value);
  if (depth > limits::kMaxDepth) spent_ = true;
  visit(1);
  if (value == kNoNode || spent_) return "null";
  const Node& node = document_[value];
  if (node.kind == NodeKind::scalar) {
    visit(node.value.size() / kTextOfAVisit);
    if (spent_) return "null";
    switch (formats::type_as_helm(node.value, node.style, node.tag)) {
      case ScalarType::null: return "null";
      case ScalarType::boolean: return formats::helm_string(node.value, node.style, node.tag);
      case ScalarType::integer:
      case ScalarType::floating: {
        std::string number = formats::helm_rendered(node.value, node.style, node.tag);
        const bool finite = number.find_first_of("InN") == std::string::npos;  // +Inf, NaN: JSON has none, Helm fails
        return finite ? number : "null";
      }
      case ScalarType::string: break;
    }
    return formats::canonical_json_string(node.value);
  }
  const bool mapping = node.kind == NodeKind::mapping;
  std::string text(1, mapping ? '{' : '[');
  for (NodeIndex child = node.first_child; child != kNoNode && !spent_; child = document_[child].next) {
    if (text.size() > 1) text += ',';
    if (mapping) text += formats::canonical_json_string(document_.text(document_[child].key).value_or("")) + ':';
    text += json(child, depth + 1);
  }
  return text += mapping ? '}' : ']';
}

formats::ChartDependency HelmFields::dependency(NodeIndex entry) {
  formats::ChartDependency dependency;
  const auto set = [&](std::string& into, std::string_view name) { into = text(field(entry, name)).value_or(""); };
  set(dependency.name, "name");
  set(dependency.version, "version");
  set(dependency.repository, "repository");
  set(dependency.condition, "condition");
  set(dependency.alias, "alias");
  dependency.enabled = is_true(field(entry, "enabled"));
  const auto each = [&](std::string_view name, auto take) {
    const NodeIndex list = field(entry, name);
    if (!document_.is_sequence(list)) return;
    visit(document_[list].child_count);
    for (NodeIndex child = document_[list].first_child; child != kNoNode && !spent_; child = document_[child].next)
      take(child);
  };
  each("tags", [&](NodeIndex tag) { dependency.tags.push_back(text(tag).value_or("")); });
  each("import-values", [&](NodeIndex value) {
    auto canonical = formats::canonical_json(json(value));
    dependency.import_values.push_back(canonical ? *std::move(canonical) : "null");
  });
  return dependency;
}

std::vector<NodeIndex> HelmFields::entries(NodeIndex list) {
  std::vector<NodeIndex> mappings;
  if (!document_.is_sequence(list)) return mappings;
  for (const NodeIndex entry : document_.children(list))
    if (document_.is_mapping(entry)) mappings.push_back(entry);
  return mappings;
}

std::string sanitised_text(std::string text) {
  formats::ChartDependency carrier;  // Helm cleans all of a chart's text fields in one way
  carrier.name = std::move(text);
  return formats::sanitised(std::move(carrier)).name;
}

SpanRef span_of_first(BlobRows& rows, const formats::Document& document, NodeIndex mapping,
                      std::initializer_list<NodeIndex> values) {
  for (const NodeIndex value : values)
    if (value != kNoNode) return rows.span(document[document.resolved(value)].span);
  const Node& whole = document[document.resolved(mapping)];
  if (whole.first_child == kNoNode) return rows.span(whole.span);
  return rows.span(document[document[whole.first_child].key].span);
}

}  // namespace trueup::facts
