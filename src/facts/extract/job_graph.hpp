#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/blob_rows.hpp"
#include "formats/expression.hpp"

namespace trueup::facts {

/// The jobs of one workflow and what they need: blob_job_ancestor.
///
/// Without a status function in its `if:` a job runs only if ALL its ancestors succeeded, also those of a job between that
/// ran and is green. So for each job the others are tried as failed and as skipped, and what follows is worked out along
/// `needs:`. Source: GitHub's manual, "Using conditions to control job execution", and how runs behave.
class JobGraph {
 public:
  struct Need {
    std::string id;
    SpanRef span;
  };
  /// `condition`: the text of its `if:`, nothing without one.
  void add(LocalId job, std::string_view id, std::vector<Need> needs, std::optional<std::string_view> condition);
  /// False, and no rows, if there are more jobs or pairs of them than are looked at.
  bool write(BlobRows& rows);

 private:
  struct Job {
    LocalId row;
    std::string id;
    std::vector<Need> needs;
    std::vector<std::pair<std::size_t, SpanRef>> needed;  ///< by number; those that exist
    bool has_condition = false, readable = true, has_status_function = false;
    std::vector<formats::Expression> condition;  ///< one, or none
  };
  enum class Fate { unaffected, runs, may_run, is_skipped };

  void link();
  std::vector<std::size_t> order_from(std::size_t first) const;
  Fate fate_of(const Job& job, std::size_t gate, bool failed, const std::vector<Fate>& fates);

  std::vector<Job> jobs_;
  std::vector<std::vector<std::size_t>> dependants_;
  std::uint64_t budget_ = 2'000'000;  ///< nodes of conditions that are evaluated
};

}  // namespace trueup::facts
