#pragma once

#include "formats/shell_effects.hpp"
#include "formats/shell_view.hpp"

/// Private to read_effects(): one reader for each kind of effect.
namespace trueup::formats {

/// shell_outputs.cpp
void read_file_commands(const ScriptView& script, KeyWrites& outputs, KeyWrites& environment);
/// shell_dispatches.cpp
void read_dispatches(const ScriptView& script, ScriptEffects& effects);
/// shell_files.cpp
void read_called_files(const ScriptView& script, std::vector<CalledFile>& files);

}  // namespace trueup::formats
