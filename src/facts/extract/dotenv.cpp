#include "formats/dotenv.hpp"

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"

namespace trueup::facts {

void extract_dotenv(BlobRows& rows) {
  formats::Dotenv file = formats::parse_dotenv(rows.source());
  DotenvRow row;
  row.span = rows.span(file.entries.empty() ? ByteRange{0, 0} : file.entries.front().name_range);
  row.complete = file.complete;
  rows.add(std::move(row));
  std::int64_t position = 0;
  for (formats::DotenvEntry& entry : file.entries) {
    DotenvEntryRow each;
    each.span = rows.span(entry.value_range);
    each.name_span = rows.span(entry.name_range);
    each.position = position++;
    each.name = std::move(entry.name);
    each.value = std::move(entry.value);
    each.quote = entry.quote == formats::DotenvQuote::none ? "none" : entry.quote == formats::DotenvQuote::single ? "single" : "double";
    each.constant = entry.quote == formats::DotenvQuote::single || (each.value.find('$') == std::string::npos && each.value.find('`') == std::string::npos);
    const LocalId id = rows.add(std::move(each));
    for (const formats::DotenvReference& reference : entry.references) {
      const std::uint32_t name = reference.range.begin + (slice(rows.source(), reference.range).starts_with("${") ? 2 : 1);
      rows.add(DotenvReferenceRow{id, rows.span(reference.range), rows.span({name, name + static_cast<std::uint32_t>(reference.name.size())}), reference.name, reference.has_fallback});
    }
  }
}

}  // namespace trueup::facts
