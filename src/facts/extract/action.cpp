#include <cstdint>
#include <string>
#include <utility>

#include "facts/extract/document_rows.hpp"
#include "facts/extract/expression_rows.hpp"
#include "facts/extract/github_reader.hpp"
#include "facts/extract/kinds.hpp"
#include "facts/extract/workflow_steps.hpp"

namespace trueup::facts {
namespace {

using formats::kNoNode;
using formats::NodeIndex;
using Entry = GithubReader::Entry;

void read_inputs(GithubReader& reader, NodeIndex inputs, LocalId action) {
  BlobRows& rows = reader.rows();
  if (!rows.wants(Table::action_input)) return;
  reader.for_each_entry(inputs, [&](const Entry& input) {
    ActionInputRow row{action, reader.span(input.key), std::string(input.name), 0, {}};
    reader.for_each_entry(input.value, [&](const Entry& setting) {
      if (setting.name == "required") row.required = reader.is_true(setting.value);
      if (setting.name == "default") row.default_value = reader.setting(setting.value);
    });
    rows.add(std::move(row));
  });
}

void read_outputs(GithubReader& reader, NodeIndex outputs, LocalId action) {
  BlobRows& rows = reader.rows();
  if (!rows.wants(Table::action_output)) return;
  reader.for_each_entry(outputs, [&](const Entry& output) {
    ActionOutputRow row{action, reader.span(output.key), std::string(output.name), {}};
    reader.for_each_entry(output.value, [&](const Entry& setting) {
      if (setting.name == "value") row.value = reader.written(setting.value);
    });
    rows.add(std::move(row));
  });
}

void read_action(GithubReader& reader) {
  const formats::Document& document = reader.document();
  BlobRows& rows = reader.rows();
  const NodeIndex root = reader.root();
  if (!document.is_mapping(root) || document[root].first_child == kNoNode) return;

  NodeIndex name = kNoNode, inputs = kNoNode, outputs = kNoNode, runs = kNoNode;
  reader.for_each_entry(root, [&](const Entry& entry) {
    if (entry.name == "name") name = entry.value;
    if (entry.name == "inputs") inputs = entry.value;
    if (entry.name == "outputs") outputs = entry.value;
    if (entry.name == "runs") runs = entry.value;
  });
  const NodeIndex runs_using = document.child(runs, "using");
  ActionRow row;
  row.name = reader.string(name);
  row.span = reader.span(row.name ? name : document[document[root].first_child].key);
  row.runs_using = reader.string(runs_using);
  const LocalId action = rows.add(std::move(row));
  read_inputs(reader, inputs, action);
  read_outputs(reader, outputs, action);

  // Descriptions are for people: only defaults, outputs and what runs hold expressions.
  ExpressionRows expressions(reader);
  const NodeIndex steps = document.resolved(document.child(runs, "steps"));
  StepSurroundings surroundings;
  JobValues values;
  surroundings.values = &values;
  if (steps != kNoNode) {
    JobRow job;
    job.span = reader.span(document.is_scalar(runs_using) ? runs_using : steps);
    surroundings.job = rows.add(std::move(job));
  }
  const Owner owner{surroundings.job, {}};
  reader.for_each_entry(inputs, [&](const Entry& input) {
    const NodeIndex written = document.child(input.value, "default");
    if (written != kNoNode) expressions.scan(written, {});
  });
  reader.for_each_entry(outputs, [&](const Entry& output) {
    const NodeIndex written = document.child(output.value, "value");
    if (written != kNoNode) expressions.scan(written, owner);
  });
  reader.for_each_entry(runs, [&](const Entry& entry) {
    if (entry.value != steps) expressions.scan(entry.written, owner);
  });
  if (steps != kNoNode) read_steps(reader, expressions, steps, surroundings);
}

}  // namespace

void extract_action(BlobRows& rows) {
  const auto document = parse_yaml_into(rows);
  if (!document) return;
  GithubReader reader(rows, *document);
  read_action(reader);
  reader.finish();
}

}  // namespace trueup::facts
