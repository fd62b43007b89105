#pragma once

#include <algorithm>
#include <string_view>

namespace trueup {

/// Calls `visit` with each word of an SQL text that stands outside of its texts and comments: 'pull_request' is an event, and no
/// table of that name.
template <typename Visit>
void for_each_sql_word(std::string_view sql, const Visit& visit) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  for (std::size_t at = 0; at < sql.size();) {
    if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql[at] == '\'') {
      at = std::min(sql.find('\'', at + 1), sql.size() - 1) + 1;
    } else if (!is_word(sql[at])) {
      ++at;
    } else {
      const std::size_t begin = at;
      while (at < sql.size() && is_word(sql[at])) ++at;
      visit(sql.substr(begin, at - begin));
    }
  }
}

}  // namespace trueup
