#include "git/remote_url.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace trueup::git {
namespace {

Error refused(std::string_view url, std::string_view because) {
  return Error{Fault::malformed, fmt::format("\"{}\" {}", printable(redact_urls(url)), because)};
}

}  // namespace

Result<void> validate_fetch_url(std::string_view url, LocalUrls local) {
  if (url.empty()) return refused(url, "is no URL");
  if (std::any_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
    return refused(url, "holds a control character");
  if (url.front() == '-') return refused(url, "would be read as an option");
  if (url.front() == '/' || url.starts_with("file:///")) {
    if (local == LocalUrls::allowed) return {};
    return refused(url, "is a path on this machine; give it as `path:` instead");
  }
  const std::optional<formats::RemoteUrlParts> parts = formats::split_remote_url(url);
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

}  // namespace trueup::git
