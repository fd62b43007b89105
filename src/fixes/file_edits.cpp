#include "fixes/file_edits.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "fixes/document_edits.hpp"
#include "fixes/text_edits.hpp"

namespace trueup::fixes {
namespace {

std::variant<Syntax, WordSyntax> syntax_of(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  if (name.ends_with(".json")) return Syntax::json;
  if (name.ends_with(".yaml") || name.ends_with(".yml") || name == "Chart.lock" || name == "requirements.lock") return Syntax::yaml;
  if (name.ends_with(".toml")) return WordSyntax::toml;
  if (name == ".env" || name.starts_with(".env.") || name.ends_with(".env")) return WordSyntax::dotenv;
  return WordSyntax::shell;
}

constexpr std::array<std::string_view, 8> kActions = {"replace", "quote", "append", "insert_item", "insert_entry", "remove", "merge", "move"};

Result<Edits> edits_in(const DocumentEdits& document, const Wish& wish) {
  switch (wish.action) {
    case Action::replace: return document.replace(wish.place, wish.text);
    case Action::quote: return document.quote(wish.place);
    case Action::append: return document.append(wish.place, wish.text);
    case Action::insert_item: return document.insert_item(wish.place, wish.text);
    case Action::insert_entry: return document.insert_entry(wish.place, wish.key, wish.text);
    case Action::remove: return document.remove(wish.place);
    case Action::merge: return document.merge_duplicate(wish.place);
    case Action::move: return document.move_item(wish.place, wish.before);
  }
  return Error{Fault::malformed, "no such action"};
}

}  // namespace

std::string_view to_string(Action action) { return kActions[static_cast<std::size_t>(action)]; }

std::optional<Action> parse_action(std::string_view text) {
  const auto found = std::find(kActions.begin(), kActions.end(), text);
  if (found == kActions.end()) return std::nullopt;
  return static_cast<Action>(found - kActions.begin());
}

bool takes_text(Action action) {
  return action == Action::replace || action == Action::append || action == Action::insert_item || action == Action::insert_entry;
}

Result<Edits> edits_for(std::string_view path, std::string_view bytes, const Wish& wish) {
  const auto syntax = syntax_of(path);
  if (wish.place.end > bytes.size()) return Error{Fault::malformed, "the file has changed since it was read"};
  if (const auto* tree = std::get_if<Syntax>(&syntax)) {
    const formats::Document document = parse(bytes, *tree);
    if (document.problem()) return Error{Fault::malformed, "the file does not parse"};
    return edits_in(DocumentEdits(document, *tree), wish);
  }
  if (wish.action == Action::replace) return replace_word(bytes, std::get<WordSyntax>(syntax), wish.place, wish.text);
  if (wish.action == Action::append) return Edits{{{wish.place.end, wish.place.end}, wish.text}};
  return Error{Fault::malformed, "that is done in YAML and JSON only"};
}

std::optional<std::string> harm_of(std::string_view path, std::string_view bytes, const std::vector<Edits>& lists) {
  const auto syntax = syntax_of(path);
  const auto* tree = std::get_if<Syntax>(&syntax);
  if (tree == nullptr) return std::nullopt;
  const formats::Document document = parse(bytes, *tree);
  const ValueTokens before = tokens_of(document);
  std::vector<ValueChange> changes;
  Edits all;
  for (const Edits& edits : lists) {
    if (edits.empty()) continue;
    const std::string text = applied(bytes, edits);
    changes.push_back(difference(before, tokens_of(parse(text, *tree))));
    if (auto merged = merge(all, edits); !merged) return merged.error().message;
  }
  std::sort(changes.begin(), changes.end(), [](const ValueChange& a, const ValueChange& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < changes.size(); ++i)
    if (changes[i].begin < changes[i - 1].end) return "two fixes change the same value";
  const std::string text = applied(bytes, all);
  const formats::Document after = parse(text, *tree);
  if (after.problem()) return "the file would not parse any more: " + after.problem()->message;
  if (tokens_of(after) != changed(before, changes)) return "together the fixes would change another value too";
  return std::nullopt;
}

}  // namespace trueup::fixes
