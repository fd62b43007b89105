// Deployments of Terraform roots that are written down in git: deployments/OWNER/REPO/ROOT/deployment.json, or what the config names.

#include "facts/deployment_record.hpp"
#include "facts/extract/kinds.hpp"
#include "facts/extract/stream_reader.hpp"

namespace trueup::facts {

void extract_deployments(BlobRows& rows) {
  const auto document = parse_stream_json(rows, {"\"revision\"", "\"Revision\""});
  if (!document) return;
  const auto said = [](std::string& text) { return text.empty() ? std::nullopt : std::optional(std::move(text)); };
  std::int64_t position = 0;
  for (DeploymentRecord& record : read_deployment_records(*document)) {
    DeploymentRow row;
    row.span = rows.span((*document)[record.at].span);
    row.position = position++;
    row.deployment_id = said(record.deployment_id);
    row.slug = said(record.slug);
    row.root = said(record.root);
    row.revision = std::move(record.revision);
    row.branch = said(record.branch);
    row.trigger_kind = said(record.trigger_kind);
    row.rerun = record.rerun;
    if (record.locked) row.locked = *record.locked;
    row.status = said(record.status);
    row.deployed_at = said(record.deployed_at);
    rows.add(std::move(row));
  }
}

}  // namespace trueup::facts
