#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/span.hpp"
#include "engine/chart_promises.hpp"
#include "engine/ring_promise.hpp"
#include "engine/stream_workspace.hpp"
#include "engine/train.hpp"
#include "rules/rule.hpp"

namespace trueup::cli {

/// `repositories:` of trueup.yaml. Exactly one of path and url is used: `path` (relative to the config's folder), else
/// `url`, else https://github.com/<slug>.
struct RepositoryConfig {
  std::string slug;
  std::string path, url;
  std::string forge;                  ///< host of the forge that holds it; empty: what its address says
  std::vector<std::string> branches;  ///< names and globs; empty: the default branch only
  std::vector<std::string> tags;      ///< names and globs; empty: none
  std::string default_branch;         ///< where the remote does not tell
  ByteRange at;                       ///< of its key in the config
};

/// `rules:`: severity (none switches it off) and parameters of one rule or pack.
struct RuleConfig {
  std::string rule;  ///< id, code or pack
  std::optional<rules::Severity> severity;
  std::map<std::string, std::string, std::less<>> parameters;
  ByteRange at;
};

/// `kinds:` glob -> kind.
struct KindConfig {
  std::string glob, kind;
};

/// `suppressions:` an element of the list.
struct SuppressionConfig {
  std::string rule, path, repository, reason, until, owner;  ///< path: a glob; all after it may be empty
  std::vector<std::pair<std::string, std::string>> key;      ///< column, value
  ByteRange at;                                              ///< of the rule's name
};

/// `argocd:` and `kubernetes:`: an instance of ArgoCD, and how it is read.
struct ControlPlaneConfig {
  std::string name;
  bool kubernetes = false;            ///< by the Kubernetes API of its cluster
  std::string url;                    ///< of ArgoCD; empty: ARGOCD_SERVER
  std::vector<std::string> projects;  ///< empty: all that are shown
  std::string dump;                   ///< a file or folder instead, relative to the config
  bool complete = false;              ///< the dump holds all
  std::vector<std::string> homes;     ///< `declared_in:` owner/name, or owner/name:folder; empty: anywhere
  std::string context;                ///< of kubeconfig; empty: the current one
  std::string only_namespace;         ///< `namespace:`
  bool in_cluster = false;            ///< the service account of the pod at hand
};

/// `helm:` a classic Helm repository whose index lies in a file.
struct HelmIndexConfig {
  std::string url;    ///< as the fleet writes it
  std::string index;  ///< relative to the config
};

/// `forges:` a server of GitHub or GitLab.
struct ForgeConfig {
  std::string host;
  std::string kind;  ///< github or gitlab; empty: what the host says
  std::string url;   ///< of its API; empty: the usual place
  bool ask = true;
  std::string dump;  ///< a folder instead, relative to the config
};

/// `streams:` a workspace of Atlas Stream Processing, and how it is read.
struct StreamConfig {
  engine::StreamWorkspace workspace;
  std::string project;  ///< its id
  std::string url;      ///< of the Admin API; empty: MongoDB's cloud
  std::string dump;     ///< a file or folder instead, relative to the config
  bool complete = false;
};

/// `deployments:` where deployments of Terraform roots are recorded; either `url` or `dump`.
struct DeploymentConfig {
  std::string name;
  std::string url;       ///< of one JSON document
  std::string dump;      ///< a file or folder instead, relative to the config
  bool complete = false; ///< the dump holds all
};

/// What the name of a host says: "github" of github.com and github.*, "gitlab" of gitlab.com and gitlab.*; empty for others.
std::string_view forge_kind_of(std::string_view host);

/// trueup.yaml, read and checked.
struct Config {
  std::string file;  ///< as named on the command line or found; empty: there is none, all is default
  std::string slug;  ///< `slug:` of the repository at hand
  std::vector<RepositoryConfig> repositories;
  bool closed = false;
  std::vector<std::string> registries;  ///< host[:port][/path] that the operator names
  std::vector<ControlPlaneConfig> control_planes;
  std::vector<HelmIndexConfig> helm;
  std::vector<ForgeConfig> forges;
  std::vector<StreamConfig> streams;
  std::vector<DeploymentConfig> deployments;
  engine::ChartPromises chart;  ///< promises.chart
  std::vector<engine::Train> trains;
  std::optional<engine::RingPromise> ring;  ///< promises.ring
  std::vector<RuleConfig> rules;
  std::vector<SuppressionConfig> suppressions;
  std::vector<KindConfig> kinds;
  std::vector<std::string> ignore, nodes;
  std::vector<std::string> rule_folders;  ///< `rule_folders:` paths relative to the config
  bool gate_refs = false;                 ///< `gate: refs`
  /// Where each value stands in `file`: JSON pointer ("/repositories/acme~1app/branches") -> place of its key, or of
  /// itself in a list. What is not here holds by default.
  std::map<std::string, LineColumn, std::less<>> places;
};

/// Why a config does not hold, and where.
struct ConfigProblem {
  std::string file;
  std::uint32_t line = 1, column = 1;
  std::string message;  ///< names the nearest right key or value
};

/// A config, or every problem that it has.
struct ConfigResult {
  std::optional<Config> config;
  std::vector<ConfigProblem> problems;
};

/// Reads the text of a trueup.yaml, by the keys of cli/config_schema.hpp. A function of its arguments: whether rules,
/// kinds and paths that it names exist is not looked at. Aliases are followed, within limits::kMaxAliasVisits; merge
/// keys are not read. At most kMaxConfigBytes; at most kMaxConfigProblems are told.
ConfigResult parse_config(std::string_view file, std::string_view text);

inline constexpr std::size_t kMaxConfigBytes = 1u << 20;
inline constexpr std::size_t kMaxConfigProblems = 100;

/// What `rules:` and `suppressions:` name and is not there: an id, code, former id or pack of `known`, a parameter of that rule, and
/// whether a parameter's value is of its type. A pack has no parameters.
std::vector<ConfigProblem> check_rule_names(const Config& config, std::span<const rules::Rule> known);
/// The same for the kinds that `kinds:` names; "none" is always known.
std::vector<ConfigProblem> check_kind_names(const Config& config, std::span<const std::string> known);

/// What holds, and from where, as a trueup.yaml with comments: "# trueup.yaml:4" or "# default". Reads as the same
/// config.
std::string show_config(const Config& config);

}  // namespace trueup::cli
