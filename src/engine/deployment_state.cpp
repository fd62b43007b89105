#include "engine/deployment_state.hpp"

#include <utility>

#include "facts/live_deployments.hpp"

namespace trueup::engine {

bool DeploymentState::reads(const TablesRead& tables) { return tables.contains("deployment_list") || tables.contains("live_deployment"); }

bool DeploymentState::ask() {
  if (std::exchange(asked_, true) || request_.live.deployments.empty()) return false;
  if (request_.progress) request_.progress("reading deployments");
  for (live::DeploymentSource* source : request_.live.deployments) {
    const live::DeploymentListReading reading = source->read();
    facts::DeploymentListRow row;
    row.deployment_store = source->name();
    row.complete = reading.complete;
    fill(row, reading);
    store_.begin();
    live::ReadingState state = reading.state;
    const auto records = facts::add_readings(store_, row, reading.documents);
    for (const facts::AddedDeployment& added : records) deployments_.push_back({row.address + " (" + added.name + ")", row.asked_at, "present", added.said});
    // An error that is told with 200, or records of another shape: nothing of it says what is deployed.
    if (state == live::ReadingState::present && records.empty()) {
      state = live::ReadingState::unknown;
      row.state = to_string(state);
      row.because = row.address + " holds no record of a deployment: one has a revision, and says of which root it is";
      row.failed = true;
      row.answer = "malformed";
      row.complete = false;
    }
    facts::add_reading(store_, row);
    lists_.push_back(place_of(row));
    store_.commit();
    counts_.count(source->host().empty() ? source->source() : source->host(), state);
  }
  return true;
}

std::vector<std::string> DeploymentState::plan() const {
  std::vector<std::string> lines;
  for (const live::DeploymentSource* source : request_.live.deployments) lines.push_back("deployments of " + source->name() + " (" + source->source() + ")");
  return lines;
}

const rules::LivePlace* DeploymentState::place(std::int64_t table, std::int64_t id) const {
  if (table != 0 || id < 2) return nullptr;
  return place_at(id % 2 == 0 ? lists_ : deployments_, id / 2);
}

}  // namespace trueup::engine
