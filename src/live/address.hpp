#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace trueup::live {

/// Whether an IPv4 (4 bytes) or IPv6 (16 bytes) address, in network order, is one of the public Internet: not this
/// host, loopback, private (10/8, 172.16/12, 192.168/16), shared (100.64/10), link-local, unique-local, site-local,
/// multicast, documentation, benchmarking or reserved, and no IPv6 form that stands for such an IPv4 address (mapped,
/// NAT64, 6to4). Source: IANA special-purpose address registries, RFC 6890.
bool is_public_address(std::span<const std::uint8_t> address);

/// The bytes of an address that is written as text ("10.0.0.1", "::1"), or nothing for a name.
std::optional<std::vector<std::uint8_t>> address_bytes(std::string_view host);

}  // namespace trueup::live
