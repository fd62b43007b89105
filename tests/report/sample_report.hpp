#pragma once

#include <string>
#include <string_view>

#include "engine/report.hpp"

namespace trueup::report::test {

/// The place of `flagged` where it stands first in a file's text, as the engine makes places: the first line whole, or
/// 400 bytes of it that hold the place.
rules::FilePlace place_of(std::string_view repository, std::string_view revision, std::string_view path,
                          std::string_view text, std::string_view flagged);

/// A run over a fleet of three repositories in which everything went wrong that a report must show: findings of each
/// severity, hostile names and texts, bytes of several widths, long lines, other refs, and unknowns of every cause.
engine::Report sample_report();
/// The same with a base: one finding introduced, one unconfirmed, others standing, one fixed.
engine::Report sample_report_with_base();
/// Nothing wrong, all verified.
/// The same as an audit told it, of a history with every standing.
engine::Report sample_report_with_audit();
engine::Report clean_report();

}  // namespace trueup::report::test
