// SARIF 2.1.0 for code scanning, a run for each repository that is checked out: what stands in its head. Source: the OASIS
// standard; limits and liberties of GitHub's documentation "SARIF support for code scanning": it takes one place a result,
// shows a related place only where the message links to it, rejects a file with an absolute URI as an artifact's location,
// and keeps 5,000 results of a run.

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "report/characters.hpp"
#include "report/format.hpp"
#include "report/json_writer.hpp"
#include "report/words.hpp"

namespace trueup::report {
namespace {

using engine::Report;
using rules::Change;
using rules::FilePlace;
using rules::Finding;
using rules::RuleOutcome;
using rules::Severity;

constexpr std::size_t kResults = 5000;
constexpr std::size_t kNotifications = 100;
constexpr std::size_t kRelated = 100;
constexpr std::size_t kDescriptionCharacters = 1024;
constexpr std::size_t kMessageCharacters = 4000;
constexpr std::string_view kRoot = "%SRCROOT%";

/// GitHub's own three words.
std::string_view problem_severity(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "recommendation";
}

/// A path as a relative URI reference (RFC 3986, section 4.2). A first part with a colon would read as a scheme, so colons
/// are encoded too.
std::string uri_of(std::string_view path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-._~/").find(c) != std::string_view::npos)) {
      uri += c;
    } else {
      uri += '%';
      uri += kHex[byte >> 4];
      uri += kHex[byte & 15];
    }
  }
  return uri;
}

/// Plain text of a message (SARIF 3.11.5): brackets and backslashes would read as embedded links.
std::string plain(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text)) {
    if (c == '[' || c == ']' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

Json text(std::string_view text) { return {{"text", text}}; }

/// Columns count UTF-16 code units. Where they are not known, far into a long line, the region is its lines.
Json region_of(const FilePlace& place) {
  Json region = {{"startLine", place.begin.line}};
  if (place.in_utf16) region["startColumn"] = place.in_utf16->begin;
  region["endLine"] = std::max(place.begin.line, place.end.line);
  if (place.in_utf16) region["endColumn"] = place.in_utf16->end;
  return region;
}

Json physical_location(const FilePlace& place) {
  return {{"artifactLocation", {{"uri", uri_of(place.path)}, {"uriBaseId", kRoot}}}, {"region", region_of(place)}};
}

Json rule_of(const RuleOutcome& rule) {
  const std::string why = printable(rule.why.empty() ? rule.title : rule.why);
  const std::string explain = "trueup explain " + rule.code;
  return {{"id", rule.rule_id},
          {"name", rule.code},
          {"shortDescription", text(first_characters(printable(rule.title), kDescriptionCharacters))},
          {"fullDescription", text(first_characters(why, kDescriptionCharacters))},
          {"help", {{"text", why + "\n\nMore: " + explain}, {"markdown", why + "\n\nMore: `" + explain + "`"}}},
          {"defaultConfiguration", {{"level", to_string(rule.severity)}}},
          {"properties",
           {{"tags", {rule.rule_id.substr(0, rule.rule_id.find('/')), rule.code}},
            {"precision", "high"},
            {"problem.severity", problem_severity(rule.severity)}}}};
}

class SarifRun {
 public:
  SarifRun(const Report& report, const ReportOptions& options, std::string slug, bool only)
      : report_(report), options_(options), slug_(std::move(slug)), only_(only) {
    for (const RuleOutcome& rule : report.rules) rule_index_.emplace(rule.rule_id, rule_index_.size());
  }

  Json write() {
    Json rules = Json::array(), results = Json::array();
    for (const RuleOutcome& rule : report_.rules) rules.push_back(rule_of(rule));
    std::size_t elsewhere = 0, left_out = 0;
    const auto add = [&](const Finding& finding, const engine::Suppressed* suppressed) {
      if (finding.severity == Severity::none) return;
      if (place_here(finding) == nullptr)
        ++elsewhere;
      else if (results.size() == kResults)
        ++left_out;
      else
        results.push_back(result_of(finding, suppressed));
    };
    for (const Finding& finding : report_.findings) add(finding, nullptr);
    for (const engine::Suppressed& suppressed : report_.suppressed) add(suppressed.finding, &suppressed);
    return {{"tool",
             {{"driver",
               {{"name", "trueup"}, {"semanticVersion", report_.version}, {"rules", std::move(rules)}}}}},
            {"automationDetails", {{"id", only_ ? std::string("trueup/") : "trueup/" + printable(slug_) + '/'}}},
            {"originalUriBaseIds", {{kRoot, {{"description", text("the root of " + printable(slug_))}}}}},
            {"columnKind", "utf16CodeUnits"},
            {"invocations", Json::array({invocation(elsewhere, left_out)})},
            {"results", std::move(results)}};
  }

 private:
  bool stands_here(const FilePlace& place) const {
    return place.repository == slug_ && stands_in_head(place, report_, options_);
  }

  /// Where an alert of the finding stands in this repository; null: nowhere.
  const FilePlace* place_here(const Finding& finding) const {
    const FilePlace* place = place_in_head(finding, report_, options_);
    return place != nullptr && place->repository == slug_ ? place : nullptr;
  }

  Json result_of(const Finding& finding, const engine::Suppressed* suppressed) const {
    std::string message = plain(first_characters(finding.message, kMessageCharacters));
    Json related = Json::array();
    const FilePlace& place = *place_here(finding);
    if (&place != &finding.at) message += ". Broken by this change: " + plain(location(finding.at, slug_));
    for (const rules::RelatedPlace& each : finding.related) {
      if (related.size() == kRelated) break;
      // The title of an alert is the message's first sentence.
      if (&each == &finding.related.front() && !message.empty() && message.back() != '.') message += '.';
      const auto* file = std::get_if<FilePlace>(&each.place);
      if (file == nullptr || !stands_here(*file)) {
        message += '\n' + plain(described(each, finding, report_.now));
        continue;
      }
      const std::size_t id = related.size() + 1;
      message += '\n' + plain(each.label) + ": [" + plain(location(*file, slug_)) + "](" + std::to_string(id) + ')';
      related.push_back({{"id", id}, {"physicalLocation", physical_location(*file)}, {"message", text(plain(each.label))}});
    }
    Json result = {{"ruleId", finding.rule_id},
                   {"level", to_string(finding.severity)},
                   {"message", text(message)},
                   {"locations", Json::array({{{"physicalLocation", physical_location(place)}}})}};
    if (const auto index = rule_index_.find(finding.rule_id); index != rule_index_.end()) result["ruleIndex"] = index->second;
    if (!related.empty()) result["relatedLocations"] = std::move(related);
    result["partialFingerprints"] = {{"primaryLocationLineHash", finding.fingerprint}};
    result["fingerprints"] = {{"trueup/v1", finding.fingerprint}};
    if (suppressed != nullptr)
      result["suppressions"] = Json::array({{{"kind", suppressed->config_place ? "external" : "inSource"}, {"justification", printable(reason_of(*suppressed))}}});
    if (Json fixes = fixes_of(finding); !fixes.empty()) result["fixes"] = std::move(fixes);
    if (finding.change == Change::introduced) result["baselineState"] = "new";
    if (finding.change == Change::persisting) result["baselineState"] = "unchanged";
    return result;
  }

  /// A proven fix, if all of it stands here and each of its places can be told in columns; what is unsafe says so. Source: SARIF 2.1.0,
  /// 3.27.30 (fixes), 3.55, 3.56 and 3.57.
  Json fixes_of(const Finding& finding) const {
    if (!finding.fix || !finding.fix->proven) return Json::array();
    std::map<std::string, Json> changes;  // by file
    for (const rules::FindingEdit& edit : finding.fix->edits) {
      if (!stands_here(edit.at) || !edit.at.in_utf16) return Json::array();
      Json region = region_of(edit.at);
      region["endLine"] = edit.at.end.line;
      Json& change = changes[uri_of(edit.at.path)];
      change["replacements"].push_back({{"deletedRegion", std::move(region)}, {"insertedContent", text(edit.text)}});
    }
    Json list = Json::array();
    for (auto& [uri, change] : changes) {
      change["artifactLocation"] = {{"uri", uri}, {"uriBaseId", kRoot}};
      list.push_back(std::move(change));
    }
    if (list.empty()) return Json::array();
    const std::string how = finding.fix->unsafe ? "trueup fix --unsafe: it changes what is deployed, or rests on a guess" : "trueup fix";
    return Json::array({{{"description", text(how)}, {"artifactChanges", std::move(list)}}});
  }

  /// What could not be verified is told as notifications: a result would be an accusation.
  Json invocation(std::size_t elsewhere, std::size_t left_out) const {
    Json notifications = Json::array();
    bool failed = false;
    const auto notify = [&](std::string_view level, const std::string& what) {
      if (notifications.size() < kNotifications) notifications.push_back({{"level", level}, {"message", text(plain(what))}});
    };
    if (left_out > 0)
      notify("warning", counted(left_out, "finding") + " left out: a run holds " + grouped_digits(kResults));
    if (elsewhere > 0) notify("note", counted(elsewhere, "finding") + " outside what is checked out here: " + options_.command);
    for (const UnknownGroup& group : group_unknowns(report_)) {
      if (group.cause == UnknownCause::malformed) continue;  // a finding says it
      failed = failed || group.cause == UnknownCause::failed;
      notify(group.cause == UnknownCause::failed ? "error" : "note",
             grouped_digits(group.unknowns.size()) + " unknown: " + group.because);
    }
    for (const std::string& note : report_.notes) notify("note", note);
    return {{"executionSuccessful", !failed}, {"toolExecutionNotifications", std::move(notifications)}};
  }

  const Report& report_;
  const ReportOptions& options_;
  const std::string slug_;
  const bool only_;
  std::map<std::string, std::size_t, std::less<>> rule_index_;
};

/// The repositories that runs are written for. Without any there is still a run, which closes what stood before.
std::vector<std::string> repositories_here(const Report& report, const ReportOptions& options) {
  if (!options.at_hand.empty()) return {options.at_hand};
  std::vector<std::string> slugs;
  for (const engine::RepositoryReport& repository : report.repositories)
    if (repository.subject) slugs.push_back(repository.slug);
  if (slugs.empty()) slugs.emplace_back();
  return slugs;
}

}  // namespace

void write_sarif(const Report& report, const ReportOptions& options, std::string& out) {
  const std::vector<std::string> slugs = repositories_here(report, options);
  JsonMembers log(out);
  log.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  log.member("version", "2.1.0");
  log.list("runs", slugs, [&](const std::string& slug) { return SarifRun(report, options, slug, slugs.size() == 1).write(); });
  log.end();
}

}  // namespace trueup::report
