#include "git/fetch.hpp"

#include <sys/file.h>
#include <fcntl.h>

#include <thread>

#include "git/file_descriptor.hpp"
#include "git/repository_fixture.hpp"

namespace trueup::git::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Fetching : public ::testing::Test {
 protected:
  Fetching() : server("server") {
    first = server.commit_file("a.yaml", "1");
    server.git({"branch", "staging"});
    server.git({"branch", "ring-dev"});
    server.git({"tag", "v1"});
    server.git({"tag", "--annotate", "v2", "--message", "two"});
    second = server.commit_file("a.yaml", "2");
  }
  FetchRequest request() const {
    return {.url = "file://" + server.path().string(), .cache_folder = cache.path(), .local_urls = LocalUrls::allowed};
  }
  static std::vector<std::string> refs(const FetchedRepository& fetched) {
    std::vector<std::string> names;
    for (const Ref& ref : must(open_here(fetched.path).list_refs()).refs) names.push_back(ref.full_name);
    return names;
  }

  Repository server;
  TempFolder cache;
  CommitId first, second;
};

TEST_F(Fetching, TheDefaultBranchAloneComesWithoutHistory) {
  server.git({"branch", "--move", "main", "trunk"});
  const FetchedRepository fetched = must(fetch(request()));
  EXPECT_EQ(fetched.default_branch, "trunk");
  EXPECT_THAT(refs(fetched), ElementsAre("refs/heads/trunk"));
  EXPECT_FALSE(fetched.heads_complete);
  EXPECT_FALSE(fetched.tags_complete);
  EXPECT_FALSE(fetched.history_complete);
  EXPECT_EQ(fetched.heads.size(), 3u);  // all that the server has are known by name

  const Source source = open_here(fetched.path);
  EXPECT_EQ(source.kind(), SourceKind::bare);
  EXPECT_EQ(must(source.default_branch()).name, "trunk");
  SnapshotReader reader(source, every_file());
  const Snapshot snapshot = must(reader.read(must(source.resolve_revision("trunk")).commit));
  EXPECT_EQ(must(source.read(entry_of(snapshot, "a.yaml"))), "2");
  const RefList list = must(source.list_refs());
  EXPECT_FALSE(list.heads_complete || list.tags_complete || list.history_complete);
}

TEST_F(Fetching, WantedBranchesAndTagsComeByNameAndPattern) {
  FetchRequest wanted = request();
  wanted.branches = {"staging", "ring-*", "no-such"};
  wanted.tags = {"v*"};
  const FetchedRepository fetched = must(fetch(wanted));
  EXPECT_THAT(refs(fetched), ElementsAre("refs/heads/main", "refs/heads/ring-dev", "refs/heads/staging", "refs/tags/v1",
                                         "refs/tags/v2"));
  EXPECT_TRUE(fetched.heads_complete && fetched.tags_complete);
  EXPECT_THAT(fetched.unmatched, ElementsAre("no-such"));
  const RefList list = must(open_here(fetched.path).list_refs());
  EXPECT_TRUE(list.heads_complete && list.tags_complete);
  EXPECT_FALSE(list.history_complete);
}

TEST_F(Fetching, TheNextTimeBringsItUpToDateAndDropsWhatIsGone) {
  FetchRequest wanted = request();
  wanted.branches = {"*"};
  must(fetch(wanted));
  const CommitId third = server.commit_file("a.yaml", "3");
  server.git({"branch", "--delete", "--force", "staging"});
  server.git({"branch", "staging/deep"});  // where a branch was, a folder of branches is
  const FetchedRepository fetched = must(fetch(wanted));
  EXPECT_THAT(refs(fetched), ElementsAre("refs/heads/main", "refs/heads/ring-dev", "refs/heads/staging/deep"));
  EXPECT_EQ(must(open_here(fetched.path).resolve_revision("main")).commit, third);
  EXPECT_TRUE(fetched.heads_complete);
  wanted.branches = {};
  EXPECT_THAT(refs(must(fetch(wanted))), ElementsAre("refs/heads/main"));
}

TEST_F(Fetching, HistoryCanBeAskedForLaterAndStays) {
  must(fetch(request()));
  FetchRequest wanted = request();
  wanted.history = true;
  FetchedRepository fetched = must(fetch(wanted));
  EXPECT_TRUE(fetched.history_complete);
  EXPECT_EQ(open_here(fetched.path).ancestry(first, second).state, Ancestry::yes);
  server.commit_file("a.yaml", "3");
  fetched = must(fetch(request()));
  EXPECT_TRUE(fetched.history_complete);
  EXPECT_EQ(must(open_here(fetched.path).resolve_revision("main~2")).commit, first);
}

TEST_F(Fetching, ARewrittenBranchIsFollowed) {
  must(fetch(request()));
  server.git({"reset", "--quiet", "--hard", first.hex()});
  const CommitId other = server.commit_file("b.yaml", "b");
  EXPECT_EQ(must(open_here(must(fetch(request())).path).resolve_revision("main")).commit, other);
}

TEST_F(Fetching, HooksOfTheUserAndOfTheServerDoNotRun) {
  const TempFolder temp;
  write_file(temp / "hooks/reference-transaction", "#!/bin/sh\ntouch '" + (temp / "ran").string() + "'\n");
  ::chmod((temp / "hooks/reference-transaction").c_str(), 0755);
  write_file(temp / "config", "[core]\n\thooksPath = " + (temp / "hooks").string() + "\n");
  ::setenv("GIT_CONFIG_GLOBAL", (temp / "config").c_str(), 1);
  const auto fetched = fetch(request());
  ::setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_FALSE(fs::exists(temp / "ran"));
}

TEST_F(Fetching, VariablesThatPointToAnotherRepositoryAreNotPassedOn) {
  ::setenv("GIT_DIR", "/nonexistent", 1);
  ::setenv("GIT_OBJECT_DIRECTORY", "/nonexistent", 1);
  const auto fetched = fetch(request());
  ::unsetenv("GIT_DIR");
  ::unsetenv("GIT_OBJECT_DIRECTORY");
  EXPECT_TRUE(fetched) << fetched.error().message;
}

TEST_F(Fetching, AUrlThatIsNotAllowedStartsNothing) {
  FetchRequest wanted = request();
  wanted.local_urls = LocalUrls::refused;
  EXPECT_EQ(fetch(wanted).error().fault, Fault::malformed);
  wanted.url = "ext::sh -c 'touch " + (cache / "ran").string() + "'";
  wanted.local_urls = LocalUrls::allowed;
  EXPECT_EQ(fetch(wanted).error().fault, Fault::malformed);
  EXPECT_TRUE(fs::is_empty(cache.path()));
}

TEST_F(Fetching, ASettingThatRewritesTheUrlCannotOpenAnotherTransport) {
  const TempFolder temp;
  write_file(temp / "config",
             "[url \"ext::touch " + (temp / "ran").string() + " #\"]\n\tinsteadOf = https://git.example/\n");
  ::setenv("GIT_CONFIG_GLOBAL", (temp / "config").c_str(), 1);
  FetchRequest wanted = request();
  wanted.url = "https://git.example/acme/deploy";
  const auto fetched = fetch(wanted);
  ::setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().fault, Fault::malformed) << fetched.error().message;
  EXPECT_FALSE(fs::exists(temp / "ran"));
}

TEST_F(Fetching, WithoutGitTheMessageSaysWhatToInstall) {
  FetchRequest wanted = request();
  wanted.git_executable = "no-such-git";
  const auto fetched = fetch(wanted);
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().fault, Fault::not_found);
  EXPECT_THAT(fetched.error().message, HasSubstr("install"));
}

TEST_F(Fetching, AMissingRepositoryIsNotFound) {
  FetchRequest wanted = request();
  wanted.url = "file:///nonexistent/repository";
  const auto fetched = fetch(wanted);
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().fault, Fault::not_found) << fetched.error().message;
}

TEST_F(Fetching, AnEmptyRepositoryIsNoError) {
  const Repository empty("empty");
  FetchRequest wanted = request();
  wanted.url = "file://" + empty.path().string();
  const FetchedRepository fetched = must(fetch(wanted));
  EXPECT_EQ(fetched.default_branch, std::nullopt);
  EXPECT_THAT(fetched.heads, IsEmpty());
  EXPECT_TRUE(fetched.heads_complete);
}

/// A program in the place of git.
fs::path fake_git(const TempFolder& folder, const std::string& script) {
  write_file(folder / "fake-git", "#!/bin/sh\n" + script);
  ::chmod((folder / "fake-git").c_str(), 0755);
  return folder / "fake-git";
}

TEST_F(Fetching, AGitThatHangsIsEndedWithItsChildren) {
  const TempFolder temp;
  FetchRequest wanted = request();
  wanted.git_executable = fake_git(temp, "sleep 600 & echo $! > '" + (temp / "child").string() + "'\nwait\n").string();
  wanted.timeout = std::chrono::milliseconds(400);
  const auto start = std::chrono::steady_clock::now();
  const auto fetched = fetch(wanted);
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().fault, Fault::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  pid_t child = 0;
  std::ifstream(temp / "child") >> child;
  ASSERT_GT(child, 0);
  // Its parent is gone, so another process buries it; until then it may be seen as a zombie.
  std::string state = "?";
  for (int i = 0; i < 100 && ::kill(child, 0) == 0; ++i) {
    std::ifstream stat("/proc/" + std::to_string(child) + "/stat");
    std::string number, name;
    stat >> number >> name >> state;
    if (state == "Z") break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(::kill(child, 0) != 0 || state == "Z");
}

TEST_F(Fetching, CanBeCancelled) {
  const TempFolder temp;
  FetchRequest wanted = request();
  wanted.git_executable = fake_git(temp, "exec sleep 600\n").string();
  std::stop_source stop;
  wanted.cancel = stop.get_token();
  const std::jthread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  EXPECT_EQ(fetch(wanted).error().fault, Fault::cancelled);
}

TEST_F(Fetching, WhatGitSaysIsSortedIntoFaultsAndHoldsNoCredentials) {
  struct Case {
    std::string said;
    Fault fault;
  };
  const TempFolder temp;
  FetchRequest wanted = request();
  wanted.url = "https://sometoken@git.example/acme/deploy";
  for (const Case& c : {
           Case{"fatal: could not read Username for 'https://git.example': terminal prompts disabled", Fault::denied},
           Case{"remote: Repository not found.\n"
                "fatal: repository 'https://sometoken@git.example/acme/deploy/' not found",
                Fault::not_found},
           Case{"git@git.example: Permission denied (publickey).", Fault::denied},
           Case{"fatal: unable to access 'https://sometoken@git.example/': Could not resolve host: git.example",
                Fault::unreachable},
           Case{"", Fault::unreachable},
       }) {
    write_file(temp / "said", c.said + "\n");
    wanted.git_executable = fake_git(temp, "cat '" + (temp / "said").string() + "' >&2\nexit 128\n").string();
    const auto fetched = fetch(wanted);
    ASSERT_FALSE(fetched);
    EXPECT_EQ(fetched.error().fault, c.fault) << fetched.error().message;
    EXPECT_EQ(fetched.error().message.find("sometoken"), std::string::npos) << fetched.error().message;
  }
}

TEST_F(Fetching, GitIsStartedWithItsGuards) {
  const TempFolder temp;
  FetchRequest wanted = request();
  wanted.url = "https://git.example/acme/deploy";
  wanted.local_urls = LocalUrls::refused;
  const std::string script = "printf '%s\\n' \"$@\" > '" + (temp / "arguments").string() + "'\n" +  //
                             "env > '" + (temp / "env").string() + "'\nexit 128\n";
  wanted.git_executable = fake_git(temp, script).string();
  EXPECT_FALSE(fetch(wanted));
  std::ifstream arguments(temp / "arguments"), environment(temp / "env");
  const std::string given{std::istreambuf_iterator<char>(arguments), {}};
  const std::string env{std::istreambuf_iterator<char>(environment), {}};
  EXPECT_THAT(given, HasSubstr("core.hooksPath=/dev/null\n"));
  EXPECT_THAT(given, HasSubstr("\n--\nhttps://git.example/acme/deploy\n"));
  EXPECT_THAT(env, HasSubstr("GIT_ALLOW_PROTOCOL=https:ssh\n"));
  EXPECT_THAT(env, HasSubstr("GIT_TERMINAL_PROMPT=0\n"));
}

TEST_F(Fetching, ConcurrentRunsWaitForEachOther) {
  FetchRequest wanted = request();
  wanted.branches = {"*"};
  wanted.tags = {"*"};
  std::vector<std::optional<Result<FetchedRepository>>> results(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) threads.emplace_back([&] { result = fetch(wanted); });
  }
  for (const auto& result : results) {
    ASSERT_TRUE(*result) << result->error().message;
    EXPECT_EQ(refs(**result).size(), 5u);
  }
}

TEST_F(Fetching, WaitingForAnotherRunEndsAtTheTimeOut) {
  const FetchedRepository fetched = must(fetch(request()));
  fs::path lock = fetched.path;
  lock.replace_extension(".lock");
  const FileDescriptor held(::open(lock.c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);
  FetchRequest wanted = request();
  wanted.timeout = std::chrono::milliseconds(100);
  const auto second_run = fetch(wanted);
  ASSERT_FALSE(second_run);
  EXPECT_EQ(second_run.error().fault, Fault::timed_out);
}

TEST_F(Fetching, ALockFileThatADeadRunLeftIsNoHindrance) {
  const FetchedRepository fetched = must(fetch(request()));
  write_file(fetched.path / "shallow.lock", "");
  write_file(fetched.path / "refs/heads/main.lock", "");
  server.commit_file("a.yaml", "3");
  EXPECT_TRUE(fetch(request()));
}

TEST_F(Fetching, ADamagedCacheIsMadeAnew) {
  const FetchedRepository fetched = must(fetch(request()));
  fs::remove(fetched.path / "HEAD");
  EXPECT_THAT(refs(must(fetch(request()))), ElementsAre("refs/heads/main"));
}

TEST_F(Fetching, TheCacheIsFoundWithoutANetwork) {
  EXPECT_EQ(cached_repository(request().url, cache.path()), std::nullopt);
  const FetchedRepository fetched = must(fetch(request()));
  EXPECT_EQ(cached_repository(request().url, cache.path()), fetched.path);
  EXPECT_EQ(cached_repository(request().url + "x", cache.path()), std::nullopt);
}

}  // namespace
}  // namespace trueup::git::testing
