#include "base/work_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace trueup {
namespace {

using testing::ElementsAreArray;

TEST(WorkInOrder, TakesEachResultOnceAndInOrderWhateverTheThreadsAndTheWindow) {
  for (const unsigned threads : {0u, 1u, 7u}) {
    for (const std::size_t window : {0u, 1u, 3u, 1000u}) {
      std::vector<std::size_t> results(200), taken, wanted(200);
      std::iota(wanted.begin(), wanted.end(), 0);
      work_in_order(
          200, window, threads, [&](std::size_t i) { results[i] = i; }, [&](std::size_t i) { taken.push_back(results[i]); });
      EXPECT_THAT(taken, ElementsAreArray(wanted)) << threads << " threads, a window of " << window;
    }
  }
}

TEST(WorkInOrder, NeverHasMoreResultsThanTheWindowHolds) {
  std::atomic<int> held = 0, most = 0;
  work_in_order(
      300, 4, 3,
      [&](std::size_t) {
        const int now = ++held;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
      },
      [&](std::size_t) { --held; });
  EXPECT_LE(most, 4);
  EXPECT_EQ(held, 0);
}

TEST(WorkInOrder, ThrowsWhatWorkOrTakeThrewAndEnds) {
  const auto fail_at = [](std::size_t bad) {
    return [bad](std::size_t i) {
      if (i == bad) throw std::runtime_error("at " + std::to_string(i));
    };
  };
  const auto nothing = [](std::size_t) {};
  for (const unsigned threads : {0u, 2u}) {
    for (const std::size_t bad : {0u, 1u, 57u, 99u}) {
      EXPECT_THROW(work_in_order(100, 5, threads, fail_at(bad), nothing), std::runtime_error) << threads << ' ' << bad;
      EXPECT_THROW(work_in_order(100, 5, threads, nothing, fail_at(bad)), std::runtime_error) << threads << ' ' << bad;
    }
  }
}

TEST(WorkInOrder, HasNothingToDoForNothing) {
  work_in_order(0, 5, [](std::size_t) { FAIL(); }, [](std::size_t) { FAIL(); });
}

}  // namespace
}  // namespace trueup
