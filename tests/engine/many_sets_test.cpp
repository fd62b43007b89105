// What file sets have in common is judged once. So a branch must come out the same whether it is judged alone or beside others: a
// rule that says too little of what it reads (`files`, `paths`, `within`) gives the verdict of one branch to another.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "engine/case_registry.hpp"
#include "engine/run.hpp"

namespace trueup::engine {
namespace {

namespace fs = std::filesystem;

/// Of a branch: code, fingerprint and state of everything that is not ok.
using Verdicts = std::map<std::string, std::set<std::string>>;

/// The files of the first repository of every case of a rule, and those laid over the ones of the case before.
std::map<std::string, MemorySource::Files> branches_of(const std::string& cases_file) {
  std::map<std::string, MemorySource::Files> branches{{"main", {{"README.md", "main"}}}};
  MemorySource::Files before;
  const YAML::Node cases = YAML::LoadFile(cases_file);
  for (const YAML::Node& one : cases) {
    if (!one["repositories"] || !one["repositories"].IsMap() || one["repositories"].size() == 0) continue;
    MemorySource::Files files;
    const YAML::Node repositories = one["repositories"];
    const YAML::Node first = repositories.begin()->second;
    for (const auto& file : first)
      if (file.second.IsScalar()) files[file.first.Scalar()] = file.second.Scalar();
    MemorySource::Files laid_over = before;
    for (const auto& [path, text] : files) laid_over[path] = text;
    const std::string number = std::to_string(branches.size());
    branches["case" + number] = files;
    branches["over" + number] = std::move(laid_over);
    before = std::move(files);
  }
  return branches;
}

Verdicts judge(const std::string& slug, const std::shared_ptr<RepositorySource>& source, const std::vector<Point>& asked, unsigned helpers) {
  CaseRegistry registry;
  live::NoCredentials credentials;
  live::HostPolicy hosts;
  live::OciRegistry oci(registry, credentials, hosts);
  Request request;
  FleetRepository repository;
  repository.slug = slug;
  repository.source = source;
  for (const Point& point : asked) repository.asked.push_back({point, std::nullopt, true});
  request.repositories.push_back(std::move(repository));
  request.kinds = *facts::KindRules::compile({});
  for (const rules::Rule& rule : rules::builtin_rules()) request.rules.push_back({&rule, std::nullopt, {}});
  request.views.assign(rules::builtin_views().begin(), rules::builtin_views().end());
  request.now = 1'767'225'600;
  request.helpers = helpers;
  request.live.registry = &oci;
  Run run(std::move(request));
  EXPECT_TRUE(run.prepare().empty());
  if (auto loaded = run.load(); !loaded) ADD_FAILURE() << loaded.error().message;
  auto report = run.judge();
  if (!report) {
    ADD_FAILURE() << report.error().message;
    return {};
  }
  Verdicts verdicts;
  for (const auto* list : {&report->findings, &report->unknowns})
    for (const rules::Finding& finding : *list)
      for (const std::string& ref : finding.refs.first_ten)
        verdicts[ref].insert((list == &report->unknowns ? "unknown " : "violated ") + std::string(finding.code) + " " + finding.at.path + " " +
                             finding.fingerprint);
  return verdicts;
}

class ManySets : public testing::TestWithParam<std::string> {};

TEST_P(ManySets, ABranchComesOutTheSameAloneAndBesideOthers) {
  const auto source = std::make_shared<MemorySource>("main", branches_of(GetParam()), *facts::KindRules::compile({}));
  const std::vector<Point>& all = source->refs();
  std::size_t seen = 0;
  for (std::size_t at = 0; at < all.size(); at += 10) {  // a finding lists ten refs
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<Point> some(begin, all.size() - at > 10 ? begin + 10 : all.end());
    Verdicts together = judge("acme/here", source, some, 0), alone;
    EXPECT_EQ(together, judge("acme/here", source, some, 3)) << "in several threads";
    for (const Point& point : some) alone.merge(judge("acme/here", source, {point}, 1));
    // D06 is about all that is judged: a file that cannot be read leaves it open whether a comment is stale.
    for (Verdicts* const verdicts : {&together, &alone})
      for (auto& [branch, told] : *verdicts) std::erase_if(told, [](const std::string& verdict) { return verdict.find(" D06 ") != std::string::npos; });
    // What is violated on one branch is told of that one, and not of those where it is unknown.
    std::set<std::string> violated;
    for (const auto& [branch, told] : alone)
      for (const std::string& verdict : told)
        if (verdict.starts_with("violated ")) violated.insert(verdict.substr(verdict.find(' ')));
    for (Verdicts* const verdicts : {&together, &alone})
      for (auto& [branch, told] : *verdicts)
        std::erase_if(told, [&](const std::string& verdict) { return verdict.starts_with("unknown ") && violated.contains(verdict.substr(verdict.find(' '))); });
    for (const Point& point : some) {
      EXPECT_EQ(alone[point.name], together[point.name]) << point.name;
      seen += alone[point.name].size();
    }
  }
  RecordProperty("told", static_cast<int>(seen));
}

std::vector<std::string> case_files() {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(TRUEUP_SOURCE_DIR) / "rules"))
    if (entry.path().string().ends_with(".cases.yaml")) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
#ifdef __SANITIZE_ADDRESS__
  for (std::size_t i = 0; i < files.size(); ++i)
    if (i % 6 != 0) files[i].clear();  // what is compared is the same; the time is not
  std::erase(files, "");
#endif
  return files;
}

INSTANTIATE_TEST_SUITE_P(Rules, ManySets, testing::ValuesIn(case_files()), [](const auto& tested) {
  std::string name = fs::path(tested.param).filename().string();
  name.resize(name.find('.'));
  std::replace(name.begin(), name.end(), '-', '_');
  return fs::path(tested.param).parent_path().filename().string() + "_" + name;
});

}  // namespace
}  // namespace trueup::engine
