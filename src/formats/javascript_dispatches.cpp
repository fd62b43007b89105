#include "formats/javascript_dispatches.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"

/// JavaScript is cut into tokens, and calls are looked for among them: that is enough for literal arguments, and whatever
/// else stands there is computed. Regular expressions are told from divisions by the token before them.
namespace trueup::formats {
namespace {

enum class TokenKind : std::uint8_t { word, text, computed_text, number, mark };

struct Token {
  TokenKind kind = TokenKind::mark;
  ByteRange range;   ///< of a text without its quotes
  std::string text;  ///< decoded
};

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Tokens {
 public:
  explicit Tokens(std::string_view script) : script_(script) {}

  std::vector<Token> read() {
    while (at_ < script_.size()) step();
    return std::move(tokens_);
  }

 private:
  char look(std::size_t ahead = 0) const { return at_ + ahead < script_.size() ? script_[at_ + ahead] : '\0'; }

  void step() {
    const char c = look();
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at_;
    } else if (c == '/' && look(1) == '/') {
      at_ = std::min(script_.find('\n', at_), script_.size());
    } else if (c == '/' && look(1) == '*') {
      const std::size_t end = script_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? script_.size() : end + 2;
    } else if (c == '\'' || c == '"' || c == '`') {
      read_text(c);
    } else if (c == '/' && regex_may_stand()) {
      skip_regex();
    } else if (script_.substr(at_, 3) == "${{") {
      // GitHub puts any text there before the script is read.
      const std::size_t end = script_.find("}}", at_);
      push(TokenKind::computed_text, end == std::string_view::npos ? script_.size() : end + 2, {});
    } else if (is_word_byte(c)) {
      std::size_t end = at_;
      while (end < script_.size() && is_word_byte(script_[end]) && script_.substr(end, 3) != "${{") ++end;
      if (end == at_) ++end;
      push(c >= '0' && c <= '9' ? TokenKind::number : TokenKind::word, end, std::string(script_.substr(at_, end - at_)));
    } else if (script_.substr(at_, 3) == "...") {
      push(TokenKind::mark, at_ + 3, "...");
    } else {
      push(TokenKind::mark, at_ + 1, std::string(1, c));
    }
  }

  void push(TokenKind kind, std::size_t end, std::string text) {
    tokens_.push_back({kind, {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end)}, std::move(text)});
    at_ = end;
  }

  void read_text(char quote) {
    const std::size_t begin = ++at_;
    bool computed = false;
    std::string text;
    while (at_ < script_.size() && script_[at_] != quote && (quote == '`' || script_[at_] != '\n')) {
      if (script_[at_] == '\\') {
        const char next = look(1);
        if (std::string_view("'\"`\\/").find(next) == std::string_view::npos) computed = true;
        text += next;
        at_ = std::min(at_ + 2, script_.size());
        continue;
      }
      computed = computed || script_.substr(at_, 3) == "${{" || (quote == '`' && script_.substr(at_, 2) == "${");
      text += script_[at_++];
    }
    const ByteRange range{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
    tokens_.push_back({computed ? TokenKind::computed_text : TokenKind::text, range, std::move(text)});
    if (at_ < script_.size()) ++at_;
  }

  bool regex_may_stand() const {
    if (tokens_.empty()) return true;
    const Token& before = tokens_.back();
    if (before.kind == TokenKind::word) return before.text == "return" || before.text == "typeof";
    return before.kind == TokenKind::mark && before.text != ")" && before.text != "]" && before.text != "}";
  }

  void skip_regex() {
    const std::size_t begin = at_++;
    bool in_class = false;
    for (; at_ < script_.size() && script_[at_] != '\n'; ++at_) {
      const char c = script_[at_];
      if (c == '\\') ++at_;
      else if (c == '[') in_class = true;
      else if (c == ']') in_class = false;
      else if (c == '/' && !in_class) break;
    }
    at_ = std::min(at_ + 1, script_.size());
    tokens_.push_back({TokenKind::number, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)}, {}});
  }

  std::string_view script_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

class CallReader {
 public:
  explicit CallReader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::vector<ScriptDispatch> read() {
    // What a call's arguments hold is not looked through again, so that the time grows with the length alone.
    for (std::size_t i = 0; i + 1 < tokens_.size();) {
      const Token& token = tokens_[i];
      if (token.kind == TokenKind::word && is(i + 1, "(") &&
          (token.text == "createDispatchEvent" || token.text == "createWorkflowDispatch"))
        i = read_call(token.range, token.text == "createWorkflowDispatch", i + 2);
      else if (token.kind == TokenKind::text && i > 0 && is(i - 1, "("))
        i = read_request(i);
      else
        ++i;
    }
    return std::move(found_);
  }

 private:
  bool is(std::size_t index, std::string_view text) const {
    return index < tokens_.size() && tokens_[index].kind != TokenKind::text && tokens_[index].text == text;
  }

  std::size_t read_request(std::size_t i) {
    const std::string& path = tokens_[i].text;
    const std::size_t argument = is(i + 1, ",") ? i + 2 : i + 1;
    if (path == "POST /repos/{owner}/{repo}/dispatches") return read_call(tokens_[i].range, false, argument);
    if (path == "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches")
      return read_call(tokens_[i].range, true, argument);
    return i + 1;
  }

  /// `at`: the first token of the argument. Returns where reading goes on.
  std::size_t read_call(ByteRange call, bool starts_workflow, std::size_t at) {
    ScriptDispatch sent;
    sent.call = call;
    sent.starts_workflow = starts_workflow;
    if (!is(at, "{")) {
      sent.payload.complete = false;
      found_.push_back(std::move(sent));
      return at;
    }
    bool own_owner = false, own_repo = false, has_payload = false;
    at = for_each_member(at, [&](const Token* key, std::size_t value, std::size_t end) {
      if (key == nullptr) {
        // ...context.repo gives owner and repo; any other may give anything.
        if (is_chain(value, end, {"context", ".", "repo"})) own_owner = own_repo = true;
        else sent.payload.complete = has_payload && sent.payload.complete;
        return;
      }
      if (key->text == "owner") {
        sent.owner = literal(value, end);
        own_owner = is_chain(value, end, {"context", ".", "repo", ".", "owner"});
      } else if (key->text == "repo") {
        sent.repo = literal(value, end);
        own_repo = is_chain(value, end, {"context", ".", "repo", ".", "repo"});
      } else if (key->text == (starts_workflow ? "workflow_id" : "event_type")) {
        sent.name = literal(value, end);
      } else if (starts_workflow && key->text == "ref") {
        sent.ref = literal(value, end);
      } else if (key->text == (starts_workflow ? "inputs" : "client_payload")) {
        has_payload = true;
        read_payload_members(value, end, sent.payload);
      }
    });
    sent.payload.complete = sent.payload.complete && is(at, "}");
    sent.own_repository = own_owner && own_repo;
    found_.push_back(std::move(sent));
    return at;
  }

  void read_payload_members(std::size_t value, std::size_t end, DispatchPayload& payload) {
    payload.complete = is(value, "{") && end > value && is(end - 1, "}");
    if (!payload.complete) return;
    for_each_member(value, [&](const Token* key, std::size_t, std::size_t) {
      if (key == nullptr || payload.keys.size() >= 1'000) payload.complete = false;
      else payload.keys.push_back({key->text, key->range});
    });
  }

  std::optional<ScriptText> literal(std::size_t value, std::size_t end) const {
    if (end != value + 1 || tokens_[value].kind != TokenKind::text) return std::nullopt;
    return ScriptText{tokens_[value].text, tokens_[value].range};
  }

  bool is_chain(std::size_t value, std::size_t end, std::initializer_list<std::string_view> words) const {
    if (end - value != words.size()) return false;
    for (const std::string_view word : words)
      if (!is(value++, word)) return false;
    return true;
  }

  /// Calls `visit(key, first token of the value, end)` for each member of the object literal whose brace stands at
  /// `open`; without a key where it is spread or its key is computed. Returns where the object ends.
  template <typename Visit>
  std::size_t for_each_member(std::size_t open, Visit visit) const {
    std::size_t at = open + 1;
    while (at < tokens_.size() && !is(at, "}")) {
      const std::size_t end = end_of_member(at);
      const Token& key = tokens_[at];
      const bool is_name = key.kind == TokenKind::word || key.kind == TokenKind::text;
      if (is_name && is(at + 1, ":")) visit(&key, at + 2, end);
      else if (is_name && end == at + 1) visit(&key, at, end);  // shorthand
      else visit(static_cast<const Token*>(nullptr), is(at, "...") ? at + 1 : at, end);
      if (!is(end, ",")) return end;
      at = end + 1;
    }
    return at;
  }

  /// The comma or the bracket that ends what begins at `at`.
  std::size_t end_of_member(std::size_t at) const {
    std::size_t depth = 0;
    for (; at < tokens_.size(); ++at) {
      if (is(at, "{") || is(at, "(") || is(at, "[")) ++depth;
      const bool closes = is(at, "}") || is(at, ")") || is(at, "]");
      if (depth == 0 && (closes || is(at, ","))) return at;
      if (closes) --depth;
    }
    return at;
  }

  std::vector<Token> tokens_;
  std::vector<ScriptDispatch> found_;
};

}  // namespace

std::vector<ScriptDispatch> read_script_dispatches(std::string_view script) {
  if (script.size() > limits::kMaxScriptBytes || script.find("ispatch") == std::string_view::npos) return {};
  return CallReader(Tokens(script).read()).read();
}

}  // namespace trueup::formats
