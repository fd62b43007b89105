#include <gtest/gtest.h>

#include "formats/remote_url.hpp"

namespace trueup::formats {
namespace {

TEST(MaskedUrl, PasswordsAreHiddenAndPlacesStay) {
  const struct {
    const char* text;
    const char* masked;
  } cases[] = {
      {"repoURL: https://robot:hunter2@git.example/a", "repoURL: https://robot:*******@git.example/a"},
      {"https://ghp_abc@git.example/a and https://u:p/w@git.example/b", "https://*******@git.example/a and https://u:***@git.example/b"},
      {"ssh://git@git.example/a, ssh://git:x@git.example/a", "ssh://git@git.example/a, ssh://git:*@git.example/a"},
      {"git@git.example:a/b", "git@git.example:a/b"},
      {"https://x-access-token:${TOKEN}@git.example/a", "https://x-access-token:${TOKEN}@git.example/a"},
      {"https://${{ secrets.TOKEN }}@git.example/a", "https://${{ secrets.TOKEN }}@git.example/a"},
      {"https://git.example:8443/a@1", "https://git.example:8443/a@1"},
      {"oci://robot:x@registry.example/a@sha256:0", "oci://robot:*@registry.example/a@sha256:0"},
      {"a://", "a://"},
  };
  for (const auto& [text, masked] : cases) EXPECT_EQ(mask_urls(text), masked);
}

TEST(MaskedUrl, ManySchemesCostNoMoreThanTheirBytes) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "a://b:c";
  EXPECT_EQ(mask_urls(text), text);
}

TEST(RedactedUrl, PasswordsMayHoldSlashes) { EXPECT_EQ(redact_urls("https://u:p/w@git.example/b"), "https://***@git.example/b"); }

}  // namespace
}  // namespace trueup::formats
