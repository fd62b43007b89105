#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "live/secret.hpp"

namespace trueup::live {

/// A host as a reference or a URL names it. `host` is lower case; an IPv6 address stands without brackets.
struct HostPort {
  std::string host;
  std::optional<std::uint16_t> port;

  /// "registry.example", "127.0.0.1:5000", "[::1]:5000". Fault::malformed for anything else: a scheme, a path, a port
  /// of 0.
  static Result<HostPort> parse(std::string_view text);
  std::string to_string() const;  // the form that parse() reads
  friend auto operator<=>(const HostPort&, const HostPort&) = default;
};

/// "localhost", names below it, and addresses of 127/8 and ::1, as text: nothing is resolved.
bool is_loopback_name(std::string_view host);

/// What the operator said of one host.
struct HostSettings {
  std::optional<bool> plain_http = {};       ///< http:// instead of https://
  std::string ca_file = {};                  ///< PEM file that replaces the system's certificate authorities
  std::string ca_pem = {};                   ///< the same as text; ca_file wins
  std::string client_certificate_pem = {};   ///< shown to the server, with its key
  Secret client_key_pem = {};
  std::vector<std::string> token_hosts = {};  ///< hosts of token servers that may be sent this host's credentials
};

/// The hosts that the operator named: --allow-host, registries of the operator's config, TRUEUP_HOSTS. Only these may
/// have a loopback, private or link-local address, and only these may be spoken to without TLS. Never filled from what
/// a pull request's head says. An entry without a port stands for every port of that host.
class HostPolicy {
 public:
  HostPolicy() = default;

  /// Errors: Fault::malformed, for text that is no host[:port].
  Result<void> allow(std::string_view host_port);
  /// allow(), and keeps the settings.
  Result<void> configure(std::string_view host_port, HostSettings settings);

  bool allows(const HostPort& host) const;
  /// The settings of host:port, else of the host for every port, else none.
  const HostSettings* settings(const HostPort& host) const;
  /// Whether http:// is spoken: as configured; else for an allowed loopback host, as docker and `helm --plain-http` do
  /// with registries on this machine; else not.
  bool speaks_plain_http(const HostPort& host) const;
  /// "https://registry.example" or "http://127.0.0.1:5000", without a slash at the end.
  std::string base_url(const HostPort& host) const;
  /// Every host that was named.
  const std::map<HostPort, HostSettings>& named() const { return hosts_; }

 private:
  std::map<HostPort, HostSettings> hosts_;
};

}  // namespace trueup::live
