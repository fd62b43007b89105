#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "live/credentials.hpp"
#include "live/http.hpp"
#include "live/reading.hpp"

namespace trueup::live {

/// What came of one question to an API that takes bearer tokens: an answer with status 200, 404 or 410, or the reason
/// why there is none.
struct ApiAnswer {
  HttpAnswer answer;
  std::optional<Unknown> unknown;

  const std::string& body() const { return answer.response->body; }
};

/// Asks one API of JSON with the operator's token. Safe to call from many threads.
class ApiDoor {
 public:
  /// `base_url` without a slash at its end; `owner` is the credential's host[:port], as it is looked up and recorded;
  /// `advice` says how one gets a token, for somebody who has none.
  ApiDoor(HttpClient& http, std::string base_url, std::optional<Credential> credential, std::string owner,
          std::string advice, std::vector<HttpHeader> headers = {{"Accept", "application/json"}});

  /// GET of path and query below the base. The message of a refusal names the host, never the token.
  ApiAnswer get(const std::string& target, std::size_t max_bytes) const;

  /// The same for a whole URL, which must be of the base's origin.
  ApiAnswer get_url(const std::string& url, std::size_t max_bytes) const;

  /// POST of JSON that asks and changes nothing, to a whole URL of the base's origin.
  ApiAnswer post_url(const std::string& url, std::string json, std::size_t max_bytes) const;

  const std::string& base_url() const { return base_url_; }
  /// One that holds for all that is asked.
  bool has_credential() const { return credential_ && credential_->kind == CredentialKind::bearer_token; }
  const std::string& host() const { return host_; }

 private:
  ApiAnswer ask(HttpRequest request) const;
  /// What the URL may be asked with; may be null.
  const Credential* credential_for(std::string_view url) const;
  Unknown refusal(const HttpAnswer& answer, const Credential* credential) const;

  HttpClient& http_;
  const std::string base_url_;
  const std::optional<Credential> credential_;
  const std::string owner_, advice_;
  const std::vector<HttpHeader> headers_;
  std::string host_;
};

/// What the server says of an error, for people: `message` of a JSON body, cut short; empty if there is none.
std::string error_message(const HttpAnswer& answer);

}  // namespace trueup::live
