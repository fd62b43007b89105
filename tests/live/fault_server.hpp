#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace trueup::live_test {

/// How an answer reaches the client.
enum class Wire {
  whole,
  cut_in_half,    ///< half of the body, then the connection is closed
  closed,         ///< closed without a byte
  silent,         ///< nothing, for as long as the client waits
  dripping,       ///< one byte of the body every 20 ms
  raw,            ///< `body` is all that is sent, status line included
};

struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< Content-Length is added
  std::string body = {};
  Wire wire = Wire::whole;
};

Reply json_reply(std::string body, int status = 200);

struct SeenRequest {
  std::string method, target;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  std::string header(const std::string& lower_case_name) const;
};

/// An HTTP/1.1 server on 127.0.0.1 that answers by script, and misbehaves on demand. One request a connection.
class FaultServer {
 public:
  FaultServer();
  ~FaultServer();
  FaultServer(const FaultServer&) = delete;
  FaultServer& operator=(const FaultServer&) = delete;

  std::string host() const;                          ///< "127.0.0.1:34567"
  std::string url(std::string_view target) const;    ///< "http://127.0.0.1:34567" + target

  /// What a path (without query), or a whole target, is answered with: the replies in turn, the last one for ever.
  void on(std::string path_or_target, std::vector<Reply> replies);
  void on(std::string path_or_target, Reply reply) {
    on(std::move(path_or_target), std::vector<Reply>{std::move(reply)});
  }
  /// Asked first: what it gives is the answer. Called from one thread at a time.
  void by(std::function<std::optional<Reply>(const SeenRequest&)> answer);
  /// For every other target; 404 with an empty body unless said.
  void otherwise(Reply reply);

  std::vector<SeenRequest> seen() const;
  /// Requests for a path, whatever the query.
  std::size_t seen_count(std::string_view path) const;
  /// The most requests that were being answered at one moment.
  int most_at_once() const { return most_at_once_; }

 private:
  void serve();
  void answer(int connection);
  Reply reply_to(const SeenRequest& request);
  void send_reply(int connection, const SeenRequest& request, const Reply& reply);

  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> most_at_once_ = 0, at_once_ = 0;
  mutable std::mutex guard_;
  std::map<std::string, std::vector<Reply>> script_;
  std::function<std::optional<Reply>(const SeenRequest&)> by_;
  Reply otherwise_{404, {}, "", Wire::whole};
  std::vector<SeenRequest> seen_;
  std::vector<std::jthread> connections_;
  std::jthread acceptor_;
};

/// A port of 127.0.0.1 on which nothing listens (at this moment).
int unused_port();

/// gzip of `text`, not made smaller.
std::string gzip_stored(std::string_view text);
/// A gzip stream of some `bytes`/158 bytes that unpacks to at least `bytes`.
std::string gzip_bomb(std::size_t bytes);

}  // namespace trueup::live_test
