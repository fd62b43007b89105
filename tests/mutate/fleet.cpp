#include "mutate/fleet.hpp"

#include <array>
#include <stdexcept>

#include "base/text.hpp"
#include "engine/case_forge.hpp"
#include "engine/case_registry.hpp"
#include "engine/case_streams.hpp"
#include "engine/run.hpp"
#include "formats/chart_lock.hpp"
#include "formats/resource_list.hpp"
#include "live/argocd.hpp"

namespace trueup::mutate {
namespace {

std::string number(int i) { return std::to_string(i); }

class LiveToken final : public live::CredentialSource {
 public:
  std::optional<live::Credential> find(const live::HostPort&) override {
    return live::Credential{live::CredentialKind::bearer_token, "", live::Secret("fleet"), "the fleet"};
  }
  std::vector<live::CredentialNote> explain(const live::HostPort&) override { return {}; }
};

std::string build_workflow(int i) {
  return "name: Build " + number(i) + "\non:\n  push:\n    branches: [main, staging, 'ring-*']\njobs:\n  build:\n"
         "    runs-on: ubuntu-latest\n    if: github.ref == 'refs/heads/main'\n    outputs:\n"
         "      version: ${{ steps.version.outputs.chart }}\n    steps:\n      - uses: actions/checkout@v4\n"
         "      - id: version\n        run: |\n          SHORT=${GITHUB_SHA:0:7}\n"
         "          echo \"chart=1.0.0-$SHORT\" >> \"$GITHUB_OUTPUT\"\n      - run: ./scripts/step" + number(i) + ".sh --fast\n"
         "  publish:\n    needs: build\n    runs-on: ubuntu-latest\n    steps:\n"
         "      - run: echo \"${{ needs.build.outputs.version }}\"\n";
}

std::string sender_workflow(int i) {
  std::string text = "name: Tell " + number(i) + "\non:\n  workflow_run:\n    workflows: [\"Build " + number(i) +
                     "\"]\n    types: [completed]\n    branches: [main]\njobs:\n  tell:\n    runs-on: ubuntu-latest\n"
                     "    if: github.event.workflow_run.conclusion == 'success'\n    steps:\n";
  if (i % 2 == 0)
    return text + "      - uses: peter-evans/repository-dispatch@v3\n        with:\n          repository: acme/deploy\n"
                  "          token: ${{ secrets.T }}\n"
                  "          event-type: chart-" + number(i) + "-published\n"
                  "          client-payload: '{\"version\": \"${{ github.event.workflow_run.head_sha }}\", \"branch\": \"main\"}'\n";
  return text + "      - env: {GH_TOKEN: \"${{ secrets.T }}\"}\n        run: |\n          gh api repos/acme/deploy/dispatches \\\n"
                "            -f event_type=chart-" + number(i) + "-published \\\n"
                "            -f 'client_payload[version]=1.0.0' -f 'client_payload[branch]=main'\n";
}

std::string receiver_workflow(int i) {
  return "name: Take " + number(i) + "\non:\n  repository_dispatch:\n    types: [chart-" + number(i) +
         "-published]\njobs:\n  take:\n    runs-on: ubuntu-latest\n    steps:\n"
         "      - run: echo \"${{ github.event.client_payload.version }} ${{ github.event.client_payload.branch }}\"\n";
}

std::string ship_workflow(int i) {
  const std::string n = number(i);
  return "name: Ship " + n + "\non:\n  push:\n    branches: [main, staging]\n    paths: ['helm/chart" + n + "/**']\n"
         "permissions: {contents: write, actions: read}\njobs:\n  changes:\n    runs-on: ubuntu-latest\n    steps:\n"
         "      - uses: dorny/paths-filter@v3\n        with:\n          filters: |\n            code: ['!docs/**']\n"
         "  smoke-test:\n    runs-on: ubuntu-latest\n    strategy: {matrix: {suite: [a, b]}}\n    steps:\n"
         "      - uses: actions/upload-artifact@v4\n        with: {name: \"report-" + n + "-${{ matrix.suite }}\", path: out}\n"
         "  call:\n    uses: ./.github/workflows/called-" + n + ".yml\n    with: {count: 3}\n"
         "  ship:\n    needs: [smoke-test, call]\n    if: github.ref == 'refs/heads/main'\n    runs-on: ubuntu-latest\n    steps:\n"
         "      - uses: actions/checkout@v4\n        with: {ref: staging}\n"
         "      - uses: actions/download-artifact@v4\n        with: {name: report-" + n + "-a}\n"
         "      - uses: acme/open/notes@v1\n      - uses: appany/helm-oci-chart-releaser@v0.4.2\n        with: {name: svc" + n + "}\n"
         "      - uses: actions/github-script@v7\n        with:\n          script: |\n"
         "            const jobs = await github.rest.actions.listJobsForWorkflowRun({});\n"
         "            core.info(jobs.data.jobs.find(j => j.name === 'smoke-test (a)').html_url);\n"
         "  read:\n    needs: smoke-test\n    runs-on: ubuntu-latest\n    steps:\n"
         "      - uses: actions/download-artifact@v4\n        with: {name: report-" + n + "-b}\n      - run: cat junit.xml\n"
         "  tell:\n    needs: ship\n    if: always() && needs.ship.result == 'success'\n    runs-on: ubuntu-latest\n    steps:\n"
         "      - run: echo shipped\n";
}

std::string called_workflow(int i) {
  return "name: Called " + number(i) + "\non:\n  workflow_call:\n    inputs:\n      count: {type: number, required: true}\n"
         "jobs:\n  count:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo \"${{ inputs.count }}\"\n";
}

/// What the fleet promises, for rules that hold promises.
rules::ParameterValues promises_for(std::string_view rule) {
  if (rule == "chart/version-raised") return {{"charts", "*"}};
  if (rule == "workflow/branch-mapped") return {{"environment_branches", "staging"}};
  if (rule == "workflow/publish-branches") return {{"branches", "main"}};
  if (rule == "workflow/producer-coverage") return {{"version", R"(^[0-9.]+-(?P<branch>.+)\.[0-9a-z]+$)"}};
  if (rule == "argocd/production-pinned") return {{"applications", "app-*"}};
  if (rule == "workflow/private-call") return {{"public", "acme/metastore, acme/open"}, {"private", "acme/closed"}};
  if (rule == "streams/production-second") return {{"first", "staging"}, {"then", "production"}};
  if (rule == "streams/reconciled") return {{"reconciled", "true"}};
  if (rule == "streams/tool-interface")
    return {{"commands", "processors create --all; processors start --auto --all-tier; processors profile --all --thresholds; processors drop --all; processors list --all; processors stats -p;"
                         "processors stop; processors test --all; connections create; connections list; connections test; workspaces create; workspaces delete; workspaces list"}};
  if (rule == "atlantis/apply-after-merge") return {{"applies", "after_merge"}};
  if (rule == "chart/image-platforms") return {{"platforms", "linux/amd64, linux/arm64"}};
  if (rule == "chart/image-of-version") return {{"images", "registry.example/images/svc2:{commit}"}};
  if (rule == "streams/thresholds-strict") return {{"strict", "production"}, {"loose", "staging"}};
  return {};
}

/// One job for each thing that a step does to the world.
std::string publish_workflow(int i) {
  const std::string head = "    runs-on: ubuntu-latest\n    steps:\n", checkout = "      - uses: actions/checkout@v4\n";
  return "name: Publish " + number(i) + "\non:\n  push:\n    branches: [main]\npermissions:\n  contents: write\n  packages: write\njobs:\n"
         "  version:\n" + head + "      - run: |\n          VERSION=1.0." + number(i) +
         "\n          echo \"VERSION=$VERSION\" >> \"$GITHUB_ENV\"\n      - run: echo \"now at ${VERSION}\"\n"
         "  ship:\n" + head + "      - run: helm registry login ghcr.io -u ship -p ${{ secrets.GITHUB_TOKEN }}\n"
         "      - run: helm push chart-1.0.0.tgz oci://ghcr.io/acme/charts\n"
         "      - env: {GH_TOKEN: \"${{ github.token }}\"}\n        run: gh pr list -R ${{ github.repository }}\n"
         "  pull-a:\n" + head + "      - run: helm registry login ghcr.io -u a -p ${{ secrets.T }}\n      - run: helm pull oci://ghcr.io/acme/charts/a\n"
         "  pull-b:\n" + head + "      - run: helm registry login ghcr.io -u b -p ${{ secrets.T }}\n      - run: helm pull oci://ghcr.io/acme/charts/b\n"
         "  image:\n" + head + checkout + "      - run: docker build --build-arg LEVEL=2 images/i" + number(i) + "\n"
         "  tool:\n" + head + checkout + "      - run: ./scripts/tool" + number(i) + ".sh fast\n"
         "  newest:\n" + head + checkout + "      - run: git tag | sort -V | tail -1\n";
}

std::string release_workflow(int i) {
  return "name: Release " + number(i) + "\non:\n  push:\n    tags: ['v*']\njobs:\n  say:\n    runs-on: ubuntu-latest\n    steps:\n"
         "      - run: echo released\n";
}

/// A credential as ArgoCD wants it.
std::string credential(int i) {
  return "apiVersion: v1\nkind: Secret\nmetadata:\n  name: registry" + number(i) + "\n  labels: {argocd.argoproj.io/secret-type: repository}\n"
         "stringData:\n  type: helm\n  url: registry.example/charts" + number(i) + "\n  enableOCI: \"true\"\n  password: sealed\n";
}

/// What pull requests must pass, and what only the forge knows of.
std::string check_workflow(int i) {
  return "name: Check " + number(i) + "\non: pull_request\npermissions:\n  contents: read\njobs:\n  gate-" + number(i) +
         ":\n    runs-on: ubuntu-latest\n    steps:\n      - env: {GH_TOKEN: \"${{ secrets.TOOLS }}\"}\n        run: gh workflow run other.yml -R acme/tools\n"
         "      - env: {KEY: \"${{ secrets.KEY }}\"}\n        run: make gate\n";
}

/// Publishes, and finds what was published.
std::string announce_workflow(int i) {
  const std::string x = "x" + number(i);
  return "name: Announce " + number(i) + "\non:\n  push:\n    branches: [main, staging, 'feat/*']\njobs:\n  ship:\n    if: github.ref == 'refs/heads/main'\n    runs-on: ubuntu-latest\n"
         "    permissions: {contents: write, packages: write}\n    steps:\n      - uses: actions/checkout@v4\n"
         "      - uses: docker/login-action@v3\n        with: {registry: registry.example, username: u, password: \"${{ secrets.T }}\"}\n"
         "      - env: {GH_TOKEN: \"${{ secrets.T }}\"}\n        run: |\n"
         "          docker push registry.example/images/" + x + ":g${GITHUB_SHA::7}\n"
         "          yq -i \".image.tag = \\\"g${GITHUB_SHA::7}\\\"\" helm/chart" + number(i) + "/values.yaml\n"
         "          gh release create \"" + x + "-v1.$GITHUB_RUN_NUMBER\" --title \"" + x + "-v1.$GITHUB_RUN_NUMBER\"\n"
         "  pack:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n"
         "          BRANCH=${GITHUB_REF_NAME//\\//-}\n"
         "          helm package helm/chart" + number(i) + " --version \"1.0.0-$BRANCH.g${GITHUB_SHA::7}\"\n"
         "  find:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
         "      - env: {GH_TOKEN: \"${{ secrets.T }}\"}\n        run: |\n"
         "          FOUND=$(gh release list --limit 50 | grep " + x + "-v | cut -f3 | head -1)\n"
         "          gh release list --limit 50 | grep '" + x + "-v1'\n"
         "          [ -n \"$FOUND\" ] || exit 1\n"
         "          gh api repos/acme/deploy/dispatches -f event_type=chart-" + number(i) + "-published \\\n"
         "            -f \"client_payload[version]=$FOUND\" -f 'client_payload[branch]=main'\n";
}

/// Edits a dependency of a chart with a lock.
std::string bump_workflow(int i) {
  const std::string folder = "stack" + number(i);
  return "name: Bump " + number(i) + "\non:\n  push:\n    branches: [main]\njobs:\n  bump:\n    runs-on: ubuntu-latest\n"
         "    permissions: {contents: write}\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n"
         "          yq -i '(.dependencies[] | select(.name == \"redis\") | .version) = \"1.5.0\"' " + folder + "/Chart.yaml\n"
         "          helm dependency update " + folder + "\n          git add " + folder + "\n          git commit -m bump\n          git push\n";
}

/// Writes an image's tag, and says which.
std::string retag_workflow(int i) {
  return "name: Retag " + number(i) + "\non:\n  workflow_dispatch:\n    inputs:\n      version: {type: string, required: true}\n"
         "permissions: {contents: write}\njobs:\n  retag:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
         "      - run: yq -i '.image.tag = \"${{ inputs.version }}\"' stack" + number(i) + "/values.yaml\n"
         "      - run: |\n          git commit -am \"Retag to ${{ inputs.version }}\"\n          git push\n";
}

/// A workflow that deploys stream processors to staging, and puts back what was there if that fails.
std::string stream_workflow(int i) {
  std::string text = "name: Streams " + number(i) + "\non:\n  push:\n    branches: [main]\n    paths: ['processors/**', 'connections/**', 'environments/**']\njobs:\n"
         "  deploy:\n    runs-on: ubuntu-latest\n    environment: staging\n    env:\n";
  for (int k = 0; k < kServices; ++k) text += "      P" + number(k) + "_STAGING: ${{ secrets.P" + number(k) + "_STAGING }}\n";
  text += "      ATLAS_PRIVATE_KEY: ${{ secrets.ATLAS_PRIVATE_KEY_STAGING }}\n";
  text += "    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          source environments/staging/config.env\n"
          "          echo \"PUBLIC_KEY=$P0\" > config.txt\n          echo \"SP_WORKSPACE_NAME=$WORKSPACE_NAME\" >> config.txt\n"
          "          echo \"$PROJECT_ID $P1 $P2 $P3 $P4 $P5 $ATLAS_PRIVATE_KEY $V" + number(i) + "\"\n          ./tools/sp workspaces connections create\n          ./tools/sp processors create --all\n"
          "          ./tools/sp processors start --all-tier \"$DEFAULT_TIER\"\n"
          "          ./tools/sp processors profile --all --thresholds environments/staging/thresholds.json\n"
          "      - if: failure()\n        run: |\n          ./tools/sp processors drop --all\n          git checkout HEAD~1 -- processors connections\n"
          "          ./tools/sp processors create --all\n";
  return text;
}

/// Production is deployed by hand.
std::string production_workflow() {
  std::string text = "name: Streams production\non: workflow_dispatch\njobs:\n  release:\n    runs-on: ubuntu-latest\n    environment: production\n    env:\n";
  for (int k = 0; k < kServices; ++k) text += "      P" + number(k) + "_PRODUCTION: ${{ secrets.P" + number(k) + "_PRODUCTION }}\n";
  return text + "    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          source environments/production/config.env\n"
                "          echo \"PUBLIC_KEY=$P0\" > config.txt\n          echo \"SP_WORKSPACE_NAME=$WORKSPACE_NAME\" >> config.txt\n"
                "          echo \"$PROJECT_ID $DEFAULT_TIER\"\n          ./tools/sp workspaces connections create\n"
                "          ./tools/sp processors create --all\n          ./tools/sp processors start --auto\n";
}

/// A repository of stream processors, their connections and environments.
void add_streams(engine::MemorySource::Files& files) {
  std::string connections, staging = "PROJECT_ID=1\nWORKSPACE_NAME=staging-w\nDEFAULT_TIER=SP10\n", production = "PROJECT_ID=1\nWORKSPACE_NAME=production-w\nDEFAULT_TIER=auto\n";
  std::string sections;
  for (int i = 0; i < kServices; ++i) {
    const std::string n = number(i);
    files["processors/p" + n + ".json"] = "{\n  \"name\": \"p" + n + "\",\n  \"tier\": \"SP10\",\n  \"options\": {\"dlq\": {\"connectionName\": \"out" + n +
        "\", \"db\": \"d\", \"coll\": \"dead\"}},\n  \"pipeline\": [\n    {\"$source\": {\"connectionName\": \"in" + n + "\", \"topic\": \"t\"}},\n    {\"$match\": {}},\n"
        "    {\"$validate\": {\"validationAction\": \"dlq\"}},\n    {\"$merge\": {\"into\": {\"connectionName\": \"out" + n + "\", \"db\": \"d\", \"coll\": \"c\"}}}\n  ]\n}\n";
    connections += std::string(i == 0 ? "" : ",\n") + "    {\"name\": \"in" + n + "\", \"type\": \"Kafka\", \"bootstrapServers\": \"k:9092\", \"authentication\": {\"password\": \"{{PASSWORD" + n +
                   "}}\"}},\n    {\"name\": \"out" + n + "\", \"type\": \"Cluster\", \"clusterName\": \"c" + n + "\"}";
    staging += "P" + n + "=$P" + n + "_STAGING\nV" + n + "=1\n";
    production += "P" + n + "=${P" + n + "_PRODUCTION}\nV" + n + "=2\n";
    sections += ", \"p" + n + "\": {\"memory_mb\": 6" + n + "}";
    files[".github/workflows/streams-" + n + ".yml"] = stream_workflow(i);
    files["scripts/monitor" + n + ".sh"] = "#!/bin/sh\nFAILED=$(./tools/sp processors list | jq '.processors[] | select(.status == \"STOPPED\" or .status == \"FAILED\")')\n"
        "echo \"$FAILED\"\n./tools/sp processors stats -p p" + n + "\n";
  }
  files["connections/all.json"] = "{\n  \"connections\": [\n" + connections + "\n  ]\n}\n";
  files["environments/staging/config.env"] = staging;
  files["environments/production/config.env"] = production;
  files["environments/staging/thresholds.json"] = "{\"memory_mb\": 512" + sections + "}\n";
  files["environments/production/thresholds.json"] = "{\"memory_mb\": 512" + sections + "}\n";
  const std::string head = "    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          echo PUBLIC_KEY=k > config.txt\n"
                           "          echo SP_WORKSPACE_NAME=w >> config.txt\n";
  files[".github/workflows/streams-check.yml"] =
      "name: Check streams\non:\n  pull_request:\n    types: [opened, synchronize, closed]\njobs:\n  check:\n" + head + "          ./tools/sp processors test --all\n"
      "  make:\n" + head + "          ./tools/sp workspaces create\n  clean:\n" + head + "          ./tools/sp workspaces delete\n";
  files["tools/sp"] = "#!/bin/sh\n";
  files[".github/workflows/streams-production.yml"] = production_workflow();
  files[".github/workflows/streams-watch.yml"] =
      "name: Watch streams\non:\n  schedule:\n    - cron: '0 3 * * 1'\njobs:\n  watch:\n" + head +
      "          ./tools/sp processors list > live.json\n          diff live.json wanted.json\n"
      "      - {uses: dawidd6/action-download-artifact@v6, with: {name: watched, workflow: streams-watch.yml}}\n"
      "      - {uses: actions/upload-artifact@v4, with: {name: watched, path: live.json, retention-days: 30}}\n  keep:\n" + head +
      "          cd tools\n          ./sp processors list > out/live.json\n"
      "      - uses: actions/upload-artifact@v4\n        with:\n          name: kept\n          path: tools/out\n";
}

constexpr std::array<const char*, kServices> kWords = {"alpha", "bravo", "charlie", "delta", "echo", "foxtrot"};

/// Installations of Atlantis, and the roots that they apply.
void add_atlantis(engine::MemorySource::Files& atlantis, engine::MemorySource::Files& infra) {
  std::string roots, workflows, server = "repos:\n";
  for (int i = 0; i < kServices; ++i) {
    const std::string n = number(i), shared = "ATLANTIS_GH_APP_ID=10" + n + "\nATLANTIS_REPO_ALLOWLIST=github.com/acme/*\n";
    atlantis["env/i" + n + "/gateway" + n + ".env"] = "ATLANTIS_PORT=41" + n + "3\nATLANTIS_LYFT_MODE=gateway\nATLANTIS_DATA_DIR=/tmp/" + n + "\n" + shared;
    atlantis["env/i" + n + "/worker" + n + ".env"] = "ATLANTIS_LYFT_MODE=temporalworker\nATLANTIS_DEFAULT_TF_VERSION=1.5.7\nATLANTIS_HEARTBEAT_INTERVAL=1" + n + "s\n" + shared;
    atlantis["docker-compose.i" + n + ".yml"] = "services:\n  gateway:\n    env_file: [./env/i" + n + "/gateway" + n + ".env, ~/." + kWords[i] + ".env]\n    ports: [\"41" + n + "3:41" + n + "3\"]\n";
    atlantis["README.md"] += "Write `~/." + std::string(kWords[i]) + ".env`.\n";
    server += "  - {id: github.com/acme/r" + n + ", workflow: plain}\n";
    roots += "  - {name: r" + n + ", dir: live/r" + n + ", terraform_version: 1.5." + n + ", workflow: own" + n + ",\n     autoplan: {when_modified: [\"*.tf\", \"../../modules/m" + n + "/*.tf\"]}}\n  - {name: s" + n + ", dir: live/s" + n + "}\n";
    workflows += "  own" + n + ": {}\n";
    infra["live/r" + n + "/main.tf"] = "terraform {\n  required_version = \">= 1.5\"\n  backend \"s3\" {}\n}\n\nmodule \"m\" {\n  source = \"../../modules/m" + n + "\"\n}\n\nmodule \"shared\" {\n  source = \"git::https://github.com/acme/releases.git?ref=v1.2.0\"\n}\n";
    infra["live/s" + n + "/main.tf"] = "terraform {\n  required_version = \">= 1." + n + "\"\n}\n";
    infra["modules/m" + n + "/main.tf"] = "variable \"x\" {}\n";
  }
  atlantis["README.md"] += "Make an app with these permissions:\n\n* Checks - Read and Write\n* Commit statuses - Read and Write\n* Contents - Read and Write\n* Issues - Read and Write\n"
                           "* Pull requests - Read and Write\n* Members - Read-only\n\nSubscribe it to events:\n\n* Issue comment\n* Pull request\n* Pull request review\n* Push\n";
  atlantis["server/repo-config.yaml"] = server + "workflows:\n  plain: {}\n";
  infra["atlantis.yaml"] = "version: 3\nprojects:\n" + roots + "workflows:\n" + workflows;
}

std::string umbrella(bool quoted) {
  std::string text = "apiVersion: v2\nname: platform\nversion: 1.0.0\ndependencies:\n";
  for (int i = 0; i < kServices; ++i) {
    const std::string version = quoted ? "\"1.0.0-staging.abcdef1\"" : "1.0.0-staging.abcdef1";
    text += "  - name: svc" + number(i) + "  # the service\n    version: " + version +
            "\n    repository: oci://registry.example/charts\n";
    text += "  - name: loc" + number(i) + "\n    version: 0.1.0\n    repository: file://../subcharts/loc" + number(i) +
            "\n    condition: loc" + number(i) + ".enabled\n";
  }
  return text;
}

/// A chart with a lock that Helm would accept.
void add_locked_chart(engine::MemorySource::Files& files, int i) {
  const std::string folder = "stack" + number(i) + "/";
  files[folder + "Chart.yaml"] = "apiVersion: v2\nname: stack" + number(i) +
                                 "\nversion: 1.0.0\ndependencies:\n  - name: redis\n    version: 1.x.x\n    repository: https://charts.example/r" +
                                 number(i) + "\n";
  formats::ChartDependency wanted, locked;
  wanted.name = locked.name = "redis";
  wanted.repository = locked.repository = "https://charts.example/r" + number(i);
  wanted.version = "1.x.x";
  locked.version = "1.4.2";
  const std::string digest = formats::lock_digest(formats::canonical_dependencies(std::vector{wanted}),
                                                  formats::canonical_dependencies(std::vector{locked}));
  files[folder + "Chart.lock"] = "dependencies:\n- name: redis\n  repository: https://charts.example/r" + number(i) +
                                 "\n  version: 1.4.2\ndigest: " + digest + "\ngenerated: \"2026-01-02T03:04:05Z\"\n";
}

/// An Application of each kind of source, and one that follows a range.
std::string applications(int i) {
  const std::string head = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  namespace: argocd\n",
                    spec = "spec:\n  project: tenants\n  destination: {server: https://kubernetes.default.svc, namespace: tenant-" + number(i) + "}\n";
  return head + "  name: app-" + number(i) + "\n" + spec + "  syncPolicy: {automated: {enabled: true}}\n  sources:\n"
         "    - repoURL: https://github.com/acme/deploy.git\n      path: apps/a" + number(i) + "\n      targetRevision: main\n"
         "      helm:\n        valueFiles: [values-prod.yaml, $cfg/env" + number(i) + ".yaml]\n"
         "    - {repoURL: 'git@github.com:Acme/releases.git', targetRevision: main, ref: cfg}\n"
         "    - {repoURL: registry.example/charts, chart: svc" + number(i) + ", targetRevision: 1.0.0-staging.abcdef1}\n---\n" +
         head + "  name: ranged-" + number(i) + "\n" + spec + "  source: {repoURL: registry.example/charts, chart: svc" + number(i) +
         ", targetRevision: \">=1.0.0-0\",\n    helm: {valuesObject: {image: {repository: registry.example/images/x" + number(i) + ", tag: v2." + number(i) + "}}}}\n---\n" +
         head + "  name: first-" + number(i) + "\n" + spec + "  source: {repoURL: 'https://github.com/acme/deploy', path: plain/p" + number(i) + "}\n---\n" +
         head + "  name: second-" + number(i) + "\n" + spec + "  source: {repoURL: 'https://github.com/acme/deploy', path: plain/q" + number(i) + "}\n";
}

}  // namespace

const std::string& Fleet::read(const std::string& slug, const std::string& path) const {
  return repositories.at(slug).at("main").at(path);
}

void Fleet::remove(const std::string& slug, const std::string& path) {
  for (auto& [branch, files] : repositories.at(slug)) files.erase(path);
}

void Fleet::write(const std::string& slug, const std::string& path, const std::string& bytes) {
  const std::string before = repositories.at(slug).at("main")[path];
  for (auto& [branch, files] : repositories.at(slug))
    if (branch == "main" || files[path] == before) files[path] = bytes;
}

Fleet clean_fleet(std::uint32_t seed) {
  Fleet fleet;
  auto& metastore = fleet.repositories["acme/metastore"]["main"];
  auto& deploy = fleet.repositories["acme/deploy"]["main"];
  auto& releases = fleet.repositories["acme/releases"]["main"];
  auto& streams = fleet.repositories["acme/streams"]["main"];
  releases["README.md"] = "What is released.\n";
  add_streams(streams);
  add_atlantis(fleet.repositories["acme/atlantis"]["main"], fleet.repositories["acme/infra"]["main"]);
  for (int i = 0; i < kServices; ++i) {
    metastore[".github/workflows/build-" + number(i) + ".yml"] = build_workflow(i);
    metastore[".github/workflows/tell-" + number(i) + ".yaml"] = sender_workflow(i);
    metastore[".github/workflows/ship-" + number(i) + ".yml"] = ship_workflow(i);
    metastore[".github/workflows/called-" + number(i) + ".yml"] = called_workflow(i);
    metastore[".github/workflows/publish-" + number(i) + ".yml"] = publish_workflow(i);
    metastore["images/i" + number(i) + "/Dockerfile"] = "FROM alpine:3.20\nARG LEVEL=1\nRUN echo $LEVEL\n";
    metastore["scripts/tool" + number(i) + ".sh"] = "#!/bin/sh\necho \"$1\"\n";
    metastore["scripts/step" + number(i) + ".sh"] = "#!/bin/sh\necho \"$@\"\n";
    metastore[".github/workflows/announce-" + number(i) + ".yml"] = announce_workflow(i);
    metastore[".github/workflows/check-" + number(i) + ".yml"] = check_workflow(i);
    metastore["helm/chart" + number(i) + "/.helmignore"] = "# not shipped\n*.md\nci/\n";
    metastore["helm/chart" + number(i) + "/Chart.yaml"] =
        "apiVersion: v2\nname: chart" + number(i) + "\nversion: 1." + number(i) + ".0\nappVersion: \"3.1\"\n";
    metastore["helm/svc" + number(i) + "/Chart.yaml"] = "apiVersion: v2\nname: svc" + number(i) + "\nversion: 1.0.0\n";
    metastore["helm/svc" + number(i) + "/values.yaml"] = "replicas: 1\n";
    metastore["helm/chart" + number(i) + "/values.yaml"] =
        "# Gr\xC3\xBC\xC3\x9F" "e\nimage:\n  repository: registry.example/images/x\n  tag: \"1." + number(i + 1) + "0\"\nreplicas: 2\nchart" + number(i) +
        ":\n  image:\n    repository: registry.example/chart" + number(i) + "\n    tag: \"3.1\"\n";
    deploy[".github/workflows/take-" + number(i) + ".yml"] = receiver_workflow(i);
    deploy[".github/workflows/bump-" + number(i) + ".yml"] = bump_workflow(i);
    deploy[".github/workflows/retag-" + number(i) + ".yml"] = retag_workflow(i);
    deploy["subcharts/loc" + number(i) + "/Chart.yaml"] = "apiVersion: v2\nname: loc" + number(i) + "\nversion: 0.1.0\n";
    add_locked_chart(deploy, i);
  }
  deploy["charts/Chart.yaml"] = umbrella(seed % 2 == 0);
  deploy["argocd/project.yaml"] =
      "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: tenants}\nspec:\n"
      "  sourceRepos: ['https://github.com/acme/*', 'git@github.com:acme/*', registry.example/charts]\n"
      "  destinations: [{server: https://kubernetes.default.svc, namespace: 'tenant-[0-9]'}]\n";
  for (int i = 0; i < kServices; ++i) {
    deploy["charts/values.yaml"] += "svc" + number(i) + ": {replicas: 2}\nloc" + number(i) + ": {enabled: true}\n";
    deploy["argocd/registry" + number(i) + ".yaml"] = credential(i);
    deploy["argocd/apps" + number(i) + ".yaml"] = applications(i);
    deploy["apps/a" + number(i) + "/Chart.yaml"] = "apiVersion: v2\nname: a" + number(i) + "\nversion: 1.0.0\n";
    deploy["apps/a" + number(i) + "/values-prod.yaml"] = "replicas: 2\n";
    for (const char* folder : {"plain/p", "plain/q"}) deploy[folder + number(i) + "/map.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n";
    releases["env" + number(i) + ".yaml"] = "replicas: 3\n";
    releases[".github/workflows/release-" + number(i) + ".yml"] = release_workflow(i);
    metastore[".github/CODEOWNERS"] += "/helm/chart" + number(i) + "/ @acme/charts\n";
    std::string& dependabot = metastore[".github/dependabot.yml"];
    if (i == 0) dependabot = "version: 2\nupdates:\n";
    dependabot += "  - package-ecosystem: docker\n    directory: /images/i" + number(i) + "\n";
  }
  if (seed % 3 == 0)
    for (auto* files : {&metastore, &deploy, &releases, &streams})
      for (auto& [path, bytes] : *files)
        if (path.ends_with("yaml") || path.ends_with("yml") || path.ends_with(".env")) bytes = replace_all(bytes, "\n", "\r\n");
  if (seed % 5 == 0)
    for (auto* files : {&metastore, &deploy, &releases, &streams})
      for (auto& [path, bytes] : *files)
        if (path.ends_with("yml")) bytes = "# caf\xC3\xA9 " + number(static_cast<int>(seed)) + "\n" + bytes;
  for (const char* tag : {"v1.0.0", "v1.2.0"}) fleet.repositories["acme/releases"]["refs/tags/" + std::string(tag)]["README.md"] = tag;
  fleet.repositories["acme/metastore"]["staging"] = metastore;
  fleet.repositories["acme/metastore"]["docs"] = metastore;
  fleet.repositories["acme/metastore"]["feat/x"] = metastore;
  for (int i = 0; i < kServices; ++i) {
    engine::CaseRegistry::Chart& chart = fleet.charts[{"registry.example/charts/svc" + number(i), "1.0.0-staging.abcdef1"}];
    chart.dependencies = R"([{"name":"redis","version":"1.x.x","repository":"https://charts.example"}])";
    chart.files = {{"Chart.yaml", "name: svc\n"},
                   {"values.yaml", "image:\n  repository: registry.example/images/svc" + number(i) + "\n  tag: abcdef1\n"},
                   {"charts/redis/Chart.yaml", "name: redis\n"}};
    fleet.charts[{"registry.example/images/svc" + number(i), "abcdef1"}].platforms = {"linux/amd64", "linux/arm64", "unknown/unknown"};
  }
  return fleet;
}

static constexpr std::int64_t kNow = 1'767'225'600;  // 2026-01-01

/// Every object of ArgoCD that the fleet declares is live as it is declared, and its repositories open, save what was edited.
static engine::CaseRegistry::ControlPlane control_plane(const Fleet& fleet) {
  engine::CaseRegistry::ControlPlane plane;
  plane.others = {{"applicationsets", ""}, {"projects", ""}, {"repositories", R"({"repo":"https://github.com/acme/deploy","connectionState":{"status":"Successful"}})"}};
  const auto deploy = fleet.repositories.find("acme/deploy");
  if (deploy == fleet.repositories.end()) return plane;  // a fleet of real files declares none
  std::map<std::string, std::string*> texts = {{"Application", &plane.applications}, {"ApplicationSet", &plane.others["applicationsets"]}, {"AppProject", &plane.others["projects"]}};
  for (const auto& [path, bytes] : deploy->second.at("main")) {
    if (!path.starts_with("argocd/")) continue;
    const auto list = formats::split_resources(bytes);
    if (!list) throw std::logic_error(path + ": " + list.error().message);
    for (const formats::ResourceObject& object : list->items)
      if (const auto text = texts.find(object.kind); text != texts.end()) *text->second += (text->second->empty() ? "" : ",\n") + object.text;
  }
  texts["Repository"] = &plane.others["repositories"];
  for (const auto& [from, to] : fleet.live_edits) {
    std::string* held = nullptr;
    for (const auto& [kind, text] : texts)
      if (held == nullptr && text->find(from) != std::string::npos) held = text;
    if (held == nullptr) throw std::logic_error("nothing that runs holds " + from);
    held->replace(held->find(from), from.size(), to);
  }
  return plane;
}

/// Every processor and connection that the fleet declares is in the workspace as it is declared, save what was edited.
static engine::CaseWorkspace live_streams(const Fleet& fleet) {
  engine::CaseWorkspace workspace;
  workspace.tier = "SP10";
  workspace.absent = fleet.no_workspace;
  const auto streams = fleet.repositories.find("acme/streams");
  if (streams == fleet.repositories.end()) return workspace;  // a fleet of real files declares none
  std::string processors = fleet.extra_processor;
  for (const auto& [path, bytes] : streams->second.at("main"))
    if (path.starts_with("processors/"))
      processors += (processors.empty() ? "" : ",\n") + ("{\"of\": \"" + path + "\", \"stats\": {\"memoryUsageBytes\": 1048576}, \"state\": \"STARTED\"," + bytes.substr(1));
  workspace.processors = "[" + processors + "]";
  workspace.connections = streams->second.at("main").at("connections/all.json");
  for (const auto& [from, to] : fleet.stream_edits) {
    std::string& text = workspace.processors.find(from) == std::string::npos ? workspace.connections : workspace.processors;
    const std::size_t at = text.find(from);
    if (at == std::string::npos) throw std::logic_error("nothing in the workspace holds " + from);
    text.replace(at, from.size(), to);
  }
  return workspace;
}

/// Two deployments of every root, save what was edited.
static std::string deployments(const Fleet& fleet) {
  std::string records;
  for (int i = 0; i < kServices; ++i)
    for (const auto& [revision, day] : {std::pair("aaaaaa1", "01"), {"aaaaaa2", "02"}})
      records += (records.empty() ? "" : ",\n") + std::string("{\"ID\": \"acme/infra||r") + number(i) + "\", \"Revision\": \"" + revision + "\", \"Trigger\": \"merge\", \"DeployedAt\": \"2025-12-" + day + "T00:00:00Z\"}";
  records = "[" + records + "]";
  for (const auto& [from, to] : fleet.deployment_edits) {
    const std::size_t at = records.find(from);
    if (at == std::string::npos) throw std::logic_error("no record holds " + from);
    records.replace(at, from.size(), to);
  }
  return records;
}

/// The commits that are deployed, one that is on no branch of theirs, and one that came later.
static std::vector<engine::MemorySource::ToldCommit> infra_commits(const Fleet& fleet) {
  std::vector<engine::MemorySource::ToldCommit> told;
  const auto tell = [&](std::string id, const char* branch, std::vector<std::string> touches) {
    id.resize(40, '0');
    told.push_back({std::move(id), kNow - (40 - static_cast<std::int64_t>(told.size())) * 86'400, {branch}, std::move(touches)});
  };
  tell("aaaaaa1", "main", {});
  tell("aaaaaa2", "main", {"README.md"});
  tell("bbbbbbb", "side", {});
  tell("aaaaaa3", "main", {fleet.changed_later.empty() ? "docs/x.txt" : fleet.changed_later});
  return told;
}

/// What the versions of charts are made of.
static std::vector<engine::MemorySource::ToldCommit> commits() {
  std::vector<engine::MemorySource::ToldCommit> told;
  const auto tell = [&](std::string id, const char* branch) {
    id.resize(40, '0');
    told.push_back({std::move(id), kNow - (100 - 10 * static_cast<std::int64_t>(told.size())) * 86'400, {branch}});
  };
  tell("bbbbbb2", "staging");
  tell("abcdef1", "staging");
  tell("fedcba9", "staging");
  tell("ccccccc", "docs");
  return told;
}

static const std::string kPinned = "abcdef1000000000000000000000000000000000";

/// What the forge holds of the one repository that it is asked of.
static std::map<std::string, engine::CaseForgeRepository> forge_repositories(const Fleet& fleet) {
  std::map<std::string, engine::CaseForgeRepository> told;
  const auto add = [&](const std::string& slug, const std::string& full_name, const std::string& visibility) -> engine::CaseForgeRepository& {
    engine::CaseForgeRepository& repository = told[slug];
    repository.about.full_name = full_name;
    repository.about.state = live::ReadingState::present;
    repository.about.default_branch = "main";
    repository.about.visibility = visibility;
    return repository;
  };
  add("acme/open", "acme/open", "public");
  add("acme/closed", "acme/closed", "private");
  add("acme/deploy", "acme/deploy", "private");
  add("acme/tools", "acme/tools", "private");
  add("acme/old", "acme/new", "private");
  engine::CaseForgeRepository& metastore = add("acme/metastore", "acme/metastore", "public");
  metastore.written = {live::ForgeListKind::secret, live::ForgeListKind::variable, live::ForgeListKind::required_check, live::ForgeListKind::release,
                       live::ForgeListKind::workflow_run};
  const auto release = [&](const std::string& tag) { metastore.items.releases.push_back({tag, tag, false, true, "", "2025-12-20T00:00:00Z", "2025-12-20T00:00:00Z"}); };
  for (const std::string& tag : fleet.more_releases) release(tag);
  std::int64_t run_id = 0;
  const auto run = [&](const std::string& workflow, const std::string& commit) {
    metastore.items.workflow_runs.push_back({++run_id, workflow, "", "push", "completed", "success", "staging", commit, 1, "2025-12-31T00:00:00Z", "2025-12-31T00:00:00Z"});
  };
  for (const auto& [workflow, commit] : fleet.more_runs) run(workflow, commit);
  for (const char* name : {"T", "U", "TOOLS", "KEY"}) metastore.items.secrets.push_back({name, "", ""});
  for (int i = 0; i < kServices; ++i) {
    metastore.items.secrets.push_back({"P" + number(i) + "_STAGING", "", ""});
    metastore.required_checks["main"].push_back({"gate-" + number(i), 15368, "protection"});
    release("svc" + number(i) + "-1.0.0-staging.abcdef1");
    run(".github/workflows/publish-" + number(i) + ".yml", kPinned);
  }
  engine::CaseForgeRepository& streams = add("acme/streams", "acme/streams", "private");
  streams.written = {live::ForgeListKind::secret, live::ForgeListKind::variable, live::ForgeListKind::required_check, live::ForgeListKind::environment};
  streams.items.secrets.push_back({"ATLAS_PRIVATE_KEY_STAGING", "", "", "2025-12-01T00:00:00Z"});
  for (int i = 0; i < kServices; ++i)
    for (const char* end : {"_STAGING", "_PRODUCTION"}) streams.items.secrets.push_back({"P" + number(i) + end, "", "", "2025-12-01T00:00:00Z"});
  streams.items.environments = {{"staging", 0, 0, {}, ""}, {"production", 1, 0, {"required_reviewers"}, ""}};
  streams.branches["main"] = {true, 1};
  streams.required_checks["main"].push_back({"anybody", std::nullopt, "protection"});
  return told;
}

engine::Report judge(const Fleet& fleet) {
  engine::CaseRegistry registry;
  registry.control_planes["prod"] = control_plane(fleet);
  registry.charts = fleet.charts;
  LiveToken token;
  const auto argocd = live::make_argocd_api({"prod", engine::CaseRegistry::control_plane_url("prod"), {}}, registry, token);
  for (int i = 0; i < kServices; ++i)
    registry.repositories["registry.example/charts/svc" + number(i)] = {"1.0.0-staging.abcdef1", "1.0.0-staging.bbbbbb2"};
  live::NoCredentials credentials;
  live::HostPolicy hosts;
  for (int i = 0; i < kServices; ++i) registry.repositories["registry.example/images/svc" + number(i)] = {"abcdef1"};
  for (int i = 0; i < kServices; ++i) registry.helm["https://charts.example/r" + number(i)]["redis"] = {"1.4.2", "1.4.1"};
  live::OciRegistry oci(registry, credentials, hosts);
  live::HelmRepositories helm(registry, credentials);

  engine::Request request;
  for (const rules::Rule& rule : rules::builtin_rules()) request.rules.push_back({&rule, std::nullopt, promises_for(rule.id)});
  request.views.assign(rules::builtin_views().begin(), rules::builtin_views().end());
  request.closed = true;
  request.chart.lockstep = {{"svc0", "svc1"}};
  for (int i = 0; i < kServices; ++i) request.chart.owners.emplace_back("svc" + number(i), "acme/metastore");
  request.chart.versions = "{base}-{branch}.{commit}";
  request.chart.environments = {{"acme/deploy", "main", "staging"}};
  request.now = kNow;
  request.live.registry = &oci;
  request.live.helm = &helm;
  request.live.control_planes = {argocd.get()};
  const auto streams = engine::make_case_streams("staging", live_streams(fleet));
  request.live.streams = {streams.get()};
  request.streams.push_back({"staging", "staging", "acme/streams", "", true, "", ""});
  auto told = forge_repositories(fleet);
  if (fleet.forge_edit) fleet.forge_edit(told);
  request.earlier = fleet.earlier;
  const auto records = live::make_deployment_dump({"prod", "records", {{"records.json", deployments(fleet)}}, {}, true, "2026-01-01T00:00:00Z"});
  if (fleet.repositories.contains("acme/infra")) request.live.deployments = {records.get()};
  engine::CaseForge forge(live::ForgeKind::github, told);
  request.live.forges = {&forge};
  for (const auto& [slug, branches] : fleet.repositories) {
    engine::FleetRepository repository;
    repository.slug = slug;
    const auto source = std::make_shared<engine::MemorySource>("main", branches, request.kinds);
    if (slug == "acme/metastore") {
      source->tell_commits(commits());
      std::vector<engine::MemorySource::ToldTag> tags;
      for (int i = 0; i < kServices; ++i) tags.push_back({"svc" + number(i) + "-1.0.0-staging.abcdef1", "", "", kPinned, false});
      source->tell_tags(std::move(tags));
      repository.forge = {forge.host(), slug};
    }
    if (slug == "acme/infra") source->tell_commits(infra_commits(fleet));
    if (slug == "acme/streams") repository.forge = {forge.host(), slug};
    if (slug == "acme/deploy") {
      engine::MemorySource::ToldCommit deployed{"eeeeee1000000000000000000000000000000000", kNow - 86'400, {"main"}};
      deployed.files["charts/Chart.yaml"] = branches.at("main").at("charts/Chart.yaml");
      source->tell_commits({deployed});
      if (!fleet.base.empty()) {
        source->tell_change({fleet.base, {"take another version"}});
        repository.base = source->base();
      }
    }
    repository.source = source;
    repository.asked.push_back({*repository.source->present(), std::nullopt, true});
    for (const engine::Point& ref : repository.source->refs())  // a tag of a chart, where a mutation has put one
      if (ref.kind == engine::PointKind::tag && ref.name.starts_with("chart")) repository.asked.push_back({ref, std::nullopt, false});
    request.repositories.push_back(std::move(repository));
  }
  engine::Run run(std::move(request));
  if (const auto errors = run.prepare(); !errors.empty()) throw std::logic_error(errors.front().fault.message);
  if (const auto loaded = run.load(); !loaded) throw std::logic_error(loaded.error().message);
  auto report = run.judge();
  if (!report) throw std::logic_error(report.error().message);
  return std::move(*report);
}

}  // namespace trueup::mutate
