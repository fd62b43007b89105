#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "live/hosts.hpp"

namespace trueup::live {

/// An address of a server, taken apart so strictly that no two readers of to_string() can differ about the host: ASCII
/// without spaces, no user information, no backslash. A fragment is dropped.
struct Url {
  bool https = true;
  HostPort host;
  std::string target = "/";  ///< path and query, begins with '/'

  /// Errors: Fault::malformed.
  static Result<Url> parse(std::string_view text);
  /// What a Location or Link header in the answer to this URL names (RFC 3986, section 5.2, without dot segments).
  Result<Url> resolve(std::string_view reference) const;

  std::uint16_t effective_port() const { return host.port.value_or(https ? 443 : 80); }
  /// Same scheme, host and port: what may be sent to one may be sent to the other.
  bool same_origin(const Url& other) const;
  std::string to_string() const;
};

/// Letters, digits and -._~, which mean themselves anywhere in a URL (RFC 3986, section 2.3).
bool is_unreserved(char c);
/// %XX for every byte that is not unreserved.
std::string percent_encoded(std::string_view text);

/// The same URL or target, with REDACTED for the values of query parameters that carry secrets: token, access_token,
/// signature, sig, password, client_secret, key, code, X-Amz-Signature and their like.
std::string without_secrets(std::string_view url_or_target);

}  // namespace trueup::live
