#include "git/remote_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace trueup::git {
namespace {

/// The parts of "scheme://user@host:port/path" or "user@host:path".
struct UrlParts {
  std::string scheme;  // lower-case; empty for the short ssh form
  std::string_view user, host, path;
  bool has_user = false;
};

/// Nothing for a path on this machine.
std::optional<UrlParts> split_url(std::string_view url) {
  UrlParts parts;
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

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, std::min(host.find(']') + 1, host.size()));
  return host.substr(0, std::min(host.find(':'), host.size()));
}

Error refused(std::string_view url, std::string_view because) {
  return Error{Fault::malformed, fmt::format("\"{}\" {}", printable(redact_urls(url)), because)};
}

}  // namespace

std::optional<RemoteAddress> parse_remote_url(std::string_view url) {
  const std::optional<UrlParts> parts = split_url(url);
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

Result<void> validate_fetch_url(std::string_view url, LocalUrls local) {
  if (url.empty()) return refused(url, "is no URL");
  if (std::any_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
    return refused(url, "holds a control character");
  if (url.front() == '-') return refused(url, "would be read as an option");
  if (url.front() == '/' || url.starts_with("file:///")) {
    if (local == LocalUrls::allowed) return {};
    return refused(url, "is a path on this machine; give it as `path:` instead");
  }
  const std::optional<UrlParts> parts = split_url(url);
  if (!parts) return refused(url, "is no URL; https://, ssh:// and user@host:path are understood");
  if (parts->path.starts_with(':')) return refused(url, "names a transport helper, which may run commands");
  if (!parts->scheme.empty() && parts->scheme != "https" && parts->scheme != "ssh") {
    return refused(url, parts->scheme == "http" || parts->scheme == "git"
                            ? "is not encrypted; https:// and ssh:// are allowed"
                            : "has a scheme that is not allowed; https:// and ssh:// are");
  }
  if (parts->host.empty() || parts->path.empty() || parts->path == "/")
    return refused(url, "names no repository on a host");
  if (parts->host.front() == '-' || parts->user.starts_with('-') || parts->path.starts_with('-'))
    return refused(url, "has a part that would be read as an option");
  if (parts->user.find(':') != std::string_view::npos) {
    return refused(url, "holds a password; credentials come from git's credential helpers or the run's environment");
  }
  return {};
}

std::string redact_urls(std::string_view text) {
  std::string clean;
  while (true) {
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos) break;
    const std::size_t begin = scheme + 3;
    // Quotes are no end: a password may hold one.
    const std::size_t end = std::min(text.find_first_of("/ \t\r\n", begin), text.size());
    const std::size_t at = text.substr(0, end).rfind('@');
    clean += text.substr(0, begin);
    if (at != std::string_view::npos && at >= begin) {
      clean += "***";
      clean += text.substr(at, end - at);
    } else {
      clean += text.substr(begin, end - begin);
    }
    text.remove_prefix(end);
  }
  return clean.append(text);
}

}  // namespace trueup::git
