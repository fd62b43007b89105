#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/span.hpp"
#include "formats/expression.hpp"

/// Partial evaluation of GitHub expressions: what can be said of a condition when some of its contexts are not known.
namespace trueup::formats {

enum class Truth : std::uint8_t { truthy, falsy, unknown };

/// The texts that a value can be which is not known: one of the alternatives. `github.ref` of a push is `refs/heads/` or
/// `refs/tags/` with something behind. Case is ignored, as GitHub compares.
struct TextShape {
  struct Alternative {
    std::string begin;  ///< what it begins with; all of it unless `open`
    bool open = false;  ///< more may follow
    std::function<bool(std::string_view rest)> admits = {};  ///< whether this may follow; empty: anything may
  };
  std::vector<Alternative> alternatives;

  bool can_equal(std::string_view text) const;
  bool can_start_with(std::string_view text) const;
  bool must_start_with(std::string_view text) const;
  bool can_end_with(std::string_view text) const;
  bool can_contain(std::string_view text) const;
  Truth truth() const;
};

/// What an expression yields. `unknown` may still carry what is certain: whether it counts as true, and its kind.
class ExpressionValue {
 public:
  enum class Kind : std::uint8_t { unknown, null, boolean, number, string, array, object };
  using Members = std::vector<std::pair<std::string, ExpressionValue>>;

  ExpressionValue() = default;  ///< unknown
  static ExpressionValue unknown(Truth truth = Truth::unknown);
  static ExpressionValue unknown_string(Truth truth = Truth::unknown);
  /// A text of which only the shape is known; one that has a single alternative which is not open is known.
  static ExpressionValue unknown_string(TextShape shape);
  static ExpressionValue unknown_boolean();
  static ExpressionValue null();
  static ExpressionValue boolean(bool value);
  static ExpressionValue number(double value);
  static ExpressionValue string(std::string value);
  /// Elements may be unknown themselves; their count is known.
  static ExpressionValue array(std::vector<ExpressionValue> elements);
  static ExpressionValue object(Members members);

  Kind kind() const { return kind_; }
  bool known() const { return kind_ != Kind::unknown; }
  /// A known boolean or string, or an unknown value of which at least that is certain.
  bool is_boolean() const { return (known() ? kind_ : unknown_kind_) == Kind::boolean; }
  bool is_string() const { return (known() ? kind_ : unknown_kind_) == Kind::string; }
  bool as_boolean() const { return boolean_; }
  double as_number() const { return number_; }
  const std::string& as_string() const { return text_; }
  const std::vector<ExpressionValue>& elements() const;
  const Members& members() const;
  /// Of an unknown string; null where nothing is known of it.
  const TextShape* shape() const { return shape_.get(); }

  /// false, 0, -0, NaN, "" and null are falsy; every other string is truthy, "false" too, and so are arrays and
  /// objects.
  Truth truth() const;
  /// As it is printed into a text: null is "", numbers are decimal, arrays and objects `Array` and `Object`. Nothing if
  /// unknown.
  std::optional<std::string> printed() const;

 private:
  Kind kind_ = Kind::unknown;
  Kind unknown_kind_ = Kind::unknown;  // of an unknown value: boolean or string if that is certain
  Truth truth_ = Truth::unknown;       // of an unknown value
  bool boolean_ = false;
  double number_ = 0;
  std::string text_;
  std::shared_ptr<const std::vector<ExpressionValue>> elements_;
  std::shared_ptr<const Members> members_;
  std::shared_ptr<const TextShape> shape_;
};

/// What is known outside of the expression. An empty function means: nothing.
struct ExpressionEnvironment {
  /// The value at a dotted path, context in lower case, keys as written: null for what is known to be absent, unknown()
  /// else.
  /// Asked for whole chains (`github.event.action`), also with computed keys where these are known; of one with a `*` for
  /// the object before it (`needs` of `needs.*.result`).
  std::function<ExpressionValue(std::string_view path)> context;
  /// success, failure, cancelled (lower case). always() is true without asking.
  std::function<ExpressionValue(std::string_view name)> status;
};

/// What fromJSON() makes of a text; unknown if it is no JSON.
ExpressionValue value_of_json(std::string_view json);

/// Evaluates with GitHub's rules: && and || return an operand, `==` ignores the case of strings and compares different
/// types as numbers, NaN equals nothing. What GitHub would refuse (format() with too few values) is unknown.
/// Functions: contains startsWith endsWith format join toJSON fromJSON case; hashFiles is an unknown string.
ExpressionValue evaluate(const Expression& expression, const ExpressionEnvironment& environment);
Truth truth_of(const Expression& condition, const ExpressionEnvironment& environment);

/// A comparison, or a call of contains, startsWith or endsWith, that a condition joins with others by &&, || and !.
struct ConditionTest {
  ByteRange range;
  Truth truth = Truth::unknown;
  bool reached = true;  ///< false: what stands before it has decided already
};

/// The tests of a condition, in order of place, each by itself.
std::vector<ConditionTest> test_condition(const Expression& condition, const ExpressionEnvironment& environment);

/// Why a condition is constant.
enum class ConstantCause : std::uint8_t {
  none,                  ///< it is not constant
  text_around_template,  ///< text outside `${{ }}`, white space too, makes a non-empty string of it
  string_operand,        ///< a string literal where a condition stands: `github.ref == 'a' || 'b'`
  literal,               ///< a literal true, false, 0 …, alone or as `false && …`: switched on or off on purpose
  status_function,       ///< always(), alone or as `always() || …`: on purpose
  other,                 ///< by evaluation: `'a' == 'b'`
};

/// A string literal that stands as a condition: alone, or as an operand of && or || whose result counts as a condition.
struct StringOperand {
  ByteRange range;       ///< with its quotes
  bool decides = false;  ///< it makes the && or || around it constant: `x || 'b'`; else it has no effect: `x && 'b'`
  friend bool operator==(const StringOperand&, const StringOperand&) = default;
};

/// How GitHub reads one `if:`. Ranges are bytes of the text given.
struct ConditionReading {
  std::optional<Error> problem;  ///< it does not parse; nothing else is said then
  /// Its result with nothing known of any context; nothing if that depends. True means: runs unless a needed job
  /// failed, for without a status function GitHub puts `success() &&` in front.
  std::optional<bool> constant;
  ConstantCause cause = ConstantCause::none;
  /// The guilty text: every text outside of templates, the deciding literals; else the whole expression. Empty if not
  /// constant.
  std::vector<ByteRange> guilty;
  /// All of them, also where the whole is not constant: `push && (github.ref == 'a' || 'b')` is a broken gate as well.
  std::vector<StringOperand> string_operands;
  bool has_status_function = false;
};

/// Reads the text of an `if:` (decoded scalar, final newline included if it has one). Without `${{` the whole is the
/// expression; else any text outside the braces makes a string. An empty one is success(). Source: github-actions
/// manual, "jobs.<job_id>.if".
ConditionReading analyse_condition(std::string_view if_text);

}  // namespace trueup::formats
