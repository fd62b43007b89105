#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trueup::formats {

/// What a Helm template names of the values that it is given.
struct TemplateValues {
  std::vector<std::string> pointers;  ///< JSON pointers, in the order of the text: /image/tag for `.Values.image.tag`
  bool all = false;                   ///< it also hands on the values as a whole, or looks up what cannot be told
};

/// Reads the actions ({{ … }}) of a template: `.Values` with the fields behind it, whatever stands for the root before it, and
/// `index`, `get`, `hasKey`, `pluck` and `dig` with constant keys. What is done with the value is not looked at: a mapping that is
/// named may be read as a whole. Source: the documentation of Go's text/template ("Arguments") and of Helm's and Sprig's functions on
/// dictionaries.
TemplateValues read_template_values(std::string_view text);

}  // namespace trueup::formats
