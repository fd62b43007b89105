#include "live/api_door.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/json.hpp"
#include "live/oci_access.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

constexpr std::size_t kMaxMessage = 160;

}  // namespace

std::string error_message(const HttpAnswer& answer) {
  if (!answer.response || answer.response->body.size() > limits::kMaxTokenAnswerBytes) return "";
  const formats::Document document = formats::parse_json(answer.response->body);
  if (document.problem()) return "";
  const std::string_view message = document.text(document.child(document.root(), "message")).value_or("");
  return printable(message.substr(0, kMaxMessage)) + (message.size() > kMaxMessage ? "…" : "");
}

ApiDoor::ApiDoor(HttpClient& http, std::string base_url, std::optional<Credential> credential, std::string owner,
                 std::string advice, std::vector<HttpHeader> headers)
    : http_(http),
      base_url_(std::move(base_url)),
      credential_(credential && (credential->kind == CredentialKind::bearer_token || credential->kind == CredentialKind::job_token) ? std::move(credential) : std::nullopt),
      owner_(std::move(owner)),
      advice_(std::move(advice)),
      headers_(std::move(headers)) {
  const auto url = Url::parse(base_url_);
  host_ = url ? url->host.to_string() : printable(base_url_);
}

ApiAnswer ApiDoor::get(const std::string& target, std::size_t max_bytes) const { return get_url(base_url_ + target, max_bytes); }

ApiAnswer ApiDoor::get_url(const std::string& url, std::size_t max_bytes) const {
  HttpRequest request;
  request.url = url;
  request.max_bytes = max_bytes;
  return ask(std::move(request));
}

ApiAnswer ApiDoor::post_url(const std::string& url, std::string json, std::size_t max_bytes) const {
  HttpRequest request;
  request.method = "POST";
  request.url = url;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = std::move(json);
  request.max_bytes = max_bytes;
  return ask(std::move(request));
}

ApiAnswer ApiDoor::ask(HttpRequest request) const {
  request.headers.insert(request.headers.end(), headers_.begin(), headers_.end());
  const Credential* const credential = credential_for(request.url);
  if (credential != nullptr)
    request.authorization = {credential->kind == CredentialKind::job_token ? AuthorizationScheme::job_token : AuthorizationScheme::bearer, credential->secret, owner_};
  ApiAnswer asked;
  asked.answer = http_.send(request);
  if (asked.answer.has_status(410)) return asked;
  asked.unknown = unusable(asked.answer, host_);
  if (asked.answer.has_status(401) || asked.answer.has_status(403)) asked.unknown = refusal(asked.answer, credential);
  if (asked.unknown && asked.answer.response && asked.answer.response->status >= 500) {
    if (const std::string said = error_message(asked.answer); !said.empty()) asked.unknown->because += " (" + said + ")";
  }
  return asked;
}

const Credential* ApiDoor::credential_for(std::string_view url) const {
  if (!credential_) return nullptr;
  // Of what is asked of GitLab, releases alone are documented to take the token of a job.
  const bool takes_all = credential_->kind != CredentialKind::job_token;
  return takes_all || url.substr(0, url.find('?')).ends_with("/releases") ? &*credential_ : nullptr;
}

Unknown ApiDoor::refusal(const HttpAnswer& answer, const Credential* credential) const {
  const int status = answer.response->status;
  std::string said = error_message(answer);
  if (!said.empty()) said = " (" + said + ")";
  if (credential == nullptr) {
    return unknown("no_credentials",
                   fmt::format("{} refuses ({}) whoever comes without a token; {}", host_, status, advice_));
  }
  return unknown(status == 401 ? "invalid_credentials" : "refused_credentials",
                 status == 401 ? fmt::format("{} does not take the token from {} (401){}; it may have expired",
                                             host_, credential->source, said)
                               : fmt::format("{} refuses the token from {} (403){}; it may not see this, or the server "
                                             "cannot look it up at the moment",
                                             host_, credential->source, said));
}

}  // namespace trueup::live
