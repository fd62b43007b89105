#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/expression.hpp"
#include "formats/shell.hpp"

/// Private to shell.cpp (commands) and shell_words.cpp (words, expansions, here-documents).
///
/// The grammar of a shell cannot be split into tokens first: what a character means depends on where a command, a word,
/// a pattern or a here-document is due. So this is a recursive descent over bytes. The first thing that does not fit
/// sticks in `problem`; every loop stops on it, so that no input makes it hang, and what was read before stays.
namespace trueup::formats {

class ShellParser {
 public:
  explicit ShellParser(std::string_view text);
  ShellScript parse() &&;

 private:
  /// What the commands read next stand in.
  struct Context {
    std::uint32_t group = kNoShellIndex, owner = kNoShellIndex;
    bool nested = false, conditional = false, in_function = false, in_subshell = false;
  };
  /// Where a pipeline's element stands.
  struct Place {
    std::uint32_t pipeline = 0, position = 0;
    Connector connector = Connector::sequence;
  };
  /// A here-document whose body follows the line.
  struct PendingBody {
    bool in_group = false;
    std::uint32_t holder = 0, redirection = 0;
    Context context;
  };

  /// Collects the parts of a word; joins neighbouring bytes into one part.
  class WordBuilder {
   public:
    WordBuilder(std::string_view text, std::size_t begin) : text_(text), begin_(begin) {}
    void bytes(std::size_t begin, std::size_t end, bool quoted);
    void escape(std::size_t begin, std::size_t end, std::string value, bool quoted);
    void expansion(WordPart part) { parts_.push_back(std::move(part)); }
    std::size_t size() const { return parts_.size(); }
    ShellWord finish(std::size_t end) &&;
    bool pattern = false;

   private:
    std::string_view text_;
    std::size_t begin_;
    std::vector<WordPart> parts_;
  };

  /// Counts nesting; stops the parse when it is too deep.
  class Nesting {
   public:
    explicit Nesting(ShellParser& parser);
    ~Nesting() { --parser_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    ShellParser& parser_;
  };

  // shell.cpp: commands
  void list(const Context& context);
  void and_or(Context context, Connector connector);
  void pipeline(const Context& context, Connector connector);
  void command(const Context& context, const Place& place);
  void simple(const Context& context, const Place& place);
  bool function_after_name(const Context& context, const Place& place, std::uint32_t index);
  void function_body(const Context& context, const Place& place, std::size_t begin, std::string name);
  void if_clause(const Context& context, const Place& place);
  void loop(const Context& context, const Place& place, bool with_list);
  void case_clause(const Context& context, const Place& place);
  void enclosed(const Context& context, const Place& place, GroupKind kind);
  void test_command(const Context& context, const Place& place);
  bool arithmetic_command(const Context& context, const Place& place);
  std::uint32_t open_group(const Context& context, const Place& place, GroupKind kind, std::size_t begin);
  void close_group(std::uint32_t group, const Context& context);
  std::uint32_t open_command(const Context& context, const Place& place);
  Context inside(const Context& context, std::uint32_t group) const;
  bool redirection(const Context& context, bool in_group, std::uint32_t holder);
  bool assignment(const Context& context, std::uint32_t command);
  std::vector<ShellWord> array_values(const Context& context);
  void mark_subshell(std::size_t first_command);

  // shell_words.cpp: words
  ShellWord word(const Context& context);
  void pattern_list(WordBuilder& into);
  void single_quoted(WordBuilder& into);
  void double_quoted(WordBuilder& into, const Context& context);
  void ansi_quoted(WordBuilder& into);
  void escape(WordBuilder& into);
  void quoted_escape(WordBuilder& into, std::string_view escapable);
  void dollar(WordBuilder& into, const Context& context, bool quoted);
  void braced_parameter(WordBuilder& into, const Context& context, bool quoted);
  void command_substitution(WordBuilder& into, const Context& context, bool quoted, WordPartKind kind);
  static Context substituted(Context context);
  void backticks(WordBuilder& into, const Context& context, bool quoted);
  bool arithmetic(WordBuilder& into, const Context& context, bool quoted);
  std::optional<std::size_t> arithmetic_end(std::size_t begin) const;
  void expansions_within(std::size_t end, const Context& context);
  bool github_template(WordBuilder& into, bool quoted);
  void here_document(const PendingBody& pending);
  ShellWord here_body(std::size_t end, const HereDocument& here, const Context& context);

  // Reading bytes.
  bool at_end() const { return at_ >= end_; }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < end_ ? text_[at_ + ahead] : '\0'; }
  bool looking_at(std::string_view what) const { return text_.substr(at_, std::min(what.size(), end_ - at_)) == what; }
  bool take(std::string_view what);
  std::string_view plain_word() const;
  bool take_reserved(std::string_view what);
  bool at_list_end() const;
  bool at_newline() const { return peek() == '\n' || (peek() == '\r' && peek(1) == '\n'); }
  void skip_blanks();
  void skip_comment();
  void skip_lines();
  void newline();
  const TemplateRegion* template_at(std::size_t at) const;

  bool failed() const { return script_.problem.has_value(); }
  void fail(std::size_t at, std::string message, Fault fault = Fault::malformed);
  void fail_expected(std::string_view what);
  std::string found() const;

  std::string_view text_;
  std::size_t at_ = 0, end_ = 0;
  std::uint32_t depth_ = 0, next_pipeline_ = 0;
  std::vector<TemplateRegion> templates_;
  std::vector<PendingBody> pending_;
  ShellScript script_;
};

}  // namespace trueup::formats
