#include "formats/template_text.hpp"

#include <vector>

#include "formats/expression.hpp"

namespace trueup::formats {
namespace {

/// One character, or a hole.
struct Piece {
  char character = 0;
  bool hole = false;
};

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  std::size_t at = 0;
  const auto add_text = [&](std::size_t end) {
    for (; at < end; ++at) pieces.push_back({text[at], false});
  };
  for (const TemplateRegion& region : find_templates(text)) {
    add_text(region.outer.begin);
    if (pieces.empty() || !pieces.back().hole) pieces.push_back({0, true});
    at = region.outer.end;
  }
  add_text(text.size());
  return pieces;
}

}  // namespace

std::optional<Expression> condition_expression(std::string_view if_text) {
  const std::vector<TemplateRegion> regions = find_templates(if_text);
  if (!regions.empty()) {
    const ByteRange outer = regions.front().outer;
    if (regions.size() > 1 || !regions.front().closed || outer.begin != 0 || outer.end != if_text.size()) return std::nullopt;
    const ByteRange inner = regions.front().inner;
    if_text = if_text.substr(inner.begin, inner.end - inner.begin);
  }
  auto expression = Expression::parse(if_text);
  return expression ? std::optional(*std::move(expression)) : std::nullopt;
}

std::string fill_template(std::string_view text, const ExpressionEnvironment& environment) {
  std::string filled;
  std::size_t at = 0;
  for (const TemplateRegion& region : find_templates(text)) {
    filled += text.substr(at, region.outer.begin - at);
    at = region.outer.end;
    const auto expression = Expression::parse(text.substr(region.inner.begin, region.inner.end - region.inner.begin));
    const auto value = region.closed && expression ? evaluate(*expression, environment).printed() : std::nullopt;
    filled += value ? std::string_view(*value) : text.substr(region.outer.begin, region.outer.end - region.outer.begin);
  }
  filled += text.substr(at);
  return filled;
}

bool templates_can_agree(std::string_view a, std::string_view b) {
  if (a.size() > kMaxComparedBytes || b.size() > kMaxComparedBytes) return true;
  const std::vector<Piece> left = pieces_of(a), right = pieces_of(b);
  // can[j]: the pieces of `left` so far and the first j of `right` can be the same text.
  std::vector<char> can(right.size() + 1, 0);
  can[0] = 1;
  for (std::size_t j = 0; j < right.size() && right[j].hole; ++j) can[j + 1] = 1;
  for (const Piece& piece : left) {
    std::vector<char> next(right.size() + 1, 0);
    next[0] = piece.hole && can[0];
    for (std::size_t j = 0; j < right.size(); ++j) {
      const bool hole = right[j].hole;
      if (piece.hole) next[j + 1] = can[j + 1] || next[j] || (hole && can[j]);
      else if (hole) next[j + 1] = next[j] || can[j + 1];
      else next[j + 1] = can[j] && piece.character == right[j].character;
    }
    can = std::move(next);
  }
  return can.back() != 0;
}

}  // namespace trueup::formats
