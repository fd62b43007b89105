#include "audit/record.hpp"

#include <algorithm>

#include "audit/observation.hpp"
#include "base/digest.hpp"

namespace trueup::audit {

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::fresh: return "new";
    case Standing::returned: return "returned";
    case Standing::persisting: return "persisting";
    case Standing::unverified: return "unverified";
    case Standing::fixed: return "fixed";
    case Standing::suppressed: return "suppressed";
  }
  return {};
}

std::size_t Chronicle::count(Standing standing) const {
  return static_cast<std::size_t>(std::ranges::count(records, standing, &Record::standing));
}

std::size_t Chronicle::fixed_now() const {
  return static_cast<std::size_t>(std::ranges::count(records, std::optional(now), &Record::fixed_at));
}

std::unordered_map<std::string_view, const Record*> Chronicle::by_fingerprint() const {
  std::unordered_map<std::string_view, const Record*> known;
  for (const Record& record : records) known.emplace(record.fingerprint, &record);
  return known;
}

std::string text_digest(const rules::Finding& finding) {
  std::string text = finding.at.line_text;
  for (const rules::RelatedPlace& related : finding.related)
    if (const auto* place = std::get_if<rules::FilePlace>(&related.place)) {
      text += '\0';
      text += place->repository + '\0' + place->path + '\0' + place->line_text;
    }
  return sha256_hex(text).substr(0, 16);
}

std::vector<std::string> hosts_of(const rules::Finding& finding) {
  std::vector<std::string> hosts;
  for (const rules::RelatedPlace& related : finding.related) {
    const auto* place = std::get_if<rules::LivePlace>(&related.place);
    if (place == nullptr) continue;
    const std::size_t scheme = place->address.find("://");
    if (scheme == std::string::npos) continue;
    const std::size_t begin = scheme + 3;
    hosts.push_back(place->address.substr(begin, place->address.find('/', begin) - begin));
  }
  std::ranges::sort(hosts);
  hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
  return hosts;
}

}  // namespace trueup::audit
