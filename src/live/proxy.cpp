#include "live/proxy.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>

#include "base/text.hpp"
#include "live/address.hpp"

namespace trueup::live {

namespace {

std::string first_set(const Surroundings& surroundings, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    auto value = surroundings.environment(name);
    if (value && !value->empty()) return *value;
  }
  return {};
}

/// Whether an address lies in "10.0.0.0/8" or is "10.0.0.1".
bool network_contains(std::string_view network, std::string_view host) {
  const std::size_t slash = network.find('/');
  const auto wanted = address_bytes(network.substr(0, slash)), address = address_bytes(host);
  if (!wanted || !address || wanted->size() != address->size()) return false;
  unsigned bits = static_cast<unsigned>(address->size()) * 8;
  if (slash != std::string_view::npos) {
    const std::string_view length = network.substr(slash + 1);
    const auto [end, fault] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (fault != std::errc() || end != length.data() + length.size() || bits > address->size() * 8) return false;
  }
  for (unsigned bit = 0; bit < bits; ++bit) {
    const unsigned mask = 0x80u >> (bit % 8);
    if (((*wanted)[bit / 8] ^ (*address)[bit / 8]) & mask) return false;
  }
  return true;
}

bool names_host(std::string_view entry, std::string_view host) {
  if (network_contains(entry, host)) return true;
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.ends_with('.')) entry.remove_suffix(1);
  const std::string domain = ascii_lower(entry);
  if (domain.empty() || !host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

std::string proxy_for(const Url& url, const Surroundings& surroundings) {
  if (is_loopback_name(url.host.host)) return {};
  const std::string exceptions = replace_all(first_set(surroundings, {"no_proxy", "NO_PROXY"}), " ", ",");
  if (exceptions == "*") return {};
  for (const std::string_view entry : split(exceptions, ',')) {
    if (names_host(trim(entry), url.host.host)) return {};
  }
  return url.https ? first_set(surroundings, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                   : first_set(surroundings, {"http_proxy", "all_proxy", "ALL_PROXY"});
}

}  // namespace trueup::live
