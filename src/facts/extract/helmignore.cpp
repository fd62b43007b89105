// .helmignore: what Helm keeps out of a chart when it loads or packages it.

#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/helm_ignore.hpp"

namespace trueup::facts {
namespace {

constexpr std::uint32_t kMaxPatterns = 10'000;

}  // namespace

void extract_helmignore(BlobRows& rows) {
  if (!rows.wants(Table::helmignore_pattern)) return;
  std::uint32_t position = 0;
  for (const ByteRange line : formats::helm_ignore_lines(rows.source())) {
    if (position == kMaxPatterns) return give_up(rows, line, "it holds more than 10,000 patterns");
    const std::string_view text = slice(rows.source(), line);
    HelmignorePatternRow row;
    row.position = position++;
    row.pattern = text;
    row.span = rows.span(line);
    if (const auto pattern = formats::HelmIgnorePattern::parse(text)) {
      row.negated = pattern->is_negated();
    } else {
      ByteRange at = pattern.error().at.value_or(ByteRange{0, 0});
      if (text.substr(at.begin).starts_with("**")) at.end = at.begin + 2;
      row.problem = pattern.error().message;
      row.problem_span = rows.span({line.begin + at.begin, line.begin + at.end});
    }
    rows.add(std::move(row));
  }
}

}  // namespace trueup::facts
