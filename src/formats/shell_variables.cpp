#include "formats/shell_variables.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace trueup::formats {
namespace {

constexpr auto kDeclaring = std::to_array<std::string_view>({"declare", "export", "local", "readonly", "typeset"});
constexpr auto kReading = std::to_array<std::string_view>({"mapfile", "read", "readarray", "select"});
constexpr auto kTesting = std::to_array<std::string_view>({"[", "[[", "test", "("});

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_char(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }
bool is_name(std::string_view text) {
  return !text.empty() && is_name_start(text.front()) && std::all_of(text.begin(), text.end(), is_name_char);
}

/// Whether what stands behind the name in `${X…}` deals with an empty X.
bool deals_with_empty(std::string_view text, std::string_view name) {
  if (text.starts_with('#') || text.starts_with('!')) return true;
  text.remove_prefix(std::min(name.size(), text.size()));
  if (text.starts_with(':')) text.remove_prefix(1);
  return !text.empty() && (text.front() == '-' || text.front() == '=' || text.front() == '?' || text.front() == '+');
}

class VariableReader {
 public:
  explicit VariableReader(const ShellScript& script) : script_(script) {}

  VariableUses read() {
    for (const ShellCommand& command : script_.commands) read_command(command);
    for (const ShellGroup& group : script_.groups) read_group(group);
    if (!script_.complete) {
      const ByteRange at = script_.problem && script_.problem->at ? *script_.problem->at : ByteRange{};
      add_unknown(at);
      uses_.reads_arguments = true;
    }
    std::stable_sort(uses_.list.begin(), uses_.list.end(),
                     [](const VariableUse& a, const VariableUse& b) { return a.range.begin < b.range.begin; });
    return std::move(uses_);
  }

 private:
  void read_command(const ShellCommand& command) {
    conditional_ = command.conditional;
    in_function_ = command.in_function;
    for (const Assignment& made : command.assignments) {
      // Lists and `X+=` need what was there before only where they say so; a setting it is in any case.
      add_set(made.name, made.name_range, !command.words.empty());
      read_word(made.value, false);
      for (const ShellWord& value : made.values) read_word(value, false);
    }
    const std::string name = command.name().value_or("");
    const bool tests = is_one_of(name, kTesting) || name == "((" || name == "let";
    for (const ShellWord& word : command.words) read_word(word, tests);
    read_redirections(command.redirections);
    if (is_one_of(name, kDeclaring)) read_declaration(command, name == "export");
    else if (is_one_of(name, kReading) || name == "getopts" || name == "unset") read_names(command, name);
    else if (name == "printf") read_printf(command);
    else if (name == "((" || name == "let") for (const ShellWord& word : command.words) read_arithmetic(word);
    else if (name == "source" || name == "." || name == "eval") add_unknown(command.range), reads_arguments();
    if (name == "shift" || name == "getopts") reads_arguments();
  }

  void read_group(const ShellGroup& group) {
    conditional_ = true;
    in_function_ = false;
    for (std::uint32_t at = group.parent; at != kNoShellIndex; at = script_.groups[at].parent)
      in_function_ = in_function_ || script_.groups[at].kind == GroupKind::function;
    if (group.kind == GroupKind::loop && !group.name.empty()) {
      add_set(group.name, {group.range.begin, group.range.begin}, false);
      if (group.words.empty()) reads_arguments();  // `for X; do`
    }
    for (const ShellWord& word : group.words) read_word(word, group.kind == GroupKind::case_clause);
    read_redirections(group.redirections);
  }

  void read_redirections(const std::vector<Redirection>& redirections) {
    for (const Redirection& made : redirections) {
      if (made.here) read_word(made.here->body, false);
      else read_word(made.target, false);
    }
  }

  void read_word(const ShellWord& word, bool tested) {
    for (const WordPart& part : word.parts) {
      if (part.kind == WordPartKind::arithmetic) {
        read_names_of_arithmetic(part.text, part.range);
        read_dollars(part.text, part.range);
      }
      if (part.kind != WordPartKind::parameter) continue;
      if (!is_name(part.name)) {
        if (part.name != "?" && part.name != "$" && part.name != "!" && part.name != "-" && part.name != "0")
          reads_arguments();
      } else {
        add_read(part.name, part.range, tested || deals_with_empty(part.text, part.name));
      }
      if (part.text.size() > part.name.size()) read_dollars(part.text, part.range);
    }
  }

  /// `$X` inside of `${A:-$X}` and `$((…))`.
  void read_dollars(std::string_view text, ByteRange range) {
    for (std::size_t at = text.find('$'); at != text.npos; at = text.find('$', at + 1)) {
      std::size_t begin = at + 1;
      if (begin < text.size() && text[begin] == '{') ++begin;
      std::size_t end = begin;
      while (end < text.size() && is_name_char(text[end])) ++end;
      const std::string_view name = text.substr(begin, end - begin);
      if (is_name(name)) add_read(std::string(name), range, true);
      else if (!name.empty() || (begin < text.size() && std::string_view("@*#").find(text[begin]) != text.npos))
        reads_arguments();
    }
  }

  void read_names_of_arithmetic(std::string_view text, ByteRange range) {
    for (std::size_t at = 0; at < text.size();) {
      if (!is_name_char(text[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < text.size() && is_name_char(text[end])) ++end;
      const std::string_view name = text.substr(at, end - at);
      if (is_name(name)) {
        add_read(std::string(name), range, true);
        if (text.find('=', end) != text.npos || text.find("++") != text.npos || text.find("--") != text.npos)
          add_set(std::string(name), range, false);
      }
      at = end;
    }
  }
  void read_arithmetic(const ShellWord& word) {
    for (const WordPart& part : word.parts)
      if (part.kind == WordPartKind::text) read_names_of_arithmetic(part.text, part.range);
  }

  void read_declaration(const ShellCommand& command, bool exported) {
    for (std::size_t i = 1; i < command.words.size(); ++i) {
      const ShellWord& word = command.words[i];
      if (word.parts.empty()) continue;
      const WordPart& first = word.parts.front();
      if (first.kind != WordPartKind::text) {
        add_unknown(command.range);
        continue;
      }
      const std::string_view text = first.text;
      if (text.starts_with('-') || text.starts_with('+')) {
        exported = exported || text.find('x') != text.npos;
        continue;
      }
      const std::size_t end = text.find_first_of("=+[");
      const std::string_view name = text.substr(0, end);
      if (!is_name(name)) continue;
      // `export X` gives X to programs, and sets nothing.
      if (end == text.npos && exported) continue;
      add_set(std::string(name), {first.range.begin, first.range.begin + static_cast<std::uint32_t>(name.size())}, exported);
    }
  }

  void read_names(const ShellCommand& command, std::string_view program) {
    for (std::size_t i = 1; i < command.words.size(); ++i) {
      const auto text = command.words[i].constant();
      if (!text) add_unknown(command.range);
      else if (is_name(*text)) add_set(*text, command.words[i].range, false);
    }
    if (program == "read" && command.words.size() == 1) add_set("REPLY", command.range, false);
    if (program == "mapfile" || program == "readarray") add_set("MAPFILE", command.range, false);
    if (program == "getopts") add_set("OPTARG", command.range, false), add_set("OPTIND", command.range, false);
  }

  void read_printf(const ShellCommand& command) {
    if (command.words.size() < 3 || command.words[1].constant() != "-v") return;
    const auto name = command.words[2].constant();
    if (name && is_name(*name)) add_set(*name, command.words[2].range, false);
    else add_unknown(command.range);
  }

  void add_read(std::string name, ByteRange range, bool has_fallback) {
    uses_.list.push_back({std::move(name), VariableAccess::read, range, has_fallback, false, conditional_});
  }
  void add_set(std::string name, ByteRange range, bool exported) {
    uses_.list.push_back({std::move(name), VariableAccess::set, range, false, exported, conditional_});
  }
  void add_unknown(ByteRange range) {
    uses_.list.push_back({{}, VariableAccess::set, range, false, false, conditional_});
  }
  void reads_arguments() { uses_.reads_arguments = uses_.reads_arguments || !in_function_; }

  const ShellScript& script_;
  VariableUses uses_;
  bool conditional_ = false, in_function_ = false;
};

}  // namespace

VariableUses read_variables(const ShellScript& script) { return VariableReader(script).read(); }

}  // namespace trueup::formats
