// Answers of real registries: docker-registry 2.8.2 (open, with a password, with a token server), distribution 3.1.2.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>

#include "live/oci_registry.hpp"
#include "live/record.hpp"
#include "live/temporary_folder.hpp"

namespace trueup::live {
namespace {

const std::string kDate = "2026-11-21T10:45:";

std::filesystem::path recordings() {
  const char* shared = ::getenv("TRUEUP_SHARED");
  const std::filesystem::path folder = shared ? shared : std::filesystem::path(TRUEUP_SOURCE_DIR) / ".." / "shared";
  return folder / "recorded" / "oci";
}

#define SKIP_WITHOUT_RECORDINGS()                                                                                \
  if (!std::filesystem::is_directory(recordings()))                                                              \
  GTEST_SKIP() << "no recorded registries at " << recordings() << "; set TRUEUP_SHARED to the folder above recorded/"

/// The recording, or those of its files whose names begin so.
std::unique_ptr<Replay> open(const std::vector<std::string>& prefixes = {""}) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : std::filesystem::directory_iterator(recordings())) {
    const std::string name = entry.path().filename().string();
    const auto fits = [&](const std::string& prefix) { return name.starts_with(prefix); };
    if (std::ranges::any_of(prefixes, fits)) files.emplace_back(name, live_test::read_file(entry.path()));
  }
  auto replay = Replay::from_texts(files);
  EXPECT_TRUE(replay) << replay.error().message;
  return std::move(*replay);
}

RegistryReadings read(Replay& replay, const std::vector<ArtifactQuestion>& artifacts,
                      const std::vector<TagListQuestion>& tags = {},
                      const HostPolicy& hosts = {}) {
  return OciRegistry(replay, replay.credentials(), hosts).read(artifacts, tags);
}

TEST(RecordedRegistry, EveryFileIsAnExchange) {
  SKIP_WITHOUT_RECORDINGS();
  const auto replay = Replay::open(recordings());
  ASSERT_TRUE(replay) << replay.error().message;
  EXPECT_EQ((*replay)->size(), 141u);
  EXPECT_EQ((*replay)->latest(), kDate + "40Z");
  EXPECT_FALSE((*replay)->run());
}

TEST(RecordedRegistry, ChartsAreReadWithTheirMetadata) {
  SKIP_WITHOUT_RECORDINGS();
  const struct {
    const char* chart;
    const char* version;
    const char* held;  // what the config blob says, where it differs
  } cases[] = {{"atlas", "1.0.0", ""},
               {"atlas", "1.0.1", ""},
               {"atlas", "1.1.0", ""},
               {"atlas", "1.0.0-beta.1+build.5", ""},
               {"atlas", "1.0.0-ring1.a1b2c3d4e5f", ""},
               {"atlas", "1.0.0-staging.6123746abcd", ""},
               {"atlas", "1.0.9", "1.0.1"},  // mislabelled
               {"atlas-read", "1.0.0", ""},
               {"atlas-read", "1.0.2", ""},
               {"atlas-read", "1.0.0-ring1.a1b2c3d4e5f", ""},
               {"atlas-read", "1.0.0-staging.6123746abcd", ""},
               {"tenant-stack", "2.3.0", ""}};
  std::vector<ArtifactQuestion> questions;
  for (const auto& [chart, version, held] : cases) {
    questions.push_back({std::string("registry.example.test/charts/") + chart, version, true});
  }
  const auto replay = open();
  const auto readings = read(*replay, questions).artifacts;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    SCOPED_TRACE(questions[i].repository + " " + questions[i].reference);
    const auto& reading = readings[i];
    ASSERT_EQ(reading.state, ReadingState::present) << (reading.unknown ? reading.unknown->because : reading.evidence);
    ASSERT_TRUE(reading.chart) << (reading.chart_unknown ? reading.chart_unknown->because : "");
    EXPECT_EQ(reading.chart->name, cases[i].chart);
    EXPECT_EQ(reading.chart->version, *cases[i].held ? cases[i].held : cases[i].version);
    EXPECT_EQ(reading.media_type, "application/vnd.oci.image.manifest.v1+json");
    EXPECT_TRUE(reading.from.asked_at.starts_with(kDate));
    EXPECT_TRUE(reading.from.from_recording);
  }
  EXPECT_EQ(readings[0].digest, "sha256:5e749cf30d253d080834de059498525e90aa1d1aaa091622a967623a70525d12");
  EXPECT_EQ(readings[0].chart->dependencies_json, "[]");
  EXPECT_EQ(readings.back().chart->dependencies_json,
            R"([{"name":"atlas","version":"1.0.0","repository":"oci://registry.example.test/charts"},)"
            R"({"name":"atlas-read","version":"1.0.0","repository":"oci://registry.example.test/charts",)"
            R"("condition":"atlasRead.enabled","alias":"atlasRead"}])");
}

TEST(RecordedRegistry, ImagesAndIndexesArePresentByTagAndByDigest) {
  SKIP_WITHOUT_RECORDINGS();
  const auto replay = open();
  const std::string atlas = "registry.example.test/images/atlas";
  const std::vector<ArtifactQuestion> questions = {
      {atlas, "1.0.0"},
      {atlas, "staging-6123746abcd"},
      {atlas, "ring1-a1b2c3d4e5f"},
      {atlas, "single-platform"},
      {atlas + "-read", "1.0.0"},
      {atlas + "-read", "single-platform"},
      {atlas, "sha256:38b688b873c651fb47122a406dd4200d823b4ddb04be4151b0f4d99cf659e850"},
      {"registry3.example.test/images/atlas", "staging-6123746abcd"},
      {"registry3.example.test/charts/atlas", "1.0.0"}};
  const auto readings = read(*replay, questions).artifacts;
  for (const auto& reading : readings) {
    EXPECT_EQ(reading.state, ReadingState::present)
        << reading.from.address << " " << (reading.unknown ? reading.unknown->because : reading.evidence);
  }
  EXPECT_EQ(readings[0].media_type, "application/vnd.docker.distribution.manifest.list.v2+json");
  EXPECT_EQ(readings[0].digest, "sha256:8e2d0dfbb5779e279bd957b49f94813140395fabc7338916630df17cfa0e0aaa");
  EXPECT_EQ(readings[1].media_type, "application/vnd.oci.image.index.v1+json");
}

TEST(RecordedRegistry, WhatIsMissingIsAbsentWhereTheNeighbourhoodIsShown) {
  SKIP_WITHOUT_RECORDINGS();
  const auto replay = open();
  const auto readings = read(*replay, {{"registry.example.test/charts/atlas-read", "1.0.1", true},
                                       {"registry.example.test/charts/atlas", "9.9.9", true},
                                       {"registry.example.test/charts/atlas", "sha256:" + std::string(64, '0')},
                                       {"registry.example.test/charts/nothing", "1.0.0", true},
                                       {"registry3.example.test/charts/atlas", "9.9.9", true},
                                       {"registry3.example.test/charts/nothing", "1.0.0", true}})
                            .artifacts;
  for (const auto& reading : readings) {
    EXPECT_EQ(reading.state, ReadingState::absent)
        << reading.from.address << " " << (reading.unknown ? reading.unknown->because : reading.evidence);
  }
  EXPECT_EQ(readings[1].evidence, "registry.example.test lists 8 tags of charts/atlas, and 9.9.9 is not one of them");
  EXPECT_EQ(readings[3].evidence,
            "the catalog of registry.example.test holds 3 repositories under charts/, and charts/nothing is not one of "
            "them");
}

TEST(RecordedRegistry, TagsAreSortedWhateverTheRegistryDoes) {
  SKIP_WITHOUT_RECORDINGS();
  const auto replay = open();
  const auto lists = read(*replay, {}, {{"registry.example.test/charts/atlas"}, {"registry3.example.test/charts/atlas"},
                                        {"registry.example.test/images/atlas"},
                                        {"registry.example.test/charts/nothing"}})
                         .tag_lists;
  const std::vector<std::string> tags = {"1.0.0", "1.0.0-beta.1_build.5", "1.0.0-ring1.a1b2c3d4e5f",
                                         "1.0.0-staging.6123746abcd", "1.0.0-staging.9f0c2de4417", "1.0.1", "1.0.9",
                                         "1.1.0"};
  EXPECT_EQ(lists[0].tags, tags);
  EXPECT_EQ(lists[1].tags, tags);
  EXPECT_TRUE(lists[0].complete && lists[1].complete);
  EXPECT_EQ(lists[2].tags.size(), 4u);
  EXPECT_EQ(lists[3].state, ReadingState::absent);
}

/// Asks for pages as small as the recorded ones.
class SmallPages final : public HttpClient {
 public:
  explicit SmallPages(HttpClient& inner) : inner_(inner) {}
  HttpAnswer send(const HttpRequest& request) override {
    HttpRequest small = request;
    const std::size_t n = small.url.find("n=1000");
    const bool catalog = small.url.find("_catalog") != std::string::npos;
    if (n != std::string::npos) small.url.replace(n, 6, catalog ? "n=2" : "n=3");
    return inner_.send(small);
  }

 private:
  HttpClient& inner_;
};

TEST(RecordedRegistry, PagesAreFollowedToTheirEnd) {
  SKIP_WITHOUT_RECORDINGS();
  const auto replay = open({"v3-v2-", "v3-tags-page-", "v2-open", "catalog-", "tags-name-unknown"});
  SmallPages small(*replay);
  NoCredentials none;
  const HostPolicy hosts;
  OciRegistry oci(small, none, hosts);
  const std::vector<TagListQuestion> questions = {{"registry3.example.test/charts/atlas"},
                                                  {"registry.example.test/charts/nothing"}};
  const auto lists = oci.read({}, questions).tag_lists;
  EXPECT_EQ(lists[0].tags.size(), 8u);
  EXPECT_TRUE(lists[0].complete);
  EXPECT_EQ(lists[1].state, ReadingState::absent) << lists[1].unknown->because;
  EXPECT_EQ(replay->unused(), std::vector<std::string>{"catalog-200.json"});
}

TEST(RecordedRegistry, PasswordIsAskedForAndThenUsed) {
  SKIP_WITHOUT_RECORDINGS();
  const auto replay = open();
  const std::vector<TagListQuestion> questions = {{"private.registry.example.test/charts/atlas"}};
  const auto list = read(*replay, {}, questions).tag_lists.at(0);
  EXPECT_EQ(list.tags, (std::vector<std::string>{"1.0.0", "1.1.0"}));
  NoCredentials none;
  const HostPolicy hosts;
  const auto anonymous = OciRegistry(*replay, none, hosts).read({}, questions).tag_lists.at(0);
  EXPECT_EQ(anonymous.unknown->code, "no_credentials");
}

TEST(RecordedRegistry, TokenIsFetchedForTheScope) {
  SKIP_WITHOUT_RECORDINGS();
  const auto replay = open({"token-", "v2-token", "manifest-atlas-1.0.0-200", "config-atlas-1.0.0-200"});
  NoCredentials none;
  HostPolicy hosts;
  OciRegistry oci(*replay, none, hosts);
  const TagListQuestion tags{"registry.example.test/charts/atlas"};
  const ArtifactQuestion chart{"registry.example.test/charts/atlas", "1.0.0", true};
  const auto readings = oci.read({&chart, 1}, {&tags, 1});
  EXPECT_EQ(readings.tag_lists[0].tags.size(), 8u);
  EXPECT_TRUE(readings.artifacts[0].chart);
  const auto unused = replay->unused();
  EXPECT_EQ(std::ranges::count(unused, "token-grant-anonymous-200.json"), 0);
}

TEST(RecordedRegistry, TokenThatGrantsNothingIsNoAnswer) {
  SKIP_WITHOUT_RECORDINGS();
  const auto read_images = [](Replay& replay, CredentialSource& credentials, const HostPolicy& hosts) {
    const TagListQuestion images{"registry.example.test/images/atlas"};
    return OciRegistry(replay, credentials, hosts).read({}, {&images, 1}).tag_lists.at(0);
  };
  NoCredentials none;
  HostPolicy nobody, hosts;
  ASSERT_TRUE(hosts.allow("auth.example.test"));
  // Anonymous: the token server says 200 and grants nothing.
  const auto denied = open({"v2-token", "token-grant-denied", "token-empty-grant"});
  EXPECT_EQ(read_images(*denied, none, nobody).unknown->code, "no_credentials");
  // With a login that the token server may see.
  const auto granted = open({"v2-token", "token-grant-basic", "token-other-scope"});
  EXPECT_EQ(read_images(*granted, granted->credentials(), hosts).tags.size(), 4u);
  // With a wrong password.
  const auto wrong = open({"v2-token", "token-grant-wrong"});
  EXPECT_EQ(read_images(*wrong, wrong->credentials(), hosts).unknown->code, "refused_credentials");
  // The login is there, and its token server was named by nobody.
  const auto not_named = open({"v2-token", "token-grant-", "token-empty-grant"});
  EXPECT_EQ(read_images(*not_named, not_named->credentials(), nobody).unknown->code, "realm_not_trusted");
}

TEST(RecordedRegistry, WhatTheLoaderNeverMeetsIsListedHere) {
  SKIP_WITHOUT_RECORDINGS();
  const auto replay = open();
  std::vector<ArtifactQuestion> artifacts;
  for (const char* host : {"registry.example.test", "registry3.example.test"}) {
    for (const char* name : {"charts/atlas", "charts/atlas-read", "charts/tenant-stack", "charts/nothing",
                             "images/atlas", "images/atlas-read"}) {
      for (const char* reference :
           {"1.0.0", "1.0.0-beta.1+build.5", "1.0.0-ring1.a1b2c3d4e5f", "1.0.0-staging.6123746abcd", "1.0.1", "1.0.2",
            "1.0.9", "1.1.0", "2.3.0", "9.9.9", "ring1-a1b2c3d4e5f", "single-platform", "staging-6123746abcd",
            "sha256:5e749cf30d253d080834de059498525e90aa1d1aaa091622a967623a70525d12",
            "sha256:38b688b873c651fb47122a406dd4200d823b4ddb04be4151b0f4d99cf659e850",
            "sha256:74f658a251e50ebb069eb8f310306d9c6081a23fd937a026c87a7481d8946271",
            "sha256:0000000000000000000000000000000000000000000000000000000000000000"}) {
        artifacts.push_back({std::string(host) + "/" + name, reference, true});
      }
    }
  }
  read(*replay, artifacts,
       {{"private.registry.example.test/charts/atlas"},
        {"private.registry.example.test/charts/nothing"},
        {"registry.example.test/charts/tenant-stack"},
        {"registry.example.test/images/atlas"}});
  // Other methods, paths that no question makes, other Accept headers, conditions, other page sizes, layers of
  // packages. Under one host stand an open registry and one with a token server; the open one answers here, the other
  // in the tests above. image-atlas-staging- is image-atlas-index once more.
  const std::vector<std::string> not_met = {
      "basic-tags-401", "basic-unknown-repo-401", "blob-unknown", "catalog-end", "catalog-n2", "digest-invalid",
      "image-atlas-staging-", "image-config-", "image-head-", "image-list-accept-", "image-unknown-tag", "layer-",
      "manifest-head-", "manifest-if-none-", "manifest-oci-", "name-invalid", "referrers", "tag-with-", "tags-n3",
      "token-", "v2-basic-200", "v2-basic-wrong", "v2-noslash", "v2-token-401", "v3-blob-unknown", "v3-catalog-n2",
      "v3-image-index-acc", "v3-image-list-accept-", "v3-manifest-head-", "v3-manifest-if-", "v3-manifest-oci-",
      "v3-name-invalid", "v3-referrers", "v3-tag-with-", "v3-tags-last-", "v3-tags-n-", "v3-tags-n0", "v3-tags-page-"};
  for (const std::string& name : replay->unused()) {
    EXPECT_TRUE(std::ranges::any_of(not_met, [&](const std::string& prefix) { return name.starts_with(prefix); }))
        << name;
  }
}

TEST(RecordedRegistry, WhatIsNotRecordedIsAFailure) {
  SKIP_WITHOUT_RECORDINGS();
  const auto replay = open();
  const ArtifactQuestion question{"registry.example.test/charts/atlas", "1.0.0-staging.9f0c2de4417", true};
  const auto reading = read(*replay, {question}).artifacts.at(0);
  EXPECT_EQ(reading.unknown->code, "not_recorded");
  EXPECT_EQ(reading.unknown->kind, UnknownKind::failed);
}

}  // namespace
}  // namespace trueup::live
