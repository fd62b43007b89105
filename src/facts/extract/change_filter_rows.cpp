#include <string>

#include "base/text.hpp"
#include "facts/extract/artifact_rows.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

using formats::kNoNode;
using formats::NodeIndex;

constexpr std::size_t kMaxPatterns = 10'000;

/// The patterns below a node: lists may hold lists (of anchors), and `added|modified: pattern`.
void collect(const formats::Document& document, NodeIndex node, std::vector<NodeIndex>& patterns, int depth) {
  node = document.resolved(node);
  if (node == kNoNode || depth > 8 || patterns.size() >= kMaxPatterns) return;
  if (document.is_scalar(node)) return patterns.push_back(node);
  for (const NodeIndex child : document.children(node)) collect(document, child, patterns, depth + 1);
}

}  // namespace

void add_change_filters(GithubReader& reader, const UsesReference& uses, NodeIndex with, Owner owner) {
  if (!reader.rows().wants(Table::change_filter) || !uses.is_action("dorny/paths-filter")) return;
  NodeIndex filters = kNoNode;
  bool every = false;
  reader.for_each_entry(with, [&](const GithubReader::Entry& entry) {
    if (equal_ignoring_ascii_case(entry.name, "filters")) filters = entry.value;
    if (equal_ignoring_ascii_case(entry.name, "predicate-quantifier")) every = reader.text(entry.value) == "every";
  });
  const auto text = reader.text(filters);
  // A computed part may be anything, also more filters; a single line names a file of filters.
  if (!text || text->find("${{") != std::string_view::npos || !reader.pay_for(filters)) return;
  const formats::Document document = formats::parse_yaml(*text);
  if (document.problem() || !document.is_mapping(document.root())) return;
  for (const NodeIndex filter : document.children(document.root())) {
    std::vector<NodeIndex> patterns;
    collect(document, filter, patterns, 0);
    std::int64_t position = 0;
    for (const NodeIndex pattern : patterns) {
      if (!reader.pay(1)) return;
      const ByteRange at = document[pattern].span;
      ChangeFilterRow row;
      row.job = owner.job;
      row.step = owner.step;
      row.span = reader.span(filters, at);
      row.filter = document[document[filter].key].value;
      row.position = position++;
      row.pattern = document[pattern].value;
      row.every = every;
      reader.rows().add(std::move(row));
    }
  }
}

}  // namespace trueup::facts
