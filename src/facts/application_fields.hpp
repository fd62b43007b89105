#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/document.hpp"

namespace trueup::facts {

/// A value of the spec of an Application, or of a set of them.
struct ApplicationField {
  /// JSON pointer from the spec: "/source/helm/parameters/0/value". A key that is a number, or begins with a quote, is quoted,
  /// to be told from a position: `/source/helm/valuesObject/ports/"80"`.
  std::string pointer;
  std::string value;    ///< JSON: "1.0" with its quotes, 1.5, true, null, {}, []
  formats::NodeIndex node = formats::kNoNode;
};

/// The spec as ArgoCD keeps it, flat, sorted by pointer, so that what is declared and what a server holds can be compared:
/// without what the server leaves out when it writes an Application (false, 0, "", null, empty lists and mappings; but `enabled`,
/// `revisionHistoryLimit` and `automated` mean something so, and so does everything in valuesObject), with `server` for the
/// cluster's own name `in-cluster`, without `source` beside `sources`, and with numbers in one spelling. Aliases are followed,
/// within limits::kMaxAliasVisits. `{{ }}` are text.
std::vector<ApplicationField> application_fields(const formats::Document& document, formats::NodeIndex spec);

/// The same of an ApplicationSet's spec, where nothing is renamed: an empty `template` that the server writes into generators is left out
/// with all that is empty.
std::vector<ApplicationField> application_set_fields(const formats::Document& document, formats::NodeIndex spec);

/// A field's pointer as others write it: with the quotes taken off.
std::string plain_pointer(std::string_view pointer);

/// The fields as one JSON object, pointer -> value: two specs are equal if and only if these texts are.
std::string to_json(const std::vector<ApplicationField>& fields);

}  // namespace trueup::facts
