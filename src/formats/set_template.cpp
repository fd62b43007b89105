#include "formats/set_template.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr int kMaxDepth = 20;

using Known = std::optional<SetParameter>;

/// `path.basename`, `path[0]`, `values.x` in the plain language: keys may hold dots themselves, so the longest one wins.
const SetParameter* find_path(const SetParameter& at, std::string_view name, int depth = 0) {
  if (name.empty()) return &at;
  if (depth > kMaxDepth) return nullptr;
  if (name.front() == '[') {
    const std::size_t close = name.find(']');
    std::size_t index = 0;
    // {{path[0]}} is a part of {{path}}.
    const SetParameter* const list = at.kind == SetParameter::Kind::list ? &at : at.find("segments");
    if (close == name.npos || list == nullptr ||
        std::from_chars(name.data() + 1, name.data() + close, index).ptr != name.data() + close || index >= list->entries.size())
      return nullptr;
    name.remove_prefix(close + 1);
    if (name.starts_with('.')) name.remove_prefix(1);
    return find_path(list->entries[index].second, name, depth + 1);
  }
  for (std::size_t end = name.size();; end = name.find_last_of(".[", end - 1)) {
    if (end == name.npos || end == 0) return nullptr;
    if (const SetParameter* value = at.find(name.substr(0, end))) {
      const std::string_view rest = name.substr(end + (end < name.size() && name[end] == '.' ? 1 : 0));
      if (const SetParameter* found = find_path(*value, rest, depth + 1)) return found;
    }
  }
}

/// One `{{ … }}` of the Go language.
class Pipeline {
 public:
  Pipeline(std::string_view text, const SetParameter& dot) : rest_(text), dot_(dot) {}

  std::optional<std::string> run() {
    Known value = read_command(std::nullopt);
    skip_blanks();
    while (value && rest_.starts_with('|')) {
      rest_.remove_prefix(1);
      value = read_command(std::move(value));
      skip_blanks();
    }
    if (!value || !rest_.empty() || value->kind != SetParameter::Kind::text) return std::nullopt;
    return value->text;
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\n')) rest_.remove_prefix(1);
  }

  Known read_command(Known piped) {
    skip_blanks();
    std::size_t end = 0;
    while (end < rest_.size() && ((rest_[end] >= 'a' && rest_[end] <= 'z') || (rest_[end] >= 'A' && rest_[end] <= 'Z'))) ++end;
    if (end == 0) return piped ? std::nullopt : read_operand();
    const std::string_view name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    std::vector<Known> arguments;
    for (skip_blanks(); !rest_.empty() && rest_.front() != '|' && rest_.front() != ')'; skip_blanks()) {
      const std::size_t before = rest_.size();
      arguments.push_back(read_operand());
      if (rest_.size() == before || arguments.size() > 10) return std::nullopt;
    }
    if (piped) arguments.push_back(std::move(piped));
    return call(name, arguments);
  }

  Known read_operand() {
    skip_blanks();
    if (rest_.empty()) return std::nullopt;
    const char first = rest_.front();
    if (first == '"' || first == '`') return read_text(first);
    if (first == '(') {
      if (++depth_ > kMaxDepth) return std::nullopt;
      rest_.remove_prefix(1);
      Known value = read_command(std::nullopt);
      skip_blanks();
      while (value && rest_.starts_with('|')) {
        rest_.remove_prefix(1);
        value = read_command(std::move(value));
        skip_blanks();
      }
      if (!rest_.starts_with(')')) return std::nullopt;
      rest_.remove_prefix(1);
      return value;
    }
    if (first == '.') return read_field();
    const std::size_t end = std::min(rest_.find_first_not_of("0123456789-"), rest_.size());
    if (end == 0) return std::nullopt;
    Known number = SetParameter::of(std::string(rest_.substr(0, end)));
    rest_.remove_prefix(end);
    return number;
  }

  Known read_text(char quote) {
    std::string text;
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      char c = rest_[at];
      if (c == quote) {
        rest_.remove_prefix(at + 1);
        return SetParameter::of(std::move(text));
      }
      if (c == '\\' && quote == '"') {
        if (++at >= rest_.size()) break;
        c = rest_[at] == 'n' ? '\n' : rest_[at] == 't' ? '\t' : rest_[at];
      }
      text += c;
    }
    return std::nullopt;
  }

  Known read_field() {
    const SetParameter* value = &dot_;
    bool found = true;
    while (rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      std::size_t end = 0;
      while (end < rest_.size() && (std::isalnum(static_cast<unsigned char>(rest_[end])) != 0 || rest_[end] == '_')) ++end;
      if (end == 0) continue;  // the dot itself
      const SetParameter* child = found ? value->find(rest_.substr(0, end)) : nullptr;
      found = child != nullptr;
      if (found) value = child;
      rest_.remove_prefix(end);
    }
    return found ? Known(*value) : missing();
  }

  /// Only `default` can do something with it.
  Known missing() {
    SetParameter none;
    none.kind = SetParameter::Kind::mapping;
    none.entries.emplace_back("missing", SetParameter{});
    none.text = "missing";
    return none;
  }
  static bool is_missing(const SetParameter& value) { return value.kind == SetParameter::Kind::mapping && value.text == "missing"; }

  static Known call(std::string_view name, const std::vector<Known>& arguments) {
    for (const Known& argument : arguments)
      if (!argument) return std::nullopt;
    if (name == "default" && arguments.size() == 2) {
      const SetParameter& given = *arguments[1];
      const bool empty = is_missing(given) || (given.kind == SetParameter::Kind::text ? given.text.empty() || given.text == "false" || given.text == "0"
                                                                                       : given.entries.empty());
      return empty ? arguments[0] : arguments[1];
    }
    for (const Known& argument : arguments)
      if (is_missing(*argument)) return std::nullopt;
    if (name == "index" && arguments.size() >= 2) return at_index(arguments);
    for (const Known& argument : arguments)
      if (argument->kind != SetParameter::Kind::text) return std::nullopt;
    if (arguments.size() == 1) {
      const std::string& text = arguments[0]->text;
      if (name == "lower") return SetParameter::of(ascii_lower(text));
      if (name == "trim") return SetParameter::of(std::string(trim(text)));
      if (name == "squote") return SetParameter::of("'" + text + "'");
      if (name == "quote") return text.find_first_of("\"\\\n") == text.npos ? Known(SetParameter::of('"' + text + '"')) : std::nullopt;
      if (name == "upper") {
        std::string upper = text;
        std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        return SetParameter::of(std::move(upper));
      }
    }
    if (name == "trunc" && arguments.size() == 2) return truncated(arguments[0]->text, arguments[1]->text);
    if (name == "replace" && arguments.size() == 3 && !arguments[0]->text.empty() &&
        (arguments[1]->text.size() + 1) * arguments[2]->text.size() <= kMaxFilledBytes)
      return SetParameter::of(replace_all(arguments[2]->text, arguments[0]->text, arguments[1]->text));
    return std::nullopt;
  }

  static Known truncated(const std::string& length, const std::string& text) {
    int count = 0;
    if (std::from_chars(length.data(), length.data() + length.size(), count).ptr != length.data() + length.size()) return std::nullopt;
    const auto size = static_cast<int>(text.size());
    if (count >= 0) return SetParameter::of(text.substr(0, static_cast<std::size_t>(std::min(count, size))));
    return SetParameter::of(text.substr(static_cast<std::size_t>(std::max(0, size + count))));
  }

  static Known at_index(const std::vector<Known>& arguments) {
    const SetParameter* value = &*arguments[0];
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      if (arguments[i]->kind != SetParameter::Kind::text) return std::nullopt;
      const std::string& key = arguments[i]->text;
      if (value->kind == SetParameter::Kind::list) {
        std::size_t index = 0;
        if (std::from_chars(key.data(), key.data() + key.size(), index).ptr != key.data() + key.size() || index >= value->entries.size()) return std::nullopt;
        value = &value->entries[index].second;
      } else if (value = value->find(key); value == nullptr) {
        return std::nullopt;
      }
    }
    return *value;
  }

  std::string_view rest_;
  const SetParameter& dot_;
  int depth_ = 0;
};

std::string_view without_right_blanks(std::string_view text) {
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  return text.substr(0, end == text.npos ? 0 : end + 1);
}

}  // namespace

const SetParameter* SetParameter::find(std::string_view key) const {
  if (kind != Kind::mapping) return nullptr;
  const auto found = std::ranges::find(entries, key, [](const auto& entry) { return std::string_view(entry.first); });
  return found == entries.end() ? nullptr : &found->second;
}

void SetParameter::set(std::string_view key, SetParameter value) {
  kind = Kind::mapping;
  for (auto& [known, held] : entries) {
    if (known != key) continue;
    held = std::move(value);
    return;
  }
  entries.emplace_back(key, std::move(value));
}

std::string fill_set_template(std::string_view text, const SetParameter& parameters, bool go_template) {
  std::string filled;
  std::size_t at = 0;
  for (std::size_t open = text.find("{{"); open != text.npos; open = text.find("{{", at)) {
    const std::size_t close = text.find("}}", open);
    if (close == text.npos) break;
    std::string_view inside = text.substr(open + 2, close - open - 2), before = text.substr(at, open - at), after = text.substr(close + 2);
    std::optional<std::string> value;
    if (go_template) {
      const bool left = inside.starts_with("- "), right = inside.ends_with(" -");
      if (left) inside.remove_prefix(1);
      if (right) inside.remove_suffix(1);
      value = Pipeline(trim(inside), parameters).run();
      if (value && left) before = without_right_blanks(before);
      if (value && right) after.remove_prefix(std::min(after.find_first_not_of(" \t\r\n"), after.size()));
    } else if (const SetParameter* found = find_path(parameters, trim(inside)); found != nullptr && (found->kind == SetParameter::Kind::text || !found->text.empty())) {
      value = found->text;
    }
    filled += before;
    if (value)
      filled += *value;
    else
      filled += text.substr(open, close + 2 - open);
    at = value ? text.size() - after.size() : close + 2;
    if (filled.size() > kMaxFilledBytes) return std::string(text);
  }
  filled += text.substr(at);
  return filled;
}

}  // namespace trueup::formats
