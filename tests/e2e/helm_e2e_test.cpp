// Charts as Helm itself makes them: packaged and pushed by `helm` where there is one (on PATH, or built by
// scripts/install-go-tools), and pushed by plain HTTP elsewhere.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "e2e/run_cli.hpp"
#include "live/docker_registry.hpp"

namespace trueup::e2e {
namespace {

std::string find_helm() {
  const std::string built = TRUEUP_SOURCE_DIR "/build/tools/helm";
  const std::string on_path = live_test::find_program("helm");
  return on_path.empty() && std::filesystem::exists(built) ? built : on_path;
}

std::string chart_yaml(const std::string& name, const std::string& version, const std::string& more = "") {
  return "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n" + more;
}

class HelmE2e : public testing::Test {
 protected:
  /// Runs helm with folders of its own; true if it went well.
  bool helm(const std::string& arguments) const {
    const std::string home = (work_.path() / "home").string();
    const std::string command = "cd '" + work_.path().string() + "' && env HOME='" + home + "' DOCKER_CONFIG='" + home +
                                "' HELM_CACHE_HOME='" + home + "/cache' HELM_CONFIG_HOME='" + home + "/config' HELM_DATA_HOME='" +
                                home + "/data' '" + helm_ + "' " + arguments + " >helm.log 2>&1";
    return std::system(command.c_str()) == 0;
  }
  std::string helm_log() const {
    std::ifstream file(work_.path() / "helm.log");
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  bool push(live_test::DockerRegistry& registry, const std::string& name, const std::string& version) const {
    if (helm_.empty()) {
      std::string tag = version;
      std::replace(tag.begin(), tag.end(), '+', '_');
      return registry.push("charts/" + name, tag, live_test::chart_artifact(name, version));
    }
    work_.write(name + "/Chart.yaml", chart_yaml(name, version));
    return helm("package " + name) && helm("push '" + name + "-" + version + ".tgz' oci://" + registry.host() + "/charts --plain-http");
  }

  const std::string helm_ = find_helm();
  Folder work_;
};

TEST_F(HelmE2e, FindsTheVersionThatIsNotThereAndIsCleanAfterThePush) {
  const auto registry = live_test::DockerRegistry::start(false);
  if (!registry) GTEST_SKIP() << "docker-registry is not installed: the test against a real registry did NOT run";
  std::printf("charts are pushed by %s\n", helm_.empty() ? "plain HTTP: there is no helm (scripts/install-go-tools builds one)" : helm_.c_str());
  Folder repository;
  const auto dependency = [&](const char* name, const char* version) {
    return std::string("  - {name: ") + name + ", version: " + version + ", repository: \"oci://" + registry->host() + "/charts\"}\n";
  };
  // Helm writes the '+' of a version as '_' in the tag.
  repository.write("charts/Chart.yaml", chart_yaml("platform", "1.0.0",
                   "dependencies:\n" + dependency("atlas", "1.2.0+build.5") + dependency("kong", "2.0.0")));
  const auto check = [&] { return run_cli(repository.path(), {"check", "--allow-host", registry->host()}); };

  ASSERT_TRUE(push(*registry, "kong", "2.0.0")) << helm_log();
  ASSERT_TRUE(push(*registry, "atlas", "1.2.0")) << helm_log();
  const Outcome before = check();
  EXPECT_EQ(before.code, 1) << before.out << before.err;
  EXPECT_NE(before.out.find("atlas 1.2.0+build.5 is not in " + registry->host() + "/charts/atlas"), std::string::npos) << before.out;
  EXPECT_EQ(before.out.find("kong"), std::string::npos) << before.out;

  ASSERT_TRUE(push(*registry, "atlas", "1.2.0+build.5")) << helm_log();
  const Outcome after = check();
  EXPECT_EQ(after.code, 0) << after.out << after.err;
}

TEST_F(HelmE2e, JudgesALockAsHelmDoes) {
  if (helm_.empty()) GTEST_SKIP() << "there is no helm: its own verdict on a lock was NOT asked (scripts/install-go-tools builds one)";
  const std::string dependency = "dependencies:\n  - name: common\n    repository: file://../common\n    version: ";
  work_.write("common/Chart.yaml", chart_yaml("common", "0.1.0"));
  work_.write("app/Chart.yaml", chart_yaml("app", "1.0.0", dependency + "0.1.x\n"));
  ASSERT_TRUE(helm("dependency update app")) << helm_log();
  const auto check = [&] { return run_cli(work_.path(), {"check", "--only", "C15"}); };
  EXPECT_TRUE(helm("dependency build app")) << helm_log();
  EXPECT_EQ(check().code, 0) << check().out;

  work_.write("app/Chart.yaml", chart_yaml("app", "1.0.0", dependency + "~0.1.0\n"));
  EXPECT_FALSE(helm("dependency build app"));
  EXPECT_NE(helm_log().find("out of sync"), std::string::npos) << helm_log();
  const Outcome stale = check();
  EXPECT_EQ(stale.code, 1) << stale.out << stale.err;
  EXPECT_NE(stale.out.find("error[C15 chart/lock-current]"), std::string::npos) << stale.out;
}

}  // namespace
}  // namespace trueup::e2e
