#include "rules/query_stages.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace trueup::rules {
namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Tokens of SQL, as far as is needed to find words and parentheses.
class Tokens {
 public:
  explicit Tokens(std::string_view sql) : sql_(sql) {}

  /// The next word or single character outside texts and comments; empty at the end.
  std::string_view next() {
    while (at_ < sql_.size()) {
      const char c = sql_[at_];
      if (c == '\'' || c == '"' || c == '`') {
        at_ = after(sql_.find(c, at_ + 1), 1);
      } else if (sql_.substr(at_, 2) == "--") {
        at_ = after(sql_.find('\n', at_), 1);
      } else if (sql_.substr(at_, 2) == "/*") {
        at_ = after(sql_.find("*/", at_ + 2), 2);
      } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        ++at_;
      } else {
        const std::size_t begin = at_++;
        if (is_word(c))
          while (at_ < sql_.size() && is_word(sql_[at_])) ++at_;
        return sql_.substr(begin, at_ - begin);
      }
    }
    return {};
  }
  std::size_t offset() const { return at_; }
  /// Behind the parenthesis that closes the one just read; false where there is none.
  bool skip_parentheses() {
    for (int depth = 1; depth > 0;) {
      const std::string_view token = next();
      if (token.empty()) return false;
      depth += token == "(" ? 1 : token == ")" ? -1 : 0;
    }
    return true;
  }

 private:
  std::size_t after(std::size_t found, std::size_t length) const { return found == std::string_view::npos ? sql_.size() : found + length; }

  std::string_view sql_;
  std::size_t at_ = 0;
};

bool is_keyword(std::string_view token, std::string_view keyword) { return equal_ignoring_ascii_case(token, keyword); }

bool starts_with_select(std::string_view sql) { return is_keyword(Tokens(sql).next(), "select"); }

}  // namespace

QueryStages::QueryStages(std::string_view sql) : rest_(sql) {
  Tokens tokens(sql);
  if (!is_keyword(tokens.next(), "with")) return;
  std::vector<Expression> found;
  std::string_view token = tokens.next();
  recursive_ = is_keyword(token, "recursive");
  if (recursive_) token = tokens.next();
  for (;;) {
    Expression expression;
    expression.name = token;
    const std::size_t begin = static_cast<std::size_t>(token.data() - sql.data());
    token = tokens.next();
    const bool has_columns = token == "(";
    if (has_columns) {
      if (!tokens.skip_parentheses()) return;
      token = tokens.next();
    }
    if (!is_keyword(token, "as")) return;
    token = tokens.next();
    const bool materialized = is_keyword(token, "materialized");
    while (is_keyword(token, "not") || is_keyword(token, "materialized")) token = tokens.next();
    const std::size_t body = tokens.offset();
    if (token != "(" || !tokens.skip_parentheses()) return;
    const std::size_t end = tokens.offset();
    expression.text = sql.substr(begin, end - begin);
    expression.body = sql.substr(body, end - 1 - body);
    expression.is_stage = materialized && !has_columns && starts_with_select(expression.body);
    found.push_back(std::move(expression));
    const std::size_t here = tokens.offset();
    token = tokens.next();
    if (token != ",") {
      rest_ = sql.substr(here);
      break;
    }
    token = tokens.next();
  }
  expressions_ = std::move(found);
  for (Expression& expression : expressions_) expression.names = names_in(expression.body);
  rest_names_ = names_in(rest_);
  for (std::size_t i = 0; i < expressions_.size(); ++i) {
    Expression& expression = expressions_[i];
    std::size_t named = rest_names_[i];
    for (std::size_t j = i + 1; j < expressions_.size(); ++j) named += expressions_[j].names[i];
    expression.is_stage = expression.is_stage && named > 1 && expression.names[i] == 0;
    if (expression.is_stage) stages_.push_back(i);
  }
}

std::vector<std::uint32_t> QueryStages::names_in(std::string_view sql) const {
  std::vector<std::uint32_t> times(expressions_.size());
  Tokens tokens(sql);
  for (std::string_view token = tokens.next(); !token.empty(); token = tokens.next()) {
    if (!is_word(token.front())) continue;
    for (std::size_t i = 0; i < expressions_.size(); ++i) times[i] += is_keyword(token, expressions_[i].name) ? 1 : 0;
  }
  return times;
}

void QueryStages::set_columns(std::size_t stage, std::vector<Column> columns, std::string_view table) {
  expressions_[stages_[stage]].columns = std::move(columns);
  expressions_[stages_[stage]].table = table;
}

std::string QueryStages::text_of(std::size_t stage) const {
  const Expression& expression = expressions_[stages_[stage]];
  return with_needed(expression.body, expression.names, stages_[stage]);
}

std::string QueryStages::text() const { return with_needed(rest_, rest_names_, expressions_.size()); }

std::string QueryStages::with_needed(std::string_view query, const std::vector<std::uint32_t>& names, std::size_t end) const {
  std::vector<bool> needed(end);
  for (std::size_t i = end; i-- > 0;) {
    needed[i] = names[i] > 0;
    for (std::size_t j = i + 1; j < end && !needed[i]; ++j)
      needed[i] = needed[j] && !expressions_[j].is_stage && expressions_[j].names[i] > 0;
  }
  std::string text;
  for (std::size_t i = 0; i < end; ++i) {
    if (!needed[i]) continue;
    const Expression& expression = expressions_[i];
    text += text.empty() ? (recursive_ ? "WITH RECURSIVE " : "WITH ") : ", ";
    if (!expression.is_stage) {
      text += expression.text;
      continue;
    }
    // Materialized once more, since SQLite makes an index by itself for such a one wherever it is looked into, and for a table seldom.
    text += std::string(expression.name) + " AS MATERIALIZED (SELECT ";
    for (std::size_t at = 0; at < expression.columns.size(); ++at) {
      const auto& [name, in_table] = expression.columns[at];
      text += (at == 0 ? "" : ", ") + in_table + " AS \"" + replace_all(name, "\"", "\"\"") + "\"";
    }
    text += " FROM " + expression.table + ")";
  }
  text += text.empty() ? "" : " ";
  text += query;
  return text;
}

}  // namespace trueup::rules
