#include "formats/shell_effects.hpp"

#include "formats/shell_effect_readers.hpp"
#include "formats/shell_view.hpp"

namespace trueup::formats {

ScriptEffects read_effects(const ShellScript& script) {
  const ScriptView view(script);
  ScriptEffects effects;
  effects.complete = script.complete;
  read_file_commands(view, effects.outputs, effects.environment);
  read_dispatches(view, effects);
  read_called_files(view, effects.called_files);
  return effects;
}

ScriptEffects read_effects(std::string_view script) { return read_effects(parse_shell(script)); }

}  // namespace trueup::formats
