// Every rule's cases, and what is derived from them: rules/<pack>/<name>.cases.yaml.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/cases.hpp"

namespace trueup::engine {
namespace {

std::string cases_path(const rules::Rule& rule) {
  std::string path = std::string(TRUEUP_SOURCE_DIR) + "/" + std::string(rule.file);
  return path.replace(path.size() - 5, 5, ".cases.yaml");
}

class RuleCases : public testing::TestWithParam<std::size_t> {};

TEST_P(RuleCases, GiveWhatTheySay) {
  const rules::Rule& rule = rules::builtin_rules()[GetParam()];
  std::ifstream file(cases_path(rule), std::ios::binary);
  ASSERT_TRUE(file) << rule.id << " has no cases: " << cases_path(rule);
  std::ostringstream text;
  text << file.rdbuf();
  const auto results = run_cases(text.str(), rule, rules::builtin_views(),
                                 std::filesystem::path(cases_path(rule)).parent_path().string());
  EXPECT_GE(results.size(), 3u) << "one that violates, one that only looks as if it did, one where knowledge is missing";
  for (const CaseResult& result : results)
    for (const std::string& failure : result.failures)
      ADD_FAILURE() << rule.file << ": case at line " << result.line << ", `" << result.name << "`: " << failure;
}

INSTANTIATE_TEST_SUITE_P(Builtin, RuleCases, testing::Range(std::size_t{0}, rules::builtin_rules().size()),
                         [](const auto& parameter) {
                           return std::string(rules::builtin_rules()[parameter.param].code);
                         });

}  // namespace
}  // namespace trueup::engine
