#include "formats/yaml_events.hpp"
#include "formats/yaml.hpp"

#include <yaml.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "base/limits.hpp"
#include "formats/document_builder.hpp"
#include "formats/scalar_walk.hpp"

// libyaml's events, made into a Document. What libyaml tells of places is not what we want to know:
//   - its marks count characters, behind a byte order mark (which we take off, so that it cannot shift anything);
//   - a scalar begins at its anchor or tag, and a quoted one at its quote;
//   - a block scalar begins at its indicator and ends behind its trailing blank lines;
//   - a block collection ends at the next token, which may stand many lines below;
//   - an empty value in a flow collection stands at the next token too.
// So begin and end are found in the source, from the marks, and the end of the last token is kept along the way.

namespace trueup::formats {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// libyaml compares each %TAG with all before it, and copies the prefix for each use. Files of the field have none.
constexpr std::uint32_t kMaxTagDirectives = 64;
constexpr std::uint32_t kMaxTagDirectiveBytes = 1024;

/// For each token libyaml looks at every bracket that is open: 2 million values in 499 brackets take it 10 s. Events
/// times open brackets stay below this, which a file with 30 brackets around its largest part does not reach.
constexpr std::uint64_t kMaxFlowWork = 64'000'000;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view as_view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

/// From character indices to bytes, in one pass as long as the indices grow; small steps back are fine.
class CharacterIndex {
 public:
  CharacterIndex(std::string_view source, std::uint32_t first_byte) : source_(source), byte_(first_byte) {
    while (byte_ + 8 <= source.size() && word_is_ascii(byte_)) byte_ += 8;
    while (byte_ < source.size() && !(source[byte_] & 0x80)) ++byte_;
    character_ = ascii_characters_ = byte_ - first_byte;
    first_byte_ = first_byte;
  }

  std::uint32_t byte_of(std::size_t character) {
    if (character <= ascii_characters_) return first_byte_ + static_cast<std::uint32_t>(character);
    for (; character_ > character; --character_)
      while (byte_ > 0 && continues(--byte_)) {}
    while (character_ < character && byte_ < source_.size()) {
      if (character - character_ >= 8 && byte_ + 8 <= source_.size() && word_is_ascii(byte_)) {
        byte_ += 8;
        character_ += 8;
        continue;
      }
      ++byte_;
      while (byte_ < source_.size() && continues(byte_)) ++byte_;
      ++character_;
    }
    return byte_;
  }

 private:
  bool continues(std::uint32_t at) const { return (static_cast<unsigned char>(source_[at]) & 0xC0) == 0x80; }
  bool word_is_ascii(std::uint32_t at) const {
    std::uint64_t word;
    std::memcpy(&word, source_.data() + at, sizeof word);
    return (word & 0x8080808080808080u) == 0;
  }

  std::string_view source_;
  std::uint32_t byte_, first_byte_ = 0;
  std::size_t character_ = 0, ascii_characters_ = 0;
};

class YamlReader {
 public:
  explicit YamlReader(std::string_view source)
      : source_(source.substr(0, limits::kMaxBlobBytes)),
        first_byte_(source.starts_with(kByteOrderMark) ? 3 : 0),
        builder_(source),
        bytes_(source_, first_byte_),
        token_end_(first_byte_) {}

  Document read() {
    if (builder_.ok()) refuse_utf16();
    if (builder_.ok()) refuse_many_tag_directives();
    if (builder_.ok()) read_events();
    return builder_.finish(token_end_);
  }

 private:
  void refuse_utf16();
  void refuse_many_tag_directives();
  void read_events();
  void read_event(const yaml_event_t& event);
  void report(const yaml_parser_t& parser);

  void read_scalar(const yaml_event_t& event);
  void read_alias(const yaml_event_t& event);
  void open_collection(const yaml_event_t& event);
  void close_collection(const yaml_event_t& event, bool is_flow);

  /// Where the content begins behind anchor and tag; gives them to the node as views that live as long as the document.
  std::uint32_t after_properties(std::uint32_t begin, std::uint32_t end, const yaml_char_t* anchor,
                                 const yaml_char_t* tag, Node& node);
  void remember_anchor(const Node& node, NodeIndex index);
  std::uint32_t place_of_empty(std::uint32_t mark) const;
  void place_block_scalar(std::uint32_t indicator, std::uint32_t end, Node& node);

  std::uint32_t byte_of(const yaml_mark_t& mark) { return bytes_.byte_of(mark.index); }
  std::string_view text(std::uint32_t begin, std::uint32_t end) const { return source_.substr(begin, end - begin); }
  char char_at(std::uint32_t at) const { return at < source_.size() ? source_[at] : '\0'; }
  std::uint32_t after_comment(std::uint32_t at, std::uint32_t end) const;

  std::string_view source_;
  std::uint32_t first_byte_;
  DocumentBuilder builder_;
  CharacterIndex bytes_;
  std::uint32_t token_end_;  // behind the last token of a node
  std::uint32_t flow_depth_ = 0;
  std::uint64_t flow_work_ = 0;
  // A map, not a hash map: anchors are rare, and names that collide cost nothing here.
  std::map<std::string_view, NodeIndex> anchors_;
};

void YamlReader::refuse_utf16() {
  if (source_.starts_with("\xFE\xFF") || source_.starts_with("\xFF\xFE"))
    builder_.fail(Fault::malformed, "UTF-16 where UTF-8 is wanted", {0, 2});
}

void YamlReader::refuse_many_tag_directives() {
  std::uint32_t count = 0;
  for (std::size_t at = 0; (at = source_.find("%TAG", at)) != std::string_view::npos; ++at) {
    // Any break of YAML 1.1 may stand before it; the last byte of each is enough to know.
    constexpr std::string_view kEndOfBreak = "\n\r\x85\xA8\xA9";
    if (at > first_byte_ && kEndOfBreak.find(source_[at - 1]) == std::string_view::npos) continue;
    const std::size_t end = std::min(source_.find_first_of("\n\r", at), source_.size());
    if (++count <= kMaxTagDirectives && end - at <= kMaxTagDirectiveBytes) continue;
    const auto begin = static_cast<std::uint32_t>(at);
    builder_.fail(Fault::over_limit, "too many or too long %TAG directives", {begin, begin + 4});
    return;
  }
}

void YamlReader::read_events() {
  ParserHandle handle;
  if (!handle.ready) {
    builder_.fail(Fault::over_limit, "out of memory", {});
    return;
  }
  yaml_parser_set_encoding(&handle.parser, YAML_UTF8_ENCODING);
  const std::string_view input = source_.substr(first_byte_);
  yaml_parser_set_input_string(&handle.parser, reinterpret_cast<const unsigned char*>(input.data()), input.size());
  while (builder_.ok()) {
    const EventHandle next(handle.parser);
    if (!next.ready) {
      report(handle.parser);
      return;
    }
    if (next.event.type == YAML_STREAM_END_EVENT || next.event.type == YAML_NO_EVENT) return;
    read_event(next.event);
  }
}

void YamlReader::report(const yaml_parser_t& parser) {
  const std::string problem = parser.problem ? parser.problem : "not readable";
  if (parser.error == YAML_MEMORY_ERROR) {
    builder_.fail(Fault::over_limit, "out of memory", {});
  } else if (parser.error == YAML_READER_ERROR) {
    const std::uint32_t at = first_byte_ + static_cast<std::uint32_t>(parser.problem_offset);
    builder_.fail(Fault::malformed, problem, {at, at + 1});
  } else {
    const std::string message = parser.context ? problem + " " + parser.context : problem;
    const std::uint32_t at = byte_of(parser.problem_mark);
    builder_.fail(Fault::malformed, message, {at, bytes_.byte_of(parser.problem_mark.index + 1)});
  }
}

void YamlReader::read_event(const yaml_event_t& event) {
  flow_work_ += flow_depth_;
  if (flow_work_ > kMaxFlowWork) {
    const std::uint32_t at = byte_of(event.start_mark);
    builder_.fail(Fault::over_limit, "too many values in deeply nested brackets", {at, at + 1});
    return;
  }
  switch (event.type) {
    case YAML_DOCUMENT_START_EVENT:
      anchors_.clear();
      token_end_ = byte_of(event.end_mark);
      break;
    case YAML_SCALAR_EVENT: read_scalar(event); break;
    case YAML_ALIAS_EVENT: read_alias(event); break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT: open_collection(event); break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: close_collection(event, flow_depth_ > 0); break;
    default: break;
  }
}

/// Past blanks and a comment, or one line break; `at` itself where none of them stands there.
std::uint32_t YamlReader::after_comment(std::uint32_t at, std::uint32_t end) const {
  while (at < end && is_blank(source_[at])) ++at;
  if (at < end && source_[at] == '#')
    while (at < end && !line_break_length(source_, at)) ++at;
  return at < end ? at + line_break_length(source_, at) : at;
}

std::uint32_t YamlReader::after_properties(std::uint32_t begin, std::uint32_t end, const yaml_char_t* anchor,
                                           const yaml_char_t* tag, Node& node) {
  std::uint32_t at = begin;
  while (at < end && (source_[at] == '&' || source_[at] == '!')) {
    const std::uint32_t property = at;
    if (source_[at] == '&') {
      at += 1 + static_cast<std::uint32_t>(as_view(anchor).size());
      node.anchor = text(property + 1, at);
    } else {
      const bool verbatim = char_at(at + 1) == '<';
      while (at < end && !is_blank(source_[at]) && !line_break_length(source_, at) &&
             (verbatim || flow_depth_ == 0 || source_[at] != ','))
        ++at;
      const std::string_view written = text(property, at), resolved = as_view(tag);
      node.tag = resolved == written ? written : builder_.keep(resolved);
    }
    for (std::uint32_t next; (next = after_comment(at, end)) != at;) at = next;
  }
  return at;
}

void YamlReader::remember_anchor(const Node& node, NodeIndex index) {
  if (!node.anchor.empty() && index != kNoNode) anchors_[node.anchor] = index;
}

/// libyaml puts an empty value right behind its indicator in a block, and at the next token elsewhere.
std::uint32_t YamlReader::place_of_empty(std::uint32_t mark) const {
  if (builder_.depth() == 0) return token_end_;
  if (flow_depth_ == 0) {
    const char before = mark > token_end_ ? source_[mark - 1] : '\0';
    if (builder_.expects_key() || before == ':' || before == '-' || before == '?') return mark;
    return token_end_;
  }
  std::uint32_t place = builder_.expects_key() ? mark : token_end_;
  for (std::uint32_t at = token_end_; at < mark;) {
    const std::uint32_t next = after_comment(at, mark);
    if (next != at) {
      at = next;
      continue;
    }
    ++at;
    if (source_[at - 1] == ':' || source_[at - 1] == '?') place = at;
  }
  return place;
}

void YamlReader::place_block_scalar(std::uint32_t indicator, std::uint32_t end, Node& node) {
  std::uint32_t header = indicator + 1;
  while (header < end && std::string_view("+-0123456789").find(source_[header]) != std::string_view::npos) ++header;
  node.span = {header, header};
  std::uint32_t lines = header;
  while (lines < end && !line_break_length(source_, lines)) ++lines;
  if (lines < end) lines += line_break_length(source_, lines);

  // Back over blank lines, then forward over blanks that end the last line of content.
  std::uint32_t last = end;
  for (bool blank = true; blank && last > lines;) {
    const char c = source_[last - 1];
    const std::uint32_t width = is_blank(c) || c == '\n' || c == '\r'            ? 1
                                : last - lines >= 2 && line_break_length(source_, last - 2) == 2 ? 2
                                : last - lines >= 3 && line_break_length(source_, last - 3) == 3 ? 3
                                                                                                 : 0;
    blank = width != 0;
    last -= width;
  }
  if (last <= lines) return;
  while (last < end && is_blank(source_[last])) ++last;

  const std::uint32_t indentation = block_indentation(text(lines, end), node.value);
  std::uint32_t begin = lines;
  while (begin < last && begin - lines < indentation && source_[begin] == ' ') ++begin;
  node.span = {begin, last};
}

void YamlReader::read_scalar(const yaml_event_t& event) {
  const auto& scalar = event.data.scalar;
  Node node;
  node.value = {reinterpret_cast<const char*>(scalar.value), scalar.length};
  const std::uint32_t mark = byte_of(event.start_mark), end = byte_of(event.end_mark);
  std::uint32_t begin = after_properties(mark, end, scalar.anchor, scalar.tag, node);
  const bool has_properties = begin != mark;
  switch (scalar.style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      node.style = scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ? ScalarStyle::single_quoted
                                                                   : ScalarStyle::double_quoted;
      node.span = {begin + 1, std::max(begin + 1, end - 1)};
      token_end_ = end;
      break;
    case YAML_LITERAL_SCALAR_STYLE:
    case YAML_FOLDED_SCALAR_STYLE:
      node.style = scalar.style == YAML_LITERAL_SCALAR_STYLE ? ScalarStyle::literal : ScalarStyle::folded;
      place_block_scalar(begin, end, node);
      token_end_ = node.span.end;
      break;
    default:
      if (node.value.empty() && !has_properties) begin = place_of_empty(mark);
      node.span = {begin, node.value.empty() ? begin : end};
      token_end_ = std::max(token_end_, node.span.end);
      break;
  }
  const std::string_view written = source_.substr(node.span.begin, node.value.size());
  node.value = written == node.value ? written : builder_.keep(node.value);
  remember_anchor(node, builder_.add(node));
}

void YamlReader::read_alias(const yaml_event_t& event) {
  Node node;
  node.kind = NodeKind::alias;
  node.span = {byte_of(event.start_mark) + 1, byte_of(event.end_mark)};
  const std::string_view name = text(node.span.begin, node.span.end);
  const auto target = anchors_.find(name);
  if (target == anchors_.end()) {
    builder_.fail(Fault::malformed, "alias of an anchor that is not there before it", node.span);
    return;
  }
  node.target = target->second;
  const Node& anchored = builder_[node.target];
  if (anchored.kind != NodeKind::scalar && anchored.span.empty()) {  // still open
    builder_.fail(Fault::malformed, "alias inside the value that its anchor names", node.span);
    return;
  }
  token_end_ = node.span.end;
  builder_.add(node);
}

void YamlReader::open_collection(const yaml_event_t& event) {
  Node node;
  const bool is_mapping = event.type == YAML_MAPPING_START_EVENT;
  const auto& mapping = event.data.mapping_start;
  const auto& sequence = event.data.sequence_start;
  node.kind = is_mapping ? NodeKind::mapping : NodeKind::sequence;
  const std::uint32_t mark = byte_of(event.start_mark), end = byte_of(event.end_mark);
  std::uint32_t begin = after_properties(mark, end, is_mapping ? mapping.anchor : sequence.anchor,
                                         is_mapping ? mapping.tag : sequence.tag, node);
  // The end mark stands behind a bracket, behind the dash of a list that is not indented, else at the first key or
  // dash.
  if (is_mapping ? mapping.style == YAML_FLOW_MAPPING_STYLE : sequence.style == YAML_FLOW_SEQUENCE_STYLE) {
    ++flow_depth_;
    const bool is_pair = event.start_mark.index == event.end_mark.index || source_[end - 1] == '?';  // `[a: b]`
    if (!is_pair) begin = end - 1;
    token_end_ = is_pair ? begin : end;
  } else {
    begin = is_mapping || char_at(end) == '-' ? end : end - 1;
    token_end_ = begin;
  }
  node.span = {begin, begin};
  remember_anchor(node, builder_.open(node));
}

void YamlReader::close_collection(const yaml_event_t& event, bool is_flow) {
  if (is_flow) {
    --flow_depth_;
    const std::uint32_t end = byte_of(event.end_mark);
    // A pair in a list, `[a: b]`, is a mapping without brackets of its own: its end is no token.
    if (event.start_mark.index != event.end_mark.index) token_end_ = end;
  }
  builder_.close(token_end_);
}

}  // namespace

Document parse_yaml(std::string_view source) { return YamlReader(source).read(); }

}  // namespace trueup::formats
