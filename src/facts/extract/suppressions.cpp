#include "facts/extract/suppressions.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "facts/extract/document_rows.hpp"
#include "formats/dotenv.hpp"
#include "formats/suppression.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

/// Leaves only what stands in no scalar. Nodes and suppressions are in order of the text.
void drop_text(std::vector<formats::Suppression>& all, const formats::Document& document) {
  std::vector<formats::Suppression> comments;
  formats::NodeIndex node = 0;
  const auto size = static_cast<formats::NodeIndex>(document.size());
  const auto ends_before = [&](std::uint32_t at) {
    return document[node].kind != formats::NodeKind::scalar || document[node].span.end <= at;
  };
  for (formats::Suppression& found : all) {
    while (node < size && ends_before(found.bytes.begin)) ++node;
    if (node == size || document[node].span.begin > found.bytes.begin) comments.push_back(std::move(found));
  }
  all = std::move(comments);
}

/// Leaves only what stands in no value that has quotes.
void drop_quoted(std::vector<formats::Suppression>& all, const formats::Dotenv& file) {
  std::erase_if(all, [&](const formats::Suppression& found) {
    return std::ranges::any_of(file.entries, [&](const formats::DotenvEntry& entry) {
      return entry.quote != formats::DotenvQuote::none && entry.value_range.begin <= found.bytes.begin && found.bytes.begin < entry.value_range.end;
    });
  });
}

}  // namespace

void add_suppressions(BlobRows& rows, Comments comments) {
  bool cut = false;
  if (comments == Comments::none) return;
  std::vector<formats::Suppression> all = formats::find_suppressions(rows.source(), &cut);
  if (all.empty()) return;
  if (comments == Comments::outside_quotes) drop_quoted(all, formats::parse_dotenv(rows.source()));
  if (comments == Comments::outside_scalars) drop_text(all, formats::parse_yaml(rows.source()));
  const auto text_or_null = [](std::string_view text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
  };
  for (const formats::Suppression& found : all) {
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
