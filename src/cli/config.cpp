// trueup.yaml is read in two passes over one table (config_schema.hpp): the first holds every node against the table
// and notes all that is wrong, the second takes the values of a file that is right, and so has no errors of its own.

#include "cli/config.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "cli/config_schema.hpp"
#include "formats/version_form.hpp"
#include "formats/yaml.hpp"

namespace trueup::cli {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;
using formats::ScalarStyle;

bool is_null(const Node& node) {
  return node.kind == NodeKind::scalar && node.style == ScalarStyle::plain &&
         (node.value.empty() || node.value == "~" || equal_ignoring_ascii_case(node.value, "null"));
}

class Checker {
 public:
  Checker(const Document& document, std::string_view file, std::map<std::string, LineColumn, std::less<>>& places,
          std::vector<ConfigProblem>& problems)
      : document_(document), file_(file), lines_(document.source()), places_(places), problems_(problems) {}

  void check() {
    if (const auto& broken = document_.problem())
      return problem(broken->at.begin, "does not parse: " + broken->message);
    if (document_.roots().empty()) return problem(0, "is empty; a config begins with `version: 1`");
    if (document_.roots().size() > 1)
      return problem(document_[document_.roots()[1]].span.begin, "a config is one YAML document; a second begins here");
    const NodeIndex root = document_.root();
    if (!document_.is_mapping(root)) return problem(document_[root].span.begin, "a config is a mapping of keys");
    for (const formats::DuplicateKey& twice : document_.duplicate_keys()) {
      const std::uint32_t first = lines_.locate(document_[twice.first].span.begin).line;
      problem(document_[twice.second].span.begin,
              "key " + quoted(document_[twice.second].value) + " stands twice; first on line " + std::to_string(first));
    }
    if (document_.child(root, "version") == kNoNode) problem(0, "`version: 1` is missing");
    check_keys(root, "", "");
    // Within these bounds no mapping is large and named by many aliases.
    if (!too_many_aliases_ && problems_.size() < kMaxConfigProblems) check_contradictions();
    std::stable_sort(problems_.begin(), problems_.end(), [](const ConfigProblem& a, const ConfigProblem& b) {
      return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    if (problems_.size() == kMaxConfigProblems)
      problems_.push_back({std::string(file_), 1, 1, "more may be wrong than is told here"});
  }

 private:
  void problem(std::uint32_t offset, std::string message) {
    if (problems_.size() == kMaxConfigProblems) return;
    const LineColumn at = lines_.locate(offset);
    problems_.push_back({std::string(file_), at.line, at.column, std::move(message)});
  }

  /// `path` is the table's, `name` the one that a person reads: "repositories.*.url", "repositories.acme/app.url".
  void check_keys(NodeIndex mapping, const std::string& path, const std::string& name) {
    for (const NodeIndex value : document_.children(mapping)) {
      if (problems_.size() == kMaxConfigProblems) return;
      const Node& key = document_[document_[value].key];
      if (key.kind != NodeKind::scalar) {
        problem(key.span.begin, "a key is text");
        continue;
      }
      if (key.value == "<<" && key.style == ScalarStyle::plain) {
        problem(key.span.begin, "merge keys (`<<`) are not read here; an alias (`*name`) of a whole value is");
        continue;
      }
      const std::string here = path.empty() ? "" : path + '.';
      std::string child = here + std::string(key.value);
      // A name with a dot or star must not be taken for a path of the table.
      if (key.value.find_first_of(".*[") != std::string_view::npos || !find_config_key(child)) child = here + '*';
      const ConfigKey* known = find_config_key(child);
      if (known == nullptr) {
        unknown_key(key, here);
        continue;
      }
      if (child.ends_with('*')) check_key(key, path, name);
      places_.emplace(document_.pointer(value), lines_.locate(key.span.begin));
      check_node(value, *known, name.empty() ? std::string(key.value) : name + '.' + std::string(key.value));
    }
    for (const ConfigKey& each : config_keys())
      if (each.required && each.path.substr(0, each.path.rfind('.')) == path &&
          document_.child(mapping, each.path.substr(path.size() + 1)) == kNoNode)
        problem(document_[mapping].span.begin, quoted(each.path.substr(path.size() + 1)) + " is missing in " + quoted(name) +
                                                   ", such as `" + std::string(each.example) + '`');
  }

  /// A key that is a value itself: a slug, a glob.
  void check_key(const Node& key, const std::string& path, const std::string& name) {
    const ConfigKey* mapping = find_config_key(path);
    if (mapping->type != ConfigType::mapping) return;
    if (const auto wrong = check_value(mapping->keys, key.value, ScalarStyle::double_quoted))
      problem(key.span.begin, quoted(key.value) + " in " + quoted(name) + ' ' + wrong->message);
  }

  void unknown_key(const Node& key, const std::string& here) {
    std::vector<std::string> known;
    for (const ConfigKey& each : config_keys())
      if (each.path.starts_with(here) && each.path.find_first_of(".[*", here.size()) == std::string_view::npos)
        known.emplace_back(each.path.substr(here.size()));
    const std::string name = quoted(key.value);
    const auto nearest = nearest_name(key.value, known);
    if (looks_like_credential(key.value))
      problem(key.span.begin, name + ": credentials are never in trueup.yaml; registries use docker's config (docker "
                                     "login), git its credential helpers, servers the environment of the run");
    else if (is_key_of_later(here + std::string(key.value)))
      problem(key.span.begin, name + " is not known to this version of trueup; known here are " + join(known, ", "));
    else if (nearest)
      problem(key.span.begin, "unknown key " + name + "; did you mean `" + *nearest + "`?");
    else
      problem(key.span.begin, "unknown key " + name + "; known here are " + join(known, ", "));
  }

  /// Follows an alias, as long as there are not too many: they multiply.
  NodeIndex followed(NodeIndex index) {
    const NodeIndex target = document_.resolved(index);
    if (target == index) return index;
    alias_visits_ += 1 + document_[target].child_count;
    if (alias_visits_ <= limits::kMaxAliasVisits) return target;
    if (!too_many_aliases_) problem(document_[index].span.begin, "aliases lead to more values than a config may have");
    too_many_aliases_ = true;
    return kNoNode;
  }

  void check_node(NodeIndex index, const ConfigKey& known, const std::string& name) {
    const NodeIndex target = followed(index);
    if (target == kNoNode) return;
    const Node& node = document_[target];
    const std::uint32_t at = document_[index].span.begin;
    const bool is_list = known.type == ConfigType::list || (known.type == ConfigType::texts && node.kind == NodeKind::sequence);
    const bool is_mapping = known.type == ConfigType::mapping;
    if (is_list || is_mapping) {
      // A key whose lines are all comments is empty, not wrong.
      if (is_null(node) && !known.path.ends_with(']')) return;
      if (is_list && node.kind != NodeKind::sequence) return wrong_form(at, known, name, "a list");
      if (is_mapping && node.kind != NodeKind::mapping) return wrong_form(at, known, name, "a mapping");
    }
    if (is_list) {
      const ConfigKey* element = find_config_key(std::string(known.path) + "[]");
      for (const NodeIndex each : document_.children(target)) check_node(each, *element, name);
    } else if (is_mapping || (known.type == ConfigType::rule && node.kind == NodeKind::mapping)) {
      check_keys(target, std::string(known.path), name);
    } else if (node.kind != NodeKind::scalar) {
      wrong_form(at, known, name, "one value");
    } else if (const auto wrong = check_value(known.type, node.value, node.style)) {
      const bool within = target == index && wrong->offset > 0;
      const std::uint32_t place = within ? document_.source_offset(index, wrong->offset) : at;
      problem(place, node.value.empty() ? quoted(name) + " is empty; an example is `" + std::string(known.example) + '`'
                                        : quoted(node.value) + " in " + quoted(name) + ' ' + wrong->message);
    }
  }

  void wrong_form(std::uint32_t at, const ConfigKey& known, const std::string& name, std::string_view form) {
    problem(at, quoted(name) + " is " + std::string(form) + ", such as `" + std::string(known.example) + '`');
  }

  /// What the table cannot say: values that contradict each other.
  void check_contradictions() {
    const NodeIndex root = document_.root();
    for (const NodeIndex value : document_.children(document_.child(root, "repositories"))) {
      if (!document_.is_mapping(value) || document_[value].key == kNoNode) continue;
      const Node& key = document_[document_[value].key];
      const NodeIndex path = document_.child(value, "path"), url = document_.child(value, "url");
      if (path != kNoNode && url != kNoNode)
        problem(document_[document_[url].key].span.begin, "a repository has `path:` or `url:`, not both");
      const bool nested = std::count(key.value.begin(), key.value.end(), '/') > 1;
      if (path == kNoNode && url == kNoNode && nested &&
          !check_value(ConfigType::slug, key.value, ScalarStyle::double_quoted))
        problem(key.span.begin,
                quoted(key.value) + " is no owner/name of github.com; say where it is with `url:` or `path:`");
    }
    std::set<std::string_view> planes;
    for (const char* list : {"argocd", "kubernetes"}) {
      for (const NodeIndex value : document_.children(document_.child(root, list))) {
        if (document_[value].key == kNoNode) continue;
        const Node& key = document_[document_[value].key];
        if (!planes.insert(key.value).second)
          problem(key.span.begin, quoted(key.value) + " is the name of two instances of ArgoCD; one is read in one way");
        if (document_.child(value, "url") != kNoNode && document_.child(value, "dump") != kNoNode)
          problem(document_[document_[document_.child(value, "dump")].key].span.begin, "an instance of ArgoCD has `url:` or `dump:`, not both");
        for (const NodeIndex home : document_.children(document_.child(value, "declared_in"))) {
          const std::string_view said = document_.text(home).value_or("");
          if (said.substr(0, said.find(':')).find('/') == said.npos)
            problem(document_[home].span.begin, quoted(said) + " is no owner/name, nor owner/name:folder");
        }
      }
    }
    for (const NodeIndex value : document_.children(document_.child(root, "forges"))) {
      if (document_[value].key == kNoNode) continue;
      const Node& key = document_[document_[value].key];
      if (document_.child(value, "kind") == kNoNode && forge_kind_of(key.value).empty())
        problem(key.span.begin, "what kind of forge " + quoted(key.value) + " is, its name does not tell; say `kind: github` or `kind: gitlab`");
    }
    for (const NodeIndex value : document_.children(document_.child(root, "streams"))) check_stream(root, value);
    for (const NodeIndex value : document_.children(document_.child(root, "deployments"))) {
      if (document_[value].key == kNoNode || !document_.is_mapping(value)) continue;
      if ((document_.child(value, "url") == kNoNode) == (document_.child(value, "dump") == kNoNode))
        problem(document_[document_[value].key].span.begin, "records of deployments have `url:` or `dump:`: one of both");
    }
    for (const NodeIndex group : document_.children(document_.at(root, {"promises", "chart", "lockstep"}))) {
      std::set<std::string_view> names;
      if (!document_.is_sequence(group)) continue;
      for (const NodeIndex each : document_.children(group)) {
        const auto chart = document_.text(each);
        if (chart && !names.insert(*chart).second)
          problem(document_[each].span.begin, "chart " + quoted(*chart) + " stands twice in a group");
      }
      if (document_.children(group).size() < 2)
        problem(document_[group].span.begin, "a group of charts that move together has at least two names");
    }
    const NodeIndex versions = document_.at(root, {"promises", "chart", "versions"});
    if (const auto text = document_.text(versions); text && !text->empty())
      if (const auto form = formats::VersionForm::parse(*text); !form) problem(document_[versions].span.begin, form.error().message);
  }

  void check_stream(NodeIndex root, NodeIndex value) {
    if (document_[value].key == kNoNode || !document_.is_mapping(value)) return;
    const Node& key = document_[document_[value].key];
    const NodeIndex project = document_.child(value, "project"), dump = document_.child(value, "dump");
    if ((project == kNoNode) == (dump == kNoNode))
      problem(key.span.begin, "a workspace has `project:`, the id that Atlas is asked for, or `dump:`: one of both");
    const std::string_view id = document_.text(project).value_or("");
    const bool hex = std::ranges::all_of(id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    if (project != kNoNode && (id.size() != 24 || !hex)) problem(document_[project].span.begin, quoted(id) + " is no id of a project: 24 hex digits");
    const NodeIndex repositories = document_.child(root, "repositories");
    if (document_.child(value, "repository") == kNoNode && document_.is_mapping(repositories) && document_[document_.resolved(repositories)].child_count > 1)
      problem(key.span.begin, "which repository holds the processors of " + quoted(key.value) + "? Say it with `repository:`");
  }

  const Document& document_;
  std::string_view file_;
  LineIndex lines_;
  std::map<std::string, LineColumn, std::less<>>& places_;
  std::vector<ConfigProblem>& problems_;
  std::uint32_t alias_visits_ = 0;
  bool too_many_aliases_ = false;
};

/// Takes the values out of a document that the checker found nothing wrong with.
class Taker {
 public:
  explicit Taker(const Document& document) : document_(document) {}

  void take(Config& config) const {
    const NodeIndex root = document_.root();
    config.slug = text(root, "slug");
    for (const NodeIndex value : document_.children(document_.child(root, "repositories")))
      config.repositories.push_back(repository(value));
    config.closed = ascii_lower(text(root, "closed")) == "true";
    config.registries = texts(document_.child(root, "registries"));
    for (const char* list : {"argocd", "kubernetes"})
      for (const NodeIndex value : document_.children(document_.child(root, list))) config.control_planes.push_back(control_plane(value, list));
    for (const NodeIndex value : document_.children(document_.child(root, "helm"))) config.helm.push_back({key_of(value), text(value, "index")});
    for (const NodeIndex value : document_.children(document_.child(root, "forges")))
      config.forges.push_back({key_of(value), text(value, "kind"), text(value, "url"), ascii_lower(text(value, "ask")) != "false", text(value, "dump")});
    for (const NodeIndex value : document_.children(document_.child(root, "streams")))
      config.streams.push_back({engine::read_stream_workspace(document_, value), text(value, "project"), text(value, "url"), text(value, "dump"),
                                ascii_lower(text(value, "complete")) == "true"});
    for (const NodeIndex value : document_.children(document_.child(root, "deployments")))
      config.deployments.push_back({key_of(value), text(value, "url"), text(value, "dump"), ascii_lower(text(value, "complete")) == "true"});
    config.chart = engine::read_chart_promises(document_, document_.at(root, {"promises", "chart"}));
    for (const NodeIndex value : document_.children(document_.child(root, "rules")))
      config.rules.push_back(rule(value));
    for (const NodeIndex value : document_.children(document_.child(root, "suppressions")))
      config.suppressions.push_back(suppression(document_.resolved(value)));
    for (const NodeIndex value : document_.children(document_.child(root, "kinds")))
      config.kinds.push_back({key_of(value), std::string(document_.text(value).value_or(""))});
    config.trains = engine::read_trains(document_, document_.child(root, "trains"));
    config.ring = engine::read_ring_promise(document_, document_.at(root, {"promises", "ring"}));
    config.ignore = texts(document_.child(root, "ignore"));
    config.nodes = texts(document_.child(root, "nodes"));
    config.rule_folders = texts(document_.child(root, "rule_folders"));
    config.gate_refs = text(root, "gate") == "refs";
  }

 private:
  std::string text(NodeIndex mapping, std::string_view key) const {
    return std::string(document_.text(document_.child(mapping, key)).value_or(""));
  }
  std::string key_of(NodeIndex value) const { return std::string(document_[document_[value].key].value); }
  std::vector<std::string> texts(NodeIndex list) const {
    std::vector<std::string> result;
    for (const NodeIndex each : document_.children(list)) result.emplace_back(document_.text(each).value_or(""));
    return result;
  }

  RepositoryConfig repository(NodeIndex value) const {
    RepositoryConfig result;
    result.slug = key_of(value);
    result.path = text(value, "path");
    result.url = text(value, "url");
    result.forge = text(value, "forge");
    result.branches = texts(document_.child(value, "branches"));
    result.tags = texts(document_.child(value, "tags"));
    result.default_branch = text(value, "default_branch");
    result.at = document_[document_[value].key].span;
    return result;
  }

  ControlPlaneConfig control_plane(NodeIndex value, std::string_view list) const {
    ControlPlaneConfig result;
    result.name = key_of(value);
    result.kubernetes = list == "kubernetes";
    result.url = text(value, "url");
    result.projects = texts(document_.child(value, "projects"));
    result.dump = text(value, "dump");
    result.complete = ascii_lower(text(value, "complete")) == "true";
    result.homes = texts(document_.child(value, "declared_in"));
    result.context = text(value, "context");
    result.only_namespace = text(value, "namespace");
    result.in_cluster = ascii_lower(text(value, "in_cluster")) == "true";
    return result;
  }

  RuleConfig rule(NodeIndex value) const {
    RuleConfig result;
    result.rule = key_of(value);
    result.at = document_[document_[value].key].span;
    if (const auto scalar = document_.text(value)) {
      result.severity = rules::parse_severity(*scalar);
      return result;
    }
    for (const NodeIndex each : document_.children(value)) {
      const std::string key = key_of(each), content(document_.text(each).value_or(""));
      if (key == "severity")
        result.severity = rules::parse_severity(content);
      else
        result.parameters.emplace(key, content);
    }
    return result;
  }

  SuppressionConfig suppression(NodeIndex value) const {
    SuppressionConfig result{text(value, "rule"),   text(value, "path"),  text(value, "repository"), text(value, "reason"),
                             text(value, "until"), text(value, "owner"), {},                        {}};
    for (const NodeIndex each : document_.children(document_.child(value, "key")))
      result.key.emplace_back(key_of(each), document_.text(each).value_or(""));
    result.at = document_[document_.resolved(document_.child(value, "rule"))].span;
    return result;
  }

  const Document& document_;
};

}  // namespace

ConfigResult parse_config(std::string_view file, std::string_view text) {
  ConfigResult result;
  if (text.size() > kMaxConfigBytes) {
    result.problems.push_back({std::string(file), 1, 1, "is over 1 MiB; a config is no larger"});
    return result;
  }
  const Document document = formats::parse_yaml(text);
  Config config;
  config.file = file;
  Checker(document, file, config.places, result.problems).check();
  if (!result.problems.empty()) return result;
  Taker(document).take(config);
  const LineIndex lines(text);
  const auto tell = [&](std::vector<engine::TrainProblem> problems) {
    for (engine::TrainProblem& problem : problems) {
      const LineColumn at = lines.locate(problem.at.begin);
      result.problems.push_back({std::string(file), at.line, at.column, std::move(problem.message)});
    }
  };
  tell(engine::problems_of(config.trains));
  if (config.ring) {
    tell(engine::problems_of(*config.ring));
    tell(engine::ring_value_problems(document, document.at(document.root(), {"promises", "ring"})));
  }
  if (!result.problems.empty()) return result;
  result.config = std::move(config);
  return result;
}

}  // namespace trueup::cli
