#include "live/forge.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace trueup::live {

namespace {

constexpr std::array<std::string_view, 11> kListKinds = {"pull_request", "pull_request_comment", "workflow_run", "release", "tag",
                                                        "required_check", "secret", "variable", "environment", "app", "label_event"};

class SilentForge final : public Forge {
 public:
  SilentForge(ForgeKind kind, std::string host, Unknown why) : kind_(kind), host_(std::move(host)), why_(std::move(why)) {}

  ForgeKind kind() const override { return kind_; }
  const std::string& host() const override { return host_; }
  std::vector<ForgeRepositoryReading> repositories(std::span<const std::string> slugs) override {
    std::vector<ForgeRepositoryReading> readings(slugs.size());
    for (std::size_t i = 0; i < slugs.size(); ++i) {
      readings[i].slug = slugs[i];
      readings[i].unknown = why_;
    }
    return readings;
  }
  std::vector<ForgeListReading> lists(std::span<const ForgeListQuestion> questions) override {
    std::vector<ForgeListReading> readings(questions.size());
    for (std::size_t i = 0; i < questions.size(); ++i) {
      readings[i].asked = questions[i];
      readings[i].unknown = why_;
    }
    return readings;
  }

 private:
  const ForgeKind kind_;
  const std::string host_;
  const Unknown why_;
};

}  // namespace

std::string_view to_string(ForgeKind kind) { return kind == ForgeKind::gitlab ? "gitlab" : "github"; }

std::string_view to_string(ForgeListKind kind) { return kListKinds[static_cast<std::size_t>(kind)]; }

std::optional<ForgeListKind> forge_list_kind(std::string_view name) {
  const auto found = std::ranges::find(kListKinds, name);
  if (found == kListKinds.end()) return std::nullopt;
  return static_cast<ForgeListKind>(found - kListKinds.begin());
}

std::unique_ptr<Forge> make_silent_forge(ForgeKind kind, std::string host, Unknown why) {
  return std::make_unique<SilentForge>(kind, std::move(host), std::move(why));
}

}  // namespace trueup::live
