#include "engine/package_state.hpp"

#include <vector>

#include "engine/helm_state.hpp"
#include "facts/readings.hpp"

namespace trueup::engine {
namespace {

facts::ChartPackageRow row_of(const live::ChartPackageReading& reading) {
  facts::ChartPackageRow row;
  row.oci_repository = reading.asked.repository;
  row.reference = reading.asked.reference;
  row.state = to_string(reading.state);
  row.because = reading.unknown ? reading.unknown->because : reading.evidence;
  row.failed = reading.unknown && reading.unknown->kind == live::UnknownKind::failed;
  row.answer = reading.unknown ? reading.unknown->code : "";
  row.asked_at = reading.from.asked_at;
  row.address = reading.from.address;
  row.packed_bytes = reading.packed_bytes;
  if (reading.state == live::ReadingState::present) row.package = &reading.package;
  return row;
}

}  // namespace

bool PackageState::reads(const TablesRead& tables) {
  return tables.contains("oci_chart_package") || tables.contains("oci_chart_file") || tables.contains("oci_chart_value");
}

bool PackageState::ask(const std::optional<std::set<std::string>>& trusted_hosts) {
  const LiveSources& live = request_.live;
  std::vector<live::ArtifactQuestion> questions;
  std::vector<live::ChartPackageReading> readings;
  bool any = false;
  for (const auto& question : facts::read_package_questions(store_)) {
    if (!asked_.insert(question).second) continue;
    any = true;
    const std::string host = question.first.substr(0, question.first.find('/'));
    live::ArtifactQuestion asked{question.first, question.second, true};
    if (live.registry == nullptr || (trusted_hosts && !trusted_hosts->contains(host) && !(live.is_named_host && live.is_named_host(host)))) {
      live::ChartPackageReading& reading = readings.emplace_back();
      reading.asked = std::move(asked);
      reading.unknown = not_asked(live.registry == nullptr);
    } else {
      questions.push_back(std::move(asked));
    }
  }
  if (!questions.empty()) {
    if (request_.progress) request_.progress("reading packages of charts");
    for (live::ChartPackageReading& reading : live.registry->read_packages(questions)) readings.push_back(std::move(reading));
  }
  store_.begin();
  for (const live::ChartPackageReading& reading : readings) facts::add_reading(store_, row_of(reading));
  store_.commit();
  return any;
}

}  // namespace trueup::engine
