#include "formats/helm_index.hpp"

#include <optional>
#include <utility>

#include "formats/yaml_events.hpp"

namespace trueup::formats {
namespace {

constexpr std::size_t kMaxDepth = 100;

using NextBytes = std::function<std::size_t(char* into, std::size_t most)>;

/// Follows where in the document an event stands, by the keys of the five levels that count.
class IndexReader {
 public:
  Result<HelmIndex> read(const NextBytes& next) {
    Source source{next};
    ParserHandle handle;
    if (!handle.ready) return Error{Fault::malformed, "no memory"};
    yaml_parser_set_encoding(&handle.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input(&handle.parser, &Source::read, &source);
    for (;;) {
      const EventHandle event(handle.parser);
      if (!event.ready) {
        if (source.has_directive) return Error{Fault::malformed, "it begins with a directive"};
        const char* problem = handle.parser.problem;
        return Error{Fault::malformed, "line " + std::to_string(handle.parser.problem_mark.line + 1) + ": " + (problem != nullptr ? problem : "no YAML")};
      }
      if (event.event.type == YAML_STREAM_END_EVENT || event.event.type == YAML_DOCUMENT_END_EVENT) break;
      if (!take(event.event)) return Error{Fault::malformed, "it is nested too deep"};
    }
    if (!has_api_version_) return Error{Fault::malformed, "it has no apiVersion"};
    if (!has_entries_) return Error{Fault::malformed, "it has no entries"};  // an object of Kubernetes has an apiVersion too
    return std::move(index_);
  }

 private:
  /// What libyaml reads from. It compares each directive with all before it, so a text that begins with one is refused.
  struct Source {
    const NextBytes& next;
    bool at_start = true;
    bool has_directive = false;

    static int read(void* self, unsigned char* into, std::size_t most, std::size_t* got) {
      Source& source = *static_cast<Source*>(self);
      *got = source.next(reinterpret_cast<char*>(into), most);
      source.has_directive = source.has_directive || (std::exchange(source.at_start, false) && *got > 0 && *into == '%');
      return source.has_directive ? 0 : 1;
    }
  };

  struct Level {
    bool is_mapping = false, wants_key = false;
    std::string key;
  };

  bool take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_MAPPING_START_EVENT: return open(true);
      case YAML_SEQUENCE_START_EVENT: return open(false);
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT: close(); return true;
      case YAML_SCALAR_EVENT:
        scalar({reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length});
        return true;
      case YAML_ALIAS_EVENT: scalar({}); return true;
      default: return true;
    }
  }

  bool open(bool is_mapping) {
    if (levels_.size() >= kMaxDepth) return false;
    if (!levels_.empty() && levels_.back().wants_key) {  // a collection as a key: none of ours
      levels_.back().key.clear();
      levels_.back().wants_key = false;
    }
    if (stands_in_entries() && levels_.size() == 3 && is_mapping) entry_.emplace();
    levels_.push_back({is_mapping, is_mapping, {}});
    return true;
  }

  void close() {
    levels_.pop_back();
    if (levels_.size() == 3 && entry_) keep();
    after_value();
  }

  void scalar(std::string_view text) {
    if (levels_.empty()) return;
    Level& level = levels_.back();
    if (level.wants_key) {
      has_entries_ = has_entries_ || (levels_.size() == 1 && text == "entries");
      level.key = text;
      level.wants_key = false;
      return;
    }
    if (levels_.size() == 1 && level.key == "apiVersion") has_api_version_ = !text.empty();
    if (entry_ && levels_.size() == 4) {
      if (level.key == "name") name_ = text;
      else if (level.key == "version") entry_->version = text;
      else if (level.key == "appVersion") entry_->app_version = text;
      else if (level.key == "digest") entry_->digest = text.substr(text.starts_with("sha256:") ? 7 : 0);
      else if (level.key == "created") entry_->created = text;
      else if (level.key == "deprecated") entry_->deprecated = text == "true";
    }
    if (entry_ && levels_.size() == 5 && levels_[3].key == "urls" && !text.empty()) has_url_ = true;
    after_value();
  }

  void after_value() {
    if (!levels_.empty() && levels_.back().is_mapping) levels_.back().wants_key = true;
  }

  bool stands_in_entries() const { return levels_.size() >= 2 && levels_[0].key == "entries"; }

  void keep() {
    if (entry_->version.empty() || name_.empty() || !has_url_) ++index_.dropped;
    else index_.charts[levels_[1].key].push_back(std::move(*entry_));
    entry_.reset();
    name_.clear();
    has_url_ = false;
  }

  HelmIndex index_;
  std::vector<Level> levels_;
  std::optional<HelmIndexVersion> entry_;
  std::string name_;
  bool has_url_ = false, has_api_version_ = false, has_entries_ = false;
};

}  // namespace

std::size_t HelmIndex::versions() const {
  std::size_t count = 0;
  for (const auto& [name, list] : charts) count += list.size();
  return count;
}

Result<HelmIndex> read_helm_index(const NextBytes& next) { return IndexReader().read(next); }

Result<HelmIndex> read_helm_index(std::string_view bytes) {
  return read_helm_index([&bytes](char* into, std::size_t most) {
    const std::size_t count = bytes.copy(into, most);
    bytes.remove_prefix(count);
    return count;
  });
}

}  // namespace trueup::formats
