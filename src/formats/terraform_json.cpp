#include "formats/terraform_json.hpp"

#include <algorithm>
#include <array>

namespace trueup::formats {
namespace {

struct BlockType {
  std::string_view within, type;  ///< "" at the top
  std::size_t labels;
};
constexpr auto kBlockTypes = std::to_array<BlockType>({
    {"", "terraform", 0}, {"", "provider", 1}, {"", "variable", 1}, {"", "locals", 0}, {"", "output", 1}, {"", "module", 1}, {"", "resource", 2}, {"", "data", 2},
    {"", "ephemeral", 2}, {"", "check", 1}, {"", "import", 0}, {"", "moved", 0}, {"", "removed", 0}, {"terraform", "backend", 1}, {"terraform", "cloud", 0},
    {"terraform", "required_providers", 0}, {"terraform", "provider_meta", 1},
});

/// Labels stand once for all blocks below them: so much more than the file holds may they come to.
constexpr std::size_t kLabelFactor = 8;

class Reader {
 public:
  explicit Reader(const Document& document) : document_(document), label_bytes_left_(kLabelFactor * document.source().size()) {}

  HclFile read() {
    for_each_object(document_.root(), [&](NodeIndex object) { read_body(object, kNoBlock, ""); });
    return std::move(file_);
  }

 private:
  /// The object itself, or those of a list: blocks that are repeated.
  template <typename Visit>
  void for_each_object(NodeIndex node, Visit visit) {
    if (document_.is_mapping(node)) return visit(node);
    if (!document_.is_sequence(node)) return;
    for (NodeIndex each = document_[node].first_child; each != kNoNode; each = document_[each].next)
      if (document_.is_mapping(each)) visit(each);
  }

  void read_body(NodeIndex object, std::uint32_t block, std::string_view type) {
    for (NodeIndex value = document_[object].first_child; value != kNoNode; value = document_[value].next) {
      const NodeIndex key = document_[value].key;
      const std::string_view name = document_.text(key).value_or("");
      if (name == "//") continue;
      const auto* const known = std::ranges::find_if(kBlockTypes, [&](const BlockType& each) { return each.within == type && each.type == name; });
      const bool inner = block == kNoBlock || file_.blocks[block].parent == kNoBlock;
      if (inner && known != kBlockTypes.end()) {
        std::vector<HclLabel> labels;
        read_labelled(*known, key, value, block, labels);
      } else if (block != kNoBlock) {
        add_attribute(key, value, block);
      }
    }
  }

  /// {"aws_vpc": {"main": {…}}}: an object for each label that the block takes.
  void read_labelled(const BlockType& type, NodeIndex key, NodeIndex node, std::uint32_t parent, std::vector<HclLabel>& labels) {
    for_each_object(node, [&](NodeIndex object) {
      if (file_.problem) return;
      if (labels.size() == type.labels) {
        for (const HclLabel& label : labels) {
          if (label.text.size() > label_bytes_left_) {
            file_.problem = Error{Fault::over_limit, "its labels are longer than trueup reads", label.range};
            return;
          }
          label_bytes_left_ -= label.text.size();
        }
        HclBlock block;
        block.type = type.type;
        block.type_range = document_[key].span;
        block.labels = labels;
        block.range = document_[object].span;
        block.parent = parent;
        file_.blocks.push_back(std::move(block));
        return read_body(object, static_cast<std::uint32_t>(file_.blocks.size() - 1), type.type);
      }
      for (NodeIndex value = document_[object].first_child; value != kNoNode; value = document_[value].next) {
        const NodeIndex label = document_[value].key;
        if (document_.text(label) == "//") continue;
        labels.push_back({std::string(document_.text(label).value_or("")), document_[label].span});
        read_labelled(type, key, value, parent, labels);
        labels.pop_back();
      }
    });
  }

  void add_attribute(NodeIndex key, NodeIndex value, std::uint32_t block) {
    const Node& node = document_[value];
    HclAttribute attribute;
    attribute.name = document_.text(key).value_or("");
    attribute.name_range = document_[key].span;
    attribute.range = node.span;
    attribute.block = block;
    if (node.kind == NodeKind::scalar) {
      const bool is_text = node.style != ScalarStyle::plain;
      if (is_text && node.value.find("${") == node.value.npos && node.value.find("%{") == node.value.npos) attribute.kind = HclKind::string;
      else if (!is_text) attribute.kind = node.value == "null" ? HclKind::null_value : node.value == "true" || node.value == "false" ? HclKind::boolean : HclKind::number;
      if (attribute.kind != HclKind::unknown && attribute.kind != HclKind::null_value) attribute.text = node.value;
    }
    file_.attributes.push_back(std::move(attribute));
  }

  const Document& document_;
  std::size_t label_bytes_left_;
  HclFile file_;
};

}  // namespace

HclFile read_terraform_json(const Document& document) { return Reader(document).read(); }

}  // namespace trueup::formats
