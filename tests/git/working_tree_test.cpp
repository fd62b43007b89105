#include <sys/socket.h>
#include <sys/un.h>

#include "base/limits.hpp"
#include "git/repository_fixture.hpp"
#include "git/snapshot.hpp"

namespace trueup::git::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Snapshot read_tree(const Source& source) {
  SnapshotReader reader(source, every_file());
  return must(reader.read_working_tree());
}

TEST(WorkingTree, HoldsWhatIsOnDiskTrackedOrNot) {
  const Repository repository;
  repository.write("kept.yaml", "1");
  repository.write("gone.yaml", "2");
  repository.write("edited.yaml", "3");
  repository.commit();
  repository.write("edited.yaml", "33");
  repository.write("new/untracked.yaml", "4");
  fs::remove(repository.path() / "gone.yaml");
  fs::create_directories(repository.path() / "empty");
  const Source source = repository.open();
  const Snapshot snapshot = read_tree(source);
  EXPECT_THAT(listed(snapshot), ElementsAre("edited.yaml file", "kept.yaml file", "new/untracked.yaml file"));
  EXPECT_EQ(must(source.read(entry_of(snapshot, "edited.yaml"))), "33");
  EXPECT_EQ(entry_of(snapshot, "kept.yaml").id.hex(), repository.git({"rev-parse", "HEAD:kept.yaml"}));
  EXPECT_EQ(entry_of(snapshot, "edited.yaml").id.hex(), repository.git({"hash-object", "edited.yaml"}));
  EXPECT_FALSE(snapshot.exists("empty"));  // as in a commit
  EXPECT_EQ(snapshot.commit(), std::nullopt);
  EXPECT_THAT(snapshot.problems(), IsEmpty());
}

TEST(WorkingTree, LeavesOutWhatGitIgnores) {
  const Repository repository;
  repository.write(".gitignore", "*.log\n/build/\n!keep.log\nnode_modules\n");
  repository.write("sub/.gitignore", "local.yaml\n");
  repository.write(".git/info/exclude", "private.yaml\n");
  repository.write("tracked.log", "t");
  repository.write("build/tracked.yaml", "t");
  repository.git({"add", "--force", "."});
  repository.git({"commit", "--quiet", "--message", "x"});
  for (const char* const name : {"a.log", "keep.log", "build/out.yaml", "sub/build/in.yaml", "sub/local.yaml",
                                 "local.yaml", "private.yaml", "web/node_modules/x/package.json", "web/index.yaml"})
    repository.write(name, "x");
  EXPECT_THAT(all_paths(read_tree(repository.open())),
              ElementsAre(".gitignore", "build/tracked.yaml", "keep.log", "local.yaml", "sub/.gitignore",
                          "sub/build/in.yaml", "tracked.log", "web/index.yaml"));
}

TEST(WorkingTree, NestedRepositoriesAreNotEntered) {
  const Repository repository;
  repository.commit_file("a.yaml", "a");
  fs::create_directories(repository.path() / "nested");
  git_in(repository.path() / "nested", {"init", "--quiet"});
  repository.write("nested/inner.yaml", "i");
  repository.write("not-nested/.git/description", "no repository: it has no HEAD");
  repository.write("not-nested/b.yaml", "b");
  const Snapshot snapshot = read_tree(repository.open());
  EXPECT_EQ(snapshot.find("nested"), PathKind::submodule);
  EXPECT_THAT(all_paths(snapshot), ElementsAre("a.yaml", "nested", "not-nested/b.yaml"));
  EXPECT_THAT(listed(snapshot), ElementsAre("a.yaml file", "not-nested/b.yaml file"));
}

TEST(WorkingTree, LinksAreNeverFollowed) {
  const Repository repository;
  write_file(repository.outer() / "secret" / "key.yaml", "secret");
  repository.commit_file("real/a.yaml", "a");
  fs::create_symlink(repository.outer() / "secret", repository.path() / "folder");
  fs::create_symlink("../secret/key.yaml", repository.path() / "file.yaml");
  fs::create_symlink("real/a.yaml", repository.path() / "inside.yaml");
  fs::create_symlink(".", repository.path() / "loop");
  const Source source = repository.open();
  const Snapshot snapshot = read_tree(source);
  EXPECT_THAT(listed(snapshot), ElementsAre("file.yaml symlink", "folder symlink", "inside.yaml symlink",
                                            "loop symlink", "real/a.yaml file"));
  EXPECT_EQ(must(source.read(entry_of(snapshot, "file.yaml"))), "../secret/key.yaml");
  EXPECT_EQ(entry_of(snapshot, "inside.yaml").id.hex(), repository.git({"hash-object", "--stdin"}, "real/a.yaml"));
}

TEST(WorkingTree, AFileThatBecameALinkIsNotRead) {
  const Repository repository;
  repository.write("d/a.yaml", "a");
  repository.write("b.yaml", "b");
  const Source source = repository.open();
  const Snapshot snapshot = read_tree(source);
  write_file(repository.outer() / "secret" / "a.yaml", "a");
  fs::remove_all(repository.path() / "d");
  fs::create_symlink("../secret", repository.path() / "d");
  fs::remove(repository.path() / "b.yaml");
  fs::create_symlink("../secret/a.yaml", repository.path() / "b.yaml");
  EXPECT_FALSE(source.read(entry_of(snapshot, "d/a.yaml")));
  EXPECT_EQ(source.read(entry_of(snapshot, "b.yaml")).error().fault, Fault::malformed);
}

TEST(WorkingTree, AFileThatChangedSinceItWasListedIsNotReadUnderItsOldId) {
  const Repository repository;
  repository.write("a.yaml", "a");
  const Source source = repository.open();
  const Snapshot snapshot = read_tree(source);
  repository.write("a.yaml", "b");
  const auto bytes = source.read(entry_of(snapshot, "a.yaml"));
  ASSERT_FALSE(bytes);
  EXPECT_THAT(bytes.error().message, HasSubstr("changed"));
}

TEST(WorkingTree, SharesItsFilesWithACleanHead) {
  const Repository repository;
  repository.write("a.yaml", "a");
  repository.write("d/b.yaml", "b");
  const CommitId tip = repository.commit();
  SnapshotReader reader(repository.open(), every_file());
  EXPECT_EQ(must(reader.read_working_tree()).files(), must(reader.read(tip)).files());
  // Touched but equal: the index no longer proves it, hashing does.
  fs::last_write_time(repository.path() / "a.yaml", fs::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_EQ(must(reader.read_working_tree()).files(), must(reader.read(tip)).files());
}

TEST(WorkingTree, AChangeOfEqualLengthIsSeen) {
  const Repository repository;
  repository.commit_file("a.yaml", "version: 1");
  for (int i = 2; i < 6; ++i) {
    repository.write("a.yaml", "version: " + std::to_string(i));
    repository.git({"add", "a.yaml"});
    repository.write("a.yaml", "version: 9");  // at once: the same size, perhaps the same tick of the clock
    const Source source = repository.open();
    EXPECT_EQ(must(source.read(entry_of(read_tree(source), "a.yaml"))), "version: 9");
  }
}

TEST(WorkingTree, BytesAreThoseOnDiskWhateverFiltersDo) {
  const Repository repository;
  repository.git({"config", "core.autocrlf", "true"});
  repository.commit_file("a.yaml", "a\nb\n");
  fs::remove(repository.path() / "a.yaml");
  repository.git({"checkout", "--", "a.yaml"});  // written with CRLF now
  const Source source = repository.open();
  const Snapshot snapshot = read_tree(source);
  EXPECT_EQ(must(source.read(entry_of(snapshot, "a.yaml"))), "a\r\nb\r\n");
  EXPECT_EQ(entry_of(snapshot, "a.yaml").id.hex(), repository.git({"hash-object", "--no-filters", "a.yaml"}));
}

TEST(WorkingTree, CrlfCommittedAsItIsStaysAsItIs) {
  const Repository repository;
  const CommitId tip = repository.commit_file("a.yaml", "a\r\nb\r\n");
  SnapshotReader reader(repository.open(), every_file());
  EXPECT_EQ(must(reader.read_working_tree()).files(), must(reader.read(tip)).files());
}

TEST(WorkingTree, AnUnbornBranchHasAWorkingTree) {
  const Repository repository;
  repository.write("a.yaml", "a");
  EXPECT_THAT(listed(read_tree(repository.open())), ElementsAre("a.yaml file"));
}

TEST(WorkingTree, FilesInConflictAreListed) {
  const Repository repository;
  repository.write(".gitignore", "*.log\n");
  repository.write("a.log", "1");
  repository.git({"add", "--force", "."});
  repository.git({"commit", "--quiet", "--message", "x"});
  repository.git({"checkout", "--quiet", "-b", "side"});
  repository.write("a.log", "2");
  repository.git({"commit", "--quiet", "--all", "--message", "x"});
  repository.git({"checkout", "--quiet", "main"});
  repository.write("a.log", "3");
  repository.git({"commit", "--quiet", "--all", "--message", "x"});
  const std::string base = repository.git({"rev-parse", "main~1:a.log"});
  const std::string ours = repository.git({"rev-parse", "main:a.log"});
  repository.git({"update-index", "--index-info"}, "0 " + std::string(40, '0') + "\ta.log\n" +  //
                                                       "100644 " + base + " 1\ta.log\n" +         //
                                                       "100644 " + ours + " 2\ta.log\n");
  EXPECT_THAT(all_paths(read_tree(repository.open())), ElementsAre(".gitignore", "a.log"));
}

TEST(WorkingTree, ASparseCheckoutStillHasTheFilesThatItLeavesOut) {
  const Repository repository;
  repository.write("here/a.yaml", "a");
  repository.write("left/b.yaml", "b");
  const CommitId tip = repository.commit();
  repository.git({"sparse-checkout", "set", "--no-cone", "/here/"});
  ASSERT_FALSE(fs::exists(repository.path() / "left"));
  const Source source = repository.open();
  SnapshotReader reader(source, every_file());
  const Snapshot snapshot = must(reader.read_working_tree());
  EXPECT_EQ(snapshot.files(), must(reader.read(tip)).files());
  EXPECT_EQ(must(source.read(entry_of(snapshot, "left/b.yaml"))), "b");
}

TEST(WorkingTree, PipesAndSocketsArePassedOver) {
  const Repository repository;
  repository.write("a.yaml", "a");
  ASSERT_EQ(::mkfifo((repository.path() / "pipe.yaml").c_str(), 0600), 0);
  EXPECT_THAT(all_paths(read_tree(repository.open())), ElementsAre("a.yaml"));
}

TEST(WorkingTree, LargeFilesAreListedAndNotRead) {
  const TempFolder temp;
  write_file(temp / "a.yaml", "a");
  write_file(temp / "large.yaml", "");
  fs::resize_file(temp / "large.yaml", limits::kMaxBlobBytes + 1);
  const Snapshot snapshot = read_tree(open_here(temp.path()));
  EXPECT_THAT(listed(snapshot), ElementsAre("a.yaml file"));
  EXPECT_TRUE(snapshot.exists("large.yaml"));
  ASSERT_EQ(snapshot.problems().size(), 1u);
  EXPECT_EQ(snapshot.problems()[0].path, "large.yaml");
  EXPECT_EQ(snapshot.problems()[0].error.fault, Fault::over_limit);
  EXPECT_EQ(snapshot.problems()[0].size, limits::kMaxBlobBytes + 1);
}

TEST(WorkingTree, WhatCannotBeReadIsAProblemAndTheRestGoesOn) {
  const TempFolder temp;
  ::chmod(temp.path().c_str(), 0755);
  write_file(temp / "a.yaml", "a");
  write_file(temp / "closed.yaml", "c");
  write_file(temp / "closed/b.yaml", "b");
  ::chmod((temp / "closed.yaml").c_str(), 0);
  ::chmod((temp / "closed").c_str(), 0);
  const bool root = ::geteuid() == 0;
  const Source source = open_here(temp.path());
  if (root) {
    ASSERT_EQ(::seteuid(65534), 0);  // root may read everything
  }
  SnapshotReader reader(source, every_file());
  const auto snapshot = reader.read_working_tree();
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  ::chmod((temp / "closed").c_str(), 0700);
  ASSERT_TRUE(snapshot) << snapshot.error().message;
  EXPECT_THAT(listed(*snapshot), ElementsAre("a.yaml file"));
  EXPECT_TRUE(snapshot->exists("closed.yaml"));
  ASSERT_EQ(snapshot->problems().size(), 2u);
  for (const Problem& problem : snapshot->problems()) {
    EXPECT_THAT(problem.path, ::testing::AnyOf("closed", "closed.yaml"));
    EXPECT_EQ(problem.error.fault, Fault::denied);
  }
}

TEST(WorkingTree, APlainFolderHasNoIgnoreRules) {
  const TempFolder temp;
  write_file(temp / ".gitignore", "*.yaml\n");
  write_file(temp / "a.yaml", "a");
  write_file(temp / "d/run.sh", "x");
  ::chmod((temp / "d/run.sh").c_str(), 0755);
  const Source source = open_here(temp.path());
  const Snapshot snapshot = read_tree(source);
  EXPECT_THAT(listed(snapshot), ElementsAre(".gitignore file", "a.yaml file", "d/run.sh executable"));
  EXPECT_EQ(must(source.read(entry_of(snapshot, "a.yaml"))), "a");
  EXPECT_EQ(entry_of(snapshot, "a.yaml").id.hex(), git_in(temp.path(), {"hash-object", "a.yaml"}));
}

TEST(WorkingTree, ABareRepositoryHasNone) {
  const Repository repository;
  repository.commit_file("a.yaml", "a");
  git_in(repository.outer(), {"clone", "--quiet", "--bare", "deploy", "bare.git"});
  SnapshotReader reader(open_here(repository.outer() / "bare.git"), every_file());
  const auto snapshot = reader.read_working_tree();
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().fault, Fault::not_found);
}

TEST(WorkingTree, ABrokenIndexIsReportedAndTheFilesAreReadAllTheSame) {
  const Repository repository;
  repository.commit_file("a.yaml", "a");
  write_file(repository.path() / ".git/index", "no index");
  const Snapshot snapshot = read_tree(repository.open());
  EXPECT_THAT(listed(snapshot), ElementsAre("a.yaml file"));
  ASSERT_EQ(snapshot.problems().size(), 1u);
  EXPECT_EQ(snapshot.problems()[0].path, ".git/index");
}

}  // namespace
}  // namespace trueup::git::testing
