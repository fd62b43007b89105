#include "facts/stream_fields.hpp"

#include <gtest/gtest.h>

#include "facts/live_streams.hpp"
#include "formats/json.hpp"

namespace trueup::facts {
namespace {

std::string lines(const std::vector<StreamField>& fields) {
  std::string text;
  for (const StreamField& each : fields) text += each.pointer + " " + each.value + (each.constant ? "\n" : " (open)\n");
  return text;
}
std::string of_processor(std::string_view json) {
  const formats::Document document = formats::parse_json(json);
  return lines(processor_fields(document, document.root()));
}
std::string of_connection(std::string_view json) {
  const formats::Document document = formats::parse_json(json);
  return lines(connection_fields(document, document.root()));
}

TEST(StreamFields, NumbersHaveOneSpelling) {
  const char* const once = "/pipeline/0/$match/n ";
  for (const auto& [written, value] : {std::pair("5", "5"), std::pair("5.0", "5"), std::pair("5e0", "5"), std::pair(R"({"$numberInt":"5"})", "5"),
                                       std::pair(R"({"$numberLong":"5"})", "5"), std::pair("-0.50", "-0.5"), std::pair("9007199254740993", "9007199254740993"),
                                       std::pair("\"5\"", "\"5\""), std::pair("true", "true"), std::pair("null", "null"), std::pair("{}", "{}"), std::pair("[]", "[]")})
    EXPECT_EQ(of_processor(std::string(R"({"pipeline":[{"$match":{"n":)") + written + "}}]}"), once + std::string(value) + "\n");
}

TEST(StreamFields, WhatAStageDoesAnywayIsLeftOut) {
  EXPECT_EQ(of_processor(R"({"pipeline":[{"$merge":{"into":{"db":"d"},"parallelism":1,"whenMatched":"merge","whenNotMatched":"insert"}}]})"), "/pipeline/0/$merge/into/db \"d\"\n");
  EXPECT_EQ(of_processor(R"({"pipeline":[{"$merge":{"parallelism":4}}]})"), "/pipeline/0/$merge/parallelism 4\n");
  EXPECT_EQ(of_processor(R"({"pipeline":[{"$https":{"method":"GET","headers":{"k":"secret"}}}]})"), "/pipeline/0/$https {}\n");
  EXPECT_EQ(of_processor(R"({"pipeline":[{"$hoppingWindow":{"pipeline":[{"$validate":{"validationAction":"discard"}}]}}]})"),
            "/pipeline/0/$hoppingWindow/pipeline/0/$validate {}\n");
  EXPECT_EQ(of_processor(R"({"pipeline":[],"options":{"dlq":null,"more":{}}})"), "/pipeline []\n");
}

TEST(StreamFields, PlaceholdersAreOpenAndFieldPathsAreNot) {
  EXPECT_EQ(of_processor(R"({"pipeline":[{"$set":{"a":"$b","c":"{{X}}","d":"x-${Y}"}}]})"),
            "/pipeline/0/$set/a \"$b\"\n/pipeline/0/$set/c \"{{X}}\" (open)\n/pipeline/0/$set/d \"x-${Y}\" (open)\n");
  EXPECT_EQ(of_connection(R"({"clusterName":"$CLUSTER"})"), "/clusterName \"$CLUSTER\" (open)\n");
}

TEST(StreamFields, SecretsAndNamesOfConnectionsAreNotRead) {
  EXPECT_EQ(of_connection(R"({"name":"a","type":"Kafka","description":"d","bootstrapServers":" b:1 ,a:2","id":"1","headers":{"k":"v"},
                             "authentication":{"username":"u","password":"p","clientSecret":"c","sslKey":"k"},"aws":{"roleArn":"r","testBucket":"t"}})"),
            "/type \"Kafka\"\n/bootstrapServers \"a:2,b:1\"\n/authentication/username \"u\"\n/aws/roleArn \"r\"\n");
}

TEST(StreamFields, OddShapesAreReadAndDoNoHarm) {
  EXPECT_EQ(of_processor("[]"), "");
  EXPECT_EQ(of_processor(R"({"pipeline":{"$source":1}})"), "/pipeline/$source 1\n");
  EXPECT_EQ(of_processor(R"({"pipeline":[1,{"a/b~c":{"d":2}},{"$merge":3}],"options":4})"), "/pipeline/0 1\n/pipeline/1/a~1b~0c/d 2\n/pipeline/2/$merge 3\n");
  std::string text;
  for (int i = 0; i < 60; ++i) text += R"([{"$tumblingWindow":{"pipeline":)";
  text += "[]";
  for (int i = 0; i < 60; ++i) text += "}}]";
  EXPECT_NE(of_processor(R"({"pipeline":)" + text + "}"), "");
}

TEST(LiveStreams, WhatIsNoObjectWithANameIsMalformed) {
  for (const char* json : {"", "{", "[]", "{}", R"({"name":""})", R"({"name":{}})", R"({"name":null})"}) EXPECT_FALSE(read_live_stream_object("processor", json)) << json;
  const auto read = read_live_stream_object("processor", R"({"name":"a","status":"STARTED","stats":{"dlqMessageCount":3,"memoryUsageBytes":-1}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->state, "STARTED");
  EXPECT_FALSE(read->has_pipeline);
  EXPECT_EQ(read->dlq_messages, 3);
  EXPECT_EQ(read->memory_bytes, std::nullopt);
}

}  // namespace
}  // namespace trueup::facts
