#include <cstdio>
#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

#include "cli/commands.hpp"

namespace {

/// A run is short, and all that it holds it holds to its end: the heap grows in large steps and gives nothing back. Its first pages come
/// by 2 MiB where the system does that on request; else each of a thousand is a fault of its own, a tenth of a small check.
void prepare_heap() {
#if defined(__GLIBC__)
  constexpr int kStep = 8 << 20, kOwnMapping = 4 << 20;
  constexpr std::uintptr_t kPage = 4096;
  mallopt(M_TOP_PAD, kStep);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_MMAP_THRESHOLD, kOwnMapping);
  const auto begin = (reinterpret_cast<std::uintptr_t>(sbrk(0)) + kPage - 1) / kPage * kPage;
  void* volatile grown = std::malloc(kStep / 8);  // volatile: or a compiler may leave both calls out
  std::free(grown);
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0));
  if (end > begin) (void)madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  prepare_heap();
  const int code = trueup::cli::run_command({argv + 1, argv + argc}, trueup::cli::real_environment());
  // A report that is cut off must not look like one that says nothing.
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  std::fputs("trueup: standard output could not be written\n", stderr);
  return code == 0 ? 2 : code;
}
