// A changelog in Markdown: headings that name a version, links that compare two tags, and links to files.

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/release_version.hpp"

namespace trueup::facts {
namespace {

constexpr std::string_view kNoVersion = " \t[]()`*_,:;|<>\"'";

ByteRange range_in(std::string_view source, std::string_view part) {
  const auto begin = static_cast<std::uint32_t>(part.data() - source.data());
  return {begin, begin + static_cast<std::uint32_t>(part.size())};
}

/// The first word of a heading that is a version.
std::string_view version_in(std::string_view heading) {
  for (std::size_t at = 0; (at = heading.find_first_not_of(kNoVersion, at)) != heading.npos;) {
    const std::size_t end = std::min(heading.find_first_of(kNoVersion, at), heading.size());
    const std::string_view word = heading.substr(at, end - at);
    // A date has two dashes: 2026-01-31; 2026.01 would be a version.
    if (formats::ReleaseVersion::parse(word)) return word;
    at = end;
  }
  return {};
}

class ChangelogReader {
 public:
  explicit ChangelogReader(BlobRows& rows) : rows_(rows), source_(rows.source()) {}

  void read() {
    // Definitions of links stand at the end, so what they name is known by then.
    for_each_line([&](std::string_view line) {
      const std::string_view text = trim(line);
      if (text.starts_with("#")) add_heading(text);
    });
    current_ = {};
    std::size_t heading = 0;
    for_each_line([&](std::string_view line) {
      const std::string_view text = trim(line);
      if (text.starts_with("#") && heading < headings_.size() && headings_[heading].line == text.data()) current_ = headings_[heading++].id;
      const std::size_t label_end = text.starts_with("[") ? text.find("]:") : text.npos;
      LocalId release = current_;
      if (label_end != text.npos) {
        const auto named = by_version_.find(text.substr(1, label_end - 1));
        release = named == by_version_.end() ? LocalId{} : named->second;
      }
      add_compares(line, release);
      add_links(line, release);
    });
  }

 private:
  template <typename Visit>
  void for_each_line(const Visit& visit) const {
    bool fenced = false;
    for (std::size_t at = 0; at < source_.size();) {
      const std::size_t end = std::min(source_.find('\n', at), source_.size());
      const std::string_view line = source_.substr(at, end - at);
      at = end + 1;
      if (trim(line).starts_with("```")) fenced = !fenced;
      else if (!fenced) visit(line);
    }
  }

  void add_heading(std::string_view text) {
    const std::string_view version = version_in(text.substr(std::min(text.find_first_not_of('#'), text.size())));
    if (version.empty()) return;
    ChangelogReleaseRow row{rows_.span(range_in(source_, version)), static_cast<std::int64_t>(headings_.size()), std::string(version)};
    const LocalId id = rows_.add(std::move(row));
    headings_.push_back({text.data(), id});
    by_version_.try_emplace(version, id);
  }

  void add_compares(std::string_view line, LocalId release) {
    constexpr std::string_view kCompare = "/compare/", kDots = "...";
    for (std::size_t at = 0; (at = line.find(kCompare, at)) != line.npos; at += kCompare.size()) {
      const std::size_t scheme = line.rfind("://", at);
      if (scheme == line.npos) continue;
      const std::size_t begin = std::min(line.find_last_of(" \t([<\"'", scheme) + 1, scheme);
      const std::size_t end = std::min(line.find_first_of(" \t)]>\"'", at), line.size());
      std::string_view path = line.substr(scheme + 3, at - scheme - 3);
      const std::size_t slash = path.find('/');
      if (slash == path.npos || path.find_first_of(" \t") != path.npos) continue;
      path.remove_prefix(slash + 1);
      if (path.ends_with("/-")) path.remove_suffix(2);  // GitLab
      std::string_view range = line.substr(at + kCompare.size(), end - at - kCompare.size());
      range = range.substr(0, range.find_first_of("?#"));
      const std::size_t dots = range.find(kDots);
      if (dots == range.npos || dots == 0 || dots + kDots.size() >= range.size() || path.find('/') == path.npos) continue;
      const std::string_view from = range.substr(0, dots), to = range.substr(dots + kDots.size());
      ChangelogCompareRow row;
      row.changelog_release = release;
      row.span = rows_.span(range_in(source_, line.substr(begin, end - begin)));
      row.slug = path;
      row.from_tag = from;
      row.from_span = rows_.span(range_in(source_, from));
      row.to_tag = to;
      row.to_span = rows_.span(range_in(source_, to));
      rows_.add(std::move(row));
    }
  }

  /// [text](target), and `[label]: target`.
  void add_links(std::string_view line, LocalId release) {
    for (std::size_t at = 0; (at = line.find(']', at)) != line.npos; ++at) {
      const std::string_view rest = line.substr(at + 1);
      std::size_t begin = at + 2;
      if (rest.starts_with(": ")) begin = std::min(line.find_first_not_of(' ', begin), line.size());
      else if (!rest.starts_with("(")) continue;
      const std::size_t end = std::min(line.find_first_of(" \t)>", begin), line.size());
      add_link(line.substr(begin, end - begin), release);
    }
  }

  void add_link(std::string_view target, LocalId release) {
    std::string_view path = target.substr(0, target.find_first_of("?#"));
    if (path.empty() || path.find_first_of("<*`%{") != path.npos) return;
    ChangelogLinkRow row;
    row.changelog_release = release;
    row.span = rows_.span(range_in(source_, target));
    if (const std::size_t scheme = path.find("://"); scheme != path.npos) {
      // host/owner/name/-/blob/REVISION/path
      std::string_view of_host = path.substr(scheme + 3);
      const std::size_t slash = of_host.find('/');
      if (slash == of_host.npos) return;
      of_host.remove_prefix(slash + 1);
      for (const std::string_view marker : {"/blob/", "/tree/", "/raw/"}) {
        const std::size_t at = of_host.find(marker);
        if (at == of_host.npos) continue;
        std::string_view slug = of_host.substr(0, at);
        if (slug.ends_with("/-")) slug.remove_suffix(2);
        const std::string_view rest = of_host.substr(at + marker.size());
        const std::size_t end = rest.find('/');
        if (end == rest.npos || end == 0 || slug.find('/') == slug.npos) return;
        row.slug = slug;
        row.revision = rest.substr(0, end);
        row.target = rest.substr(end + 1);
        while (row.target.ends_with('/')) row.target.pop_back();
        if (!row.target.empty()) rows_.add(std::move(row));
        return;
      }
      return;
    }
    if (path.front() == '/' || path.find(':') != path.npos) return;
    while (path.ends_with('/')) path.remove_suffix(1);
    row.target = path;
    const SpanRef span = row.span;
    rows_.add(std::move(row));
    rows_.add(PathMentionRow{{}, {}, span, "file", std::string(path.starts_with("./") ? path.substr(2) : path), "changelog_link", 1});
  }

  struct Heading {
    const char* line;
    LocalId id;
  };
  BlobRows& rows_;
  std::string_view source_;
  std::vector<Heading> headings_;
  std::map<std::string_view, LocalId, std::less<>> by_version_;
  LocalId current_;
};

}  // namespace

void extract_changelog(BlobRows& rows) { ChangelogReader(rows).read(); }

}  // namespace trueup::facts
