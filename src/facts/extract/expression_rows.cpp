#include "facts/extract/expression_rows.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "facts/extract/result_rows.hpp"
#include "formats/expression_eval.hpp"

namespace trueup::facts {
namespace {

using formats::Expression;
using formats::ExpressionIndex;
using formats::ExpressionKind;
using formats::ExpressionNode;
using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;

constexpr std::string_view kHole = "${{";

std::string_view to_string(formats::ConstantCause cause) {
  switch (cause) {
    case formats::ConstantCause::none: break;
    case formats::ConstantCause::text_around_template: return "text_around_template";
    case formats::ConstantCause::string_operand: return "string_operand";
    case formats::ConstantCause::literal: return "literal";
    case formats::ConstantCause::status_function: return "status_function";
    case formats::ConstantCause::other: return "other";
  }
  return "other";
}

bool is_chain(ExpressionKind kind) {
  return kind == ExpressionKind::context || kind == ExpressionKind::property || kind == ExpressionKind::index ||
         kind == ExpressionKind::star;
}

/// GitHub knows some 35 events; a list of more is not worth what it costs to look at each.
constexpr std::size_t kMaxEvents = 64;
/// Longer conditions are not evaluated for each event.
constexpr std::size_t kMaxEvaluatedBytes = 8u << 10;

/// What comparing with shows whether something is there: '' and null.
bool is_nothing(const ExpressionNode& node) {
  return node.kind == ExpressionKind::null_literal ||
         (node.kind == ExpressionKind::string_literal && node.text.empty());
}

bool is_text_test(const ExpressionNode& call) {
  return equal_ignoring_ascii_case(call.text, "contains") || equal_ignoring_ascii_case(call.text, "startsWith") ||
         equal_ignoring_ascii_case(call.text, "endsWith");
}

/// The first node behind a value and all that it holds; nodes stand in document order.
NodeIndex end_of(const formats::Document& document, NodeIndex index) {
  for (; index != kNoNode; index = document[index].parent) {
    const NodeIndex next = document[index].next;
    if (next == kNoNode) continue;
    return document[next].key == kNoNode ? next : document[next].key;
  }
  return document.roots().size() > 1 ? document.roots()[1] : document.size();
}

}  // namespace

std::vector<bool> find_fallbacks(const Expression& expression, const std::vector<formats::ContextRead>& reads,
                                 bool is_condition) {
  // The usual case: the whole expression is one chain.
  if (reads.size() == 1 && reads.front().range == expression[expression.root()].range) return {is_condition};
  constexpr ExpressionIndex kNone = 0xFFFFFFFF;
  std::vector<ExpressionIndex> parent(expression.nodes().size(), kNone);
  std::vector<std::pair<std::uint32_t, ExpressionIndex>> chains;  // the last node of each, by where it begins
  for (ExpressionIndex i = 0; i < parent.size(); ++i)
    for (const ExpressionIndex operand : expression[i].operands) parent[operand] = i;
  for (ExpressionIndex i = 0; i < parent.size(); ++i) {
    if (!is_chain(expression[i].kind)) continue;
    const bool goes_on =
        parent[i] != kNone && is_chain(expression[parent[i]].kind) && expression[parent[i]].operands.front() == i;
    if (!goes_on) chains.emplace_back(expression[i].range.begin, i);
  }
  std::sort(chains.begin(), chains.end());

  const auto is_tested = [&](ExpressionIndex at) {
    for (; parent[at] != kNone; at = parent[at]) {
      const ExpressionNode& above = expression[parent[at]];
      switch (above.kind) {
        case ExpressionKind::disjunction:
        case ExpressionKind::conjunction:
          if (above.operands.back() != at) return true;
          break;  // the result is this value: what is done with it counts
        case ExpressionKind::negation: return true;
        case ExpressionKind::equal:
        case ExpressionKind::not_equal: {
          const ExpressionIndex other = above.operands.front() == at ? above.operands.back() : above.operands.front();
          return is_nothing(expression[other]);
        }
        case ExpressionKind::call: return is_text_test(above);
        default: return false;
      }
    }
    return is_condition;
  };

  std::vector<bool> fallbacks(reads.size(), false);
  for (std::size_t i = 0; i < reads.size(); ++i) {
    const std::pair first(reads[i].range.begin, ExpressionIndex{0});
    const auto chain = std::lower_bound(chains.begin(), chains.end(), first);
    fallbacks[i] = chain != chains.end() && chain->first == reads[i].range.begin && is_tested(chain->second);
  }
  return fallbacks;
}

ExpressionRows::ExpressionRows(GithubReader& reader)
    : reader_(reader),
      wants_reads_(reader.rows().wants(Table::context_read) || reader.rows().wants(Table::result_test)),
      wants_errors_(reader.rows().wants(Table::expression_error)),
      wants_conditions_(reader.rows().wants(Table::condition)),
      wants_events_(reader.rows().wants(Table::condition_event) || reader.rows().wants(Table::condition_test)) {
  wants_reads_ = wants_reads_ || reader.rows().wants(Table::context_gap);
  wants_conditions_ = wants_conditions_ || wants_events_;
}

void ExpressionRows::set_triggers(std::vector<Trigger> triggers) {
  if (triggers.size() > kMaxEvents) return;
  for (Trigger& trigger : triggers)
    events_.push_back({trigger.row, formats::EventContext(trigger.event), formats::EventContext(trigger.event, false)});
}

void ExpressionRows::scan(NodeIndex written, Owner owner, NodeIndex without) {
  if (written != kNoNode && (wants_reads_ || wants_errors_)) scan(written, owner, without, 0);
}

void ExpressionRows::scan(NodeIndex written, Owner owner, NodeIndex without, std::uint32_t depth) {
  const formats::Document& document = reader_.document();
  // Each alias may lead to a value with aliases of its own, further up.
  if (depth > limits::kMaxDepth) {
    reader_.pay(UINT64_MAX);
    return;
  }
  const NodeIndex end = end_of(document, written);
  for (NodeIndex i = written; i < end && !reader_.exhausted(); ++i) {
    if (i == without) {
      i = end_of(document, i) - 1;
      continue;
    }
    const Node& node = document[i];
    if (!reader_.pay_for(i)) return;
    if (node.kind == NodeKind::scalar) {
      if (node.value.find(kHole) != std::string_view::npos) read_templates(i, owner);
    } else if (node.kind == NodeKind::alias && node.target != kNoNode) {
      scan(node.target, owner, kNoNode, depth + 1);
    }
  }
}

void ExpressionRows::read_templates(NodeIndex scalar, Owner owner) {
  const std::string_view text = reader_.document()[scalar].value;
  for (const formats::TemplateRegion& region : formats::find_templates(text)) {
    if (!region.closed) {
      const Error error{Fault::malformed, "this ${{ has no }}", {}};
      add_error(scalar, error, {region.outer.begin, region.outer.begin + 3}, 0);
      return;
    }
    const auto expression = Expression::parse(slice(text, region.inner));
    if (expression) add_reads(*expression, {scalar, region.inner.begin, owner, false}, false);
    else add_error(scalar, expression.error(), region.outer, region.inner.begin);
  }
}

void ExpressionRows::read_condition(NodeIndex node, Owner owner) {
  if (!wants_conditions_ && !wants_reads_ && !wants_errors_) return;
  node = reader_.document().resolved(node);
  const auto text = reader_.text(node);
  if (!text || !reader_.pay_for(node)) return;

  const formats::ConditionReading reading = formats::analyse_condition(*text);
  const ByteRange whole{0, static_cast<std::uint32_t>(text->size())};
  if (reading.problem) add_error(node, *reading.problem, whole, 0);
  LocalId condition;
  if (wants_conditions_) {
    ConditionRow row;
    row.job = owner.job;
    row.step = owner.step;
    row.span = reader_.span(node);
    row.expression = *text;
    if (reading.constant) row.constant = *reading.constant;
    if (reading.cause != formats::ConstantCause::none) {
      row.cause = to_string(reading.cause);
      // White space is a poor thing to point at, if there is a word that does the same.
      const auto is_visible = [&](ByteRange range) { return !trim(slice(*text, range)).empty(); };
      auto guilty = std::find_if(reading.guilty.begin(), reading.guilty.end(), is_visible);
      if (guilty == reading.guilty.end()) guilty = reading.guilty.begin();
      if (guilty != reading.guilty.end()) row.cause_span = reader_.span(node, *guilty);
    } else {
      // A part of it is constant: `push && (ref == 'a' || 'b')`.
      for (const formats::StringOperand& operand : reading.string_operands) {
        if (!operand.decides) continue;
        row.cause = to_string(formats::ConstantCause::string_operand);
        row.cause_span = reader_.span(node, operand.range);
        break;
      }
    }
    condition = reader_.rows().add(std::move(row));
  }

  if (reading.problem || (!wants_reads_ && !wants_events_)) return;
  const bool depends = wants_events_ && !reading.constant && text->size() <= kMaxEvaluatedBytes;
  const std::vector<formats::TemplateRegion> regions = formats::find_templates(*text);
  if (regions.empty()) {
    const auto expression = Expression::parse(*text);
    if (!expression) return;
    add_reads(*expression, {node, 0, owner, true}, true);
    if (depends) add_events(*expression, {node, 0, owner, true}, condition);
    return;
  }
  const bool is_whole = regions.size() == 1 && regions.front().outer == whole;
  for (const formats::TemplateRegion& region : regions) {
    const auto expression = Expression::parse(slice(*text, region.inner));
    if (!expression) continue;
    add_reads(*expression, {node, region.inner.begin, owner, true}, is_whole);
    if (depends && is_whole) add_events(*expression, {node, region.inner.begin, owner, true}, condition);
  }
}

void ExpressionRows::add_events(const Expression& condition, const Place& place, LocalId row) {
  const std::vector<formats::ContextRead> reads = formats::context_reads(condition);
  std::vector<SpanRef> spans;  // of each test, one for all events
  for (const Event& event : events_) {
    const formats::ExpressionEnvironment environment = event.context.environment();
    const formats::Truth whole = formats::truth_of(condition, environment);
    if (whole != formats::Truth::unknown)
      reader_.rows().add(ConditionEventRow{row, event.trigger, whole == formats::Truth::truthy});
    if (!reader_.rows().wants(Table::condition_test)) continue;
    const std::vector<formats::ConditionTest> tests = formats::test_condition(condition, environment);
    const std::vector<formats::ConditionTest> of_any = formats::test_condition(condition, event.of_any_filters.environment());
    spans.resize(tests.size());
    for (std::size_t i = 0; i < tests.size(); ++i) {
      const formats::ConditionTest& test = tests[i];
      if (test.reached && test.truth == formats::Truth::unknown) continue;
      ConditionTestRow found;
      found.condition = row;
      found.workflow_trigger = event.trigger;
      if (!spans[i])
        spans[i] = reader_.span(place.scalar, {place.offset + test.range.begin, place.offset + test.range.end});
      found.span = spans[i];
      if (test.reached) found.result = test.truth == formats::Truth::truthy;
      found.whatever_filters = test.reached && of_any[i].truth == test.truth;
      auto read = std::lower_bound(reads.begin(), reads.end(), test.range.begin,
                                   [](const formats::ContextRead& a, std::uint32_t at) { return a.range.begin < at; });
      for (; read != reads.end() && read->range.begin < test.range.end; ++read) {
        if (!found.reads) found.reads = read->path();
        if (!found.gap && event.context.never_gives(read->path())) found.gap = read->path();
      }
      reader_.rows().add(std::move(found));
    }
  }
}

void ExpressionRows::add_reads(const Expression& expression, const Place& place, bool is_condition) {
  if (!wants_reads_) return;
  add_result_tests(reader_, expression, place.scalar, place.offset, place.owner, is_condition);
  const std::vector<formats::ContextRead> reads = formats::context_reads(expression);
  if (reads.empty()) return;
  const std::vector<bool> fallbacks = find_fallbacks(expression, reads, is_condition);
  for (std::size_t i = 0; i < reads.size(); ++i) {
    const formats::ContextRead& read = reads[i];
    ContextReadRow row;
    row.job = place.owner.job;
    row.step = place.owner.step;
    row.span = reader_.span(place.scalar, {place.offset + read.range.begin, place.offset + read.range.end});
    row.path = read.path();
    row.exact = read.exact && !read.escapes;
    row.has_fallback = fallbacks[i];
    row.in_condition = place.in_condition;
    const LocalId added = reader_.rows().add(std::move(row));
    const bool of_run = read.keys.front().name == "github" || read.keys.front().name == "inputs";
    if (!of_run || !reader_.rows().wants(Table::context_gap)) continue;
    for (const Event& event : events_)
      if (event.context.never_gives(read.path())) reader_.rows().add(ContextGapRow{added, event.trigger});
  }
}

void ExpressionRows::add_error(NodeIndex scalar, const Error& error, ByteRange whole, std::uint32_t offset) {
  if (!wants_errors_) return;
  ByteRange at = whole;
  if (error.at) at = {offset + error.at->begin, offset + error.at->end};
  reader_.rows().add(ExpressionErrorRow{reader_.span(scalar, at), error.message});
}

}  // namespace trueup::facts
