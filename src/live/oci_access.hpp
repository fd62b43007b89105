#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "live/credentials.hpp"
#include "live/header_fields.hpp"
#include "live/hosts.hpp"
#include "live/http.hpp"
#include "live/memo.hpp"
#include "live/reading.hpp"
#include "live/url.hpp"

namespace trueup::live {

/// Where a repository is: the registry as it is asked (registry-1.docker.io for docker.io) and the path there.
struct RepositoryPlace {
  HostPort host;
  std::string path;
  std::string registry;  ///< the host for people: docker.io stays so

  std::string name() const { return registry + "/" + path; }
  std::string pull_scope() const { return "repository:" + path + ":pull"; }
  friend auto operator<=>(const RepositoryPlace&, const RepositoryPlace&) = default;
};

/// What came of one question to a registry: an answer with status 200 or 404, or the reason why there is none.
struct Asked {
  HttpAnswer answer;
  std::optional<Unknown> unknown;
};

/// Gets questions through a registry's door: greets it, finds out how it wants to be asked, fetches tokens. Everything
/// is asked once and remembered. Safe to call from many threads.
class OciAccess {
 public:
  OciAccess(HttpClient& http, CredentialSource& credentials, const HostPolicy& hosts)
      : http_(http), credentials_(credentials), hosts_(hosts) {}

  /// GET of path and query below the registry's address, in the name of `scope`.
  Asked ask(const RepositoryPlace& place, const std::string& scope, const std::string& target, std::string_view accept,
            std::size_t max_bytes);
  /// Asks GET /v2/, so that later questions need not wait for one another.
  void greet(const HostPort& host) { greeting(host); }
  std::string base_url(const HostPort& host) const { return hosts_.base_url(host); }

 private:
  /// How a host wants to be asked.
  struct Greeting {
    std::vector<Challenge> challenges;  ///< empty: as it likes
    std::optional<Unknown> failure;
    Provenance from;
  };
  /// With what a scope is asked for.
  struct Grant {
    Authorization authorization;
    bool sent_credential = false;    ///< to the registry or for the token
    std::string withheld_from = {};  ///< a token server that must not see the credential
    std::optional<Unknown> failure = {};
    Provenance from = {};  ///< of the failure
    std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max();
  };

  const Greeting& greeting(const HostPort& host);
  std::shared_ptr<const Grant> grant(const HostPort& host, const std::string& scope);
  Grant negotiate(const HostPort& host, const std::string& scope, const std::vector<Challenge>& challenges);
  Grant fetch_token(const HostPort& host, const std::string& scope, const Challenge& challenge,
                    const std::optional<Credential>& credential);
  bool may_see_credential(const HostPort& host, const Url& realm) const;
  Unknown refusal(const RepositoryPlace& place, int status, const Grant& grant);
  std::string login_advice(const HostPort& host);

  HttpClient& http_;
  CredentialSource& credentials_;
  const HostPolicy& hosts_;
  Memo<HostPort, Greeting> greetings_;
  Memo<std::pair<HostPort, std::string>, Grant> grants_;
};

/// The Unknown of an answer that is neither 200 nor 404 nor a matter of authorization; nothing if there is no such.
std::optional<Unknown> unusable(const HttpAnswer& answer, const std::string& host);

/// The header of a user name and password that belong to the host.
Authorization basic_authorization(const Credential& credential, const HostPort& host);

}  // namespace trueup::live
