#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/blob_rows.hpp"
#include "formats/document.hpp"

namespace trueup::facts {

/// The job and the step that a row belongs to; none of either where it stands outside.
struct Owner {
  LocalId job, step;
};

/// Scalars as GitHub prints them where a text is wanted (3.10 is "3.1"); nothing for null, collections and kNoNode.
std::optional<std::string> github_text(const formats::Document& document, formats::NodeIndex node);

/// A workflow or an action as GitHub reads its YAML: an alias stands for what it names, `<<` is a key like any other,
/// and of a key that stands twice the last counts. Only the first document of the stream is looked at.
///
/// Aliases may multiply without end (a job is a list of aliases of a list of aliases …), so every visit is paid for.
/// Who spends more than any file without aliases could need is exhausted(): nothing more is visited, and finish() takes
/// all rows back.
class GithubReader {
 public:
  GithubReader(BlobRows& rows, const formats::Document& document);

  /// An entry of a mapping. `value` is resolved, `written` may be the alias that stood there.
  struct Entry {
    formats::NodeIndex key;
    std::string_view name;
    formats::NodeIndex value, written;
  };

  BlobRows& rows() { return rows_; }
  const formats::Document& document() const { return document_; }
  formats::NodeIndex root() const { return document_.resolved(document_.root()); }

  /// Calls `visit(entry)` for each entry with a text as key; does nothing if `mapping` is no mapping.
  template <typename Visit>
  void for_each_entry(formats::NodeIndex mapping, Visit visit) {
    if (!document_.is_mapping(mapping)) return;
    formats::NodeIndex written = document_[document_.resolved(mapping)].first_child;
    for (; written != formats::kNoNode; written = document_[written].next) {
      const formats::NodeIndex key = document_[written].key;
      const auto name = document_.text(key);
      if (!name || is_overridden(written)) continue;
      const formats::NodeIndex value = document_.resolved(written);
      if (!pay_for(value)) return;
      visit(Entry{key, *name, value, written});
    }
  }

  /// Calls `visit(element, position)` for each element of a sequence, resolved; does nothing if `sequence` is none.
  template <typename Visit>
  void for_each_element(formats::NodeIndex sequence, Visit visit) {
    if (!document_.is_sequence(sequence)) return;
    formats::NodeIndex written = document_[document_.resolved(sequence)].first_child;
    for (; written != formats::kNoNode; written = document_[written].next) {
      const formats::NodeIndex element = document_.resolved(written);
      if (!pay_for(element)) return;
      visit(element, document_[written].position);
    }
  }

  /// As above; a single scalar that is not null counts as a list of one.
  template <typename Visit>
  void for_each_in_list(formats::NodeIndex list, Visit visit) {
    if (document_.is_scalar(list) && !is_null(list)) {
      visit(document_.resolved(list), 0u);
    } else {
      for_each_element(list, visit);
    }
  }

  /// Decoded text of a scalar, as written; nothing for collections and kNoNode.
  std::optional<std::string_view> text(formats::NodeIndex node) const { return document_.text(node); }
  /// The same as a row holds it.
  std::optional<std::string> written(formats::NodeIndex node) const;
  /// The same of a key for which null is as good as not being there.
  std::optional<std::string> setting(formats::NodeIndex node) const {
    return is_null(node) ? std::nullopt : written(node);
  }
  /// github_text().
  std::optional<std::string> string(formats::NodeIndex node) const { return github_text(document_, node); }
  /// A scalar that is null (`~`, or nothing after the colon).
  bool is_null(formats::NodeIndex node) const;
  /// `true`, also in quotes.
  bool is_true(formats::NodeIndex node) const;
  /// The value as JSON, scalars typed as GitHub types them.
  std::string json(formats::NodeIndex node);

  /// The place of a node; of an alias, of what it names.
  SpanRef span(formats::NodeIndex node) { return rows_.span(document_[document_.resolved(node)].span); }
  /// The place of bytes of a scalar's decoded text.
  SpanRef span(formats::NodeIndex scalar, ByteRange in_value) {
    return rows_.span(document_.source_range(document_.resolved(scalar), in_value));
  }

  /// Pays for a visit of `node`; false if there is nothing left.
  bool pay_for(formats::NodeIndex node);
  bool pay(std::uint64_t cost);
  bool exhausted() const { return exhausted_; }
  /// Makes the blob over_limit if the reader is exhausted.
  void finish();

 private:
  bool is_overridden(formats::NodeIndex value) const { return !overridden_.empty() && overridden_[value]; }
  void append_json(formats::NodeIndex node, std::string& json, std::uint32_t depth);

  BlobRows& rows_;
  const formats::Document& document_;
  std::vector<bool> overridden_;  ///< values whose key stands again further down
  std::uint64_t budget_ = 0;
  bool exhausted_ = false;
};

/// Appends a JSON string literal.
void append_json_string(std::string_view text, std::string& json);

}  // namespace trueup::facts
