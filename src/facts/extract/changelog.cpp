// A changelog in Markdown or reStructuredText: headings that name a version, links that compare two tags, and links to files.

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

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
    std::vector<Line> lines = shown_lines();
    for (Line& line : lines)
      if (line.is_heading) line.release = add_heading(line.text);
    LocalId current{};
    for (const Line& line : lines) {
      if (line.release) current = *line.release;
      const std::string_view text = trim(line.text);
      const std::size_t label_end = text.starts_with("[") ? text.find("]:") : text.npos;
      LocalId release = current;
      if (label_end != text.npos) {
        const auto named = by_version_.find(text.substr(1, label_end - 1));
        release = named == by_version_.end() ? LocalId{} : named->second;
      }
      add_compares(line.text, release);
      add_links(line.text, release);
    }
  }

 private:
  struct Line {
    std::string_view text;
    bool is_heading = false;
    std::optional<LocalId> release;  ///< that it is the heading of
  };

  /// The lines that are shown as text: none of a fenced block, nor of a comment of HTML.
  std::vector<Line> shown_lines() const {
    std::vector<Line> lines;
    std::string_view fence;  // that is open
    bool commented = false;
    for (std::size_t at = 0; at < source_.size();) {
      const std::size_t end = std::min(source_.find('\n', at), source_.size());
      const std::string_view line = source_.substr(at, end - at), text = trim(line);
      at = end + 1;
      if (!fence.empty()) {
        // As many of them at least close it, with nothing behind.
        if (text.starts_with(fence) && text.find_first_not_of(fence.front()) == text.npos) fence = {};
        continue;
      }
      if (!commented && (text.starts_with("```") || text.starts_with("~~~"))) {
        const std::string_view marks = text.substr(0, text.find_first_not_of(text.front()));
        // Backticks within the line are code in a sentence.
        if (text.front() == '~' || text.substr(marks.size()).find('`') == text.npos) {
          fence = marks;
          continue;
        }
      }
      const std::size_t opened = commented ? 0 : line.find("<!--");
      if (opened != line.npos) {
        commented = line.find("-->", opened) == line.npos;
        if (commented || opened == 0) continue;
      }
      if (is_underline(text) && !lines.empty() && !trim(lines.back().text).empty()) lines.back().is_heading = true;
      lines.push_back({line, text.starts_with("#"), {}});
    }
    return lines;
  }

  /// What makes the line above it a heading, in Markdown and in reStructuredText.
  static bool is_underline(std::string_view text) {
    return text.size() >= 3 && std::string_view("=-^\"").find(text.front()) != std::string_view::npos && text.find_first_not_of(text.front()) == text.npos;
  }

  std::optional<LocalId> add_heading(std::string_view line) {
    const std::string_view text = trim(line);
    const std::string_view version = version_in(text.substr(std::min(text.find_first_not_of('#'), text.size())));
    if (version.empty()) return std::nullopt;
    const LocalId id = rows_.add(ChangelogReleaseRow{rows_.span(range_in(source_, version)), headings_++, std::string(version)});
    by_version_.try_emplace(version, id);
    return id;
  }

  void add_compares(std::string_view line, LocalId release) {
    constexpr std::string_view kCompare = "/compare/";
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
      // Three dots compare with what both come from, two with the first itself.
      const std::size_t dots = range.find(".."), past = std::min(range.find_first_not_of('.', dots), range.size());
      if (dots == range.npos || dots == 0 || past == range.size() || past - dots > 3 || path.find('/') == path.npos) continue;
      const std::string_view from = range.substr(0, dots), to = range.substr(past);
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

  BlobRows& rows_;
  std::string_view source_;
  std::int64_t headings_ = 0;
  std::map<std::string_view, LocalId, std::less<>> by_version_;
};

}  // namespace

void extract_changelog(BlobRows& rows) { ChangelogReader(rows).read(); }

}  // namespace trueup::facts
