// README.md and the like at the root: the env files and ports that they tell people to use.

#include <re2/re2.h>

#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"

namespace trueup::facts {
namespace {

constexpr int kMaxMentions = 1'000;

void add_mentions(BlobRows& rows, const char* kind, const RE2& pattern) {
  re2::StringPiece rest(rows.source().data(), rows.source().size()), found;
  for (int count = 0; count < kMaxMentions && RE2::FindAndConsume(&rest, pattern, &found); ++count) {
    const auto begin = static_cast<std::uint32_t>(found.data() - rows.source().data());
    rows.add(GuideMentionRow{rows.span({begin, begin + static_cast<std::uint32_t>(found.size())}), kind, std::string(found.data(), found.size())});
  }
}

}  // namespace

void extract_guide(BlobRows& rows) {
  if (!rows.wants(Table::guide_mention)) return;
  static const RE2 env_file(R"((?:^|[\s`'"(=])((?:~/|\./|\.\./|/)?(?:[\w.-]+/)*\.?[\w-][\w.-]*\.env)(?:$|[\s`'"):,.;]))");
  static const RE2 port(R"(\bngrok http (?:--\S+ )*(\d{2,5})\b)");
  add_mentions(rows, "env_file", env_file);
  add_mentions(rows, "tunnel_port", port);
}

}  // namespace trueup::facts
