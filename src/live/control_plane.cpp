#include "live/control_plane.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/work_queue.hpp"

namespace trueup::live {

std::string_view to_string(ResourceKind kind) {
  switch (kind) {
    case ResourceKind::application: return "application";
    case ResourceKind::application_set: return "application_set";
    case ResourceKind::project: return "project";
    case ResourceKind::repository: break;
  }
  return "repository";
}

std::string_view shown(ResourceKind kind) { return kind == ResourceKind::application_set ? "application set" : to_string(kind); }

namespace {

class SilentControlPlane final : public ControlPlane {
 public:
  SilentControlPlane(std::string name, std::string source, Unknown why)
      : name_(std::move(name)), source_(std::move(source)), why_(std::move(why)) {}

  const std::string& name() const override { return name_; }
  const std::string& source() const override { return source_; }
  std::string host() const override { return ""; }
  ResourceListReading list(ResourceKind kind) override {
    ResourceListReading reading;
    reading.kind = kind;
    reading.unknown = why_;
    return reading;
  }
  std::vector<ApplicationReading> find(std::span<const ApplicationQuestion> questions) override {
    std::vector<ApplicationReading> readings(questions.size());
    for (std::size_t i = 0; i < questions.size(); ++i) {
      readings[i].asked = questions[i];
      readings[i].unknown = why_;
    }
    return readings;
  }

 private:
  const std::string name_, source_;
  const Unknown why_;
};

}  // namespace

std::vector<ApplicationReading> find_each(std::span<const ApplicationQuestion> questions, const std::string& host,
                                          const std::function<void(ApplicationReading&)>& answer) {
  constexpr unsigned kThreads = 8;
  std::vector<ApplicationReading> readings(questions.size());
  parallel_for(questions.size(), kThreads, [&](std::size_t i) {
    readings[i].asked = questions[i];
    if (i < limits::kMaxApplicationQuestions) {
      answer(readings[i]);
    } else {
      readings[i].unknown = unknown("over_limit", fmt::format("more than {} applications are missing from the list of {}",
                                                              limits::kMaxApplicationQuestions, host));
    }
  });
  return readings;
}

std::unique_ptr<ControlPlane> make_silent_control_plane(std::string name, std::string source, Unknown why) {
  return std::make_unique<SilentControlPlane>(std::move(name), std::move(source), std::move(why));
}

}  // namespace trueup::live
