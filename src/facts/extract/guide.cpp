// README.md and the like at the root: the env files and ports that they tell people to use.

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"

namespace trueup::facts {
namespace {

constexpr int kMaxMentions = 1'000;

void add_mentions(BlobRows& rows, const char* kind, const RE2& pattern) {
  re2::StringPiece rest(rows.source().data(), rows.source().size()), found;
  for (int count = 0; count < kMaxMentions && RE2::FindAndConsume(&rest, pattern, &found); ++count) {
    const auto begin = static_cast<std::uint32_t>(found.data() - rows.source().data());
    rows.add(GuideMentionRow{rows.span({begin, begin + static_cast<std::uint32_t>(found.size())}), kind, std::string(found.data(), found.size()), {}});
  }
}

struct Term {
  std::string_view words, name;  ///< as the pages of GitHub say it, in lower case; as its API does
};
constexpr auto kPermissions = std::to_array<Term>({{"checks", "checks"}, {"commit statuses", "statuses"}, {"contents", "contents"}, {"issues", "issues"},
                                                   {"pull requests", "pull_requests"}, {"members", "members"}, {"metadata", "metadata"},
                                                   {"deployments", "deployments"}, {"administration", "administration"}, {"actions", "actions"}});
constexpr auto kEvents = std::to_array<Term>({{"create", "create"}, {"push", "push"}, {"issue comment", "issue_comment"}, {"issue comments", "issue_comment"},
                                              {"pull request", "pull_request"}, {"pull requests", "pull_request"}, {"pull request review", "pull_request_review"},
                                              {"check run", "check_run"}, {"check suite", "check_suite"}, {"check runs", "check_run"}, {"check suites", "check_suite"}});

template <std::size_t N>
std::string_view name_of(const std::array<Term, N>& terms, std::string_view words) {
  const auto found = std::ranges::find(terms, words, &Term::words);
  return found == terms.end() ? std::string_view() : found->name;
}

/// Lists of what a GitHub App may do ("* Pull requests - Read and Write") and is told ("* Pull request", below a line that speaks of
/// events). Lists that follow each other with no more than a few lines between them describe one app.
void add_app_lists(BlobRows& rows) {
  constexpr std::size_t kLinesBetween = 12;
  static const RE2 permission(R"((?i)^\s*(?:[-*+]|\d+\.)\s+([a-z ]+?)\s*[-:]\s*(read[- ]only|read(?:\s*(?:and|&)\s*write)?|write|admin)\s*$)");
  static const RE2 item(R"((?i)^\s*(?:[-*+]|\d+\.)\s+([a-z ]+?)\s*$)");
  std::int64_t list = -1;
  std::size_t line_number = 0, last = 0;
  std::uint32_t at = 0;
  bool events = false, had_events = false;
  for (const std::string_view whole : split(rows.source(), '\n')) {
    const std::uint32_t begin = at;
    at += static_cast<std::uint32_t>(whole.size()) + 1;
    ++line_number;
    const std::string_view line = whole.ends_with('\r') ? whole.substr(0, whole.size() - 1) : whole;
    const re2::StringPiece text(line.data(), line.size());
    re2::StringPiece words, access;
    std::string kind, value;
    if (RE2::PartialMatch(text, permission, &words, &access)) {
      const std::string_view name = name_of(kPermissions, ascii_lower({words.data(), words.size()}));
      const std::string said = ascii_lower({access.data(), access.size()});
      events = false;
      if (!name.empty()) {
        kind = "app_permission";
        value = std::string(name) + "=" + (said == "admin" ? "admin" : said.find("write") != said.npos ? "write" : "read");
      }
    } else if (events && RE2::PartialMatch(text, item, &words)) {
      const std::string_view name = name_of(kEvents, ascii_lower({words.data(), words.size()}));
      if (!name.empty()) {
        kind = "app_event";
        value = name;
      }
    } else if (!trim(line).empty() && !trim(line).starts_with("```")) {
      const std::string said = ascii_lower(line);
      events = said.find("event") != said.npos && said.find("subscribe") != said.npos;
    }
    if (kind.empty()) continue;
    // What an app may do after what it is told: the next one's.
    if (list < 0 || line_number - last > kLinesBetween || (had_events && kind == "app_permission")) ++list;
    had_events = kind == "app_event";
    last = line_number;
    const auto from = begin + static_cast<std::uint32_t>(words.data() - line.data());
    rows.add(GuideMentionRow{rows.span({from, from + static_cast<std::uint32_t>(words.size())}), kind, value, list});
  }
}

}  // namespace

void extract_guide(BlobRows& rows) {
  if (!rows.wants(Table::guide_mention)) return;
  static const RE2 env_file(R"((?:^|[\s`'"(=])((?:~/|\./|\.\./|/)?(?:[\w.-]+/)*\.?[\w-][\w.-]*\.env)(?:$|[\s`'"):,.;]))");
  static const RE2 port(R"(\b(?:ngrok http|lt --port|cloudflared tunnel --url|localtunnel --port) (?:--\S+ )*(?:https?://)?(?:(?:localhost|127\.0\.0\.1):)?(\d{2,5})\b)");
  // Where GitHub is told to send events: an address of a tunnel, or one with a gap in it, behind the word.
  static const RE2 hook(R"((?i)\bwebhook[^\n]{0,120}?(https?://(?:[\w.-]*ngrok[\w.-]*|[\w.-]*trycloudflare\.com|[\w.-]*\.loca\.lt|localhost|<[^<>\n/]{1,60}>[\w.-]*)(?::\d{2,5})?(?:/(?:[\w./-]*[\w/-])?)?))");
  add_mentions(rows, "env_file", env_file);
  add_mentions(rows, "tunnel_port", port);
  add_mentions(rows, "webhook_url", hook);
  add_app_lists(rows);
}

}  // namespace trueup::facts
