#include "base/work_queue.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
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

namespace {

/// What the threads of work_in_order() share.
class Pipeline {
 public:
  Pipeline(std::size_t count, std::size_t window, const std::function<void(std::size_t)>& work)
      : count_(count), window_(std::max<std::size_t>(window, 1)), work_(work), done_(window_) {}

  /// Works until nothing is left to begin.
  void help() {
    std::unique_lock lock(guard_);
    for (;;) {
      room_.wait(lock, [&] { return next_ == count_ || next_ < taken_ + window_; });
      if (next_ == count_) return;
      work_one(lock);
    }
  }

  /// On the calling thread: takes what is done, in order, and works while the next is not.
  void take_all(const std::function<void(std::size_t)>& take) {
    std::unique_lock lock(guard_);
    while (taken_ < count_ && !failure_) {
      if (done_[taken_ % window_]) {
        lock.unlock();
        take(taken_);
        lock.lock();
        done_[taken_++ % window_] = false;
        room_.notify_one();
      } else if (next_ < count_ && next_ < taken_ + window_) {
        work_one(lock);
      } else {
        ready_.wait(lock, [&] { return done_[taken_ % window_] || failure_; });
      }
    }
  }

  void stop() {
    const std::lock_guard lock(guard_);
    next_ = count_;
    room_.notify_all();
  }

  std::exception_ptr failure() const { return failure_; }

 private:
  void work_one(std::unique_lock<std::mutex>& lock) {
    const std::size_t mine = next_++;
    lock.unlock();
    std::exception_ptr failure;
    try {
      work_(mine);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    done_[mine % window_] = true;
    if (failure && !failure_) failure_ = failure;
    if (failure || mine == taken_) ready_.notify_one();
  }

  const std::size_t count_, window_;
  const std::function<void(std::size_t)>& work_;
  std::mutex guard_;
  std::condition_variable room_, ready_;
  std::vector<bool> done_;  ///< by number % window_
  std::size_t next_ = 0, taken_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

void work_in_order(std::size_t count, std::size_t window, const std::function<void(std::size_t)>& work,
                   const std::function<void(std::size_t)>& take) {
  work_in_order(count, window, worker_count() - 1, work, take);
}

void work_in_order(std::size_t count, std::size_t window, unsigned threads, const std::function<void(std::size_t)>& work,
                   const std::function<void(std::size_t)>& take) {
  Pipeline pipeline(count, window, work);
  {
    std::vector<std::jthread> helpers;
    const std::size_t wanted = count < 2 ? 0 : std::min<std::size_t>(threads, count - 1);
    for (std::size_t i = 0; i < wanted; ++i) helpers.emplace_back([&] { pipeline.help(); });
    try {
      pipeline.take_all(take);
    } catch (...) {
      pipeline.stop();
      throw;
    }
    pipeline.stop();
  }
  if (pipeline.failure()) std::rethrow_exception(pipeline.failure());
}

}  // namespace trueup
