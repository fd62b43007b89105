#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "facts/extract/carried_versions.hpp"
#include "formats/path_glob.hpp"

namespace trueup::facts {

/// What the config and the chosen rules say about paths, as text. Globs are those of formats/path_glob.hpp.
struct KindConfig {
  struct Assignment {
    std::string glob;
    std::string kind;  ///< of the table of extractors, or "none": not read
  };
  std::vector<Assignment> kinds;    ///< `kinds:`, in order: the last that matches decides
  std::vector<std::string> ignore;  ///< `ignore:`: the file, or the folder with all below it, is not looked at
  std::vector<std::string> nodes;   ///< `nodes:` of rules and config: files whose generic nodes are wanted
  std::vector<CarrierPlace> carriers;  ///< `carries:` of trains: where files carry a version
};

class FileKinds;

/// A KindConfig made ready for many paths. Without one (a default object) only the built-in table decides.
class KindRules {
 public:
  KindRules() = default;
  /// Errors: Fault::malformed or Fault::over_limit for a glob that does not compile (`at` is in the glob's text, the message
  /// names the glob); Fault::not_found for a kind that no extractor reads.
  static Result<KindRules> compile(const KindConfig& config);

 private:
  struct Assignment {
    formats::PathGlob glob;
    std::string_view kind;  // of the table of extractors; empty for "none"
  };
  friend std::string_view file_kind(std::string_view path, const KindRules& rules);
  friend FileKinds kinds_of(std::string_view path, const KindRules& rules);
  friend std::string_view node_kind(std::string_view path, const KindRules& rules);
  friend bool is_folder_wanted(std::string_view folder, const KindRules& rules);

 public:
  const CarriedVersions& carriers() const { return carriers_; }

 private:
  bool ignores(std::string_view path) const;
  bool wants_nodes(std::string_view path) const;

  std::vector<Assignment> kinds_;
  std::vector<formats::PathGlob> ignore_;
  std::vector<formats::PathGlob> ignored_folders_;  // what a glob that ends in "/" or "/**" says of the folder itself
  std::vector<formats::PathGlob> nodes_;
  CarriedVersions carriers_;
};

/// The kind of a file by its path alone, from the table of extractors; an empty view for files that are not read. The view
/// is of a constant. Cheap and without allocation: called for each path of each tree.
///
/// In this order: `ignore:` (of the path or of a folder above it), `kinds:`, then
///   - nothing below a quiet folder: docs, doc, examples, example, samples, testdata, fixtures, test, tests, e2e,
///     node_modules, third_party, vendor; nothing below templates/ (templates of a chart or of a generator are no YAML),
///     save in .github;
///   - `.github/workflows/*.yml|*.yaml`, direct children only: workflow; `action.yml|yaml` anywhere: action;
///   - Chart.yaml: chart; requirements.yaml: chart_requirements; Chart.lock, requirements.lock: chart_lock; .helmignore:
///     helmignore; outside .github values.yaml, values-*.yaml, values.*.yaml, *-values.yaml, each also as .yml:
///     chart_values, but not read directly in a folder ci/, where chart-testing keeps values that are never deployed.
///     Vendored subcharts in a chart's charts/ are charts too; packages (.tgz) are not read;
///   - .gitlab-ci.yml at the root: gitlab_ci; go.mod: go_module;
///   - *.sh, *.bash: script; Dockerfile, Containerfile, Dockerfile.*, *.Dockerfile, *.dockerfile: dockerfile;
///   - other .yaml and .yml files: yaml; .json files: json, only where `nodes` asks for them.
/// So a name that ends in .example, .template, .tmpl, .tpl or .j2 has no kind, unless `kinds:` says so.
std::string_view file_kind(std::string_view path, const KindRules& rules);

/// Whether it is a kind of files that are only there: "path" for one that a document names, "elsewhere" for one that a symbolic
/// link or a submodule hides.
constexpr bool is_kind_of_paths(std::string_view kind) { return kind == "path" || kind == "elsewhere"; }

/// `node_yaml` or `node_json` for a file that has a kind and that a `nodes:` glob matches, else empty. Facts hang on
/// (blob, kind), so the generic nodes of a file are a kind of their own: the engine adds a second member to the file set,
/// with the same path and this kind, after the one of file_kind(). That main kind brings the rows that say why a file
/// does not parse; this one brings nodes only, and the same state. A quiet file has nodes only where `kinds:` gives it a kind.
std::string_view node_kind(std::string_view path, const KindRules& rules);

/// The kinds under which a file is read: that of file_kind(), that of node_kind(), and `carrier` where a train says that the file
/// carries a version; each only where there is one.
class FileKinds {
 public:
  FileKinds() = default;
  void add(std::string_view kind) {
    if (!kind.empty()) kinds_[count_++] = kind;
  }
  const std::string_view* begin() const { return kinds_.data(); }
  const std::string_view* end() const { return kinds_.data() + count_; }

 private:
  std::array<std::string_view, 3> kinds_;
  std::size_t count_ = 0;
};
FileKinds kinds_of(std::string_view path, const KindRules& rules);

/// Whether `path` is of interest at all: has a kind.
bool is_wanted(std::string_view path, const KindRules& rules);

/// Whether to descend into a folder (a path without '/' at its end): false for `.git` and for what `ignore:` covers as a whole.
bool is_folder_wanted(std::string_view folder, const KindRules& rules);

}  // namespace trueup::facts
