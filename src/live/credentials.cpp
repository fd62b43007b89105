#include "live/credentials.hpp"

#include <algorithm>
#include <utility>

#include "formats/yaml.hpp"
#include "live/docker_config.hpp"
#include "live/netrc.hpp"
#include "live/npmrc.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

/// Collects what is found, in the order of looking; the first credential is the one that is used.
class Search {
 public:
  Search(const Surroundings& surroundings, const HostPort& host) : surroundings_(surroundings), host_(host) {}

  void hosts_file(const std::vector<HostEntry>& entries) {
    if (entries.empty()) return;
    const auto entry = std::ranges::find_if(entries, [&](const HostEntry& e) {
      return canonical_registry(e.host) == host_ || (!e.host.port && e.host.host == host_.host);
    });
    if (entry == entries.end()) return note("TRUEUP_HOSTS", "no entry for this host");
    const bool token = !entry->token_env.empty(), client = !entry->client_secret_env.empty();
    const std::string& variable = token ? entry->token_env : client ? entry->client_secret_env : entry->password_env;
    if (variable.empty()) return note("TRUEUP_HOSTS", "an entry without a credential");
    auto value = surroundings_.environment(variable);
    if (!value || value->empty()) {
      return problem("TRUEUP_HOSTS", "names the variable " + variable + ", which is not set");
    }
    const auto kind = token ? CredentialKind::bearer_token : client ? CredentialKind::client_credentials : CredentialKind::basic;
    found({kind, client ? entry->client_id : entry->username, Secret(std::move(*value)), "TRUEUP_HOSTS"});
  }

  /// Sent to the host that ARGOCD_SERVER names, as the argocd program does, and to no other.
  void argocd_token() {
    const auto named = named_host(surroundings_.environment("ARGOCD_SERVER").value_or(""));
    if (!named || default_port_left_out(*named) != default_port_left_out(host_)) return;
    auto token = surroundings_.environment("ARGOCD_AUTH_TOKEN");
    if (!token || token->empty()) return note("ARGOCD_AUTH_TOKEN", "not set");
    found({CredentialKind::bearer_token, "", Secret(std::move(*token)), "ARGOCD_AUTH_TOKEN"});
  }

  /// Keys of MongoDB's Atlas, of an account first; they belong to its cloud, or to the server that the operator names.
  void atlas_keys(std::string_view account) {
    const auto named = named_host(surroundings_.environment("MONGODB_ATLAS_BASE_URL").value_or("cloud.mongodb.com"));
    if (!named || default_port_left_out(*named) != default_port_left_out(host_)) return;
    std::string suffix = account.empty() ? "" : "_";
    for (const char c : account) suffix += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    for (const std::string& end : suffix.empty() ? std::vector<std::string>{""} : std::vector<std::string>{suffix, ""}) {
      pair_of("MONGODB_ATLAS_CLIENT_ID" + end, "MONGODB_ATLAS_CLIENT_SECRET" + end, CredentialKind::client_credentials);
      pair_of("MONGODB_ATLAS_PUBLIC_API_KEY" + end, "MONGODB_ATLAS_PRIVATE_API_KEY" + end, CredentialKind::basic);
    }
  }

  /// Tokens of forges; each belongs to the one host that its program sends it to.
  void forge_tokens() {
    const auto named = [&](std::string_view variable) { return named_host(surroundings_.environment(variable).value_or("")); };
    const HostPort github{"github.com", std::nullopt}, gitlab{"gitlab.com", std::nullopt};
    const auto on_actions = surroundings_.environment("GITHUB_ACTIONS") == "true" ? named("GITHUB_SERVER_URL") : std::nullopt;
    const auto on_ci = surroundings_.environment("GITLAB_CI") == "true" ? named("CI_SERVER_URL") : std::nullopt;
    for (const char* variable : {"GH_TOKEN", "GITHUB_TOKEN"}) token_of(variable, on_actions.value_or(github));
    if (const auto enterprise = named("GH_HOST"))
      for (const char* variable : {"GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"}) token_of(variable, *enterprise);
    const auto lab = named("GITLAB_HOST");
    token_of("GITLAB_TOKEN", lab ? *lab : on_ci.value_or(gitlab));
  }

  /// Of the job that this runs in; it belongs to the server that runs it.
  void job_token() {
    const auto owner = surroundings_.environment("GITLAB_CI") == "true" ? named_host(surroundings_.environment("CI_SERVER_URL").value_or("")) : std::nullopt;
    if (!owner || default_port_left_out(*owner) != default_port_left_out(host_)) return;
    auto token = surroundings_.environment("CI_JOB_TOKEN");
    if (!token || token->empty()) return note("CI_JOB_TOKEN", "not set");
    found({CredentialKind::job_token, "", Secret(std::move(*token)), "CI_JOB_TOKEN"});
    if (credential->kind == CredentialKind::job_token) notes.back().outcome += ", for releases alone: give GITLAB_TOKEN for the rest";
  }

  /// The file in which the gh program keeps tokens, unless it has a keyring: HOST: {oauth_token: …}
  void gh_hosts(const std::string& path) {
    if (path.empty()) return;
    const auto text = surroundings_.read_file(path);
    if (!text) return missing(path, text.error());
    const formats::Document document = formats::parse_yaml(*text);
    if (document.problem()) return problem(path, document.problem()->message);
    const formats::NodeIndex entry = document.child(document.root(), host_.to_string());
    const auto token = document.text(document.child(entry, "oauth_token"));
    if (!token || token->empty()) return note(path, entry == formats::kNoNode ? "no entry for this host" : "an entry without a token: gh keeps it elsewhere (gh auth token)");
    found({CredentialKind::bearer_token, "", Secret(std::string(*token)), path});
  }

  void docker_config(const std::string& path) {
    if (path.empty()) return;
    const auto text = surroundings_.read_file(path);
    if (!text) return missing(path, text.error());
    auto entry = read_docker_config(*text, host_);
    if (!entry) return problem(path, entry.error().message);
    if (!entry->helper.empty() && !credential) helper(entry->helper);
    if (!entry->problem.empty()) return problem(path, entry->problem);
    if (!entry->credential) return note(path, "no credential for this host");
    entry->credential->source = path;
    found(std::move(*entry->credential));
  }

  /// Where `helm repo add` keeps the user names and passwords of classic repositories. One belongs to the host of its URL alone,
  /// whatever pass_credentials_all says.
  void helm_repositories(const std::string& path) {
    if (path.empty()) return;
    const auto text = surroundings_.read_file(path);
    if (!text) return missing(path, text.error());
    const formats::Document document = formats::parse_yaml(*text);
    if (document.problem()) return problem(path, document.problem()->message);
    for (const formats::NodeIndex entry : document.children(document.child(document.root(), "repositories"))) {
      const auto url = Url::parse(document.text(document.child(entry, "url")).value_or(""));
      const auto username = document.text(document.child(entry, "username")), password = document.text(document.child(entry, "password"));
      if (!url || canonical_registry(default_port_left_out(url->host)) != default_port_left_out(host_) || !username || username->empty() || !password) continue;
      return found({CredentialKind::basic, std::string(*username), Secret(std::string(*password)), path});
    }
    note(path, "no credential for this host");
  }

  void netrc(const std::string& path) {
    if (path.empty()) return;
    const auto text = surroundings_.read_file(path);
    if (!text) return missing(path, text.error());
    if (host_.port) return note(path, "not for a host with a port");
    auto entry = find_in_netrc(*text, host_.host);
    if (!entry) return note(path, "no entry for this host");
    found({CredentialKind::basic, entry->login, entry->password, path});
  }

  void npmrc(const std::string& path) {
    if (path.empty()) return;
    const auto text = surroundings_.read_file(path);
    if (!text) return missing(path, text.error());
    auto answer = find_in_npmrc(*text, host_, surroundings_.environment);
    if (!answer.problem.empty()) return problem(path, answer.problem);
    if (!answer.credential) return note(path, "no entry for this host");
    answer.credential->source = path;
    found(std::move(*answer.credential));
  }

  void github_token() {
    if (host_ != HostPort{"ghcr.io", std::nullopt}) return;
    if (surroundings_.environment("GITHUB_ACTIONS") != "true") {
      return note("GITHUB_TOKEN", "not looked at outside of GitHub Actions");
    }
    auto token = surroundings_.environment("GITHUB_TOKEN");
    if (!token || token->empty()) return note("GITHUB_TOKEN", "not set");
    const std::string user = surroundings_.environment("GITHUB_ACTOR").value_or("");
    found({CredentialKind::basic, user.empty() ? "token" : user, Secret(std::move(*token)), "GITHUB_TOKEN"});
  }

  std::optional<Credential> credential;
  std::vector<CredentialNote> notes;

 private:
  static std::optional<HostPort> named_host(std::string text) {
    if (const std::size_t scheme = text.find("://"); scheme != std::string::npos) text.erase(0, scheme + 3);
    auto host = HostPort::parse(text.substr(0, text.find('/')));
    return host ? std::optional(*host) : std::nullopt;
  }
  void token_of(const std::string& variable, const HostPort& owner) {
    if (default_port_left_out(owner) != default_port_left_out(host_)) return;
    auto token = surroundings_.environment(variable);
    if (!token || token->empty()) return note(variable, "not set");
    found({CredentialKind::bearer_token, "", Secret(std::move(*token)), variable});
  }
  void pair_of(const std::string& name_variable, const std::string& secret_variable, CredentialKind kind) {
    const auto name = surroundings_.environment(name_variable);
    auto secret = surroundings_.environment(secret_variable);
    if (!name || name->empty() || !secret || secret->empty()) {
      if (name || secret) problem(name_variable, "set only together with " + secret_variable);
      return;
    }
    found({kind, *name, Secret(std::move(*secret)), secret_variable});
  }
  static HostPort default_port_left_out(HostPort host) {
    if (host.port == 443) host.port.reset();
    return host;
  }
  void helper(const std::string& name) {
    const std::string program = "docker-credential-" + name;
    const auto answer = surroundings_.run_credential_helper(name, docker_server_key(host_));
    if (!answer) {
      // Exit status 1 is how a helper says that it has nothing for this host.
      if (answer.error().fault == Fault::denied) return note(program, answer.error().message);
      return problem(program, answer.error().message);
    }
    auto given = read_helper_answer(*answer);
    if (!given) return problem(program, given.error().message);
    given->source = program;
    found(std::move(*given));
  }

  void found(Credential candidate) {
    note(candidate.source, std::string(to_string(candidate.kind)) + (credential ? ", not needed" : ", used"));
    if (!credential) credential = std::move(candidate);
  }
  void note(const std::string& source, std::string outcome) { notes.push_back({source, std::move(outcome)}); }
  void problem(const std::string& source, std::string outcome) { notes.push_back({source, std::move(outcome), true}); }
  void missing(const std::string& path, const Error& error) {
    notes.push_back({path, error.message, error.fault != Fault::not_found});
  }

  const Surroundings& surroundings_;
  const HostPort host_;
};

/// The value of `variable` plus `below`, else `fallback`; empty if neither is there.
std::string path_from(const Surroundings& surroundings, std::string_view variable, std::string_view below,
                      std::string fallback) {
  const auto value = surroundings.environment(variable);
  return value && !value->empty() ? *value + std::string(below) : std::move(fallback);
}

}  // namespace

std::string_view to_string(CredentialKind kind) {
  switch (kind) {
    case CredentialKind::basic: return "user name and password";
    case CredentialKind::bearer_token: return "token";
    case CredentialKind::client_credentials: return "client id and secret";
    case CredentialKind::job_token: return "token of a job";
    case CredentialKind::identity_token: break;
  }
  return "identity token";
}

OperatorCredentials::OperatorCredentials(Surroundings surroundings, std::vector<HostEntry> hosts_file, std::set<HostPort> forges)
    : surroundings_(std::move(surroundings)), hosts_file_(std::move(hosts_file)), forges_(std::move(forges)) {}

std::string account_of(const HostPort& host, std::string_view account) {
  return host.to_string() + (account.empty() ? "" : " " + std::string(account));
}

std::optional<Credential> OperatorCredentials::find(const HostPort& host) { return look_up(host).credential; }
std::optional<Credential> OperatorCredentials::find_account(const HostPort& host, std::string_view account) { return look_up(host, account).credential; }

std::vector<CredentialNote> OperatorCredentials::explain(const HostPort& host) { return look_up(host).notes; }

const OperatorCredentials::Found& OperatorCredentials::look_up(const HostPort& host, std::string_view account) {
  const HostPort canonical = canonical_registry(host);
  // Held while a helper runs: two helpers at once may both want to unlock the same store.
  const std::lock_guard lock(guard_);
  const std::pair key(canonical, std::string(account));
  const auto known = found_.find(key);
  if (known != found_.end()) return known->second;
  return found_.emplace(key, search(canonical, account)).first->second;
}

OperatorCredentials::Found OperatorCredentials::search(const HostPort& host, std::string_view account) {
  const auto home_path = [&](std::string_view below) { return path_from(surroundings_, "HOME", below, ""); };
  Search search(surroundings_, host);
  search.hosts_file(hosts_file_);
  search.argocd_token();
  search.atlas_keys(account);
  if (forges_.contains(host)) {
    search.forge_tokens();
    search.gh_hosts(path_from(surroundings_, "GH_CONFIG_DIR", "/hosts.yml",
                              path_from(surroundings_, "XDG_CONFIG_HOME", "/gh/hosts.yml", home_path("/.config/gh/hosts.yml"))));
    search.netrc(path_from(surroundings_, "NETRC", "", home_path("/.netrc")));
    search.job_token();
    return {std::move(search.credential), std::move(search.notes)};
  }
  search.docker_config(path_from(surroundings_, "DOCKER_CONFIG", "/config.json", home_path("/.docker/config.json")));
  search.docker_config(path_from(
      surroundings_, "HELM_REGISTRY_CONFIG", "",
      path_from(surroundings_, "HELM_CONFIG_HOME", "/registry/config.json",
                path_from(surroundings_, "XDG_CONFIG_HOME", "/helm/registry/config.json",
                          home_path("/.config/helm/registry/config.json")))));
  search.helm_repositories(path_from(surroundings_, "HELM_REPOSITORY_CONFIG", "",
                                     path_from(surroundings_, "HELM_CONFIG_HOME", "/repositories.yaml",
                                               path_from(surroundings_, "XDG_CONFIG_HOME", "/helm/repositories.yaml", home_path("/.config/helm/repositories.yaml")))));
  search.netrc(path_from(surroundings_, "NETRC", "", home_path("/.netrc")));
  search.npmrc(path_from(surroundings_, "NPM_CONFIG_USERCONFIG", "", home_path("/.npmrc")));
  search.github_token();
  return {std::move(search.credential), std::move(search.notes)};
}

}  // namespace trueup::live
