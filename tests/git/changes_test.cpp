// Which commits between two change what stands below some folders.

#include "git/repository_fixture.hpp"

namespace trueup::git::testing {
namespace {

const std::function<bool(std::string_view)> kAll = [](std::string_view) { return true; };

TEST(Changes, CountCommitsThatTouchTheFoldersAndNoOthers) {
  const Repository repository;
  const CommitId from = repository.commit_file("live/prod/main.tf", "1");
  repository.commit_file("live/other/main.tf", "1");
  const CommitId first = repository.commit_file("modules/net/main.tf", "1");
  repository.commit_file("live/prod/inner/main.tf", "1");
  repository.commit_file("live/prod/README.md", "1");
  const CommitId last = repository.commit_file("live/prod/main.tf", "2");
  const auto changes = repository.open().changes(from, last, {"live/prod", "modules/net"}, {"live/prod/inner"}, [](std::string_view path) { return !path.ends_with(".md"); });
  ASSERT_TRUE(changes) << changes.error().message;
  EXPECT_EQ(changes->commits, 2);
  ASSERT_TRUE(changes->oldest);
  EXPECT_TRUE(*changes->oldest == first || *changes->oldest == last) << "their times are the same";
  EXPECT_EQ(changes->path, "live/prod/main.tf");
}

TEST(Changes, AreNoneWhereWhatWasDoneWasTakenBack) {
  const Repository repository;
  const CommitId from = repository.commit_file("a/x.tf", "1");
  repository.commit_file("a/x.tf", "2");
  const CommitId last = repository.commit_file("a/x.tf", "1");
  const auto changes = repository.open().changes(from, last, {"a"}, {}, kAll);
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->commits, 0);
  EXPECT_EQ(changes->path, "");
}

TEST(Changes, OfAMergeAreThoseOfItsBranch) {
  const Repository repository;
  const CommitId from = repository.commit_file("a/x.tf", "1");
  repository.git({"checkout", "--quiet", "-b", "side"});
  const CommitId side = repository.commit_file("a/y.tf", "1");
  repository.git({"checkout", "--quiet", "main"});
  repository.commit_file("b/z.tf", "1");
  repository.git({"merge", "--quiet", "--no-ff", "-m", "merge", "side"});
  const auto changes = repository.open().changes(from, repository.tip("HEAD"), {"a"}, {}, kAll);
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->commits, 1);
  EXPECT_EQ(changes->oldest, side);
}

TEST(Changes, OfTheRootAreOfTheFilesThatStandThere) {
  const Repository repository;
  const CommitId from = repository.commit_file("main.tf", "1");
  const CommitId inside = repository.commit_file("live/main.tf", "1");
  EXPECT_EQ(repository.open().changes(from, inside, {""}, {}, kAll)->commits, 0);
  EXPECT_EQ(repository.open().changes(from, repository.commit_file("main.tf", "2"), {""}, {}, kAll)->commits, 1);
}

TEST(Changes, AreNotKnownOfWhatIsNotHere) {
  const Repository repository;
  const CommitId from = repository.commit_file("a/x.tf", "1");
  repository.commit_file("a/x.tf", "2");
  const CommitId last = repository.commit_file("a/x.tf", "3");
  EXPECT_FALSE(repository.open().changes(*CommitId::from_hex(std::string(40, 'a')), last, {"a"}, {}, kAll));
  git_in(repository.outer(), {"clone", "--quiet", "--depth=2", "file://" + repository.path().string(), "shallow"});
  const auto cut = open_here(repository.outer() / "shallow").changes(from, last, {"a"}, {}, kAll);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().fault, Fault::not_found);
}

}  // namespace
}  // namespace trueup::git::testing
