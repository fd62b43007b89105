// Chart.lock, and the requirements.lock of charts of apiVersion v1.

#include "base/text.hpp"
#include "facts/extract/helm_fields.hpp"
#include "facts/extract/kinds.hpp"

namespace trueup::facts {
namespace {

using formats::NodeIndex;

/// Some Python tools write a requirements.lock too: lines of `name==1.2.3`. It is no YAML and no fault.
bool is_python_lock(std::string_view source) {
  bool pins = false;
  for (const std::string_view line : split(source, '\n')) {
    if (line.starts_with("dependencies:") || line.starts_with("digest:")) return false;
    pins = pins || line.find("==") != std::string_view::npos || line.starts_with("-e ");
  }
  return pins;
}

}  // namespace

void extract_chart_lock(BlobRows& rows) {
  if (is_python_lock(rows.source())) {
    rows.state = BlobState::unread;
    rows.because = "a lock file of Python packages";
    return;
  }
  const auto document = parse_yaml_into(rows);
  if (!document || !document->is_mapping(document->root())) return;
  HelmFields fields(*document);
  const NodeIndex root = document->root(), digest = fields.field(root, "digest");
  ChartLockRow lock;
  lock.span = span_of_first(rows, *document, root, {digest});
  lock.digest = fields.text(digest);
  lock.generated = fields.text(fields.field(root, "generated"));
  lock.locked = formats::kMissingDependencies;
  const NodeIndex list = fields.field(root, "dependencies");
  if (document->is_sequence(list)) {
    std::vector<formats::ChartDependency> dependencies;
    for (const NodeIndex entry : fields.entries(list)) {
      dependencies.push_back(fields.dependency(entry));
      if (fields.is_spent()) break;
      if (!rows.wants(Table::chart_lock_entry)) continue;
      const NodeIndex name = fields.field(entry, "name"), version = fields.field(entry, "version");
      ChartLockEntryRow row;
      row.span = span_of_first(rows, *document, entry, {version, name});
      row.position = (*document)[entry].position;
      row.name = fields.text(name);
      row.version = fields.text(version);
      row.repository_url = fields.text(fields.field(entry, "repository"));
      rows.add(std::move(row));
    }
    lock.locked = formats::canonical_dependencies(dependencies);
  }
  rows.add(std::move(lock));
  if (fields.is_spent()) give_up(rows, (*document)[root].span, kTooManyAliases);
}

}  // namespace trueup::facts
