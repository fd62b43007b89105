// Puts rules' faults into real files: each shape at twenty seeded sites at once, found at the very bytes, and nothing
// besides what was found before.

#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <set>

#include "base/text.hpp"
#include "mutate/corpus.hpp"

namespace trueup::mutate {
namespace {

constexpr std::size_t kSites = 20;
constexpr std::uint32_t kSeed = 20'260'102;

const std::vector<Shape>& shapes() {
  static const std::string digest = "sha256:" + std::string(64, '0');
  // 500 levels are read: the mapping and 499 brackets.
  static const std::string deep = "deep: " + std::string(499, '[') + '{' + "a: " + std::string(99, '[') + std::string(99, ']') + '}' +
                                  std::string(499, ']') + "\n";
  static const std::vector<Shape> all = {
      {"C02", "(^|/)Chart\\.yaml$", "(?m)^version: (?P<at>[0-9][^\\s\"#]*)", "1.0.0-staging.0157584", "1.0.0-staging.0157584"},
      // Each of these repositories has a workflow that packages charts, and may set the versions before.
      {"C03", "(^|/)Chart\\.yaml$", "(?m)^ +(?:- )?version: \"?(?P<at>[^\\s\"#]+)\"?\\n +repository: https", "1.0.0-staging.PLACEHOLDER",
       "1.0.0-staging.PLACEHOLDER", true, {"C15"}, true},
      {"C15", "(^|/)Chart\\.lock$", "(?m)^digest: (?P<at>sha256:[0-9a-f]+)", digest.c_str(), digest.c_str()},
      {"C25", "(^|/)values\\.yaml$", "(?m)^ +(?:image)?[tT]ag: (?P<at>\"[^\"\\n]*\"|[^\\s\"#]+)[ \\t]*$", "1.10", "1.10", true, {"C34", "C37"}},
      {"D01", "(^|/)values\\.yaml$", "(?s)\\n(?P<at>)\\z", "\tbroken: 1\n", "\t", false},
      {"D02", "(^|/)(values|Chart)\\.yaml$|^\\.github/workflows/", "(?sm)^([A-Za-z]\\w*):.*\\n(?P<at>)\\z", "\\1: again\n", "\\1"},
      {"D03", "(^|/)values\\.yaml$", "(?s)\\n(?P<at>)\\z", deep.c_str(), "{", false},
      {"W13", "^\\.github/workflows/", "(?m)^ +(?:- )?if: (?P<at>([^\\s|>\"'][^\\n]*[^\\s|>]))$", "\\1 || 'refs/heads/staging'",
       "'refs/heads/staging'"},
      {"W20", "^\\.github/workflows/", "(?P<at>steps\\.[\\w-]+(\\.outputs\\.[\\w-]+))", "steps.gone\\2", "steps.gone\\2", true, {"W55"}},
      {"W30", "^\\.github/workflows/", "(?m)^ +(?:- )?run: (?P<at>[^\\s|>\"'][^\\n]*)$", "./scripts/gone.sh", "./scripts/gone.sh", true,
       {"W55"}},
  };
  return all;
}

TEST(MutateCorpus, EachFaultInRealFilesIsFoundAtItsBytesAndNothingBesides) {
  const auto corpus = corpus_fleet();
  if (!corpus) GTEST_SKIP() << "../shared/corpus is not there: real files were NOT tried";
  ASSERT_FALSE(corpus->repositories.empty()) << "no bundle could be cloned";
  std::set<std::string> stood_before;
  const engine::Report before = judge(*corpus);
  for (const auto* list : {&before.findings, &before.unknowns})
    for (const rules::Finding& finding : *list) stood_before.insert(finding.fingerprint);

  std::set<std::string_view> untried;
  for (const rules::Rule& rule : rules::builtin_rules()) untried.insert(rule.code);
  for (const Shape& shape : shapes()) {
    SCOPED_TRACE(std::string(shape.code) + ", seed " + std::to_string(kSeed));
    const std::vector<Site> all = sites_of(shape, *corpus);
    EXPECT_FALSE(all.empty()) << "the shape does not occur";
    Fleet fleet = *corpus;
    const std::vector<Flagged> injected = inject(fleet, choose(all, kSites, kSeed));
    std::map<Flagged, int> wanted;
    for (Flagged flagged : injected) {
      if (!shape.exact_end) flagged.bytes.end = flagged.bytes.begin;
      wanted[flagged] = 0;
    }
    std::size_t found = 0, besides = 0;
    const engine::Report report = judge(fleet);
    std::vector<rules::Finding> told = report.findings;
    if (shape.doubted) told.insert(told.end(), report.unknowns.begin(), report.unknowns.end());
    for (const rules::Finding& finding : told) {
      Flagged at{finding.at.repository, finding.at.path, finding.at.bytes};
      if (!shape.exact_end) at.bytes.end = at.bytes.begin;
      const auto here = wanted.find(at);
      if (finding.code == shape.code && here != wanted.end() && here->second++ == 0) {
        ++found;
      } else if (!stood_before.contains(finding.fingerprint) && !shape.implied.contains(finding.code)) {
        ++besides;
        ADD_FAILURE() << "besides: " << finding.code << ' ' << at.slug << ' ' << at.path << ':' << finding.at.begin.line << ':'
                      << finding.at.begin.column << ": " << finding.message;
      }
    }
    for (const auto& [flagged, times] : wanted)
      EXPECT_EQ(times, 1) << "not found: " << flagged.slug << ' ' << flagged.path << " at " << flagged.bytes.begin << ": "
                          << fleet.read(flagged.slug, flagged.path).substr(flagged.bytes.begin, 60);
    untried.erase(shape.code);
    std::printf("%s: %s %zu of %zu injected, %zu besides (the shape occurs %zu times)\n", shape.code,
                shape.doubted ? "told as unknown" : "found", found, injected.size(), besides, all.size());
  }
  std::printf("not injected here, since their shape does not occur or none is written down: %s\n",
              join(std::vector<std::string>(untried.begin(), untried.end()), " ").c_str());
}

}  // namespace
}  // namespace trueup::mutate
