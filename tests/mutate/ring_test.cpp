// A fleet of 200 tenants in 12 cohorts, whose 30 rings live through 45 days (branch, pull request, build, label, override, report, merge
// or close, clean-up): on no day is there anything to find. Then the faults of pack ring are put into it on a day of each, and
// all of them and nothing besides is to be found.

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "base/text.hpp"
#include "engine/case_control_plane.hpp"
#include "engine/case_forge.hpp"
#include "engine/case_registry.hpp"
#include "engine/run.hpp"
#include "formats/timestamp.hpp"
#include "formats/yaml.hpp"
#include "live/argocd.hpp"

namespace trueup::mutate {
namespace {

using engine::MemorySource;

#ifdef __SANITIZE_ADDRESS__
constexpr std::uint32_t kSeeds = 1;
constexpr int kDayStep = 9;
#else
constexpr std::uint32_t kSeeds = 3;
constexpr int kDayStep = 1;
#endif
constexpr int kTenants = 200, kCohorts = 12, kRings = 30, kDays = 45, kInCohort = 16;
constexpr std::int64_t kStart = 1'767'225'600, kHour = 3'600, kDay = 24 * kHour;
const std::string kImages = "registry.example/images/atlas-";

std::string number(int i) { return std::to_string(i); }
std::string time(std::int64_t at) { return formats::rfc3339_text(at); }
std::string quoted(const std::string& text) { return '"' + text + '"'; }

/// A ring's life, from the first second of its first day.
struct Ring {
  std::string name, sha;
  int cohort = 0, born = 0, pull_request = 0;
  bool merged = false;
  std::int64_t birth() const { return kStart + born * kDay; }
  std::int64_t labelled() const { return birth() + 30 * kHour; }
  std::int64_t closed() const { return birth() + 8 * kDay; }
  std::int64_t cleaned() const { return merged ? closed() + 2 * kDay : closed(); }
  std::string tag() const { return sha.substr(0, 7); }
};

/// What a pull request is on the day at hand.
struct PullRequest {
  int number = 0;
  std::string head, sha, state = "open", base = "main", head_slug = "acme/metastore";
  std::int64_t created = 0, closed = 0;
  std::vector<std::pair<std::string, std::int64_t>> labels;
  std::vector<std::pair<std::string, std::int64_t>> comments;
};

struct Override {
  std::string path = "atlas.atlas.image", ring, tag;
};

struct World {
  std::int64_t now = 0;
  std::vector<Ring> rings;
  std::map<std::string, std::vector<std::string>> cohorts;     ///< name -> tenants
  std::map<std::string, std::vector<Override>> tenants;        ///< name -> what their Application holds
  std::vector<PullRequest> pull_requests;
  std::map<std::string, MemorySource::ToldBranch> branches;    ///< of rings
  std::map<std::string, MemorySource::Files> branch_files;     ///< what differs from main
  MemorySource::Files files;                                   ///< of main
  std::vector<std::tuple<std::string, std::string, std::int64_t, std::int64_t, std::string>> runs;  ///< sha, conclusion, from, to, branch
  std::map<std::string, std::set<std::string>> registry;
  std::string ring_config;
  std::string chart_values = "atlas: {atlas: {image: {repository: x, tag: x}}}\n";  ///< of the chart that tenants are rendered from
  std::set<std::string> busy;  ///< tenants whose Application has been syncing for a week

  Ring* active(int nth) {  // its release is over, and it is open
    for (int i = 0; i < kRings; ++i)
      if (Ring& ring = rings[static_cast<std::size_t>((nth + i) % kRings)]; now > ring.labelled() + 5 * kHour && now < ring.closed()) return &ring;
    return nullptr;
  }
  PullRequest& of(const Ring& ring) {
    for (PullRequest& each : pull_requests)
      if (each.number == ring.pull_request) return each;
    throw std::logic_error("no such pull request");
  }
};

std::string cohort_name(int i) { return "cohort-" + number(i); }
std::string label_of(int cohort) { return "cohort:github:path:" + cohort_name(cohort); }

constexpr std::string_view kBuild =
    "on: {push: {branches: [main, \"ring-*\"]}}\njobs:\n  build:\n    runs-on: x\n    steps: [{run: docker push registry.example/images/atlas}]\n"
    "  chart:\n    if: \"!startsWith(github.ref_name, 'ring-')\"\n    needs: build\n    runs-on: x\n    steps: [{run: helm push a.tgz oci://registry.example/charts}]\n";
constexpr std::string_view kRelease =
    "on: {pull_request: {types: [labeled]}}\njobs:\n  check:\n    runs-on: x\n    steps:\n    - uses: actions/github-script@v7\n      with:\n        script: |\n"
    "          await github.rest.actions.listWorkflowRuns({owner: o, workflow_id: 'maven.yml', head_sha: pr.head.sha})\n";
constexpr std::string_view kCleanUp =
    "on: {pull_request: {types: [closed]}}\njobs:\n  clean:\n    if: startsWith(github.head_ref, 'ring-') && github.event.pull_request.merged == false\n"
    "    runs-on: x\n    steps: [{run: ./clean-up}]\n";

World world_of(std::uint32_t seed, int day) {
  std::mt19937 random(seed);
  World world;
  world.now = kStart + day * kDay + 12 * kHour;
  for (int i = 0; i < kCohorts; ++i)
    for (int t = 0; t < kInCohort; ++t) world.cohorts[cohort_name(i)].push_back("t" + number(i * kInCohort + t));
  for (int t = 0; t < kTenants; ++t) world.tenants["t" + number(t)];
  for (int i = 0; i < kRings; ++i) {
    Ring ring;
    ring.name = "ring-" + number(i);
    char text[41];
    std::snprintf(text, sizeof text, "%08x%08x%08x%08x%08x", static_cast<unsigned>(random()), i, 7u, 8u, 9u);
    ring.sha = text;
    ring.cohort = i % kCohorts;
    ring.born = (i / kCohorts) * 14 + static_cast<int>(random() % 3);
    ring.merged = random() % 2 == 0;
    ring.pull_request = 10 + i;
    world.rings.push_back(ring);
  }
  world.files = {{".github/workflows/maven.yml", std::string(kBuild)}, {".github/workflows/pr-label-release.yml", std::string(kRelease)},
                 {".github/workflows/pr-close-release.yml", std::string(kCleanUp)}, {"helm/atlas/templates/deployment.yaml", "kind: Deployment\nspec: {}\n"}};
  world.ring_config =
      "preset: cohort-rings\ncohorts: \"acme/releases:cohorts/*.json\"\ntest_cohorts: [\"*-dummy\"]\npushes_a_day: 2\nsync: {acme/metastore: main}\nservices:\n"
      "  atlas: {repository: acme/metastore, image: atlas.atlas.image, twin: atlas-read, name: \"registry.example/images/atlas-{branch}\", build: maven.yml, replicas: 8}\n";
  for (const Ring& ring : world.rings) {
    if (world.now < ring.birth()) continue;
    PullRequest pull;
    pull.number = ring.pull_request;
    pull.head = ring.name;
    pull.sha = ring.sha;
    pull.created = ring.birth() + kHour / 2;
    world.runs.emplace_back(ring.sha, "success", ring.birth(), ring.birth() + kHour, ring.name);
    world.registry[kImages + ring.name].insert(ring.tag());
    const bool open = world.now < ring.closed();
    if (open) {
      world.branches[ring.name] = {ring.sha, time(ring.birth()), "", 1, 0, "", true};
    } else {
      pull.state = ring.merged ? "merged" : "closed";
      pull.closed = ring.closed();
    }
    if (world.now >= ring.labelled()) {
      pull.labels.emplace_back(label_of(ring.cohort), ring.labelled());
      pull.comments.emplace_back("Ring Release Triggered", ring.labelled() + 300);
      pull.comments.emplace_back("Service Release Result: success", ring.labelled() + kHour);
      if (world.now < ring.cleaned())
        for (const std::string& tenant : world.cohorts[cohort_name(ring.cohort)])
          for (const char* path : {"atlas.atlas.image", "atlas-read.atlas.image"}) world.tenants[tenant].push_back({path, ring.name, ring.tag()});
    }
    world.pull_requests.push_back(std::move(pull));
  }
  return world;
}

/// As an Application holds it: of three tenants one in valuesObject, one in the text of values, one in parameters.
std::string application(const std::string& name, const std::vector<Override>& overrides, int form, const std::string& status) {
  std::string object = "{", text, parameters;
  std::map<std::string, std::string> parts;
  for (const Override& each : overrides) {
    const auto keys = split(each.path, '.');
    std::string inner = "{\"repository\":\"" + kImages + each.ring + "\",\"tag\":\"" + each.tag + "\"}", lines;
    for (std::size_t i = keys.size(); i-- > 1;) inner = "{\"" + std::string(keys[i]) + "\":" + inner + "}";
    object += (object.size() > 1 ? "," : "") + ("\"" + std::string(keys[0]) + "\":" + inner);
    for (std::size_t i = 0; i < keys.size(); ++i) text += std::string(2 * i, ' ') + std::string(keys[i]) + ":\\n";
    text += std::string(2 * keys.size(), ' ') + "repository: " + kImages + each.ring + "\\n" + std::string(2 * keys.size(), ' ') + "tag: '" + each.tag + "'\\n";
    for (const auto& [key, value] : {std::pair<std::string, std::string>{"repository", kImages + each.ring}, {"tag", each.tag}})
      parameters += (parameters.empty() ? "" : ",") + ("{\"name\":\"" + each.path + "." + key + "\",\"value\":\"" + value + "\"}");
  }
  const std::string helm = form == 0 ? "\"valuesObject\":" + object + "}" : form == 1 ? "\"values\":\"" + text + "\"" : "\"parameters\":[" + parameters + "]";
  return R"({"metadata":{"name":")" + name + R"(","namespace":"argocd"},"spec":{"project":"tenants","source":{"repoURL":"registry.example/charts","chart":"platform","targetRevision":"1.0.0","helm":{)" + helm + "}}}" + status + "}";
}

std::string forge_yaml(const World& world) {
  std::string text = "pull_requests:\n";
  for (const PullRequest& pull : world.pull_requests) {
    text += "- {number: " + number(pull.number) + ", head: " + pull.head + ", head_sha: " + quoted(pull.sha) + ", state: " + pull.state + ", base: " + pull.base +
            ", head_slug: " + pull.head_slug + ", created_at: " + quoted(time(pull.created));
    if (pull.closed > 0) text += ", closed_at: " + quoted(time(pull.closed));
    if (pull.state == "merged") text += ", merged_at: " + quoted(time(pull.closed));
    text += ", labels: [";
    for (const auto& [name, at] : pull.labels) text += "{name: " + quoted(name) + ", added_at: " + quoted(time(at)) + "},";
    text += "], comments: [";
    for (const auto& [body, at] : pull.comments) text += "{body: " + quoted(body) + ", created_at: " + quoted(time(at)) + "},";
    text += "]}\n";
  }
  text += "workflow_runs:\n";
  for (const auto& [sha, conclusion, from, to, branch] : world.runs)
    text += "- {workflow_path: .github/workflows/maven.yml, event: push, head_branch: " + branch + ", head_sha: " + quoted(sha) + ", conclusion: " + conclusion + ", created_at: " + quoted(time(from)) +
            ", updated_at: " + quoted(time(to)) + "}\n";
  return text;
}

engine::Report judge(const World& world) {
  const formats::Document promised = formats::parse_yaml(world.ring_config);
  engine::Request request;
  request.ring = engine::read_ring_promise(promised, promised.root());
  request.config = {"", "trueup.yaml", world.ring_config};
  facts::KindConfig kinds;
  kinds.kinds.push_back({"cohorts/*.json", "cohort"});
  request.kinds = *facts::KindRules::compile(kinds);
  for (const rules::Rule& rule : rules::builtin_rules())
    if (rule.pack == "ring") request.rules.push_back({&rule, std::nullopt, {}});
  request.views.assign(rules::builtin_views().begin(), rules::builtin_views().end());
  request.now = world.now;

  engine::CaseRegistry servers;
  servers.repositories = world.registry;
  servers.repositories["registry.example/charts/platform"] = {"1.0.0"};
  servers.charts[{"registry.example/charts/platform", "1.0.0"}].files = {{"Chart.yaml", "name: platform\n"}, {"values.yaml", world.chart_values}};
  int form = 0;
  for (const auto& [name, overrides] : world.tenants) {
    std::string& all = servers.control_planes["prod"].applications;
    all += (all.empty() ? "" : ",") + application(name, overrides, form++ % 3, !world.busy.contains(name) ? "" :
        ",\"status\":{\"operationState\":{\"phase\":\"Running\",\"startedAt\":\"" + time(world.now - 7 * kDay) + "\"}}");
  }
  live::NoCredentials credentials;
  live::HostPolicy hosts;
  live::OciRegistry oci(servers, credentials, hosts);
  const auto plane =
      engine::make_whole_plane(live::make_argocd_api({"prod", engine::CaseRegistry::control_plane_url("prod"), {}}, servers, credentials));
  const std::string yaml = forge_yaml(world);
  const formats::Document forge_text = formats::parse_yaml(yaml);
  std::map<std::string, engine::CaseForgeRepository> hosted;
  hosted.emplace("acme/metastore", engine::read_case_forge(forge_text, forge_text.root(), "acme/metastore", "main",
                                                           [](formats::NodeIndex, const std::string& why) { throw std::logic_error(why); }));
  engine::CaseForge forge(live::ForgeKind::github, hosted);
  request.live.registry = &oci;
  request.live.control_planes = {plane.get()};
  request.live.forges = {&forge};

  MemorySource::Files releases;
  for (const auto& [name, tenants] : world.cohorts) {
    std::string list;
    for (const std::string& tenant : tenants) list += (list.empty() ? "[" : ", ") + quoted(tenant);
    releases["cohorts/" + name + ".json"] = list + "]\n";
  }
  std::map<std::string, MemorySource::Files> branches{{"main", world.files}};
  for (const auto& [name, told] : world.branches) {
    branches[name] = world.files;
    if (const auto more = world.branch_files.find(name); more != world.branch_files.end())
      for (const auto& [path, bytes] : more->second) branches[name][path] = bytes;
  }
  const auto add = [&](const std::string& slug, std::map<std::string, MemorySource::Files> files) {
    engine::FleetRepository repository;
    repository.slug = slug;
    const auto source = std::make_shared<MemorySource>("main", std::move(files), request.kinds);
    if (slug == "acme/metastore") {
      source->tell_branches(world.branches);
      repository.forge = engine::ForgeAddress{engine::CaseForge::host_of(live::ForgeKind::github), slug};
    }
    repository.source = source;
    repository.asked.push_back({*source->present(), std::nullopt, true});
    request.repositories.push_back(std::move(repository));
  };
  add("acme/releases", {{"main", releases}});
  add("acme/metastore", std::move(branches));
  engine::Run run(std::move(request));
  if (const auto errors = run.prepare(); !errors.empty()) throw std::logic_error(errors.front().file + ": " + errors.front().fault.message);
  if (const auto loaded = run.load(); !loaded) throw std::logic_error(loaded.error().message);
  auto report = run.judge();
  if (!report) throw std::logic_error(report.error().message);
  return std::move(*report);
}

/// What must be found: a code, and a text of the message. A fault may show to several rules.
using Expected = std::vector<std::pair<std::string, std::string>>;

struct Fault {
  const char* code;
  std::function<Expected(World&, Ring&)> plant;  ///< into a world with this ring at work
};

std::string& file(World& world, const std::string& name) { return world.files.at(".github/workflows/" + name); }

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("no " + from + " in " + text);
  text.replace(at, from.size(), to);
}

const std::string& tenant_of(World& world, const Ring& ring, std::size_t nth = 3) { return world.cohorts.at(cohort_name(ring.cohort)).at(nth); }

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all = {
      {"R01", [](World& w, Ring& r) { w.of(r).labels.emplace_back("cohort:oops", w.now - kHour); return Expected{{"R01", "cohort:oops"}}; }},
      {"R02", [](World& w, Ring& r) { w.of(r).labels.emplace_back("cohort:github:path:nowhere", w.now - kHour); return Expected{{"R02", "nowhere"}}; }},
      {"R03", [](World& w, Ring& r) { auto& list = w.cohorts.at(cohort_name(r.cohort)); list.push_back(list[2]); return Expected{{"R03", list[2]}}; }},
      {"R04", [](World& w, Ring& r) {
         w.pull_requests.push_back({900, "ring-late", std::string(40, 'a'), "open", "main", "acme/metastore", w.now - kHour, 0, {{label_of(r.cohort), w.now - kHour}}, {}});
         return Expected{{"R04", cohort_name(r.cohort)}}; }},
      {"R05", [](World& w, Ring& r) {
         w.cohorts["other"] = {tenant_of(w, r)};
         w.pull_requests.push_back({900, "ring-late", std::string(40, 'a'), "open", "main", "acme/metastore", w.now - kHour, 0, {{"cohort:github:path:other", w.now - kHour}}, {}});
         return Expected{{"R05", tenant_of(w, r)}}; }},
      {"R06", [](World& w, Ring&) {
         w.pull_requests.push_back({900, "feat-x", std::string(40, 'a'), "open", "main", "acme/metastore", w.now - kHour, 0, {{label_of(11), w.now - kHour}}, {}});
         return Expected{{"R06", "feat-x"}}; }},
      {"R07", [](World& w, Ring&) { w.branches["ring-Bad"] = {std::string(40, 'b'), time(w.now - kHour), "", 1, 0, "", true}; return Expected{{"R07", "ring-Bad"}}; }},
      {"R08", [](World& w, Ring& r) { w.of(r).comments[0].second = r.birth() + kHour / 2; return Expected{{"R08", r.name}}; }},
      {"R09", [](World& w, Ring&) { replace(file(w, "pr-label-release.yml"), "head_sha: pr.head.sha", "branch: pr.head.ref"); return Expected{{"R09", "pr.head.ref"}}; }},
      {"R10", [](World& w, Ring& r) { w.registry.at(kImages + r.name) = {"other"}; return Expected{{"R10", kImages + r.name}}; }},
      {"R11", [](World& w, Ring& r) {
         w.tenants.at(tenant_of(w, r)).clear();
         return Expected{{"R11", tenant_of(w, r)}, {"R31", tenant_of(w, r)}}; }},
      {"R12", [](World& w, Ring& r) {
         w.pull_requests.push_back({5, "ring-dead", std::string(40, 'd'), "closed", "main", "acme/metastore", w.now - 20 * kDay, w.now - 9 * kDay, {}, {}});
         w.registry[kImages + "ring-dead"].insert("ddddddd");
         (void)r;
         for (const char* path : {"atlas.atlas.image", "atlas-read.atlas.image"}) w.tenants.at("t199").push_back({path, "ring-dead", "ddddddd"});
         return Expected{{"R12", "t199"}}; }},
      {"R13", [](World& w, Ring& r) {
         for (const char* path : {"atlas.atlas.image", "atlas-read.atlas.image"}) w.tenants.at("t198").push_back({path, r.name, r.tag()});
         return Expected{{"R13", "t198"}}; }},
      {"R14", [](World& w, Ring&) {
         w.pull_requests.push_back({6, "ring-done", std::string(40, 'e'), "merged", "main", "acme/metastore", w.now - 20 * kDay, w.now - 9 * kDay, {}, {}});
         w.registry[kImages + "ring-done"].insert("eeeeeee");
         for (const char* path : {"atlas.atlas.image", "atlas-read.atlas.image"}) w.tenants.at("t197").push_back({path, "ring-done", "eeeeeee"});
         return Expected{{"R14", "t197"}}; }},
      {"R15", [](World& w, Ring&) { replace(file(w, "pr-close-release.yml"), " && github.event.pull_request.merged == false", ""); return Expected{{"R15", "clean"}}; }},
      {"R16", [](World& w, Ring& r) { w.tenants.at(tenant_of(w, r)).pop_back(); return Expected{{"R16", tenant_of(w, r)}}; }},
      {"R17", [](World& w, Ring& r) {
         for (Override& each : w.tenants.at(tenant_of(w, r))) if (each.path == "atlas.atlas.image") each.path = "atlas.image";
         const std::string& tenant = tenant_of(w, r);
         return Expected{{"R17", tenant}, {"R11", tenant}, {"R16", tenant}, {"R31", tenant}}; }},
      {"R18", [](World& w, Ring& r) { w.branch_files[r.name]["helm/atlas/templates/deployment.yaml"] = "kind: Deployment\nspec: {replicas: 2}\n"; return Expected{{"R18", r.name}}; }},
      {"R19", [](World& w, Ring& r) { w.branches.at(r.name).behind = 80; w.branches.at(r.name).behind_since = time(w.now - kDay); return Expected{{"R19", r.name}}; }},
      {"R20", [](World& w, Ring&) { w.branches["ring-lonely"] = {std::string(40, 'b'), time(w.now - 9 * kDay), "", 1, 0, "", true}; return Expected{{"R20", "ring-lonely"}}; }},
      {"R21", [](World& w, Ring&) { replace(w.ring_config, "sync: {acme/metastore: main}", "sync: {acme/metastore: master}"); return Expected{{"R21", "master"}}; }},
      {"R22", [](World& w, Ring&) { replace(w.ring_config, "replicas: 8", "replicas: 12"); return Expected{{"R22", "180"}}; }},
      {"R23", [](World& w, Ring& r) { w.busy.insert(tenant_of(w, r)); return Expected{{"R23", tenant_of(w, r)}}; }},
      {"R24", [](World& w, Ring& r) { w.cohorts["atlas-dummy"] = {"t196"}; w.of(r).labels.emplace_back("cohort:github:path:atlas-dummy", w.now - kHour); return Expected{{"R24", "atlas-dummy"}}; }},
      {"R25", [](World& w, Ring& r) { w.of(r).comments.pop_back(); return Expected{{"R25", r.name}}; }},
      {"R26", [](World& w, Ring&) {
         w.pull_requests.push_back({7, "ring-stale", std::string(40, 'f'), "closed", "main", "acme/metastore", w.now - 30 * kDay, w.now - 20 * kDay, {}, {}});
         w.branches["ring-stale"] = {std::string(40, 'f'), time(w.now - 30 * kDay), "", 1, 0, "", true};
         return Expected{{"R26", "ring-stale"}}; }},
      {"R27", [](World& w, Ring& r) {
         const std::string tenant = tenant_of(w, r);
         w.of(r).comments[1].first += ": " + tenant + ", done";
         w.tenants.at(tenant).clear();
         return Expected{{"R27", tenant}, {"R11", tenant}, {"R31", tenant}}; }},
      {"R28", [](World& w, Ring& r) {
         w.pull_requests.push_back({3, r.name, std::string(40, 'c'), "closed", "main", "acme/metastore", w.now - 30 * kDay, w.now - 29 * kDay, {}, {}});
         return Expected{{"R28", r.name}}; }},
      {"R29", [](World& w, Ring& r) {
         for (const char digit : {'1', '2', '3'}) w.runs.emplace_back(std::string(40, digit), "success", w.now - 2 * kDay, w.now - 2 * kDay + kHour, r.name);
         return Expected{{"R29", r.name}}; }},
      {"R30", [](World& w, Ring& r) { const std::string tenant = tenant_of(w, r); w.tenants.erase(tenant); return Expected{{"R30", tenant}}; }},
      {"R31", [](World& w, Ring& r) {
         const std::string tenant = tenant_of(w, r, 5);
         w.tenants.at(tenant).clear();
         return Expected{{"R31", tenant}, {"R11", tenant}}; }},
      {"R32", [](World& w, Ring& r) {
         for (Override& each : w.tenants.at(tenant_of(w, r))) each.tag = "0000000";
         w.registry.at(kImages + r.name).insert("0000000");
         return Expected{{"R32", tenant_of(w, r)}, {"R11", tenant_of(w, r)}}; }},
      {"R33", [](World& w, Ring& r) {
         std::string copy = file(w, "maven.yml");
         replace(copy, ", \"ring-*\"", "");
         w.branch_files[r.name][".github/workflows/maven.yml"] = copy;
         return Expected{{"R33", r.name}}; }},
      {"R34", [](World& w, Ring&) { replace(file(w, "maven.yml"), "    if: \"!startsWith(github.ref_name, 'ring-')\"\n", ""); return Expected{{"R34", "chart"}}; }},
      {"R36", [](World& w, Ring&) { w.chart_values = "atlas: {image: {repository: x, tag: x}}\n"; return Expected{{"R36", "atlas.atlas.image"}}; }},
      {"R35", [](World& w, Ring&) { replace(file(w, "maven.yml"), "\"ring-*\"", "\"ring-*\", x-ring-dev"); return Expected{{"R35", "x-ring-dev"}}; }},
  };
  return all;
}

std::string shown(const rules::Finding& finding) {
  return finding.code + ' ' + finding.at.repository + ' ' + finding.at.path + ':' + std::to_string(finding.at.begin.line) + ": " + finding.message +
         (finding.because.empty() ? "" : " (" + finding.because + ")");
}

/// Every expected one is found, and whatever is found is expected.
int compare(const engine::Report& report, const Expected& expected, const std::string& where) {
  int found = 0;
  const auto fits = [](const rules::Finding& finding, const std::pair<std::string, std::string>& wanted) {
    return finding.code == wanted.first && finding.message.find(wanted.second) != std::string::npos;
  };
  for (const auto& wanted : expected) {
    const bool here = std::ranges::any_of(report.findings, [&](const rules::Finding& finding) { return fits(finding, wanted); });
    EXPECT_TRUE(here) << where << ": " << wanted.first << " is not found for " << wanted.second;
    found += here ? 1 : 0;
  }
  for (const rules::Finding& finding : report.findings)
    if (std::ranges::none_of(expected, [&](const auto& wanted) { return fits(finding, wanted); })) ADD_FAILURE() << where << ", besides: " << shown(finding);
  return found;
}

TEST(Rings, ThatLiveAsPromisedGiveNothingOnAnyDay) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    for (int day = static_cast<int>(seed); day < kDays; day += static_cast<int>(kDayStep * kSeeds)) {
      const World world = world_of(seed, day);
      const engine::Report report = judge(world);
      for (const auto* list : {&report.findings, &report.unknowns})
        for (const rules::Finding& finding : *list) ADD_FAILURE() << "seed " << seed << ", day " << day << ": " << shown(finding);
    }
  }
}

class EachRingFault : public testing::TestWithParam<std::size_t> {};

TEST_P(EachRingFault, IsFoundAndNothingBesides) {
  const Fault& fault = faults()[GetParam()];
  int found = 0;
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    const int day = 4 + static_cast<int>((seed * 14 + GetParam()) % 4);
    World world = world_of(seed, day);
    Ring* ring = world.active(static_cast<int>(seed * 5 + GetParam()) % kRings);
    ASSERT_NE(ring, nullptr);
    const Expected expected = fault.plant(world, *ring);
    compare(judge(world), expected, std::string(fault.code) + ", seed " + std::to_string(seed));
    ++found;
  }
  std::printf("%s: %d tried\n", fault.code, found);
}

INSTANTIATE_TEST_SUITE_P(Rings, EachRingFault, testing::Range(std::size_t{0}, faults().size()),
                         [](const auto& parameter) { return std::string(faults()[parameter.param].code); });

TEST(Rings, OfFaultsAtRandomAllAndOnlyThoseAreFoundOnEveryDay) {
  // Each of another ring; those that change what all rings have (workflows, the promise) come once.
  constexpr std::uint32_t seed = 1;
  {
    for (int day = 3; day < kDays; day += kDayStep) {
      World world = world_of(seed, day);
      std::mt19937 random(seed * 1'000 + static_cast<unsigned>(day));
      Expected expected;
      std::set<std::string> used, planted;
      for (int i = 0; i < 4; ++i) {
        Ring* ring = world.active(static_cast<int>(random() % kRings));
        const Fault& fault = faults()[random() % faults().size()];
        if (ring == nullptr || !used.insert(ring->name).second || !planted.insert(fault.code).second) continue;
        if (std::set<std::string>{"R04", "R05"}.contains(fault.code) && planted.contains(fault.code == std::string("R04") ? "R05" : "R04")) continue;
        if (std::set<std::string>{"R34", "R35", "R33"}.contains(fault.code) && planted.contains("workflow")) continue;
        if (std::set<std::string>{"R34", "R35", "R33"}.contains(fault.code)) planted.insert("workflow");
        for (auto& each : fault.plant(world, *ring)) expected.push_back(std::move(each));
      }
      compare(judge(world), expected, "seed " + std::to_string(seed) + ", day " + std::to_string(day));
    }
  }
}

TEST(Rings, EveryRuleOfThePackHasAFault) {
  std::set<std::string_view> tried;
  for (const Fault& fault : faults()) tried.insert(fault.code);
  for (const rules::Rule& rule : rules::builtin_rules()) {
    if (rule.pack != "ring") continue;
    EXPECT_TRUE(tried.contains(rule.code)) << rule.id;
  }
}

}  // namespace
}  // namespace trueup::mutate
