#include "live/stream_source.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/json.hpp"
#include "live/base64.hpp"
#include "live/oci_access.hpp"
#include "live/oci_answers.hpp"
#include "live/oci_lists.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;
using std::chrono::steady_clock;

/// Any date since a resource came into being is served; this one serves all that are read here.
constexpr std::string_view kMediaType = "application/vnd.atlas.2025-03-12+json";
constexpr std::string_view kApi = "/api/atlas/v2";
constexpr std::uint32_t kMostPages = 200;
constexpr std::string_view kAdvice =
    "set MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET, or MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY";

/// ` (RESOURCE_NOT_FOUND)`: the errorCode of an answer; its detail may say anything.
std::string error_code(const HttpAnswer& answer) {
  if (!answer.response || answer.response->body.size() > limits::kMaxTokenAnswerBytes) return "";
  const Document document = formats::parse_json(answer.response->body);
  const std::string_view code = document.problem() ? "" : document.text(document.child(document.root(), "errorCode")).value_or("");
  return code.empty() ? "" : " (" + printable(code.substr(0, 80)) + ")";
}

/// Asks one host with the credential of one account.
class AtlasDoor {
 public:
  AtlasDoor(const AtlasProject& project, HttpClient& http, CredentialSource& credentials) : http_(http), base_url_(project.url) {
    while (base_url_.ends_with('/')) base_url_.pop_back();
    const auto url = Url::parse(base_url_);
    host_ = url ? url->host.to_string() : printable(base_url_);
    if (!url) return;
    credential_ = credentials.find_account(url->host, project.name);
    owner_ = account_of(url->host, project.name);
  }

  const std::string& host() const { return host_; }

  /// An answer with status 200 or 404, or why there is none.
  Asked get(const std::string& target) {
    Asked asked = send(target);
    // Tokens grow old, and so may nonces that a server forgot.
    if (asked.answer.has_status(401) && token_ && steady_clock::now() > token_until_) {
      token_.reset();
      asked = send(target);
    }
    if (asked.unknown) return asked;
    asked.unknown = unusable(asked.answer, host_);
    if (asked.unknown && asked.answer.response) asked.unknown->because += error_code(asked.answer);
    if (asked.answer.has_status(401) || asked.answer.has_status(403)) asked.unknown = refusal(asked.answer);
    return asked;
  }

 private:
  Asked send(const std::string& target) {
    HttpRequest request;
    request.url = base_url_ + std::string(kApi) + target;
    request.headers = {{"Accept", std::string(kMediaType)}};
    request.max_bytes = limits::kMaxResourceListBytes;
    request.secret_keys = {"headers"};
    Asked asked;
    asked.unknown = authorize(request, asked.answer);
    if (!asked.unknown) asked.answer = http_.send(request);
    return asked;
  }

  std::optional<Unknown> authorize(HttpRequest& request, HttpAnswer& answer) {
    if (!credential_) return std::nullopt;
    if (credential_->kind == CredentialKind::basic) {
      request.authorization = {AuthorizationScheme::digest, Secret(credential_->username + ":" + credential_->secret.reveal()), owner_};
    } else if (credential_->kind == CredentialKind::client_credentials) {
      if (!token_)
        if (auto reason = fetch_token(answer)) return reason;
      request.authorization = {AuthorizationScheme::bearer, *token_, owner_};
    } else {
      request.authorization = {AuthorizationScheme::bearer, credential_->secret, owner_};
    }
    return std::nullopt;
  }

  std::optional<Unknown> fetch_token(HttpAnswer& answer) {
    HttpRequest request;
    request.method = "POST";
    request.url = base_url_ + "/api/oauth/token";
    request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = "grant_type=client_credentials";
    request.max_bytes = limits::kMaxTokenAnswerBytes;
    request.secret_answer = true;
    request.authorization = {AuthorizationScheme::basic, Secret(base64_encode(credential_->username + ":" + credential_->secret.reveal())), owner_};
    answer = http_.send(request);
    if (auto reason = unusable(answer, host_)) return reason;
    if (answer.has_status(401) || answer.has_status(403))
      return unknown("refused_credentials", fmt::format("{} gives no token to the service account from {} ({}); its secret may have expired", host_,
                                                        credential_->source, answer.response->status));
    if (!answer.has_status(200)) return unknown(fmt::format("http_{}", answer.response->status), fmt::format("{} has no token to give at /api/oauth/token", host_));
    auto token = read_token_answer(answer.response->body);
    if (!token) return unknown("malformed", host_ + " answered with " + token.error().message);
    token_ = std::move(token->token);
    token_until_ = steady_clock::now() + std::chrono::seconds(std::clamp(token->lifetime_seconds, 10, 86'400) - 5);
    return std::nullopt;
  }

  Unknown refusal(const HttpAnswer& answer) const {
    const int status = answer.response->status;
    if (!credential_)
      return unknown("no_credentials", fmt::format("{} refuses ({}) whoever comes without a key; {}", host_, status, kAdvice));
    return unknown("refused_credentials",
                   fmt::format("{} refuses the credential from {} ({}){}; it may not be of this project, or this machine's address not be on its list",
                               host_, credential_->source, status, error_code(answer)));
  }

  HttpClient& http_;
  std::string base_url_, host_, owner_;
  std::optional<Credential> credential_;
  std::optional<Secret> token_;
  steady_clock::time_point token_until_;
};

class AtlasStreams final : public StreamSource {
 public:
  AtlasStreams(AtlasProject project, HttpClient& http, CredentialSource& credentials)
      : project_(std::move(project)), door_(project_, http, credentials) {}

  const std::string& name() const override { return project_.name; }
  const std::string& source() const override { return door_.host(); }
  std::string host() const override { return door_.host(); }

  std::vector<StreamListReading> read(const std::string& workspace) override {
    const std::string all = "/groups/" + percent_encoded(project_.project) + "/streams", one = all + "/" + percent_encoded(workspace);
    std::vector<StreamListReading> readings(3);
    readings[0] = list(StreamListKind::workspace, all);
    StreamListReading& itself = readings[0];
    if (itself.state == ReadingState::present) {
      const std::size_t shown = itself.items.size();
      std::erase_if(itself.items, [&](const std::string& item) { return name_of(item) != workspace; });
      if (itself.items.empty() && itself.complete) itself.state = ReadingState::absent;
      itself.evidence = fmt::format("the project has {}{}", counted(shown, "workspace"), itself.items.empty() ? ", and none of that name" : "");
      if (itself.items.empty() && !itself.complete) {
        itself.state = ReadingState::unknown;
        itself.unknown = unknown("inconsistent", door_.host() + " gave pages that do not fit together; ask again");
      }
    }
    for (const StreamListKind kind : {StreamListKind::connection, StreamListKind::processor}) {
      StreamListReading& reading = readings[static_cast<std::size_t>(kind)];
      if (itself.state == ReadingState::present) {
        reading = list(kind, one + (kind == StreamListKind::connection ? "/connections" : "/processors"));
      } else {  // nothing else is known of it than of the workspace
        reading = itself;
        reading.kind = kind;
      }
    }
    return readings;
  }

 private:
  static std::string name_of(const std::string& item) {
    const Document document = formats::parse_json(item);
    return std::string(document.text(document.child(document.root(), "name")).value_or(""));
  }

  /// Reads pages until one has no link to a next one. That link's address is not followed: the number of the page is known.
  StreamListReading list(StreamListKind kind, const std::string& target) {
    StreamListReading reading;
    reading.kind = kind;
    std::set<std::string> names;
    bool repeats = false;
    for (std::uint32_t page = 1;; ++page) {
      const Asked asked = door_.get(fmt::format("{}?itemsPerPage=500&pageNum={}", target, page));
      if (page == 1) reading.from = asked.answer.from;
      reading.unknown = asked.unknown;
      if (!reading.unknown && !asked.answer.has_status(200))
        reading.unknown = unknown("http_404", fmt::format("{} has no such project, or does not show it (404){}; check `project:`", door_.host(), error_code(asked.answer)));
      bool more = false;
      if (!reading.unknown) {
        if (auto fault = take(asked.answer.response->body, names, repeats, more, reading.items))
          reading.unknown = unknown("malformed", fmt::format("{} answered, but not with a list of the API: {}", door_.host(), *fault));
      }
      if (!reading.unknown && more && page == kMostPages)
        reading.unknown = unknown("over_limit", fmt::format("{} has more than {} pages of that list", door_.host(), kMostPages));
      if (reading.unknown) {
        reading.items.clear();
        return reading;
      }
      if (!more) break;
    }
    reading.state = ReadingState::present;
    // A name that came twice slid from one page to the next while they were read: another one may have slid by.
    reading.complete = !repeats;
    reading.evidence = counted(reading.items.size(), to_string(kind)) + (repeats ? "; the list changed while it was read" : "");
    return reading;
  }

  /// What is wrong with a page; nothing if it could be read.
  std::optional<std::string> take(const std::string& body, std::set<std::string>& names, bool& repeats, bool& more, std::vector<std::string>& items) const {
    const Document document = formats::parse_json(body);
    if (document.problem()) return document.problem()->message;
    const NodeIndex root = document.root(), results = document.child(root, "results");
    if (!document.is_sequence(results)) return "it has no `results`";
    for (const NodeIndex each : document.children(results)) {
      const std::string_view name = document.text(document.child(each, "name")).value_or("");
      if (name.empty()) return "something in it has no name";
      if (names.emplace(name).second) items.emplace_back(slice(body, document[each].span));
      else repeats = true;
    }
    for (const NodeIndex link : document.children(document.child(root, "links")))
      if (document.text(document.child(link, "rel")) == "next") more = true;
    return std::nullopt;
  }

  const AtlasProject project_;
  AtlasDoor door_;
};

}  // namespace

std::unique_ptr<StreamSource> make_atlas_streams(AtlasProject project, HttpClient& http, CredentialSource& credentials) {
  return std::make_unique<AtlasStreams>(std::move(project), http, credentials);
}

}  // namespace trueup::live
