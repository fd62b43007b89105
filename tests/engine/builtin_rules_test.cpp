// What holds for every built-in rule, whether a case reaches it or not.

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "engine/run.hpp"
#include "facts/view_catalog.hpp"

namespace trueup::engine {
namespace {

Request everything() {
  Request request;
  request.prepare_all = true;
  request.views.assign(rules::builtin_views().begin(), rules::builtin_views().end());
  for (const rules::Rule& rule : rules::builtin_rules()) request.rules.push_back({&rule, std::nullopt, {}});
  return request;
}

TEST(BuiltinRules, AllCompileAgainstTheViewsThatTheyName) {
  engine::Run run(everything());
  for (const RuleError& error : run.prepare()) ADD_FAILURE() << error.file << ": " << error.fault.message;
}

TEST(BuiltinRules, NeedTablesThatTheyReadAndThatExist) {
  facts::ViewCatalog catalog;
  for (const rules::PackViews& views : rules::builtin_views()) catalog.add(views.sql);
  for (const rules::Rule& rule : rules::builtin_rules()) {
    facts::ViewCatalog::Needs needs;
    catalog.collect(rule.query, needs);
    for (const std::string_view need : rule.needs) {
      if (need.starts_with(':')) {
        const auto is_named = [&](const rules::RuleParameter& parameter) { return parameter.name == need.substr(1); };
        EXPECT_TRUE(std::any_of(rule.parameters.begin(), rule.parameters.end(), is_named)) << rule.id << " needs " << need << ", which it does not declare";
        continue;
      }
      const std::string_view table = need.substr(0, need.find(' '));
      EXPECT_TRUE(needs.tables.contains(table)) << rule.id << " needs " << table << ", which its query does not read";
    }
  }
}

TEST(BuiltinRules, HaveCodesAndIdsOfTheRightShape) {
  const std::regex code("[A-Z][0-9]{2}"), id("[a-z]+/[a-z][a-z0-9-]*");
  std::set<std::string_view> codes;
  for (const rules::Rule& rule : rules::builtin_rules()) {
    EXPECT_TRUE(std::regex_match(std::string(rule.code), code)) << rule.id;
    EXPECT_TRUE(std::regex_match(std::string(rule.id), id)) << rule.id;
    EXPECT_TRUE(codes.insert(rule.code).second) << rule.code << " stands twice";
    EXPECT_FALSE(rule.why.empty()) << rule.id;
  }
}

}  // namespace
}  // namespace trueup::engine
