#include "live/package_index.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/work_queue.hpp"
#include "live/memo.hpp"
#include "live/oci_access.hpp"
#include "live/url.hpp"

namespace trueup::live {
namespace {

using formats::Ecosystem;

constexpr unsigned kThreads = 4;
constexpr std::size_t kMaxVersionsAsked = 16;  // of one Go module
constexpr std::size_t kMaxReasonShown = 160;

/// What one address said.
struct Fetched {
  std::optional<Unknown> unknown;
  bool is_gone = false;  ///< 404 or 410
  std::string body;      ///< of 200; else the first line of what was said
  Provenance from;
};

std::string_view accepted(Ecosystem ecosystem) {
  if (ecosystem == Ecosystem::pypi) return "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";
  return ecosystem == Ecosystem::npm ? "application/json" : "*/*";
}

std::string first_line(const std::string& body) {
  const std::string line(trim(std::string_view(body).substr(0, body.find('\n'))));
  return line.starts_with('<') || line.starts_with('{') ? "" : printable(line.substr(0, kMaxReasonShown));
}

/// Whether the host shows what it has of that name to everybody, so that 404 is the truth.
bool shows_everything(const HostPort& host, const PackageQuestion& asked) {
  if (host.port) return false;
  return (host.host == "pypi.org" && asked.ecosystem == Ecosystem::pypi) ||
         (host.host == "registry.npmjs.org" && asked.ecosystem == Ecosystem::npm && !asked.package.starts_with('@'));
}

std::string base_of(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

class PackageIndexes::Session {
 public:
  Session(HttpClient& http, CredentialSource& credentials) : http_(http), credentials_(credentials) {}

  std::vector<PackageReading> read(std::span<const PackageQuestion> questions) {
    std::vector<PackageReading> readings(questions.size());
    parallel_for(questions.size(), kThreads, [&](std::size_t i) { readings[i] = answer(questions[i]); });
    return readings;
  }

 private:
  PackageReading answer(const PackageQuestion& question) {
    PackageReading reading;
    reading.asked = question;
    const std::string base = base_of(question.index);
    const auto url = Url::parse(base);
    const auto path = formats::package_path(question.ecosystem, question.package);
    if (!url || !path) {
      reading.unknown = unknown("invalid_reference", url ? fmt::format("{} is no name of a package of {}", printable(question.package), to_string(question.ecosystem))
                                                         : printable(base) + " is no address of an index: " + url.error().message);
      return reading;
    }
    const std::string address = base + "/" + *path + (question.ecosystem == Ecosystem::go ? "/@v/list" : question.ecosystem == Ecosystem::pypi ? "/" : "");
    const auto fetched = pages_.get({question.ecosystem, address}, [&] { return fetch(question.ecosystem, address, url->host); });
    const std::string host = url->host.to_string();
    reading.from = fetched->from;
    reading.unknown = fetched->unknown;
    if (reading.unknown) return reading;
    if (fetched->is_gone) {
      if (shows_everything(url->host, question)) {
        reading.state = ReadingState::absent;
        reading.complete = true;
        reading.evidence = fmt::format("{} shows its packages to everybody, and has none called {}", host, printable(question.package));
      } else {
        reading.unknown = unknown("name_unknown", fmt::format("{} does not know {}, or does not show it to whoever asks ({})", host, printable(question.package),
                                                              fetched->body.empty() ? "404" : fetched->body));
      }
      return reading;
    }
    auto list = question.ecosystem == Ecosystem::npm    ? formats::read_npm_package(fetched->body, question.package)
                : question.ecosystem == Ecosystem::pypi ? formats::read_pypi_project(fetched->body, question.package)
                                                        : formats::read_go_list(fetched->body);
    if (!list) {
      reading.unknown = unknown(list.error().fault == Fault::over_limit ? "over_limit" : "malformed",
                                fmt::format("what {} gives is no list of versions of {}: {}", address, printable(question.package), printable(list.error().message)));
      return reading;
    }
    reading.list = *std::move(list);
    reading.complete = true;
    if (question.ecosystem == Ecosystem::go) ask_versions(reading, base + "/" + *path, url->host);
    if (reading.unknown) return reading;
    reading.state = ReadingState::present;
    reading.evidence = fmt::format("{} lists {} version{} of {}", host, reading.list.versions.size(), reading.list.versions.size() == 1 ? "" : "s", printable(question.package));
    return reading;
  }

  /// A proxy answers for versions that its list does not show, since it fetches them when it is asked.
  void ask_versions(PackageReading& reading, const std::string& module_url, const HostPort& host) {
    for (std::size_t i = 0; i < reading.asked.versions.size() && i < kMaxVersionsAsked; ++i) {
      std::string version = reading.asked.versions[i];
      if (!version.starts_with('v')) version.insert(0, "v");
      if (!std::ranges::all_of(version, [](char c) { return is_unreserved(c); })) continue;
      const std::string address = module_url + "/@v/" + version + ".info";
      const auto fetched = pages_.get({Ecosystem::go, address}, [&] { return fetch(Ecosystem::go, address, host); });
      if (fetched->is_gone) continue;
      auto info = fetched->unknown ? Result<formats::PackageVersion>(Error{Fault::malformed, ""}) : formats::read_go_info(fetched->body);
      const auto listed = std::ranges::find(reading.list.versions, version, &formats::PackageVersion::version);
      if (!info && listed != reading.list.versions.end()) continue;  // it is there; of what it was made is not told
      if (!info) {
        reading.unknown = fetched->unknown ? *fetched->unknown : unknown("malformed", fmt::format("what {} gives is no answer about a version: {}", address, info.error().message));
        reading.from = fetched->from;
        reading.list = {};
        reading.complete = false;
        return;
      }
      info->version = version;
      if (listed == reading.list.versions.end()) reading.list.versions.push_back(*std::move(info));
      else *listed = *std::move(info);
    }
  }

  Fetched fetch(Ecosystem ecosystem, const std::string& address, const HostPort& at) {
    HttpRequest request;
    request.url = address;
    request.headers = {{"Accept", std::string(accepted(ecosystem))}};
    request.max_bytes = limits::kMaxPackageListBytes;
    const auto credential = credentials_.find(at);
    const bool known = credential && credential->kind != CredentialKind::identity_token;
    if (known && credential->kind == CredentialKind::basic) request.authorization = basic_authorization(*credential, at);
    else if (known) request.authorization = {AuthorizationScheme::bearer, credential->secret, at.to_string()};
    HttpAnswer answer = http_.send(request);
    Fetched fetched;
    fetched.from = answer.from;
    const std::string host = at.to_string();
    if (answer.has_status(404) || answer.has_status(410)) {
      fetched.is_gone = true;
      fetched.body = first_line(answer.response->body);
      return fetched;
    }
    fetched.unknown = unusable(answer, host);
    if (answer.has_status(401) || answer.has_status(403))
      fetched.unknown = known ? unknown("refused_credentials", fmt::format("{} refuses the credential from {} ({})", host, credential->source, answer.response->status))
                              : unknown("no_credentials", fmt::format("{} refuses ({}) whoever comes without a credential; netrc, npmrc or TRUEUP_HOSTS may hold one", host, answer.response->status));
    if (!fetched.unknown) fetched.body = std::move(answer.response->body);
    return fetched;
  }

  HttpClient& http_;
  CredentialSource& credentials_;
  Memo<std::pair<Ecosystem, std::string>, Fetched> pages_;
};

PackageIndexes::PackageIndexes(HttpClient& http, CredentialSource& credentials) : session_(std::make_unique<Session>(http, credentials)) {}
PackageIndexes::~PackageIndexes() = default;

std::vector<PackageReading> PackageIndexes::read(std::span<const PackageQuestion> questions) { return session_->read(questions); }

}  // namespace trueup::live
