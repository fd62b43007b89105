#include "live/dump.hpp"

#include <array>
#include <cstddef>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "formats/json.hpp"
#include "formats/resource_list.hpp"
#include "live/base64.hpp"
#include "live/oci_lists.hpp"

namespace trueup::live {

namespace {

std::optional<ResourceKind> kind_named(std::string_view kind) {
  if (kind == "Application") return ResourceKind::application;
  if (kind == "ApplicationSet") return ResourceKind::application_set;
  if (kind == "AppProject") return ResourceKind::project;
  return std::nullopt;
}

/// `argocd … list -o json` leaves out the kind; its lists hold one kind each.
std::optional<ResourceKind> kind_by_look(std::string_view object) {
  const formats::Document document = formats::parse_json(object);
  const auto spec = document.child(document.root(), "spec");
  if (!document.problem() && document.child(document.root(), "repo") != formats::kNoNode) return ResourceKind::repository;
  if (document.problem() || !document.is_mapping(spec)) return std::nullopt;
  if (document.child(spec, "generators") != formats::kNoNode) return ResourceKind::application_set;
  if (document.child(spec, "destination") != formats::kNoNode) return ResourceKind::application;
  return ResourceKind::project;
}

/// A Secret that ArgoCD keeps a repository in, as its own API shows one: what opens it is left behind here. Nothing for any other.
std::optional<std::string> repository_in_secret(std::string_view object) {
  const formats::Document document = formats::parse_json(object);
  const auto metadata = document.child(document.root(), "metadata"), encoded = document.child(document.root(), "data"), plain = document.child(document.root(), "stringData");
  if (document.problem() || document.text(document.child(document.child(metadata, "labels"), "argocd.argoproj.io/secret-type")) != "repository") return std::nullopt;
  nlohmann::json repository;
  for (const auto& [key, shown_as] : {std::pair{"url", "repo"}, {"type", "type"}, {"name", "name"}, {"project", "project"}}) {
    std::optional<std::string> value;
    if (const auto text = document.text(document.child(encoded, key))) value = base64_decode(*text);
    if (const auto text = document.text(document.child(plain, key))) value = std::string(*text);
    if (value) repository[shown_as] = *std::move(value);
  }
  if (!repository.contains("repo")) return std::nullopt;
  return repository.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class DumpReader final : public ControlPlane {
 public:
  explicit DumpReader(Dump dump) : dump_(std::move(dump)) {}

  const std::string& name() const override { return dump_.name; }
  const std::string& source() const override { return dump_.label; }
  std::string host() const override { return ""; }
  Client client() const override { return {"kubectl", dump_.context}; }

  ResourceListReading list(ResourceKind kind) override {
    ResourceListReading reading;
    reading.kind = kind;
    reading.from = {dump_.label, dump_.read_at, false};
    read();
    if (problem_) {
      reading.unknown = unknown("malformed", *problem_);
      return reading;
    }
    Objects& held = objects(kind);
    if (!held.seen) {
      reading.unknown = unknown("not_in_dump", fmt::format("{} holds no {}", dump_.label, shown(kind)));
      return reading;
    }
    reading.state = ReadingState::present;
    {
      const std::lock_guard lock(guard_);
      reading.items = std::exchange(held.texts, {});
    }
    reading.evidence = counted(reading.items.size(), shown(kind));
    reading.complete = dump_.complete && !is_page_;
    if (is_page_) reading.incomplete_because = dump_.label + " holds the first page of a list: metadata.continue says that there are more";
    else if (!reading.complete)
      reading.incomplete_because = dump_.label + " may hold a part only; `complete: true` in the config says that it is whole";
    return reading;
  }

  std::vector<ApplicationReading> find(std::span<const ApplicationQuestion> questions) override {
    read();
    std::vector<ApplicationReading> readings;
    for (const ApplicationQuestion& question : questions) {
      ApplicationReading& reading = readings.emplace_back();
      reading.asked = question;
      reading.from = {dump_.label, dump_.read_at, false};
      reading.unknown = problem_ ? unknown("malformed", *problem_)
                                 : unknown("not_in_dump", fmt::format("{} holds no application {}; it may hold a part only: "
                                                                      "`complete: true` in the config says that it is whole",
                                                                      dump_.label, question.name));
    }
    return readings;
  }

 private:
  struct Objects {
    bool seen = false;  ///< also after they were given away
    std::vector<std::string> texts;
  };
  Objects& objects(ResourceKind kind) { return objects_.at(static_cast<std::size_t>(kind)); }
  void add(ResourceKind kind, std::string text) {
    objects(kind).seen = true;
    objects(kind).texts.push_back(std::move(text));
  }

  /// Once, by whoever asks first.
  void read() {
    std::call_once(once_, [this] {
      if (dump_.read) dump_.read(dump_);
      problem_ = dump_.problem;
      for (auto& [file, text] : dump_.texts) {
        if (!problem_) take(file, text);
        std::string().swap(text);
      }
    });
  }

  void take(const std::string& file, const std::string& text) {
    auto list = formats::split_resources(text);
    if (!list) {
      problem_ = fmt::format("{} cannot be read: {}", file.empty() ? dump_.label : file, list.error().message);
      return;
    }
    if (!list->continue_token.empty()) is_page_ = true;
    std::optional<ResourceKind> unnamed;
    for (formats::ResourceObject& object : list->items) {
      if (object.kind == "Secret") {
        if (auto repository = repository_in_secret(object.text)) add(ResourceKind::repository, *std::move(repository));
        continue;
      }
      std::optional<ResourceKind> kind = kind_named(object.kind);
      if (object.kind.empty()) {
        if (!unnamed) unnamed = kind_by_look(object.text);
        kind = unnamed;
        if (!kind) {
          problem_ = fmt::format("{} holds something that is no object of Kubernetes", file.empty() ? dump_.label : file);
          return;
        }
      }
      if (kind) add(*kind, std::move(object.text));
    }
  }

  Dump dump_;
  std::optional<std::string> problem_;
  bool is_page_ = false;  ///< a list says of itself that it goes on elsewhere
  std::once_flag once_;
  std::mutex guard_;      ///< of texts, which are given away
  std::array<Objects, kResourceKinds> objects_;  ///< by kind
};

}  // namespace

std::unique_ptr<ControlPlane> make_dump(Dump dump) { return std::make_unique<DumpReader>(std::move(dump)); }

}  // namespace trueup::live
