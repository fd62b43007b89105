#include "facts/suppressions.hpp"

#include "facts/statement.hpp"

namespace trueup::facts {

std::vector<StoredSuppression> read_suppressions(Store& store) {
  std::vector<StoredSuppression> all;
  if (!store.has_rows("blob_suppression")) return all;
  store.create_table("blob_suppression_rule");
  Statement rows(store.database(),
                 "SELECT s.id, s.blob, s.line, s.reason, s.until, s.owner, r.name, r.id FROM blob_suppression s "
                 "JOIN blob_suppression_rule r ON r.blob = s.blob AND r.suppression = s.id "
                 "WHERE s.reason IS NOT NULL AND s.problem IS NULL ORDER BY s.id, r.id");
  while (rows.row()) {
    if (all.empty() || all.back().id != rows.number(0))
      all.push_back({rows.number(0), rows.number(1), static_cast<std::uint32_t>(rows.number(2)), std::string(rows.text(3)),
                     std::string(rows.text(4)), std::string(rows.text(5)), {}, {}});
    all.back().rules.emplace_back(rows.text(6));
    all.back().rule_ids.push_back(rows.number(7));
  }
  return all;
}

void set_suppression_uses(Store& store, std::span<const SuppressionUse> uses) {
  store.create_table("suppression_use");
  store.execute("DELETE FROM suppression_use");
  Statement insert(store.database(), "INSERT INTO suppression_use VALUES(NULL,?,?,?)");
  for (const SuppressionUse& use : uses) insert.bind(1, use.suppression).bind(2, use.suppression_rule).bind(3, use.state).run();
}

}  // namespace trueup::facts
