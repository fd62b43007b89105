// A release train of eight repositories and sixty tags, made from a seed, that agrees with itself; each fault of pack release is
// put into it, alone and with others, and all of them and nothing besides is to be found.

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <set>

#include "base/text.hpp"
#include "base/digest.hpp"
#include "engine/case_forge.hpp"
#include "engine/case_registry.hpp"
#include "engine/run.hpp"
#include "formats/timestamp.hpp"
#include "formats/yaml.hpp"

namespace trueup::mutate {
namespace {

using engine::MemorySource;

#ifdef __SANITIZE_ADDRESS__
constexpr std::uint32_t kSeeds = 3;
#else
constexpr std::uint32_t kSeeds = 20;
#endif
constexpr int kReleases = 10, kNewest = kReleases - 1;

struct TrainFleet {
  std::map<std::string, std::map<std::string, MemorySource::Files>> repositories;  ///< slug -> branch or refs/tags/… -> files
  std::map<std::string, std::vector<MemorySource::ToldTag>> tags;
  engine::CaseRegistry registry;
  std::map<std::string, engine::CaseForgeRepository> forge;
  std::string trains;
  std::vector<std::string> versions;
  std::uint32_t major = 0, minor = 0, first = 0;

  std::string& file(const std::string& slug, const std::string& path, const std::string& branch = "main") { return repositories.at(slug).at(branch).at(path); }
  MemorySource::ToldTag& tag(const std::string& slug, int release) {
    for (MemorySource::ToldTag& each : tags.at(slug))
      if (each.name == versions[static_cast<std::size_t>(release)] || each.name == "v" + versions[static_cast<std::size_t>(release)]) return each;
    throw std::logic_error("no such tag");
  }
  void drop(const std::string& slug, int release) {
    const std::string name = tag(slug, release).name;
    std::erase_if(tags.at(slug), [&](const MemorySource::ToldTag& each) { return each.name == name; });
    repositories.at(slug).erase("refs/tags/" + name);
  }
  engine::CaseRegistry::Package& package(const std::string& ecosystem) {
    for (auto& [name, each] : registry.packages)
      if (name.starts_with(ecosystem + ":")) return each;
    throw std::logic_error("no such package");
  }
  std::string go_module() const { return "git.example/acme/go/v" + std::to_string(major); }
  /// A version below or above all releases of the line.
  std::string version(int release) const { return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(static_cast<int>(first) + release); }
};

std::string day(int number) { return formats::rfc3339_text(1'735'689'600 + std::int64_t{number} * 86'400); }

/// Replaces the nth `from` (from 0); what must be there is there.
void replace(std::string& text, const std::string& from, const std::string& to, int nth = 0) {
  std::size_t at = text.find(from);
  while (nth-- > 0 && at != std::string::npos) at = text.find(from, at + 1);
  if (at == std::string::npos) throw std::logic_error("no " + from + " in " + text);
  text.replace(at, from.size(), to);
}

TrainFleet clean_train(std::uint32_t seed) {
  TrainFleet fleet;
  fleet.major = 2 + seed % 7;
  fleet.minor = seed % 4;
  fleet.first = 3 + seed % 5;
  for (int i = 0; i < kReleases; ++i) fleet.versions.push_back(fleet.version(i));
  const std::string newest = fleet.versions.back(), before = fleet.versions[kNewest - 1];
  const std::string go_module = "module git.example/acme/go/v" + std::to_string(fleet.major) + "\n";
  auto& files = fleet.repositories;
  std::string log = "# Changelog\n\n## " + newest + "\n\n";
  for (const char* slug : {"acme/docs", "acme/app", "acme/home", "acme/exporter", "acme/js"})
    log += "* [changes](https://git.example/" + std::string(slug) + "/compare/" + before + "..." + newest + ")\n";
  log += "* [changes](https://git.example/acme/go/compare/v" + before + "...v" + newest + ")\n\n## " + before + "\n\nOlder.\n";
  files["acme/docs"]["main"] = {
      {"docs/CHANGELOG.md", log},
      {".gitlab-ci.yml",
       "stages: [test, deploy]\nunit:\n  stage: test\n  allow_failure: false\n  script: [make test]\nTest helm:\n  stage: test\n  trigger:\n"
       "    project: acme/helm\n    strategy: depend\ntag:\n  stage: deploy\n  needs: [unit, Test helm]\n  rules:\n    - if: '$CI_COMMIT_TAG =~ /^v?[0-9]+\\./'\n"
       "  script: [git tag -a $CI_COMMIT_TAG -m x]\n"}};
  for (const char* slug : {"acme/app", "acme/home"}) files[slug]["main"] = {{"README.md", "x\n"}};
  const auto lock = [](const std::string& top, const std::string& root) {
    return "{\n  \"version\": \"" + top + "\",\n  \"packages\": {\"\": {\"version\": \"" + root + "\"},\n    \"node_modules/ky\": {\"version\": \"1.2.0\"}}\n}\n";
  };
  files["acme/exporter"]["main"] = {{"VERSION", newest + "\n"}};
  files["acme/js"]["main"] = {{"package.json", "{\"version\": \"" + newest + "\"}\n"}, {"package-lock.json", lock(newest, newest)}};
  files["acme/js"]["main"]["scripts/release.sh"] = "#!/bin/sh\nsed -i 's/^  \"version\": \".*\"/x/' package-lock.json\n";
  files["acme/go"]["main"] = {{"go.mod", go_module}};
  files["acme/helm"]["main"] = {{"app/Chart.yaml", "name: app\nversion: " + newest + "\nappVersion: \"" + newest + "\"\n"},
                                {"app/values.yaml", "global:\n  imageTag: \"" + newest + "\"\n"}};
  files["acme/compose"]["main"] = {{".env.example", "APP_IMAGE_TAG=" + newest + "\nHOME_IMAGE_TAG=" + newest + "\nPORT=80\n"},
                                   {"compose.yaml", "services:\n  app: {image: \"registry.example/app:${APP_IMAGE_TAG:-" + newest + "}\", ports: [\"${PORT}:80\"]}\n"
                                                    "  home: {image: \"registry.example/home:${HOME_IMAGE_TAG}\"}\n"}};
  auto& docs = files["acme/docs"]["main"];
  docs["schema/schema-" + newest + ".json"] = "{}";
  docs["RELEASE.md"] = "* acme/docs\n* acme/app\n* acme/home\n* acme/exporter\n* acme/js\n* acme/go\n";
  files["acme/docs"]["gh-pages"] = {{newest + "/index.html", "x"}, {"latest/index.html", "x"}};
  for (int i = 0; i < kReleases; ++i) {
    const std::string& version = fleet.versions[static_cast<std::size_t>(i)];
    for (const char* slug : {"acme/docs", "acme/app", "acme/home", "acme/exporter", "acme/js", "acme/go"}) {
      // The train dropped the v of its first tags, where the language lets it.
      const bool v = std::string_view(slug) == "acme/go" || (i < 3 && std::string_view(slug) == "acme/docs");
      fleet.tags[slug].push_back({(v ? "v" : "") + version, "Release " + version, day(10 * i), "", false});
    }
    files["acme/exporter"]["refs/tags/" + version] = {{"VERSION", version + "\n"}};
    files["acme/js"]["refs/tags/" + version] = {{"package.json", "{\"version\": \"" + version + "\"}\n"}, {"package-lock.json", lock(version, version)}};
  }
  auto& exporter = fleet.forge["acme/exporter"];
  exporter.written.insert(live::ForgeListKind::tag);
  for (const std::string& version : fleet.versions) {
    const auto commit_of = [](const std::string& tag) { return sha256_hex("refs/tags/" + tag).substr(0, 40); };
    exporter.items.tags.push_back({version, commit_of(version)});
    fleet.registry.packages["npm:@acme/js"].versions.push_back({version, commit_of(version), "", false});
    fleet.registry.packages["pypi:acme-exporter"].versions.push_back({version, "", "", false});
    fleet.registry.packages["go:" + fleet.go_module()].versions.push_back({"v" + version, commit_of("v" + version), "", false});
  }
  fleet.registry.packages["npm:@acme/js"].latest = newest;
  fleet.registry.repositories["registry.example/app"] = {before, newest};
  fleet.registry.repositories["registry.example/home"] = {before, newest};
  fleet.trains =
      "platform:\n  source: acme/docs\n  repositories:\n"
      "    acme/docs: {files: \"schema/schema-{version}.json\", docs: {branch: gh-pages}, lists: [{file: RELEASE.md, match: '(acme/\\w+)'}]}\n    acme/app: {}\n    acme/home: {}\n"
      "    acme/exporter: {publishes: \"pypi:acme-exporter\", carries: [{file: VERSION, match: '^(\\S+)'}]}\n"
      "    acme/js: {publishes: \"npm:@acme/js\", carries: [{file: package.json, at: /version}, {file: package-lock.json, at: [/version, /packages//version]}]}\n"
      "    acme/go: {tag: \"v{version}\", publishes: \"go:" + fleet.go_module() + "\"}\n"
      "    acme/helm: {tag: none, carries: [{file: app/Chart.yaml, at: [/version, /appVersion]}, {file: app/values.yaml, at: /global/imageTag}]}\n"
      "    acme/compose: {tag: none, carries: [{file: .env.example, match: '(?m)^\\w+_IMAGE_TAG=(\\S+)$'}]}\n"
      "  images: [registry.example/app, registry.example/home]\n  changelog: {file: docs/CHANGELOG.md, compares: all}\n";
  return fleet;
}

engine::Report judge(TrainFleet& fleet) {
  const formats::Document promised = formats::parse_yaml(fleet.trains);
  engine::Request request;
  request.trains = engine::read_trains(promised, promised.root());
  request.config = {"", "trueup.yaml", fleet.trains};
  facts::KindConfig kinds;
  kinds.carriers = engine::carrier_places(request.trains);
  kinds.kinds.push_back({"docs/CHANGELOG.md", "changelog"});
  request.kinds = *facts::KindRules::compile(kinds);
  for (const rules::Rule& rule : rules::builtin_rules()) {
    if (rule.pack != "release") continue;
    rules::ParameterValues promises;
    if (rule.code == "E15") promises.emplace("gates", "unit");
    request.rules.push_back({&rule, std::nullopt, promises});
  }
  request.views.assign(rules::builtin_views().begin(), rules::builtin_views().end());
  request.now = 1'767'225'600;
  live::NoCredentials credentials;
  live::HostPolicy hosts;
  live::OciRegistry oci(fleet.registry, credentials, hosts);
  request.live.registry = &oci;
  live::PackageIndexes packages(fleet.registry, credentials);
  request.live.packages = &packages;
  engine::CaseForge forge(live::ForgeKind::github, fleet.forge);
  request.live.forges = {&forge};
  for (const auto& [slug, branches] : fleet.repositories) {
    engine::FleetRepository repository;
    repository.slug = slug;
    const auto source = std::make_shared<MemorySource>("main", branches, request.kinds);
    source->tell_tags(fleet.tags[slug]);
    repository.source = source;
    if (fleet.forge.contains(slug)) repository.forge = {engine::CaseForge::host_of(live::ForgeKind::github), slug};
    repository.asked.push_back({*source->present(), std::nullopt, true});
    request.repositories.push_back(std::move(repository));
  }
  engine::Run run(std::move(request));
  if (const auto errors = run.prepare(); !errors.empty()) throw std::logic_error(errors.front().file + ": " + errors.front().fault.message);
  if (const auto loaded = run.load(); !loaded) throw std::logic_error(loaded.error().message);
  auto report = run.judge();
  if (!report) throw std::logic_error(report.error().message);
  return std::move(*report);
}

/// Where a fault is to be found: a file of a repository (at a tag), or of the config, and the bytes there.
struct Planted {
  std::string slug, path, text;
};

struct Fault {
  const char* code;
  std::function<Planted(TrainFleet&, int release)> plant;  ///< release in [1, kNewest - 1): not the first, not the newest two
};

const std::string kConfig = "trueup.yaml";

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all = {
      {"E01", [](TrainFleet& f, int i) {
         f.tag("acme/app", i).name = "0" + f.versions[static_cast<std::size_t>(i)];
         return Planted{"", kConfig, "acme/app"}; }},
      {"E02", [](TrainFleet& f, int i) { f.drop("acme/home", i); return Planted{"", kConfig, "acme/home"}; }},
      {"E03", [](TrainFleet& f, int i) {
         replace(f.file("acme/helm", "app/Chart.yaml"), f.versions.back(), f.versions[static_cast<std::size_t>(i)], 1);
         f.tags.at("acme/docs").back().tagged_at = "2025-12-31T23:59:00Z";  // the release is under way, so it is not E18's yet
         return Planted{"acme/helm", "app/Chart.yaml", f.versions[static_cast<std::size_t>(i)]}; }},
      {"E04", [](TrainFleet& f, int i) {
         replace(f.file("acme/compose", ".env.example"), f.versions.back(), f.versions[static_cast<std::size_t>(i)], 1);
         f.tags.at("acme/docs").back().tagged_at = "2025-12-31T23:59:00Z";
         return Planted{"acme/compose", ".env.example", f.versions[static_cast<std::size_t>(i)]}; }},
      {"E05", [](TrainFleet& f, int) { f.registry.repositories["registry.example/home"].erase(f.versions.back()); return Planted{"", kConfig, "registry.example/home"}; }},
      {"E06", [](TrainFleet& f, int i) {
         replace(f.file("acme/js", "package-lock.json"), f.versions.back(), f.versions[static_cast<std::size_t>(i)], 1);
         return Planted{"acme/js", "package-lock.json", f.versions[static_cast<std::size_t>(i)]}; }},
      {"E07", [](TrainFleet& f, int) {
         f.file("acme/go", "go.mod") = "module git.example/acme/go\n";
         return Planted{"acme/go", "go.mod", "git.example/acme/go"}; }},
      {"E09", [](TrainFleet& f, int) {
         std::string& log = f.file("acme/docs", "docs/CHANGELOG.md");
         const std::size_t begin = log.find("* [changes](https://git.example/acme/exporter");
         log.erase(begin, log.find('\n', begin) + 1 - begin);
         return Planted{"acme/docs", "docs/CHANGELOG.md", f.versions.back()}; }},
      {"E10", [](TrainFleet& f, int i) {
         const std::string older = f.versions[static_cast<std::size_t>(i)];
         replace(f.file("acme/docs", "docs/CHANGELOG.md"), "app/compare/" + f.versions[kNewest - 1] + "...", "app/compare/" + older + "...");
         return Planted{"acme/docs", "docs/CHANGELOG.md", older}; }},
      {"E13", [](TrainFleet& f, int) { replace(f.file("acme/docs", ".gitlab-ci.yml"), "needs: [unit, Test helm]", "needs: []"); return Planted{"acme/docs", ".gitlab-ci.yml", "[]"}; }},
      {"E14", [](TrainFleet& f, int) { replace(f.file("acme/docs", ".gitlab-ci.yml"), "    strategy: depend\n", ""); return Planted{"acme/docs", ".gitlab-ci.yml", "acme/helm"}; }},
      {"E15", [](TrainFleet& f, int) {
         // The job stays a test that the publisher waits for, so it is no fault of E13.
         replace(f.file("acme/docs", ".gitlab-ci.yml"), "allow_failure: false", "allow_failure: true");
         return Planted{"acme/docs", ".gitlab-ci.yml", "true"}; }},
      {"E16", [](TrainFleet& f, int) {
         for (const char* slug : {"acme/app", "acme/home"}) f.tags.at(slug).push_back({f.version(kReleases), "x", day(10 * kReleases), "", false});
         return Planted{"", kConfig, "platform"}; }},
      {"E18", [](TrainFleet& f, int) { f.drop("acme/home", kNewest); return Planted{"", kConfig, "platform"}; }},
      {"E20", [](TrainFleet& f, int) {
         replace(f.file("acme/helm", "app/values.yaml"), f.versions.back(), f.version(kReleases));
         return Planted{"acme/helm", "app/values.yaml", f.version(kReleases)}; }},
      {"E21", [](TrainFleet& f, int i) {
         const std::string tag = "refs/tags/" + f.versions[static_cast<std::size_t>(i)];
         f.file("acme/exporter", "VERSION", tag) = f.versions[0] + "\n";
         return Planted{"acme/exporter", "VERSION", f.versions[0]}; }},
      {"E22", [](TrainFleet& f, int) {
         replace(f.file("acme/js", "package.json"), f.versions.back(), f.version(kReleases));
         replace(f.file("acme/js", "package-lock.json"), f.versions.back(), f.version(kReleases), 1);
         return Planted{"acme/js", "package-lock.json", f.versions.back()}; }},
      {"E23", [](TrainFleet& f, int i) { f.tag("acme/home", i).aside = true; return Planted{"", kConfig, "acme/home"}; }},
      {"E24", [](TrainFleet& f, int i) {
         f.tags.at("acme/go").push_back({"v" + f.versions[static_cast<std::size_t>(i)] + "-rc.1", "x", day(10 * i + 1), "", false});
         return Planted{"", kConfig, "acme/go"}; }},
      {"E25", [](TrainFleet& f, int) {
         f.tags.at("acme/home").push_back({"v" + f.versions.back(), "x", day(10 * kNewest + 1), "", false});
         return Planted{"", kConfig, "acme/home"}; }},
      {"E26", [](TrainFleet& f, int i) {
         f.tag("acme/go", i).tagged_at = day(10 * i + 11);
         auto& tags = f.tags.at("acme/go");  // and on a later commit
         std::swap(tags.at(static_cast<std::size_t>(i)), tags.at(static_cast<std::size_t>(i) + 1));
         return Planted{"", kConfig, "acme/go"}; }},
      {"E27", [](TrainFleet& f, int) {
         replace(f.file("acme/compose", ".env.example"), f.versions.back(), "latest", 1);
         return Planted{"acme/compose", ".env.example", "latest"}; }},
      {"E28", [](TrainFleet& f, int) { replace(f.file("acme/docs", ".gitlab-ci.yml"), "/^v?[0-9]", "/^v[0-9]"); return Planted{"acme/docs", ".gitlab-ci.yml", "^v[0-9]+\\."}; }},
      {"E08", [](TrainFleet& f, int) {
         replace(f.file("acme/js", "scripts/release.sh"), "^  ", "");
         return Planted{"acme/js", "scripts/release.sh", "'s/\"version\": \".*\"/x/'"}; }},
      {"E11", [](TrainFleet& f, int) {
         f.repositories.at("acme/docs").at("main").erase("schema/schema-" + f.versions.back() + ".json");
         return Planted{"", kConfig, "schema/schema-{version}.json"}; }},
      {"E12", [](TrainFleet& f, int) { f.repositories.at("acme/docs").at("gh-pages").erase(f.versions.back() + "/index.html"); return Planted{"", kConfig, "docs"}; }},
      {"E17", [](TrainFleet& f, int) { replace(f.file("acme/docs", "RELEASE.md"), "* acme/exporter\n", ""); return Planted{"acme/docs", "RELEASE.md", "acme/docs"}; }},
      {"E19", [](TrainFleet& f, int) {
         auto& package = f.package("npm");
         package.versions.pop_back();
         package.latest = package.versions.back().version;
         return Planted{"", kConfig, "npm:@acme/js"}; }},
      {"E30", [](TrainFleet& f, int) { f.package("pypi").versions.push_back({f.version(kReleases), "", "", false}); return Planted{"", kConfig, "pypi:acme-exporter"}; }},
      {"E31", [](TrainFleet& f, int i) {
         f.package("go").versions.at(static_cast<std::size_t>(kNewest)).commit = f.package("go").versions.at(static_cast<std::size_t>(i)).commit;
         return Planted{"", kConfig, "go:" + f.go_module()}; }},
      {"E32", [](TrainFleet& f, int i) { f.package("npm").latest = f.versions[static_cast<std::size_t>(i)]; return Planted{"", kConfig, "npm:@acme/js"}; }},
      {"E33", [](TrainFleet& f, int) { f.file("acme/compose", ".env.example") += "PORT=81\n"; return Planted{"acme/compose", ".env.example", "PORT"}; }},
      {"E34", [](TrainFleet& f, int) { replace(f.file("acme/compose", ".env.example"), "PORT=80\n", ""); return Planted{"acme/compose", "compose.yaml", "${PORT}"}; }},
      {"E35", [](TrainFleet& f, int i) {
         replace(f.file("acme/compose", "compose.yaml"), f.versions.back(), f.versions[static_cast<std::size_t>(i)]);
         return Planted{"acme/compose", "compose.yaml", f.versions[static_cast<std::size_t>(i)]}; }},
      {"E36", [](TrainFleet& f, int i) {
         f.forge.at("acme/exporter").items.tags.at(static_cast<std::size_t>(i)).commit_id = std::string(40, 'a');
         return Planted{"", kConfig, "acme/exporter"}; }},
      {"E29", [](TrainFleet& f, int) {
         f.repositories.at("acme/helm").at("main").erase("app/values.yaml");
         return Planted{"", kConfig, "/global/imageTag"}; }},
  };
  return all;
}

/// Whether a finding is the planted one: at the very bytes that hold its text.
bool is_planted(const rules::Finding& finding, const char* code, const Planted& planted, TrainFleet& fleet) {
  if (finding.code != code || finding.at.repository != planted.slug || finding.at.path != planted.path) return false;
  const std::string branch = finding.at.revision.empty() || finding.at.revision == "main" ? "main" : "refs/tags/" + finding.at.revision;
  const std::string& text = planted.path == kConfig ? fleet.trains : fleet.file(planted.slug, planted.path, branch);
  return slice(text, finding.at.bytes) == planted.text;
}

std::string shown(const rules::Finding& finding) {
  return finding.code + ' ' + finding.at.repository + ' ' + finding.at.revision + ' ' + finding.at.path + ':' + std::to_string(finding.at.begin.line) + ": " +
         finding.message + (finding.because.empty() ? "" : " (" + finding.because + ")");
}

TEST(Train, ThatAgreesWithItselfGivesNothing) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    TrainFleet fleet = clean_train(seed);
    std::size_t tags = 0;
    for (const auto& [slug, told] : fleet.tags) tags += told.size();
    EXPECT_EQ(fleet.repositories.size(), 8u);
    EXPECT_EQ(tags, 60u);
    const engine::Report report = judge(fleet);
    for (const auto* list : {&report.findings, &report.unknowns})
      for (const rules::Finding& finding : *list) ADD_FAILURE() << "seed " << seed << ": " << shown(finding);
  }
}

class EachTrainFault : public testing::TestWithParam<std::size_t> {};

TEST_P(EachTrainFault, IsFoundAtItsBytesAndNothingBesides) {
  const Fault& fault = faults()[GetParam()];
  int found = 0, besides = 0;
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    TrainFleet fleet = clean_train(seed);
    const Planted planted = fault.plant(fleet, 1 + static_cast<int>(seed) % (kNewest - 2));
    bool here = false;
    const engine::Report report = judge(fleet);
    for (const rules::Finding& finding : report.findings) {
      if (!here && is_planted(finding, fault.code, planted, fleet)) {
        here = true;
      } else {
        ++besides;
        ADD_FAILURE() << fault.code << ", seed " << seed << ", besides: " << shown(finding);
      }
    }
    EXPECT_TRUE(here) << fault.code << ", seed " << seed << ": not found in " << planted.slug << ' ' << planted.path << " at " << planted.text;
    found += here ? 1 : 0;
  }
  std::printf("%s: found %d of %u, %d besides\n", fault.code, found, kSeeds, besides);
}

INSTANTIATE_TEST_SUITE_P(Train, EachTrainFault, testing::Range(std::size_t{0}, faults().size()),
                         [](const auto& parameter) { return std::string(faults()[parameter.param].code); });

TEST(Train, OfManyFaultsAllAndOnlyThoseAreFound) {
  // Those that have nothing to do with each other.
  const std::set<std::string_view> together = {"E02", "E05", "E06", "E07", "E09", "E10", "E13", "E14", "E20", "E21", "E23", "E24", "E27",
                                               "E08", "E11", "E12", "E17", "E19", "E30", "E31", "E33", "E35", "E36"};
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    TrainFleet fleet = clean_train(seed);
    std::vector<std::pair<const char*, Planted>> planted;
    int release = 2;
    for (const Fault& fault : faults()) {
      if (!together.contains(fault.code)) continue;
      planted.emplace_back(fault.code, fault.plant(fleet, release));
      release = 2 + (release + 2) % 6;
    }
    const engine::Report report = judge(fleet);
    std::vector<bool> taken(report.findings.size());
    for (const auto& [code, where] : planted) {
      bool here = false;
      for (std::size_t i = 0; i < report.findings.size() && !here; ++i)
        if (!taken[i] && is_planted(report.findings[i], code, where, fleet)) here = taken[i] = true;
      EXPECT_TRUE(here) << "seed " << seed << ": " << code << " is not found";
    }
    for (std::size_t i = 0; i < report.findings.size(); ++i)
      if (!taken[i]) ADD_FAILURE() << "seed " << seed << ", besides: " << shown(report.findings[i]);
  }
}

TEST(Train, EveryRuleOfThePackHasAFault) {
  std::set<std::string_view> tried;
  for (const Fault& fault : faults()) tried.insert(fault.code);
  for (const rules::Rule& rule : rules::builtin_rules()) {
    if (rule.pack != "release") continue;
    EXPECT_TRUE(tried.contains(rule.code)) << rule.id;
  }
}

}  // namespace
}  // namespace trueup::mutate
