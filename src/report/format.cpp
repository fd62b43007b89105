#include "report/format.hpp"

#include <algorithm>
#include <array>

namespace trueup::report {
namespace {

constexpr std::array<Format, 9> kFormats = {{
    {"terminal", "for people: the bytes that disagree, errors first", write_terminal, true},
    {"json", "everything that the run came to, by schema/report.schema.json", write_json},
    {"github", "annotations on the lines of a pull request (workflow commands)", write_github},
    {"sarif", "SARIF 2.1.0, for code scanning, with proven fixes", write_sarif, false, true},
    {"markdown", "a step summary or a comment on a pull request; of an audit the body of a tracking issue", write_markdown},
    {"prometheus", "metrics in Prometheus' text format, for a scrape or a node exporter's folder", write_prometheus},
    {"gitlab", "GitLab's code quality report", write_gitlab},
    {"junit", "JUnit XML: a case for each rule and each finding", write_junit},
    {"rdjson", "reviewdog's diagnostics, with proven fixes as suggestions", write_rdjson, false, true},
}};

}  // namespace

std::span<const Format> formats() { return kFormats; }

const Format* find_format(std::string_view name) {
  for (const Format& format : kFormats)
    if (format.name == name) return &format;
  return nullptr;
}

const rules::FilePlace* place_in_head(const rules::Finding& finding, const engine::Report& report, const ReportOptions& options) {
  if (stands_in_head(finding.at, report, options)) return &finding.at;
  if (finding.change != rules::Change::introduced) return nullptr;
  for (const rules::RelatedPlace& related : finding.related)
    if (const auto* file = std::get_if<rules::FilePlace>(&related.place); file != nullptr && stands_in_head(*file, report, options))
      return file;
  return nullptr;
}

bool stands_in_head(const rules::FilePlace& place, const engine::Report& report, const ReportOptions& options) {
  if (!place.revision.empty() && (options.head.empty() || place.revision != options.head)) return false;
  if (!options.at_hand.empty()) return place.repository == options.at_hand;
  const auto& all = report.repositories;
  return std::any_of(all.begin(), all.end(), [&](const engine::RepositoryReport& repository) {
    return repository.subject && repository.slug == place.repository;
  });
}

}  // namespace trueup::report
