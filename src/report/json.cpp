// The JSON report: schema/report.schema.json, one finding a line, so that it can be searched and compared by line as
// well as read by jq. Columns and offsets count bytes; invalid UTF-8 reads as U+FFFD.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "formats/remote_url.hpp"
#include "formats/timestamp.hpp"
#include "report/format.hpp"
#include "report/json_writer.hpp"
#include "report/words.hpp"

namespace trueup::report {
namespace {

/// Raised when a key changes its meaning or goes away, not when one is added.
constexpr int kSchemaVersion = 1;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

void add_members(Json::object_t&) {}
template <typename Value, typename... Rest>
void add_members(Json::object_t& members, std::string_view key, Value&& value, Rest&&... rest) {
  members.emplace_back(std::string(key), Json(std::forward<Value>(value)));
  add_members(members, std::forward<Rest>(rest)...);
}
/// Members that are added one by one; a list that grows copies its keys.
constexpr std::size_t kAddedLater = 3;
/// An object of keys, each with its value, that are all different. A list in braces would be copied twice, and reports have thousands of these.
template <typename... Members>
Json object_of(Members&&... keys_and_values) {
  Json::object_t members;
  members.reserve(sizeof...(keys_and_values) / 2 + kAddedLater);
  add_members(members, std::forward<Members>(keys_and_values)...);
  return Json(std::move(members));
}

Json json_of(LineColumn place) { return object_of("line", place.line, "column", place.column); }

Json json_of(const rules::FilePlace& place) {
  return object_of("repository", place.repository, "revision", text_or_null(place.revision), "path", place.path,
                   "bytes", object_of("begin", place.bytes.begin, "end", place.bytes.end), "begin", json_of(place.begin), "end", json_of(place.end),
                   "line_text", formats::mask_urls(place.line_text), "line_text_from", place.line_text_from);
}

Json json_of(const rules::LivePlace& place) {
  return object_of("address", place.address, "asked_at", text_or_null(place.asked_at), "state", place.state, "said", place.said);
}

Json json_of(const rules::RelatedPlace& related) {
  const auto place = std::visit([](const auto& each) { return json_of(each); }, related.place);
  const bool live = std::holds_alternative<rules::LivePlace>(related.place);
  return object_of("column", related.column, "label", related.label, live ? "live" : "file", std::move(place));
}

Json json_of(const std::vector<std::pair<std::string, std::string>>& columns) {
  Json json = Json::object();
  for (const auto& [column, value] : columns) json[column] = value;
  return json;
}

enum class Is { finding, unknown };

Json json_of(const rules::Finding& finding, Is what) {
  Json related = Json::array();
  for (const rules::RelatedPlace& place : finding.related) related.push_back(json_of(place));
  Json refs = object_of("count", finding.refs.count, "current", text_or_null(finding.refs.current), "oldest", text_or_null(finding.refs.oldest),
                        "newest", text_or_null(finding.refs.newest), "first_ten", finding.refs.first_ten);
  Json json = object_of("rule_id", finding.rule_id, "code", finding.code, "title", finding.title, "severity", to_string(finding.severity),
                        "message", finding.message, "at", json_of(finding.at), "related", std::move(related), "key", json_of(finding.key),
                        "values", json_of(finding.values), "ordinal", finding.ordinal, "fingerprint", finding.fingerprint, "refs", std::move(refs),
                        "change", to_string(finding.change), "blocks", finding.blocks);
  if (what == Is::finding) {
    json["fix"] = nullptr;
    if (finding.fix) {
      Json edits = Json::array();
      for (const rules::FindingEdit& edit : finding.fix->edits) edits.push_back(object_of("at", json_of(edit.at), "text", edit.text));
      json["fix"] = object_of("unsafe", finding.fix->unsafe, "proven", finding.fix->proven, "edits", std::move(edits));
    }
  }
  if (what == Is::unknown) {
    json["because"] = finding.because;
    json["failed"] = finding.failed;
    json["malformed"] = finding.malformed;
  }
  return json;
}

Json json_of(const rules::RuleOutcome& rule) {
  return object_of("rule_id", rule.rule_id, "code", rule.code, "severity", to_string(rule.severity), "outcome", to_string(rule.outcome),
                   "ok", rule.ok, "violated", rule.violated, "unknown", rule.unknown, "stopped", rule.stopped, "reads_servers", rule.reads_servers);
}

Json json_of(const engine::RepositoryReport& repository) {
  return {{"slug", repository.slug},
          {"subject", repository.subject},
          {"loaded", repository.loaded},
          {"missed", repository.missed},
          {"because", text_or_null(repository.because)},
          {"default_branch", text_or_null(repository.default_branch)},
          {"refs", repository.refs},
          {"snapshots", repository.snapshots},
          {"file_sets", repository.file_sets},
          {"files", repository.files}};
}

Json json_of(const engine::HostReport& host) {
  Json object = {{"host", host.host},
                 {"questions", host.questions},
                 {"present", host.present},
                 {"absent", host.absent},
                 {"unknown", host.unknown}};
  object["requests"] = host.requests;
  object["requests_left"] = host.requests_left ? decltype(object)(*host.requests_left) : decltype(object)(nullptr);
  object["graphql_points"] = host.graphql_points;
  object["graphql_points_left"] = host.graphql_points_left ? decltype(object)(*host.graphql_points_left) : decltype(object)(nullptr);
  return object;
}

Json time_of(std::int64_t seconds) { return formats::rfc3339_text(seconds); }
Json time_of(std::optional<std::int64_t> seconds) { return seconds ? time_of(*seconds) : Json(nullptr); }

Json json_of(const audit::Record& record) {
  Json since = nullptr;
  if (record.since)
    since = {{"repository", record.since->repository},
             {"commit_id", record.since->commit_id},
             {"committed_at", time_of(record.since->committed_at)},
             {"at_least", record.since->at_least}};
  return {{"fingerprint", record.fingerprint},
          {"standing", to_string(record.standing)},
          {"rule_id", record.rule_id},
          {"code", record.code},
          {"severity", to_string(record.severity)},
          {"message", record.message},
          {"repository", record.repository},
          {"revision", text_or_null(record.revision)},
          {"path", record.path},
          {"line", record.line},
          {"column", record.column},
          {"first_seen", time_of(record.first_seen)},
          {"opened", time_of(record.opened)},
          {"last_seen", time_of(record.last_seen)},
          {"fixed_at", time_of(record.fixed_at)},
          {"unverified_since", time_of(record.unverified_since)},
          {"because", text_or_null(record.because)},
          {"times_returned", record.times_returned},
          {"suppressed", record.suppressed},
          {"since", std::move(since)}};
}

Json json_of(const audit::Chronicle& chronicle) {
  using audit::Standing;
  Json before = nullptr;
  if (chronicle.before)
    before = {{"at", time_of(chronicle.before->at)},
              {"verified", chronicle.before->verified},
              {"subjects", chronicle.before->subjects},
              {"open", chronicle.before->open},
              {"unverified", chronicle.before->unverified}};
  return {{"history", chronicle.history},
          {"runs", chronicle.runs},
          {"began", time_of(chronicle.began)},
          {"before", std::move(before)},
          {"late", chronicle.late},
          {"new", chronicle.count(Standing::fresh)},
          {"returned", chronicle.count(Standing::returned)},
          {"persisting", chronicle.count(Standing::persisting)},
          {"unverified", chronicle.count(Standing::unverified)},
          {"fixed", chronicle.fixed_now()},
          {"suppressed", chronicle.count(Standing::suppressed)}};
}

Json summary_of(const engine::Report& report) {
  SeverityCounts counts;
  for (const rules::Finding& finding : report.findings) counts.add(finding.severity);
  return {{"errors", counts.errors},
          {"warnings", counts.warnings},
          {"notes", counts.notes},
          {"unknowns", report.unknowns.size()},
          {"fixed", report.fixed.size()},
          {"suppressed", report.suppressed.size()},
          {"verified", report.verified()},
          {"subjects", report.subjects()}};
}

}  // namespace

void write_json(const engine::Report& report, const ReportOptions&, std::string& out) {
  const auto finding = [](const rules::Finding& each) { return json_of(each, Is::finding); };
  const auto unknown = [](const rules::Finding& each) { return json_of(each, Is::unknown); };
  const auto as_it_is = [](const auto& each) { return json_of(each); };
  JsonMembers object(out);
  object.member("schema_version", kSchemaVersion);
  object.member("tool", {{"name", "trueup"}, {"version", report.version}});
  object.member("now", report.now);
  object.member("base", text_or_null(report.base));
  object.member("summary", summary_of(report));
  object.list("findings", report.findings, finding);
  object.list("unknowns", report.unknowns, unknown);
  object.list("fixed", report.fixed, finding);
  object.list("suppressed", report.suppressed, [](const engine::Suppressed& each) {
    return Json{{"finding", json_of(each.finding, Is::finding)},
                {"reason", each.reason},
                {"until", text_or_null(each.until)},
                {"owner", text_or_null(each.owner)},
                {"config_place", each.config_place ? json_of(*each.config_place) : Json()}};
  });
  object.member("audit", report.audit ? json_of(*report.audit) : Json(nullptr));
  static const std::vector<audit::Record> kNone;
  object.list("records", report.audit ? report.audit->records : kNone, as_it_is);
  object.list("rules", report.rules, as_it_is);
  object.list("repositories", report.repositories, as_it_is);
  object.list("hosts", report.hosts, as_it_is);
  object.list("notes", report.notes, [](const std::string& note) { return Json(note); });
  object.end();
}

}  // namespace trueup::report
