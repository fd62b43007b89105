#include "facts/live_deployments.hpp"

#include "facts/deployment_record.hpp"
#include "facts/row_writer.hpp"
#include "facts/statement.hpp"
#include "formats/json.hpp"

namespace trueup::facts {

void add_deployment_store(Store& store, std::string_view name, std::string_view source) {
  add_row(store, "deployment_store", {std::string(name), std::string(source)});
}

void add_reading(Store& store, const DeploymentListRow& row) {
  add_row(store, "deployment_list", {row.deployment_store, row.state, cell(row.because), std::int64_t{row.failed}, cell(row.answer), std::int64_t{row.complete},
                                     row.asked_at, row.address});
}

std::vector<AddedDeployment> add_readings(Store& store, const DeploymentListRow& list, const std::vector<std::pair<std::string, std::string>>& documents) {
  constexpr std::size_t kShort = 10;
  store.create_table("live_deployment");
  Statement insert(store.database(), "INSERT INTO live_deployment VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  std::vector<AddedDeployment> added;
  for (const auto& [name, json] : documents) {
    const formats::Document document = formats::parse_json(json);
    std::int64_t position = 0;
    for (const DeploymentRecord& record : read_deployment_records(document)) {
      insert.bind(1, list.deployment_store).bind(2, name).bind(3, position++).bind_or_null(4, record.deployment_id).bind_or_null(5, record.slug);
      insert.bind_or_null(6, record.root).bind(7, record.revision).bind_or_null(8, record.branch).bind_or_null(9, record.trigger_kind);
      insert.bind(10, std::int64_t{record.rerun}).bind(11, record.locked ? std::optional(std::int64_t{*record.locked}) : std::nullopt);
      insert.bind_or_null(12, record.status).bind_or_null(13, record.deployed_at).bind(14, list.asked_at).bind(15, list.address).run();
      added.push_back({record.root.empty() ? name : record.slug + " " + record.root,
                       record.revision.substr(0, kShort) + (record.trigger_kind.empty() ? "" : ", " + record.trigger_kind)});
    }
  }
  return added;
}

}  // namespace trueup::facts
