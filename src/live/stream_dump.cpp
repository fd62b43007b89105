#include "live/stream_source.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/text.hpp"
#include "formats/json.hpp"
#include "live/oci_lists.hpp"

namespace trueup::live {

namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

constexpr std::array<StreamListKind, 3> kKinds = {StreamListKind::workspace, StreamListKind::connection, StreamListKind::processor};

class StreamDumpReader final : public StreamSource {
 public:
  explicit StreamDumpReader(StreamDump dump) : dump_(std::move(dump)), problem_(dump_.problem) {
    for (auto& [file, text] : dump_.texts) {
      if (!problem_) take(file, text);
      std::string().swap(text);
    }
    std::size_t longest = 0;
    for (const auto& [kind, items] : items_) longest = std::max(longest, items.size());
    if (most_ > longest) partial_ = fmt::format("it holds {} of {} in all", longest, most_);
  }

  const std::string& name() const override { return dump_.name; }
  const std::string& source() const override { return dump_.label; }
  std::string host() const override { return ""; }

  std::vector<StreamListReading> read(const std::string&) override {
    std::vector<StreamListReading> readings;
    for (const StreamListKind kind : kKinds) {
      StreamListReading& reading = readings.emplace_back();
      reading.kind = kind;
      reading.from = {dump_.label, dump_.read_at, false};
      if (problem_) {
        reading.unknown = unknown("malformed", *problem_);
      } else if (kind == StreamListKind::workspace && !held_[kind]) {
        reading.state = ReadingState::present;  // it is a dump of it
        reading.evidence = dump_.label + " tells what it holds";
      } else if (!held_[kind]) {
        reading.unknown = unknown("not_in_dump", fmt::format("{} holds no {}", dump_.label, to_string(kind)));
      } else {
        reading.state = ReadingState::present;
        for (const auto& [name, text] : items_[kind]) reading.items.push_back(text);
        reading.evidence = counted(reading.items.size(), to_string(kind));
        reading.complete = dump_.complete && partial_.empty();
        if (!partial_.empty()) reading.evidence += "; " + partial_;
        else if (!dump_.complete) reading.evidence += "; it may hold a part only: `complete: true` in the config says that it is whole";
      }
    }
    return readings;
  }

 private:
  void take(const std::string& file, const std::string& text) {
    const Document document = formats::parse_json(text);
    if (document.problem()) {
      problem_ = fmt::format("{} cannot be read: {}", file.empty() ? dump_.label : file, document.problem()->message);
      return;
    }
    take(document, document.root(), kind_by_name(file), 0);
  }

  /// A list that is empty is known by its file alone: processors.json.
  static std::optional<StreamListKind> kind_by_name(std::string_view file) {
    const std::string name = ascii_lower(file.substr(file.rfind('/') + 1));
    if (name.starts_with("processor")) return StreamListKind::processor;
    if (name.starts_with("connection")) return StreamListKind::connection;
    return std::nullopt;
  }

  /// `kind` of what a list is said to hold; an empty one says that there is none.
  void take(const Document& document, NodeIndex node, std::optional<StreamListKind> kind, int depth) {
    constexpr int kDeepest = 4;  // {"results": [{"connections": [...]}]}
    if (depth > kDeepest || node == kNoNode) return;
    if (document.is_sequence(node)) {
      if (kind) held_[*kind] = true;
      for (const NodeIndex each : document.children(node)) {
        if (kind && document.text(document.child(each, "name")).value_or("").empty()) partial_ = fmt::format("it has a {} without a name", to_string(*kind));
        take(document, each, kind, depth + 1);
      }
      return;
    }
    if (!document.is_mapping(node)) return;
    // The API's own pages say how many there are.
    if (const NodeIndex results = document.child(node, "results"); document.is_sequence(results)) {
      const std::string_view total = document.text(document.child(node, "totalCount")).value_or("");
      std::size_t count = 0;
      std::from_chars(total.data(), total.data() + total.size(), count);
      most_ = std::max(most_, count);
    }
    for (const auto& [key, inner] : {std::pair("results", std::optional<StreamListKind>()), std::pair("processors", std::optional(StreamListKind::processor)),
                                     std::pair("connections", std::optional(StreamListKind::connection))})
      if (const NodeIndex list = document.child(node, key); document.is_sequence(list)) take(document, list, inner ? inner : kind, depth + 1);
    const std::string_view name = document.text(document.child(node, "name")).value_or("");
    if (name.empty()) return;
    const auto has = [&](std::string_view key) { return document.child(node, key) != kNoNode; };
    if (has("pipeline")) kind = StreamListKind::processor;
    else if (has("streamConfig") || has("dataProcessRegion")) kind = StreamListKind::workspace;
    else if (has("type")) kind = StreamListKind::connection;
    if (!kind) return;
    held_[*kind] = true;
    items_[*kind].insert_or_assign(std::string(name), std::string(slice(document.source(), document[node].span)));
  }

  StreamDump dump_;
  std::optional<std::string> problem_;
  std::size_t most_ = 0;  ///< entries of a list in all, as its pages say
  std::string partial_;   ///< why it may hold a part only, whatever the config says
  std::map<StreamListKind, bool> held_;
  std::map<StreamListKind, std::map<std::string, std::string>> items_;
};

class SilentStreamSource final : public StreamSource {
 public:
  SilentStreamSource(std::string name, std::string source, Unknown why) : name_(std::move(name)), source_(std::move(source)), why_(std::move(why)) {}

  const std::string& name() const override { return name_; }
  const std::string& source() const override { return source_; }
  std::string host() const override { return ""; }
  std::vector<StreamListReading> read(const std::string&) override {
    std::vector<StreamListReading> readings;
    for (const StreamListKind kind : kKinds) {
      readings.emplace_back().kind = kind;
      readings.back().unknown = why_;
    }
    return readings;
  }

 private:
  const std::string name_, source_;
  const Unknown why_;
};

}  // namespace

std::string_view to_string(StreamListKind kind) {
  switch (kind) {
    case StreamListKind::workspace: return "workspace";
    case StreamListKind::connection: return "connection";
    case StreamListKind::processor: break;
  }
  return "processor";
}

std::unique_ptr<StreamSource> make_stream_dump(StreamDump dump) { return std::make_unique<StreamDumpReader>(std::move(dump)); }

std::unique_ptr<StreamSource> make_silent_stream_source(std::string name, std::string source, Unknown why) {
  return std::make_unique<SilentStreamSource>(std::move(name), std::move(source), std::move(why));
}

}  // namespace trueup::live
