#pragma once

#include <vector>

#include "facts/application_fields.hpp"
#include "facts/live_applications.hpp"

namespace trueup::facts {

/// What an Application gives Helm, by its spec as application_fields() gives it: rows of live_application_value. Of a `values` that is
/// no YAML nothing is known.
std::vector<LiveApplicationRow::Value> live_values(const formats::Document& document, const std::vector<ApplicationField>& fields);

}  // namespace trueup::facts
