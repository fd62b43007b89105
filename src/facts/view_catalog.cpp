#include "facts/view_catalog.hpp"

#include "base/text.hpp"
#include "facts/schema_text.hpp"
#include "facts/store.hpp"

namespace trueup::facts {
namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

template <typename Visit>
void for_each_word(std::string_view sql, const Visit& visit) {
  for (std::size_t at = 0; at < sql.size();) {
    if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (!is_word(sql[at])) {
      ++at;
    } else {
      const std::size_t begin = at;
      while (at < sql.size() && is_word(sql[at])) ++at;
      visit(sql.substr(begin, at - begin));
    }
  }
}

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
  std::vector<std::string_view> words;
  for_each_word(statement, [&](std::string_view word) {
    if (words.size() < 4) words.push_back(word);
  });
  return words.size() == 4 && words[0] == "CREATE" && words[2] == "VIEW" ? words[3] : std::string_view{};
}

}  // namespace

ViewCatalog::ViewCatalog() {
  for (const std::string_view statement : statements(kSchemaSql)) {
    std::vector<std::string_view> words;
    for_each_word(statement, [&](std::string_view word) {
      if (words.size() < 3) words.push_back(word);
    });
    if (words.size() == 3 && words[1] == "TABLE") tables_.emplace(words[2]);
  }
  add(world_views_sql());
}

void ViewCatalog::add(std::string_view sql) {
  for (const std::string_view statement : statements(sql)) {
    if (trim(statement).empty()) continue;
    const std::string_view name = view_name(statement);
    entries_.push_back({std::string(name), std::string(statement), name.empty()});
    if (!name.empty()) by_name_.emplace(name, entries_.size() - 1);
  }
}

void ViewCatalog::collect(std::string_view sql, Needs& needs) const {
  for_each_word(sql, [&](std::string_view word) {
    if (tables_.contains(word)) needs.tables.emplace(word);
    const auto view = by_name_.find(word);
    if (view != by_name_.end() && needs.views.emplace(word).second) collect(entries_[view->second].sql, needs);
  });
}

ViewCatalog::Needs ViewCatalog::all() const {
  Needs needs;
  needs.tables = tables_;
  for (const Entry& entry : entries_)
    if (!entry.always) needs.views.insert(entry.name);
  return needs;
}

std::string ViewCatalog::sql_of(const Needs& needs) const {
  std::string sql;
  for (const Entry& entry : entries_)
    if (entry.always || needs.views.contains(entry.name)) sql += entry.sql;
  return sql;
}

}  // namespace trueup::facts
