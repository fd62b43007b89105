#include "formats/node_at.hpp"

#include <string>

#include "base/text.hpp"

namespace trueup::formats {

NodeIndex node_at(const Document& document, std::string_view pointer) {
  NodeIndex node = document.resolved(document.root());
  if (pointer.empty()) return node;
  for (const std::string_view written : split(pointer.substr(1), '/')) {
    const std::string step = replace_all(replace_all(written, "~1", "/"), "~0", "~");
    if (document.is_mapping(node)) {
      node = document.merged_child(node, step);
    } else if (document.is_sequence(node) && !step.empty() && step.size() < 7 && step.find_first_not_of("0123456789") == step.npos &&
               (step.size() == 1 || step.front() != '0')) {  // RFC 6901, section 4: no leading zeros
      const auto elements = document.children(node);
      const auto at = static_cast<std::size_t>(std::stoul(step));
      node = at < elements.size() ? elements[at] : kNoNode;
    } else {
      return kNoNode;
    }
    node = document.resolved(node);
    if (node == kNoNode) return kNoNode;
  }
  return node;
}

}  // namespace trueup::formats
