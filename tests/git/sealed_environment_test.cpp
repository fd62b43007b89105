// Keeps this machine's git settings out of every test of the program.

#include <cstdlib>

#include "git/repository_fixture.hpp"

namespace trueup::git::testing {
namespace {

class SealedEnvironment : public ::testing::Environment {
 public:
  SealedEnvironment() {
    ::setenv("HOME", "/nonexistent", 1);
    ::setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    ::setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    ::unsetenv("XDG_CONFIG_HOME");
  }
};

[[maybe_unused]] const auto* const kSealed = ::testing::AddGlobalTestEnvironment(new SealedEnvironment);

}  // namespace
}  // namespace trueup::git::testing
