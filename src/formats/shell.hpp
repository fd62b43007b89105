#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/span.hpp"

/// Scripts of POSIX sh and bash, as they stand in `run:` and in .sh files, with the bytes of every word. Nothing is
/// expanded or run.
/// GitHub replaces `${{ … }}` before any shell sees the script, inside quotes and here-documents too, so it is a hole
/// everywhere.
namespace trueup::formats {

enum class WordPartKind : std::uint8_t {
  text,        ///< constant; `text` is what the shell makes of it
  parameter,   ///< `$X`, `${X…}`, `$1`, `$?`
  command,     ///< `$(…)` or backticks; `text` is the script inside
  arithmetic,  ///< `$((…))`
  process,     ///< `<(…)`, `>(…)`
  github,      ///< `${{ … }}`; `text` is the expression inside
};

/// A piece of a word. Of a constant piece either text and range have the same length, byte by byte, or the piece is one
/// escape (`\"`, `\n` in $'…') and the range covers it. Quotes belong to no piece; an empty quoted word has one empty
/// piece.
struct WordPart {
  WordPartKind kind = WordPartKind::text;
  bool quoted = false;
  ByteRange range;   ///< in the script: of an expansion the whole of it, `${X}`
  std::string text;  ///< constant text; of an expansion what is inside, without the delimiters: `X#refs/`
  std::string name;  ///< of a parameter: its name, `X`
  friend bool operator==(const WordPart&, const WordPart&) = default;
};

/// A word, a here-document's body, or a text made from them.
struct ShellWord {
  ByteRange range;  ///< in the script, with quotes
  std::vector<WordPart> parts;
  /// It has an unquoted `*`, `?`, `[…]`, `{a,b}` or a leading `~`, so that the shell may make another word or several
  /// of it.
  bool pattern = false;

  /// The text, if nothing in it is expanded. Patterns are given as they are written.
  std::optional<std::string> constant() const;
  /// True for a plain `$NAME` or `${NAME}`, quoted or not, and nothing else.
  bool is_parameter(std::string_view name) const;
};

/// `<<EOF … EOF` or, as one line, `<<< word`.
struct HereDocument {
  std::string delimiter;  ///< empty for `<<<`
  bool quoted = false;    ///< the delimiter was quoted: the shell expands nothing, only GitHub its `${{ }}`
  bool strips_tabs = false;
  ShellWord body;  ///< its range is the body's lines without the line of the delimiter; for `<<<` the word
};

struct Redirection {
  std::string op;  ///< `>`, `>>`, `<`, `2>`'s op is `>`, `&>`, `>&`, `>|`, `<>`, `<<`, `<<-`, `<<<`, `<&`
  std::optional<int> descriptor;
  ByteRange range;
  ShellWord target;  ///< of a here-document: the delimiter
  std::optional<HereDocument> here;
};

struct Assignment {
  std::string name;
  ByteRange name_range, range;
  bool append = false;  ///< `X+=`
  bool element = false; ///< `X[…]=`
  bool list = false;    ///< `X=(…)`: `value` is empty
  ShellWord value;
  std::vector<ShellWord> values;  ///< of a list
};

/// How a pipeline follows the one before it in its list.
enum class Connector : std::uint8_t { sequence, and_then, or_else, background };

inline constexpr std::uint32_t kNoShellIndex = 0xFFFFFFFF;

/// A simple command. Assignments without a command word are one too, with no words.
struct ShellCommand {
  ByteRange range;  ///< from its first word, assignment or redirection to the end of its last, without bodies of `<<`
  std::vector<Assignment> assignments;
  std::vector<ShellWord> words;
  std::vector<Redirection> redirections;
  std::uint32_t pipeline = 0;           ///< those of one pipeline have the same number
  std::uint32_t pipeline_position = 0;  ///< from 0
  Connector connector = Connector::sequence;  ///< before its pipeline
  std::uint32_t group = kNoShellIndex;        ///< the innermost compound command around it, within its substitution
  std::uint32_t owner = kNoShellIndex;        ///< nested: the command in whose substitution it stands
  bool nested = false;       ///< inside `$(…)`, backticks or `<(…)`
  bool conditional = false;  ///< may be left out, or run many times: after && or ||, in a branch, a loop or a function
  bool in_function = false;
  bool in_subshell = false;  ///< `( … )`, a pipeline of several, a substitution, or `&`: assignments and cd do not last

  /// The constant command name, or nothing.
  std::optional<std::string> name() const;
};

enum class GroupKind : std::uint8_t { braces, subshell, if_clause, loop, case_clause, function };

/// A compound command. Its redirections hold for every command inside.
struct ShellGroup {
  GroupKind kind = GroupKind::braces;
  ByteRange range;
  std::string name;                ///< of a function; of `for X in …` the variable
  std::vector<ShellWord> words;    ///< of `for`, the list; of `case`, the subject; of `[[ … ]]` and `(( … ))` nothing
  std::vector<Redirection> redirections;
  std::uint32_t parent = kNoShellIndex;  ///< within its substitution
  std::uint32_t pipeline = 0, pipeline_position = 0;
  bool nested = false;  ///< inside `$(…)`, backticks or `<(…)`
};

struct ShellScript {
  std::vector<ShellCommand> commands;  ///< by the place where they begin; a nested one after its owner
  std::vector<ShellGroup> groups;      ///< parents before children
  bool complete = true;
  std::optional<Error> problem;  ///< if not complete: what was not understood, and where; what stands before is kept
};

/// Reads a script. Never fails: what it does not understand ends it, with `problem` (malformed, or over_limit for more
/// than kMaxScriptBytes or deep nesting). `[[ … ]]` is a command named `[[`; `(( … ))` a command named `((` with its
/// text as one word.
ShellScript parse_shell(std::string_view script);

}  // namespace trueup::formats
