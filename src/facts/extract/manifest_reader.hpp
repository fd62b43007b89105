#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "facts/blob_rows.hpp"
#include "formats/document.hpp"

namespace trueup::facts {

/// What the texts of a template come to for one set of parameters. What is not known stays as it is written.
class TemplateTexts {
 public:
  virtual ~TemplateTexts() = default;
  virtual std::string fill(std::string_view written) const = 0;
};

/// A Kubernetes object as the API server reads its YAML or JSON: an alias stands for what it names, `<<` is merged, null is as
/// good as not being there.
///
/// Aliases may multiply without end, so every look is paid for. Who spends more than any file without aliases could need finds
/// nothing more, and finish() takes all rows of the blob back.
class ManifestReader {
 public:
  /// `texts`, where the object is a template. Readers that share `spans` give one node one place. All must outlive the reader.
  using Spans = std::unordered_map<formats::NodeIndex, SpanRef>;
  ManifestReader(BlobRows& rows, const formats::Document& document, const TemplateTexts* texts = nullptr, Spans* spans = nullptr);

  BlobRows& rows() { return rows_; }
  const formats::Document& document() const { return document_; }
  /// What stands at `key`, resolved; kNoNode for null.
  formats::NodeIndex child(formats::NodeIndex mapping, std::string_view key);
  /// Text of a scalar, filled; nothing for null, collections and kNoNode.
  std::optional<std::string> text(formats::NodeIndex node) const;
  std::optional<std::string> text(formats::NodeIndex mapping, std::string_view key) { return text(child(mapping, key)); }
  bool is_true(formats::NodeIndex node) const { return text(node) == "true"; }
  /// The place of a node; of an alias, of what it names; none for kNoNode.
  SpanRef span(formats::NodeIndex node);
  /// Whether a comment stands on the node's line, behind it, or alone on the line above.
  bool is_commented(formats::NodeIndex node) const;

  /// Calls `visit(element, position)` for each element of a sequence, resolved.
  template <typename Visit>
  void for_each_element(formats::NodeIndex sequence, Visit visit) {
    if (!document_.is_sequence(sequence)) return;
    formats::NodeIndex element = document_[document_.resolved(sequence)].first_child;
    for (; element != formats::kNoNode && pay(1); element = document_[element].next)
      visit(document_.resolved(element), document_[element].position);
  }
  /// Calls `visit(key, value)` for each entry of a mapping whose key is a text; values are resolved.
  template <typename Visit>
  void for_each_entry(formats::NodeIndex mapping, Visit visit) {
    if (!document_.is_mapping(mapping)) return;
    formats::NodeIndex value = document_[document_.resolved(mapping)].first_child;
    for (; value != formats::kNoNode && pay(1); value = document_[value].next)
      if (const auto key = document_.text(document_[value].key)) visit(*key, document_.resolved(value));
  }

  bool pay(std::uint64_t cost);
  /// Makes the blob over_limit if the reader has spent all.
  void finish();

 private:
  BlobRows& rows_;
  const formats::Document& document_;
  const TemplateTexts* texts_;
  Spans* spans_;
  std::uint64_t budget_;
  bool exhausted_ = false;
};

}  // namespace trueup::facts
