#include "engine/ring_promise.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "formats/path_glob.hpp"
#include "formats/yaml.hpp"
#include "rules/loading/rule_folder.hpp"

namespace trueup::engine {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

/// What each preset says where the config does not.
struct Preset {
  std::string_view name, text;
};
constexpr auto kPresets = std::to_array<Preset>({{"cohort-rings", R"(
branches: "ring-*"
label: "cohort:<source>:<key>:<value>"
sources: [github]
keys: [path]
limit: 20
behind: 14d
behind_commits: 50
pull_request_within: 3d
label_within: 7d
delete_within: 14d
clean_up_within: 3d
not_delivered: ["helm/**", "charts/**"]
time_outs: {sync_delay: 5m, sync: 60m, replica: 15m, least: 15m, most: 120m}
comments: {triggered: "Ring Release Triggered", result: "Service Release Result", success: "(?i)\\b(success|succeeded|successful|completed)\\b"}
services:
  each: {application: "{tenant}", tag: "{commit:7}", release: pr-label-release.yml, clean_up: pr-close-release.yml}
)"}});

std::string_view preset_text(std::string_view name) {
  const auto found = std::ranges::find(kPresets, name, &Preset::name);
  return found == kPresets.end() ? std::string_view() : found->text;
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0 ? std::optional(number) : std::nullopt;
}

/// The config's own document, and the preset's behind it.
class RingReader {
 public:
  RingReader(const Document& own, const Document& preset, NodeIndex ring) : own_(own), preset_(preset), ring_(own.resolved(ring)) {}

  RingPromise read() const {
    RingPromise promise;
    if (const NodeIndex first = own_[ring_].first_child; first != kNoNode) promise.at = own_[own_[first].key].span;
    promise.preset = text({"preset"}).text;
    promise.cohorts = text({"cohorts"}, promise.at);
    promise.label = text({"label"}, promise.at);
    promise.branches = text({"branches"}).text;
    promise.sources = texts("sources", promise.at);
    promise.keys = texts("keys", promise.at);
    promise.test_cohorts = texts("test_cohorts", promise.at);
    promise.cohort_order = texts("order", promise.at);
    promise.not_delivered = texts("not_delivered", promise.at);
    const NodeIndex sync = own_.child(ring_, "sync");
    for (const NodeIndex each : own_.children(sync))
      promise.sync.push_back({std::string(own_[own_[each].key].value), {std::string(own_.text(each).value_or("")), own_[own_.resolved(each)].span}});
    promise.limit = number({"limit"});
    promise.behind_commits = number({"behind_commits"});
    promise.pushes_most = number({"pushes_a_day"});
    promise.behind = time({"behind"});
    promise.pull_request_within = time({"pull_request_within"});
    promise.label_within = time({"label_within"});
    promise.delete_within = time({"delete_within"});
    promise.clean_up_within = time({"clean_up_within"});
    promise.sync_delay = time({"time_outs", "sync_delay"});
    promise.sync_time = time({"time_outs", "sync"});
    promise.replica_time = time({"time_outs", "replica"});
    promise.rollout_least = time({"time_outs", "least"});
    promise.rollout_most = time({"time_outs", "most"});
    promise.triggered = text({"comments", "triggered"}).text;
    promise.reported = text({"comments", "result"}).text;
    promise.succeeded = text({"comments", "success"}).text;
    const NodeIndex services = own_.child(ring_, "services");
    for (const NodeIndex each : own_.children(services)) promise.services.push_back(service(each));
    return promise;
  }

 private:
  static std::string workflow_path(std::string file) {
    if (!file.empty() && file.find('/') == std::string::npos) file = ".github/workflows/" + file;
    return file;
  }

  static PlacedText taken(const Document& document, NodeIndex node, ByteRange at) {
    const NodeIndex value = document.resolved(node);
    return {std::string(document.text(value).value_or("")), at.end > 0 ? at : document[value].span};
  }

  /// `elsewhere`: the place of what the preset says.
  PlacedText text(std::initializer_list<std::string_view> keys, ByteRange elsewhere = {}) const {
    if (const NodeIndex own = own_.at(ring_, keys); own != kNoNode) return taken(own_, own, {});
    if (const NodeIndex other = preset_.at(preset_.root(), keys); other != kNoNode) return {std::string(preset_.text(other).value_or("")), elsewhere};
    return {"", elsewhere};
  }

  std::vector<PlacedText> texts(std::string_view key, ByteRange elsewhere) const {
    std::vector<PlacedText> result;
    const NodeIndex own = own_.child(ring_, key);
    const Document& document = own != kNoNode ? own_ : preset_;
    const NodeIndex list = own != kNoNode ? own_.resolved(own) : preset_.child(preset_.root(), key);
    if (list == kNoNode) return result;
    if (document.text(list)) {
      result.push_back(taken(document, list, own != kNoNode ? ByteRange{} : elsewhere));
      return result;
    }
    for (const NodeIndex each : document.children(list)) result.push_back(taken(document, each, own != kNoNode ? ByteRange{} : elsewhere));
    return result;
  }

  std::optional<std::int64_t> number(std::initializer_list<std::string_view> keys) const { return number_of(text(keys).text); }
  std::optional<std::int64_t> time(std::initializer_list<std::string_view> keys) const { return rules::parse_duration(text(keys).text); }

  PlacedText of_service(NodeIndex service, std::string_view key, ByteRange elsewhere = {}) const {
    if (const NodeIndex own = own_.child(service, key); own != kNoNode) return taken(own_, own, {});
    const NodeIndex other = preset_.at(preset_.root(), {"services", "each", key});
    return {other == kNoNode ? "" : std::string(preset_.text(other).value_or("")), elsewhere};
  }

  RingService service(NodeIndex node) const {
    RingService result;
    const formats::Node& key = own_[own_[node].key];
    result.name = {std::string(key.value), key.span};
    result.image = of_service(node, "image", key.span);
    result.twin = of_service(node, "twin", key.span);
    result.slug = of_service(node, "repository").text;
    result.application = of_service(node, "application").text;
    result.twin_application = of_service(node, "twin_application").text;
    result.build = workflow_path(of_service(node, "build").text);
    result.release = workflow_path(of_service(node, "release").text);
    result.clean_up = workflow_path(of_service(node, "clean_up").text);
    result.keeps_merged = of_service(node, "clean_up_when").text != "closed";
    result.image_name = of_service(node, "name").text;
    result.tag = of_service(node, "tag").text;
    const PlacedText replicas = of_service(node, "replicas", key.span);
    result.replicas = number_of(replicas.text);
    result.replicas_at = replicas.at;
    return result;
  }

  const Document& own_;
  const Document& preset_;
  const NodeIndex ring_;
};

bool compiles(const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  return RE2(pattern, options).ok();
}

}  // namespace

std::optional<RingPromise> read_ring_promise(const Document& document, NodeIndex ring) {
  if (ring == kNoNode || !document.is_mapping(ring)) return std::nullopt;
  const std::string name(document.text(document.child(ring, "preset")).value_or(""));
  const Document preset = formats::parse_yaml(preset_text(name).empty() ? "{}" : preset_text(name));
  return RingReader(document, preset, ring).read();
}

std::string cohort_glob(const RingPromise& promise) {
  const std::size_t colon = promise.cohorts.text.find(':');
  return colon == std::string::npos ? "" : promise.cohorts.text.substr(colon + 1);
}

std::vector<TrainProblem> problems_of(const RingPromise& promise) {
  std::vector<TrainProblem> problems;
  if (!promise.preset.empty() && preset_text(promise.preset).empty()) {
    std::vector<std::string> known;
    for (const Preset& preset : kPresets) known.emplace_back(preset.name);
    const auto nearest = nearest_name(promise.preset, known);
    problems.push_back({promise.at, "no preset is called `" + printable(promise.preset) + "`; " +
                                        (nearest ? "did you mean `" + *nearest + "`?" : "known is " + join(known, ", "))});
  }
  const auto& cohorts = promise.cohorts;
  if (!cohorts.text.empty()) {
    const std::string glob = cohort_glob(promise);
    if (glob.empty() || cohorts.text.find('/') > cohorts.text.find(':'))
      problems.push_back({cohorts.at, "cohorts are `owner/name:glob`, such as `acme/releases:cohorts/*.json`"});
    else if (!formats::PathGlob::compile(glob) || glob.find('*') == std::string::npos)
      problems.push_back({cohorts.at, "`" + printable(glob) + "` is no glob whose `*` is the cohort's name, such as `cohorts/*.json`"});
  }
  if (!promise.label.text.empty() && promise.label.text.find("<value>") == std::string::npos)
    problems.push_back({promise.label.at, "the shape of a cohort's label has a part `<value>`, such as `cohort:<source>:<key>:<value>`"});
  for (const std::string* pattern : {&promise.triggered, &promise.reported, &promise.succeeded})
    if (!compiles(*pattern)) problems.push_back({promise.at, "the pattern `" + printable(*pattern) + "` of a comment does not compile (RE2)"});
  for (const RingService& service : promise.services) {
    if (!service.image_name.empty() && (service.image_name + service.tag).find("{branch}") == std::string::npos)
      problems.push_back({service.name.at, "the name of a ring's image, or its tag, has `{branch}` in it, such as `registry.example/images/atlas-{branch}`"});
    if (!service.tag.empty() && service.tag.find("{commit") == std::string::npos)
      problems.push_back({service.name.at, "the tag of a ring's image has `{commit:7}` in it, or another number of digits"});
    if (service.application.find("{tenant}") == std::string::npos && !service.application.empty())
      problems.push_back({service.name.at, "the name of a tenant's Application has `{tenant}` in it, such as `{tenant}-atlas`"});
  }
  return problems;
}

std::vector<TrainProblem> ring_value_problems(const Document& document, NodeIndex ring) {
  std::vector<TrainProblem> problems;
  const auto check = [&](NodeIndex value, bool number) {
    if (value == kNoNode) return;
    const auto text = document.text(value);
    if (!text || (number ? number_of(*text).has_value() : rules::parse_duration(*text).has_value())) return;
    problems.push_back({document[document.resolved(value)].span, "`" + printable(*text) + (number ? "` is no number" : "` is no time: a number and s, m, h, d or w, such as 14d")});
  };
  for (const char* key : {"limit", "behind_commits", "pushes_a_day"}) check(document.child(ring, key), true);
  for (const char* key : {"behind", "pull_request_within", "label_within", "delete_within", "clean_up_within"}) check(document.child(ring, key), false);
  for (const char* key : {"sync_delay", "sync", "replica", "least", "most"}) check(document.at(ring, {"time_outs", key}), false);
  for (const NodeIndex service : document.children(document.child(ring, "services"))) check(document.child(service, "replicas"), true);
  return problems;
}

}  // namespace trueup::engine
