#pragma once

#include <string_view>

#include "fixes/document_values.hpp"
#include "fixes/edit.hpp"

namespace trueup::fixes {

/// Edits of one YAML or JSON document, each at a place in its bytes. Comments, quoting, order, line ends and everything else
/// stays; each answer was tried: the edited text parses, and it differs from the document in just the values that it should.
/// Errors: malformed, with why it cannot be done here.
class DocumentEdits {
 public:
  /// Both must outlive it. The document must have no problem.
  DocumentEdits(const formats::Document& document, Syntax syntax);

  /// The scalar (a key or a value) that stands at `place`, or the part of one that does, becomes `text`. A whole plain scalar
  /// that would then read as another type, or as syntax, gets quotes.
  Result<Edits> replace(ByteRange place, std::string_view text) const;
  /// The plain scalar there becomes a text of just these characters: 1.10 -> "1.10".
  Result<Edits> quote(ByteRange place) const;
  /// `text` right behind a place within a scalar.
  Result<Edits> append(ByteRange place, std::string_view text) const;
  /// A new entry `key: value` of the mapping that begins at `place`, or that the entry at `place` belongs to: behind its last entry of one
  /// line, else behind all.
  Result<Edits> insert_entry(ByteRange place, std::string_view key, std::string_view value) const;
  /// A new item with this text behind the item at `place`; or, where `place` is a whole sequence, at its end; or, where it is the one
  /// value of a key, behind that one in a list of two.
  Result<Edits> insert_item(ByteRange place, std::string_view value) const;
  /// The entry whose key stands at `place`, the item that begins there, or the item of a list that the value there belongs to,
  /// with the comment lines above it.
  Result<Edits> remove(ByteRange place) const;
  /// The entry with the key at `place` again stands in one mapping: what it holds goes into the first one, and it is removed.
  /// Only where both hold the same, or are mappings or sequences that share no key.
  Result<Edits> merge_duplicate(ByteRange place) const;

  /// Of two items of one block sequence, the one that holds `place`, with the comment lines above it, goes in front of the one that
  /// holds `before`, which stands above it.
  Result<Edits> move_item(ByteRange place, ByteRange before) const;

 private:
  using NodeIndex = formats::NodeIndex;

  NodeIndex scalar_at(ByteRange place) const;
  /// The value of the entry whose key stands at `place`, or the item that does; else the outermost of those that begin there.
  NodeIndex element_at(ByteRange place) const;
  /// The item of a block sequence that a place lies in; none outside of it.
  NodeIndex item_around(NodeIndex sequence, ByteRange place) const;
  bool in_flow(NodeIndex node) const;
  /// With quotes.
  ByteRange outer(NodeIndex node) const;
  /// From the key or dash on.
  std::uint32_t element_begin(NodeIndex node) const;
  NodeIndex previous(NodeIndex node) const;
  /// One past the last node below and including `node`.
  NodeIndex subtree_end(NodeIndex node) const;

  std::uint32_t line_begin(std::uint32_t offset) const;
  /// One past the last byte of the line's content, before its line break.
  std::uint32_t line_end(std::uint32_t offset) const;
  std::uint32_t next_line(std::uint32_t offset) const;
  std::uint32_t with_comments_above(std::uint32_t begin, std::uint32_t column) const;

  /// Whether an alias elsewhere stands for this very value.
  bool is_shared(NodeIndex node) const;
  Result<Edits> list_with(NodeIndex only, std::string_view value) const;
  Result<Edits> write_whole(NodeIndex node, std::string_view value, bool as_text) const;
  Result<Edits> write_part(NodeIndex node, ByteRange place, std::string_view text) const;
  Result<Edits> insert_element(NodeIndex collection, NodeIndex after, const std::string& source, ValueTokens tokens) const;
  std::string key_source(NodeIndex like, std::string_view key) const;
  /// Trims and tries the edits. `change` says what they do.
  Result<Edits> tried(Edits edits, const ValueChange& change) const;

  const formats::Document& document_;
  Syntax syntax_;
  std::string_view source_;
  std::string_view line_break_;
  ValueTokens tokens_;
};

}  // namespace trueup::fixes
