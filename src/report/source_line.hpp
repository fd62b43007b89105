#pragma once

#include <cstddef>
#include <string>

#include "rules/finding.hpp"

namespace trueup::report {

/// The line of a place as a terminal shows it, and where the carets stand below it. `text` is printable, tabs are
/// spaces, and nothing in it is a command to a runner of GitHub.
struct SourceLine {
  std::string text;
  std::size_t carets_from = 0;  ///< columns of the terminal before the first caret
  std::size_t carets = 1;       ///< columns below the flagged bytes; at least 1
};

/// Lays a place's first line out in at most `width` columns (0: as many as it takes). A line that is longer is cut
/// around the flagged bytes, with an ellipsis at each cut; flagged bytes wider than that are cut at their end.
/// Indentation is the first to go; a line that fits keeps it if asked to.
SourceLine lay_out(const rules::FilePlace& place, std::size_t width, bool keep_indentation = true);

/// Text for a line of a terminal, perhaps at its start: printable, no command to a runner, and at most `most`
/// characters of it, with an ellipsis where it was cut.
std::string shown(std::string_view text, std::size_t most = 1000);

}  // namespace trueup::report
