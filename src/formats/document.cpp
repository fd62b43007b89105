#include "formats/document.hpp"

#include <algorithm>
#include <functional>

#include "base/limits.hpp"
#include "formats/json_pointer.hpp"
#include "formats/scalar_walk.hpp"

namespace trueup::formats {
namespace {

/// Looks a key up through `<<`. Chains and fans of merges may be built without end, so both depth and work are bounded.
class MergeLookup {
 public:
  MergeLookup(const Document& document, std::string_view key) : document_(document), key_(key) {}

  /// An entry overrides those before it, whether it is the key itself or a `<<` whose mapping has the key.
  NodeIndex in_mapping(NodeIndex mapping, std::uint32_t depth = 0) {
    if (depth > limits::kMaxDepth || !document_.is_mapping(mapping)) return kNoNode;
    NodeIndex found = kNoNode;
    std::vector<NodeIndex> merges;  // behind `found`
    for (NodeIndex value = first_child(mapping); value != kNoNode && may_visit(depth); value = document_[value].next) {
      const NodeIndex key = document_[value].key;
      if (is_merge(key)) {
        merges.push_back(value);
      } else if (document_.text(key) == key_) {
        found = value;
        merges.clear();
      }
    }
    for (auto merge = merges.rbegin(); merge != merges.rend(); ++merge)
      if (const NodeIndex inherited = in_merged(*merge, depth + 1); inherited != kNoNode) return inherited;
    return found;
  }

 private:
  NodeIndex in_merged(NodeIndex merged, std::uint32_t depth) {
    if (!document_.is_sequence(merged)) return in_mapping(merged, depth);
    for (NodeIndex element = first_child(merged); element != kNoNode && may_visit(depth);
         element = document_[element].next)
      if (const NodeIndex inherited = in_mapping(element, depth); inherited != kNoNode) return inherited;
    return kNoNode;
  }

  NodeIndex first_child(NodeIndex collection) const { return document_[document_.resolved(collection)].first_child; }
  bool may_visit(std::uint32_t depth) { return depth == 0 || ++visited_ <= limits::kMaxAliasVisits; }
  bool is_merge(NodeIndex key) const {
    const Node& node = document_[key];
    return node.kind == NodeKind::scalar && node.style == ScalarStyle::plain && node.value == "<<" && node.tag.empty();
  }

  const Document& document_;
  std::string_view key_;
  std::uint32_t visited_ = 0;
};

}  // namespace

NodeIndex Document::resolved(NodeIndex index) const {
  return index != kNoNode && nodes_[index].kind == NodeKind::alias ? nodes_[index].target : index;
}

bool Document::is_mapping(NodeIndex index) const {
  index = resolved(index);
  return index != kNoNode && nodes_[index].kind == NodeKind::mapping;
}

bool Document::is_sequence(NodeIndex index) const {
  index = resolved(index);
  return index != kNoNode && nodes_[index].kind == NodeKind::sequence;
}

bool Document::is_scalar(NodeIndex index) const {
  index = resolved(index);
  return index != kNoNode && nodes_[index].kind == NodeKind::scalar;
}

NodeIndex Document::child(NodeIndex mapping, std::string_view key) const {
  if (!is_mapping(mapping)) return kNoNode;
  NodeIndex found = kNoNode;
  for (NodeIndex value = nodes_[resolved(mapping)].first_child; value != kNoNode; value = nodes_[value].next)
    if (text(nodes_[value].key) == key) found = value;
  return found;
}

NodeIndex Document::merged_child(NodeIndex mapping, std::string_view key) const {
  return MergeLookup(*this, key).in_mapping(mapping);
}

NodeIndex Document::at(NodeIndex from, std::initializer_list<std::string_view> keys) const {
  for (const std::string_view key : keys) from = child(from, key);
  return from;
}

std::optional<std::string_view> Document::text(NodeIndex index) const {
  index = resolved(index);
  if (index == kNoNode || nodes_[index].kind != NodeKind::scalar) return std::nullopt;
  return nodes_[index].value;
}

std::vector<NodeIndex> Document::children(NodeIndex index) const {
  std::vector<NodeIndex> all;
  index = resolved(index);
  if (index == kNoNode) return all;
  all.reserve(nodes_[index].child_count);
  for (NodeIndex child = nodes_[index].first_child; child != kNoNode; child = nodes_[child].next) all.push_back(child);
  return all;
}

std::string Document::pointer(NodeIndex index) const {
  std::vector<NodeIndex> path;  // innermost first
  for (; index != kNoNode; index = nodes_[index].parent) path.push_back(index);
  std::string pointer;
  for (std::size_t i = path.size(); i-- > 0;) {
    const Node& node = nodes_[path[i]];
    if (node.parent == kNoNode) continue;
    if (nodes_[node.parent].kind == NodeKind::sequence) pointer += '/' + std::to_string(node.position);
    else append_step(pointer, text(node.key == kNoNode ? path[i] : node.key).value_or(""));
  }
  return pointer;
}

std::uint32_t Document::document_of(NodeIndex index) const {
  const auto after = std::upper_bound(roots_.begin(), roots_.end(), index);
  return after == roots_.begin() ? 0 : static_cast<std::uint32_t>(after - roots_.begin() - 1);
}

/// The source bytes that gave one byte of a value.
ByteRange Document::origin(NodeIndex scalar, std::uint32_t offset) const {
  scalar = resolved(scalar);
  if (scalar == kNoNode || nodes_[scalar].kind != NodeKind::scalar) return {};
  const Node& node = nodes_[scalar];
  const std::uint32_t end = node.span.end;
  if (offset >= node.value.size()) return {end, end};
  const char* const text = node.value.data();
  if (std::less_equal<>{}(source_.data(), text) && std::less<>{}(text, source_.data() + source_.size())) {
    const std::uint32_t at = std::min(node.span.begin + offset, end);
    return {at, std::min(at + 1, end)};
  }
  const auto after = std::upper_bound(checkpoints_.begin(), checkpoints_.end(), std::pair(scalar, offset),
                                      [](const auto& wanted, const ScalarCheckpoint& checkpoint) {
                                        return wanted < std::pair(checkpoint.scalar, checkpoint.state.in_value);
                                      });
  const bool resumes = after != checkpoints_.begin() && std::prev(after)->scalar == scalar;
  ScalarWalk walk = resumes ? ScalarWalk(source_, node, std::prev(after)->state) : ScalarWalk(source_, node);
  while (const auto piece = walk.next())
    if (piece->value.contains(offset)) return {piece->source_begin_of(offset), piece->source_end_of(offset)};
  return {end, end};
}

std::uint32_t Document::source_offset(NodeIndex scalar, std::uint32_t offset) const {
  return origin(scalar, offset).begin;
}

ByteRange Document::source_range(NodeIndex scalar, ByteRange in_value) const {
  const std::uint32_t begin = origin(scalar, in_value.begin).begin;
  if (in_value.empty()) return {begin, begin};
  return {begin, std::max(begin, origin(scalar, in_value.end - 1).end)};
}

}  // namespace trueup::formats
