#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "formats/glob_machine.hpp"

namespace trueup::formats {

/// One pattern of a workflow trigger's branches, tags or paths. Matches the whole short name or path, with regard to case:
///
///   `*`       any run of characters but '/', also none
///   `**`      any run of characters, '/' too; `**/` also stands for nothing
///   `?` `+`   zero or one, one or more of the character before it
///   `[a-z_]`  one of these characters
///   `!`       in front: negates
///   `\`       takes one of `[ ] ? * + \ !` behind it as it is; else it is a character of its own
///
/// Source: GitHub's manual, "Workflow syntax", filter pattern cheat sheet; what the manual leaves open (the last sentence of
/// `\`, and which patterns are refused) as actionlint observed it.
class RefFilter {
 public:
  /// Errors: Fault::malformed at the byte that is wrong: nothing to match, `?` or `+` without a character before it, a
  /// bracket that is not closed, is empty or holds a range outside a-z, A-Z and 0-9, a path that starts with `./`.
  /// Fault::over_limit for a pattern over kMaxGlobBytes.
  static Result<RefFilter> compile(std::string_view pattern);

  bool negated() const { return negated_; }
  /// Whether the pattern (what follows the `!`, where it is negated) matches.
  bool matches(std::string_view name) const { return machine_.matches(name); }

 private:
  GlobMachine machine_;
  bool negated_ = false;
};

/// A list as it stands in a workflow. Patterns are read in order and the last one that matches decides; so a list of
/// negated patterns only selects nothing.
class RefFilterList {
 public:
  RefFilterList() = default;
  explicit RefFilterList(std::vector<RefFilter> filters) : filters_(std::move(filters)) {}
  /// Errors: those of the first pattern that does not compile, which the message quotes; the place is within that pattern.
  static Result<RefFilterList> compile(std::span<const std::string> patterns);

  bool selects(std::string_view name) const;

 private:
  std::vector<RefFilter> filters_;
};

/// Whether a branch (or a tag) passes `branches` and `branches-ignore`; a list that is not there is null. GitHub allows
/// only one of the two for one event; here both must pass. In both lists `!` takes back what an earlier pattern matched.
bool ref_passes(const RefFilterList* only, const RefFilterList* ignored, std::string_view name);

/// Whether a change passes `paths` and `paths-ignore`: some changed file passes both. No changed file at all passes no
/// list; without lists everything passes.
bool paths_pass(const RefFilterList* only, const RefFilterList* ignored, std::span<const std::string> changed);

}  // namespace trueup::formats
