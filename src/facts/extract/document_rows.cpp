#include "facts/extract/document_rows.hpp"

#include <unordered_map>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "facts/extract/argocd_rows.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/json.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;

/// Compares values as structures. Aliases let a small file stand for a huge one, and equal keys may be nested, so both the
/// depth and the steps of all comparisons of a file are bounded; behind the bound values count as different.
class SameValue {
 public:
  explicit SameValue(const Document& document) : document_(document) {}

  bool operator()(NodeIndex a, NodeIndex b, std::uint32_t depth = 0) {
    a = document_.resolved(a), b = document_.resolved(b);
    if (a == b) return true;
    if (a == formats::kNoNode || b == formats::kNoNode || depth > limits::kMaxDepth || ++steps_ > kMaxSteps) return false;
    const Node &left = document_[a], &right = document_[b];
    if (left.kind != right.kind || left.tag != right.tag) return false;
    if (left.kind == NodeKind::scalar)
      return left.value == right.value &&
             (left.style == formats::ScalarStyle::plain) == (right.style == formats::ScalarStyle::plain);
    if (left.child_count != right.child_count) return false;
    NodeIndex mine = left.first_child, other = right.first_child;
    for (; mine != formats::kNoNode; mine = document_[mine].next, other = document_[other].next) {
      if (left.kind == NodeKind::mapping && !(*this)(document_[mine].key, document_[other].key, depth + 1)) return false;
      if (!(*this)(mine, other, depth + 1)) return false;
    }
    return true;
  }

 private:
  static constexpr std::uint64_t kMaxSteps = 10ull * limits::kMaxNodes;
  const Document& document_;
  std::uint64_t steps_ = 0;
};

/// The value of a key that is a scalar or an alias: nodes stand in document order, so it follows its key.
NodeIndex value_of(NodeIndex key) { return key + 1; }

bool is_false(const Document& document, NodeIndex value) {
  const auto text = document.text(value);
  return text && document[document.resolved(value)].style == formats::ScalarStyle::plain && equal_ignoring_ascii_case(*text, "false");
}

/// An `enabled: false` that the earlier of two values holds, or is, and the later one does not say as well.
NodeIndex hidden_switch(const Document& document, std::string_view key, NodeIndex earlier, NodeIndex later) {
  constexpr std::string_view kSwitch = "enabled";
  if (key == kSwitch) return is_false(document, earlier) && !is_false(document, later) ? earlier : formats::kNoNode;
  const NodeIndex hidden = document.child(earlier, kSwitch);
  return hidden != formats::kNoNode && is_false(document, hidden) && !is_false(document, document.child(later, kSwitch)) ? hidden : formats::kNoNode;
}

void add_duplicate_keys(BlobRows& rows, const Document& document) {
  if (document.duplicate_keys().empty() || !rows.wants(Table::duplicate_key)) return;
  SameValue same_value(document);
  TextBudget budget;
  for (const formats::DuplicateKey& duplicate : document.duplicate_keys()) {
    const Node& later = document[duplicate.second];
    DuplicateKeyRow row;
    row.pointer = document.pointer(later.parent);
    row.key = document.text(duplicate.second).value_or("");
    if (!budget.spend(row.pointer.size() + row.key.size()))
      return give_up(rows, later.span, "the places of its duplicate keys are longer than trueup keeps");
    row.span = rows.span(later.span);
    row.first_span = rows.span(document[duplicate.first].span);
    row.same_value = same_value(value_of(duplicate.first), value_of(duplicate.second));
    const NodeIndex hidden = hidden_switch(document, row.key, value_of(duplicate.first), value_of(duplicate.second));
    if (hidden != formats::kNoNode) row.hidden_span = rows.span(document[document.resolved(hidden)].span);
    rows.add(std::move(row));
  }
}

/// git-crypt keeps a file of secrets under its own name; whoever has the key sees a document.
bool is_encrypted(std::string_view text) { return text.starts_with(std::string_view("\0GITCRYPT\0", 10)); }

std::optional<Document> usable(BlobRows& rows, Document document) {
  if (const auto& problem = document.problem()) {
    if (is_encrypted(rows.source())) {
      rows.because = "it is encrypted with git-crypt";
      rows.state = BlobState::malformed;
      return std::nullopt;
    }
    rows.because = problem->message;
    rows.state = problem->fault == Fault::over_limit ? BlobState::over_limit : BlobState::malformed;
    if (rows.state == BlobState::over_limit)
      rows.add(LimitHitRow{rows.span(problem->at), problem->message});
    else
      rows.add(SyntaxErrorRow{rows.span(problem->at), problem->message, looks_like_template(rows.source())});
    return std::nullopt;
  }
  add_duplicate_keys(rows, document);
  if (rows.state != BlobState::parsed) return std::nullopt;
  return document;
}

}  // namespace

std::vector<bool> overridden_values(const Document& document) {
  std::vector<bool> overridden;
  if (document.duplicate_keys().empty()) return overridden;
  overridden.resize(document.size());
  // In order of the later key: the last one stands, all that came before it do not.
  std::unordered_map<NodeIndex, NodeIndex> standing;
  for (const formats::DuplicateKey& duplicate : document.duplicate_keys()) {
    const auto [known, added] = standing.try_emplace(duplicate.first, duplicate.first);
    overridden[value_of(known->second)] = true;
    known->second = duplicate.second;
  }
  return overridden;
}

bool TextBudget::spend(std::size_t bytes) {
  spent_ += bytes;
  return spent_ <= limits::kMaxRowTextBytes;
}

bool looks_like_template(std::string_view text) {
  if (text.find("{%") != std::string_view::npos || text.find("<%") != std::string_view::npos) return true;
  for (std::size_t at = 0; (at = text.find("{{", at)) != std::string_view::npos; at += 2)
    if (at == 0 || text[at - 1] != '$') return true;
  return false;
}

void give_up(BlobRows& rows, ByteRange at, std::string_view message) {
  rows.rows() = {};
  rows.state = BlobState::over_limit;
  rows.because = message;
  rows.add(LimitHitRow{rows.span(at), std::string(message)});
}

std::optional<Document> parse_yaml_into(BlobRows& rows) { return usable(rows, formats::parse_yaml(rows.source())); }
std::optional<Document> parse_json_into(BlobRows& rows) { return usable(rows, formats::parse_json(rows.source())); }

bool is_json(std::string_view source) {
  const std::size_t first = source.find_first_not_of(" \t\r\n");
  return first != source.npos && (source[first] == '{' || source[first] == '[') && !formats::parse_json(source).problem();
}

void extract_yaml(BlobRows& rows) {
  // A manifest in JSON is read as such: YAML knows no pairs of surrogates. Of other JSON not a word is said.
  const bool json = is_json(rows.source());
  if (json && rows.source().find("apiVersion") == std::string_view::npos) return;
  const auto document = json ? parse_json_into(rows) : parse_yaml_into(rows);
  if (!document) return;
  add_kubernetes_objects(rows, *document);
  add_argocd_objects(rows, *document);
  add_atlantis_server(rows, *document);
}
void extract_json(BlobRows& rows) { (void)parse_json_into(rows); }

}  // namespace trueup::facts
