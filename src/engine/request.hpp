#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audit/observation.hpp"
#include "base/limits.hpp"
#include "base/work_queue.hpp"
#include "engine/chart_promises.hpp"
#include "engine/repository_source.hpp"
#include "engine/ring_promise.hpp"
#include "engine/stream_workspace.hpp"
#include "engine/train.hpp"
#include "live/helm_repository.hpp"
#include "live/control_plane.hpp"
#include "live/deployment_source.hpp"
#include "live/forge.hpp"
#include "live/oci_registry.hpp"
#include "live/package_index.hpp"
#include "live/stream_source.hpp"
#include "rules/evaluate.hpp"
#include "rules/finding.hpp"
#include "rules/rule.hpp"

namespace trueup::engine {

/// A ref of a subject that is to be judged.
struct AskedPoint {
  Point point;
  /// The branch that it will stand on after the merge; nothing: on itself.
  std::optional<std::string> merges_into;
  /// Findings there turn the run red.
  bool blocks = true;
};

/// A repository as its forge knows it.
struct ForgeAddress {
  std::string host;  ///< live::Forge::host()
  std::string path;  ///< "acme/app"; on a GitLab with all groups
};

/// A repository of the fleet.
struct FleetRepository {
  std::string slug;
  std::shared_ptr<RepositorySource> source;  ///< null: it could not be had
  std::string because;                       ///< why not, and the way out
  bool missed = false;                       ///< it was to be judged and could not be had: the run goes on without it
  std::vector<std::string> asked_as;         ///< the names and patterns of refs that `asked` came from; "": what is at hand
  std::optional<std::string> default_branch; ///< where the config says it
  std::optional<ForgeAddress> forge;         ///< where it is hosted, if that can be asked
  /// What of it is judged. Empty: it is not a subject, only a neighbour at its default branch.
  std::vector<AskedPoint> asked;
  /// For a gate: what stood there before the change.
  std::optional<Point> base;
};

/// A rule with what the config says of it.
struct ChosenRule {
  const rules::Rule* rule = nullptr;
  std::optional<rules::Severity> severity;  ///< of the config; it wins over what the rule says
  rules::ParameterValues parameters;
};

/// A suppression of the config: one rule in files by glob.
struct CentralSuppression {
  std::string rule;        ///< id, code or alias
  std::string repository;  ///< slug; empty: any
  std::string path;        ///< a glob by formats/path_glob.hpp
  std::vector<std::pair<std::string, std::string>> key;  ///< columns of the rule's key and their values; those left out are any
  std::string reason;      ///< empty: there is none, and it has no effect
  std::string until;       ///< YYYY-MM-DD, the last day; empty: it does not end
  std::string owner;       ///< may be empty
  rules::FilePlace place;  ///< of the rule's name in the config; `repository` is empty where no repository holds it
};

/// Answers the questions that the facts ask. Without a registry nobody is asked, and all is unknown.
struct LiveSources {
  live::OciRegistry* registry = nullptr;
  live::HelmRepositories* helm = nullptr;
  live::PackageIndexes* packages = nullptr;
  /// Instances of ArgoCD; with --offline dumps are left.
  std::vector<live::ControlPlane*> control_planes;
  std::vector<std::pair<std::string, std::string>> homes;  ///< name of an instance of ArgoCD, and where its Applications are declared
  /// GitHub and GitLab, as far as they can be asked; each host once.
  std::vector<live::Forge*> forges;
  /// Projects of Atlas, by the names of Request::streams.
  std::vector<live::StreamSource*> streams;
  /// Where deployments of Terraform roots are recorded.
  std::vector<live::DeploymentSource*> deployments;
  /// Whether the operator named the host. With a base, other hosts are asked only if the base names them too.
  std::function<bool(const std::string& host)> is_named_host;
};

/// For tests of rules: facts that are withheld, to see that no finding appears.
struct Withheld {
  std::set<std::pair<std::string, std::string>> unreadable;  ///< (slug, path): read as malformed
  std::set<std::pair<std::string, std::string>> heads;       ///< (slug, branch): not loaded
  bool heads_incomplete = false;                             ///< the lists of branches and tags are known not to be whole
};

/// What the audit before this one saw of a stream processor.
struct EarlierCount {
  std::string stream_workspace, workspace, name;
  std::int64_t dlq_messages = 0;
  std::string asked_at;  ///< RFC 3339, UTC
};
/// The same by the name that a history keeps it under; nothing for what is none.
std::optional<EarlierCount> earlier_count(const audit::Measure& measure);

/// All that a run is made of.
struct Request {
  std::vector<FleetRepository> repositories;
  facts::KindRules kinds;
  std::vector<ChosenRule> rules;
  std::vector<rules::PackViews> views;
  std::vector<CentralSuppression> suppressions;
  bool closed = false, offline = false;
  bool goes_on = false;  ///< a subject that cannot be read is missed, and told; without it the run ends
  bool asks_early = false;  ///< the run judges, so what does not hang on the repositories is asked for while they are read
  bool prepare_all = false; ///< compile the built-in rules at once, whether they have a subject or not: for tests
  std::uint64_t max_rule_steps = limits::kMaxRuleSteps;  ///< of one rule in one world
  unsigned helpers = std::min(worker_count() - 1, 3u);    ///< threads that judge beside the run's own; each has a database of its own
  bool all_tables = false;  ///< extract everything, not only what the rules read: for queries of people
  std::int64_t now = 0;  ///< seconds since 1970
  ChartPromises chart;
  std::vector<Train> trains;
  std::optional<RingPromise> ring;
  std::vector<StreamWorkspace> streams;
  std::vector<EarlierCount> earlier;
  ConfigText config;  ///< where both are promised
  LiveSources live;
  Withheld withheld;
  /// Called between steps with what is being done, for a terminal; may be unset.
  std::function<void(std::string_view)> progress;
};

}  // namespace trueup::engine
