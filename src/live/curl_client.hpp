#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "live/hosts.hpp"
#include "live/http.hpp"
#include "live/surroundings.hpp"

namespace trueup::live {

struct HttpOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{60'000};     ///< of one attempt
  std::chrono::seconds low_speed_time{15};             ///< fewer than 64 bytes a second for so long is a time-out
  int max_per_host = 4;
  int max_in_total = 16;
  int retries = 2;                                     ///< after 429, 502, 503, 504 and connection errors
  std::chrono::milliseconds first_backoff{500};        ///< doubles with each retry
  std::chrono::milliseconds max_wait{20'000};          ///< sum of all waits of one request, Retry-After included
  int give_up_after = 5;                               ///< failures in a row after which a host is not asked any more
  std::string user_agent = "trueup/0.1";
  std::string ca_file = {};                            ///< PEM; empty: the system's certificate authorities
  std::function<std::chrono::system_clock::time_point()> clock = std::chrono::system_clock::now;
};

/// The client that speaks to real servers, through libcurl. `hosts` says which hosts the operator named; `surroundings`
/// is asked for the proxy variables that curl knows (https_proxy, http_proxy, all_proxy, no_proxy), which never apply
/// to loopback hosts.
///
/// Certificates are always verified. Redirects of GET and HEAD are followed, limits::kMaxRedirects at most, never from
/// https to http; Authorization goes only to the host and port that it was meant for. Loopback, private, link-local,
/// unique-local, shared (100.64/10), multicast and reserved addresses are refused for hosts that were not named, at the
/// moment of connecting, so a public name that resolves to such an address is refused too. Retry-After is honoured
/// within `max_wait`; the last answer of a request that was retried is its answer, so a spent 429 comes back as a
/// response with that status. Nothing of libcurl is touched before the first send(). No signal handlers, no SIGPIPE.
std::unique_ptr<HttpClient> make_curl_client(HttpOptions options, HostPolicy hosts, Surroundings surroundings);

}  // namespace trueup::live
