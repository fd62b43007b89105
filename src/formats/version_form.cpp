#include "formats/version_form.hpp"

#include <re2/re2.h>

namespace trueup::formats {
namespace {

constexpr std::size_t kMaxLength = 200;

Error wrong(std::string_view text, std::string_view why) {
  return Error{Fault::malformed, "`" + std::string(text) + "` does not say how versions are made: " + std::string(why)};
}

}  // namespace

Result<VersionForm> VersionForm::parse(std::string_view text) {
  if (text.size() > kMaxLength) return wrong(text.substr(0, 40), "it is too long");
  VersionForm form;
  form.text = text;
  int groups = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    form.pattern += re2::RE2::QuoteMeta(rest.substr(0, open));
    if (open == rest.npos) break;
    const std::size_t close = rest.find('}', open);
    if (close == rest.npos) return wrong(text, "a { is never closed");
    const std::string_view hole = rest.substr(open + 1, close - open - 1);
    if (hole == "base") {
      form.pattern += R"([0-9]+\.[0-9]+\.[0-9]+)";
    } else if (hole == "number") {
      form.pattern += "[0-9]+";
    } else if (hole == "branch") {
      if (form.branch_group != 0) return wrong(text, "{branch} stands twice");
      form.branch_group = ++groups;
      form.pattern += R"(([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))";
    } else if (hole == "commit") {
      if (form.commit_group != 0) return wrong(text, "{commit} stands twice");
      form.commit_group = ++groups;
      form.pattern += "g?([0-9a-f]{7,40})";
    } else {
      return wrong(text, "{" + std::string(hole) + "} is none of {base}, {branch}, {commit} and {number}");
    }
    rest.remove_prefix(close + 1);
  }
  if (form.commit_group == 0) return wrong(text, "it has no {commit}");
  form.pattern = "^" + form.pattern + "$";
  return form;
}

}  // namespace trueup::formats
