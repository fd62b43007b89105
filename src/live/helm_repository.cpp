#include "live/helm_repository.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/work_queue.hpp"
#include "live/memo.hpp"
#include "live/oci_access.hpp"
#include "live/url.hpp"

namespace trueup::live {
namespace {

constexpr unsigned kThreads = 4;

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
  Session(HttpClient& http, CredentialSource& credentials, std::map<std::string, IndexFile> files, std::string now)
      : http_(http), credentials_(credentials), now_(std::move(now)) {
    for (auto& [url, file] : files) files_.emplace(base_of(url), std::move(file));
  }

  std::vector<ChartListReading> read(std::span<const ChartListQuestion> questions) {
    std::vector<ChartListReading> readings(questions.size());
    parallel_for(questions.size(), kThreads, [&](std::size_t i) { readings[i] = answer(questions[i]); });
    return readings;
  }

 private:
  ChartListReading answer(const ChartListQuestion& question) {
    const std::string base = base_of(question.repository_url);
    const auto file = files_.find(base);
    const auto index = indexes_.get(base, [&] { return file == files_.end() ? fetch(base) : load(file->second); });
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

  Index load(const IndexFile& file) {
    Index index;
    index.from = {file.shown, now_, false};
    std::ifstream stream(file.path, std::ios::binary);
    std::size_t bytes = 0;
    bool too_large = false;
    auto read = formats::read_helm_index([&](char* into, std::size_t most) -> std::size_t {
      stream.read(into, static_cast<std::streamsize>(most));
      const auto count = static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0));
      bytes += count;
      too_large = bytes > limits::kMaxHelmIndexBytes;
      return too_large ? 0 : count;
    });
    if (bytes == 0) index.unknown = unknown("not_found", file.shown + " cannot be read, or is empty");
    else if (too_large) index.unknown = unknown("over_limit", file.shown + " holds more than 256 MiB");
    else if (!read) index.unknown = unknown("malformed", fmt::format("{} is no index: {}", file.shown, printable(read.error().message)));
    if (!index.unknown) take(*std::move(read), index);
    return index;
  }

  static void take(formats::HelmIndex&& read, Index& index) {
    index.read = std::move(read);
    index.evidence = fmt::format("the index lists {} versions of {} charts", index.read.versions(), index.read.charts.size());
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
    Result<formats::HelmIndex> read = Error{Fault::malformed, "it is empty"};
    request.read_body = [&read](const HttpResponse&, const NextBytes& next) { read = formats::read_helm_index(next); };
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
    if (!answer.response->body_was_read) read = formats::read_helm_index(answer.response->body);
    if (!read) {
      index.unknown = unknown("malformed", fmt::format("what {}/index.yaml gives is no index: {}", printable(base), printable(read.error().message)));
      return index;
    }
    take(*std::move(read), index);
    return index;
  }

  HttpClient& http_;
  CredentialSource& credentials_;
  const std::string now_;
  std::map<std::string, IndexFile> files_;  ///< by URL without the last slash
  Memo<std::string, Index> indexes_;
};

HelmRepositories::HelmRepositories(HttpClient& http, CredentialSource& credentials, std::map<std::string, IndexFile> files, std::string now)
    : session_(std::make_unique<Session>(http, credentials, std::move(files), std::move(now))) {}
HelmRepositories::~HelmRepositories() = default;

std::vector<ChartListReading> HelmRepositories::read(std::span<const ChartListQuestion> questions) { return session_->read(questions); }

}  // namespace trueup::live
