// The whole way, against the registry that Debian ships: push, read, stop.
#include "live/docker_registry.hpp"

#include <gtest/gtest.h>

#include "live/base64.hpp"
#include "live/curl_client.hpp"
#include "live/oci_registry.hpp"
#include "live/record.hpp"

namespace trueup::live {
namespace {

using namespace std::chrono_literals;
using live_test::chart_artifact;
using live_test::DockerRegistry;

#define START_OR_SKIP(registry, protected_by_password)                                                     \
  const auto registry = DockerRegistry::start(protected_by_password);                                      \
  if (!registry) GTEST_SKIP() << "docker-registry is not installed: apt-get install docker-registry"

HttpOptions quick() {
  HttpOptions options;
  options.connect_timeout = 2s;
  options.total_timeout = 10s;
  options.first_backoff = 10ms;
  return options;
}

HostPolicy naming(const std::string& host) {
  HostPolicy hosts;
  EXPECT_TRUE(hosts.allow(host));
  return hosts;
}

std::vector<ArtifactReading> read(const std::string& host, const std::vector<ArtifactQuestion>& questions,
                                  CredentialSource& credentials) {
  const auto hosts = naming(host);
  const auto client = make_curl_client(quick(), hosts, empty_surroundings());
  return OciRegistry(*client, credentials, hosts).read(questions, {}).artifacts;
}

/// Docker's config as `docker login` leaves it.
OperatorCredentials logged_in(const std::string& host, const std::string& pair) {
  Surroundings world = empty_surroundings();
  world.environment = [](std::string_view name) -> std::optional<std::string> {
    if (name == "HOME") return "/home/a";
    return std::nullopt;
  };
  world.read_file = [=](const std::string& path) -> Result<std::string> {
    if (path != "/home/a/.docker/config.json") return Error{Fault::not_found, "no file"};
    return R"({"auths":{")" + host + R"(":{"auth":")" + base64_encode(pair) + R"("}}})";
  };
  return {world, {}};
}

TEST(DockerRegistryTest, PackagesAreReadFromTheirLayer) {
  START_OR_SKIP(registry, false);
  const std::vector<std::pair<std::string, std::string>> files = {{"Chart.yaml", "name: atlas\n"}, {"values.yaml", "a: 1\n"}};
  ASSERT_TRUE(registry->push("charts/atlas", "1.0.0", chart_artifact("atlas", "1.0.0", formats::pack_chart("atlas", files)))) << registry->log();
  ASSERT_TRUE(registry->push("charts/bare", "1.0.0", chart_artifact("bare", "1.0.0")));
  NoCredentials none;
  const auto hosts = naming(registry->host());
  const auto client = make_curl_client(quick(), hosts, empty_surroundings());
  OciRegistry oci(*client, none, hosts);
  const std::vector<ArtifactQuestion> questions = {{registry->host() + "/charts/atlas", "1.0.0", true}, {registry->host() + "/charts/bare", "1.0.0", true},
                                                   {registry->host() + "/charts/atlas", "2.0.0", true}};
  const auto readings = oci.read_packages(questions);
  ASSERT_EQ(readings[0].state, ReadingState::present) << registry->log();
  EXPECT_EQ(readings[0].package.values_yaml, "a: 1\n");
  EXPECT_EQ(readings[1].unknown->code, "no_chart");
  EXPECT_EQ(readings[2].unknown->code, "not_found");
}

TEST(DockerRegistryTest, OpenRegistryShowsWhatIsThereAndWhatIsNot) {
  START_OR_SKIP(registry, false);
  const auto chart = chart_artifact("atlas", "1.0.0-staging.abc1234+build.7");
  ASSERT_TRUE(registry->push("charts/atlas", "1.0.0-staging.abc1234_build.7", chart)) << registry->log();
  NoCredentials none;
  const std::string atlas = registry->host() + "/charts/atlas";
  const std::vector<ArtifactQuestion> questions = {{atlas, "1.0.0-staging.abc1234+build.7", true},
                                                   {atlas, chart.manifest_digest(), false},
                                                   {atlas, "1.0.0", true},
                                                   {atlas, "sha256:" + std::string(64, '0'), false},
                                                   {registry->host() + "/charts/nothing", "1.0.0", true},
                                                   {registry->host() + "/elsewhere/nothing", "1.0.0", true}};
  const auto readings = read(registry->host(), questions, none);
  ASSERT_EQ(readings[0].state, ReadingState::present) << registry->log();
  EXPECT_EQ(readings[0].digest, chart.manifest_digest());
  ASSERT_TRUE(readings[0].chart);
  EXPECT_EQ(readings[0].chart->version, "1.0.0-staging.abc1234+build.7");
  EXPECT_EQ(readings[1].state, ReadingState::present);
  EXPECT_EQ(readings[2].state, ReadingState::absent);
  EXPECT_EQ(readings[3].state, ReadingState::absent);
  EXPECT_EQ(readings[4].state, ReadingState::absent);  // its neighbour stands in the catalog
  EXPECT_EQ(readings[5].state, ReadingState::unknown);
  EXPECT_EQ(readings[5].unknown->code, "name_unknown");

  // After the push it is there; with the registry stopped, nobody knows.
  ASSERT_TRUE(registry->push("charts/atlas", "1.0.0", chart_artifact("atlas", "1.0.0")));
  EXPECT_EQ(read(registry->host(), {{atlas, "1.0.0", true}}, none).at(0).state, ReadingState::present);
  registry->stop();
  const auto stopped = read(registry->host(), {{atlas, "1.0.0", true}}, none).at(0);
  EXPECT_EQ(stopped.state, ReadingState::unknown);
  EXPECT_EQ(stopped.unknown->code, "unreachable");
  EXPECT_EQ(stopped.unknown->kind, UnknownKind::failed);
}

TEST(DockerRegistryTest, LockedRegistryTellsALoginFromNone) {
  START_OR_SKIP(registry, true);
  ASSERT_TRUE(registry->push("charts/atlas", "1.0.0", chart_artifact("atlas", "1.0.0"),
                             {AuthorizationScheme::basic, Secret(base64_encode("robot:s3cret"))}))
      << registry->log();
  const std::vector<ArtifactQuestion> questions = {{registry->host() + "/charts/atlas", "1.0.0", true},
                                                   {registry->host() + "/charts/atlas", "9.9.9", true}};
  NoCredentials none;
  auto right = logged_in(registry->host(), "robot:s3cret");
  auto wrong = logged_in(registry->host(), "robot:guess");
  const auto with_login = read(registry->host(), questions, right);
  EXPECT_EQ(with_login[0].state, ReadingState::present);
  EXPECT_TRUE(with_login[0].chart);
  EXPECT_EQ(with_login[1].state, ReadingState::absent);
  for (const auto& reading : read(registry->host(), questions, none)) {
    EXPECT_EQ(reading.unknown->code, "no_credentials");
    EXPECT_EQ(reading.unknown->kind, UnknownKind::not_asked);
  }
  for (const auto& reading : read(registry->host(), questions, wrong)) {
    EXPECT_EQ(reading.unknown->code, "refused_credentials");
    EXPECT_EQ(reading.unknown->kind, UnknownKind::failed);
    EXPECT_NE(reading.unknown->because.find("/home/a/.docker/config.json"), std::string::npos);
  }
}

TEST(DockerRegistryTest, RecordingOfItReplaysWithoutIt) {
  START_OR_SKIP(registry, true);
  ASSERT_TRUE(registry->push("charts/atlas", "1.0.0", chart_artifact("atlas", "1.0.0"),
                             {AuthorizationScheme::basic, Secret(base64_encode("robot:s3cret"))}))
      << registry->log();
  const live_test::TemporaryFolder folder;
  const auto hosts = naming(registry->host());
  const auto client = make_curl_client(quick(), hosts, empty_surroundings());
  auto login = logged_in(registry->host(), "robot:s3cret");
  auto recorder = Recorder::open(folder.path() / "rec", {"2026-11-21T10:45:00Z", hosts}, *client);
  ASSERT_TRUE(recorder);
  const std::vector<ArtifactQuestion> questions = {{registry->host() + "/charts/atlas", "1.0.0", true},
                                                   {registry->host() + "/charts/atlas", "9.9.9", true}};
  const auto live = OciRegistry(**recorder, login, hosts).read(questions, {}).artifacts;
  EXPECT_FALSE((*recorder)->problem());
  registry->stop();
  auto replay = Replay::open(folder.path() / "rec");
  ASSERT_TRUE(replay) << replay.error().message;
  OciRegistry again(**replay, (*replay)->credentials(), (*replay)->run()->hosts);
  const auto replayed = again.read(questions, {}).artifacts;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    EXPECT_EQ(replayed[i].state, live[i].state);
    EXPECT_EQ(replayed[i].digest, live[i].digest);
    EXPECT_EQ(replayed[i].evidence, live[i].evidence);
    EXPECT_EQ(replayed[i].from.address, live[i].from.address);
    EXPECT_EQ(replayed[i].from.asked_at, live[i].from.asked_at);
    EXPECT_TRUE(replayed[i].from.from_recording);
  }
}

}  // namespace
}  // namespace trueup::live
