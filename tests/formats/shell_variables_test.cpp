#include "formats/shell_variables.hpp"

#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

/// `X` a read, `X?` one with a fallback, `X=` a setting, `X=!` an exported one, `*=` an unknown name; `$1` in the end
/// where the script reads what it is called with.
std::string shown(std::string_view script) {
  const VariableUses uses = read_variables(parse_shell(script));
  std::string text;
  for (const VariableUse& use : uses.list) {
    text += (text.empty() ? "" : " ") + (use.name.empty() ? "*" : use.name);
    if (use.access == VariableAccess::set) text += use.exported ? "=!" : "=";
    else if (use.has_fallback) text += '?';
  }
  return text + (uses.reads_arguments ? " $1" : "");
}

TEST(Variables, AreReadAndSetInEveryForm) {
  const struct {
    std::string_view script, expected;
  } cases[] = {
      {"echo $A \"${B}\" ${C#refs/} ${D:0:7} ${E//a/b}", "A B C D E"},
      {"echo ${A:-x} ${B-x} ${C:?no} ${D:+y} ${#E} ${F:=1}", "A? B? C? D? E? F?"},
      {"[ -n \"$A\" ] && echo; if [[ $B == x ]]; then echo; fi; test -z $C", "A? B? C?"},
      {"A=1; export B=2; readonly C=3; declare -x D=4", "A= B=! C= D=!"},
      {"export A", ""},
      {"A=$B make", "A=! B"},
      {"read -r A B <<< \"$C\"", "A= B= C"},
      {"for f in $LIST; do echo $f; done", "f= LIST f"},
      {"mapfile -t LINES < file", "MAPFILE= LINES="},
      {"printf -v A '%s' x", "A="},
      {"cat <<EOF\n$A ${B:-1}\nEOF", "A B?"},
      {"cat <<'EOF'\n$A\nEOF", ""},
      {"echo '$A' \"\\$B\"", ""},
      {"X=$(helm push $A)", "X= A"},
      {"echo $((A + 1)); (( B++ ))", "A? B? B="},
      {"echo > $FILE", "FILE"},
      {"source lib.sh", "*= $1"},
      {"eval \"$X\"", "*= X $1"},
      {"export $(cat .env)", "*="},
      {"echo ${A:-$B}", "A? B?"},
      {"echo ${{ github.sha }}", ""},
      {"case $A in x) ;; esac", "A?"},
  };
  for (const auto& test : cases) EXPECT_EQ(shown(test.script), test.expected) << test.script;
}

TEST(Variables, ArgumentsAreReadOutsideOfFunctionsOnly) {
  const struct {
    std::string_view script;
    bool reads;
  } cases[] = {
      {"echo $1", true},          {"echo \"$@\"", true},        {"echo ${1:-x}", true},  {"shift", true},
      {"for x; do echo; done", true}, {"f() { echo $1; }; f a", false}, {"f() { echo $1; }; f \"$@\"", true},
      {"echo $? $$ $0 $!", false}, {"awk '{print $1}' f", false}, {"echo ${A:-$1}", true}, {"[ $# -gt 1 ]", true},
      {"if [", true},             {"for x in a; do echo; done", false}, {"while getopts a x; do :; done", true},
      {"cat <<EOF\n$1\nEOF", true},
  };
  for (const auto& test : cases) EXPECT_EQ(read_variables(parse_shell(test.script)).reads_arguments, test.reads) << test.script;
}

}  // namespace
}  // namespace trueup::formats
