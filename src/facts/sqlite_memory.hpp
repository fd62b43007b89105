#pragma once

namespace trueup::facts {

/// Lets SQLite keep small blocks that it gives back, per thread, for its next wishes: compiling queries is mostly that, and where
/// its own such store is compiled out (Debian's build) a fifth of a small check was malloc(). Must come before the first database of
/// the process is opened, and is no more than a hint: does nothing where SQLite is at work already, and under AddressSanitizer, which
/// is to see every block.
void keep_sqlite_blocks();

}  // namespace trueup::facts
