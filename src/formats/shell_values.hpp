#pragma once

#include <functional>
#include <string_view>

#include "formats/shell_view.hpp"
#include "formats/value_template.hpp"

/// Words of scripts and `${{ }}` as templates of values.
namespace trueup::formats {

/// What the text at hand does not say. Each may be empty.
struct ValueLookup {
  /// Of a variable that the script itself does not set; null where it is not known.
  std::function<const ValueTemplate*(std::string_view name)> environment;
  /// Of a context's value by its path, `steps.version.outputs.tag`; null where it is not known.
  std::function<const ValueTemplate*(std::string_view path)> context;
  /// The place in the file of bytes of the text at hand.
  std::function<ByteRange(ByteRange)> locate;
};

/// A text with `${{ }}` that no shell sees.
ValueTemplate text_value(std::string_view text, const ValueLookup& lookup);

/// A word, or what was made of one, before byte `before` of its script. What `$( )`, `tr`, `sed`, `cut` and the forms of
/// `${X…}` do is followed where it is plain; variables are looked through as ScriptView does.
ValueTemplate word_value(const ShellText& word, const ScriptView& script, std::uint32_t before, const ValueLookup& lookup);

}  // namespace trueup::formats
