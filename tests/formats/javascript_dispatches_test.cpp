// Dispatches that scripts of actions/github-script send.

#include <gtest/gtest.h>

#include "formats/javascript_dispatches.hpp"

namespace trueup::formats {
namespace {

/// `workflow? owner/repo name (keys)`, with - for what is not known and `own` for the own repository.
std::string read(std::string_view script) {
  std::string found;
  for (const ScriptDispatch& sent : read_script_dispatches(script)) {
    const auto text = [](const std::optional<ScriptText>& part) { return part ? part->text : std::string("-"); };
    found += sent.starts_workflow ? "workflow " : "event ";
    found += sent.own_repository ? "own" : text(sent.owner) + "/" + text(sent.repo);
    found += " " + text(sent.name) + " (";
    for (const PayloadKey& key : sent.payload.keys) found += key.name + ' ';
    found += sent.payload.complete ? ")" : "…)";
    if (sent.name) {
      EXPECT_EQ(slice(script, sent.name->range), sent.name->text);
    }
    for (const PayloadKey& key : sent.payload.keys) EXPECT_EQ(slice(script, key.range), key.name);
  }
  return found;
}

TEST(ScriptDispatches, ReadsLiterals) {
  const struct {
    std::string_view script, found;
  } rows[] = {
      {"await github.rest.repos.createDispatchEvent({owner: 'acme', repo: \"deploy\", event_type: `built`,\n"
       "  client_payload: {version: v, 'sha': context.sha, nested: {x: 1, y: [2, 3]}}});",
       "event acme/deploy built (version sha nested )"},
      {"github.rest.repos.createDispatchEvent({...context.repo, event_type: 'a'})", "event own a ()"},
      {"github.rest.repos.createDispatchEvent({owner: context.repo.owner, repo: context.repo.repo, event_type: 'a'})", "event own a ()"},
      {"github.rest.repos.createDispatchEvent({owner: context.repo.owner, repo: 'b', event_type: 'a'})", "event -/b a ()"},
      {"github.rest.actions.createWorkflowDispatch({owner, repo, workflow_id: 'x.yml', ref: 'main', inputs: {a: '1', ...more}})",
       "workflow -/- x.yml (a …)"},
      {"await github.request('POST /repos/{owner}/{repo}/dispatches', {owner: 'o', repo: 'r', event_type: 'e'})", "event o/r e ()"},
      {"createDispatchEvent(options)", "event -/- - (…)"},
      {"createDispatchEvent({...options, event_type: 'e'})", "event -/- e (…)"},
      {"createDispatchEvent({event_type: `e-${x}`, client_payload: payload})", "event -/- - (…)"},
      {"createDispatchEvent({event_type: 'e-${{ github.sha }}', client_payload: {a}})", "event -/- - (a )"},
      {"createDispatchEvent({event_type: cond ? 'a' : 'b', owner: 'x' + y, repo: f('a', {b: 1})})", "event -/- - ()"},
      {"createDispatchEvent({event_type: 'it\\'s'})", ""},
      {"// createDispatchEvent({event_type: 'a'})\n/* createDispatchEvent({}) */ 'createDispatchEvent({})'", ""},
      {"const r = /createDispatchEvent({'/g; x = a / b; createDispatchEvent({event_type: 'a'}) // '", "event -/- a ()"},
      {"createDispatchEvent({client_payload: {[k]: 1, b: 2}, event_type: 'a'})", "event -/- a (b …)"},
      {"createDispatchEvent({event_type: 'a', client_payload: {b: 2", "event -/- a (…)"},
      {"createDispatchEvent({event_type: 'a", "event -/- a (…)"},
      {"createDispatchEvent(", "event -/- - (…)"},
      {"createDispatchEvent", ""},
      {"`${`createDispatchEvent({`", "event -/- - (…)"},
  };
  for (const auto& row : rows) {
    if (row.script.find("it\\'s") != std::string_view::npos) {
      EXPECT_EQ(read_script_dispatches(row.script).at(0).name->text, "it's");
      continue;
    }
    EXPECT_EQ(read(row.script), row.found) << row.script;
  }
}

TEST(ScriptDispatches, CostsNoMoreThanItsLength) {
  std::string deep = "createDispatchEvent(";
  for (int i = 0; i < 100'000; ++i) deep += "{a:[(";
  EXPECT_LE(read_script_dispatches(deep).size(), 1u);
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "createDispatchEvent({";
  EXPECT_LE(read_script_dispatches(many).size(), 20'000u);
}

}  // namespace
}  // namespace trueup::formats
