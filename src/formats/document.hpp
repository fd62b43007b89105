#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/span.hpp"

namespace trueup::formats {

/// Index of a node in its Document. Nodes stand in document order: a parent before its children.
using NodeIndex = std::uint32_t;
inline constexpr NodeIndex kNoNode = 0xFFFFFFFF;

enum class NodeKind : std::uint8_t { scalar, mapping, sequence, alias };

/// How a scalar was written. JSON strings are double_quoted; JSON numbers, true, false and null are plain.
enum class ScalarStyle : std::uint8_t { plain, single_quoted, double_quoted, literal, folded };

/// One value (or mapping key) of a document.
///
/// `span` of a scalar is its content: without quotes, anchor and tag; of a block scalar its lines, from the first byte
/// of the first line's content (after the indentation) to the end of the last line that is not blank, without the line
/// break. An empty plain scalar has an empty span right after the `:` or `-` that it belongs to, or after its anchor or
/// tag; a block scalar without a line that is not blank has one right after its indicator. `span` of a block collection
/// begins at its first key or dash (a key's `?`, quote, anchor or tag included) and ends with its last child (a closing
/// quote included); of a flow collection it includes the brackets; of an alias it is the name after `*`.
struct Node {
  NodeKind kind = NodeKind::scalar;
  ScalarStyle style = ScalarStyle::plain;
  NodeIndex parent = kNoNode;
  NodeIndex key = kNoNode;          ///< for a mapping's value: the node of its key
  NodeIndex first_child = kNoNode;  ///< for a mapping: its first value; keys are reached through `key`
  NodeIndex next = kNoNode;         ///< next sibling: next value of a mapping, next element of a sequence
  NodeIndex target = kNoNode;       ///< for an alias: the anchored node
  std::uint32_t child_count = 0;
  std::uint32_t position = 0;  ///< among its siblings, from 0: the index of a sequence's element
  ByteRange span;
  std::string_view value;   ///< decoded text of a scalar; views the source or the document's arena
  std::string_view tag;     ///< as resolved by the parser (`tag:yaml.org,2002:str`, `!x`), empty if none
  std::string_view anchor;  ///< without `&`, empty if none
};

/// A mapping key that stands again in one mapping (scalars, compared as decoded text, exactly; `<<` too).
struct DuplicateKey {
  NodeIndex first = kNoNode;   ///< the key where it stands first
  NodeIndex second = kNoNode;  ///< a later one, of which most readers let the last win; one entry for each
};

/// A file that does not parse, or a limit that it hit. What was parsed before it stays usable.
struct ParseProblem {
  Fault fault = Fault::malformed;  ///< malformed or over_limit
  std::string message;             ///< what, in words for a person; no place in it
  ByteRange at;                    ///< the bytes to show; never beyond the source
};

/// Where a walk over the source of a scalar stands: see formats/scalar_walk.hpp, private to this folder.
struct ScalarWalkState {
  std::uint32_t in_value = 0, in_source = 0;  ///< the next byte of either
  std::uint32_t indentation = 0;              ///< of a block scalar's content, in spaces
  enum class Phase : std::uint8_t { content, breaks, line_end } phase = Phase::content;
  bool line_begins_blank = false;  ///< of a folded scalar: the current line begins with a space or a tab
};

/// A state every KiB of a long scalar, so that an offset in it is found without walking all of it.
struct ScalarCheckpoint {
  NodeIndex scalar = kNoNode;
  ScalarWalkState state;
};

/// The nodes of one YAML stream or JSON text, flat, with the bytes of each. Holds views of the source, which the caller
/// keeps alive and unchanged. Movable, not copyable.
class Document {
 public:
  Document() = default;
  Document(Document&&) = default;
  Document& operator=(Document&&) = default;

  std::string_view source() const { return source_; }
  /// The top node of each document in the stream; empty for a stream without content.
  const std::vector<NodeIndex>& roots() const { return roots_; }
  /// The top node of the first document, or kNoNode.
  NodeIndex root() const { return roots_.empty() ? kNoNode : roots_.front(); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
  const Node& operator[](NodeIndex index) const { return nodes_[index]; }

  const std::vector<DuplicateKey>& duplicate_keys() const { return duplicates_; }
  const std::optional<ParseProblem>& problem() const { return problem_; }

  /// The node itself, or what an alias stands for (aliases of aliases cannot exist, nor an alias inside the node that
  /// it names, so following them ends; how often is the caller's to bound: limits::kMaxAliasVisits). kNoNode stays
  /// kNoNode.
  NodeIndex resolved(NodeIndex index) const;
  bool is_mapping(NodeIndex index) const;
  bool is_sequence(NodeIndex index) const;
  bool is_scalar(NodeIndex index) const;
  /// The value of `key` in a mapping, aliases resolved at `mapping` but not in the answer; the last one where the key
  /// stands twice, as Helm and libyaml's other readers do; kNoNode if absent or if `mapping` is no mapping. Merge keys
  /// (`<<`) are not followed: see merged_child().
  NodeIndex child(NodeIndex mapping, std::string_view key) const;
  /// child(), with the mappings named by plain `<<` keys merged in (YAML 1.1 merge), as Helm reads values: each where
  /// it stands, so that it overrides keys before it and yields to keys after it; of a list of mappings the first that
  /// has the key decides. Looks at limits::kMaxAliasVisits merged entries at most.
  NodeIndex merged_child(NodeIndex mapping, std::string_view key) const;
  /// Follows keys from `from`, resolving aliases between.
  NodeIndex at(NodeIndex from, std::initializer_list<std::string_view> keys) const;
  /// Decoded text of a scalar (aliases resolved), or nothing for collections and kNoNode.
  std::optional<std::string_view> text(NodeIndex index) const;
  /// Values of a mapping, or elements of a sequence, in order; aliases resolved at `index` only.
  std::vector<NodeIndex> children(NodeIndex index) const;
  /// JSON pointer (RFC 6901) of a node from its document's root: "/jobs/build/steps/0". Built by walking up.
  std::string pointer(NodeIndex index) const;
  /// The index in roots() of the document that holds the node.
  std::uint32_t document_of(NodeIndex index) const;

  /// Byte of the source that produced byte `offset` of a scalar's decoded value: the way from an expression or a shell
  /// word inside a value to its place in the file, through quotes, escapes, folding and indentation. `offset` may be
  /// one past the last byte. Result lies within the scalar's span (or its end). A byte out of an escape maps to the
  /// escape's first byte, one that stands for a folded line break to that break. Walks over some 2 KiB of text, however
  /// long the value.
  std::uint32_t source_offset(NodeIndex scalar, std::uint32_t offset) const;
  /// The same for a range of the decoded value: from the first byte of what gave its first byte to the last byte of
  /// what gave its last, so that an escape is never cut.
  ByteRange source_range(NodeIndex scalar, ByteRange in_value) const;

 private:
  friend class DocumentBuilder;  // formats/document_builder.hpp, private to the parsers
  ByteRange origin(NodeIndex scalar, std::uint32_t offset) const;

  std::string_view source_;
  std::vector<Node> nodes_;
  std::vector<NodeIndex> roots_;
  std::vector<DuplicateKey> duplicates_;
  std::optional<ParseProblem> problem_;
  std::vector<std::unique_ptr<char[]>> arena_;
  std::vector<ScalarCheckpoint> checkpoints_;  // by scalar, then by offset in the value
};

}  // namespace trueup::formats
