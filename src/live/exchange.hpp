#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "live/http.hpp"

/// What recorder and replay must agree about.
namespace trueup::live {

/// All that a look-up compares. Two requests with equal keys get the same recorded answer.
struct ExchangeKey {
  std::string method;
  std::string host;       ///< host[:port]
  std::string target;     ///< path and query, secrets REDACTED, parameters sorted
  std::string auth;       ///< "", "Basic", "Bearer" or "Digest"
  std::string accept;     ///< for manifests: the types, sorted; registries answer by it
  std::string condition;  ///< If-None-Match and Range, which change the answer
  std::string body;       ///< secrets REDACTED
  friend auto operator<=>(const ExchangeKey&, const ExchangeKey&) = default;
};

/// `target` is path and query; `body` is a form, or JSON without secrets.
ExchangeKey exchange_key(std::string_view method, std::string_view host, std::string_view target, std::string_view auth,
                         const std::vector<HttpHeader>& headers, std::string_view body);

std::string_view scheme_name(AuthorizationScheme scheme);  // "", "Basic", "Bearer", "Digest"

/// Whether the value of a header of that name is a secret.
bool is_secret_header(std::string_view name);

inline constexpr std::string_view kRedacted = "REDACTED";
inline constexpr std::string_view kRunFile = "run.json";

}  // namespace trueup::live
