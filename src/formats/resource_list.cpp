#include "formats/resource_list.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/json.hpp"
#include "formats/scalar_types.hpp"
#include "formats/yaml.hpp"

namespace trueup::formats {
namespace {

/// Walks over JSON by brackets and quotes.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }
  char peek() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }
  std::size_t position() const { return at_; }
  std::string_view since(std::size_t begin) const { return text_.substr(begin, at_ - begin); }

  /// A string with its quotes, escapes as written.
  bool take_string(std::string_view& written) {
    if (peek() != '"') return false;
    const std::size_t begin = at_++;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') ++at_;
      else if (text_[at_] == '"') {
        ++at_;
        written = since(begin);
        return true;
      }
    }
    at_ = text_.size();
    return false;
  }

  /// Any value, to its end.
  bool skip_value() {
    std::string_view ignored;
    std::size_t depth = 0;
    do {
      const char c = peek();
      if (c == '\0') return false;
      if (c == '"') {
        if (!take_string(ignored)) return false;
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        if (depth == 0) return false;
        --depth;
        ++at_;
      } else if (depth > 0) {
        while (at_ < text_.size() && !is_bracket_or_quote(text_[at_])) ++at_;
      } else {
        const std::size_t end = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
        if (end == at_) return false;
        at_ = end;
      }
    } while (depth > 0);
    return true;
  }

  /// Calls `use(key)` at each value of the object at hand; it must pass over the value.
  template <typename Use>
  bool object(Use use) {
    if (!take('{')) return false;
    if (take('}')) return true;
    do {
      std::string_view key;
      if (!take_string(key) || !take(':') || !use(key.substr(1, key.size() - 2))) return false;
    } while (take(','));
    return take('}');
  }

 private:
  // find_first_of() calls memchr for every byte.
  static bool is_bracket_or_quote(char c) { return c == '"' || c == '{' || c == '}' || c == '[' || c == ']'; }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class ListReader {
 public:
  explicit ListReader(std::string_view text) : text_(text), cursor_(text) {}

  Result<ResourceList> read() {
    do {
      const bool ok = cursor_.peek() == '[' ? array() : object();
      if (!ok) return fault();
    } while (!cursor_.at_end());
    return std::move(list_);
  }

 private:
  Error fault() {
    const std::size_t at = std::min(cursor_.position(), text_.size());
    const auto begin = static_cast<std::uint32_t>(at);
    if (at >= text_.size()) return {Fault::malformed, "it ends in the middle", ByteRange{begin, begin}};
    if (trim(text_).starts_with('<')) return {Fault::malformed, "it is a web page", ByteRange{begin, begin + 1}};
    return {Fault::malformed, "it is no JSON with objects of an API", ByteRange{begin, begin + 1}};
  }

  bool array() {
    list_.is_list = true;
    if (!cursor_.take('[')) return false;
    if (cursor_.take(']')) return true;
    do {
      if (!element()) return false;
    } while (cursor_.take(','));
    return cursor_.take(']');
  }

  /// An object, without its managed fields.
  bool element() {
    if (cursor_.peek() != '{') return false;
    const std::size_t begin = cursor_.position();
    std::pair<std::size_t, std::size_t> managed{0, 0};
    std::string_view kind;
    const bool whole = cursor_.object([&](std::string_view key) {
      if (key == "kind" && cursor_.peek() == '"') return cursor_.take_string(kind);
      return key == "metadata" && cursor_.peek() == '{' ? metadata(managed, nullptr) : cursor_.skip_value();
    });
    if (whole) add(kind, begin, managed);
    return whole;
  }

  bool metadata(std::pair<std::size_t, std::size_t>& managed, std::string_view* continue_token) {
    return cursor_.object([&](std::string_view key) {
      cursor_.peek();  // to the value
      const std::size_t begin = cursor_.position();
      if (!cursor_.skip_value()) return false;
      if (key == "managedFields") managed = {begin, cursor_.position()};
      if (key == "continue" && continue_token != nullptr) *continue_token = cursor_.since(begin);
      return true;
    });
  }

  /// A list, or an object that is alone.
  bool object() {
    cursor_.peek();
    const std::size_t begin = cursor_.position();
    std::pair<std::size_t, std::size_t> managed{0, 0};
    std::string_view continue_token, kind;
    bool holds_items = false;
    const bool whole = cursor_.object([&](std::string_view key) {
      const char next = cursor_.peek();
      if (key == "items" && (next == '[' || next == 'n')) {
        holds_items = true;
        return next == '[' ? array() : cursor_.skip_value();
      }
      if (key == "kind" && next == '"') return cursor_.take_string(kind);
      return key == "metadata" && next == '{' ? metadata(managed, &continue_token) : cursor_.skip_value();
    });
    if (!whole) return false;
    if (!holds_items) {
      add(kind, begin, managed);
      return true;
    }
    list_.is_list = true;
    list_.continue_token.clear();
    if (continue_token.size() > 2) {
      const Document token = parse_json(continue_token);
      list_.continue_token = token.text(token.root()).value_or("");
    }
    return true;
  }

  void add(std::string_view quoted_kind, std::size_t begin, std::pair<std::size_t, std::size_t> managed) {
    const std::string_view kind = quoted_kind.size() < 2 ? quoted_kind : quoted_kind.substr(1, quoted_kind.size() - 2);
    list_.items.push_back({std::string(kind), without(begin, managed)});
  }

  /// The object that began at `begin` and ends here.
  std::string without(std::size_t begin, std::pair<std::size_t, std::size_t> managed) const {
    const std::string_view whole = cursor_.since(begin);
    if (managed.second == 0) return std::string(whole);
    std::string text;
    text.reserve(whole.size() - (managed.second - managed.first) + 2);
    text.append(whole.substr(0, managed.first - begin)).append("[]").append(whole.substr(managed.second - begin));
    return text;
  }

  std::string_view text_;
  JsonCursor cursor_;
  ResourceList list_;
};

/// Writes nodes as JSON.
class JsonWriter {
 public:
  explicit JsonWriter(const Document& document) : document_(document) {}

  bool write(NodeIndex node) {
    // Through aliases a small file may be deep and endless.
    if (++visits_ > limits::kMaxNodes || depth_ > limits::kMaxDepth || out.size() > limits::kMaxRowTextBytes) return false;
    node = document_.resolved(node);
    if (document_.is_mapping(node)) return collection(node, '{', '}');
    if (document_.is_sequence(node)) return collection(node, '[', ']');
    scalar(document_[node]);
    return true;
  }

  std::string out;

 private:
  bool collection(NodeIndex node, char open, char close) {
    out += open;
    ++depth_;
    bool first = true;
    for (const NodeIndex child : document_.children(node)) {
      if (!first) out += ',';
      first = false;
      if (open == '{') {
        string(document_[document_[child].key].value);
        out += ':';
      }
      if (!write(child)) return false;
    }
    out += close;
    --depth_;
    return true;
  }

  void scalar(const Node& node) {
    switch (type_as_helm(node.value, node.style, node.tag)) {
      case ScalarType::null: out += "null"; return;
      case ScalarType::boolean: out += helm_string(node.value, node.style, node.tag); return;
      case ScalarType::integer:
      case ScalarType::floating:
        // A number in JSON's own spelling stays as it is; others (0x1F, 1_000) as they are meant.
        if (const std::string text = is_json_number(node.value) ? std::string(node.value)
                                                                : helm_string(node.value, node.style, node.tag);
            is_json_number(text))
          out += text;
        else
          string(text);
        return;
      case ScalarType::string: break;
    }
    string(node.value);
  }

  static bool is_json_number(std::string_view text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const auto digits = [&] {
      const std::size_t begin = at;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
      return at - begin;
    };
    const std::size_t first = at, whole = digits();
    if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
    if (at < text.size() && text[at] == '.') {
      ++at;
      if (digits() == 0) return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
      ++at;
      if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
      if (digits() == 0) return false;
    }
    return at == text.size();
  }

  void string(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        out += "\\u00";
        out += kHex[static_cast<unsigned char>(c) >> 4];
        out += kHex[static_cast<unsigned char>(c) & 15];
      } else {
        out += c;
      }
    }
    out += '"';
  }

  const Document& document_;
  std::uint32_t visits_ = 0, depth_ = 0;
};

}  // namespace

Result<ResourceList> split_json_resources(std::string_view text) { return ListReader(text).read(); }

Result<ResourceList> split_resources(std::string_view text) {
  std::string_view begin = text.substr(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
  begin = trim(begin.substr(0, 4096));
  if (begin.starts_with('{') || begin.starts_with('[') || begin.starts_with('<')) return split_json_resources(text);
  const Document document = parse_yaml(text);
  if (document.problem()) return Error{document.problem()->fault, document.problem()->message, document.problem()->at};
  ResourceList list;
  for (const NodeIndex root : document.roots()) {
    if (!document.is_mapping(root) && !document.is_sequence(root)) {
      if (document.text(root).value_or("").empty()) continue;  // nothing between two `---`
      return Error{Fault::malformed, "it holds no objects of an API", document[root].span};
    }
    JsonWriter writer(document);
    if (!writer.write(root)) return Error{Fault::over_limit, "its aliases multiply what it holds"};
    auto part = split_json_resources(writer.out);
    if (!part) return std::move(part).error();
    list.is_list = list.is_list || part->is_list;
    list.continue_token = std::move(part->continue_token);
    std::move(part->items.begin(), part->items.end(), std::back_inserter(list.items));
  }
  if (list.items.empty() && !list.is_list) return Error{Fault::malformed, "it is empty"};
  return list;
}

}  // namespace trueup::formats
