#include "fixes/document_edits.hpp"

#include <gtest/gtest.h>

namespace trueup::fixes {
namespace {

ByteRange range_of(std::string_view source, std::string_view text) {
  const auto at = source.find(text);
  EXPECT_NE(at, source.npos) << text;
  return {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + text.size())};
}

struct Row {
  std::string_view name, before, place, text, after;
  Syntax syntax = Syntax::yaml;
};

std::string outcome(std::string_view before, const Result<Edits>& edits) {
  return edits ? applied(before, *edits) : "cannot: " + edits.error().message;
}

TEST(Replace, WritesAValueAndKeepsHowItIsWritten) {
  const Row rows[] = {
      {"plain", "a: one # c\n", "one", "two", "a: two # c\n"},
      {"plain with CRLF", "a: one # c\r\nb: x\r\n", "one", "two", "a: two # c\r\nb: x\r\n"},
      {"a BOM stays", "\xEF\xBB\xBF" "a: one\n", "one", "two", "\xEF\xBB\xBF" "a: two\n"},
      {"single", "a: 'one'\n", "one", "it's", "a: 'it''s'\n"},
      {"double", "a: \"one\"\n", "one", "say \"x\" \\", "a: \"say \\\"x\\\" \\\\\"\n"},
      {"would be a number", "a: one\n", "one", "1.10", "a: \"1.10\"\n"},
      {"was a number", "a: 80\n", "80", "8080", "a: 8080\n"},
      {"was a number, is a version", "a: 1.10\n", "1.10", "1.10.1", "a: 1.10.1\n"},
      {"would be a boolean to Helm", "a: one\n", "one", "on", "a: \"on\"\n"},
      {"would be null", "a: one\n", "one", "~", "a: \"~\"\n"},
      {"would be a comment", "a: one\n", "one", "x #y", "a: \"x #y\"\n"},
      {"would be a mapping", "a: one\n", "one", "x: y", "a: \"x: y\"\n"},
      {"in brackets", "a: [one, two]\n", "one", "x, y", "a: [\"x, y\", two]\n"},
      {"in brackets, plain", "a: [one, two]\n", "one", "x/y", "a: [x/y, two]\n"},
      {"quotes with backslashes", "a: one\n", "one", "- \\d \"x\"", "a: '- \\d \"x\"'\n"},
      {"a key", "one: 1 # c\ntwo: 2\n", "one", "three", "three: 1 # c\ntwo: 2\n"},
      {"a tagged one", "a: !!str 1\n", "1", "2", "a: !!str 2\n"},
      {"an anchored one", "a: &x one\nb: 1\n", "one", "two", "a: &x two\nb: 1\n"},
      {"one that others take", "a: &x one\nb: *x\n", "one", "two", "cannot: other places take this value by the alias *x"},
      {"a part of one", "a: &x see one\nb: *x\n", "one", "two", "cannot: other places take this value by the alias *x"},
      {"of more than a line", "a: one\n  more\nb: 1\n", "one\n  more", "two", "a: two\nb: 1\n"},
      {"an empty one", "a: ''\nb: 1\n", "", "two", "a: 'two'\nb: 1\n"},
      {"part of a plain one", "a: see one here # c\n", "one", "two", "a: see two here # c\n"},
      {"part of a plain one that then needs quotes", "a: see one here # c\n", "one", "x #y", "a: \"see x #y here\" # c\n"},
      {"part of a single one", "a: 'it''s one'\n", "one", "y'z", "a: 'it''s y''z'\n"},
      {"part of a double one", "a: \"\\u00e9 one\"\n", "one", "\"", "a: \"\\u00e9 \\\"\"\n"},
      {"part of a literal one", "run: |\n  git add one\n  git push\n", "one", "one two", "run: |\n  git add one two\n  git push\n"},
      {"a line more in a literal one", "run: |-\r\n  a\r\n  b\r\n", "a", "a\nx", "run: |-\r\n  a\r\n  x\r\n  b\r\n"},
      {"all of a literal one", "run: |-\n  a\n  b\nz: 1\n", "a\n  b", "c\nd\ne", "run: |-\n  c\n  d\n  e\nz: 1\n"},
      {"no line break at the end", "a: one", "one", "two", "a: two"},
      {"JSON", "{\"a\": \"one\"}", "one", "t\"\n", "{\"a\": \"t\\\"\\n\"}", Syntax::json},
      {"a JSON number", "{\"a\": 1}", "1", "2", "{\"a\": 2}", Syntax::json},
      {"a JSON number that becomes text", "{\"a\": 1}", "1", "x", "{\"a\": \"x\"}", Syntax::json},
  };
  for (const Row& row : rows) {
    const formats::Document document = parse(row.before, row.syntax);
    const ByteRange place = row.place.empty() ? ByteRange{4, 4} : range_of(row.before, row.place);
    EXPECT_EQ(outcome(row.before, DocumentEdits(document, row.syntax).replace(place, row.text)), row.after) << row.name;
  }
}

TEST(Quote, MakesAText) {
  for (const auto& [before, place, after] : std::vector<std::array<std::string_view, 3>>{
           {"tag: 1.10 # c\n", "1.10", "tag: \"1.10\" # c\n"},
           {"tag: [0123, x]\n", "0123", "tag: [\"0123\", x]\n"},
           {"tag: '1'\n", "1", "cannot: it is a text already"},
           {"tag: &a 1\n", "1", "tag: &a \"1\"\n"},
           {"tag: &a 1\nsize: *a\n", "1", "cannot: other places take this value by the alias *a"}}) {
    const formats::Document document = parse(before, Syntax::yaml);
    EXPECT_EQ(outcome(before, DocumentEdits(document, Syntax::yaml).quote(range_of(before, place))), after);
  }
}

TEST(InsertItem, StandsBehindTheItemsAndIsWrittenLikeThem) {
  const Row rows[] = {
      {"block", "on:\n  push:\n    branches:\n      - main # c\n      - dev\n    paths: [a]\n", "dev", "x*",
       "on:\n  push:\n    branches:\n      - main # c\n      - dev\n      - x*\n    paths: [a]\n"},
      {"quoted", "b:\n- 'a/**'\n", "a/**", "b/**", "b:\n- 'a/**'\n- 'b/**'\n"},
      {"needs quotes", "b:\n- a\n", "a", "*", "b:\n- a\n- \"*\"\n"},
      {"flow", "b: [a, b] # c\n", "[a, b]", "c", "b: [a, b, c] # c\n"},
      {"flow by its key", "branches: [a, b] # c\n", "branches", "c", "branches: [a, b, c] # c\n"},
      {"empty flow", "b: []\n", "[]", "c", "b: [c]\n"},
      {"flow of lines", "b: [\n  a,\n  b\n]\n", "[\n  a,\n  b\n]", "c", "b: [\n  a,\n  b,\n  c\n]\n"},
      {"no line break at the end", "b:\n  - a", "a", "c", "b:\n  - a\n  - c"},
      {"the one value of a key", "needs: test # c\nx: 1\n", "test", "lint", "needs: [test, lint] # c\nx: 1\n"},
      {"a quoted one", "needs: 'te''st'\n", "te''st", "*", "needs: ['te''st', '*']\n"},
      {"in a flow mapping", "{needs: test, x: 1}\n", "test", "lint", "{needs: [test, lint], x: 1}\n"},
      {"a block", "needs: |\n  a\n", "a", "b", "cannot: no list stands there"},
      {"CRLF", "b:\r\n  - a\r\nc: 1\r\n", "a", "c", "b:\r\n  - a\r\n  - c\r\nc: 1\r\n"},
      {"JSON", "{\n  \"a\": [\n    \"x\"\n  ]\n}\n", "x", "y", "{\n  \"a\": [\n    \"x\",\n    \"y\"\n  ]\n}\n", Syntax::json},
  };
  for (const Row& row : rows) {
    const formats::Document document = parse(row.before, row.syntax);
    EXPECT_EQ(outcome(row.before, DocumentEdits(document, row.syntax).insert_item(range_of(row.before, row.place), row.text)), row.after)
        << row.name;
  }
}

TEST(InsertEntry, StandsBehindTheEntries) {
  const Row rows[] = {
      {"block", "jobs:\n  build:\n    runs-on: x # c\n    steps: []\n  z: {}\n", "build", "github.ref == 'x'",
       "jobs:\n  build:\n    runs-on: x # c\n    steps: []\n    if: github.ref == 'x'\n  z: {}\n"},
      {"of an item", "steps:\n  - uses: a\n    with:\n      x: 1\n  - run: b\n", "uses", "z",
       "steps:\n  - uses: a\n    if: z\n    with:\n      x: 1\n  - run: b\n"},
      {"in front of what is long", "f:\n  runs-on: x # c\n  steps:\n    - run: |\n        a\n\n  # the end\nz: 1\n", "f", "z",
       "f:\n  runs-on: x # c\n  if: z\n  steps:\n    - run: |\n        a\n\n  # the end\nz: 1\n"},
      {"only long ones", "f:\n  steps:\n    - a\n", "f", "z", "f:\n  steps:\n    - a\n  if: z\n"},
      {"flow", "a: {b: c}\n", "{b: c}", "z", "a: {b: c, if: z}\n"},
      {"an alias", "a: &f {x: 1}\ng: *f\n", "g", "z", "cannot: an alias stands there: it belongs where *f is defined"},
      {"there already", "a: {if: c}\n", "{if: c}", "y", "cannot: it has a `if` already"},
      {"JSON", "{\n  \"a\": 1\n}", "{\n  \"a\": 1\n}", "y", "{\n  \"a\": 1,\n  \"if\": \"y\"\n}", Syntax::json},
  };
  for (const Row& row : rows) {
    const formats::Document document = parse(row.before, row.syntax);
    EXPECT_EQ(outcome(row.before, DocumentEdits(document, row.syntax).insert_entry(range_of(row.before, row.place), "if", row.text)), row.after)
        << row.name;
  }
}

TEST(Remove, TakesTheLinesAndTheCommentsAbove) {
  const Row rows[] = {
      {"an entry", "a: 1\n# of b\nb: 2 # c\n# of c\nc: 3\n", "b: 2", "", "a: 1\n# of c\nc: 3\n"},
      {"the first keeps what heads the file", "# all\na: 1\nb: 2\n", "a: ", "", "# all\nb: 2\n"},
      {"an entry with lines below", "a:\n  x: 1\n  y:\n    - 1\nb: 2\n", "a", "", "b: 2\n"},
      {"an item", "d:\n  - name: a\n    version: 1\n  # of b\n  - name: b\n    version: 2\n  - name: c\n", "name: b", "",
       "d:\n  - name: a\n    version: 1\n  - name: c\n"},
      {"the last item", "d:\n  - name: a\n    version: 1\nz: 1\n", "name: a\n    version: 1", "", "d: []\nz: 1\n"},
      {"the item of a value", "d:\n  - name: a\n    at: x # c\n  - name: b\n", "x", "", "d:\n  - name: b\n"},
      {"the first key of an item", "d:\n  - name: a\n    version: 1\n", "name", "", "d:\n  - version: 1\n"},
      {"flow", "a: [x, y, z]\n", "y", "", "a: [x, z]\n"},
      {"the last in flow", "a: [x, 'y']\n", "y", "", "a: [x]\n"},
      {"without a line break at the end", "a: 1\nb: 2", "b", "", "a: 1"},
      {"a script", "a: 1\nb: |\n  x\n\n  y\n\nc: 1\n", "b", "", "a: 1\n\nc: 1\n"},
      {"JSON", "{\"a\": 1, \"b\": 2}", "b", "", "{\"a\": 1}", Syntax::json},
  };
  for (const Row& row : rows) {
    const formats::Document document = parse(row.before, row.syntax);
    EXPECT_EQ(outcome(row.before, DocumentEdits(document, row.syntax).remove(range_of(row.before, row.place))), row.after) << row.name;
  }
}

TEST(MoveItem, GoesInFrontWithTheCommentsAbove) {
  const struct {
    std::string_view name, before, place, target, after;
  } rows[] = {
      {"steps", "s:\n  - run: a\n  - run: push\n  # of it\n  - uses: login\n    with: {x: 1} # c\n  - run: b\nz: 1\n", "login", "push",
       "s:\n  - run: a\n  # of it\n  - uses: login\n    with: {x: 1} # c\n  - run: push\n  - run: b\nz: 1\n"},
      {"the last one over two, comments of the target stay with it", "- a\n# of b\n- b\n- c\n", "c", "- b", "- a\n- c\n# of b\n- b\n"},
      {"a script", "s:\n- run: push\n- run: |\n    login\n\n    more\n- run: z\n", "login", "push", "s:\n- run: |\n    login\n\n    more\n- run: push\n- run: z\n"},
      {"CRLF", "s:\r\n- a\r\n- b\r\n", "b", "a", "s:\r\n- b\r\n- a\r\n"},
      {"of the innermost list", "o:\n- i: [p]\n  s:\n  - a\n  - b\n", "b", "a", "o:\n- i: [p]\n  s:\n  - b\n  - a\n"},
      {"no list", "a: 1\nb: 2\n", "2", "1", "cannot: the two are not items of one list, the later one below"},
      {"in flow", "a: [x, y]\n", "y", "x", "cannot: the two are not items of one list, the later one below"},
      {"above already", "- a\n- b\n", "a", "b", "cannot: the two are not items of one list, the later one below"},
      {"no line break at the end", "- a\n- b", "b", "a", "cannot: the file does not end with a line break"},
      {"one line for two lists", "- - a\n  - b\n", "b", "a", "cannot: it shares its line with something else"},
  };
  for (const auto& row : rows) {
    const formats::Document document = parse(row.before, Syntax::yaml);
    EXPECT_EQ(outcome(row.before, DocumentEdits(document, Syntax::yaml).move_item(range_of(row.before, row.place), range_of(row.before, row.target))), row.after) << row.name;
  }
}

TEST(MergeDuplicate, MovesWhatTheSecondHolds) {
  const Row rows[] = {
      {"mappings", "env:\n  A: 1\nx: 1\nenv:\n    B: 2 # c\n    C: |\n      y\nz: 1\n", "env:\n    B", "",
       "env:\n  A: 1\n  B: 2 # c\n  C: |\n    y\nx: 1\nz: 1\n"},
      {"equal", "a: 1\nb: 2\na: 1\n", "a: 1\n", "", "b"},
      {"one key in both", "e:\n  A: 1\ne:\n  A: 2\n", "e:\n  A: 2", "", "cannot: both hold the key `A`"},
      {"two values", "a: 1\na: 2\n", "a: 2", "", "cannot: both hold something, and only one can be meant"},
      {"lists", "l:\n- a\nl:\n- b\n", "l:\n- b", "", "l:\n- a\n- b\n"},
  };
  for (const Row& row : rows) {
    const formats::Document document = parse(row.before, row.syntax);
    ASSERT_EQ(document.duplicate_keys().size(), 1u) << row.name;
    const ByteRange place = document[document.duplicate_keys().front().second].span;
    const std::string given = outcome(row.before, DocumentEdits(document, row.syntax).merge_duplicate(place));
    if (row.name == "equal") EXPECT_EQ(given, "a: 1\nb: 2\n");
    else EXPECT_EQ(given, row.after) << row.name;
  }
}

}  // namespace
}  // namespace trueup::fixes
