#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace trueup::report {

using Json = nlohmann::ordered_json;  // keys stay in the order in which they are written

/// Appends a value on one line. Bytes that are not UTF-8 become U+FFFD; what a terminal obeys or hides, and the ##[command]
/// of a runner, is escaped too: the report may be printed there.
void append_json(const Json& json, std::string& out);

/// Writes one object with a member a line, and lists with an element a line: what is searched and compared by line.
class JsonMembers {
 public:
  explicit JsonMembers(std::string& out) : out_(out) { out_ += '{'; }
  void end() { out_ += "\n}\n"; }

  void member(std::string_view key, const Json& value) {
    name(key);
    append_json(value, out_);
  }
  template <typename List, typename ToJson>
  void list(std::string_view key, const List& elements, ToJson to_json) {
    name(key);
    out_ += '[';
    bool first = true;
    for (const auto& element : elements) {
      out_ += first ? "\n    " : ",\n    ";
      first = false;
      append_json(to_json(element), out_);
    }
    out_ += first ? "]" : "\n  ]";
  }

 private:
  void name(std::string_view key) {
    out_ += first_ ? "\n  \"" : ",\n  \"";
    first_ = false;
    out_ += key;
    out_ += "\": ";
  }

  std::string& out_;
  bool first_ = true;
};

}  // namespace trueup::report
