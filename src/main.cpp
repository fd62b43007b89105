#include "cli/commands.hpp"

int main(int argc, char** argv) {
  return trueup::cli::run_command({argv + 1, argv + argc}, trueup::cli::real_environment());
}
