#include "live/credential_helper.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "live/temporary_folder.hpp"

namespace trueup::live {
namespace {

using namespace std::chrono_literals;

class CredentialHelper : public testing::Test {
 protected:
  CredentialHelper() : path_before_(::getenv("PATH")) {
    ::setenv("PATH", (folder_.path().string() + ":" + path_before_).c_str(), 1);
  }
  ~CredentialHelper() override { ::setenv("PATH", path_before_.c_str(), 1); }

  void install(const std::string& name, const std::string& script) {
    const auto file = folder_.write("docker-credential-" + name, "#!/bin/sh\n" + script);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }

  live_test::TemporaryFolder folder_;
  const std::string path_before_;
};

TEST_F(CredentialHelper, IsGivenTheHostAndAnswers) {
  install("echo", "host=$(cat)\necho \"$1 $host\"\necho noise >&2\n");
  const auto answer = run_credential_helper("echo", "registry.example", 5s);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer, "get registry.example\n");
}

TEST_F(CredentialHelper, ThatFailsInAnyWayIsAFault) {
  install("refuses", "echo credentials not found\nexit 1\n");
  install("floods", "exec yes\n");
  install("hangs", "sleep 30 & sleep 30\n");
  install("lingers", "exec >&- <&-\nsleep 30\n");
  install("deaf", "exit 1\n");
  const struct {
    const char* name;
    Fault fault;
  } cases[] = {{"refuses", Fault::denied},        {"floods", Fault::over_limit},
               {"hangs", Fault::timed_out},       {"lingers", Fault::timed_out},
               {"missing", Fault::not_found},     {"../evil", Fault::malformed},
               {"a;b", Fault::malformed},         {"", Fault::malformed}};
  for (const auto& [name, fault] : cases) {
    const auto answer = run_credential_helper(name, "registry.example", 300ms);
    ASSERT_FALSE(answer) << name;
    EXPECT_EQ(answer.error().fault, fault) << name;
  }
  // It ends without having read a megabyte; writing to it must not kill this process.
  EXPECT_FALSE(run_credential_helper("deaf", std::string(1 << 20, 'x'), 2s));
}

}  // namespace
}  // namespace trueup::live
