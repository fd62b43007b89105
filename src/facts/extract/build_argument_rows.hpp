#pragma once

#include <string_view>
#include <vector>

#include "facts/extract/command_rows.hpp"
#include "facts/extract/github_reader.hpp"
#include "facts/extract/uses_reference.hpp"
#include "facts/extract/workspace.hpp"

namespace trueup::facts {

/// Images that steps build, and the build arguments that they pass: blob_image_build, blob_build_argument.
class BuildArgumentRows {
 public:
  explicit BuildArgumentRows(GithubReader& reader) : reader_(reader), rows_(reader.rows()) {}
  bool wanted() const { return rows_.wants(Table::build_argument) || rows_.wants(Table::image_build); }

  /// docker/build-push-action and redhat-actions/buildah-build: `build-args`.
  void add_action(const UsesReference& uses, const ActionArguments& arguments, formats::NodeIndex with, Owner owner,
                  formats::NodeIndex uses_node);
  /// `docker build --build-arg`, and its kin. `folder`: where the script starts, from the root.
  void add_commands(const std::vector<AddedCommand>& commands, Owner owner, std::string_view folder,
                    const CommandRows::SpanOf& span);

 private:
  GithubReader& reader_;
  BlobRows& rows_;
};

}  // namespace trueup::facts
