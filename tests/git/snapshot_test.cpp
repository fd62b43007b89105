#include "git/snapshot.hpp"

#include <random>

#include "git/repository_fixture.hpp"

namespace trueup::git::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

PathSelector yaml_files() {
  return {[](std::string_view path) { return path.ends_with(".yaml"); }};
}

using Entries = std::vector<std::pair<std::string, std::string>>;

/// Writes a tree object of any names and modes, valid or not. `entries` are "mode name" and an id in hex.
std::string write_tree(const Repository& repository, const Entries& entries) {
  std::string bytes;
  for (const auto& [mode_and_name, id] : entries) {
    bytes += mode_and_name + '\0';
    const auto raw = BlobId::from_hex(id).value();
    bytes.append(reinterpret_cast<const char*>(raw.bytes.data()), raw.bytes.size());
  }
  return repository.git({"hash-object", "-w", "-t", "tree", "--literally", "--stdin"}, bytes);
}

CommitId commit_tree(const Repository& repository, const std::string& tree) {
  return CommitId::from_hex(repository.git({"commit-tree", "-m", "x", tree})).value();
}

TEST(Snapshot, ListsModesInByteOrderOfPath) {
  const Repository repository;
  repository.write("foo/b.yaml", "b");
  repository.write("foo.txt", "t");
  repository.write("foo-bar/c", "c");
  repository.write("run.sh", "#!/bin/sh\n");
  ::chmod((repository.path() / "run.sh").c_str(), 0755);
  fs::create_symlink("/etc/passwd", repository.path() / "outside");
  fs::create_symlink("foo.txt", repository.path() / "inside");
  const CommitId tip = repository.commit();
  SnapshotReader reader(repository.open(), every_file());
  const Snapshot snapshot = must(reader.read(tip));
  EXPECT_THAT(listed(snapshot), ElementsAre("foo-bar/c file", "foo.txt file", "foo/b.yaml file", "inside symlink",
                                            "outside symlink", "run.sh executable"));
  EXPECT_EQ(snapshot.commit(), tip);
  EXPECT_EQ(snapshot.path_count(), 6u);
  // A link is its text; what it points to is never read.
  EXPECT_EQ(must(repository.open().read(entry_of(snapshot, "outside"))), "/etc/passwd");
  EXPECT_EQ(must(repository.open().read(entry_of(snapshot, "foo/b.yaml"))), "b");
}

TEST(Snapshot, SelectsFilesButKnowsAllPaths) {
  const Repository repository;
  repository.write("charts/atlas/Chart.yaml", "a");
  repository.write("charts/atlas/templates/x.tpl", "x");
  repository.write("vendor/lib/values.yaml", "v");
  repository.write("README.md", "r");
  const CommitId tip = repository.commit();
  PathSelector wanted = yaml_files();
  wanted.directory = [](std::string_view path) { return path != "vendor"; };
  SnapshotReader reader(repository.open(), wanted);
  const Snapshot snapshot = must(reader.read(tip));
  EXPECT_THAT(listed(snapshot), ElementsAre("charts/atlas/Chart.yaml file"));
  EXPECT_THAT(all_paths(snapshot), ElementsAre("README.md", "charts/atlas/Chart.yaml", "charts/atlas/templates/x.tpl",
                                               "vendor/lib/values.yaml"));
  struct Case {
    std::string_view path;
    PathKind kind;
  };
  for (const Case& c : {
           Case{"README.md", PathKind::file},
           Case{"charts", PathKind::directory},
           Case{"charts/", PathKind::directory},
           Case{"./charts/atlas", PathKind::directory},
           Case{"charts/./atlas//Chart.yaml", PathKind::file},
           Case{"", PathKind::directory},
           Case{".", PathKind::directory},
           Case{"vendor/lib/values.yaml", PathKind::file},
           Case{"charts/atlas/Chart.yml", PathKind::absent},
           Case{"charts/..", PathKind::absent},
           Case{"README.md/", PathKind::absent},
           Case{"README.md/x", PathKind::absent},
           Case{"/README.md", PathKind::absent},
           Case{"chart", PathKind::absent},
       })
    EXPECT_EQ(snapshot.find(c.path), c.kind) << c.path;
}

TEST(Snapshot, SubmodulesAreEntriesThatAreNotEntered) {
  const Repository repository, other("library");
  other.commit_file("lib.yaml", "l");
  repository.write("a.yaml", "a");
  repository.git({"submodule", "--quiet", "add", other.path().string(), "libs/library"});
  const CommitId tip = repository.commit();
  SnapshotReader reader(repository.open(), every_file());
  const Snapshot committed = must(reader.read(tip)), on_disk = must(reader.read_working_tree());
  for (const Snapshot& snapshot : {committed, on_disk}) {
    EXPECT_THAT(all_paths(snapshot), ElementsAre(".gitmodules", "a.yaml", "libs/library"));
    EXPECT_EQ(snapshot.find("libs/library"), PathKind::submodule);
    EXPECT_EQ(snapshot.find("libs/library/lib.yaml"), PathKind::absent);
    EXPECT_THAT(listed(snapshot), ElementsAre(".gitmodules file", "a.yaml file"));
  }
}

TEST(Snapshot, OddNamesSurvive) {
  const Repository repository;
  const std::vector<std::string> odd = {"a b.yaml", "line\nbreak.yaml", "quote\"s.yaml", "not-utf8-\xFF\xFE.yaml",
                                        "\xE2\x80\xAEx.yaml"};
  for (const std::string& name : odd) repository.write(name, name);
  const CommitId tip = repository.commit();
  const Source source = repository.open();
  SnapshotReader reader(source, every_file());
  for (const Snapshot& snapshot : {must(reader.read(tip)), must(reader.read_working_tree())}) {
    for (const std::string& name : odd) EXPECT_EQ(must(source.read(entry_of(snapshot, name))), name);
    EXPECT_EQ(snapshot.path_count(), odd.size());
  }
}

TEST(Snapshot, EqualSelectionsAreOneObjectWhateverElseDiffers) {
  const Repository repository;
  repository.write("a.yaml", "a");
  repository.write("d/b.yaml", "b");
  const CommitId first = repository.commit();
  const CommitId second = repository.commit_file("d/readme.txt", "only this");
  const CommitId third = repository.commit_file("d/b.yaml", "c");
  repository.write("d/b.yaml", "b");
  const CommitId fourth = repository.commit();
  SnapshotReader reader(repository.open(), yaml_files());
  const Snapshot a = must(reader.read(first)), b = must(reader.read(second)), c = must(reader.read(third)),
                 d = must(reader.read(fourth));
  EXPECT_NE(a.tree(), b.tree());
  EXPECT_EQ(a.files(), b.files());
  EXPECT_NE(b.files(), c.files());
  EXPECT_EQ(b.files(), d.files());
  EXPECT_EQ(b.tree(), d.tree());
  EXPECT_EQ(entry_of(a, "d/b.yaml").path_number, entry_of(c, "d/b.yaml").path_number);
  EXPECT_NE(entry_of(a, "a.yaml").path_number, entry_of(a, "d/b.yaml").path_number);
}

TEST(Snapshot, TheSameFolderAtTwoPathsIsSelectedByPath) {
  const Repository repository;
  repository.write("docs/x/Chart.yaml", "same");
  repository.write("charts/x/Chart.yaml", "same");
  const CommitId tip = repository.commit();
  SnapshotReader reader(repository.open(), {[](std::string_view path) { return path.starts_with("charts/"); }});
  EXPECT_THAT(listed(must(reader.read(tip))), ElementsAre("charts/x/Chart.yaml file"));
}

TEST(Snapshot, OutlivesItsReaderAndSource) {
  std::optional<Snapshot> kept;
  {
    const Repository repository;
    const CommitId tip = repository.commit_file("d/a.yaml", "a");
    SnapshotReader reader(repository.open(), every_file());
    kept = must(reader.read(tip));
  }
  EXPECT_THAT(listed(*kept), ElementsAre("d/a.yaml file"));
  EXPECT_TRUE(kept->exists("d"));
}

TEST(Snapshot, AnEmptyCommitHasNoFiles) {
  const Repository repository;
  const CommitId tip = repository.commit("nothing");
  SnapshotReader reader(repository.open(), every_file());
  const Snapshot snapshot = must(reader.read(tip));
  EXPECT_EQ(snapshot.files()->size(), 0u);
  EXPECT_TRUE(snapshot.exists(""));
  EXPECT_FALSE(snapshot.exists("a"));
}

TEST(Snapshot, MissingObjectsAreNamed) {
  const Repository repository;
  const CommitId tip = repository.commit_file("d/a.yaml", "a");
  SnapshotReader reader(repository.open(), every_file());
  const auto no_commit = reader.read(CommitId::from_hex(std::string(40, 'c')).value());
  ASSERT_FALSE(no_commit);
  EXPECT_EQ(no_commit.error().fault, Fault::not_found);
  const std::string tree = repository.git({"rev-parse", "HEAD:d"});
  fs::remove(repository.path() / ".git/objects" / tree.substr(0, 2) / tree.substr(2));
  const auto no_tree = reader.read(tip);
  ASSERT_FALSE(no_tree);
  EXPECT_EQ(no_tree.error().fault, Fault::not_found);
  EXPECT_THAT(no_tree.error().message, HasSubstr(tree));
}

TEST(Snapshot, NamesThatGitWouldNotWriteAreReportedAndLeftOut) {
  const Repository repository;
  const std::string blob = repository.git({"hash-object", "-w", "--stdin"}, "x");
  const std::string inner = write_tree(repository, {{"100644 ..", blob}, {"100644 ok.yaml", blob}});
  const std::string tree = write_tree(
      repository, {{"100644 z.yaml", blob}, {"100644 a/b.yaml", blob}, {"40000 .git", inner}, {"40000 d", inner}});
  SnapshotReader reader(repository.open(), every_file());
  const Snapshot snapshot = must(reader.read(commit_tree(repository, tree)));
  EXPECT_THAT(listed(snapshot), ElementsAre("d/ok.yaml file", "z.yaml file"));  // sorted again, too
  ASSERT_EQ(snapshot.problems().size(), 3u);
  for (const Problem& problem : snapshot.problems()) EXPECT_EQ(problem.error.fault, Fault::malformed);
  EXPECT_TRUE(snapshot.exists("z.yaml"));
}

TEST(Snapshot, AFolderThatHoldsItselfManyTimesIsOverTheLimit) {
  const Repository repository;
  const std::string blob = repository.git({"hash-object", "-w", "--stdin"}, "x");
  const Entries one_file = {{"100644 a.yaml", blob}}, nothing_at_all = {};
  for (const Entries& innermost : {one_file, nothing_at_all}) {
    std::string tree = write_tree(repository, innermost);
    for (int level = 0; level < 30; ++level) {  // 10^30 paths, or none in 10^30 folders
      Entries entries;
      for (char name = 'a'; name < 'k'; ++name) entries.push_back({std::string("40000 ") + name, tree});
      tree = write_tree(repository, entries);
    }
    const CommitId bomb = commit_tree(repository, tree);
    SnapshotReader entering(repository.open(), every_file());
    PathSelector nothing = every_file();
    nothing.directory = [](std::string_view) { return false; };
    SnapshotReader passing(repository.open(), nothing);
    for (SnapshotReader* const reader : {&entering, &passing}) {
      const auto snapshot = reader->read(bomb);
      ASSERT_FALSE(snapshot);
      EXPECT_EQ(snapshot.error().fault, Fault::over_limit);
    }
  }
}

TEST(Snapshot, FoldersNestedWithoutEndAreOverTheLimit) {
  const Repository repository;
  const std::string blob = repository.git({"hash-object", "-w", "--stdin"}, "x");
  std::string stream =
      "blob\nmark :1\ndata 1\nx\ncommit refs/heads/deep\ncommitter C <c@example> 0 +0000\ndata 0\nM 100644 :1 ";
  for (int i = 0; i < 3000; ++i) stream += "d/";
  repository.git({"fast-import", "--quiet"}, stream + "f\n");
  const CommitId deep = repository.tip("deep");
  PathSelector nothing = every_file();
  nothing.directory = [](std::string_view) { return false; };
  SnapshotReader entering(repository.open(), every_file()), passing(repository.open(), nothing);
  for (SnapshotReader* const reader : {&entering, &passing}) {
    const auto snapshot = reader->read(deep);
    ASSERT_FALSE(snapshot);
    EXPECT_EQ(snapshot.error().fault, Fault::over_limit);
  }
}

TEST(Snapshot, AgreesWithGitOnRandomTrees) {
  const unsigned seed = 7;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const Repository repository;
  SnapshotReader reader(repository.open(), every_file());
  const std::vector<std::string> names = {"a", "a.b", "a-b", "ab", "b", "a b", "A", "~"};
  for (int round = 0; round < 12; ++round) {
    for (int change = 0; change < 6; ++change) {
      fs::path path = repository.path();
      for (unsigned depth = random() % 3; depth > 0; --depth) path /= names[random() % names.size()] + "d";
      path /= names[random() % names.size()];
      if (random() % 4 == 0) fs::remove_all(path);
      else if (!fs::is_directory(path)) write_file(path, std::to_string(random() % 5));
    }
    const CommitId tip = repository.commit();
    std::string theirs = repository.git({"ls-tree", "-r", "-z", "--format=%(objectname) %(path)", "HEAD"}), ours, disk;
    const Snapshot committed = must(reader.read(tip)), on_disk = must(reader.read_working_tree());
    committed.files()->for_each([&](const Entry& e) { ours += e.id.hex() + " " + std::string(e.path) + '\0'; });
    on_disk.files()->for_each([&](const Entry& e) { disk += e.id.hex() + " " + std::string(e.path) + '\0'; });
    EXPECT_EQ(ours, theirs);
    EXPECT_EQ(disk, theirs);
    EXPECT_EQ(committed.files(), on_disk.files());
    committed.for_each_path([&](std::string_view path, EntryMode) { EXPECT_TRUE(committed.exists(path)) << path; });
  }
}

}  // namespace
}  // namespace trueup::git::testing
