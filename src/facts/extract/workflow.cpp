#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "facts/extract/dispatch_rows.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/expression_rows.hpp"
#include "facts/extract/github_reader.hpp"
#include "facts/extract/job_graph.hpp"
#include "facts/extract/kinds.hpp"
#include "facts/extract/uses_reference.hpp"
#include "facts/extract/workflow_steps.hpp"
#include "facts/extract/workflow_triggers.hpp"

namespace trueup::facts {
namespace {

using formats::kNoNode;
using formats::NodeIndex;
using Entry = GithubReader::Entry;

bool contains_ignoring_case(std::string_view text, std::string_view lower_case) {
  return ascii_lower(text).find(lower_case) != std::string::npos;
}

class WorkflowReader {
 public:
  explicit WorkflowReader(GithubReader& reader) : reader_(reader), rows_(reader.rows()), expressions_(reader) {}

  void read() {
    const formats::Document& document = reader_.document();
    const NodeIndex root = reader_.root();
    if (!document.is_mapping(root) || document[root].first_child == kNoNode) return;

    NodeIndex on = kNoNode, jobs = kNoNode, env = kNoNode, defaults = kNoNode, name = kNoNode;
    std::optional<Entry> permissions;
    WorkflowRow row;
    reader_.for_each_entry(root, [&](const Entry& entry) {
      if (entry.name == "jobs") jobs = entry.value;
      if (entry.name == "on") on = entry.value;
      else if (entry.name == "env") env = entry.value;
      else if (entry.name == "defaults") defaults = entry.value;
      else if (entry.name == "name") name = entry.value;
      else if (entry.name == "run-name") row.run_name = reader_.setting(entry.value);
      else if (entry.name == "concurrency") row.concurrency_group = concurrency_group(entry.value);
      else if (entry.name == "permissions") row.permissions = text_or_json(entry.value), permissions = entry;
    });
    row.name = reader_.string(name);
    row.span = reader_.span(row.name ? name : document[document[root].first_child].key);
    row.default_shell = reader_.setting(document.at(defaults, {"run", "shell"}));
    workflow_ = rows_.add(std::move(row));
    read_permissions(permissions, {});

    defaults_.override_with(reader_, defaults, env);
    env_ = env;
    expressions_.set_triggers(read_triggers(reader_, on, workflow_));
    reader_.for_each_entry(root, [&](const Entry& entry) {
      if (entry.name != "jobs") expressions_.scan(entry.written, {});
    });
    read_environment(reader_, env, {});
    reader_.for_each_entry(jobs, [&](const Entry& job) { read_job(job); });
    if (!document.is_mapping(jobs)) expressions_.scan(jobs, {});
    if (!graph_.write(rows_)) {
      const auto end = static_cast<std::uint32_t>(document.source().size());
      give_up(rows_, {end, end}, "its jobs need one another in more ways than are looked at");
    }
  }

 private:
  /// `group` as written; `concurrency:` is the group itself or holds it.
  std::optional<std::string> concurrency_group(NodeIndex node) const {
    const formats::Document& document = reader_.document();
    return reader_.setting(document.is_mapping(node) ? document.child(node, "group") : node);
  }

  /// Text, or JSON of a collection.
  std::optional<std::string> text_or_json(NodeIndex node) {
    if (node == kNoNode || reader_.is_null(node)) return std::nullopt;
    return reader_.document().is_scalar(node) ? reader_.string(node) : reader_.json(node);
  }

  void read_job(const Entry& job) {
    const formats::Document& document = reader_.document();
    JobRow row;
    row.workflow = workflow_;
    row.span = reader_.span(job.key);
    row.job_id = job.name;
    struct {
      NodeIndex needs = kNoNode, outputs = kNoNode, env = kNoNode, defaults = kNoNode, steps = kNoNode, with = kNoNode,
                secrets = kNoNode, uses = kNoNode, condition = kNoNode, condition_written = kNoNode;
      std::optional<Entry> permissions;
    } keys;
    reader_.for_each_entry(job.value, [&](const Entry& entry) {
      const NodeIndex value = entry.value;
      if (entry.name == "name") row.name = reader_.setting(value);
      else if (entry.name == "needs") keys.needs = value;
      else if (entry.name == "if") keys.condition = value, keys.condition_written = entry.written;
      else if (entry.name == "runs-on") row.runs_on = text_or_json(value);
      else if (entry.name == "steps") keys.steps = value;
      else if (entry.name == "outputs") keys.outputs = value;
      else if (entry.name == "env") keys.env = value;
      else if (entry.name == "defaults") keys.defaults = value;
      else if (entry.name == "with") keys.with = value;
      else if (entry.name == "secrets") keys.secrets = value;
      else if (entry.name == "uses") keys.uses = value;
      else if (entry.name == "environment")
        row.environment = reader_.string(document.is_mapping(value) ? document.child(value, "name") : value);
      else if (entry.name == "concurrency") row.concurrency_group = concurrency_group(value);
      else if (entry.name == "container") row.container = has_container(value);
      else if (entry.name == "strategy") row.matrix = text_or_json(document.child(value, "matrix"));
      else if (entry.name == "permissions") row.permissions = text_or_json(value), keys.permissions = entry;
    });
    row.uses = reader_.setting(keys.uses);
    row.secrets_inherit = document.text(keys.secrets) == "inherit";
    row.default_shell = reader_.setting(document.at(keys.defaults, {"run", "shell"}));

    StepSurroundings surroundings;
    surroundings.on_windows = is_on_windows(row);
    surroundings.legs = expand(row.matrix);
    const auto name = row.name;
    surroundings.job = rows_.add(std::move(row));
    add_legs(job, name, document.child(job.value, "name"), surroundings);
    surroundings.environments = {env_, keys.env};
    surroundings.outputs = keys.outputs;
    surroundings.job_id = job.name;
    surroundings.values = &values_;
    surroundings.defaults = defaults_;
    surroundings.defaults.override_with(reader_, keys.defaults, keys.env);
    const auto condition = document.text(keys.condition);
    surroundings.file_guarded = condition && condition->find("hashFiles") != std::string_view::npos;

    const Owner owner{surroundings.job, {}};
    if (keys.condition != kNoNode) expressions_.read_condition(keys.condition, owner);
    reader_.for_each_entry(job.value, [&](const Entry& entry) {
      if (entry.value != keys.steps) expressions_.scan(entry.written, owner, keys.condition_written);
    });
    if (!document.is_mapping(job.value)) expressions_.scan(job.written, owner);
    read_permissions(keys.permissions, owner);
    read_needs(keys.needs, owner);
    add_to_graph(job.name, keys.needs, keys.condition, owner);
    read_outputs(keys.outputs, owner);
    read_environment(reader_, keys.env, owner);
    read_call(keys.uses, keys.with, keys.secrets, owner);
    read_steps(reader_, expressions_, keys.steps, surroundings);
  }

  /// Legs hold the matrix's values, so all matrices of a file together are bounded.
  JobLegs expand(const std::optional<std::string>& matrix) {
    constexpr std::size_t kMaxText = 8u << 20;
    JobLegs job;
    job.has_matrix = matrix.has_value();
    if (!job.has_matrix || matrix_text_ > kMaxText) return job;
    if (!rows_.wants(Table::job_leg) && !rows_.wants(Table::artifact_use)) return job;
    job.legs = formats::expand_matrix(*matrix);
    if (job.legs) matrix_text_ += matrix->size() * job.legs->size();
    return job;
  }

  void add_legs(const Entry& job, const std::optional<std::string>& name, NodeIndex name_node,
                const StepSurroundings& surroundings) {
    if (!rows_.wants(Table::job_leg)) return;
    JobLegRow row;
    row.job = surroundings.job;
    row.span = reader_.span(name ? name_node : job.key);
    const JobLegs& legs = surroundings.legs;
    const std::optional<std::string_view> shown = name ? std::optional<std::string_view>(*name) : std::nullopt;
    const auto add = [&](const formats::MatrixLeg* leg) {
      row.display_name = formats::job_display_name(job.name, shown, legs.has_matrix, leg);
      rows_.add(JobLegRow(row));
      ++row.position;
    };
    if (!legs.legs) return add(nullptr);
    for (const formats::MatrixLeg& leg : *legs.legs) add(&leg);
  }

  void add_to_graph(std::string_view id, NodeIndex needs, NodeIndex condition, Owner owner) {
    if (!rows_.wants(Table::job_ancestor)) return;
    std::vector<JobGraph::Need> needed;
    reader_.for_each_in_list(needs, [&](NodeIndex need, std::uint32_t) {
      if (auto needed_id = reader_.string(need)) needed.push_back({*std::move(needed_id), reader_.span(need)});
    });
    graph_.add(owner.job, id, std::move(needed), reader_.text(condition));
  }

  bool has_container(NodeIndex node) const {
    const auto text = reader_.text(node);
    return text ? !reader_.is_null(node) && !trim(*text).empty() : reader_.document().is_mapping(node);
  }

  static bool is_on_windows(const JobRow& row) {
    if (!row.runs_on) return false;
    if (contains_ignoring_case(*row.runs_on, "windows")) return true;
    // One leg in Windows is enough: a script without `shell:` is not known to be for bash then.
    const bool by_matrix = row.runs_on->find("matrix.") != std::string::npos;
    return by_matrix && row.matrix && contains_ignoring_case(*row.matrix, "windows");
  }

  void read_permissions(const std::optional<Entry>& block, Owner owner) {
    if (!block || !rows_.wants(Table::permission)) return;
    rows_.add(PermissionRow{workflow_, owner.job, reader_.span(block->key), {}, reader_.string(block->value)});
    reader_.for_each_entry(block->value, [&](const Entry& entry) {
      rows_.add(PermissionRow{workflow_, owner.job, reader_.span(entry.value), std::string(entry.name), reader_.string(entry.value)});
    });
  }

  void read_needs(NodeIndex needs, Owner owner) {
    if (!rows_.wants(Table::job_need)) return;
    reader_.for_each_in_list(needs, [&](NodeIndex need, std::uint32_t) {
      if (auto id = reader_.string(need)) rows_.add(JobNeedRow{owner.job, reader_.span(need), *std::move(id)});
    });
  }

  void read_outputs(NodeIndex outputs, Owner owner) {
    if (!rows_.wants(Table::job_output)) return;
    reader_.for_each_entry(outputs, [&](const Entry& entry) {
      const SpanRef span = reader_.span(entry.key);
      rows_.add(JobOutputRow{owner.job, span, std::string(entry.name), reader_.written(entry.value)});
    });
  }

  void add_argument(std::string_view section, const Entry& entry, Owner owner) {
    if (!rows_.wants(Table::argument)) return;
    ArgumentRow row;
    row.job = owner.job;
    row.span = reader_.span(entry.value);
    row.key_span = reader_.span(entry.key);
    row.section = section;
    row.name = entry.name;
    row.value = reader_.written(entry.value);
    rows_.add(std::move(row));
  }

  /// A job that calls a reusable workflow.
  void read_call(NodeIndex uses_node, NodeIndex with, NodeIndex secrets, Owner owner) {
    ActionArguments arguments;
    reader_.for_each_entry(with, [&](const Entry& entry) {
      if (const auto text = reader_.text(entry.value)) arguments.add(entry.name, *text);
      add_argument("with", entry, owner);
    });
    reader_.for_each_entry(secrets, [&](const Entry& entry) { add_argument("secrets", entry, owner); });
    const auto text = reader_.text(uses_node);
    if (!text) return;
    const UsesReference uses = parse_job_uses(*text);
    const SpanRef span = reader_.span(uses_node);
    rows_.add(UsesRow{owner.job, {}, span, std::string(to_string(uses.form)),
                      uses.slug.empty() ? std::nullopt : std::optional(uses.slug), uses.path, uses.revision});
    if (uses.form == UsesForm::local_workflow)
      rows_.add(PathMentionRow{owner.job, {}, span, "root", *uses.path, "local_workflow", 1});
    DispatchRows(reader_).add_action(uses, arguments, with, owner, uses_node);
  }

  GithubReader& reader_;
  BlobRows& rows_;
  ExpressionRows expressions_;
  LocalId workflow_;
  RunDefaults defaults_;
  JobGraph graph_;
  std::size_t matrix_text_ = 0;
  NodeIndex env_ = kNoNode;
  JobValues values_;
};

}  // namespace

void extract_workflow(BlobRows& rows) {
  const auto document = parse_yaml_into(rows);
  if (!document) return;
  GithubReader reader(rows, *document);
  WorkflowReader(reader).read();
  reader.finish();
}

}  // namespace trueup::facts
