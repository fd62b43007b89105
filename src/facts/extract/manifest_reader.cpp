#include "facts/extract/manifest_reader.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "formats/scalar_types.hpp"

namespace trueup::facts {

using formats::Document;
using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;

ManifestReader::ManifestReader(BlobRows& rows, const Document& document, const TemplateTexts* texts, Spans* spans)
    : rows_(rows), document_(document), texts_(texts), spans_(spans), budget_(std::uint64_t{64} * (document.size() + 1'000)) {}

bool ManifestReader::pay(std::uint64_t cost) {
  exhausted_ = exhausted_ || cost > budget_;
  if (!exhausted_) budget_ -= cost;
  return !exhausted_;
}

NodeIndex ManifestReader::child(NodeIndex mapping, std::string_view key) {
  if (!document_.is_mapping(mapping) || !pay(document_[document_.resolved(mapping)].child_count)) return kNoNode;
  NodeIndex value = document_.child(mapping, key);
  if (value == kNoNode && document_.child(mapping, "<<") != kNoNode && pay(1'000)) value = document_.merged_child(mapping, key);
  value = document_.resolved(value);
  if (value == kNoNode || document_[value].kind != formats::NodeKind::scalar) return value;
  const Node& scalar = document_[value];
  return formats::type_as_helm(scalar.value, scalar.style, scalar.tag) == formats::ScalarType::null ? kNoNode : value;
}

std::optional<std::string> ManifestReader::text(NodeIndex node) const {
  const auto written = document_.text(node);
  if (!written) return std::nullopt;
  return texts_ == nullptr ? std::string(*written) : texts_->fill(*written);
}

SpanRef ManifestReader::span(NodeIndex node) {
  node = document_.resolved(node);
  if (node == kNoNode) return {};
  if (spans_ == nullptr) return rows_.span(document_[node].span);
  const auto [known, added] = spans_->try_emplace(node);
  if (added) known->second = rows_.span(document_[node].span);
  return known->second;
}

bool ManifestReader::is_commented(NodeIndex node) const {
  if (node == kNoNode) return false;
  const std::string_view source = document_.source();
  const ByteRange at = document_[document_.resolved(node)].span;
  // JSON has none, and a long line of it is not searched for one.
  const std::string_view behind = source.substr(at.end, std::min<std::size_t>(source.find('\n', at.end), source.size()) - at.end);
  if (behind.substr(0, 1'000).find(" #") != behind.npos) return true;
  const std::size_t line = source.substr(0, at.begin).rfind('\n');
  if (line == source.npos) return false;
  const std::size_t above = source.substr(0, line).rfind('\n');
  return trim(source.substr(above == source.npos ? 0 : above + 1, line - (above == source.npos ? 0 : above + 1))).starts_with('#');
}

void ManifestReader::finish() {
  if (exhausted_) give_up(rows_, {}, "its aliases stand for more than trueup follows");
}

}  // namespace trueup::facts
