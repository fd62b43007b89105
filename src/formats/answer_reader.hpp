#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "formats/json.hpp"

/// Reading what a server of JSON answers. Private to the readers of such answers.
namespace trueup::formats {

/// Reads values of one answer; what must be there and is not makes it malformed.
class AnswerReader {
 public:
  explicit AnswerReader(const Document& document) : document_(document) {}

  bool broken() const { return !missing_.empty(); }
  Error error() const { return {Fault::malformed, missing_}; }
  void fail(std::string what) {
    if (missing_.empty()) missing_ = std::move(what);
  }

  NodeIndex child(NodeIndex node, std::string_view key) const { return document_.child(node, key); }
  bool is_true(NodeIndex node, std::string_view key) const { return document_.text(child(node, key)) == "true"; }
  /// Empty for null and for what is not there.
  std::string text(NodeIndex node, std::string_view key) const {
    const NodeIndex value = child(node, key);
    const auto said = document_.text(value);
    if (!said || (*said == "null" && document_[value].style == ScalarStyle::plain)) return "";
    return std::string(*said);
  }
  std::string needed(NodeIndex node, std::string_view key) {
    std::string value = text(node, key);
    if (value.empty()) fail("without `" + std::string(key) + "`");
    return value;
  }
  std::optional<std::int64_t> number(NodeIndex node, std::string_view key) const {
    const auto said = document_.text(child(node, key));
    std::int64_t value = 0;
    if (!said) return std::nullopt;
    const auto [end, fault] = std::from_chars(said->data(), said->data() + said->size(), value);
    return fault == std::errc() && end == said->data() + said->size() ? std::optional(value) : std::nullopt;
  }
  std::int64_t needed_number(NodeIndex node, std::string_view key) {
    const auto value = number(node, key);
    if (!value) fail("without `" + std::string(key) + "`");
    return value.value_or(0);
  }
  template <typename Read>
  void each(NodeIndex list, Read read) {
    if (!document_.is_sequence(list)) return fail("it is no list");
    for (const NodeIndex element : document_.children(list)) read(element);
  }
  template <typename Read>
  void each_text(NodeIndex list, Read read) {
    for (const NodeIndex element : document_.children(list))
      if (const auto said = document_.text(element)) read(std::string(*said));
  }
  template <typename Read>
  void each_entry(NodeIndex mapping, Read read) {
    if (!document_.is_mapping(mapping)) return fail("it is no object");
    for (const NodeIndex value : document_.children(mapping))
      read(std::string(document_.text(document_[value].key).value_or("")), std::string(document_.text(value).value_or("")));
  }
  bool is_mapping(NodeIndex node) const { return document_.is_mapping(node); }
  NodeIndex root() const { return document_.root(); }

 private:
  const Document& document_;
  std::string missing_;
};

/// Calls `read` with a reader of the text; gives what it made.
template <typename Value, typename Read>
Result<Value> read_answer(std::string_view json, Read read) {
  const Document document = parse_json(json);
  if (document.problem()) return Error{document.problem()->fault, document.problem()->message, document.problem()->at};
  AnswerReader reader(document);
  Value value = read(reader);
  if (reader.broken()) return reader.error();
  return value;
}

}  // namespace trueup::formats
