#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/span.hpp"
#include "formats/shell.hpp"

/// Variables that a script reads and sets.
namespace trueup::formats {

enum class VariableAccess : std::uint8_t {
  read,  ///< `$X`, `${X#…}`
  set,   ///< `X=…`, `export X=…`, `read X`, `for X in …`; also for one command only: `X=… make`
};

struct VariableUse {
  std::string name;  ///< empty: a name that is not known (`source lib.sh`, `eval …`, `export $(cat .env)`)
  VariableAccess access = VariableAccess::read;
  ByteRange range;  ///< of a read `$X` or `${X…}`, else of the name; of an unknown name, the command
  /// Of a read: the script goes on well if the variable is empty, for it looks whether it is (`${X:-1}`, `[ -n "$X" ]`,
  /// `if $X`), or cannot be told.
  bool has_fallback = false;
  bool exported = false;  ///< of a setting: programs that the script runs see it
  bool conditional = false;
};

struct VariableUses {
  std::vector<VariableUse> list;  ///< by place
  /// `$1`, `$@`, `shift` … outside of functions: the script reads what it is called with, or may, where that cannot be
  /// told (`source lib.sh`, `eval …`, a script that is not understood).
  bool reads_arguments = false;
};

/// Of a script that is not understood to its end, an unknown name stands for the rest.
VariableUses read_variables(const ShellScript& script);

}  // namespace trueup::formats
