#include "facts/extract/workflow_triggers.hpp"

#include <array>
#include <utility>
#include <vector>

namespace trueup::facts {
namespace {

using formats::kNoNode;
using formats::NodeIndex;
using Entry = GithubReader::Entry;
using Column = std::optional<std::string> WorkflowTriggerRow::*;

struct Filter {
  std::string_view key, name;
  Column column;
};
constexpr auto kFilters = std::to_array<Filter>({
    {"branches", "branches", &WorkflowTriggerRow::branches},
    {"branches-ignore", "branches_ignore", &WorkflowTriggerRow::branches_ignore},
    {"tags", "tags", &WorkflowTriggerRow::tags},
    {"tags-ignore", "tags_ignore", &WorkflowTriggerRow::tags_ignore},
    {"paths", "paths", &WorkflowTriggerRow::paths},
    {"paths-ignore", "paths_ignore", &WorkflowTriggerRow::paths_ignore},
    {"types", "types", &WorkflowTriggerRow::types},
    {"workflows", "workflows", &WorkflowTriggerRow::workflows},
});

class TriggerReader {
 public:
  TriggerReader(GithubReader& reader, LocalId workflow) : reader_(reader), rows_(reader.rows()), workflow_(workflow) {}

  void read(NodeIndex on) {
    const formats::Document& document = reader_.document();
    if (document.is_scalar(on)) {
      read_event(on);
    } else if (document.is_sequence(on)) {
      reader_.for_each_element(on, [&](NodeIndex event, std::uint32_t) { read_event(event); });
    } else {
      reader_.for_each_entry(on, [&](const Entry& entry) { read_settings(entry); });
    }
  }

 private:
  WorkflowTriggerRow start_row(NodeIndex event, std::string_view name) {
    WorkflowTriggerRow row;
    row.workflow = workflow_;
    row.span = reader_.span(event);
    row.event = name;
    row.filters_complete = 1;
    return row;
  }

  void read_event(NodeIndex event) {
    const auto name = reader_.text(event);
    if (name && !reader_.is_null(event)) rows_.add(start_row(event, *name));
  }

  void read_settings(const Entry& event) {
    WorkflowTriggerRow row = start_row(event.key, event.name);
    const bool is_schedule = event.name == "schedule";
    entries_.clear();
    if (reader_.document().is_mapping(event.value)) {
      reader_.for_each_entry(event.value, [&](const Entry& setting) {
        for (const Filter& filter : kFilters)
          if (filter.key == setting.name) read_filter(filter, setting.value, row);
      });
    } else if (!reader_.is_null(event.value) && !is_schedule) {
      row.filters_complete = 0;
    }
    const LocalId trigger = rows_.add(std::move(row));

    for (TriggerFilterRow& entry : entries_) {
      entry.workflow_trigger = trigger;
      rows_.add(std::move(entry));
    }
    if (is_schedule) read_schedule(event.value, trigger);
    if (event.name != "workflow_call" && event.name != "workflow_dispatch") return;
    reader_.for_each_entry(event.value, [&](const Entry& section) {
      if (section.name == "inputs") read_inputs(section.value, trigger);
      if (section.name == "secrets") read_secrets(section.value, trigger);
      if (section.name == "outputs") read_outputs(section.value, trigger);
    });
  }

  void read_filter(const Filter& filter, NodeIndex list, WorkflowTriggerRow& row) {
    const formats::Document& document = reader_.document();
    if (!document.is_sequence(list) && (!document.is_scalar(list) || reader_.is_null(list))) {
      row.filters_complete = 0;
      return;
    }
    std::string patterns = "[";
    const bool wants_entries = rows_.wants(Table::trigger_filter);
    reader_.for_each_in_list(list, [&](NodeIndex element, std::uint32_t position) {
      const auto pattern = reader_.string(element);
      // GitHub evaluates nothing in `on:`.
      if (!pattern || pattern->find("${{") != std::string::npos) {
        row.filters_complete = 0;
        return;
      }
      if (filter.name == "paths" && !pattern->empty() && !pattern->starts_with('!'))
        rows_.add(PathMentionRow{{}, {}, reader_.span(element), "root", *pattern, "path_filter", 1});
      if (patterns.size() > 1) patterns += ',';
      append_json_string(*pattern, patterns);
      if (!wants_entries) return;
      TriggerFilterRow entry;
      entry.span = reader_.span(element);
      entry.filter = filter.name;
      entry.position = position;
      entry.pattern = *pattern;
      entries_.push_back(std::move(entry));
    });
    patterns += ']';
    row.*filter.column = std::move(patterns);
  }

  void read_schedule(NodeIndex list, LocalId trigger) {
    if (!rows_.wants(Table::workflow_schedule)) return;
    reader_.for_each_element(list, [&](NodeIndex element, std::uint32_t) {
      reader_.for_each_entry(element, [&](const Entry& entry) {
        if (entry.name != "cron") return;
        if (auto cron = reader_.string(entry.value))
          rows_.add(WorkflowScheduleRow{trigger, reader_.span(entry.value), *std::move(cron)});
      });
    });
  }

  void read_inputs(NodeIndex inputs, LocalId trigger) {
    if (!rows_.wants(Table::workflow_input)) return;
    reader_.for_each_entry(inputs, [&](const Entry& input) {
      WorkflowInputRow row;
      row.workflow_trigger = trigger;
      row.span = reader_.span(input.key);
      row.name = input.name;
      reader_.for_each_entry(input.value, [&](const Entry& setting) {
        if (setting.name == "type") row.type = reader_.string(setting.value);
        if (setting.name == "required") row.required = reader_.is_true(setting.value);
        if (setting.name == "default") row.default_value = reader_.setting(setting.value);
      });
      rows_.add(std::move(row));
    });
  }

  void read_secrets(NodeIndex secrets, LocalId trigger) {
    if (!rows_.wants(Table::workflow_secret)) return;
    reader_.for_each_entry(secrets, [&](const Entry& secret) {
      WorkflowSecretRow row{trigger, reader_.span(secret.key), std::string(secret.name), 0};
      reader_.for_each_entry(secret.value, [&](const Entry& setting) {
        if (setting.name == "required") row.required = reader_.is_true(setting.value);
      });
      rows_.add(std::move(row));
    });
  }

  void read_outputs(NodeIndex outputs, LocalId trigger) {
    if (!rows_.wants(Table::workflow_output)) return;
    reader_.for_each_entry(outputs, [&](const Entry& output) {
      WorkflowOutputRow row{trigger, reader_.span(output.key), std::string(output.name), {}};
      reader_.for_each_entry(output.value, [&](const Entry& setting) {
        if (setting.name == "value") row.value = reader_.written(setting.value);
      });
      rows_.add(std::move(row));
    });
  }

  GithubReader& reader_;
  BlobRows& rows_;
  LocalId workflow_;
  std::vector<TriggerFilterRow> entries_;  ///< of the event at hand, until its row has a number
};

}  // namespace

void read_triggers(GithubReader& reader, NodeIndex on, LocalId workflow) {
  if (on != kNoNode) TriggerReader(reader, workflow).read(on);
}

}  // namespace trueup::facts
