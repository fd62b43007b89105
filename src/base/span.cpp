#include "base/span.hpp"

#include <algorithm>
#include <cstring>

namespace trueup {

LineIndex::LineIndex(std::string_view text) {
  starts_.push_back(0);
  if (text.empty()) return;  // an empty view may hold no pointer
  // A file with CR line ends is rare: look for CR once, then only for LF.
  if (std::memchr(text.data(), '\r', text.size()) == nullptr) {
    std::size_t from = 0;
    while (const void* found = from < text.size() ? std::memchr(text.data() + from, '\n', text.size() - from) : nullptr) {
      from = static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) + 1;
      starts_.push_back(static_cast<std::uint32_t>(from));
    }
    return;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\n' || text[i] == '\r') starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

LineColumn LineIndex::locate(std::uint32_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - starts_.begin());
  return {line, offset - starts_[line - 1] + 1};
}

std::string_view LineIndex::line(std::string_view text, std::uint32_t number) const {
  const std::size_t begin = starts_[number - 1];
  std::size_t end = number < starts_.size() ? starts_[number] : text.size();
  while (end > begin && (text[end - 1] == '\n' || text[end - 1] == '\r')) --end;
  return text.substr(begin, end - begin);
}

}  // namespace trueup
