#pragma once

#include <deque>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace trueup::facts {

class Store;

/// The temp tables and views of a world as text, and which of them a query needs. Parsing SQL that nobody asks costs more
/// than a small check, so only what the rules at work name is created. Names are found by reading words outside of 'texts': a word that
/// happens to be a view's name costs that view, never an answer.
class ViewCatalog {
 public:
  /// The views of facts/: views.sql and the plain ones.
  ViewCatalog();
  /// Statements of a pack, which may stand on those before. `sql` must outlive the catalog.
  void add(std::string_view sql);

  struct Needs {
    std::set<std::string_view> views;
    std::set<std::string_view> tables;  ///< of schema.sql, through views too
  };
  /// Adds what `sql` names, through views.
  void collect(std::string_view sql, Needs& needs) const;
  /// The same for the words of a text: see for_each_sql_word().
  void collect(std::span<const std::string_view> words, Needs& needs) const;
  /// Everything there is.
  Needs all() const;
  /// Creates in `store` what of `needs` is not there yet, in the order of the catalog; the tables of a world always.
  /// The SQL functions must be registered before.
  void create(const Needs& needs, Store& store);
  /// The temp tables and these views in another store, which shows the tables of the one that create() is called with.
  void create_views(const Needs& needs, Store& store) const;

 private:
  struct Entry {
    std::string_view name, sql;  ///< the name of what is no view is empty
    std::span<const std::string_view> words;  ///< those of it that name tables and views; none: not known
    bool created = false;
  };
  struct Meaning {
    bool table = false;
    const Entry* view = nullptr;
  };
  void add(std::string_view name, std::string_view sql, std::span<const std::string_view> words);
  /// Writes them as rows of SQLite's table of what there is, and has that read once. CREATE VIEW parses each text twice, writes its row by a
  /// statement that is compiled for it, and then looks through all rows for that one.
  static void write_views(const std::vector<const Entry*>& views, Store& store);
  void collect_word(std::string_view word, Needs& needs) const;

  std::deque<Entry> entries_;
  std::unordered_map<std::string_view, Meaning> words_;
};

}  // namespace trueup::facts
