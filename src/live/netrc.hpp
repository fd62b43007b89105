#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "live/secret.hpp"

namespace trueup::live {

struct NetrcEntry {
  std::string login;
  Secret password;
};

/// The first `machine` entry of a host that has a login and a password. `default` and `macdef` are skipped; a value may
/// stand in double quotes with backslash escapes, and `#` at the start of a word begins a comment, as curl reads it.
std::optional<NetrcEntry> find_in_netrc(std::string_view text, std::string_view host);

}  // namespace trueup::live
