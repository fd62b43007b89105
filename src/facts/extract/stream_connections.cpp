// connections/*.json (a list, an object with a list, or one connection) and environments/<name>/thresholds.json.

#include <algorithm>
#include <array>

#include "facts/extract/kinds.hpp"
#include "facts/extract/stream_reader.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

/// A type of connection with the fields that it cannot be without.
struct ConnectionType {
  std::string_view name;
  std::array<std::string_view, 3> fields;
};
constexpr auto kTypes = std::to_array<ConnectionType>({
    {"Cluster", {"clusterName"}},
    {"Kafka", {"bootstrapServers"}},
    {"Https", {"url"}},
    {"S3", {"aws"}},
    {"AWSLambda", {"aws"}},
    {"AWSKinesisDataStreams", {"aws"}},
    {"SchemaRegistry", {"provider", "schemaRegistryUrls", "schemaRegistryAuthentication"}},
    {"AzureBlobStorage", {"azure"}},
    {"GCPPubSub", {"gcp"}},
    {"Sample", {}},
});

constexpr auto kOwnFields = std::to_array<std::string_view>({"clusterName", "bootstrapServers", "schemaRegistryUrls"});

class ConnectionsReader {
 public:
  ConnectionsReader(BlobRows& rows, const Document& document) : rows_(rows), document_(document) {}

  void read() {
    const NodeIndex root = document_.root();
    if (document_.is_sequence(root)) return read_list(root);
    if (const NodeIndex list = document_.child(root, "connections"); document_.is_sequence(list)) return read_list(list);
    read_connection(root, 0, true);
  }

 private:
  void read_list(NodeIndex list) {
    for (NodeIndex each = document_[list].first_child; each != kNoNode; each = document_[each].next) read_connection(each, document_[each].position, false);
  }

  void read_connection(NodeIndex node, std::uint32_t position, bool alone) {
    if (!document_.is_mapping(node) || document_[node].first_child == kNoNode) return;
    const NodeIndex name = document_.child(node, "name"), type = document_.child(node, "type");
    const auto type_text = document_.text(type), name_text = document_.text(name);
    const bool is_known = type_text && std::ranges::find(kTypes, *type_text, &ConnectionType::name) != kTypes.end();
    if (!name_text && !is_known && !(type_text && has_own_field(node))) return;  // something else
    if (!type_text && !has_own_field(node)) return;
    StreamConnectionRow row;
    row.span = rows_.span(document_[name_text ? name : type].span);
    row.position = position;
    row.alone = alone;
    if (name_text) row.name = std::string(*name_text);
    if (type_text) {
      row.type = std::string(*type_text);
      row.type_span = rows_.span(document_[type].span);
    }
    row.constant = !is_placeholder(name_text.value_or(""));
    const LocalId connection = rows_.add(std::move(row));
    if (rows_.wants(Table::stream_field))
      for (StreamField& each : connection_fields(document_, node)) rows_.add(stream_field_row(rows_, document_, each, {}, connection));
    check(node, type_text ? type : name, type_text, name_text.has_value());
    add_stream_secrets(rows_, document_, node);
  }

  /// A field that only connections of this service have.
  bool has_own_field(NodeIndex node) const {
    return std::ranges::any_of(kOwnFields, [&](std::string_view field) { return document_.child(node, field) != kNoNode; });
  }

  void check(NodeIndex node, NodeIndex at, std::optional<std::string_view> type, bool named) {
    const auto problem = [&](std::string words) { rows_.add(StreamProblemRow{rows_.span(document_[at].span), "connection", std::move(words)}); };
    if (!named) problem("a connection has no `name`");
    if (!type) return problem("the connection " + std::string(document_.text(at).value_or("")) + " has no `type`");
    const std::string_view text = *type;
    if (is_placeholder(text)) return;
    for (const ConnectionType& known : kTypes) {
      if (known.name != text) continue;
      std::string missing;
      for (const std::string_view field : known.fields)
        if (!field.empty() && document_.child(node, field) == kNoNode) missing += std::string(missing.empty() ? "" : ", ") + std::string(field);
      if (!missing.empty()) problem("a connection of type " + std::string(text) + " has no " + missing);
      return;
    }
  }

  BlobRows& rows_;
  const Document& document_;
};

bool is_positive(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9' && text.find_first_of("123456789") < text.find_first_of("eE");
}

void read_thresholds(BlobRows& rows, const Document& document, NodeIndex object, NodeIndex owner) {
  if (!document.is_mapping(object)) return;
  for (NodeIndex value = document[object].first_child; value != kNoNode; value = document[value].next) {
    const NodeIndex key = document[value].key;
    const std::string_view name = document.text(key).value_or("");
    if (document.is_mapping(value) && owner == kNoNode) {
      if (name == "processors") {
        for (NodeIndex each = document[value].first_child; each != kNoNode; each = document[each].next) read_thresholds(rows, document, each, document[each].key);
      } else {
        read_thresholds(rows, document, value, key);
      }
      continue;
    }
    StreamThresholdRow row;
    row.span = rows.span(document[value].span);
    row.key_span = rows.span(document[key].span);
    if (owner != kNoNode) {
      row.processor = std::string(document.text(owner).value_or(""));
      row.processor_span = rows.span(document[owner].span);
    }
    row.key = name;
    if (const auto text = document.text(value)) row.value = std::string(*text);
    row.positive = row.value && document[value].style == formats::ScalarStyle::plain && is_positive(*row.value);
    rows.add(std::move(row));
  }
}

}  // namespace

void extract_stream_connections(BlobRows& rows) {
  if (const auto document = parse_stream_json(rows, {"\"bootstrapServers\"", "\"clusterName\"", "\"connections\""})) {
    if (document->root() != kNoNode) ConnectionsReader(rows, *document).read();
  }
}

void extract_stream_thresholds(BlobRows& rows) {
  if (const auto document = parse_stream_json(rows, {"\"memory_mb\"", "\"latency_p99_ms\"", "\"throughput_min\""}))
    if (document->root() != kNoNode) {
      const formats::Node& root = (*document)[document->root()];
      if (!document->is_mapping(document->root())) rows.add(StreamProblemRow{rows.span(root.span), "thresholds", "it is no object with a number for each key"});
      else if (root.child_count == 0) rows.add(StreamProblemRow{rows.span(root.span), "thresholds", "it sets no threshold"});
      read_thresholds(rows, *document, document->root(), kNoNode);
    }
}

}  // namespace trueup::facts
