#include "live/argocd.hpp"

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

constexpr std::string_view kAdvice =
    "set ARGOCD_AUTH_TOKEN and ARGOCD_SERVER, or token_env for it in TRUEUP_HOSTS (argocd account generate-token)";

/// gRPC's code in an error of the API; -1 where there is none.
int error_code(const HttpAnswer& answer) {
  if (!answer.response || answer.response->body.size() > limits::kMaxTokenAnswerBytes) return -1;
  const formats::Document document = formats::parse_json(answer.response->body);
  if (document.problem() || !document.is_mapping(document.root())) return -1;
  const std::string_view code = document.text(document.child(document.root(), "code")).value_or("");
  return code.size() == 1 && code[0] >= '0' && code[0] <= '9' ? code[0] - '0' : -1;
}

class ArgocdApi final : public ControlPlane {
 public:
  ArgocdApi(ArgocdServer server, HttpClient& http, CredentialSource& credentials)
      : server_(std::move(server)), door_(open(server_.url, http, credentials)) {}

  const std::string& name() const override { return server_.name; }
  const std::string& source() const override { return door_.host(); }
  std::string host() const override { return door_.host(); }
  Client client() const override { return {"argocd", door_.host()}; }

  ResourceListReading list(ResourceKind kind) override {
    ResourceListReading reading;
    reading.kind = kind;
    ApiAnswer asked = door_.get(target_of(kind), limits::kMaxResourceListBytes);
    reading.from = asked.answer.from;
    reading.unknown = not_a_list(asked);
    if (reading.unknown) return reading;
    auto list = formats::split_json_resources(asked.body());
    if (list && !list->is_list) list = Error{Fault::malformed, "it is no list"};
    if (!list) {
      reading.unknown = unknown("malformed", fmt::format("{} answered, but not with a list of the API: {}", door_.host(),
                                                         list.error().message));
      return reading;
    }
    // Nothing at all is what a token that may see nothing is shown, and what a project that is spelled otherwise gives.
    if (kind == ResourceKind::application && list->items.empty()) {
      reading.unknown = unknown("empty_list", fmt::format("{} shows no Application at all: its token may see none of them, or of the projects that are asked for", door_.host()));
      return reading;
    }
    reading.state = ReadingState::present;
    for (formats::ResourceObject& object : list->items) reading.items.push_back(std::move(object.text));
    reading.evidence = counted(reading.items.size(), shown(kind));
    reading.incomplete_because = door_.host() + " leaves out what the token may not see";
    return reading;
  }

  std::vector<ApplicationReading> find(std::span<const ApplicationQuestion> questions) override {
    return find_each(questions, door_.host(), [this](ApplicationReading& reading) { answer(reading); });
  }

 private:
  static ApiDoor open(const std::string& url, HttpClient& http, CredentialSource& credentials) {
    const auto parsed = Url::parse(url);
    const HostPort host = parsed ? parsed->host : HostPort{};
    return ApiDoor(http, url.ends_with('/') ? url.substr(0, url.size() - 1) : url,
                   parsed ? credentials.find(host) : std::nullopt, host.to_string(), std::string(kAdvice));
  }

  std::string target_of(ResourceKind kind) const {
    switch (kind) {
      case ResourceKind::application_set: return "/api/v1/applicationsets" + projects();
      case ResourceKind::project: return "/api/v1/projects";
      case ResourceKind::repository: return "/api/v1/repositories";
      case ResourceKind::application: break;
    }
    // Without `fields`: the server knows few of them, ownerReferences and status.history are none, and drops any other silently.
    return "/api/v1/applications" + projects();
  }

  std::string projects() const {
    std::string query;
    for (const std::string& project : server_.projects)
      query += (query.empty() ? "?projects=" : "&projects=") + percent_encoded(project);
    return query;
  }

  std::optional<Unknown> not_a_list(const ApiAnswer& asked) const {
    if (asked.unknown) return asked.unknown;
    if (asked.answer.has_status(200)) return std::nullopt;
    return unknown(fmt::format("http_{}", asked.answer.response->status),
                   door_.host() + " has no API of ArgoCD under " + door_.base_url() + "; check the address");
  }

  void answer(ApplicationReading& reading) const {
    const ApplicationQuestion& asked_for = reading.asked;
    std::string target = "/api/v1/applications/" + percent_encoded(asked_for.name) + "?";
    if (!asked_for.app_namespace.empty()) target += "appNamespace=" + percent_encoded(asked_for.app_namespace) + "&";
    target += "project=" + percent_encoded(asked_for.project);
    const ApiAnswer asked = door_.get(target, limits::kMaxManifestBytes);
    reading.from = asked.answer.from;
    if (asked.unknown) {
      reading.unknown = asked.unknown;
    } else if (asked.answer.has_status(404) && error_code(asked.answer) == 5) {
      reading.state = ReadingState::absent;
      reading.evidence = fmt::format("{} shows the project {}, and says that {} is not in it", door_.host(),
                                     asked_for.project, asked_for.name);
    } else if (!asked.answer.has_status(200)) {
      reading.unknown = not_a_list(asked);
    } else {
      auto object = formats::split_json_resources(asked.body());
      if (object && (object->is_list || object->items.size() != 1)) object = Error{Fault::malformed, "it is no object"};
      if (object) {
        reading.state = ReadingState::present;
        reading.item = std::move(object->items.front().text);
      } else {
        reading.unknown = unknown("malformed", fmt::format("{} answered, but not with an application: {}", door_.host(),
                                                           object.error().message));
      }
    }
  }

  const ArgocdServer server_;
  const ApiDoor door_;
};

}  // namespace

std::unique_ptr<ControlPlane> make_argocd_api(ArgocdServer server, HttpClient& http, CredentialSource& credentials) {
  return std::make_unique<ArgocdApi>(std::move(server), http, credentials);
}

}  // namespace trueup::live
