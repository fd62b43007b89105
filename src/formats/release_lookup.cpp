#include "formats/release_lookup.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr std::uint32_t kListedByGh = 30, kListedByApi = 30;
constexpr std::size_t kMostLookups = 200;
constexpr std::size_t kMaxPatternBytes = 1000;

std::optional<std::uint32_t> number_of(const std::optional<std::string>& text) {
  if (!text || text->empty() || text->size() > 6 || text->find_first_not_of("0123456789") != text->npos) return std::nullopt;
  return static_cast<std::uint32_t>(std::stoul(*text));
}

std::string quoted(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

/// grep's basic dialect as RE2: there `\+`, `\|`, `\(` are the operators, and `+`, `|`, `(` text.
std::string from_basic(std::string_view basic) {
  constexpr std::string_view kOperators = "+?|(){}";
  std::string pattern;
  for (std::size_t i = 0; i < basic.size(); ++i) {
    const bool escaped = basic[i] == '\\' && i + 1 < basic.size();
    const char c = escaped ? basic[++i] : basic[i];
    if (escaped != (kOperators.find(c) != kOperators.npos)) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

/// `git tag -l 'atlas-*'`
std::string from_glob(std::string_view glob) {
  std::string pattern = "^";
  for (const char c : glob) pattern += c == '*' ? ".*" : c == '?' ? "." : quoted(std::string_view(&c, 1));
  return pattern + "$";
}

/// The text in quotes behind `call(` in a program of jq.
std::optional<std::string> argument_in(std::string_view program, std::string_view call) {
  const std::size_t at = program.find(std::string(call) + "(\"");
  if (at == program.npos) return std::nullopt;
  const std::size_t begin = at + call.size() + 2, end = program.find('"', begin);
  if (end == program.npos) return std::nullopt;
  return std::string(program.substr(begin, end - begin));
}

class Reader {
 public:
  explicit Reader(const ScriptView& script) : script_(script) {}

  std::vector<ReleaseLookup> read() {
    for (std::uint32_t i = 0; i < script_.commands().size(); ++i) {
      const Invocation called = script_.invocation(i);
      if (called.program == "set") read_set(called);
      if (lookups_.size() >= kMostLookups || (called.program != "gh" && called.program != "git")) continue;
      ReleaseLookup lookup;
      if (!read_listing(called, lookup)) continue;
      const ShellCommand& command = script_.commands()[i];
      lookup.conditional = command.conditional;
      lookup.takes_range = lookup.command;
      read_filters(command, lookup);
      find_variable(i, lookup);
      lookup.checked = lookup.checked || (lookup.filters && pipefail_);
      lookups_.push_back(std::move(lookup));
    }
    for (ReleaseLookup& lookup : lookups_)
      if (lookup.variable) lookup.checked = lookup.checked || is_tested(*lookup.variable);
    return std::move(lookups_);
  }

 private:
  void read_set(const Invocation& called) {
    for (const ShellWord& word : called.arguments) pipefail_ = pipefail_ || word.constant() == "pipefail";
  }

  bool read_listing(const Invocation& called, ReleaseLookup& lookup) const {
    const auto& words = called.arguments;
    const auto text = [&](std::size_t i) { return i < words.size() ? words[i].constant().value_or("") : std::string(); };
    lookup.command = called.program_range;
    if (called.program == "git") {
      if (text(0) != "tag" || (text(1) != "-l" && text(1) != "--list")) return false;
      lookup.of_releases = false;
      lookup.tags_only = true;
      lookup.takes = LookupColumn::tag;
      lookup.command.end = std::max(lookup.command.end, words[0].range.end);
      if (words.size() > 2 && words[2].constant() && !text(2).starts_with('-')) set_pattern(lookup, from_glob(text(2)), words[2].range);
      return true;
    }
    if (text(0) == "release" && text(1) == "list") {
      lookup.most = kListedByGh;
      lookup.takes = LookupColumn::line;
    } else if (text(0) == "api") {
      for (const ShellWord& word : words) {
        const ShellText path(word);
        const std::size_t begin = path.bytes().starts_with('/') ? 7 : 6, end = path.bytes().find("/releases", begin);
        const bool releases = path.bytes().compare(begin - 6, 6, "repos/") == 0 && end != std::string::npos &&
                              (end + 9 == path.size() || path[end + 9] == '?');
        if (releases) lookup.repository = path.cut(begin, end).word();
      }
      if (!lookup.repository) return false;
      lookup.most = kListedByApi;
    } else {
      return false;
    }
    lookup.command.end = std::max(lookup.command.end, words[text(0) == "api" ? 0 : 1].range.end);
    for (std::size_t i = 1; i < words.size(); ++i) read_option(words, i, lookup);
    return true;
  }

  void read_option(const std::vector<ShellWord>& words, std::size_t i, ReleaseLookup& lookup) const {
    const ShellText text(words[i]);
    const std::string bytes = text.bytes();
    const auto value_of = [&](std::string_view name) -> std::optional<ShellWord> {
      if (bytes == name && i + 1 < words.size()) return words[i + 1];
      if (name.starts_with("--") && bytes.starts_with(std::string(name) + "=")) return text.cut(name.size() + 1, text.size()).word();
      return std::nullopt;
    };
    for (const std::string_view name : {"--limit", "-L"}) {
      if (const auto value = value_of(name)) {
        lookup.most = number_of(value->constant());
        lookup.most_range = {words[i].range.begin, value->range.end};
      }
    }
    for (const std::string_view name : {"--repo", "-R"})
      if (auto value = value_of(name)) lookup.repository = std::move(value);
    for (const std::string_view name : {"--jq", "-q"})
      if (const auto value = value_of(name)) read_jq(*value, lookup);
    if (bytes == "--paginate") lookup.most.reset();
    if (value_of("--json") && lookup.takes == LookupColumn::line) lookup.takes = LookupColumn::other;
  }

  static void set_pattern(ReleaseLookup& lookup, std::string pattern, ByteRange range) {
    if (pattern.size() > kMaxPatternBytes || lookup.pattern) return;
    lookup.pattern = std::move(pattern);
    lookup.pattern_range = range;
  }

  static void read_jq(const ShellWord& word, ReleaseLookup& lookup) {
    const std::string program = ShellText(word).bytes();
    lookup.takes = LookupColumn::other;
    const bool tag = program.find("tagName") != program.npos || program.find("tag_name") != program.npos;
    const bool name = program.find(".name") != program.npos;
    if (tag && !name) lookup.takes = LookupColumn::tag;
    if (name && !tag) lookup.takes = LookupColumn::title;
    lookup.takes_range = word.range;
    if (name || program.find(ShellText::kHole) != program.npos) return;
    lookup.tags_only = tag;
    if (const auto prefix = argument_in(program, "startswith")) set_pattern(lookup, "^" + quoted(*prefix), word.range);
    else if (const auto part = argument_in(program, "contains")) set_pattern(lookup, quoted(*part), word.range);
    else if (const auto regex = argument_in(program, "test")) set_pattern(lookup, replace_all(*regex, "\\\\", "\\"), word.range);
  }

  void read_filters(const ShellCommand& listing, ReleaseLookup& lookup) const {
    std::uint32_t position = listing.pipeline_position + 1;
    for (; const auto next = script_.neighbour(listing.pipeline, position); ++position) {
      lookup.filters_last = false;
      if (next->is_group) {
        lookup.takes = LookupColumn::other;
        continue;
      }
      const Invocation filter = script_.invocation(next->index);
      if (filter.program == "grep" || filter.program == "egrep" || filter.program == "fgrep") {
        read_grep(filter, lookup);
      } else if (filter.program == "awk") {
        const std::string program = filter.arguments.empty() ? "" : filter.arguments.back().constant().value_or("");
        if (lookup.takes == LookupColumn::line) cut_column(lookup, filter.arguments.size() == 1 && program == "{print $1}", program == "{print $3}" && filter.arguments.size() > 1, filter);
      } else if (filter.program == "cut") {
        std::string joined;
        for (const ShellWord& word : filter.arguments) joined += word.constant().value_or("?");
        if (lookup.takes == LookupColumn::line) cut_column(lookup, joined == "-f1" || joined == "-d-f1", joined == "-f3", filter);
      } else if (filter.program == "jq") {
        for (const ShellWord& word : filter.arguments)
          if (!ShellText(word).bytes().starts_with('-')) read_jq(word, lookup);
      } else if (filter.program != "head" && filter.program != "tail" && filter.program != "sort" && filter.program != "tr" &&
                 filter.program != "sed" && filter.program != "xargs") {
        lookup.takes = LookupColumn::other;
      }
    }
  }

  static void cut_column(ReleaseLookup& lookup, bool title, bool tag, const Invocation& filter) {
    lookup.takes = title ? LookupColumn::title : tag ? LookupColumn::tag : LookupColumn::other;
    lookup.takes_range = filter.program_range;
    if (!filter.arguments.empty()) lookup.takes_range.end = std::max(lookup.takes_range.end, filter.arguments.back().range.end);
  }

  static void read_grep(const Invocation& filter, ReleaseLookup& lookup) {
    lookup.filters = lookup.filters_last = true;
    bool fixed = filter.program == "fgrep", extended = filter.program == "egrep", inverted = false, other = false;
    std::optional<ShellWord> pattern;
    for (std::size_t i = 0; i < filter.arguments.size(); ++i) {
      const ShellWord& word = filter.arguments[i];
      const std::string bytes = ShellText(word).bytes();
      if (bytes == "-e" && i + 1 < filter.arguments.size() && !pattern) {
        pattern = filter.arguments[++i];
      } else if (bytes.size() > 1 && bytes.front() == '-' && bytes[1] != '-') {
        fixed = fixed || bytes.find('F') != bytes.npos;
        extended = extended || bytes.find_first_of("EP") != bytes.npos;
        inverted = inverted || bytes.find('v') != bytes.npos;
        other = other || bytes.find_first_of("fixwo") != bytes.npos;
        if (bytes == "-m") ++i;
      } else if (bytes.starts_with("--")) {
        other = true;
      } else if (!pattern) {
        pattern = word;
      } else {
        return;  // greps a file, not what is listed
      }
    }
    const auto text = pattern ? pattern->constant() : std::nullopt;
    if (!text || inverted || other) return;
    set_pattern(lookup, fixed ? quoted(*text) : extended ? *text : from_basic(*text), pattern->range);
  }

  void find_variable(std::uint32_t index, ReleaseLookup& lookup) const {
    const std::uint32_t owner = script_.commands()[index].owner;
    if (owner == kNoShellIndex) return;
    const ShellCommand& around = script_.commands()[owner];
    const ByteRange at = script_.commands()[index].range;
    const auto look = [&](const ShellWord& word) {
      for (const WordPart& part : word.parts) {
        if (part.kind != WordPartKind::command || part.range.begin > at.begin || part.range.end < at.end) continue;
        lookup.substitution = part.range;
        return true;
      }
      return false;
    };
    for (const Assignment& made : around.assignments) {
      if (!look(made.value)) continue;
      lookup.variable = made.name;
      // An assignment alone has the status of its substitution, and `bash -e` stops; `|| …` takes that away.
      const bool alone = around.words.empty() && !around.conditional && !is_guarded(owner);
      lookup.checked = alone && lookup.filters_last;
      return;
    }
    for (const ShellWord& word : around.words) {
      if (!look(word)) continue;
      const std::string text = word.parts.empty() ? "" : word.parts.front().text;
      const auto name = around.name();
      if ((name == "export" || name == "local" || name == "declare" || name == "readonly") && text.find('=') != text.npos)
        lookup.variable = text.substr(0, text.find('='));
      return;
    }
  }

  /// `X=$(…) || true`: the next pipeline of the list runs only if it failed.
  bool is_guarded(std::uint32_t index) const {
    const auto& all = script_.commands();
    for (std::uint32_t next = index + 1; next < all.size(); ++next)
      if (!all[next].nested) return all[next].connector == Connector::or_else;
    return false;
  }

  bool is_tested(std::string_view variable) const {
    const auto mentions = [&](const ShellWord& word, bool plain) {
      return std::ranges::any_of(word.parts, [&](const WordPart& part) {
        if (part.kind != WordPartKind::parameter || part.name != variable) return false;
        if (plain) return true;
        const std::string_view operation = std::string_view(part.text).substr(std::min(part.text.size(), part.name.size()));
        return operation.find('?') != operation.npos || operation.starts_with(":-") || operation.starts_with('-') || operation.starts_with(":+");
      });
    };
    for (const ShellCommand& command : script_.commands()) {
      const auto name = command.name();
      const bool test = name == "[" || name == "[[" || name == "test" || name == "((" || name == "grep";
      for (const ShellWord& word : command.words)
        if (mentions(word, test)) return true;
      for (const Assignment& made : command.assignments)
        if (mentions(made.value, false)) return true;
    }
    return std::ranges::any_of(script_.groups(), [&](const ShellGroup& group) {
      return group.kind == GroupKind::case_clause && std::ranges::any_of(group.words, [&](const ShellWord& word) { return mentions(word, true); });
    });
  }

  const ScriptView& script_;
  std::vector<ReleaseLookup> lookups_;
  bool pipefail_ = false;
};

}  // namespace

std::vector<ReleaseLookup> read_release_lookups(const ScriptView& script) { return Reader(script).read(); }

}  // namespace trueup::formats
