#include "base/memory.hpp"

#include <cstdlib>  // tells of glibc

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace trueup {

void give_back_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace trueup
