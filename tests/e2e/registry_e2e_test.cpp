// The main job against a real registry: Debian's docker-registry on loopback, asked through the command line.

#include <gtest/gtest.h>

#include "e2e/run_cli.hpp"
#include "live/docker_registry.hpp"

namespace trueup::e2e {
namespace {

std::string umbrella(const std::string& host, const std::string& version) {
  return "apiVersion: v2\nname: platform\nversion: 1.0.0\ndependencies:\n  - name: atlas\n    version: \"" + version +
         "\"\n    repository: oci://" + host + "/charts\n  - name: kong\n    version: 2.0.0\n    repository: oci://" + host +
         "/charts\n";
}

class RegistryE2e : public testing::Test {
 protected:
  void start(bool password_protected) {
    registry_ = live_test::DockerRegistry::start(password_protected);
    if (!registry_) GTEST_SKIP() << "docker-registry is not installed: the test against a real registry did NOT run";
    folder_.write("charts/Chart.yaml", umbrella(registry_->host(), "1.0.0-staging.abc1234"));
  }
  Outcome check(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"check", "--allow-host", registry_->host()};
    words.insert(words.end(), more.begin(), more.end());
    return run_cli(folder_.path(), words);
  }

  Folder folder_;
  std::unique_ptr<live_test::DockerRegistry> registry_;
};

TEST_F(RegistryE2e, FindsExactlyTheVersionThatIsNotThere) {
  start(false);
  if (!registry_) return;
  ASSERT_TRUE(registry_->push("charts/kong", "2.0.0", live_test::chart_artifact("kong", "2.0.0"))) << registry_->log();
  ASSERT_TRUE(registry_->push("charts/atlas", "1.0.0-staging.fff0000", live_test::chart_artifact("atlas", "1.0.0-staging.fff0000")));

  const Outcome before = check();
  EXPECT_EQ(before.code, 1) << before.out << before.err;
  EXPECT_NE(before.out.find("error[C01 chart/version-published] atlas 1.0.0-staging.abc1234 is not in " + registry_->host() +
                            "/charts/atlas"), std::string::npos) << before.out;
  EXPECT_NE(before.out.find("charts/Chart.yaml:6:15"), std::string::npos) << before.out;
  EXPECT_EQ(before.out.find("kong"), std::string::npos) << before.out;

  ASSERT_TRUE(registry_->push("charts/atlas", "1.0.0-staging.abc1234", live_test::chart_artifact("atlas", "1.0.0-staging.abc1234")));
  const Outcome after = check();
  EXPECT_EQ(after.code, 0) << after.out << after.err;

  registry_->stop();
  const Outcome stopped = check();
  EXPECT_EQ(stopped.code, 3) << stopped.out << stopped.err;
  EXPECT_EQ(stopped.out.find("error["), std::string::npos) << stopped.out;
  EXPECT_NE(stopped.out.find("unknown"), std::string::npos) << stopped.out;
}

TEST_F(RegistryE2e, ReplaysWhatItRecorded) {
  start(false);
  if (!registry_) return;
  ASSERT_TRUE(registry_->push("charts/kong", "2.0.0", live_test::chart_artifact("kong", "2.0.0")));
  ASSERT_TRUE(registry_->push("charts/atlas", "1.0.1", live_test::chart_artifact("atlas", "1.0.1")));
  Folder recording;
  const std::string folder = (recording.path() / "exchanges").string();
  const Outcome live = check({"--record", folder, "--format", "json"});
  ASSERT_EQ(live.code, 1) << live.out << live.err;
  registry_->stop();
  const Outcome replayed = run_cli(folder_.path(), {"check", "--replay", folder, "--format", "json"});
  EXPECT_EQ(replayed.code, 1) << replayed.err;
  EXPECT_EQ(replayed.out, live.out) << "same readings, same bytes";
}

TEST_F(RegistryE2e, NeedsThePasswordOfAProtectedOne) {
  start(true);
  if (!registry_) return;
  live::Authorization robot{live::AuthorizationScheme::basic, live::Secret("cm9ib3Q6czNjcmV0"), registry_->host()};
  ASSERT_TRUE(registry_->push("charts/kong", "2.0.0", live_test::chart_artifact("kong", "2.0.0"), robot));
  ASSERT_TRUE(registry_->push("charts/atlas", "1.0.1", live_test::chart_artifact("atlas", "1.0.1"), robot));

  Folder home;
  setenv("DOCKER_CONFIG", home.path().c_str(), 1);
  const Outcome anonymous = check();
  EXPECT_EQ(anonymous.code, 0) << "not asked with a credential is no failure: " << anonymous.out;
  EXPECT_NE(anonymous.out.find("login"), std::string::npos) << "the way out is told: " << anonymous.out;
  EXPECT_EQ(check({"--require-complete"}).code, 3);

  home.write("config.json", R"({"auths":{")" + registry_->host() + R"(":{"auth":"cm9ib3Q6d3Jvbmc="}}})");
  EXPECT_EQ(check().code, 3) << "a refused credential is a failure";

  home.write("config.json", R"({"auths":{")" + registry_->host() + R"(":{"auth":"cm9ib3Q6czNjcmV0"}}})");
  const Outcome known = check();
  unsetenv("DOCKER_CONFIG");
  EXPECT_EQ(known.code, 1) << known.out << known.err;
  EXPECT_NE(known.out.find("atlas 1.0.0-staging.abc1234 is not in"), std::string::npos) << known.out;
  EXPECT_EQ(known.out.find("s3cret"), std::string::npos);
}

}  // namespace
}  // namespace trueup::e2e
