#include "facts/extract/suppressions.hpp"

#include "base/limits.hpp"
#include "facts/extract/document_rows.hpp"
#include "formats/suppression.hpp"

namespace trueup::facts {

void add_suppressions(BlobRows& rows) {
  bool cut = false;
  const auto text_or_null = [](std::string_view text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
  };
  for (const formats::Suppression& found : formats::find_suppressions(rows.source(), &cut)) {
    SuppressionRow row;
    row.span = rows.span(found.bytes);
    row.line = found.line;
    row.reason = text_or_null(found.reason);
    row.until = text_or_null(found.until);
    row.owner = text_or_null(found.owner);
    row.problem = text_or_null(found.problem);
    const LocalId suppression = rows.add(std::move(row));
    for (const std::string_view rule : found.rules) {
      const auto begin = static_cast<std::uint32_t>(rule.data() - rows.source().data());
      rows.add(SuppressionRuleRow{suppression, rows.span({begin, begin + static_cast<std::uint32_t>(rule.size())}), std::string(rule)});
    }
  }
  if (cut) give_up(rows, {0, 0}, "it holds more than " + std::to_string(limits::kMaxSuppressions) + " suppressions");
}

}  // namespace trueup::facts
