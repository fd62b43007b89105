// Prometheus' text format, for a scrape or the textfile folder of a node exporter: gauges without timestamps, since the exporter
// refuses these. Source: Prometheus, "Exposition formats", text format 0.0.4.

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/text.hpp"
#include "formats/timestamp.hpp"
#include "report/format.hpp"

namespace trueup::report {
namespace {

/// Series of one metric that name the repository; where there are more, one for each rule and severity stands for all repositories.
constexpr std::size_t kMostSeries = 1'000;
/// Files name hosts, so there may be any number.
constexpr std::size_t kMostHosts = 100;

/// A label's value: backslash, quote and line break are escaped, and what is not printable is shown as everywhere.
std::string label_value(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text)) {
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

using Labels = std::vector<std::pair<std::string_view, std::string>>;

class Metrics {
 public:
  explicit Metrics(std::string& out) : out_(out) {}

  void begin(std::string_view name, std::string_view help) {
    name_ = name;
    ((out_ += "# HELP ") += name) += ' ';
    ((out_ += help) += "\n# TYPE ") += name;
    out_ += " gauge\n";
  }
  void sample(const Labels& labels, const std::string& value) {
    out_ += name_;
    std::string_view before = "{";
    for (const auto& [label, text] : labels) {
      ((out_ += before) += label) += "=\"";
      (out_ += label_value(text)) += '"';
      before = ",";
    }
    out_ += labels.empty() ? " " : "} ";
    (out_ += value) += '\n';
  }
  template <typename Number>
  void sample(const Labels& labels, Number value) { sample(labels, std::to_string(value)); }

 private:
  std::string& out_;
  std::string_view name_;
};

/// Code, rule, severity and repository.
using Series = std::tuple<std::string, std::string, rules::Severity, std::string>;

Labels labels_of(const Series& series) {
  const auto& [code, rule, severity, repository] = series;
  return {{"code", code}, {"rule", rule}, {"severity", std::string(to_string(severity))}, {"repository", repository}};
}

/// Values by series, for as few series as are bearable: `join` makes one value of two.
template <typename Value, typename Join>
std::map<Series, Value> bounded(std::map<Series, Value> values, Join join) {
  if (values.size() <= kMostSeries) return values;
  std::map<Series, Value> fewer;
  for (auto& [series, value] : values) {
    Series all = series;
    std::get<3>(all) = "*";
    const auto [known, added] = fewer.emplace(std::move(all), value);
    if (!added) known->second = join(known->second, value);
  }
  return fewer;
}

void write_history(const audit::Chronicle& chronicle, Metrics& metrics) {
  using audit::Standing;
  metrics.begin("trueup_audit_findings", "Findings by what the last audit made of them; fixed ones by that audit alone.");
  for (const Standing standing : {Standing::fresh, Standing::returned, Standing::persisting, Standing::unverified, Standing::suppressed})
    metrics.sample({{"standing", std::string(to_string(standing))}}, chronicle.count(standing));
  metrics.sample({{"standing", "fixed"}}, chronicle.fixed_now());

  std::map<Series, std::int64_t> oldest, unverified;
  for (const audit::Record& record : chronicle.records) {
    if (record.fixed_at || record.suppressed || record.severity == rules::Severity::none) continue;
    const Series series{record.code, record.rule_id, record.severity, record.repository};
    const auto known = oldest.emplace(series, record.opened).first;
    known->second = std::min(known->second, record.opened);
    if (record.unverified_since) {
      const auto since = unverified.emplace(series, *record.unverified_since).first;
      since->second = std::min(since->second, *record.unverified_since);
    }
  }
  const auto earlier = [](std::int64_t a, std::int64_t b) { return std::min(a, b); };
  metrics.begin("trueup_finding_oldest_seconds", "Age of the oldest open finding: since the audit that first saw it.");
  for (const auto& [series, opened] : bounded(oldest, earlier)) metrics.sample(labels_of(series), chronicle.now - opened);
  metrics.begin("trueup_finding_unverified_seconds", "How long findings could not be verified, the longest.");
  for (const auto& [series, since] : bounded(unverified, earlier)) metrics.sample(labels_of(series), chronicle.now - since);
  metrics.begin("trueup_audit_runs", "Runs that the history holds.");
  metrics.sample({}, chronicle.runs);
}

}  // namespace

void write_prometheus(const engine::Report& report, const ReportOptions&, std::string& out) {
  const auto sum = [](std::size_t a, std::size_t b) { return a + b; };
  Metrics metrics(out);
  std::map<Series, std::size_t> findings, unknowns;
  for (const rules::Finding& finding : report.findings)
    if (finding.severity != rules::Severity::none) ++findings[{finding.code, finding.rule_id, finding.severity, finding.at.repository}];
  for (const rules::Finding& unknown : report.unknowns)
    if (unknown.severity != rules::Severity::none) ++unknowns[{unknown.code, unknown.rule_id, unknown.severity, unknown.at.repository}];
  metrics.begin("trueup_findings", "Violated subjects that no suppression speaks of.");
  for (const auto& [series, count] : bounded(findings, sum)) metrics.sample(labels_of(series), count);
  metrics.begin("trueup_unknowns", "Subjects that could not be judged.");
  for (const auto& [series, count] : bounded(unknowns, sum)) metrics.sample(labels_of(series), count);
  if (report.audit) write_history(*report.audit, metrics);

  metrics.begin("trueup_checks", "Subjects that rules looked at.");
  metrics.sample({}, report.subjects());
  metrics.begin("trueup_checks_done", "Subjects that were judged: trueup_checks_done / trueup_checks is the coverage.");
  metrics.sample({}, report.verified());
  metrics.begin("trueup_repository_loaded", "1 for a repository that could be read, 0 for one that could not.");
  for (const engine::RepositoryReport& repository : report.repositories)
    metrics.sample({{"repository", repository.slug}}, repository.loaded && !repository.missed ? 1 : 0);
  metrics.begin("trueup_host_questions", "Questions to a server, by the state of their answers.");
  for (std::size_t i = 0; i < report.hosts.size() && i < kMostHosts; ++i) {
    const engine::HostReport& host = report.hosts[i];
    metrics.sample({{"host", host.host}, {"state", "present"}}, host.present);
    metrics.sample({{"host", host.host}, {"state", "absent"}}, host.absent);
    metrics.sample({{"host", host.host}, {"state", "unknown"}}, host.unknown);
  }
  metrics.begin("trueup_run_timestamp_seconds", "When the run began.");
  if (const auto now = formats::parse_rfc3339(report.now)) metrics.sample({}, *now);
  metrics.begin("trueup_build_info", "The version of trueup.");
  metrics.sample({{"version", report.version}}, 1);
}

}  // namespace trueup::report
