#include "facts/blob_rows.hpp"

#include <algorithm>

namespace trueup::facts {

std::string_view to_string(BlobState state) {
  switch (state) {
    case BlobState::parsed: return "parsed";
    case BlobState::malformed: return "malformed";
    case BlobState::over_limit: return "over_limit";
    case BlobState::missing: return "missing";
    case BlobState::unread: return "unread";
  }
  return "unread";
}

SpanRef BlobRows::span(ByteRange bytes) {
  const auto size = static_cast<std::uint32_t>(source_.size());
  bytes.begin = std::min(bytes.begin, size);
  bytes.end = std::clamp(bytes.end, bytes.begin, size);
  spans_.push_back({bytes, lines_.locate(bytes.begin)});
  return {static_cast<std::uint32_t>(spans_.size())};
}

}  // namespace trueup::facts
