#include "git/repository_fixture.hpp"

namespace trueup::git::testing {
namespace {

std::vector<CommitId> commits(const FirstParents& line) {
  std::vector<CommitId> ids;
  for (const FirstParents::Step& step : line.steps) ids.push_back(step.commit);
  return ids;
}

TEST(FirstParents, FollowTheBranchThatWasMergedInto) {
  const Repository repository;
  const CommitId root = repository.commit("root");
  repository.git({"checkout", "--quiet", "-b", "side"});
  repository.commit_file("side", "1");
  repository.git({"checkout", "--quiet", "main"});
  const CommitId second = repository.commit_file("main", "2");
  repository.git({"merge", "--quiet", "--no-ff", "-m", "merge", "side"});
  const CommitId merge = repository.tip("HEAD");

  const auto line = repository.open().first_parents(merge, 10);
  ASSERT_TRUE(line);
  EXPECT_EQ(commits(*line), (std::vector{merge, second, root}));
  EXPECT_TRUE(line->to_the_root);
  EXPECT_EQ(line->steps.front().time, 1700000000);
}

TEST(FirstParents, SayWhetherTheyCameToTheRoot) {
  const Repository repository;
  for (int i = 0; i < 4; ++i) repository.commit(std::to_string(i));
  const auto bounded = repository.open().first_parents(repository.tip("HEAD"), 3);
  ASSERT_TRUE(bounded);
  EXPECT_EQ(bounded->steps.size(), 3u);
  EXPECT_FALSE(bounded->to_the_root);
  EXPECT_TRUE(repository.open().first_parents(repository.tip("HEAD"), 4)->to_the_root);

  git_in(repository.outer(), {"clone", "--quiet", "--depth=2", "file://" + repository.path().string(), "shallow"});
  const auto shallow = open_here(repository.outer() / "shallow").first_parents(repository.tip("HEAD"), 10);
  ASSERT_TRUE(shallow);
  EXPECT_EQ(shallow->steps.size(), 2u);
  EXPECT_FALSE(shallow->to_the_root) << "where a shallow clone ends is no root";
}

TEST(FirstParents, OfACommitThatIsNotHere) {
  const Repository repository;
  repository.commit("root");
  const auto line = repository.open().first_parents(*CommitId::from_hex(std::string(40, 'a')), 10);
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().fault, Fault::not_found);
}

}  // namespace
}  // namespace trueup::git::testing
