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
}

}  // namespace trueup::facts
