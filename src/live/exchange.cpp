#include "live/exchange.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

std::string sorted_list(std::vector<std::string> parts, std::string_view separator) {
  std::ranges::sort(parts);
  return join(parts, separator);
}

/// Parts without the blanks around them.
std::vector<std::string> parts_of(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(text, separator)) parts.emplace_back(trim(part));
  return parts;
}

std::string normal_target(std::string_view target) {
  const std::string clean = without_secrets(target);
  const std::size_t question = clean.find('?');
  if (question == std::string::npos) return clean;
  return clean.substr(0, question + 1) + sorted_list(parts_of(std::string_view(clean).substr(question + 1), '&'), "&");
}

}  // namespace

ExchangeKey exchange_key(std::string_view method, std::string_view host, std::string_view target, std::string_view auth,
                         const std::vector<HttpHeader>& headers, std::string_view body) {
  ExchangeKey key;
  key.method = method;
  key.host = ascii_lower(host);
  key.target = normal_target(target);
  key.auth = auth;
  if (key.target.find("/manifests/") != std::string::npos) {
    key.accept = sorted_list(parts_of(find_header(headers, "Accept").value_or(""), ','), ",");
  }
  for (const std::string_view name : {"If-None-Match", "Range"}) {
    const auto value = find_header(headers, name);
    if (value) key.condition += std::string(name) + ": " + std::string(*value) + "\n";
  }
  key.body = body.empty() ? "" : without_secrets("?" + std::string(body)).substr(1);
  return key;
}

std::string_view scheme_name(AuthorizationScheme scheme) {
  switch (scheme) {
    case AuthorizationScheme::none: return "";
    case AuthorizationScheme::basic: return "Basic";
    case AuthorizationScheme::digest: return "Digest";
    case AuthorizationScheme::job_token: return "Job-Token";
    case AuthorizationScheme::bearer: break;
  }
  return "Bearer";
}

bool is_secret_header(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kParts = {"authorization", "cookie", "token",     "secret",
                                                             "api-key",       "apikey", "credential"};
  const std::string lower = ascii_lower(name);
  return std::ranges::any_of(kParts, [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

}  // namespace trueup::live
