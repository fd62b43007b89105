#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/live_state.hpp"
#include "engine/loader.hpp"
#include "rules/finding.hpp"

namespace trueup::engine {

/// Fills what a place tells of its text: where it ends, its first line and its columns. `place.bytes` lies within `text`.
void describe_text(rules::FilePlace& place, std::string_view text, const LineIndex& lines);

/// Turns the integers of verdicts into places that people are shown, reading each file again once.
class PlaceBook {
 public:
  PlaceBook(const facts::Store& store, Loader& loader, const LiveState& live) : store_(store), loader_(loader), live_(live) {}

  void name_repository(facts::RepositoryId repository, std::string slug) { slugs_[repository] = std::move(slug); }
  /// How a file set is called in places: empty for the working tree.
  void name_file_set(facts::FileSetId file_set, std::string revision) { revisions_.try_emplace(file_set, std::move(revision)); }

  rules::FilePlace file_place(facts::FileId file, std::int64_t span);
  /// A place of a verdict: of a file, or of a reading; nothing for 0.
  std::optional<std::variant<rules::FilePlace, rules::LivePlace>> place(facts::PlaceId id);

 private:
  struct Text {
    std::string bytes;
    LineIndex lines{std::string_view{}};
  };
  const Text& text_of(facts::FileId file);

  const facts::Store& store_;
  Loader& loader_;
  const LiveState& live_;
  std::unordered_map<facts::RepositoryId, std::string> slugs_;
  std::unordered_map<facts::FileSetId, std::string> revisions_;
  std::unordered_map<facts::BlobId, Text> texts_;  ///< findings of one rule go to and fro between files
  std::size_t text_bytes_ = 0;
};

}  // namespace trueup::engine
