#pragma once

#include <chrono>
#include <ctime>

namespace trueup {

/// What this process has computed so far: a bound on it holds on a busy machine, too.
inline std::chrono::duration<double> cpu_time() { return std::chrono::duration<double>(static_cast<double>(std::clock()) / CLOCKS_PER_SEC); }

}  // namespace trueup
