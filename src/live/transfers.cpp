#include "live/transfers.hpp"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/gzip.hpp"
#include "live/address.hpp"
#include "live/body_stream.hpp"
#include "live/curl_library.hpp"

namespace trueup::live {

namespace {

constexpr std::size_t kMaxHeaderBytes = 256u << 10;
/// What is kept of an answer other than the one that was to be read: it says what went wrong.
constexpr std::size_t kMaxErrorBytes = 1u << 20;

/// Only where Transfers::run() has seen that it is there.
const CurlLibrary& curl() { return *curl_library(); }

struct FreeEasy {
  void operator()(CURL* easy) const { curl().easy_cleanup(easy); }
};
struct FreeMulti {
  void operator()(CURLM* multi) const { curl().multi_cleanup(multi); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl().slist_free_all(list); }
};
using EasyHandle = std::unique_ptr<CURL, FreeEasy>;
using MultiHandle = std::unique_ptr<CURLM, FreeMulti>;
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

/// One attempt on its way. Written by the loop's thread until `done`, read by the asking thread after it.
struct Transfer {
  const Attempt* attempt = nullptr;
  EasyHandle easy;
  HeaderList header_list;
  std::array<char, CURL_ERROR_SIZE> error_text{};
  HttpResponse response;
  BodyStream stream;  // of a body that is read while it comes
  std::optional<HttpFailure> unreadable;  // what the reading thread found of it
  std::size_t header_bytes = 0, body_bytes = 0;
  bool over_limit = false, refused_address = false;

  std::mutex guard;
  std::condition_variable changed;
  bool done = false;
  CURLcode outcome = CURLE_OK;

  explicit Transfer(std::function<void()> resume) : stream(std::move(resume)) {}

  int status() const {
    long status = 0;
    curl().easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
  }

  void finish(CURLcode code) {
    stream.end();
    // Notified under the lock: the asking thread owns this object and destroys it as soon as it sees `done`.
    const std::lock_guard lock(guard);
    outcome = code;
    done = true;
    changed.notify_all();
  }
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const HttpRequest& request = *transfer.attempt->request;
  if (count > request.max_bytes - transfer.body_bytes) {
    transfer.over_limit = true;
    return CURL_WRITEFUNC_ERROR;
  }
  if (request.read_body && transfer.status() == 200) {
    transfer.response.status = 200;
    const auto offered = transfer.stream.offer(transfer.response, {bytes, count});
    if (offered == BodyStream::Offered::not_now) return CURL_WRITEFUNC_PAUSE;  // the same bytes come again
    if (offered == BodyStream::Offered::not_wanted) return CURL_WRITEFUNC_ERROR;
  } else if (!request.read_body || transfer.body_bytes + count <= kMaxErrorBytes) {
    transfer.response.body.append(bytes, count);
  }
  transfer.body_bytes += count;
  return count;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(bytes, count);
  transfer.header_bytes += count;
  if (transfer.header_bytes > kMaxHeaderBytes) {
    transfer.over_limit = true;
    return CURL_WRITEFUNC_ERROR;
  }
  if (line.starts_with("HTTP/")) {
    transfer.response.headers.clear();  // what came before belonged to an interim answer (1xx)
    return count;
  }
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view name = trim(line.substr(0, colon)), value = trim(line.substr(colon + 1));
    transfer.response.headers.push_back({std::string(name), std::string(value)});
  }
  return count;
}

/// Called for each address that is about to be connected to, after the name was resolved.
curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  // Through a proxy the address is the proxy's, which the operator chose.
  if (!transfer.attempt->any_address && transfer.attempt->proxy.empty()) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&address->addr);
    std::span<const std::uint8_t> ip;
    if (address->family == AF_INET) ip = {bytes + offsetof(sockaddr_in, sin_addr), 4};
    if (address->family == AF_INET6) ip = {bytes + offsetof(sockaddr_in6, sin6_addr), 16};
    if (!is_public_address(ip)) {
      transfer.refused_address = true;
      return CURL_SOCKET_BAD;
    }
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

HttpFailure failure_of(const Transfer& transfer) {
  const std::string host = transfer.attempt->url.host.to_string();
  if (transfer.refused_address) {
    return {"private_address", host + " has a loopback, private or link-local address; if it is meant, allow it with "
                                      "--allow-host " + host};
  }
  if (transfer.over_limit) {
    const std::size_t limit = transfer.attempt->request->max_bytes;
    return {"over_limit", fmt::format("{} answered with more than {} bytes", host, limit)};
  }
  switch (transfer.outcome) {
    case CURLE_OPERATION_TIMEDOUT:
      return {"timed_out", host + " did not answer in time; ask again when it does"};
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
      return {"unreachable", "the name " + host + (transfer.attempt->proxy.empty() ? "" : " or its proxy") +
                                 " could not be resolved; check its spelling and the network"};
    case CURLE_COULDNT_CONNECT:
      return {"unreachable", "no connection to " + host + "; check that it runs, and the way there (proxy, firewall)"};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return {"tls_failed", fmt::format("no TLS with {}: {}; name its authority with ca_file in TRUEUP_HOSTS, or say "
                                        "plain_http there if it speaks no TLS",
                                        host, printable(transfer.error_text.data()))};
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {"cut_off", host + " closed the connection before its answer was whole"};
    default:
      return {"malformed", fmt::format("{} did not answer with HTTP that can be read: {}", host,
                                       curl().easy_strerror(transfer.outcome))};
  }
}

HeaderList header_list(const Attempt& attempt) {
  HeaderList list;
  const auto append = [&](const std::string& line) { list.reset(curl().slist_append(list.release(), line.c_str())); };
  for (const HttpHeader& header : attempt.request->headers) append(header.name + ": " + header.value);
  const Authorization& authorization = attempt.request->authorization;
  const auto header = [&]() -> std::string_view {
    switch (authorization.scheme) {
      case AuthorizationScheme::basic: return "Authorization: Basic ";
      case AuthorizationScheme::bearer: return "Authorization: Bearer ";
      case AuthorizationScheme::job_token: return "JOB-TOKEN: ";
      case AuthorizationScheme::none:
      case AuthorizationScheme::digest: break;
    }
    return "";
  }();
  if (attempt.with_authorization && !header.empty()) append(std::string(header) + authorization.value.reveal());
  if (!attempt.request->body.empty()) append("Expect:");  // no waiting for 100 Continue
  return list;
}

void configure(Transfer& transfer, const HttpOptions& options) {
  CURL* easy = transfer.easy.get();
  const Attempt& attempt = *transfer.attempt;
  const HttpRequest& request = *attempt.request;
  const auto set = [&](CURLoption option, auto value) { curl().easy_setopt(easy, option, value); };
  set(CURLOPT_URL, attempt.url.to_string().c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, attempt.proxy.c_str());
  set(CURLOPT_NOPROXY, "");  // the exceptions were looked at when the proxy was chosen
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_USERAGENT, options.user_agent.c_str());
  // Of HTTP/2 libcurl takes up to 32 MiB of a body in before a server has to wait.
  set(CURLOPT_HTTP_VERSION, static_cast<long>(request.read_body ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_ACCEPT_ENCODING, "gzip");
  // libcurl takes a gzip that ends early for a whole one. What is no text of its own may then pass for less than it was.
  if (request.read_body) set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!attempt.ca_file.empty()) set(CURLOPT_CAINFO, attempt.ca_file.c_str());
  if (attempt.settings != nullptr) {
    // The settings outlive the transfer.
    const auto set_blob = [&](CURLoption option, const std::string& text) {
      if (text.empty()) return;
      curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
      set(option, &blob);
    };
    if (attempt.ca_file.empty()) set_blob(CURLOPT_CAINFO_BLOB, attempt.settings->ca_pem);
    // A redirect to another host is asked by that host's settings, so the certificate goes nowhere else.
    set_blob(CURLOPT_SSLCERT_BLOB, attempt.settings->client_certificate_pem);
    set_blob(CURLOPT_SSLKEY_BLOB, attempt.settings->client_key_pem.reveal());
  }
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_timeout.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, 64L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.low_speed_time.count()));
  set(CURLOPT_ERRORBUFFER, transfer.error_text.data());
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
  set(CURLOPT_HEADERFUNCTION, &take_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
  set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&transfer));
  set(CURLOPT_PRIVATE, static_cast<void*>(&transfer));
  if (request.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (request.method == "GET") {
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.max_bytes));
  } else {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.c_str());  // the request outlives the attempt
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  if (attempt.with_authorization && request.authorization.scheme == AuthorizationScheme::digest) {
    // libcurl answers the server's question itself, a stale nonce too, and gives what the second answer was.
    const std::string& pair = request.authorization.value.reveal();
    const std::size_t colon = std::min(pair.find(':'), pair.size());
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_DIGEST));
    set(CURLOPT_USERNAME, pair.substr(0, colon).c_str());
    set(CURLOPT_PASSWORD, pair.substr(std::min(colon + 1, pair.size())).c_str());
  }
  transfer.header_list = header_list(attempt);
  set(CURLOPT_HTTPHEADER, transfer.header_list.get());
}

}  // namespace

namespace {

/// Lets the request read what came, unpacked and as far as its limit.
void read_unpacked(Transfer& transfer, const HttpResponse& head, const NextBytes& next) {
  const HttpRequest& request = *transfer.attempt->request;
  const std::string host = transfer.attempt->url.host.to_string();
  const auto encoding = find_header(head.headers, "Content-Encoding");
  std::optional<formats::GzipReader> gzip;
  if (encoding && equal_ignoring_ascii_case(trim(*encoding), "gzip")) gzip.emplace(next);
  std::size_t count = 0;
  request.read_body(head, [&](char* into, std::size_t most) -> std::size_t {
    if (transfer.unreadable) return 0;
    const Result<std::size_t> got = gzip ? gzip->read(into, most) : next(into, most);
    if (!got) {
      const bool cut = gzip->is_cut_short();
      transfer.unreadable = {cut ? "cut_off" : "malformed", cut ? host + " sent a part of its answer only" : "what " + host + " sent as gzip is none"};
      return 0;
    }
    if (*got > request.max_bytes - count) {
      transfer.unreadable = {"over_limit", fmt::format("{} answered with more than {} bytes", host, request.max_bytes)};
      return 0;
    }
    count += *got;
    return *got;
  });
}

}  // namespace

class Transfers::Loop {
 public:
  Loop() {
    multi_.reset(curl().multi_init());
    // The thread gets no signals: those of the process belong to the main thread, and a broken connection must not
    // raise SIGPIPE, which TLS libraries let happen.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  ~Loop() {
    thread_.request_stop();
    {
      const std::lock_guard lock(guard_);
      if (multi_) curl().multi_wakeup(multi_.get());
    }
    thread_.join();
  }

  void submit(Transfer& transfer) {
    const std::lock_guard lock(guard_);
    waiting_.push_back(&transfer);
    curl().multi_wakeup(multi_.get());
  }

  /// Lets a paused transfer go on. One that has ended meanwhile, or its successor at that address, takes no harm.
  void resume(Transfer& transfer) {
    const std::lock_guard lock(guard_);
    resumed_.push_back(&transfer);
    curl().multi_wakeup(multi_.get());
  }

 private:
  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      admit();
      go_on();
      int running = 0;
      curl().multi_perform(multi_.get(), &running);
      for (int left = 0; CURLMsg* message = curl().multi_info_read(multi_.get(), &left);) {
        if (message->msg == CURLMSG_DONE) retire(message->easy_handle, message->data.result);
      }
      curl().multi_poll(multi_.get(), nullptr, 0, 10'000, nullptr);
    }
    admit();
    while (!active_.empty()) retire((*active_.begin())->easy.get(), CURLE_ABORTED_BY_CALLBACK);
    const std::lock_guard lock(guard_);
    multi_.reset();  // here, so that TLS says goodbye on the thread that gets no SIGPIPE
  }

  void admit() {
    const std::lock_guard lock(guard_);
    for (; !waiting_.empty(); waiting_.pop_front()) {
      active_.insert(waiting_.front());
      curl().multi_add_handle(multi_.get(), waiting_.front()->easy.get());
    }
  }

  void go_on() {
    std::vector<Transfer*> resumed;
    {
      const std::lock_guard lock(guard_);
      resumed.swap(resumed_);
    }
    for (Transfer* transfer : resumed)
      if (active_.contains(transfer)) curl().easy_pause(transfer->easy.get(), CURLPAUSE_CONT);
  }

  void retire(CURL* easy, CURLcode outcome) {
    void* user = nullptr;
    curl().easy_getinfo(easy, CURLINFO_PRIVATE, &user);
    auto* transfer = static_cast<Transfer*>(user);
    curl().multi_remove_handle(multi_.get(), easy);
    active_.erase(transfer);
    transfer->finish(outcome);
  }

  MultiHandle multi_;
  std::mutex guard_;
  std::deque<Transfer*> waiting_;
  std::vector<Transfer*> resumed_;
  std::set<Transfer*> active_;  // the thread's own
  std::jthread thread_;
};

Transfers::Transfers(const HttpOptions& options) : options_(options) {}
Transfers::~Transfers() = default;

HttpAnswer Transfers::run(const Attempt& attempt) {
  if (!curl_library()) {
    HttpAnswer answer;
    answer.failure = {"unreachable", "servers cannot be asked without libcurl.so.4; install libcurl4"};
    return answer;
  }
  std::call_once(started_, [this] { loop_ = std::make_unique<Loop>(); });
  Transfer transfer([&] { loop_->resume(transfer); });
  transfer.attempt = &attempt;
  transfer.easy.reset(curl().easy_init());
  configure(transfer, options_);
  loop_->submit(transfer);
  std::exception_ptr thrown;  // the loop has the transfer until it is done
  try {
    if (attempt.request->read_body)
      transfer.stream.read([&](const HttpResponse& head, const NextBytes& next) { read_unpacked(transfer, head, next); });
  } catch (...) {
    thrown = std::current_exception();
  }
  {
    std::unique_lock lock(transfer.guard);
    transfer.changed.wait(lock, [&] { return transfer.done; });
  }
  if (thrown) std::rethrow_exception(thrown);
  HttpAnswer answer;
  if (transfer.unreadable) {
    answer.failure = std::move(*transfer.unreadable);
  } else if ((transfer.outcome == CURLE_OK || transfer.stream.was_abandoned()) && !transfer.over_limit) {
    transfer.response.status = transfer.status();
    transfer.response.body_was_read = transfer.stream.was_read();
    answer.response = std::move(transfer.response);
  } else {
    if (transfer.outcome == CURLE_FILESIZE_EXCEEDED) transfer.over_limit = true;
    answer.failure = failure_of(transfer);
  }
  return answer;
}

}  // namespace trueup::live
