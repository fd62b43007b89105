#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "formats/document.hpp"
#include "rules/rule.hpp"

namespace trueup::rules {

/// A file of rules as it was read: `<pack>/<name>.yaml` or `<pack>/views.sql`, and its bytes.
struct RuleText {
  std::string path;
  std::string text;
};

/// Why a rule file does not load, and where.
struct RuleProblem {
  std::string path;
  std::uint32_t line = 1, column = 1;
  std::string message;
};

/// Rules read from text at run time (or by the generator at build time), with the bytes that they view.
class RuleFolder {
 public:
  /// Reads every `*.yaml` that is not `*.cases.yaml` as a rule, and every `views.sql`. The pack is the folder's name, or
  /// the part of the id before the slash. Wrong keys are answered with the nearest right one. Rules with a problem are left out.
  static RuleFolder load(std::vector<RuleText> texts);

  const std::vector<Rule>& rules() const { return rules_; }
  const std::vector<PackViews>& views() const { return views_; }
  const std::vector<RuleProblem>& problems() const { return problems_; }
  /// Line and column, in the rule's file, of a byte of its query.
  LineColumn locate_in_query(const Rule& rule, std::uint32_t offset) const;

 private:
  friend class RuleReader;
  struct Source {
    RuleText text;
    formats::Document document;
    formats::NodeIndex query = formats::kNoNode;
  };
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<Rule> rules_;
  std::vector<const Source*> source_of_rule_;
  std::vector<PackViews> views_;
  std::vector<RuleProblem> problems_;
  std::deque<std::string> texts_;
  std::deque<std::vector<std::string_view>> lists_;
  std::deque<std::vector<RulePlace>> places_;
  std::deque<std::vector<RuleParameter>> parameters_;
  std::deque<std::vector<RuleFix>> fixes_;
};

/// Seconds of "90s", "15m", "36h", "14d", "2w"; nothing for other text.
std::optional<std::int64_t> parse_duration(std::string_view text);

}  // namespace trueup::rules
