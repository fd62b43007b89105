#include "live/url.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/remote_url.hpp"

namespace trueup::live {

namespace {

Error malformed(std::string_view text) {
  return {Fault::malformed, "\"" + printable(formats::redact_urls(text.substr(0, 200))) + "\" is no address that can be asked"};
}

std::string target_of(std::string_view rest) {
  rest = rest.substr(0, rest.find('#'));
  return rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
}

bool carries_secret(std::string_view parameter) {
  static constexpr std::array<std::string_view, 10> kParts = {
      "token", "signature", "password", "secret", "credential", "apikey", "api_key", "api-key", "assertion",
      "authorization"};
  static constexpr std::array<std::string_view, 4> kWhole = {"sig", "key", "code", "auth"};
  const std::string name = ascii_lower(parameter);
  return std::ranges::find(kWhole, name) != kWhole.end() ||
         std::ranges::any_of(kParts, [&](std::string_view part) { return name.find(part) != std::string::npos; });
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  const bool clean = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
  if (!clean || text.size() > 8000) return malformed(text);
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return malformed(text);
  Url url;
  url.https = equal_ignoring_ascii_case(text.substr(0, scheme_end), "https");
  if (!url.https && !equal_ignoring_ascii_case(text.substr(0, scheme_end), "http")) return malformed(text);
  const std::string_view rest = text.substr(scheme_end + 3);
  const std::size_t authority_end = std::min(rest.find_first_of("/?#"), rest.size());
  auto host = HostPort::parse(rest.substr(0, authority_end));  // refuses '@' too
  if (!host) return malformed(text);
  url.host = std::move(*host);
  url.target = target_of(rest.substr(authority_end));
  return url;
}

Result<Url> Url::resolve(std::string_view reference) const {
  if (reference.starts_with("//")) return parse((https ? "https:" : "http:") + std::string(reference));
  const std::size_t colon = reference.find(':');
  if (colon < reference.find_first_of("/?#")) return parse(reference);
  const std::string_view path = std::string_view(target).substr(0, target.find('?'));
  std::string absolute;
  if (reference.starts_with('/')) {
    absolute = reference;
  } else if (reference.starts_with('?')) {
    absolute = std::string(path) + std::string(reference);
  } else {
    absolute = std::string(path.substr(0, path.rfind('/') + 1)) + std::string(reference);
  }
  return parse((https ? "https://" : "http://") + host.to_string() + absolute);
}

bool Url::same_origin(const Url& other) const {
  return https == other.https && host.host == other.host.host && effective_port() == other.effective_port();
}

std::string Url::to_string() const { return (https ? "https://" : "http://") + host.to_string() + target; }

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

std::string without_secrets(std::string_view url_or_target) {
  const std::size_t question = url_or_target.find('?');
  if (question == std::string_view::npos) return std::string(url_or_target);
  std::string clean(url_or_target.substr(0, question));
  char separator = '?';
  for (const std::string_view parameter : split(url_or_target.substr(question + 1), '&')) {
    const std::size_t equals = parameter.find('=');
    const std::string_view name = parameter.substr(0, equals);
    clean += separator;
    clean += equals != std::string_view::npos && carries_secret(name) ? std::string(name) + "=REDACTED"
                                                                       : std::string(parameter);
    separator = '&';
  }
  return clean;
}

}  // namespace trueup::live
