#include "facts/extract/payload_keys.hpp"

#include <cstdint>
#include <vector>

#include "base/text.hpp"
#include "formats/expression.hpp"

namespace trueup::facts {
namespace {

/// Walks a JSON text byte by byte; a `${{ }}` counts as one.
class PayloadScanner {
 public:
  explicit PayloadScanner(std::string_view text) : text_(text), holes_(formats::find_templates(text)) {}

  formats::DispatchPayload scan() {
    formats::DispatchPayload payload;
    skip_blanks();
    if (at_end()) return payload;
    payload.complete = take('{') && read_members(payload);
    skip_blanks();
    payload.complete = payload.complete && at_end();
    return payload;
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  bool at_hole() {
    // One that begins with a byte that was escaped is none here.
    while (next_hole_ < holes_.size() && holes_[next_hole_].outer.begin < at_) ++next_hole_;
    return next_hole_ < holes_.size() && holes_[next_hole_].outer.begin == at_;
  }
  void skip_hole() { at_ = holes_[next_hole_++].outer.end; }
  void skip_blanks() {
    while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  bool take(char wanted) {
    skip_blanks();
    if (at_end() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  bool read_members(formats::DispatchPayload& payload) {
    if (take('}')) return true;
    do {
      bool constant = true;
      if (!take('"')) return false;
      const std::uint32_t begin = at_;
      if (!skip_string(constant)) return false;
      if (!constant) return false;
      payload.keys.push_back({std::string(text_.substr(begin, at_ - 1 - begin)), {begin, at_ - 1}});
      if (!take(':') || !skip_value()) return false;
    } while (take(','));
    return take('}');
  }

  /// Goes behind the closing quote. `constant` becomes false for holes and escapes.
  bool skip_string(bool& constant) {
    while (!at_end()) {
      if (at_hole()) {
        constant = false;
        skip_hole();
      } else if (text_[at_] == '\\') {
        constant = false;
        at_ += 2;
      } else if (text_[at_++] == '"') {
        return true;
      }
    }
    return false;
  }

  /// Goes to the comma or bracket behind a value.
  bool skip_value() {
    std::uint32_t depth = 0;
    bool any = false;
    for (; !at_end(); any = true) {
      skip_blanks();
      if (at_end()) return false;
      const char c = text_[at_];
      if (depth == 0 && (c == ',' || c == '}')) return any;
      if (at_hole()) {
        skip_hole();
        continue;
      }
      ++at_;
      bool constant = true;
      if (c == '"' && !skip_string(constant)) return false;
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') {
        if (depth == 0) return false;
        --depth;
      }
    }
    return false;
  }

  std::string_view text_;
  std::vector<formats::TemplateRegion> holes_;
  std::size_t next_hole_ = 0;
  std::uint32_t at_ = 0;
};

}  // namespace

formats::DispatchPayload read_payload_keys(std::string_view json) { return PayloadScanner(json).scan(); }

}  // namespace trueup::facts
