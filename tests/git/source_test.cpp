#include "git/source.hpp"

#include "base/limits.hpp"
#include "base/work_queue.hpp"
#include "git/repository_fixture.hpp"

namespace trueup::git::testing {
namespace {

using ::testing::HasSubstr;

TEST(Source, KnowsWorkTreesBareRepositoriesAndPlainFolders) {
  const Repository repository;
  repository.commit_file("a.yaml", "a");
  EXPECT_EQ(repository.open().kind(), SourceKind::working_tree);
  EXPECT_EQ(repository.open().root(), repository.path());

  git_in(repository.outer(), {"clone", "--quiet", "--bare", "deploy", "bare.git"});
  EXPECT_EQ(open_here(repository.outer() / "bare.git").kind(), SourceKind::bare);
  EXPECT_EQ(open_here(repository.outer() / "bare.git").root(), repository.outer() / "bare.git");

  write_file(repository.outer() / "plain" / "a.yaml", "a");
  EXPECT_EQ(open_here(repository.outer() / "plain").kind(), SourceKind::plain);
  EXPECT_EQ(must(Source::open(repository.outer() / "plain")).kind(), SourceKind::plain);
}

TEST(Source, ARepositoryThatACommitHoldsIsNotOpened) {
  const Repository repository;
  repository.commit_file("svc/a/chart.yaml", "a");
  git_in(repository.outer(), {"clone", "--quiet", "--bare", "deploy", "deploy/svc/bare"});
  EXPECT_EQ(open_here(repository.path() / "svc" / "bare").kind(), SourceKind::bare) << "as long as nobody commits it";
  git_in(repository.path(), {"add", "--all"});
  for (const char* folder : {"svc/bare", "svc/bare/refs"}) {
    const auto opened = Source::open(repository.path() / folder);
    ASSERT_FALSE(opened) << folder;
    EXPECT_EQ(opened.error().fault, Fault::denied);
    EXPECT_THAT(opened.error().message, HasSubstr("own files are committed"));
  }
}

TEST(Source, AFolderInsideAWorkTreeStandsForTheWholeUnlessAskedOtherwise) {
  const Repository repository;
  repository.commit_file("charts/atlas/Chart.yaml", "a");
  const Source whole = must(Source::open(repository.path() / "charts" / "atlas"));
  EXPECT_EQ(whole.kind(), SourceKind::working_tree);
  EXPECT_EQ(whole.root(), repository.path());
  EXPECT_EQ(whole.subfolder(), "charts/atlas");
  EXPECT_EQ(must(Source::open(repository.path())).subfolder(), "");

  const Source here = open_here(repository.path() / "charts");
  EXPECT_EQ(here.kind(), SourceKind::plain);
  EXPECT_EQ(here.root(), repository.path() / "charts");
}

TEST(Source, AFolderThatTheRepositoryIgnoresIsAPlainOne) {
  const Repository repository;
  repository.write(".gitignore", "/build\n/vendor\n");
  repository.write("vendor/kept.yaml", "k");
  repository.git({"add", "--force", "vendor/kept.yaml"});
  repository.commit();
  repository.write("build/out/a.yaml", "a");
  EXPECT_EQ(must(Source::open(repository.path() / "build" / "out")).kind(), SourceKind::plain);
  EXPECT_EQ(must(Source::open(repository.path() / "vendor")).kind(), SourceKind::working_tree);  // tracked all the same
}

TEST(Source, LinkedWorkTreesAndTheGitFolderItselfOpen) {
  const Repository repository;
  repository.commit_file("a.yaml", "a");
  repository.git({"worktree", "add", "--quiet", "../linked", "-b", "topic"});
  const Source linked = open_here(repository.outer() / "linked");
  EXPECT_EQ(linked.kind(), SourceKind::working_tree);
  EXPECT_EQ(linked.root(), repository.outer() / "linked");
  EXPECT_EQ(must(linked.head()).branch, "topic");
  EXPECT_EQ(must(Source::open(repository.path() / ".git")).root(), repository.path());
  EXPECT_EQ(must(Source::open(repository.path() / ".git" / "refs")).subfolder(), "");
}

TEST(Source, WhatCannotBeOpenedSaysWhy) {
  const Repository repository;
  const auto missing = Source::open(repository.outer() / "missing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().fault, Fault::not_found);
  EXPECT_THAT(missing.error().message, HasSubstr("does not exist"));

  write_file(repository.outer() / "file", "x");
  const auto file = Source::open(repository.outer() / "file");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().fault, Fault::not_found);
  EXPECT_THAT(file.error().message, HasSubstr("is a file"));
}

TEST(Source, ADamagedRepositoryIsNotTakenForAPlainFolder) {
  const Repository repository;
  repository.commit_file("a.yaml", "a");
  fs::remove(repository.path() / ".git" / "HEAD");
  for (const Discover discover : {Discover::here, Discover::upwards}) {
    const auto opened = Source::open(repository.path(), discover);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().fault, Fault::malformed);
  }
  const Repository other;
  write_file(other.path() / ".git" / "config", "[core\n");
  const auto opened = Source::open(other.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().fault, Fault::malformed);
}

TEST(Source, ASha256RepositoryIsRefusedInWords) {
  const TempFolder temp;
  git_in(temp.path(), {"init", "--quiet", "--object-format=sha256", "new"});
  const auto opened = Source::open(temp / "new");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().fault, Fault::malformed);
  EXPECT_THAT(opened.error().message, HasSubstr("SHA-256"));
}

TEST(Source, ARepositoryOfAnotherUserNamesTheWayOut) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to give a folder away";
  const Repository repository;
  repository.commit_file("a.yaml", "a");
  for (const char* const name : {"", ".git"}) ASSERT_EQ(::chown((repository.path() / name).c_str(), 65534, 65534), 0);
  const auto opened = Source::open(repository.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().fault, Fault::denied);
  EXPECT_THAT(opened.error().message, HasSubstr("safe.directory '" + repository.path().string() + "'"));
  repository.write("charts/a.yaml", "a");
  EXPECT_EQ(Source::open(repository.path() / "charts").error().message, opened.error().message);
}

TEST(Source, AFolderThatOnlyResemblesARepositoryIsPlain) {
  const TempFolder temp;
  write_file(temp / "objects/a.yaml", "a");
  write_file(temp / "refs/a.yaml", "a");
  EXPECT_EQ(must(Source::open(temp.path())).kind(), SourceKind::plain);
}

TEST(Source, PartialCloneExtensionsAreNoHindrance) {
  const Repository repository;
  const CommitId tip = repository.commit_file("a.yaml", "a");
  repository.git({"config", "core.repositoryFormatVersion", "1"});
  repository.git({"config", "extensions.partialClone", "origin"});
  repository.git({"config", "extensions.worktreeConfig", "true"});
  EXPECT_EQ(must(repository.open().head()).commit, tip);
}

TEST(Source, ReadsBlobsByteForByte) {
  const Repository repository;
  const std::string bytes("crlf\r\nnul\0\xFF\n", 12);
  repository.commit_file("a.bin", bytes);
  const Source source = repository.open();
  const auto id = BlobId::from_hex(repository.git({"rev-parse", "HEAD:a.bin"})).value();
  EXPECT_EQ(must(source.read_blob(id)), bytes);
  const auto tree = source.read_blob(BlobId::from_hex(repository.git({"rev-parse", "HEAD^{tree}"})).value());
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().fault, Fault::malformed);
}

TEST(Source, AMissingBlobIsNamed) {
  const Repository repository;
  repository.commit_file("a.yaml", "a");
  const std::string id = repository.git({"rev-parse", "HEAD:a.yaml"});
  fs::remove(repository.path() / ".git" / "objects" / id.substr(0, 2) / id.substr(2));
  const auto bytes = repository.open().read_blob(BlobId::from_hex(id).value());
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().fault, Fault::not_found);
  EXPECT_THAT(bytes.error().message, HasSubstr(id));
}

TEST(Source, ADamagedBlobIsMalformed) {
  const Repository repository;
  repository.commit_file("a.yaml", "abcdefgh");
  const std::string id = repository.git({"rev-parse", "HEAD:a.yaml"});
  const fs::path object = repository.path() / ".git" / "objects" / id.substr(0, 2) / id.substr(2);
  fs::permissions(object, fs::perms::owner_all);
  write_file(object, "no zlib stream");
  const auto bytes = repository.open().read_blob(BlobId::from_hex(id).value());
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().fault, Fault::malformed);
}

TEST(Source, ABlobOverTheLimitIsNotRead) {
  const Repository repository;
  repository.commit_file("large", std::string(limits::kMaxBlobBytes + 1, 'x'));
  const auto bytes = repository.open().read_blob(BlobId::from_hex(repository.git({"rev-parse", "HEAD:large"})).value());
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().fault, Fault::over_limit);
}

TEST(Source, BlobsAreReadFromManyThreads) {
  const Repository repository;
  for (int i = 0; i < 40; ++i)
    repository.write("f" + std::to_string(i), std::string(1000, static_cast<char>('a' + i % 26)));
  const CommitId tip = repository.commit();
  repository.git({"repack", "-q", "-a", "-d"});
  const Source source = repository.open();
  SnapshotReader reader(source, every_file());
  const auto entries = must(reader.read(tip)).files()->entries();
  ASSERT_EQ(entries.size(), 40u);
  std::vector<std::string> read(entries.size() * 10);
  parallel_for(read.size(), [&](std::size_t i) { read[i] = must(source.read(entries[i % entries.size()])); });
  for (std::size_t i = 0; i < read.size(); ++i) EXPECT_EQ(read[i], read[i % entries.size()]);
  EXPECT_EQ(read[0].size(), 1000u);
}

TEST(Source, APlainFolderHasNoRevisions) {
  const TempFolder temp;
  const Source source = open_here(temp.path());
  for (const auto& error : {source.list_refs().error(), source.head().error(), source.resolve_revision("HEAD").error(),
                            source.default_branch().error(), source.resolve_revisions("v*").error()}) {
    EXPECT_EQ(error.fault, Fault::not_found);
    EXPECT_THAT(error.message, HasSubstr("plain folder"));
  }
  EXPECT_TRUE(must(source.remotes()).empty());
}

}  // namespace
}  // namespace trueup::git::testing
