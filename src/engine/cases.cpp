#include "engine/cases.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "engine/case_forge.hpp"
#include "engine/case_registry.hpp"
#include "engine/run.hpp"
#include "formats/resource_list.hpp"
#include "formats/timestamp.hpp"
#include "formats/yaml.hpp"
#include "git/compare.hpp"
#include "live/argocd.hpp"
#include "live/record.hpp"

namespace trueup::engine {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

/// The file that the trains of a case stand in.
constexpr std::string_view kCaseConfig = "trueup.yaml";

/// A place that a case names by its text.
struct ExpectedPlace {
  std::string repository, path, text, pointer;
  std::size_t nth = 0;  ///< from 1; 0: the text stands once, or the first in `pointer` is meant
  bool live = false;  ///< a reading: only its being there counts
};

struct Expected {
  std::uint32_t line = 1;
  ExpectedPlace at;
  std::vector<std::pair<std::string, ExpectedPlace>> places;  ///< column -> place
  std::string severity, message, because;
  std::optional<std::string> fixed;  ///< stands in the lines that the fix of it changes; empty: the fix takes lines away
};

/// A case as it is written.
struct Case {
  std::string name;
  std::uint32_t line = 1;
  std::string default_branch = "main";
  std::vector<std::string> with;  ///< built-in rules that judge beside it; what they find is not compared
  bool closed = false;
  std::map<std::string, std::map<std::string, MemorySource::Files>> repositories;  ///< slug -> branch -> files
  std::map<std::string, std::set<std::string>> registry;
  std::map<std::pair<std::string, std::string>, std::pair<std::string, std::string>> misplaced;
  std::map<std::string, std::string> silent_registry;
  std::map<std::string, std::map<std::string, std::vector<std::string>>> helm;
  std::map<std::string, CaseRegistry::ControlPlane> control_planes;
  std::map<std::string, CaseForgeRepository> forge;  ///< by slug
  std::set<std::string> whole_planes;  ///< whose list leaves nothing out
  std::string replay;
  ChartPromises chart;
  std::map<std::string, std::vector<MemorySource::ToldCommit>> commits;  ///< slug -> oldest first
  std::string trains;  ///< what stands below `trains:` of a config, whose places are those of trueup.yaml
  std::string ring;    ///< the same of `promises: ring:`; a case has one of both
  std::map<std::string, std::vector<MemorySource::ToldTag>> tags;  ///< slug -> oldest first
  std::map<std::string, std::map<std::string, MemorySource::ToldBranch>> branches;  ///< slug -> branch -> what git would say
  facts::KindConfig kinds;
  rules::ParameterValues parameters;
  std::int64_t now = 1'767'225'600;  // 2026-01-01
  std::vector<Expected> findings, unknowns;

  const std::string& config() const { return ring.empty() ? trains : ring; }
};

/// Reads a cases file; faults become failures of the case in which they stand.
class CaseReader {
 public:
  explicit CaseReader(std::string_view text) : document_(formats::parse_yaml(text)), lines_(text) {}

  std::vector<std::pair<Case, std::vector<std::string>>> read() {
    std::vector<std::pair<Case, std::vector<std::string>>> cases;
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
      else if (key == "kinds") read_kinds(value, result);
      else if (key == "parameters") read_parameters(value, result);
      else if (key == "live") read_live(value, result);
      else if (key == "findings") result.findings = read_expected(value);
      else if (key == "unknown") result.unknowns = read_expected(value);
      else if (key != "repositories") fail(value, "unknown key `" + std::string(key) + "` in a case");
    }
    read_repositories(document_.child(node, "repositories"), result);
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
        for (const NodeIndex file : document_.children(value)) {
          const auto bytes = document_.text(file);
          const bool removed = bytes && document_[file].style == formats::ScalarStyle::plain && (*bytes == "null" || *bytes == "~" || bytes->empty());
          if (removed)
            files.erase(std::string(key_of(file)));
          else
            files[std::string(key_of(file))] = std::string(bytes.value_or(""));
        }
      }
    }
  }

  /// A list of {id:, at:, on: [branches]}: each descends from those before it on the same branch.
  void read_commits(NodeIndex node, Case& result) {
    for (const NodeIndex repository : document_.children(node)) {
      for (const NodeIndex value : document_.children(repository)) {
        auto& commit = result.commits[std::string(key_of(repository))].emplace_back();
        commit.id = text(document_.child(value, "id"));
        commit.id.resize(40, '0');
        commit.committed_at = formats::parse_rfc3339(text(document_.child(value, "at"))).value_or(0);
        for (const NodeIndex branch : document_.children(document_.child(value, "on"))) commit.branches.push_back(text(branch));
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
    for (const NodeIndex value : document_.children(document_.child(node, "argocd"))) {
      CaseRegistry::ControlPlane& plane = result.control_planes[std::string(key_of(value))];
      plane.unreachable = text(document_.child(value, "unknown"));
      if (text(document_.child(value, "complete")) == "true") result.whole_planes.insert(std::string(key_of(value)));
      for (const NodeIndex name : document_.children(document_.child(value, "forbidden"))) plane.forbidden.insert(text(name));
      const NodeIndex applications = document_.child(value, "applications");
      if (applications == kNoNode) continue;
      const auto list = formats::split_resources(text(applications));
      if (!list) {
        fail(applications, list.error().message);
        continue;
      }
      for (const formats::ResourceObject& object : list->items)
        plane.applications += (plane.applications.empty() ? "" : ",") + object.text;
    }
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
        // {tag:, name:, version:}: another chart than the place says.
        const std::string name = text(document_.child(tag, "tag"));
        tags.insert(name);
        result.misplaced[{repository, name}] = {text(document_.child(tag, "name")), text(document_.child(tag, "version"))};
      }
    }
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

/// The token of every instance of ArgoCD that a case has.
class CaseToken final : public live::CredentialSource {
 public:
  std::optional<live::Credential> find(const live::HostPort&) override {
    return live::Credential{live::CredentialKind::bearer_token, "", live::Secret("case"), "the case"};
  }
  std::vector<live::CredentialNote> explain(const live::HostPort&) override { return {}; }
};

/// An instance of ArgoCD that is said to have shown everything, as a Kubernetes API does.
class WholePlane final : public live::ControlPlane {
 public:
  explicit WholePlane(std::unique_ptr<live::ControlPlane> plane) : plane_(std::move(plane)) {}
  const std::string& name() const override { return plane_->name(); }
  const std::string& source() const override { return plane_->source(); }
  std::string host() const override { return plane_->host(); }
  live::ResourceListReading list(live::ResourceKind kind) override {
    live::ResourceListReading reading = plane_->list(kind);
    reading.complete = reading.state == live::ReadingState::present;
    return reading;
  }
  std::vector<live::ApplicationReading> find(std::span<const live::ApplicationQuestion> wanted) override { return plane_->find(wanted); }

 private:
  std::unique_ptr<live::ControlPlane> plane_;
};

/// What differs between the case as written and a run that is derived from it.
struct Variation {
  Withheld withheld;
  std::set<std::string> unread_repositories, silent_readings;
  std::set<std::string> silent_forges;  ///< slugs
  std::set<std::pair<std::string, live::ForgeListKind>> silent_lists, incomplete_lists;
  bool copy_branch = false, copies_in_quiet_folders = false;
};

class CaseRunner {
 public:
  CaseRunner(const rules::Rule& rule, std::span<const rules::PackViews> views, const std::string& folder)
      : rule_(rule), views_(views), folder_(folder) {}

  Result<Report> run(const Case& wanted, const Variation& variation) {
    return loaded(wanted, variation, [&](Run& run) -> Result<Report> {
      auto report = run.judge();
      if (!report) return report;
      const auto of_others = [&](const rules::Finding& finding) { return finding.rule_id != rule_.id; };
      std::erase_if(report->findings, of_others);
      std::erase_if(report->unknowns, of_others);
      return report;
    });
  }

  /// What `trueup fix --unsafe` makes of this rule's findings, or of one of them.
  Result<FixReport> fix(const Case& wanted, const std::string& fingerprint = {}) {
    return loaded(wanted, {}, [&](Run& run) {
      return run.fix({[&](const rules::Finding& finding) {
                        return finding.rule_id == rule_.id && (fingerprint.empty() || finding.fingerprint == fingerprint);
                      },
                      true});
    });
  }

 private:
  /// Calls `use` with a run that has read the case.
  template <typename Use>
  auto loaded(const Case& wanted, const Variation& variation, Use use) -> decltype(use(std::declval<Run&>())) {
    facts::KindConfig kind_config = wanted.kinds;
    for (const std::string_view glob : rule_.nodes) kind_config.nodes.emplace_back(glob);
    const formats::Document promised = formats::parse_yaml(wanted.trains);
    const std::vector<Train> trains = read_trains(promised, promised.root());
    if (const auto problems = problems_of(trains); promised.problem() || !problems.empty())
      return Error{Fault::malformed, "trains: " + (promised.problem() ? promised.problem()->message : problems.front().message)};
    kind_config.carriers = carrier_places(trains);
    for (const Train& train : trains)
      if (!train.changelog.empty()) kind_config.kinds.push_back({train.changelog, "changelog"});
    const formats::Document promised_ring = formats::parse_yaml(wanted.ring);
    const std::optional<RingPromise> ring = wanted.ring.empty() ? std::nullopt : read_ring_promise(promised_ring, promised_ring.root());
    if (!wanted.ring.empty() && (promised_ring.problem() || !ring || !problems_of(*ring).empty()))
      return Error{Fault::malformed, "ring: " + (promised_ring.problem() ? promised_ring.problem()->message : !ring ? "is a mapping" : problems_of(*ring).front().message)};
    if (ring && !cohort_glob(*ring).empty()) kind_config.kinds.push_back({cohort_glob(*ring), "cohort"});
    auto kinds = facts::KindRules::compile(kind_config);
    if (!kinds) return std::move(kinds).error();

    CaseRegistry registry;
    registry.repositories = wanted.registry;
    registry.misplaced = wanted.misplaced;
    registry.helm = wanted.helm;
    for (auto& [url, charts] : registry.helm)
      if (variation.silent_readings.contains(url)) charts = {{"", {"withheld"}}};
    registry.unreachable = wanted.silent_registry;
    registry.control_planes = wanted.control_planes;
    for (auto& [name, plane] : registry.control_planes)
      if (variation.silent_readings.contains(name)) plane.unreachable = "withheld";
    for (const std::string& repository : variation.silent_readings) registry.unreachable[repository] = "withheld";
    std::unique_ptr<live::Replay> replay;
    live::NoCredentials no_credentials;
    live::HostPolicy hosts;
    live::HttpClient* http = &registry;
    live::CredentialSource* credentials = &no_credentials;
    if (!wanted.replay.empty()) {
      auto opened = live::Replay::open(folder_ + "/" + wanted.replay);
      if (!opened) return std::move(opened).error();
      replay = std::move(*opened);
      http = replay.get();
      credentials = &replay->credentials();
    }
    live::OciRegistry oci(*http, *credentials, hosts);
    live::HelmRepositories helm(*http, *credentials);
    CaseToken token;
    std::vector<std::unique_ptr<live::ControlPlane>> planes;
    for (const auto& [name, plane] : wanted.control_planes)
      planes.push_back(live::make_argocd_api({name, CaseRegistry::control_plane_url(name), {}}, registry, token));
    for (auto& plane : planes)
      if (wanted.whole_planes.contains(std::string(plane->name()))) plane = std::make_unique<WholePlane>(std::move(plane));

    const std::map<std::string, CaseForgeRepository> forge = varied(wanted.forge, variation);
    CaseForge github(live::ForgeKind::github, forge), gitlab(live::ForgeKind::gitlab, forge);

    Request request;
    request.kinds = *kinds;
    request.rules.push_back({&rule_, std::nullopt, wanted.parameters});
    for (const std::string& name : wanted.with) {
      const auto builtin = rules::builtin_rules();
      const auto other = std::find_if(builtin.begin(), builtin.end(), [&](const rules::Rule& each) { return each.id == name; });
      if (other == builtin.end()) return Error{Fault::not_found, "with: no built-in rule is called " + name};
      request.rules.push_back({&*other, std::nullopt, {}});
    }
    request.views.assign(views_.begin(), views_.end());
    request.narrow_sight = true;
    request.closed = wanted.closed;
    request.now = wanted.now;
    request.chart = wanted.chart;
    request.trains = trains;
    request.ring = ring;
    request.config = {"", std::string(kCaseConfig), wanted.config()};
    request.live.registry = &oci;
    request.live.helm = &helm;
    for (const auto& plane : planes) request.live.control_planes.push_back(plane.get());
    if (!forge.empty()) request.live.forges = {&github, &gitlab};
    request.withheld = variation.withheld;
    for (const auto& [slug, branches] : wanted.repositories) {
      FleetRepository repository;
      repository.slug = slug;
      if (!forge.empty()) {
        const auto said = forge.find(slug);
        repository.forge = {CaseForge::host_of(said == forge.end() ? live::ForgeKind::github : said->second.kind), slug};
      }
      if (variation.unread_repositories.contains(slug)) {
        repository.because = "withheld";
      } else {
        const auto source = std::make_shared<MemorySource>(wanted.default_branch, varied(branches, wanted, variation), *kinds);
        if (const auto told = wanted.tags.find(slug); told != wanted.tags.end()) source->tell_tags(told->second);
        if (const auto told = wanted.commits.find(slug); told != wanted.commits.end()) source->tell_commits(told->second);
        if (const auto told = wanted.branches.find(slug); told != wanted.branches.end()) source->tell_branches(told->second);
        repository.source = source;
        auto present = repository.source->present();
        if (!present) return std::move(present).error();
        repository.asked.push_back({*present, std::nullopt, true});
        for (const Point& ref : repository.source->refs())
          if (ref.kind == PointKind::tag) repository.asked.push_back({ref, std::nullopt, false});
      }
      request.repositories.push_back(std::move(repository));
    }
    Run run(std::move(request));
    if (auto errors = run.prepare(); !errors.empty())
      return Error{Fault::malformed, errors.front().file + ": " + errors.front().fault.message};
    if (auto loaded = run.load(); !loaded) return std::move(loaded).error();
    return use(run);
  }

  static std::map<std::string, CaseForgeRepository> varied(std::map<std::string, CaseForgeRepository> forge, const Variation& variation) {
    for (const std::string& slug : variation.silent_forges) forge[slug].unreachable = "withheld";
    for (const auto& [slug, kind] : variation.silent_lists) forge[slug].unknown[kind] = "withheld";
    for (const auto& [slug, kind] : variation.incomplete_lists) forge[slug].incomplete[kind] = "withheld";
    return forge;
  }

  static std::map<std::string, MemorySource::Files> varied(std::map<std::string, MemorySource::Files> branches,
                                                           const Case& wanted, const Variation& variation) {
    if (variation.copy_branch) branches.emplace("copy", branches[wanted.default_branch]);
    if (variation.copies_in_quiet_folders) {
      for (auto& [branch, files] : branches) {
        const MemorySource::Files real = files;
        for (const auto& [path, bytes] : real)
          for (const char* quiet : {"docs/", "testdata/", "examples/nested/"}) files.emplace(quiet + path, bytes);
      }
    }
    return branches;
  }

  const rules::Rule& rule_;
  std::span<const rules::PackViews> views_;
  std::string folder_;
};

std::string describe(const rules::FilePlace& place) {
  return place.repository + " " + place.path + ":" + std::to_string(place.begin.line) + ":" + std::to_string(place.begin.column);
}

/// The bytes that an expected place means, or why it means none.
Result<std::pair<rules::FilePlace, bool>> locate(const Case& wanted, const ExpectedPlace& place) {
  rules::FilePlace found;
  std::size_t candidates = 0;
  auto repositories = wanted.repositories;
  if (place.path == kCaseConfig && !wanted.config().empty()) repositories[""][wanted.default_branch][std::string(kCaseConfig)] = wanted.config();
  // A place at a tag is told by repository: acme/app@refs/tags/1.2.0.
  const std::size_t tag = place.repository.find('@');
  const std::string wanted_slug = place.repository.substr(0, tag);
  const std::string branch = tag == std::string::npos ? wanted.default_branch : place.repository.substr(tag + 1);
  for (const auto& [slug, branches] : repositories) {
    if (!wanted_slug.empty() && slug != wanted_slug) continue;
    if (!branches.contains(branch)) continue;
    for (const auto& [path, bytes] : branches.at(branch)) {
      if (!place.path.empty() && path != place.path) continue;
      ByteRange within{0, static_cast<std::uint32_t>(bytes.size())};
      if (!place.pointer.empty()) {
        const Document document = path.ends_with(".json") ? Document() : formats::parse_yaml(bytes);
        bool matched = false;
        // A key has the pointer of its value and stands before it.
        for (NodeIndex node = 0; node < document.size(); ++node) {
          if (document.pointer(node) != place.pointer) continue;
          within = document[node].span;
          matched = true;
        }
        if (!matched) continue;
      }
      std::size_t seen = 0;
      for (std::size_t at = within.begin; (at = bytes.find(place.text, at)) != std::string::npos && at + place.text.size() <= within.end;
           at += std::max<std::size_t>(place.text.size(), 1)) {
        ++seen;
        if (place.nth == 0 ? place.pointer.empty() || seen == 1 : place.nth == seen) {
          ++candidates;
          found.repository = slug;
          found.path = path;
          found.bytes = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + place.text.size())};
        }
      }
    }
  }
  if (candidates == 0) return Error{Fault::not_found, "the text `" + place.text + "` is not in the case"};
  if (candidates > 1) return Error{Fault::malformed, "the text `" + place.text + "` stands more than once: say path, nth or in"};
  return std::pair(found, true);
}

bool same_place(const rules::FilePlace& a, const rules::FilePlace& b) {
  return a.repository == b.repository && a.path == b.path && a.bytes == b.bytes;
}

/// Whether a finding is the expected one; else why not.
std::string mismatch(const Case& wanted, const Expected& expected, const rules::Finding& finding) {
  const auto at = locate(wanted, expected.at);
  if (!at) return at.error().message;
  if (!same_place(at->first, finding.at)) return "stands at " + describe(finding.at);
  if (!expected.severity.empty() && expected.severity != to_string(finding.severity))
    return "is of severity " + std::string(to_string(finding.severity));
  if (!expected.message.empty() && finding.message.find(expected.message) == std::string::npos) return "says: " + finding.message;
  if (!expected.because.empty() && finding.because.find(expected.because) == std::string::npos) return "is unknown because: " + finding.because;
  for (const auto& [column, place] : expected.places) {
    const auto related = std::find_if(finding.related.begin(), finding.related.end(), [&](const rules::RelatedPlace& r) {
      return r.column == column || r.column == column + "_place";
    });
    if (related == finding.related.end()) return "has no place " + column;
    if (place.live) {
      if (!std::holds_alternative<rules::LivePlace>(related->place)) return column + " is no reading";
      continue;
    }
    const auto where = locate(wanted, place);
    if (!where) return where.error().message;
    const auto* file = std::get_if<rules::FilePlace>(&related->place);
    if (file == nullptr || !same_place(where->first, *file)) return column + " stands at " + (file == nullptr ? "a reading" : describe(*file));
  }
  return "";
}

void compare(const Case& wanted, std::string_view what, const std::vector<Expected>& expected,
             const std::vector<rules::Finding>& given, std::vector<std::string>& failures) {
  std::vector<bool> taken(given.size(), false);
  for (const Expected& one : expected) {
    std::string last = "there is none";
    bool matched = false;
    for (std::size_t i = 0; i < given.size() && !matched; ++i) {
      if (taken[i]) continue;
      last = mismatch(wanted, one, given[i]);
      if (last.empty()) matched = taken[i] = true;
    }
    if (!matched) failures.push_back("line " + std::to_string(one.line) + ": expected a " + std::string(what) + " at `" + one.at.text + "`: " + last);
  }
  for (std::size_t i = 0; i < given.size(); ++i)
    if (!taken[i])
      failures.push_back("unexpected " + std::string(what) + ": " + describe(given[i].at) + ": " + given[i].message +
                         (given[i].because.empty() ? "" : " (" + given[i].because + ")"));
}

/// What must not grow when knowledge is taken away: rule, path and key of what is violated.
std::set<std::string> violated(const Report& report) {
  std::set<std::string> set;
  for (const rules::Finding& finding : report.findings) {
    std::string text = finding.rule_id + " in " + finding.at.repository + " " + finding.at.path + ":";
    for (const auto& [column, value] : finding.key) text += " " + value;
    set.insert(text);
  }
  return set;
}

/// The lines that a fix wrote.
std::string changed_lines(const FixReport& report) {
  std::string lines;
  for (const FixedFile& file : report.files)
    for (const ByteRange& range : git::changed_ranges(file.before, file.after)) lines += slice(file.after, range);
  return lines;
}

/// Holds each `fixed:` against what the fix of that finding alone writes, which must be proven.
void check_fixed(CaseRunner& runner, const Case& wanted, const Report& report, CaseResult& result) {
  for (const Expected& expected : wanted.findings) {
    if (!expected.fixed) continue;
    const auto finding = std::find_if(report.findings.begin(), report.findings.end(),
                                      [&](const rules::Finding& each) { return mismatch(wanted, expected, each).empty(); });
    if (finding == report.findings.end()) continue;
    const auto fail = [&](const std::string& message) { result.failures.push_back("line " + std::to_string(expected.line) + ": " + message); };
    const auto fixed = runner.fix(wanted, finding->fingerprint);
    if (!fixed) {
      fail(fixed.error().message);
    } else if (fixed->outcomes.empty()) {
      fail("the finding has no fix");
    } else if (const FixOutcome& outcome = fixed->outcomes.front(); outcome.state != FixState::proven) {
      fail("the fix is " + std::string(to_string(outcome.state)) + ": " + outcome.because);
    } else if (const std::string lines = changed_lines(*fixed); expected.fixed->empty() ? !lines.empty() : lines.find(*expected.fixed) == lines.npos) {
      fail("the fix writes:\n" + lines);
    }
  }
}

/// After `trueup fix --unsafe` there is nothing left that it would do: every fix ends what it is for.
void check_fixed_point(CaseRunner& runner, const Case& wanted, CaseResult& result) {
  ++result.derived;
  const auto fixed = runner.fix(wanted);
  if (!fixed) {
    result.failures.push_back("fixing: " + fixed.error().message);
    return;
  }
  if (fixed->files.empty()) return;
  Case after = wanted;
  for (const FixedFile& file : fixed->files) after.repositories[file.repository][wanted.default_branch][file.path] = file.after;
  const auto again = runner.fix(after);
  if (!again) {
    result.failures.push_back("fixing what was fixed: " + again.error().message);
    return;
  }
  for (const FixOutcome& outcome : again->outcomes)
    if (outcome.state == FixState::proven) result.failures.push_back("a fix is left after fixing: " + outcome.finding.message);
  for (const FixOutcome& outcome : fixed->outcomes)
    if (outcome.state == FixState::proven)
      for (const FixOutcome& still : again->outcomes)
        if (still.finding.fingerprint == outcome.finding.fingerprint) result.failures.push_back("its proven fix does not end: " + outcome.finding.message);
}

void derive(CaseRunner& runner, const Case& wanted, const Report& whole, CaseResult& result) {
  const auto check = [&](const std::string& what, const Variation& variation, bool same) {
    ++result.derived;
    const auto report = runner.run(wanted, variation);
    if (!report) {
      result.failures.push_back(what + ": " + report.error().message);
      return;
    }
    const std::set<std::string> before = violated(whole), after = violated(*report);
    for (const std::string& finding : after)
      if (!before.contains(finding)) result.failures.push_back(what + " adds a finding: " + finding);
    if (!same) return;
    for (const std::string& finding : before)
      if (!after.contains(finding)) result.failures.push_back(what + " loses a finding: " + finding);
    if (report->findings.size() != whole.findings.size() || report->unknowns.size() != whole.unknowns.size())
      result.failures.push_back(what + " changes the number of findings or unknowns");
  };
  for (const auto& [name, plane] : wanted.control_planes) {
    Variation variation;
    variation.silent_readings.insert(name);
    check("the reading of ArgoCD " + name + " turned unknown", variation, false);
  }
  for (const auto& [slug, repository] : wanted.forge) {
    Variation silent;
    silent.silent_forges.insert(slug);
    check("the forge silent on " + slug, silent, false);
    for (const live::ForgeListKind kind : repository.written) {
      Variation unknown, incomplete;
      unknown.silent_lists.insert({slug, kind});
      check(std::string(to_string(kind)) + " list of " + slug + " turned unknown", unknown, false);
      incomplete.incomplete_lists.insert({slug, kind});
      check(std::string(to_string(kind)) + " list of " + slug + " incomplete", incomplete, false);
    }
  }
  for (const auto& [slug, tags] : wanted.tags) {
    for (const MemorySource::ToldTag& tag : tags) {
      Variation variation;
      variation.withheld.heads.insert({slug, "refs/tags/" + tag.name});
      variation.withheld.heads_incomplete = true;
      check("tag " + tag.name + " of " + slug + " left out", variation, false);
    }
  }
  for (const auto& [url, charts] : wanted.helm) {
    Variation variation;
    variation.silent_readings.insert(url);
    check("the reading of " + url + " turned unknown", variation, false);
  }
  for (const auto& [repository, tags] : wanted.registry) {
    Variation variation;
    variation.silent_readings.insert(repository);
    check("the reading of " + repository + " turned unknown", variation, false);
  }
  for (const auto& [slug, branches] : wanted.repositories) {
    if (wanted.repositories.size() > 1) {
      Variation variation;
      variation.unread_repositories.insert(slug);
      check("repository " + slug + " unread", variation, false);
    }
    for (const auto& [branch, files] : branches) {
      if (branch == wanted.default_branch) continue;
      Variation variation;
      variation.withheld.heads.insert({slug, branch});
      variation.withheld.heads_incomplete = true;
      check("branch " + branch + " of " + slug + " left out", variation, false);
    }
    std::set<std::string> paths;
    for (const auto& [branch, files] : branches)
      for (const auto& [path, bytes] : files) paths.insert(path);
    for (const std::string& path : paths) {
      Variation variation;
      variation.withheld.unreadable.insert({slug, path});
      check(slug + " " + path + " unreadable", variation, false);
    }
  }
  Variation copy, quiet;
  copy.copy_branch = true;
  check("a branch that copies the default one", copy, true);
  quiet.copies_in_quiet_folders = true;
  if (wanted.kinds.kinds.empty()) check("the same bytes below docs/, testdata/ and examples/", quiet, true);
}

}  // namespace

std::vector<CaseResult> run_cases(std::string_view text, const rules::Rule& rule, std::span<const rules::PackViews> views,
                                  const std::string& folder) {
  std::vector<CaseResult> results;
  CaseRunner runner(rule, views, folder);
  for (auto& [wanted, faults] : CaseReader(text).read()) {
    CaseResult& result = results.emplace_back();
    result.name = wanted.name;
    result.line = wanted.line;
    result.failures = faults;
    for (const auto& [name, value] : wanted.parameters)
      if (std::ranges::none_of(rule.parameters, [&](const rules::RuleParameter& known) { return known.name == name; }))
        result.failures.push_back("the rule has no parameter `" + name + "`");
    if (!result.failures.empty()) continue;
    const auto report = runner.run(wanted, {});
    if (!report) {
      result.failures.push_back(report.error().message);
      continue;
    }
    compare(wanted, "finding", wanted.findings, report->findings, result.failures);
    compare(wanted, "unknown", wanted.unknowns, report->unknowns, result.failures);
    check_fixed(runner, wanted, *report, result);
    if (!rule.fixes.empty()) check_fixed_point(runner, wanted, result);
    if (result.failures.empty()) derive(runner, wanted, *report, result);
  }
  return results;
}

}  // namespace trueup::engine
