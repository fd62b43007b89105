#include "facts/application_fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "facts/extract/github_reader.hpp"
#include "formats/json_pointer.hpp"
#include "formats/scalar_types.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;
using formats::ScalarType;

/// A number in one spelling; as text where it is beyond a double.
std::string number_json(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    std::string quoted;
    append_json_string(text, quoted);
    return quoted;
  }
  return fmt::format("{}", value);
}

/// Keys that could be taken for positions of a list are quoted.
std::string step_below(std::string pointer, std::string_view key) {
  const bool quoted = key.starts_with('"') || (!key.empty() && key.find_first_not_of("0123456789") == key.npos);
  return formats::step_below(std::move(pointer), quoted ? '"' + std::string(key) + '"' : std::string(key));
}

class Flattener {
 public:
  explicit Flattener(const Document& document) : document_(document) {}

  void spec(NodeIndex node) {
    const NodeIndex sources = document_.child(node, "sources");
    const bool many = document_.is_sequence(sources) && document_[document_.resolved(sources)].child_count > 0;
    each_entry(node, [&](std::string_view key, NodeIndex value) {
      if (key == "source" && many) return;
      if (key == "destination")
        destination(value);
      else
        walk(value, step_below("", key), key, false);
    });
  }

  void set(NodeIndex node) {
    each_entry(node, [&](std::string_view key, NodeIndex value) { walk(value, step_below("", key), key, false); });
  }

  std::vector<ApplicationField> fields;

 private:
  template <typename Visit>
  void each_entry(NodeIndex mapping, Visit visit) {
    for (const NodeIndex value : document_.children(mapping))
      if (document_[value].key != kNoNode) visit(document_[document_[value].key].value, value);
  }

  void destination(NodeIndex node) {
    each_entry(node, [&](std::string_view key, NodeIndex value) {
      const bool own = key == "name" && document_.text(value) == "in-cluster";
      if (own)
        fields.push_back({"/destination/server", "\"https://kubernetes.default.svc\"", value});
      else
        walk(value, step_below("/destination", key), key, false);
    });
  }

  /// `whole`: inside of valuesObject, where nothing is left out.
  void walk(NodeIndex node, const std::string& pointer, std::string_view key, bool whole) {
    if (++visits_ > document_.size() + limits::kMaxAliasVisits || depth_ > limits::kMaxDepth || text_bytes_ > limits::kMaxRowTextBytes) return;
    const NodeIndex value = document_.resolved(node);
    const bool keeps_empty = whole || key == "automated" || key == "enabled" || key == "revisionHistoryLimit";
    ++depth_;
    if (document_.is_mapping(value)) {
      const std::size_t before = fields.size();
      each_entry(value, [&](std::string_view inner, NodeIndex child) {
        walk(child, step_below(pointer, inner), inner, whole || inner == "valuesObject");
      });
      if (fields.size() == before && keeps_empty) add(pointer, "{}", node);
    } else if (document_.is_sequence(value)) {
      std::size_t position = 0;
      for (const NodeIndex child : document_.children(value)) walk(child, pointer + "/" + std::to_string(position++), "", whole);
      if (position == 0 && keeps_empty) add(pointer, "[]", node);
    } else {
      scalar(document_[value], pointer, node, keeps_empty);
    }
    --depth_;
  }

  void scalar(const Node& value, const std::string& pointer, NodeIndex node, bool keeps_empty) {
    std::string json;
    switch (formats::type_as_helm(value.value, value.style, value.tag)) {
      case ScalarType::null: json = "null"; break;
      case ScalarType::boolean: json = formats::helm_string(value.value, value.style, value.tag); break;
      case ScalarType::integer:
      case ScalarType::floating: {
        const std::string text(value.value);
        json = number_json(text.find_first_not_of("0123456789.-") == text.npos && !text.starts_with("0") ? text : text == "0" ? text : formats::helm_string(value.value, value.style, value.tag));
        break;
      }
      case ScalarType::string: append_json_string(value.value, json); break;
    }
    const bool empty = json == "null" || json == "false" || json == "0" || json == "\"\"";
    if (!empty || keeps_empty) add(pointer, std::move(json), node);
  }

  void add(const std::string& pointer, std::string json, NodeIndex node) {
    text_bytes_ += pointer.size() + json.size();
    fields.push_back({pointer, std::move(json), node});
  }

  const Document& document_;
  std::uint32_t visits_ = 0, depth_ = 0;
  std::size_t text_bytes_ = 0;
};

}  // namespace

std::vector<ApplicationField> application_fields(const Document& document, NodeIndex spec) {
  Flattener flattener(document);
  flattener.spec(spec);
  std::ranges::stable_sort(flattener.fields, {}, &ApplicationField::pointer);
  return std::move(flattener.fields);
}

std::vector<ApplicationField> application_set_fields(const Document& document, NodeIndex spec) {
  Flattener flattener(document);
  flattener.set(spec);
  std::ranges::stable_sort(flattener.fields, {}, &ApplicationField::pointer);
  return std::move(flattener.fields);
}

std::string plain_pointer(std::string_view pointer) {
  std::string plain;
  for (std::size_t begin = 0; begin < pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', begin + 1), pointer.size());
    const std::string_view step = pointer.substr(begin + 1, end - begin - 1);
    plain += '/';
    plain += step.starts_with('"') ? step.substr(1, step.size() - 2) : step;
    begin = end;
  }
  return plain;
}

std::string to_json(const std::vector<ApplicationField>& fields) {
  std::string out = "{";
  for (const ApplicationField& field : fields) {
    if (out.size() > 1) out += ',';
    append_json_string(field.pointer, out);
    out += ':';
    out += field.value;
  }
  return out + "}";
}

}  // namespace trueup::facts
