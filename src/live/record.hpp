#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "live/credentials.hpp"
#include "live/http.hpp"

/// Recorded exchanges: one JSON file each,
///
///     {server, note?, asked_at?, request: {method, path, headers, body? | body_text?, auth?},
///      response: {status, headers, body | body_text | body_base64 | body_size + body_sha256},
///      failure: {code, message}}
///
/// `path` is path and query; the host is the Host header. `body` is parsed JSON, `body_text` is byte-exact, a body of
/// which only the size is known cannot be replayed. `auth` is the scheme, Basic or Bearer. `failure` stands in place of
/// a response that did not come. Without `asked_at` the Date header is the time. Secrets are REDACTED: Authorization,
/// cookies, headers and query parameters that carry tokens, the answers of token servers, and a credential that a
/// server sends back.
namespace trueup::live {

/// What a run was told, so that a replay judges as the run did; the file run.json beside the exchanges.
struct RecordedRun {
  std::string now;   ///< RFC 3339, UTC
  HostPolicy hosts;  ///< without files of certificate authorities
  std::map<std::string, std::string> servers = {};  ///< control plane -> URL, where the environment said it
};

/// Passes requests on, and writes each exchange to a file at once. The name is made of method, host and path, a digest
/// of all that a look-up compares, and the status; an exchange that comes again replaces the earlier one.
class Recorder final : public HttpClient {
 public:
  /// Errors: Fault::denied if the folder cannot be made or written; Fault::malformed if it holds something already: a
  /// recording has a folder of its own. `inner` must outlive the recorder.
  static Result<std::unique_ptr<Recorder>> open(std::filesystem::path folder, RecordedRun run, HttpClient& inner);

  HttpAnswer send(const HttpRequest& request) override;
  /// What went wrong while writing, if anything; a run that could not be recorded says so at its end.
  std::optional<Error> problem() const;

 private:
  Recorder(std::filesystem::path folder, RecordedRun run, HttpClient& inner);
  void write_run();
  void write(const std::string& name, const std::string& text);

  const std::filesystem::path folder_;
  const RecordedRun run_;
  HttpClient& inner_;
  mutable std::mutex guard_;
  std::map<std::string, CredentialKind> credentials_;  ///< by host
  std::map<std::string, std::string> written_;         ///< name without status -> name
  std::optional<Error> problem_;
};

/// An answer of a recording, to be compared with that of another one.
struct RecordedAnswer {
  std::string question;  ///< method, host and path, with what else a look-up compares
  std::string state;     ///< the status, or the code of the failure
  bool open = false;     ///< it tells nothing: no answer, a refusal, or a server's own fault
  std::size_t bytes = 0;
  std::string digest;    ///< of the body, 12 hex digits; empty without one
};

/// Answers requests from a folder of exchanges; asks nobody. An exchange answers a request with the same method, host,
/// path and query (secrets aside), the same kind of Authorization, and, for manifests, an Accept that names the same
/// types. If there is none: a request with a credential takes the successful answer to the anonymous one, and a first
/// page (`n` or `limit` alone) the answer without it, since a page size is a wish. Else the failure not_recorded. Of several that
/// fit, the one with the lowest status, then the first file name. Safe to call from many threads.
class Replay final : public HttpClient {
 public:
  /// Reads every *.json of the folder (not below it). Errors: Fault::not_found, Fault::malformed within the file's
  /// name.
  static Result<std::unique_ptr<Replay>> open(const std::filesystem::path& folder);
  /// The same from (file name, text) pairs.
  static Result<std::unique_ptr<Replay>> from_texts(const std::vector<std::pair<std::string, std::string>>& files);
  ~Replay() override;

  HttpAnswer send(const HttpRequest& request) override;

  /// What run.json says; nothing if the folder has none.
  const std::optional<RecordedRun>& run() const;
  /// The latest time of any exchange, for a recording without run.json; empty without exchanges.
  const std::string& latest() const;
  /// A stand-in credential for each host of which the recorded run had one, so that the same questions are asked.
  CredentialSource& credentials();
  std::size_t size() const;
  /// What a replay would answer, by question; headers are left out.
  std::vector<RecordedAnswer> answers() const;
  /// File names of exchanges that no request has met, sorted.
  std::vector<std::string> unused() const;

 private:
  struct State;
  explicit Replay(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace trueup::live
