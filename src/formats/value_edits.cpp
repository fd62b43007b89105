#include "formats/value_edits.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

using Kind = TemplateEdit::Kind;

constexpr std::uint32_t kMostBytes = 4000;

ValueChange edit_of(Kind kind, std::string from = "", std::string to = "", std::uint32_t count = 0) {
  return {ValueChange::Kind::edit, {kind, std::move(from), std::move(to), count}, ""};
}

std::optional<std::uint32_t> number_of(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > 4 || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
  std::uint32_t number = 0;
  for (const char c : text) number = number * 10 + static_cast<std::uint32_t>(c - '0');
  return number;
}

std::string range(char first, char last) {
  std::string text;
  for (int c = first; c <= last; ++c) text += static_cast<char>(c);
  return text;
}

/// `[:upper:]` at the start of `text`; empty if it is none.
std::string named_class(std::string_view text, std::size_t& length) {
  static const std::array<std::pair<std::string_view, std::string>, 6> kClasses = {{
      {"[:upper:]", range('A', 'Z')},
      {"[:lower:]", range('a', 'z')},
      {"[:digit:]", range('0', '9')},
      {"[:alpha:]", range('A', 'Z') + range('a', 'z')},
      {"[:alnum:]", range('A', 'Z') + range('a', 'z') + range('0', '9')},
      {"[:space:]", " \t\r\n\v\f"},
  }};
  for (const auto& [name, members] : kClasses) {
    if (!text.starts_with(name)) continue;
    length = name.size();
    return members;
  }
  return {};
}

/// The characters of a set as tr writes it, and as it stands within `[ ]`. Nothing for escapes that are not plain.
std::optional<std::string> expanded_set(std::string_view text) {
  std::string set;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 0;
    if (const std::string members = named_class(text.substr(i), length); !members.empty()) {
      set += members;
      i += length;
      continue;
    }
    char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      c = text[++i];
      if (c == 'n') c = '\n';
      else if (c == 't') c = '\t';
      else if (c == 'r') c = '\r';
      else if (c >= '0' && c <= '9') return std::nullopt;
    }
    ++i;
    if (i + 1 < text.size() && text[i] == '-' && text[i + 1] != '\\' && text[i + 1] >= c) {
      set += range(c, text[i + 1]);
      i += 2;
    } else {
      set += c;
    }
    if (set.size() > kMostBytes) return std::nullopt;
  }
  return set;
}

/// A pattern that stands for one character: `x`, `\/`, `[a-z_]`, `[^a-z]`, a class with `+` or `*` behind it in sed.
struct OneCharacter {
  std::string from;
  bool negated = false, run = false;
};
std::optional<OneCharacter> one_character(std::string_view pattern, bool glob) {
  OneCharacter found;
  std::size_t end = 0;
  if (pattern.starts_with('[')) {
    std::size_t at = 1;
    found.negated = at < pattern.size() && (pattern[at] == '^' || (glob && pattern[at] == '!'));
    if (found.negated) ++at;
    end = at;
    while (end < pattern.size() && (pattern[end] != ']' || end == at)) {
      std::size_t length = 0;
      const bool named = !named_class(pattern.substr(end), length).empty();
      end += named ? length : 1;
    }
    if (end >= pattern.size()) return std::nullopt;
    const auto set = expanded_set(pattern.substr(at, end - at));
    if (!set) return std::nullopt;
    found.from = *set;
    ++end;
  } else if (pattern.starts_with('\\') && pattern.size() > 1) {
    if (std::string_view("/._-\\").find(pattern[1]) == std::string_view::npos) return std::nullopt;
    found.from = pattern[1];
    end = 2;
  } else if (!pattern.empty() && std::string_view(glob ? "*?" : ".*^$").find(pattern.front()) == std::string_view::npos) {
    found.from = pattern.front();
    end = 1;
  } else {
    return std::nullopt;
  }
  const std::string_view rest = pattern.substr(end);
  if (!glob && (rest == "\\+" || rest == "+")) found.run = true;
  else if (!rest.empty()) return std::nullopt;
  return found;
}

bool is_plain(std::string_view text) { return text.find_first_of("*?[]^$\\.") == text.npos; }

/// `s/from/to/g`; other commands of sed, and patterns of more than a character, are not understood.
std::optional<ValueChanges> sed_command(std::string_view command) {
  if (command.size() < 4 || command[0] != 's') return std::nullopt;
  const char mark = command[1];
  std::array<std::string, 2> fields;
  std::size_t at = 2;
  for (std::string& field : fields) {
    bool in_set = false;
    while (at < command.size() && (command[at] != mark || in_set)) {
      if (command[at] == '\\' && at + 1 < command.size()) {
        if (command[at + 1] != mark || mark == '/') field += '\\';
        field += command[at + 1];
        at += 2;
        continue;
      }
      if (&field == &fields[0] && command[at] == '[') in_set = true;
      else if (command[at] == ']' && in_set && field.back() != '[') in_set = false;
      field += command[at++];
    }
    if (at++ >= command.size()) return std::nullopt;
  }
  const auto& [from, to] = fields;
  const std::string_view flags = command.substr(std::min(at, command.size()));
  if (from == ".*" && (to == "\\L&" || to == "\\L\\0")) return ValueChanges{edit_of(Kind::lower)};
  if (to.empty() && from.starts_with('^') && is_plain(replace_all(from.substr(1), "\\/", "/")))
    return ValueChanges{{ValueChange::Kind::prefix, {}, replace_all(from.substr(1), "\\/", "/")}};
  if (to.empty() && is_plain(replace_all(from, "\\/", "/")) && from.starts_with("refs"))
    return ValueChanges{{ValueChange::Kind::prefix, {}, replace_all(from, "\\/", "/")}};
  if (flags.find('g') == flags.npos || flags.find_first_not_of("gE") != flags.npos) return std::nullopt;
  const auto one = one_character(from, false);
  const std::string by = to == "\\/" || to == "\\-" || to == "\\." ? to.substr(1) : to;
  if (!one || by.find_first_of("\\&") != by.npos) return std::nullopt;
  ValueChange change = edit_of(Kind::replace, one->from, by);
  change.edit.negated = one->negated;
  change.edit.once_for_a_run = one->run;
  return ValueChanges{std::move(change)};
}

std::optional<ValueChanges> sed_changes(const std::vector<std::string>& arguments) {
  ValueChanges changes;
  bool seen = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "-e" || arguments[i] == "-E" || arguments[i] == "-r") continue;
    if (arguments[i].starts_with('-') || (seen && arguments[i - 1] != "-e")) return std::nullopt;
    for (const std::string_view command : split(arguments[i], ';')) {
      if (trim(command).empty()) continue;
      auto more = sed_command(trim(command));
      if (!more) return std::nullopt;
      changes.insert(changes.end(), more->begin(), more->end());
    }
    seen = true;
  }
  return seen ? std::optional(std::move(changes)) : std::nullopt;
}

std::optional<ValueChanges> tr_changes(const std::vector<std::string>& arguments) {
  bool complement = false, remove = false, squeeze = false;
  std::vector<std::string> sets;
  for (const std::string& argument : arguments) {
    if (argument.size() > 1 && argument.front() == '-' && argument.find_first_not_of("cCds", 1) == argument.npos && sets.empty()) {
      complement = complement || argument.find_first_of("cC") != argument.npos;
      remove = remove || argument.find('d') != argument.npos;
      squeeze = squeeze || argument.find('s') != argument.npos;
      continue;
    }
    const bool bracketed = argument.size() > 4 && argument.front() == '[' && argument.back() == ']' && argument[1] != ':';
    auto set = expanded_set(bracketed ? std::string_view(argument).substr(1, argument.size() - 2) : argument);
    if (!set || set->empty()) return std::nullopt;
    sets.push_back(*std::move(set));
  }
  if (remove ? sets.size() != 1 || squeeze : sets.size() != 2) return std::nullopt;
  if (remove || complement) {
    ValueChange change = edit_of(Kind::replace, sets[0], remove ? "" : std::string(1, sets[1].back()));
    change.edit.negated = complement;
    change.edit.once_for_a_run = squeeze;
    if (remove && !complement && sets[0].find_first_not_of("\r\n \t") == std::string::npos) return ValueChanges{};
    return ValueChanges{std::move(change)};
  }
  if (squeeze) return std::nullopt;
  if (sets[0] == range('A', 'Z') && sets[1] == range('a', 'z')) return ValueChanges{edit_of(Kind::lower)};
  std::map<char, std::string> by_target;
  for (std::size_t i = 0; i < sets[0].size(); ++i) {
    const char to = sets[1][std::min(i, sets[1].size() - 1)];
    if (to != sets[0][i]) by_target[to] += sets[0][i];
  }
  ValueChanges changes;
  for (const auto& [to, from] : by_target) {
    // tr changes all at once; one after the other is the same only where no result is changed again.
    for (const auto& [other, members] : by_target)
      if (other != to && members.find(to) != members.npos) return std::nullopt;
    changes.push_back(edit_of(Kind::replace, from, std::string(1, to)));
  }
  return changes;
}

/// The end N of a list of bytes 1-N.
std::optional<ValueChanges> first_bytes(std::string_view list) {
  if (list.starts_with("1-")) list.remove_prefix(2);
  else if (list.starts_with('-')) list.remove_prefix(1);
  else return std::nullopt;
  const auto count = number_of(list);
  if (!count) return std::nullopt;
  return ValueChanges{edit_of(Kind::first, "", "", *count)};
}

std::optional<ValueChanges> cut_changes(const std::vector<std::string>& arguments) {
  std::string joined = join(arguments, "");
  if (joined.starts_with("-c") || joined.starts_with("-b")) return first_bytes(std::string_view(joined).substr(2));
  if (joined == "-d/-f3-" || joined == "-f3--d/") return ValueChanges{{ValueChange::Kind::prefix, {}, "refs/heads/"}};
  return std::nullopt;
}

std::optional<ValueChanges> head_changes(const std::vector<std::string>& arguments) {
  const std::string joined = join(arguments, "");
  std::string_view count = joined;
  if (count.starts_with("-c")) count.remove_prefix(2);
  else if (count.starts_with("--bytes=")) count.remove_prefix(8);
  else if (count == "-1" || count == "-n1" || count.empty()) return ValueChanges{};  // a name is one line
  else return std::nullopt;
  return first_bytes("1-" + std::string(count));
}

}  // namespace

ValueTemplate changed(ValueTemplate value, const ValueChanges& changes) {
  for (const ValueChange& change : changes) {
    if (change.kind == ValueChange::Kind::prefix) value = without_prefix(std::move(value), change.text);
    else if (change.kind == ValueChange::Kind::suffix) value = without_suffix(std::move(value), change.text);
    else value = edited(std::move(value), change.edit);
  }
  return value;
}

std::optional<ValueChanges> expansion_changes(std::string_view operation) {
  if (operation.empty() || operation.starts_with(":?") || operation.starts_with('?')) return ValueChanges{};
  if (operation == ",,") return ValueChanges{edit_of(Kind::lower)};
  if (operation == "##*/") return ValueChanges{edit_of(Kind::base)};
  if (operation.starts_with(':')) {
    const std::size_t second = operation.find(':', 1);
    const std::string_view start = trim(operation.substr(1, second == operation.npos ? operation.npos : second - 1));
    if (second == operation.npos || !(start.empty() || start == "0")) return std::nullopt;
    const auto count = number_of(operation.substr(second + 1));
    if (!count) return std::nullopt;
    return ValueChanges{edit_of(Kind::first, "", "", *count)};
  }
  if (operation.starts_with('#') || operation.starts_with('%')) {
    const bool prefix = operation.front() == '#';
    operation.remove_prefix(operation.size() > 1 && operation[1] == operation[0] ? 2 : 1);
    if (!is_plain(replace_all(operation, ".", "")) || operation.find_first_of("$\"'") != operation.npos) return std::nullopt;
    return ValueChanges{{prefix ? ValueChange::Kind::prefix : ValueChange::Kind::suffix, {}, std::string(operation)}};
  }
  if (operation.starts_with("//")) {
    operation.remove_prefix(2);
    std::size_t slash = 0;
    bool in_set = false;
    for (; slash < operation.size() && (operation[slash] != '/' || in_set || slash == 0); ++slash) {
      if (operation[slash] == '\\') ++slash;
      else if (operation[slash] == '[') in_set = true;
      else if (operation[slash] == ']') in_set = false;
    }
    const auto one = one_character(operation.substr(0, std::min(slash, operation.size())), true);
    std::string_view to = slash < operation.size() ? operation.substr(slash + 1) : std::string_view();
    if (to.size() == 2 && to.front() == '\\') to.remove_prefix(1);
    if (!one || to.find_first_of("$`\\\"'&") != to.npos) return std::nullopt;
    ValueChange change = edit_of(Kind::replace, one->from, std::string(to));
    change.edit.negated = one->negated;
    return ValueChanges{std::move(change)};
  }
  return std::nullopt;
}

std::optional<ValueChanges> filter_changes(std::string_view program, const std::vector<std::string>& arguments) {
  if (program == "tr") return tr_changes(arguments);
  if (program == "sed") return sed_changes(arguments);
  if (program == "cut") return cut_changes(arguments);
  if (program == "head") return head_changes(arguments);
  if (program == "cat" && arguments.empty()) return ValueChanges{};
  return std::nullopt;
}

}  // namespace trueup::formats
