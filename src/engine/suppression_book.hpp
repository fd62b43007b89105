#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/verdict_book.hpp"
#include "facts/suppressions.hpp"

namespace trueup::engine {

/// The suppressions of all files that were read, and which findings they speak of.
class SuppressionBook {
 public:
  /// `today`: YYYY-MM-DD. Call after loading.
  SuppressionBook(facts::Store& store, std::string today);

  bool empty() const { return all_.empty(); }

  /// The one that holds today and speaks of the subject, which is violated: it names the rule, on the line of one of its
  /// places. Null: there is none.
  const facts::StoredSuppression* find(const Subject& subject) const;

  /// What a verdict may hang on that was not read: then a suppression that speaks of nothing may speak of that.
  struct Known {
    bool repositories_and_files = true;
    bool branches = true;  ///< which rules of scope refs need
  };
  /// Tells what became of each suppression, as suppression_use has it. `judged` are the chosen rules.
  void count_uses(const VerdictBook& verdicts, const std::vector<ChosenRule>& judged, const Known& known);

 private:
  bool expired(const facts::StoredSuppression& suppression) const { return !suppression.until.empty() && suppression.until < today_; }
  template <typename Found>
  void each_at(const Subject& subject, Found found) const;

  facts::Store& store_;
  std::string today_;
  std::vector<facts::StoredSuppression> all_;
  std::map<std::pair<facts::BlobId, std::uint32_t>, std::vector<std::size_t>> by_line_;  ///< numbers in all_
};

}  // namespace trueup::engine
