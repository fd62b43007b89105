#include "formats/dockerfile.hpp"

#include <algorithm>

#include "facts/extract/kinds.hpp"

namespace trueup::facts {

void extract_dockerfile(BlobRows& rows) {
  const std::string_view text = rows.source();
  const formats::Dockerfile file = formats::parse_dockerfile(text);
  const auto first_line = static_cast<std::uint32_t>(std::min(text.find('\n'), text.size()));
  DockerfileRow row;
  row.span = rows.span(file.stages.empty() ? ByteRange{0, first_line} : file.stages.front().range);
  row.syntax = file.syntax;
  const LocalId dockerfile = rows.add(std::move(row));
  for (const formats::DockerArgument& argument : file.arguments)
    rows.add(DockerfileArgumentRow{dockerfile, rows.span(argument.range), argument.name, argument.default_value,
                                   argument.stage});
  std::int64_t number = 0;
  for (const formats::DockerStage& stage : file.stages)
    rows.add(DockerfileStageRow{dockerfile, rows.span(stage.range), ++number, stage.image, stage.name, stage.platform, stage.filled,
                                stage.undeclared});
  for (const formats::DockerCopy& copy : file.copies) {
    const SpanRef span = rows.span(copy.range);
    rows.add(DockerfileCopyRow{dockerfile, span, copy.stage, copy.add ? "add" : "copy", copy.source, copy.destination, copy.from,
                               copy.constant});
    if (copy.from || !copy.constant) continue;
    // The context is the repository's root or the Dockerfile's folder, nearly always.
    std::string_view path = copy.source;
    while (path.starts_with('/')) path.remove_prefix(1);
    if (path.empty() || path == "." || path == "./") continue;
    for (const char* from : {"root", "file"}) rows.add(PathMentionRow{{}, {}, span, from, std::string(path), "copy_source", 0});
  }
}

}  // namespace trueup::facts
