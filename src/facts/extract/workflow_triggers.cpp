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
using Names = std::optional<std::vector<std::string>> formats::TriggerEvent::*;

struct Filter {
  std::string_view key, name;
  Column column;
  Names names;  ///< null: what the event gives does not depend on it
};
constexpr auto kFilters = std::to_array<Filter>({
    {"branches", "branches", &WorkflowTriggerRow::branches, &formats::TriggerEvent::branches},
    {"branches-ignore", "branches_ignore", &WorkflowTriggerRow::branches_ignore, &formats::TriggerEvent::branches_ignore},
    {"tags", "tags", &WorkflowTriggerRow::tags, &formats::TriggerEvent::tags},
    {"tags-ignore", "tags_ignore", &WorkflowTriggerRow::tags_ignore, &formats::TriggerEvent::tags_ignore},
    {"paths", "paths", &WorkflowTriggerRow::paths, nullptr},
    {"paths-ignore", "paths_ignore", &WorkflowTriggerRow::paths_ignore, nullptr},
    {"types", "types", &WorkflowTriggerRow::types, &formats::TriggerEvent::types},
    {"workflows", "workflows", &WorkflowTriggerRow::workflows, &formats::TriggerEvent::workflows},
});

class TriggerReader {
 public:
  TriggerReader(GithubReader& reader, LocalId workflow) : reader_(reader), rows_(reader.rows()), workflow_(workflow) {}

  std::vector<Trigger> read(NodeIndex on) {
    const formats::Document& document = reader_.document();
    if (document.is_scalar(on)) {
      read_event(on);
    } else if (document.is_sequence(on)) {
      reader_.for_each_element(on, [&](NodeIndex event, std::uint32_t) { read_event(event); });
    } else {
      reader_.for_each_entry(on, [&](const Entry& entry) { read_settings(entry); });
    }
    return std::move(triggers_);
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
    if (!name || reader_.is_null(event)) return;
    formats::TriggerEvent read;
    read.name = *name;
    triggers_.push_back({rows_.add(start_row(event, *name)), std::move(read)});
  }

  void read_settings(const Entry& event) {
    WorkflowTriggerRow row = start_row(event.key, event.name);
    const bool is_schedule = event.name == "schedule";
    entries_.clear();
    formats::TriggerEvent read;
    read.name = event.name;
    if (reader_.document().is_mapping(event.value)) {
      reader_.for_each_entry(event.value, [&](const Entry& setting) {
        for (const Filter& filter : kFilters)
          if (filter.key == setting.name) read_filter(filter, setting.value, row, read);
      });
    } else if (!reader_.is_null(event.value) && !is_schedule) {
      row.filters_complete = 0;
    }
    read.filters_complete = row.filters_complete != 0;
    const LocalId trigger = rows_.add(std::move(row));
    triggers_.push_back({trigger, std::move(read)});

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

  void read_filter(const Filter& filter, NodeIndex list, WorkflowTriggerRow& row, formats::TriggerEvent& event) {
    const formats::Document& document = reader_.document();
    if (!document.is_sequence(list) && (!document.is_scalar(list) || reader_.is_null(list))) {
      row.filters_complete = 0;
      return;
    }
    std::string patterns = "[";
    std::vector<std::string> names;
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
      if (filter.names != nullptr) names.push_back(*pattern);
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
    if (filter.names != nullptr) event.*filter.names = std::move(names);
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
  std::vector<Trigger> triggers_;
  std::vector<TriggerFilterRow> entries_;  ///< of the event at hand, until its row has a number
};

}  // namespace

std::vector<Trigger> read_triggers(GithubReader& reader, NodeIndex on, LocalId workflow) {
  return on == kNoNode ? std::vector<Trigger>() : TriggerReader(reader, workflow).read(on);
}

}  // namespace trueup::facts
