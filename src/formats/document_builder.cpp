#include "formats/document_builder.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "base/limits.hpp"
#include "formats/scalar_walk.hpp"

namespace trueup::formats {
namespace {

/// Below this number of keys each is compared with each, which needs no memory and is quicker.
constexpr std::uint32_t kFewKeys = 16;
constexpr std::uint32_t kCheckpointBytes = 1024;
constexpr std::size_t kSmallestChunk = 1024, kLargestChunk = 256 << 10;

}  // namespace

DocumentBuilder::DocumentBuilder(std::string_view source) {
  document_.source_ = source.substr(0, limits::kMaxBlobBytes);
  if (source.size() > limits::kMaxBlobBytes) {
    const auto end = static_cast<std::uint32_t>(limits::kMaxBlobBytes);
    fail(Fault::over_limit, "larger than " + std::to_string(limits::kMaxBlobBytes >> 20) + " MiB", {end, end});
    document_.source_ = source;
    return;
  }
  document_.nodes_.reserve(std::min<std::size_t>(source.size() / 20 + 8, limits::kMaxNodes));
}

void DocumentBuilder::fail(Fault fault, std::string message, ByteRange at) {
  if (!ok()) return;
  const std::uint32_t size = end_of_source();
  at.begin = std::min(at.begin, size);
  at.end = std::clamp(at.end, at.begin, size);
  document_.problem_ = ParseProblem{fault, std::move(message), at};
}

NodeIndex DocumentBuilder::append(const Node& node) {
  if (!ok()) return kNoNode;
  std::vector<Node>& nodes = document_.nodes_;
  if (nodes.size() >= limits::kMaxNodes) {
    fail(Fault::over_limit, "more than " + std::to_string(limits::kMaxNodes) + " keys and values", node.span);
    return kNoNode;
  }
  const auto index = static_cast<NodeIndex>(nodes.size());
  nodes.push_back(node);
  if (open_.empty()) {
    document_.roots_.push_back(index);
    return index;
  }
  Open& in = open_.back();
  Node& added = nodes.back();
  Node& parent = nodes[in.node];
  added.parent = in.node;
  if (in.is_mapping && in.key == kNoNode) {
    in.key = index;
    return index;
  }
  added.key = std::exchange(in.key, kNoNode);
  added.position = parent.child_count++;
  (in.last_child == kNoNode ? parent.first_child : nodes[in.last_child].next) = index;
  in.last_child = index;
  return index;
}

NodeIndex DocumentBuilder::add(const Node& node) {
  const NodeIndex index = append(node);
  const char* const begin = document_.source_.data();
  const bool of_source = std::less_equal<>{}(begin, node.value.data()) &&
                         std::less<>{}(node.value.data(), begin + document_.source_.size());
  if (index != kNoNode && node.value.size() >= 2 * kCheckpointBytes && !of_source) add_checkpoints(index);
  return index;
}

NodeIndex DocumentBuilder::open(const Node& node) {
  if (open_.size() >= limits::kMaxDepth) {
    fail(Fault::over_limit, "nested deeper than " + std::to_string(limits::kMaxDepth) + " levels",
         {node.span.begin, node.span.begin + 1});
    return kNoNode;
  }
  Node opened = node;
  opened.span.end = opened.span.begin;
  const NodeIndex index = append(opened);
  if (index != kNoNode) open_.push_back({index, kNoNode, kNoNode, node.kind == NodeKind::mapping});
  return index;
}

void DocumentBuilder::close(std::uint32_t end) {
  const Open closed = open_.back();
  open_.pop_back();
  ByteRange& span = document_.nodes_[closed.node].span;
  span.end = std::max(span.begin, end);
  if (closed.is_mapping) find_duplicates(closed.node);
}

std::string_view DocumentBuilder::keep(std::string_view text) {
  if (text.empty()) return {};
  // An escape of 2 bytes may give 3, so honest text stays below one and a half times the source.
  kept_bytes_ += text.size();
  if (kept_bytes_ > 2 * document_.source_.size() + (1u << 20)) {
    fail(Fault::over_limit, "tags that expand to more than the file", {});
    return {};
  }
  if (text.size() > free_bytes_) {
    const std::size_t wanted = std::clamp(kept_bytes_, kSmallestChunk, kLargestChunk);
    free_bytes_ = std::max(text.size(), wanted);
    document_.arena_.push_back(std::make_unique_for_overwrite<char[]>(free_bytes_));
    free_ = document_.arena_.back().get();
  }
  char* const copy = free_;
  std::memcpy(copy, text.data(), text.size());
  free_ += text.size();
  free_bytes_ -= text.size();
  return {copy, text.size()};
}

void DocumentBuilder::find_duplicates(NodeIndex mapping) {
  const Document& document = document_;
  // A key's decoded text; an alias is read as what it names. Collections as keys are left out.
  const auto key_of = [&](NodeIndex value) { return document.text(document[value].key); };
  const Node& node = document[mapping];
  if (node.child_count <= kFewKeys) {
    for (NodeIndex value = node.first_child; value != kNoNode; value = document[value].next) {
      const auto key = key_of(value);
      for (NodeIndex earlier = node.first_child; key && earlier != value; earlier = document[earlier].next) {
        if (key_of(earlier) != key) continue;
        document_.duplicates_.push_back({document[earlier].key, document[value].key});
        break;
      }
    }
    return;
  }
  // Sorted by hash, and those of one hash by text if they differ: keys made to collide take n log n too.
  hashed_keys_.clear();
  for (NodeIndex value = node.first_child; value != kNoNode; value = document[value].next)
    if (const auto key = key_of(value)) hashed_keys_.emplace_back(std::hash<std::string_view>{}(*key), value);
  std::sort(hashed_keys_.begin(), hashed_keys_.end());
  for (auto from = hashed_keys_.begin(); from != hashed_keys_.end();) {
    const auto to = std::find_if(from, hashed_keys_.end(), [&](const auto& key) { return key.first != from->first; });
    const auto same_text = [&](const auto& key) { return key_of(key.second) == key_of(from->second); };
    if (!std::all_of(from, to, same_text))
      std::sort(from, to, [&](const auto& a, const auto& b) {
        return std::pair(*key_of(a.second), a.second) < std::pair(*key_of(b.second), b.second);
      });
    for (auto first = from, later = from; later != to; ++later) {
      if (key_of(later->second) != key_of(first->second)) first = later;
      if (later != first) document_.duplicates_.push_back({document[first->second].key, document[later->second].key});
    }
    from = to;
  }
}

void DocumentBuilder::add_checkpoints(NodeIndex scalar) {
  ScalarWalk walk(document_.source_, document_.nodes_[scalar]);
  std::uint32_t next = kCheckpointBytes;
  while (walk.next()) {
    if (walk.state().in_value < next) continue;
    document_.checkpoints_.push_back({scalar, walk.state()});
    next = walk.state().in_value + kCheckpointBytes;
  }
}

Document DocumentBuilder::finish(std::uint32_t end) {
  while (!open_.empty()) close(end);
  std::sort(document_.duplicates_.begin(), document_.duplicates_.end(),
            [](const DuplicateKey& a, const DuplicateKey& b) { return a.second < b.second; });
  return std::move(document_);
}

}  // namespace trueup::formats
