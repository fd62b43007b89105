#include "formats/secret_reference.hpp"

#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

TEST(SecretReference, IsToldFromASecret) {
  for (const char* text : {"ENC[AES256_GCM,data:p8W=,iv:x,tag:y,type:str]", "op://vault/item/key", "vault:secret/data/x#key", "ref+vault://secret/x#/y",
                           "arn:aws:secretsmanager:eu-west-1:1:secret:enrich-AbCdEf", "__ENRICH_KEY__", "#{ENRICH_KEY}#", "%ENRICH_KEY%", "@ENRICH_KEY@",
                           "$(ENRICH_KEY)", "[[ENRICH_KEY]]", "env:ENRICH_KEY", " __X__ "})
    EXPECT_TRUE(refers_to_secret(text)) << text;
  for (const char* text : {"", "hunter2", "__", "____", "%%", "ENC[x]", "env:", "a@b@c", "@p4ss!w@", "s3cr3t(x)", "op:/x", "[[a]b]]"}) EXPECT_FALSE(refers_to_secret(text)) << text;
}

}  // namespace
}  // namespace trueup::formats
