#include "fixes/document_values.hpp"

#include <algorithm>

#include "formats/json.hpp"
#include "formats/yaml.hpp"

namespace trueup::fixes {

using formats::Document;
using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;

ValueTokens tokens_of(const Document& document) {
  ValueTokens tokens(document.size());
  for (NodeIndex i = 0; i < document.size(); ++i) {
    const Node& node = document[i];
    ValueToken& token = tokens[i];
    token.depth = node.parent == kNoNode ? 0 : tokens[node.parent].depth + 1;
    token.kind = node.kind;
    token.tag = node.tag;
    token.anchor = node.anchor;
    if (node.kind == NodeKind::scalar) {
      token.value = node.value;
      token.reading = reading_of(node.value, node.style, node.tag);
    } else if (node.kind == NodeKind::alias) {
      token.value = slice(document.source(), node.span);
    }
    if (node.key != kNoNode) tokens[node.key].is_key = true;
  }
  return tokens;
}

Document parse(std::string_view source, Syntax syntax) {
  return syntax == Syntax::json ? formats::parse_json(source) : formats::parse_yaml(source);
}

ValueTokens changed(const ValueTokens& tokens, const std::vector<ValueChange>& changes) {
  ValueTokens result;
  std::uint32_t at = 0;
  const auto copy_until = [&](std::uint32_t end) {
    result.insert(result.end(), tokens.begin() + at, tokens.begin() + std::max(at, end));
    at = std::max(at, end);
  };
  for (const ValueChange& change : changes) {
    copy_until(change.begin);
    result.insert(result.end(), change.by.begin(), change.by.end());
    at = std::max(at, change.end);
  }
  copy_until(static_cast<std::uint32_t>(tokens.size()));
  return result;
}

ValueChange difference(const ValueTokens& before, const ValueTokens& after) {
  std::size_t front = 0, back = 0;
  const std::size_t most = std::min(before.size(), after.size());
  while (front < most && before[front] == after[front]) ++front;
  while (back < most - front && before[before.size() - 1 - back] == after[after.size() - 1 - back]) ++back;
  return {static_cast<std::uint32_t>(front), static_cast<std::uint32_t>(before.size() - back),
          ValueTokens(after.begin() + static_cast<std::ptrdiff_t>(front), after.end() - static_cast<std::ptrdiff_t>(back))};
}

}  // namespace trueup::fixes
