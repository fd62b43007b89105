#include "live/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>

namespace trueup::live {

namespace {

struct Block {
  std::array<std::uint8_t, 16> prefix;
  unsigned bits;
};

constexpr std::array<Block, 14> kReserved4 = {{
    {{0}, 8},               // this host
    {{10}, 8},              // private
    {{100, 64}, 10},        // shared, behind a carrier's translation
    {{127}, 8},             // loopback
    {{169, 254}, 16},       // link-local; metadata services of clouds
    {{172, 16}, 12},        // private
    {{192, 0, 0}, 24},      // protocol assignments
    {{192, 0, 2}, 24},      // documentation
    {{192, 168}, 16},       // private
    {{198, 18}, 15},        // benchmarking
    {{198, 51, 100}, 24},   // documentation
    {{203, 0, 113}, 24},    // documentation
    {{224}, 4},             // multicast
    {{240}, 4},             // reserved, broadcast
}};

constexpr std::array<Block, 9> kReserved6 = {{
    {{0}, 96},                                // unspecified, loopback, IPv4-compatible
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48},  // local-use translation
    {{0x01, 0x00}, 64},                       // discard
    {{0x20, 0x01, 0x00}, 23},                 // protocol assignments, Teredo among them
    {{0x20, 0x01, 0x0d, 0xb8}, 32},           // documentation
    {{0xfc}, 7},                              // unique-local
    {{0xfe, 0x80}, 10},                       // link-local
    {{0xfe, 0xc0}, 10},                       // site-local, deprecated
    {{0xff}, 8},                              // multicast
}};

/// IPv6 prefixes that are followed by an IPv4 address, which is what is really asked.
constexpr std::array<Block, 3> kEmbedding = {{
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96},  // mapped
    {{0x00, 0x64, 0xff, 0x9b}, 96},                    // NAT64
    {{0x20, 0x02}, 16},                                // 6to4
}};

bool lies_in(std::span<const std::uint8_t> address, const Block& block) {
  for (unsigned bit = 0; bit < block.bits; ++bit) {
    const unsigned mask = 0x80u >> (bit % 8);
    if ((address[bit / 8] & mask) != (block.prefix[bit / 8] & mask)) return false;
  }
  return true;
}

}  // namespace

bool is_public_address(std::span<const std::uint8_t> address) {
  const auto contains = [&](const Block& block) { return lies_in(address, block); };
  if (address.size() == 4) return std::ranges::none_of(kReserved4, contains);
  if (address.size() != 16) return false;
  const auto embedding = std::ranges::find_if(kEmbedding, contains);
  if (embedding != kEmbedding.end()) return is_public_address(address.subspan(embedding->bits / 8, 4));
  return std::ranges::none_of(kReserved6, contains);
}

std::optional<std::vector<std::uint8_t>> address_bytes(std::string_view host) {
  const std::string text(host);
  std::vector<std::uint8_t> bytes(16);
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(4);
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

}  // namespace trueup::live
