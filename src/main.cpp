#include <cstdio>

#include "cli/commands.hpp"

int main(int argc, char** argv) {
  const int code = trueup::cli::run_command({argv + 1, argv + argc}, trueup::cli::real_environment());
  // A report that is cut off must not look like one that says nothing.
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  std::fputs("trueup: standard output could not be written\n", stderr);
  return code == 0 ? 2 : code;
}
