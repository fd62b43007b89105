#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "facts/extract/github_reader.hpp"
#include "facts/extract/uses_reference.hpp"
#include "facts/extract/workspace.hpp"
#include "formats/matrix.hpp"

namespace trueup::facts {

/// The legs of the job that a step belongs to.
struct JobLegs {
  bool has_matrix = false;
  /// Nothing: there is a matrix, and what it makes is not known.
  std::optional<std::vector<formats::MatrixLeg>> legs;
};

/// Writes what a step that runs an action uploads or downloads: blob_artifact_use.
class ArtifactRows {
 public:
  explicit ArtifactRows(GithubReader& reader) : reader_(reader) {}

  struct Step {
    Owner owner;
    formats::NodeIndex uses = formats::kNoNode, with = formats::kNoNode;
    std::optional<std::string_view> condition;
  };
  void add(const Step& step, const UsesReference& uses, const ActionArguments& arguments, const JobLegs& job);

 private:
  GithubReader& reader_;
};

/// Writes the names by which a script or an action looks jobs, checks and artifacts up: blob_name_lookup. In
/// name_lookups.cpp.
void add_name_lookups(GithubReader& reader, formats::NodeIndex script, Owner owner);
void add_name_lookups(GithubReader& reader, const UsesReference& uses, formats::NodeIndex with, Owner owner);

/// blob_run_lookup of what a script asks for. In run_lookups.cpp.
void add_run_lookups(GithubReader& reader, formats::NodeIndex script, Owner owner, bool javascript);
/// Writes the patterns that dorny/paths-filter is given: blob_change_filter. In change_filter_rows.cpp.
void add_change_filters(GithubReader& reader, const UsesReference& uses, formats::NodeIndex with, Owner owner);

}  // namespace trueup::facts
