#include "live/hosts.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"

namespace trueup::live {

namespace {

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_address_character(char c) {
  return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

bool ends_with_label(std::string_view host, std::string_view label) {
  return host == label || (host.size() > label.size() && host.ends_with(label) &&
                           host[host.size() - label.size() - 1] == '.');
}

}  // namespace

Result<HostPort> HostPort::parse(std::string_view text) {
  const auto malformed = [&] {
    return Error{Fault::malformed, "\"" + printable(text.substr(0, 200)) + "\" is no host or host:port"};
  };
  HostPort parsed;
  std::string_view rest = text;
  if (rest.starts_with('[')) {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) return malformed();
    parsed.host = ascii_lower(rest.substr(1, close - 1));
    if (!std::ranges::all_of(parsed.host, is_address_character) || parsed.host.find(':') == std::string::npos) {
      return malformed();
    }
    rest.remove_prefix(close + 1);
  } else {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    parsed.host = ascii_lower(rest.substr(0, colon));
    // A trailing dot names the same host in DNS, but would slip past every comparison of names.
    if (parsed.host.empty() || parsed.host.front() == '.' || parsed.host.back() == '.' || parsed.host.size() > 253 ||
        !std::ranges::all_of(parsed.host, is_host_character)) {
      return malformed();
    }
    rest.remove_prefix(colon);
  }
  if (rest.empty()) return parsed;
  rest.remove_prefix(1);
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
  const bool whole = fault == std::errc() && end == rest.data() + rest.size();
  if (text[text.size() - rest.size() - 1] != ':' || !whole || port == 0) return malformed();
  parsed.port = port;
  return parsed;
}

std::string HostPort::to_string() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port) text += ":" + std::to_string(*port);
  return text;
}

bool is_loopback_name(std::string_view host) {
  if (ends_with_label(host, "localhost") || host == "::1") return true;
  // Four decimal parts only: other spellings of an address (127.1, 0x7f.0.0.1) are no loopback to us, so they are asked
  // with TLS, and the check at connecting refuses them unless they were named.
  const auto parts = split(host, '.');
  const auto is_number = [](std::string_view part) {
    return !part.empty() && part.size() <= 3 && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return parts.size() == 4 && parts[0] == "127" && std::ranges::all_of(parts, is_number);
}

Result<void> HostPolicy::allow(std::string_view host_port) { return configure(host_port, {}); }

Result<void> HostPolicy::configure(std::string_view host_port, HostSettings settings) {
  auto host = HostPort::parse(host_port);
  if (!host) return std::move(host).error();
  const auto [entry, fresh] = hosts_.try_emplace(*host, settings);
  // --allow-host for a host of TRUEUP_HOSTS must not wipe what the file says.
  const bool says_something = settings.plain_http || !settings.ca_file.empty() || !settings.ca_pem.empty() ||
                              !settings.client_certificate_pem.empty() || !settings.token_hosts.empty();
  if (!fresh && says_something) entry->second = std::move(settings);
  return {};
}

bool HostPolicy::allows(const HostPort& host) const { return settings(host) != nullptr; }

const HostSettings* HostPolicy::settings(const HostPort& host) const {
  auto entry = hosts_.find(host);
  if (entry == hosts_.end()) entry = hosts_.find(HostPort{host.host, std::nullopt});
  return entry == hosts_.end() ? nullptr : &entry->second;
}

bool HostPolicy::speaks_plain_http(const HostPort& host) const {
  const HostSettings* found = settings(host);
  if (!found) return false;
  return found->plain_http.value_or(is_loopback_name(host.host));
}

std::string HostPolicy::base_url(const HostPort& host) const {
  return (speaks_plain_http(host) ? "http://" : "https://") + host.to_string();
}

}  // namespace trueup::live
