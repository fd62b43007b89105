#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "engine/case_file.hpp"
#include "engine/run.hpp"

namespace trueup::engine {

/// What differs between a case as written and a run that is derived from it.
struct Variation {
  Withheld withheld;
  std::set<std::string> unread_repositories, silent_readings;
  std::set<std::string> silent_forges;  ///< slugs
  std::set<std::string> silent_workspaces, incomplete_workspaces;  ///< names of `streams:`
  std::set<std::string> silent_stores;  ///< names of `deployments:`
  std::set<std::pair<std::string, live::ForgeListKind>> silent_lists, incomplete_lists;
  bool copy_branch = false, copies_in_quiet_folders = false;
};

/// Makes a run of a case and judges it by one rule.
class CaseRunner {
 public:
  /// `folder`: where `replay:` folders are looked up.
  CaseRunner(const rules::Rule& rule, std::span<const rules::PackViews> views, std::string folder)
      : rule_(rule), views_(views), folder_(std::move(folder)) {}

  /// What the rule says of the case; what the rules of `with:` say is left out.
  Result<Report> run(const Case& wanted, const Variation& variation) const;
  /// What `trueup fix --unsafe` makes of this rule's findings, or of one of them.
  Result<FixReport> fix(const Case& wanted, const std::string& fingerprint = {}) const;

 private:
  /// Calls `use` with a run that has read the case.
  Result<void> with_run(const Case& wanted, const Variation& variation, const std::function<void(Run&)>& use) const;
  /// The rule, those beside it, and what the case promises.
  Result<Request> request_of(const Case& wanted) const;

  const rules::Rule& rule_;
  std::span<const rules::PackViews> views_;
  std::string folder_;
};

}  // namespace trueup::engine
