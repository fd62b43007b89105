#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::facts {

/// The temp tables and views of a world as text, and which of them a query needs. Parsing SQL that nobody asks costs more
/// than a small check, so only what the chosen rules name is created. Names are found by reading words: a word that happens to be
/// a view's name costs that view, never an answer.
class ViewCatalog {
 public:
  /// The views of facts/: views.sql and the plain ones.
  ViewCatalog();
  /// Statements of a pack, which may stand on those before.
  void add(std::string_view sql);

  struct Needs {
    std::set<std::string, std::less<>> views;   ///< and temp tables
    std::set<std::string, std::less<>> tables;  ///< of schema.sql, through views too
  };
  /// Adds what `sql` names, through views.
  void collect(std::string_view sql, Needs& needs) const;
  /// Everything there is.
  Needs all() const;
  /// The statements that create `needs.views`, in their order; temp tables and their indexes always.
  std::string sql_of(const Needs& needs) const;

 private:
  struct Entry {
    std::string name, sql;
    bool always = false;
  };
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::set<std::string, std::less<>> tables_;
};

}  // namespace trueup::facts
