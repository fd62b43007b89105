#include "facts/file_groups.hpp"

#include <gmock/gmock.h>

#include "facts/blob_rows.hpp"
#include "facts/extract/extractor.hpp"
#include "facts/file_kind.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Path -> text; the kind comes from the path, and so does the blob with it.
using Files = std::map<std::string, std::string>;

class FileGroupsTest : public testing::Test {
 protected:
  FileGroupsTest() {
    for (const char* slug : {"acme/deploy", "acme/other"}) {
      RepositoryRow row;
      row.slug = slug;
      row.loaded = true;
      store_.add_repository(row);
    }
  }

  FileSetId set_of(const Files& files, RepositoryId repository = 1) {
    std::vector<FileSetMember> members;
    for (const auto& [path, text] : files) {
      const std::string_view kind = file_kind(path, KindRules{});
      auto& blob = blobs_[{text, std::string(kind)}];
      if (blob == 0) {
        BlobRows rows(text, TableSet::all());
        find_extractor(kind)->extract(rows);
        blob = store_.add_blob(text, kind, std::move(rows));
      }
      members.push_back({path, blob, kind});
    }
    return store_.add_file_set(repository, members);
  }

  std::vector<std::string> paths(const std::vector<FileId>& files) const {
    std::vector<std::string> result;
    for (const FileId file : files) result.push_back(std::to_string(store_.file(file).file_set) + ":" + store_.file(file).path);
    return result;
  }
  std::vector<FileSetId> holders(const FileGroups& groups, FileSetId set, std::string_view path) const {
    const auto [first, last] = store_.files_of(set);
    for (FileId file = first; file < last; ++file)
      if (store_.file(file).path == path) return {groups.holders(file).begin(), groups.holders(file).end()};
    return {};
  }

  Store store_;
  std::map<std::pair<std::string, std::string>, BlobId> blobs_;
};

Sight sight(std::vector<std::string_view> kinds) { return {.every_kind = false, .kinds = std::move(kinds), .paths = false, .within_chart = false}; }

constexpr const char* kCi = ".github/workflows/ci.yml";

TEST_F(FileGroupsTest, SetsThatDifferOutOfSightAreJudgedOnce) {
  const FileSetId one = set_of({{kCi, "on: push"}, {"a/Chart.yaml", "name: a"}}), two = set_of({{kCi, "on: push"}, {"a/Chart.yaml", "name: b"}}),
                  three = set_of({{kCi, "on: pull_request"}, {"a/Chart.yaml", "name: b"}});
  ChartFolders charts(store_);
  FileGroups groups(store_, charts, sight({"workflow"}));
  for (const FileSetId set : {one, two, three}) groups.add(set);
  EXPECT_THAT(groups.sets(), ElementsAre(one, three));
  EXPECT_THAT(paths(groups.files()), ElementsAre("1:.github/workflows/ci.yml", "3:.github/workflows/ci.yml"));
  EXPECT_THAT(holders(groups, one, kCi), ElementsAre(one, two));
  EXPECT_THAT(holders(groups, three, kCi), ElementsAre(three));
  EXPECT_THAT(holders(groups, one, "a/Chart.yaml"), IsEmpty()) << "not in sight";
  EXPECT_EQ(groups.first_alike(two), one);
}

TEST_F(FileGroupsTest, RepositoriesAreNeverMixed) {
  const FileSetId one = set_of({{kCi, "on: push"}}), other = set_of({{kCi, "on: push"}}, 2);
  ChartFolders charts(store_);
  FileGroups groups(store_, charts, sight({"workflow"}));
  groups.add(one);
  groups.add(other);
  EXPECT_THAT(groups.sets(), ElementsAre(one, other));
}

TEST_F(FileGroupsTest, AFileThatIsSeenByItsPathMayHoldAnything) {
  const FileSetId one = set_of({{kCi, "on: push"}, {"a/Chart.yaml", "name: a"}}), two = set_of({{kCi, "on: push"}, {"a/Chart.yaml", "name: b"}}),
                  three = set_of({{kCi, "on: push"}});
  Sight by_path = sight({"workflow"});
  by_path.paths = true;
  ChartFolders charts(store_);
  FileGroups groups(store_, charts, by_path);
  for (const FileSetId set : {one, two, three}) groups.add(set);
  EXPECT_THAT(groups.sets(), ElementsAre(one, three)) << "whether it is there matters";
}

TEST_F(FileGroupsTest, WithinChartsOnlyTheChartThatChangedIsJudgedAgain) {
  const Files before = {{kCi, "on: push"}, {"a/Chart.yaml", "name: a"}, {"a/charts/x/Chart.yaml", "name: x"}, {"b/Chart.yaml", "name: b"}};
  Files after = before;
  after["a/charts/x/Chart.yaml"] = "name: y";
  const FileSetId one = set_of(before), two = set_of(after);
  Sight within = sight({"chart", "workflow"});
  within.within_chart = true;
  ChartFolders charts(store_);
  FileGroups groups(store_, charts, within);
  groups.add(one);
  groups.add(two);
  EXPECT_THAT(paths(groups.files()), ElementsAre("1:.github/workflows/ci.yml", "1:a/Chart.yaml", "1:a/charts/x/Chart.yaml", "1:b/Chart.yaml",
                                                 "2:.github/workflows/ci.yml", "2:a/Chart.yaml", "2:a/charts/x/Chart.yaml"))
      << "a chart holds those in its charts/, and what is outside charts stands beside it";
  EXPECT_THAT(holders(groups, one, "b/Chart.yaml"), ElementsAre(one, two));
  EXPECT_THAT(holders(groups, two, "a/Chart.yaml"), ElementsAre(two));
  EXPECT_THAT(holders(groups, two, kCi), ElementsAre(one, two));
}

TEST_F(FileGroupsTest, AChangeOutsideChartsIsOneOfAllCharts) {
  const FileSetId one = set_of({{kCi, "on: push"}, {"a/Chart.yaml", "name: a"}}), two = set_of({{kCi, "on: pull_request"}, {"a/Chart.yaml", "name: a"}});
  Sight within = sight({"chart", "workflow"});
  within.within_chart = true;
  ChartFolders charts(store_);
  FileGroups groups(store_, charts, within);
  groups.add(one);
  groups.add(two);
  EXPECT_THAT(holders(groups, two, "a/Chart.yaml"), ElementsAre(two));
}

TEST_F(FileGroupsTest, ChartsThatNameEachOtherAreOne) {
  Files before = {{"a/Chart.yaml", "name: a\ndependencies:\n- {name: b, version: 1.0.0, repository: \"file://../b\"}\n"},
                  {"b/Chart.yaml", "name: b"},
                  {"c/Chart.yaml", "name: c"}};
  Files after = before;
  after["b/Chart.yaml"] = "name: bee";
  const FileSetId one = set_of(before), two = set_of(after);
  Sight within = sight({"chart"});
  within.within_chart = true;
  ChartFolders charts(store_);
  FileGroups groups(store_, charts, within);
  groups.add(one);
  groups.add(two);
  EXPECT_THAT(holders(groups, two, "a/Chart.yaml"), ElementsAre(two)) << "it names b";
  EXPECT_THAT(holders(groups, one, "c/Chart.yaml"), ElementsAre(one, two));
}

}  // namespace
}  // namespace trueup::facts
