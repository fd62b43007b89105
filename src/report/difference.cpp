#include "report/difference.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "report/json_writer.hpp"
#include "report/words.hpp"

namespace trueup::report {
namespace {

using Value = nlohmann::json;

/// A subject as a report tells it.
struct Subject {
  bool unknown = false;
  std::string rule, repository;
  std::string what;
  std::string said;  ///< the message and, where it is suppressed, that; of an unknown the reason
};

std::string text_at(const Value& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string number_at(const Value& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? std::to_string(found->get<std::int64_t>()) : std::string("0");
}

std::string what_of(const Value& finding) {
  const Value at = finding.value("at", Value::object()), begin = at.is_object() ? at.value("begin", Value::object()) : Value::object();
  const std::string revision = text_at(at, "revision");
  return text_at(finding, "severity") + '[' + text_at(finding, "code") + ' ' + text_at(finding, "rule_id") + "] " + text_at(at, "repository") +
         (revision.empty() ? "" : '@' + revision) + ' ' + text_at(at, "path") + ':' + number_at(begin, "line") + ':' + number_at(begin, "column");
}

struct ReadReport {
  std::map<std::string, Subject> subjects;
  std::set<std::string> rules, repositories;      ///< that were at work, and judged
  std::set<std::string> asking_rules;             ///< whose verdicts hang on answers of servers
  std::map<std::string, std::int64_t> open_questions;  ///< of each server that left some
  std::map<std::string, std::string> unverified;  ///< of an audit: what it could not verify, and why

  /// Why a subject that it does not tell may be there all the same; empty where it is not.
  std::string left_open(const std::string& fingerprint, const Subject& subject) const {
    if (const auto told = unverified.find(fingerprint); told != unverified.end()) return told->second;
    if (!rules.contains(subject.rule)) return subject.rule + " was not at work";
    // What stands in no repository, such as an operator's config, is always read.
    if (!subject.repository.empty() && !repositories.contains(subject.repository)) return subject.repository + " was not judged";
    return {};
  }

  /// Why a subject that it does not tell, and `before` did, may be there all the same: a server that answered less.
  std::string unanswered(const ReadReport& before, const Subject& subject) const {
    if (!before.asking_rules.contains(subject.rule)) return {};
    for (const auto& [host, open] : open_questions) {
      const auto then = before.open_questions.find(host);
      if (then == before.open_questions.end() || then->second < open) return host + " left " + std::to_string(open) + " questions open";
    }
    return {};
  }
};

/// Every subject that is not right, by fingerprint. Of equal ones the last; nothing for what is no report.
std::optional<ReadReport> read_report(std::string_view text) {
  bool too_deep = false;
  const Value report = Value::parse(
      text,
      [&](int depth, Value::parse_event_t, Value&) {
        too_deep = too_deep || depth > static_cast<int>(limits::kMaxDepth);
        return !too_deep;
      },
      false);
  if (too_deep || !report.is_object() || !report.contains("schema_version") || text_at(report.value("tool", Value()), "name") != "trueup") return std::nullopt;
  ReadReport read;
  for (const char* list : {"unknowns", "suppressed", "findings"}) {
    const auto found = report.find(list);
    if (found == report.end() || !found->is_array()) return std::nullopt;
    const std::string_view name = list;
    for (const Value& each : *found) {
      if (!each.is_object()) return std::nullopt;
      const Value& finding = name == "suppressed" ? each.contains("finding") ? each["finding"] : each : each;
      if (!finding.is_object() || text_at(finding, "fingerprint").empty()) return std::nullopt;
      std::string said = text_at(finding, name == "unknowns" ? "because" : "message");
      if (name == "suppressed") said += " (suppressed: " + text_at(each, "reason") + ')';
      read.subjects[text_at(finding, "fingerprint")] = {name == "unknowns", text_at(finding, "rule_id"),
                                                        text_at(finding.value("at", Value()), "repository"), what_of(finding), std::move(said)};
    }
  }
  const auto is = [](const Value& object, const char* key) { return object.is_object() && object.contains(key) && object[key] == true; };
  for (const Value& rule : report.value("rules", Value::array())) {
    if (!is(rule, "stopped")) read.rules.insert(text_at(rule, "rule_id"));
    if (is(rule, "reads_servers")) read.asking_rules.insert(text_at(rule, "rule_id"));
  }
  for (const Value& host : report.value("hosts", Value::array()))
    if (const Value open = host.is_object() ? host.value("unknown", Value()) : Value(); open.is_number_integer() && open.get<std::int64_t>() > 0)
      read.open_questions[text_at(host, "host")] = open.get<std::int64_t>();
  for (const Value& repository : report.value("repositories", Value::array()))
    if (is(repository, "subject") && is(repository, "loaded") && !is(repository, "missed")) read.repositories.insert(text_at(repository, "slug"));
  for (const Value& record : report.value("records", Value::array()))
    if (text_at(record, "standing") == "unverified") read.unverified[text_at(record, "fingerprint")] = text_at(record, "because");
  return read;
}

}  // namespace

std::string_view to_string(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::added: return "new";
    case DifferenceKind::gone: return "gone";
    case DifferenceKind::changed: return "changed";
    case DifferenceKind::now_unknown: return "now unknown";
    case DifferenceKind::now_known: return "now known";
  }
  return {};
}

void sort_differences(std::vector<Difference>& differences) {
  std::ranges::sort(differences, [](const Difference& a, const Difference& b) {
    return std::tie(a.kind, a.what, a.name) < std::tie(b.kind, b.what, b.name);
  });
}

Result<std::vector<Difference>> compare_reports(std::string_view first, std::string_view second) {
  const auto before = read_report(first), after = read_report(second);
  if (!before || !after)
    return Error{Fault::malformed, std::string("the ") + (before ? "second" : "first") + " is no report of trueup: trueup check --format json=FILE writes one"};
  std::vector<Difference> differences;
  for (const auto& [name, now] : after->subjects) {
    const auto known = before->subjects.find(name);
    if (known == before->subjects.end()) {
      differences.push_back({now.unknown ? DifferenceKind::now_unknown : DifferenceKind::added, name, now.what, "", now.said});
      continue;
    }
    const Subject& then = known->second;
    if (then.unknown == now.unknown && then.what == now.what && then.said == now.said) continue;
    const DifferenceKind kind = then.unknown == now.unknown ? DifferenceKind::changed : now.unknown ? DifferenceKind::now_unknown : DifferenceKind::added;
    differences.push_back({kind, name, now.what, then.said, then.what == now.what ? now.said : now.said + " (before: " + then.what + ')'});
  }
  for (const auto& [name, then] : before->subjects) {
    if (after->subjects.contains(name)) continue;
    std::string open = after->left_open(name, then);
    if (open.empty() && !then.unknown) open = after->unanswered(*before, then);
    if (then.unknown && !open.empty()) continue;  // unknown in both
    const DifferenceKind kind = then.unknown ? DifferenceKind::now_known : open.empty() ? DifferenceKind::gone : DifferenceKind::now_unknown;
    differences.push_back({kind, name, then.what, then.said, std::move(open)});
  }
  sort_differences(differences);
  return differences;
}

std::string differences_text(const std::vector<Difference>& differences) {
  std::string text;
  std::map<DifferenceKind, std::size_t> counts;
  for (const Difference& each : differences) {
    ++counts[each.kind];
    text += std::string(to_string(each.kind)) + ": " + printable(each.what) + '\n';
    if (!each.before.empty()) text += "  - " + printable(each.before) + '\n';
    if (!each.after.empty()) text += "  + " + printable(each.after) + '\n';
  }
  if (differences.empty()) return "the same\n";
  std::vector<std::string> parts;
  for (const auto& [kind, count] : counts) parts.push_back(grouped_digits(count) + ' ' + std::string(to_string(kind)));
  return text + '\n' + join(parts, ", ") + '\n';
}

std::string differences_json(const std::vector<Difference>& differences) {
  std::string text;
  JsonMembers object(text);
  object.member("schema_version", 1);
  object.list("differences", differences, [](const Difference& each) {
    return Json{{"kind", to_string(each.kind)}, {"name", each.name}, {"what", each.what}, {"before", each.before}, {"after", each.after}};
  });
  object.end();
  return text;
}

}  // namespace trueup::report
