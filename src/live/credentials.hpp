#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "live/hosts.hpp"
#include "live/secret.hpp"
#include "live/surroundings.hpp"

namespace trueup::live {

enum class CredentialKind {
  basic,           ///< user name and password
  bearer_token,    ///< sent as it is
  identity_token,  ///< a refresh token, exchanged for an access token at the token server
  client_credentials,  ///< id and secret of a service account, exchanged for an access token (OAuth 2)
  job_token,       ///< of a job of GitLab CI, which GitLab takes for few things
};
std::string_view to_string(CredentialKind kind);  // "user name and password", "token", "identity token", "client id and secret", "token of a job"

struct Credential {
  CredentialKind kind = CredentialKind::basic;
  std::string username;
  Secret secret;
  std::string source;  ///< where it was found: "/home/a/.docker/config.json", "docker-credential-pass", "GITHUB_TOKEN"
};

/// One place where a credential of a host was looked for. Never holds a value.
struct CredentialNote {
  std::string source;   ///< file, program or variable
  std::string outcome;  ///< "user name and password, used", "no entry for this host", "did not answer in time"
  bool problem = false;  ///< something that the operator meant to work did not
};

/// Answers which credential belongs to a host. Safe to call from many threads.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  /// The credential of a registry or forge, or nothing. `host` is host[:port] as the fleet writes it; docker.io and its
  /// aliases are one host.
  virtual std::optional<Credential> find(const HostPort& host) = 0;
  /// The same where the host has several accounts, by a name that the config gives to what is read with it.
  virtual std::optional<Credential> find_account(const HostPort& host, std::string_view account) {
    (void)account;
    return find(host);
  }
  /// Every place that was looked at for that host, in the order of looking; the value is never shown.
  virtual std::vector<CredentialNote> explain(const HostPort& host) = 0;
};

/// How a credential of an account is called in recordings and memories: "cloud.example production".
std::string account_of(const HostPort& host, std::string_view account);

/// Anonymous everywhere.
class NoCredentials final : public CredentialSource {
 public:
  std::optional<Credential> find(const HostPort&) override { return std::nullopt; }
  std::vector<CredentialNote> explain(const HostPort&) override { return {}; }
};

/// One entry of the file that TRUEUP_HOSTS names.
struct HostEntry {
  HostPort host;
  HostSettings settings;
  std::string username, password_env, token_env, client_id, client_secret_env;
};

/// The file that TRUEUP_HOSTS names; the operator's word on hosts, beside what docker and netrc know. YAML (or JSON):
///
///     version: 1
///     hosts:
///       registry.example:            # or host:port; a host that stands here counts as named (--allow-host)
///         username: robot            # with password_env
///         password_env: REGISTRY_PASSWORD   # the variable that holds the password; the value never stands in the file
///         ca_file: /etc/ssl/acme.pem
///         token_hosts: [auth.example]       # token servers that may be sent these credentials
///       registry.internal.example:5000: {plain_http: true}
///       forge.example: {token_env: FORGE_TOKEN}   # sent as a bearer token
///       cloud.example: {client_id: mdb_sa_id_1, client_secret_env: CLOUD_SECRET}   # a service account
///
/// Errors: Fault::malformed, with the place; unknown keys are errors, with the nearest right name.
Result<std::vector<HostEntry>> parse_hosts_file(std::string_view text);

/// Credentials of the operator. Looked for, first match wins, in: the file of TRUEUP_HOSTS; ARGOCD_AUTH_TOKEN, for the
/// host that ARGOCD_SERVER names; docker's config
/// ($DOCKER_CONFIG/config.json, else ~/.docker/config.json: credHelpers, credsStore, auths); Helm's registry config
/// ($HELM_REGISTRY_CONFIG, else $HELM_CONFIG_HOME, $XDG_CONFIG_HOME/helm or ~/.config/helm, registry/config.json), same
/// form; Helm's repositories ($HELM_REPOSITORY_CONFIG, else repositories.yaml beside that folder: user name and password of the entry whose
/// URL has that host); netrc ($NETRC, else ~/.netrc: `machine` entries, for the default port only; `default` is ignored, since it
/// names no host); npm's config ($NPM_CONFIG_USERCONFIG, else ~/.npmrc); for ghcr.io, GITHUB_TOKEN, if GITHUB_ACTIONS is "true": elsewhere that variable may hold a token of
/// another forge or of a wider scope, which its owner did not offer to the registry.
/// Of a forge, in place of docker's and Helm's: GH_TOKEN, then GITHUB_TOKEN, for the host of GITHUB_SERVER_URL in GitHub Actions and
/// for github.com elsewhere; GH_ENTERPRISE_TOKEN, then GITHUB_ENTERPRISE_TOKEN, for GH_HOST; GITLAB_TOKEN for GITLAB_HOST, else
/// CI_SERVER_HOST in GitLab CI, else gitlab.com; the file hosts.yml of gh ($GH_CONFIG_DIR, else $XDG_CONFIG_HOME/gh or ~/.config/gh).
/// After all of these, in GitLab CI and for the host of CI_SERVER_URL alone: CI_JOB_TOKEN, which GitLab takes for releases; the rest is asked without.
/// Of MongoDB's Atlas, for the host of MONGODB_ATLAS_BASE_URL, else cloud.mongodb.com: MONGODB_ATLAS_CLIENT_ID with
/// MONGODB_ATLAS_CLIENT_SECRET, then MONGODB_ATLAS_PUBLIC_API_KEY with MONGODB_ATLAS_PRIVATE_API_KEY; of an account `prod-eu` the same
/// names with _PROD_EU at their end first.
/// Nothing is read before the first question. A file that does not parse, a program that fails and a variable that is
/// not set are passed over; explain() tells.
class OperatorCredentials final : public CredentialSource {
 public:
  /// `hosts_file`: the entries of TRUEUP_HOSTS, if there are any. `forges`: hosts that are GitHub or GitLab, not registries.
  OperatorCredentials(Surroundings surroundings, std::vector<HostEntry> hosts_file, std::set<HostPort> forges = {});

  std::optional<Credential> find(const HostPort& host) override;
  std::optional<Credential> find_account(const HostPort& host, std::string_view account) override;
  std::vector<CredentialNote> explain(const HostPort& host) override;

 private:
  struct Found {
    std::optional<Credential> credential;
    std::vector<CredentialNote> notes;
  };
  const Found& look_up(const HostPort& host, std::string_view account = {});
  Found search(const HostPort& host, std::string_view account);

  Surroundings surroundings_;
  std::vector<HostEntry> hosts_file_;
  std::set<HostPort> forges_;
  std::mutex guard_;
  std::map<std::pair<HostPort, std::string>, Found> found_;
};

}  // namespace trueup::live
