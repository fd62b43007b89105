// The texts that describe such repositories contradict themselves in known places. The fleets of the demo hold each of these
// contradictions, and what is found of one is named here.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "e2e/run_cli.hpp"

namespace trueup::e2e {
namespace {

struct Contradiction {
  const char* name;   ///< what says one thing, and what says another
  const char* fleet;
  std::vector<const char*> found;  ///< begins of what the terminal shows of it
};

const Contradiction kContradictions[] = {
    {"AStepSetsACredentialAndTheFileThatItSourcesBlanksIt", "streams", {"error[S15 streams/credential-blanked] this blanks ATLAS_PUBLIC_KEY, which the step sets before it sources the file"}},
    {"AnEnvironmentNamesATierAndAWorkspaceAndItsWorkflowUsesNeither", "streams",
     {"warning[S19 streams/tier-rule] staging wants tier SP10, and this starts processors with --auto", "error[S17 streams/workspace-passed] config.txt names no workspace"}},
    {"ConnectionsAreDeployedFromGitAndProductionOnlyTestsThem", "streams", {"error[S25 streams/connections-first] the job deploy creates no connections, as another one does"}},
    {"BlueGreenCreatesTheSameNamesAndTheRollbackOnlyDrops", "streams",
     {"warning[S28 streams/blue-green-names] this creates the processors by the names that run already", "error[S29 streams/rollback-restores] this drops every processor and creates none"}},
    {"MonitoringAsksForStoppedAloneAndUsesFilesThatAreNotThere", "streams",
     {"warning[S34 streams/failed-state] this sees processors that were stopped, and none that failed", "warning[S45 streams/baseline-fetched] no step before this one downloads baseline.json",
      "error[W30 workflow/path-exists] this repository does not have the script scripts/notify.sh", "warning[S31 streams/file-where-written] nothing is in backup here: the step before writes tools/backup/stats.json"}},
    {"ReconcilingIsPromisedAndNothingCompares", "streams", {"warning[S44 streams/reconciled] what runs by a schedule compares nothing with Git", "warning[S46 streams/environment-gated] acme/streams has no protection rule for the environment production"}},
    {"TheGatewayListensOnOnePortAndTheTextTunnelsAnother", "atlantis", {"error[T03 atlantis/ports] this tunnels port 4141, and the gateway listens on 4143"}},
    {"TwoListsOfWhatTheAppMayDoDiffer", "atlantis", {"warning[T11 atlantis/app-grants] this list for the app lacks the permissions Checks, Contents, Issues, Members and the events pull_request_review, push"}},
};

/// What `check --all` shows of a fleet of the demo, run once.
const std::string& shown(const std::string& fleet) {
  static std::map<std::string, std::string> known;
  const auto [at, is_new] = known.try_emplace(fleet);
  if (!is_new) return at->second;
  const std::string folder = "fixtures/" + fleet;
  if (fleet == "atlantis") {
    const Folder made;
    EXPECT_EQ(std::system(("'" TRUEUP_SOURCE_DIR "/" + folder + "/make-history' '" + made.path().string() + "' >/dev/null 2>&1").c_str()), 0);
    return at->second = run_cli(made.path(), {"check", "--all", "--offline", "--now", "2026-11-20T09:00:00Z"}).out;
  }
  return at->second = run_cli(std::filesystem::path(TRUEUP_SOURCE_DIR), {"check", "--config", folder + "/trueup.yaml", "--all", "--replay", folder + "/recorded"}).out;
}

class ContradictionOf : public testing::TestWithParam<Contradiction> {};

TEST_P(ContradictionOf, IsFound) {
  for (const char* begin : GetParam().found) EXPECT_THAT(shown(GetParam().fleet), testing::HasSubstr(begin));
}

INSTANTIATE_TEST_SUITE_P(Text, ContradictionOf, testing::ValuesIn(kContradictions), [](const auto& parameter) { return std::string(parameter.param.name); });

}  // namespace
}  // namespace trueup::e2e
