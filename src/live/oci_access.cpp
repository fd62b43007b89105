#include "live/oci_access.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "live/base64.hpp"
#include "live/docker_config.hpp"
#include "live/oci_answers.hpp"

namespace trueup::live {

namespace {

/// Token servers of public registries that stand on another host.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kPartners = {{
    {"registry-1.docker.io", "auth.docker.io"},
    {"registry.gitlab.com", "gitlab.com"},
}};

std::string token_parameters(const Challenge& challenge, const std::string& scope) {
  std::string parameters;
  if (const auto service = challenge.parameter("service"); !service.empty()) {
    parameters = "service=" + percent_encoded(service) + "&";
  }
  return parameters + "scope=" + percent_encoded(scope);
}

/// The way to ask that the server likes best among those that are known here.
const Challenge* preferred(const std::vector<Challenge>& challenges) {
  for (const std::string_view scheme : {"bearer", "basic"}) {
    const auto found = std::ranges::find(challenges, scheme, &Challenge::scheme);
    if (found != challenges.end()) return &*found;
  }
  return nullptr;
}

std::vector<Challenge> challenges_of(const HttpAnswer& answer) {
  if (!answer.has_status(401)) return {};
  return parse_challenges(find_headers(answer.response->headers, "WWW-Authenticate"));
}

}  // namespace

Authorization basic_authorization(const Credential& credential, const HostPort& host) {
  return {AuthorizationScheme::basic, Secret(base64_encode(credential.username + ":" + credential.secret.reveal())),
          host.to_string()};
}

std::optional<Unknown> unusable(const HttpAnswer& answer, const std::string& host) {
  if (!answer.response) return unknown(answer.failure.code, answer.failure.message);
  const int status = answer.response->status;
  if (status == 429) {
    return unknown("rate_limited",
                   host + " asks for fewer questions (429), also after waiting; ask later, or with a login");
  }
  if (status == 200 || status == 404 || status == 401 || status == 403) return std::nullopt;
  return unknown(fmt::format("http_{}", status),
                 fmt::format("{} answered with status {}{}", host, status, status >= 500 ? "; ask again later" : ""));
}

Asked OciAccess::ask(const RepositoryPlace& place, const std::string& scope, const std::string& target,
                     std::string_view accept, std::size_t max_bytes) {
  HttpRequest request;
  request.url = base_url(place.host) + target;
  request.headers = {{"Accept", std::string(accept)}};
  request.max_bytes = max_bytes;

  auto granted = grant(place.host, scope);
  Asked asked;
  const auto send = [&] {
    request.authorization = granted->authorization;
    asked.answer = granted->failure ? HttpAnswer{{}, {}, granted->from} : http_.send(request);
    asked.unknown = granted->failure;
    return !granted->failure;
  };
  if (!send()) return asked;
  if (asked.answer.has_status(401) && std::chrono::steady_clock::now() > granted->until) {
    grants_.forget({place.host, scope});  // the token has grown old in this run
    granted = grant(place.host, scope);
    if (!send()) return asked;
  }
  // Some registries greet everyone and ask for a login only at the single repository.
  if (asked.answer.has_status(401) && greeting(place.host).challenges.empty()) {
    granted = grants_.get({place.host, scope + ", after 401"},
                          [&] { return negotiate(place.host, scope, challenges_of(asked.answer)); });
    const bool asks_otherwise = granted->failure || granted->authorization.scheme != AuthorizationScheme::none;
    if (asks_otherwise && !send()) return asked;
  }
  asked.unknown = unusable(asked.answer, place.registry);
  if (asked.answer.has_status(401) || asked.answer.has_status(403)) {
    asked.unknown = refusal(place, asked.answer.response->status, *granted);
  }
  return asked;
}

const OciAccess::Greeting& OciAccess::greeting(const HostPort& host) {
  const auto greet_once = [&] {
    HttpRequest request;
    request.url = base_url(host) + "/v2/";
    request.headers = {{"Accept", "application/json"}};
    const HttpAnswer answer = http_.send(request);
    Greeting greeting{challenges_of(answer), std::nullopt, answer.from};
    // Any other status says only that the door is not here; the questions themselves will tell.
    const bool failed = !answer.response || answer.response->status == 429 || answer.response->status >= 500;
    if (failed) greeting.failure = unusable(answer, host.to_string());
    return greeting;
  };
  return *greetings_.get(host, greet_once);  // never forgotten, so the reference holds
}

std::shared_ptr<const OciAccess::Grant> OciAccess::grant(const HostPort& host, const std::string& scope) {
  const Greeting& greeted = greeting(host);
  return grants_.get({host, scope}, [&] {
    if (!greeted.failure) return negotiate(host, scope, greeted.challenges);
    Grant none;
    none.failure = greeted.failure;
    none.from = greeted.from;
    return none;
  });
}

OciAccess::Grant OciAccess::negotiate(const HostPort& host, const std::string& scope,
                                      const std::vector<Challenge>& challenges) {
  Grant anonymous;
  const Challenge* challenge = preferred(challenges);
  if (!challenge) return anonymous;
  const auto credential = credentials_.find(host);
  if (credential && credential->kind == CredentialKind::bearer_token) {
    return {{AuthorizationScheme::bearer, credential->secret, host.to_string()}, true};
  }
  if (challenge->scheme == "bearer") return fetch_token(host, scope, *challenge, credential);
  if (credential && credential->kind == CredentialKind::basic) return {basic_authorization(*credential, host), true};
  return anonymous;
}

OciAccess::Grant OciAccess::fetch_token(const HostPort& host, const std::string& scope, const Challenge& challenge,
                                        const std::optional<Credential>& credential) {
  Grant grant;
  const auto fail = [&](Unknown reason) {
    grant.failure = std::move(reason);
    return grant;
  };
  const auto realm = Url::parse(challenge.parameter("realm"));
  grant.from = greeting(host).from;
  if (!realm) return fail(unknown("malformed", host.to_string() + " names no token server that can be asked"));

  HttpRequest request;
  request.secret_answer = true;
  request.max_bytes = limits::kMaxTokenAnswerBytes;
  request.headers = {{"Accept", "application/json"}};
  const std::string separator = realm->target.find('?') == std::string::npos ? "?" : "&";
  request.url = realm->to_string() + separator + token_parameters(challenge, scope);
  if (credential) {
    request.authorization.credential_of = host.to_string();
    if (!may_see_credential(host, *realm)) {
      grant.withheld_from = realm->host.to_string();
    } else if (credential->kind == CredentialKind::identity_token) {
      grant.sent_credential = request.secret_body = true;
      request.method = "POST";
      request.url = realm->to_string();
      request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
      request.body = "grant_type=refresh_token&client_id=trueup&" + token_parameters(challenge, scope) +
                     "&refresh_token=" + percent_encoded(credential->secret.reveal());
    } else {
      grant.sent_credential = true;
      request.authorization = basic_authorization(*credential, host);
    }
  }

  const HttpAnswer answer = http_.send(request);
  grant.from = answer.from;
  const std::string server = "the token server " + realm->host.to_string();
  if (auto reason = unusable(answer, server)) return fail(std::move(*reason));
  const int status = answer.response->status;
  if (status == 401 || status == 403) {
    const RepositoryPlace place{host, scope, host.to_string()};
    return fail(refusal(place, status, grant));
  }
  if (status != 200) {
    return fail(unknown(fmt::format("http_{}", status), fmt::format("{} answered with status {}", server, status)));
  }
  auto token = read_token_answer(answer.response->body);
  if (!token) return fail(unknown("malformed", server + " answered with " + token.error().message));
  grant.authorization = {AuthorizationScheme::bearer, std::move(token->token)};
  const std::chrono::seconds lifetime(std::clamp(token->lifetime_seconds, 10, 86'400));
  grant.until = std::chrono::steady_clock::now() + lifetime - std::chrono::seconds(5);
  return grant;
}

bool OciAccess::may_see_credential(const HostPort& host, const Url& realm) const {
  const auto registry = Url::parse(base_url(host));
  if (registry && realm.same_origin(*registry)) return true;
  if (!realm.https && !hosts_.speaks_plain_http(realm.host)) return false;
  if (hosts_.allows(realm.host)) return true;
  if (const HostSettings* settings = hosts_.settings(host)) {
    const auto& named = settings->token_hosts;
    if (std::ranges::find(named, realm.host.to_string()) != named.end()) return true;
  }
  return std::ranges::any_of(kPartners, [&](const auto& pair) {
    return host == HostPort{std::string(pair.first), std::nullopt} && realm.https &&
           realm.host == HostPort{std::string(pair.second), std::nullopt};
  });
}

Unknown OciAccess::refusal(const RepositoryPlace& place, int status, const Grant& grant) {
  const std::string refused = fmt::format("{} refuses {} ({})", place.registry, place.path, status);
  if (grant.sent_credential) {
    const auto credential = credentials_.find(place.host);
    return unknown("refused_credentials",
                   fmt::format("{} to the credential from {}; check that it still holds and may pull", refused,
                               credential ? credential->source : "the operator"));
  }
  if (!grant.withheld_from.empty()) {
    return unknown("realm_not_trusted",
                   fmt::format("{} without a login; there is one, but the token server {} is another host: name it "
                               "with --allow-host {}",
                               refused, grant.withheld_from, grant.withheld_from));
  }
  return unknown("no_credentials", refused + " without a login; it may exist or not" + login_advice(place.host));
}

std::string OciAccess::login_advice(const HostPort& host) {
  const std::string name = host.host == "registry-1.docker.io" ? "" : " " + host.to_string();
  std::string advice = "; log in with `docker login" + name + "`";
  if (!name.empty()) advice += " or `helm registry login" + name + "`";
  for (const CredentialNote& note : credentials_.explain(host)) {
    if (note.problem) advice += "; " + note.source + " " + note.outcome;
  }
  return advice;
}

}  // namespace trueup::live
