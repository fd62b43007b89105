#pragma once

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "facts/extracted.hpp"

namespace trueup::facts {

/// Prints the rows of one table, a line for each: the columns in the order of the schema, joined by " | ". A span is
/// printed as «the text it covers», NULL as "-", and a parent row by what it is called in the file: a job by its id, a
/// step by its id or position, a trigger by its event, a condition and a context read by their text.
class RowLines {
 public:
  static std::vector<std::string> of(const Extracted& extracted, Table table) {
    RowLines lines(extracted);
    extracted->each_table([&]<typename Row>(const std::vector<std::pair<LocalId, Row>>& rows) {
      if (Row::table == table)
        for (const auto& [id, row] : rows) lines.add_row(row);
    });
    return std::move(lines.lines_);
  }


 private:
  explicit RowLines(const Extracted& extracted) : extracted_(extracted) {
    const RowVectors& rows = *extracted;
    for (const auto& [id, row] : rows.workflow) names_[id.number] = "workflow";
    for (const auto& [id, row] : rows.action) names_[id.number] = "action";
    for (const auto& [id, row] : rows.workflow_trigger) names_[id.number] = row.event;
    for (const auto& [id, row] : rows.job) names_[id.number] = row.job_id.value_or("steps");
    for (const auto& [id, row] : rows.step) names_[id.number] = row.step_id.value_or(std::to_string(row.position));
    for (const auto& [id, row] : rows.command) names_[id.number] = row.program;
    for (const auto& [id, row] : rows.dockerfile) names_[id.number] = "Dockerfile";
    for (const auto& [id, row] : rows.made_value) names_[id.number] = row.purpose;
    for (const auto& [id, row] : rows.condition) names_[id.number] = row.expression;
    for (const auto& [id, row] : rows.context_read) names_[id.number] = row.path;
    for (const auto& [id, row] : rows.workflow_call_by_script) names_[id.number] = row.workflow_id;
    for (const auto& [id, row] : rows.dependabot_update) names_[id.number] = row.ecosystem;
    for (const auto& [id, row] : rows.kubernetes_object) names_[id.number] = row.kind;
    for (const auto& [id, row] : rows.application_set) names_[id.number] = row.name.value_or("set");
    for (const auto& [id, row] : rows.application) names_[id.number] = row.name.value_or("application");
    for (const auto& [id, row] : rows.application_source) names_[id.number] = row.repo_url.value_or("source");
    for (const auto& [id, row] : rows.project) names_[id.number] = row.name.value_or("project");
    for (const auto& [id, row] : rows.dotenv_entry) names_[id.number] = row.name;
    for (const auto& [id, row] : rows.stream_processor) names_[id.number] = row.name.value_or("processor");
    for (const auto& [id, row] : rows.stream_stage) names_[id.number] = row.stage_operator;
    for (const auto& [id, row] : rows.stream_connection) names_[id.number] = row.name.value_or("connection");
    for (const auto& [id, row] : rows.terraform_block) names_[id.number] = row.type;
    for (const auto& [id, row] : rows.atlantis_config) names_[id.number] = row.side;
    for (const auto& [id, row] : rows.atlantis_repo) names_[id.number] = row.pattern;
    for (const auto& [id, row] : rows.atlantis_project) names_[id.number] = row.dir.value_or("project");
    for (const auto& [id, row] : rows.compose_service) names_[id.number] = row.name;
    for (const auto& [id, row] : rows.gitlab_job) names_[id.number] = row.name;
    for (const auto& [id, row] : rows.changelog_release) names_[id.number] = row.version;
    for (const auto& [id, row] : rows.dispatch) names_[id.number] = row.event_type.value_or("computed");
  }

  template <typename Row>
  void add_row(const Row& row) {
    std::string& line = lines_.emplace_back();
    for (int column = 0; column < Row::columns; ++column) {
      if (column > 0) line += " | ";
      row.column(column, [&](const auto& value) { line += text_of(value); });
    }
  }
  std::string text_of(SpanRef span) const { return span ? "«" + extracted_.at(span) + "»" : "-"; }
  std::string text_of(LocalId id) const { return id ? names_.at(id.number) : "-"; }
  static std::string text_of(std::int64_t number) { return std::to_string(number); }
  static std::string text_of(const std::string& text) { return text; }
  template <typename T>
  static std::string text_of(const std::optional<T>& value) {
    return value ? text_of(*value) : "-";
  }

  const Extracted& extracted_;
  std::map<std::uint32_t, std::string> names_;
  std::vector<std::string> lines_;
};

inline std::vector<std::string> lines(const Extracted& extracted, Table table) {
  return RowLines::of(extracted, table);
}

}  // namespace trueup::facts
