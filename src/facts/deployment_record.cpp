#include "facts/deployment_record.hpp"

#include <charconv>
#include <initializer_list>

#include "base/text.hpp"
#include "formats/timestamp.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

constexpr std::size_t kMostRecords = 100'000;
constexpr int kDeepest = 5;  // {"deployments": {"acme/infra||prod": {"history": [{...}]}}}
constexpr std::string_view kHeads = "refs/heads/", kBar = "||";
constexpr std::int64_t kFirstMillisecond = 100'000'000'000;  // no second of these centuries is as large

std::string plain_key(std::string_view key) {
  std::string plain;
  for (const char c : key)
    if (c != '_' && c != '-') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return plain;
}

class Reader {
 public:
  explicit Reader(const Document& document) : document_(document) {}

  std::vector<DeploymentRecord> read() {
    visit(document_.root(), "", 0);
    return std::move(records_);
  }

 private:
  void visit(NodeIndex node, std::string_view under, int depth) {
    if (depth > kDeepest || records_.size() == kMostRecords) return;
    if (document_.is_mapping(node) && take(node, under)) return;
    if (!document_.is_mapping(node) && !document_.is_sequence(node)) return;
    for (const NodeIndex each : document_.children(node)) {
      const NodeIndex key = document_[each].key;
      const std::string_view name = key == kNoNode ? under : document_.text(key).value_or("");
      visit(each, name.find(kBar) == name.npos ? under : name, depth + 1);
    }
  }

  /// The value of the first of these keys that is there.
  NodeIndex find(NodeIndex mapping, std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names)
      for (const NodeIndex value : document_.children(mapping))
        if (document_[value].key != kNoNode && plain_key(document_.text(document_[value].key).value_or("")) == name) return value;
    return kNoNode;
  }

  /// "" for what is no text, or null.
  std::string text(NodeIndex node) const {
    const auto value = document_.text(node);
    if (!value || (*value == "null" && document_[node].style == formats::ScalarStyle::plain)) return "";
    return std::string(*value);
  }
  std::string text(NodeIndex mapping, std::initializer_list<std::string_view> names) const { return text(find(mapping, names)); }

  /// What a name, or an object with one, is called.
  std::string name_of(NodeIndex node) const { return document_.is_mapping(node) ? text(node, {"name", "login"}) : text(node); }

  bool take(NodeIndex node, std::string_view under) {
    DeploymentRecord record;
    record.at = find(node, {"revision", "commitsha", "commitid", "commit", "sha"});
    record.revision = ascii_lower(text(record.at));
    if (record.revision.empty()) return false;
    const NodeIndex root = find(node, {"root"}), queue = find(node, {"queue", "lock"});
    name(record, node, root, under);
    record.branch = text(node, {"branch", "ref"});
    if (record.branch.empty() && document_.is_mapping(root)) record.branch = text(root, {"branch", "ref"});
    if (record.branch.starts_with(kHeads)) record.branch.erase(0, kHeads.size());
    record.trigger_kind = ascii_lower(within(node, root, {"trigger", "triggertype", "triggerkind"}));
    record.rerun = within(node, root, {"rerun", "isrerun"}) == "true";
    record.locked = truth(document_.is_mapping(queue) ? text(queue, {"locked", "status", "state"}) : text(node, {"locked", "lockstatus", "lock", "queue"}));
    record.status = ascii_lower(text(node, {"status", "state", "result", "conclusion"}));
    record.deployed_at = time(text(node, {"deployedat", "completedat", "finishedat", "createdat", "updatedat", "timestamp", "time", "lastmodified"}));
    records_.push_back(std::move(record));
    return true;
  }

  std::string within(NodeIndex node, NodeIndex root, std::initializer_list<std::string_view> names) const {
    std::string value = text(node, names);
    return !value.empty() || !document_.is_mapping(root) ? value : text(root, names);
  }

  void name(DeploymentRecord& record, NodeIndex node, NodeIndex root, std::string_view under) const {
    std::string id = text(node, {"workflowid", "id"});
    record.deployment_id = text(node, {"deploymentid"});
    if (record.deployment_id.empty() && id.find(kBar) == id.npos) record.deployment_id = id;
    if (id.find(kBar) == id.npos) id = under;
    if (const std::size_t bar = id.find(kBar); bar != id.npos) {
      record.slug = id.substr(0, bar);
      record.root = id.substr(bar + kBar.size());
      return;
    }
    record.root = root == kNoNode ? text(node, {"rootname", "project"}) : name_of(root);
    const NodeIndex repository = find(node, {"repo", "repository"});
    if (!document_.is_mapping(repository)) {
      record.slug = text(repository);
      return;
    }
    record.slug = text(repository, {"fullname", "slug"});
    const std::string owner = name_of(find(repository, {"owner"})), name = text(repository, {"name"});
    if (record.slug.empty() && !owner.empty() && !name.empty()) record.slug = owner + "/" + name;
  }

  static std::optional<bool> truth(std::string_view text) {
    const std::string value = ascii_lower(text);
    if (value == "true" || value == "locked") return true;
    if (value == "false" || value == "unlocked") return false;
    return std::nullopt;
  }

  /// RFC 3339, or seconds or milliseconds since 1970.
  static std::string time(std::string_view text) {
    if (const auto seconds = formats::parse_rfc3339(text)) return formats::rfc3339_text(*seconds);
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size() || number <= 0 || number >= kFirstMillisecond * 1000) return "";
    return formats::rfc3339_text(number >= kFirstMillisecond ? number / 1000 : number);
  }

  const Document& document_;
  std::vector<DeploymentRecord> records_;
};

}  // namespace

std::vector<DeploymentRecord> read_deployment_records(const Document& document) { return Reader(document).read(); }

}  // namespace trueup::facts
