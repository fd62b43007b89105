#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trueup::formats {

/// The pattern of sed's `s/pattern/replacement/flags` as RE2 reads it, so that one can tell which lines it finds. Nothing for what
/// cannot be told: an address before it, another command behind it, a variable of the shell in the pattern, a reference back, what
/// RE2 does not know or takes too much for.
/// `extended`: -E or -r was given. Source: POSIX, "Regular Expressions" 9.3 to 9.5, with GNU's \+ \? \| \w \s \b.
std::optional<std::string> sed_pattern(std::string_view expression, bool extended);

}  // namespace trueup::formats
