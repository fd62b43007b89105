// Runs that are killed, and runs at one time: what stands in the file afterwards is what some number of whole runs leaves.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <random>
#include <thread>

#include "audit/observed.hpp"

namespace trueup::audit::test {
namespace {

/// The run of a day: 200 subjects, each wrong on some days.
void fill(Observed& run, std::int64_t day) {
  for (int i = 0; i < 200; ++i) {
    const unsigned dice = (static_cast<unsigned>(i) * 2654435761u + static_cast<unsigned>(day / (1 + i % 7)) * 40503u) >> 7;
    if (dice % 3 == 0) run.shows("name-" + std::to_string(i));
    if (dice % 11 == 1) run.cannot_tell("name-" + std::to_string(i), "timed out");
  }
}

bool record_day(const std::string& file, std::int64_t day) {
  Observed run(day);
  fill(run, day);
  auto history = History::open(file);
  return history && history->record(run.seen);
}

std::int64_t runs_in(const std::string& file) {
  sqlite3* database = nullptr;
  sqlite3_open(file.c_str(), &database);
  std::int64_t runs = 0;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, "SELECT count(*) FROM run", -1, &statement, nullptr) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
    runs = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return runs;
}

TEST(Killed, TwoHundredTimesTheHistoryIsWhatWholeRunsLeave) {
  Folder folder;
  const std::string file = folder / "killed.history", reference = folder / "reference.history";
  std::mt19937 random(7);
  std::int64_t referred = 0;
  int within = 0;  // kills that met a run at work
  for (int kill_number = 0; kill_number < 200; ++kill_number) {
    const std::int64_t begun = runs_in(file);
    const pid_t child = fork();
    if (child == 0) {
      for (std::int64_t day = begun;; ++day)
        if (!record_day(file, day)) _exit(1);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 15'000));
    const bool journal = std::filesystem::exists(file + "-journal");
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "a run after a kill was refused";
    within += journal ? 1 : 0;
    const std::int64_t runs = runs_in(file);
    for (; referred < runs; ++referred) ASSERT_TRUE(record_day(reference, referred));
    if (runs > 0) {
      ASSERT_EQ(dump(file), dump(reference)) << "after kill " << kill_number;
    }
    // The next run is right.
    ASSERT_TRUE(record_day(file, runs));
    ASSERT_TRUE(record_day(reference, referred++));
    ASSERT_EQ(dump(file), dump(reference)) << "after the run after kill " << kill_number;
  }
  EXPECT_GT(within, 5) << "the kills met no run at work";
}

TEST(Concurrent, RunsWaitForEachOtherAndAllAreKept) {
  Folder folder;
  const std::string file = folder / "shared.history", reference = folder / "reference.history";
  constexpr int kProcesses = 6, kRuns = 5;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    children.push_back(fork());
    if (children.back() != 0) continue;
    for (int run = 0; run < kRuns; ++run)
      if (!record_day(file, 3)) _exit(1);
    _exit(0);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }
  for (int i = 0; i < kProcesses * kRuns; ++i) ASSERT_TRUE(record_day(reference, 3));
  EXPECT_EQ(dump(file), dump(reference)) << "as if they had come one after the other";
}

}  // namespace
}  // namespace trueup::audit::test
