// What git itself makes of a patch: it applies, and gives just the bytes that were wanted.

#include "git/patch.hpp"

#include "git/repository_fixture.hpp"

namespace trueup::git {
namespace {

using namespace testing;

struct Row {
  std::string path, before, after;
  bool executable = false;
};

TEST(Patch, AppliesWithGitByteForByte) {
  const std::vector<Row> rows = {
      {"a.yaml", "a: 1\nb: 2\n", "a: 1\nb: 3\n"},
      {"no end.yaml", "a: 1\nb: 2", "a: 1\nb: 3"},
      {"gets an end.yaml", "a: 1", "a: 1\n"},
      {"crlf.yaml", "a: 1\r\nb: 2\r\n", "a: 1\r\nb: 3\r\n"},
      {"mixed.yaml", "a: 1\nb: 2\r\nc: 3\r", "a: 1\nb: 4\r\nc: 3\r"},
      {"bom.yaml", "\xEF\xBB\xBF" "a: 1\n", "\xEF\xBB\xBF" "a: 2\n"},
      {"deep/with blank/x y.yaml", "a: 1\n", "a: 2\n"},
      {"quote\"d and\\back.yaml", "a: 1\n", "a: 2\n"},
      {"\xC3\xBC\xE4\xB8\xAD.yaml", "a: 1\n", "a: \xC3\xBC\n"},
      {"tab\tand\nline.yaml", "a: 1\n", "a: 2\n"},
      {"-dash.yaml", "a: 1\n", "a: 2\n"},
      {"run.sh", "echo 1\n", "echo 2\n", true},
      {"latin1.txt", "\xE9 1\n", "\xE9 2\n"},
      {"same.yaml", "a: 1\n", "a: 1\n"},
      {"far.yaml", std::string(100, '\n') + "a\n" + std::string(100, '\n') + "b\n", std::string(100, '\n') + "c\n" + std::string(100, '\n') + "d\n"},
  };
  TempFolder folder;
  git_in(folder.path(), {"init", "-q", "-b", "main"});
  git_in(folder.path(), {"config", "core.autocrlf", "false"});
  std::vector<ChangedText> files;
  for (const Row& row : rows) {
    write_file(folder / row.path, row.before);
    if (row.executable) fs::permissions(folder / row.path, fs::perms::owner_all);
    files.push_back({row.path, row.before, row.after, row.executable});
  }
  git_in(folder.path(), {"add", "-A"});
  git_in(folder.path(), {"commit", "-q", "-m", "before"});
  const auto patch = unified_patch(files);
  ASSERT_TRUE(patch) << patch.error().message;
  git_in(folder.path(), {"apply", "--index", "--whitespace=nowarn", "-"}, *patch);
  for (const Row& row : rows) EXPECT_EQ(read_file(folder / row.path), row.after) << row.path;
  EXPECT_NE(fs::status(folder / "run.sh").permissions() & fs::perms::owner_exec, fs::perms::none);
  EXPECT_EQ(patch->find("same.yaml"), std::string::npos);
}

}  // namespace
}  // namespace trueup::git
