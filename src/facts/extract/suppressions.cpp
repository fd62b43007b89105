#include "facts/extract/suppressions.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "formats/dotenv.hpp"
#include "formats/hcl.hpp"
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

/// Of each line of a go.mod what stands behind `//`: it has no texts in which that could mean something else.
std::vector<ByteRange> go_module_comments(std::string_view source) {
  std::vector<ByteRange> comments;
  for (std::size_t at = source.find("//"); at != source.npos; at = source.find("//", at)) {
    const std::size_t end = std::min(source.find_first_of("\r\n", at), source.size());
    comments.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)});
    at = end;
  }
  return comments;
}

/// Comments of Markdown and reStructuredText that begin their line, or stand behind its text. What is in code shows how one is written.
std::vector<ByteRange> prose_comments(std::string_view source) {
  std::vector<ByteRange> comments;
  std::string_view fence;
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t end = std::min(source.find('\n', at), source.size());
    const std::string_view line = source.substr(at, end - at), said = trim(line);
    const std::size_t begin = at, open = line.find("<!--");
    at = end + 1;
    if (fence.empty() ? said.starts_with("```") || said.starts_with("~~~") : said.starts_with(fence)) {
      fence = fence.empty() ? said.substr(0, 3) : std::string_view();
      continue;
    }
    if (!fence.empty() || line.starts_with("    ") || line.starts_with('\t')) continue;
    if (said.starts_with(".. ")) {
      comments.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + line.size())});
    } else if (open != line.npos && std::ranges::count(line.substr(0, open), '`') % 2 == 0) {
      const std::size_t close = source.find("-->", begin + open);
      if (close == source.npos) break;
      comments.push_back({static_cast<std::uint32_t>(begin + open), static_cast<std::uint32_t>(close + 3)});
      at = std::max(at, std::min(source.find('\n', close), source.size()));
    }
  }
  return comments;
}

std::vector<formats::Suppression> found_in(std::string_view source, Comments comments, bool& cut) {
  if (!formats::may_hold_suppressions(source)) return {};
  if (comments == Comments::hcl) return formats::find_suppressions(source, formats::parse_hcl(source).comments, &cut);
  if (comments == Comments::go_module) return formats::find_suppressions(source, go_module_comments(source), &cut);
  if (comments == Comments::prose) return formats::find_suppressions(source, prose_comments(source), &cut);
  return formats::find_suppressions(source, &cut);
}

}  // namespace

void add_suppressions(BlobRows& rows, Comments comments) {
  bool cut = false;
  if (comments == Comments::none) return;
  std::vector<formats::Suppression> all = found_in(rows.source(), comments, cut);
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
