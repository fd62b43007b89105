#include "engine/case_streams.hpp"

namespace trueup::engine {
namespace {

class CaseStreams final : public live::StreamSource {
 public:
  CaseStreams(const std::string& name, const CaseWorkspace& workspace) : name_(name), source_("cloud.example"), workspace_(workspace) {}

  const std::string& name() const override { return name_; }
  const std::string& source() const override { return source_; }
  std::string host() const override { return source_; }

  std::vector<live::StreamListReading> read(const std::string& workspace) override {
    std::vector<live::StreamListReading> readings;
    if (!workspace_.unknown.empty()) {
      readings = live::make_silent_stream_source(name_, source_, live::unknown("timed_out", workspace_.unknown))->read(workspace);
    } else {
      live::StreamDump dump{name_, source_, {{"processors.json", workspace_.processors}, {"connections.json", workspace_.connections}}, {}, !workspace_.incomplete, {}};
      readings = live::make_stream_dump(std::move(dump))->read(workspace);
      live::StreamListReading& itself = readings.front();
      itself.unknown.reset();
      itself.complete = true;
      itself.state = workspace_.absent ? live::ReadingState::absent : live::ReadingState::present;
      if (workspace_.absent)
        for (live::StreamListReading& each : readings) each = {each.kind, live::ReadingState::absent, {}, "the project has others", true, {}, {}};
      else
        itself.items = {"{\"name\": \"" + workspace + "\", \"streamConfig\": {\"tier\": \"" + workspace_.tier + "\", \"maxTierSize\": \"" + workspace_.max_tier + "\"}}"};
    }
    for (live::StreamListReading& each : readings)
      each.from = {"https://cloud.example/api/atlas/v2/groups/1/streams/" + workspace + "/x", "2026-01-01T00:00:00Z", false};
    return readings;
  }

 private:
  const std::string name_, source_;
  const CaseWorkspace workspace_;
};

}  // namespace

CaseWorkspace read_case_workspace(const formats::Document& document, formats::NodeIndex node) {
  const auto text = [&](std::string_view key) { return std::string(document.text(document.child(node, key)).value_or("")); };
  CaseWorkspace result;
  result.tier = text("tier");
  result.max_tier = text("max_tier");
  result.unknown = text("unknown");
  if (const auto written = text("processors"); !written.empty()) result.processors = written;
  if (const auto written = text("connections"); !written.empty()) result.connections = written;
  result.absent = text("absent") == "true";
  result.incomplete = text("incomplete") == "true";
  return result;
}

std::unique_ptr<live::StreamSource> make_case_streams(const std::string& name, const CaseWorkspace& workspace) {
  return std::make_unique<CaseStreams>(name, workspace);
}

}  // namespace trueup::engine
