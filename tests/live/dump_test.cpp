#include "live/dump.hpp"

#include <gmock/gmock.h>

#include <array>
#include <barrier>
#include <thread>

namespace trueup::live {
namespace {

using testing::HasSubstr;

const std::string kApp = R"({"metadata":{"name":"a"},"spec":{"destination":{},"project":"p"}})";
const std::string kKubeApp = R"({"kind":"Application","metadata":{"name":"a"},"spec":{}})";
const std::string kProject = R"({"kind":"AppProject","metadata":{"name":"p"},"spec":{}})";
const std::string kOther = R"({"kind":"Secret","metadata":{"name":"s"}})";

std::unique_ptr<ControlPlane> dump_of(std::vector<std::string> texts, bool complete = false) {
  Dump dump;
  dump.name = "prod";
  dump.label = "apps.json";
  for (std::size_t i = 0; i < texts.size(); ++i) dump.texts.emplace_back("file" + std::to_string(i), texts[i]);
  dump.complete = complete;
  dump.read_at = "2026-11-21T10:45:39Z";
  return make_dump(std::move(dump));
}

TEST(Dump, FormsOfKubectlAndArgocdAreRead) {
  const struct {
    const char* what;
    std::vector<std::string> texts;
    std::size_t applications, projects;
  } cases[] = {
      {"kubectl get applications -o json", {R"({"apiVersion":"v1","kind":"List","items":[)" + kKubeApp + "," + kKubeApp + "]}"}, 2, 0},
      {"kubectl get application a -o json", {kKubeApp}, 1, 0},
      {"kubectl get applications,appprojects", {R"({"items":[)" + kKubeApp + "," + kProject + "," + kOther + "]}"}, 1, 1},
      {"kubectl get -o yaml", {"apiVersion: v1\nkind: List\nitems:\n- kind: Application\n  metadata: {name: a}\n"}, 1, 0},
      {"documents of YAML", {"kind: Application\n---\nkind: AppProject\n"}, 1, 1},
      {"argocd app list -o json", {"[" + kApp + "," + kApp + "]"}, 2, 0},
      {"argocd app get -o json", {kApp}, 1, 0},
      {"argocd proj list -o json", {R"([{"metadata":{"name":"p"},"spec":{"sourceRepos":["*"]}}])"}, 0, 1},
      {"ArgoCD's API, saved", {R"({"metadata":{},"items":[)" + kApp + "]}"}, 1, 0},
      {"a folder", {kKubeApp, kProject}, 1, 1},
  };
  for (const auto& [what, texts, applications, projects] : cases) {
    SCOPED_TRACE(what);
    const auto dump = dump_of(texts);
    EXPECT_EQ(dump->list(ResourceKind::application).items.size(), applications);
    const auto held = dump->list(ResourceKind::project);
    EXPECT_EQ(held.items.size(), projects);
    EXPECT_EQ(held.state, projects == 0 ? ReadingState::unknown : ReadingState::present);
    EXPECT_EQ(held.from.asked_at, "2026-11-21T10:45:39Z");
  }
}

TEST(Dump, FilesAreReadOnceAndByWhoeverAsksFirst) {
  int times = 0;
  Dump dump;
  dump.name = "prod";
  dump.label = "apps.json";
  dump.read = [&](Dump& to) {
    ++times;
    to.texts.emplace_back("apps.json", kKubeApp);
  };
  const auto read = make_dump(std::move(dump));
  EXPECT_EQ(times, 0);
  EXPECT_EQ(read->list(ResourceKind::project).state, ReadingState::unknown);
  EXPECT_EQ(read->list(ResourceKind::application).items.size(), 1u);
  EXPECT_EQ(times, 1);
  dump.read = [](Dump& to) { to.problem = "apps.json cannot be read"; };
  const auto broken = make_dump(std::move(dump));
  ASSERT_TRUE(broken->list(ResourceKind::application).unknown);
  EXPECT_EQ(broken->list(ResourceKind::application).unknown->because, "apps.json cannot be read");
}

/// A run asks for all that it wants at once. (Each round is a chance of few in a hundred for a race to be seen.)
TEST(Dump, KindsAreListedFromThreadsAtOnce) {
  constexpr std::array kinds = {ResourceKind::application, ResourceKind::project};
  for (int round = 0; round < 2000; ++round) {
    const auto dump = dump_of({kKubeApp, kProject});
    std::array<std::size_t, 2 * kinds.size()> found{};
    {
      std::barrier all_here(static_cast<std::ptrdiff_t>(found.size()));
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < found.size(); ++i)
        threads.emplace_back([&, i] {
          all_here.arrive_and_wait();
          found[i] = dump->list(kinds[i % kinds.size()]).items.size();
        });
    }
    // An object is given away once.
    ASSERT_EQ(found[0] + found[2], 1u);
    ASSERT_EQ(found[1] + found[3], 1u);
  }
}

TEST(Dump, OfASecretNothingIsKeptButWhichRepositoryItIsOf) {
  // url, name, type and password of a repository; one of a cluster; one of nobody.
  const std::string secrets = R"({"kind":"List","items":[
      {"kind":"Secret","metadata":{"name":"r","labels":{"argocd.argoproj.io/secret-type":"repository"}},
       "data":{"url":"aHR0cHM6Ly9naXQuZXhhbXBsZS9h","type":"Z2l0","name":"YQ==","password":"aHVudGVyMg==","sshPrivateKey":"a2V5"}},
      {"kind":"Secret","metadata":{"name":"c","labels":{"argocd.argoproj.io/secret-type":"cluster"}},"data":{"config":"e30="}},
      {"kind":"Secret","metadata":{"name":"x"},"data":{"url":"aHR0cHM6Ly9naXQuZXhhbXBsZS9i"}}]})";
  const auto reading = dump_of({secrets})->list(ResourceKind::repository);
  ASSERT_EQ(reading.items.size(), 1u);
  EXPECT_EQ(reading.items[0], R"({"name":"a","repo":"https://git.example/a","type":"git"})");
  EXPECT_EQ(dump_of({R"([{"repo":"https://git.example/a","type":"git","connectionState":{"status":"Successful"}}])"})->list(ResourceKind::repository).items.size(), 1u);
}

TEST(Dump, IsWholeOnlyByTheOperatorsWord) {
  EXPECT_FALSE(dump_of({kKubeApp})->list(ResourceKind::application).complete);
  EXPECT_TRUE(dump_of({kKubeApp}, true)->list(ResourceKind::application).complete);
  const ApplicationQuestion question{"b", "", "p"};
  const auto reading = dump_of({kKubeApp})->find({&question, 1}).at(0);
  EXPECT_EQ(reading.unknown->code, "not_in_dump");
  EXPECT_EQ(reading.unknown->kind, UnknownKind::not_asked);
}

TEST(Dump, OneFileThatCannotBeReadMakesAllUnknown) {
  const struct {
    std::string text;
    const char* because;
  } cases[] = {{"<html>sign in</html>", "file1 cannot be read: it is a web page"},
               {R"({"items":[{"kind":"Appl)", "it ends in the middle"},
               {"", "it is empty"},
               {"kind: [", "file1 cannot be read"}};
  for (const auto& [text, because] : cases) {
    const auto reading = dump_of({kKubeApp, text}, true)->list(ResourceKind::application);
    EXPECT_EQ(reading.state, ReadingState::unknown);
    ASSERT_TRUE(reading.unknown);
    EXPECT_THAT(reading.unknown->because, HasSubstr(because));
    EXPECT_EQ(reading.unknown->kind, UnknownKind::failed);
    EXPECT_TRUE(reading.items.empty());
  }
}

TEST(Dump, ListOfNothingSaysNothing) {
  const auto reading = dump_of({R"({"items":[]})"}, true)->list(ResourceKind::application);
  EXPECT_EQ(reading.unknown->code, "not_in_dump");
}

}  // namespace
}  // namespace trueup::live
