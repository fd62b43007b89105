#include "facts/live_streams.hpp"

#include <charconv>

#include "base/text.hpp"
#include "facts/row_writer.hpp"
#include "facts/statement.hpp"
#include "formats/json.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::NodeIndex;

/// "" for what is not there, is no scalar, or is null.
std::string text_of(const Document& document, NodeIndex node) {
  const auto value = document.text(node);
  if (!value || (*value == "null" && document[node].style == formats::ScalarStyle::plain)) return "";
  return std::string(*value);
}

std::optional<std::int64_t> number_of(const Document& document, NodeIndex node) {
  const auto text = document.text(node);
  double value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc()) return std::nullopt;
  if (!(value >= 0 && value < 9e15)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace

void add_stream_workspace(Store& store, std::string_view name, std::string_view environment, std::string_view slug,
                          const std::optional<std::string>& root, std::string_view branch, std::string_view workspace, std::string_view source) {
  add_row(store, "stream_workspace", {std::string(name), std::string(environment), cell(slug), root ? Cell(*root) : Cell(), cell(branch), cell(workspace),
                                      std::string(source)});
}

void add_earlier_count(Store& store, std::string_view stream_workspace, std::string_view workspace, std::string_view name, std::int64_t dlq_messages,
                       std::string_view asked_at) {
  add_row(store, "earlier_stream_count", {std::string(stream_workspace), std::string(workspace), std::string(name), dlq_messages, std::string(asked_at)});
}

std::vector<std::tuple<std::string, std::string, std::string, std::int64_t>> read_dlq_counts(Store& store) {
  std::vector<std::tuple<std::string, std::string, std::string, std::int64_t>> counts;
  if (!store.has_rows("live_stream_processor")) return counts;
  Statement rows(store.database(), "SELECT stream_workspace, workspace, name, dlq_messages FROM live_stream_processor WHERE dlq_messages IS NOT NULL ORDER BY 1, 2, 3");
  while (rows.row()) counts.emplace_back(rows.text(0), rows.text(1), rows.text(2), rows.number(3));
  return counts;
}

std::set<std::pair<std::string, std::string>> read_stream_questions(Store& store) {
  std::set<std::pair<std::string, std::string>> questions;
  Statement rows(store.database(), "SELECT name, workspace FROM wanted_stream_workspace");
  while (rows.row()) questions.emplace(rows.text(0), rows.text(1));
  return questions;
}

void add_reading(Store& store, const StreamListRow& row) {
  add_row(store, "stream_list", {row.stream_workspace, row.workspace, row.kind, row.state, cell(row.because), std::int64_t{row.failed}, cell(row.answer),
                                 std::int64_t{row.complete}, row.asked_at, row.address});
}

Result<LiveStreamObject> read_live_stream_object(std::string_view kind, std::string_view json) {
  const Document document = formats::parse_json(json);
  if (document.problem()) return Error{document.problem()->fault, document.problem()->message};
  const NodeIndex root = document.root();
  LiveStreamObject object;
  object.name = text_of(document, document.child(root, "name"));
  if (object.name.empty()) return Error{Fault::malformed, "a " + std::string(kind) + " without a name"};
  object.type = text_of(document, document.child(root, "type"));
  object.state = text_of(document, document.child(root, "state"));
  if (object.state.empty()) object.state = text_of(document, document.child(root, "status"));  // as the tool calls it
  if (kind == "workspace") {
    object.tier = text_of(document, document.at(root, {"streamConfig", "tier"}));
    object.max_tier = text_of(document, document.at(root, {"streamConfig", "maxTierSize"}));
  } else if (kind == "processor") {
    object.tier = text_of(document, document.child(root, "tier"));
    object.has_pipeline = document.is_sequence(document.child(root, "pipeline"));
    const NodeIndex stats = document.child(root, "stats");
    object.dlq_messages = number_of(document, document.child(stats, "dlqMessageCount"));
    object.memory_bytes = number_of(document, document.child(stats, "memoryUsageBytes"));
    if (!object.memory_bytes) object.memory_bytes = number_of(document, document.child(stats, "memoryTrackerBytes"));
    if (object.has_pipeline) object.fields = processor_fields(document, root);
  } else {
    object.fields = connection_fields(document, root);
  }
  return object;
}

void add_readings(Store& store, const StreamListRow& list, std::span<const LiveStreamObject> objects) {
  const std::string& name = list.stream_workspace;
  const bool processors = list.kind == "processor";
  store.create_table("live_stream_field");
  Statement field(store.database(), "INSERT INTO live_stream_field VALUES(NULL,?,?,?,?)");
  for (const LiveStreamObject& object : objects) {
    std::int64_t id = 0;
    if (list.kind == "workspace")
      add_row(store, "live_stream_workspace", {name, list.workspace, cell(object.tier), cell(object.max_tier), list.asked_at, list.address});
    else if (processors)
      id = add_row(store, "live_stream_processor",
                   {name, list.workspace, object.name, cell(object.state), cell(object.tier), std::int64_t{object.has_pipeline}, cell(object.dlq_messages),
                    cell(object.memory_bytes), list.asked_at, list.address});
    else
      id = add_row(store, "live_stream_connection", {name, list.workspace, object.name, cell(object.type), cell(object.state), list.asked_at, list.address});
    for (const StreamField& each : object.fields) {
      const std::optional<std::int64_t> of_processor = processors ? std::optional(id) : std::nullopt, of_connection = processors ? std::nullopt : std::optional(id);
      field.bind(1, of_processor).bind(2, of_connection).bind(3, each.pointer).bind(4, each.value).run();
    }
  }
}

}  // namespace trueup::facts
