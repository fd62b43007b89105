#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/span.hpp"
#include "formats/shell_effects.hpp"

/// Events that a script of actions/github-script sends. Only what is written as a literal is read.
namespace trueup::formats {

/// A string literal, without its quotes.
struct ScriptText {
  std::string text;
  ByteRange range;
};

/// A call of createDispatchEvent or createWorkflowDispatch, or of github.request with the path of one of them.
struct ScriptDispatch {
  bool starts_workflow = false;            ///< createWorkflowDispatch
  ByteRange call;                          ///< the method's name, or the request's path
  std::optional<ScriptText> owner, repo;   ///< literals
  bool own_repository = false;             ///< ...context.repo, or context.repo.owner and context.repo.repo
  std::optional<ScriptText> name;          ///< event_type, or workflow_id; nothing: it is computed
  std::optional<ScriptText> ref;           ///< of createWorkflowDispatch; nothing: it is computed
  DispatchPayload payload;                 ///< of client_payload, or inputs
};

/// In order of place. Comments and strings are skipped; arguments that are no object literal give a call of which
/// nothing is known. A `${{ … }}` within a literal makes it a computed one. Places are bytes of the script.
std::vector<ScriptDispatch> read_script_dispatches(std::string_view script);

}  // namespace trueup::formats
