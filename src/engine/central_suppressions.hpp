#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/run_state.hpp"
#include "engine/verdict_book.hpp"
#include "formats/path_glob.hpp"

namespace trueup::engine {

/// What became of a suppression of the config.
enum class SuppressionState : std::uint8_t { no_reason, expired, used, undecided, stale };

/// The suppressions of the config, and which findings they speak of.
class CentralSuppressions {
 public:
  /// `today`: YYYY-MM-DD. Call after loading.
  CentralSuppressions(const RunState& state, std::string today);

  /// The first that has a reason, holds today and speaks of the subject, which is violated. Null: there is none.
  const CentralSuppression* find(const Subject& subject) const;

  /// What became of each, in the order of the request. `all_known`: nothing is unread that the verdict of a rule may hang on.
  std::vector<SuppressionState> states(const VerdictBook& verdicts, const std::vector<ChosenRule>& judged,
                                       const std::function<bool(const rules::Rule&)>& all_known) const;

 private:
  struct Entry {
    const CentralSuppression* said = nullptr;
    std::optional<formats::PathGlob> glob;
    facts::RepositoryId repository = 0;  ///< 0: any
    bool in_force = false;               ///< a reason, and not ended
    bool looked_at = false;              ///< whether the files that it speaks of were checked, as far as can be told
  };
  /// Those of one rule. Many name one file each, as after a first run on an old fleet: these are found by its path.
  struct OfRule {
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_path;  ///< numbers in entries_
    std::vector<std::size_t> by_glob;
  };
  template <typename Found>
  void each_of(const Subject& subject, Found found) const;
  bool fits_key(const Entry& entry, const Subject& subject) const;

  const RunState& state_;
  std::vector<Entry> entries_;
  std::string today_;
  std::map<std::string, OfRule, std::less<>> by_rule_;  ///< by its name in small letters
};

}  // namespace trueup::engine
