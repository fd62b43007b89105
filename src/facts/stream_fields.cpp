#include "facts/stream_fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/json_pointer.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;

/// What a stage does where its key is not written.
struct Usual {
  std::string_view stage, key, value;
};
constexpr auto kUsual = std::to_array<Usual>({{"$merge", "parallelism", "1"},
                                              {"$merge", "whenMatched", "\"merge\""},
                                              {"$merge", "whenNotMatched", "\"insert\""},
                                              {"$validate", "validationAction", "\"discard\""},
                                              {"$https", "method", "\"GET\""},
                                              {"$https", "onError", "\"dlq\""},
                                              {"$externalFunction", "execution", "\"sync\""},
                                              {"$externalFunction", "onError", "\"dlq\""}});

constexpr auto kConnectionFields = std::to_array<std::string_view>(
    {"type", "clusterName", "clusterGroupId", "dbRoleToExecute", "bootstrapServers", "authentication", "security", "config", "networking", "url", "aws",
     "azure", "gcp", "provider", "schemaRegistryUrls", "schemaRegistryAuthentication"});
/// Never given back, or not what was sent.
constexpr auto kNotGivenBack = std::to_array<std::string_view>({"password", "sslkey", "sslkeypassword", "clientsecret", "sslcertificate", "brokerpubliccertificate", "testbucket"});
constexpr auto kNumberForms = std::to_array<std::string_view>({"$numberInt", "$numberLong", "$numberDouble", "$numberDecimal"});

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

void append_json(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else out += c;
  }
  out += '"';
}

/// A number in one spelling; nothing for what is none. Whole ones keep every digit.
std::optional<std::string> number_json(std::string_view text) {
  std::int64_t whole = 0;
  const char* const end = text.data() + text.size();
  if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc() && read.ptr == end) return std::to_string(whole);
  double value = 0;
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(value)) return std::nullopt;
  if (std::abs(value) < 9e15 && value == std::floor(value)) return std::to_string(static_cast<std::int64_t>(value));
  return fmt::format("{}", value);
}

class Flattener {
 public:
  explicit Flattener(const Document& document) : document_(document) {}

  void processor(NodeIndex root) {
    pipeline(document_.child(root, "pipeline"), "/pipeline", 0);
    in_options_ = true;
    if (const NodeIndex options = document_.child(root, "options"); document_.is_mapping(options)) walk(options, "/options", 0);
  }

  void connection(NodeIndex root) {
    of_connection_ = true;
    for (const NodeIndex value : document_.children(root)) {
      const std::string_view key = key_of(value);
      if (!is_one_of(kConnectionFields, key)) continue;
      if (key == "bootstrapServers" && document_.is_scalar(value)) servers(value);
      else walk(value, formats::step_below("", key), 0);
    }
  }

  std::vector<StreamField> fields;

 private:
  std::string_view key_of(NodeIndex value) const {
    return document_[value].key == kNoNode ? std::string_view() : document_.text(document_[value].key).value_or("");
  }

  void pipeline(NodeIndex list, const std::string& pointer, std::uint32_t depth) {
    if (!document_.is_sequence(list)) {
      if (list != kNoNode) walk(list, pointer, depth);
      return;
    }
    if (document_[list].child_count == 0) return add(list, pointer, "[]");
    for (const NodeIndex stage : document_.children(list)) {
      const std::string here = pointer + "/" + std::to_string(document_[stage].position);
      if (!document_.is_mapping(stage)) walk(stage, here, depth + 1);
      else for (const NodeIndex body : document_.children(stage)) this->stage(body, formats::step_below(here, key_of(body)), depth + 1);
    }
  }

  void stage(NodeIndex body, const std::string& pointer, std::uint32_t depth) {
    const std::string_view name = key_of(body);
    if (!document_.is_mapping(body) || depth > limits::kMaxDepth || extended_number(body)) return walk(body, pointer, depth);
    const std::size_t before = fields.size();
    for (const NodeIndex value : document_.children(body)) {
      const std::string_view key = key_of(value);
      const std::string here = formats::step_below(pointer, key);
      if (key == "pipeline" && document_.is_sequence(value)) pipeline(value, here, depth + 1);
      else if (name == "$https" && key == "headers") continue;  // they may hold secrets
      else if (!is_usual(name, key, value)) walk(value, here, depth + 1);
    }
    if (fields.size() == before) add(body, pointer, "{}");
  }

  bool is_usual(std::string_view stage, std::string_view key, NodeIndex value) const {
    return document_.is_scalar(value) && std::ranges::any_of(kUsual, [&](const Usual& each) {
      return each.stage == stage && each.key == key && each.value == scalar(document_[value]);
    });
  }

  void walk(NodeIndex node, const std::string& pointer, std::uint32_t depth) {
    if (depth > limits::kMaxDepth || text_bytes_ > limits::kMaxRowTextBytes) return;
    const std::string lower = ascii_lower(key_of(node));
    if (of_connection_ && is_one_of(kNotGivenBack, lower)) return;
    if (document_.is_scalar(node)) {
      const std::string json = scalar(document_[node]);
      if (json != "null" || !(in_options_ || of_connection_)) add(node, pointer, json);
      return;
    }
    if (const auto number = extended_number(node)) return add(node, pointer, *number);
    const bool mapping = document_.is_mapping(node);
    if (document_[node].child_count == 0 && !in_options_ && !of_connection_) return add(node, pointer, mapping ? "{}" : "[]");
    for (const NodeIndex value : document_.children(node))
      walk(value, formats::step_below(pointer, mapping ? key_of(value) : std::to_string(document_[value].position)), depth + 1);
  }

  std::string scalar(const Node& node) const {
    if (node.style == formats::ScalarStyle::plain) return number_json(node.value).value_or(std::string(node.value));
    std::string json;
    append_json(node.value, json);
    return json;
  }

  /// {"$numberLong": "5"} is 5.
  std::optional<std::string> extended_number(NodeIndex node) const {
    if (!document_.is_mapping(node) || document_[node].child_count != 1) return std::nullopt;
    const NodeIndex only = document_[node].first_child;
    const auto text = document_.text(only);
    if (!text || !is_one_of(kNumberForms, key_of(only))) return std::nullopt;
    return number_json(*text);
  }

  void servers(NodeIndex node) {
    std::vector<std::string> list;
    for (const std::string_view server : split(*document_.text(node), ',')) list.emplace_back(trim(server));
    std::ranges::sort(list);
    std::string json;
    append_json(join(list, ","), json);
    add(node, "/bootstrapServers", json);
  }

  void add(NodeIndex node, const std::string& pointer, std::string json) {
    text_bytes_ += pointer.size() + json.size();
    if (text_bytes_ > limits::kMaxRowTextBytes) return;
    const bool constant = !holds_placeholder(json) && !(of_connection_ && json.find('$') != json.npos);
    fields.push_back({pointer, std::move(json), constant, node});
  }

  const Document& document_;
  bool in_options_ = false, of_connection_ = false;
  std::size_t text_bytes_ = 0;
};

}  // namespace

bool holds_placeholder(std::string_view text) {
  return text.find("{{") != text.npos || text.find("${") != text.npos || text.find("<%") != text.npos;
}

std::vector<StreamField> processor_fields(const Document& document, NodeIndex processor) {
  Flattener flattener(document);
  flattener.processor(processor);
  return std::move(flattener.fields);
}

std::vector<StreamField> connection_fields(const Document& document, NodeIndex connection) {
  Flattener flattener(document);
  flattener.connection(connection);
  return std::move(flattener.fields);
}

}  // namespace trueup::facts
