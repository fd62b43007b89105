#include "facts/extract/github_reader.hpp"

#include "base/limits.hpp"
#include "facts/extract/document_rows.hpp"
#include "formats/scalar_types.hpp"

namespace trueup::facts {
namespace {

using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;
using formats::ScalarType;

/// A node without an alias on the way is visited this often at most: by its section, as text with expressions, as JSON.
constexpr std::uint64_t kVisitsOfOne = 8;
/// Bytes of a scalar that cost as much as a node.
constexpr std::uint64_t kBytesOfOne = 32;

/// A number as JSON has it: GitHub also prints Infinity and NaN.
bool is_json_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

}  // namespace

std::optional<std::string> github_text(const formats::Document& document, NodeIndex node) {
  node = document.resolved(node);
  if (node == kNoNode || document[node].kind != NodeKind::scalar) return std::nullopt;
  const Node& scalar = document[node];
  if (formats::type_as_github(scalar.value, scalar.style, scalar.tag) == ScalarType::null) return std::nullopt;
  return formats::github_string(scalar.value, scalar.style, scalar.tag);
}

void append_json_string(std::string_view text, std::string& json) {
  constexpr std::string_view kHex = "0123456789abcdef";
  json += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c == '\n') {
      json += "\\n";
    } else if (byte < 0x20) {
      json += "\\u00";
      json += kHex[byte >> 4];
      json += kHex[byte & 15];
    } else {
      json += c;
    }
  }
  json += '"';
}

GithubReader::GithubReader(BlobRows& rows, const formats::Document& document)
    : rows_(rows), document_(document), overridden_(overridden_values(document)) {
  budget_ = kVisitsOfOne * (document.size() + document.source().size() / kBytesOfOne) + limits::kMaxAliasVisits;
}

std::optional<std::string> GithubReader::written(NodeIndex node) const {
  const auto text = document_.text(node);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

bool GithubReader::is_null(NodeIndex node) const {
  node = document_.resolved(node);
  if (node == kNoNode || document_[node].kind != NodeKind::scalar) return false;
  const Node& scalar = document_[node];
  return formats::type_as_github(scalar.value, scalar.style, scalar.tag) == ScalarType::null;
}

bool GithubReader::is_true(NodeIndex node) const {
  const auto text = document_.text(node);
  return text == "true" || text == "True" || text == "TRUE";
}

std::string GithubReader::json(NodeIndex node) {
  std::string json;
  append_json(node, json, 0);
  return json;
}

void GithubReader::append_json(NodeIndex node, std::string& json, std::uint32_t depth) {
  node = document_.resolved(node);
  // Through aliases a value may be deeper than the file is.
  if (node == kNoNode || exhausted_ || depth > limits::kMaxDepth) {
    exhausted_ = exhausted_ || depth > limits::kMaxDepth;
    json += "null";
    return;
  }
  bool first = true;
  const auto separate = [&] {
    if (!first) json += ',';
    first = false;
  };
  switch (document_[node].kind) {
    case NodeKind::mapping:
      json += '{';
      for_each_entry(node, [&](const Entry& entry) {
        separate();
        append_json_string(entry.name, json);
        json += ':';
        append_json(entry.value, json, depth + 1);
      });
      json += '}';
      return;
    case NodeKind::sequence:
      json += '[';
      for_each_element(node, [&](NodeIndex element, std::uint32_t) {
        separate();
        append_json(element, json, depth + 1);
      });
      json += ']';
      return;
    default: break;
  }
  const Node& scalar = document_[node];
  const ScalarType type = formats::type_as_github(scalar.value, scalar.style, scalar.tag);
  if (type == ScalarType::null) {
    json += "null";
    return;
  }
  const std::string text = formats::github_string(scalar.value, scalar.style, scalar.tag);
  if (type == ScalarType::boolean || (type != ScalarType::string && is_json_number(text))) json += text;
  else append_json_string(text, json);
}

bool GithubReader::pay_for(NodeIndex node) {
  const bool has_text = node != kNoNode && document_[node].kind == NodeKind::scalar;
  return pay(1 + (has_text ? document_[node].value.size() / kBytesOfOne : 0));
}

bool GithubReader::pay(std::uint64_t cost) {
  if (exhausted_ || cost > budget_) {
    exhausted_ = true;
    return false;
  }
  budget_ -= cost;
  return true;
}

void GithubReader::finish() {
  if (!exhausted_) return;
  const auto end = static_cast<std::uint32_t>(document_.source().size());
  give_up(rows_, {end, end},
          "its aliases (*name) repeat more than " + std::to_string(limits::kMaxAliasVisits) + " values");
}

}  // namespace trueup::facts
