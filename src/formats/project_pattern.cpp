#include "formats/project_pattern.hpp"

#include "base/text.hpp"
#include "formats/path_glob.hpp"

namespace trueup::formats {
namespace {

std::optional<bool> matches(std::string_view pattern, std::string_view text) {
  if (pattern == "*") return true;
  if (pattern.find_first_of("*?[{\\") == pattern.npos) return pattern == text;
  const auto glob = PathGlob::compile(pattern);
  if (!glob) return std::nullopt;
  return glob->matches(text);
}

}  // namespace

std::string normal_repo_url(std::string_view repo_url) {
  std::string text = ascii_lower(trim(repo_url));
  constexpr std::string_view kSsh = "ssh://", kGit = ".git";
  if (text.find("://") == text.npos && text.find('@') != text.npos)
    if (const std::size_t colon = text.find(':'); colon != text.npos && text.find('/') > colon) text[colon] = '/';
  if (text.starts_with(kSsh)) text.erase(0, kSsh.size());
  if (text.ends_with(kGit)) text.resize(text.size() - kGit.size());
  return text;
}

std::optional<bool> project_source_matches(std::string_view pattern, std::string_view repo_url) {
  return matches(normal_repo_url(pattern), normal_repo_url(repo_url));
}

std::optional<bool> project_destination_matches(std::string_view pattern, std::string_view text) {
  std::string crossing;
  for (const char c : pattern) {
    if (c == '*' && crossing.ends_with('*')) continue;
    crossing += c == '*' ? "**" : std::string(1, c);
  }
  return crossing == "**" ? true : matches(crossing, text);
}

}  // namespace trueup::formats
