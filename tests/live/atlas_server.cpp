#include "live/atlas_server.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "live/base64.hpp"

namespace trueup::live_test {
namespace {

std::string md5(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_md5(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[bytes[i] >> 4];
    hex += "0123456789abcdef"[bytes[i] & 15];
  }
  return hex;
}

/// name="value" of a header, or name=value.
std::string parameter(const std::string& header, const std::string& name) {
  std::size_t at = header.find(" " + name + "=");
  if (at == std::string::npos) return "";
  at += name.size() + 2;
  if (header[at] == '"') return header.substr(at + 1, header.find('"', at + 1) - at - 1);
  return header.substr(at, header.find_first_of(", ", at) - at);
}

std::size_t query_number(const std::string& target, const std::string& name, std::size_t otherwise) {
  const std::size_t at = target.find(name + "=");
  return at == std::string::npos ? otherwise : std::stoul(target.substr(at + name.size() + 1));
}

Reply error(int status, const std::string& code) {
  return json_reply(R"({"error":)" + std::to_string(status) + R"(,"errorCode":")" + code + R"(","detail":"d","reason":"r"})", status);
}

}  // namespace

AtlasServer::AtlasServer() {
  http_.by([this](const SeenRequest& request) { return answer(request); });
}

std::optional<Reply> AtlasServer::answer(const SeenRequest& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  if (path == "/api/oauth/token") return token(request);
  if (auto refused = refuse(request)) return refused;
  if (request.method != "GET") return error(405, "METHOD_NOT_ALLOWED");
  const std::string accept = request.header("accept");
  if (!accept.starts_with("application/vnd.atlas.20") || !accept.ends_with("+json")) return error(406, "INVALID_VERSION_DATE");
  const std::string streams = std::string("/api/atlas/v2/groups/") + kProject + "/streams";
  if (!path.starts_with(streams)) return error(404, "GROUP_NOT_FOUND");
  const std::string below = path.substr(streams.size());
  if (const auto fault = faults.find(below); fault != faults.end()) return fault->second;
  std::vector<std::string> items;
  if (below.empty()) {
    for (const auto& [name, workspace] : workspaces) items.push_back(R"({"_id":"1","name":")" + name + R"(","streamConfig":)" + workspace.config + "}");
    return list(request, items);
  }
  const std::string name = below.substr(1, below.find('/', 1) - 1), rest = below.substr(std::min(below.size(), name.size() + 1));
  const auto found = workspaces.find(name);
  if (found == workspaces.end()) return error(404, "STREAM_TENANT_NOT_FOUND_FOR_NAME");
  if (rest == "/connections") return list(request, found->second.connections);
  if (rest == "/processors") return list(request, found->second.processors);
  return error(404, "RESOURCE_NOT_FOUND");
}

Reply AtlasServer::token(const SeenRequest& request) {
  if (!token_faults.empty()) return token_faults.begin()->second;
  const std::string wanted = "Basic " + live::base64_encode(std::string(kClientId) + ":" + kClientSecret);
  if (request.method != "POST" || request.header("authorization") != wanted || request.body != "grant_type=client_credentials")
    return json_reply(R"({"error":"invalid_client"})", 401);
  token_uses_ = 0;
  ++tokens;
  return json_reply(R"({"access_token":"t0ken-)" + std::to_string(tokens) + R"(","token_type":"Bearer","expires_in":3600})");
}

std::optional<Reply> AtlasServer::refuse(const SeenRequest& request) {
  const std::string header = request.header("authorization");
  if (header.starts_with("Bearer ")) {
    if (tokens == 0 || header != "Bearer t0ken-" + std::to_string(tokens) || ++token_uses_ > tokens_are_good_for) return error(401, "UNAUTHORIZED");
    ++questions_by_token;
    return std::nullopt;
  }
  bool stale = false;
  if (header.starts_with("Digest ")) {
    const auto of = [&](const char* name) { return parameter(header.substr(6), name); };
    const std::string known = md5(std::string(kPublicKey) + ":MMS Public API:" + kPrivateKey), asked = md5(request.method + ":" + request.target);
    const bool right = of("username") == kPublicKey && of("uri") == request.target &&
                       of("response") == md5(known + ":" + of("nonce") + ":" + of("nc") + ":" + of("cnonce") + ":" + of("qop") + ":" + asked);
    if (right && of("nonce") == std::to_string(nonce_) && ++nonce_uses_ <= uses_of_a_nonce) {
      ++questions_by_digest;
      return std::nullopt;
    }
    stale = right;
  }
  if (stale) nonce_uses_ = 0;
  Reply reply = error(401, "UNAUTHORIZED");
  reply.headers.emplace_back("WWW-Authenticate", "Digest realm=\"MMS Public API\", domain=\"\", nonce=\"" + std::to_string(stale ? ++nonce_ : nonce_) +
                                                     "\", algorithm=MD5, qop=\"auth\", stale=" + (stale ? "true" : "false"));
  return reply;
}

Reply AtlasServer::list(const SeenRequest& request, const std::vector<std::string>& items) const {
  const std::size_t size = std::min(page_size, query_number(request.target, "itemsPerPage", 100)), page = query_number(request.target, "pageNum", 1);
  std::string results;
  for (std::size_t i = (page - 1) * size; i < items.size() && i < page * size; ++i) results += (results.empty() ? "" : ",") + items[i];
  // A link elsewhere: whoever follows it takes his key there.
  const std::string next = page * size < items.size() ? R"({"rel":"next","href":"https://elsewhere.invalid/api"})" : "";
  return Reply{200, {{"Content-Type", "application/vnd.atlas.2025-02-19+json"}}, R"({"links":[{"rel":"self","href":"x"})" + (next.empty() ? "" : "," + next) +
                                                                                    R"(],"results":[)" + results + R"(],"totalCount":)" + std::to_string(items.size()) + "}"};
}

}  // namespace trueup::live_test
