#include <algorithm>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "live/base64.hpp"
#include "live/exchange.hpp"
#include "live/record.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

using Json = nlohmann::ordered_json;

std::string pretty(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; }

/// Removes the request's own credential from what a server said: some echo headers in error pages.
class Redaction {
 public:
  explicit Redaction(const Authorization& authorization) {
    const std::string& value = authorization.value.reveal();
    add(value);
    const bool digest = authorization.scheme == AuthorizationScheme::digest;
    if (authorization.scheme != AuthorizationScheme::basic && !digest) return;
    const std::string pair = digest ? value : base64_decode(value).value_or("");
    add(pair);
    add(pair.substr(std::min(pair.find(':') + 1, pair.size())));
  }
  std::string operator()(std::string text) const {
    for (const std::string& secret : secrets_) {
      if (text.find(secret) != std::string::npos) text = replace_all(text, secret, kRedacted);
    }
    return text;
  }

 private:
  void add(std::string secret) {
    // One or two letters are no secret, and taking them out would ruin every text.
    if (secret.size() > 3) secrets_.push_back(std::move(secret));
  }
  std::vector<std::string> secrets_;
};

Json header_object(const std::vector<HttpHeader>& headers, const Redaction& redact) {
  Json object = Json::object();
  for (const HttpHeader& header : headers) {
    std::string value = is_secret_header(header.name) ? std::string(kRedacted) : redact(header.value);
    Json& slot = object[header.name];
    if (slot.is_null()) {
      slot = std::move(value);
    } else {  // a header that came twice is a list
      if (!slot.is_array()) slot = Json::array({slot});
      slot.push_back(std::move(value));
    }
  }
  return object;
}

/// A token server's answer: every text is taken for a secret but the few that are known to be none.
Json redacted_token_answer(const std::string& body) {
  Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return std::string(kRedacted);
  for (auto& [name, value] : json.items()) {
    const bool harmless = value.is_number() || name == "issued_at" || name == "scope" || name == "token_type";
    if (!harmless) value = kRedacted;
  }
  return json;
}

/// Takes every text out that stands below one of the keys; whether there was any.
bool redact_below(Json& json, const std::vector<std::string>& keys, bool below, std::size_t depth = 0) {
  if (depth > limits::kMaxDepth) return false;
  bool any = false;
  if (json.is_string() && below) {
    any = true;
    json = kRedacted;
  }
  if (json.is_object())
    for (auto& [name, value] : json.items()) any = redact_below(value, keys, below || std::ranges::find(keys, name) != keys.end(), depth + 1) || any;
  if (json.is_array())
    for (Json& value : json) any = redact_below(value, keys, below, depth + 1) || any;
  return any;
}

/// The body without what stands below these keys. What is no JSON is not recorded where it may hold them.
std::string without_keys(const std::string& body, const std::vector<std::string>& keys) {
  if (keys.empty()) return body;
  bool too_deep = false;
  Json json = Json::parse(
      body,
      [&](int depth, Json::parse_event_t, Json&) {
        too_deep = too_deep || depth > static_cast<int>(limits::kMaxDepth);
        return !too_deep;
      },
      false);
  if (too_deep || json.is_discarded()) return std::string(kRedacted);
  return redact_below(json, keys, false) ? json.dump(-1, ' ', false, Json::error_handler_t::replace) : body;
}

void write_body(const HttpRequest& request, const std::string& body, const Redaction& redact, Json& response) {
  if (body.empty()) return;
  if (request.secret_answer) {
    Json redacted = redacted_token_answer(body);
    response[redacted.is_string() ? "body_text" : "body"] = std::move(redacted);
  } else if (!first_invalid_utf8(body)) {
    response["body_text"] = redact(without_keys(body, request.secret_keys));
  } else {
    response["body_base64"] = base64_encode(body);
  }
}

Json request_object(const HttpRequest& request, const Url& url) {
  Json object;
  object["method"] = request.method;
  object["path"] = without_secrets(url.target);
  Json headers = header_object(request.headers, Redaction(request.authorization));
  headers["Host"] = url.host.to_string();
  const std::string scheme(scheme_name(request.authorization.scheme));
  if (!scheme.empty()) headers["Authorization"] = scheme + " REDACTED";
  object["headers"] = std::move(headers);
  if (!request.body.empty()) object["body_text"] = without_secrets("?" + request.body).substr(1);
  if (!scheme.empty()) object["auth"] = scheme;
  return object;
}

Json exchange_object(const HttpRequest& request, const Url& url, const HttpAnswer& answer) {
  const Redaction redact(request.authorization);
  Json object;
  const auto server = answer.response ? find_header(answer.response->headers, "Server") : std::nullopt;
  object["server"] = server ? redact(std::string(*server)) : url.host.to_string();
  object["asked_at"] = answer.from.asked_at;
  object["request"] = request_object(request, url);
  if (answer.response) {
    Json& response = object["response"];
    response["status"] = answer.response->status;
    response["headers"] = header_object(answer.response->headers, redact);
    write_body(request, answer.response->body, redact, response);
  } else {
    object["failure"] = {{"code", answer.failure.code}, {"message", redact(answer.failure.message)}};
  }
  return object;
}

/// A file name that says what was asked, and is different for what a look-up tells apart.
std::string stem_of(const ExchangeKey& key) {
  std::string words = ascii_lower(key.method) + "_" + key.host + "_" + key.target;
  for (char& c : words) {
    if (!is_unreserved(c) || c == '~') c = '_';
  }
  const std::vector<std::string> all = {key.method, key.host,      key.target, key.auth,
                                        key.accept, key.condition, key.body};
  return words.substr(0, 120) + "-" + sha256_hex(join(all, "\n")).substr(0, 12);
}

CredentialKind kind_of(const HttpRequest& request) {
  if (request.secret_body) return CredentialKind::identity_token;
  if (request.secret_answer && request.body.starts_with("grant_type=client_credentials")) return CredentialKind::client_credentials;
  if (request.authorization.scheme == AuthorizationScheme::job_token) return CredentialKind::job_token;
  const bool bearer = request.authorization.scheme == AuthorizationScheme::bearer;
  return bearer ? CredentialKind::bearer_token : CredentialKind::basic;
}

}  // namespace

Recorder::Recorder(std::filesystem::path folder, RecordedRun run, HttpClient& inner)
    : folder_(std::move(folder)), run_(std::move(run)), inner_(inner) {}

Result<std::unique_ptr<Recorder>> Recorder::open(std::filesystem::path folder, RecordedRun run, HttpClient& inner) {
  std::error_code fault;
  std::filesystem::create_directories(folder, fault);
  const bool folder_there = !fault && std::filesystem::is_directory(folder, fault);
  if (!folder_there) return Error{Fault::denied, folder.string() + " cannot be made a folder for the recording"};
  const bool empty = std::filesystem::is_empty(folder, fault);
  if (fault) return Error{Fault::denied, folder.string() + " cannot be read"};
  if (!empty) {
    return Error{Fault::malformed,
                 folder.string() + " is not empty; name a new folder, so that answers of two runs do not mix"};
  }
  std::unique_ptr<Recorder> recorder(new Recorder(std::move(folder), std::move(run), inner));
  const std::lock_guard lock(recorder->guard_);
  recorder->write_run();
  if (recorder->problem_) return *recorder->problem_;
  return recorder;
}

HttpAnswer Recorder::send(const HttpRequest& asked) {
  HttpRequest request = asked;
  request.read_body = nullptr;  // a recording holds the body as it came
  HttpAnswer answer = inner_.send(request);
  const auto url = Url::parse(request.url);
  if (!url) return answer;  // it was not asked either
  const ExchangeKey key = exchange_key(request.method, url->host.to_string(), url->target,
                                       scheme_name(request.authorization.scheme), request.headers, request.body);
  const std::string stem = stem_of(key);
  const std::string name =
      stem + "-" + (answer.response ? std::to_string(answer.response->status) : answer.failure.code) + ".json";
  const std::string text = pretty(exchange_object(request, *url, answer));

  const std::lock_guard lock(guard_);
  const auto [earlier, fresh] = written_.try_emplace(stem, name);
  if (!fresh && earlier->second != name) {
    std::error_code ignored;
    std::filesystem::remove(folder_ / earlier->second, ignored);
    earlier->second = name;
  }
  write(name, text);
  const std::string& host = request.authorization.credential_of;
  if (!host.empty() && credentials_.try_emplace(host, kind_of(request)).second) write_run();
  return answer;
}

std::optional<Error> Recorder::problem() const {
  const std::lock_guard lock(guard_);
  return problem_;
}

void Recorder::write_run() {
  Json run;
  run["now"] = run_.now;
  Json& hosts = run["hosts"] = Json::object();
  for (const auto& [host, settings] : run_.hosts.named()) {
    Json& entry = hosts[host.to_string()] = Json::object();
    if (settings.plain_http) entry["plain_http"] = *settings.plain_http;
    if (!settings.token_hosts.empty()) entry["token_hosts"] = settings.token_hosts;
  }
  if (!run_.servers.empty()) run["servers"] = run_.servers;
  Json& credentials = run["credentials"] = Json::object();  // that there was one, and of what kind
  for (const auto& [host, kind] : credentials_) credentials[host] = to_string(kind);
  write(std::string(kRunFile), pretty(run));
}

void Recorder::write(const std::string& name, const std::string& text) {
  const std::filesystem::path path = folder_ / name, partial = folder_ / (name + ".partial");
  std::ofstream file(partial, std::ios::binary);
  file << text;
  file.close();
  std::error_code fault;
  if (file) std::filesystem::rename(partial, path, fault);
  if ((!file || fault) && !problem_) problem_ = Error{Fault::denied, path.string() + " cannot be written"};
}

}  // namespace trueup::live
