#include "git/compare.hpp"

#include <random>

#include "git/repository_fixture.hpp"

namespace trueup::git::testing {
namespace {

/// The changed parts as text; an empty part as its offset.
std::vector<std::string> changed(std::string_view before, std::string_view after) {
  std::vector<std::string> parts;
  for (const ByteRange range : changed_ranges(before, after))
    parts.push_back(range.empty() ? "@" + std::to_string(range.begin) : std::string(slice(after, range)));
  return parts;
}

using Parts = std::vector<std::string>;

TEST(ChangedRanges, AreWholeLinesOfTheNewText) {
  EXPECT_EQ(changed("a\nb\nc\n", "a\nb\nc\n"), Parts{});
  EXPECT_EQ(changed("a\nb\nc\n", "a\nX\nc\n"), Parts{"X\n"});
  EXPECT_EQ(changed("a\nb\nc\n", "a\nbX\nc\n"), Parts{"bX\n"});
  EXPECT_EQ(changed("a\nb\nc\n", "a\nXb\nc\n"), Parts{"Xb\n"});
  EXPECT_EQ(changed("a\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n"), (Parts{"A\n", "E\n"}));
  EXPECT_EQ(changed("a\nc\n", "a\nb\nc\n"), Parts{"b\n"});
  EXPECT_EQ(changed("", "a\nb\n"), Parts{"a\nb\n"});
  EXPECT_EQ(changed("a\n", "a"), Parts{"a"});
  EXPECT_EQ(changed("a", "a\nb"), Parts{"a\nb"});
  EXPECT_EQ(changed("a\r\nb\r\n", "a\nb\r\n"), Parts{"a\n"});
  EXPECT_EQ(changed("b\0\nc\n", std::string_view("b\0\nd\n", 5)).size(), 1u);  // binary is compared as text
}

TEST(ChangedRanges, RemovedLinesGiveAnEmptyRangeAtTheGap) {
  EXPECT_EQ(changed("a\nb\nc\n", "a\nc\n"), Parts{"@2"});
  EXPECT_EQ(changed("a\nb\n", "b\n"), Parts{"@0"});
  EXPECT_EQ(changed("a\nb\n", "a\n"), Parts{"@2"});
  EXPECT_EQ(changed("a\nb\n", ""), Parts{"@0"});
}

/// Each with its line break, if it has one.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

TEST(ChangedRanges, CoverEveryLineThatTheOldTextLacks) {
  const unsigned seed = 20240501;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    const auto text = [&] {
      std::string made;
      for (unsigned lines = random() % 12; lines > 0; --lines) {
        made += static_cast<char>('a' + random() % 4);
        made += '\n';
      }
      if (random() % 3 == 0) made += "z";
      return made;
    };
    const std::string before = text(), after = text();
    const auto ranges = changed_ranges(before, after);
    // Without its changed ranges, the lines of `after` are some of the lines of `before`, in order.
    const std::vector<std::string> old_lines = lines_of(before);
    std::size_t from = 0, at = 0;
    for (std::size_t i = 0; i <= ranges.size(); ++i) {
      const std::size_t end = i < ranges.size() ? ranges[i].begin : after.size();
      ASSERT_LE(from, end) << before << "|" << after;
      for (const std::string& line : lines_of(after.substr(from, end - from))) {
        while (at < old_lines.size() && old_lines[at] != line) ++at;
        ASSERT_LT(at, old_lines.size()) << "unchanged \"" << line << "\" is not in\n" << before << "\nfor\n" << after;
        ++at;
      }
      if (i < ranges.size()) from = ranges[i].end;
    }
    if (before != after) {
      EXPECT_FALSE(ranges.empty());
    }
  }
}

TEST(ChangedRanges, LargeTextsWithoutCommonLinesComeBackQuickly) {
  std::string before, after;
  for (int i = 0; i < 400'000; ++i) {
    before += "a" + std::to_string(i * 7 % 399'989) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  const auto ranges = changed_ranges(before, after + std::string(6 << 20, 'x'));
  EXPECT_EQ(ranges.size(), 1u);
}

TEST(ChangedFiles, CompareByIdAndMode) {
  const Repository repository;
  repository.write("same.yaml", "a");
  repository.write("gone.yaml", "b");
  repository.write("edited.yaml", "c");
  repository.write("run.sh", "d");
  const CommitId before = repository.commit();
  fs::remove(repository.path() / "gone.yaml");
  repository.write("edited.yaml", "cc");
  repository.write("new/file.yaml", "e");
  repository.git({"update-index", "--chmod=+x", "run.sh"});
  ::chmod((repository.path() / "run.sh").c_str(), 0755);
  const CommitId after = repository.commit();
  SnapshotReader old_reader(repository.open(), every_file()), new_reader(repository.open(), every_file());
  const auto old_files = must(old_reader.read(before)).files(), new_files = must(new_reader.read(after)).files();
  std::vector<std::string> found;
  for (const FileChange& change : changed_files(*old_files, *new_files))
    found.push_back(change.path + (change.before ? "" : " new") + (change.after ? "" : " gone"));
  EXPECT_THAT(found, ::testing::ElementsAre("edited.yaml", "gone.yaml gone", "new/file.yaml new", "run.sh"));
  EXPECT_TRUE(changed_files(*old_files, *old_files).empty());
}

}  // namespace
}  // namespace trueup::git::testing
