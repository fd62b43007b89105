#include "engine/case_expectations.hpp"

#include <algorithm>

#include "formats/yaml.hpp"

namespace trueup::engine {
namespace {

std::string describe(const rules::FilePlace& place) {
  return place.repository + " " + place.path + ":" + std::to_string(place.begin.line) + ":" + std::to_string(place.begin.column);
}

/// The bytes that an expected place means, or why it means none.
Result<std::pair<rules::FilePlace, bool>> locate(const Case& wanted, const ExpectedPlace& place) {
  rules::FilePlace found;
  std::size_t candidates = 0;
  auto repositories = wanted.repositories;
  if (place.path == kCaseConfig && !wanted.config().empty()) repositories[""][wanted.default_branch][std::string(kCaseConfig)] = wanted.config();
  // A place at a tag is told by repository: acme/app@refs/tags/1.2.0.
  const std::size_t tag = place.repository.find('@');
  const std::string wanted_slug = place.repository.substr(0, tag);
  const std::string branch = tag == std::string::npos ? wanted.default_branch : place.repository.substr(tag + 1);
  for (const auto& [slug, branches] : repositories) {
    if (!wanted_slug.empty() && slug != wanted_slug) continue;
    if (!branches.contains(branch)) continue;
    for (const auto& [path, bytes] : branches.at(branch)) {
      if (!place.path.empty() && path != place.path) continue;
      ByteRange within{0, static_cast<std::uint32_t>(bytes.size())};
      if (!place.pointer.empty()) {
        const formats::Document document = path.ends_with(".json") ? formats::Document() : formats::parse_yaml(bytes);
        bool matched = false;
        // A key has the pointer of its value and stands before it.
        for (formats::NodeIndex node = 0; node < document.size(); ++node) {
          if (document.pointer(node) != place.pointer) continue;
          within = document[node].span;
          matched = true;
        }
        if (!matched) continue;
      }
      std::size_t seen = 0;
      for (std::size_t at = within.begin; (at = bytes.find(place.text, at)) != std::string::npos && at + place.text.size() <= within.end;
           at += std::max<std::size_t>(place.text.size(), 1)) {
        ++seen;
        if (place.nth == 0 ? place.pointer.empty() || seen == 1 : place.nth == seen) {
          ++candidates;
          found.repository = slug;
          found.path = path;
          found.bytes = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + place.text.size())};
        }
      }
    }
  }
  if (candidates == 0) return Error{Fault::not_found, "the text `" + place.text + "` is not in the case"};
  if (candidates > 1) return Error{Fault::malformed, "the text `" + place.text + "` stands more than once: say path, nth or in"};
  return std::pair(found, true);
}

bool same_place(const rules::FilePlace& a, const rules::FilePlace& b) {
  return a.repository == b.repository && a.path == b.path && a.bytes == b.bytes;
}

}  // namespace

std::string mismatch(const Case& wanted, const Expected& expected, const rules::Finding& finding) {
  const auto at = locate(wanted, expected.at);
  if (!at) return at.error().message;
  if (!same_place(at->first, finding.at)) return "stands at " + describe(finding.at);
  if (!expected.severity.empty() && expected.severity != to_string(finding.severity))
    return "is of severity " + std::string(to_string(finding.severity));
  if (!expected.message.empty() && finding.message.find(expected.message) == std::string::npos) return "says: " + finding.message;
  if (!expected.because.empty() && finding.because.find(expected.because) == std::string::npos) return "is unknown because: " + finding.because;
  for (const auto& [column, place] : expected.places) {
    const auto related = std::find_if(finding.related.begin(), finding.related.end(), [&](const rules::RelatedPlace& r) {
      return r.column == column || r.column == column + "_place";
    });
    if (related == finding.related.end()) return "has no place " + column;
    if (place.live) {
      if (!std::holds_alternative<rules::LivePlace>(related->place)) return column + " is no reading";
      continue;
    }
    const auto where = locate(wanted, place);
    if (!where) return where.error().message;
    const auto* file = std::get_if<rules::FilePlace>(&related->place);
    if (file == nullptr || !same_place(where->first, *file)) return column + " stands at " + (file == nullptr ? "a reading" : describe(*file));
  }
  return "";
}

void compare(const Case& wanted, std::string_view what, const std::vector<Expected>& expected,
             const std::vector<rules::Finding>& given, std::vector<std::string>& failures) {
  std::vector<bool> taken(given.size(), false);
  for (const Expected& one : expected) {
    std::string last = "there is none";
    bool matched = false;
    for (std::size_t i = 0; i < given.size() && !matched; ++i) {
      if (taken[i]) continue;
      last = mismatch(wanted, one, given[i]);
      if (last.empty()) matched = taken[i] = true;
    }
    if (!matched) failures.push_back("line " + std::to_string(one.line) + ": expected a " + std::string(what) + " at `" + one.at.text + "`: " + last);
  }
  for (std::size_t i = 0; i < given.size(); ++i)
    if (!taken[i])
      failures.push_back("unexpected " + std::string(what) + ": " + describe(given[i].at) + ": " + given[i].message +
                         (given[i].because.empty() ? "" : " (" + given[i].because + ")"));
}

}  // namespace trueup::engine
