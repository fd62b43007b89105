#include "live/forge_reader.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/work_queue.hpp"
#include "live/oci_lists.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

constexpr unsigned kThreads = 8;

/// The token of the forge's host; a password of netrc is one too.
std::optional<Credential> token_for(const std::string& host, CredentialSource& credentials) {
  const auto parsed = HostPort::parse(host);
  auto found = parsed ? credentials.find(*parsed) : std::nullopt;
  if (found && found->kind == CredentialKind::basic) found->kind = CredentialKind::bearer_token;
  return found;
}

const std::string& token_host_of(const ForgeServer& server) { return server.token_host.empty() ? server.host : server.token_host; }

std::string without_slash(std::string url) {
  if (url.ends_with('/')) url.pop_back();
  return url;
}

/// When the last element of a list that is sorted by that was touched.
std::string last_touched(const formats::ForgeItems& items) {
  if (!items.pull_requests.empty()) return items.pull_requests.back().updated_at;
  return items.workflow_runs.empty() ? "" : items.workflow_runs.back().created_at;
}

void append(formats::ForgeItems& all, formats::ForgeItems&& page) {
  const auto move = [](auto& to, auto& from) { to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end())); };
  move(all.pull_requests, page.pull_requests);
  move(all.comments, page.comments);
  move(all.label_events, page.label_events);
  move(all.workflow_runs, page.workflow_runs);
  move(all.releases, page.releases);
  move(all.tags, page.tags);
  move(all.required_checks, page.required_checks);
  move(all.secrets, page.secrets);
  move(all.environments, page.environments);
  move(all.app_grants, page.app_grants);
  move(all.branches, page.branches);
}

}  // namespace

std::string default_api_url(ForgeKind kind, const std::string& host) {
  if (kind == ForgeKind::gitlab) return "https://" + host + "/api/v4";
  if (host == "github.com" || host.ends_with(".ghe.com")) return "https://api." + host;
  return "https://" + host + "/api/v3";
}

std::unique_ptr<Forge> make_forge(ForgeServer server, HttpClient& http, CredentialSource& credentials) {
  return server.kind == ForgeKind::gitlab ? make_gitlab(std::move(server), http, credentials) : make_github(std::move(server), http, credentials);
}

ForgeReader::ForgeReader(ForgeServer server, HttpClient& http, CredentialSource& credentials, std::string advice, std::vector<HttpHeader> headers)
    : server_(std::move(server)),
      door_(ApiDoor(http, without_slash(server_.api_url), token_for(token_host_of(server_), credentials), token_host_of(server_), std::move(advice), std::move(headers))) {}

std::vector<ForgeRepositoryReading> ForgeReader::repositories(std::span<const std::string> slugs) {
  std::vector<ForgeRepositoryReading> readings(slugs.size());
  parallel_for(slugs.size(), kThreads, [&](std::size_t i) {
    readings[i] = *repository(slugs[i]);
    readings[i].slug = slugs[i];
  });
  return readings;
}

std::vector<ForgeListReading> ForgeReader::lists(std::span<const ForgeListQuestion> questions) {
  std::vector<ForgeListReading> readings(questions.size());
  parallel_for(questions.size(), kThreads, [&](std::size_t i) {
    readings[i].asked = questions[i];
    if (path_of(questions[i].slug)) read_list(readings[i]);
    else readings[i].unknown = unknown("invalid_reference", printable(questions[i].slug) + " is no name of a repository of " + host());
    if (readings[i].unknown) {
      readings[i].state = ReadingState::unknown;
      readings[i].complete = false;
      readings[i].items = {};
    }
  });
  return readings;
}

std::shared_ptr<const ForgeRepositoryReading> ForgeReader::repository(const std::string& slug) {
  return repositories_.get(ascii_lower(slug), [&] {
    if (path_of(slug)) return read_repository(slug);
    ForgeRepositoryReading reading;
    reading.slug = slug;
    reading.unknown = unknown("invalid_reference", printable(slug) + " is no name of a repository of " + host());
    return reading;
  });
}

ForgeRepositoryReading ForgeReader::read_repository(const std::string& slug) {
  ForgeRepositoryReading reading;
  reading.slug = slug;
  const ApiAnswer asked = door_.get(target_of(slug));
  reading.from = asked.answer.from;
  reading.unknown = asked.unknown;
  if (reading.unknown) return reading;
  if (asked.answer.has_status(404)) {
    judge_missing(slug, reading);
    return reading;
  }
  auto read = parse_repository(asked.answer.has_status(200) ? asked.body() : "");
  if (!read) {
    reading.unknown = unknown("malformed", fmt::format("{} answered, but not with a repository: {}", host(), read.error().message));
    return reading;
  }
  reading.state = ReadingState::present;
  reading.full_name = std::move(read->full_name);
  reading.default_branch = std::move(read->default_branch);
  reading.visibility = std::move(read->visibility);
  reading.archived = read->archived;
  return reading;
}

std::optional<std::string> ForgeReader::path_of(const std::string& slug) {
  std::string path;
  std::size_t parts = 0;
  for (const std::string_view part : split(slug, '/')) {
    if (part.empty() || part == "." || part == ".." || part.size() > 256) return std::nullopt;
    path += (path.empty() ? "" : "/") + percent_encoded(part);
    ++parts;
  }
  return parts < 2 || parts > 24 ? std::nullopt : std::optional(path);
}

void ForgeReader::read_pages(ForgeListReading& reading, const std::string& target, formats::ForgePage page, std::uint32_t max_pages,
                             const std::function<bool(const formats::ForgeItems&)>& enough) {
  bool stopped = false;
  const ForgeDoor::Pages pages = door_.pages(target, max_pages, [&](const std::string& body) -> Result<bool> {
    auto items = formats::read_forge_page(page, body);
    if (!items) return std::move(items).error();
    append(reading.items, std::move(*items));
    stopped = enough && enough(reading.items);
    return !stopped;
  });
  finish(reading, pages, to_string(reading.asked.kind));
  if (reading.unknown || reading.complete) return;
  // A list that is sorted by time says all back to where its reading ended.
  reading.since = last_touched(reading.items);
  reading.complete = !reading.since.empty() && (stopped || enough);
  if (!reading.complete) reading.incomplete_because = fmt::format("only the first {} of a longer list were read", reading.items.size());
}

void ForgeReader::finish(ForgeListReading& reading, const ForgeDoor::Pages& pages, std::string_view what) {
  if (reading.from.address.empty()) reading.from = pages.from;
  reading.unknown = pages.unknown;
  if (pages.unknown && pages.status == 404) reading.unknown = not_shown(reading.asked.slug, what);
  if (reading.unknown) return;
  reading.state = ReadingState::present;
  reading.complete = pages.complete;
  reading.evidence = counted(reading.items.size(), replace_all(what, "_", " "));
}

Unknown ForgeReader::not_shown(const std::string& slug, std::string_view what) {
  const auto about = repository(slug);
  if (about->unknown) return *about->unknown;
  return unknown("not_offered", fmt::format("{} shows {}, and no {} of it: that is switched off there, or this token may not see it", host(), slug,
                                            replace_all(what, "_", " ")));
}

}  // namespace trueup::live
