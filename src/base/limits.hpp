#pragma once

#include <cstddef>
#include <cstdint>

/// Every bound that strangers' input meets. A limit that was hit is reported (rule document/limit-hit), never hidden.
namespace trueup::limits {

/// Larger files are listed, not read. Kubernetes, Helm and GitHub refuse far smaller ones.
inline constexpr std::size_t kMaxBlobBytes = 32u << 20;
/// Depth of nested collections in a document; libyaml's flow nesting is quadratic in it.
inline constexpr std::uint32_t kMaxDepth = 500;
/// Nodes of one document stream.
inline constexpr std::uint32_t kMaxNodes = 2'000'000;
/// Nodes that are visited through aliases, for one document: anchors may multiply, so a walk is bounded.
inline constexpr std::uint32_t kMaxAliasVisits = 100'000;
/// Files of one snapshot.
inline constexpr std::size_t kMaxFilesPerSnapshot = 1'000'000;
/// Text that the rows of one file may hold: the pointer of a value repeats all keys above it.
inline constexpr std::size_t kMaxRowTextBytes = 128u << 20;
/// Nesting of a `${{ }}` expression.
inline constexpr std::uint32_t kMaxExpressionDepth = 100;
inline constexpr std::size_t kMaxExpressionBytes = 64u << 10;
/// Bytes of one script in a `run:`.
/// Suppressions of one file.
inline constexpr std::size_t kMaxSuppressions = 10'000;
inline constexpr std::size_t kMaxScriptBytes = 1u << 20;
/// Answers of servers.
inline constexpr std::size_t kMaxManifestBytes = 4u << 20;
/// A chart's package as it is served; what Helm's client unpacks of it at most (100 MiB, and 5 MiB a file); files that are listed of it.
inline constexpr std::size_t kMaxChartPackageBytes = 64u << 20;
inline constexpr std::size_t kMaxChartBytes = 100u << 20;
inline constexpr std::size_t kMaxChartFileBytes = 5u << 20;
inline constexpr std::size_t kMaxChartFiles = 20'000;
/// Of a Helm repository's index.yaml: the largest of the field have 30 MB.
inline constexpr std::size_t kMaxHelmIndexBytes = 256u << 20;
inline constexpr std::size_t kMaxTagListBytes = 64u << 20;
/// Of what an index of npm or PyPI says of one package; those with thousands of versions have 20 MB.
inline constexpr std::size_t kMaxPackageListBytes = 64u << 20;
/// A list of everything that an instance of ArgoCD holds (2,000 applications: 13 MB), and a dump of it.
inline constexpr std::size_t kMaxResourceListBytes = 256u << 20;
/// Single applications that are asked for because a list did not show them.
inline constexpr std::size_t kMaxApplicationQuestions = 1'000;
/// Requests to one forge in one run: what a token of a workflow has in an hour.
inline constexpr std::size_t kMaxForgeRequests = 1'000;
inline constexpr std::size_t kMaxForgePageBytes = 16u << 20;
inline constexpr std::size_t kMaxTokenAnswerBytes = 1u << 20;
inline constexpr std::uint32_t kMaxPages = 1'000;
inline constexpr std::uint32_t kMaxRedirects = 5;
/// Rounds of question and answer; a fleet's facts settle in two.
inline constexpr int kMaxRounds = 4;
/// How often all rules are run to prove fixes, and how often fixes are worked out anew on what the ones before came to.
inline constexpr std::size_t kMaxFixJudgements = 64;
inline constexpr int kMaxFixRounds = 4;
/// Virtual-machine steps and wall time of one rule in one world.
inline constexpr std::uint64_t kMaxRuleSteps = 400'000'000;
inline constexpr int kMaxRuleSeconds = 20;
/// Rows of verdicts that one rule may give in one world.
inline constexpr std::size_t kMaxVerdictRows = 1'000'000;

}  // namespace trueup::limits
