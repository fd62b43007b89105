#include "base/work_queue.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace trueup {

unsigned worker_count() { return std::clamp(std::thread::hardware_concurrency(), 1u, 16u); }

void parallel_for(std::size_t count, const std::function<void(std::size_t)>& work) {
  parallel_for(count, worker_count(), work);
}

void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex guard;
  std::exception_ptr first_failure;
  const auto run = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < count;) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(guard);
        if (!first_failure) first_failure = std::current_exception();
        next = count;
      }
    }
  };
  const std::size_t helpers = count < 2 ? 0 : std::min<std::size_t>(std::max(threads, 1u), count) - 1;
  {
    std::vector<std::jthread> running;
    running.reserve(helpers);
    for (std::size_t i = 0; i < helpers; ++i) running.emplace_back(run);
    run();
  }
  if (first_failure) std::rethrow_exception(first_failure);
}

}  // namespace trueup
