// processors/<name>.json: a pipeline of aggregation stages that Atlas Stream Processing runs, and where its failures go.

#include <array>

#include "base/text.hpp"
#include "facts/extract/kinds.hpp"
#include "facts/extract/stream_reader.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;

constexpr std::uint32_t kMaxWindowDepth = 20;
constexpr auto kWindows = std::to_array<std::string_view>({"$tumblingWindow", "$hoppingWindow", "$sessionWindow"});
constexpr auto kSinks = std::to_array<std::string_view>({"$merge", "$emit", "$https", "$externalFunction"});
/// They need all of their input, which a stream has not outside of a window.
constexpr auto kWindowOnly = std::to_array<std::string_view>({"$group", "$sort", "$limit", "$count"});
/// They send what fails to the dead-letter queue unless `onError` says otherwise.
constexpr auto kDlqByDefault = std::to_array<std::string_view>({"$https", "$externalFunction"});
constexpr auto kStateKeys = std::to_array<std::string_view>({"state", "desiredstate", "desired_state", "status"});
constexpr auto kRunKeys = std::to_array<std::string_view>({"enabled", "started", "running", "autostart", "auto_start"});
constexpr auto kDlqKeys = std::to_array<std::string_view>({"connectionName", "db", "coll"});

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, std::string_view text) {
  for (const std::string_view each : list)
    if (each == text) return true;
  return false;
}

class ProcessorReader {
 public:
  ProcessorReader(BlobRows& rows, const Document& document) : rows_(rows), document_(document) {}

  void read() {
    const NodeIndex root = document_.root();
    if (document_.is_sequence(root)) return read_bare(root);
    if (!document_.is_mapping(root)) return;
    const NodeIndex name = document_.child(root, "name"), written = document_.child(root, "pipeline");
    const NodeIndex pipeline = written != kNoNode ? written : misnamed_pipeline(root);
    const NodeIndex dlq = document_.at(root, {"options", "dlq"}), tier = document_.child(root, "tier");
    const NodeIndex first = document_[root].first_child;
    StreamProcessorRow row;
    row.span = span_of(is_text(name) ? name : first == kNoNode ? root : document_[first].key);
    if (is_text(name)) row.name = std::string(*document_.text(name));
    row.stages = document_.is_sequence(pipeline) ? document_[pipeline].child_count : 0;
    const bool is_empty = is_text(name) && pipeline != kNoNode && document_[pipeline].child_count == 0 && (!document_.is_scalar(pipeline) || document_.text(pipeline) == "null");
    row.is_processor = holds_operator(pipeline) || is_empty;
    row.has_dlq = dlq != kNoNode;
    row.says_sinkless = says_sinkless(root);
    row.says_stopped = says_stopped(root);
    if (const auto text = document_.text(tier)) {
      row.tier = std::string(*text);
      row.tier_span = span_of(tier);
    }
    if (row.is_processor != 0) row.document = document_to_apply(root);
    const bool is_processor = row.is_processor != 0, sinkless = row.says_sinkless != 0;
    processor_ = rows_.add(std::move(row));
    if (!is_processor) return;

    if (!is_text(name)) problem("processor", name != kNoNode ? name : document_[first].key, name == kNoNode ? "it has no `name`" : "its `name` is no text");
    if (written == kNoNode) problem("processor", document_[pipeline].key, "it has no `pipeline`: its stages stand in `" + std::string(*document_.text(document_[pipeline].key)) + '`');
    if (is_empty && !document_.is_mapping(pipeline)) problem("processor", pipeline, "its `pipeline` has no stage");
    if (document_.is_mapping(pipeline)) problem("processor", pipeline, "its `pipeline` is an object, not a list of stages");
    read_pipeline(pipeline, {}, 0);
    read_ends(pipeline, sinkless);
    read_dlq(dlq);
    add_stream_secrets(rows_, document_, root);
    if (rows_.wants(Table::stream_field))
      for (StreamField& each : processor_fields(document_, root)) rows_.add(stream_field_row(rows_, document_, each, processor_, {}));
  }

 private:
  /// Stages alone, as a shell takes them.
  void read_bare(NodeIndex root) {
    if (!begins_with_source(root)) return;
    StreamProcessorRow row;
    row.span = span_of(document_[document_[root].first_child].first_child == kNoNode ? root : document_[document_[document_[root].first_child].first_child].key);
    row.stages = document_[root].child_count;
    row.is_processor = true;
    const SpanRef at = row.span;
    processor_ = rows_.add(std::move(row));
    rows_.add(StreamProblemRow{at, "processor", "it is a list of stages, not an object with `name` and `pipeline`"});
    read_pipeline(root, {}, 0);
    add_stream_secrets(rows_, document_, root);
  }

  bool begins_with_source(NodeIndex list) const {
    return document_.is_sequence(list) && document_[list].first_child != kNoNode && operator_of(document_[list].first_child) == "$source";
  }

  /// Stages under another name than `pipeline`.
  NodeIndex misnamed_pipeline(NodeIndex root) const {
    for (NodeIndex value = document_[root].first_child; value != kNoNode; value = document_[value].next)
      if (begins_with_source(value)) return value;
    return kNoNode;
  }

  bool is_text(NodeIndex node) const {
    return document_.is_scalar(node) && document_[node].style != formats::ScalarStyle::plain;
  }
  SpanRef span_of(NodeIndex node) { return rows_.span(document_[node].span); }
  void problem(std::string_view subject, NodeIndex at, std::string text) {
    rows_.add(StreamProblemRow{span_of(at), std::string(subject), std::move(text)});
  }

  /// The key of a stage's first entry; nothing: it is no object, or an empty one.
  std::optional<std::string_view> operator_of(NodeIndex stage) const {
    if (!document_.is_mapping(stage) || document_[stage].first_child == kNoNode) return std::nullopt;
    return document_.text(document_[document_[stage].first_child].key);
  }

  bool holds_operator(NodeIndex pipeline) const {
    if (document_.is_mapping(pipeline)) return operator_of(pipeline).value_or("").starts_with('$');
    if (!document_.is_sequence(pipeline)) return false;
    for (NodeIndex stage = document_[pipeline].first_child; stage != kNoNode; stage = document_[stage].next)
      if (const auto name = operator_of(stage); name && name->starts_with('$')) return true;
    return false;
  }

  bool says_sinkless(NodeIndex root) const {
    for (NodeIndex value = document_[root].first_child; value != kNoNode; value = document_[value].next) {
      const std::string key = ascii_lower(document_.text(document_[value].key).value_or(""));
      const std::string text = ascii_lower(document_.text(value).value_or(""));
      if (key.find("sinkless") != key.npos && text != "false") return true;
      if (key != "name" && key != "description" && key != "comment" && key != "_comment" && key != "note") continue;
      for (const std::string_view words : {"sinkless", "no sink", "without sink", "without a sink"})
        if (text.find(words) != text.npos) return true;
    }
    return false;
  }

  /// As written: what is put into placeholders is not known here.
  std::string document_to_apply(NodeIndex root) const {
    std::string json;
    for (const char* key : {"pipeline", "options", "tier"}) {
      const NodeIndex value = document_.child(root, key);
      if (value == kNoNode) continue;
      const bool quoted = is_text(value);  // its span leaves the quotes out
      json += std::string(json.empty() ? "{\"" : ", \"") + key + "\": " + (quoted ? "\"" : "") + std::string(slice(document_.source(), document_[value].span)) + (quoted ? "\"" : "");
    }
    return json + "}";
  }

  bool says_stopped(NodeIndex root) const {
    for (NodeIndex value = document_[root].first_child; value != kNoNode; value = document_[value].next) {
      const std::string key = ascii_lower(document_.text(document_[value].key).value_or("")), text = ascii_lower(document_.text(value).value_or(""));
      if (is_one_of(kStateKeys, key) && (text == "stopped" || text == "created")) return true;
      if (is_one_of(kRunKeys, key) && text == "false") return true;
    }
    return false;
  }

  void read_pipeline(NodeIndex pipeline, LocalId window, std::uint32_t depth) {
    if (!document_.is_sequence(pipeline) || depth > kMaxWindowDepth) return;
    for (NodeIndex stage = document_[pipeline].first_child; stage != kNoNode; stage = document_[stage].next) {
      const auto name = operator_of(stage);
      const std::string number = "stage " + std::to_string(document_[stage].position + 1);
      if (!name || !name->starts_with('$')) {
        problem("processor", stage, number + " is no object with one operator");
        continue;
      }
      if (document_[stage].child_count > 1) problem("processor", document_[document_[document_[stage].first_child].next].key, number + " has more than one operator");
      read_stage(stage, *name, window, depth);
    }
  }

  void read_stage(NodeIndex stage, std::string_view name, LocalId window, std::uint32_t depth) {
    const NodeIndex body = document_[stage].first_child;
    StreamStageRow row;
    row.stream_processor = processor_;
    row.window_stage = window;
    row.span = span_of(document_[body].key);
    row.position = document_[stage].position;
    row.last = document_[stage].next == kNoNode;
    row.stage_operator = name;
    for (const char* key : {"onError", "validationAction"})
      if (const NodeIndex action = document_.child(body, key); document_.text(action) == "dlq") row.dlq_span = span_of(action);
    if (is_one_of(kDlqByDefault, name) && document_.is_mapping(body) && document_.child(body, "onError") == kNoNode) row.dlq_span = row.span;
    if (depth == 0 && is_one_of(kWindowOnly, name)) problem("ends", document_[body].key, std::string(name) + " stands outside of a window, and a stream has no end: put it into the pipeline of a $tumblingWindow or its like");
    const LocalId id = rows_.add(std::move(row));

    if (name == "$merge") use(id, name, document_.at(body, {"into", "connectionName"}));
    else if (name == "$lookup" || name == "$cachedLookup") use(id, name, document_.at(body, {"from", "connectionName"}));
    else use(id, name, document_.child(body, "connectionName"));
    if (name == "$source" || name == "$emit") use(id, "registry", document_.at(body, {"schemaRegistry", "connectionName"}));
    if (is_one_of(kWindows, name)) read_pipeline(document_.child(body, "pipeline"), id, depth + 1);
  }

  void use(LocalId stage, std::string_view role, NodeIndex name) {
    if (!is_text(name)) return;
    StreamUseRow row;
    row.stream_processor = processor_;
    row.stream_stage = stage;
    row.span = span_of(name);
    row.role = role;
    row.connection_name = *document_.text(name);
    row.constant = !is_placeholder(row.connection_name);
    rows_.add(std::move(row));
  }

  void read_ends(NodeIndex pipeline, bool sinkless) {
    if (!document_.is_sequence(pipeline)) return;
    NodeIndex last = kNoNode;
    bool is_first = true;
    for (NodeIndex stage = document_[pipeline].first_child; stage != kNoNode; last = stage, stage = document_[stage].next) {
      const std::string_view name = operator_of(stage).value_or("");
      const bool source = name == "$source";
      if (name.empty()) return;
      const NodeIndex at = document_[document_[stage].first_child].key;
      if (is_first && !source) problem("ends", at, "its first stage is " + std::string(name) + ", not $source");
      if (!is_first && source) problem("ends", at, "$source stands again: a pipeline has one, and first");
      if ((name == "$merge" || name == "$emit") && document_[stage].next != kNoNode) problem("ends", at, std::string(name) + " is a sink, but stages follow it");
      is_first = false;
    }
    if (last == kNoNode || sinkless) return;
    const std::string_view name = operator_of(last).value_or("");
    if (!is_one_of(kSinks, name) && name != "$source") problem("ends", document_[document_[last].first_child].key, "its last stage is " + std::string(name) + ", which writes nowhere: a sink ($merge, $emit) is missing");
    if (name == "$source") problem("ends", document_[document_[last].first_child].key, "it ends with its $source: a sink ($merge, $emit) is missing");
  }

  void read_dlq(NodeIndex dlq) {
    if (dlq == kNoNode) return;
    const NodeIndex key = document_[dlq].key;
    if (!document_.is_mapping(dlq)) return problem("dlq", key, "options.dlq is no object");
    std::string missing;
    for (const std::string_view wanted : kDlqKeys)
      if (const NodeIndex value = document_.child(dlq, wanted); value == kNoNode || document_.text(value) == "") missing += std::string(missing.empty() ? "" : ", ") + std::string(wanted);
    if (!missing.empty()) problem("dlq", key, "options.dlq has no " + missing);
    use({}, "dlq", document_.child(dlq, "connectionName"));
  }

  BlobRows& rows_;
  const Document& document_;
  LocalId processor_;
};

}  // namespace

void extract_stream_processor(BlobRows& rows) {
  if (const auto document = parse_stream_json(rows, {"\"pipeline\"", "\"$source\""})) ProcessorReader(rows, *document).read();
}

}  // namespace trueup::facts
