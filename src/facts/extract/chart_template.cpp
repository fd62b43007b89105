// Templates of charts: not what they render, but which values they name.

#include <set>
#include <utility>

#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/template_values.hpp"

namespace trueup::facts {
namespace {

constexpr std::size_t kMaxReads = 10'000;

}  // namespace

void extract_chart_template(BlobRows& rows) {
  if (!rows.wants(Table::chart_template_value)) return;
  formats::TemplateValues values = formats::read_template_values(rows.source());
  if (values.all) values.reads.push_back({});
  std::set<std::pair<std::string_view, bool>> seen;
  for (const auto& read : values.reads) {
    if (!seen.emplace(read.pointer, read.guards).second) continue;
    if (seen.size() > kMaxReads) return give_up(rows, read.range, "it names more than 10,000 values");
    ChartTemplateValueRow row;
    row.span = rows.span(read.range);
    row.pointer = read.pointer;
    row.guards = read.guards;
    rows.add(std::move(row));
  }
}

}  // namespace trueup::facts
