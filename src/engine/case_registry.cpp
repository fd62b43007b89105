#include "engine/case_registry.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "formats/chart_package.hpp"
#include "formats/package_list.hpp"

namespace trueup::engine {
namespace {

constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";

live::HttpAnswer answer(int status, std::string body, std::string type = "application/json") {
  live::HttpAnswer result;
  result.response = live::HttpResponse{status, {{"Content-Type", std::move(type)}}, std::move(body)};
  result.from.asked_at = "2026-01-01T00:00:00Z";
  return result;
}

std::string error_body(std::string_view code) {
  return R"({"errors":[{"code":")" + std::string(code) + R"(","message":"unknown","detail":{}}]})";
}

/// The blobs of a chart, as `helm push` makes them.
struct Published {
  std::string config, package;

  Published(std::string_view repository, std::string_view tag, const CaseRegistry::Chart& chart) {
    const std::string name = chart.name.empty() ? std::string(repository.substr(repository.rfind('/') + 1)) : chart.name;
    config = R"({"name":")" + name + R"(","version":")" + (chart.version.empty() ? replace_all(tag, "_", "+") : chart.version) + R"(","apiVersion":"v2")" +
             (chart.dependencies.empty() ? "" : R"(,"dependencies":)" + chart.dependencies) + "}";
    if (!chart.files.empty()) package = formats::pack_chart(name, chart.files);
  }

  static std::string descriptor(std::string_view type, const std::string& bytes) {
    return R"({"mediaType":")" + std::string(type) + R"(","digest":"sha256:)" + sha256_hex(bytes) + R"(","size":)" + std::to_string(bytes.size()) + "}";
  }
  static std::string index(const std::vector<std::string>& platforms) {
    std::string manifests;
    for (const std::string& platform : platforms) {
      const std::vector<std::string_view> parts = split(platform, '/');
      manifests += (manifests.empty() ? "" : ",") + std::string(R"({"mediaType":")") + std::string(kManifestType) + R"(","digest":"sha256:)" + sha256_hex(platform) +
                   R"(","size":1,"platform":{"os":")" + std::string(parts.front()) + '"' + (parts.size() > 1 ? R"(,"architecture":")" + std::string(parts[1]) + '"' : "") +
                   (parts.size() > 2 ? R"(,"variant":")" + std::string(parts[2]) + '"' : "") + "}}";
    }
    return R"({"schemaVersion":2,"mediaType":")" + std::string(kIndexType) + R"(","manifests":[)" + manifests + "]}";
  }
  std::string manifest() const {
    return R"({"schemaVersion":2,"mediaType":")" + std::string(kManifestType) + R"(","config":)" +
           descriptor("application/vnd.cncf.helm.config.v1+json", config) + R"(,"layers":[)" +
           (package.empty() ? "" : descriptor("application/vnd.cncf.helm.chart.content.v1.tar+gzip", package)) + "]}";
  }
};

}  // namespace

namespace {

std::optional<live::HttpAnswer> answer_of_helm(const decltype(CaseRegistry::helm)& repositories, std::string_view url) {
  constexpr std::string_view kIndex = "/index.yaml";
  if (!url.ends_with(kIndex)) return std::nullopt;
  const auto found = repositories.find(std::string(url.substr(0, url.size() - kIndex.size())));
  if (found == repositories.end()) return answer(404, "not found", "text/plain");
  std::string index = "apiVersion: v1\nentries:\n";
  for (const auto& [chart, versions] : found->second) {
    if (chart.empty()) {
      live::HttpAnswer result;
      result.failure = {"timed_out", versions.front()};
      return result;
    }
    index += "  " + chart + ":\n";
    for (const std::string& version : versions) index += "  - {name: " + chart + ", version: \"" + version + "\", urls: [a.tgz]}\n";
  }
  return answer(200, index, "text/yaml");
}

std::string npm_body(const std::string& name, const CaseRegistry::Package& package) {
  std::string versions, times;
  for (const auto& [version, commit, at, withdrawn] : package.versions) {
    versions += (versions.empty() ? "\"" : ",\"") + version + R"(":{"version":")" + version + '"' + (commit.empty() ? "" : R"(,"gitHead":")" + commit + '"') +
                (withdrawn ? R"(,"deprecated":"use another one"})" : "}");
    if (!at.empty()) times += (times.empty() ? "\"" : ",\"") + version + "\":\"" + at + '"';
  }
  return R"({"name":")" + name + R"(","dist-tags":{)" + (package.latest.empty() ? "" : R"("latest":")" + package.latest + '"') + R"(},"versions":{)" + versions +
         R"(},"time":{)" + times + "}}";
}

std::string pypi_body(const std::string& name, const CaseRegistry::Package& package) {
  std::string versions, files;
  for (const auto& [version, commit, at, withdrawn] : package.versions) {
    versions += (versions.empty() ? "\"" : ",\"") + version + '"';
    files += std::string(files.empty() ? "" : ",") + R"({"filename":")" + name + '-' + version + R"(.tar.gz","url":"a","hashes":{},"yanked":)" +
             (withdrawn ? R"("broken")" : "false") + (at.empty() ? "" : R"(,"upload-time":")" + at + '"') + '}';
  }
  return R"({"meta":{"api-version":"1.1"},"name":")" + name + R"(","versions":[)" + versions + R"(],"files":[)" + files + "]}";
}

live::HttpAnswer go_answer(const CaseRegistry::Package& package, std::string_view target) {
  std::string list;
  for (const auto& [version, commit, at, withdrawn] : package.versions) {
    list += version + '\n';
    if (target == version + ".info")
      return answer(200, R"({"Version":")" + version + R"(","Time":")" + at + R"(","Origin":{"VCS":"git","Hash":")" + commit + R"("}})");
  }
  return target == "list" ? answer(200, list, "text/plain") : answer(404, "not found: unknown revision", "text/plain");
}

std::optional<live::HttpAnswer> answer_of_packages(const std::map<std::string, CaseRegistry::Package>& packages, std::string_view url) {
  for (const auto& [ecosystem, host] : {std::pair{formats::Ecosystem::npm, "https://registry.npmjs.org/"}, std::pair{formats::Ecosystem::pypi, "https://pypi.org/simple/"},
                                        std::pair{formats::Ecosystem::go, "https://proxy.golang.org/"}}) {
    if (!url.starts_with(host)) continue;
    const std::string_view target = url.substr(std::string_view(host).size());
    for (const auto& [key, package] : packages) {
      const std::string name = key.substr(key.find(':') + 1);
      const auto path = formats::package_path(ecosystem, name);
      if (!path || !key.starts_with(std::string(to_string(ecosystem)) + ':')) continue;
      const std::string go_path = *path + "/@v/";
      const bool is_meant = ecosystem == formats::Ecosystem::go ? target.starts_with(go_path) : target == *path || target == *path + '/';
      if (!is_meant) continue;
      if (!package.unreachable.empty()) {
        live::HttpAnswer silent;
        silent.failure = {"timed_out", package.unreachable};
        return silent;
      }
      if (ecosystem == formats::Ecosystem::go) return go_answer(package, target.substr(go_path.size()));
      return answer(200, ecosystem == formats::Ecosystem::npm ? npm_body(name, package) : pypi_body(name, package));
    }
    return answer(404, "not found", "text/plain");
  }
  return std::nullopt;
}

live::HttpAnswer answer_of(const CaseRegistry::ControlPlane& plane, std::string_view target) {
  if (!plane.unreachable.empty()) {
    live::HttpAnswer result;
    result.failure = {"timed_out", plane.unreachable};
    return result;
  }
  target = target.substr(0, target.find('?'));
  constexpr std::string_view kApplications = "/api/v1/applications";
  constexpr std::string_view kApi = "/api/v1/";
  for (const std::string_view others : {"applicationsets", "projects", "repositories"}) {
    if (target != std::string(kApi) + std::string(others)) continue;
    const auto written = plane.others.find(std::string(others));
    if (written == plane.others.end()) return answer(403, R"({"code":7,"message":"permission denied"})");
    return answer(200, R"({"metadata":{},"items":[)" + written->second + "]}");
  }
  if (target == kApplications) return answer(200, R"({"metadata":{},"items":[)" + plane.applications + "]}");
  if (!target.starts_with(kApplications)) return answer(404, "Not Found", "text/plain");
  const bool forbidden = plane.forbidden.contains(std::string(target.substr(kApplications.size() + 1)));
  return forbidden ? answer(403, R"({"code":7,"message":"permission denied"})") : answer(404, R"({"code":5,"message":"not found"})");
}

}  // namespace

live::HttpAnswer CaseRegistry::send(const live::HttpRequest& request) {
  if (const auto answer = answer_of_packages(packages, request.url)) return *answer;
  for (const auto& [name, plane] : control_planes)
    if (const std::string url = control_plane_url(name); request.url.starts_with(url + "/"))
      return answer_of(plane, std::string_view(request.url).substr(url.size()));
  if (const auto index = answer_of_helm(helm, request.url)) return *index;
  // https://host/v2/PATH/manifests/REFERENCE
  const std::size_t host_at = request.url.find("://") + 3;
  const std::size_t path_at = request.url.find("/v2/", host_at);
  if (path_at == std::string::npos) return answer(404, "not found", "text/plain");
  const std::string host = request.url.substr(host_at, path_at - host_at);
  std::string rest = request.url.substr(path_at + 4);
  rest = rest.substr(0, rest.find('?'));
  if (rest.empty()) return answer(200, "{}");
  if (rest == "_catalog") {
    std::string names;
    for (const auto& [repository, tags] : repositories) {
      if (!repository.starts_with(host + "/")) continue;
      names += (names.empty() ? "\"" : ",\"") + repository.substr(host.size() + 1) + "\"";
    }
    return answer(200, "{\"repositories\":[" + names + "]}");
  }

  const auto split_at = [&](std::string_view marker) -> std::optional<std::pair<std::string, std::string>> {
    const std::size_t at = rest.rfind(marker);
    if (at == std::string::npos) return std::nullopt;
    return std::pair(host + "/" + rest.substr(0, at), rest.substr(at + marker.size()));
  };
  const auto list = split_at("/tags/list"), manifest = split_at("/manifests/"), blob = split_at("/blobs/");
  const std::string repository = list ? list->first : manifest ? manifest->first : blob ? blob->first : "";
  if (const auto silent = unreachable.find(repository); silent != unreachable.end()) {
    live::HttpAnswer result;
    result.failure = {"timed_out", silent->second};
    return result;
  }
  const auto known = repositories.find(repository);
  if (known == repositories.end()) return answer(404, error_body("NAME_UNKNOWN"));
  if (list) {
    std::string tags;
    for (const std::string& tag : known->second) tags += (tags.empty() ? "\"" : ",\"") + tag + "\"";
    return answer(200, "{\"name\":\"" + repository.substr(host.size() + 1) + "\",\"tags\":[" + tags + "]}");
  }
  for (const std::string& tag : known->second) {
    if (manifest && manifest->second != tag) continue;
    const auto told = charts.find({repository, tag});
    if (manifest && told != charts.end() && !told->second.platforms.empty())
      return answer(200, Published::index(told->second.platforms), std::string(kIndexType));
    const Published chart(repository, tag, told == charts.end() ? Chart() : told->second);
    if (manifest) return answer(200, chart.manifest(), std::string(kManifestType));
    for (const std::string* bytes : {&chart.config, &chart.package})
      if (blob && blob->second == "sha256:" + sha256_hex(*bytes)) return answer(200, *bytes, "application/octet-stream");
  }
  return answer(404, error_body(manifest ? "MANIFEST_UNKNOWN" : "BLOB_UNKNOWN"));
}

}  // namespace trueup::engine
