#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/document.hpp"

namespace trueup::formats {

/// Builds a Document from a parser's events, in their order, and holds the limits. Private to the parsers. Every
/// function that returns bool or a NodeIndex returns false or kNoNode once a problem was met: the parser then stops and
/// finish()es.
class DocumentBuilder {
 public:
  /// Meets kMaxBlobBytes: see ok().
  explicit DocumentBuilder(std::string_view source);

  bool ok() const { return !document_.problem_.has_value(); }
  /// Records the first problem. `at` is cut to the source.
  void fail(Fault fault, std::string message, ByteRange at);

  /// Adds a scalar or an alias below the open collection: in a mapping first a key, then its value.
  NodeIndex add(const Node& node);
  /// Adds a mapping or a sequence and opens it. Until it is closed its span is empty.
  NodeIndex open(const Node& node);
  /// Closes the innermost collection, whose last byte stands before `end`.
  void close(std::uint32_t end);

  /// Copies text that differs from the source, so that views of it live as long as the document. Empty once it holds
  /// more than any honest source decodes to (tags may multiply through %TAG).
  std::string_view keep(std::string_view text);

  bool expects_key() const { return !open_.empty() && open_.back().is_mapping && open_.back().key == kNoNode; }
  std::size_t depth() const { return open_.size(); }
  const Node& operator[](NodeIndex index) const { return document_.nodes_[index]; }
  std::uint32_t end_of_source() const { return static_cast<std::uint32_t>(document_.source_.size()); }

  /// Closes what is open, at `end`, and hands the document over.
  Document finish(std::uint32_t end);

 private:
  struct Open {
    NodeIndex node = kNoNode;
    NodeIndex last_child = kNoNode;
    NodeIndex key = kNoNode;  // waits for its value
    bool is_mapping = false;
  };
  NodeIndex append(const Node& node);
  void find_duplicates(NodeIndex mapping);
  void add_checkpoints(NodeIndex scalar);

  Document document_;
  std::vector<Open> open_;
  char* free_ = nullptr;
  std::size_t free_bytes_ = 0, kept_bytes_ = 0;
  std::vector<std::pair<std::size_t, NodeIndex>> hashed_keys_;
};

}  // namespace trueup::formats
