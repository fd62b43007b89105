#pragma once

#include <string>

namespace trueup::facts {

/// What the row of every live reading says of it beside what was read; columns of these names in the schema.
struct Answer {
  std::string state;    ///< present | absent | unknown
  std::string because;  ///< why it is unknown, or how absence was proven
  bool failed = false;  ///< unknown, and asking again may help
  std::string answer;   ///< the code of what came instead (live/reading.hpp); empty unless unknown
  std::string asked_at, address;
};

}  // namespace trueup::facts
