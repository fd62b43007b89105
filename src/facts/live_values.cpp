#include "facts/live_values.hpp"

#include <charconv>
#include <map>
#include <set>
#include <tuple>

#include "base/limits.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using Value = LiveApplicationRow::Value;

/// image.tag as --set reads it: /image/tag. `\.` is a dot of a key.
std::string pointer_of_parameter(std::string_view name) {
  std::string pointer = "/";
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '\\' && i + 1 < name.size()) pointer += name[++i];
    else if (c == '.') pointer += '/';
    else if (c == '~') pointer += "~0";
    else if (c == '/') pointer += "~1";
    else pointer += c;
  }
  return pointer;
}

class ValueReader {
 public:
  explicit ValueReader(const Document& document) : document_(document) {}

  std::vector<Value> read(const std::vector<ApplicationField>& fields) {
    for (const ApplicationField& field : fields) {
      std::int64_t position = 0;
      const std::string_view helm = below_helm(field.pointer, position);
      if (helm.empty()) continue;
      if (helm == "/valuesObject" || helm.starts_with("/valuesObject/")) {
        has_object_.insert(position);
        if (helm.size() > 13) add({position, "values_object", plain_pointer(field.pointer), plain_pointer(helm.substr(13)), text_of(field)});
      } else if (helm.starts_with("/parameters/")) {
        const std::string number(helm.substr(12, helm.find('/', 12) - 12));
        if (helm.ends_with("/name")) names_[{position, number}] = text_of(field);
        if (helm.ends_with("/value")) set_[{position, number}] = {field.pointer, text_of(field)};
      } else if (helm == "/values") {
        texts_[position] = {field.pointer, text_of(field)};
      }
    }
    for (const auto& [position, text] : texts_)
      if (!has_object_.contains(position)) read_text(position, text.first, text.second);
    std::set<std::pair<std::int64_t, std::string>> overridden;
    for (const auto& [at, name] : names_) overridden.emplace(at.first, pointer_of_parameter(name));
    for (Value& value : values_) value.effective = !overridden.contains({value.position, value.pointer});
    for (const auto& [at, name] : names_)
      if (const auto set = set_.find(at); set != set_.end()) add({at.first, "parameter", set->second.first, pointer_of_parameter(name), set->second.second});
    return std::move(values_);
  }

 private:
  /// "/valuesObject/a" of "/source/helm/valuesObject/a" and of "/sources/2/helm/valuesObject/a".
  static std::string_view below_helm(std::string_view pointer, std::int64_t& position) {
    constexpr std::string_view kOne = "/source/helm", kMany = "/sources/", kHelm = "/helm";
    if (pointer.starts_with(kOne)) return pointer.substr(kOne.size());
    if (!pointer.starts_with(kMany)) return {};
    const auto [end, error] = std::from_chars(pointer.data() + kMany.size(), pointer.data() + pointer.size(), position);
    const std::string_view rest = pointer.substr(static_cast<std::size_t>(end - pointer.data()));
    return error == std::errc() && rest.starts_with(kHelm) ? rest.substr(kHelm.size()) : std::string_view();
  }

  std::string text_of(const ApplicationField& field) const { return std::string(document_.text(field.node).value_or("")); }

  void read_text(std::int64_t position, const std::string& field, const std::string& text) {
    const Document inner = formats::parse_yaml(text);
    if (inner.problem() || inner.roots().empty()) return;
    walk(inner, inner.root(), position, field, "", 0);
  }

  void walk(const Document& inner, formats::NodeIndex node, std::int64_t position, const std::string& field, const std::string& pointer, std::uint32_t depth) {
    if (depth > limits::kMaxDepth || bytes_ > limits::kMaxRowTextBytes || ++visits_ > inner.size() + limits::kMaxAliasVisits) return;
    const formats::NodeIndex value = inner.resolved(node);
    if (const auto text = inner.text(value)) return add({position, "values", field, pointer, std::string(*text)});
    for (const formats::NodeIndex child : inner.children(value)) {
      std::string step = inner[child].key == formats::kNoNode ? std::to_string(inner[child].position) : std::string(inner[inner[child].key].value);
      std::string escaped;
      for (const char c : step) escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
      walk(inner, child, position, field, pointer + '/' + escaped, depth + 1);
    }
  }

  void add(Value value) {
    bytes_ += value.field.size() + value.pointer.size() + value.value.size();
    if (bytes_ <= limits::kMaxRowTextBytes) values_.push_back(std::move(value));
  }

  using Numbered = std::pair<std::int64_t, std::string>;
  const Document& document_;
  std::vector<Value> values_;
  std::set<std::int64_t> has_object_;
  std::map<std::int64_t, std::pair<std::string, std::string>> texts_;
  std::map<Numbered, std::string> names_;
  std::map<Numbered, std::pair<std::string, std::string>> set_;
  std::size_t bytes_ = 0, visits_ = 0;
};

}  // namespace

std::vector<Value> live_values(const Document& document, const std::vector<ApplicationField>& fields) { return ValueReader(document).read(fields); }

}  // namespace trueup::facts
