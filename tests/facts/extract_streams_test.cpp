// Environment files, and what a repository of Atlas Stream Processing holds: processors, connections, thresholds, calls of its tool.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Dotenv, HasEntriesWithWhatTheyRefer) {
  const Extracted file("dotenv", "# c\nA=1\nexport B=\"$A ${C:-2}\"\nD='$A'\nsource x\n");
  EXPECT_THAT(lines(file, Table::dotenv), ElementsAre("«A» | 0"));
  EXPECT_THAT(lines(file, Table::dotenv_entry),
              ElementsAre("«1» | «A» | 0 | A | 1 | none | 1", "«$A ${C:-2}» | «B» | 1 | B | $A ${C:-2} | double | 0", "«$A» | «D» | 2 | D | $A | single | 1"));
  EXPECT_THAT(lines(file, Table::dotenv_reference), ElementsAre("B | «$A» | «A» | A | 0", "B | «${C:-2}» | «C» | C | 1"));
}

TEST(StreamProcessor, HasItsStagesAndTheConnectionsThatItNames) {
  const Extracted file("stream_processor",
                       R"({"name": "p", "tier": "SP10", "pipeline": [{"$source": {"connectionName": "in", "schemaRegistry": {"connectionName": "reg"}}},
                          {"$tumblingWindow": {"pipeline": [{"$lookup": {"from": {"connectionName": "${X}"}}}]}}, {"$validate": {"validationAction": "dlq"}},
                          {"$merge": {"into": {"connectionName": "out"}}}], "options": {"dlq": {"connectionName": "dead", "db": "d"}}})");
  EXPECT_THAT(lines(file, Table::stream_processor), ElementsAre(testing::AllOf(
                                                          testing::StartsWith(R"(«p» | p | 4 | 1 | 1 | 0 | 0 | {"pipeline": [{"$source": {"connectionName": "in")"),
                                                          testing::EndsWith(R"(, "options": {"dlq": {"connectionName": "dead", "db": "d"}}, "tier": "SP10"} | SP10 | «SP10»)"))));
  EXPECT_THAT(lines(file, Table::stream_stage),
              ElementsAre("p | - | «$source» | 0 | 0 | $source | -", "p | - | «$tumblingWindow» | 1 | 0 | $tumblingWindow | -",
                          "p | $tumblingWindow | «$lookup» | 0 | 1 | $lookup | -", "p | - | «$validate» | 2 | 0 | $validate | «dlq»",
                          "p | - | «$merge» | 3 | 1 | $merge | -"));
  EXPECT_THAT(lines(file, Table::stream_use),
              ElementsAre("p | $source | «in» | $source | in | 1", "p | $source | «reg» | registry | reg | 1", "p | $lookup | «${X}» | $lookup | ${X} | 0",
                          "p | $merge | «out» | $merge | out | 1", "p | - | «dead» | dlq | dead | 1"));
  EXPECT_THAT(lines(file, Table::stream_problem), ElementsAre("«dlq» | dlq | options.dlq has no coll"));
}

TEST(StreamProcessor, HasTheValuesThatTheServiceHoldsToo) {
  const Extracted file("stream_processor", R"({"name": "p", "state": "STOPPED", "pipeline": [{"$match": {"n": 1.0, "m": "{{M}}"}}]})");
  EXPECT_THAT(lines(file, Table::stream_field), ElementsAre("p | - | «1.0» | /pipeline/0/$match/n | 1 | 1", "p | - | «{{M}}» | /pipeline/0/$match/m | \"{{M}}\" | 0"));
  EXPECT_THAT(lines(file, Table::stream_processor), ElementsAre(R"(«p» | p | 1 | 1 | 0 | 0 | 1 | {"pipeline": [{"$match": {"n": 1.0, "m": "{{M}}"}}]} | - | -)"));
  const Extracted connection("stream_connections", R"({"name": "out", "type": "Cluster", "clusterName": "c", "password": "p"})");
  EXPECT_THAT(lines(connection, Table::stream_field), ElementsAre("- | out | «Cluster» | /type | \"Cluster\" | 1", "- | out | «c» | /clusterName | \"c\" | 1"));
}

TEST(StreamProcessor, ThatHasANameAndNoStageIsOne) {
  const Extracted file("stream_processor", R"({"name": "x", "pipeline": []})");
  EXPECT_THAT(lines(file, Table::stream_problem), ElementsAre("«[]» | processor | its `pipeline` has no stage"));
}

TEST(StreamProcessor, OtherJsonIsNone) {
  for (const char* text : {"[]", "7", "{}", "{\"a\": [1]}", "{\"pipeline\": []}", "{\"pipeline\": [\"$source\"]}"}) {
    const Extracted file("stream_processor", text);
    EXPECT_THAT(lines(file, Table::stream_problem), IsEmpty()) << text;
    EXPECT_THAT(lines(file, Table::stream_stage), IsEmpty()) << text;
  }
  // JSON with comments is no broken file, unless it is meant as a processor.
  const Extracted other("stream_processor", "{ // c\n}"), meant("stream_processor", "{ // c\n\"pipeline\": []}");
  EXPECT_THAT(lines(other, Table::syntax_error), IsEmpty());
  EXPECT_EQ(other.blob().state, BlobState::malformed);
  EXPECT_THAT(lines(meant, Table::syntax_error), SizeIs(1));
}

TEST(StreamConnections, AreAListAnObjectWithAListOrOne) {
  for (const char* text : {R"({"connections": [{"name": "a", "type": "Https", "url": "x"}]})", R"([{"name": "a", "type": "Https", "url": "x"}])"}) {
    const Extracted file("stream_connections", text);
    EXPECT_THAT(lines(file, Table::stream_connection), ElementsAre("«a» | 0 | 0 | a | Https | «Https» | 1")) << text;
  }
  const Extracted one("stream_connections", R"({"name": "{{N}}", "type": "SchemaRegistry", "password": "hunter2", "url": "https://u:secret@h/"})");
  EXPECT_THAT(lines(one, Table::stream_connection), ElementsAre("«{{N}}» | 0 | 1 | {{N}} | SchemaRegistry | «SchemaRegistry» | 0"));
  EXPECT_THAT(lines(one, Table::stream_secret), ElementsAre("«hunter2» | password | field", "«https://u:secret@h/» | url | form"));
  EXPECT_THAT(lines(one, Table::stream_problem),
              ElementsAre("«SchemaRegistry» | connection | a connection of type SchemaRegistry has no provider, schemaRegistryUrls, schemaRegistryAuthentication"));
  const Extracted none("stream_connections", R"([1, {}, {"name": "a"}, {"type": "b"}])");
  EXPECT_THAT(lines(none, Table::stream_connection), IsEmpty());
}

TEST(StreamThresholds, AreNumbersForAllOrForAProcessor) {
  const Extracted file("stream_thresholds", R"({"memory_mb": 5, "x": "5", "y": 0, "p": {"memory_mb": 1e3}, "processors": {"q": {"z": [1]}}})");
  EXPECT_THAT(lines(file, Table::stream_threshold),
              ElementsAre("«5» | «memory_mb» | - | - | memory_mb | 5 | 1", "«5» | «x» | - | - | x | 5 | 0", "«0» | «y» | - | - | y | 0 | 0",
                          "«1e3» | «memory_mb» | p | «p» | memory_mb | 1e3 | 1", "«[1]» | «z» | q | «q» | z | - | 0"));
}

TEST(StreamCommand, IsACallOfTheToolFromWhereItRuns) {
  const Extracted file("script",
                       "cd tools\n./sp processors create --all\nT=SP10\nsp processors start --all-tier \"$T\" --verbose\n"
                       "./sp instances connections list | jq .x\nif a; then cd b; fi\n../sp/sp processors stats -p one --thresholds ../t.json\n"
                       "sp\nsp pack --all\nsp processors --all\n");
  EXPECT_THAT(lines(file, Table::stream_command),
              ElementsAre("- | - | «./sp processors create» | 0 | ./sp | «./sp» | processors | create | 1 | 0 | [\"--all\"] | - | - | - | - | - | - | - | - | tools | 0",
                          "- | - | «sp processors start» | 1 | sp | «sp» | processors | start | 1 | 0 | [\"--all-tier\",\"--verbose\"] | - | - | SP10 | «SP10» | - | - | - | - | tools | 0",
                          "- | - | «./sp instances connections list» | 2 | ./sp | «./sp» | connections | list | 0 | 0 | [] | - | - | - | - | - | - | .x | «.x» | tools | 0",
                          "- | - | «../sp/sp processors stats» | 3 | ../sp/sp | «../sp/sp» | processors | stats | 0 | 0 | [\"-p\",\"--thresholds\"] | one | «one» | - | - | - | - | - | - | - | 0"));
}

TEST(WrittenSetting, IsALineThatAScriptWritesToAFile) {
  const Extracted file("script", "echo \"A=$X\" > c.txt\ncd t\nprintf 'B=1\\nC=2\\n' >> ../c.txt\ncat <<EOF > d.txt\nD=${Y}\nnone\nEOF\n{ echo E=1; } > e.txt\necho F=1 | tee f.txt\necho G=1\n");
  EXPECT_THAT(lines(file, Table::written_setting),
              ElementsAre("- | - | «A» | A | ${X} | c.txt | 0", "- | - | «B» | B | 1 | c.txt | 0", "- | - | «C» | C | 2 | c.txt | 0", "- | - | «D» | D | ${Y} | t/d.txt | 0",
                          "- | - | «E» | E | 1 | t/e.txt | 0", "- | - | «F» | F | 1 | t/f.txt | 0"));
}

TEST(WrittenFile, IsWhereTheScriptStands) {
  const Extracted file("script", "echo a > x.txt\ncd t\n./sp processors list >> ../y.json 2> err.txt\n./sp processors profile --output z-$DAY.json > /dev/null\ncd $X\necho b > w.txt\n");
  EXPECT_THAT(lines(file, Table::written_file),
              ElementsAre("- | - | «x.txt» | x.txt |  | x.txt", "- | - | «../y.json» | ../y.json | t | y.json", "- | - | «z-$DAY.json» | z-${DAY}.json | t | t/z-${DAY}.json",
                          "- | - | «w.txt» | w.txt | - | -"));
}

}  // namespace
}  // namespace trueup::facts
