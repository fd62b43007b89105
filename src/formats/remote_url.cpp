#include "formats/remote_url.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, std::min(host.find(']') + 1, host.size()));
  return host.substr(0, std::min(host.find(':'), host.size()));
}

}  // namespace

std::optional<RemoteUrlParts> split_remote_url(std::string_view url) {
  RemoteUrlParts parts;
  std::string_view authority;
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
    parts.scheme = ascii_lower(url.substr(0, scheme));
    const std::string_view rest = url.substr(scheme + 3);
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    authority = rest.substr(0, slash);
    parts.path = rest.substr(slash);
  } else {
    // As git decides: a colon before the first slash makes it a host, a bracketed IPv6 address may hold colons.
    const std::size_t bracket = url.find(']');
    const std::size_t from = url.find('[') < url.find(':') && bracket != std::string_view::npos ? bracket : 0;
    const std::size_t colon = url.find(':', from);
    if (colon == std::string_view::npos || colon == 0 || url.substr(0, colon).find('/') != std::string_view::npos)
      return std::nullopt;
    authority = url.substr(0, colon);
    parts.path = url.substr(colon + 1);
  }
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    parts.has_user = true;
    parts.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  parts.host = authority;
  return parts;
}

std::optional<RemoteAddress> parse_remote_url(std::string_view url) {
  const std::optional<RemoteUrlParts> parts = split_remote_url(url);
  if (!parts) return std::nullopt;
  constexpr std::array<std::string_view, 6> kSchemes = {"", "https", "http", "ssh", "git+ssh", "git"};
  if (std::find(kSchemes.begin(), kSchemes.end(), parts->scheme) == kSchemes.end()) return std::nullopt;
  std::string_view path = parts->path;
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  const std::string host = ascii_lower(without_port(parts->host));
  const std::vector<std::string_view> names = split(path, '/');
  const bool usable = names.size() >= 2 && std::none_of(names.begin(), names.end(), [](std::string_view name) {
    return name.empty() || name == "." || name == ".." || name.find_first_of("?#~:") != std::string_view::npos;
  });
  if (host.empty() || !usable) return std::nullopt;
  return RemoteAddress{host, std::string(path)};
}

}  // namespace trueup::formats
