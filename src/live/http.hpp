#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "live/reading.hpp"
#include "live/secret.hpp"

namespace trueup::live {

struct HttpHeader {
  std::string name, value;
};

/// The first header of that name (ASCII case ignored), or nothing.
std::optional<std::string_view> find_header(std::span<const HttpHeader> headers, std::string_view name);
/// Every value of that name, in order.
std::vector<std::string_view> find_headers(std::span<const HttpHeader> headers, std::string_view name);

enum class AuthorizationScheme { none, basic, bearer, digest, job_token };

/// The Authorization header. For basic the secret is base64 of "user:password", for bearer the token. For digest it is "user:password"
/// as it is, which is not sent: the server asks first, and gets a digest of it and of what it asked (RFC 7616). The token of a job of
/// GitLab CI stands in a header of its own, JOB-TOKEN.
struct Authorization {
  AuthorizationScheme scheme = AuthorizationScheme::none;
  Secret value;
  /// host[:port] of the credential that this is (and whose, where a host has several), that `body` holds, or that was withheld from a server that must not
  /// see it; empty where none is at hand. A recording keeps it, so that a replay asks the same.
  std::string credential_of = {};
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;            ///< decompressed
  bool body_was_read = false;  ///< by the request's read_body; `body` is empty then
};

/// Writes at most so many bytes of a body, and says how many; 0: there are no more.
using NextBytes = std::function<std::size_t(char* into, std::size_t most)>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;                  ///< absolute, http or https, without user information and fragment
  std::vector<HttpHeader> headers;  ///< no Authorization here
  Authorization authorization = {};
  std::string body = {};
  /// Bytes of the answer's body after decompression; more is the failure over_limit.
  std::size_t max_bytes = limits::kMaxManifestBytes;
  bool secret_body = false;    ///< `body` is a form with a credential, which is not recorded
  bool secret_answer = false;  ///< the answer is a token: its values are not recorded
  /// Keys of a JSON answer below which no text is recorded: what a server gives back may hold secrets of others.
  std::vector<std::string> secret_keys = {};
  /// Reads the body of an answer with status 200 while it comes, so that the whole is never in memory. `head` is the answer without it.
  /// Called on the asking thread, and again from the beginning where an answer broke off and was asked for once more: what it read
  /// counts only if the answer says `body_was_read`. It may end before the body does. A client may leave it alone and give the body whole.
  std::function<void(const HttpResponse& head, const NextBytes& next)> read_body = {};
};

/// No answer came that is one. `code` and `message` are those of live/reading.hpp's Unknown.
struct HttpFailure {
  std::string code, message;
};

/// What became of a request: a response of any status, or a failure.
struct HttpAnswer {
  std::optional<HttpResponse> response;
  HttpFailure failure;  ///< meaningful without `response` only
  Provenance from;

  bool has_status(int status) const { return response && response->status == status; }
};

/// Asks servers. Implementations: make_curl_client() (live/curl_client.hpp), Recorder and Replay (live/record.hpp),
/// OfflineClient below, fakes in tests.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// Asks, and waits for the answer. Never throws for what a server or the network does. Safe to call from many
  /// threads.
  virtual HttpAnswer send(const HttpRequest& request) = 0;
};

/// --offline: answers every request with the failure `offline`.
class OfflineClient final : public HttpClient {
 public:
  HttpAnswer send(const HttpRequest& request) override;
};

}  // namespace trueup::live
