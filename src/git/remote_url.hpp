#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "formats/remote_url.hpp"

namespace trueup::git {

using formats::parse_remote_url;
using formats::redact_urls;
using formats::RemoteAddress;

enum class LocalUrls { refused, allowed };

/// Whether `git` may be started with this URL: https://, ssh:// and user@host:path; also file:// and absolute paths if
/// `allowed`. Refused, with the reason: other transports (ext:: runs commands), what could be read as an option,
/// control characters, and a password within the URL (credentials come from git's credential helpers).
Result<void> validate_fetch_url(std::string_view url, LocalUrls local);

}  // namespace trueup::git
