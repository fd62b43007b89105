#include "live/docker_config.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "formats/json.hpp"
#include "live/base64.hpp"

namespace trueup::live {

namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

/// The host that a key stands for, or nothing if it stands for less than a host.
std::optional<HostPort> host_of_key(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  }
  const std::string_view path = key.substr(std::min(key.find('/'), key.size()));
  static constexpr std::array<std::string_view, 6> kWholeHost = {"", "/", "/v1", "/v1/", "/v2", "/v2/"};
  if (std::ranges::find(kWholeHost, path) == kWholeHost.end()) return std::nullopt;
  auto host = HostPort::parse(key.substr(0, key.size() - path.size()));
  if (!host) return std::nullopt;
  return canonical_registry(*host);
}

NodeIndex child_for(const Document& config, NodeIndex mapping, const HostPort& host) {
  for (const NodeIndex value : config.children(mapping)) {
    const NodeIndex key = config[value].key;
    if (key != kNoNode && host_of_key(config.text(key).value_or("")) == canonical_registry(host)) return value;
  }
  return kNoNode;
}

std::string text_at(const Document& config, NodeIndex mapping, std::string_view key) {
  const NodeIndex value = config.child(mapping, key);
  const bool string = config.is_scalar(value) && config[value].style == formats::ScalarStyle::double_quoted;
  return string ? std::string(*config.text(value)) : std::string();
}

Credential credential(CredentialKind kind, std::string username, std::string secret) {
  return {kind, std::move(username), Secret(std::move(secret)), ""};
}

void read_entry(const Document& config, NodeIndex entry, DockerConfigEntry& found) {
  std::string username = text_at(config, entry, "username"), password = text_at(config, entry, "password");
  if (const std::string packed = text_at(config, entry, "auth"); !packed.empty()) {
    const auto pair = base64_decode(packed);
    const std::size_t colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos) {
      found.problem = "the entry's \"auth\" is no base64 of user:password";
      return;
    }
    username = pair->substr(0, colon);
    password = pair->substr(colon + 1);
    while (!password.empty() && password.back() == '\0') password.pop_back();  // docker pads so
  }
  if (std::string token = text_at(config, entry, "identitytoken"); !token.empty()) {
    found.credential = credential(CredentialKind::identity_token, username, std::move(token));
  } else if (token = text_at(config, entry, "registrytoken"); !token.empty()) {
    found.credential = credential(CredentialKind::bearer_token, username, std::move(token));
  } else if (!username.empty() && !password.empty()) {
    found.credential = credential(CredentialKind::basic, username, password);
  }
}

}  // namespace

HostPort canonical_registry(const HostPort& host) {
  static constexpr std::array<std::string_view, 3> kHub = {"docker.io", "index.docker.io", "registry-1.docker.io"};
  const bool hub = (!host.port || *host.port == 443) && std::ranges::find(kHub, host.host) != kHub.end();
  return hub ? HostPort{"registry-1.docker.io", std::nullopt} : host;
}

std::string docker_server_key(const HostPort& host) {
  const HostPort canonical = canonical_registry(host);
  return canonical.host == "registry-1.docker.io" ? "https://index.docker.io/v1/" : canonical.to_string();
}

Result<DockerConfigEntry> read_docker_config(std::string_view text, const HostPort& host) {
  const Document config = formats::parse_json(text);
  if (config.problem() || !config.is_mapping(config.root())) {
    return Error{Fault::malformed, "is no JSON object" + (config.problem() ? ": " + config.problem()->message : "")};
  }
  DockerConfigEntry found;
  const NodeIndex root = config.root();
  const NodeIndex helper = child_for(config, config.child(root, "credHelpers"), host);
  found.helper = helper == kNoNode ? text_at(config, root, "credsStore")
                                   : std::string(config.text(helper).value_or(""));
  const NodeIndex entry = child_for(config, config.child(root, "auths"), host);
  if (config.is_mapping(entry)) read_entry(config, entry, found);
  return found;
}

Result<Credential> read_helper_answer(std::string_view text) {
  const Document answer = formats::parse_json(text);
  const NodeIndex root = answer.root();
  std::string username = text_at(answer, root, "Username"), secret = text_at(answer, root, "Secret");
  if (answer.problem() || secret.empty()) return Error{Fault::malformed, "answered without a secret"};
  const bool token = username == "<token>";
  return credential(token ? CredentialKind::identity_token : CredentialKind::basic, token ? "" : std::move(username),
                    std::move(secret));
}

}  // namespace trueup::live
