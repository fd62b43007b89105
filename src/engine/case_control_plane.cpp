#include "engine/case_control_plane.hpp"

namespace trueup::engine {
namespace {

class WholePlane final : public live::ControlPlane {
 public:
  explicit WholePlane(std::unique_ptr<live::ControlPlane> plane) : plane_(std::move(plane)) {}
  const std::string& name() const override { return plane_->name(); }
  const std::string& source() const override { return plane_->source(); }
  std::string host() const override { return plane_->host(); }
  live::Client client() const override { return plane_->client(); }
  live::ResourceListReading list(live::ResourceKind kind) override {
    live::ResourceListReading reading = plane_->list(kind);
    reading.complete = reading.state == live::ReadingState::present;
    return reading;
  }
  std::vector<live::ApplicationReading> find(std::span<const live::ApplicationQuestion> wanted) override { return plane_->find(wanted); }

 private:
  std::unique_ptr<live::ControlPlane> plane_;
};

}  // namespace

std::unique_ptr<live::ControlPlane> make_whole_plane(std::unique_ptr<live::ControlPlane> plane) {
  return std::make_unique<WholePlane>(std::move(plane));
}

}  // namespace trueup::engine
