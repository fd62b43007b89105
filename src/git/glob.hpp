#pragma once

#include <string_view>

namespace trueup::git {

/// Whether `text` is a pattern: has `*`, `?` or `[`, none of which a ref's name may hold (git-check-ref-format).
bool is_ref_glob(std::string_view text);
/// An unclosed `[` makes a pattern that no name can match; callers should say so.
bool is_well_formed_ref_glob(std::string_view pattern);
/// Does the whole of `name` match? `*` and `?` match any bytes, '/' too, as in `git branch --list`; `[a-z]`, `[!a-z]`
/// and `[^a-z]` one byte; a backslash takes the next byte literally. Time is at most the product of both lengths.
bool ref_glob_matches(std::string_view pattern, std::string_view name);

}  // namespace trueup::git
