#include "live/docker_registry.hpp"

#include "live/curl_client.hpp"
#include "live/fault_server.hpp"
#include "live/url.hpp"

namespace trueup::live_test {

namespace {

using namespace std::chrono_literals;

std::unique_ptr<live::HttpClient> client_for(const std::string& host) {
  live::HostPolicy hosts;
  if (!hosts.allow(host)) return nullptr;
  live::HttpOptions options;
  options.retries = 0;
  options.give_up_after = 1000;
  return live::make_curl_client(options, hosts, live::empty_surroundings());
}

}  // namespace

std::unique_ptr<DockerRegistry> DockerRegistry::start(bool password_protected) {
  const std::string program = find_program("docker-registry");
  if (program.empty()) return nullptr;
  std::unique_ptr<DockerRegistry> registry(new DockerRegistry());
  const TemporaryFolder& folder = registry->folder_;
  registry->host_ = "127.0.0.1:" + std::to_string(unused_port());
  std::string config = "version: 0.1\nlog: {level: error}\nstorage:\n  filesystem: {rootdirectory: " +
                       (folder.path() / "storage").string() + "}\nhttp: {addr: '" + registry->host_ + "'}\n";
  if (password_protected) {
    // robot:s3cret by bcrypt, the only form that the registry reads
    const auto passwords =
        folder.write("htpasswd", "robot:$2y$04$kmaIxrnNl7L0PwCxE8kumOSYXeuAU65Zm9Y5tz43p478q1cs0DCr.\n");
    config += "auth: {htpasswd: {realm: trueup, path: " + passwords.string() + "}}\n";
  }
  const auto file = folder.write("config.yml", config);
  const std::vector<std::string> arguments = {program, "serve", file.string()};
  registry->process_ = std::make_unique<ChildProcess>(arguments, folder.path() / "log");
  const auto http = client_for(registry->host_);
  live::HttpRequest greeting;
  greeting.url = "http://" + registry->host_ + "/v2/";
  for (int tries = 0; tries < 200; ++tries) {
    if (http->send(greeting).response) return registry;
    std::this_thread::sleep_for(50ms);
  }
  return registry;  // not up: the test that uses it fails with its log
}

bool DockerRegistry::push(const std::string& repository, const std::string& tag, const ChartArtifact& chart,
                          const live::Authorization& authorization) {
  const auto http = client_for(host_);
  if (!upload(*http, repository, chart.config, authorization)) return false;
  if (!chart.package.empty() && !upload(*http, repository, chart.package, authorization)) return false;
  live::HttpRequest put;
  put.method = "PUT";
  put.url = "http://" + host_ + "/v2/" + repository + "/manifests/" + tag;
  put.headers = {{"Content-Type", kOciManifestType}};
  put.body = chart.manifest;
  put.authorization = authorization;
  return http->send(put).has_status(201);
}

bool DockerRegistry::upload(live::HttpClient& http, const std::string& repository, const std::string& blob,
                            const live::Authorization& authorization) {
  live::HttpRequest post;
  post.method = "POST";
  post.url = "http://" + host_ + "/v2/" + repository + "/blobs/uploads/";
  post.authorization = authorization;
  const auto begun = http.send(post);
  if (!begun.has_status(202)) return false;
  const auto location = live::Url::parse(post.url)->resolve(*live::find_header(begun.response->headers, "Location"));
  if (!location) return false;
  live::HttpRequest put = post;
  put.method = "PUT";
  const std::string separator = location->target.find('?') == std::string::npos ? "?" : "&";
  put.url = location->to_string() + separator + "digest=sha256:" + sha256_hex(blob);
  put.headers = {{"Content-Type", "application/octet-stream"}};
  put.body = blob;
  return http.send(put).has_status(201);
}

}  // namespace trueup::live_test
