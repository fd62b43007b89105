#pragma once

// Private to git/: settings that fetch() leaves in the config of a cached repository, and list_refs() reads. A cache is
// shallow and holds chosen refs, so git's own settings cannot say whether it has every branch of the server.

namespace trueup::git {

inline constexpr const char* kHeadsCompleteKey = "trueup.headscomplete";
inline constexpr const char* kTagsCompleteKey = "trueup.tagscomplete";

}  // namespace trueup::git
