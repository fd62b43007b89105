#include "formats/matrix.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "formats/template_text.hpp"

namespace trueup::formats {
namespace {

using Value = ExpressionValue;
using Kind = ExpressionValue::Kind;

/// A product is built before `exclude` thins it.
constexpr std::size_t kMaxCombinations = 4'096;
constexpr std::size_t kMaxLists = 1'000;
constexpr std::size_t kMaxNameBytes = 100;

/// Equal values have equal numbers, so that each comparison costs the same whatever the values' size.
class Numbering {
 public:
  int number_of(const Value& value) {
    std::string text;
    append(value, text);
    return numbers_.try_emplace(std::move(text), static_cast<int>(numbers_.size())).first->second;
  }

 private:
  static void append(const Value& value, std::string& text) {
    switch (value.kind()) {
      case Kind::array:
        text += '[';
        for (const Value& element : value.elements()) append(element, text);
        text += ']';
        return;
      case Kind::object:
        text += '{';
        for (const auto& [name, member] : value.members()) {
          text += std::to_string(name.size()) + ':' + name;
          append(member, text);
        }
        text += '}';
        return;
      default: break;
    }
    const std::string printed = value.printed().value_or("");
    text += static_cast<char>('a' + static_cast<int>(value.kind()));
    text += std::to_string(printed.size()) + ':' + printed;
  }
  std::map<std::string, int> numbers_;
};

bool has_hole(const Value& value) {
  if (value.kind() == Kind::string) return value.as_string().find("${{") != std::string::npos;
  const auto member_has = [](const auto& member) { return has_hole(member.second); };
  return std::ranges::any_of(value.elements(), has_hole) || std::ranges::any_of(value.members(), member_has);
}

struct Entry {
  std::string name;
  Value value;
  int number = 0;
};
using Entries = std::vector<Entry>;

const Entry* find(const Entries& entries, std::string_view name) {
  const auto found = std::ranges::find_if(entries, [&](const Entry& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

struct Combination {
  Entries own, added;  ///< of the lists; of include
};

void append_label(const Value& value, std::string& label) {
  if (label.size() > kMaxNameBytes) return;
  for (const Value& element : value.elements()) append_label(element, label);
  for (const auto& [name, member] : value.members()) append_label(member, label);
  if (value.kind() == Kind::array || value.kind() == Kind::object) return;
  const std::string text = value.printed().value_or("");
  if (text.empty()) return;
  if (!label.empty()) label += ", ";
  label += text;
}

MatrixLeg leg_of(const Combination& combination) {
  MatrixLeg leg;
  Value::Members members;
  for (const Entry& entry : combination.own) {
    append_label(entry.value, leg.label);
    members.emplace_back(entry.name, entry.value);
  }
  for (const Entry& entry : combination.added) members.emplace_back(entry.name, entry.value);
  leg.values = Value::object(std::move(members));
  return leg;
}

class Expansion {
 public:
  std::optional<std::vector<MatrixLeg>> run(const Value& matrix) {
    if (matrix.kind() != Kind::object) return std::nullopt;
    std::vector<Entries> excluded, included;
    bool holes = false;
    combinations_.emplace_back();
    bool any_list = false;
    for (const auto& [name, value] : matrix.members()) {
      const bool is_include = equal_ignoring_ascii_case(name, "include");
      if (is_include || equal_ignoring_ascii_case(name, "exclude")) {
        if (!read_list(value, is_include ? included : excluded)) return std::nullopt;
        holes = holes || has_hole(value);
        continue;
      }
      if (value.kind() != Kind::array) return std::nullopt;
      any_list = true;
      any_hole_in_list_ = any_hole_in_list_ || has_hole(value);
      if (!multiply(name, value)) return std::nullopt;
    }
    if (!any_list) combinations_.clear();
    // What is computed may be anything, also what an include or exclude is compared with.
    if (!excluded.empty() && (holes || any_hole_in_list_)) return std::nullopt;
    if (!included.empty() && any_hole_in_list_) return std::nullopt;
    exclude(excluded);
    return include(included);
  }

 private:
  Entry entry_of(const std::string& name, const Value& value) { return {name, value, numbering_.number_of(value)}; }

  bool read_list(const Value& list, std::vector<Entries>& items) {
    if (list.kind() != Kind::array || list.elements().size() > kMaxLists) return false;
    for (const Value& element : list.elements()) {
      if (element.kind() != Kind::object) return false;
      Entries& item = items.emplace_back();
      for (const auto& [name, value] : element.members()) item.push_back(entry_of(name, value));
    }
    return true;
  }

  bool multiply(const std::string& name, const Value& list) {
    if (combinations_.size() * list.elements().size() > kMaxCombinations) return false;
    std::vector<Entry> values;
    for (const Value& value : list.elements()) values.push_back(entry_of(name, value));
    std::vector<Combination> product;
    for (const Combination& combination : combinations_) {
      for (const Entry& value : values) {
        product.push_back(combination);
        product.back().own.push_back(value);
      }
    }
    combinations_ = std::move(product);
    return true;
  }

  void exclude(const std::vector<Entries>& excluded) {
    std::erase_if(combinations_, [&](const Combination& combination) {
      return std::ranges::any_of(excluded, [&](const Entries& item) {
        return !item.empty() && std::ranges::all_of(item, [&](const Entry& wanted) {
          const Entry* own = find(combination.own, wanted.name);
          return own != nullptr && own->number == wanted.number;
        });
      });
    });
  }

  std::optional<std::vector<MatrixLeg>> include(const std::vector<Entries>& included) {
    std::vector<Combination> alone;
    for (const Entries& item : included) {
      bool matched = false;
      for (Combination& combination : combinations_) {
        const bool agrees = std::ranges::all_of(item, [&](const Entry& wanted) {
          const Entry* own = find(combination.own, wanted.name);
          return own == nullptr || own->number == wanted.number;
        });
        if (!agrees) continue;
        matched = true;
        for (const Entry& entry : item) {
          if (find(combination.own, entry.name) != nullptr) continue;
          std::erase_if(combination.added, [&](const Entry& added) { return added.name == entry.name; });
          combination.added.push_back(entry);
        }
      }
      if (!matched) alone.push_back({item, {}});
    }
    if (combinations_.size() + alone.size() > kMaxMatrixLegs) return std::nullopt;
    std::vector<MatrixLeg> legs;
    for (const auto* list : {&combinations_, &alone})
      for (const Combination& combination : *list) legs.push_back(leg_of(combination));
    return legs;
  }

  Numbering numbering_;
  std::vector<Combination> combinations_;
  bool any_hole_in_list_ = false;
};

bool reads_matrix(std::string_view text) {
  for (const TemplateRegion& region : find_templates(text)) {
    const auto expression = Expression::parse(text.substr(region.inner.begin, region.inner.end - region.inner.begin));
    if (!expression) return true;
    for (const ContextRead& read : context_reads(*expression))
      if (read.keys.front().name == "matrix") return true;
  }
  return false;
}

}  // namespace

std::optional<std::vector<MatrixLeg>> expand_matrix(std::string_view json) {
  if (json.size() > kMaxMatrixBytes) return std::nullopt;
  return Expansion().run(value_of_json(json));
}

ExpressionEnvironment matrix_environment(const MatrixLeg& leg) {
  ExpressionEnvironment environment;
  environment.context = [&leg](std::string_view path) {
    if (path == "matrix") return leg.values;
    if (!path.starts_with("matrix.")) return Value::unknown();
    Value value = leg.values;
    for (const std::string_view key : split(path.substr(7), '.')) {
      if (value.kind() == Kind::array) return Value::unknown();
      const auto& members = value.members();
      const auto found =
          std::ranges::find_if(members, [&](const auto& member) { return equal_ignoring_ascii_case(member.first, key); });
      if (found == members.end()) return Value::null();
      value = Value(found->second);
    }
    // GitHub has evaluated it by now; nothing has here.
    return has_hole(value) ? Value::unknown() : value;
  };
  return environment;
}

std::string job_display_name(std::string_view id, std::optional<std::string_view> name, bool has_matrix,
                             const MatrixLeg* leg) {
  std::string shown(name && !trim(*name).empty() ? *name : id);
  if (!has_matrix) return shown;
  if (reads_matrix(shown)) return leg == nullptr ? shown : fill_template(shown, matrix_environment(*leg));
  if (leg == nullptr) return shown + "${{ matrix }}";
  // Whether a name with another expression gets the suffix is not documented.
  if (shown.find("${{") != std::string::npos) return shown + "${{ matrix }}";
  if (!leg->label.empty()) shown += " (" + leg->label + ")";
  if (leg->label.find("${{") != std::string::npos || shown.size() <= kMaxNameBytes) return shown;
  return shown.substr(0, kMaxNameBytes - 3) + "...";
}

}  // namespace trueup::formats
