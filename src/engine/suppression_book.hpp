#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/central_suppressions.hpp"
#include "engine/verdict_book.hpp"
#include "facts/suppressions.hpp"

namespace trueup::engine {

/// The suppressions of all files that were read and of the config, and which findings they speak of.
class SuppressionBook {
 public:
  /// `today`: YYYY-MM-DD. Call after loading.
  SuppressionBook(RunState& state, const std::string& today);

  /// Whether no file has one.
  bool empty() const { return all_.empty(); }

  /// What keeps a violated subject quiet: a comment that names its rule on the line of one of its places, else the config.
  struct Reason {
    std::string reason, until, owner;
    const CentralSuppression* central = nullptr;
  };
  std::optional<Reason> find(const Subject& subject) const;
  /// The subject in those of its file sets where no comment keeps it quiet, where that is a part of them: a comment on one branch says
  /// nothing of the others. Nothing where it is all of them, or none.
  std::optional<Subject> loud_part(const Subject& subject) const;

  /// What a verdict may hang on that was not read: then a suppression that speaks of nothing may speak of that.
  struct Known {
    bool repositories_and_files = true;
    bool branches = true;  ///< which rules of scope refs need
  };
  /// Tells what became of each comment, as suppression_use has it. `judged` are the chosen rules.
  void count_uses(const VerdictBook& verdicts, const std::vector<ChosenRule>& judged, const Known& known);
  /// The same of the config's, for what is checked (and not its base).
  void count_central_uses(const VerdictBook& verdicts, const std::vector<ChosenRule>& judged, const Known& known);
  /// After that: in the order of the request.
  const std::vector<SuppressionState>& central_states() const { return central_states_; }

 private:
  bool expired(const facts::StoredSuppression& suppression) const { return !suppression.until.empty() && suppression.until < today_; }
  template <typename Found>
  void each_at(const rules::Rule& rule, const rules::Verdict& verdict, Found found) const;
  const facts::StoredSuppression* comment_on(const rules::Rule& rule, const rules::Verdict& verdict) const;

  const RunState& state_;
  facts::Store& store_;
  std::string today_;
  CentralSuppressions central_;
  std::vector<SuppressionState> central_states_;
  std::vector<facts::StoredSuppression> all_;
  std::map<std::pair<facts::BlobId, std::uint32_t>, std::vector<std::size_t>> by_line_;  ///< numbers in all_
};

}  // namespace trueup::engine
