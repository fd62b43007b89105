#include "live/curl_client.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "live/address.hpp"
#include "live/clock.hpp"
#include "live/proxy.hpp"
#include "live/retry.hpp"
#include "live/transfers.hpp"

namespace trueup::live {

namespace {

using std::chrono::milliseconds;

HttpAnswer failed(std::string code, std::string message) {
  HttpAnswer answer;
  answer.failure = {std::move(code), std::move(message)};
  return answer;
}

/// Whether a line break could smuggle in a header.
bool well_formed(const HttpRequest& request) {
  const auto clean = [](std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
  };
  return clean(request.method) && clean(request.authorization.value.reveal()) &&
         std::ranges::all_of(request.headers, [&](const HttpHeader& h) { return clean(h.name) && clean(h.value); });
}

bool is_redirect(const HttpRequest& request, const HttpAnswer& answer) {
  if (!answer.response || (request.method != "GET" && request.method != "HEAD")) return false;
  const int status = answer.response->status;
  return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         find_header(answer.response->headers, "Location").has_value();
}

/// Bounds what runs at once, for each host and in total.
class Slots {
 public:
  Slots(int per_host, int in_total) : per_host_(per_host), free_(in_total) {}

  void acquire(const std::string& host) {
    std::unique_lock lock(guard_);
    changed_.wait(lock, [&] { return free_ > 0 && used_[host] < per_host_; });
    --free_;
    ++used_[host];
  }
  void release(const std::string& host) {
    {
      const std::lock_guard lock(guard_);
      ++free_;
      --used_[host];
    }
    changed_.notify_all();
  }

 private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::map<std::string, int> used_;
  const int per_host_;
  int free_;
};

/// Remembers hosts that failed again and again, so that a thousand questions to a dead host do not wait a thousand
/// times.
class Failing {
 public:
  explicit Failing(int give_up_after) : give_up_after_(give_up_after) {}

  /// The last failure of a host that was given up.
  std::optional<HttpAnswer> given_up(const std::string& host) {
    const std::lock_guard lock(guard_);
    const auto found = in_a_row_.find(host);
    if (found == in_a_row_.end() || found->second.count < give_up_after_) return std::nullopt;
    return found->second.last;
  }
  void note(const std::string& host, const HttpAnswer& answer) {
    const std::lock_guard lock(guard_);
    if (!host_is_failing(answer)) {
      in_a_row_.erase(host);
      return;
    }
    auto& entry = in_a_row_[host];
    ++entry.count;
    entry.last = answer;
    if (entry.last.response) entry.last.response->body.clear();
  }

 private:
  struct Row {
    int count = 0;
    HttpAnswer last;
  };
  std::mutex guard_;
  std::map<std::string, Row> in_a_row_;
  const int give_up_after_;
};

class CurlClient final : public HttpClient {
 public:
  CurlClient(HttpOptions options, HostPolicy hosts, Surroundings surroundings)
      : options_(std::move(options)),
        hosts_(std::move(hosts)),
        surroundings_(std::move(surroundings)),
        slots_(options_.max_per_host, options_.max_in_total),
        failing_(options_.give_up_after),
        transfers_(options_) {}

  HttpAnswer send(const HttpRequest& request) override {
    const std::string asked_at = rfc3339(options_.clock());
    HttpAnswer answer = follow(request);
    answer.from = {without_secrets(request.url), asked_at, false};
    return answer;
  }

 private:
  HttpAnswer follow(const HttpRequest& request) {
    auto url = Url::parse(request.url);
    if (!url) return failed("invalid_reference", url.error().message);
    if (!well_formed(request)) return failed("invalid_reference", "a header of the request holds a line break");
    const Url origin = *url;
    milliseconds wait_left = options_.max_wait;
    for (std::uint32_t redirects = 0;; ++redirects) {
      HttpAnswer answer = ask(request, *url, url->same_origin(origin), wait_left);
      if (!is_redirect(request, answer)) return answer;
      auto target = url->resolve(*find_header(answer.response->headers, "Location"));
      const std::string from = url->host.to_string() + " sends the question on";
      if (!target) return failed("redirect_refused", from + ": " + target.error().message);
      const std::string from_to = from + " to " + target->host.to_string();
      if (redirects == limits::kMaxRedirects) return failed("redirect_refused", from_to + ", and on and on");
      if (url->https && !target->https) return failed("redirect_refused", from_to + " without TLS");
      url = std::move(target);
    }
  }

  /// One address, asked until it answers or patience ends.
  HttpAnswer ask(const HttpRequest& request, const Url& url, bool with_authorization, milliseconds& wait_left) {
    const std::string host = url.host.to_string();
    const bool named = hosts_.allows(url.host) || hosts_.allows({url.host.host, url.effective_port()});
    if (auto refusal = refuse(url, named)) return std::move(*refusal);
    Attempt attempt;
    attempt.request = &request;
    attempt.url = url;
    attempt.with_authorization = with_authorization;
    attempt.any_address = named;
    attempt.proxy = proxy_for(url, surroundings_);
    attempt.ca_file = options_.ca_file;
    attempt.settings = hosts_.settings(url.host);
    if (attempt.settings && !attempt.settings->ca_file.empty()) attempt.ca_file = attempt.settings->ca_file;
    milliseconds backoff = options_.first_backoff;
    for (int retries = 0;; ++retries) {
      if (auto last = failing_.given_up(host)) return std::move(*last);
      slots_.acquire(host);
      HttpAnswer answer = transfers_.run(attempt);
      slots_.release(host);
      if (worth_retrying(answer) && retries < options_.retries) {
        const auto asked_for = answer.response ? retry_after(*answer.response, options_.clock()) : std::nullopt;
        const milliseconds wait = asked_for.value_or(backoff);
        if (wait <= wait_left) {
          wait_left -= wait;
          backoff *= 2;
          std::this_thread::sleep_for(wait);
          continue;
        }
      }
      failing_.note(host, answer);
      return answer;
    }
  }

  /// What need not be resolved to be refused.
  std::optional<HttpAnswer> refuse(const Url& url, bool named) const {
    const std::string host = url.host.to_string();
    if (!named) {
      const auto address = address_bytes(url.host.host);
      if (is_loopback_name(url.host.host) || (address && !is_public_address(*address))) {
        return failed("private_address", host + " is a loopback, private or link-local address; if it is meant, "
                                                "allow it with --allow-host " + host);
      }
    }
    if (!url.https && !hosts_.speaks_plain_http(url.host)) {
      return failed("plain_http", host + " would be asked without TLS; if that is meant, say plain_http for it in "
                                         "TRUEUP_HOSTS");
    }
    return std::nullopt;
  }

  const HttpOptions options_;
  const HostPolicy hosts_;
  const Surroundings surroundings_;
  Slots slots_;
  Failing failing_;
  Transfers transfers_;
};

}  // namespace

std::unique_ptr<HttpClient> make_curl_client(HttpOptions options, HostPolicy hosts, Surroundings surroundings) {
  return std::make_unique<CurlClient>(std::move(options), std::move(hosts), std::move(surroundings));
}

}  // namespace trueup::live
