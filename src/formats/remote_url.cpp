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

constexpr std::size_t kMaxUserBytes = 2048;

/// The part of a URL before its `@`.
struct UserPart {
  std::size_t begin = 0, end = 0;
  bool http = false;  ///< https:// or http://, which have no user that is no credential
};

std::vector<UserPart> user_parts(std::string_view text) {
  std::vector<UserPart> parts;
  for (std::size_t from = 0;;) {
    const std::size_t scheme = text.find("://", from);
    if (scheme == text.npos) return parts;
    const std::size_t begin = scheme + 3;
    const std::string_view rest = text.substr(begin, kMaxUserBytes);
    const std::size_t word = std::min(rest.find_first_of(" \t\r\n"), rest.size());
    // Quotes are no end: a password may hold one.
    std::size_t end = std::min(rest.find('/'), word);
    std::size_t at = rest.substr(0, end).rfind('@');
    const std::size_t colon = rest.substr(0, end).find(':');
    // Nor is a slash, where what stands before it is no host and port: it may be of a password.
    if (at == rest.npos && colon != rest.npos && colon + 1 < end && (rest[colon + 1] < '0' || rest[colon + 1] > '9') &&
        rest.substr(end, word - end).find("://") == rest.npos) {
      at = rest.substr(0, word).rfind('@');
      if (at != rest.npos) end = word;
    }
    if (at != rest.npos) parts.push_back({begin, begin + at, text.substr(0, scheme).ends_with("http") || text.substr(0, scheme).ends_with("https")});
    from = begin + end;
  }
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

std::string redact_urls(std::string_view text) {
  std::string clean;
  std::size_t copied = 0;
  for (const UserPart& user : user_parts(text)) {
    clean += text.substr(copied, user.begin - copied);
    clean += "***";
    copied = user.end;
  }
  return clean.append(text.substr(copied));
}

std::string mask_urls(std::string_view text) {
  std::string masked(text);
  for (const UserPart& user : user_parts(text)) {
    const std::string_view said = text.substr(user.begin, user.end - user.begin);
    const std::size_t colon = said.find(':');
    if (colon == said.npos && !user.http) continue;
    const std::size_t from = colon == said.npos ? 0 : colon + 1;
    const std::string_view secret = said.substr(from);
    if (secret == "git" || secret.starts_with('$') || secret.starts_with('{') || secret.starts_with('<')) continue;
    std::fill(masked.begin() + static_cast<std::ptrdiff_t>(user.begin + from), masked.begin() + static_cast<std::ptrdiff_t>(user.end), '*');
  }
  return masked;
}

}  // namespace trueup::formats
