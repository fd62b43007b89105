// Deployments as workers, stores and jobs write them down.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/deployment_record.hpp"
#include "facts/row_lines.hpp"
#include "formats/json.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> records(std::string_view json) {
  std::vector<std::string> result;
  for (const DeploymentRecord& each : read_deployment_records(formats::parse_json(json)))
    result.push_back(each.slug + " " + each.root + " " + each.revision + (each.branch.empty() ? "" : " of " + each.branch) + " " + each.trigger_kind + (each.rerun ? " rerun" : "") +
                     (each.locked ? *each.locked ? " locked" : " unlocked" : "") + " " + each.status + each.deployed_at + (each.deployment_id.empty() ? "" : " " + each.deployment_id));
  return result;
}

TEST(DeploymentRecord, SaysWhoseItIsByAnIdByItsKeyOrByItsParts) {
  EXPECT_THAT(records(R"({"ID": "acme/infra||prod", "Revision": "ABC"})"), ElementsAre("acme/infra prod abc  "));
  EXPECT_THAT(records(R"({"acme/infra||prod": {"revision": "a"}, "acme/infra||dev": [{"revision": "b"}, {"revision": "c"}]})"),
              ElementsAre("acme/infra prod a  ", "acme/infra dev b  ", "acme/infra dev c  "));
  EXPECT_THAT(records(R"({"deployments": [{"id": "7", "revision": "a", "repo": {"owner": {"login": "acme"}, "name": "infra"}, "root": {"name": "prod"}}]})"),
              ElementsAre("acme/infra prod a   7"));
  EXPECT_THAT(records(R"([{"commit": "a", "repository": "acme/infra", "root": "prod"}, {"sha": "b", "repo": {"full_name": "acme/x"}, "rootName": "y"}])"),
              ElementsAre("acme/infra prod a  ", "acme/x y b  "));
}

TEST(DeploymentRecord, SaysWhatStartedItAndWhen) {
  EXPECT_THAT(records(R"([{"revision": "a", "root": {"name": "r", "trigger": "MANUAL", "rerun": true}, "ref": "refs/heads/x", "queue": {"status": "LOCKED"}, "status": "Done"}])"),
              ElementsAre(" r a of x manual rerun locked done"));
  EXPECT_THAT(records(R"([{"revision": "a", "locked": false, "deployed_at": "2025-12-01T01:00:00+01:00"}, {"revision": "b", "time": 1764547200}, {"revision": "c", "time": 1764547200123},
                          {"revision": "d", "time": -1}, {"revision": "e", "time": "soon"}])"),
              ElementsAre("  a  unlocked 2025-12-01T00:00:00Z", "  b  2025-12-01T00:00:00Z", "  c  2025-12-01T00:00:00Z", "  d  ", "  e  "));
}

TEST(DeploymentRecord, IsNoneWithoutARevision) {
  for (const char* json : {"7", "[]", "{}", "[[[[[[[[{\"revision\": \"a\"}]]]]]]]]", R"({"revision": null})", R"({"revision": {"a": 1}})", R"({"kind": "Deployment", "metadata": {"name": "x"}})"})
    EXPECT_THAT(records(json), IsEmpty()) << json;
}

TEST(Deployments, OfAFileHaveTheirPlaces) {
  const Extracted file("deployments", R"([{"revision": "Ab", "id": "a/b||c"}, {"revision": "d"}])");
  EXPECT_THAT(lines(file, Table::deployment), ElementsAre("«Ab» | 0 | - | a/b | c | ab | - | - | 0 | - | - | -", "«d» | 1 | - | - | - | d | - | - | 0 | - | - | -"));
}

TEST(Gitignore, HasPatternsAsGlobs) {
  const Extracted file("gitignore", "# x\n\nconfig.txt\r\n/tools/*.txt  \nout/\n!keep\n\\#odd\na/b{c}\n//\n");
  EXPECT_THAT(lines(file, Table::gitignore_pattern),
              ElementsAre("«config.txt» | 0 | 0 | **/config.txt", "«/tools/*.txt» | 1 | 0 | tools/*.txt", "«out/» | 2 | 0 | **/out", "«!keep» | 3 | 1 | **/keep",
                          "«\\#odd» | 4 | 0 | **/#odd", "«a/b{c}» | 5 | 0 | a/b[{]c[}]"));
}

}  // namespace
}  // namespace trueup::facts
