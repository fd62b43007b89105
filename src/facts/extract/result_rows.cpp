#include "facts/extract/result_rows.hpp"

#include <utility>

#include "base/text.hpp"

namespace trueup::facts {
namespace {

using formats::Expression;
using formats::ExpressionIndex;
using formats::ExpressionKind;
using formats::ExpressionNode;

/// `needs.build.result`, in lower case but for the id; nothing for what is no result, or computed.
std::string result_path(const Expression& expression, ExpressionIndex index) {
  std::string path;
  for (;; index = expression[index].operands.front()) {
    const ExpressionNode& node = expression[index];
    std::string_view key = node.text;
    if (node.kind == ExpressionKind::index) {
      const ExpressionNode& inside = expression[node.operands[1]];
      if (inside.kind != ExpressionKind::string_literal) return {};
      key = inside.text;
    } else if (node.kind != ExpressionKind::property && node.kind != ExpressionKind::context) {
      return {};
    }
    if (key.empty()) return {};
    path = path.empty() ? std::string(key) : std::string(key) + '.' + path;
    if (node.kind == ExpressionKind::context) break;
  }
  const std::vector<std::string_view> keys = split(path, '.');
  const auto is = [&](std::size_t i, std::string_view name) { return equal_ignoring_ascii_case(keys[i], name); };
  if (keys.size() == 2 && is(0, "job") && is(1, "status")) return "job.status";
  if (keys.size() != 3) return {};
  if (is(0, "needs") && is(2, "result")) return "needs." + std::string(keys[1]) + ".result";
  if (is(0, "steps") && (is(2, "outcome") || is(2, "conclusion")))
    return "steps." + std::string(keys[1]) + '.' + ascii_lower(keys[2]);
  return {};
}

}  // namespace

void add_result_tests(GithubReader& reader, const Expression& expression, formats::NodeIndex scalar, std::uint32_t offset,
                      Owner owner, bool in_condition) {
  if (!reader.rows().wants(Table::result_test)) return;
  for (const ExpressionNode& node : expression.nodes()) {
    if (node.kind != ExpressionKind::equal && node.kind != ExpressionKind::not_equal) continue;
    for (const std::size_t right : {1u, 0u}) {
      const ExpressionNode& literal = expression[node.operands[right]];
      if (literal.kind != ExpressionKind::string_literal) continue;
      std::string path = result_path(expression, node.operands[1 - right]);
      if (path.empty()) continue;
      const auto at = [&](ByteRange range) { return reader.span(scalar, {offset + range.begin, offset + range.end}); };
      ResultTestRow row;
      row.job = owner.job;
      row.step = owner.step;
      row.span = at({literal.range.begin + 1, literal.range.end - 1});
      row.test_span = at(node.range);
      row.in_condition = in_condition;
      row.path = std::move(path);
      row.comparison = node.kind == ExpressionKind::equal ? "==" : "!=";
      row.result = literal.text;
      reader.rows().add(std::move(row));
      break;
    }
  }
}

}  // namespace trueup::facts
