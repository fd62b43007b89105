#include "git/replace_files.hpp"

#include "git/repository_fixture.hpp"

namespace trueup::git {
namespace {

using namespace testing;

TEST(ReplaceFiles, WritesNewBytesAndKeepsTheMode) {
  TempFolder folder;
  write_file(folder / "a/run.sh", "echo 1\n");
  fs::permissions(folder / "a/run.sh", fs::perms(0750));
  write_file(folder / "b.yaml", "b: 1\n");
  ASSERT_TRUE(replace_files(folder.path(), {{"a/run.sh", "echo 1\n", "echo 2\n", true}, {"b.yaml", "b: 1\n", "b: 22\n", false}}));
  EXPECT_EQ(read_file(folder / "a/run.sh"), "echo 2\n");
  EXPECT_EQ(fs::status(folder / "a/run.sh").permissions(), fs::perms(0750));
  EXPECT_EQ(read_file(folder / "b.yaml"), "b: 22\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "a"), {}), 1);
}

TEST(ReplaceFiles, WritesNothingIfAnyFileHasChanged) {
  TempFolder folder;
  write_file(folder / "a.yaml", "a: 1\n");
  write_file(folder / "b.yaml", "b: 2\n");
  const auto replaced = replace_files(folder.path(), {{"a.yaml", "a: 1\n", "a: 3\n", false}, {"b.yaml", "b: 1\n", "b: 3\n", false}});
  ASSERT_FALSE(replaced);
  EXPECT_EQ(replaced.error().message, "b.yaml has changed since it was read: run trueup fix again");
  EXPECT_EQ(read_file(folder / "a.yaml"), "a: 1\n");
}

TEST(ReplaceFiles, FollowsNoLink) {
  TempFolder folder, elsewhere;
  write_file(elsewhere / "x.yaml", "a: 1\n");
  fs::create_directory_symlink(elsewhere.path(), folder / "linked");
  fs::create_symlink(elsewhere / "x.yaml", folder / "x.yaml");
  for (const char* path : {"linked/x.yaml", "x.yaml", "../x.yaml", "gone.yaml", ""})
    EXPECT_FALSE(replace_files(folder.path(), {{path, "a: 1\n", "a: 2\n", false}})) << path;
  EXPECT_EQ(read_file(elsewhere / "x.yaml"), "a: 1\n");
}

}  // namespace
}  // namespace trueup::git
