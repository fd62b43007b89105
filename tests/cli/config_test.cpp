#include "cli/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/text.hpp"
#include "cli/config_schema.hpp"

namespace trueup::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string told(const ConfigProblem& problem) {
  const std::string place = std::to_string(problem.line) + ':' + std::to_string(problem.column);
  return problem.file + ':' + place + ": " + problem.message;
}
std::string told(const std::vector<ConfigProblem>& problems) {
  std::vector<std::string> lines;
  for (const ConfigProblem& problem : problems) lines.push_back(told(problem));
  return join(lines, "\n");
}

Config config_of(std::string_view text) {
  const ConfigResult result = parse_config("trueup.yaml", text);
  EXPECT_THAT(result.problems, IsEmpty()) << told(result.problems);
  return result.config.value_or(Config{});
}

constexpr std::string_view kWhole = R"(version: 1
slug: acme/app
repositories:
  acme/metastore: {branches: [master, "ring-*"], tags: ["v1.*"], default_branch: master}
  acme/deploy:
    path: ../deploy
  acme/releases: {}
  acme/empty:
  group/below/app: {url: "https://git.example/group/below/app.git"}
closed: true
registries: [registry.example/charts, "127.0.0.1:5000", registry.example:8443/a/b]
promises:
  chart: {lockstep: [[atlas, atlas-read], [one, two, three]], owners: {atlas: acme/metastore, atlas-read: acme/metastore}}
trains:
  platform:
    source: acme/docs
    since: 7.0.0
    repositories:
      acme/docs: {}
      acme/go: {tag: "v{version}"}
      acme/helm: {tag: none, carries: [{file: app/Chart.yaml, at: [/version, /appVersion]}, {file: .env, match: '(?m)^TAG=(\S+)$'}]}
    images: [registry.example/app]
    changelog: {file: docs/CHANGELOG.md, compares: all}
rules:
  workflow/payload-key-unread: none
  chart/behind-newest: {severity: note, max_age: 14d}
  C15: warning
suppressions:
  - rule: C01
    path: "charts/**"
    repository: acme/deploy
    key: {name: atlas}
    reason: "the mirror lands on Fridays: see #12"
    until: 2027-01-31
    owner: "@platform"
  - {rule: workflow/path-exists, path: .github/workflows/a.yml}
kinds:
  "deploy/**/*.tmpl.yaml": none
  'ci/{a,b}.yaml': workflow
ignore: ["examples/**", vendor/]
nodes:
  - cohorts/*.json
rule_folders: [rules, ../more]
gate: refs
)";

TEST(Config, HoldsWhatTheFileSays) {
  const Config config = config_of(kWhole);
  EXPECT_EQ(config.file, "trueup.yaml");
  EXPECT_EQ(config.slug, "acme/app");
  ASSERT_THAT(config.repositories, SizeIs(5));
  EXPECT_EQ(config.repositories[0].slug, "acme/metastore");
  EXPECT_THAT(config.repositories[0].branches, ElementsAre("master", "ring-*"));
  EXPECT_THAT(config.repositories[0].tags, ElementsAre("v1.*"));
  EXPECT_EQ(config.repositories[0].default_branch, "master");
  EXPECT_EQ(slice(kWhole, config.repositories[0].at), "acme/metastore");
  EXPECT_EQ(config.repositories[1].path, "../deploy");
  EXPECT_EQ(config.repositories[4].url, "https://git.example/group/below/app.git");
  EXPECT_TRUE(config.closed);
  EXPECT_THAT(config.registries, ElementsAre("registry.example/charts", "127.0.0.1:5000", "registry.example:8443/a/b"));
  EXPECT_THAT(config.chart.lockstep, ElementsAre(ElementsAre("atlas", "atlas-read"), ElementsAre("one", "two", "three")));
  EXPECT_THAT(config.chart.owners, ElementsAre(testing::Pair("atlas", "acme/metastore"), testing::Pair("atlas-read", "acme/metastore")));
  ASSERT_THAT(config.trains, SizeIs(1));
  EXPECT_EQ(config.trains[0].source, "acme/docs");
  EXPECT_EQ(config.trains[0].since, "7.0.0");
  EXPECT_EQ(config.trains[0].changelog, "docs/CHANGELOG.md");
  EXPECT_EQ(slice(kWhole, config.trains[0].images.at(0).second), "registry.example/app");
  ASSERT_THAT(config.trains[0].members, SizeIs(3));
  EXPECT_EQ(config.trains[0].members[1].tag_shape, "v{version}");
  EXPECT_FALSE(config.trains[0].members[2].has_tags);
  ASSERT_THAT(config.trains[0].members[2].carries, SizeIs(3));
  EXPECT_EQ(config.trains[0].members[2].carries[1].pointer, "/appVersion");
  EXPECT_EQ(slice(kWhole, config.trains[0].members[2].carries[1].at), "/appVersion");
  EXPECT_EQ(config.trains[0].members[2].carries[2].pattern, "(?m)^TAG=(\\S+)$");
  ASSERT_THAT(config.rules, SizeIs(3));
  EXPECT_EQ(config.rules[0].severity, rules::Severity::none);
  EXPECT_EQ(config.rules[1].severity, rules::Severity::note);
  EXPECT_THAT(config.rules[1].parameters, ElementsAre(testing::Pair("max_age", "14d")));
  EXPECT_EQ(slice(kWhole, config.rules[2].at), "C15");
  ASSERT_THAT(config.suppressions, SizeIs(2));
  EXPECT_EQ(slice(kWhole, config.suppressions[0].at), "C01");
  EXPECT_EQ(config.suppressions[0].path, "charts/**");
  EXPECT_EQ(config.suppressions[0].repository, "acme/deploy");
  EXPECT_THAT(config.suppressions[0].key, ElementsAre(testing::Pair("name", "atlas")));
  EXPECT_EQ(config.suppressions[0].reason, "the mirror lands on Fridays: see #12");
  EXPECT_EQ(config.suppressions[0].until, "2027-01-31");
  EXPECT_EQ(config.suppressions[0].owner, "@platform");
  EXPECT_EQ(config.suppressions[1].reason, "") << "said by a finding, not refused";
  ASSERT_THAT(config.kinds, SizeIs(2));
  EXPECT_EQ(config.kinds[0].glob, "deploy/**/*.tmpl.yaml");
  EXPECT_EQ(config.kinds[1].kind, "workflow");
  EXPECT_THAT(config.ignore, ElementsAre("examples/**", "vendor/"));
  EXPECT_THAT(config.nodes, ElementsAre("cohorts/*.json"));
  EXPECT_THAT(config.rule_folders, ElementsAre("rules", "../more"));
  EXPECT_TRUE(config.gate_refs);
  EXPECT_EQ(config.places.at("/repositories/acme~1deploy/path"), (LineColumn{6, 5}));
}

TEST(Config, KeysWithoutAValueAreEmptyCollections) {
  const Config config =
      config_of("version: 1\nrepositories:\nregistries: # all of them are comments\npromises: {chart: ~}\n");
  EXPECT_THAT(config.repositories, IsEmpty());
  EXPECT_THAT(config.registries, IsEmpty());
}

TEST(Config, AliasesAreFollowed) {
  const Config config = config_of("version: 1\nrepositories:\n  a/b: &same {branches: &list [x, y]}\n  a/c: *same\n"
                                  "  a/d: {tags: *list}\n");
  EXPECT_THAT(config.repositories[1].branches, ElementsAre("x", "y"));
  EXPECT_THAT(config.repositories[2].tags, ElementsAre("x", "y"));
}

TEST(Config, EveryMistakeHasItsPlaceAndTheWayOut) {
  struct Row {
    std::string_view text, told;
  };
  const Row rows[] = {
      // The form of the file.
      {"", "t:1:1: is empty; a config begins with `version: 1`"},
      {"slug: a/b\n", "t:1:1: `version: 1` is missing"},
      {"[version]\n", "t:1:1: a config is a mapping of keys"},
      {"version: 1\n---\nversion: 1\n", "t:3:1: a config is one YAML document; a second begins here"},
      {"version: 2\n", "t:1:10: `2` in `version` is no version of this file's form that this version of trueup knows; "
                       "write `version: 1`"},
      {"version: \"1\"\n",
       "t:1:11: `1` in `version` is no version of this file's form that this version of trueup knows; "
       "write `version: 1`"},
      // Suppressions.
      {"version: 1\nsuppressions: [{rule: C01}]\n", "t:2:16: `path` is missing in `suppressions`, such as `charts/Chart.yaml`"},
      {"version: 1\nsuppressions: [{rules: C01, path: a}]\n",
       "t:2:16: `rule` is missing in `suppressions`, such as `C01`\nt:2:17: unknown key `rules`; did you mean `rule`?"},
      {"version: 1\nsuppressions: [{rule: C01, path: a, until: Friday}]\n",
       "t:2:44: `Friday` in `suppressions.until` is no day; write it as 2027-01-31"},
      {"version: 1\nsuppressions: [{rule: C01, path: /a}]\n", "t:2:34: `/a` in `suppressions.path` is no glob: "},
      {"version: 1\nsuppressions: {C01: a}\n",
       "t:2:15: `suppressions` is a list, such as `[{rule: C01, path: charts/Chart.yaml, reason: the mirror lands on Fridays}]`"},
      // Keys.
      {"version: 1\nregistrys: []\n", "t:2:1: unknown key `registrys`; did you mean `registries`?"},
      {"version: 1\nx: 1\n",
       "t:2:1: unknown key `x`; known here are version, slug, repositories, closed, registries, argocd, kubernetes, helm, forges, streams, deployments, promises, trains, rules, "
       "suppressions, kinds, ignore, "
       "nodes, rule_folders, gate"},
      {"version: 1\nrepositories:\n  a/b: {branch: [x]}\n", "t:3:9: unknown key `branch`; did you mean `branches`?"},
      {"version: 1\npromises: {charts: {}}\n", "t:2:12: unknown key `charts`; did you mean `chart`?"},
      {"version: 1\nclosed: true\nclosed: false\n", "t:3:1: key `closed` stands twice; first on line 2"},
      {"version: 1\n? [a]\n: b\n", "t:2:3: a key is text"},
      {"version: 1\n<<: {}\n", "t:2:1: merge keys (`<<`) are not read here; an alias (`*name`) of a whole value is"},
      {"version: 1\n\"a\\eb\": 1\n",
       "t:2:2: unknown key `a\\x1Bb`; known here are version, slug, repositories, closed, registries, argocd, kubernetes, helm, forges, streams, deployments, promises, "
       "trains, rules, suppressions, kinds, "
       "ignore, nodes, rule_folders, gate"},
      {"version: 1\n\"repositories.*\": 1\n",
       "t:2:2: unknown key `repositories.*`; did you mean `repositories`?"},
      {"version: 1\nargocd: {a: {url: x}, b: {url: \"https://a/?q\"}}\n",
       "t:2:19: `x` in `argocd.a.url` is no URL, such as https://argocd.example: \"x\" is no address that can be asked\n"
       "t:2:33: `https://a/?q` in `argocd.b.url` has a query; the address of a server has none"},
      {"version: 1\nargocd: {a: {url: \"https://a\", dump: b}}\nkubernetes: {a: {}}\n",
       "t:2:32: an instance of ArgoCD has `url:` or `dump:`, not both\n"
       "t:3:14: `a` is the name of two instances of ArgoCD; one is read in one way"},
      {"version: 1\nargocd: {a: {token: x}}\n",
       "t:2:14: `token`: credentials are never in trueup.yaml; registries use docker's config (docker login), git its "
       "credential helpers, servers the environment of the run"},
      // Workspaces.
      {"version: 1\ndeployments: {prod: {}}\n", "t:2:15: records of deployments have `url:` or `dump:`: one of both"},
      {"version: 1\ndeployments: {prod: {url: https://a.example/x.json, dump: a}}\n", "t:2:15: records of deployments have `url:` or `dump:`: one of both"},
      {"version: 1\nstreams: {prod: {}}\n", "t:2:11: a workspace has `project:`, the id that Atlas is asked for, or `dump:`: one of both"},
      {"version: 1\nstreams: {prod: {project: 6512bd43d9caa6e02c990b0g}}\n", "t:2:27: `6512bd43d9caa6e02c990b0g` is no id of a project: 24 hex digits"},
      {"version: 1\nrepositories: {acme/a: {}, acme/b: {}}\nstreams: {prod: {dump: x.json}}\n",
       "t:3:11: which repository holds the processors of `prod`? Say it with `repository:`"},
      // Forges.
      {"version: 1\nforges: {git.example: {}}\n",
       "t:2:10: what kind of forge `git.example` is, its name does not tell; say `kind: github` or `kind: gitlab`"},
      {"version: 1\nforges: {git.example: {kind: gitea}}\n", "t:2:30: `gitea` in `forges.git.example.kind` is no kind of forge; write github or gitlab"},
      {"version: 1\nforges: {github.com: {asked: no}}\n", "t:2:23: unknown key `asked`; known here are kind, url, ask, dump"},
      {"version: 1\nforges: {https://github.com: {kind: github}}\n", "t:2:10: `https://github.com` in `forges` has a scheme; write `github.com`, without https://"},
      // Trains.
      {"version: 1\ntrains: {t: {}}\n", "t:2:13: `repositories` is missing in `trains.t`, such as `{acme/docs: {}, acme/helm: {tag: none}}`"},
      {"version: 1\ntrains: {t: {source: a/c, repositories: {a/b: {}}}}\n",
       "t:2:10: the source a/c is none of the train's repositories; name it there too"},
      {"version: 1\ntrains: {t: {repositories: {a/b: {tag: v1}}}}\n",
       "t:2:29: `tag: v1` does not hold {version}; a repository without tags has `tag: none`"},
      {"version: 1\ntrains: {t: {repositories: {a/b: {carries: [{file: x, match: abc}]}}}}\n",
       "t:2:62: the pattern abc has no group (?P<version>…) for the version"},
      {"version: 1\ntrains: {t: {repositories: {a/b: {carries: [{file: x, at: version}]}}}}\n",
       "t:2:59: `version` is no JSON pointer, which begins with /"},
      // Keys of later, and what is never here.
      {"version: 1\naudit: {}\n",
       "t:2:1: `audit` is not known to this version of trueup; known here are version, slug, repositories, closed, "
       "registries, argocd, kubernetes, helm, forges, streams, deployments, "
       "promises, trains, rules, suppressions, kinds, ignore, nodes, rule_folders, gate"},
      {"version: 1\npromises: {release: {}}\n",
       "t:2:12: `release` is not known to this version of trueup; known here are chart, ring"},
      {"version: 1\npromises: {ring: {preset: cohort-ring}}\n", "t:2:19: no preset is called `cohort-ring`; did you mean `cohort-rings`?"},
      {"version: 1\npromises: {ring: {cohort: \"a/b:c/*.json\"}}\n", "t:2:19: unknown key `cohort`; did you mean `cohorts`?"},
      {"version: 1\npromises: {ring: {cohorts: cohorts}}\n", "t:2:28: cohorts are `owner/name:glob`, such as `acme/releases:cohorts/*.json`"},
      {"version: 1\npromises: {ring: {behind: long}}\n", "t:2:27: `long` is no time: a number and s, m, h, d or w, such as 14d"},
      {"version: 1\npromises: {ring: {limit: few}}\n", "t:2:26: `few` is no number"},
      {"version: 1\npromises: {ring: {label: \"cohort:x\"}}\n",
       "t:2:27: the shape of a cohort's label has a part `<value>`, such as `cohort:<source>:<key>:<value>`"},
      {"version: 1\npromises: {ring: {services: {atlas: {}}}}\n",
       "t:2:37: `image` is missing in `promises.ring.services.atlas`, such as `atlas.atlas.image`"},
      {"version: 1\nrepositories: {a/b: {api_token: x}}\n",
       "t:2:22: `api_token`: credentials are never in trueup.yaml; registries use docker's config (docker login), "
       "git its "
       "credential helpers, servers the environment of the run"},
      {"version: 1\nPassword: x\n",
       "t:2:1: `Password`: credentials are never in trueup.yaml; registries use docker's config (docker login), git "
       "its "
       "credential helpers, servers the environment of the run"},
      // Forms of values.
      {"version: 1\nregistries: registry.example\n",
       "t:2:13: `registries` is a list, such as `[registry.example/charts]`"},
      {"version: 1\nrepositories: [a/b]\n",
       "t:2:15: `repositories` is a mapping, such as `{acme/deploy: {branches: [main, staging]}}`"},
      {"version: 1\nrepositories: {a/b: {branches: main}}\n",
       "t:2:32: `repositories.a/b.branches` is a list, such as `[main, \"ring-*\"]`"},
      {"version: 1\nslug: [a/b]\n", "t:2:7: `slug` is one value, such as `acme/app`"},
      {"version: 1\nslug:\n", "t:2:6: `slug` is empty; an example is `acme/app`"},
      {"version: 1\nignore: [a, ]\nnodes: [~]\n", "t:3:9: `~` in `nodes` is empty"},
      {"version: 1\nclosed: yes\n", "t:2:9: `yes` in `closed` is neither true nor false"},
      {"version: 1\nclosed: 'true'\n", "t:2:10: `true` in `closed` is text; write true or false without quotes"},
      {"version: 1\ngate: none\n", "t:2:7: `none` in `gate` is no gate; write subject or refs"},
      // Slugs, URLs, names of refs.
      {"version: 1\nslug: app\n", "t:2:7: `app` in `slug` is no owner/name, such as acme/app"},
      {"version: 1\nslug: acme/a p\n",
       "t:2:13: `acme/a p` in `slug` is no owner/name: letters, digits, `-`, `_` and `.` make a name"},
      {"version: 1\nrepositories: {\"https://github.com/a/b\": {}}\n",
       "t:2:17: `https://github.com/a/b` in `repositories` is no owner/name; a URL stands in `url:`"},
      {"version: 1\nrepositories: {a: {}, a/../b: {}, a/: {}}\n",
       "t:2:16: `a` in `repositories` is no owner/name, such as acme/app\n"
       "t:2:23: `a/../b` in `repositories` is no owner/name, such as acme/app\n"
       "t:2:35: `a/` in `repositories` is no owner/name, such as acme/app"},
      {"version: 1\nrepositories: {a/b/c: {}}\n",
       "t:2:16: `a/b/c` is no owner/name of github.com; say where it is with `url:` or `path:`"},
      {"version: 1\nrepositories: {a/b: {path: x, url: https://git.example/a/b}}\n",
       "t:2:31: a repository has `path:` or `url:`, not both"},
      {"version: 1\nrepositories: {a/b: {url: https://me@git.example/a/b}}\n",
       "t:2:27: `https://***@git.example/a/b` in `repositories.a/b.url` holds a user: credentials are never in "
       "trueup.yaml, "
       "git's credential helpers have them"},
      {"version: 1\nrepositories: {a/b: {url: \"ext::sh -c x\"}}\n",
       "t:2:28: `ext::sh -c x` in `repositories.a/b.url` cannot be fetched: \"ext::sh -c x\" names a transport "
       "helper, which may "
       "run commands"},
      {"version: 1\nrepositories: {a/b: {branches: [refs/heads/x, \"[a\", \"a b\"], default_branch: \"ma*\"}}\n",
       "t:2:33: `refs/heads/x` in `repositories.a/b.branches` is a full name; write it without refs/heads/ or "
       "refs/tags/\n"
       "t:2:48: `[a` in `repositories.a/b.branches` is a glob with a `[` that is not closed\n"
       "t:2:54: `a b` in `repositories.a/b.branches` is no name of a branch or tag (git-check-ref-format)\n"
       "t:2:78: `ma*` in `repositories.a/b.default_branch` is one name, not a glob"},
      // Registries.
      {"version: 1\nregistries: [oci://registry.example/charts]\n",
       "t:2:14: `oci://registry.example/charts` in `registries` has a scheme; write `registry.example/charts`, "
       "without oci://"},
      {"version: 1\nregistries: [\"me@registry.example\"]\n",
       "t:2:15: `me@registry.example` in `registries` holds a user: credentials are never in trueup.yaml, docker's "
       "config "
       "(docker login) has them"},
      {"version: 1\nregistries: [\"registry.example:0/x\"]\n",
       "t:2:15: `registry.example:0/x` in `registries` does not begin with a host[:port]"},
      {"version: 1\nregistries: [registry.example/Charts]\n",
       "t:2:31: `registry.example/Charts` in `registries` has a path that no registry has: small letters and "
       "digits, joined by "
       "`/`, `-`, `_` and `.`"},
      // Rules.
      {"version: 1\nrules: {chart/x: off, chart/y: false, chart/z: warn}\n",
       "t:2:18: `off` in `rules.chart/x` is no severity; write none to switch a rule off (YAML 1.1 reads off as "
       "false)\n"
       "t:2:32: `false` in `rules.chart/y` is no severity; write none to switch a rule off (YAML 1.1 reads off as "
       "false)\n"
       "t:2:48: `warn` in `rules.chart/z` is no severity; write error, warning, note or none"},
      {"version: 1\nrules: {chart/x: {severity: eror, max_age: [1]}, chart/y: }\n",
       "t:2:29: `eror` in `rules.chart/x.severity` is no severity; did you mean `error`?\n"
       "t:2:44: `rules.chart/x.max_age` is one value, such as `14d`\n"
       "t:2:58: `rules.chart/y` is empty; an example is `none`"},
      // Globs.
      {"version: 1\nkinds: {/a: none}\n", "t:2:9: `/a` in `kinds` is no glob: "},
      {"version: 1\nignore: [\"abc[\"]\n", "t:2:14: `abc[` in `ignore` is no glob: "},
      // Promises.
      {"version: 1\npromises: {chart: {lockstep: [[a], [b, b], c, []]}}\n",
       "t:2:31: a group of charts that move together has at least two names\n"
       "t:2:40: chart `b` stands twice in a group\n"
       "t:2:44: `promises.chart.lockstep` is a list, such as `[atlas, atlas-read]`\n"
       "t:2:47: a group of charts that move together has at least two names"},
  };
  for (const Row& row : rows) {
    const ConfigResult result = parse_config("t", row.text);
    EXPECT_FALSE(result.config.has_value()) << row.text;
    if (row.told.ends_with("is no glob: "))
      EXPECT_THAT(told(result.problems), testing::StartsWith(std::string(row.told)));  // the glob's own words follow
    else
      EXPECT_EQ(told(result.problems), row.told) << row.text;
  }
}

TEST(Config, FileThatDoesNotParseIsToldOnceWithItsPlace) {
  const ConfigResult result = parse_config("t", "version: 1\nrules: [a\n");
  ASSERT_THAT(result.problems, SizeIs(1));
  EXPECT_THAT(result.problems[0].message, testing::StartsWith("does not parse: "));
}

TEST(Config, HostileFilesAreBounded) {
  const ConfigResult large = parse_config("t", std::string(kMaxConfigBytes + 1, ' '));
  EXPECT_EQ(told(large.problems), "t:1:1: is over 1 MiB; a config is no larger");

  std::string wrong = "version: 1\n";
  for (int i = 0; i < 50'000; ++i) wrong += "k" + std::to_string(i) + ": 1\n";
  EXPECT_THAT(parse_config("t", wrong).problems, SizeIs(kMaxConfigProblems + 1));

  std::string bomb = "version: 1\nnodes: &a [";
  for (int i = 0; i < 20'000; ++i) bomb += "x,";
  bomb += "]\nrepositories:\n";
  for (int i = 0; i < 20'000; ++i) bomb += "  a/b" + std::to_string(i) + ": {branches: *a}\n";
  EXPECT_THAT(told(parse_config("t", bomb).problems), testing::HasSubstr("aliases lead to more values"));

  std::string fan = "version: 1\nrepositories:\n  a/a: &a {";
  for (int i = 0; i < 20'000; ++i) fan += "k" + std::to_string(i) + ": 1, ";
  fan += "}\n";
  for (int i = 0; i < 20'000; ++i) fan += "  a/b" + std::to_string(i) + ": *a\n";
  EXPECT_FALSE(parse_config("t", fan).config);
}

TEST(Config, TruncatedFilesNeverCrash) {
  for (std::size_t length = 0; length < kWhole.size(); ++length) {
    const ConfigResult result = parse_config("t", kWhole.substr(0, length));
    EXPECT_EQ(result.config.has_value(), result.problems.empty());
  }
}

TEST(ShowConfig, ReadsAsTheSameConfig) {
  for (const std::string_view text :
       {kWhole, std::string_view("version: 1\n"),
        std::string_view("version: 1\nrules: {\"a b\": {x: \"on\", y: \"a\\\"\\\\\\u202e\\n\"}, c: {}}\n"
                         "ignore: [\"*.md\"]\n")}) {
    Config first = config_of(text);
    Config second = config_of(show_config(first));
    first.places.clear();
    second.places.clear();
    EXPECT_EQ(show_config(first), show_config(second));
  }
}

TEST(ShowConfig, SaysWhereEachValueStands) {
  EXPECT_EQ(show_config(config_of("version: 1\nrepositories:\n  acme/deploy: {branches: [main, \"ring-*\"]}\n"
                                  "rules: {C15: none, chart/behind-newest: {max_age: 14d}}\n")),
            "version: 1                                      # trueup.yaml:1\n"
            "repositories:                                   # trueup.yaml:2\n"
            "  acme/deploy:                                  # trueup.yaml:3\n"
            "    url: \"https://github.com/acme/deploy\"       # default\n"
            "    branches: [main, \"ring-*\"]                  # trueup.yaml:3\n"
            "    tags: []                                    # default\n"
            "closed: false                                   # default\n"
            "registries: []                                  # default\n"
            "argocd: {}                                      # default\n"
            "kubernetes: {}                                  # default\n"
            "helm: {}                                        # default\n"
            "forges: {}                                      # default\n"
            "streams: {}                                     # default\n"
            "deployments: {}                                 # default\n"
            "promises: {}                                    # default\n"
            "trains: {}                                      # default\n"
            "rules:                                          # trueup.yaml:4\n"
            "  C15: none                                     # trueup.yaml:4\n"
            "  chart/behind-newest:                          # trueup.yaml:4\n"
            "    max_age: \"14d\"                              # trueup.yaml:4\n"
            "suppressions: []                                # default\n"
            "kinds: {}                                       # default\n"
            "ignore: []                                      # default\n"
            "nodes: []                                       # default\n"
            "rule_folders: []                                # default\n"
            "gate: subject                                   # default\n");
  EXPECT_THAT(show_config(Config{}), testing::StartsWith("# No trueup.yaml: everything holds by default.\n"));
}

TEST(RuleNames, AreThoseOfRulesPacksAndParameters) {
  const std::array<rules::RuleParameter, 2> parameters = {{{"max_age", rules::ParameterType::duration, "7d", ""},
                                                           {"most", rules::ParameterType::integer, "3", ""}}};
  const std::array<std::string_view, 1> aliases = {"chart/old-name"};
  std::array<rules::Rule, 2> known;
  known[0].id = "chart/behind-newest";
  known[0].code = "C10";
  known[0].pack = "chart";
  known[0].parameters = parameters;
  known[0].aliases = aliases;
  known[1].id = "workflow/event-unheard";
  known[1].code = "W01";
  known[1].pack = "workflow";

  struct Row {
    std::string_view rules, told;
  };
  const Row rows[] = {
      {"{chart/behind-newest: note, C10: {max_age: 2w, most: 5}, chart/old-name: none, workflow: warning}", ""},
      {"{chart/behind-newst: note}",
       "trueup.yaml:2:9: no rule or pack is named `chart/behind-newst`; did you mean `chart/behind-newest`?"},
      {"{zzz: note}", "trueup.yaml:2:9: no rule or pack is named `zzz`; `trueup rules` lists them"},
      {"{C10: {max_aeg: 1d}}", "trueup.yaml:2:15: unknown parameter `max_aeg`; did you mean `max_age`?"},
      {"{W01: {x: 1}}", "trueup.yaml:2:15: unknown parameter `x`; `workflow/event-unheard` knows severity"},
      {"{C10: {max_age: soon, most: many}}",
       "trueup.yaml:2:15: `soon` in `max_age` is no duration; write a number and s, m, h, d or w, such as 14d\n"
       "trueup.yaml:2:30: `many` in `most` is no whole number"},
      {"{chart: {max_age: 1d}}",
       "trueup.yaml:2:17: a pack has no parameters, only `severity`; `max_age` belongs to a rule"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(told(check_rule_names(config_of("version: 1\nrules: " + std::string(row.rules)), known)), row.told);
}

TEST(KindNames, AreThoseOfTheExtractors) {
  const std::vector<std::string> known = {"chart", "workflow"};
  EXPECT_EQ(told(check_kind_names(config_of("version: 1\nkinds: {a: chart, b: none, c: wrokflow}\n"), known)),
            "trueup.yaml:2:28: unknown kind `wrokflow`; did you mean `workflow`?");
}

}  // namespace
}  // namespace trueup::cli
