#include "facts/view_catalog.hpp"

#include <sqlite3.h>

#include "base/sql_words.hpp"
#include "base/text.hpp"
#include "facts/schema_text.hpp"
#include "facts/statement.hpp"
#include "facts/store.hpp"

namespace trueup::facts {
namespace {

/// The statements of a text; a semicolon in a string or a comment does not end one.
std::vector<std::string_view> statements(std::string_view sql) {
  std::vector<std::string_view> result;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < sql.size(); ++at) {
    if (sql[at] == '\'') {
      at = std::min(sql.find('\'', at + 1), sql.size());
    } else if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql[at] == ';') {
      result.push_back(sql.substr(begin, at + 1 - begin));
      begin = at + 1;
    }
  }
  if (!trim(sql.substr(begin)).empty()) result.push_back(sql.substr(begin));
  return result;
}

/// "CREATE TEMP VIEW name AS": the name, or nothing for other statements.
std::string_view view_name(std::string_view statement) {
  constexpr std::string_view kView = "VIEW ";
  const std::size_t create = statement.find("CREATE "), view = statement.find(kView, create);
  if (create == std::string_view::npos || view > create + std::string_view("CREATE TEMPORARY ").size()) return {};
  const std::string_view rest = statement.substr(view + kView.size());
  return rest.substr(0, rest.find_first_of(" (\n"));
}

}  // namespace

void ViewCatalog::write_views(const std::vector<const Entry*>& views, Store& store) {
  sqlite3_db_config(store.database(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
  store.execute("SAVEPOINT views; PRAGMA writable_schema = ON");
  {
    Statement insert(store.database(), "INSERT INTO temp.sqlite_master(type, name, tbl_name, rootpage, sql) VALUES('view', ?1, ?1, 0, ?2)");
    for (const Entry* view : views) {
      const auto name_at = static_cast<std::size_t>(view_name(view->sql).data() - view->sql.data());
      insert.bind(1, view->name).bind(2, "CREATE VIEW " + std::string(view->sql.substr(name_at))).run();
    }
  }
  store.execute("RELEASE views; PRAGMA writable_schema = RESET");
  sqlite3_db_config(store.database(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // Virtual tables are connected again when they are first asked for: here, not in the midst of a rule, which the authorizer refuses.
  store.execute("SELECT 1 FROM judged_file LIMIT 0");
}

ViewCatalog::ViewCatalog() {
  words_.reserve(4 * (kSchemaTables.size() + kWorldStatements.size()));
  for (const NamedStatement& table : kSchemaTables) words_[table.name].table = true;
  for (const NamedStatement& statement : kWorldStatements) add(statement.name, statement.sql, statement.words);
}

void ViewCatalog::add(std::string_view sql) {
  for (const std::string_view statement : statements(sql)) add(view_name(statement), statement, {});
}

void ViewCatalog::add(std::string_view name, std::string_view sql, std::span<const std::string_view> words) {
  entries_.push_back({name, sql, words});
  if (!name.empty()) words_[name].view = &entries_.back();
}

void ViewCatalog::collect(std::string_view sql, Needs& needs) const {
  for_each_sql_word(sql, [&](std::string_view word) { collect_word(word, needs); });
}

void ViewCatalog::collect(std::span<const std::string_view> words, Needs& needs) const {
  for (const std::string_view word : words) collect_word(word, needs);
}

void ViewCatalog::collect_word(std::string_view word, Needs& needs) const {
  const auto known = words_.find(word);
  if (known == words_.end()) return;
  if (known->second.table) needs.tables.insert(known->first);
  const Entry* view = known->second.view;
  if (view == nullptr || !needs.views.insert(view->name).second) return;
  if (view->words.empty()) collect(view->sql, needs);
  else collect(view->words, needs);
}

ViewCatalog::Needs ViewCatalog::all() const {
  Needs needs;
  for (const auto& [word, meaning] : words_) {
    if (meaning.table) needs.tables.insert(word);
    if (meaning.view != nullptr) needs.views.insert(word);
  }
  return needs;
}

void ViewCatalog::create(const Needs& needs, Store& store) {
  for (const std::string_view table : needs.tables) store.create_table(table);
  std::string others;
  std::vector<const Entry*> views;
  for (Entry& entry : entries_) {
    if (entry.created || (!entry.name.empty() && !needs.views.contains(entry.name))) continue;
    entry.created = true;
    if (entry.name.empty()) {
      others += entry.sql;
    } else {
      views.push_back(&entry);
    }
  }
  if (!others.empty()) store.execute(others);
  if (!views.empty()) write_views(views, store);
}

void ViewCatalog::create_views(const Needs& needs, Store& store) const {
  std::vector<const Entry*> views;
  for (const Entry& entry : entries_) {
    if (entry.name.empty()) store.execute(entry.sql);
    else if (needs.views.contains(entry.name)) views.push_back(&entry);
  }
  if (!views.empty()) write_views(views, store);
}

}  // namespace trueup::facts
