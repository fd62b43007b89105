#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trueup::facts {

/// What the config says about paths: globs (formats/path_glob.hpp), in order; the last that matches decides.
struct KindRules {
  struct Assignment {
    std::string glob;
    std::string kind;  ///< of the table of extractors, or "none"
  };
  std::vector<Assignment> kinds;    ///< `kinds:`
  std::vector<std::string> ignore;  ///< `ignore:`: the file is not looked at
  std::vector<std::string> nodes;   ///< `nodes:` of rules and config: files whose generic nodes are wanted
};

/// The kind of a file by its path alone, from the table of extractors; an empty view for files that are not read. The view
/// is of a constant, or of `rules`.
///
/// Workflows: .github/workflows/*.yml|*.yaml, direct children only. Charts: Chart.yaml, Chart.lock, requirements.yaml and
/// .lock, values.yaml and values-*.yaml, values.*.yaml, *-values.yaml (not under a chart's ci/). Files of a chart's templates/ are
/// templates: not read. Everything below a folder named docs, doc, examples, example, samples, testdata, fixtures, test,
/// tests, e2e, node_modules or third_party, and files that end in .example, .template, .tmpl, .tpl, .j2 are quiet: not read,
/// unless `kinds:` says so. Other .yaml and .yml files are `yaml`, .json only where `nodes` asks.
std::string_view file_kind(std::string_view path, const KindRules& rules);

/// Whether `path` is of interest at all: has a kind. Cheap; called for each path of each tree.
bool is_wanted(std::string_view path, const KindRules& rules);

/// The folder itself is never descended into for facts (`.git`, or an `ignore:` that covers everything below it).
bool is_folder_wanted(std::string_view folder, const KindRules& rules);

}  // namespace trueup::facts
