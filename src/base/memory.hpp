#pragma once

namespace trueup {

/// Gives free memory back to the system, wherever it lies between what is in use: after much of it was needed for a while. Takes some
/// milliseconds. Does nothing where the C library has no such call.
void give_back_memory();

}  // namespace trueup
