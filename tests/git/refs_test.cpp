#include "git/repository_fixture.hpp"
#include "git/source.hpp"

namespace trueup::git::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> names(const RefList& list) {
  std::vector<std::string> all;
  for (const Ref& ref : list.refs) all.push_back(std::string(to_string(ref.kind)) + " " + ref.name);
  return all;
}

const Ref& ref_of(const RefList& list, std::string_view name) {
  for (const Ref& ref : list.refs) {
    if (ref.name == name) return ref;
  }
  throw std::runtime_error("no ref " + std::string(name));
}

/// "server" with branches main, staging, ring-dev and tag v1; and clones of it beside it.
class RefsOfClones : public ::testing::Test {
 protected:
  RefsOfClones() : server("server") {
    first = server.commit_file("a.yaml", "1");
    server.git({"branch", "staging"});
    server.git({"tag", "v1"});
    second = server.commit_file("a.yaml", "2");
    server.git({"branch", "ring-dev"});
  }
  Source clone(std::vector<std::string> options = {}) {
    const fs::path path = server.outer() / ("clone" + std::to_string(++clones));
    std::vector<std::string> command = {"clone", "--quiet"};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {"file://" + server.path().string(), path.string()});
    git_in(server.outer(), command);
    return open_here(path);
  }

  Repository server;
  CommitId first, second;
  int clones = 0;
};

TEST(Refs, BranchesComeBeforeTagsWithCommitsAndTimes) {
  const Repository repository;
  const CommitId first = repository.commit_file("a.yaml", "1");
  repository.git({"tag", "v1"});
  repository.git({"tag", "--annotate", "v2", "--message", "two"});
  repository.git({"branch", "feature/x"});
  const RefList list = must(repository.open().list_refs());
  EXPECT_THAT(names(list), ElementsAre("branch feature/x", "branch main", "tag v1", "tag v2"));
  for (const Ref& ref : list.refs) {
    EXPECT_EQ(ref.commit, first) << ref.name;
    EXPECT_EQ(ref.commit_time, 1'700'000'000) << ref.name;
  }
  EXPECT_EQ(list.refs[0].full_name, "refs/heads/feature/x");
  repository.git({"pack-refs", "--all"});
  EXPECT_EQ(names(must(repository.open().list_refs())), names(list));
  EXPECT_TRUE(list.heads_complete && list.tags_complete && list.history_complete);
  EXPECT_THAT(list.incomplete_because, IsEmpty());
}

TEST(Refs, TagsThatPointToNoCommitAreReportedAside) {
  const Repository repository;
  repository.commit_file("a.yaml", "1");
  repository.git({"tag", "v1"});
  repository.git({"tag", "of-blob", repository.git({"rev-parse", "HEAD:a.yaml"})});
  repository.git({"tag", "--annotate", "of-tree", "--message", "t", repository.git({"rev-parse", "HEAD^{tree}"})});
  write_file(repository.path() / ".git/refs/tags/dangling", std::string(40, '1') + "\n");
  const RefList list = must(repository.open().list_refs());
  EXPECT_THAT(names(list), ElementsAre("branch main", "tag v1"));
  EXPECT_THAT(list.skipped, ElementsAre(HasSubstr("refs/tags/dangling"), HasSubstr("refs/tags/of-blob"),
                                        HasSubstr("refs/tags/of-tree")));
  repository.git({"update-ref", "-d", "refs/tags/dangling"});
  repository.git({"pack-refs", "--all"});
  EXPECT_EQ(must(repository.open().list_refs()).skipped.size(), 2u);
}

TEST(Refs, ABranchThatNamesAnotherIsFollowed) {
  const Repository repository;
  const CommitId tip = repository.commit_file("a.yaml", "1");
  repository.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  repository.git({"symbolic-ref", "refs/heads/broken", "refs/heads/nothing"});
  const RefList list = must(repository.open().list_refs());
  EXPECT_EQ(ref_of(list, "alias").commit, tip);
  EXPECT_THAT(list.skipped, ElementsAre(HasSubstr("refs/heads/broken")));
}

TEST_F(RefsOfClones, BranchesOfTheRemoteCountUnderTheirOwnNames) {
  const RefList list = must(clone().list_refs());
  EXPECT_THAT(names(list), ElementsAre("branch main", "branch ring-dev", "branch staging", "tag v1"));
  EXPECT_EQ(ref_of(list, "staging").commit, first);
  EXPECT_EQ(ref_of(list, "staging").full_name, "refs/remotes/origin/staging");
  EXPECT_EQ(ref_of(list, "main").full_name, "refs/heads/main");
  EXPECT_TRUE(list.heads_complete && list.tags_complete && list.history_complete);
}

TEST_F(RefsOfClones, TheLocalBranchWinsAndSaysWhatTheServerHad) {
  const Source source = clone();
  git_in(source.root(), {"commit", "--quiet", "--allow-empty", "--message", "local"});
  git_in(source.root(), {"pack-refs", "--all"});
  const RefList list = must(source.list_refs());
  EXPECT_NE(ref_of(list, "main").commit, second);
  EXPECT_EQ(ref_of(list, "main").remote_commit, second);
  EXPECT_EQ(ref_of(list, "staging").remote_commit, std::nullopt);
}

TEST_F(RefsOfClones, AShallowCloneProvesNeitherHistoryNorHeads) {
  const RefList list = must(clone({"--depth=1"}).list_refs());
  EXPECT_FALSE(list.history_complete);
  EXPECT_FALSE(list.heads_complete);
  EXPECT_FALSE(list.tags_complete);
  EXPECT_THAT(list.incomplete_because, ::testing::Contains(HasSubstr("fetch-depth: 0")));
}

TEST_F(RefsOfClones, ASingleBranchCloneIsIncomplete) {
  const RefList list = must(clone({"--single-branch"}).list_refs());
  EXPECT_THAT(names(list), ElementsAre("branch main", "tag v1"));
  EXPECT_FALSE(list.heads_complete);
  EXPECT_FALSE(list.tags_complete);
  EXPECT_TRUE(list.history_complete);
}

TEST_F(RefsOfClones, ACloneWithoutTagsIsIncompleteInTags) {
  const RefList list = must(clone({"--no-tags"}).list_refs());
  EXPECT_TRUE(list.heads_complete);
  EXPECT_FALSE(list.tags_complete);
}

TEST_F(RefsOfClones, MirrorsAndBareClonesAreComplete) {
  for (const char* const option : {"--mirror", "--bare"}) {
    const Source source = clone({option});
    const RefList list = must(source.list_refs());
    EXPECT_THAT(names(list), ElementsAre("branch main", "branch ring-dev", "branch staging", "tag v1"));
    EXPECT_TRUE(list.heads_complete && list.tags_complete && list.history_complete) << option;
    EXPECT_EQ(must(source.default_branch()).name, "main");
  }
}

TEST_F(RefsOfClones, ABareShallowCloneIsIncomplete) {
  const RefList list = must(clone({"--bare", "--depth=1"}).list_refs());
  EXPECT_FALSE(list.heads_complete);
}

TEST_F(RefsOfClones, ARemoteThatWasNeverFetchedProvesNothing) {
  server.git({"remote", "add", "origin", "https://git.example/acme/deploy.git"});
  const RefList list = must(server.open().list_refs());
  EXPECT_FALSE(list.heads_complete);
  EXPECT_THAT(list.incomplete_because, ::testing::Contains(HasSubstr("never fetched")));
}

TEST_F(RefsOfClones, UpstreamIsTheRepositoryAndOriginAFork) {
  const Source source = clone();
  server.git({"branch", "only-upstream"});
  git_in(source.root(), {"remote", "add", "upstream", "file://" + server.path().string()});
  git_in(source.root(), {"fetch", "--quiet", "upstream"});
  git_in(source.root(), {"update-ref", "refs/remotes/origin/only-fork", "HEAD"});
  const RefList list = must(source.list_refs());
  EXPECT_THAT(names(list),
              ElementsAre("branch main", "branch only-upstream", "branch ring-dev", "branch staging", "tag v1"));
  EXPECT_TRUE(list.heads_complete);
  EXPECT_EQ(must(source.default_branch()).name, "main");  // origin's HEAD, as upstream's is not known
}

TEST_F(RefsOfClones, SeveralRemotesWithoutAUsualNameProveNothing) {
  server.git({"remote", "add", "one", "https://git.example/a/b"});
  server.git({"remote", "add", "two", "https://git.example/c/d"});
  EXPECT_FALSE(must(server.open().list_refs()).heads_complete);
  EXPECT_EQ(must(server.open().default_branch()).name, "main");
}

TEST_F(RefsOfClones, TheDefaultBranchIsTheRemotesHead) {
  server.git({"checkout", "--quiet", "staging"});
  const Source source = clone();
  const DefaultBranch branch = must(source.default_branch());
  EXPECT_EQ(branch.name, "staging");
  EXPECT_EQ(branch.reason, "HEAD of remote origin");
  git_in(source.root(), {"update-ref", "--no-deref", "-d", "refs/remotes/origin/HEAD"});
  EXPECT_EQ(must(source.default_branch()).name, "main");
  EXPECT_THAT(must(source.default_branch()).reason, HasSubstr("remote set-head"));
}

TEST_F(RefsOfClones, TheHeadOfABareRepositoryIsItsDefaultBranch) {
  const Source bare = clone({"--bare"});
  git_in(bare.root(), {"symbolic-ref", "HEAD", "refs/heads/ring-dev"});
  EXPECT_EQ(must(bare.default_branch()).name, "ring-dev");
  git_in(bare.root(), {"symbolic-ref", "HEAD", "refs/heads/unborn"});
  const DefaultBranch branch = must(bare.default_branch());
  EXPECT_EQ(branch.name, "main");
  EXPECT_THAT(branch.reason, HasSubstr("HEAD names unborn"));
  git_in(bare.root(), {"update-ref", "--no-deref", "HEAD", second.hex()});
  EXPECT_THAT(must(bare.default_branch()).reason, HasSubstr("detached"));
}

TEST(Refs, WithoutRemoteMainThenMasterThenTheOnlyBranchIsTheDefault) {
  const Repository repository;
  EXPECT_EQ(must(repository.open().default_branch()).name, std::nullopt);
  repository.commit_file("a.yaml", "1");
  EXPECT_EQ(must(repository.open().default_branch()).name, "main");
  repository.git({"branch", "--move", "main", "trunk"});
  EXPECT_EQ(must(repository.open().default_branch()).name, "trunk");
  EXPECT_EQ(must(repository.open().default_branch()).reason, "the only branch");
  repository.git({"branch", "other"});
  EXPECT_EQ(must(repository.open().default_branch()).name, std::nullopt);
  repository.git({"branch", "master"});
  EXPECT_EQ(must(repository.open().default_branch()).name, "master");
}

TEST(Refs, HeadIsABranchDetachedOrUnborn) {
  const Repository repository;
  Head head = must(repository.open().head());
  EXPECT_EQ(head.branch, "main");
  EXPECT_EQ(head.commit, std::nullopt);
  const CommitId tip = repository.commit_file("a.yaml", "1");
  head = must(repository.open().head());
  EXPECT_EQ(head.branch, "main");
  EXPECT_EQ(head.commit, tip);
  repository.git({"checkout", "--quiet", "--detach"});
  head = must(repository.open().head());
  EXPECT_EQ(head.branch, std::nullopt);
  EXPECT_EQ(head.commit, tip);
}

TEST(Refs, RemotesStartWithUpstreamAndOrigin) {
  const Repository repository;
  repository.git({"remote", "add", "fork", "git@github.com:someone/deploy.git"});
  repository.git({"remote", "add", "origin", "https://github.com/acme/deploy.git"});
  repository.git({"remote", "add", "upstream", "/srv/git/deploy"});
  const auto remotes = must(repository.open().remotes());
  ASSERT_EQ(remotes.size(), 3u);
  EXPECT_EQ(remotes[0].name, "upstream");
  EXPECT_EQ(remotes[0].address, std::nullopt);
  EXPECT_EQ(remotes[1].address, (RemoteAddress{"github.com", "acme/deploy"}));
  EXPECT_EQ(remotes[2].address, (RemoteAddress{"github.com", "someone/deploy"}));
}

TEST(Refs, UrlsOfRemotesAreReadAsGitReadsThem) {
  const Repository repository;
  repository.git({"config", "url.git@github.com:.insteadOf", "gh:"});
  repository.git({"config", "url.https://git.example/.insteadOf", "gh:mirror/"});
  repository.git({"remote", "add", "origin", "gh:acme/deploy"});
  repository.git({"remote", "add", "with.dots", "gh:mirror/acme/charts"});
  repository.git({"config", "remote.pushDefault", "origin"});
  repository.git({"config", "remote.no-url.prune", "true"});
  const auto remotes = must(repository.open().remotes());
  ASSERT_EQ(remotes.size(), 2u);
  EXPECT_EQ(remotes[0].url, "git@github.com:acme/deploy");
  EXPECT_EQ(remotes[1].name, "with.dots");
  EXPECT_EQ(remotes[1].url, "https://git.example/acme/charts");
}

TEST_F(RefsOfClones, ANegativeRefspecLeavesBranchesOut) {
  const Source source = clone();
  git_in(source.root(), {"config", "--add", "remote.origin.fetch", "^refs/heads/ring-*"});
  EXPECT_FALSE(must(source.list_refs()).heads_complete);
}

TEST(Refs, AnEmptyRepositoryHasNone) {
  const Repository repository;
  EXPECT_THAT(must(repository.open().list_refs()).refs, IsEmpty());
}

}  // namespace
}  // namespace trueup::git::testing
