#include "live/kubernetes.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/json.hpp"
#include "formats/resource_list.hpp"
#include "live/api_door.hpp"
#include "live/oci_lists.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

constexpr std::string_view kGroup = "/apis/argoproj.io/v1alpha1/";
constexpr std::string_view kAdvice = "give its user a token or a client certificate in kubeconfig";

/// `reason` of a Status; empty where the answer is none.
std::string status_reason(const HttpAnswer& answer) {
  if (!answer.response || answer.response->body.size() > limits::kMaxTokenAnswerBytes) return "";
  const formats::Document document = formats::parse_json(answer.response->body);
  if (document.problem() || document.text(document.child(document.root(), "kind")) != "Status") return "";
  return std::string(document.text(document.child(document.root(), "reason")).value_or(""));
}

class KubernetesApi final : public ControlPlane {
 public:
  KubernetesApi(KubernetesCluster cluster, HttpClient& http)
      : cluster_(std::move(cluster)),
        door_(http, cluster_.access.server, cluster_.access.token, cluster_.access.host.to_string(), std::string(kAdvice)) {}

  const std::string& name() const override { return cluster_.name; }
  const std::string& source() const override { return door_.host(); }
  std::string host() const override { return door_.host(); }
  Client client() const override { return {"kubectl", cluster_.context}; }

  ResourceListReading list(ResourceKind kind) override {
    ResourceListReading reading;
    if (kind == ResourceKind::repository) {
      reading.kind = kind;
      reading.unknown = unknown("not_offered", "repositories are Secrets of the cluster, which are not read; ask ArgoCD's own API");
      return reading;
    }
    bool expired = false;
    reading = read_pages(kind, expired);
    if (expired) reading = read_pages(kind, expired);
    if (expired && reading.unknown)
      reading.unknown = unknown("inconsistent", door_.host() + " says twice that its list has expired before its end was read; ask again later");
    return reading;
  }

  std::vector<ApplicationReading> find(std::span<const ApplicationQuestion> questions) override {
    return find_each(questions, door_.host(), [this](ApplicationReading& reading) { answer(reading); });
  }

 private:
  static std::string_view plural(ResourceKind kind) {
    if (kind == ResourceKind::application) return "applications";
    return kind == ResourceKind::application_set ? "applicationsets" : "appprojects";
  }

  std::string target_of(ResourceKind kind) const {
    const std::string in = cluster_.only_namespace.empty() ? "" : "namespaces/" + percent_encoded(cluster_.only_namespace) + "/";
    return std::string(kGroup) + in + std::string(plural(kind));
  }

  ResourceListReading read_pages(ResourceKind kind, bool& expired) const {
    ResourceListReading reading;
    reading.kind = kind;
    expired = false;
    const std::string target = target_of(kind) + "?limit=500";
    std::size_t bytes_left = limits::kMaxResourceListBytes;
    std::string token;
    for (std::uint32_t page = 0;; ++page) {
      const auto fail = [&](std::string code, std::string because) {
        reading.unknown = unknown(std::move(code), std::move(because));
        reading.items.clear();
        return std::move(reading);
      };
      if (page == limits::kMaxPages) return fail("over_limit", fmt::format("only {} pages of a list are read", page));
      const ApiAnswer asked = door_.get(token.empty() ? target : target + "&continue=" + percent_encoded(token), bytes_left);
      if (page == 0) reading.from = asked.answer.from;
      if (asked.unknown) return fail(asked.unknown->code, asked.unknown->because);
      if (asked.answer.has_status(410)) {
        expired = true;
        return fail("inconsistent", door_.host() + " says that its list has expired before its end was read");
      }
      if (asked.answer.has_status(404)) {
        return fail("http_404", door_.host() + " serves no " + std::string(plural(kind)) +
                                    " of argoproj.io/v1alpha1; is this the cluster that ArgoCD runs in?");
      }
      auto list = formats::split_json_resources(asked.body());
      if (list && !list->is_list) list = Error{Fault::malformed, "it is no list"};
      if (!list)
        return fail("malformed", fmt::format("{} answered, but not with a list of the API: {}", door_.host(), list.error().message));
      bytes_left -= std::min(bytes_left, asked.body().size());
      for (formats::ResourceObject& object : list->items) reading.items.push_back(std::move(object.text));
      if (list->continue_token.empty()) break;
      if (list->continue_token == token) return fail("malformed", "the pages of " + door_.host() + " go round in a circle");
      token = std::move(list->continue_token);
    }
    if (kind == ResourceKind::application && reading.items.empty()) {
      reading.unknown = unknown("empty_list", fmt::format("{} holds no Application{}: is this the cluster that ArgoCD runs in?", door_.host(),
                                                          cluster_.only_namespace.empty() ? "" : " in the namespace " + cluster_.only_namespace));
      return reading;
    }
    reading.state = ReadingState::present;
    reading.evidence = counted(reading.items.size(), shown(kind));
    reading.complete = cluster_.only_namespace.empty() && !reading.items.empty();
    if (!cluster_.only_namespace.empty())
      reading.incomplete_because = "only the namespace " + cluster_.only_namespace + " was asked for";
    else if (reading.items.empty())
      reading.incomplete_because = "it is empty, and so nothing shows that this is the right cluster";
    return reading;
  }

  void answer(ApplicationReading& reading) const {
    const std::string& own = reading.asked.app_namespace;
    const std::string in = own.empty() ? cluster_.argocd_namespace : own;
    const ApiAnswer asked = door_.get(std::string(kGroup) + "namespaces/" + percent_encoded(in) + "/applications/" +
                                          percent_encoded(reading.asked.name),
                                      limits::kMaxManifestBytes);
    reading.from = asked.answer.from;
    if (asked.unknown) {
      reading.unknown = asked.unknown;
    } else if (asked.answer.has_status(404) && status_reason(asked.answer) == "NotFound") {
      reading.state = ReadingState::absent;
      reading.evidence = fmt::format("{} says that the namespace {} has no application {}", door_.host(), in, reading.asked.name);
    } else if (!asked.answer.has_status(200)) {
      const int status = asked.answer.response->status;
      reading.unknown = unknown(fmt::format("http_{}", status), fmt::format("{} answered with status {}", door_.host(), status));
    } else if (auto object = formats::split_json_resources(asked.body()); object && !object->is_list && object->items.size() == 1) {
      reading.state = ReadingState::present;
      reading.item = std::move(object->items.front().text);
    } else {
      reading.unknown = unknown("malformed", door_.host() + " answered, but not with an application");
    }
  }

  const KubernetesCluster cluster_;
  const ApiDoor door_;
};

}  // namespace

std::unique_ptr<ControlPlane> make_kubernetes_api(KubernetesCluster cluster, HttpClient& http) {
  return std::make_unique<KubernetesApi>(std::move(cluster), http);
}

}  // namespace trueup::live
