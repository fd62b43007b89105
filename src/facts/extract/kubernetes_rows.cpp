// Kubernetes objects in any YAML file: what they are, and what a Secret holds.

#include "facts/extract/document_rows.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::NodeIndex;

constexpr std::uint32_t kMaxObjects = 10'000, kMaxFields = 10'000;

class ObjectReader {
 public:
  ObjectReader(BlobRows& rows, const Document& document) : rows_(rows), document_(document) {}

  void read() {
    std::int64_t number = 0;
    for (const NodeIndex root : document_.roots()) read(root, number++);
  }

 private:
  std::optional<std::string> text(NodeIndex node) const {
    const auto written = document_.text(node);
    return written ? std::optional<std::string>(*written) : std::nullopt;
  }

  void read(NodeIndex root, std::int64_t number) {
    auto api_version = text(document_.child(root, "apiVersion")), kind = text(document_.child(root, "kind"));
    if (!api_version || !kind || number >= kMaxObjects) return;
    const NodeIndex metadata = document_.child(root, "metadata"), name = document_.child(metadata, "name");
    const bool is_secret = *kind == "Secret";
    KubernetesObjectRow row;
    row.span = rows_.span(document_[document_.resolved(document_.text(name) ? name : document_.child(root, "kind"))].span);
    row.document = number;
    row.api_version = *std::move(api_version);
    row.kind = *std::move(kind);
    row.name = text(name);
    row.object_namespace = text(document_.child(metadata, "namespace"));
    const LocalId object = rows_.add(std::move(row));
    if (!is_secret || !rows_.wants(Table::kubernetes_secret_field)) return;
    add_fields(object, document_.child(metadata, "labels"), "labels");
    add_fields(object, document_.child(metadata, "annotations"), "annotations");
    add_fields(object, document_.child(root, "data"), "data");
    add_fields(object, document_.child(root, "stringData"), "stringData");
  }

  void add_fields(LocalId object, NodeIndex mapping, std::string_view section) {
    if (!document_.is_mapping(mapping)) return;
    for (const NodeIndex value : document_.children(mapping)) {
      const auto written = document_.text(value), key = document_.text(document_[value].key);
      if (!written || !key || ++fields_ > kMaxFields) continue;
      rows_.add(KubernetesSecretFieldRow{object, rows_.span(document_[document_.resolved(value)].span), std::string(section), std::string(*key),
                                         std::string(*written)});
    }
  }

  BlobRows& rows_;
  const Document& document_;
  std::uint32_t fields_ = 0;
};

}  // namespace

void add_kubernetes_objects(BlobRows& rows, const Document& document) {
  if (rows.wants(Table::kubernetes_object) || rows.wants(Table::kubernetes_secret_field)) ObjectReader(rows, document).read();
}

}  // namespace trueup::facts
