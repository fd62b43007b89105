#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace trueup::facts {

/// One thing that a widely used action does to the world.
struct KnownAction {
  /// The credential where none of the inputs is given.
  enum class Fallback : std::uint8_t { own_token, environment, environment_else_own, checkout, unknown };

  std::string_view slug;             ///< owner/name in lower case, and the action's path in that repository
  std::string_view kind;             ///< blob_step_effect.kind
  std::string_view permission;       ///< blob_step_effect.permission; empty: none
  std::string_view token_inputs;     ///< inputs that take the credential, separated by blanks; the first given counts
  std::string_view reference_input;  ///< names what it is done to
  Fallback fallback = Fallback::unknown;
  std::string_view switched_off = {};  ///< "input=value" with which it writes nothing
};

/// All that it does; nothing of an action that is not known. `name`: owner/name[/path] in lower case.
std::span<const KnownAction> known_action(std::string_view name);

}  // namespace trueup::facts
