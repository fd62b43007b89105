#include "live/kubeconfig.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "formats/yaml.hpp"
#include "live/base64.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

constexpr std::string_view kAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount/";

struct File {
  std::string path, text;
  Document document;
};

Error malformed(std::string message) { return {Fault::malformed, std::move(message)}; }

std::string text_at(const Document& document, NodeIndex mapping, std::string_view key) {
  return std::string(document.text(document.child(mapping, key)).value_or(""));
}

/// All kubeconfig files as one.
class Kubeconfig {
 public:
  explicit Kubeconfig(const Surroundings& surroundings) : surroundings_(surroundings) {}

  Result<void> read() {
    const std::string named = surroundings_.environment("KUBECONFIG").value_or("");
    const std::string home = surroundings_.environment("HOME").value_or("");
    const std::string paths = named.empty() ? home + "/.kube/config" : named;
    for (const std::string_view part : split(paths, ':')) {
      if (part.empty()) continue;
      File file{std::string(part), {}, {}};
      auto text = surroundings_.read_file(file.path);
      if (!text && text.error().fault == Fault::not_found) continue;
      if (!text) return std::move(text).error().within(file.path);
      file.text = std::move(*text);
      files_.push_back(std::make_unique<File>(std::move(file)));
      File& kept = *files_.back();  // the document views the text
      kept.document = formats::parse_yaml(kept.text);
      if (kept.document.problem()) return malformed(kept.document.problem()->message).within(kept.path);
    }
    if (files_.empty()) return Error{Fault::not_found, "there is no kubeconfig at " + printable(paths)};
    return {};
  }

  Result<KubernetesAccess> access(std::string context) const {
    for (const auto& file : files_)
      if (context.empty()) context = text_at(file->document, file->document.root(), "current-context");
    if (context.empty()) return Error{Fault::not_found, "kubeconfig has no current-context; name one with `context:`"};
    const Entry entry = find("contexts", context, "context");
    if (!entry.file) return Error{Fault::not_found, "kubeconfig has no context " + printable(context) + names_of("contexts")};
    const Entry cluster = find("clusters", text_at(entry.file->document, entry.node, "cluster"), "cluster");
    const Entry user = find("users", text_at(entry.file->document, entry.node, "user"), "user");
    const std::string within = "context " + printable(context);
    if (!cluster.file) return malformed("it names a cluster that kubeconfig has not").within(within);

    KubernetesAccess access;
    access.context = context;
    if (auto read = read_cluster(cluster, access); !read) return std::move(read).error().within(within);
    if (user.file)
      if (auto read = read_user(user, access); !read) return std::move(read).error().within(within);
    return access;
  }

 private:
  struct Entry {
    const File* file = nullptr;
    NodeIndex node = kNoNode;
  };

  Entry find(std::string_view list, std::string_view name, std::string_view key) const {
    for (const auto& file : files_) {
      const Document& document = file->document;
      for (const NodeIndex element : document.children(document.child(document.root(), list)))
        if (document.text(document.child(element, "name")) == name) return {file.get(), document.child(element, key)};
    }
    return {};
  }

  std::string names_of(std::string_view list) const {
    std::vector<std::string> names;
    for (const auto& file : files_)
      for (const NodeIndex element : file->document.children(file->document.child(file->document.root(), list)))
        names.push_back(printable(text_at(file->document, element, "name")));
    return names.empty() ? "" : "; it has " + join(names, ", ");
  }

  Result<void> read_cluster(const Entry& cluster, KubernetesAccess& access) const {
    const Document& document = cluster.file->document;
    access.server = text_at(document, cluster.node, "server");
    if (access.server.ends_with('/')) access.server.pop_back();
    auto url = Url::parse(access.server);
    if (!url) return std::move(url).error().within("server");
    access.host = url->host;
    if (!url->https) access.tls.plain_http = true;
    if (text_at(document, cluster.node, "insecure-skip-tls-verify") == "true")
      return malformed("it says insecure-skip-tls-verify, and certificates are always verified here; name its authority with certificate-authority");
    if (!text_at(document, cluster.node, "tls-server-name").empty())
      return malformed("it says tls-server-name, which is not supported; use an address that the certificate names");
    auto authority = pem(cluster, "certificate-authority");
    if (!authority) return std::move(authority).error();
    access.tls.ca_pem = std::move(*authority);
    return {};
  }

  Result<void> read_user(const Entry& user, KubernetesAccess& access) const {
    const Document& document = user.file->document;
    std::string token = text_at(document, user.node, "token");
    std::string source = user.file->path;
    if (const std::string path = text_at(document, user.node, "tokenFile"); !path.empty()) {
      source = beside(user, path);
      auto read = surroundings_.read_file(source);
      if (!read) return std::move(read).error().within(source);
      token = std::string(trim(*read));
    }
    if (!token.empty()) access.token = Credential{CredentialKind::bearer_token, "", Secret(std::move(token)), source};
    auto certificate = pem(user, "client-certificate"), key = pem(user, "client-key");
    if (!certificate) return std::move(certificate).error();
    if (!key) return std::move(key).error();
    if (!certificate->empty() && !key->empty()) {
      access.tls.client_certificate_pem = std::move(*certificate);
      access.tls.client_key_pem = Secret(std::move(*key));
    }
    if (access.token || !access.tls.client_certificate_pem.empty()) return {};
    for (const char* program : {"exec", "auth-provider"}) {
      const NodeIndex node = document.child(user.node, program);
      if (node == kNoNode) continue;
      const std::string command = text_at(document, node, "command");
      return Error{Fault::denied, std::string("its user gets tokens from a program (") + program +
                                      (command.empty() ? "" : ": " + printable(command)) +
                                      "), which is not run; give a token (kubectl create token), or a dump with --dump"};
    }
    return {};
  }

  /// PEM text under `key`-data (base64), else of the file that `key` names; empty if there is neither.
  Result<std::string> pem(const Entry& entry, const std::string& key) const {
    const Document& document = entry.file->document;
    if (const std::string inline_text = text_at(document, entry.node, key + "-data"); !inline_text.empty()) {
      auto decoded = base64_decode(inline_text);
      if (!decoded) return malformed("is no base64").within(key + "-data");
      return std::move(*decoded);
    }
    const std::string path = text_at(document, entry.node, key);
    if (path.empty()) return std::string();
    auto read = surroundings_.read_file(beside(entry, path));
    if (!read) return std::move(read).error().within(key + " " + printable(path));
    return read;
  }

  static std::string beside(const Entry& entry, const std::string& path) {
    return (std::filesystem::path(entry.file->path).parent_path() / path).lexically_normal().string();
  }

  const Surroundings& surroundings_;
  std::vector<std::unique_ptr<File>> files_;
};

}  // namespace

Result<KubernetesAccess> read_kubeconfig(const std::string& context, const Surroundings& surroundings) {
  Kubeconfig kubeconfig(surroundings);
  if (auto read = kubeconfig.read(); !read) return std::move(read).error();
  return kubeconfig.access(context);
}

Result<KubernetesAccess> read_service_account(const Surroundings& surroundings) {
  const std::string host = surroundings.environment("KUBERNETES_SERVICE_HOST").value_or("");
  const std::string port = surroundings.environment("KUBERNETES_SERVICE_PORT").value_or("443");
  if (host.empty()) return Error{Fault::not_found, "KUBERNETES_SERVICE_HOST is not set: this does not run in a pod"};
  const std::string address = host.find(':') == std::string::npos ? host : "[" + host + "]";
  KubernetesAccess access;
  access.server = "https://" + address + ":" + port;
  access.context = "service account";
  auto parsed = HostPort::parse(address + ":" + port);
  if (!parsed) return std::move(parsed).error().within("KUBERNETES_SERVICE_HOST");
  access.host = *parsed;
  const std::string token_file = std::string(kAccountFolder) + "token";
  auto token = surroundings.read_file(token_file);
  if (!token) return std::move(token).error().within(token_file);
  access.token = Credential{CredentialKind::bearer_token, "", Secret(std::string(trim(*token))), token_file};
  auto authority = surroundings.read_file(std::string(kAccountFolder) + "ca.crt");
  if (!authority) return std::move(authority).error().within(std::string(kAccountFolder) + "ca.crt");
  access.tls.ca_pem = std::move(*authority);
  return access;
}

}  // namespace trueup::live
