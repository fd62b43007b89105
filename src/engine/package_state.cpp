#include "engine/package_state.hpp"

#include <vector>

#include "facts/readings.hpp"

namespace trueup::engine {
namespace {

constexpr std::string_view kKnownValues = "oci_chart_known_value";

facts::ChartPackageRow row_of(const live::ChartPackageReading& reading) {
  facts::ChartPackageRow row;
  row.oci_repository = reading.asked.repository;
  row.reference = reading.asked.reference;
  fill(row, reading);
  row.packed_bytes = reading.packed_bytes;
  if (reading.state == live::ReadingState::present) row.package = &reading.package;
  return row;
}

}  // namespace

bool PackageState::reads(const TablesRead& tables) {
  return tables.contains("oci_chart_package") || tables.contains("oci_chart_file") || tables.contains("oci_chart_value") || tables.contains(kKnownValues);
}

bool PackageState::ask(const TrustedHosts& trusted_hosts, const TablesRead& tables) {
  const LiveSources& live = request_.live;
  std::vector<live::ArtifactQuestion> questions;
  std::vector<live::ChartPackageReading> readings;
  const bool with_known_values = tables.contains(kKnownValues);
  for (const auto& question : facts::read_package_questions(store_)) {
    if (!asked_.insert(question).second) continue;
    const std::string host = host_of_repository(question.first);
    live::ArtifactQuestion asked{question.first, question.second, true};
    if (live.registry == nullptr || !may_ask(live, trusted_hosts, host)) {
      live::ChartPackageReading& reading = readings.emplace_back();
      reading.asked = std::move(asked);
      reading.unknown = not_asked(live.registry == nullptr);
    } else {
      questions.push_back(std::move(asked));
    }
  }
  if (!questions.empty()) {
    if (request_.progress) request_.progress("reading packages of charts");
    for (live::ChartPackageReading& reading : live.registry->read_packages(questions, with_known_values)) readings.push_back(std::move(reading));
  }
  store_.begin();
  for (const live::ChartPackageReading& reading : readings) {
    facts::ChartPackageRow row = row_of(reading);
    row.with_known_values = with_known_values;
    facts::add_reading(store_, row);
  }
  store_.commit();
  return !questions.empty();
}

}  // namespace trueup::engine
