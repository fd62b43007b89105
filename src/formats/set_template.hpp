#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The two template languages of ArgoCD's ApplicationSets, as far as they need no cluster.
namespace trueup::formats {

/// A parameter of a set: a text, a list or a mapping. Numbers, true and false are texts, as they print.
struct SetParameter {
  enum class Kind : std::uint8_t { text, list, mapping };
  Kind kind = Kind::text;
  std::string text;  ///< of a mapping, what the plain language has for it as a whole: {{path}}
  std::vector<std::pair<std::string, SetParameter>> entries;  ///< of a mapping in order; of a list with empty keys

  static SetParameter of(std::string text) { return {Kind::text, std::move(text), {}}; }
  /// The value of a key; null where there is none.
  const SetParameter* find(std::string_view key) const;
  /// Sets a key, over what it had.
  void set(std::string_view key, SetParameter value);
  friend bool operator==(const SetParameter&, const SetParameter&) = default;
};

/// The text with each `{{…}}` replaced that is known; the others stay as they are written. Where the whole comes to more than
/// kMaxFilledBytes it stays as it is.
///
/// Without goTemplate: `{{ a.b }}` and `{{ path[0] }}` by name. With it: fields `.a.b`, texts, numbers, and the functions
/// default, quote, squote, lower, upper, trim, trunc, replace, index, with pipes and `{{-`; a missing field is unknown.
/// Source: ArgoCD's manual, "Templates" and "Go Template" of ApplicationSet; text/template and sprig for the functions.
std::string fill_set_template(std::string_view text, const SetParameter& parameters, bool go_template);

inline constexpr std::size_t kMaxFilledBytes = 1u << 20;

}  // namespace trueup::formats
