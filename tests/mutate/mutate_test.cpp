// Puts each rule's fault into a fleet that has none, at twenty seeded sites, and wants it found at the very bytes, and
// nothing besides.

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <cstdlib>
#include <set>

#include "base/text.hpp"
#include "mutate/fleet.hpp"

namespace trueup::mutate {
namespace {

/// Faults of each rule; TRUEUP_MUTATION_SITES=20 is what docs/rules.md speaks of. Sanitizers are ten times as slow, and what they look
/// for shows at the first.
std::uint32_t sites() {
  static const std::uint32_t kSites = [] {
    const char* wanted = std::getenv("TRUEUP_MUTATION_SITES");
    const long number = wanted == nullptr ? 0 : std::strtol(wanted, nullptr, 10);
    if (number > 0) return static_cast<std::uint32_t>(number);
#ifdef __SANITIZE_ADDRESS__
    return 1U;
#else
    return 5U;
#endif
  }();
  return kSites;
}

/// Where the injected fault stands.
struct Injected {
  std::string slug, path;
  ByteRange bytes;
  bool exact_end = true;  ///< false: only the first byte is known beforehand
};

std::string number(int i) { return std::to_string(i); }

/// Replaces the nth `from` (from 0) of a file by `to`; the fault is `marked` within `to`, all of it if empty.
Injected replace(Fleet& fleet, const std::string& slug, const std::string& path, const std::string& from, const std::string& to,
                 std::string marked = "", int nth = 0) {
  std::string bytes = fleet.read(slug, path);
  std::size_t at = bytes.find(from);
  for (int i = 0; i < nth && at != std::string::npos; ++i) at = bytes.find(from, at + 1);
  if (at == std::string::npos) throw std::logic_error(path + " does not hold " + from);
  bytes.replace(at, from.size(), to);
  fleet.write(slug, path, bytes);
  if (marked.empty()) marked = to;
  const auto begin = static_cast<std::uint32_t>(at + to.find(marked));
  return {slug, path, {begin, begin + static_cast<std::uint32_t>(marked.size())}};
}

Injected append(Fleet& fleet, const std::string& slug, const std::string& path, const std::string& text, const std::string& marked) {
  const std::string bytes = fleet.read(slug, path);
  fleet.write(slug, path, bytes + text);
  const auto begin = static_cast<std::uint32_t>(bytes.size() + text.rfind(marked));
  return {slug, path, {begin, begin + static_cast<std::uint32_t>(marked.size())}};
}

/// The place of the nth text (from 0), where the fault that was put elsewhere is to be found.
Injected found_at(const Fleet& fleet, const std::string& slug, const std::string& path, const std::string& text, int nth = 0) {
  const std::string& bytes = fleet.read(slug, path);
  std::size_t at = bytes.find(text);
  for (int i = 0; i < nth && at != std::string::npos; ++i) at = bytes.find(text, at + 1);
  if (at == std::string::npos) throw std::logic_error(path + " does not hold " + text);
  const auto begin = static_cast<std::uint32_t>(at);
  return {slug, path, {begin, begin + static_cast<std::uint32_t>(text.size())}};
}

/// What stands there already, made wrong by something else: `marked` within the first `text`.
Injected find(const Fleet& fleet, const std::string& slug, const std::string& path, const std::string& text, const std::string& marked) {
  const std::size_t at = fleet.read(slug, path).find(text);
  if (at == std::string::npos) throw std::logic_error(path + " does not hold " + text);
  const auto begin = static_cast<std::uint32_t>(at + text.find(marked));
  return {slug, path, {begin, begin + static_cast<std::uint32_t>(marked.size())}};
}

const std::string kUmbrella = "charts/Chart.yaml";
std::string build(int i) { return ".github/workflows/build-" + number(i) + ".yml"; }
std::string tell(int i) { return ".github/workflows/tell-" + number(i) + ".yaml"; }
std::string take(int i) { return ".github/workflows/take-" + number(i) + ".yml"; }
std::string called(int i) { return ".github/workflows/called-" + number(i) + ".yml"; }
std::string ship(int i) { return ".github/workflows/ship-" + number(i) + ".yml"; }
std::string check(int i) { return ".github/workflows/check-" + number(i) + ".yml"; }
std::string publish(int i) { return ".github/workflows/publish-" + number(i) + ".yml"; }
std::string announce(int i) { return ".github/workflows/announce-" + number(i) + ".yml"; }
engine::CaseRegistry::Chart& chart_of(Fleet& fleet, int i) {
  return fleet.charts.at({"registry.example/charts/svc" + number(i), "1.0.0-staging.abcdef1"});
}
std::string bump(int i) { return ".github/workflows/bump-" + number(i) + ".yml"; }
std::string apps(int i) { return "argocd/apps" + number(i) + ".yaml"; }
std::string values(int i) { return "helm/chart" + number(i) + "/values.yaml"; }

/// The workspace holds this in place of that, and is found where the declared side says `text`, at `marked`.
Injected in_workspace(Fleet& fleet, const std::string& from, const std::string& to, const std::string& path, const std::string& text, const std::string& marked) {
  fleet.stream_edits.emplace_back(from, to);
  return find(fleet, "acme/streams", path, text, marked);
}

/// What runs under this name has this besides.
void run_with(Fleet& fleet, const std::string& name, const std::string& more) {
  const std::string metadata = "\"name\":\"" + name + "\"}";
  fleet.live_edits.emplace_back(metadata, metadata + "," + more);
}
const std::string kStreamsProduction = ".github/workflows/streams-production.yml", kStreamsWatch = ".github/workflows/streams-watch.yml";
const std::string kStreamsCheck = ".github/workflows/streams-check.yml";
const std::string kStreams = "acme/streams", kConnections = "connections/all.json";
const std::string kStaging = "environments/staging/config.env", kProduction = "environments/production/config.env";
std::string streams(int i) { return ".github/workflows/streams-" + number(i) + ".yml"; }
std::string processor(int i) { return "processors/p" + number(i) + ".json"; }

const std::string kAtlantis = "acme/atlantis", kInfra = "acme/infra", kRoots = "atlantis.yaml";

/// The record of a root's deployment says something else.
void deployed(Fleet& fleet, int i, const std::string& from, const std::string& to) {
  const std::string before = "\"acme/infra||r" + number(i) + "\", \"Revision\": \"";
  fleet.deployment_edits.emplace_back(before + from, before + to);
}
Injected root_name(const Fleet& fleet, int i) { return find(fleet, kInfra, kRoots, "name: r" + number(i), "r" + number(i)); }
std::string gateway(int i) { return "env/i" + number(i) + "/gateway" + number(i) + ".env"; }

struct Mutation {
  const char* code;
  std::function<Injected(Fleet&, int site)> inject;  ///< site in [0, kServices)
  std::set<std::string> implied;  ///< codes that the same fault makes true as well
};

/// A service that no promise binds to another.
int unbound(int i) { return 2 + i % (kServices - 2); }

/// Tags a chart as it stands.
std::string tag_chart(Fleet& fleet, int i) {
  const std::string folder = "helm/chart" + number(i) + "/";
  auto& tagged = fleet.repositories.at("acme/metastore")["refs/tags/chart" + number(i) + "-1." + number(i) + ".0"];
  for (const char* name : {"Chart.yaml", "values.yaml"}) tagged[folder + name] = fleet.read("acme/metastore", folder + name);
  return folder;
}

/// `from` by `to` in a file of the default branch alone.
Injected replace_on_main(Fleet& fleet, const std::string& slug, const std::string& path, const std::string& from, const std::string& to) {
  std::string& bytes = fleet.repositories.at(slug).at("main").at(path);
  const std::size_t at = bytes.find(from);
  if (at == std::string::npos) throw std::logic_error(path + " does not hold " + from);
  bytes.replace(at, from.size(), to);
  const auto begin = static_cast<std::uint32_t>(at);
  return {slug, path, {begin, begin + static_cast<std::uint32_t>(to.size())}};
}

const std::vector<Mutation>& mutations() {
  static const std::vector<Mutation> all = {
      {"C01", [](Fleet& f, int i) { return replace(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", "1.0.0-staging.fedcba9", "", unbound(i)); }, {}},
      {"C02", [](Fleet& f, int i) { return replace(f, "acme/metastore", "helm/chart" + number(i) + "/Chart.yaml", "1." + number(i) + ".0", "1.0.0-staging.0157584"); }, {}},
      {"C03", [](Fleet& f, int i) { return replace(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", "1.0.0-staging.PLACEHOLDER", "", unbound(i)); }, {}},
      {"C04", [](Fleet& f, int i) { return replace(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", "1.0.1", "", unbound(i)); }, {"C01"}},
      {"C05", [](Fleet& f, int i) { return replace(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", "1.0.0-staging.deadbe1", "", unbound(i)); }, {"C01"}},
      {"C06", [](Fleet& f, int i) { return replace(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", "1.0.0-docs.abcdef1", "", unbound(i)); }, {"C01", "C07"}},
      {"C07", [](Fleet& f, int i) { return replace(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", "1.0.0-docs.ccccccc", "", unbound(i)); }, {"C01"}},
      {"C10", [](Fleet& f, int i) { return replace(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", "1.0.0-staging.bbbbbb2", "", unbound(i)); }, {}},
      {"C08", [](Fleet& f, int) { return replace(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", "1.0.0-staging.bbbbbb2", "", 1); }, {"C10"}},
      {"C11", [](Fleet& f, int i) {
         return replace(f, "acme/deploy", kUmbrella, "oci://registry.example/charts", "oci://registry.example/charts/svc" + number(unbound(i)), "", unbound(i)); }, {}},
      {"C12", [](Fleet& f, int i) { return replace(f, "acme/deploy", kUmbrella, "file://../subcharts/loc" + number(i), "file://../subcharts/gone"); }, {}},
      {"C15", [](Fleet& f, int i) {
         const std::string path = "stack" + number(i) + "/Chart.lock";
         const std::string text = f.read("acme/deploy", path);
         const std::string digest = text.substr(text.find("sha256:"), 71);
         std::string other = digest;
         other[20] = other[20] == 'a' ? 'b' : 'a';
         return replace(f, "acme/deploy", path, digest, other); }, {}},
      {"C16", [](Fleet& f, int i) {
         replace(f, "acme/deploy", bump(i), "helm dependency update", "helm dependency build");
         const auto begin = static_cast<std::uint32_t>(f.read("acme/deploy", bump(i)).find("'(.dependencies"));
         return Injected{"acme/deploy", bump(i), {begin, begin}, false}; }, {}},
      {"C31", [](Fleet& f, int i) {
         replace(f, "acme/deploy", bump(i), "== \"redis\"", "== \"rediss\"");
         const auto begin = static_cast<std::uint32_t>(f.read("acme/deploy", bump(i)).find("'(.dependencies"));
         return Injected{"acme/deploy", bump(i), {begin, begin}, false}; }, {}},
      {"C19", [](Fleet& f, int i) { return append(f, "acme/metastore", "helm/chart" + number(i) + "/.helmignore", "helm/**/charts/*.tgz\n", "**"); }, {}},
      {"C27", [](Fleet& f, int i) { return replace(f, "acme/metastore", announce(i), "${GITHUB_REF_NAME//\\//-}", "${GITHUB_REF_NAME}"); }, {}},
      {"C28", [](Fleet& f, int i) { return replace(f, "acme/metastore", announce(i), "${GITHUB_SHA::7}", "${GITHUB_SHA::9}", "", 2 * (i % 2)); }, {"C35"}},
      {"C25", [](Fleet& f, int i) { return replace(f, "acme/metastore", values(i), "\"1." + number(i + 1) + "0\"", "1." + number(i + 1) + "0"); }, {}},
      {"W01", [](Fleet& f, int i) { return replace(f, "acme/metastore", tell(i), "chart-" + number(i) + "-published", "chart-" + number(i) + "-publisht"); }, {"W02"}},
      {"W02", [](Fleet& f, int i) { return replace(f, "acme/deploy", take(i), "-published]", "-published, never-sent]", "never-sent"); }, {}},
      {"W03", [](Fleet& f, int i) {
         return replace(f, "acme/deploy", take(i), "github.event.client_payload.version", "github.event.client_payload.verzion"); }, {"W04"}},
      {"W04", [](Fleet& f, int i) {
         replace(f, "acme/deploy", take(i), " ${{ github.event.client_payload.branch }}", "");
         return find(f, "acme/metastore", tell(i), i % 2 == 0 ? "\"branch\"" : "[branch]", "branch"); }, {"W04"}},
      {"W05", [](Fleet& f, int i) {
         std::string more;
         for (int k = 1; k <= 9; ++k)
           more += i % 2 == 0 ? ", \"key" + number(k) + "\": 1" : " -f 'client_payload[key" + number(k) + "]=1'";
         const std::string last = i % 2 == 0 ? "\"branch\": \"main\"" : "'client_payload[branch]=main'";
         return replace(f, "acme/metastore", tell(i), last, last + more, "key9"); }, {"W04"}},
      {"W07", [](Fleet& f, int i) { return replace(f, "acme/metastore", tell(i), "${{ secrets.T }}", "${{ secrets.GITHUB_TOKEN }}"); }, {}},
      {"W08", [](Fleet& f, int i) { return replace(f, "acme/metastore", tell(i), "Build " + number(i), "Biuld " + number(i)); }, {}},
      {"W09", [](Fleet& f, int i) { return replace(f, "acme/metastore", tell(i), "branches: [main]", "branches: [main, docs]", "docs"); }, {}},
      {"W10", [](Fleet& f, int i) {
         replace(f, "acme/metastore", tell(i), "github.event.workflow_run.conclusion == 'success'", "github.actor != 'bot'");
         const std::string event = "chart-" + number(i) + "-published";
         return find(f, "acme/metastore", tell(i), event, event); }, {}},
      {"W11", [](Fleet& f, int i) {
         if (i % 2 == 0) return replace(f, "acme/metastore", tell(i), "github.event.workflow_run.head_sha", "github.sha");
         return replace(f, "acme/metastore", tell(i), "[version]=1.0.0", "[version]=${{ github.sha }}", "github.sha"); }, {}},
      {"W12", [](Fleet& f, int i) {
         return replace(f, "acme/deploy", take(i), "    steps:", "    steps:\n      - uses: actions/checkout@v4\n      - run: git push", "actions/checkout@v4"); }, {}},
      {"W13", [](Fleet& f, int i) {
         return replace(f, "acme/metastore", build(i), "== 'refs/heads/main'", "== 'refs/heads/main' || 'refs/heads/staging'", "'refs/heads/staging'"); }, {}},
      {"W15", [](Fleet& f, int i) {
         return replace(f, "acme/metastore", ship(i), "github.ref == 'refs/heads/main'", "always() && github.ref == 'refs/heads/main'"); }, {}},
      {"W16", [](Fleet& f, int i) {
         replace(f, "acme/metastore", ship(i), "github.ref == 'refs/heads/main'", "github.ref != 'refs/heads/main'");
         return replace(f, "acme/metastore", ship(i), "appany/helm-oci-chart-releaser@v0.4.2", "appany/helm-oci-chart-releaser@v0.4.2"); }, {}},
      {"W17", [](Fleet& f, int i) { return replace(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", "1.0.0-gone.abcdef1", "", unbound(i)); }, {"C01", "C06", "C07"}},
      {"W18", [](Fleet& f, int i) {
         return replace(f, "acme/metastore", ship(i), "helm/chart" + number(i) + "/**", "helm/chart" + number(i) + "/values.yaml"); }, {}},
      {"W19", [](Fleet& f, int i) { return replace(f, "acme/metastore", ship(i), "helm/chart" + number(i) + "/**", "helm/gone/**"); }, {}},
      {"W20", [](Fleet& f, int i) { return replace(f, "acme/metastore", build(i), "steps.version.outputs.chart", "steps.verison.outputs.chart"); }, {"W55"}},
      {"W21", [](Fleet& f, int i) {
         replace(f, "acme/metastore", publish(i), " >> \"$GITHUB_ENV\"", "");
         return found_at(f, "acme/metastore", publish(i), "${VERSION}"); }, {}},
      {"W22", [](Fleet& f, int i) {
         replace(f, "acme/metastore", publish(i), "helm registry login ghcr.io -u ship", "helm version -u ship");
         replace(f, "acme/metastore", publish(i), "gh pr list", "helm registry login ghcr.io -u ship -p x && gh pr list");
         return found_at(f, "acme/metastore", publish(i), "helm push"); }, {}},
      {"W23", [](Fleet& f, int i) {
         replace(f, "acme/metastore", publish(i), "helm registry login ghcr.io -u b", "echo ghcr.io -u b");
         return found_at(f, "acme/metastore", publish(i), "helm pull", 1); }, {}},
      {"W33", [](Fleet& f, int i) {
         replace(f, "acme/metastore", publish(i), "packages: write", "packages: read");
         return found_at(f, "acme/metastore", publish(i), "helm push"); }, {}},
      {"W36", [](Fleet& f, int i) {
         replace(f, "acme/metastore", publish(i), "uses: actions/checkout@v4", "run: echo no checkout", "", 1);
         return found_at(f, "acme/metastore", publish(i), "./scripts/tool" + number(i) + ".sh"); }, {}},
      {"W37", [](Fleet& f, int i) {
         replace(f, "acme/metastore", publish(i), "GH_TOKEN", "GH_TOKN");
         return found_at(f, "acme/metastore", publish(i), "gh pr list"); }, {}},
      {"W41", [](Fleet& f, int i) { return replace(f, "acme/metastore", publish(i), "LEVEL=2", "LEVLE=2", "LEVLE"); }, {}},
      {"W42", [](Fleet& f, int i) {
         replace(f, "acme/metastore", "scripts/tool" + number(i) + ".sh", "$1", "it");
         return found_at(f, "acme/metastore", publish(i), "./scripts/tool" + number(i) + ".sh"); }, {}},
      {"W24", [](Fleet& f, int i) { return replace(f, "acme/metastore", announce(i), "x" + number(i) + "-v |", "y" + number(i) + "-v |", "y" + number(i) + "-v"); }, {}},
      {"W25", [](Fleet& f, int i) { return replace(f, "acme/metastore", announce(i), "--limit 50", "--limit 1", "", i % 2); }, {}},
      {"W26", [](Fleet& f, int i) {
         Injected at = replace(f, "acme/metastore", announce(i), "[ -n \"$FOUND\" ] || exit 1", "true");
         const auto begin = static_cast<std::uint32_t>(f.read("acme/metastore", announce(i)).find("gh release list"));
         at.bytes = {begin, begin + 15};
         return at; }, {}},
      {"W30", [](Fleet& f, int i) { return replace(f, "acme/metastore", build(i), "./scripts/step" + number(i) + ".sh", "./scripts/gone.sh"); }, {}},
      {"W29", [](Fleet& f, int i) { return replace(f, "acme/metastore", ship(i), "acme/open/notes@v1", "acme/closed/notes@v1"); }, {}},
      {"W34", [](Fleet& f, int i) { return replace(f, "acme/metastore", ship(i), "ref: staging", "ref: stagnig", "stagnig"); }, {}},
      {"W35", [](Fleet& f, int i) { return replace(f, "acme/metastore", ship(i), "count: 3", "count: three", "three"); }, {}},
      {"W50", [](Fleet& f, int i) { return replace(f, "acme/metastore", ship(i), "report-" + number(i) + "-a", "report-" + number(i) + "-c"); }, {}},
      {"W51", [](Fleet& f, int i) {
         return replace(f, "acme/metastore", ship(i), "report-" + number(i) + "-${{ matrix.suite }}", "report-" + number(i) + "-a"); }, {"W50"}},
      {"W52", [](Fleet& f, int i) { return replace(f, "acme/metastore", ship(i), "smoke-test (a)", "smoke-test"); }, {}},
      {"W53", [](Fleet& f, int i) { return replace(f, "acme/metastore", ship(i), "== 'success'", "== 'succeeded'", "succeeded"); }, {}},
      {"W54", [](Fleet& f, int i) { return replace(f, "acme/metastore", ship(i), "['!docs/**']", "['src/**', '!docs/**']", "!docs/**"); }, {}},
      {"W55", [](Fleet& f, int i) {
         return replace(f, "acme/metastore", ship(i), "echo shipped", "echo \"unread=1\" >> \"$GITHUB_OUTPUT\"", "unread"); }, {}},
      {"C34", [](Fleet& f, int i) { return replace(f, "acme/metastore", "helm/chart" + number(i) + "/values.yaml", "\"3.1\"", "\"3.2\"", "3.2"); }, {}},
      {"W14", [](Fleet& f, int i) { return replace(f, "acme/metastore", build(i), "github.ref == 'refs/heads/main'", "github.ref == 'main'"); }, {}},
      {"W32", [](Fleet& f, int i) {
         return replace(f, "acme/metastore", build(i), "actions/checkout@v4", "actions/checkout@v4\n      - uses: lewagon/wait-on-check-action@v1",
                        "lewagon/wait-on-check-action@v1"); }, {}},
      {"W38", [](Fleet& f, int i) {
         return replace(f, "acme/metastore", tell(i), "steps:",
                        "steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.workflow_run.head_branch }}",
                        "${{ github.event.workflow_run.head_branch }}"); }, {}},
      {"W39", [](Fleet& f, int i) {
         return replace(f, "acme/metastore", build(i), "${{ needs.build.outputs.version }}",
                        "${{ needs.build.outputs.version }} ${{ github.event.pull_request.number }}", "github.event.pull_request.number"); }, {}},
      {"W40", [](Fleet& f, int i) {
         return replace(f, "acme/metastore", build(i), "actions/checkout@v4", "actions/checkout@v4\n        with:\n          ref: $GITHUB_SHA",
                        "$GITHUB_SHA"); }, {}},
      {"A05", [](Fleet& f, int i) { return replace(f, "acme/deploy", "argocd/registry" + number(i) + ".yaml", "\"true\"", "\"yes\"", "yes"); }, {}},
      {"A06", [](Fleet& f, int i) {
         return replace(f, "acme/deploy", "argocd/registry" + number(i) + ".yaml", "password: sealed", "password: ${{ secrets.T }}", "${{ secrets.T }}"); }, {}},
      {"A01", [](Fleet& f, int i) { return replace(f, "acme/deploy", apps(i), "apps/a" + number(i), "apps/b" + number(i)); }, {"A02"}},
      {"A02", [](Fleet& f, int i) { return replace(f, "acme/deploy", apps(i), "values-prod.yaml", "values-gone.yaml"); }, {}},
      {"A03", [](Fleet& f, int i) { return replace(f, "acme/deploy", apps(i), "$cfg/env" + number(i) + ".yaml", "$cgf/env" + number(i) + ".yaml"); }, {"A03"}},
      {"A04", [](Fleet& f, int i) {
         replace(f, "acme/deploy", apps(i), "namespace: tenant-" + number(i), "namespace: kube-system");
         return found_at(f, "acme/deploy", apps(i), "https://kubernetes.default.svc"); }, {}},
      {"A12", [](Fleet& f, int i) { return replace(f, "acme/deploy", apps(i), "targetRevision: main", "targetRevision: HEAD", "HEAD"); }, {}},
      {"A13", [](Fleet& f, int i) { return replace(f, "acme/deploy", apps(i), ">=1.0.0-0", "^9.0.0"); }, {}},
      {"A14", [](Fleet& f, int i) { return replace(f, "acme/deploy", apps(i), "ranged-" + number(i), "app-" + number(i)); }, {"A12"}},
      {"A15", [](Fleet& f, int i) { return replace(f, "acme/deploy", apps(i), "enabled: true", "enabled: false", "false"); }, {}},
      {"A16", [](Fleet& f, int i) {
         return replace(f, "acme/metastore", build(i), "actions/checkout@v4", "actions/checkout@v4\n      - run: chmod -R 777 ~/.docker", "chmod -R 777 ~/.docker"); }, {}},
      {"A17", [](Fleet& f, int i) { return replace(f, "acme/deploy", apps(i), "targetRevision: main", "targetRevision: mian", "mian"); }, {}},
      {"A18", [](Fleet& f, int i) { return replace(f, "acme/deploy", apps(i), "1.0.0-staging.abcdef1", "1.0.0-staging.fedcba9"); }, {}},
      {"A19", [](Fleet& f, int i) { return replace(f, "acme/deploy", apps(i), "plain/q" + number(i), "plain/p" + number(i)); }, {}},
      {"A08", [](Fleet& f, int i) {
         run_with(f, "ranged-" + number(i), R"("status":{"health":{"status":"Degraded","lastTransitionTime":"1969-12-01T00:00:00Z"}})");
         return found_at(f, "acme/deploy", apps(i), "ranged-" + number(i)); }, {}},
      {"A10", [](Fleet& f, int i) {
         run_with(f, "ranged-" + number(i), R"("status":{"summary":{"images":["registry.example/images/x)" + number(i) +
                                                R"(:hotfix"]},"history":[{"deployedAt":"1969-12-01T00:00:00Z"}]})");
         return found_at(f, "acme/deploy", apps(i), "v2." + number(i)); }, {}},
      {"A11", [](Fleet& f, int i) {
         f.live_edits.emplace_back("\"chart\":\"svc" + number(i) + "\",\"targetRevision\":\"1.0.0-staging.abcdef1\"",
                                   "\"chart\":\"svc" + number(i) + "\",\"targetRevision\":\"1.0.0-staging.bbbbbb2\"");
         return found_at(f, "acme/deploy", apps(i), "1.0.0-staging.abcdef1"); }, {}},
      {"A09", [](Fleet& f, int i) {
         run_with(f, "first-" + number(i), R"("status":{"sync":{"status":"Synced","revision":"eeeeee1000000000000000000000000000000000"}})");
         return found_at(f, "acme/deploy", apps(i), "https://github.com/acme/deploy", 1); }, {}},
      {"A22", [](Fleet& f, int i) {
         const std::string n = number(i), head = R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"namespace":"argocd")",
                           parent = head + R"(,"name":"first-)" + n + "\"}";
         f.repositories["acme/deploy"]["main"]["plain/p" + n + "/child.yaml"] =
             "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: kept-" + n + ", namespace: argocd}\nspec:\n  project: tenants\n"
             "  destination: {server: https://kubernetes.default.svc, namespace: tenant-" + n + "}\n"
             "  source: {repoURL: 'https://github.com/acme/deploy', path: plain/q" + n + "}\n";
         f.live_edits.emplace_back(parent, head + R"(,"name":"left-)" + n + R"(","labels":{"app.kubernetes.io/instance":"first-)" + n + R"("}},"spec":{}},)" + parent +
                                               R"(,"status":{"reconciledAt":"2025-12-31T23:00:00Z"})");
         return found_at(f, "acme/deploy", apps(i), "https://github.com/acme/deploy", 1); }, {}},
      {"A23", [](Fleet& f, int i) {
         for (const char* name : {"first-", "second-"})
           run_with(f, name + number(i), R"("status":{"resources":[{"group":"apps","kind":"Deployment","namespace":"x","name":"web","version":"v1"}]})");
         return found_at(f, "acme/deploy", apps(i), "second-" + number(i)); }, {}},
      {"A24", [](Fleet& f, int i) {
         f.live_edits.emplace_back("\"revisionHistoryLimit\":3", "\"revisionHistoryLimit\":4");
         return append(f, "acme/deploy", apps(i),
                       "---\napiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set-" + number(i) + ", namespace: argocd}\nspec:\n  generators: [clusters: {}]\n"
                       "  template:\n    metadata: {name: '{{name}}-x'}\n    spec:\n      project: tenants\n"
                       "      destination: {server: '{{server}}', namespace: tenant-" + number(i) + "}\n"
                       "      source: {repoURL: registry.example/charts, chart: svc" + number(i) + ", targetRevision: 1.0.0-staging.abcdef1}\n"
                       "      revisionHistoryLimit: 3\n", "3"); }, {}},
      {"A25", [](Fleet& f, int i) {
         const std::string n = number(i), project = R"({"apiVersion":"argoproj.io/v1alpha1","kind":"AppProject")";
         f.live_edits.emplace_back(project, project + R"(,"metadata":{"name":"extra-)" + n + R"("},"spec":{"sourceRepos":["*"],"destinations":[{"server":"*","namespace":"elsewhere"}]}},)" + project);
         return append(f, "acme/deploy", apps(i),
                       "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: extra-" + n + ", namespace: argocd}\nspec:\n  project: extra-" + n + "\n"
                       "  source: {repoURL: registry.example/charts, chart: svc" + n + ", targetRevision: 1.0.0-staging.abcdef1}\n"
                       "  destination: {server: https://kubernetes.default.svc, namespace: tenant-" + n + "}\n", "https://kubernetes.default.svc"); }, {}},
      {"A26", [](Fleet& f, int i) {
         const std::string n = number(i), repository = R"({"repo":"https://github.com/acme/)";
         f.live_edits.emplace_back(repository, repository + "extra-" + n + R"(","connectionState":{"status":"Failed","message":"authentication required"}},)" + repository);
         return append(f, "acme/deploy", apps(i),
                       "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: opened-" + n + ", namespace: argocd}\nspec:\n  project: tenants\n"
                       "  destination: {server: https://kubernetes.default.svc, namespace: tenant-" + n + "}\n"
                       "  source: {repoURL: 'https://github.com/acme/extra-" + n + "', path: x}\n", "https://github.com/acme/extra-" + n); }, {}},
      {"A27", [](Fleet& f, int i) {
         const std::string n = number(i);
         f.base = f.repositories.at("acme/deploy").at("main");
         f.base["spare/s" + n + "/kustomization.yaml"] = "resources: []\n";
         f.repositories["acme/infra"]["main"]["argocd/spare.yaml"] =
             "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: spare-" + n + ", namespace: argocd}\nspec:\n  project: tenants\n"
             "  destination: {server: https://kubernetes.default.svc, namespace: tenant-" + n + "}\n"
             "  source: {repoURL: 'https://github.com/acme/deploy', path: spare/s" + n + "}\n";
         return found_at(f, "acme/infra", "argocd/spare.yaml", "spare/s" + n); }, {"A01"}},
      {"A21", [](Fleet& f, int i) {
         const std::string n = number(i);
         return append(f, "acme/deploy", apps(i),
                       "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: indexed-" + n + ", namespace: argocd}\nspec:\n  project: tenants\n"
                       "  destination: {server: https://kubernetes.default.svc, namespace: tenant-" + n + "}\n"
                       "  source: {repoURL: 'https://charts.example/r" + n + "', chart: redis, targetRevision: 9.9.9}\n", "9.9.9"); }, {"A04"}},
      {"C40", [](Fleet& f, int i) { return replace(f, "acme/deploy", "stack" + number(i) + "/Chart.yaml", "1.x.x", "9.x.x"); }, {"C15"}},
      {"C13", [](Fleet& f, int i) {
         const std::string path = "old/svc" + number(i) + "/Chart.yaml";
         f.repositories["acme/deploy"]["main"][path] = "apiVersion: v2\nname: svc" + number(i) + "\nversion: 9.9.9\n";
         return found_at(f, "acme/deploy", path, "9.9.9"); }, {}},
      {"C14", [](Fleet& f, int i) {
         replace(f, "acme/deploy", "subcharts/loc" + number(i) + "/Chart.yaml", "0.1.0", "0.1.1");
         return found_at(f, "acme/deploy", kUmbrella, "0.1.0", i); }, {}},
      {"C17", [](Fleet& f, int i) {
         chart_of(f, i).version = "1.0.0-staging.bbbbbb2";
         return found_at(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", i); }, {}},
      {"C18", [](Fleet& f, int i) {
         std::erase_if(chart_of(f, i).files, [](const auto& file) { return file.first.starts_with("charts/redis/"); });
         return found_at(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", i); }, {}},
      {"C42", [](Fleet& f, int i) {
         const std::string folder = "guarded" + number(i) + "/";
         auto& files = f.repositories["acme/deploy"]["main"];
         files[folder + "Chart.yaml"] = "apiVersion: v2\nname: guarded" + number(i) + "\nversion: 0.1.0\n";
         files[folder + "values.yaml"] = "web: {enabeld: true, port: 80}\n";
         files[folder + "templates/web.yaml"] = "{{ if .Values.web.enabled }}{{ .Values.web.port }}{{ end }}\n";
         return found_at(f, "acme/deploy", folder + "templates/web.yaml", ".Values.web.enabled"); }, {}},
      {"C20", [](Fleet& f, int i) {
         for (auto& [path, text] : chart_of(f, i).files)
           if (path == "values.yaml") text = replace_all(text, "abcdef1", "bbbbbb2");
         return found_at(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", i); }, {"C41"}},
      {"C29", [](Fleet& f, int i) {
         chart_of(f, i).files.emplace_back("svc-0.9.0.tgz", "gzip");
         return found_at(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", i); }, {}},
      {"C33", [](Fleet& f, int i) {
         f.charts.at({"registry.example/images/svc" + number(i), "abcdef1"}).platforms = {"linux/amd64"};
         return found_at(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", i); }, {}},
      {"C41", [](Fleet& f, int) {
         for (auto& [path, text] : chart_of(f, 2).files)
           if (path == "values.yaml") text = replace_all(text, "abcdef1", "bbbbbb2");
         return found_at(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", 2); }, {"C20"}},
      {"C09", [](Fleet& f, int i) {
         f.base = f.repositories.at("acme/deploy").at("main");
         return replace(f, "acme/deploy", kUmbrella, "1.0.0-staging.abcdef1", "1.0.0-staging.bbbbbb2", "", unbound(i)); }, {"C10"}},
      {"C22", [](Fleet& f, int i) {
         const std::string key = "svc" + number(i) + ": {replicas";
         return replace(f, "acme/deploy", "charts/values.yaml", key, "svcc" + number(i) + ": {replicas", "svcc" + number(i)); }, {}},
      {"C30", [](Fleet& f, int i) {
         f.more_releases.push_back("svc" + number(i) + "-1.0.0-staging.fedcba9");
         return found_at(f, "acme/metastore", "helm/svc" + number(i) + "/Chart.yaml", "svc" + number(i)); }, {}},
      {"C32", [](Fleet& f, int i) {
         f.more_runs.emplace_back(publish(i), "fedcba9000000000000000000000000000000000");
         return found_at(f, "acme/metastore", publish(i), "helm push"); }, {}},
      {"W58", [](Fleet& f, int i) { return replace(f, "acme/metastore", check(i), "secrets.KEY", "secrets.KEYS"); }, {}},
      {"A07", [](Fleet& f, int i) {
         const std::string n = number(i);
         f.live_edits.emplace_back("\"name\":\"pinned-" + n + "\",\"namespace\":\"argocd\"}",
                                   "\"name\":\"pinned-" + n + R"(","namespace":"argocd"},"status":{"summary":{"images":["registry.example/images/svc)" + n +
                                       R"(:old"]},"history":[{"revision":"eeeeee1000000000000000000000000000000000","deployedAt":"2025-12-01T00:00:00Z"}]})");
         return append(f, "acme/deploy", apps(i),
                       "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: pinned-" + n + ", namespace: argocd}\nspec:\n  project: tenants\n"
                       "  destination: {server: https://kubernetes.default.svc, namespace: tenant-" + n + "}\n"
                       "  source: {repoURL: 'https://github.com/acme/deploy', path: charts, targetRevision: main}\n", "main"); }, {}},
      {"C24", [](Fleet& f, int i) {
         const std::string folder = "seed" + number(i) + "/";
         auto& files = f.repositories["acme/deploy"]["main"];
         files[folder + "values-template.yaml"] = files[folder + "values.yaml"] = "image: {name: SVC_NAME_" + number(i) + "}\n";
         files["scripts/seed" + number(i) + ".sh"] = "#!/bin/sh\nsed -i s/SVC_NAME_" + number(i) + "/$1/ " + folder + "values.yaml\n";
         return found_at(f, "acme/deploy", folder + "values.yaml", "SVC_NAME_" + number(i)); }, {}},
      {"A20", [](Fleet& f, int i) {
         f.live_edits.emplace_back("\"name\":\"ranged-" + number(i) + "\"", "\"name\":\"elsewhere\"");
         return found_at(f, "acme/deploy", apps(i), "ranged-" + number(i)); }, {}},
      {"C21", [](Fleet& f, int i) {
         const std::string key = "svc" + number(i) + ": {replicas: 2";
         return replace(f, "acme/deploy", "charts/values.yaml", key, key + ", image: {tag: old}", "old"); }, {}},
      {"C23", [](Fleet& f, int i) {
         return replace(f, "acme/deploy", "charts/values.yaml", "svc" + number(i) + ": {replicas: 2}", "svc" + number(i) + ": {enabled: true}", "true"); }, {}},
      {"C39", [](Fleet& f, int i) {
         return replace(f, "acme/deploy", "charts/values.yaml", "loc" + number(i) + ": {enabled: true}", "loc" + number(i) + ": {enabled: never}", "never"); }, {}},
      {"C35", [](Fleet& f, int i) {
         return replace(f, "acme/metastore", announce(i), "\\\"g${GITHUB_SHA::7}\\\"", "\\\"${GITHUB_SHA::7}\\\"", "${GITHUB_SHA::7}"); }, {}},
      {"C36", [](Fleet& f, int i) {
         const std::string folder = tag_chart(f, i);
         replace_on_main(f, "acme/metastore", folder + "values.yaml", "replicas: 2", "replicas: 3");
         return found_at(f, "acme/metastore", folder + "Chart.yaml", "1." + number(i) + ".0"); }, {}},
      {"C38", [](Fleet& f, int i) {
         const std::string folder = tag_chart(f, i);
         return replace_on_main(f, "acme/metastore", folder + "Chart.yaml", "1." + number(i) + ".0", "1.0.0-alpha"); }, {}},
      {"C37", [](Fleet& f, int i) { return replace(f, "acme/metastore", "images/i" + number(i) + "/Dockerfile", "alpine:3.20", "alpine:3.19"); }, {}},
      {"W43", [](Fleet& f, int i) { return replace(f, "acme/metastore", "images/i" + number(i) + "/Dockerfile", "alpine:3.20", "${BASE}"); }, {}},
      {"W44", [](Fleet& f, int i) { return replace(f, "acme/metastore", publish(i), " | sort -V | tail -1", " | tail -1", "tail -1"); }, {}},
      {"W45", [](Fleet& f, int i) { return replace(f, "acme/metastore", ".github/dependabot.yml", "/images/i" + number(i), "/images/gone"); }, {}},
      {"W46", [](Fleet& f, int i) { return replace(f, "acme/metastore", ".github/CODEOWNERS", "/helm/chart" + number(i) + "/", "/helm/gone/"); }, {}},
      {"W56", [](Fleet& f, int i) { return replace(f, "acme/metastore", ship(i), "cat junit.xml", "cat out/junit.xml"); }, {}},
      {"W06", [](Fleet& f, int i) {
         replace(f, "acme/metastore", check(i), "acme/tools", "acme/old");
         return found_at(f, "acme/metastore", check(i), "other.yml"); }, {}},
      {"W59", [](Fleet& f, int i) {
         const std::string job = "  gate-" + number(i) + ":";
         return replace(f, "acme/metastore", check(i), job, job + "\n    name: Gate the merge", "Gate the merge"); }, {}},
      {"W60", [](Fleet& f, int i) {
         replace(f, "acme/metastore", called(i), "    runs-on:", "    permissions: {packages: write}\n    runs-on:");
         return found_at(f, "acme/metastore", ship(i), "./" + called(i)); }, {}},
      {"W57", [](Fleet& f, int i) {
         return replace(f, "acme/releases", ".github/workflows/release-" + number(i) + ".yml", "'v*'", "'v1.0.*'", "v1.0.*"); }, {}},
      {"W28", [](Fleet& f, int i) {  // the first place of a name stands; the others are compared with it
         return replace(f, "acme/metastore", announce(i), "GH_TOKEN: \"${{ secrets.T }}\"", "GH_TOKEN: \"${{ secrets.U }}\"", "${{ secrets.U }}", 1); }, {}},
      {"W31", [](Fleet& f, int i) {
         const std::string retag = ".github/workflows/retag-" + number(i) + ".yml";
         replace(f, "acme/deploy", retag, "\"${{ inputs.version }}\"'", "\"${{ github.sha }}\"'");
         return found_at(f, "acme/deploy", retag, "inputs.version"); }, {}},
      {"C26", [](Fleet& f, int i) {
         replace(f, "acme/metastore", ship(i), "{name: svc" + number(i) + "}", "{name: other}");
         return found_at(f, "acme/deploy", "charts/Chart.yaml", "svc" + number(i)); }, {}},
      {"S01", [](Fleet& f, int i) { return replace(f, kStreams, processor(i), "{\"$match\": {}}", "{\"$match\": {}, \"$project\": {}}", "$project"); }, {}},
      {"S02", [](Fleet& f, int i) { return replace(f, kStreams, processor(i), "\"name\": \"p" + number(i), "\"name\": \"q_p" + number(i), "q_p" + number(i)); }, {"S20"}},
      {"S03", [](Fleet& f, int i) { return replace(f, kStreams, processor(i), "$match", "$source"); }, {}},
      {"S04", [](Fleet& f, int i) { return replace(f, kStreams, processor(i), "in" + number(i), "gone" + number(i)); }, {"S09"}},
      {"S05", [](Fleet& f, int i) { return replace(f, kStreams, processor(i), "out" + number(i), "in" + number(i), "", 1); }, {}},
      {"S06", [](Fleet& f, int i) {
         replace(f, kStreams, processor(i), ", \"coll\": \"dead\"", "");
         return found_at(f, kStreams, processor(i), "dlq"); }, {}},
      {"S07", [](Fleet& f, int i) {
         replace(f, kStreams, processor(i), "\"dlq\": {", "\"other\": {");
         return found_at(f, kStreams, processor(i), "dlq"); }, {}},
      {"S08", [](Fleet& f, int i) { return replace(f, kStreams, kConnections, "\"Cluster\"", "\"Clustr\"", "Clustr", i); }, {}},
      {"S09", [](Fleet& f, int i) {
         const std::string in = "{\"name\": \"in" + number(i) + "\"";
         return replace(f, kStreams, kConnections, in, "{\"name\": \"old\", \"type\": \"Https\", \"url\": \"x\"}, " + in, "old"); }, {}},
      {"S10", [](Fleet& f, int i) { return replace(f, kStreams, kConnections, "{{PASSWORD" + number(i) + "}}", "hunter2"); }, {}},
      {"S13", [](Fleet& f, int i) {
         replace(f, kStreams, kProduction, "V" + number(i) + "=2", "# V" + number(i));
         return found_at(f, kStreams, kProduction, "PROJECT_ID"); }, {}},
      {"S14", [](Fleet& f, int i) { return replace(f, kStreams, kProduction, "${P" + number(i) + "_PRODUCTION}", "${P" + number(i) + "_STAGING}"); }, {"S15"}},
      {"S15", [](Fleet& f, int i) {
         replace(f, kStreams, streams(i), "      P" + number(i) + "_STAGING:", "      P" + number(i) + "_STAGED:");
         return found_at(f, kStreams, kStaging, "$P" + number(i) + "_STAGING"); }, {}},
      {"S16", [](Fleet& f, int) {
         replace(f, kStreams, kProduction, "production-w", "staging-w");
         return found_at(f, kStreams, kStaging, "staging-w"); }, {}},
      {"S17", [](Fleet& f, int i) {
         replace(f, kStreams, streams(i), "SP_WORKSPACE_NAME", "SPACE");
         return found_at(f, kStreams, streams(i), "./tools/sp workspaces connections create"); }, {}},
      {"S18", [](Fleet& f, int i) { return replace(f, kStreams, processor(i), "SP10", "SP11"); }, {}},
      {"S19", [](Fleet& f, int i) {
         replace(f, kStreams, streams(i), "--all-tier \"$DEFAULT_TIER\"", "--auto");
         return found_at(f, kStreams, streams(i), "./tools/sp processors start"); }, {"S51"}},
      {"S20", [](Fleet& f, int i) { return replace(f, kStreams, "environments/staging/thresholds.json", "6" + number(i), "\"6" + number(i) + "\"", "6" + number(i)); }, {}},
      {"S21", [](Fleet& f, int i) { return replace(f, kStreams, streams(i), "environments/staging/thresholds.json", "environments/staging/gone.json"); }, {}},
      {"S23", [](Fleet& f, int i) {
         return replace(f, kStreams, streams(i), "${{ secrets.P" + number(i) + "_STAGING }}", "${{ secrets.P" + number(i) + "_PRODUCTION }}"); }, {}},
      {"S24", [](Fleet& f, int i) {
         replace(f, kStreams, streams(i), ", 'environments/**'", "");
         return found_at(f, kStreams, streams(i), "processors/**"); }, {}},
      {"S25", [](Fleet& f, int i) {
         replace(f, kStreams, streams(i), "connections create", "connections test");
         return found_at(f, kStreams, streams(i), "./tools/sp processors create"); }, {}},
      {"S29", [](Fleet& f, int i) {
         replace(f, kStreams, streams(i), "processors create", "processors list", "", 1);
         return found_at(f, kStreams, streams(i), "./tools/sp processors drop"); }, {}},
      {"S34", [](Fleet& f, int i) {
         return replace(f, kStreams, "scripts/monitor" + number(i) + ".sh", "'.processors[] | select(.status == \"STOPPED\" or .status == \"FAILED\")'", "'.processors[] | select(.status == \"STOPPED\")'"); }, {}},
      {"S12", [](Fleet& f, int) {
         f.remove(kStreams, "environments/production/thresholds.json");
         return find(f, kStreams, kProduction, "PROJECT_ID", "PROJECT_ID"); }, {}},
      {"S22", [](Fleet& f, int i) {
         return replace(f, kStreams, "environments/production/thresholds.json", "{\"memory_mb\": 6" + number(i), "{\"memory_mb\": 7" + number(i), "7" + number(i)); }, {}},
      {"S27", [](Fleet& f, int) {
         replace(f, kStreams, kStreamsCheck, "processors test", "processors list");
         return find(f, kStreams, streams(0), "./tools/sp processors create", "./tools/sp processors create"); }, {}},
      {"S30", [](Fleet& f, int i) { return replace(f, kStreams, streams(i), "-- processors connections", "-- processors", "processors"); }, {}},
      {"S36", [](Fleet& f, int) {
         replace(f, kStreams, kStreamsCheck, "workspaces delete", "workspaces list");
         return find(f, kStreams, kStreamsCheck, "./tools/sp workspaces create", "./tools/sp workspaces create"); }, {}},
      {"S49", [](Fleet& f, int i) {
         replace(f, kStreams, streams(i), " > config.txt", " > other.txt");
         replace(f, kStreams, streams(i), "config.txt", "other.txt");
         return find(f, kStreams, streams(i), "./tools/sp workspaces connections create", "./tools/sp workspaces connections create"); }, {}},
      {"S37", [](Fleet& f, int i) { return in_workspace(f, "\"name\": \"p" + number(i) + "\"", "\"name\": \"by_hand\"", processor(i), "\"p" + number(i) + "\"", "p" + number(i)); }, {"S52"}},
      {"S38", [](Fleet& f, int i) { return in_workspace(f, "\"in" + number(i) + "\", \"topic\": \"t\"", "\"in" + number(i) + "\", \"topic\": \"u\"", processor(i), "\"t\"", "t"); }, {}},
      {"S39", [](Fleet& f, int i) {
         const std::string before = "\"of\": \"" + processor(i) + "\", \"stats\": {\"memoryUsageBytes\": 1048576}, \"state\": \"";
         return in_workspace(f, before + "STARTED", before + "FAILED", processor(i), "\"p" + number(i) + "\"", "p" + number(i)); }, {}},
      {"S40", [](Fleet& f, int i) {
         const std::string before = "\"name\": \"p" + number(i) + "\",\n  \"tier\": \"";
         return in_workspace(f, before + "SP10", before + "SP30", processor(i), "SP10", "SP10"); }, {}},
      {"S41", [](Fleet& f, int i) { return in_workspace(f, "\"c" + number(i) + "\"", "\"other\"", kConnections, "\"c" + number(i) + "\"", "c" + number(i)); }, {}},
      {"S42", [](Fleet& f, int i) {
         const std::string before = "\"of\": \"" + processor(i) + "\", \"stats\": {\"memoryUsageBytes\": ";
         return in_workspace(f, before + "1048576", before + "104857600", "environments/staging/thresholds.json", "\"memory_mb\": 6" + number(i), "6" + number(i)); }, {}},
      {"S52", [](Fleet& f, int) {
         f.extra_processor = R"({"name": "by_hand", "state": "STARTED", "pipeline": []})";
         return find(f, kStreams, kStaging, "staging-w", "staging-w"); }, {}},
      {"S53", [](Fleet& f, int) {
         f.no_workspace = true;
         return find(f, kStreams, kStaging, "staging-w", "staging-w"); }, {}},
      {"S50", [](Fleet& f, int i) { return replace(f, kStreams, "scripts/monitor" + number(i) + ".sh", "-p p" + number(i), "-p gone", "gone"); }, {}},
      {"S51", [](Fleet& f, int i) {
         replace(f, kStreams, streams(i), " $V" + number(i), "");
         return found_at(f, kStreams, kStaging, "V" + number(i)); }, {"S51"}},
      {"T01", [](Fleet& f, int i) { return replace(f, kAtlantis, gateway(i), "=gateway", "=gatway", "gatway"); }, {}},
      {"T02", [](Fleet& f, int i) { return replace(f, kAtlantis, "env/i" + number(i) + "/worker" + number(i) + ".env", "10" + number(i), "99"); }, {}},
      {"T03", [](Fleet& f, int i) { return replace(f, kAtlantis, "docker-compose.i" + number(i) + ".yml", "41" + number(i) + "3:41" + number(i) + "3", "4141:4141"); }, {}},
      {"T04", [](Fleet& f, int i) {
         const std::string compose = "docker-compose.i" + number(i) + ".yml", bytes = f.read(kAtlantis, compose);
         const std::size_t at = bytes.find("~/.") + 3;
         const std::string word = bytes.substr(at, bytes.find(".env", at) - at);
         replace(f, kAtlantis, "README.md", "~/." + word, "~/" + word);
         return found_at(f, kAtlantis, compose, "~/." + word + ".env"); }, {}},
      {"T05", [](Fleet& f, int i) { return replace(f, kAtlantis, gateway(i), "/tmp/" + number(i), "<FILL THIS IN>"); }, {}},
      {"T06", [](Fleet& f, int i) { return replace(f, kAtlantis, gateway(i), "github.com/acme/*", "github.com/acme/other"); }, {"T02"}},
      {"T07", [](Fleet& f, int i) { return replace(f, kInfra, kRoots, "name: s" + number(i), "name: r" + number(i), "r" + number(i)); }, {}},
      {"T08", [](Fleet& f, int i) { return replace(f, kInfra, kRoots, "dir: live/s" + number(i), "dir: live/gone", "live/gone"); }, {}},
      {"T09", [](Fleet& f, int i) { return replace(f, kInfra, kRoots, "1.5." + number(i), "1.4." + number(i)); }, {}},
      {"T10", [](Fleet& f, int i) { return replace(f, kInfra, "live/s" + number(i) + "/main.tf", ">= 1." + number(i), ">= 1.6"); }, {}},
      {"T15", [](Fleet& f, int i) { return replace(f, kInfra, "live/r" + number(i) + "/main.tf", "../../modules/m" + number(i), "../../modules/gone"); }, {}},
      {"T16", [](Fleet& f, int i) {
         return replace(f, kInfra, "modules/m" + number(i) + "/main.tf", "variable \"x\" {}", "terraform {\n  backend \"s3\" {}\n}", "backend"); }, {}},
      {"T17", [](Fleet& f, int i) { return replace(f, kInfra, kRoots, "../../modules/m" + number(i) + "/*.tf", "../../modules/gone/*.tf"); }, {}},
      {"T18", [](Fleet& f, int i) { return replace(f, kInfra, kRoots, "workflow: own" + number(i), "workflow: gone", "gone"); }, {}},
      {"S26", [](Fleet& f, int) {
         replace(f, kStreams, kStreamsProduction, "on: workflow_dispatch", "on: {push: {branches: [main], paths: ['processors/**', 'connections/**', 'environments/**']}}");
         return find(f, kStreams, kStreamsProduction, "  release:", "release"); }, {}},
      {"S28", [](Fleet& f, int i) {
         replace(f, kStreams, streams(i), "      - run: |", "      - name: Blue-green\n        run: |");
         return find(f, kStreams, streams(i), "./tools/sp processors create", "./tools/sp processors create"); }, {}},
      {"S31", [](Fleet& f, int) { return replace(f, kStreams, kStreamsWatch, "path: tools/out", "path: out", "out"); }, {}},
      {"S35", [](Fleet& f, int) {
         f.repositories[kStreams]["main"]["config.txt"] = "PUBLIC_KEY=1\n";
         return find(f, kStreams, streams(0), "PUBLIC_KEY=$P0", "PUBLIC_KEY"); }, {}},
      {"S43", [](Fleet& f, int i) {
         replace(f, kStreams, "scripts/monitor" + number(i) + ".sh", "processors stats", "processors state");
         return find(f, kStreams, "scripts/monitor" + number(i) + ".sh", "./tools/sp processors state", "./tools/sp processors state"); }, {}},
      {"S44", [](Fleet& f, int) {
         replace(f, kStreams, kStreamsWatch, "diff live.json", "cat live.json");
         return find(f, kStreams, kStreamsWatch, "schedule", "schedule"); }, {}},
      {"S45", [](Fleet& f, int) {
         replace(f, kStreams, kStreamsWatch, "retention-days: 30", "retention-days: 5");
         return found_at(f, kStreams, kStreamsWatch, "watched", 1); }, {}},
      {"S46", [](Fleet& f, int) {
         f.forge_edit = [](auto& told) { told.at("acme/streams").items.environments[1].rules.clear(); };
         return find(f, kStreams, kStreamsProduction, "  release:", "release"); }, {}},
      {"S47", [](Fleet& f, int) {
         f.forge_edit = [](auto& told) { told.at("acme/streams").branches["main"].is_protected = false; };
         return find(f, kStreams, streams(0), "branches: [main]", "main"); }, {}},
      {"S48", [](Fleet& f, int) {
         f.forge_edit = [](auto& told) { told.at("acme/streams").items.secrets[0].updated_at = "2025-01-01T00:00:00Z"; };
         return find(f, kStreams, streams(0), "secrets.ATLAS_PRIVATE_KEY_STAGING", "secrets.ATLAS_PRIVATE_KEY_STAGING"); }, {}},
      {"S54", [](Fleet& f, int i) {
         f.earlier.push_back({"staging", "staging-w", "p" + number(i), 3, "2025-12-31T00:00:00Z"});
         const std::string before = "\"of\": \"" + processor(i) + "\", \"stats\": {";
         return in_workspace(f, before, before + "\"dlqMessageCount\": 4, ", processor(i), "\"p" + number(i) + "\"", "p" + number(i)); }, {}},
      {"T11", [](Fleet& f, int) {
         replace(f, kAtlantis, "README.md", "* Issues - Read and Write\n", "");
         return find(f, kAtlantis, "README.md", "* Checks", "Checks"); }, {}},
      {"T12", [](Fleet& f, int i) {
         return replace(f, kAtlantis, "server/repo-config.yaml", "acme/r" + number(i) + ", ", "acme/r" + number(i) + ", apply_requirements: [], ", "apply_requirements"); }, {}},
      {"T13", [](Fleet& f, int i) { return replace(f, kAtlantis, "env/i" + number(i) + "/worker" + number(i) + ".env", "=1" + number(i) + "s", "=40s", "40s"); }, {}},
      {"T14", [](Fleet& f, int i) {
         deployed(f, i, "aaaaaa1", "aaaaaa3");
         return root_name(f, i); }, {}},
      {"T19", [](Fleet& f, int i) {
         deployed(f, i, "aaaaaa2", "bbbbbbb");
         return root_name(f, i); }, {"T14"}},
      {"T20", [](Fleet& f, int i) {
         f.changed_later = "modules/m" + number(i) + "/main.tf";
         return root_name(f, i); }, {}},
      {"T21", [](Fleet& f, int i) {
         f.changed_later = "live/r" + number(i) + "/main.tf";
         deployed(f, i, "aaaaaa2\", \"Trigger\": \"merge", "aaaaaa2\", \"Trigger\": \"manual");
         return root_name(f, i); }, {}},
      {"T22", [](Fleet& f, int i) {
         deployed(f, i, "aaaaaa2\", ", "aaaaaa2\", \"Rerun\": true, ");
         return root_name(f, i); }, {}},
      {"T23", [](Fleet& f, int i) { return replace(f, kInfra, "live/r" + number(i) + "/main.tf", "v1.2.0", "v1.3.0"); }, {}},
      {"D01", [](Fleet& f, int i) {
         Injected at = append(f, "acme/metastore", values(i), "\tbroken: 1\n", "\t");
         at.exact_end = false;
         return at; }, {}},
      {"D02", [](Fleet& f, int i) { return append(f, "acme/metastore", values(i), "replicas: 3\n", "replicas"); }, {}},
      {"D03", [](Fleet& f, int i) {
         // 500 levels are read: the mapping and 499 brackets.
         Injected at = append(f, "acme/metastore", values(i), "deep: " + std::string(600, '[') + std::string(600, ']') + "\n", "[");
         const auto first = static_cast<std::uint32_t>(f.read("acme/metastore", values(i)).find("[["));
         at.bytes = {first + 499, first + 500};
         at.exact_end = false;
         return at; }, {}},
      {"D04", [](Fleet& f, int i) { return append(f, "acme/metastore", values(i), "# trueup: ignore[D02]\n", "# trueup: ignore[D02]"); }, {}},
      {"D05", [](Fleet& f, int i) {
         const std::string comment = "# trueup: ignore[D02] soon (until 1969-12-31)";
         return append(f, "acme/metastore", values(i), comment + '\n', comment); }, {}},
      {"D06", [](Fleet& f, int i) {
         const std::string comment = "# trueup: ignore[D02] once there was one";
         return append(f, "acme/metastore", values(i), comment + '\n', comment); }, {}}};
  return all;
}

TEST(Mutate, TheFleetAgreesWithItself) {
  for (std::uint32_t seed = 0; seed < sites(); ++seed) {
    const engine::Report report = judge(clean_fleet(seed));
    for (const rules::Finding& finding : report.findings)
      ADD_FAILURE() << "seed " << seed << ": " << finding.code << ' ' << finding.at.path << ": " << finding.message;
    for (const rules::Finding& finding : report.unknowns)
      ADD_FAILURE() << "seed " << seed << ": unknown: " << finding.code << ' ' << finding.at.path << ": " << finding.because;
  }
}

class EachFault : public testing::TestWithParam<std::size_t> {};

TEST_P(EachFault, IsFoundAtItsBytesAndNothingBesides) {
  const Mutation& mutation = mutations()[GetParam()];
  int found = 0, besides = 0;
  for (std::uint32_t seed = 0; seed < sites(); ++seed) {
    SCOPED_TRACE(std::string(mutation.code) + ", seed " + std::to_string(seed));
    Fleet fleet = clean_fleet(seed);
    const Injected injected = mutation.inject(fleet, static_cast<int>(seed % kServices));
    bool here = false;
    for (const rules::Finding& finding : judge(fleet).findings) {
      const bool at_bytes = finding.at.repository == injected.slug && finding.at.path == injected.path &&
                            finding.at.bytes.begin == injected.bytes.begin &&
                            (!injected.exact_end || finding.at.bytes.end == injected.bytes.end);
      if (finding.code == mutation.code && at_bytes && !here) {
        here = true;
      } else if (!mutation.implied.contains(finding.code)) {
        ++besides;
        ADD_FAILURE() << "besides: " << finding.code << ' ' << finding.at.path << ':' << finding.at.begin.line << ':'
                      << finding.at.begin.column << " bytes " << finding.at.bytes.begin << ".." << finding.at.bytes.end
                      << " (injected at " << injected.bytes.begin << ".." << injected.bytes.end << "): " << finding.message;
      }
    }
    EXPECT_TRUE(here) << "not found in " << injected.path << " at " << injected.bytes.begin;
    found += here ? 1 : 0;
  }
  std::printf("%s: found %d of %u, %d besides\n", mutation.code, found, sites(), besides);
}

INSTANTIATE_TEST_SUITE_P(Mutate, EachFault, testing::Range(std::size_t{0}, mutations().size()),
                         [](const auto& parameter) { return std::string(mutations()[parameter.param].code); });

TEST(Mutate, EveryRuleHasAMutation) {
  std::set<std::string_view> tried;
  for (const Mutation& mutation : mutations()) tried.insert(mutation.code);
  for (const rules::Rule& rule : rules::builtin_rules()) {
    if (rule.pack == "release" || rule.pack == "ring") continue;  // train_test.cpp and ring_test.cpp have those
    EXPECT_TRUE(tried.contains(rule.code)) << rule.id;
  }
}

}  // namespace
}  // namespace trueup::mutate
