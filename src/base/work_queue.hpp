#pragma once

#include <cstddef>
#include <functional>

namespace trueup {

/// Threads that are worth starting: the cores of this machine, at least 1, at most 16.
unsigned worker_count();

/// Calls `work(i)` once for each i in [0, count), from up to `worker_count()` threads, and returns when all are done. The
/// order is unspecified: results go to slot i of the caller's vector, so that what leaves is in order. The first
/// exception is thrown again here, after all threads have stopped.
void parallel_for(std::size_t count, const std::function<void(std::size_t)>& work);
/// The same with up to `threads` threads (at least 1), for work that waits more than it computes.
void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

/// A pipeline: calls `work(i)` as parallel_for() does, and on the calling thread `take(i)` in order, each after its work(i) is
/// done. At most `window` results (at least 1) wait to be taken. The calling thread works too while it has nothing to take. The
/// first exception of either is thrown again here, after all threads have stopped.
void work_in_order(std::size_t count, std::size_t window, const std::function<void(std::size_t)>& work,
                   const std::function<void(std::size_t)>& take);
/// The same with up to `threads` threads beside the calling one.
void work_in_order(std::size_t count, std::size_t window, unsigned threads, const std::function<void(std::size_t)>& work,
                   const std::function<void(std::size_t)>& take);

}  // namespace trueup
