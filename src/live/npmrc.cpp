#include "live/npmrc.hpp"

#include <map>

#include "base/text.hpp"
#include "live/base64.hpp"

namespace trueup::live {
namespace {

using Environment = std::function<std::optional<std::string>(std::string_view)>;

/// With the variables of ${NAME} looked up; nothing where one is not set, and its name in `missing`.
std::optional<std::string> with_variables(std::string_view value, const Environment& environment, std::string& missing) {
  std::string result;
  while (!value.empty()) {
    const std::size_t begin = value.find("${"), end = value.find('}', begin == value.npos ? value.size() : begin);
    if (begin == value.npos || end == value.npos) break;
    result += value.substr(0, begin);
    const std::string_view name = value.substr(begin + 2, end - begin - 2);
    const auto set = environment(name);
    if (!set) {
      missing = name;
      return std::nullopt;
    }
    result += *set;
    value.remove_prefix(end + 1);
  }
  return result.append(value);
}

/// What the lines of one `//host/path/` say.
struct Entry {
  std::string token, pair, username, password;
};

std::optional<Credential> credential_of(const Entry& entry) {
  if (!entry.token.empty()) return Credential{CredentialKind::bearer_token, "", Secret(entry.token), ""};
  if (!entry.pair.empty()) {
    const auto decoded = base64_decode(entry.pair);
    const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos) return std::nullopt;
    return Credential{CredentialKind::basic, decoded->substr(0, colon), Secret(decoded->substr(colon + 1)), ""};
  }
  const auto password = base64_decode(entry.password);
  if (entry.username.empty() || entry.password.empty() || !password) return std::nullopt;
  return Credential{CredentialKind::basic, entry.username, Secret(*password), ""};
}

}  // namespace

NpmrcAnswer find_in_npmrc(std::string_view text, const HostPort& host, const Environment& environment) {
  const std::string begin = "//" + host.to_string() + "/";
  std::map<std::string, Entry, std::less<>> entries;  // by path
  NpmrcAnswer answer;
  for (const std::string_view each : split(text, '\n')) {
    const std::string_view line = trim(each);
    const std::size_t equals = line.find('=');
    if (!line.starts_with(begin) || equals == line.npos) continue;
    const std::string_view name = trim(line.substr(0, equals));
    const std::size_t colon = name.rfind(':');
    if (colon == name.npos || colon < begin.size() - 1) continue;
    const std::string_view key = name.substr(colon + 1);
    std::string_view written = trim(line.substr(equals + 1));
    if (written.size() > 1 && (written.front() == '"' || written.front() == '\'') && written.back() == written.front()) written = written.substr(1, written.size() - 2);
    Entry unused;
    Entry& entry = entries[std::string(name.substr(0, colon))];
    std::string* const wanted = key == "_authToken" ? &entry.token : key == "_auth" ? &entry.pair : key == "username" ? &entry.username : key == "_password" ? &entry.password : nullptr;
    if (wanted == nullptr) continue;
    std::string missing;
    const auto value = with_variables(written, environment, missing);
    if (value) *wanted = *value;
    else answer.problem = "names the variable " + missing + ", which is not set";
  }
  std::string whole(begin);
  for (const auto& [path, entry] : entries) {
    auto credential = credential_of(entry);
    if (!credential) continue;
    if (answer.credential && (answer.credential->username != credential->username || answer.credential->secret != credential->secret)) {
      answer.credential.reset();
      answer.problem = "has several credentials of this host, by path: say in TRUEUP_HOSTS which is meant";
      return answer;
    }
    answer.credential = std::move(credential);
    if (path == whole || path + "/" == whole) break;  // of the whole host: sorted before those of its paths
  }
  if (answer.credential) answer.problem.clear();
  return answer;
}

}  // namespace trueup::live
