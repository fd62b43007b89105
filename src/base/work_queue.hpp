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

}  // namespace trueup
