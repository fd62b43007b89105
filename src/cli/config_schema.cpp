#include "cli/config_schema.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "formats/image_reference.hpp"
#include "formats/path_glob.hpp"
#include "formats/remote_url.hpp"
#include "formats/suppression.hpp"
#include "git/glob.hpp"
#include "git/remote_url.hpp"
#include "live/hosts.hpp"
#include "live/url.hpp"
#include "rules/rule.hpp"

namespace trueup::cli {
namespace {

using enum ConfigType;

constexpr auto kKeys = std::to_array<ConfigKey>({
    {"version", version, "The version of this file's form", "1"},
    {"slug", slug, "owner/name of the repository that this file stands in, where its remotes do not tell", "acme/app"},
    {"repositories", mapping, "The fleet: repositories that are held against each other",
     "{acme/deploy: {branches: [main, staging]}}", slug},
    {"repositories.*", mapping, "Where a repository is, and which of its branches and tags are loaded",
     "{branches: [main, staging]}"},
    {"repositories.*.path", path, "A folder or bare repository on this machine, relative to this file", "../deploy"},
    {"repositories.*.url", url, "Where git fetches it from; https://github.com/<slug> unless said",
     "https://git.example/acme/deploy"},
    {"repositories.*.branches", list, "Branches to load; the default branch only, unless said", "[main, \"ring-*\"]"},
    {"repositories.*.branches[]", ref_glob, "A branch, or a glob for branches", "main"},
    {"repositories.*.tags", list, "Tags to load; none, unless said", "[\"v1.*\"]"},
    {"repositories.*.tags[]", ref_glob, "A tag, or a glob for tags", "v1.2.0"},
    {"repositories.*.default_branch", ref_name, "The default branch, where the remote does not tell", "main"},
    {"repositories.*.forge", registry, "The host of the forge that holds it, where neither `url` nor its remotes tell", "github.com"},
    {"closed", boolean,
     "Whether nobody outside of `repositories` sends or receives, so that \"never sent\" may be concluded", "true"},
    {"registries", list, "Registries that the operator names: they may be asked, also on private addresses",
     "[registry.example/charts]"},
    {"registries[]", registry, "host[:port][/path], without oci:// or https://", "registry.example/charts"},
    {"argocd", mapping, "Instances of ArgoCD that declared Applications are held against, read by their own API or from a dump",
     "{prod: {url: \"https://argocd.example\"}}"},
    {"argocd.*", mapping, "One of them; its token is ARGOCD_AUTH_TOKEN for ARGOCD_SERVER, or stands in TRUEUP_HOSTS",
     "{url: \"https://argocd.example\", projects: [tenants]}"},
    {"argocd.*.url", server_url, "Where its server is; ARGOCD_SERVER unless said", "https://argocd.example"},
    {"argocd.*.projects", list, "Only Applications of these projects; all that the token may see, unless said", "[tenants]"},
    {"argocd.*.projects[]", text, "A project's name", "tenants"},
    {"argocd.*.dump", path, "A file or folder with what kubectl get applications -A -o json or argocd app list -o json wrote, in place of a server",
     "live/applications.json"},
    {"argocd.*.complete", boolean, "Whether the dump holds everything, so that what is missing from it does not exist", "true"},
    {"argocd.*.declared_in", list, "Where its Applications are declared; of several instances each needs it, where both run what is called alike",
     "[acme/gitops, \"acme/fleet:clusters/prod\"]"},
    {"argocd.*.declared_in[]", text, "owner/name, with :folder for a part of it", "acme/fleet:clusters/prod"},
    {"kubernetes", mapping, "The same, read as custom resources by the Kubernetes API of their cluster", "{prod: {context: prod}}"},
    {"kubernetes.*", mapping, "One of them; credentials are kubeconfig's, or the pod's service account", "{context: prod}"},
    {"kubernetes.*.context", text, "A context of kubeconfig; the current one, unless said", "prod"},
    {"kubernetes.*.namespace", text, "Only Applications of this namespace; of all, unless said", "argocd"},
    {"kubernetes.*.declared_in", list, "Where its Applications are declared; of several instances each needs it, where both run what is called alike",
     "[acme/gitops, \"acme/fleet:clusters/prod\"]"},
    {"kubernetes.*.declared_in[]", text, "owner/name, with :folder for a part of it", "acme/fleet:clusters/prod"},
    {"kubernetes.*.in_cluster", boolean, "Whether to use the service account of the pod that this runs in, not kubeconfig", "true"},
    {"helm", mapping, "Classic Helm repositories, by URL, whose index is read from a file in place of their server",
     "{https://charts.example/stable: {index: live/index.yaml}}", server_url},
    {"helm.*", mapping, "One of them", "{index: live/index.yaml}"},
    {"helm.*.index", path, "Its index.yaml, as helm repo index or the server writes it", "live/index.yaml"},
    {"forges", mapping, "GitHub and GitLab servers, by host, that are asked of the repositories they hold; github.com, gitlab.com and the one "
     "that this runs on are known, and asked where a token of theirs stands ready", "{github.example: {kind: github}}", registry},
    {"forges.*", mapping, "One of them; its token is GH_TOKEN, GITHUB_TOKEN, GITLAB_TOKEN, gh's or netrc's, or stands in TRUEUP_HOSTS", "{kind: github}"},
    {"forges.*.kind", forge_kind, "github or gitlab; what its host says, unless said", "github"},
    {"forges.*.url", server_url, "Where its API is; /api/v3 (GitHub) or /api/v4 (GitLab) of the host, unless said", "https://github.example/api/v3"},
    {"forges.*.ask", boolean, "Whether it is asked at all", "false"},
    {"forges.*.dump", path, "A folder with what gh api or glab api wrote, by the API's paths, in place of the server: repos/acme/app/pulls.json", "live/forge"},
    {"streams", mapping, "Workspaces of Atlas Stream Processing that processors and connections in git are held against, by environment, read by the "
     "Atlas Admin API or from a dump", "{production: {project: 6512bd43d9caa6e02c990b0a}}"},
    {"streams.*", mapping, "One of them; its key is MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET, or MONGODB_ATLAS_PUBLIC_API_KEY and "
     "MONGODB_ATLAS_PRIVATE_API_KEY, also with _PRODUCTION (its name) at the end, or stands in TRUEUP_HOSTS", "{project: 6512bd43d9caa6e02c990b0a}"},
    {"streams.*.project", text, "The id of its project", "6512bd43d9caa6e02c990b0a"},
    {"streams.*.workspace", text, "Its name in Atlas; WORKSPACE_NAME of environments/<environment>/config.env, unless said", "shop-production"},
    {"streams.*.environment", text, "The environment that is deployed there; its own name, unless said", "production"},
    {"streams.*.repository", slug, "The repository that holds its processors; the only one, unless said", "acme/streams"},
    {"streams.*.root", path, "The folder of it that holds processors/ and connections/; where they are, unless said", "streaming"},
    {"streams.*.branch", ref_name, "The branch that is deployed there; the default branch, unless said", "develop"},
    {"streams.*.url", server_url, "Where the Admin API is; https://cloud.mongodb.com, unless said", "https://cloud.mongodbgov.com"},
    {"streams.*.dump", path, "A file or folder with what the Admin API, the Atlas CLI or mongosh wrote as JSON, in place of a server", "live/production"},
    {"streams.*.complete", boolean, "Whether the dump holds everything, so that what is missing from it does not exist", "true"},
    {"deployments", mapping, "Where deployments of Terraform roots are recorded outside of git, by Atlantis or by jobs: records with OWNER/REPO||ROOT and a "
     "revision, which roots and their history are held against", "{prod: {dump: live/deployments}}"},
    {"deployments.*", mapping, "One of them, read from an address or a dump", "{dump: live/deployments}"},
    {"deployments.*.url", server_url, "The address of a JSON document with all records; a token for its host stands in TRUEUP_HOSTS",
     "https://records.example/deployments.json"},
    {"deployments.*.dump", path, "A file or folder with the records as JSON, such as a copy of the object store, in place of a server", "live/deployments"},
    {"deployments.*.complete", boolean, "Whether the dump holds every record, so that a root without one was never deployed", "true"},
    {"promises", mapping, "What the fleet's people promised each other", "{chart: {lockstep: [[atlas, atlas-read]]}}"},
    {"promises.chart", mapping, "Promises about charts", "{lockstep: [[atlas, atlas-read]]}"},
    {"promises.chart.lockstep", list, "Groups of charts that move together", "[[atlas, atlas-read]]"},
    {"promises.chart.lockstep[]", list, "Names of charts whose dependencies have one version", "[atlas, atlas-read]"},
    {"promises.chart.lockstep[][]", text, "A chart's name", "atlas"},
    {"promises.chart.owners", mapping, "Which repository publishes which chart", "{atlas: acme/metastore}"},
    {"promises.chart.owners.*", slug, "owner/name of the repository whose workflows push the chart", "acme/metastore"},
    {"promises.chart.versions", text, "How the owners' versions are made of {base} (1.0.0), {branch}, {commit} and {number}",
     "\"{base}-{branch}.{commit}\""},
    {"promises.chart.environments", mapping, "Which of the owners' branches each branch of a deploying repository takes",
     "{acme/deploy: {staging: staging, preprod: master}}", slug},
    {"promises.chart.environments.*", mapping, "Its branches", "{staging: staging, preprod: master}"},
    {"promises.chart.environments.*.*", text, "The branch that versions there name", "staging"},
    {"promises.ring", mapping, "How changes are released by rings: branches whose image is given to cohorts of tenants", "{preset: cohort-rings, cohorts: \"acme/releases:cohorts/*.json\", services: {atlas: {image: atlas.atlas.image}}}"},
    {"promises.ring.preset", text, "What holds where nothing else is said: cohort-rings", "cohort-rings"},
    {"promises.ring.cohorts", text, "Where cohorts list their tenants: owner/name:glob, whose last * is the cohort's name", "\"acme/releases:cohorts/*.json\""},
    {"promises.ring.branches", ref_glob, "A glob for the branches that are rings", "\"ring-*\""},
    {"promises.ring.label", text, "Shape of the label that gives a pull request's ring to a cohort", "\"cohort:<source>:<key>:<value>\""},
    {"promises.ring.sources", texts, "What <source> may be", "[github]"},
    {"promises.ring.sources[]", text, "A source", "github"},
    {"promises.ring.keys", texts, "What <key> may be", "[path]"},
    {"promises.ring.keys[]", text, "A key", "path"},
    {"promises.ring.limit", text, "How many tenants a cohort has at most", "20"},
    {"promises.ring.test_cohorts", texts, "Globs for cohorts that no production release uses", "[\"*-dummy-*\"]"},
    {"promises.ring.test_cohorts[]", text, "A glob for names of cohorts", "\"*-dummy-*\""},
    {"promises.ring.order", texts, "Globs for cohorts, the narrow ones first", "[\"internal-*\", \"enterprise-*\"]"},
    {"promises.ring.order[]", text, "A glob for names of cohorts", "\"internal-*\""},
    {"promises.ring.not_delivered", texts, "Globs for files that reach nobody by an image", "[\"helm/**\"]"},
    {"promises.ring.not_delivered[]", path_glob, "A glob for paths from the root", "\"helm/**\""},
    {"promises.ring.behind", text, "How long a ring may lack what its base has", "14d"},
    {"promises.ring.behind_commits", text, "How many commits of its base it may lack", "50"},
    {"promises.ring.pull_request_within", text, "How soon a ring has a pull request", "3d"},
    {"promises.ring.label_within", text, "How soon that has a cohort's label", "7d"},
    {"promises.ring.delete_within", text, "How soon the branch of a closed one is deleted", "14d"},
    {"promises.ring.clean_up_within", text, "How soon overrides are gone when their ring is", "3d"},
    {"promises.ring.pushes_a_day", text, "How many pushes to a ring a day are fine", "3"},
    {"promises.ring.time_outs", mapping, "What a release waits for", "{sync_delay: 5m, sync: 60m, replica: 15m, least: 15m, most: 120m}"},
    {"promises.ring.time_outs.sync_delay", text, "Before it looks at ArgoCD", "5m"},
    {"promises.ring.time_outs.sync", text, "For ArgoCD to sync", "60m"},
    {"promises.ring.time_outs.replica", text, "For each replica", "15m"},
    {"promises.ring.time_outs.least", text, "For a roll-out at least", "15m"},
    {"promises.ring.time_outs.most", text, "For a roll-out at most", "120m"},
    {"promises.ring.comments", mapping, "What comments on a pull request tell of its release: RE2 patterns", "{triggered: Ring Release Triggered}"},
    {"promises.ring.comments.triggered", text, "It began", "Ring Release Triggered"},
    {"promises.ring.comments.result", text, "It ended", "Service Release Result"},
    {"promises.ring.comments.success", text, "Within the latter: it went well", "'(?i)success'"},
    {"promises.ring.sync", mapping, "Repositories whose rings get merges of their base, and that base", "{acme/metastore: master}", slug},
    {"promises.ring.sync.*", ref_name, "The branch that is merged", "master"},
    {"promises.ring.services", mapping, "What is released so", "{atlas: {image: atlas.atlas.image, twin: atlas-read}}"},
    {"promises.ring.services.*", mapping, "A service: the name of its chart", "{image: atlas.atlas.image, twin: atlas-read}"},
    {"promises.ring.services.*.repository", slug, "The repository that its rings are branches of; the chart's publisher, unless said", "acme/metastore"},
    {"promises.ring.services.*.image", text, "Where its image stands among a tenant's values", "atlas.atlas.image", text, true},
    {"promises.ring.services.*.twin", text, "The service whose image moves with it", "atlas-read"},
    {"promises.ring.services.*.application", text, "Name of a tenant's Application; {tenant}, unless said", "\"{tenant}-atlas\""},
    {"promises.ring.services.*.twin_application", text, "Name of the Application that holds the twin; the same, unless said", "\"{tenant}-atlas-read\""},
    {"promises.ring.services.*.build", text, "File of the workflow that builds the image", "maven.yml"},
    {"promises.ring.services.*.release", text, "File of the workflow that starts a release", "pr-label-release.yml"},
    {"promises.ring.services.*.clean_up", text, "File of the workflow that runs when a pull request is closed", "pr-close-release.yml"},
    {"promises.ring.services.*.clean_up_when", text, "unmerged, or closed: whether it leaves the overrides of what was merged until that is rolled out", "unmerged"},
    {"promises.ring.services.*.name", text, "Repository of a ring's image", "\"registry.example/images/atlas-{branch}\""},
    {"promises.ring.services.*.tag", text, "Tag of a ring's image", "\"{commit:7}\""},
    {"promises.ring.services.*.replicas", text, "How many replicas a tenant has at most", "12"},
    {"trains", mapping, "One version over many repositories",
     "{platform: {source: acme/docs, repositories: {acme/docs: {}, acme/app: {}}}}"},
    {"trains.*", mapping, "A release train: repositories that are released together, under one version",
     "{source: acme/docs, repositories: {acme/docs: {}, acme/app: {}}}"},
    {"trains.*.source", slug, "The repository whose newest tag is the truth; the newest tag of all, unless said", "acme/docs"},
    {"trains.*.since", text, "The release from which on the promise holds; the first, unless said", "\"7.0.0\""},
    {"trains.*.repositories", mapping, "The members", "{acme/docs: {}, acme/helm: {tag: none}}", slug, true},
    {"trains.*.repositories.*", mapping, "How a member says its version", "{tag: \"v{version}\"}"},
    {"trains.*.repositories.*.tag", text, "How its tags are called, or none; {version}, with or without v, unless said", "\"v{version}\""},
    {"trains.*.repositories.*.carries", list, "Where its files carry the version", "[{file: package.json, at: /version}]"},
    {"trains.*.repositories.*.carries[]", mapping, "A file, and where in it", "{file: package.json, at: /version}"},
    {"trains.*.repositories.*.carries[].file", text, "Path from the root; {name} stands for what {name} stands for in the tag",
     "charts/{name}/Chart.yaml", text, true},
    {"trains.*.repositories.*.carries[].at", texts, "JSON pointers into YAML, JSON or TOML", "[/version, /appVersion]"},
    {"trains.*.repositories.*.carries[].at[]", text, "A JSON pointer", "/version"},
    {"trains.*.repositories.*.carries[].match", text, "An RE2 pattern over the file, or over the value at `at`, with a group (?P<version>…)",
     "'(?m)^APP_TAG=(?P<version>\\S+)$'"},
    {"trains.*.repositories.*.publishes", texts, "What its releases are published as: npm:NAME, pypi:NAME, go:MODULE, helm:CHART or oci:HOST/PATH; {name} "
     "stands for what {name} stands for in the tag", "\"npm:@acme/client\""},
    {"trains.*.repositories.*.publishes[]", text, "A package, chart or image", "\"npm:@acme/client\""},
    {"trains.*.repositories.*.files", texts, "Files that it has for each release, with {version} in their paths", "[\"schema/schema-{version}.json\"]"},
    {"trains.*.repositories.*.files[]", text, "Path from the root", "\"schema/schema-{version}.json\""},
    {"trains.*.repositories.*.docs", mapping, "Where it keeps the documents of each release, and of the latest", "{branch: gh-pages, folder: \"{version}\"}"},
    {"trains.*.repositories.*.docs.branch", ref_name, "The branch; gh-pages, unless said", "gh-pages"},
    {"trains.*.repositories.*.docs.folder", text, "A folder for each release, and one for `latest`; {version}, unless said", "\"{version}\""},
    {"trains.*.repositories.*.lists", list, "Its texts that name the train's repositories", "[{file: docs/release.md, match: '(acme/[\\w-]+)'}]"},
    {"trains.*.repositories.*.lists[]", mapping, "A file, and what in it names them", "{file: docs/release.md, match: '(acme/[\\w-]+)'}"},
    {"trains.*.repositories.*.lists[].file", text, "Path from the root", "docs/release.md", text, true},
    {"trains.*.repositories.*.lists[].match", text, "An RE2 pattern over the file whose group is owner/name, or a name alone", "'(acme/[\\w-]+)'", text, true},
    {"trains.*.indexes", mapping, "Where packages are looked up: npm, pypi, go, helm, or one of them with a name (npm:@acme/*); the public ones, unless said",
     "{npm: \"https://npm.example\", \"pypi:acme-*\": \"https://pypi.example/simple\"}"},
    {"trains.*.indexes.*", server_url, "The index's URL", "https://npm.example"},
    {"trains.*.images", list, "Images that a registry has under each release", "[registry.example/app]"},
    {"trains.*.images[]", registry, "host/path of an image", "registry.example/app"},
    {"trains.*.changelog", mapping, "The changelog, a file of the source", "{file: docs/CHANGELOG.md, compares: all}"},
    {"trains.*.changelog.file", text, "Path from the source's root", "docs/CHANGELOG.md", text, true},
    {"trains.*.changelog.compares", text, "all: each release links a comparison for every member with tags", "all"},
    {"rules", mapping, "Severity and parameters of rules and packs",
     "{chart/behind-newest: {severity: note, max_age: 14d}}"},
    {"rules.*", rule, "By id, code or pack: a severity, or a mapping of `severity` and the rule's parameters", "none"},
    {"rules.*.severity", severity, "error, warning, note, or none to switch the rule off", "note"},
    {"rules.*.*", text, "A parameter of the rule; a duration is a number and s, m, h, d or w", "14d"},
    {"suppressions", list, "Findings that are right as they are: counted in every report, and without effect on the exit code",
     "[{rule: C01, path: charts/Chart.yaml, reason: the mirror lands on Fridays}]"},
    {"suppressions[]", mapping, "One rule in one file; without a reason it has no effect",
     "{rule: C01, path: charts/Chart.yaml, reason: the mirror lands on Fridays}"},
    {"suppressions[].rule", text, "Id or code of the rule", "C01", text, true},
    {"suppressions[].path", path_glob, "A glob for paths from the repository's root: a place of the finding stands there",
     "charts/Chart.yaml", text, true},
    {"suppressions[].repository", slug, "The repository that the path is of; any, unless said", "acme/deploy"},
    {"suppressions[].key", mapping, "Only the findings with these values: `key` of the JSON report", "{name: atlas}"},
    {"suppressions[].key.*", text, "A value of the finding's key", "atlas"},
    {"suppressions[].reason", text, "Why it is right", "the mirror lands on Fridays"},
    {"suppressions[].until", date, "The last day on which it holds", "2027-01-31"},
    {"suppressions[].owner", text, "Who answers for it", "\"@platform\""},
    {"kinds", mapping, "What files are, where their path does not tell", "{\"deploy/**/*.tmpl.yaml\": none}",
     path_glob},
    {"kinds.*", text, "A kind of file, or none: the file is not read", "none"},
    {"ignore", list, "Files that are not looked at", "[\"examples/**\"]"},
    {"ignore[]", path_glob, "A glob for paths from the repository's root", "examples/**"},
    {"nodes", list, "YAML and JSON files whose nodes rules of one's own read", "[\"cohorts/*.json\"]"},
    {"nodes[]", path_glob, "A glob for paths from the repository's root", "cohorts/*.json"},
    {"rule_folders", list, "Folders with rules of one's own, relative to this file", "[rules]"},
    {"rule_folders[]", path, "A folder", "rules"},
    {"gate", gate, "Where a finding turns a run red: subject (what is checked), or refs (on every loaded ref)", "refs"},
});

constexpr std::array<std::string_view, 3> kLater = {"references", "audit", "clusters"};
constexpr std::array<std::string_view, 2> kLaterPromises = {"promises.release", "promises.chart.environments"};

constexpr std::array<std::string_view, 8> kCredentialWords = {"token",  "password",   "passwd", "secret",
                                                              "apikey", "credential", "login",  "auth"};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::optional<ValueProblem> check_slug(std::string_view text) {
  constexpr std::string_view kSay = "is no owner/name";
  if (text.find("://") != std::string_view::npos || text.starts_with("git@"))
    return ValueProblem{std::string(kSay) + "; a URL stands in `url:`"};
  const std::vector<std::string_view> parts = split(text, '/');
  if (parts.size() < 2) return ValueProblem{std::string(kSay) + ", such as acme/app"};
  for (const std::string_view part : parts) {
    if (part.empty() || part == "." || part == "..") return ValueProblem{std::string(kSay) + ", such as acme/app"};
    for (const char& c : part) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (letter || c == '-' || c == '_' || c == '.') continue;
      return ValueProblem{std::string(kSay) + ": letters, digits, `-`, `_` and `.` make a name",
                          static_cast<std::uint32_t>(&c - text.data())};
    }
  }
  return std::nullopt;
}

std::optional<ValueProblem> check_url(std::string_view text) {
  if (const auto valid = git::validate_fetch_url(text, git::LocalUrls::refused); !valid)
    return ValueProblem{"cannot be fetched: " + valid.error().message};
  const std::string_view rest = text.substr(std::min(text.find("://") + 3, text.size()));
  if (ascii_lower(text).starts_with("https://") && rest.substr(0, rest.find('/')).find('@') != std::string_view::npos)
    return ValueProblem{"holds a user: credentials are never in trueup.yaml, git's credential helpers have them"};
  return std::nullopt;
}

std::optional<ValueProblem> check_server_url(std::string_view text) {
  const auto url = live::Url::parse(text);
  if (!url) return ValueProblem{"is no URL, such as https://argocd.example: " + url.error().message};
  if (url->target.find('?') != std::string::npos) return ValueProblem{"has a query; the address of a server has none"};
  return std::nullopt;
}

std::optional<ValueProblem> check_ref(std::string_view text, bool glob) {
  if (text.starts_with("refs/")) return ValueProblem{"is a full name; write it without refs/heads/ or refs/tags/"};
  if (!glob && git::is_ref_glob(text)) return ValueProblem{"is one name, not a glob"};
  if (glob && !git::is_well_formed_ref_glob(text)) return ValueProblem{"is a glob with a `[` that is not closed"};
  if (text.find_first_of(" ~^:") != std::string_view::npos || std::any_of(text.begin(), text.end(), is_control))
    return ValueProblem{"is no name of a branch or tag (git-check-ref-format)"};
  return std::nullopt;
}

std::optional<ValueProblem> check_registry(std::string_view text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos)
    return ValueProblem{"has a scheme; write " + quoted(text.substr(scheme + 3)) + ", without " +
                        std::string(text.substr(0, std::min<std::size_t>(scheme, 20))) + "://"};
  const std::size_t slash = std::min(text.find('/'), text.size());
  if (text.substr(0, slash).find('@') != std::string_view::npos)
    return ValueProblem{"holds a user: credentials are never in trueup.yaml, docker's config (docker login) has them"};
  if (!live::HostPort::parse(text.substr(0, slash))) return ValueProblem{"does not begin with a host[:port]"};
  const std::string_view below = text.substr(std::min(slash + 1, text.size()));
  if (slash < text.size() && !formats::oci_repository_valid(below))
    return ValueProblem{"has a path that no registry has: small letters and digits, joined by `/`, `-`, `_` and `.`",
                        static_cast<std::uint32_t>(std::min(slash + 1, text.size()))};
  return std::nullopt;
}

std::optional<ValueProblem> check_severity(std::string_view text) {
  if (rules::parse_severity(text)) return std::nullopt;
  constexpr std::array<std::string_view, 6> kOff = {"off", "false", "no", "disabled", "disable", "never"};
  if (std::find(kOff.begin(), kOff.end(), ascii_lower(text)) != kOff.end())
    return ValueProblem{"is no severity; write none to switch a rule off (YAML 1.1 reads off as false)"};
  const std::vector<std::string> all = {"error", "warning", "note", "none"};
  const auto nearest = nearest_name(text, all);
  return ValueProblem{"is no severity; " + (nearest ? "did you mean `" + *nearest + "`?"
                                                    : std::string("write error, warning, note or none"))};
}

}  // namespace

std::span<const ConfigKey> config_keys() { return kKeys; }

const ConfigKey* find_config_key(std::string_view wanted) {
  for (const ConfigKey& key : kKeys)
    if (key.path == wanted) return &key;
  return nullptr;
}

bool is_key_of_later(std::string_view wanted) {
  return std::find(kLater.begin(), kLater.end(), wanted) != kLater.end() ||
         std::find(kLaterPromises.begin(), kLaterPromises.end(), wanted) != kLaterPromises.end();
}

bool looks_like_credential(std::string_view key) {
  const std::string plain = replace_all(replace_all(ascii_lower(key), "_", ""), "-", "");
  return std::any_of(kCredentialWords.begin(), kCredentialWords.end(),
                     [&](std::string_view word) { return plain.find(word) != std::string::npos; });
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 100;
  std::string name = formats::redact_urls(text);
  // `user:password@host`, as a registry is written with a credential; `git@host:path` has none.
  const std::size_t at = name.rfind('@'), colon = name.find(':');
  if (name.find("://") == name.npos && at != name.npos && colon < at && at < name.find('/')) name.replace(0, at, "***");
  if (name.size() <= kLongest) return '`' + printable(name) + '`';
  std::string_view front = std::string_view(name).substr(0, kLongest);
  // Not within a character: what is cut there would read as an escape.
  if (const auto invalid = first_invalid_utf8(front); invalid && front.size() - *invalid < 4)
    front = front.substr(0, *invalid);
  return '`' + printable(front) + "…`";
}

std::optional<ValueProblem> check_value(ConfigType type, std::string_view value, formats::ScalarStyle style) {
  const bool plain = style == formats::ScalarStyle::plain;
  switch (type) {
    case mapping:
    case list: return std::nullopt;
    case version:
      if (plain && value == "1") return std::nullopt;
      return ValueProblem{"is no version of this file's form that this version of trueup knows; write `version: 1`"};
    case boolean: {
      const std::string lower = ascii_lower(value);
      if (plain && (lower == "true" || lower == "false")) return std::nullopt;
      return ValueProblem{plain ? "is neither true nor false" : "is text; write true or false without quotes"};
    }
    case gate:
      if (value == "subject" || value == "refs") return std::nullopt;
      return ValueProblem{"is no gate; write subject or refs"};
    case forge_kind:
      if (value == "github" || value == "gitlab") return std::nullopt;
      return ValueProblem{"is no kind of forge; write github or gitlab"};
    case rule:
    case severity: return check_severity(value);
    default: break;
  }
  if (value.empty() || (plain && (value == "~" || ascii_lower(value) == "null"))) return ValueProblem{"is empty"};
  switch (type) {
    case slug: return check_slug(value);
    case path:
      if (std::any_of(value.begin(), value.end(), is_control)) return ValueProblem{"holds a control character"};
      return std::nullopt;
    case url: return check_url(value);
    case server_url: return check_server_url(value);
    case ref_name: return check_ref(value, false);
    case ref_glob: return check_ref(value, true);
    case path_glob:
      if (auto compiled = formats::PathGlob::compile(value); !compiled)
        return ValueProblem{"is no glob: " + compiled.error().message,
                            compiled.error().at ? compiled.error().at->begin : 0};
      return std::nullopt;
    case registry: return check_registry(value);
    case date:
      if (formats::is_suppression_date(value)) return std::nullopt;
      return ValueProblem{"is no day; write it as 2027-01-31"};
    default: return std::nullopt;
  }
}

}  // namespace trueup::cli
