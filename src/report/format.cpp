#include "report/format.hpp"

#include <array>

namespace trueup::report {
namespace {

constexpr std::array<Format, 3> kFormats = {{
    {"terminal", "for people: the bytes that disagree, errors first", write_terminal, true},
    {"json", "everything that the run came to, by schema/report.schema.json", write_json},
    {"github", "annotations on the lines of a pull request (workflow commands)", write_github},
}};

}  // namespace

std::span<const Format> formats() { return kFormats; }

const Format* find_format(std::string_view name) {
  for (const Format& format : kFormats)
    if (format.name == name) return &format;
  return nullptr;
}

}  // namespace trueup::report
