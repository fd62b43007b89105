#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/value_template.hpp"

/// Private to the reader of values: what commands and expansions do to a name, as edits.
namespace trueup::formats {

/// A change of a whole value.
struct ValueChange {
  enum class Kind : std::uint8_t { edit, prefix, suffix } kind = Kind::edit;
  TemplateEdit edit;
  std::string text;  ///< of a prefix or suffix, what is taken away
};
using ValueChanges = std::vector<ValueChange>;

ValueTemplate changed(ValueTemplate value, const ValueChanges& changes);

/// What follows the name in `${X…}`: `//\//-`, `::7`, `,,`, `#refs/heads/`. Nothing where it is not understood.
std::optional<ValueChanges> expansion_changes(std::string_view operation);

/// A filter of a pipeline: tr, sed, cut, head with constant arguments. Nothing where it is not understood.
std::optional<ValueChanges> filter_changes(std::string_view program, const std::vector<std::string>& arguments);

}  // namespace trueup::formats
