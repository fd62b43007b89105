#include "fixes/document_edits.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace trueup::fixes {

using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;
using formats::ScalarStyle;

namespace {

bool is_block(const Node& node) {
  return node.kind == NodeKind::scalar && (node.style == ScalarStyle::literal || node.style == ScalarStyle::folded);
}
bool is_quoted(const Node& node) {
  return node.kind == NodeKind::scalar && (node.style == ScalarStyle::single_quoted || node.style == ScalarStyle::double_quoted);
}
bool is_decorated(const Node& node) { return !node.tag.empty() || !node.anchor.empty(); }

Error cannot(std::string because) { return {Fault::malformed, std::move(because)}; }

}  // namespace

DocumentEdits::DocumentEdits(const formats::Document& document, Syntax syntax)
    : document_(document), syntax_(syntax), source_(document.source()), line_break_("\n"), tokens_(tokens_of(document)) {
  const std::size_t first = source_.find_first_of("\r\n");
  if (first != source_.npos && source_[first] == '\r') line_break_ = source_.substr(first, 2) == "\r\n" ? "\r\n" : "\r";
}

// -------------------------------------------------------------------------------------------------- places

NodeIndex DocumentEdits::scalar_at(ByteRange place) const {
  NodeIndex found = kNoNode;
  for (NodeIndex i = 0; i < document_.size(); ++i) {
    const Node& node = document_[i];
    if (node.kind != NodeKind::scalar || place.begin < node.span.begin || node.span.end < place.end) continue;
    if (node.span == place) return i;
    found = i;
  }
  return found;
}

NodeIndex DocumentEdits::element_at(ByteRange place) const {
  NodeIndex outermost = kNoNode;
  for (NodeIndex i = 0; i < document_.size(); ++i) {
    const Node& node = document_[i];
    if (node.parent == kNoNode || tokens_[i].is_key) continue;
    if (node.key != kNoNode ? document_[node.key].span == place : node.span == place) return i;
    if (outermost == kNoNode && (outer(i).begin == place.begin || element_begin(i) == place.begin ||
                                 (node.key != kNoNode && document_[node.key].span.begin == place.begin) || node.span == place))
      outermost = i;
  }
  return outermost;
}

bool DocumentEdits::in_flow(NodeIndex node) const {
  if (syntax_ == Syntax::json) return true;
  for (NodeIndex at = document_[node].parent; at != kNoNode; at = document_[at].parent) {
    const char first = source_[document_[at].span.begin];
    const bool brackets = (first == '{' || first == '[') && document_[at].span.size() > 1 &&
                          (source_[document_[at].span.end - 1] == '}' || source_[document_[at].span.end - 1] == ']');
    if (!brackets) continue;
    // A block collection may begin with a flow collection as its key or item.
    const NodeIndex child = document_[at].first_child;
    const NodeIndex begins = child == kNoNode ? kNoNode : document_[child].key != kNoNode ? document_[child].key : child;
    if (begins == kNoNode || document_[begins].span.begin != document_[at].span.begin) return true;
  }
  return false;
}

ByteRange DocumentEdits::outer(NodeIndex index) const {
  const Node& node = document_[index];
  ByteRange range = node.span;
  if (is_quoted(node)) return {range.begin - 1, range.end + 1};
  if (node.kind == NodeKind::alias) --range.begin;
  return range;
}

std::uint32_t DocumentEdits::element_begin(NodeIndex index) const {
  const Node& node = document_[index];
  if (node.key != kNoNode) return outer(node.key).begin;
  const std::uint32_t begin = outer(index).begin;
  if (in_flow(index)) return begin;
  // The dash stands in the column of the sequence, on this line or above it.
  const std::uint32_t sequence = document_[node.parent].span.begin;
  const std::uint32_t column = sequence - line_begin(sequence);
  for (std::uint32_t line = line_begin(begin);; line = line_begin(line - 1)) {
    const std::uint32_t dash = line + column;
    if (dash < begin && source_[dash] == '-' && dash >= sequence) return dash;
    if (line <= sequence || line == 0) return begin;
  }
}

NodeIndex DocumentEdits::previous(NodeIndex node) const {
  NodeIndex before = kNoNode;
  for (NodeIndex child = document_[document_[node].parent].first_child; child != node && child != kNoNode; child = document_[child].next)
    before = child;
  return before;
}

NodeIndex DocumentEdits::subtree_end(NodeIndex node) const {
  NodeIndex end = node + 1;
  while (end < tokens_.size() && tokens_[end].depth > tokens_[node].depth) ++end;
  return end;
}

std::uint32_t DocumentEdits::line_begin(std::uint32_t offset) const {
  const std::size_t before = offset == 0 ? source_.npos : source_.find_last_of("\r\n", offset - 1);
  std::uint32_t begin = before == source_.npos ? 0 : static_cast<std::uint32_t>(before + 1);
  if (begin == 0 && source_.starts_with("\xEF\xBB\xBF") && offset >= 3) begin = 3;
  return begin;
}
std::uint32_t DocumentEdits::line_end(std::uint32_t offset) const {
  const std::size_t end = source_.find_first_of("\r\n", offset);
  return static_cast<std::uint32_t>(end == source_.npos ? source_.size() : end);
}
std::uint32_t DocumentEdits::next_line(std::uint32_t offset) const {
  const std::uint32_t end = line_end(offset);
  if (end == source_.size()) return end;
  return end + (source_.substr(end, 2) == "\r\n" ? 2 : 1);
}

/// Comment lines directly above that are indented alike speak of what stands below them.
std::uint32_t DocumentEdits::with_comments_above(std::uint32_t begin, std::uint32_t column) const {
  while (begin > 0) {
    const std::uint32_t above = line_begin(begin - 1 - (begin > 1 && source_.substr(begin - 2, 2) == "\r\n" ? 1 : 0));
    const std::string_view line = source_.substr(above, line_end(above) - above);
    const std::size_t first = line.find_first_not_of(' ');
    if (first != column || line[first] != '#' || above >= begin) break;
    begin = above;
  }
  return begin;
}

// -------------------------------------------------------------------------------------------------- trying

Result<Edits> DocumentEdits::tried(Edits edits, const ValueChange& change) const {
  std::sort(edits.begin(), edits.end());
  for (std::size_t i = 1; i < edits.size(); ++i)
    if (edits[i].at.begin < edits[i - 1].at.end) return cannot("its parts would overlap");
  for (Edit& edit : edits) edit = trimmed(source_, std::move(edit));
  std::erase_if(edits, [](const Edit& edit) { return edit.at.empty() && edit.text.empty(); });
  const std::string text = applied(source_, edits);
  const formats::Document after = parse(text, syntax_);
  if (after.problem()) return cannot("the file would not parse any more: " + after.problem()->message);
  if (tokens_of(after) != changed(tokens_, {change})) return cannot("it would change another value too");
  return edits;
}

// -------------------------------------------------------------------------------------------------- values

Result<Edits> DocumentEdits::replace(ByteRange place, std::string_view text) const {
  const NodeIndex node = scalar_at(place);
  if (node == kNoNode) return cannot("no text stands there");
  if (document_[node].span == place) return write_whole(node, text, false);
  return write_part(node, place, text);
}

Result<Edits> DocumentEdits::append(ByteRange place, std::string_view text) const {
  const NodeIndex node = scalar_at(place);
  if (node == kNoNode) return cannot("no text stands there");
  return write_part(node, {place.end, place.end}, text);
}

Result<Edits> DocumentEdits::quote(ByteRange place) const {
  const NodeIndex node = scalar_at(place);
  if (node == kNoNode || document_[node].span != place) return cannot("no text stands there");
  if (document_[node].style != ScalarStyle::plain || !document_[node].tag.empty()) return cannot("it is a text already");
  return write_whole(node, document_[node].value, true);
}

bool DocumentEdits::is_shared(NodeIndex index) const {
  if (document_[index].anchor.empty()) return false;
  for (NodeIndex i = index; i < document_.size(); ++i)
    if (document_[i].kind == NodeKind::alias && document_[i].target == index) return true;
  return false;
}

Result<Edits> DocumentEdits::write_whole(NodeIndex index, std::string_view value, bool as_text) const {
  const Node& node = document_[index];
  if (is_shared(index)) return cannot("other places take this value by the alias *" + std::string(node.anchor));
  ValueChange change{index, index + 1, {tokens_[index]}};
  ValueToken& token = change.by.front();
  token.value = value;
  if (!is_block(node)) {
    const Reading before = as_text ? Reading{} : tokens_[index].reading;
    const bool tagged = !node.tag.empty() && node.style == ScalarStyle::plain;
    std::string text = tagged && fits_plain(value, in_flow(index)) ? std::string(value)
                                                                    : written_like(node.style, value, before, in_flow(index), syntax_);
    if (as_text && !text.starts_with('"') && !text.starts_with('\'')) text = double_quoted(value);
    if (tagged) token.reading = reading_of(value, node.style, node.tag);
    else token.reading = text.starts_with('"') || text.starts_with('\'') ? Reading{} : reading_of(value, ScalarStyle::plain);
    ByteRange at = outer(index);
    // `key:` without a value: a blank belongs between.
    if (at.empty() && at.begin > 0 && std::string_view(" \t\r\n").find(source_[at.begin - 1]) == std::string_view::npos) text.insert(0, " ");
    return tried({{at, std::move(text)}}, change);
  }
  // Of a block scalar only its lines are written; what ends it stays, so the new text must end alike.
  const std::string_view old = node.value;
  const std::size_t old_end = old.find_last_not_of('\n') == old.npos ? 0 : old.find_last_not_of('\n') + 1;
  const std::string_view ending = old.substr(old_end);
  const bool keeps_ending = value.ends_with(ending) && (!ending.empty() || !value.ends_with('\n'));
  std::optional<Edit> strip;
  if (!keeps_ending) {
    // `|` becomes `|-` where the text is to end without a line break.
    if (ending != "\n" || value.ends_with('\n')) return cannot("the block it stands in ends otherwise");
    const std::uint32_t first_line = line_begin(node.span.begin);
    const std::size_t header = source_.find_last_of("|>", first_line == 0 ? 0 : first_line - 1);
    if (header == source_.npos) return cannot("the block it stands in ends otherwise");
    strip = Edit{{static_cast<std::uint32_t>(header + 1), static_cast<std::uint32_t>(header + 1)}, "-"};
  }
  std::string_view lines = value.substr(0, value.size() - (keeps_ending ? ending.size() : 0));
  const std::uint32_t indent = node.span.begin - line_begin(node.span.begin);
  std::string text;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    if (!text.empty()) text += line_break_;
    if (!text.empty() && end > 0) text.append(indent, ' ');
    text += lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  Edits edits = {{node.span, std::move(text)}};
  if (strip) edits.push_back(*std::move(strip));
  return tried(std::move(edits), change);
}

Result<Edits> DocumentEdits::write_part(NodeIndex index, ByteRange place, std::string_view text) const {
  const Node& node = document_[index];
  if (is_shared(index)) return cannot("other places take this value by the alias *" + std::string(node.anchor));
  // source_offset() grows with the offset in the value.
  const auto in_value = [&](std::uint32_t wanted) {
    std::uint32_t low = 0, high = static_cast<std::uint32_t>(node.value.size());
    while (low < high) {
      const std::uint32_t middle = (low + high) / 2;
      if (document_.source_offset(index, middle) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const std::uint32_t begin = in_value(place.begin), end = in_value(place.end);
  std::string value(node.value.substr(0, begin));
  value += text;
  value += node.value.substr(end);
  ValueChange change{index, index + 1, {tokens_[index]}};
  change.by.front().value = value;
  std::string written(text);
  if (node.style == ScalarStyle::single_quoted) written = single_quoted(text).substr(1, single_quoted(text).size() - 2);
  if (node.style == ScalarStyle::double_quoted) written = double_quoted(text).substr(1, double_quoted(text).size() - 2);
  if (is_block(node)) {
    const std::uint32_t indent = node.span.begin - line_begin(node.span.begin);
    written.clear();
    for (const char c : text) {
      if (c != '\n') {
        written += c;
        continue;
      }
      written += line_break_;
      written.append(indent, ' ');
    }
  }
  if (auto edits = tried({{place, std::move(written)}}, change)) return edits;
  return write_whole(index, value, false);
}

// -------------------------------------------------------------------------------------------------- entries and items

std::string DocumentEdits::key_source(NodeIndex like, std::string_view key) const {
  const Node* node = like == kNoNode || document_[like].key == kNoNode ? nullptr : &document_[document_[like].key];
  const ScalarStyle style = syntax_ == Syntax::json                   ? ScalarStyle::double_quoted
                            : node != nullptr && !is_block(*node) ? node->style
                                                                      : ScalarStyle::plain;
  return written_like(style, key, {}, true, syntax_) + ": ";
}

Result<Edits> DocumentEdits::insert_element(NodeIndex collection, NodeIndex after, const std::string& source, ValueTokens by) const {
  const NodeIndex at = after == kNoNode ? collection + 1 : subtree_end(after);
  const ValueChange change{at, at, std::move(by)};
  const Node& node = document_[collection];
  const bool flow = syntax_ == Syntax::json || node.first_child == kNoNode ||
                    in_flow(document_[node.first_child].key != kNoNode ? document_[node.first_child].key : node.first_child);
  if (flow && after == kNoNode) {
    const std::uint32_t inside = node.span.begin + 1;
    return tried({{{inside, inside}, source}}, change);
  }
  const std::uint32_t begin = element_begin(after);
  const std::uint32_t line = line_begin(begin);
  const bool own_line = source_.substr(line, begin - line).find_first_not_of(' ') == std::string_view::npos;
  if (flow) {
    std::string text = ",";
    if (own_line && line > node.span.begin) text += std::string(line_break_) + std::string(begin - line, ' ');
    else text += ' ';
    const std::uint32_t end = outer(after).end;
    return tried({{{end, end}, text + source}}, change);
  }
  const std::uint32_t column = node.span.begin - line_begin(node.span.begin);
  std::uint32_t last = document_[after].span.end;
  if (is_quoted(document_[after])) ++last;
  const std::uint32_t end = next_line(last);
  const std::string text = std::string(column, ' ') + source;
  if (end == source_.size() && (end == line_end(last) || end == 0)) return tried({{{end, end}, std::string(line_break_) + text}}, change);
  return tried({{{end, end}, text + std::string(line_break_)}}, change);
}

Result<Edits> DocumentEdits::insert_entry(ByteRange place, std::string_view key, std::string_view value) const {
  NodeIndex mapping = kNoNode;
  for (NodeIndex i = 0; i < document_.size(); ++i)
    if (document_[i].kind == NodeKind::mapping && document_[i].span == place) mapping = i;
  if (mapping == kNoNode) {
    const NodeIndex element = element_at(place);
    if (element != kNoNode && document_[element].kind == NodeKind::alias)
      return cannot("an alias stands there: it belongs where *" + std::string(slice(source_, document_[element].span)) + " is defined");
    if (element != kNoNode && document_[element].kind == NodeKind::mapping && document_[element].key == kNoNode) mapping = element;
    else if (element != kNoNode && document_[element].kind == NodeKind::mapping && document_[document_[element].key].span == place) mapping = element;
    else if (element != kNoNode && document_[document_[element].parent].kind == NodeKind::mapping) mapping = document_[element].parent;
  }
  if (mapping == kNoNode) return cannot("no mapping stands there");
  if (document_.child(mapping, key) != kNoNode) return cannot("it has a `" + std::string(key) + "` already");
  // Behind the entries of one line, where it is seen: `steps:` of a job may be hundreds of lines.
  NodeIndex last = kNoNode, short_one = kNoNode;
  for (NodeIndex child = document_[mapping].first_child; child != kNoNode; child = document_[child].next) {
    last = child;
    if (line_begin(outer(child).end) == line_begin(document_[document_[child].key].span.begin)) short_one = child;
  }
  const bool flow = syntax_ == Syntax::json || last == kNoNode || in_flow(document_[last].key);
  if (!flow && short_one != kNoNode) last = short_one;
  const std::string text = written_like(syntax_ == Syntax::json ? ScalarStyle::double_quoted : ScalarStyle::plain, value, {}, flow, syntax_);
  const std::uint32_t depth = tokens_[mapping].depth + 1;
  return insert_element(mapping, last, key_source(last, key) + text,
                        {{depth, true, NodeKind::scalar, std::string(key), {}, "", ""}, {depth, false, NodeKind::scalar, std::string(value), {}, "", ""}});
}

Result<Edits> DocumentEdits::list_with(NodeIndex only, std::string_view value) const {
  if (only == kNoNode || document_[only].key == kNoNode || is_block(document_[only]) || is_decorated(document_[only]) || outer(only).empty())
    return cannot("no list stands there");
  const Node& node = document_[only];
  const std::uint32_t depth = tokens_[only].depth;
  ValueToken kept = tokens_[only];
  kept.depth = depth + 1;
  const std::string text = "[" + std::string(slice(source_, outer(only))) + ", " + written_like(node.style, value, {}, true, syntax_) + "]";
  return tried({{outer(only), text}}, {only, only + 1,
                                       {{depth, false, NodeKind::sequence, "", {}, "", ""}, std::move(kept),
                                        {depth + 1, false, NodeKind::scalar, std::string(value), {}, "", ""}}});
}

Result<Edits> DocumentEdits::insert_item(ByteRange place, std::string_view value) const {
  NodeIndex sequence = kNoNode, after = kNoNode;
  for (NodeIndex i = 0; i < document_.size(); ++i) {
    const Node& node = document_[i];
    if (node.kind == NodeKind::sequence &&
        (node.span == place || (node.key != kNoNode && document_[node.key].span == place && sequence == kNoNode)))
      sequence = i;
  }
  if (sequence == kNoNode) {
    after = element_at(place);
    if (after == kNoNode) after = scalar_at(place);
    if (after != kNoNode && document_[after].parent != kNoNode && document_.is_sequence(document_[after].parent)) sequence = document_[after].parent;
  }
  if (sequence == kNoNode) return list_with(scalar_at(place), value);
  if (after == kNoNode)
    for (NodeIndex child = document_[sequence].first_child; child != kNoNode; child = document_[child].next) after = child;
  ScalarStyle style = syntax_ == Syntax::json ? ScalarStyle::double_quoted : ScalarStyle::plain;
  if (after != kNoNode && is_quoted(document_[after])) style = document_[after].style;
  const bool flow = syntax_ == Syntax::json || after == kNoNode || in_flow(after);
  const std::string text = written_like(style, value, {}, flow, syntax_);
  return insert_element(sequence, after, (flow ? "" : "- ") + text,
                        {{tokens_[sequence].depth + 1, false, NodeKind::scalar, std::string(value), {}, "", ""}});
}

Result<Edits> DocumentEdits::remove(ByteRange place) const {
  NodeIndex element = element_at(place);
  // A value speaks for the item of a list that it belongs to.
  if (const NodeIndex value = scalar_at(place); value != kNoNode && document_[value].span == place && document_[value].key != kNoNode)
    if (const NodeIndex item = document_[value].parent; document_[item].parent != kNoNode && document_[item].key == kNoNode) element = item;
  if (element == kNoNode) return cannot("no entry begins there");
  const Node& node = document_[element];
  const NodeIndex parent = node.parent;
  const NodeIndex first_token = node.key != kNoNode ? node.key : element;
  ValueChange change{first_token, subtree_end(element), {}};
  const std::uint32_t begin = element_begin(element);
  const NodeIndex before = previous(element);
  if (in_flow(first_token)) {
    if (node.next != kNoNode) return tried({{{begin, element_begin(node.next)}, ""}}, change);
    if (before != kNoNode) return tried({{{outer(before).end, outer(element).end}, ""}}, change);
    return tried({{{begin, outer(element).end}, ""}}, change);
  }
  if (before == kNoNode && node.next == kNoNode) {
    // The last one: what held it stays, empty.
    if (document_[parent].key == kNoNode) return cannot("nothing would be left");
    const NodeIndex key = document_[parent].key;
    const std::size_t colon = source_.find(':', outer(key).end);
    if (colon == source_.npos || colon >= begin) return cannot("the place of its key is not clear");
    const std::uint32_t from = static_cast<std::uint32_t>(colon + 1);
    const std::uint32_t to = line_end(std::max(document_[element].span.end, begin));
    return tried({{{from, to}, document_[parent].kind == NodeKind::sequence ? " []" : " {}"}}, change);
  }
  const std::uint32_t line = line_begin(begin);
  const bool own_line = source_.substr(line, begin - line).find_first_not_of(' ') == std::string_view::npos;
  if (!own_line) {
    // `- name: x` and more below: the next key moves up to the dash.
    if (node.next == kNoNode) return cannot("it shares its line with something else");
    return tried({{{begin, element_begin(node.next)}, ""}}, change);
  }
  std::uint32_t end = outer(element).end;
  end = std::max(end, begin);
  end = next_line(end);
  std::uint32_t from = before == kNoNode && document_[parent].parent == kNoNode ? line : with_comments_above(line, begin - line);
  if (end == source_.size() && end > 0 && source_[end - 1] != '\n' && source_[end - 1] != '\r' && from > 0) {
    // The last line has no line break: the one before it goes instead.
    from -= source_.substr(0, from).ends_with("\r\n") ? 2 : 1;
  }
  return tried({{{from, end}, ""}}, change);
}

Result<Edits> DocumentEdits::merge_duplicate(ByteRange place) const {
  for (const formats::DuplicateKey& twice : document_.duplicate_keys()) {
    if (document_[twice.second].span != place) continue;
    NodeIndex first = kNoNode, second = kNoNode;
    for (NodeIndex i = 0; i < document_.size(); ++i) {
      if (document_[i].key == twice.first) first = i;
      if (document_[i].key == twice.second) second = i;
    }
    if (first == kNoNode || second == kNoNode) break;
    if (is_decorated(document_[first]) || is_decorated(document_[second])) return cannot("it has an anchor or a tag");
    const auto held = [&](NodeIndex node) {
      ValueTokens tokens(tokens_.begin() + node, tokens_.begin() + subtree_end(node));
      return tokens;
    };
    const ValueTokens in_first = held(first), in_second = held(second);
    if (in_first == in_second) return remove(place);
    const Node &a = document_[first], &b = document_[second];
    if (a.kind != b.kind || (a.kind != NodeKind::mapping && a.kind != NodeKind::sequence) || a.first_child == kNoNode || b.first_child == kNoNode)
      return cannot("both hold something, and only one can be meant");
    if (a.kind == NodeKind::mapping) {
      std::set<std::string_view> keys;
      for (const NodeIndex child : document_.children(first)) keys.insert(document_[document_[child].key].value);
      for (const NodeIndex child : document_.children(second))
        if (!keys.insert(document_[document_[child].key].value).second)
          return cannot("both hold the key `" + std::string(document_[document_[child].key].value) + "`");
    }
    if (in_flow(first) || in_flow(second) || source_[a.span.begin] == '{' || source_[b.span.begin] == '{' || source_[a.span.begin] == '[' ||
        source_[b.span.begin] == '[')
      return cannot("it is written in one line");
    auto removed = remove(place);
    if (!removed) return removed;
    NodeIndex last = kNoNode;
    for (NodeIndex child = a.first_child; child != kNoNode; child = document_[child].next) last = child;
    // The lines of the second, as deep as those of the first.
    const std::uint32_t wanted = a.span.begin - line_begin(a.span.begin), depth = b.span.begin - line_begin(b.span.begin);
    const std::uint32_t from = line_begin(b.span.begin), to = next_line(outer(second).end);
    if (from <= document_[twice.second].span.begin) return cannot("it shares its line with its key");
    std::string text;
    for (std::uint32_t line = from; line < to; line = next_line(line)) {
      std::string_view one = source_.substr(line, next_line(line) - line);
      const std::size_t blanks = std::min(one.find_first_not_of(' '), one.size());
      if (one.find_first_not_of(" \r\n") == one.npos) {
        text += one;
        continue;
      }
      if (blanks < depth) return cannot("its lines are not indented alike");
      text += std::string(wanted, ' ');
      text += one.substr(depth);
    }
    if (!text.ends_with('\n') && !text.ends_with('\r')) text += line_break_;
    const std::uint32_t at = next_line(outer(last).end);
    Edits edits = *std::move(removed);
    edits.push_back({{at, at}, std::move(text)});
    std::sort(edits.begin(), edits.end());
    // What the second held stands behind what the first held.
    const NodeIndex begin = subtree_end(first), end = subtree_end(second);
    ValueChange change{begin, end, ValueTokens(in_second.begin() + 1, in_second.end())};
    change.by.insert(change.by.end(), tokens_.begin() + begin, tokens_.begin() + twice.second);
    return tried(std::move(edits), change);
  }
  return cannot("no key stands twice there");
}

// -------------------------------------------------------------------------------------------------- order

NodeIndex DocumentEdits::item_around(NodeIndex sequence, ByteRange place) const {
  NodeIndex around = kNoNode;
  if (place.begin < document_[sequence].span.begin || place.end > document_[sequence].span.end) return kNoNode;
  for (NodeIndex item = document_[sequence].first_child; item != kNoNode; item = document_[item].next)
    if (element_begin(item) <= place.begin) around = item;
  return around;
}

Result<Edits> DocumentEdits::move_item(ByteRange place, ByteRange before) const {
  NodeIndex moved = kNoNode, target = kNoNode;
  for (NodeIndex i = 0; i < document_.size(); ++i) {
    if (document_[i].kind != NodeKind::sequence || document_[i].first_child == kNoNode || in_flow(document_[i].first_child)) continue;
    const NodeIndex from = item_around(i, place), to = item_around(i, before);
    if (from == kNoNode || to == kNoNode || from == to) continue;
    moved = from;
    target = to;
  }
  if (moved == kNoNode || target >= moved) return cannot("the two are not items of one list, the later one below");
  const auto line_of = [&](NodeIndex item) { return line_begin(element_begin(item)); };
  for (const NodeIndex item : {moved, target})
    if (source_.substr(line_of(item), element_begin(item) - line_of(item)).find_first_not_of(' ') != std::string_view::npos)
      return cannot("it shares its line with something else");
  const std::uint32_t column = element_begin(moved) - line_of(moved);
  const std::uint32_t from = with_comments_above(line_of(moved), column), end = next_line(std::max(outer(moved).end, element_begin(moved)));
  const std::uint32_t to = with_comments_above(line_of(target), column);
  std::string text(source_.substr(from, end - from));
  if (!text.ends_with('\n') && !text.ends_with('\r')) return cannot("the file does not end with a line break");
  const NodeIndex first = document_[target].key != kNoNode ? document_[target].key : target, last = subtree_end(moved);
  ValueChange change{first, last, {}};
  change.by.assign(tokens_.begin() + moved, tokens_.begin() + last);
  change.by.insert(change.by.end(), tokens_.begin() + first, tokens_.begin() + moved);
  return tried({{{to, to}, std::move(text)}, {{from, end}, ""}}, change);
}

}  // namespace trueup::fixes
