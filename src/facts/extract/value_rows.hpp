#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "facts/extract/github_reader.hpp"
#include "facts/extract/workflow_steps.hpp"
#include "formats/shell_effects.hpp"
#include "formats/shell_values.hpp"
#include "formats/value_uses.hpp"

namespace trueup::facts {

/// Follows the values that the steps of one job make, step after step: `env:`, GITHUB_ENV, outputs. Adds blob_made_value
/// and blob_value_hole for those that are given to what publishes or edits.
class ValueRows {
 public:
  ValueRows(GithubReader& reader, const StepSurroundings& surroundings);
  bool wanted() const { return wanted_; }

  /// What a step has of its own.
  struct Step {
    Owner owner;
    std::optional<std::string_view> id;
    formats::NodeIndex env = formats::kNoNode;
  };
  void run_script(const Step& step, formats::NodeIndex run, const formats::ShellScript& script, const formats::ScriptEffects& effects);
  void use_action(const Step& step, std::string_view slug, formats::NodeIndex with);
  /// The job's own outputs, for those that need it.
  void finish();

 private:
  using Values = std::map<std::string, formats::ValueTemplate, std::less<>>;

  formats::ValueLookup lookup(formats::NodeIndex scalar) const;
  void read_environment(formats::NodeIndex env, Values& into) const;
  bool spend(const formats::ValueTemplate& value) const;
  void add_lookups(const Step& step, formats::NodeIndex run, const formats::ScriptView& script, const formats::ScriptEffects& effects);
  void put(Values& into, std::string key, formats::ValueTemplate value, bool conditional) const;
  void add(const Step& step, formats::ValuePurpose purpose, const std::string& subject, SpanRef span, SpanRef use,
           const formats::ValueTemplate& value, bool conditional);

  GithubReader& reader_;
  const StepSurroundings& surroundings_;
  bool wanted_ = false;
  std::map<ByteRange, SpanRef> hole_spans_;  ///< so that one place of several values is one
  Values environment_, own_environment_, outputs_;
};

}  // namespace trueup::facts
