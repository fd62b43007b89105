#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "formats/document.hpp"
#include "live/forge.hpp"

namespace trueup::engine {

/// A repository of a forge that exists in a case only, as `live: forge:` writes it. A list that is not written is unknown; one
/// that is written is complete, unless `incomplete:` names its kind.
///
///     acme/app:
///       visibility: private           # default_branch, archived, renamed: acme/other; or absent: true; or unknown: timed out
///       pull_requests: [{number: 7, head: ring-a, head_sha: …, labels: [cohort:x], comments: [{author: bot, body: done}]}]
///       workflow_runs: [{run_id: 1, workflow_path: .github/workflows/build.yml, head_sha: …, conclusion: success}]
///       releases: [{tag_name: v1}]
///       tags: [{name: v1, commit: refs/tags/v1}]
///       required_checks: {main: [build, {context: test, app: 15368}]}
///       secrets: [PAT, {name: KEY, environment: prod}]
///       variables: [REGION]
///       environments: [{name: prod, reviewers: 1, wait_minutes: 5, branch_policy: protected}]
///       branches: {main: {protected: true, approvals: 1}}      # beside required_checks
///       apps: {acme-atlantis: {permissions: {checks: write}, events: [push]}}
///       unknowns: {secret: the token may not see them}
///       incomplete: [pull_request]
struct CaseForgeRepository {
  live::ForgeKind kind = live::ForgeKind::github;
  live::ForgeRepositoryReading about;
  std::string unreachable;                                         ///< why nothing of it is told; empty: it is
  std::map<live::ForgeListKind, std::string> unknown, incomplete;  ///< kind -> why
  std::set<live::ForgeListKind> written;
  formats::ForgeItems items;  ///< without comments and required checks
  std::map<std::int64_t, std::vector<formats::PullRequestComment>> comments;
  std::map<std::string, std::vector<formats::RequiredCheck>> required_checks;
  std::map<std::string, formats::ForgeBranch> branches;
  std::map<std::string, std::vector<formats::ForgeAppGrant>> apps;
  std::vector<formats::ForgeSecret> variables;
};

/// Reads one. `fail` is told of what no case can say.
CaseForgeRepository read_case_forge(const formats::Document& document, formats::NodeIndex node, const std::string& slug,
                                    const std::string& default_branch, const std::function<void(formats::NodeIndex, std::string)>& fail);

/// The forge of a case's repositories of one kind.
class CaseForge final : public live::Forge {
 public:
  CaseForge(live::ForgeKind kind, const std::map<std::string, CaseForgeRepository>& repositories) : kind_(kind), repositories_(repositories) {}

  static const std::string& host_of(live::ForgeKind kind);

  live::ForgeKind kind() const override { return kind_; }
  const std::string& host() const override { return host_of(kind_); }
  std::vector<live::ForgeRepositoryReading> repositories(std::span<const std::string> slugs) override;
  std::vector<live::ForgeListReading> lists(std::span<const live::ForgeListQuestion> questions) override;

 private:
  const CaseForgeRepository* find(const std::string& slug) const;

  const live::ForgeKind kind_;
  const std::map<std::string, CaseForgeRepository>& repositories_;
};

}  // namespace trueup::engine
