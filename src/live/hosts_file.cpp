#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/yaml.hpp"
#include "live/credentials.hpp"

namespace trueup::live {

namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

class HostsFileReader {
 public:
  explicit HostsFileReader(std::string_view text) : document_(formats::parse_yaml(text)), lines_(text) {}

  Result<std::vector<HostEntry>> read() {
    if (document_.problem()) return fault(document_.problem()->at, document_.problem()->message);
    std::vector<HostEntry> entries;
    const NodeIndex root = document_.root();
    if (root == kNoNode) return entries;
    if (!document_.is_mapping(root)) return fault(root, "a mapping with the keys version and hosts is expected");
    const auto& doubles = document_.duplicate_keys();
    if (!doubles.empty()) return fault(doubles.front().second, "this key stands twice");
    for (const NodeIndex value : document_.children(root)) {
      const std::string_view key = key_of(value);
      if (key == "version") {
        if (text(value) != "1") return fault(value, "only version 1 is known");
      } else if (key == "hosts") {
        if (!document_.is_mapping(value)) return fault(value, "a mapping from hosts to their settings is expected");
        for (const NodeIndex host : document_.children(value)) {
          auto entry = read_host(host);
          if (!entry) return std::move(entry).error();
          entries.push_back(std::move(*entry));
        }
      } else {
        return unknown_key(value, {"version", "hosts"});
      }
    }
    return entries;
  }

 private:
  Result<HostEntry> read_host(NodeIndex node) {
    HostEntry entry;
    auto host = HostPort::parse(key_of(node));
    if (!host) return fault(document_[node].key, host.error().message);
    entry.host = std::move(*host);
    const NodeIndex mapping = document_.resolved(node);
    if (!document_.is_mapping(mapping)) {
      // "registry.example:" alone names the host.
      if (document_.is_scalar(mapping) && text(mapping).empty()) return entry;
      return fault(node, "a mapping is expected");
    }
    for (const NodeIndex value : document_.children(mapping)) {
      auto done = read_key(value, entry);
      if (!done) return std::move(done).error();
    }
    const bool password = !entry.password_env.empty(), token = !entry.token_env.empty();
    if (entry.username.empty() == password) return fault(node, "username and password_env belong together");
    const bool client = !entry.client_secret_env.empty();
    if (entry.client_id.empty() == client) return fault(node, "client_id and client_secret_env belong together");
    if (password + token + client > 1) return fault(node, "give a password, a token or a service account, not both of two");
    return entry;
  }

  Result<void> read_key(NodeIndex value, HostEntry& entry) {
    const std::string_view key = key_of(value);
    if (key == "plain_http") {
      if (text(value) != "true" && text(value) != "false") return fault(value, "true or false is expected");
      entry.settings.plain_http = text(value) == "true";
      return {};
    }
    if (key == "token_hosts") {
      for (const NodeIndex element : document_.children(value)) {
        auto host = HostPort::parse(text(element));
        if (!host) return fault(element, host.error().message);
        entry.settings.token_hosts.push_back(host->to_string());
      }
      return document_.is_sequence(value) ? Result<void>() : fault(value, "a list of hosts is expected");
    }
    const std::array<std::pair<std::string_view, std::string*>, 6> texts = {{{"username", &entry.username},
                                                                             {"password_env", &entry.password_env},
                                                                             {"token_env", &entry.token_env},
                                                                             {"client_id", &entry.client_id},
                                                                             {"client_secret_env", &entry.client_secret_env},
                                                                             {"ca_file", &entry.settings.ca_file}}};
    for (const auto& [name, field] : texts) {
      if (key != name) continue;
      if (text(value).empty()) return fault(value, "text is expected");
      *field = text(value);
      return {};
    }
    if (key == "password" || key == "token" || key == "client_secret") {
      return fault(document_[value].key,
                   fmt::format("secrets do not stand in this file; name a variable with {}_env", key));
    }
    return unknown_key(value, {"username", "password_env", "token_env", "client_id", "client_secret_env", "ca_file", "plain_http", "token_hosts"});
  }

  std::string_view key_of(NodeIndex value) const { return document_.text(document_[value].key).value_or(""); }
  std::string_view text(NodeIndex value) const { return document_.text(value).value_or(""); }

  Error unknown_key(NodeIndex value, std::vector<std::string> known) const {
    const std::string_view key = key_of(value);
    const auto nearest = nearest_name(key, known);
    const std::string advice = nearest ? "did you mean " + *nearest + "?" : "known are " + join(known, ", ");
    return fault(document_[value].key, fmt::format("there is no key \"{}\" here; {}", printable(key), advice));
  }
  Error fault(NodeIndex node, std::string_view message) const { return fault(document_[node].span, message); }
  Error fault(ByteRange at, std::string_view message) const {
    const LineColumn place = lines_.locate(at.begin);
    return {Fault::malformed, fmt::format("{}:{}: {}", place.line, place.column, message), at};
  }

  Document document_;
  LineIndex lines_;
};

}  // namespace

Result<std::vector<HostEntry>> parse_hosts_file(std::string_view text) { return HostsFileReader(text).read(); }

}  // namespace trueup::live
