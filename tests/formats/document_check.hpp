#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "formats/document.hpp"

namespace trueup::formats {

/// Keys, values and aliases in document order, each as "begin:text of the span", so that a table shows both.
inline std::vector<std::string> leaves(const Document& document) {
  std::vector<std::string> all;
  for (NodeIndex i = 0; i < document.size(); ++i) {
    const Node& node = document[i];
    if (node.kind != NodeKind::scalar && node.kind != NodeKind::alias) continue;
    all.push_back(std::to_string(node.span.begin) + ":" + std::string(slice(document.source(), node.span)));
  }
  return all;
}

/// The same for mappings and sequences.
inline std::vector<std::string> collections(const Document& document) {
  std::vector<std::string> all;
  for (NodeIndex i = 0; i < document.size(); ++i) {
    const Node& node = document[i];
    if (node.kind == NodeKind::scalar || node.kind == NodeKind::alias) continue;
    all.push_back(std::to_string(node.span.begin) + ":" + std::string(slice(document.source(), node.span)));
  }
  return all;
}

inline std::vector<std::string> values(const Document& document) {
  std::vector<std::string> all;
  for (NodeIndex i = 0; i < document.size(); ++i)
    if (document[i].kind == NodeKind::scalar) all.emplace_back(document[i].value);
  return all;
}

/// What holds for every document, also for one that broke off.
inline void expect_well_formed(const Document& document) {
  const auto size = static_cast<std::uint32_t>(document.source().size());
  for (NodeIndex i = 0; i < document.size(); ++i) {
    const Node& node = document[i];
    ASSERT_LE(node.span.begin, node.span.end) << "node " << i;
    ASSERT_LE(node.span.end, size) << "node " << i;
    if (node.parent != kNoNode) {
      const Node& parent = document[node.parent];
      ASSERT_LT(node.parent, i);
      ASSERT_LE(parent.span.begin, node.span.begin) << "node " << i;
      ASSERT_LE(node.span.end, parent.span.end) << "node " << i;
    }
    if (node.next != kNoNode) {
      ASSERT_LE(node.span.end, document[node.next].span.begin) << "node " << i;
      ASSERT_EQ(node.position + 1, document[node.next].position);
    }
    if (node.kind == NodeKind::alias) {
      ASSERT_LT(node.target, i);
    }
    if (node.kind != NodeKind::scalar) continue;
    const auto length = static_cast<std::uint32_t>(node.value.size());
    std::uint32_t last = node.span.begin;
    for (std::uint32_t offset = 0; offset <= length; offset += 1 + length / 64) {
      const std::uint32_t at = document.source_offset(i, offset);
      ASSERT_LE(last, at) << "node " << i << " offset " << offset;
      ASSERT_LE(at, node.span.end) << "node " << i << " offset " << offset;
      last = at;
    }
  }
  for (const NodeIndex root : document.roots()) ASSERT_EQ(document[root].parent, kNoNode);
  for (const DuplicateKey& duplicate : document.duplicate_keys()) {
    ASSERT_LT(duplicate.first, duplicate.second);
    ASSERT_EQ(document.text(duplicate.first), document.text(duplicate.second));
    ASSERT_EQ(document[duplicate.first].parent, document[duplicate.second].parent);
  }
  if (document.problem()) {
    ASSERT_LE(document.problem()->at.begin, document.problem()->at.end);
    ASSERT_LE(document.problem()->at.end, size);
    ASSERT_FALSE(document.problem()->message.empty());
  }
}

}  // namespace trueup::formats
