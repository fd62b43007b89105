#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <memory>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "base/limits.hpp"
#include "live/base64.hpp"
#include "live/clock.hpp"
#include "live/exchange.hpp"
#include "live/record.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

using Json = nlohmann::json;

struct Exchange {
  std::string file;
  ExchangeKey key;
  std::optional<HttpResponse> response;
  HttpFailure failure;
  std::string asked_at;
  int order = 0;  ///< the status; failures come last
  mutable std::atomic<bool> used = false;
};

/// A stand-in for what the recorded run had: it is never sent, only looked for.
class RecordedCredentials final : public CredentialSource {
 public:
  std::optional<Credential> find(const HostPort& host) override {
    const auto kind = kinds.find(host.to_string());
    if (kind == kinds.end()) return std::nullopt;
    return Credential{kind->second, "recorded", Secret(std::string(kRedacted)), "the recording"};
  }
  std::optional<Credential> find_account(const HostPort& host, std::string_view account) override {
    const auto kind = kinds.find(account_of(host, account));
    if (kind == kinds.end()) return find(host);
    return Credential{kind->second, "recorded", Secret(std::string(kRedacted)), "the recording"};
  }
  std::vector<CredentialNote> explain(const HostPort& host) override {
    const bool known = kinds.contains(host.to_string());
    return {{"the recording", known ? "the recorded run had a credential" : "the recorded run had none"}};
  }

  std::map<std::string, CredentialKind> kinds;
};

Error malformed(std::string message) { return {Fault::malformed, std::move(message)}; }

/// JSON of bounded depth: nlohmann's writer calls itself for each level.
Json parse(const std::string& text) {
  if (text.size() > 2 * limits::kMaxTagListBytes) return Json(Json::value_t::discarded);
  bool too_deep = false;
  Json json = Json::parse(
      text,
      [&](int depth, Json::parse_event_t, Json&) {
        too_deep = too_deep || depth > static_cast<int>(limits::kMaxDepth);
        return !too_deep;
      },
      false);
  return too_deep ? Json(Json::value_t::discarded) : json;
}

std::string text_at(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<HttpHeader> headers_of(const Json& message) {
  std::vector<HttpHeader> headers;
  if (!message.is_object() || !message.contains("headers") || !message["headers"].is_object()) return headers;
  for (const auto& [name, value] : message["headers"].items()) {
    if (value.is_string()) headers.push_back({name, value.get<std::string>()});
    if (!value.is_array()) continue;
    for (const Json& element : value) {
      if (element.is_string()) headers.push_back({name, element.get<std::string>()});
    }
  }
  return headers;
}

/// `body` (parsed JSON), `body_text` or `body_base64`; nothing if the recording holds only the size.
std::optional<std::string> body_of(const Json& message) {
  if (message.contains("body")) return message["body"].dump();
  if (message.contains("body_text")) return text_at(message, "body_text");
  if (message.contains("body_base64")) return base64_decode(text_at(message, "body_base64"));
  if (message.contains("body_size")) return std::nullopt;
  return "";
}

/// The file's exchange, put into `exchange`.
Result<void> read_exchange(const std::string& text, Exchange& exchange) {
  const Json json = parse(text);
  if (!json.is_object() || !json.contains("request")) return malformed("is no recorded exchange");
  const Json& request = json["request"];
  const auto request_headers = headers_of(request);
  const auto host = HostPort::parse(find_header(request_headers, "Host").value_or(""));
  if (!host || text_at(request, "path").empty()) return malformed("has no request with a Host and a path");
  exchange.key = exchange_key(text_at(request, "method"), host->to_string(), text_at(request, "path"),
                              text_at(request, "auth"), request_headers, body_of(request).value_or(""));
  exchange.asked_at = text_at(json, "asked_at");
  if (json.contains("failure")) {
    exchange.failure = {text_at(json["failure"], "code"), text_at(json["failure"], "message")};
    exchange.order = 1000;
    return {};
  }
  const Json response = json.value("response", Json());
  const Json status = response.is_object() ? response.value("status", Json()) : Json();
  if (!status.is_number_integer()) return malformed("has neither a response with a status nor a failure");
  exchange.order = status.get<int>();
  const auto headers = headers_of(response);
  if (exchange.asked_at.empty()) {
    const auto date = parse_http_date(find_header(headers, "Date").value_or(""));
    if (date) exchange.asked_at = rfc3339(*date);
  }
  auto body = body_of(response);
  if (body) {
    exchange.response = HttpResponse{exchange.order, headers, std::move(*body)};
  } else {
    exchange.failure = {"not_recorded", "the recording holds the size of this answer only"};
  }
  return {};
}

std::optional<RecordedRun> read_run(const std::string& text, std::map<std::string, CredentialKind>& credentials) {
  const Json json = parse(text);
  if (!json.is_object() || !parse_rfc3339(text_at(json, "now"))) return std::nullopt;
  RecordedRun run;
  run.now = text_at(json, "now");
  const Json hosts = json.value("hosts", Json::object()), had = json.value("credentials", Json::object());
  for (const auto& [host, entry] : hosts.items()) {
    if (!entry.is_object()) return std::nullopt;
    HostSettings settings;
    const Json plain_http = entry.value("plain_http", Json());
    if (plain_http.is_boolean()) settings.plain_http = plain_http.get<bool>();
    const Json token_hosts = entry.value("token_hosts", Json::array());
    for (const Json& token_host : token_hosts) {
      if (token_host.is_string()) settings.token_hosts.push_back(token_host.get<std::string>());
    }
    if (!run.hosts.configure(host, std::move(settings))) return std::nullopt;
  }
  const Json servers = json.value("servers", Json::object());
  for (const auto& [name, url] : servers.items())
    if (url.is_string()) run.servers[name] = url.get<std::string>();
  for (const auto& [host, kind] : had.items()) {
    for (const auto known : {CredentialKind::basic, CredentialKind::bearer_token, CredentialKind::identity_token, CredentialKind::client_credentials, CredentialKind::job_token}) {
      if (kind == to_string(known)) credentials[host] = known;
    }
  }
  return run;
}

/// A recording without run.json: a host that was sent a password had one; a token server was sent that of the service.
void guess_credential(const ExchangeKey& key, std::map<std::string, CredentialKind>& credentials) {
  if (key.auth != "Basic" && key.auth != "Digest") return;
  credentials[key.host] = CredentialKind::basic;
  const std::size_t service = key.target.find("service=");
  if (service == std::string::npos) return;
  const std::string_view rest = std::string_view(key.target).substr(service + 8);
  const auto host = HostPort::parse(rest.substr(0, rest.find('&')));
  if (host) credentials[host->to_string()] = CredentialKind::basic;
}

/// The target without a page size, if that is its only parameter.
std::optional<std::string> without_page_size(const std::string& target) {
  const std::size_t question = target.find('?');
  if (question == std::string::npos) return std::nullopt;
  if (target.compare(question, 3, "?n=") != 0 && target.compare(question, 7, "?limit=") != 0) return std::nullopt;
  if (target.find('&', question) != std::string::npos) return std::nullopt;
  return target.substr(0, question);
}

}  // namespace

struct Replay::State {
  std::vector<std::unique_ptr<Exchange>> exchanges;  // sorted by order, then file
  std::map<ExchangeKey, const Exchange*> by_key;     // the first of each
  std::optional<RecordedRun> run;
  RecordedCredentials credentials;
  std::string latest;

  const Exchange* find(ExchangeKey key) const {
    if (const Exchange* exact = find_exactly(key)) return exact;
    const auto target = without_page_size(key.target);
    if (!target) return nullptr;
    key.target = *target;
    return find_exactly(key);
  }

  /// With the same kind of Authorization; else what an anonymous question was granted.
  const Exchange* find_exactly(ExchangeKey key) const {
    const auto same = by_key.find(key);
    if (same != by_key.end()) return same->second;
    if (key.auth.empty()) return nullptr;
    key.auth.clear();
    const auto anonymous = by_key.find(key);
    return anonymous != by_key.end() && anonymous->second->order / 100 == 2 ? anonymous->second : nullptr;
  }
};

Replay::Replay(std::unique_ptr<State> state) : state_(std::move(state)) {}
Replay::~Replay() = default;

Result<std::unique_ptr<Replay>> Replay::open(const std::filesystem::path& folder) {
  std::error_code fault;
  std::vector<std::pair<std::string, std::string>> files;
  for (std::filesystem::directory_iterator entry(folder, fault), end; !fault && entry != end; entry.increment(fault)) {
    if (entry->path().extension() != ".json") continue;
    std::ifstream file(entry->path(), std::ios::binary);
    files.emplace_back(entry->path().filename().string(),
                       std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
    if (!file) return Error{Fault::denied, entry->path().string() + " cannot be read"};
  }
  if (fault) return Error{Fault::not_found, "there is no recording at " + folder.string()};
  return from_texts(files);
}

Result<std::unique_ptr<Replay>> Replay::from_texts(const std::vector<std::pair<std::string, std::string>>& files) {
  auto state = std::make_unique<State>();
  for (const auto& [name, text] : files) {
    if (name == kRunFile) {
      state->run = read_run(text, state->credentials.kinds);
      if (!state->run) return malformed("is no description of a run").within(name);
      continue;
    }
    auto exchange = std::make_unique<Exchange>();
    exchange->file = name;
    auto read = read_exchange(text, *exchange);
    if (!read) return std::move(read).error().within(name);
    state->latest = std::max(state->latest, exchange->asked_at);
    state->exchanges.push_back(std::move(exchange));
  }
  std::ranges::sort(state->exchanges, [](const auto& a, const auto& b) {
    return std::tie(a->order, a->file) < std::tie(b->order, b->file);
  });
  for (const auto& exchange : state->exchanges) {
    state->by_key.try_emplace(exchange->key, exchange.get());
    if (!state->run) guess_credential(exchange->key, state->credentials.kinds);
  }
  return std::unique_ptr<Replay>(new Replay(std::move(state)));
}

HttpAnswer Replay::send(const HttpRequest& request) {
  HttpAnswer answer;
  answer.from = {without_secrets(request.url), "", true};
  const auto url = Url::parse(request.url);
  if (!url) {
    answer.failure = {"invalid_reference", url.error().message};
    return answer;
  }
  const std::string host = url->host.to_string();
  const Exchange* exchange =
      state_->find(exchange_key(request.method, host, url->target, scheme_name(request.authorization.scheme),
                                request.headers, request.body));
  if (!exchange) {
    answer.failure = {"not_recorded", fmt::format("the recording has no answer to {} {}; record again with --record",
                                                  request.method, answer.from.address)};
    return answer;
  }
  exchange->used = true;
  answer.from.asked_at = exchange->asked_at;
  answer.response = exchange->response;
  answer.failure = exchange->failure;
  if (answer.response && answer.response->body.size() > request.max_bytes) {
    answer.response.reset();
    answer.failure = {"over_limit", fmt::format("{} answered with more than {} bytes", host, request.max_bytes)};
  }
  return answer;
}

const std::optional<RecordedRun>& Replay::run() const { return state_->run; }
const std::string& Replay::latest() const { return state_->latest; }
CredentialSource& Replay::credentials() { return state_->credentials; }
std::size_t Replay::size() const { return state_->exchanges.size(); }

std::vector<RecordedAnswer> Replay::answers() const {
  std::vector<RecordedAnswer> answers;
  for (const auto& [key, exchange] : state_->by_key) {
    RecordedAnswer& answer = answers.emplace_back();
    answer.question = key.method + ' ' + key.host + key.target;
    for (const std::string* part : {&key.auth, &key.accept, &key.condition, &key.body})
      if (!part->empty()) answer.question += " [" + *part + ']';
    const int status = exchange->order;
    answer.state = exchange->response ? std::to_string(status) : exchange->failure.code;
    answer.open = !exchange->response || status >= 500 || status == 429 || status == 401 || status == 403;
    if (!exchange->response) continue;
    answer.bytes = exchange->response->body.size();
    answer.digest = sha256_hex(exchange->response->body).substr(0, 12);
  }
  return answers;
}

std::vector<std::string> Replay::unused() const {
  std::vector<std::string> names;
  for (const auto& exchange : state_->exchanges) {
    if (!exchange->used) names.push_back(exchange->file);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace trueup::live
