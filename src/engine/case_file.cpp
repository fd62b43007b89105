#include "engine/case_file.hpp"

#include <cstdlib>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "formats/document.hpp"
#include "formats/resource_list.hpp"
#include "formats/timestamp.hpp"
#include "formats/yaml.hpp"

namespace trueup::engine {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

/// Reads a cases file; faults become failures of the case in which they stand.
class CaseReader {
 public:
  explicit CaseReader(std::string_view text) : document_(formats::parse_yaml(text)), lines_(text) {}

  std::vector<ReadCase> read() {
    std::vector<ReadCase> cases;
    if (document_.problem() || !document_.is_sequence(document_.root())) {
      Case broken;
      if (document_.problem()) broken.line = lines_.locate(document_.problem()->at.begin).line;
      cases.push_back({broken, {document_.problem() ? document_.problem()->message : "a cases file is a list of cases"}});
      return cases;
    }
    for (const NodeIndex node : document_.children(document_.root())) {
      failures_.clear();
      Case read = read_case(node);
      cases.push_back({std::move(read), failures_});
    }
    return cases;
  }

 private:
  std::string text(NodeIndex node) const { return std::string(document_.text(node).value_or("")); }
  std::string_view key_of(NodeIndex value) const { return document_[document_[value].key].value; }
  std::uint32_t line_of(NodeIndex node) const { return lines_.locate(document_[node].span.begin).line; }
  void fail(NodeIndex node, std::string message) {
    failures_.push_back("line " + std::to_string(line_of(node)) + ": " + std::move(message));
  }

  Case read_case(NodeIndex node) {
    Case result;
    result.line = line_of(node);
    NodeIndex change = kNoNode;
    for (const NodeIndex value : document_.children(node)) {
      const std::string_view key = key_of(value);
      if (key == "case") result.name = text(value);
      else if (key == "default") result.default_branch = text(value);
      else if (key == "closed") result.closed = text(value) == "true";
      else if (key == "now") result.now = std::strtoll(text(value).c_str(), nullptr, 10);
      else if (key == "with") for (const NodeIndex name : document_.children(value)) result.with.push_back(text(name));
      else if (key == "promises") result.chart = read_chart_promises(document_, document_.child(value, "chart"));
      else if (key == "trains") result.trains = text(value);
      else if (key == "ring") result.ring = text(value);
      else if (key == "tags") read_tags(value, result);
      else if (key == "commits") read_commits(value, result);
      else if (key == "branches") read_branches(value, result);
      else if (key == "change") change = value;
      else if (key == "kinds") read_kinds(value, result);
      else if (key == "parameters") read_parameters(value, result);
      else if (key == "live") read_live(value, result);
      else if (key == "earlier") read_earlier(value, result);
      else if (key == "streams") for (const NodeIndex each : document_.children(value)) result.streams.push_back(read_stream_workspace(document_, each));
      else if (key == "findings") result.findings = read_expected(value);
      else if (key == "unknown") result.unknowns = read_expected(value);
      else if (key != "repositories") fail(value, "unknown key `" + std::string(key) + "` in a case");
    }
    read_repositories(document_.child(node, "repositories"), result);
    if (change != kNoNode) read_changes(change, result);
    if (result.name.empty()) fail(node, "a case has a name: `case: …`");
    return result;
  }

  void read_repositories(NodeIndex node, Case& result) {
    // Default branches first: a branch holds what differs from it.
    for (const bool branches : {false, true}) {
      for (const NodeIndex value : document_.children(node)) {
        const std::string name(key_of(value));
        const std::size_t at = name.find('@');
        if ((at != std::string::npos) != branches) continue;
        const std::string slug = name.substr(0, at);
        const std::string branch = branches ? name.substr(at + 1) : result.default_branch;
        MemorySource::Files& files = result.repositories[slug][branch];
        if (branches) files = result.repositories[slug][result.default_branch];
        lay_over(files, value);
      }
    }
  }

  /// {path: text} over the files of another branch or time; null takes a file away.
  void lay_over(MemorySource::Files& files, NodeIndex told) const {
    for (const NodeIndex file : document_.children(told)) {
      const auto bytes = document_.text(file);
      const bool removed = bytes && document_[file].style == formats::ScalarStyle::plain && (*bytes == "null" || *bytes == "~" || bytes->empty());
      if (removed) files.erase(std::string(key_of(file)));
      else files[std::string(key_of(file))] = std::string(bytes.value_or(""));
    }
  }

  /// {acme/app: {before: {path: text}, says: [message]}}: files that stood otherwise before the change at hand.
  void read_changes(NodeIndex node, Case& result) {
    for (const NodeIndex repository : document_.children(node)) {
      const std::string slug(key_of(repository));
      MemorySource::ToldChange& change = result.changes[slug];
      change.before = result.repositories[slug][result.default_branch];
      lay_over(change.before, document_.child(repository, "before"));
      for (const NodeIndex message : document_.children(document_.child(repository, "says"))) change.messages.push_back(text(message));
    }
  }

  /// A list of {id:, at:, on: [branches], touches: [paths], files: {path: text}}: each descends from those before it on the same branch.
  void read_commits(NodeIndex node, Case& result) {
    for (const NodeIndex repository : document_.children(node)) {
      for (const NodeIndex value : document_.children(repository)) {
        auto& commit = result.commits[std::string(key_of(repository))].emplace_back();
        commit.id = text(document_.child(value, "id"));
        commit.id.resize(40, '0');
        commit.committed_at = formats::parse_rfc3339(text(document_.child(value, "at"))).value_or(0);
        for (const NodeIndex branch : document_.children(document_.child(value, "on"))) commit.branches.push_back(text(branch));
        for (const NodeIndex path : document_.children(document_.child(value, "touches"))) commit.touches.push_back(text(path));
        for (const NodeIndex file : document_.children(document_.child(value, "files"))) commit.files[std::string(key_of(file))] = text(file);
      }
    }
  }

  void read_tags(NodeIndex node, Case& result) {
    for (const NodeIndex repository : document_.children(node)) {
      auto& tags = result.tags[std::string(key_of(repository))];
      for (const NodeIndex value : document_.children(repository)) {
        if (document_.text(value) && !document_.is_mapping(repository)) {
          tags.push_back({text(value), "", "", "", false});  // of a list: light ones
          continue;
        }
        tags.push_back({std::string(key_of(value)), text(document_.child(value, "message")), text(document_.child(value, "at")),
                        text(document_.child(value, "commit")), text(document_.child(value, "aside")) == "true"});
      }
    }
  }

  void read_branches(NodeIndex node, Case& result) {
    for (const NodeIndex repository : document_.children(node))
      for (const NodeIndex value : document_.children(repository)) {
        MemorySource::ToldBranch told;
        told.commit = text(document_.child(value, "commit"));
        told.committed_at = text(document_.child(value, "at"));
        told.behind_since = text(document_.child(value, "since"));
        told.behind = std::strtoll(text(document_.child(value, "behind")).c_str(), nullptr, 10);
        told.base = text(document_.child(value, "base"));
        told.known = text(document_.child(value, "shallow")) != "true";
        result.branches[std::string(key_of(repository))].emplace(key_of(value), std::move(told));
      }
  }

  /// A list of {watched:, workspace:, name:, dlq_messages:}.
  void read_earlier(NodeIndex node, Case& result) {
    for (const NodeIndex value : document_.children(node))
      result.earlier.push_back({text(document_.child(value, "watched")), text(document_.child(value, "workspace")), text(document_.child(value, "name")),
                                std::strtoll(text(document_.child(value, "dlq_messages")).c_str(), nullptr, 10), "2025-12-31T00:00:00Z"});
  }

  void read_kinds(NodeIndex node, Case& result) {
    for (const NodeIndex value : document_.children(node)) result.kinds.kinds.push_back({std::string(key_of(value)), text(value)});
  }

  void read_parameters(NodeIndex node, Case& result) {
    for (const NodeIndex value : document_.children(node)) result.parameters.emplace(key_of(value), text(value));
  }

  void read_live(NodeIndex node, Case& result) {
    result.replay = text(document_.child(node, "replay"));
    for (const NodeIndex value : document_.children(document_.child(node, "forge"))) {
      const std::string slug(key_of(value));
      result.forge.emplace(slug, read_case_forge(document_, value, slug, result.default_branch,
                                                 [this](NodeIndex at, std::string message) { fail(at, std::move(message)); }));
    }
    for (const NodeIndex value : document_.children(document_.child(node, "streams")))
      result.workspaces.emplace(key_of(value), read_case_workspace(document_, value));
    for (const NodeIndex value : document_.children(document_.child(node, "deployments"))) {
      const bool more = document_.is_mapping(value);
      result.deployments.emplace(key_of(value), Case::Deployments{text(more ? document_.child(value, "records") : value), more ? text(document_.child(value, "unknown")) : "",
                                                                  more && text(document_.child(value, "incomplete")) == "true"});
    }
    for (const NodeIndex value : document_.children(document_.child(node, "argocd"))) {
      CaseRegistry::ControlPlane& plane = result.control_planes[std::string(key_of(value))];
      plane.unreachable = text(document_.child(value, "unknown"));
      for (const NodeIndex home : document_.children(document_.child(value, "declared_in"))) plane.homes.push_back(text(home));
      if (text(document_.child(value, "complete")) == "true") result.whole_planes.insert(std::string(key_of(value)));
      for (const NodeIndex name : document_.children(document_.child(value, "forbidden"))) plane.forbidden.insert(text(name));
      const auto read_objects = [&](NodeIndex written, std::string& objects) {
        const auto list = formats::split_resources(text(written));
        if (!list) return fail(written, list.error().message);
        for (const formats::ResourceObject& object : list->items) objects += (objects.empty() ? "" : ",") + object.text;
      };
      if (const NodeIndex written = document_.child(value, "applications"); written != kNoNode) read_objects(written, plane.applications);
      for (const auto& [key, name] : {std::pair{"application_sets", "applicationsets"}, std::pair{"projects", "projects"}, std::pair{"repositories", "repositories"}})
        if (const NodeIndex written = document_.child(value, key); written != kNoNode) read_objects(written, plane.others[name]);
    }
    for (const NodeIndex value : document_.children(document_.child(node, "packages"))) result.packages.emplace(key_of(value), read_package(value));
    for (const NodeIndex value : document_.children(document_.child(node, "helm"))) {
      auto& charts = result.helm[std::string(key_of(value))];
      for (const NodeIndex chart : document_.children(value)) {
        if (key_of(chart) == "unknown") charts[""] = {text(chart)};
        else for (const NodeIndex version : document_.children(chart)) charts[std::string(key_of(chart))].push_back(text(version));
      }
    }
    for (const NodeIndex value : document_.children(document_.child(node, "registry"))) {
      const std::string repository(key_of(value));
      if (document_.is_mapping(value)) {
        result.silent_registry[repository] = text(document_.child(value, "unknown"));
        continue;
      }
      auto& tags = result.registry[repository];
      for (const NodeIndex tag : document_.children(value)) {
        if (!document_.is_mapping(tag)) {
          tags.insert(text(tag));
          continue;
        }
        const std::string name = text(document_.child(tag, "tag"));
        tags.insert(name);
        result.charts[{repository, name}] = read_chart(tag);
      }
    }
  }

  /// {tag:, platforms: [linux/amd64]} of an image, or of a chart {tag:, name:, version:, dependencies: [{name:, version:, alias:}], files: {path: text, or {bytes: N}}}
  CaseRegistry::Chart read_chart(NodeIndex node) {
    CaseRegistry::Chart chart{text(document_.child(node, "name")), text(document_.child(node, "version")), "", {}, {}};
    for (const NodeIndex platform : document_.children(document_.child(node, "platforms"))) chart.platforms.push_back(text(platform));
    for (const NodeIndex dependency : document_.children(document_.child(node, "dependencies"))) {
      std::string object;
      for (const NodeIndex field : document_.children(dependency))
        object += (object.empty() ? "{\"" : ",\"") + std::string(key_of(field)) + "\":\"" + text(field) + '"';
      chart.dependencies += (chart.dependencies.empty() ? "[" : ",") + object + "}";
    }
    if (!chart.dependencies.empty()) chart.dependencies += "]";
    for (const NodeIndex file : document_.children(document_.child(node, "files"))) {
      const auto bytes = std::strtoul(text(document_.child(file, "bytes")).c_str(), nullptr, 10);
      chart.files.emplace_back(key_of(file), document_.is_mapping(file) ? std::string(bytes, 'x') : text(file));
    }
    return chart;
  }

  /// A list of versions, or {versions:, latest:}, or {unknown: why}; a version may be {version:, commit:, at:, withdrawn:}, its commit
  /// that of a tag (refs/tags/1.0.0), or the name of one that tags have too.
  CaseRegistry::Package read_package(NodeIndex node) const {
    CaseRegistry::Package package;
    package.unreachable = text(document_.child(node, "unknown"));
    package.latest = text(document_.child(node, "latest"));
    for (const NodeIndex value : document_.children(document_.is_sequence(node) ? node : document_.child(node, "versions"))) {
      auto& version = package.versions.emplace_back();
      if (!document_.is_mapping(value)) {
        version.version = text(value);
        continue;
      }
      version.version = text(document_.child(value, "version"));
      version.released_at = text(document_.child(value, "at"));
      version.withdrawn = text(document_.child(value, "withdrawn")) == "true";
      if (const std::string commit = text(document_.child(value, "commit")); !commit.empty())
        version.commit = sha256_hex(commit.starts_with("refs/tags/") ? commit : "commit " + commit).substr(0, 40);  // as MemorySource calls it
    }
    return package;
  }

  ExpectedPlace read_place(NodeIndex node) {
    ExpectedPlace place;
    if (document_.text(node)) {
      place.text = text(node);
      place.live = place.text == "live";
      return place;
    }
    for (const NodeIndex value : document_.children(node)) {
      const std::string_view key = key_of(value);
      if (key == "repository") place.repository = text(value);
      else if (key == "path") place.path = text(value);
      else if (key == "text") place.text = text(value);
      else if (key == "in") place.pointer = text(value);
      else if (key == "nth") place.nth = static_cast<std::size_t>(std::strtoul(text(value).c_str(), nullptr, 10));
      else fail(value, "unknown key `" + std::string(key) + "` in a place");
    }
    return place;
  }

  std::vector<Expected> read_expected(NodeIndex node) {
    std::vector<Expected> list;
    for (const NodeIndex element : document_.children(node)) {
      Expected expected;
      expected.line = line_of(element);
      for (const NodeIndex value : document_.children(element)) {
        const std::string_view key = key_of(value);
        if (key == "at") expected.at = read_place(value);
        else if (key == "severity") expected.severity = text(value);
        else if (key == "message") expected.message = text(value);
        else if (key == "because") expected.because = text(value);
        else if (key == "fixed") expected.fixed = text(value);
        else expected.places.emplace_back(std::string(key), read_place(value));
      }
      list.push_back(std::move(expected));
    }
    return list;
  }

  Document document_;
  LineIndex lines_;
  std::vector<std::string> failures_;
};

}  // namespace

std::vector<ReadCase> read_cases(std::string_view text) { return CaseReader(text).read(); }

}  // namespace trueup::engine
