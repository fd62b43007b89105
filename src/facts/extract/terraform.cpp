#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/hcl.hpp"
#include "formats/path_join.hpp"
#include "formats/remote_url.hpp"
#include "formats/terraform_json.hpp"

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

/// A source of a module that leads into a git repository: git::https://host/owner/name.git//folder?ref=v1, github.com/owner/name,
/// git@host:owner/name.git. Nothing for folders, registries, archives, and what other ways of fetching (s3::, hg::) mean.
std::optional<ModuleSourceRow> module_source(BlobRows& rows, std::string_view source, ByteRange range) {
  constexpr std::array<std::string_view, 2> kHosts = {"github.com/", "bitbucket.org/"};
  const bool as_written = slice(rows.source(), range) == source;  // escapes would move what stands in it
  const auto part = [&](std::string_view text) -> SpanRef {
    if (!as_written) return {};
    const auto begin = range.begin + static_cast<std::uint32_t>(text.data() - source.data());
    return rows.span({begin, begin + static_cast<std::uint32_t>(text.size())});
  };
  const std::size_t question = source.find('?');
  std::string_view address = source.substr(0, question);
  const bool forced = address.starts_with("git::");
  if (forced) address.remove_prefix(std::string_view("git::").size());
  const std::size_t scheme = address.find("://"), from = scheme == address.npos ? 0 : scheme + 3;
  const std::size_t inner = address.find("//", from);
  const std::string_view folder = inner == address.npos ? std::string_view() : address.substr(inner + 2);
  const std::string_view place = address.substr(0, inner);
  const bool shorthand = std::ranges::any_of(kHosts, [&](std::string_view host) { return place.starts_with(host); });
  const bool is_ssh = scheme == address.npos && place.find('@') != place.npos && place.find(':') != place.npos;
  if (!forced && !shorthand && !is_ssh) return std::nullopt;
  const auto remote = formats::parse_remote_url(shorthand ? "https://" + std::string(place) : std::string(place));
  if (!remote || place.find('$') != place.npos || (shorthand && std::ranges::count(remote->slug, '/') != 1)) return std::nullopt;
  ModuleSourceRow row;
  row.host = remote->host;
  row.slug = remote->slug;
  const auto clean = formats::join_path("", folder);
  if (!clean) return std::nullopt;
  row.folder = *clean;
  if (!folder.empty()) row.folder_span = part(folder);
  if (question != source.npos)
    for (const std::string_view pair : split(source.substr(question + 1), '&'))
      if (pair.starts_with("ref=") && pair.size() > 4) {
        // A query is written with escapes: release%2F1.0.
        row.ref = replace_all(replace_all(pair.substr(4), "%2F", "/"), "%2f", "/");
        row.ref_span = part(pair.substr(4));
      }
  row.span = rows.span(range);
  return row;
}

}  // namespace

void extract_terraform(BlobRows& rows) {
  // No file of the native syntax begins with a brace, and each of the other one does.
  const std::size_t first = rows.source().find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && rows.source()[first] == '{';
  const auto document = is_json ? parse_json_into(rows) : std::nullopt;
  if (is_json && !document) return;
  const formats::HclFile file = is_json ? formats::read_terraform_json(*document) : formats::parse_hcl(rows.source());
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
    const bool of_module = attribute.name == "source" && row.value && attribute.block != formats::kNoBlock && file.blocks[attribute.block].type == "module";
    if (of_module && rows.wants(Table::module_source))
      if (auto source = module_source(rows, *row.value, attribute.range)) {
        source->terraform_block = ids[attribute.block];
        rows.add(*std::move(source));
      }
    rows.add(std::move(row));
  }
}

}  // namespace trueup::facts
