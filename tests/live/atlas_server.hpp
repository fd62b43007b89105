#pragma once

#include <map>
#include <string>
#include <vector>

#include "live/fault_server.hpp"

namespace trueup::live_test {

/// A server on the loopback with as much of the Atlas Admin API as stream processing has: digest authentication with nonces that grow old,
/// tokens for service accounts, versioned media types, pages. What it holds are JSON objects; all may be changed while nobody asks.
class AtlasServer {
 public:
  static constexpr const char* kProject = "6512bd43d9caa6e02c990b0a";
  static constexpr const char *kPublicKey = "qwertyui", *kPrivateKey = "pr1vate-k3y", *kClientId = "mdb_sa_id_1", *kClientSecret = "mdb_sa_sk_s3cret";

  AtlasServer();

  std::string url() const { return http_.url(""); }
  std::string host() const { return http_.host(); }

  struct Workspace {
    std::string config = "{}";  ///< streamConfig
    std::vector<std::string> connections, processors;
  };
  std::map<std::string, Workspace> workspaces;
  std::size_t page_size = 500;      ///< at most, whatever was asked for
  int uses_of_a_nonce = 1'000;      ///< then it is stale
  int tokens_are_good_for = 1'000;  ///< requests; then 401
  std::map<std::string, Reply> faults;  ///< path below /streams ("" is the list of workspaces) -> what comes instead, once let in
  std::map<std::string, Reply> token_faults;  ///< "" -> what comes in place of a token

  const FaultServer& http() const { return http_; }
  FaultServer& http() { return http_; }
  int questions_by_digest = 0, questions_by_token = 0, tokens = 0;  ///< that were let in; given

 private:
  std::optional<Reply> answer(const SeenRequest& request);
  Reply token(const SeenRequest& request);
  std::optional<Reply> refuse(const SeenRequest& request);
  Reply list(const SeenRequest& request, const std::vector<std::string>& items) const;

  FaultServer http_;
  int nonce_ = 1, nonce_uses_ = 0, token_uses_ = 0;
};

}  // namespace trueup::live_test
