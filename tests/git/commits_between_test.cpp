// What commits of a change say, in whole clones and in those that lack parents.

#include <gmock/gmock.h>

#include "git/repository_fixture.hpp"

namespace trueup::git::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::vector<std::string> said(const Source& source, const CommitId& base, const CommitId& tip, std::size_t most = 100) {
  const auto commits = source.commits_between(base, tip, most);
  if (!commits) return {commits.error().message};
  std::vector<std::string> messages;
  for (const auto& [id, message] : *commits) messages.push_back(message.substr(0, message.find('\n')));
  return messages;
}

TEST(CommitsBetween, AreThoseThatTheBaseLacksInShallowClonesToo) {
  const Repository repository;
  repository.commit("root");
  repository.commit("old");
  repository.git({"checkout", "--quiet", "-b", "side"});
  repository.commit("change");
  repository.commit("more");
  repository.git({"checkout", "--quiet", "main"});
  repository.commit("meanwhile");
  const CommitId base = repository.tip("HEAD");
  repository.git({"checkout", "--quiet", "--detach"});
  repository.git({"merge", "--quiet", "--no-ff", "-m", "merge", "side"});
  const CommitId tip = repository.tip("HEAD");
  repository.git({"branch", "merged"});

  EXPECT_THAT(said(repository.open(), base, tip), UnorderedElementsAre("merge", "more", "change"));
  EXPECT_EQ(said(repository.open(), base, tip, 2).size(), 2u);
  EXPECT_THAT(said(repository.open(), tip, base), ElementsAre());
  // Of two generations the clone has no commit that both come from, and where a parent is missing it ends.
  git_in(repository.outer(), {"clone", "--quiet", "--depth=2", "--branch", "merged", "file://" + repository.path().string(), "shallow"});
  EXPECT_THAT(said(open_here(repository.outer() / "shallow"), base, tip), UnorderedElementsAre("merge", "more"));
  EXPECT_EQ(said(open_here(repository.outer() / "shallow"), base, tip, 1).size(), 1u);
}

}  // namespace
}  // namespace trueup::git::testing
