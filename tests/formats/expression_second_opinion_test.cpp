// Generated expressions, right and broken ones, judged for their syntax by actionlint as well, where that is in PATH.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "base/text.hpp"
#include "formats/expression.hpp"

namespace trueup::formats {
namespace {

class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  /// Grammatical, or with some characters taken out, put in or exchanged.
  std::string expression() {
    std::string text = value(4);
    for (std::uint32_t faults = below(3); faults > 0; --faults) break_somewhere(text);
    return text;
  }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  std::string one_of(std::initializer_list<const char*> texts) { return texts.begin()[below(static_cast<std::uint32_t>(texts.size()))]; }

  std::string value(int depth) {
    if (depth == 0) return leaf();
    switch (below(9)) {
      case 0: return "(" + value(depth - 1) + ")";
      case 1: return "!" + value(depth - 1);
      case 2: return value(depth - 1) + one_of({" && ", " || ", "&&", "||"}) + value(depth - 1);
      case 3: return value(depth - 1) + one_of({" == ", " != ", "<", " > ", "<=", " >= ", "=="}) + value(depth - 1);
      case 4: return one_of({"contains", "startsWith", "endsWith"}) + "(" + value(depth - 1) + ", " + value(depth - 1) + ")";
      case 5: return one_of({"toJSON", "fromJSON"}) + "(" + value(depth - 1) + ")";
      case 6: return "format('{0} {1}', " + value(depth - 1) + "," + value(depth - 1) + ")";
      default: return leaf();
    }
  }
  std::string leaf() {
    switch (below(5)) {
      case 0: return one_of({"'a'", "''", "'it''s'", "'}}'", "'${'", "' '"});
      case 1: return one_of({"0", "1", "-1", "42", "1.5", "0xff", "-2.5e3", "1e10", "0.1", "0x1F"});
      case 2: return one_of({"true", "false", "null"});
      default: return chain();
    }
  }
  std::string chain() {
    std::string text = one_of({"github", "env", "github.event", "vars"});
    for (std::uint32_t steps = below(4); steps > 0; --steps)
      text += one_of({".event", ".ref", "['a']", ".*", ".a-b", "[github.ref]", ".event_name", "[0]", ".A_1"});
    return text;
  }
  void break_somewhere(std::string& text) {
    const std::uint32_t at = below(static_cast<std::uint32_t>(text.size()) + 1);
    static constexpr std::string_view kBytes = "()[]{}.,!=<>&|'\"*+-/%@#$0aA_ :?;\\x";
    switch (below(3)) {
      case 0: text.insert(at, 1, kBytes[below(kBytes.size())]); break;
      case 1: if (at < text.size()) text.erase(at, 1 + below(3)); break;
      default: if (at < text.size()) text[at] = kBytes[below(kBytes.size())]; break;
    }
    if (text.empty()) text = "1";
  }

  std::mt19937 random_;
};

/// The places where the two differ on purpose, and why. An expression that is refused by one of them and holds one of these
/// is not compared.
struct Difference {
  std::string_view reason;
  bool (*applies)(std::string_view expression, const std::string& complaint);
};
constexpr Difference kDifferences[] = {
    {"the runner reads numbers as .NET does (.5, 0., 1e+3, 00); actionlint wants them as JSON has them",
     [](std::string_view expression, const std::string& complaint) {
       for (const std::string_view part : {"lexing fraction part", "lexing exponent part", "lexing integer part", "lexing character following number"})
         if (complaint.find(part) != std::string::npos) return true;
       return complaint.find("unexpected token \".\" while parsing variable access") == 0 && expression.find('.') != std::string_view::npos;
     }},
};

/// What actionlint says of the syntax of each expression, by index.
std::map<std::size_t, std::string> second_opinion(const std::vector<std::string>& expressions) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "expressions";
  std::filesystem::create_directories(folder);
  const std::filesystem::path file = folder / "generated.yml";
  std::ofstream text(file);
  text << "on: push\njobs:\n  j:\n    runs-on: ubuntu-latest\n    env:\n";
  constexpr std::size_t kFirstLine = 6;
  for (std::size_t i = 0; i < expressions.size(); ++i)
    text << "      E" << i << ": '${{ " << replace_all(expressions[i], "'", "''") << " }}'\n";
  text << "    steps:\n      - run: echo\n";
  text.close();
  const std::string command = "actionlint -shellcheck= -pyflakes= -format '{{range $e := .}}{{$e.Line}} {{$e.Kind}} {{$e.Message}}\\n{{end}}' " +
                              file.string() + " 2>/dev/null";
  std::map<std::size_t, std::string> complaints;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return complaints;
  std::string output;
  std::array<char, 4096> buffer{};
  for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) output.append(buffer.data(), n);
  pclose(pipe);
  for (const std::string_view line : split(output, '\n')) {
    const std::vector<std::string_view> words = split(line, ' ');
    if (words.size() < 3 || words[1] != "expression") continue;
    const std::string message(line.substr(words[0].size() + 12));
    // It judges types and names as well; those are no matter of syntax.
    const bool of_syntax = message.find("got unexpected") == 0 || message.find("unexpected") == 0 || message.find("parser did not reach end") == 0 ||
                           message.find("invalid") == 0 || message.find("parsing") == 0;
    if (of_syntax) complaints.emplace(std::strtoul(std::string(words[0]).c_str(), nullptr, 10) - kFirstLine, message);
  }
  return complaints;
}

TEST(ExpressionSecondOpinion, ActionlintTakesAndRefusesTheSame) {
  const char* const path = std::getenv("PATH");
  setenv("PATH", ((path == nullptr ? "" : std::string(path) + ':') + TRUEUP_SOURCE_DIR "/build/tools").c_str(), 1);
  if (std::system("command -v actionlint > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "actionlint is not there: NOTHING WAS COMPARED. scripts/install-go-tools builds it";
  Generator generator(20260101);
  std::vector<std::string> expressions;
  while (expressions.size() < 3000) {
    std::string text = generator.expression();
    // }} ends the expression for whoever looks for it first, and a text of blanks is none.
    if (find_templates("${{ " + text + " }}").size() != 1 || find_templates("${{ " + text + " }}")[0].outer.end != text.size() + 7) continue;
    if (trim(text).empty()) continue;
    expressions.push_back(std::move(text));
  }
  const auto complaints = second_opinion(expressions);
  ASSERT_GT(complaints.size(), 300u) << "the broken ones are refused";
  std::size_t refused = 0, excused = 0;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const auto parsed = Expression::parse(expressions[i]);
    const auto complaint = complaints.find(i);
    refused += complaint != complaints.end() ? 1 : 0;
    if (parsed.has_value() == (complaint == complaints.end())) continue;
    const std::string message = complaint == complaints.end() ? "" : complaint->second;
    bool known = false;
    for (const Difference& difference : kDifferences) known = known || difference.applies(expressions[i], message);
    excused += known ? 1 : 0;
    EXPECT_TRUE(known) << expressions[i] << "\n  actionlint: " << (message.empty() ? "fine" : message)
                       << "\n  here: " << (parsed ? "fine" : parsed.error().message);
  }
  std::printf("%zu expressions, %zu refused by both, %zu differences on purpose\n", expressions.size(), refused - excused, excused);
}

}  // namespace
}  // namespace trueup::formats
