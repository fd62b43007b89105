#pragma once

#include <string>
#include <string_view>

namespace trueup::report {

/// Text of strangers in one cell of a Markdown table: it is read as text, mentions nobody and links nowhere.
std::string markdown_cell(std::string_view text);
/// The same, in <code>.
std::string markdown_code(std::string_view text);

}  // namespace trueup::report
