#include "report/words.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace trueup::report {

std::string grouped_digits(std::size_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t i = digits.size(); i > 3;) digits.insert(i -= 3, ",");
  return digits;
}

std::string counted(std::size_t count, std::string_view noun) {
  return grouped_digits(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

void SeverityCounts::add(rules::Severity severity) {
  switch (severity) {
    case rules::Severity::error: ++errors; break;
    case rules::Severity::warning: ++warnings; break;
    case rules::Severity::note: ++notes; break;
    case rules::Severity::none: break;
  }
}

std::string SeverityCounts::to_string() const {
  std::string text;
  for (const auto& [count, noun] : {std::pair{errors, "error"}, {warnings, "warning"}, {notes, "note"}})
    if (count > 0) text += (text.empty() ? "" : ", ") + counted(count, noun);
  return text.empty() ? "no findings" : text;
}

std::string rule_name(const rules::Finding& finding) { return finding.code + ' ' + finding.rule_id; }

std::string location(const rules::FilePlace& place, std::string_view at_hand) {
  std::string text;
  if (place.repository != at_hand) text = place.repository;
  if (!place.revision.empty()) text += '@' + place.revision;
  if (!text.empty()) text += ' ';
  return text + place.path + ':' + std::to_string(place.begin.line) + ':' + std::to_string(place.begin.column);
}

std::string described(const rules::RelatedPlace& related, const rules::Finding& finding, std::string_view now) {
  if (const auto* live = std::get_if<rules::LivePlace>(&related.place))
    return related.label + ": " + live->address + (live->address.empty() ? "" : " ") + reading(*live, now);
  return related.label + ": " + location(std::get<rules::FilePlace>(related.place), finding.at.repository);
}

std::string only_subject(const engine::Report& report) {
  std::string slug;
  for (const engine::RepositoryReport& repository : report.repositories) {
    if (!repository.subject) continue;
    if (!slug.empty()) return {};
    slug = repository.slug;
  }
  return slug;
}

std::string reading(const rules::LivePlace& place, std::string_view now) {
  std::string text;
  if (!place.asked_at.empty()) {
    constexpr std::size_t kDate = std::string_view("2026-07-28T").size();
    const std::string_view date = std::string_view(place.asked_at).substr(0, kDate);
    const bool today = place.asked_at.size() > kDate && now.starts_with(date);
    text = "asked " + (today ? place.asked_at.substr(kDate) : place.asked_at) + ": ";
  }
  text += place.state;
  if (!place.said.empty()) text += "; " + place.said;
  return text;
}

std::string subject_of(const rules::Finding& finding) {
  std::string text;
  for (const auto& [column, value] : finding.key)
    if (!value.empty()) text += (text.empty() ? "" : " ") + value;
  return text;
}

std::string reason_of(const engine::Suppressed& suppressed) {
  std::string terms;
  if (!suppressed.until.empty()) terms += "until " + suppressed.until;
  if (!suppressed.owner.empty()) terms += (terms.empty() ? "owner " : ", owner ") + suppressed.owner;
  return terms.empty() ? suppressed.reason : suppressed.reason + " (" + terms + ')';
}

std::vector<const engine::Suppressed*> suppressed_by_change(const engine::Report& report) {
  std::vector<const engine::Suppressed*> brought;
  for (const engine::Suppressed& each : report.suppressed)
    if (each.finding.change == rules::Change::introduced && each.finding.severity != rules::Severity::none) brought.push_back(&each);
  return brought;
}

std::string suppressed_count(const engine::Report& report) {
  if (report.suppressed.empty()) return {};
  const std::size_t brought = suppressed_by_change(report).size();
  return grouped_digits(report.suppressed.size()) + " suppressed" +
         (brought == 0 ? "" : ", " + grouped_digits(brought) + " of them brought by this change");
}

std::vector<UnknownGroup> group_unknowns(const engine::Report& report) {
  std::map<std::pair<UnknownCause, std::string_view>, std::vector<const rules::Finding*>> by_reason;
  for (const rules::Finding& unknown : report.unknowns) {
    const UnknownCause cause = unknown.malformed ? UnknownCause::malformed
                               : unknown.failed  ? UnknownCause::failed
                                                 : UnknownCause::not_asked;
    by_reason[{cause, unknown.because}].push_back(&unknown);
  }
  std::vector<UnknownGroup> groups;
  for (auto& [reason, unknowns] : by_reason)
    groups.push_back({reason.first, std::string(reason.second), std::move(unknowns)});
  std::stable_sort(groups.begin(), groups.end(), [](const UnknownGroup& a, const UnknownGroup& b) {
    return a.cause != b.cause ? a.cause < b.cause : a.unknowns.size() > b.unknowns.size();
  });
  return groups;
}

}  // namespace trueup::report
