#include "live/helm_repository.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/work_queue.hpp"
#include "live/memo.hpp"
#include "live/oci_access.hpp"
#include "live/url.hpp"

namespace trueup::live {
namespace {

constexpr unsigned kThreads = 4;  // an index is large: as many are in memory at once

/// What one repository said.
struct Index {
  std::optional<Unknown> unknown;
  formats::HelmIndex read;
  std::string evidence;
  Provenance from;
};

/// The same repository, however many slashes end it.
std::string base_of(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

class HelmRepositories::Session {
 public:
  Session(HttpClient& http, CredentialSource& credentials) : http_(http), credentials_(credentials) {}

  std::vector<ChartListReading> read(std::span<const ChartListQuestion> questions) {
    std::vector<ChartListReading> readings(questions.size());
    parallel_for(questions.size(), kThreads, [&](std::size_t i) { readings[i] = answer(questions[i]); });
    return readings;
  }

 private:
  ChartListReading answer(const ChartListQuestion& question) {
    const std::string base = base_of(question.repository_url);
    const auto index = indexes_.get(base, [&] { return fetch(base); });
    ChartListReading reading;
    reading.asked = question;
    reading.from = index->from;
    reading.unknown = index->unknown;
    if (reading.unknown) return reading;
    reading.evidence = index->evidence;
    if (const auto chart = index->read.charts.find(question.chart); chart != index->read.charts.end()) {
      reading.state = ReadingState::present;
      reading.versions = chart->second;
      reading.evidence += fmt::format(", {} of {}", chart->second.size(), printable(question.chart));
    } else {
      reading.state = ReadingState::absent;
      reading.evidence += fmt::format(", none of {}", printable(question.chart));
    }
    return reading;
  }

  Index fetch(const std::string& base) {
    Index index;
    const auto url = Url::parse(base + "/index.yaml");
    if (!url) {
      index.unknown = unknown("invalid_reference", printable(base) + " is no address of a Helm repository: " + url.error().message);
      return index;
    }
    HttpRequest request;
    request.url = base + "/index.yaml";
    request.max_bytes = limits::kMaxHelmIndexBytes;
    const auto credential = credentials_.find(url->host);
    const bool known = credential && credential->kind == CredentialKind::basic;
    if (known) request.authorization = basic_authorization(*credential, url->host);
    const HttpAnswer answer = http_.send(request);
    index.from = answer.from;
    const std::string host = url->host.to_string();
    index.unknown = unusable(answer, host);
    if (answer.has_status(404)) {
      index.unknown = unknown("http_404", fmt::format("{} has no index.yaml (404): the address is wrong, or it is not shown to whoever asks", printable(base)));
    } else if (answer.has_status(401) || answer.has_status(403)) {
      index.unknown = known ? unknown("refused_credentials", fmt::format("{} refuses the credential from {} ({})", host, credential->source, answer.response->status))
                            : unknown("no_credentials", fmt::format("{} refuses ({}) whoever comes without a credential; netrc or TRUEUP_HOSTS may hold one", host, answer.response->status));
    }
    if (index.unknown) return index;
    auto read = formats::read_helm_index(answer.response->body);
    if (!read) {
      index.unknown = unknown("malformed", fmt::format("what {}/index.yaml gives is no index: {}", printable(base), printable(read.error().message)));
      return index;
    }
    index.read = *std::move(read);
    index.evidence = fmt::format("the index lists {} versions of {} charts", index.read.versions(), index.read.charts.size());
    return index;
  }

  HttpClient& http_;
  CredentialSource& credentials_;
  Memo<std::string, Index> indexes_;
};

HelmRepositories::HelmRepositories(HttpClient& http, CredentialSource& credentials) : session_(std::make_unique<Session>(http, credentials)) {}
HelmRepositories::~HelmRepositories() = default;

std::vector<ChartListReading> HelmRepositories::read(std::span<const ChartListQuestion> questions) { return session_->read(questions); }

}  // namespace trueup::live
