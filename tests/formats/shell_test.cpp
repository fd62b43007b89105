#include "formats/shell.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "cpu_time.hpp"
#include "formats/mutated_text.hpp"

namespace trueup::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A word as text: constants as they are, holes as <inside>, parameters with $.
std::string shown(const ShellWord& word) {
  std::string text;
  for (const WordPart& part : word.parts) {
    switch (part.kind) {
      case WordPartKind::text: text += part.text; break;
      case WordPartKind::parameter: text += "<$" + part.text + ">"; break;
      case WordPartKind::command: text += "<(" + part.text + ")>"; break;
      case WordPartKind::arithmetic: text += "<((" + part.text + "))>"; break;
      case WordPartKind::process: text += "<=" + part.text + ">"; break;
      case WordPartKind::github: text += "<{" + part.text + "}>"; break;
    }
  }
  return text;
}

/// A command as `flags: X=1 [word] [word] >>[target]`, flags c(onditional) f(unction) n(ested) s(ubshell).
std::string shown(const ShellCommand& command) {
  std::string text;
  if (command.conditional) text += 'c';
  if (command.in_function) text += 'f';
  if (command.nested) text += 'n';
  if (command.in_subshell) text += 's';
  if (!text.empty()) text += ": ";
  std::string rest;
  const auto add = [&](const std::string& piece) { rest += (rest.empty() ? "" : " ") + piece; };
  for (const Assignment& made : command.assignments) {
    add(made.name + (made.element ? "[]" : "") + (made.append ? "+=" : "=") + (made.list ? "()" : shown(made.value)));
  }
  for (const ShellWord& word : command.words) add("[" + shown(word) + "]");
  for (const Redirection& redirection : command.redirections) {
    add((redirection.descriptor ? std::to_string(*redirection.descriptor) : "") + redirection.op + "[" +
        shown(redirection.target) + "]");
    if (redirection.here) rest += "{" + shown(redirection.here->body) + "}";
  }
  return text + rest;
}

/// All commands, with " | " between them.
std::string commands_of(std::string_view script) {
  const ShellScript parsed = parse_shell(script);
  std::string found;
  for (const ShellCommand& command : parsed.commands) found += (found.empty() ? "" : " | ") + shown(command);
  return parsed.complete ? found : found + " | error: " + parsed.problem->message;
}

struct Case {
  std::string_view script, expected;
};
void check(std::initializer_list<Case> cases) {
  for (const Case& test : cases) EXPECT_EQ(commands_of(test.script), test.expected) << test.script;
}

TEST(Shell, SplitsWordsAsTheShellDoes) {
  check({
      {"", ""},
      {"\n # only a comment\n\n", ""},
      {"echo a  b\tc", "[echo] [a] [b] [c]"},
      {"echo 'a b'\"c d\"e\\ f", "[echo] [a bc de f]"},
      {"echo \"a\\\"b\\$c\\d\\`\"", "[echo] [a\"b$c\\d`]"},
      {"echo '\"$VAR\"' \"'\"$X\"'\"", "[echo] [\"$VAR\"] ['<$X>']"},
      {"echo '{\"a\":\"'\"$V\"'\"}'", "[echo] [{\"a\":\"<$V>\"}]"},
      {"echo a#b #c\necho d", "[echo] [a#b] | [echo] [d]"},
      {"echo a \\\n  b\\\nc", "[echo] [a] [bc]"},
      {"echo \"a\\\nb\"", "[echo] [ab]"},
      {"echo 'a\nb'", "[echo] [a\nb]"},
      {"echo '' \"\" x''", "[echo] [] [] [x]"},
      {"echo $'a\\tb\\x41\\101\\u00e9\\'\\q'", "[echo] [a\tbAA\xC3\xA9'\\q]"},
      {"echo $\"a\" $ a$ \"$\" $1 $10 $# $@ $$", "[echo] [a] [$] [a$] [$] [<$1>] [<$1>0] [<$#>] [<$@>] [<$$>]"},
      {"echo a\\\\b \\$x \\'", "[echo] [a\\b] [$x] [']"},
      {"echo a;echo b&echo c", "[echo] [a] | s: [echo] [b] | [echo] [c]"},
      {"echo a\r\necho b\r\n", "[echo] [a] | [echo] [b]"},
  });
}

TEST(Shell, KeepsExpansionsAsHoles) {
  check({
      {"echo $X ${X} ${X#refs/} ${X:-a b} \"${X//\\//_}\"",
       "[echo] [<$X>] [<$X>] [<$X#refs/>] [<$X:-a b>] [<$X//\\//_>]"},
      {"echo ${#X} ${!X} ${X[@]} ${X:0:7} ${@:2} ${#} ${?}",
       "[echo] [<$#X>] [<$!X>] [<$X[@]>] [<$X:0:7>] [<$@:2>] [<$#>] [<$?>]"},
      {"echo ${X:-${Y:-\"a}b\"}} \"${X:-it's}\" \"${X//\"'\"/}\" ${X%'}'}",
       "[echo] [<$X:-${Y:-\"a}b\"}>] [<$X:-it's>] [<$X//\"'\"/>] [<$X%'}'>]"},
      {"V=$(git describe --tags | sed 's/)//')",
       "V=<(git describe --tags | sed 's/)//')> | ns: [git] [describe] [--tags] | ns: [sed] [s/)//]"},
      {"echo \"a $(echo \"b $(echo \"c\")\")\"",
       "[echo] [a <(echo \"b $(echo \"c\")\")>] | ns: [echo] [b <(echo \"c\")>] | ns: [echo] [c]"},
      {"echo `date +%s` \"`echo \"x\"`\"",
       "[echo] [<(date +%s)>] [<(echo \"x\")>] | ns: [date] [+%s] | ns: [echo] [x]"},
      {"echo $((1 + (2*3))) $(( $(date +%s) / 2 ))",
       "[echo] [<((1 + (2*3)))>] [<(( $(date +%s) / 2 ))>] | ns: [date] [+%s]"},
      {"echo $((echo a); echo b)", "[echo] [<((echo a); echo b)>] | ns: [echo] [a] | ns: [echo] [b]"},
      {"diff <(sort a) --x=<(sort b)", "[diff] [<=sort a>] [--x=<=sort b>] | ns: [sort] [a] | ns: [sort] [b]"},
      {"x=$(case $y in a) echo 1;; esac)", "x=<(case $y in a) echo 1;; esac)> | cns: [echo] [1]"},
      {"echo ${{ github.sha }} '${{ x['a'] }}' \"${{ 'q\"' }}\"",
       "[echo] [<{ github.sha }>] [<{ x['a'] }>] [<{ 'q\"' }>]"},
      {"${{ inputs.command }} --x", "[<{ inputs.command }>] [--x]"},
      {"# ${{ a\n }} \necho b", "[echo] [b]"},
  });
}

TEST(Shell, TellsPatternsFromConstants) {
  const ShellScript script = parse_shell("x *.sh a? [ab] [ a{b,c} {owner} ~/x '*' \\* a{1..3} @(a|b) repos/{o}/{r} ]");
  ASSERT_EQ(script.commands.size(), 1u);
  std::string patterns;
  for (const ShellWord& word : script.commands[0].words) patterns += word.pattern ? '1' : '0';
  EXPECT_EQ(patterns, "01110101001100");
}

TEST(Shell, ReadsAssignments) {
  check({
      {"A=1 B='x y' cmd", "A=1 B=x y [cmd]"},
      {"A=", "A="},
      {"A= cmd", "A= [cmd]"},
      {"A+=x", "A+=x"},
      {"A[1]=x A[$i]+=y", "A[]=x A[]+=y"},
      {"A=(a 'b c' # comment\n $(ls))", "A=() | ns: [ls]"},
      {"cmd A=1", "[cmd] [A=1]"},
      {"export A=1 B", "[export] [A=1] [B]"},
      {"declare -A m=([a]=1 [b]=2)", "[declare] [-A] [m=([a]=1 [b]=2)]"},
      {"1A=2", "[1A=2]"},
      {"'A'=2", "[A=2]"},
  });
}

TEST(Shell, ReadsRedirections) {
  check({
      {"echo a > f 2>&1 >> \"$X\" &> g 2>/dev/null <in", "[echo] [a] >[f] 2>&[1] >>[<$X>] &>[g] 2>[/dev/null] <[in]"},
      {"> f", ">[f]"},
      {">f echo a", "[echo] [a] >[f]"},
      {"echo 2 >f a2>g", "[echo] [2] [a2] >[f] >[g]"},
      {"cat <<< \"$X\"", "[cat] <<<[<$X>]{<$X>}"},
      {"(echo a) > f; { echo b; } >> g", "s: [echo] [a] | [echo] [b]"},
  });
  const ShellScript script = parse_shell("{ echo a; if x; then echo b; fi; } >> \"$GITHUB_OUTPUT\"");
  ASSERT_EQ(script.groups.size(), 2u);
  ASSERT_EQ(script.groups[0].redirections.size(), 1u);
  EXPECT_TRUE(script.groups[0].redirections[0].target.is_parameter("GITHUB_OUTPUT"));
  EXPECT_EQ(script.groups[1].parent, 0u);
  EXPECT_EQ(script.commands[2].group, 1u);
}

TEST(Shell, ReadsHereDocuments) {
  check({
      {"cat <<EOF\na $X \\$y `date`\nEOF\necho b",
       "[cat] <<[EOF]{a <$X> $y <(date)>\n} | ns: [date] | [echo] [b]"},
      {"cat <<'EOF' > f\na $X \\$y ${{ z }}\nEOF\n", "[cat] <<[EOF]{a $X \\$y <{ z }>\n} >[f]"},
      {"cat <<-EOF\n\t\ta\n\tEOF\n", "[cat] <<-[EOF]{a\n}"},
      {"cat <<A <<B; echo c\na\nA\nb\nB\n", "[cat] <<[A]{a\n} <<[B]{b\n} | [echo] [c]"},
      {"cat << EOF | tee x\na\nEOF\necho d", "s: [cat] <<[EOF]{a\n} | s: [tee] [x] | [echo] [d]"},
      {"V=$(cat <<EOF\na)\nEOF\n)\necho b", "V=<(cat <<EOF\na)\nEOF\n)> | ns: [cat] <<[EOF]{a)\n} | [echo] [b]"},
      {"{ cat; } <<EOF\na\nEOF\necho b", "[cat] | [echo] [b]"},
      {"cat <<\\EOF\n$a\nEOF\n", "[cat] <<[EOF]{$a\n}"},
      {"cat <<EOF\nEOF\n", "[cat] <<[EOF]{}"},
      {"cat <<EOF\r\na\r\nEOF\r\n", "[cat] <<[EOF]{a\r\n}"},
      {"cat <<EOF\na\n", "[cat] <<[EOF]{a\n} | error: expected the line 'EOF' that ends this here-document"},
  });
}

TEST(Shell, FindsCommandsInEveryStructure) {
  check({
      {"a && b || c; d", "[a] | c: [b] | c: [c] | [d]"},
      {"a | b |& c", "s: [a] | s: [b] | s: [c]"},
      {"! a", "[a]"},
      {"time -p a", "[a]"},
      {"if a; then b; elif c; then d; else e; fi; f", "[a] | c: [b] | c: [c] | c: [d] | c: [e] | [f]"},
      {"if [ \"$A\" = b ]\nthen\n c\nfi", "[[] [<$A>] [=] [b] []] | c: [c]"},
      {"while read -r l; do a; done < f", "[read] [-r] [l] | c: [a]"},
      {"until a; do b; done", "[a] | c: [b]"},
      {"for x in a $(b) *.c; do d; done", "ns: [b] | c: [d]"},
      {"for x; do a; done", "c: [a]"},
      {"for x in a b\ndo\nc\ndone", "c: [c]"},
      {"for ((i=0; i<3; i++)); do a; done", "c: [a]"},
      {"case $x in a|b) c ;; (*.d) e;; *) f\nesac; g", "c: [c] | c: [e] | c: [f] | [g]"},
      {"case \"$x\" in\n  refs/tags/*)\n    a\n    ;;\nesac", "c: [a]"},
      {"{ a; b; }", "[a] | [b]"},
      {"(a; (b))", "s: [a] | s: [b]"},
      {"f() { a; }\nf", "cf: [a] | [f]"},
      {"function f { a; }; function g() { b; }", "cf: [a] | cf: [b]"},
      {"f() (a)", "cfs: [a]"},
      {"[[ $a == b* && ( -n $c || $d =~ ^v([0-9]+)$ ) ]] && e",
       "[[[] [<$a>] [==] [b*] [&&] [(] [-n] [<$c>] [||] [<$d>] [=~] [^v] [(] [[0-9]+] [)] [$] [)] []]] | c: [e]"},
      {"(( i > 3 )) && a", "[((] [ i > 3 ] | c: [a]"},
      {"((a); b)", "s: [a] | s: [b]"},
      {"a &\nb", "s: [a] | [b]"},
      {"if a; then\n  # nothing\n  :\nfi", "[a] | c: [:]"},
      {"a &&\n  # why\n  b", "[a] | c: [b]"},
      {"echo if then fi { }", "[echo] [if] [then] [fi] [{] [}]"},
      {"a | while read x; do echo $x; done", "s: [a] | s: [read] [x] | cs: [echo] [<$x>]"},
  });
}

TEST(Shell, NumbersPipelinesAndSaysHowTheyFollow) {
  const ShellScript script = parse_shell("a | b && c; d & e\n{ f; } | g");
  std::string pipelines;
  for (const ShellCommand& command : script.commands) {
    pipelines += command.words[0].constant().value_or("?") + std::to_string(command.pipeline) + "." +
                 std::to_string(command.pipeline_position) + " ";
  }
  EXPECT_EQ(pipelines, "a0.0 b0.1 c1.0 d2.0 e3.0 f5.0 g4.1 ");
  EXPECT_EQ(script.groups[0].pipeline, 4u);
  EXPECT_EQ(script.commands[2].connector, Connector::and_then);
  EXPECT_EQ(script.commands[4].connector, Connector::background);
  EXPECT_EQ(script.commands[5].connector, Connector::sequence);
}

TEST(Shell, LinksNestedCommandsToTheirOwners) {
  const ShellScript script = parse_shell("x=$(a \"$(b)\") y <<EOF\n$(c)\nEOF\n");
  ASSERT_EQ(script.commands.size(), 4u);
  EXPECT_EQ(script.commands[0].owner, kNoShellIndex);
  EXPECT_EQ(script.commands[1].owner, 0u);
  EXPECT_EQ(script.commands[2].owner, 1u);
  EXPECT_EQ(script.commands[3].owner, 0u);
}

TEST(Shell, GivesTheBytesOfEverything) {
  const std::string_view text = "K=v cmd \"a\\\"$X\" ${{ y }} >> 'f' # c\nnext";
  const ShellScript script = parse_shell(text);
  ASSERT_EQ(script.commands.size(), 2u);
  const ShellCommand& command = script.commands[0];
  EXPECT_EQ(slice(text, command.range), "K=v cmd \"a\\\"$X\" ${{ y }} >> 'f'");
  EXPECT_EQ(slice(text, command.assignments[0].range), "K=v");
  EXPECT_EQ(slice(text, command.assignments[0].name_range), "K");
  EXPECT_EQ(slice(text, command.assignments[0].value.range), "v");
  EXPECT_EQ(slice(text, command.words[1].range), "\"a\\\"$X\"");
  ASSERT_EQ(command.words[1].parts.size(), 3u);
  EXPECT_EQ(slice(text, command.words[1].parts[0].range), "a");
  EXPECT_EQ(slice(text, command.words[1].parts[1].range), "\\\"");
  EXPECT_EQ(slice(text, command.words[1].parts[2].range), "$X");
  EXPECT_TRUE(command.words[1].parts[2].quoted);
  EXPECT_EQ(slice(text, command.words[2].parts[0].range), "${{ y }}");
  EXPECT_EQ(slice(text, command.redirections[0].range), ">> 'f'");
  EXPECT_EQ(slice(text, script.commands[1].range), "next");
}

TEST(Shell, SaysWhatItDidNotUnderstandAndKeepsWhatStandsBefore) {
  struct {
    std::string_view script;
    std::size_t commands;
    std::uint32_t at;
    std::string_view message;
  } const cases[] = {
      {"a; echo 'b", 2, 8, "closing '"},
      {"a\necho \"b $(c)", 3, 7, "closing \""},
      {"a; b )", 2, 5, "expected a command, found ')'"},
      {"a; if b; then c", 3, 15, "expected 'fi', found the end of the script"},
      {"a; fi", 1, 3, "expected a command, found 'fi'"},
      {"a; { b", 2, 6, "expected '}'"},
      {"a ( b", 1, 2, "expected a word, found '('"},
      {"a >", 1, 3, "expected a word after '>'"},
      {"a &&", 1, 4, "expected a command"},
      {"a; ;", 1, 3, "expected a command, found ';'"},
      {"a; for x in b; c; done", 1, 15, "expected 'do', found 'c'"},
      {"case x in a) b; c d", 2, 19, "expected ';;' or 'esac'"},
      {"a ${", 1, 4, "parameter's name"},
      {"a ${X", 1, 2, "expected '}'"},
      {"a `b", 1, 2, "closing `"},
      {"a $(b", 2, 5, "expected ')'"},
      {"[[ a", 1, 4, "expected ']]'"},
      {"A=(b", 1, 4, "expected ')'"},
  };
  for (const auto& test : cases) {
    const ShellScript script = parse_shell(test.script);
    EXPECT_FALSE(script.complete) << test.script;
    ASSERT_TRUE(script.problem) << test.script;
    EXPECT_EQ(script.commands.size(), test.commands) << test.script;
    EXPECT_EQ(script.problem->at->begin, test.at) << test.script << ": " << script.problem->message;
    EXPECT_THAT(script.problem->message, HasSubstr(test.message)) << test.script;
  }
}

TEST(Shell, IsBoundedAndLinear) {
  const auto repeat = [](std::string_view piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += piece;
    return text;
  };
  const auto fault_of = [](const std::string& text) {
    const ShellScript script = parse_shell(text);
    return script.problem ? std::optional(script.problem->fault) : std::nullopt;
  };
  EXPECT_EQ(fault_of(std::string(limits::kMaxScriptBytes + 1, 'a')), Fault::over_limit);
  for (const std::string_view piece : {"(", "{ ", "$(", "$((", "((", "${X:-", "if ", "\"$(", "if a; then ",
                                       "case a in b) ", "A=(", "f() ", "a=$(<(", "\"${X:-"}) {
    EXPECT_EQ(fault_of(repeat(piece, 50'000)), Fault::over_limit) << piece;
  }
  // Long and flat.
  for (const std::string_view piece : {"a;", "a b ", "\"\\\"\"", "a | ", "a && ", "'x'", "$X", "`a`", "$(a)\n", "a[;",
                                       "(a);", "cat <<E\nE\n", "${{ a }}", "$((1))", "a[1]=b ", "\\\n", "#\n",
                                       "{a,", "<<A ", "`'`;"}) {
    const auto start = cpu_time();
    (void)parse_shell(repeat(piece, limits::kMaxScriptBytes / 8 / piece.size()));
    EXPECT_LT(cpu_time() - start, std::chrono::seconds(5)) << piece;
  }
}

/// Ranges lie inside, linear pieces reproduce their bytes, links point backwards.
void check_invariants(std::string_view text, const ShellScript& script) {
  const auto inside = [&](ByteRange range) { return range.begin <= range.end && range.end <= text.size(); };
  const auto check_word = [&](const ShellWord& word) {
    ASSERT_TRUE(inside(word.range)) << text;
    for (const WordPart& part : word.parts) {
      ASSERT_TRUE(inside(part.range)) << text;
      ASSERT_GE(part.range.begin, word.range.begin) << text;
      ASSERT_LE(part.range.end, word.range.end) << text;
      if (part.kind == WordPartKind::text && part.text.size() == part.range.size() && part.text.size() > 4) {
        ASSERT_EQ(slice(text, part.range), part.text) << text;
      }
    }
  };
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < script.commands.size(); ++i) {
    const ShellCommand& command = script.commands[i];
    ASSERT_TRUE(inside(command.range)) << text;
    ASSERT_GE(command.range.begin, last) << text;
    last = command.range.begin;
    ASSERT_TRUE(command.owner == kNoShellIndex || command.owner < i) << text;
    ASSERT_TRUE(command.group == kNoShellIndex || command.group < script.groups.size()) << text;
    for (const ShellWord& word : command.words) check_word(word);
    for (const Assignment& made : command.assignments) check_word(made.value);
    for (const Redirection& redirection : command.redirections) {
      check_word(redirection.target);
      if (redirection.here) check_word(redirection.here->body);
    }
  }
  for (std::size_t i = 0; i < script.groups.size(); ++i) {
    ASSERT_TRUE(inside(script.groups[i].range)) << text;
    ASSERT_TRUE(script.groups[i].parent == kNoShellIndex || script.groups[i].parent < i) << text;
  }
  ASSERT_EQ(script.complete, !script.problem.has_value());
  ASSERT_TRUE(!script.problem || (script.problem->at && inside(*script.problem->at))) << text;
}

TEST(ShellFuzz, MutatedScriptsNeverCrashAndPlacesStayInside) {
  const std::vector<std::string> seeds = {
      "set -e\nif [ -n \"${X:-}\" ]; then\n  echo \"k=$(git rev-parse \"$Y\")\" >> \"$GITHUB_OUTPUT\"\nfi\n",
      "curl -d '{\"a\":\"'\"$V\"'\"}' \"https://x/${{ github.repository }}/y\" | jq -r .a || exit 1\n",
      "cat <<-'EOF' > f\n\tx ${{ y }}\n\tEOF\nfor i in a b; do case $i in a|b) f $i;; esac; done <<< \"x\"\n",
      "f() { local x=$((1 + 2)); A=(1 `x`); }\n[[ $a =~ (b) ]] && (( a )) & $'\\x41' <(b) @(c|d)\n",
  };
  constexpr std::string_view kAlphabet = "ab \n\t'\"\\$`(){}[]<>|&;#=*~!EOF-${{}}\r\0";
  std::mt19937 random(11);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(900);
  std::size_t complete = 0;
  while (std::chrono::steady_clock::now() < deadline && !testing::Test::HasFatalFailure()) {
    std::string text = seeds[random() % seeds.size()];
    if (random() % 3 == 0) text += seeds[random() % seeds.size()];
    text = mutated(std::move(text), random() % 6, kAlphabet, random);
    const ShellScript script = parse_shell(text);
    if (script.complete) ++complete;
    check_invariants(text, script);
  }
  EXPECT_GT(complete, 100u);
}

/// Runs bash on a script whose only commands are functions of ours: `say` prints its arguments, `hear` its input. No
/// other command can be found.
class Bash {
 public:
  Bash() {
    const std::string name = "trueup-shell-" + std::to_string(std::random_device()());
    folder_ = std::filesystem::path(testing::TempDir()) / name;
    std::filesystem::create_directories(folder_);
  }
  ~Bash() { std::filesystem::remove_all(folder_); }
  static bool present() { return std::filesystem::exists("/bin/bash"); }

  /// What say and hear printed: for each call the arguments.
  std::vector<std::vector<std::string>> run(const std::string& script) const {
    const std::string path = folder_ / "script";
    std::ofstream(path, std::ios::binary) << script;
    const std::string command =
        "cd '" + folder_.string() +
        "' && env -i PATH=/nonexistent V=value EMPTY= /bin/bash --noprofile --norc -c '"
        "set -f; say() { printf \"%s\\0\" \"$#\" \"$@\" >&7; }; "
        "hear() { IFS= read -r -d \"\" text; printf \"%s\\0\" 1 \"$text\" >&7; }; "
        ". ./script' 7>out >/dev/null 2>err </dev/null";
    (void)!std::system(command.c_str());
    std::ifstream file(folder_ / "out", std::ios::binary);
    const std::string output{std::istreambuf_iterator<char>(file), {}};
    std::vector<std::vector<std::string>> calls;
    std::size_t at = 0;
    const auto next = [&] {
      const std::size_t end = output.find('\0', at);
      std::string text = output.substr(at, end - at);
      at = end == output.npos ? output.size() : end + 1;
      return text;
    };
    while (at < output.size()) {
      std::vector<std::string> call;
      for (int count = std::stoi(next()); count > 0; --count) call.push_back(next());
      calls.push_back(std::move(call));
    }
    return calls;
  }
  std::string errors() const {
    std::ifstream file(folder_ / "err", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path folder_;
};

/// Makes scripts that bash runs from top to bottom, each `say` once.
class ScriptMaker {
 public:
  explicit ScriptMaker(std::uint32_t seed) : random_(seed) {}

  std::string script() {
    std::string text;
    for (int i = 0; i < 150; ++i) {
      const std::string made = statement(3);
      text += made + (made.starts_with("hear") ? "\n" : pick({"\n", ";\n", "  # say no\n", "\n\n"}));
    }
    return text;
  }

 private:
  std::string pick(std::initializer_list<std::string> choices) { return choices.begin()[random_() % choices.size()]; }
  std::string blank() { return pick({" ", "  ", "\t", " \\\n ", " "}); }
  std::string piece() {
    return pick({"a", "b-c", "x=y", "'single $V \"q\"'", "'it'\\''s'", "\"double \\\"q\\\" \\$V \\x 'q'\"", "\"$V\"",
                 "\"${V}\"", "\\ ", "\\\"", "\\\\", "$'c\\n\\t\\x41\\'\\\\'", "\"\"", "''", "#", "a#b", "\"#\"", "{a}",
                 "\"a\\\nb\"", "'line\nline'", "\"`: x`\"", "\"$(: \"a b\" ')' \"$(: \\))\")\"", "\"${V:-\"x y\"}\"",
                 "\"${V#'}'}\"", "\"$((1+(2*3)))\"", "\"${EMPTY:-'a}b'}\"", "[", "]", "=", "!", "\"$\"", "\xC3\xA9",
                 "\"{\\\"k\\\":\\\"$V\\\"}\"", "'{\"k\":\"'\"$V\"'\"}'", "if", "done", "}", "{"});
  }
  std::string word() {
    std::string text = piece();
    while (random_() % 3 == 0) text += piece();
    return text.front() == '#' ? "x" + text : text;
  }
  std::string say() {
    std::string text = pick({"say", "'say'", "s\\ay", "\"say\"", "A=1 say"});
    for (std::size_t words = random_() % 4; words > 0; --words) text += blank() + word();
    if (random_() % 8 == 0) text += blank() + pick({"2>/dev/null", "> /dev/null", ">> \"/dev/null\"", "</dev/null"});
    return text;
  }
  std::string hear() {
    return pick({"hear <<EOF\nplain $V \\$V \\\\ \"q\" 'q' `: x`\nEOF", "hear <<'EOF'\nraw $V \\$V $(\nEOF",
                 "hear <<-E\n\t\ttabs\n\tkept\t\n\tE", "hear << \"A B\"\n$V\nA B", "hear <<\\X\n\\\nX",
                 "hear <<EOF\njoined \\\nline\nEOF"});
  }
  std::string statement(int depth) {
    if (depth == 0) return say();
    const auto inner = [&] { return statement(depth - 1); };
    switch (random_() % 18) {
      case 0: return "if true; then " + inner() + "\nfi";
      case 1: return "if ! true\nthen :; else\n" + inner() + "\nfi";
      case 2: return "{ " + inner() + "\n}";
      case 3: return "( " + inner() + "\n)";
      case 4: return "for i in 1; do\n" + inner() + "\ndone";
      case 5: return "case x in y) : ;; x|z) " + inner() + "\n;; esac";
      case 6: return "case \"$V\" in\n(v*e)\n" + inner() + "\nesac";
      case 7: return say() + " && " + say();
      case 8: return say() + " ||\n # no\n :";
      case 9: return "f() { " + inner() + "\n}; f";
      case 10: return "while :; do " + inner() + "\nbreak; done";
      case 11: return ": $(: ')' \"(\") && " + say();
      case 12: return "[[ $V == v* && ( -n \"$V\" ) ]] && " + say();
      case 13: return "(( 1 < 2 )) && " + say();
      case 14: return hear();
      case 15: return "true | " + say();
      case 16: return "arr=(a 'b c' \"$V\")\n" + say();
      default: return say();
    }
  }

  std::mt19937 random_;
};

/// The value of a word where it can be told: constants, and $V.
std::optional<std::string> value_of(const ShellWord& word) {
  std::string text;
  for (const WordPart& part : word.parts) {
    if (part.kind == WordPartKind::text) {
      text += part.text;
    } else if (part.kind == WordPartKind::parameter && part.text == "V") {
      text += "value";
    } else {
      return std::nullopt;
    }
  }
  return text;
}

TEST(ShellAgainstBash, GeneratedScriptsHaveTheSameCommandsAndArguments) {
  if (!Bash::present()) GTEST_SKIP() << "no bash here";
  const Bash bash;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
  std::size_t compared = 0;
  const char* first = std::getenv("TRUEUP_SEED");
  std::uint32_t seed = first ? static_cast<std::uint32_t>(std::atoi(first)) : 1;
  for (; std::chrono::steady_clock::now() < deadline; ++seed) {
    const std::string text = ScriptMaker(seed).script();
    const auto calls = bash.run(text);
    const ShellScript script = parse_shell(text);
    ASSERT_TRUE(script.complete) << "seed " << seed << ": " << script.problem->message << " at "
                                 << text.substr(script.problem->at->begin, 80) << "\nbash: " << bash.errors();
    check_invariants(text, script);
    std::vector<const ShellCommand*> ours;
    for (const ShellCommand& command : script.commands) {
      if (command.name() == "say" || command.name() == "hear") ours.push_back(&command);
    }
    ASSERT_EQ(ours.size(), calls.size()) << "seed " << seed << "\n" << text << "\nbash: " << bash.errors();
    for (std::size_t i = 0; i < ours.size(); ++i) {
      std::vector<ShellWord> words(ours[i]->words.begin() + 1, ours[i]->words.end());
      if (ours[i]->name() == "hear") words = {ours[i]->redirections.at(0).here->body};
      ASSERT_EQ(words.size(), calls[i].size()) << "seed " << seed << ": " << slice(text, ours[i]->range);
      for (std::size_t w = 0; w < words.size(); ++w) {
        const auto value = value_of(words[w]);
        if (!value) continue;
        ASSERT_EQ(*value, calls[i][w]) << "seed " << seed << ": " << slice(text, words[w].range);
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 50u);
}

}  // namespace
}  // namespace trueup::formats
