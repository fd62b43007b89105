// Read from the config by hand: git_remote_list() and git_remote_lookup() of libgit2 1.5 match every key against a
// regular expression and lose 20 KB for each that does not match.

#include "git/remote_settings.hpp"

#include <map>
#include <string_view>

namespace trueup::git {
namespace {

/// The config's keys that concern remotes.
struct RemoteKeys {
  std::map<std::string, RemoteSettings> remotes;
  std::map<std::string, std::string> replacements;  // what a URL starts with, and what stands for that
};

/// A refspec without its force sign and destination.
std::string source_of(std::string_view refspec) {
  if (refspec.starts_with('+')) refspec.remove_prefix(1);
  return std::string(refspec.substr(0, refspec.find(':')));
}

int add_key(const git_config_entry* entry, void* payload) {
  RemoteKeys& keys = *static_cast<RemoteKeys*>(payload);
  const std::string_view key = entry->name, value = entry->value != nullptr ? entry->value : "";
  // section.subsection.variable: libgit2 lower-cases the first and the last; the one between may hold dots.
  const std::size_t first = key.find('.'), last = key.rfind('.');
  if (first == last) return 0;
  const std::string_view section = key.substr(0, first), variable = key.substr(last + 1);
  const std::string subsection(key.substr(first + 1, last - first - 1));
  if (section == "url" && variable == "insteadof") keys.replacements[std::string(value)] = subsection;
  if (section != "remote") return 0;
  RemoteSettings& remote = keys.remotes[subsection];
  remote.name = subsection;
  if (variable == "url" && remote.url.empty()) remote.url = value;
  if (variable == "fetch") remote.fetched.push_back(source_of(value));
  if (variable == "tagopt") remote.tag_option = value;
  return 0;
}

}  // namespace

std::vector<RemoteSettings> read_remote_settings(git_repository* repository) {
  git_config* raw = nullptr;
  if (git_repository_config_snapshot(&raw, repository) < 0) return {};
  const ConfigHandle config(raw);
  RemoteKeys keys;
  if (git_config_foreach(config.get(), add_key, &keys) < 0) return {};
  std::vector<RemoteSettings> ordered;
  for (const std::string_view wanted : {"upstream", "origin", ""}) {
    for (auto& [name, remote] : keys.remotes) {
      const bool usual = name == "upstream" || name == "origin";
      if (remote.url.empty() || (wanted.empty() ? usual : name != wanted)) continue;
      const std::pair<const std::string, std::string>* best = nullptr;  // the longest that fits, as git decides
      for (const auto& replacement : keys.replacements) {
        if (!replacement.first.empty() && remote.url.starts_with(replacement.first) &&
            (best == nullptr || replacement.first.size() > best->first.size()))
          best = &replacement;
      }
      if (best != nullptr) remote.url = best->second + remote.url.substr(best->first.size());
      ordered.push_back(std::move(remote));
    }
  }
  return ordered;
}

}  // namespace trueup::git
