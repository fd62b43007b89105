// reviewdog's diagnostics: what stands in the head. Columns count bytes of UTF-8 from 1 and the end is exclusive, as ours.
// Source: reviewdog, proto/rdf/reviewdog.proto and its JSON Schema.

#include <nlohmann/json.hpp>
#include <string>

#include "base/text.hpp"
#include "report/format.hpp"
#include "report/json_writer.hpp"
#include "report/words.hpp"

namespace trueup::report {
namespace {

std::string_view severity_of(rules::Severity severity) {
  return severity == rules::Severity::error ? "ERROR" : severity == rules::Severity::warning ? "WARNING" : "INFO";
}

Json location_of(const rules::FilePlace& place) {
  const auto position = [](LineColumn at) { return Json{{"line", at.line}, {"column", at.column}}; };
  return {{"path", printable(place.path)}, {"range", {{"start", position(place.begin)}, {"end", position(place.end)}}}};
}

/// What a proven and safe fix writes, where all of it stands in the finding's own file: one click takes them one by one.
Json suggestions_for(const rules::Finding& finding) {
  Json suggestions = Json::array();
  if (!finding.fix || !finding.fix->proven || finding.fix->unsafe) return suggestions;
  for (const rules::FindingEdit& edit : finding.fix->edits) {
    if (edit.at.path != finding.at.path || edit.at.repository != finding.at.repository) return Json::array();
    suggestions.push_back({{"range", location_of(edit.at)["range"]}, {"text", edit.text}});
  }
  return suggestions;
}

Json diagnostic_of(const rules::Finding& finding, const engine::Report& report, const ReportOptions& options) {
  const rules::FilePlace& place = *place_in_head(finding, report, options);
  std::string message = finding.message;
  if (&place != &finding.at) message += "\nbroken by this change: " + location(finding.at, place.repository);
  Json places = Json::array();
  for (const rules::RelatedPlace& related : finding.related) {
    const auto* file = std::get_if<rules::FilePlace>(&related.place);
    if (file != nullptr && stands_in_head(*file, report, options) && file->repository == place.repository)
      places.push_back({{"message", printable(related.label)}, {"location", location_of(*file)}});
    else
      message += '\n' + described(related, finding, report.now);
  }
  Json diagnostic = {{"message", printable(message, true)},
                     {"location", location_of(place)},
                     {"severity", severity_of(finding.severity)},
                     {"code", {{"value", rule_name(finding)}}}};
  if (!places.empty()) diagnostic["related_locations"] = std::move(places);
  if (Json suggestions = suggestions_for(finding); !suggestions.empty()) diagnostic["suggestions"] = std::move(suggestions);
  return diagnostic;
}

}  // namespace

void write_rdjson(const engine::Report& report, const ReportOptions& options, std::string& out) {
  std::vector<const rules::Finding*> here;
  for (const rules::Finding& finding : report.findings)
    if (finding.severity != rules::Severity::none && place_in_head(finding, report, options) != nullptr) here.push_back(&finding);
  JsonMembers object(out);
  object.member("source", {{"name", "trueup"}});
  object.list("diagnostics", here, [&](const rules::Finding* finding) { return diagnostic_of(*finding, report, options); });
  object.end();
}

}  // namespace trueup::report
