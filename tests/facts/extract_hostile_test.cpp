// Workflows and actions that no person would write: whatever they hold, reading ends soon and ends well.

#include <gmock/gmock.h>

#include <ctime>
#include <random>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// Touches every column.
struct Counter {
  mutable std::size_t rows = 0, spans = 0, bytes = 0;
  void operator()(SpanRef span) const { spans = std::max<std::size_t>(spans, span.number); }
  void operator()(LocalId) const {}
  void operator()(std::int64_t) const {}
  void operator()(const std::string& value) const { bytes += value.size(); }
  template <typename T>
  void operator()(const std::optional<T>& value) const {
    if (value) (*this)(*value);
  }
};

/// Counts rows, and fails where a row's columns cannot be printed.
std::size_t count_rows(std::string_view kind, const std::string& text) {
  Counter counter;
  const Extracted extracted(kind, text);
  extracted->each_table([&]<typename Row>(const std::vector<std::pair<LocalId, Row>>& rows) {
    counter.rows += rows.size();
    for (const auto& [id, row] : rows)
      for (int column = 0; column < Row::columns; ++column) row.column(column, counter);
  });
  EXPECT_LE(counter.spans, extracted.blob().spans().size());
  for (const LocatedSpan& span : extracted.blob().spans()) {
    EXPECT_LE(span.bytes.begin, span.bytes.end);
    EXPECT_LE(span.bytes.end, text.size());
  }
  return counter.rows;
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

TEST(Hostile, EveryKeyTakesEveryShape) {
  const std::string_view shapes[] = {
      "", "~", "text", "''", "1", "true", "[]", "{}", "[a, [b], {c: d}, ~]", "{a: b, c: [d], e: {f: g}, h: }",
      "[[[[x]]]]", "!!binary aGk=", "!x", "'${{ a.b }}'", "'${{'", "\"\\x00\\u2028\"", "|\n    x\n"};
  const std::string_view paths[] = {
      "", "name", "run-name", "on", "env", "defaults", "concurrency", "jobs", "permissions", "inputs", "outputs",
      "runs", "on/push", "on/push/branches", "on/schedule", "on/workflow_call", "on/workflow_call/inputs",
      "on/workflow_call/inputs/a", "on/workflow_call/inputs/a/required", "on/workflow_call/secrets",
      "on/workflow_call/secrets/a", "on/workflow_call/outputs", "on/workflow_call/outputs/a", "on/workflow_dispatch",
      "on/workflow_dispatch/inputs", "defaults/run", "defaults/run/shell", "jobs/j", "jobs/j/if", "jobs/j/needs",
      "jobs/j/steps", "jobs/j/outputs", "jobs/j/env", "jobs/j/with", "jobs/j/secrets", "jobs/j/uses",
      "jobs/j/strategy", "jobs/j/strategy/matrix", "jobs/j/container", "jobs/j/environment",
      "jobs/j/environment/name", "jobs/j/concurrency", "jobs/j/defaults", "jobs/j/defaults/run", "jobs/j/runs-on",
      "jobs/j/permissions", "jobs/j/steps/0", "jobs/j/steps/0/if", "jobs/j/steps/0/id", "jobs/j/steps/0/name",
      "jobs/j/steps/0/uses", "jobs/j/steps/0/run", "jobs/j/steps/0/with", "jobs/j/steps/0/env",
      "jobs/j/steps/0/shell", "jobs/j/steps/0/working-directory", "jobs/j/steps/0/parallel",
      "jobs/j/steps/0/with/event-type", "jobs/j/steps/0/with/client-payload", "inputs/a", "inputs/a/default",
      "outputs/a", "outputs/a/value", "runs/using", "runs/steps", "runs/steps/0", "runs/steps/0/run"};
  for (const std::string_view path : paths) {
    std::string before, after;
    for (std::string_view rest = path; !rest.empty();) {
      const std::string_view key = rest.substr(0, rest.find('/'));
      rest = key.size() == rest.size() ? std::string_view() : rest.substr(key.size() + 1);
      if (key == "0") {
        before += "[{uses: peter-evans/repository-dispatch@v3}, ";
        after.insert(0, "]");
      } else {
        before += "{uses: peter-evans/repository-dispatch@v3, " + std::string(key) + ": ";
        after.insert(0, "}");
      }
    }
    for (const std::string_view shape : shapes) {
      if (shape.starts_with('|') && !path.empty()) continue;
      const std::string text = before + std::string(shape) + after + "\n";
      count_rows("workflow", text);
      count_rows("action", text);
    }
  }
}

TEST(Hostile, AliasesThatMultiplyAreALimit) {
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\n";
  }
  text += "on: push\njobs: {j: {steps: *a39, strategy: {matrix: *a39}, permissions: *a39}}\n";
  const Extracted extracted("workflow", text);
  EXPECT_EQ(extracted.blob().state, BlobState::over_limit);
  EXPECT_THAT(extracted->limit_hit, SizeIs(1));
  EXPECT_TRUE(extracted->workflow.empty() && extracted->job.empty()) << "nothing is concluded from half a file";
}

TEST(Hostile, AliasesOfWholeSectionsAreALimit) {
  std::string steps = "x: &steps\n" + repeat("- run: echo a=b >> $GITHUB_OUTPUT\n", 1000);
  std::string jobs = "jobs:\n";
  for (int i = 0; i < 1000; ++i) jobs += "  j" + std::to_string(i) + ": {steps: *steps}\n";
  EXPECT_EQ(Extracted("workflow", steps + jobs).blob().state, BlobState::over_limit);
  const std::string script = "x: &s |\n" + repeat("  echo a=b >> $GITHUB_OUTPUT\n", 30'000);
  const std::string uses = "jobs: {j: {steps: [" + repeat("{run: *s}, ", 10'000) + "]}}\n";
  EXPECT_EQ(Extracted("workflow", script + uses).blob().state, BlobState::over_limit);
}

TEST(Hostile, AChainOfAliasesIsNoDeepRecursion) {
  std::string text = "on: push\na0: &a0 [\"${{ x.y }}\"]\n";
  for (int i = 1; i < 50'000; ++i)
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  text += "jobs: {j: {strategy: {matrix: *a49999}, steps: *a49999}}\n";
  EXPECT_EQ(Extracted("workflow", text).blob().state, BlobState::over_limit);
}

TEST(Hostile, LargeFilesWithoutAliasesAreRead) {
  std::string text = "on: push\njobs:\n";
  for (int i = 0; i < 300; ++i) {
    text += "  job" + std::to_string(i) + ":\n    needs: [a, b]\n    strategy: {matrix: {a: [1, 2]}}\n    steps:\n";
    for (int k = 0; k < 40; ++k)
      text += "      - {id: s" + std::to_string(k) + ", run: './x" + std::to_string(k) +
              ".sh; echo a=${{ matrix.a }} >> $GITHUB_OUTPUT', if: matrix.a, with: {k: v, l: m}}\n";
  }
  const Extracted extracted("workflow", text);
  EXPECT_EQ(extracted.blob().state, BlobState::parsed);
  EXPECT_EQ(extracted->step.size(), 12'000u);
  EXPECT_EQ(extracted->context_read.size(), 24'000u);
  EXPECT_EQ(extracted->path_mention.size(), 12'000u);
}

TEST(Hostile, TimeGrowsWithTheSizeOnly) {
  const auto seconds = [](const std::string& text) {
    const std::clock_t begin = std::clock();  // of this process, whatever else the machine does
    count_rows("workflow", text);
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  };
  const std::string checkout = "on: push\njobs:\n  j:\n    steps:\n      - uses: actions/checkout@v4\n";
  const std::string texts[] = {
      "jobs: {j: {if: \"" + repeat("a.b || ", 9'000) + "c\"}}",
      "env: {A: \"${{ " + repeat("(", 60'000) + "\"}",
      "env: {A: \"" + repeat("${{ a.b }}", 100'000) + "\"}",
      "env: {A: \"" + repeat("${{", 300'000) + "\"}",
      "jobs: {j: {steps: [{run: \"" + repeat("\\\"${{ x", 20'000) + "\"}]}}",
      "jobs: {j: {steps: [{run: |\n" + repeat("    ./x.sh\n", 50'000) + "}]}}",
      checkout + repeat("      - run: ./a/x.sh; tools/y.sh\n", 10'000),
      checkout + repeat("      - {uses: actions/cache@v4, with: {path: p}}\n      - run: a/x.sh\n", 5'000),
      "on: {push: {branches: [" + repeat("a, ", 200'000) + "]}}",
      "jobs: {" + repeat("a: {}, ", 50'000) + "}",
      "jobs: {j: {steps: [{uses: peter-evans/repository-dispatch@v3, with: {client-payload: '{" +
          repeat("\"a\":{\"b\":[${{ x }}]},", 20'000) + "\"z\":1}'}}]}}",
      "jobs: {j: {steps: [{uses: peter-evans/repository-dispatch@v3, with: {client-payload: '" +
          repeat("{\"a\":", 100'000) + "'}}]}}",
  };
  for (const std::string& text : texts) EXPECT_LT(seconds(text), 20.0) << text.substr(0, 60);
}

TEST(Hostile, OtherTextsAreNoWorkflow) {
  for (const std::string_view text :
       {"", "# only a comment\n", "text", "- a\n- b\n", "---\n---\n", "\xEF\xBB\xBF", "[]", "{}"}) {
    const Extracted extracted("workflow", std::string(text));
    EXPECT_EQ(extracted.blob().state, BlobState::parsed) << text;
    EXPECT_TRUE(extracted->workflow.empty()) << text;
  }
  const Extracted broken("workflow", "name: x\non: [push\njobs: {}\n");
  EXPECT_EQ(broken.blob().state, BlobState::malformed);
  EXPECT_TRUE(broken->workflow.empty());
  EXPECT_THAT(broken->syntax_error, SizeIs(1));
  const Extracted two("workflow", "name: one\n---\nname: two\nenv: {A: '${{ a.b }}'}\n");
  EXPECT_THAT(lines(two, Table::workflow), ElementsAre(HasSubstr("one")));
  EXPECT_THAT(two->context_read, SizeIs(0));
}

constexpr std::string_view kSeed = R"(name: Maven
on:
  push: {branches: [main, 'ring-*'], paths: ["a/**"]}
  workflow_call: {inputs: {a: {type: string, required: true}}, outputs: {v: {value: "${{ jobs.b.outputs.v }}"}}}
env: &env {GH_REPO: "${{ github.repository }}"}
jobs:
  b:
    if: ${{ github.ref == 'a' }} || 'b'
    needs: [lint]
    strategy: {matrix: {os: [ubuntu, 3.10]}}
    outputs: {v: "${{ steps.v.outputs.v || 'x' }}"}
    env: *env
    steps:
      - uses: actions/checkout@v4
      - id: v
        run: |
          V="${GITHUB_SHA:0:7}"
          echo "v=$V" >> "$GITHUB_OUTPUT"
          ./scripts/x.sh && gh workflow run b.yml -f a=${{ toJSON(matrix) }}
          curl -X POST https://api.github.com/repos/acme/deploy/dispatches \
            -d '{"event_type": "x", "client_payload": {"a": "'$V'"}}'
      - uses: peter-evans/repository-dispatch@v3
        with: {event-type: x, client-payload: '{"a": "${{ a.b }}", "c": ${{ d[e.f] }}}'}
  call: {uses: ./.github/workflows/x.yml, with: {a: b}, secrets: inherit}
)";

TEST(Hostile, MutatedWorkflowsAreReadOrRefused) {
  const std::string_view pieces[] = {
      "${{", "}}", "'", "\"", "|", ">", "&a ", "*a", "<<: *env", "\n", "  ", "- ", ": ", "{", "}", "[", "]", "\\",
      "$(", "<<EOF\n", "`", "\xC3", "\x00", "\t", "#", "~", "||", "&&", "github.event", "steps:", "run: ", "if: ",
      ", ", "!x ", "%", "\r\n"};
  const std::uint32_t seed = 20260;
  std::mt19937 random(seed);
  const auto below = [&](std::size_t bound) { return random() % bound; };
  std::size_t parsed = 0;
  for (int round = 0; round < 6000; ++round) {
    std::string text(kSeed);
    for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0: text.erase(at, 1 + below(12)); break;
        case 1: text.insert(at, pieces[below(std::size(pieces))]); break;
        case 2: text.insert(at, text.substr(below(text.size()), below(60))); break;
        default: text[at] = static_cast<char>(below(256)); break;
      }
      if (text.empty()) text = "x";
    }
    SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
    parsed += count_rows("workflow", text) > 5;
    if (round % 4 == 0) count_rows("action", text);
    if (HasFailure()) break;
  }
  EXPECT_GT(parsed, 600u) << "most mutants should still be YAML";
}

}  // namespace
}  // namespace trueup::facts
