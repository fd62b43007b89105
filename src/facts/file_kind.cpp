#include "facts/file_kind.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "facts/extract/extractor.hpp"

namespace trueup::facts {
namespace {

constexpr std::array<std::string_view, 13> kQuietFolders = {"docs",     "doc",  "examples", "example", "samples",
                                                            "testdata", "test", "tests",    "e2e",     "fixtures",
                                                            "vendor",   "node_modules", "third_party"};
constexpr std::string_view kGithubFolder = ".github/", kWorkflowFolder = ".github/workflows/";

/// Calls `stop` with each folder's name above the file, outermost first, until it says true.
template <typename Stop>
bool any_folder_name(std::string_view path, Stop stop) {
  for (std::size_t at = 0, slash; (slash = path.find('/', at)) != std::string_view::npos; at = slash + 1)
    if (stop(path.substr(at, slash - at))) return true;
  return false;
}

bool is_quiet(std::string_view path) {
  // GitHub reads .github by the letter: a workflow folder has no quiet corners, and "templates" there are forms.
  const bool github = path.starts_with(kGithubFolder);
  return any_folder_name(path, [github](std::string_view folder) {
    if (folder == "templates") return !github;
    return std::ranges::find(kQuietFolders, folder) != kQuietFolders.end();
  });
}

/// "values-prod" of "values-prod.yaml", or an empty view.
std::string_view stem_of_yaml(std::string_view name) {
  for (const std::string_view extension : {".yaml", ".yml"})
    if (name.ends_with(extension)) return name.substr(0, name.size() - extension.size());
  return {};
}

bool is_values_stem(std::string_view stem) {
  return stem == "values" || stem.starts_with("values-") || stem.starts_with("values.") || stem.ends_with("-values");
}

bool is_dockerfile(std::string_view name) {
  return name == "Dockerfile" || name == "Containerfile" || name.starts_with("Dockerfile.") ||
         name.ends_with(".Dockerfile") || name.ends_with(".dockerfile");
}

bool is_dotenv(std::string_view name) {
  for (const std::string_view suffix : {".example", ".sample", ".template", ".dist"})
    if (name.size() > suffix.size() && name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return name.ends_with(".env") || name.starts_with(".env.");
}

bool is_compose(std::string_view stem) {
  for (const std::string_view name : {"compose", "docker-compose"})
    if (stem == name || (stem.starts_with(name) && (stem[name.size()] == '.' || stem[name.size()] == '-'))) return true;
  return false;
}

/// OpenTofu reads files of its own name beside those of Terraform.
bool is_terraform(std::string_view name) {
  if (name.ends_with(".json")) name.remove_suffix(std::string_view(".json").size());
  return name.ends_with(".tf") || name.ends_with(".tofu");
}

bool is_atlantis_server(std::string_view stem) {
  return stem.ends_with("repo-config") || stem.ends_with("repos-config") || stem.ends_with("repo_config");
}

/// JSON files that belong to Atlas Stream Processing, and records of deployments, where their folder's name promises it. What is in them says whether it is so.
std::string_view stream_kind(std::string_view path, std::string_view name) {
  if (is_quiet(path) || name.find(".example.") != name.npos || name.find(".sample.") != name.npos) return {};
  std::string_view folder = path.substr(0, path.size() - name.size());
  const auto last = [&folder] {  // takes the last folder's name off
    if (folder.empty()) return std::string_view();
    folder.remove_suffix(1);
    const std::string_view last_name = folder.substr(folder.rfind('/') + 1);
    folder.remove_suffix(last_name.size());
    return last_name;
  };
  const std::string_view first = last(), second = last();
  if (first == "processors") return "stream_processor";
  if (first == "connections" || second == "connections") return "stream_connections";
  if (second == "environments" && name == "thresholds.json") return "stream_thresholds";
  if (name == "deployment.json" && (path.starts_with("deployments/") || path.find("/deployments/") != path.npos)) return "deployments";
  return {};
}

/// Objects of Kubernetes as JSON, as ArgoCD applies them beside YAML: where a folder promises them. What is in the file says
/// whether it holds any; projects of other tools are full of JSON, so the names that they take everywhere are none.
bool is_manifest_json(std::string_view path, std::string_view name) {
  constexpr std::array<std::string_view, 4> kAbove = {"argocd", "argo-cd", "argo", "gitops"};
  constexpr std::array<std::string_view, 10> kNear = {"applications", "applicationsets", "application-sets", "appsets", "appprojects",
                                                      "projects", "apps", "clusters", "bootstrap", "manifests"};
  if (is_quiet(path) || name.starts_with("package") || name.starts_with("tsconfig") || name == "project.json" || name == "composer.json" || name.ends_with(".schema.json")) return false;
  std::string_view last, above;
  const bool promised = any_folder_name(path, [&](std::string_view folder) {
    above = std::exchange(last, folder);
    return std::ranges::find(kAbove, folder) != kAbove.end();
  });
  return promised || std::ranges::find(kNear, last) != kNear.end() || std::ranges::find(kNear, above) != kNear.end();
}

/// A file below the templates/ of what may be a chart: Helm renders whatever stands there.
bool is_chart_template(std::string_view path, std::string_view name) {
  if (!(name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".tpl") || name.ends_with(".txt"))) return false;
  const std::size_t at = path.starts_with("templates/") ? 0 : path.find("/templates/") + 1;
  return (at > 0 || path.starts_with("templates/")) && !path.starts_with(kGithubFolder) && !is_quiet(path.substr(0, at));
}

std::string_view builtin_kind(std::string_view path, bool json_wanted) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name == "CODEOWNERS") return path == name || path == ".github/CODEOWNERS" || path == "docs/CODEOWNERS" ? "codeowners" : "";
  if (name == ".gitignore") return is_quiet(path) ? "" : "gitignore";
  if (name.ends_with(".json")) {
    if (const std::string_view kind = stream_kind(path, name); !kind.empty()) return kind;
    if (is_terraform(name)) return is_quiet(path) ? "" : "terraform";
    if (is_manifest_json(path, name)) return "yaml";
    return json_wanted && !is_quiet(path) ? "json" : "";
  }
  if (is_dotenv(name)) return is_quiet(path) ? "" : "dotenv";
  if (is_terraform(name)) return is_quiet(path) ? "" : "terraform";
  if (path == "README.md" || path == "DEVELOPMENT.md" || path == "CONTRIBUTING.md") return "guide";
  if (name.ends_with(".sh") || name.ends_with(".bash")) return is_quiet(path) ? "" : "script";
  if (is_dockerfile(name)) return is_quiet(path) ? "" : "dockerfile";
  if (name == "Chart.lock" || name == "requirements.lock") return is_quiet(path) ? "" : "chart_lock";
  if (name == ".helmignore") return is_quiet(path) ? "" : "helmignore";
  if (name == "go.mod") return is_quiet(path) ? "" : "go_module";

  const std::string_view stem = stem_of_yaml(name);
  if (is_quiet(path)) return is_chart_template(path, name) ? "chart_template" : "";
  if (stem.empty()) return {};
  const std::string_view folder = path.substr(0, path.size() - name.size());
  if (path == ".gitlab-ci.yml" || path.starts_with(".gitlab-ci/") || path.starts_with(".gitlab/ci/") || name.ends_with(".gitlab-ci.yml")) return "gitlab_ci";
  if (folder == kWorkflowFolder) return "workflow";
  if (stem == "action") return "action";
  if (folder == kGithubFolder && stem == "dependabot") return "dependabot";
  if (path.starts_with(kGithubFolder)) return "yaml";
  if (name == "Chart.yaml") return "chart";
  if (name == "requirements.yaml") return "chart_requirements";
  if (path == "atlantis.yaml") return "atlantis_config";
  if (is_compose(stem)) return "compose";
  if (is_atlantis_server(stem)) return "atlantis_server";
  if (is_values_stem(stem)) return folder == "ci/" || folder.ends_with("/ci/") ? "" : "chart_values";
  return "yaml";
}

bool any_matches(const std::vector<formats::PathGlob>& globs, std::string_view path) {
  return std::ranges::any_of(globs, [path](const formats::PathGlob& glob) { return glob.matches(path); });
}

}  // namespace

Result<KindRules> KindRules::compile(const KindConfig& config) {
  KindRules rules;
  const auto add = [](std::vector<formats::PathGlob>& globs, std::string_view text) -> Result<void> {
    auto glob = formats::PathGlob::compile(text);
    if (!glob) return std::move(glob).error().within("glob \"" + std::string(text) + '"');
    globs.push_back(*std::move(glob));
    return {};
  };
  for (const KindConfig::Assignment& assignment : config.kinds) {
    std::vector<formats::PathGlob> one;
    if (auto added = add(one, assignment.glob); !added) return std::move(added).error();
    const Extractor* extractor = find_extractor(assignment.kind);
    if (extractor == nullptr && assignment.kind != "none")
      return Error{Fault::not_found, "no kind of file is called \"" + assignment.kind + '"'};
    rules.kinds_.push_back({std::move(one.front()), extractor == nullptr ? std::string_view() : extractor->kind});
  }
  for (const std::string& glob : config.ignore) {
    if (auto added = add(rules.ignore_, glob); !added) return std::move(added).error();
    std::string_view folder = glob;
    if (folder.ends_with("/**")) folder.remove_suffix(3);
    else if (folder.ends_with('/')) folder.remove_suffix(1);
    if (folder.size() == glob.size() || folder.empty()) continue;
    if (auto added = add(rules.ignored_folders_, folder); !added) return std::move(added).error();
  }
  for (const std::string& glob : config.nodes)
    if (auto added = add(rules.nodes_, glob); !added) return std::move(added).error();
  auto carriers = CarriedVersions::compile(config.carriers);
  if (!carriers) return std::move(carriers).error();
  rules.carriers_ = *std::move(carriers);
  return rules;
}

bool KindRules::ignores(std::string_view path) const {
  if (ignore_.empty()) return false;
  if (any_matches(ignore_, path)) return true;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    const std::string_view folder = path.substr(0, slash);
    if (any_matches(ignore_, folder) || any_matches(ignored_folders_, folder)) return true;
  }
  return false;
}

bool KindRules::wants_nodes(std::string_view path) const { return any_matches(nodes_, path); }

std::string_view file_kind(std::string_view path, const KindRules& rules) {
  if (rules.ignores(path)) return {};
  for (auto assignment = rules.kinds_.rbegin(); assignment != rules.kinds_.rend(); ++assignment)
    if (assignment->glob.matches(path)) return assignment->kind;
  return builtin_kind(path, path.ends_with(".json") && rules.wants_nodes(path));
}

FileKinds kinds_of(std::string_view path, const KindRules& rules) {
  FileKinds kinds;
  kinds.add(file_kind(path, rules));
  kinds.add(node_kind(path, rules));
  if (rules.carriers_.holds(path)) kinds.add(kCarrierKind);
  return kinds;
}

std::string_view node_kind(std::string_view path, const KindRules& rules) {
  if (rules.nodes_.empty()) return {};
  const std::string_view kind = file_kind(path, rules);
  const bool is_json = path.ends_with(".json");
  const bool nodes = !kind.empty() && !kind.starts_with("node_") && kind != "helmignore" && kind != "dotenv" && (kind != "terraform" || is_json) && kind != "guide" &&
                     kind != "gitignore" && rules.wants_nodes(path);
  return !nodes ? "" : kind == "json" || ((kind == "terraform" || kind == "yaml") && is_json) || kind == "deployments" || kind.starts_with("stream_") ? "node_json" : "node_yaml";
}

bool is_wanted(std::string_view path, const KindRules& rules) {
  return !file_kind(path, rules).empty() || rules.carriers().holds(path);
}

bool is_folder_wanted(std::string_view folder, const KindRules& rules) {
  if (folder == ".git" || folder.ends_with("/.git")) return false;
  return !any_matches(rules.ignored_folders_, folder) && !rules.ignores(folder);
}

}  // namespace trueup::facts
