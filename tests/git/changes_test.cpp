// Which commits between two change what stands below some folders.

#include "git/repository_fixture.hpp"

namespace trueup::git::testing {
namespace {

const std::function<bool(std::string_view)> kAll = [](std::string_view) { return true; };

Result<Changes> changes(const Source& source, const CommitId& from, const CommitId& to, std::vector<std::string> in, std::vector<std::string> out = {},
                        const std::function<bool(std::string_view)>& counts = kAll) {
  const std::vector<ChangesWanted> wanted{{from, to, std::move(in), std::move(out)}};
  return std::move(source.changes(wanted, counts).front());
}

TEST(Changes, CountCommitsThatTouchTheFoldersAndNoOthers) {
  const Repository repository;
  const CommitId from = repository.commit_file("live/prod/main.tf", "1");
  repository.commit_file("live/other/main.tf", "1");
  const CommitId first = repository.commit_file("modules/net/main.tf", "1");
  repository.commit_file("live/prod/inner/main.tf", "1");
  repository.commit_file("live/prod/README.md", "1");
  const CommitId last = repository.commit_file("live/prod/main.tf", "2");
  const auto answer = changes(repository.open(), from, last, {"live/prod", "modules/net"}, {"live/prod/inner"}, [](std::string_view path) { return !path.ends_with(".md"); });
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->commits, 2);
  ASSERT_TRUE(answer->oldest);
  EXPECT_TRUE(*answer->oldest == first || *answer->oldest == last) << "their times are the same";
  EXPECT_EQ(answer->path, "live/prod/main.tf");
}

TEST(Changes, AreNoneWhereWhatWasDoneWasTakenBack) {
  const Repository repository;
  const CommitId from = repository.commit_file("a/x.tf", "1");
  repository.commit_file("a/x.tf", "2");
  const CommitId last = repository.commit_file("a/x.tf", "1");
  const auto answer = changes(repository.open(), from, last, {"a"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->commits, 0);
  EXPECT_EQ(answer->path, "");
}

TEST(Changes, OfAMergeAreThoseOfItsBranch) {
  const Repository repository;
  const CommitId from = repository.commit_file("a/x.tf", "1");
  repository.git({"checkout", "--quiet", "-b", "side"});
  const CommitId side = repository.commit_file("a/y.tf", "1");
  repository.git({"checkout", "--quiet", "main"});
  repository.commit_file("b/z.tf", "1");
  repository.git({"merge", "--quiet", "--no-ff", "-m", "merge", "side"});
  const auto answer = changes(repository.open(), from, repository.tip("HEAD"), {"a"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->commits, 1);
  EXPECT_EQ(answer->oldest, side);
}

TEST(Changes, OfTheRootAreOfTheFilesThatStandThere) {
  const Repository repository;
  const CommitId from = repository.commit_file("main.tf", "1");
  const CommitId inside = repository.commit_file("live/main.tf", "1");
  EXPECT_EQ(changes(repository.open(), from, inside, {""})->commits, 0);
  EXPECT_EQ(changes(repository.open(), from, repository.commit_file("main.tf", "2"), {""})->commits, 1);
}

TEST(Changes, OfManyFoldersAreToldTogetherAsTheyAreAlone) {
  const Repository repository;
  const CommitId first = repository.commit_file("live/a/main.tf", "1");
  const CommitId second = repository.commit_file("live/a/inner/main.tf", "1");
  repository.commit_file("live/b", "a file");
  const CommitId third = repository.commit_file("main.tf", "1");
  repository.git({"rm", "--quiet", "live/b"});
  repository.commit_file("live/b/main.tf", "1");
  repository.git({"rm", "--quiet", "live/a/main.tf"});
  const CommitId last = repository.commit_file("modules/net/x/y.tf", "1");
  const std::vector<std::vector<std::string>> folders = {{"live/a"}, {"live/a/inner"}, {"live/b"}, {""}, {"live"}, {"modules/net", "live/b"}, {"gone"}};
  std::vector<ChangesWanted> wanted;
  for (const CommitId& from : {first, second, third})
    for (const auto& in : folders)
      for (const auto& out : {std::vector<std::string>{}, std::vector<std::string>{"live/a/inner"}}) wanted.push_back({from, last, in, out});
  const Source source = repository.open();
  const auto answers = source.changes(wanted, kAll);
  ASSERT_EQ(answers.size(), wanted.size());
  std::string told;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto alone = changes(source, wanted[i].from, wanted[i].to, wanted[i].in, wanted[i].out);
    ASSERT_TRUE(answers[i] && alone);
    EXPECT_EQ(answers[i]->commits, alone->commits);
    EXPECT_EQ(answers[i]->oldest, alone->oldest);
    EXPECT_EQ(answers[i]->path, alone->path);
    told += std::to_string(alone->commits) + ":" + alone->path + " ";
  }
  EXPECT_EQ(told.substr(0, told.find("modules")),
            "2:live/a/inner/main.tf 1:live/a/main.tf 1:live/a/inner/main.tf 1:live/a/inner/main.tf 1:live/b/main.tf 1:live/b/main.tf 1:main.tf 1:main.tf "
            "4:live/a/inner/main.tf 3:live/b/main.tf 2:");
}

TEST(Changes, AreNotKnownOfWhatIsNotHere) {
  const Repository repository;
  const CommitId from = repository.commit_file("a/x.tf", "1");
  repository.commit_file("a/x.tf", "2");
  const CommitId last = repository.commit_file("a/x.tf", "3");
  EXPECT_FALSE(changes(repository.open(), *CommitId::from_hex(std::string(40, 'a')), last, {"a"}));
  git_in(repository.outer(), {"clone", "--quiet", "--depth=2", "file://" + repository.path().string(), "shallow"});
  const auto cut = changes(open_here(repository.outer() / "shallow"), from, last, {"a"});
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().fault, Fault::not_found);
}

}  // namespace
}  // namespace trueup::git::testing
