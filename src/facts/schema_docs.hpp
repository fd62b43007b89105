#pragma once

#include <string>
#include <vector>

namespace trueup::facts {

/// A column as `trueup schema` tells it.
struct ColumnDoc {
  std::string name, title;
};

/// A view (or a table that rules read directly) and what its rows are; from the comments of schema.sql and views.sql.
struct ViewDoc {
  std::string name, title;
  std::vector<ColumnDoc> columns;  ///< empty for views of views.sql that are joins: their SELECT tells
};

/// Sorted by name.
std::vector<ViewDoc> view_docs();

}  // namespace trueup::facts
