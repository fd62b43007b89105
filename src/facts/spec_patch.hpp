#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trueup::facts {

/// A JSON patch (RFC 6902) of an Application object that makes its spec from `live` to `declared`; both as to_json() of
/// application_fields() gives them. `hidden` and `kept` are JSON arrays of their pointers: of values that are not to be written down,
/// and of those that are to stay as they are live.
///
/// Applied, the spec's fields are those of `declared`: nothing that only the live one had is left behind as an empty mapping
/// (`automated: {}` would turn automatic sync on). Lists are replaced as a whole, except where both hold the same elements by name.
/// `test` operations name some of what is changed, so that an object which has changed since is left alone. A scalar that is hidden
/// stays as it is live.
///
/// Nothing where no difference is left, where a whole mapping or list with something hidden or kept in it would have to be written,
/// where a list of either side has elements that fields do not tell of, or where a text is none of these.
std::optional<std::string> spec_patch(std::string_view live, std::string_view declared, std::string_view hidden, std::string_view kept);

}  // namespace trueup::facts
