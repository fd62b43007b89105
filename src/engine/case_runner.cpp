#include "engine/case_runner.hpp"

#include <algorithm>
#include <memory>

#include "engine/case_control_plane.hpp"
#include "formats/yaml.hpp"
#include "live/argocd.hpp"
#include "live/record.hpp"

namespace trueup::engine {
namespace {

/// The token of every instance of ArgoCD that a case has.
class CaseToken final : public live::CredentialSource {
 public:
  std::optional<live::Credential> find(const live::HostPort&) override {
    return live::Credential{live::CredentialKind::bearer_token, "", live::Secret("case"), "the case"};
  }
  std::vector<live::CredentialNote> explain(const live::HostPort&) override { return {}; }
};

/// The servers that a case tells of. Holds what a request's `live` points to.
class CaseServers {
 public:
  CaseServers(const Case& wanted, const Variation& variation, std::unique_ptr<live::Replay> replay)
      : replay_(std::move(replay)),
        forge_(varied(wanted.forge, variation)),
        github_(live::ForgeKind::github, forge_),
        gitlab_(live::ForgeKind::gitlab, forge_) {
    registry_.repositories = wanted.registry;
    registry_.charts = wanted.charts;
    registry_.helm = wanted.helm;
    registry_.unreachable = wanted.silent_registry;
    registry_.control_planes = wanted.control_planes;
    registry_.packages = wanted.packages;
    for (auto& [name, package] : registry_.packages)
      if (variation.silent_readings.contains(name)) package.unreachable = "withheld";
    for (auto& [url, charts] : registry_.helm)
      if (variation.silent_readings.contains(url)) charts = {{"", {"withheld"}}};
    for (auto& [name, plane] : registry_.control_planes)
      if (variation.silent_readings.contains(name)) plane.unreachable = "withheld";
    for (const std::string& repository : variation.silent_readings) registry_.unreachable[repository] = "withheld";
    for (const auto& [name, plane] : wanted.control_planes) {
      auto api = live::make_argocd_api({name, CaseRegistry::control_plane_url(name), {}}, registry_, token_);
      if (wanted.whole_planes.contains(name)) api = make_whole_plane(std::move(api));
      planes_.push_back(std::move(api));
    }
    add_deployments(wanted, variation);
    for (auto [name, workspace] : wanted.workspaces) {
      if (variation.silent_workspaces.contains(name)) workspace.unknown = "withheld";
      if (variation.incomplete_workspaces.contains(name)) workspace.incomplete = true;
      streams_.push_back(make_case_streams(name, workspace));
    }
  }

  void add_deployments(const Case& wanted, const Variation& variation) {
    for (const auto& [name, store] : wanted.deployments) {
      const std::string why = variation.silent_stores.contains(name) ? "withheld" : store.unknown;
      const std::string label = "https://records.example/" + name;
      deployments_.push_back(why.empty() ? live::make_deployment_dump({name, label, {{name + ".json", store.json}}, {}, !store.incomplete, "2026-01-01T00:00:00Z"})
                                         : live::make_silent_deployment_source(name, label, live::unknown("timed_out", why)));
    }
  }

  void show_to(Request& request) {
    request.live.registry = &oci_;
    request.live.helm = &helm_;
    request.live.packages = &packages_;
    for (const auto& plane : planes_) request.live.control_planes.push_back(plane.get());
    for (const auto& [name, plane] : registry_.control_planes)
      for (const std::string& home : plane.homes) request.live.homes.emplace_back(name, home);
    if (!forge_.empty()) request.live.forges = {&github_, &gitlab_};
    for (const auto& stream : streams_) request.live.streams.push_back(stream.get());
    for (const auto& store : deployments_) request.live.deployments.push_back(store.get());
  }

  /// Where a repository of the case lies; nothing in a case that has no forge.
  std::optional<ForgeAddress> forge_of(const std::string& slug) const {
    if (forge_.empty()) return std::nullopt;
    const auto said = forge_.find(slug);
    return ForgeAddress{CaseForge::host_of(said == forge_.end() ? live::ForgeKind::github : said->second.kind), slug};
  }

 private:
  static std::map<std::string, CaseForgeRepository> varied(std::map<std::string, CaseForgeRepository> forge, const Variation& variation) {
    for (const std::string& slug : variation.silent_forges) forge[slug].unreachable = "withheld";
    for (const auto& [slug, kind] : variation.silent_lists) forge[slug].unknown[kind] = "withheld";
    for (const auto& [slug, kind] : variation.incomplete_lists) forge[slug].incomplete[kind] = "withheld";
    return forge;
  }

  live::HttpClient& http() { return replay_ ? static_cast<live::HttpClient&>(*replay_) : registry_; }
  live::CredentialSource& credentials() { return replay_ ? replay_->credentials() : no_credentials_; }

  CaseRegistry registry_;
  std::unique_ptr<live::Replay> replay_;
  live::NoCredentials no_credentials_;
  live::HostPolicy hosts_;
  CaseToken token_;
  live::OciRegistry oci_{http(), credentials(), hosts_};
  live::HelmRepositories helm_{http(), credentials()};
  live::PackageIndexes packages_{http(), credentials()};
  std::vector<std::unique_ptr<live::ControlPlane>> planes_;
  std::vector<std::unique_ptr<live::StreamSource>> streams_;
  std::vector<std::unique_ptr<live::DeploymentSource>> deployments_;
  const std::map<std::string, CaseForgeRepository> forge_;
  CaseForge github_, gitlab_;
};

std::map<std::string, MemorySource::Files> varied(std::map<std::string, MemorySource::Files> branches, const Case& wanted,
                                                  const Variation& variation) {
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

/// The repositories of a case, each asked about its default branch and all its tags.
Result<void> add_repositories(const Case& wanted, const Variation& variation, const CaseServers& servers, Request& request) {
  for (const auto& [slug, branches] : wanted.repositories) {
    FleetRepository repository;
    repository.slug = slug;
    repository.forge = servers.forge_of(slug);
    if (variation.unread_repositories.contains(slug)) {
      repository.because = "withheld";
      request.repositories.push_back(std::move(repository));
      continue;
    }
    const auto source = std::make_shared<MemorySource>(wanted.default_branch, varied(branches, wanted, variation), request.kinds);
    if (const auto told = wanted.tags.find(slug); told != wanted.tags.end()) source->tell_tags(told->second);
    if (const auto told = wanted.commits.find(slug); told != wanted.commits.end()) source->tell_commits(told->second);
    if (const auto told = wanted.branches.find(slug); told != wanted.branches.end()) source->tell_branches(told->second);
    if (const auto told = wanted.changes.find(slug); told != wanted.changes.end()) {
      source->tell_change(told->second);
      repository.base = source->base();
    }
    repository.source = source;
    auto present = source->present();
    if (!present) return std::move(present).error();
    repository.asked.push_back({*present, std::nullopt, true});
    for (const Point& ref : source->refs())
      if (ref.kind == PointKind::tag) repository.asked.push_back({ref, std::nullopt, false});
    request.repositories.push_back(std::move(repository));
  }
  return {};
}

Result<std::vector<Train>> trains_of(const Case& wanted) {
  const formats::Document promised = formats::parse_yaml(wanted.trains);
  if (promised.problem()) return Error{Fault::malformed, "trains: " + promised.problem()->message};
  std::vector<Train> trains = read_trains(promised, promised.root());
  if (const auto problems = problems_of(trains); !problems.empty()) return Error{Fault::malformed, "trains: " + problems.front().message};
  return trains;
}

Result<std::optional<RingPromise>> ring_of(const Case& wanted) {
  if (wanted.ring.empty()) return std::optional<RingPromise>();
  const formats::Document promised = formats::parse_yaml(wanted.ring);
  if (promised.problem()) return Error{Fault::malformed, "ring: " + promised.problem()->message};
  std::optional<RingPromise> ring = read_ring_promise(promised, promised.root());
  if (!ring) return Error{Fault::malformed, "ring: is a mapping"};
  if (const auto problems = problems_of(*ring); !problems.empty()) return Error{Fault::malformed, "ring: " + problems.front().message};
  return ring;
}

}  // namespace

Result<Request> CaseRunner::request_of(const Case& wanted) const {
  Request request;
  auto trains = trains_of(wanted);
  if (!trains) return std::move(trains).error();
  auto ring = ring_of(wanted);
  if (!ring) return std::move(ring).error();

  facts::KindConfig kind_config = wanted.kinds;
  for (const std::string_view glob : rule_.nodes) kind_config.nodes.emplace_back(glob);
  kind_config.carriers = carrier_places(*trains);
  for (const Train& train : *trains)
    if (!train.changelog.empty()) kind_config.kinds.push_back({train.changelog, "changelog"});
  if (*ring && !cohort_glob(**ring).empty()) kind_config.kinds.push_back({cohort_glob(**ring), "cohort"});
  auto kinds = facts::KindRules::compile(kind_config);
  if (!kinds) return std::move(kinds).error();
  request.kinds = std::move(*kinds);

  request.rules.push_back({&rule_, std::nullopt, wanted.parameters});
  for (const std::string& name : wanted.with) {
    const auto builtin = rules::builtin_rules();
    const auto other = std::find_if(builtin.begin(), builtin.end(), [&](const rules::Rule& each) { return each.id == name; });
    if (other == builtin.end()) return Error{Fault::not_found, "with: no built-in rule is called " + name};
    request.rules.push_back({&*other, std::nullopt, {}});
  }
  request.views.assign(views_.begin(), views_.end());
  request.closed = wanted.closed;
  request.now = wanted.now;
  request.chart = wanted.chart;
  request.trains = std::move(*trains);
  request.ring = std::move(*ring);
  request.streams = wanted.streams;
  request.earlier = wanted.earlier;
  request.config = {"", std::string(kCaseConfig), wanted.config()};
  return request;
}

Result<void> CaseRunner::with_run(const Case& wanted, const Variation& variation, const std::function<void(Run&)>& use) const {
  auto request = request_of(wanted);
  if (!request) return std::move(request).error();
  std::unique_ptr<live::Replay> replay;
  if (!wanted.replay.empty()) {
    auto opened = live::Replay::open(folder_ + "/" + wanted.replay);
    if (!opened) return std::move(opened).error();
    replay = std::move(*opened);
  }
  CaseServers servers(wanted, variation, std::move(replay));
  servers.show_to(*request);
  request->withheld = variation.withheld;
  if (auto added = add_repositories(wanted, variation, servers, *request); !added) return added;
  Run run(std::move(*request));
  if (auto errors = run.prepare(); !errors.empty())
    return Error{Fault::malformed, errors.front().file + ": " + errors.front().fault.message};
  if (auto loaded = run.load(); !loaded) return std::move(loaded).error();
  use(run);
  return {};
}

Result<Report> CaseRunner::run(const Case& wanted, const Variation& variation) const {
  Result<Report> report = Report();
  const auto judged = with_run(wanted, variation, [&](Run& run) { report = run.judge(); });
  if (!judged) return judged.error();
  if (!report) return report;
  const auto of_others = [&](const rules::Finding& finding) { return finding.rule_id != rule_.id; };
  std::erase_if(report->findings, of_others);
  std::erase_if(report->unknowns, of_others);
  return report;
}

Result<FixReport> CaseRunner::fix(const Case& wanted, const std::string& fingerprint) const {
  Result<FixReport> report = FixReport();
  const auto fixes = [&](const rules::Finding& finding) {
    return finding.rule_id == rule_.id && (fingerprint.empty() || finding.fingerprint == fingerprint);
  };
  const auto fixed = with_run(wanted, {}, [&](Run& run) { report = run.fix({fixes, true}); });
  if (!fixed) return fixed.error();
  return report;
}

}  // namespace trueup::engine
