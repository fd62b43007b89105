#pragma once

#include <algorithm>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/work_queue.hpp"

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
  /// `to_json` is called from several threads where the list is long.
  template <typename Element, typename ToJson>
  void list(std::string_view key, const std::vector<Element>& elements, ToJson to_json) {
    name(key);
    out_ += '[';
    const std::size_t parts = (elements.size() + kPart - 1) / kPart;
    std::vector<std::string> texts(parts);
    work_in_order(
        parts, kPartsAtOnce,
        [&](std::size_t part) {
          const std::size_t begin = part * kPart, end = std::min(begin + kPart, elements.size());
          for (std::size_t i = begin; i < end; ++i) {
            texts[part] += i == 0 ? "\n    " : ",\n    ";
            append_json(to_json(elements[i]), texts[part]);
          }
        },
        [&](std::size_t part) {
          out_ += texts[part];
          std::string().swap(texts[part]);
        });
    out_ += elements.empty() ? "]" : "\n  ]";
  }

 private:
  static constexpr std::size_t kPart = 256, kPartsAtOnce = 8;

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
