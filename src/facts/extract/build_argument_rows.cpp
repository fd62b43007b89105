#include "facts/extract/build_argument_rows.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "formats/path_join.hpp"

namespace trueup::facts {
namespace {

/// A constant path from the root, of `folder`; nothing for one that is computed, absolute or a URL.
std::optional<std::string> path_in(std::string_view folder, std::string_view written) {
  written = trim(written);
  constexpr std::string_view kWorkspace = "${{ github.workspace }}/";
  if (written.starts_with(kWorkspace)) written.remove_prefix(kWorkspace.size());
  if (written.find('$') != written.npos || written.find("://") != written.npos || written == "-") return std::nullopt;
  return formats::join_path(folder, written);
}

std::string file_in(std::string folder) { return folder.empty() ? "Dockerfile" : folder + "/Dockerfile"; }

/// The name in front of `=`; nothing if it is computed.
std::string_view name_of(std::string_view line) {
  const std::string_view name = line.substr(0, line.find('='));
  return name.find_first_of("$\"' ") == name.npos ? name : std::string_view();
}

}  // namespace

void BuildArgumentRows::add_action(const UsesReference& uses, const ActionArguments& arguments, formats::NodeIndex with,
                                   Owner owner, formats::NodeIndex uses_node) {
  const bool docker = uses.is_action("docker/build-push-action");
  if (!docker && !uses.is_action("redhat-actions/buildah-build")) return;
  std::optional<std::string> dockerfile;
  const auto context = arguments.find("context"), file = arguments.find(docker ? "file" : "dockerfiles");
  // `file` is from the root of the workspace. Without a context the action takes the commit itself, which is the same.
  if (file) dockerfile = file->find('\n') == file->npos ? path_in("", *file) : std::nullopt;
  else if (const auto folder = path_in("", context.value_or("."))) dockerfile = file_in(*folder);
  if (context && (context->find("://") != context->npos || context->starts_with("git@"))) dockerfile.reset();
  rows_.add(ImageBuildRow{owner.job, owner.step, {}, reader_.span(uses_node), dockerfile, path_in("", context.value_or("."))});
  reader_.for_each_entry(with, [&](const GithubReader::Entry& entry) {
    if (!equal_ignoring_ascii_case(entry.name, "build-args")) return;
    const auto text = reader_.text(entry.value);
    std::uint32_t at = 0;
    for (const std::string_view line : split(text.value_or(""), '\n')) {
      const auto begin = static_cast<std::uint32_t>(std::min(line.find_first_not_of(" \t"), line.size()));
      const std::string_view name = name_of(trim(line));
      const ByteRange range{at + begin, at + begin + static_cast<std::uint32_t>(name.size())};
      if (!name.empty() && name.front() != '#' && line.find('=') != line.npos)
        rows_.add(BuildArgumentRow{owner.job, owner.step, reader_.span(entry.value, range), std::string(name), dockerfile});
      at += static_cast<std::uint32_t>(line.size()) + 1;
    }
  });
}

void BuildArgumentRows::add_commands(const std::vector<AddedCommand>& commands, Owner owner, std::string_view folder,
                                     const CommandRows::SpanOf& span) {
  for (const AddedCommand& added : commands) {
    if (added.call == nullptr || added.call->subcommand != "build") continue;
    const std::string_view program = added.call->program;
    if (program != "docker" && program != "podman" && program != "buildah") continue;
    std::optional<std::string> context, file;
    for (const formats::CommandArgument& argument : added.call->arguments.list) {
      if (!argument.value) continue;
      if (!argument.option) context = formats::template_text(*argument.value);
      else if (*argument.option == "-f" || *argument.option == "--file") file = formats::template_text(*argument.value);
    }
    std::optional<std::string> dockerfile;
    if (file) dockerfile = path_in(folder, *file);
    const auto in = context ? path_in(folder, *context) : std::nullopt;
    if (!file && in) dockerfile = file_in(*in);
    rows_.add(ImageBuildRow{owner.job, owner.step, added.id, span(added.call->range), dockerfile, in});
    for (const formats::CommandArgument& argument : added.call->arguments.list) {
      if (argument.option != "--build-arg" || !argument.value) continue;
      const std::string text = formats::template_text(*argument.value);
      const std::string_view name = name_of(text);
      if (name.empty()) continue;
      // Behind quotes the name begins with the first piece of text.
      const std::uint32_t begin = argument.value->parts.empty() ? argument.range.begin : argument.value->parts.front().range.begin;
      rows_.add(BuildArgumentRow{owner.job, owner.step, span({begin, begin + static_cast<std::uint32_t>(name.size())}),
                                 std::string(name), dockerfile});
    }
  }
}

}  // namespace trueup::facts
