#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.hpp"
#include "cli/config.hpp"

namespace trueup::cli {
namespace {

/// Text as a YAML scalar: plain where every reader takes it for that text, else double-quoted.
std::string scalar(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const bool plain = !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
  });
  // Words and letters that YAML 1.1 reads as something else.
  constexpr std::array<std::string_view, 10> kWords = {"true", "false", "yes",  "no", "on",
                                                       "off",  "null",  "none", "y",  "n"};
  const std::string lower = ascii_lower(text);
  if (plain && std::find(kWords.begin(), kWords.end(), lower) == kWords.end()) return std::string(text);
  std::string quoted = "\"";
  std::array<char, 16> escape{};
  while (!text.empty()) {
    const Character next = first_character(text);
    text.remove_prefix(next.bytes.size());
    if (printable(next.bytes) != next.bytes) {
      std::snprintf(escape.data(), escape.size(), "\\U%08X", static_cast<unsigned>(next.code));
      quoted += escape.data();
      continue;
    }
    if (next.code == '"' || next.code == '\\') quoted += '\\';
    quoted += next.bytes;
  }
  return quoted + '"';
}

std::string flow(const std::vector<std::string>& texts) {
  std::string line = "[";
  for (const std::string& text : texts) line += (line.size() > 1 ? ", " : "") + scalar(text);
  return line + ']';
}

std::string step(std::string_view key) { return '/' + replace_all(replace_all(key, "~", "~0"), "/", "~1"); }

class Shower {
 public:
  explicit Shower(const Config& config) : config_(config) {}

  std::string show() {
    if (config_.file.empty()) out_ += "# No trueup.yaml: everything holds by default.\n";
    line(0, "version: 1", "/version");
    if (!config_.slug.empty()) line(0, "slug: " + scalar(config_.slug), "/slug");
    show_repositories();
    line(0, std::string("closed: ") + (config_.closed ? "true" : "false"), "/closed");
    list("registries", config_.registries);
    show_control_planes();
    show_helm();
    show_forges();
    show_streams();
    show_deployments();
    show_promises();
    show_trains();
    show_rules();
    show_suppressions();
    if (config_.kinds.empty())
      line(0, "kinds: {}", "/kinds");
    else
      line(0, "kinds:", "/kinds");
    for (const KindConfig& kind : config_.kinds)
      line(1, scalar(kind.glob) + ": " + scalar(kind.kind), "/kinds" + step(kind.glob));
    list("ignore", config_.ignore);
    list("nodes", config_.nodes);
    list("rule_folders", config_.rule_folders);
    line(0, std::string("gate: ") + (config_.gate_refs ? "refs" : "subject"), "/gate");
    return std::move(out_);
  }

 private:
  void line(int depth, const std::string& text, const std::string& pointer, const std::string& otherwise = "default") {
    constexpr std::size_t kCommentColumn = 48;
    std::string row = std::string(static_cast<std::size_t>(depth) * 2, ' ') + text;
    row.append(row.size() < kCommentColumn ? kCommentColumn - row.size() : 1, ' ');
    const auto found = config_.places.find(pointer);
    out_ += row + (found == config_.places.end()
                       ? "# " + otherwise + '\n'
                       : "# " + printable(config_.file) + ':' + std::to_string(found->second.line) + '\n');
  }
  void list(const std::string& key, const std::vector<std::string>& texts) {
    line(0, key + ": " + flow(texts), '/' + key);
  }

  void show_repositories() {
    if (config_.repositories.empty()) return line(0, "repositories: {}", "/repositories");
    line(0, "repositories:", "/repositories");
    for (const RepositoryConfig& repository : config_.repositories) {
      const std::string here = "/repositories" + step(repository.slug);
      line(1, scalar(repository.slug) + ':', here);
      if (!repository.path.empty())
        line(2, "path: " + scalar(repository.path), here + "/path");
      else
        line(2, "url: " + scalar(repository.url.empty() ? "https://github.com/" + repository.slug : repository.url),
             here + "/url");
      if (!repository.forge.empty()) line(2, "forge: " + scalar(repository.forge), here + "/forge");
      line(2, "branches: " + flow(repository.branches), here + "/branches", "default: the default branch only");
      line(2, "tags: " + flow(repository.tags), here + "/tags");
      if (!repository.default_branch.empty())
        line(2, "default_branch: " + scalar(repository.default_branch), here + "/default_branch");
    }
  }

  void show_control_planes() {
    for (const bool kubernetes : {false, true}) {
      const std::string list = kubernetes ? "kubernetes" : "argocd";
      bool any = false;
      for (const ControlPlaneConfig& plane : config_.control_planes) {
        if (plane.kubernetes != kubernetes) continue;
        if (!std::exchange(any, true)) line(0, list + ":", "/" + list);
        const std::string here = "/" + list + step(plane.name);
        line(1, scalar(plane.name) + ":", here);
        const auto text = [&](const std::string& key, const std::string& value) {
          if (!value.empty()) line(2, key + ": " + scalar(value), here + "/" + key);
        };
        if (kubernetes) {
          text("context", plane.context);
          text("namespace", plane.only_namespace);
          line(2, std::string("in_cluster: ") + (plane.in_cluster ? "true" : "false"), here + "/in_cluster");
        } else {
          text("url", plane.url);
          text("dump", plane.dump);
          line(2, "projects: " + flow(plane.projects), here + "/projects");
          line(2, std::string("complete: ") + (plane.complete ? "true" : "false"), here + "/complete");
        }
        line(2, "declared_in: " + flow(plane.homes), here + "/declared_in", "default: anywhere");
      }
      if (!any) line(0, list + ": {}", "/" + list);
    }
  }

  void show_helm() {
    if (config_.helm.empty()) return line(0, "helm: {}", "/helm");
    line(0, "helm:", "/helm");
    for (const HelmIndexConfig& repository : config_.helm) {
      const std::string here = "/helm" + step(repository.url);
      line(1, scalar(repository.url) + ":", here);
      line(2, "index: " + scalar(repository.index), here + "/index");
    }
  }

  void show_forges() {
    if (config_.forges.empty()) return line(0, "forges: {}", "/forges");
    line(0, "forges:", "/forges");
    for (const ForgeConfig& forge : config_.forges) {
      const std::string here = "/forges" + step(forge.host);
      line(1, scalar(forge.host) + ":", here);
      if (!forge.kind.empty()) line(2, "kind: " + forge.kind, here + "/kind");
      if (!forge.url.empty()) line(2, "url: " + scalar(forge.url), here + "/url");
      if (!forge.dump.empty()) line(2, "dump: " + scalar(forge.dump), here + "/dump");
      line(2, std::string("ask: ") + (forge.ask ? "true" : "false"), here + "/ask");
    }
  }

  void show_streams() {
    if (config_.streams.empty()) return line(0, "streams: {}", "/streams");
    line(0, "streams:", "/streams");
    for (const StreamConfig& stream : config_.streams) {
      const engine::StreamWorkspace& workspace = stream.workspace;
      const std::string here = "/streams" + step(workspace.name);
      line(1, scalar(workspace.name) + ":", here);
      line(2, "environment: " + scalar(workspace.environment), here + "/environment");
      const auto text = [&](const std::string& key, const std::string& value) {
        if (!value.empty()) line(2, key + ": " + scalar(value), here + "/" + key);
      };
      text("project", stream.project);
      text("workspace", workspace.workspace);
      text("repository", workspace.repository);
      if (!workspace.any_root) line(2, "root: " + scalar(workspace.root.empty() ? "." : workspace.root), here + "/root");
      text("branch", workspace.branch);
      text("url", stream.url);
      text("dump", stream.dump);
      line(2, std::string("complete: ") + (stream.complete ? "true" : "false"), here + "/complete");
    }
  }

  void show_deployments() {
    if (config_.deployments.empty()) return line(0, "deployments: {}", "/deployments");
    line(0, "deployments:", "/deployments");
    for (const DeploymentConfig& store : config_.deployments) {
      const std::string here = "/deployments" + step(store.name);
      line(1, scalar(store.name) + ":", here);
      if (!store.url.empty()) line(2, "url: " + scalar(store.url), here + "/url");
      if (!store.dump.empty()) line(2, "dump: " + scalar(store.dump), here + "/dump");
      line(2, std::string("complete: ") + (store.complete ? "true" : "false"), here + "/complete");
    }
  }

  void show_promises() {
    const engine::ChartPromises& chart = config_.chart;
    if (chart.empty() && !config_.ring) return line(0, "promises: {}", "/promises");
    line(0, "promises:", "/promises");
    if (config_.ring) show_ring(*config_.ring);
    if (chart.empty()) return;
    line(1, "chart:", "/promises/chart");
    if (!chart.lockstep.empty()) line(2, "lockstep:", "/promises/chart/lockstep");
    for (const auto& group : chart.lockstep) line(3, "- " + flow(group), "/promises/chart/lockstep");
    const std::string owners = "/promises/chart/owners";
    if (!chart.owners.empty()) line(2, "owners:", owners);
    for (const auto& [name, slug] : chart.owners) line(3, scalar(name) + ": " + scalar(slug), owners + step(name));
    if (!chart.versions.empty()) line(2, "versions: " + scalar(chart.versions), "/promises/chart/versions");
    const std::string environments = "/promises/chart/environments";
    if (!chart.environments.empty()) line(2, "environments:", environments);
    std::string slug;
    for (const engine::EnvironmentPromise& each : chart.environments) {
      if (each.slug != slug) line(3, scalar(each.slug) + ':', environments + step(each.slug));
      slug = each.slug;
      line(4, scalar(each.branch) + ": " + scalar(each.takes), environments + step(slug) + step(each.branch));
    }
  }

  void show_ring(const engine::RingPromise& ring) {
    const std::string here = "/promises/ring";
    line(1, "ring:", here);
    const std::string otherwise = ring.preset.empty() ? "default" : "preset " + ring.preset;
    const auto said = [&](int depth, std::string_view key, const std::string& value, const std::string& at) {
      if (!value.empty()) line(depth, std::string(key) + ": " + scalar(value), at + '/' + std::string(key), otherwise);
    };
    const auto number = [&](int depth, std::string_view key, const std::optional<std::int64_t>& value, const std::string& at, const char* unit = "") {
      if (value) line(depth, std::string(key) + ": " + std::to_string(*value) + unit, at + '/' + std::string(key), otherwise);
    };
    const auto list = [&](std::string_view key, const std::vector<engine::PlacedText>& texts) {
      std::vector<std::string> values;
      for (const engine::PlacedText& each : texts) values.push_back(each.text);
      if (!values.empty()) line(2, std::string(key) + ": " + flow(values), here + '/' + std::string(key), otherwise);
    };
    said(2, "preset", ring.preset, here);
    said(2, "cohorts", ring.cohorts.text, here);
    said(2, "branches", ring.branches, here);
    said(2, "label", ring.label.text, here);
    list("sources", ring.sources);
    list("keys", ring.keys);
    number(2, "limit", ring.limit, here);
    list("test_cohorts", ring.test_cohorts);
    list("order", ring.cohort_order);
    list("not_delivered", ring.not_delivered);
    number(2, "behind", ring.behind, here, "s");
    number(2, "behind_commits", ring.behind_commits, here);
    number(2, "pull_request_within", ring.pull_request_within, here, "s");
    number(2, "label_within", ring.label_within, here, "s");
    number(2, "delete_within", ring.delete_within, here, "s");
    number(2, "clean_up_within", ring.clean_up_within, here, "s");
    number(2, "pushes_a_day", ring.pushes_most, here);
    if (ring.sync_delay || ring.sync_time || ring.replica_time || ring.rollout_least || ring.rollout_most) {
      line(2, "time_outs:", here + "/time_outs", otherwise);
      number(3, "sync_delay", ring.sync_delay, here + "/time_outs", "s");
      number(3, "sync", ring.sync_time, here + "/time_outs", "s");
      number(3, "replica", ring.replica_time, here + "/time_outs", "s");
      number(3, "least", ring.rollout_least, here + "/time_outs", "s");
      number(3, "most", ring.rollout_most, here + "/time_outs", "s");
    }
    if (!ring.triggered.empty() || !ring.reported.empty() || !ring.succeeded.empty()) {
      line(2, "comments:", here + "/comments", otherwise);
      said(3, "triggered", ring.triggered, here + "/comments");
      said(3, "result", ring.reported, here + "/comments");
      said(3, "success", ring.succeeded, here + "/comments");
    }
    if (!ring.sync.empty()) line(2, "sync:", here + "/sync");
    for (const engine::RingPromise::Sync& each : ring.sync) line(3, scalar(each.slug) + ": " + scalar(each.branch.text), here + "/sync" + step(each.slug));
    if (!ring.services.empty()) line(2, "services:", here + "/services");
    for (const engine::RingService& each : ring.services) {
      const std::string at = here + "/services" + step(each.name.text);
      line(3, scalar(each.name.text) + ':', at);
      said(4, "repository", each.slug, at);
      said(4, "image", each.image.text, at);
      said(4, "twin", each.twin.text, at);
      said(4, "application", each.application, at);
      said(4, "twin_application", each.twin_application, at);
      said(4, "build", each.build, at);
      said(4, "release", each.release, at);
      said(4, "clean_up", each.clean_up, at);
      said(4, "clean_up_when", each.keeps_merged ? "unmerged" : "closed", at);
      said(4, "name", each.image_name, at);
      said(4, "tag", each.tag, at);
      number(4, "replicas", each.replicas, at);
    }
  }

  void show_trains() {
    if (config_.trains.empty()) return line(0, "trains: {}", "/trains");
    line(0, "trains:", "/trains");
    for (const engine::Train& train : config_.trains) {
      const std::string here = "/trains" + step(train.name);
      line(1, scalar(train.name) + ':', here);
      if (!train.source.empty()) line(2, "source: " + scalar(train.source), here + "/source");
      if (!train.since.empty()) line(2, "since: " + scalar(train.since), here + "/since");
      line(2, "repositories:", here + "/repositories");
      for (const engine::TrainMember& member : train.members) show_member(member, here + "/repositories" + step(member.slug));
      show_indexes(train, here + "/indexes");
      std::vector<std::string> images;
      for (const auto& [image, at] : train.images) images.push_back(image);
      if (!images.empty()) line(2, "images: " + flow(images), here + "/images");
      if (!train.changelog.empty())
        line(2, "changelog: {file: " + scalar(train.changelog) + (train.compares.empty() ? "" : ", compares: " + scalar(train.compares)) + '}',
             here + "/changelog");
    }
  }

  void show_member(const engine::TrainMember& member, const std::string& here) {
    const std::string tag = !member.has_tags ? "\"none\"" : member.tag_shape.empty() ? "\"{version}\"" : scalar(member.tag_shape);
    line(3, scalar(member.slug) + ':', here);
    line(4, "tag: " + tag, here + "/tag", "default: with or without v");
    if (!member.carries.empty()) line(4, "carries:", here + "/carries");
    for (const engine::TrainPlace& place : member.carries)
      line(5, "- {file: " + scalar(place.file) + (place.pointer.empty() ? "" : ", at: " + scalar(place.pointer)) +
                  (place.pattern.empty() ? "" : ", match: " + scalar(place.pattern)) + '}', here + "/carries");
    show_published(member, here);
  }

  /// Where each package is looked up, said or not.
  void show_indexes(const engine::Train& train, const std::string& here) {
    std::map<std::string, std::string> indexes;
    for (const engine::TrainMember& member : train.members)
      for (const engine::TrainPackage& package : member.publishes)
        if (!package.index.empty()) indexes.emplace(package.ecosystem + ':' + package.package, package.index);
    if (!indexes.empty()) line(2, "indexes:", here);
    for (const auto& [package, index] : indexes) line(3, scalar(package) + ": " + scalar(index), here);
  }

  /// What a member publishes and keeps.
  void show_published(const engine::TrainMember& member, const std::string& here) {
    std::vector<std::string> packages, files;
    for (const engine::TrainPackage& package : member.publishes) packages.push_back(package.ecosystem + ':' + package.package);
    for (const engine::TrainText& file : member.files) files.push_back(file.text);
    if (!packages.empty()) line(4, "publishes: " + flow(packages), here + "/publishes");
    if (!files.empty()) line(4, "files: " + flow(files), here + "/files");
    if (member.docs) line(4, "docs: {branch: " + scalar(member.docs->branch) + ", folder: " + scalar(member.docs->folder) + '}', here + "/docs");
    if (!member.lists.empty()) line(4, "lists:", here + "/lists");
    for (const engine::TrainPlace& list : member.lists)
      line(5, "- {file: " + scalar(list.file) + ", match: " + scalar(list.pattern) + '}', here + "/lists");
  }

  void show_rules() {
    if (config_.rules.empty()) return line(0, "rules: {}", "/rules");
    line(0, "rules:", "/rules");
    for (const RuleConfig& rule : config_.rules) {
      const std::string here = "/rules" + step(rule.rule);
      const std::string severity(rule.severity ? to_string(*rule.severity) : "");
      if (rule.parameters.empty()) {
        line(1, scalar(rule.rule) + ": " + (severity.empty() ? "{}" : severity), here);
        continue;
      }
      line(1, scalar(rule.rule) + ':', here);
      if (!severity.empty()) line(2, "severity: " + severity, here + "/severity");
      for (const auto& [name, value] : rule.parameters) line(2, scalar(name) + ": " + scalar(value), here + step(name));
    }
  }

  void show_suppressions() {
    if (config_.suppressions.empty()) return line(0, "suppressions: []", "/suppressions");
    line(0, "suppressions:", "/suppressions");
    for (std::size_t i = 0; i < config_.suppressions.size(); ++i) {
      const SuppressionConfig& each = config_.suppressions[i];
      const std::string here = "/suppressions/" + std::to_string(i);
      line(1, "- rule: " + scalar(each.rule), here + "/rule");
      line(2, "path: " + scalar(each.path), here + "/path");
      if (!each.key.empty()) line(2, "key:", here + "/key");
      for (const auto& [column, value] : each.key) line(3, scalar(column) + ": " + scalar(value), here + "/key" + step(column));
      for (const auto& [key, value] : {std::pair("repository", each.repository), {"reason", each.reason}, {"until", each.until}, {"owner", each.owner}})
        if (!value.empty()) line(2, std::string(key) + ": " + scalar(value), here + '/' + key);
    }
  }

  const Config& config_;
  std::string out_;
};

}  // namespace

std::string show_config(const Config& config) { return Shower(config).show(); }

}  // namespace trueup::cli
