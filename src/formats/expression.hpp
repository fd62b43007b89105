#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/span.hpp"

/// Expressions of GitHub Actions: `${{ … }}` in a text, and the language inside. Nothing is evaluated here
/// (expression_eval.hpp does). All places are bytes of the text that was given, a decoded YAML scalar as a rule.
namespace trueup::formats {

/// One `${{ … }}` of a text. `outer` is with the braces, `inner` without. A brace pair inside a string literal ('…',
/// with '' for a quote) does not end it. Without an end (`closed` is false; GitHub refuses the file) both reach to the
/// end of the text.
struct TemplateRegion {
  ByteRange outer, inner;
  bool closed = true;
  friend bool operator==(const TemplateRegion&, const TemplateRegion&) = default;
};

/// All `${{ … }}` of a text, in order.
std::vector<TemplateRegion> find_templates(std::string_view text);

enum class ExpressionKind : std::uint8_t {
  null_literal,
  boolean_literal,
  number_literal,
  string_literal,
  context,   ///< a name at the root of a chain: `github`
  property,  ///< child `.name`: one operand, the object
  index,     ///< `[…]`: operands object, index
  star,      ///< `.*` or `[*]`: one operand, the object
  call,      ///< operands are the arguments
  negation,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  equal,
  not_equal,
  conjunction,  ///< `&&`: two or more operands
  disjunction,  ///< `||`: two or more operands
};

using ExpressionIndex = std::uint32_t;

struct ExpressionNode {
  ExpressionKind kind = ExpressionKind::null_literal;
  ByteRange range;       ///< of the whole sub-expression, without parentheses around it; of a string with its quotes
  ByteRange name_range;  ///< of a context, property or call: the name alone; else equal to `range`
  std::string text;      ///< decoded string literal; name of a context, property or call, as written
  double number = 0;
  bool boolean = false;
  std::vector<ExpressionIndex> operands;
};

/// The tree of one expression. Operands have smaller indexes than the node that they belong to; root() is the last
/// node.
class Expression {
 public:
  /// Parses what stands between the braces, or the bare text of an `if:`. Errors: Fault::malformed at the byte that
  /// does not fit, saying what was expected; Fault::over_limit for more than kMaxExpressionBytes or a nesting over
  /// kMaxExpressionDepth.
  /// An unknown context or function is no error here. Source: GitHub's manual, "Evaluate expressions in workflows and
  /// actions".
  static Result<Expression> parse(std::string_view inner);

  const std::vector<ExpressionNode>& nodes() const { return nodes_; }
  const ExpressionNode& operator[](ExpressionIndex index) const { return nodes_[index]; }
  ExpressionIndex root() const { return static_cast<ExpressionIndex>(nodes_.size() - 1); }

 private:
  std::vector<ExpressionNode> nodes_;
};

/// One step of a path that an expression reads. `range` is the key's text: of `a['b']` the b without quotes.
struct ContextKey {
  std::string name;
  ByteRange range;
  friend bool operator==(const ContextKey&, const ContextKey&) = default;
};

/// A context value that an expression reads, as far as the text tells: `steps.build.outputs.tag`.
struct ContextRead {
  std::vector<ContextKey> keys;  ///< the first is the context, in lower case; others as written, `[0]` as "0"
  ByteRange range;               ///< of the whole chain as written, beyond `keys` where that was cut short
  /// False where `*` or a computed index follows: `keys` is the constant beginning then.
  bool exact = true;
  /// The whole object at `keys` may be read, not only one value: it was cut short, or it goes into toJSON().
  bool escapes = false;

  /// The keys, joined by dots.
  std::string path() const;
};

/// Every longest chain of dereferences, in order of place. Chains inside an index or an argument are reads of their
/// own; what is taken from the result of a call (`fromJSON(x).y`) is not a read of a context, but x is.
std::vector<ContextRead> context_reads(const Expression& expression);

/// A text as GitHub casts it to a number: trimmed; decimal, `0x` and `0o` (32 bits, as the runner reads them),
/// Infinity; blank is 0, all else NaN.
double expression_number(std::string_view text);

/// The one expression that the text of an `if:` is: all of it without `${{`, else what one `${{ }}` holds. Nothing where it does
/// not parse, or where text around `${{ }}` makes it a text.
std::optional<Expression> condition_expression(std::string_view if_text);

/// True if a status function (success, failure, cancelled, always; case is ignored) is called anywhere. Without one
/// GitHub makes `success() && (…)` of an `if:`.
bool calls_status_function(const Expression& expression);

}  // namespace trueup::formats
