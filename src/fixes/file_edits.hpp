#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fixes/edit.hpp"

namespace trueup::fixes {

/// What a rule wants done at a place.
enum class Action : std::uint8_t { replace, quote, append, insert_item, insert_entry, remove, merge, move };

/// As a rule file spells it: replace, quote, append, insert_item, insert_entry, remove, merge, move.
std::string_view to_string(Action action);
std::optional<Action> parse_action(std::string_view text);
/// Whether it writes a text that the rule gives.
bool takes_text(Action action);

struct Wish {
  Action action = Action::replace;
  ByteRange place;
  std::string key;   ///< of a new entry
  std::string text;  ///< what is written
  ByteRange before = {};  ///< of `move`: within the item that it is put in front of
};

/// The edits that a file needs for a wish, in the syntax that its path tells: YAML, JSON, TOML, dotenv; all else is taken for a
/// script. Errors: malformed, with why it cannot be done without harm.
Result<Edits> edits_for(std::string_view path, std::string_view bytes, const Wish& wish);

/// Whether all these lists of edits together do to the values of a file what each does alone, and nothing else; else why not.
/// The lists must not overlap.
std::optional<std::string> harm_of(std::string_view path, std::string_view bytes, const std::vector<Edits>& lists);

}  // namespace trueup::fixes
