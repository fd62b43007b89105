#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::live {

/// One way in which a server wants to be asked. Scheme and parameter names are in lower case.
struct Challenge {
  std::string scheme;
  std::map<std::string, std::string> parameters;

  /// The parameter's value, or "".
  std::string_view parameter(std::string_view name) const;
  friend bool operator==(const Challenge&, const Challenge&) = default;
};

/// The challenges of all WWW-Authenticate headers of an answer, in order (RFC 9110, 11.6.1). One header may hold
/// several, and a quoted value may hold commas: Bearer realm="https://h/token",scope="repository:a:pull,push", Basic
/// realm="h". What does not fit the grammar is left out; at most 16 challenges are read.
std::vector<Challenge> parse_challenges(std::span<const std::string_view> headers);

/// The target of the first link with rel="next" of all Link headers (RFC 8288), as it is written: it may be relative.
std::optional<std::string> next_link(std::span<const std::string_view> headers);

}  // namespace trueup::live
