// What rules cost, in steps of SQLite's virtual machine: the same on every machine, so a bound can be held. A rule that is
// written without thought costs the square of what it is asked about, and shows it on a fleet, not in its cases.

#include <gtest/gtest.h>

#include <cstdio>

#include "engine/case_forge.hpp"
#include "engine/case_registry.hpp"
#include "engine/case_streams.hpp"
#include "engine/run.hpp"
#include "formats/yaml.hpp"
#include "live/argocd.hpp"

namespace trueup::engine {
namespace {

using Steps = std::map<std::string, std::uint64_t>;

std::string hex_id(std::size_t number) {
  char text[8];
  std::snprintf(text, sizeof text, "%07zx", 0xabc0000 + number);
  return text;
}

/// A root of stream processors, each rule's subject in it.
void add_streams(MemorySource::Files& files, const std::string& n) {
  for (const char* name : {"a", "b"})
    files["processors/" + std::string(name) + ".json"] =
        "{\"name\": \"a\", \"tier\": \"SP11\", \"options\": {\"dlq\": {\"connectionName\": \"out\"}}, \"pipeline\": [{\"$source\": {\"connectionName\": \"in" + n +
        "\"}}, {\"$validate\": {\"validationAction\": \"dlq\"}, \"x\": 1}, {\"$source\": {}}]}";
  files["connections/all.json"] = "[{\"name\": \"in\", \"type\": \"Kafka\", \"password\": \"p" + n + "x\"}, {\"name\": \"out\", \"type\": \"Https\", \"url\": \"x\"}]";
  files["environments/staging/config.env"] = "A=$A_STAGING\nN=" + n + "\nWORKSPACE_NAME=w\nDEFAULT_TIER=SP10\n";
  files["environments/production/config.env"] = "A=$A_STAGING\nWORKSPACE_NAME=w\n";
  files["environments/production/thresholds.json"] = "{\"memory_mb\": 2" + n + ", \"gone\": {\"memory_mb\": 2}}";
  files["environments/qa" + n + "/thresholds.json"] = "{\"memory_mb\": 1}";
  files[".github/workflows/feature.yml"] =
      "on: {pull_request: {branches: [x" + n + "]}}\njobs:\n  feature:\n    runs-on: x\n    steps:\n    - run: |\n        ./tools/sp workspaces create\n"
      "        git checkout HEAD~1 -- processors\n";
  files[".github/workflows/regress.yml"] =
      "on: {schedule: [{cron: '0 3 * * 1'}]}\njobs:\n  regress:\n    runs-on: x\n    steps:\n    - run: |\n        cd tools\n        ./sp processors list > backup/" + n +
      "\n        python3 compare.py baseline.json\n    - uses: actions/upload-artifact@v4\n      with: {name: base, path: backup/, retention-days: 2}\n"
      "    - uses: dawidd6/action-download-artifact@v6\n      with: {name: base, workflow: regress.yml}\n";
  files["scripts/setup.sh"] = "echo PRIVATE_KEY=$1 > config" + n + ".txt\n";
  files[".gitignore"] = "*.log\n/config\n";
  files["environments/staging/thresholds.json"] = "{\"memory_mb\": \"" + n + "\", \"gone\": {\"memory_mb\": 1}}";
  files[".github/workflows/streams.yml"] =
      "on: {push: {branches: [production], paths: ['processors/**', 'x" + n + "']}}\njobs:\n  deploy:\n    runs-on: x\n    environment: production\n    steps:\n    - run: |\n"
      "        source environments/staging/config.env\n        echo PUBLIC_KEY=$A > config.txt\n        ./tools/sp processors create --all\n"
      "        ./tools/sp workspaces connections create\n        ./tools/sp processors start --auto\n        ./tools/sp processors start -p gone\n"
      "        ./tools/sp processors profile --thresholds gone.json\n        ./tools/sp processors list | grep STOPPED\n        ./tools/sp processors drop --all\n";
}

/// Roots of Atlantis and how its processes are set up.
void add_atlantis(MemorySource::Files& files, const std::string& n) {
  files["atlantis.yaml"] =
      "version: 4\nprojects:\n- {name: a, dir: live/a, terraform_version: 1.4." + n + ", workflow: w}\n- {name: a, dir: live/gone" + n + "}\n- {dir: live/b, autoplan: {when_modified: [\"../gone/*.tf\"]}}\n- {name: d, dir: live/b, apply_requirements: []}\nworkflows: {v: {}}\n";
  files["live/a/main.tf"] = "terraform {\n  required_version = \">= 1.5." + n + "\"\n}\nmodule \"m\" {\n  source = \"../gone\"\n}\n";
  files["live/b/main.tf"] =
      "terraform {\n  required_version = \">= 1.5." + n + "\"\n}\nmodule \"g\" {\n  source = \"git::https://github.com/acme/r0.git//live?ref=gone\"\n}\n";
  files["live/c/main.tf"] = "terraform {\n  backend \"s3\" {\n    key = \"" + n + "\"\n  }\n}\n";
  if (n != "0") return;  // few installations apply the roots of many repositories
  files["env/gateway.env"] = "ATLANTIS_LYFT_MODE=gatway\nATLANTIS_PORT=4143\nATLANTIS_REPO_ALLOWLIST=github.com/acme/none,acme/r1\nATLANTIS_FF_OWNER=<FILL>\nATLANTIS_GH_APP_SLUG=x\n";
  files["env/worker.env"] = "ATLANTIS_LYFT_MODE=temporalworker\nATLANTIS_DEFAULT_TF_VERSION=1.2.5\nATLANTIS_HEARTBEAT_INTERVAL=40s\n";
  files["compose.yaml"] = "services: {g: {env_file: ~/.gateway.env, ports: [\"1:1\"]}}\n";
  files["README.md"] = "~/gateway.env, ngrok http 4141\n\n* Checks - Read and Write\n* Contents - Read-only\n";
}

/// The files of one deployment: every kind that rules look at, differing by `number`, some of them faulty.
MemorySource::Files files_of(std::size_t number) {
  const std::string id = hex_id(number), n = std::to_string(number);
  const std::string read_id = number % 10 == 0 ? hex_id(number + 1) : id;
  MemorySource::Files files;
  // redis: each range is tried with each tag, and branches ask for few different ones, whatever their number.
  files["charts/Chart.yaml"] =
      "apiVersion: v2\nname: platform\nversion: 1.0." + n + "\nappVersion: 1." + n + "0\ndependencies:\n"
      "- {name: atlas, version: 1.0.0-staging." + id + ", repository: \"oci://registry.example/charts\"}\n"
      "- {name: atlas-read, version: 1.0.0-staging." + read_id + ", repository: \"oci://registry.example/charts\"}\n"
      "- {name: redis, version: ^18." + std::to_string(number % 10) + ".0, repository: \"oci://registry.example/charts\"}\n"
      "- {name: kong, version: 3.0." + n + ", repository: \"oci://registry.example/charts/kong\"}\n"
      "- {name: heka, version: 0.1.0, condition: heka.enabled, repository: \"file://../subcharts/heka\"}\n"
      "- {name: gone, version: 0.1.0, repository: \"file://../subcharts/gone\"}\n"
      "- {name: kafka, version: 1." + n + ".0, repository: \"https://charts.example/k" + std::to_string(number % 10) + "\"}\n"
      "- {name: later, version: 1.0.0-PLACEHOLDER, repository: \"oci://registry.example/charts\"}\n";
  files["charts/Chart.lock"] =
      "dependencies:\n- {name: atlas, version: 1.0.0-staging." + id + ", repository: \"oci://registry.example/charts\"}\n"
      "digest: sha256:" + id + "\n";
  files["subcharts/heka/Chart.yaml"] = "name: heka\nversion: 0.1.0\nannotations: {n: \"" + n + "\"}\n";
  std::string values = "image: {tag: " + std::to_string(1'000'000 + number) + "}\n";
  files["RELEASE.md"] = "acme/r" + n + "\nacme/r" + n + "\n";
  files["schema/1.0." + n + ".json"] = "{}";
  files["release.sh"] = "sed -i 's/version: .*/version: 2/' charts/Chart.yaml\nsed -i 's/appversion" + n + "/x/' charts/Chart.yaml\n";
  files["compose/compose.yaml"] = "services: {app: {image: \"app:${APP_TAG" + n + ":-1.0.1}${GONE" + n + "}\"}}\n";
  files["compose/.env"] = "APP_TAG" + n + "=1.0." + n + "\nAPP_TAG" + n + "=1.0." + n + "\n";
  values += "atlas: {enabled: true, image: {tag: a" + n + "}}\nheka: {enabled: \"no\"}\nside: {image: {repository: node, tag: 2." + n + "}}\n";
  for (int i = 0; i < 40; ++i) values += "key" + std::to_string(i) + ": {enabled: true, replicas: " + n + "}\n";
  files["charts/values.yaml"] = values + "key1: {}\n";
  files["guarded/Chart.yaml"] = "name: guarded\nversion: 1.0.0\n";
  files["guarded/values.yaml"] = "web: {enabeld: true, k" + n + ": 1}\n";
  files["guarded/templates/web.yaml"] = "{{ if .Values.web.enabled }}{{ end }}\n";
  files[".github/workflows/build.yml"] =
      "name: Build\non:\n  push: {branches: [main, staging, \"b" + n + "\"]}\njobs:\n"
      "  build:\n    runs-on: ubuntu-latest\n    outputs: {version: \"${{ steps.v.outputs.version }}\"}\n    steps:\n"
      "    - uses: actions/checkout@v4\n    - id: v\n      run: echo \"version=" + n + "\" >> \"$GITHUB_OUTPUT\"\n"
      "    - run: ./scripts/build.sh ${{ steps.v.outputs.verison }}\n"
      "  test:\n    needs: build\n    if: github.ref == 'a' || 'b'\n    runs-on: ubuntu-latest\n    steps:\n"
      "    - run: echo ${{ needs.build.outputs.version }} ${{ github.event.pull_request.number }}\n"
      "    - {uses: docker/login-action@v3, with: {username: $GITHUB_ACTOR, password: \"${{ secrets.T }}\"}}\n"
      "    - {uses: lewagon/wait-on-check-action@v1, if: \"github.ref == 'main' && startsWith(github.head_ref, 'b')\"}\n";
  files[".github/workflows/notify.yml"] =
      "name: Notify\non: {workflow_run: {workflows: [Build, Buidl], types: [completed], branches: [staging]}}\njobs:\n"
      "  notify:\n    runs-on: ubuntu-latest\n    steps:\n"
      "    - {uses: actions/checkout@v4, with: {ref: \"${{ github.event.workflow_run.head_branch }}\"}}\n"
      "    - run: docker push registry.example/atlas:${{ github.sha }}\n"
      "    - uses: peter-evans/repository-dispatch@v3\n      with: {repository: acme/r0, event-type: chart-" + n +
      ", client-payload: '{\"version\": \"1\", \"chart\": \"atlas\"}'}\n";
  files[".github/workflows/receive.yml"] =
      "on: {repository_dispatch: {types: [chart-" + n + ", chart-published]}}\njobs:\n  take:\n    runs-on: ubuntu-latest\n"
      "    steps:\n    - run: echo ${{ github.event.client_payload.version }} ${{ github.event.client_payload.branch }}\n";
  files[".github/workflows/ship.yml"] =
      "name: Ship\non:\n  push: {branches: [main, gone], paths: ['charts/**', 'gone/" + n + "/**']}\njobs:\n"
      "  test:\n    runs-on: ubuntu-latest\n    strategy: {matrix: {suite: [a, b, c]}}\n    steps:\n"
      "    - uses: dorny/paths-filter@v3\n      with: {filters: \"code: ['**', '!docs/" + n + "']\"}\n"
      "    - uses: actions/upload-artifact@v4\n      with: {name: \"report-${{ matrix.suite }}-" + n + "\"}\n"
      "    - uses: actions/upload-artifact@v4\n      with: {name: logs}\n"
      "  call:\n    permissions: {contents: read}\n    uses: ./.github/workflows/called.yml\n    with: {cuont: 3}\n"
      "  ship:\n    needs: call\n    if: always() && needs.call.result == 'succeeded'\n    runs-on: ubuntu-latest\n    steps:\n"
      "    - uses: actions/checkout@v4\n      with: {ref: gone}\n"
      "    - uses: actions/download-artifact@v4\n      with: {name: report-a-" + n + "}\n"
      "    - uses: actions/download-artifact@v4\n      with: {name: reports}\n    - run: docker push x:" + n + "\n"
      "    - uses: lewagon/wait-on-check-action@v1\n      with: {check-name: test}\n";
  files[".github/workflows/called.yml"] =
      "on: {workflow_call: {inputs: {count: {type: number, required: true}}}}\njobs: {count: {runs-on: x, permissions: {packages: write}, steps: [{run: echo " + n + "}]}}\n";
  files[".github/workflows/publish.yml"] =
      "name: Publish\non: push\npermissions: {contents: read}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n"
      "    - run: ./scripts/ship.sh a\n    - run: V=" + n + "; export W=1; docker build --build-arg NONE=1 --build-arg SOME=1 .\n"
      "    - run: echo $V $W ${{ env.V }}\n    - run: helm push a.tgz oci://ghcr.io/acme\n"
      "    - run: helm registry login ghcr.io -u x -p ${{ secrets.GITHUB_TOKEN }}\n    - run: gh release create v" + n + "\n"
      "    - run: docker push ghcr.io/acme/a\n      env: {GH_TOKEN: \"${{ github.token }}\"}\n"
      "  pull:\n    runs-on: ubuntu-latest\n    steps:\n    - run: helm pull oci://ghcr.io/acme/a\n    - run: gh release list\n"
      "  login:\n    runs-on: ubuntu-latest\n    steps:\n    - run: helm registry login ghcr.io -u x -p y\n"
      "    - run: helm dependency build charts\n    - run: helm pull oci://ghcr.io/acme/a\n";
  files["scripts/ship.sh"] = "#!/bin/sh\necho " + n + "\n";
  files["Dockerfile"] = "FROM alpine\nARG SOME=" + n + "\n";
  files["image.sh"] =
      "yq -i '(.dependencies[] | select(.name == \"atlas\") | .version) = \"1." + n + ".0\"' charts/Chart.yaml\n"
      "yq -i '(.dependencies[] | select(.name == \"none\") | .version) = \"1." + n + ".0\"' charts/Chart.yaml\n";
  files[".github/workflows/bump.yml"] =
      "on: push\njobs:\n  bump:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: actions/checkout@v4\n    - run: ./image.sh\n"
      "    - run: helm dependency build charts && git add charts/Chart.yaml && git commit -m " + n + "\n";
  files["charts/.helmignore"] = "*.md\nci/\n*.tgz\nold" + n + "/\n";
  files[".github/workflows/tag.yml"] =
      "on: {push: {branches: [main, \"b" + n + "\"]}}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n    - run: |\n"
      "        docker push registry.example/ship-" + n + ":${GITHUB_REF_NAME}\n"
      "        helm package charts --version 1." + n + ".0-${GITHUB_REF_NAME//_/-}.${GITHUB_SHA::7}\n"
      "        gh release create v" + n + ".$GITHUB_RUN_NUMBER --title Ship\n"
      "        FOUND=$(gh release list --limit 1 | grep ship- | awk '{print $1}')\n"
      "        gh api repos/acme/r0/dispatches -f event_type=chart-" + n + " -f \"client_payload[version]=$FOUND\"\n";
  files["Dockerfile.app"] = "ARG BASE\nFROM ${BAES} AS build\nCOPY gone" + n + " /\nFROM node:1." + n + "\nCOPY --from=biuld /a /a\n";
  files[".github/workflows/image.yml"] =
      "on: {push: {tags: ['v*'], paths: ['src/**']}}\njobs:\n  image:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: actions/checkout@v4\n"
      "    - uses: docker/build-push-action@v6\n      with: {context: ., file: Dockerfile.app, push: true, tags: \"registry.example/app:" + n + "\"}\n"
      "    - run: git tag | tail -1\n    - run: yq -i '.image.tag = \"" + n + "-x\"' values.yaml\n"
      "    - uses: actions/upload-artifact@v4\n      with: {name: out, path: target/out}\n"
      "    - run: gh workflow run called.yml --ref gone -f x=" + n + "\n    - run: gh pr create --base gone --title x\n"
      "  take:\n    needs: image\n    runs-on: ubuntu-latest\n    steps:\n    - uses: actions/download-artifact@v4\n      with: {name: out}\n"
      "    - run: cat target/out/" + n + "\n";
  files[".github/CODEOWNERS"] = "* @a\n!x @b\n/gone" + n + "/ @c\n*.md @d\n";
  files[".github/dependabot.yml"] = "updates:\n- {package-ecosystem: npm, directory: /gone" + n + ", target-branch: gone}\n";
  files["argocd/secret.yaml"] = "apiVersion: v1\nkind: Secret\nmetadata: {name: s" + n +
                                "}\nstringData: {type: helm, url: registry.example/charts, password: \"${{ secrets.T }}\"}\n";
  files["argocd/apps.yaml"] =
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app" + n + ", annotations: {argocd.argoproj.io/skip-reconcile: \"true\"}}\n"
      "spec:\n  project: tenants\n  destination: {server: x" + n + "}\n  ignoreDifferences: [{kind: Deployment, jsonPointers: [/spec/template/spec/containers]}]\n"
      "  sources:\n  - {repoURL: \"https://github.com/acme/r0.git\", path: gone" + n + ", helm: {valueFiles: [a.yaml, $cfg/b" + n + ".yaml, $no/c.yaml]}}\n"
      "  - {repoURL: \"https://github.com/acme/r1.git\", targetRevision: gone, ref: cfg}\n"
      "  - {repoURL: registry.example/charts, chart: atlas, targetRevision: 1.0.0-staging." + id + "}\n"
      "  - {repoURL: \"https://charts.example/k" + std::to_string(number % 10) + "\", chart: kafka, targetRevision: 1." + n + ".0}\n"
      "  - {repoURL: registry.example/charts, chart: redis, targetRevision: ^18." + std::to_string(number % 10) + ".0}\n---\n"
      "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set" + n + "}\nspec:\n  generators:\n"
      "  - list: {elements: [{a: x}, {a: y}, {a: x}]}\n  template:\n    metadata: {name: \"{{a}}\"}\n"
      "    spec: {project: tenants, source: {repoURL: \"https://github.com/acme/r0.git\", path: \"{{a}}\"}}\n---\n"
      "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: " + (number == 0 ? "tenants" : "tenants" + n) + "}\nspec:\n"
      "  sourceRepos: [\"https://github.com/acme/r1*\"]\n  destinations: [{server: \"x1*\", namespace: \"*\"}]\n";
  add_streams(files, n);
  add_atlantis(files, n);
  files["go.mod"] = "module example.com/r" + n + "\n";
  files["CHANGELOG.md"] = "## 1.0." + n + "\n[a](https://git.example/acme/r0/compare/1.0.0...1.0." + n + ")\n";
  files[".gitlab-ci.yml"] =
      "stages: [test, deploy]\nunit: {stage: test, allow_failure: true, script: [make]}\ngate: {stage: test, script: [make]}\n"
      "other: {stage: test, trigger: {project: acme/r" + n + "}}\n"
      "tag: {stage: deploy, needs: [], rules: [{if: '$CI_COMMIT_TAG =~ /^v" + n + "/'}], script: [git tag -a x]}\n";
  files["broken.yaml"] = "n: " + n + "\na: [\n";
  return files;
}

constexpr std::string_view kRings =
    "preset: cohort-rings\ncohorts: \"acme/r0:cohorts/*.json\"\norder: [\"c1*\", \"c*\"]\ntest_cohorts: [\"c2\"]\nsync: {acme/r0: master}\nservices:\n"
    "  atlas: {repository: acme/r0, image: atlas.image, twin: atlas-read, name: \"registry.example/images/atlas-{branch}\", replicas: 12}\n";

/// Cohorts of twenty tenants; every tenth tenant has no Application.
void add_cohorts(MemorySource::Files& files, std::size_t versions) {
  for (std::size_t i = 0; i < versions / 10; ++i) {
    std::string& list = files["cohorts/c" + std::to_string(i) + ".json"];
    for (std::size_t t = 0; t < 20; ++t) list += (list.empty() ? "[\"app" : ", \"app") + std::to_string((i * 10 + t) * 2) + "\"";
    list += "]";
  }
}

/// A pull request with its release for each cohort.
std::string pull_requests(std::size_t versions) {
  std::string pulls = "pull_requests:\n", runs = "workflow_runs:\n";
  for (std::size_t i = 0; i < versions / 10; ++i) {
    const std::string n = std::to_string(i), sha = hex_id(i) + std::string(33, '0');
    pulls += "- {number: " + std::to_string(i + 1) + ", head: ring-" + n + ", head_sha: \"" + sha + "\", state: " + (i % 5 == 0 ? "closed, closed_at: \"2025-12-01T00:00:00Z\"" : "open") +
             ", labels: [\"cohort:github:path:c" + n + "\"], comments: [{body: Ring Release Triggered, created_at: \"2025-12-01T00:00:00Z\"}]}\n";
    runs += "- {head_sha: \"" + sha + "\", conclusion: success, created_at: \"2025-11-01T00:00:00Z\"}\n";
  }
  return pulls + runs;
}

struct Fleet {
  CaseRegistry registry;
  std::unique_ptr<live::NoCredentials> credentials = std::make_unique<live::NoCredentials>();
  live::HostPolicy hosts;
};

/// The commits that versions of atlas name, some of them.
std::vector<MemorySource::ToldCommit> commits(std::size_t versions) {
  std::vector<MemorySource::ToldCommit> told;
  for (std::size_t i = 0; i < versions; i += 2) told.push_back({hex_id(i) + std::string(33, '0'), static_cast<std::int64_t>(1'700'000'000 + i), {"b1"}});
  return told;
}

/// What members of the train are published as: one package each, and many versions of one.
void add_packages(Train& train, CaseRegistry& registry, std::size_t versions) {
  const std::string commit(40, 'b');
  for (TrainMember& member : train.members) {
    const std::string name = "p-" + member.slug.substr(member.slug.find('/') + 1);
    member.publishes.push_back({"npm", "https://registry.npmjs.org", name, {}});
    for (int i = 0; i < 20; i += 2) registry.packages["npm:" + name].versions.push_back({"1.0." + std::to_string(i), commit, "", false});
    registry.packages["npm:" + name].latest = "1.0.4";
  }
  TrainMember& first = train.members.front();
  first.publishes.push_back({"npm", "https://registry.npmjs.org", "many", {}});
  for (std::size_t i = 0; i < versions; i += 3) registry.packages["npm:many"].versions.push_back({"1.0." + std::to_string(i), commit, "", false});
  first.lists.push_back({"RELEASE.md", "", "(acme/r[0-9]+)", {}});
  first.files.push_back({"schema/{version}.json", {}});
  first.docs = TrainDocs{"gh-pages", "{version}", {}};
}

/// Judges with all built-in rules.
Result<Steps> steps_of(std::vector<FleetRepository> repositories, const facts::KindRules& kinds, std::size_t versions) {
  Fleet fleet;
  for (const char* chart : {"atlas", "atlas-read"})
    for (std::size_t i = 0; i < versions; i += 2)
      fleet.registry.repositories["registry.example/charts/" + std::string(chart)].insert("1.0.0-staging." + hex_id(i));
  for (std::size_t i = 0; i < versions; ++i) {
    fleet.registry.repositories["registry.example/charts/redis"].insert("17." + std::to_string(i) + ".0");
    fleet.registry.repositories["registry.example/charts/kong"].insert("3.0." + std::to_string(i));
  }
  live::OciRegistry oci(fleet.registry, *fleet.credentials, fleet.hosts);
  // What runs under every second name, with other revisions; the others are asked for one by one.
  std::string& running = fleet.registry.control_planes["prod"].applications;
  for (std::size_t i = 0; i < versions; i += 2)
    for (const char* name : {"app", "a"})
      running += (running.empty() ? "" : ",") + std::string(R"({"metadata":{"name":")") + name + std::to_string(i) +
                 R"("},"spec":{"project":"tenants","source":{"chart":"atlas","helm":{"valuesObject":{"atlas":{"image":{"repository":"registry.example/images/atlas-ring-)" +
                 std::to_string(i / 20) + R"(","tag":")" + hex_id(i / 20) + R"("}}}}}},"status":{"sync":{"status":"Synced"},"summary":{"images":["x/y:1"]}}})";
  auto& others = fleet.registry.control_planes["prod"].others;
  for (std::size_t i = 0; i < versions; ++i) {
    const std::string n = std::to_string(i), comma = i == 0 ? "" : ",";
    others["applicationsets"] += comma + R"({"metadata":{"name":"set)" + n + R"("},"spec":{"generators":[{"list":{"elements":[{"name":"x"}]}}],"template":{"metadata":{"name":"y"}}}})";
    others["projects"] += comma + R"({"metadata":{"name":")" + (i == 0 ? "tenants" : "p" + n) + R"("},"spec":{"sourceRepos":["https://*/)" + n + R"("],"destinations":[{"server":"*","namespace":"n)" + n + R"("}]}})";
    others["repositories"] += comma + R"({"repo":"registry.example/charts)" + (i == 0 ? "" : n) + R"(","connectionState":{"status":"Failed","message":"authentication required"}})";
  }
  const auto argocd = live::make_argocd_api({"prod", CaseRegistry::control_plane_url("prod"), {}}, fleet.registry, *fleet.credentials);
  Request request;
  request.repositories = std::move(repositories);
  request.kinds = kinds;
  for (const rules::Rule& rule : rules::builtin_rules()) {
    rules::ParameterValues promises;
    if (rule.code == "A12") promises.emplace("applications", "app*");
    if (rule.code == "W12") promises.emplace("environment_branches", "staging");
    if (rule.code == "C33") promises.emplace("platforms", "linux/amd64");
    if (rule.code == "C41") promises.emplace("images", "registry.example/images/atlas:{commit}");
    if (rule.code == "S22") promises = {{"strict", "production"}, {"loose", "staging"}};
    if (rule.code == "S26") promises = {{"first", "production"}, {"then", "staging"}};
    if (rule.code == "S43") promises = {{"commands", "processors list; processors create"}};
    if (rule.code == "S44") promises = {{"reconciled", "true"}};
    if (rule.code == "T12") promises = {{"applies", "after_merge"}};
    request.rules.push_back({&rule, std::nullopt, std::move(promises)});
  }
  request.views.assign(rules::builtin_views().begin(), rules::builtin_views().end());
  request.now = 1'767'225'600;
  request.chart.lockstep = {{"atlas", "atlas-read"}};
  request.chart.owners = {{"atlas", "acme/r0"}, {"atlas-read", "acme/r0"}};
  request.chart.versions = "{base}-{branch}.{commit}";
  request.chart.environments = {{"acme/r0", "main", "staging"}, {"acme/r1", "main", "beta"}};
  request.live.registry = &oci;
  for (int i = 0; i < 10; ++i)
    for (std::size_t k = 0; k < 40; ++k) fleet.registry.helm["https://charts.example/k" + std::to_string(i)]["kafka"].push_back("1." + std::to_string(k * 10) + ".0");
  live::HelmRepositories helm(fleet.registry, *fleet.credentials);
  request.live.helm = &helm;
  request.live.control_planes = {argocd.get()};
  // A workspace for every tenth repository, in which all is otherwise.
  std::vector<std::unique_ptr<live::StreamSource>> streams;
  for (std::size_t i = 0; i < request.repositories.size(); i += 10) {
    CaseWorkspace workspace;
    workspace.tier = "SP10";
    workspace.processors = R"([{"name": "a", "state": "FAILED", "tier": "SP30", "pipeline": [{"$source": {"connectionName": "x"}}]}, {"name": "old", "pipeline": []}])";
    workspace.connections = R"([{"name": "in", "type": "Cluster", "clusterName": "x"}, {"name": "old", "type": "Https", "url": "y"}])";
    streams.push_back(make_case_streams("w" + std::to_string(i), workspace));
    request.live.streams.push_back(streams.back().get());
    request.streams.push_back({"w" + std::to_string(i), "staging", "acme/r" + std::to_string(i), "", true, "", ""});
    request.earlier.push_back({"w" + std::to_string(i), "w", "a", 1, "2025-12-01T00:00:00Z"});
  }
  // Two deployments of a root of each repository, of commits that nobody has.
  std::string records;
  for (const FleetRepository& repository : request.repositories)
    for (const char* day : {"01", "02"})
      records += (records.empty() ? "[" : ",") + std::string("{\"id\": \"") + repository.slug + "||d\", \"revision\": \"abc00" + day + "\", \"rerun\": " +
                 (repository.slug.ends_with('3') ? "true" : "false") + ", \"deployed_at\": \"2025-12-" + day + "T00:00:00Z\"}";
  const auto deployments = live::make_deployment_dump({"prod", "records", {{"records.json", records + "]"}}, {}, true, "2026-01-01T00:00:00Z"});
  request.live.deployments = {deployments.get()};
  const formats::Document rings = formats::parse_yaml(kRings);
  request.ring = read_ring_promise(rings, rings.root());
  request.config = {"", "trueup.yaml", std::string(kRings)};
  const std::string pulls = pull_requests(versions);
  const formats::Document pulls_document = formats::parse_yaml(pulls);
  std::map<std::string, CaseForgeRepository> hosted;
  hosted.emplace("acme/r0", read_case_forge(pulls_document, pulls_document.root(), "acme/r0", "main", [](formats::NodeIndex, const std::string&) {}));
  CaseForge forge(live::ForgeKind::github, hosted);
  request.live.forges = {&forge};
  for (FleetRepository& each : request.repositories)
    if (each.slug == "acme/r0") each.forge = ForgeAddress{CaseForge::host_of(live::ForgeKind::github), each.slug};
  // One train of all repositories.
  Train& train = request.trains.emplace_back();
  train.name = "platform";
  train.source = "acme/r0";
  train.changelog = "CHANGELOG.md";
  train.compares = "all";
  train.images.emplace_back("registry.example/train", ByteRange{});
  for (const FleetRepository& repository : request.repositories)
    train.members.push_back({repository.slug, true, "", {{"charts/Chart.yaml", "/version", "", {}}, {"Chart.yaml", "/version", "", {}}}, {}});
  live::PackageIndexes packages(fleet.registry, *fleet.credentials);
  request.live.packages = &packages;
  add_packages(train, fleet.registry, versions);
  for (std::size_t i = 0; i < versions; i += 2) hosted.at("acme/r0").items.tags.push_back({"1.0." + std::to_string(i), std::string(40, 'a')});
  hosted.at("acme/r0").written.insert(live::ForgeListKind::tag);
  for (std::size_t i = 0; i < versions; ++i) {
    const std::string tag = "atlas-1.0.0-staging." + hex_id(i);
    hosted.at("acme/r0").items.releases.push_back({tag, tag, false, false, "", "2025-12-20T00:00:00Z", "2025-12-20T00:00:00Z"});
  }
  hosted.at("acme/r0").written.insert(live::ForgeListKind::release);
  Run run(std::move(request));
  if (const auto errors = run.prepare(); !errors.empty())
    return Error{Fault::malformed, errors.front().file + ": " + errors.front().fault.message};
  if (auto loaded = run.load(); !loaded) return std::move(loaded).error();
  if (auto judged = run.judge(); !judged) return std::move(judged).error();
  return run.rule_steps();
}

facts::KindRules plain_kinds() {
  facts::KindConfig config;
  config.kinds.push_back({"CHANGELOG.md", "changelog"});
  config.kinds.push_back({"cohorts/*.json", "cohort"});
  config.carriers = {{1, "charts/Chart.yaml", "/version", ""}, {2, "Chart.yaml", "/version", ""}, {3, "RELEASE.md", "", "(acme/r[0-9]+)"},
                     {4, "schema/{name}.json", "", std::string(facts::kNothing)}};
  return *facts::KindRules::compile(config);
}

/// `count` releases, some with candidates and some under two names.
std::vector<MemorySource::ToldTag> releases(std::size_t count) {
  std::vector<MemorySource::ToldTag> tags;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string version = "1.0." + std::to_string(i);
    if (i % 7 == 3) tags.push_back({version + "-rc.1", "x", "2026-01-01T00:00:00Z", "", false});
    tags.push_back({version, "x", "2025-01-01T00:00:00Z", "", i % 11 == 5});
    if (i % 13 == 4) tags.push_back({"v" + version, "x", "2025-06-01T00:00:00Z", "", false});
  }
  return tags;
}

/// One repository, all of whose branches are asked for.
Result<Steps> steps_of_branches(std::size_t count) {
  const facts::KindRules kinds = plain_kinds();
  std::map<std::string, MemorySource::Files> branches{{"main", files_of(0)}};
  for (std::size_t i = 1; i < count; ++i) branches["b" + std::to_string(i)] = files_of(i);
  add_cohorts(branches.at("main"), count);
  // What branches carry is held against all tags, so these are as many whatever the number of branches.
  constexpr std::size_t kReleases = 40;
  for (std::size_t i = 0; i < kReleases; ++i) branches["refs/tags/1.0." + std::to_string(i)]["charts/Chart.yaml"] = "version: 1.0." + std::to_string(i / 3) + "\n";
  FleetRepository repository;
  repository.slug = "acme/r0";
  const auto source = std::make_shared<MemorySource>("main", std::move(branches), kinds);
  source->tell_tags(releases(kReleases));
  source->tell_commits(commits(count));
  repository.source = source;
  for (const Point& point : repository.source->refs())
    if (point.kind == PointKind::branch) repository.asked.push_back({point, std::nullopt, true});
  std::vector<FleetRepository> repositories;
  repositories.push_back(std::move(repository));
  return steps_of(std::move(repositories), kinds, count);
}

/// As many repositories, each at its default branch: one world.
Result<Steps> steps_of_repositories(std::size_t count) {
  const facts::KindRules kinds = plain_kinds();
  std::vector<FleetRepository> repositories;
  for (std::size_t i = 0; i < count; ++i) {
    FleetRepository repository;
    repository.slug = "acme/r" + std::to_string(i);
    MemorySource::Files files = files_of(i);
    if (i == 0) add_cohorts(files, count);
    const auto source = std::make_shared<MemorySource>("main", std::map<std::string, MemorySource::Files>{{"main", files}}, kinds);
    source->tell_tags(releases(i % 5 == 0 ? 12 : 10));
    if (i == 0) source->tell_commits(commits(count));
    repository.source = source;
    repository.asked.push_back({*repository.source->present(), std::nullopt, true});
    repositories.push_back(std::move(repository));
  }
  return steps_of(std::move(repositories), kinds, count);
}

/// One repository with many of everything: dependencies of one chart, entries of its lock, charts beside and in it, jobs.
Result<Steps> steps_of_one_wide_repository(std::size_t count) {
  MemorySource::Files files;
  std::string chart = "apiVersion: v2\nname: platform\nversion: 1.0.0\ndependencies:\n";
  std::string lock = "digest: sha256:00\ndependencies:\n", values, jobs, apps, switches, guards;
  const std::string oci = "repository: \"oci://registry.example/charts\"}\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string n = std::to_string(i), id = hex_id(i);
    chart += "- {name: atlas, alias: a" + n + ", version: 1.0.0-staging." + id + ", " + oci +
             "- {name: atlas-read, alias: r" + n + ", version: 1.0.0-beta." + id + ", " + oci;
    // What is wrong is tried with every script: a few, whatever the size.
    if (i < 10)
      chart += "- {name: gone" + n + ", version: 0.1.0, repository: \"file://../gone" + n + "\"}\n- {name: late" + n +
               ", version: 1.0.0-PLACEHOLDER, " + oci;
    lock += "- {name: locked" + n + ", version: 1.0.0, " + oci;
    values += "k" + n + ": {tag: 1.10}\nk" + n + ": 1\n";
    const std::string beside = "name: c" + n + "\nversion: 0." + n + "\n";
    switches += "  k" + n + "-enabeld: true\n";
    guards += "{{ if .Values.web.k" + n + "-enabled }}{{ end }}\n{{ if .Values.x" + n + ".y }}{{ end }}\n";
    files["beside/c" + n + "/Chart.yaml"] = beside;
    files["beside/c" + n + "/Chart.lock"] = "dependencies: []\ndigest: sha256:" + n + "\n";
    files["charts/charts/c" + n + "/Chart.yaml"] =
        beside + "dependencies: [{name: x, version: 1.0.0, repository: \"file://../x\"}]\n";
    apps += "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a" + n + "}\nspec:\n  project: p\n  destination: {server: x}\n  sources:\n"
            "  - {repoURL: \"https://github.com/acme/r0\", path: beside/c" + n + ", helm: {valueFiles: [$r/v" + n + ".yaml]}}\n"
            "  - {repoURL: \"https://github.com/acme/r0\", targetRevision: b" + std::to_string(i % 7) + ", ref: r}\n---\n";
    jobs += "  j" + n + ":\n    runs-on: x\n    steps:\n    - {id: s, run: 'echo \"v=" + n +
            "\" >> \"$GITHUB_OUTPUT\"'}\n    - run: echo ${{ steps.s.outputs.w }}\n";
  }
  files["guarded/Chart.yaml"] = "name: guarded\nversion: 1.0.0\n";
  files["guarded/values.yaml"] = "web:\n" + switches;
  files["guarded/templates/web.yaml"] = guards;
  files["charts/Chart.yaml"] = chart;
  files["charts/Chart.lock"] = lock;
  files["charts/values.yaml"] = values;
  files["argocd/apps.yaml"] = apps + "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: p}\nspec: {sourceRepos: [\"*\"], destinations: [{server: y}]}\n";
  files[".github/workflows/wide.yml"] = "on: push\njobs:\n" + jobs;
  const facts::KindRules kinds = plain_kinds();
  FleetRepository repository;
  repository.slug = "acme/r0";
  repository.source = std::make_shared<MemorySource>("main", std::map<std::string, MemorySource::Files>{{"main", files}}, kinds);
  repository.asked.push_back({*repository.source->present(), std::nullopt, true});
  std::vector<FleetRepository> repositories;
  repositories.push_back(std::move(repository));
  return steps_of(std::move(repositories), kinds, count);
}

/// Thousands of steps for 500 file sets: three times what was measured with SQLite 3.40.
struct Bound {
  std::string_view code;
  std::uint64_t branches, repositories;
};
constexpr Bound kBounds[] = {
    {"A01", 5050, 5350}, {"A02", 3650, 4200}, {"A03", 2600, 2600}, {"A04", 2200, 5850}, {"A12", 1550, 1550}, {"A13", 2250, 2100},
    {"A14", 4850, 4850}, {"A15", 1800, 1800}, {"A16", 650, 650}, {"A17", 520, 1350}, {"A18", 2250, 2100}, {"A19", 600, 650},
    {"A05", 750, 750}, {"A06", 60, 60}, {"C21", 2000, 2000}, {"C23", 3900, 3900}, {"C39", 3150, 3150},
    {"C35", 400, 400}, {"C36", 10, 10}, {"C38", 10, 10}, {"C37", 350, 1750}, {"S01", 30, 30}, {"S02", 1450, 1450},
    {"S03", 50, 50}, {"S04", 3950, 3950}, {"S05", 3700, 3700}, {"S06", 30, 30}, {"S07", 40, 40}, {"S08", 1800, 1800},
    {"S09", 3250, 3250}, {"S10", 20, 20}, {"S13", 2500, 2500}, {"S14", 990, 990}, {"S15", 3050, 3050},
    {"S16", 1400, 1400}, {"S17", 2450, 2450}, {"S18", 1550, 1550}, {"S19", 900, 900}, {"S20", 8900, 8900},
    {"S21", 1250, 1250}, {"S23", 2200, 2200}, {"S24", 3800, 3800}, {"S25", 2650, 2650}, {"S29", 1700, 1700},
    {"S34", 190, 190}, {"S50", 1150, 1150}, {"S51", 7200, 7200}, {"T01", 260, 700}, {"T02", 1250, 1250},
    {"T03", 950, 950}, {"T04", 1450, 1450}, {"T05", 470, 480}, {"T06", 420, 420}, {"T07", 1150, 1150},
    {"T08", 4950, 4950}, {"T09", 770, 770}, {"T10", 500, 460}, {"T15", 1250, 1250}, {"T16", 1400, 1400},
    {"T18", 450, 290},
    {"S12", 3650, 3650}, {"S22", 620, 620}, {"S27", 4050, 4050}, {"S30", 3300, 3300}, {"S36", 2100, 2100},
    {"S37", 4550, 4550}, {"S38", 5000, 5000}, {"S39", 4600, 4600}, {"S40", 5850, 5850}, {"S41", 6700, 6700},
    {"S42", 6100, 6100}, {"S49", 4650, 4650}, {"S52", 5700, 5700}, {"S53", 4400, 4400}, {"T17", 520, 520},
    {"T11", 380, 380}, {"T12", 270, 270}, {"T13", 1100, 1100}, {"T14", 1450, 1900}, {"T19", 1400, 1950}, {"T20", 3750, 4500}, {"T21", 3700, 3800},
    {"T22", 1350, 1650}, {"T23", 4900, 4900}, {"S26", 1100, 1100}, {"S28", 3450, 3450}, {"S31", 2300, 2300}, {"S35", 4250, 4250},
    {"S43", 1350, 1350}, {"S44", 4850, 4850}, {"S45", 4550, 4550}, {"S46", 620, 620}, {"S47", 480, 480}, {"S48", 400, 400}, {"S54", 5050, 5050},
    {"W28", 500, 500}, {"W43", 2150, 2150}, {"W44", 350, 350}, {"W45", 100, 950}, {"W46", 2050, 2050}, {"W56", 1000, 1000},
    {"W57", 150, 350}, {"W06", 550, 550}, {"W59", 6250, 6250}, {"W60", 2150, 2150},
    {"C01", 4000, 4000}, {"A07", 380, 1350}, {"C09", 10, 10}, {"C22", 26000, 26000}, {"C42", 10900, 10900}, {"C30", 5200, 5200}, {"C32", 5200, 4500}, {"C33", 3300, 3300}, {"C41", 4750, 4800},
    {"W58", 680, 1470},
    {"A21", 3950, 3950}, {"A22", 350, 1500}, {"A23", 280, 1200}, {"A24", 530, 3750}, {"A25", 4400, 3800}, {"A26", 340, 1300}, {"A27", 5, 5}, {"C40", 6450, 6450}, {"A09", 300, 1300}, {"C13", 6600, 6600}, {"C14", 6750, 6750}, {"C17", 3450, 3450}, {"C24", 190, 190}, {"C18", 3200, 3200}, {"C20", 3200, 3900}, {"C29", 3200, 3300},
    {"C04", 3550, 3550}, {"C05", 3450, 3450}, {"C06", 6850, 6850}, {"C07", 3200, 130}, {"C10", 7500, 7300}, {"C02", 3900, 3900}, {"C03", 3500, 3500}, {"C08", 3800, 3800}, {"C11", 2000, 5300},
    {"C12", 7650, 7650}, {"C15", 1400, 1400}, {"C16", 12500, 12500}, {"C19", 4350, 4350}, {"C25", 1600, 1600}, {"C27", 1450, 1600},
    {"C26", 7150, 5300}, {"C28", 1250, 1250}, {"C31", 4100, 4100}, {"C34", 2050, 1050}, {"D01", 40, 40},    {"D02", 50, 50},
    {"D03", 5, 5},     {"D04", 5, 5},       {"D05", 5, 5},       {"D06", 5, 5},
    {"W04", 1600, 1600}, {"W05", 300, 300}, {"W07", 450, 450}, {"W10", 1800, 1800}, {"W11", 650, 650}, {"W14", 1500, 1500},
    {"W32", 2600, 2600},   {"W38", 280, 280}, {"W39", 490, 490}, {"W40", 2650, 2650},
    {"W01", 950, 1300}, {"W02", 1750, 1750}, {"W03", 2550, 3400}, {"W08", 740, 1400}, {"W24", 5100, 4750},
    {"W25", 1350, 1350}, {"W26", 1550, 1550}, {"W09", 1150, 1150}, {"W12", 650, 700}, {"W13", 75, 75},
    {"W20", 7100, 7100}, {"W30", 990, 990}, {"W15", 2550, 2550}, {"W16", 10, 130}, {"W17", 2400, 2050},
    {"W18", 3150, 3150}, {"W19", 1450, 1450}, {"W29", 240, 130}, {"W31", 650, 650}, {"W34", 1800, 8570},
    {"W35", 3030, 2590}, {"W50", 5180, 5180}, {"W51", 70, 70}, {"W52", 5080, 5080}, {"W53", 450, 450},
    {"W54", 260, 260}, {"W55", 490, 490}, {"W21", 2600, 2600}, {"W22", 6100, 6100}, {"W23", 2800, 2800},
    {"W33", 1350, 1350}, {"W36", 14400, 14400}, {"W37", 2350, 2350}, {"W41", 2350, 2350}, {"W42", 2650, 2650},
    {"A08", 300, 1300}, {"A10", 1050, 1050}, {"A11", 450, 5400}, {"A20", 300, 1300}, {"E01", 57, 300}, {"E02", 924, 4500},
    {"E03", 1200, 770}, {"E04", 700, 200}, {"E05", 336, 230}, {"E06", 700, 200}, {"E07", 500, 1035}, {"E09", 9000, 615},
    {"E10", 10500, 1670}, {"E13", 4000, 3500}, {"E14", 3250, 2870}, {"E15", 3500, 3100}, {"E16", 400, 675},
    {"E18", 36700, 2350}, {"E20", 1200, 30}, {"E21", 1160, 30}, {"E22", 1200, 920}, {"E23", 530, 2750},
    {"E24", 300, 1370}, {"E25", 220, 1130}, {"E26", 330, 1730}, {"E27", 1200, 740}, {"E28", 700, 1960},
    {"E29", 400, 380}, {"E08", 1700, 5800}, {"E11", 15600, 3500}, {"E12", 250, 8500}, {"E17", 7700, 700}, {"E19", 1000, 23000}, {"E30", 700, 21300}, {"E31", 900, 19900},
    {"E32", 700, 11200}, {"E33", 1300, 1300}, {"E34", 3000, 3000}, {"E35", 100, 340}, {"E36", 60, 1200},
    {"R01", 24, 24}, {"R02", 36, 36}, {"R03", 900, 900}, {"R04", 24, 24}, {"R05", 474, 474}, {"R06", 15, 15}, {"R07", 5, 5}, {"R08", 78, 78}, {"R09", 378, 378}, {"R10", 1434, 1434}, {"R11", 1833, 1833}, {"R12", 1668, 1668}, {"R13", 1557, 1557}, {"R14", 273, 273}, {"R15", 414, 414}, {"R16", 2370, 2370}, {"R17", 1488, 1488}, {"R18", 5, 5}, {"R19", 5, 5},
    {"R20", 24, 24}, {"R21", 5, 5}, {"R22", 9, 9}, {"R23", 12, 12}, {"R24", 30, 30}, {"R25", 63, 63}, {"R26", 5, 5},
    {"R27", 243, 243}, {"R28", 33, 33}, {"R29", 100, 100}, {"R30", 375, 375}, {"R31", 1596, 1596}, {"R32", 1323, 1323}, {"R33", 111, 111},
    {"R34", 1959, 1959}, {"R35", 396, 396}, {"R36", 18, 18},
};

void expect_within(const Steps& steps, std::uint64_t Bound::* bound) {
  for (const rules::Rule& rule : rules::builtin_rules()) {
    const auto measured = steps.find(std::string(rule.id));
    const std::uint64_t taken = measured == steps.end() ? 0 : measured->second / 1000;
    const auto held = std::find_if(std::begin(kBounds), std::end(kBounds), [&](const Bound& b) { return b.code == rule.code; });
    if (held == std::end(kBounds)) {
      ADD_FAILURE() << rule.code << ' ' << rule.id << " has no bound; it took " << taken << " thousand steps";
      continue;
    }
    std::printf("%s: %llu of %llu thousand steps\n", std::string(rule.code).c_str(), static_cast<unsigned long long>(taken),
                static_cast<unsigned long long>((*held).*bound));
    EXPECT_LE(taken, (*held).*bound) << rule.code << ' ' << rule.id << " takes more steps than it did";
  }
}

TEST(RuleCost, FiveHundredBranchesStayWithinTheBoundOfEachRule) {
  const auto steps = steps_of_branches(500);
  ASSERT_TRUE(steps) << steps.error().message;
  expect_within(*steps, &Bound::branches);
}

TEST(RuleCost, FiveHundredRepositoriesStayWithinTheBoundOfEachRule) {
  const auto steps = steps_of_repositories(500);
  ASSERT_TRUE(steps) << steps.error().message;
  expect_within(*steps, &Bound::repositories);
}

TEST(RuleCost, FourTimesAsMuchCostsAboutFourTimesAsMuch) {
  const struct {
    const char* of;
    Result<Steps> (*measure)(std::size_t);
  } table[] = {{"branches", steps_of_branches},
               {"repositories", steps_of_repositories},
               {"everything in one repository", steps_of_one_wide_repository}};
  for (const auto& row : table) {
    const auto few = row.measure(60), many = row.measure(240);
    ASSERT_TRUE(few) << few.error().message;
    ASSERT_TRUE(many) << many.error().message;
    for (const auto& [rule, steps] : *many)
      EXPECT_LE(steps, 6 * few->at(rule) + 10'000) << rule << ", four times as many: " << row.of;
  }
}

}  // namespace
}  // namespace trueup::engine
