#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/span.hpp"

namespace trueup::formats {

/// What a Helm template names of the values that it is given.
struct TemplateValues {
  struct Read {
    std::string pointer;  ///< /image/tag for `.Values.image.tag`
    ByteRange range;      ///< the word that names the values
    bool guards = false;  ///< what `if`, `else if` or `with` opens is left out where this is not set: it stands alone there, or in an `and`;
                          ///< what `with` names is there a second time, since the block may read all below it
  };
  std::vector<Read> reads;  ///< in the order of the text
  bool all = false;                   ///< it also hands on the values as a whole, or looks up what cannot be told
};

/// Reads the actions ({{ … }}) of a template: `.Values` with the fields behind it, whatever stands for the root before it, and
/// `index`, `get`, `hasKey`, `pluck` and `dig` with constant keys. What is done with the value is not looked at: a mapping that is
/// named may be read as a whole. Source: the documentation of Go's text/template ("Arguments") and of Helm's and Sprig's functions on
/// dictionaries.
TemplateValues read_template_values(std::string_view text);

}  // namespace trueup::formats
