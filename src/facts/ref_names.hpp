#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct sqlite3;

namespace trueup::facts {

/// The rows of table ref_name.
class RefNames {
 public:
  struct Row {
    std::int64_t repository = 0;
    std::string name;
    bool is_branch = false;  ///< else a tag
  };

  void add(std::vector<Row> rows);
  const std::vector<Row>& rows() const { return rows_; }

 private:
  std::vector<Row> rows_;  ///< by repository and name
};

/// Shows them to SQL, in one database, as the schema declares them. They must outlive its statements.
void show_ref_names(sqlite3* database, const RefNames& names);

}  // namespace trueup::facts
