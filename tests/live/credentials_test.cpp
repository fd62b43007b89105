#include "live/credentials.hpp"

#include <gtest/gtest.h>

#include <map>

#include "live/base64.hpp"
#include "live/docker_config.hpp"
#include "live/netrc.hpp"

namespace trueup::live {
namespace {

HostPort host(std::string_view text) { return *HostPort::parse(text); }

/// A world of a few variables, files and helpers.
struct World {
  std::map<std::string, std::string> variables = {{"HOME", "/home/a"}};
  std::map<std::string, std::string> files;
  std::map<std::string, Result<std::string>> helpers;
  std::vector<std::string> helper_input;
  std::set<HostPort> forges;

  Surroundings surroundings() {
    Surroundings world = empty_surroundings();
    world.environment = [this](std::string_view name) -> std::optional<std::string> {
      const auto found = variables.find(std::string(name));
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    world.read_file = [this](const std::string& path) -> Result<std::string> {
      const auto found = files.find(path);
      if (found == files.end()) return Error{Fault::not_found, "no file"};
      return found->second;
    };
    world.run_credential_helper = [this](const std::string& name, const std::string& input) -> Result<std::string> {
      helper_input.push_back(name + " " + input);
      const auto found = helpers.find(name);
      if (found == helpers.end()) return Error{Fault::not_found, "is not installed"};
      return found->second;
    };
    return world;
  }
  /// "user:password from source", or "none"
  std::string find(std::string_view name, std::vector<HostEntry> entries = {}) {
    OperatorCredentials credentials(surroundings(), std::move(entries), forges);
    const auto found = credentials.find(host(name));
    if (!found) return "none";
    return found->username + ":" + found->secret.reveal() + " from " + found->source;
  }
};

std::string auths(const std::string& key, const std::string& pair) {
  return R"({"auths":{")" + key + R"(":{"auth":")" + base64_encode(pair) + R"("}}})";
}

TEST(OperatorCredentials, KeysOfAtlasGoToItsCloudAndEachAccountHasItsOwn) {
  World world;
  world.variables = {{"HOME", "/home/a"}, {"MONGODB_ATLAS_PUBLIC_API_KEY", "pub"}, {"MONGODB_ATLAS_PRIVATE_API_KEY", "priv"},
                     {"MONGODB_ATLAS_CLIENT_ID_PROD_EU", "id"}, {"MONGODB_ATLAS_CLIENT_SECRET_PROD_EU", "secret"}};
  EXPECT_EQ(world.find("cloud.mongodb.com"), "pub:priv from MONGODB_ATLAS_PRIVATE_API_KEY");
  EXPECT_EQ(world.find("cloud.example"), "none");
  OperatorCredentials credentials(world.surroundings(), {});
  const auto of = [&](std::string_view account) { return credentials.find_account(host("cloud.mongodb.com"), account); };
  EXPECT_EQ(of("prod-eu")->kind, CredentialKind::client_credentials);
  EXPECT_EQ(of("prod-eu")->secret.reveal(), "secret");
  EXPECT_EQ(of("staging")->kind, CredentialKind::basic);
  EXPECT_FALSE(credentials.find_account(host("cloud.example"), "prod-eu"));
  world.variables["MONGODB_ATLAS_BASE_URL"] = "https://cloud.example/";
  EXPECT_EQ(world.find("cloud.mongodb.com"), "none");
  EXPECT_EQ(world.find("cloud.example"), "pub:priv from MONGODB_ATLAS_PRIVATE_API_KEY");
}

TEST(OperatorCredentials, ArgocdTokenGoesToTheServerThatItIsOfAndToNoOther) {
  World world;
  world.variables["ARGOCD_AUTH_TOKEN"] = "t0ken";
  EXPECT_EQ(world.find("argocd.example"), "none");
  for (const char* server : {"argocd.example", "https://argocd.example/", "argocd.example:443"}) {
    world.variables["ARGOCD_SERVER"] = server;
    EXPECT_EQ(world.find("argocd.example"), ":t0ken from ARGOCD_AUTH_TOKEN") << server;
    EXPECT_EQ(world.find("argocd.example:443"), ":t0ken from ARGOCD_AUTH_TOKEN") << server;
    for (const char* other : {"argocd.example:8443", "other.example", "example"}) EXPECT_EQ(world.find(other), "none") << other;
  }
}

TEST(OperatorCredentials, TokensOfForgesGoToTheirOwnHostAndToNoOther) {
  World world;
  for (const char* name : {"github.com", "github.example", "gitlab.com", "gitlab.example"}) world.forges.insert(host(name));
  world.variables["GITHUB_TOKEN"] = "actions";
  world.variables["GITLAB_TOKEN"] = "lab";
  world.variables["GH_ENTERPRISE_TOKEN"] = "enterprise";
  EXPECT_EQ(world.find("github.com"), ":actions from GITHUB_TOKEN");
  EXPECT_EQ(world.find("gitlab.com"), ":lab from GITLAB_TOKEN");
  EXPECT_EQ(world.find("github.example"), "none");
  EXPECT_EQ(world.find("gitlab.example"), "none");
  world.variables["GH_TOKEN"] = "own";
  EXPECT_EQ(world.find("github.com"), ":own from GH_TOKEN");
  world.variables["GH_HOST"] = "github.example";
  world.variables["GITLAB_HOST"] = "https://gitlab.example";
  EXPECT_EQ(world.find("github.example"), ":enterprise from GH_ENTERPRISE_TOKEN");
  EXPECT_EQ(world.find("github.com"), ":own from GH_TOKEN");
  EXPECT_EQ(world.find("gitlab.example"), ":lab from GITLAB_TOKEN");
  EXPECT_EQ(world.find("gitlab.com"), "none");
  EXPECT_EQ(world.find("ghcr.io"), "none") << "GITHUB_TOKEN is for registries in Actions only";
  world.variables["GITHUB_ACTIONS"] = "true";
  world.variables["GITHUB_SERVER_URL"] = "https://github.example";
  EXPECT_EQ(world.find("github.com"), "none") << "the run's token is of the server that it runs on";
  EXPECT_EQ(world.find("github.example"), ":own from GH_TOKEN");
}

TEST(OperatorCredentials, TokenOfAJobGoesToTheServerThatRunsItAfterAllOthers) {
  World world;
  for (const char* name : {"gitlab.com", "gitlab.example"}) world.forges.insert(host(name));
  world.variables["CI_JOB_TOKEN"] = "job";
  world.variables["CI_SERVER_URL"] = "https://gitlab.example";
  EXPECT_EQ(world.find("gitlab.example"), "none") << "outside of GitLab CI";
  world.variables["GITLAB_CI"] = "true";
  EXPECT_EQ(world.find("gitlab.example"), ":job from CI_JOB_TOKEN");
  for (const char* other : {"gitlab.com", "gitlab.example:8443", "registry.gitlab.example"}) EXPECT_EQ(world.find(other), "none") << other;
  OperatorCredentials credentials(world.surroundings(), {}, world.forges);
  EXPECT_EQ(credentials.find(host("gitlab.example"))->kind, CredentialKind::job_token);
  EXPECT_EQ(credentials.explain(host("gitlab.example")).back().outcome, "token of a job, used, for releases alone: give GITLAB_TOKEN for the rest");
  world.files["/home/a/.netrc"] = "machine gitlab.example login n password 4";
  EXPECT_EQ(world.find("gitlab.example"), "n:4 from /home/a/.netrc");
  world.variables["GITLAB_TOKEN"] = "lab";
  EXPECT_EQ(world.find("gitlab.example"), ":lab from GITLAB_TOKEN");
}

TEST(OperatorCredentials, ForgesAreFoundInGhAndNetrcAndNeverAskDockersHelpers) {
  World world;
  world.forges.insert(host("github.com"));
  world.files["/home/a/.docker/config.json"] = R"({"credsStore":"pass"})";
  world.files["/home/a/.netrc"] = "machine github.com login n password 4";
  EXPECT_EQ(world.find("github.com"), "n:4 from /home/a/.netrc");
  world.files["/home/a/.config/gh/hosts.yml"] = "github.com:\n    user: a\n    oauth_token: gho_1\n";
  EXPECT_EQ(world.find("github.com"), ":gho_1 from /home/a/.config/gh/hosts.yml");
  EXPECT_TRUE(world.helper_input.empty());
  world.files["/home/a/.config/gh/hosts.yml"] = "github.com: {user: a}\n";
  EXPECT_EQ(world.find("github.com"), "n:4 from /home/a/.netrc");
  OperatorCredentials credentials(world.surroundings(), {}, world.forges);
  std::string told;
  for (const CredentialNote& note : credentials.explain(host("github.com"))) told += note.source + ": " + note.outcome + "\n";
  EXPECT_EQ(told, "GH_TOKEN: not set\nGITHUB_TOKEN: not set\n"
                  "/home/a/.config/gh/hosts.yml: an entry without a token: gh keeps it elsewhere (gh auth token)\n"
                  "/home/a/.netrc: user name and password, used\n");
}

TEST(OperatorCredentials, AreLookedForInOrder) {
  World world;
  world.files["/home/a/.netrc"] = "machine registry.example login n password 4";
  EXPECT_EQ(world.find("registry.example"), "n:4 from /home/a/.netrc");
  world.files["/home/a/.config/helm/registry/config.json"] = auths("registry.example", "h:3");
  EXPECT_EQ(world.find("registry.example"), "h:3 from /home/a/.config/helm/registry/config.json");
  world.files["/home/a/.docker/config.json"] = auths("registry.example", "d:2");
  EXPECT_EQ(world.find("registry.example"), "d:2 from /home/a/.docker/config.json");
  world.variables["PASSWORD_1"] = "1";
  const HostEntry entry{host("registry.example"), {}, "t", "PASSWORD_1", "", "", ""};
  EXPECT_EQ(world.find("registry.example", {entry}), "t:1 from TRUEUP_HOSTS");
  EXPECT_EQ(world.find("other.example", {entry}), "none");
}

TEST(OperatorCredentials, VariablesMoveTheFiles) {
  World world;
  world.variables["DOCKER_CONFIG"] = "/d";
  world.files["/d/config.json"] = auths("a.example", "d:1");
  world.variables["HELM_REGISTRY_CONFIG"] = "/h.json";
  world.files["/h.json"] = auths("b.example", "h:1");
  world.variables["NETRC"] = "/n";
  world.files["/n"] = "machine c.example login n password 1";
  EXPECT_EQ(world.find("a.example"), "d:1 from /d/config.json");
  EXPECT_EQ(world.find("b.example"), "h:1 from /h.json");
  EXPECT_EQ(world.find("c.example"), "n:1 from /n");
  EXPECT_EQ(world.find("c.example:8443"), "none");  // netrc knows no ports
  World helm;
  helm.variables["XDG_CONFIG_HOME"] = "/x";
  helm.files["/x/helm/registry/config.json"] = auths("a.example", "x:1");
  EXPECT_EQ(helm.find("a.example"), "x:1 from /x/helm/registry/config.json");
}

TEST(OperatorCredentials, NothingIsFoundWhereNothingIs) {
  World world;
  world.variables.clear();
  EXPECT_EQ(world.find("registry.example"), "none");
}

TEST(OperatorCredentials, HelpersAreAskedBeforeTheFile) {
  World world;
  world.files["/home/a/.docker/config.json"] =
      R"({"auths":{"a.example":{"auth":")" + base64_encode("f:1") +
          R"("}},"credHelpers":{"a.example":"one"},"credsStore":"two"})";
  world.helpers.emplace("one", std::string(R"({"ServerURL":"a.example","Username":"u","Secret":"1"})"));
  world.helpers.emplace("two", std::string(R"({"Username":"<token>","Secret":"2"})"));
  EXPECT_EQ(world.find("a.example"), "u:1 from docker-credential-one");
  EXPECT_EQ(world.find("docker.io"), ":2 from docker-credential-two");
  EXPECT_EQ(world.helper_input, (std::vector<std::string>{"one a.example", "two https://index.docker.io/v1/"}));
}

TEST(OperatorCredentials, HelperThatFailsIsToldAndPassedOver) {
  World world;
  world.files["/home/a/.docker/config.json"] =
      R"({"auths":{"a.example":{"auth":")" + base64_encode("f:1") + R"("}},"credsStore":"slow"})";
  world.helpers.emplace("slow", Error{Fault::timed_out, "did not answer in time"});
  OperatorCredentials credentials(world.surroundings(), {});
  EXPECT_EQ(credentials.find(host("a.example"))->username, "f");
  const auto notes = credentials.explain(host("a.example"));
  ASSERT_GE(notes.size(), 2u);
  EXPECT_EQ(notes[0].source, "docker-credential-slow");
  EXPECT_TRUE(notes[0].problem);
  EXPECT_EQ(notes[1].outcome, "user name and password, used");
  EXPECT_EQ(world.helper_input.size(), 1u);  // once, for find and explain
}

TEST(OperatorCredentials, NpmsConfigSaysWhatBelongsToItsHosts) {
  const std::string at = " from /home/a/.npmrc";
  const struct {
    const char* text;
    const char* asked;
    std::string found;
  } cases[] = {
      {"//npm.example/:_authToken=t1\n", "npm.example", ":t1" + at},
      {"//npm.example/:_authToken=t1\n", "other.example", "none"},
      {"//npm.example/:_authToken=t1\n", "npm.example:8443", "none"},
      {"//npm.example:8443/:_authToken=t1\n", "npm.example:8443", ":t1" + at},
      {"//npm.example.evil.example/:_authToken=t1\n", "npm.example", "none"},
      {"registry=https://npm.example/\n_authToken=everywhere\n", "npm.example", "none"},
      {"; a comment\r\n  //npm.example/ : _x = 1\r\n //npm.example/:_authToken = \"${NPM_TOKEN}\"\r\n", "npm.example", ":from-the-variable" + at},
      {"//npm.example/:_authToken=${NOT_SET}\n", "npm.example", "none"},
      {"//npm.example/:_auth=dTpwOnE=\n", "npm.example", "u:p:q" + at},
      {"//npm.example/:username=u\n//npm.example/:_password=cHc=\n", "npm.example", "u:pw" + at},
      {"//npm.example/team/:_authToken=t2\n", "npm.example", ":t2" + at},
      {"//npm.example/team/:_authToken=t2\n//npm.example/:_authToken=t1\n", "npm.example", ":t1" + at},
      {"//npm.example/a/:_authToken=t2\n//npm.example/b/:_authToken=t2\n", "npm.example", ":t2" + at},
      {"//npm.example/a/:_authToken=t2\n//npm.example/b/:_authToken=t3\n", "npm.example", "none"},
      {"//npm.example/:_auth=%%%\n//npm.example/:=\n//npm.example/\n=\n", "npm.example", "none"},
  };
  for (const auto& [text, asked, found] : cases) {
    World world;
    world.variables["NPM_TOKEN"] = "from-the-variable";
    world.files["/home/a/.npmrc"] = text;
    EXPECT_EQ(world.find(asked), found) << text << asked;
  }
  World elsewhere;
  elsewhere.variables["NPM_CONFIG_USERCONFIG"] = "/etc/npm/robot";
  elsewhere.files["/etc/npm/robot"] = "//npm.example/:_authToken=t1\n";
  EXPECT_EQ(elsewhere.find("npm.example"), ":t1 from /etc/npm/robot");
  elsewhere.forges = {host("npm.example")};
  EXPECT_EQ(elsewhere.find("npm.example"), "none");  // a token of packages is none of a forge
}

TEST(OperatorCredentials, ExplainNeverShowsAValue) {
  World world;
  world.variables["P"] = "s3cret";
  world.files["/home/a/.docker/config.json"] = auths("a.example", "robot:s3cret");
  world.files["/home/a/.netrc"] = "machine a.example login robot password s3cret";
  OperatorCredentials credentials(world.surroundings(), {{host("a.example"), {}, "robot", "P", "", "", ""}});
  const auto notes = credentials.explain(host("a.example"));
  EXPECT_GE(notes.size(), 3u);
  for (const auto& note : notes) {
    EXPECT_EQ((note.source + note.outcome).find("s3cret"), std::string::npos);
    EXPECT_EQ((note.source + note.outcome).find("robot"), std::string::npos);
  }
}

TEST(OperatorCredentials, GithubTokenIsForItsRegistryInsideActionsOnly) {
  World world;
  world.variables["GITHUB_TOKEN"] = "ghs";
  EXPECT_EQ(world.find("ghcr.io"), "none");
  world.variables["GITHUB_ACTIONS"] = "true";
  world.variables["GITHUB_ACTOR"] = "octo";
  EXPECT_EQ(world.find("ghcr.io"), "octo:ghs from GITHUB_TOKEN");
  EXPECT_EQ(world.find("ghcr.io:8443"), "none");
  EXPECT_EQ(world.find("registry.example"), "none");
}

TEST(DockerConfig, FindsItsHostUnderEverySpelling) {
  const struct {
    const char* key;
    const char* asked;
    bool found;
  } cases[] = {{"registry.example", "registry.example", true},
               {"https://registry.example", "registry.example", true},
               {"https://registry.example/v1/", "registry.example", true},
               {"Registry.Example", "registry.example", true},
               {"registry.example:5000", "registry.example:5000", true},
               {"registry.example:5000", "registry.example", false},
               {"registry.example/acme", "registry.example", false},
               {"https://index.docker.io/v1/", "docker.io", true},
               {"https://index.docker.io/v1/", "registry-1.docker.io", true},
               {"https://index.docker.io/v1/", "registry.example", false}};
  for (const auto& [key, asked, found] : cases) {
    const auto entry = read_docker_config(auths(key, "u:p:q"), host(asked));
    ASSERT_TRUE(entry);
    ASSERT_EQ(entry->credential.has_value(), found) << key << " " << asked;
    EXPECT_EQ(found ? entry->credential->secret.reveal() : "", found ? "p:q" : "");
  }
}

TEST(DockerConfig, ReadsEveryKindOfEntry) {
  const auto read = [](const std::string& entry) {
    return *read_docker_config(R"({"auths":{"a.example":)" + entry + "}}", host("a.example"));
  };
  EXPECT_EQ(read(R"({"username":"u","password":"p"})").credential->username, "u");
  EXPECT_EQ(read(R"({"auth":"dTo=","identitytoken":"i"})").credential->kind, CredentialKind::identity_token);
  EXPECT_EQ(read(R"({"registrytoken":"r"})").credential->kind, CredentialKind::bearer_token);
  EXPECT_FALSE(read("{}").credential);
  EXPECT_FALSE(read(R"({"auth":null})").credential);
  EXPECT_FALSE(read("7").credential);
  EXPECT_FALSE(read(R"({"auth":"!!!"})").problem.empty());
  EXPECT_FALSE(read_docker_config("{", host("a.example")));
  EXPECT_FALSE(read_docker_config("[]", host("a.example")));
  EXPECT_FALSE(read_helper_answer("credentials not found in native keychain"));
  EXPECT_FALSE(read_helper_answer(R"({"Username":"u"})"));
}

TEST(Netrc, IsReadAsCurlReadsIt) {
  const std::string text =
      "# comment\nmacdef init\nmachine a.example login wrong password wrong\n\n"
      "machine b.example login b password x\n"
      "machine A.Example\n  account z login \"o ne\" password \"q\\\"w\" # c\n"
      "machine half.example login only\nmachine half.example login l password p\n"
      "default login d password d\n";
  EXPECT_EQ(find_in_netrc(text, "a.example")->login, "o ne");
  EXPECT_EQ(find_in_netrc(text, "a.example")->password.reveal(), "q\"w");
  EXPECT_EQ(find_in_netrc(text, "half.example")->login, "l");
  EXPECT_FALSE(find_in_netrc(text, "unknown.example"));
  for (const char* broken : {"machine", "machine a.example login", "machine a.example password \"x", "macdef", ""}) {
    EXPECT_FALSE(find_in_netrc(broken, "a.example")) << broken;
  }
}

TEST(HostsFile, ReadsEveryKey) {
  const auto entries = parse_hosts_file(
      "version: 1\n"
      "hosts:\n"
      "  registry.example:\n"
      "    username: robot\n"
      "    password_env: P\n"
      "    ca_file: /etc/ca.pem\n"
      "    token_hosts: [auth.example, \"auth.example:444\"]\n"
      "  127.0.0.1:5000: {plain_http: true}\n"
      "  forge.example: {token_env: T}\n"
      "  named.example:\n");
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 4u);
  EXPECT_EQ((*entries)[0].username, "robot");
  EXPECT_EQ((*entries)[0].settings.ca_file, "/etc/ca.pem");
  EXPECT_EQ((*entries)[0].settings.token_hosts, (std::vector<std::string>{"auth.example", "auth.example:444"}));
  EXPECT_EQ((*entries)[1].host.to_string(), "127.0.0.1:5000");
  EXPECT_EQ((*entries)[1].settings.plain_http, true);
  EXPECT_EQ((*entries)[2].token_env, "T");
  EXPECT_EQ((*entries)[3].host.host, "named.example");
  EXPECT_TRUE(parse_hosts_file("")->empty());
  EXPECT_EQ(parse_hosts_file(R"({"hosts": {"a.example": {"plain_http": false}}})")->size(), 1u);
}

TEST(HostsFile, SaysWhereItIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"hosts:\n  a.example: {usernme: x}\n", "2:15: there is no key \"usernme\" here; did you mean username?"},
      {"hosts:\n  a.example: {password: x}\n",
       "2:15: secrets do not stand in this file; name a variable with password_env"},
      {"hosts:\n  https://a.example: {}\n", "2:3: \"https://a.example\" is no host or host:port"},
      {"hosts: [a]\n", "1:8: a mapping from hosts"},
      {"host: {}\n", "1:1: there is no key \"host\" here; did you mean hosts?"},
      {"version: 2\n", "1:10: only version 1 is known"},
      {"hosts:\n  a.example: {plain_http: yes}\n", "2:27: true or false is expected"},
      {"hosts:\n  a.example: {username: u}\n", "username and password_env belong together"},
      {"hosts:\n  a.example: {username: u, password_env: P, token_env: T}\n", "not both"},
      {"hosts:\n  a.example: {client_id: u, client_secret_env: P, token_env: T}\n", "not both"},
      {"hosts:\n  a.example: {client_id: u}\n", "client_id and client_secret_env belong together"},
      {"hosts:\n  a.example: {client_secret: x}\n", "name a variable with client_secret_env"},
      {"hosts:\n  a.example: {token_hosts: x}\n", "a list of hosts is expected"},
      {"hosts:\n  a.example: {token_hosts: [a/b]}\n", "is no host"},
      {"hosts:\n  a.example: [x]\n", "a mapping is expected"},
      {"hosts: {a.example: {}, a.example: {}}\n", "stands twice"},
      {"hosts: {\n", "2:1: "},
      {"x", "1:1: a mapping with the keys version and hosts"},
  };
  for (const auto& [text, message] : cases) {
    const auto entries = parse_hosts_file(text);
    ASSERT_FALSE(entries) << text;
    EXPECT_EQ(entries.error().fault, Fault::malformed);
    EXPECT_NE(entries.error().message.find(message), std::string::npos) << text << entries.error().message;
  }
}

TEST(Credentials, AClassicHelmRepositoryHasThoseOfRepositoriesYamlForItsHostAlone) {
  World world;
  const std::string path = "/home/a/.config/helm/repositories.yaml";
  world.files[path] =
      "apiVersion: \"\"\nrepositories:\n- {name: open, url: https://open.example/charts}\n"
      "- {name: stable, url: https://charts.example/stable, username: robot, password: \"7\", pass_credentials_all: true}\n"
      "- {name: port, url: \"https://ports.example:8443/x\", username: p, password: q}\n";
  EXPECT_EQ(world.find("charts.example"), "robot:7 from " + path);
  EXPECT_EQ(world.find("charts.example:443"), "robot:7 from " + path);
  EXPECT_EQ(world.find("ports.example:8443"), "p:q from " + path);
  for (const char* other : {"open.example", "ports.example", "other.example", "charts.example.evil.example"}) EXPECT_EQ(world.find(other), "none") << other;
  world.variables["HELM_REPOSITORY_CONFIG"] = "/x/repositories.yaml";
  EXPECT_EQ(world.find("charts.example"), "none");
  world.files["/x/repositories.yaml"] = "repositories: [{url: https://charts.example, username: x, password: y}]";
  EXPECT_EQ(world.find("charts.example"), "x:y from /x/repositories.yaml");
  world.files["/x/repositories.yaml"] = "repositories: [";
  EXPECT_EQ(world.find("charts.example"), "none");
}

}  // namespace
}  // namespace trueup::live
