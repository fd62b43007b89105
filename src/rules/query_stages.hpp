#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::rules {

/// The common table expressions at the head of a query, apart. SQLite compiles one that is materialized anew at each place that
/// names it, with all that it names in turn, so a chain of them costs by the product. Those that are named more than once are
/// *stages*: the caller runs each by itself into a table, and the texts given here read those tables in their place.
class QueryStages {
 public:
  /// `sql` must outlive this. A text that cannot be taken apart has no stages.
  explicit QueryStages(std::string_view sql);

  /// How many stages there are; they are run in this order.
  std::size_t count() const { return stages_.size(); }
  /// The query of a stage. The columns of those before it must be set.
  std::string text_of(std::size_t stage) const;
  /// The rest of the query. The columns of all stages must be set.
  std::string text() const;
  struct Column {
    std::string name;       ///< as text_of(stage) gives it
    std::string in_table;   ///< what the table calls it
  };
  /// The table that holds what text_of(stage) gives.
  void set_columns(std::size_t stage, std::vector<Column> columns, std::string_view table);

 private:
  struct Expression {
    std::string_view name;
    std::string_view text;  ///< "name AS MATERIALIZED (…)"
    std::string_view body;  ///< what stands in the parentheses
    bool is_stage = false;
    std::vector<Column> columns;
    std::string table;
    std::vector<std::uint32_t> names;  ///< how often the body names each expression
  };

  /// How often a text names each expression.
  std::vector<std::uint32_t> names_in(std::string_view sql) const;
  /// `query`, which names these, with those expressions before `end` that it needs.
  std::string with_needed(std::string_view query, const std::vector<std::uint32_t>& names, std::size_t end) const;

  std::vector<Expression> expressions_;
  std::vector<std::size_t> stages_;  ///< of expressions_
  std::string_view rest_;
  std::vector<std::uint32_t> rest_names_;
  bool recursive_ = false;
};

}  // namespace trueup::rules
