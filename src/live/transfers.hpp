#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "live/curl_client.hpp"
#include "live/url.hpp"

/// The part of the client that touches libcurl: one attempt to exchange one request for one answer.
namespace trueup::live {

struct Attempt {
  const HttpRequest* request = nullptr;  ///< `url` of it is not used
  Url url;
  bool with_authorization = true;
  bool any_address = false;  ///< the operator named the host
  std::string proxy;         ///< empty: none
  std::string ca_file;       ///< empty: the system's, unless the settings say
  const HostSettings* settings = nullptr;  ///< what the operator said of the host; may be null
};

/// Runs attempts on one thread of its own, which owns the connections. The thread starts with the first attempt.
class Transfers {
 public:
  explicit Transfers(const HttpOptions& options);
  ~Transfers();
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  /// Waits for the answer, redirects included as they are, and runs `read_body` of the request meanwhile. Safe to call from many threads.
  HttpAnswer run(const Attempt& attempt);

 private:
  class Loop;
  const HttpOptions& options_;
  std::once_flag started_;
  std::unique_ptr<Loop> loop_;
};

}  // namespace trueup::live
