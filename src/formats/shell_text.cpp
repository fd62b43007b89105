#include "formats/shell_text.hpp"

#include <algorithm>

namespace trueup::formats {

ShellText::ShellText(const ShellWord& word) {
  for (const WordPart& part : word.parts) append(part);
}

std::optional<std::string> ShellText::constant() const {
  if (has_holes()) return std::nullopt;
  return bytes_;
}

void ShellText::append(char byte, ByteRange place) {
  bytes_ += byte;
  places_.push_back(place);
  hole_of_.push_back(-1);
}

void ShellText::append(const WordPart& part) {
  if (part.kind != WordPartKind::text) {
    append(kHole, part.range);
    hole_of_.back() = static_cast<std::int32_t>(holes_.size());
    holes_.push_back(part);
    return;
  }
  const bool linear = part.text.size() == part.range.size();
  for (std::uint32_t i = 0; i < part.text.size(); ++i) {
    append(part.text[i], linear ? ByteRange{part.range.begin + i, part.range.begin + i + 1} : part.range);
  }
}

void ShellText::append(const ShellText& more) {
  const auto shift = static_cast<std::int32_t>(holes_.size());
  bytes_ += more.bytes_;
  places_.insert(places_.end(), more.places_.begin(), more.places_.end());
  for (const std::int32_t hole : more.hole_of_) hole_of_.push_back(hole < 0 ? hole : hole + shift);
  holes_.insert(holes_.end(), more.holes_.begin(), more.holes_.end());
}

ShellText ShellText::cut(std::size_t begin, std::size_t end) const {
  ShellText text;
  end = std::min(end, size());
  for (std::size_t i = begin; i < end; ++i) {
    if (is_hole(i)) {
      text.append(hole(i));
    } else {
      text.append(bytes_[i], places_[i]);
    }
  }
  return text;
}

std::vector<ShellText> ShellText::lines() const {
  std::vector<ShellText> lines;
  for (std::size_t at = 0; at < size();) {
    const std::size_t end = std::min(bytes_.find('\n', at), size());
    lines.push_back(cut(at, end));
    at = end + 1;
  }
  return lines;
}

ShellText ShellText::without_final_newlines() const {
  std::size_t end = size();
  while (end > 0 && bytes_[end - 1] == '\n') --end;
  return cut(0, end);
}

ByteRange ShellText::range() const {
  if (empty()) return {};
  ByteRange range = places_.front();
  for (std::size_t i = 1; i < size(); ++i) {
    // Quotes and backslashes between pieces are few bytes; anything further is another place.
    if (places_[i].begin < range.begin || places_[i].begin > range.end + 8) break;
    range.end = std::max(range.end, places_[i].end);
  }
  return range;
}

ShellWord ShellText::word() const {
  ShellWord word;
  word.range = range();
  for (std::size_t i = 0; i < size(); ++i) {
    if (is_hole(i)) {
      word.parts.push_back(hole(i));
      continue;
    }
    const bool single = places_[i].size() == 1;
    WordPart* last = word.parts.empty() ? nullptr : &word.parts.back();
    if (single && last && last->kind == WordPartKind::text && last->range.end == places_[i].begin &&
        last->range.size() == last->text.size()) {
      last->text += bytes_[i];
      last->range.end = places_[i].end;
      continue;
    }
    WordPart part;
    part.quoted = true;
    part.text = bytes_[i];
    part.range = places_[i];
    word.parts.push_back(std::move(part));
  }
  return word;
}

std::string ShellText::signature() const {
  std::string text;
  for (std::size_t i = 0; i < size(); ++i) {
    text += bytes_[i];
    if (is_hole(i)) text += std::to_string(static_cast<int>(hole(i).kind)) + hole(i).text + kHole;
  }
  return text;
}

ShellText unescaped(const ShellText& text) {
  static constexpr std::string_view kNames = "abefnrtv\\\"'", kValues = "\a\b\x1b\f\n\r\t\v\\\"'";
  ShellText result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && !text.is_hole(i) && i + 1 < text.size() && !text.is_hole(i + 1);
    const std::size_t name = escape ? kNames.find(text[i + 1]) : kNames.npos;
    if (name != kNames.npos) {
      const ByteRange first = text.place(i), second = text.place(i + 1);
      result.append(kValues[name], {std::min(first.begin, second.begin), std::max(first.end, second.end)});
      ++i;
    } else if (text.is_hole(i)) {
      result.append(text.hole(i));
    } else {
      result.append(text[i], text.place(i));
    }
  }
  return result;
}

const ShellJson* ShellJson::find(std::string_view key) const {
  const ShellJson* found = nullptr;
  for (const Member& member : members) {
    if (member.key == key) found = &member.value;  // the last one wins, as in every JSON reader
  }
  return found;
}

namespace {

constexpr int kMaxJsonDepth = 20;

class JsonReader {
 public:
  JsonReader(const ShellText& text, JsonDialect dialect) : text_(text), jq_(dialect == JsonDialect::jq) {}

  std::optional<ShellJson> read() {
    skip_space();
    if (!at('{')) return std::nullopt;
    ShellJson value = object(0);
    skip_space();
    if (broken_ || at_ < text_.size()) return std::nullopt;
    return value;
  }

 private:
  bool end() const { return at_ >= text_.size(); }
  bool hole() const { return !end() && text_.is_hole(at_); }
  bool at(char c) const { return !end() && !hole() && text_[at_] == c; }
  bool at_any(std::string_view set) const { return !end() && !hole() && set.find(text_[at_]) != set.npos; }
  bool at_name(bool first) const {
    if (end() || hole()) return false;
    const char c = text_[at_];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (!first && c >= '0' && c <= '9');
  }
  void skip_space() {
    while (at_any(" \t\r\n")) ++at_;
  }

  ShellJson object(int depth) {
    ShellJson value;
    value.kind = ShellJson::Kind::object;
    ++at_;
    while (!broken_) {
      skip_space();
      if (at('}')) {
        ++at_;
        return value;
      }
      member(value, depth);
      skip_space();
      if (at(',')) {
        ++at_;
      } else if (hole()) {
        value.complete = false;  // may be `, "more": 1`
        ++at_;
      } else if (!at('}')) {
        broken_ = true;
      }
    }
    return value;
  }

  void member(ShellJson& into, int depth) {
    std::optional<ShellText> key;
    bool variable = false;
    if (at('"')) {
      key = string();
    } else if (hole()) {
      ++at_;
      skip_space();
      if (!at(':')) {
        into.complete = false;
        return;
      }
    } else if (jq_ && (at('$') || at_name(true))) {
      variable = at('$');
      if (variable) ++at_;
      key = name();
    } else if (jq_ && at('(')) {
      skip_balanced();
    } else {
      broken_ = true;
      return;
    }
    skip_space();
    ShellJson value;
    if (at(':')) {
      ++at_;
      value = this->value(depth);
    } else if (jq_ && key) {
      value.kind = variable ? ShellJson::Kind::variable : ShellJson::Kind::unknown;
      value.text = *key;
    } else {
      broken_ = true;
    }
    if (value.kind == ShellJson::Kind::unknown && !value.complete) into.complete = false;
    const auto constant = key ? key->constant() : std::nullopt;
    if (!constant) {
      into.complete = false;
      return;
    }
    into.members.push_back({*constant, key->range(), std::move(value)});
  }

  ShellJson value(int depth) {
    skip_space();
    ShellJson value;
    value.kind = ShellJson::Kind::other;
    const std::size_t start = at_;
    if (at('"')) {
      value.text = string();
      value.kind = ShellJson::Kind::string;
    } else if (at('{') && depth < kMaxJsonDepth) {
      value = object(depth + 1);
    } else if (jq_ && at('$')) {
      ++at_;
      value.text = name();
      value.kind = ShellJson::Kind::variable;
    } else if (at_any("[{")) {
      skip_balanced();
    } else {
      while (!end() && !hole() && !at_any(",}]) \t\r\n\"")) ++at_;
    }
    skip_space();
    const bool closed = value.kind != ShellJson::Kind::other;  // in JSON nothing can follow a string or an object
    if (broken_ || at_any(",}") || (closed && !jq_)) return value;
    // More follows: `${{ a }}`, in jq an expression. The hole in `1${X}` may hold more members.
    const bool may_end = !jq_ && hole() && at_ > start;
    while (!broken_ && !end() && !at_any(",}")) {
      if (at_any("[{(\"")) {
        broken_ = broken_ || !jq_;
        skip_balanced();
      } else {
        broken_ = broken_ || at_any(")]");
        ++at_;
      }
    }
    ShellJson unknown;
    unknown.complete = !may_end;
    return unknown;
  }

  /// A string, quotes taken off and escapes undone.
  ShellText string() {
    ShellText text;
    ++at_;
    while (!end() && !at('"')) {
      if (hole()) {
        text.append(text_.hole(at_++));
      } else if (at('\\') && at_ + 1 < text_.size() && !text_.is_hole(at_ + 1)) {
        escape(text);
      } else {
        text.append(text_[at_], text_.place(at_));
        ++at_;
      }
    }
    if (end()) broken_ = true;
    ++at_;
    return text;
  }
  void escape(ShellText& into) {
    static constexpr std::string_view kNames = "bfnrt\"\\/", kValues = "\b\f\n\r\t\"\\/";
    const char c = text_[at_ + 1];
    const ByteRange place{text_.place(at_).begin, std::max(text_.place(at_).end, text_.place(at_ + 1).end)};
    const std::size_t name = kNames.find(c);
    if (name != kNames.npos) {
      into.append(kValues[name], place);
    } else if (jq_ && c == '(') {  // "\(expression)"
      WordPart unknown;
      unknown.kind = WordPartKind::command;
      unknown.range = place;
      into.append(unknown);
      ++at_;
      skip_balanced();
      return;
    } else {
      into.append('\\', text_.place(at_));
      into.append(c, text_.place(at_ + 1));
    }
    at_ += 2;
  }
  ShellText name() {
    const std::size_t start = at_;
    while (at_name(at_ == start)) ++at_;
    if (at_ == start) broken_ = true;
    return text_.cut(start, at_);
  }
  /// From an opening bracket or quote to its end.
  void skip_balanced() {
    std::size_t open = 0;
    do {
      if (at('"')) {
        (void)string();
        continue;
      }
      if (at_any("[{(")) ++open;
      if (at_any("]})")) --open;
      ++at_;
    } while (!broken_ && !end() && open > 0);
    if (open > 0) broken_ = true;
  }

  const ShellText& text_;
  bool jq_;
  std::size_t at_ = 0;
  bool broken_ = false;
};

}  // namespace

std::optional<ShellJson> read_shell_json(const ShellText& text, JsonDialect dialect) {
  return JsonReader(text, dialect).read();
}

}  // namespace trueup::formats
