#include "formats/dockerfile.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// A piece of an instruction, with its place.
struct Word {
  std::string text;
  ByteRange range;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  Dockerfile read() {
    read_directives();
    while (at_ < text_.size()) {
      const std::string_view line = line_at(at_);
      const std::string_view content = trim(line);
      if (content.empty() || content.front() == '#') at_ += line.size() + 1;
      else read_instruction();
    }
    return std::move(file_);
  }

 private:
  std::string_view line_at(std::size_t at) const { return text_.substr(at, std::min(text_.find('\n', at), text_.size()) - at); }

  /// `# escape=`` and `# syntax=…` stand before everything else.
  void read_directives() {
    while (at_ < text_.size()) {
      const std::string_view line = line_at(at_);
      std::string_view content = trim(line);
      const std::size_t equals = content.find('=');
      if (!content.starts_with('#') || equals == content.npos) return;
      const std::string key = ascii_lower(trim(content.substr(1, equals - 1)));
      const std::string_view value = trim(content.substr(equals + 1));
      if (key == "escape" && value == "`") escape_ = '`';
      else if (key == "syntax") file_.syntax = std::string(value);
      else if (key != "escape" && key != "check") return;
      at_ += line.size() + 1;
    }
  }

  /// The words of an instruction, over lines that end in the escape; comments and blank lines between them do not count.
  std::vector<Word> words() {
    std::vector<Word> words;
    bool open = false;  // the last word goes on
    for (bool more = true; more && at_ < text_.size();) {
      const std::string_view line = line_at(at_);
      const std::string_view content = trim(line);
      if (!words.empty() && (content.empty() || content.front() == '#')) {
        at_ += line.size() + 1;
        continue;
      }
      std::size_t end = line.size();
      while (end > 0 && is_blank(line[end - 1])) --end;
      more = end > 0 && line[end - 1] == escape_;
      if (more) --end;
      char quote = '\0';
      for (std::size_t i = 0; i < end; ++i) {
        const char c = line[i];
        const auto place = static_cast<std::uint32_t>(at_ + i);
        if (is_blank(c) && quote == '\0') {
          open = false;
          continue;
        }
        if (!std::exchange(open, true)) words.push_back({{}, {place, place}});
        words.back().text += c;
        words.back().range.end = place + 1;
        if (quote == '\0' && (c == '"' || c == '\'')) quote = c;
        else if (c == quote) quote = '\0';
      }
      if (!more || end == line.size()) open = false;
      at_ += line.size() + 1;
    }
    return words;
  }

  void read_instruction() {
    const std::vector<Word> all = words();
    if (all.empty()) return;
    std::string name = ascii_lower(all.front().text);
    std::size_t first = 1;
    if (name == "onbuild" && all.size() > 1) return;  // declared in the images that are built upon this one
    if (name == "from") read_from(all);
    if (name == "copy" || name == "add") read_copy(all, name == "add");
    for (; name == "arg" && first < all.size(); ++first) add_argument(all[first]);
    if (name == "run" || name == "copy" || name == "add") skip_here_documents(all);
  }

  void read_from(const std::vector<Word>& words) {
    DockerStage stage;
    std::size_t at = 1;
    for (; at < words.size() && words[at].text.starts_with("--"); ++at)
      if (words[at].text.starts_with("--platform=")) stage.platform = words[at].text.substr(11);
    if (at >= words.size()) return;
    stage.image = words[at].text;
    stage.range = words[at].range;
    if (at + 2 < words.size() && equal_ignoring_ascii_case(words[at + 1].text, "as")) stage.name = words[at + 2].text;
    fill(stage);
    file_.stages.push_back(std::move(stage));
  }

  /// Puts in what `ARG X=…` before the first FROM gives; of `${X:-default}` the default.
  void fill(DockerStage& stage) const {
    const std::string_view image = stage.image;
    for (const DockerStage& before : file_.stages)
      if (before.name && equal_ignoring_ascii_case(*before.name, image)) return;
    std::string filled;
    bool known = true;
    for (std::size_t at = 0; at < image.size();) {
      if (image[at] != '$') {
        if (image[at] != '"' && image[at] != '\'') filled += image[at];
        ++at;
        continue;
      }
      const bool braced = image.substr(at, 2) == "${";
      const std::size_t begin = at + (braced ? 2 : 1);
      const std::size_t end = std::min(image.find_first_not_of(kVariableCharacters, begin), image.size());
      const std::size_t close = braced ? std::min(image.find('}', end), image.size()) : end;
      const std::string_view name = image.substr(begin, end - begin), rest = image.substr(end, close - end);
      at = std::max(std::min(close + (braced ? 1 : 0), image.size()), at + 1);
      const auto declared = std::ranges::find_if(file_.arguments, [&](const DockerArgument& each) { return each.stage == 0 && each.name == name; });
      const bool has_fallback = rest.starts_with(":-") || rest.starts_with('-');
      if (declared == file_.arguments.end() && !has_fallback && !name.empty() &&
          std::ranges::find(kPlatformArguments, name) == kPlatformArguments.end() && !stage.undeclared)
        stage.undeclared = std::string(name);
      if (declared != file_.arguments.end() && declared->default_value && (rest.empty() || has_fallback)) filled += unquoted(*declared->default_value);
      else if (has_fallback) filled += rest.substr(rest.starts_with(":-") ? 2 : 1);
      else known = false;
    }
    if (known && !filled.empty() && filled.find('$') == filled.npos) stage.filled = std::move(filled);
  }

  static std::string_view unquoted(std::string_view text) {
    const bool quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
    return quoted ? text.substr(1, text.size() - 2) : text;
  }

  void read_copy(const std::vector<Word>& words, bool add) {
    DockerCopy copy;
    copy.add = add;
    copy.stage = static_cast<std::uint32_t>(file_.stages.size());
    std::optional<ByteRange> from;
    std::size_t first = 1;
    for (; first < words.size() && words[first].text.starts_with("--"); ++first) {
      constexpr std::string_view kFrom = "--from=";
      if (!words[first].text.starts_with(kFrom)) continue;
      copy.from = words[first].text.substr(kFrom.size());
      from = ByteRange{words[first].range.begin + static_cast<std::uint32_t>(kFrom.size()), words[first].range.end};
    }
    if (first >= words.size()) return;
    const bool is_json = words[first].text.starts_with('[');
    const std::vector<Word> listed = is_json ? json_words({words.begin() + static_cast<std::ptrdiff_t>(first), words.end()})
                                             : std::vector<Word>(words.begin() + static_cast<std::ptrdiff_t>(first), words.end());
    if (listed.size() < 2) return;
    copy.destination = listed.back().text;
    for (std::size_t i = 0; i + 1 < listed.size() && file_.copies.size() < kMostCopies; ++i) {
      const std::string& source = listed[i].text;
      if ((!is_json && source.starts_with("<<")) || source.find("://") != source.npos || source.starts_with("git@")) continue;
      copy.source = source;
      copy.range = from.value_or(listed[i].range);
      copy.constant = source.find_first_of("$*?[\\\"'") == source.npos;
      file_.copies.push_back(copy);
    }
  }

  /// The texts of a list in JSON, `["a b", "c"]`, with their places; none where it is no such list, or uses escapes.
  static std::vector<Word> json_words(const std::vector<Word>& written) {
    std::vector<Word> texts;
    bool inside = false, wants_text = true, closed = false;
    for (const Word& word : written) {
      for (std::size_t i = 0; i < word.text.size(); ++i) {
        const char c = word.text[i];
        const auto at = word.range.begin + static_cast<std::uint32_t>(i);
        if (closed || c == '\\') return {};
        if (inside && c != '"') {
          texts.back().text += c;
          texts.back().range.end = at + 1;
        } else if (c == '"') {
          if (!inside && !std::exchange(wants_text, false)) return {};
          inside = !inside;
          if (inside) texts.push_back({{}, {at + 1, at + 1}});
        } else if (c == ',') {
          if (std::exchange(wants_text, true)) return {};
        } else if (c == ']') {
          closed = true;
        } else if (c != '[' || &word != &written.front() || i != 0) {
          return {};
        }
      }
    }
    return closed && !wants_text ? texts : std::vector<Word>{};
  }

  void add_argument(const Word& word) {
    DockerArgument argument;
    const std::size_t equals = word.text.find('=');
    argument.name = word.text.substr(0, equals);
    argument.range = {word.range.begin, word.range.begin + static_cast<std::uint32_t>(argument.name.size())};
    if (equals != word.text.npos) argument.default_value = word.text.substr(equals + 1);
    argument.stage = static_cast<std::uint32_t>(file_.stages.size());
    if (!argument.name.empty()) file_.arguments.push_back(std::move(argument));
  }

  /// `RUN <<EOF … EOF`: what stands in it is no instruction.
  void skip_here_documents(const std::vector<Word>& words) {
    for (const Word& word : words) {
      if (!word.text.starts_with("<<")) continue;
      std::string_view delimiter = std::string_view(word.text).substr(2);
      const bool tabs = delimiter.starts_with('-');
      if (tabs) delimiter.remove_prefix(1);
      if (delimiter.size() > 1 && (delimiter.front() == '"' || delimiter.front() == '\'')) delimiter = delimiter.substr(1, delimiter.size() - 2);
      if (delimiter.empty() || delimiter.find_first_not_of(kNameCharacters) != delimiter.npos) continue;
      while (at_ < text_.size()) {
        std::string_view line = line_at(at_);
        at_ += line.size() + 1;
        if (line.ends_with('\r')) line.remove_suffix(1);
        while (tabs && line.starts_with('\t')) line.remove_prefix(1);
        if (line == delimiter) break;
      }
    }
  }

  static constexpr std::size_t kMostCopies = 10'000;
  static constexpr std::array<std::string_view, 8> kPlatformArguments = {"TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT",
                                                                        "BUILDPLATFORM",  "BUILDOS",  "BUILDARCH",  "BUILDVARIANT"};
  static constexpr std::string_view kVariableCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  static constexpr std::string_view kNameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
  std::string_view text_;
  std::size_t at_ = 0;
  char escape_ = '\\';
  Dockerfile file_;
};

}  // namespace

Dockerfile parse_dockerfile(std::string_view text) { return Reader(text).read(); }

}  // namespace trueup::formats
