// Parts of the way from bytes to verdicts, on documents that are made here: no repository is needed.

#include <benchmark/benchmark.h>

#include <string>

#include "facts/blob_rows.hpp"
#include "facts/extract/extractor.hpp"
#include "facts/store.hpp"
#include "facts/table_set.hpp"
#include "formats/expression_eval.hpp"
#include "formats/semver.hpp"
#include "formats/shell_effects.hpp"
#include "formats/yaml.hpp"

namespace {

using namespace trueup;

std::string values_file(int services) {
  std::string text;
  for (int i = 0; i < services; ++i) {
    const std::string name = "service" + std::to_string(i);
    text += name + ":\n  enabled: true\n  image:\n    repository: registry.example/images/" + name +
            "\n    tag: \"1.2." + std::to_string(i) + "\"\n  resources:\n    limits: {cpu: 500m, memory: 1Gi}\n  args:\n    - --port=8080\n";
  }
  return text;
}

std::string workflow_file(int jobs) {
  std::string text = "name: Build\non:\n  push: {branches: [main, 'ring-*']}\njobs:\n";
  for (int i = 0; i < jobs; ++i)
    text += "  job" + std::to_string(i) +
            ":\n    runs-on: ubuntu-latest\n    if: github.ref == 'refs/heads/main' && github.event_name == 'push'\n    steps:\n"
            "      - uses: actions/checkout@v4\n      - id: v\n        run: |\n          SHORT=${GITHUB_SHA:0:7}\n"
            "          echo \"version=1.0.0-$SHORT\" >> \"$GITHUB_OUTPUT\"\n      - run: echo ${{ steps.v.outputs.version }}\n";
  return text;
}

void parse_values(benchmark::State& state) {
  const std::string text = values_file(500);
  for (auto _ : state) benchmark::DoNotOptimize(formats::parse_yaml(text).size());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(parse_values);

void extract(benchmark::State& state, std::string_view kind, const std::string& text) {
  const facts::Extractor* extractor = facts::find_extractor(kind);
  for (auto _ : state) {
    facts::BlobRows rows(text, facts::TableSet::all());
    extractor->extract(rows);
    benchmark::DoNotOptimize(rows.last_id());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
void extract_values(benchmark::State& state) { extract(state, "chart_values", values_file(500)); }
void extract_workflow(benchmark::State& state) { extract(state, "workflow", workflow_file(100)); }
BENCHMARK(extract_values);
BENCHMARK(extract_workflow);

void select_rows(benchmark::State& state) {
  const std::string text = values_file(500);
  facts::BlobRows rows(text, facts::TableSet::all());
  facts::find_extractor("chart_values")->extract(rows);
  facts::Store store;
  store.add_blob("0123", "chart_values", std::move(rows));
  store.create_table("blob_chart_value");
  for (auto _ : state) store.execute("SELECT count(*), max(value), min(span) FROM blob_chart_value WHERE blob = 1");
}
BENCHMARK(select_rows);

void read_condition(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(formats::analyse_condition("github.ref == 'refs/heads/a' || github.ref == 'refs/heads/b'"));
}
BENCHMARK(read_condition);

void read_script(benchmark::State& state) {
  const std::string script = "SHORT=${GITHUB_SHA:0:7}\nif [ -n \"$SHORT\" ]; then\n  echo \"v=$SHORT\" >> \"$GITHUB_OUTPUT\"\nfi\n"
                             "./scripts/build.sh \"$SHORT\" | tee log\n";
  for (auto _ : state) benchmark::DoNotOptimize(formats::read_effects(script));
}
BENCHMARK(read_script);

void parse_version(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(formats::Version::parse("1.0.0-staging.abc1234+build.5"));
}
BENCHMARK(parse_version);

}  // namespace
