#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/hcl.hpp"

namespace trueup::facts {
namespace {

constexpr std::size_t kMaxValueBytes = 64u << 10;

std::string_view to_string(formats::HclKind kind) {
  switch (kind) {
    case formats::HclKind::string: return "string";
    case formats::HclKind::number: return "number";
    case formats::HclKind::boolean: return "boolean";
    case formats::HclKind::null_value: return "null";
    case formats::HclKind::unknown: break;
  }
  return "unknown";
}

}  // namespace

void extract_terraform(BlobRows& rows) {
  const formats::HclFile file = formats::parse_hcl(rows.source());
  if (file.problem) {
    rows.because = file.problem->message;
    rows.state = file.problem->fault == Fault::over_limit ? BlobState::over_limit : BlobState::malformed;
    const SpanRef span = rows.span(file.problem->at.value_or(ByteRange{}));
    if (rows.state == BlobState::over_limit) rows.add(LimitHitRow{span, file.problem->message});
    else rows.add(SyntaxErrorRow{span, file.problem->message, looks_like_template(rows.source())});
    return;
  }
  std::vector<LocalId> ids;
  ids.reserve(file.blocks.size());
  for (const formats::HclBlock& block : file.blocks) {
    TerraformBlockRow row;
    if (block.parent != formats::kNoBlock) row.parent = ids[block.parent];
    row.span = rows.span(block.type_range);
    row.type = block.type;
    if (!block.labels.empty()) row.label = block.labels[0].text;
    if (block.labels.size() > 1) row.name = block.labels[1].text;
    ids.push_back(rows.add(std::move(row)));
  }
  for (const formats::HclAttribute& attribute : file.attributes) {
    TerraformAttributeRow row;
    if (attribute.block != formats::kNoBlock) row.terraform_block = ids[attribute.block];
    row.span = rows.span(attribute.range);
    row.name_span = rows.span(attribute.name_range);
    row.name = attribute.name;
    row.kind = to_string(attribute.kind);
    if (attribute.kind != formats::HclKind::unknown && attribute.kind != formats::HclKind::null_value && attribute.text.size() <= kMaxValueBytes) row.value = attribute.text;
    // A module beside this one: whether its folder is there can only be told if the folder is looked for.
    if (attribute.name == "source" && row.value && row.value->starts_with('.') && attribute.block != formats::kNoBlock && file.blocks[attribute.block].type == "module")
      rows.add(PathMentionRow{{}, {}, row.span, "file", *row.value, "module", 0});
    rows.add(std::move(row));
  }
}

}  // namespace trueup::facts
