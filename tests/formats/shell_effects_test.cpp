#include "formats/shell_effects.hpp"

#include <chrono>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "cpu_time.hpp"
#include "formats/mutated_text.hpp"

namespace trueup::formats {
namespace {

/// A text with its holes as <inside>.
std::string shown(const ShellWord& word) {
  std::string text;
  for (const WordPart& part : word.parts) text += part.kind == WordPartKind::text ? part.text : "<" + part.text + ">";
  return text;
}

/// Keys as `a b?`, `?` for conditional ones, and `…` where others may be written.
std::string shown(const KeyWrites& writes, std::string_view script) {
  std::string text;
  for (const KeyWrite& key : writes.keys) {
    EXPECT_EQ(slice(script, key.range), key.key) << script;
    text += (text.empty() ? "" : " ") + key.key + (key.conditional ? "?" : "");
  }
  if (!writes.complete) {
    EXPECT_LE(writes.incomplete_at.end, script.size());
    text += "…";
  }
  return text;
}

std::string outputs_of(std::string_view script) { return shown(read_effects(script).outputs, script); }
std::string environment_of(std::string_view script) { return shown(read_effects(script).environment, script); }

struct Case {
  std::string_view script, expected;
};

TEST(Outputs, AreReadInEveryFormOfWriting) {
  const Case cases[] = {
      {"echo \"k=v\" >> \"$GITHUB_OUTPUT\"", "k"},
      {"echo k=$(git rev-parse HEAD) >> $GITHUB_OUTPUT", "k"},
      {"echo 'k=v' >> ${GITHUB_OUTPUT}", "k"},
      {"echo \"k=v\" >>$GITHUB_OUTPUT", "k"},
      {"echo \"k=v\" > $GITHUB_OUTPUT", "k"},
      {"echo \"a=1\" >> $GITHUB_OUTPUT; echo \"b=2\" >> $GITHUB_OUTPUT", "a b"},
      {"echo k=\"v w\" | tee -a \"$GITHUB_OUTPUT\"", "k"},
      {"echo k=v | tee -a $GITHUB_STEP_SUMMARY | tee -a $GITHUB_OUTPUT", "k"},
      {"printf 'k=%s\\n' \"$V\" >> \"$GITHUB_OUTPUT\"", "k"},
      {"printf '%s\\n' a=1 \"b=$B\" >> \"$GITHUB_OUTPUT\"", "a b"},
      {"printf '%s=%s\\n' a 1 b 2 >> \"$GITHUB_OUTPUT\"", "a b"},
      {"echo -e \"a=1\\nb=2\" >> $GITHUB_OUTPUT", "a b"},
      {"echo -n 'k=v' >> $GITHUB_OUTPUT", "k"},
      {"{ echo a=1; echo b=2; } >> \"$GITHUB_OUTPUT\"", "a b"},
      {"(\n  echo a=1\n  echo b=2\n) | tee -a $GITHUB_OUTPUT", "a b"},
      {"cat <<EOF >> $GITHUB_OUTPUT\na=1\nb=$X\nEOF\n", "a b"},
      {"cat >> \"$GITHUB_OUTPUT\" <<'EOF'\na=1\nEOF\n", "a"},
      {"tee -a $GITHUB_OUTPUT <<< \"k=v\"", "k"},
      {"cat <<< \"k=v\" >> $GITHUB_OUTPUT", "k"},
      {"echo \"k=v\" >> ${{ github.output }}", "k"},
      {"OUT=$GITHUB_OUTPUT\necho k=v >> $OUT", "k"},
      {"KEY=name\necho \"$KEY=v\" >> $GITHUB_OUTPUT", "name"},
      {"echo '::set-output name=k::v'", "k"},
      {"echo \"::set-output name=k::$(date)\"", "k"},
      {"  printf '::set-output name=%s::%s\\n' k v", "k"},
      {"for k in a b; do echo \"$k=1\" >> $GITHUB_OUTPUT; done", "a? b?"},
      {"ks=(a b)\nfor k in \"${ks[@]}\"; do echo \"$k=1\" >> $GITHUB_OUTPUT; done", "a? b?"},
      {"if x=1; then echo a=1 >> $GITHUB_OUTPUT; else echo b=1 >> $GITHUB_OUTPUT; fi", "a? b?"},
      {"[ -n \"$X\" ] && echo a=1 >> $GITHUB_OUTPUT", "a?"},
      {"if true; then echo a=1; fi >> $GITHUB_OUTPUT", "a?"},
      {"git tag | while read t; do echo \"tag=$t\" >> $GITHUB_OUTPUT; done", "tag?"},
      {"echo 'a=b=c<<d' >> $GITHUB_OUTPUT", "a"},
      {"echo '{\"not\": \"a key\"' > file", ""},
      {"echo k=v", ""},
      {"X=$(echo k=v)", ""},
      {"echo k=v >> $GITHUB_STEP_SUMMARY", ""},
      {"echo k=v >&2", ""},
      {"{ echo a=1 >&2; echo b=2; } >> $GITHUB_OUTPUT", "b"},
      {"{ X=$(echo a=1); echo b=2; } >> $GITHUB_OUTPUT", "b"},
      {"echo '::set-output name=k::v' > file", ""},
      {"echo 'see ::set-output name=k::v'", ""},
  };
  for (const Case& test : cases) EXPECT_EQ(outputs_of(test.script), test.expected) << test.script;
}

TEST(Outputs, OfSeveralLinesAreOneKey) {
  const Case cases[] = {
      {"echo 'k<<EOF' >> $GITHUB_OUTPUT\ncat notes.md >> $GITHUB_OUTPUT\necho EOF >> $GITHUB_OUTPUT\n"
       "echo l=1 >> $GITHUB_OUTPUT",
       "k l"},
      {"{\n  echo \"k<<$D\"\n  jq . x\n  echo \"$D\"\n  echo l=2\n} >> \"$GITHUB_OUTPUT\"", "k l"},
      {"D=$(openssl rand -hex 8)\necho \"k<<$D\" >> $GITHUB_OUTPUT\nls >> $GITHUB_OUTPUT\n"
       "echo \"${D}\" >> $GITHUB_OUTPUT",
       "k"},
      {"cat <<EOT >> $GITHUB_OUTPUT\nk<<EOF\na=1\n$(cat x)\nEOF\nl=2\nEOT\n", "k l"},
      {"echo \"k<<EOF\" >> $GITHUB_OUTPUT\necho \"x=y\" >> $GITHUB_OUTPUT", "k…"},  // the end never comes
  };
  for (const Case& test : cases) EXPECT_EQ(outputs_of(test.script), test.expected) << test.script;
}

TEST(Outputs, AreIncompleteWhereSomethingElseMayWriteThem) {
  const Case cases[] = {
      {"echo \"$KEY=v\" >> $GITHUB_OUTPUT", "…"},
      {"echo \"a_${{ matrix.x }}=v\" >> $GITHUB_OUTPUT", "…"},
      {"echo \"$LINE\" >> $GITHUB_OUTPUT", "…"},
      {"cat file >> $GITHUB_OUTPUT", "…"},
      {"echo a=1 >> $GITHUB_OUTPUT; jq -r 'to_entries[]' x.json >> $GITHUB_OUTPUT", "a…"},
      {"echo a=1 | sed s/a/b/ >> $GITHUB_OUTPUT", "…"},
      {"grep = .env | tee -a $GITHUB_OUTPUT", "…"},
      {"./scripts/version.sh", "…"},
      {"python tools/x.py", "…"},
      {"make release", "…"},
      {"npm run build", "…"},
      {"npm ci", "…"},
      {"go run ./cmd/x", "…"},
      {"frobnicate --now", "…"},
      {"$TOOL x", "…"},
      {"${{ inputs.command }}", "…"},
      {"source ./lib.sh", "…"},
      {"eval \"$X\"", "…"},
      {"bash -c 'echo a'", "…"},
      {"sudo ./x", "…"},
      {"timeout 5m ./x", "…"},
      {"find . -name '*.py' -exec python {} \\;", "…"},
      {"ls | xargs -n 1 ./x", "…"},
      {"curl -o $GITHUB_OUTPUT https://x", "…"},
      {"docker run -e GITHUB_OUTPUT image", "…"},
      {"exec >> $GITHUB_OUTPUT\necho a=1", "…"},
      {"if [ -n \"$X\" ]; then OUT=$GITHUB_OUTPUT; fi; echo a=1 >> $OUT", "…"},
      {"for f in a b; do write \"$f\" $GITHUB_OUTPUT; done; write() { echo a=1 >> \"$2\"; }", "…"},
      {"echo a=1 >> $GITHUB_OUTPUT; echo 'oops", "a…"},
      {"echo \"::set-output name=$K::v\"", "…"},
  };
  for (const Case& test : cases) EXPECT_EQ(outputs_of(test.script), test.expected) << test.script;
}

TEST(Outputs, StayCompleteThroughToolsThatDoNotWriteThem) {
  const Case cases[] = {
      {"set -euo pipefail\ncd charts\nexport A=1\nV=$(helm show chart . | yq .version)\n"
       "git fetch --tags && git tag -l | grep -q v || exit 1\necho \"version=$V\" >> $GITHUB_OUTPUT",
       "version"},
      {"sudo apt-get install -y jq; docker build . | cat; kubectl get pods; gh api x; curl -sf y | jq . > z", ""},
      {"/usr/bin/git status; command -v helm; [[ -n $X ]] || true; (( i++ )); read -r A B < f", ""},
      {"find . -name x -exec grep y {} +; ls | xargs -I{} cp {} z; env A=1 git push; time sleep 1", ""},
      {"grep k $GITHUB_OUTPUT; cat $GITHUB_OUTPUT; echo $GITHUB_OUTPUT; test -f $GITHUB_OUTPUT", ""},
      {"trap 'rm -f x' EXIT; wait; mktemp -d", ""},
  };
  for (const Case& test : cases) EXPECT_EQ(outputs_of(test.script), test.expected) << test.script;
}

TEST(Outputs, AreFoundThroughFunctionsOfTheScript) {
  const Case cases[] = {
      {"out() { echo \"a=1\" >> $GITHUB_OUTPUT; }\nout", "a?"},
      {"emit() { echo a=1; }\nemit >> $GITHUB_OUTPUT", "a?"},
      {"emit() { echo a=1; }\n{ emit; echo b=2; } >> $GITHUB_OUTPUT", "a? b"},
      {"emit() { echo a=1; }\nemit | tee -a $GITHUB_OUTPUT", "a?"},
      {"emit() { echo a=1; }\nX=$(emit)", ""},
      {"f() { f; echo a=1; }\nf >> $GITHUB_OUTPUT", "a?"},
      {"set_output() { echo \"$1=$2\" >> $GITHUB_OUTPUT; }\nset_output a 1", "…"},
  };
  for (const Case& test : cases) EXPECT_EQ(outputs_of(test.script), test.expected) << test.script;
}

TEST(Environment, IsReadLikeOutputs) {
  const Case cases[] = {
      {"echo \"K=v\" >> \"$GITHUB_ENV\"", "K"},
      {"{ echo A=1; echo 'B<<E'; cat x; echo E; } >> $GITHUB_ENV", "A B"},
      {"echo K=v >> $GITHUB_OUTPUT", ""},
      {"echo K=v | tee -a $GITHUB_ENV >> $GITHUB_OUTPUT", "K"},
      {"./x", "…"},
      {"echo '::set-output name=k::v'", ""},
  };
  for (const Case& test : cases) EXPECT_EQ(environment_of(test.script), test.expected) << test.script;
  EXPECT_EQ(outputs_of("echo K=v | tee -a $GITHUB_ENV >> $GITHUB_OUTPUT"), "K");
}

/// `tool repository event [keys]`; `…` for a payload that is not all read, `-` no event type, `~` for a body that was
/// not read, `?` for a conditional one.
std::string dispatches_of(std::string_view script) {
  std::string found;
  for (const RepositoryDispatch& sent : read_effects(script).repository_dispatches) {
    std::string text = sent.tool == DispatchTool::curl ? "curl " : "gh ";
    text += shown(sent.repository) + (sent.own_repository ? "(own) " : " ");
    text += sent.event_type ? shown(*sent.event_type) : "-";
    text += " [";
    for (const PayloadKey& key : sent.payload.keys) {
      EXPECT_EQ(slice(script, key.range), key.name) << script;
      if (text.back() != '[') text += ' ';
      text += key.name;
    }
    text += std::string(sent.payload.complete ? "" : "…") + (sent.payload.is_string ? "string" : "") + "]";
    if (!sent.body_read) text += " ~";
    if (sent.conditional) text += " ?";
    found += (found.empty() ? "" : " | ") + text;
  }
  return found;
}

TEST(RepositoryDispatch, IsReadFromCurl) {
  const Case cases[] = {
      {R"(curl -X POST @URL -d '{"event_type":"chart-published","client_payload":{"version":"1","sha":"x"}}')",
       "curl acme/deploy chart-published [version sha]"},
      {R"(curl -X POST -H "Authorization: token ${{ secrets.PAT }}" -H 'Accept: application/vnd.github+json' \
  @URL \
  -d '{"event_type":"x","client_payload":{"version":"'"$V"'","sha":"${{ github.sha }}"}}')",
       "curl acme/deploy x [version sha]"},
      {R"(curl -XPOST -sSfL -u "$U:$T" @URL \
  --data "{\"event_type\": \"x\", \"client_payload\": {\"ref\": \"$GITHUB_REF\"}}")", "curl acme/deploy x [ref]"},
      {R"(curl --request POST --data-raw '{"event_type": "x"}' \
  --url "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/dispatches")", "curl <GITHUB_REPOSITORY>(own) x []"},
      {R"(curl "https://api.github.com/repos/${{ github.repository }}/dispatches" --json '{"event_type":"x"}')",
       "curl < github.repository >(own) x []"},
      {R"(curl -d @- @URL <<EOF
{"event_type": "x",
 "client_payload": {"a": $A, "b": {"c": 1}}}
EOF
)", "curl acme/deploy x [a b]"},
      {R"(echo '{"event_type":"x"}' | curl -X POST -d @- @URL)", "curl acme/deploy x []"},
      {R"(PAYLOAD='{"event_type":"x","client_payload":{"a":1}}'
curl -X POST -d "$PAYLOAD" @URL)", "curl acme/deploy x [a]"},
      {R"(PAYLOAD=$(cat <<EOF
{"event_type":"x","client_payload":{"a":"$A"}}
EOF
)
curl -d "$PAYLOAD" @URL)", "curl acme/deploy x [a]"},
      {R"(cat > body.json <<EOF
{"event_type":"x","client_payload":{"a":"$A"}}
EOF
curl -d @body.json @URL)", "curl acme/deploy x [a]"},
      {R"curl(curl @URL \
  -d "$(jq -n --arg v "$V" '{event_type: "x", client_payload: {version: $v, "sha": env.SHA, $v}}')")curl",
       "curl acme/deploy x [version sha v]"},
      {R"(jq -nc --arg e x --argjson p '{"a":1}' '{event_type:$e,client_payload:$p}' | curl -d @- @URL)",
       "curl acme/deploy x [a]"},
      {R"(BODY=$(jq -n '{event_type:"x"}')
curl -d "$BODY" @URL)", "curl acme/deploy x []"},
      {R"curl(curl -d "$(printf '{"event_type":"%s","client_payload":{"v":"%s"}}' x "$V")" @URL)curl",
       "curl acme/deploy x [v]"},
      {R"(REPO=acme/deploy
EVENT=x
curl -d "{\"event_type\":\"$EVENT\"}" https://api.github.com/repos/${REPO}/dispatches)", "curl acme/deploy x []"},
      {R"(for r in acme/a acme/b; do
  curl -d '{"event_type":"x"}' https://api.github.com/repos/$r/dispatches
done)", "curl acme/a x [] ? | curl acme/b x [] ?"},
      {R"(if [ -n "$X" ]; then curl -d '{"event_type":"x"}' @URL; fi)", "curl acme/deploy x [] ?"},
      {R"(curl @URL \
  -d '{"event_type":"${{ inputs.type }}","client_payload":${{ toJSON(github.event.client_payload) }}}')",
       "curl acme/deploy < inputs.type > […]"},
      {R"(curl -d '{"event_type":"x","client_payload":{"a":1'"$MORE"'}}' @URL)", "curl acme/deploy x [a…]"},
      {R"(curl -d '{"event_type":"x","client_payload":{"a":"1"'"$MORE"'}}' @URL)", "curl acme/deploy x [a…]"},
      {R"(curl -d '{"event_type":"x","client_payload":{"a":1}'"$MORE"'}' @URL)", "curl acme/deploy x [a]"},
      {R"(curl -d '{"event_type":"x","client_payload":{'"$MORE"'}}' @URL)", "curl acme/deploy x […]"},
      {R"(curl -d '{"event_type":"x","client_payload":"text"}' @URL)", "curl acme/deploy x [string]"},
      {R"(curl -d '{"client_payload":{}}' @URL)", "curl acme/deploy - []"},
      {R"(curl -X POST @URL)", "curl acme/deploy - []"},
      {R"(curl -d @body.json @URL)", "curl acme/deploy - […] ~"},
      {R"(curl -d "$BODY" @URL)", "curl acme/deploy - […] ~"},
      {R"curl(curl -d "$(./make-body)" @URL)curl", "curl acme/deploy - […] ~"},
      {R"(curl -d '{"event_type":' @URL)", "curl acme/deploy - […] ~"},
      {R"(curl -X POST "${args[@]}" @URL)", "curl acme/deploy - […] ~"},
      {R"(args=(-d '{"event_type":"x"}')
curl -X POST "${args[@]}" @URL)", "curl acme/deploy x []"},
      {R"(curl -X POST "$URL/dispatches" -d '{"event_type":"x"}')", "curl <URL> x []"},
      {R"(sudo -E curl -d '{"event_type":"x"}' https://github.example/api/v3/repos/acme/deploy/dispatches/)",
       "curl acme/deploy x []"},
      // None of these sends.
      {R"(curl @URL)", ""},
      {R"(curl -X GET @URL -d x)", ""},
      {R"(curl -G -d x @URL)", ""},
      {R"(echo curl -d '{"event_type":"x"}' @URL)", ""},
      {R"(curl -d '{}' https://api.github.com/repos/acme/deploy/releases)", ""},
      {R"(curl -d '{}' https://hooks.example/dispatches)", ""},
  };
  for (const Case& test : cases) {
    const std::string script = replace_all(test.script, "@URL", "https://api.github.com/repos/acme/deploy/dispatches");
    EXPECT_EQ(dispatches_of(script), test.expected) << script;
  }
}

TEST(RepositoryDispatch, IsReadFromGh) {
  const Case cases[] = {
      {"gh api repos/acme/deploy/dispatches -f event_type=x -f 'client_payload[version]=1' -F client_payload[n]=2",
       "gh acme/deploy x [version n]"},
      {"gh api -X POST /repos/acme/deploy/dispatches --field event_type=\"x\" --raw-field=\"client_payload[a][b]=$V\" "
       "-f client_payload[a][c]=1",
       "gh acme/deploy x [a]"},
      {"gh api \"repos/${{ github.repository }}/dispatches\" -fevent_type=x", "gh < github.repository >(own) x []"},
      {"gh api repos/{owner}/{repo}/dispatches -f event_type=x", "gh {owner}/{repo}(own) x []"},
      {"gh api repos/acme/deploy/dispatches --input - <<< '{\"event_type\":\"x\",\"client_payload\":{\"a\":1}}'",
       "gh acme/deploy x [a]"},
      {"gh api repos/acme/deploy/dispatches --method POST --input - <<EOF\n{\"event_type\":\"x\"}\nEOF\n",
       "gh acme/deploy x []"},
      {"jq -n '{event_type:\"x\",client_payload:{a:1}}' | gh api repos/acme/deploy/dispatches --input -",
       "gh acme/deploy x [a]"},
      {"echo \"{\\\"event_type\\\":\\\"x\\\"}\" | gh api -H 'Accept: x' repos/acme/deploy/dispatches --input=-",
       "gh acme/deploy x []"},
      {"gh api repos/acme/deploy/dispatches --input payload.json", "gh acme/deploy - […] ~"},
      {"gh api repos/acme/deploy/dispatches -f event_type=x -f client_payload='{\"a\":1}'",
       "gh acme/deploy x [string]"},
      {"gh api repos/acme/deploy/dispatches -f event_type=x -f \"client_payload[$K]=1\"", "gh acme/deploy x […]"},
      {"gh api repos/acme/deploy/dispatches -f \"event_type=$E\"", "gh acme/deploy <E> []"},
      {"gh api repos/acme/deploy/dispatches -F event_type=@file", "gh acme/deploy - []"},
      {"gh api repos/acme/deploy/dispatches -f event_type=x \"$@\"", "gh acme/deploy x […] ~"},
      {"for r in a b; do\n gh api \"repos/acme/$r/dispatches\" -f event_type=\"x\"\ndone",
       "gh acme/a x [] ? | gh acme/b x [] ?"},
      {"GH_TOKEN=$T gh api repos/acme/$NAME/dispatches -f event_type=x", "gh acme/<NAME> x []"},
      {"gh api repos/acme/deploy/dispatches", ""},
      {"gh api repos/acme/deploy/releases -f tag_name=x", ""},
      {"gh api graphql -f query=x", ""},
  };
  for (const Case& test : cases) EXPECT_EQ(dispatches_of(test.script), test.expected) << test.script;
}

TEST(RepositoryDispatch, KnowsTheBytesOfTheEventType) {
  const std::string_view script =
      "curl -d \"{\\\"event_type\\\": \\\"chart-published\\\"}\" https://api.github.com/repos/acme/deploy/dispatches\n"
      "gh api repos/acme/deploy/dispatches -f event_type='image-published'\n"
      "E=ring-moved\ngh api repos/acme/deploy/dispatches -f event_type=$E\n";
  const auto sent = read_effects(script).repository_dispatches;
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_EQ(slice(script, sent[0].event_type->range), "chart-published");
  EXPECT_EQ(slice(script, sent[0].repository.range), "acme/deploy");
  EXPECT_EQ(slice(script, sent[1].event_type->range), "image-published");
  EXPECT_EQ(slice(script, sent[2].event_type->range), "ring-moved");
  EXPECT_LT(sent[2].event_type->range.begin, sent[2].command.begin);  // where the variable got it
}

/// `workflow @ref in repository [inputs]`
std::string workflow_dispatches_of(std::string_view script) {
  std::string found;
  for (const WorkflowDispatch& sent : read_effects(script).workflow_dispatches) {
    std::string text = shown(sent.workflow);
    if (sent.ref) text += " @" + shown(*sent.ref);
    if (sent.repository) text += " in " + shown(*sent.repository);
    if (sent.own_repository) text += " (own)";
    text += " [";
    for (const PayloadKey& key : sent.inputs.keys) {
      EXPECT_EQ(slice(script, key.range), key.name) << script;
      text += (text.back() == '[' ? "" : " ") + key.name;
    }
    found += (found.empty() ? "" : " | ") + text + (sent.inputs.complete ? "]" : "…]");
  }
  return found;
}

TEST(WorkflowDispatch, IsReadFromGhAndCurl) {
  const Case cases[] = {
      {"gh workflow run deploy.yml", "deploy.yml (own) []"},
      {"gh workflow run deploy.yml -R acme/deploy --ref main -f version=1 -F 'sha=x y'",
       "deploy.yml @main in acme/deploy [version sha]"},
      {"gh workflow run --repo=\"${{ github.repository }}\" -rmain \"Deploy it\"",
       "Deploy it @main in < github.repository > (own) []"},
      {"gh workflow run deploy.yml --raw-field \"$K=1\"", "deploy.yml (own) […]"},
      {"echo '{\"a\":1}' | gh workflow run deploy.yml --json", "deploy.yml (own) [a]"},
      {"gh workflow run deploy.yml --json < inputs.json", "deploy.yml (own) […]"},
      {"for w in a.yml b.yml; do gh workflow run $w; done", "a.yml (own) [] | b.yml (own) []"},
      {"curl -X POST https://api.github.com/repos/acme/deploy/actions/workflows/deploy.yml/dispatches "
       "-d '{\"ref\":\"main\",\"inputs\":{\"version\":\"'$V'\"}}'",
       "deploy.yml @main in acme/deploy [version]"},
      {"gh api repos/acme/deploy/actions/workflows/$ID/dispatches -f ref=main -f 'inputs[a]=1'",
       "<ID> @main in acme/deploy [a]"},
      {"gh workflow list; gh workflow run", ""},
  };
  for (const Case& test : cases) EXPECT_EQ(workflow_dispatches_of(test.script), test.expected) << test.script;
}

/// `use path`, `~` where it is not certain.
std::string files_of(std::string_view script) {
  std::string found;
  for (const CalledFile& file : read_effects(script).called_files) {
    static constexpr std::string_view kUses[] = {"run", "source", "", "chmod"};
    const bool interpreted = file.use == FileUse::interpret;
    const std::string use = interpreted ? file.interpreter : std::string(kUses[static_cast<int>(file.use)]);
    found += (found.empty() ? "" : " | ") + std::string(file.certain ? "" : "~") + use + " " + file.path +
             (file.conditional ? " ?" : "");
    EXPECT_LE(file.range.end, script.size());
  }
  return found;
}

TEST(CalledFiles, AreThoseThatAreRunSourcedOrMadeExecutable) {
  const Case cases[] = {
      {"./scripts/x.sh a b", "run scripts/x.sh"},
      {"scripts/x.sh", "run scripts/x.sh"},
      {"../x.sh", "run ../x.sh"},
      {"bash scripts/x.sh", "bash scripts/x.sh"},
      {"bash -euo pipefail scripts/x.sh", "bash scripts/x.sh"},
      {"sh -x ci/y.sh", "sh ci/y.sh"},
      {"bash --norc -- ci/y.sh", "bash ci/y.sh"},
      {"source ./env.sh && . ci/env", "source env.sh | source ci/env ?"},
      {"python tools/x.py --a; python3 -u -W ignore y.py", "python tools/x.py | python3 y.py"},
      {"node x.js; node -r dotenv/config y.js", "node x.js | node y.js"},
      {"ruby -Ilib a.rb; perl -w b.pl; php c.php; pwsh -File d.ps1",
       "ruby a.rb | perl b.pl | php c.php | pwsh d.ps1"},
      {"chmod +x a.sh ci/b.sh; chmod -R 755 d; chmod -x e", "chmod a.sh | chmod ci/b.sh | chmod d | chmod e"},
      {"sudo -E ./x.sh; timeout 60 ./y.sh; env A=1 ./z.sh; time ./t.sh",
       "run x.sh | run y.sh | run z.sh | run t.sh"},
      {"if ./check.sh; then ./do.sh; fi", "run check.sh | run do.sh ?"},
      {"V=$(./version.sh)", "run version.sh"},
      {"S=./x.sh; bash \"$S\"", "bash x.sh"},
      {"f() { ./x.sh; }", "run x.sh ?"},
      // Not files of the repository, or not known.
      {"bash -c 'x'; bash -s -- a < y; python -m pip; python -c 'x'; node -e x; python -; bash", ""},
      {"/opt/x.sh; ~/x.sh; $D/x.sh; \"${{ github.workspace }}/x.sh\"; bash \"$X\"; ./*.sh", ""},
      {"git status; chmod +x", ""},
  };
  for (const Case& test : cases) EXPECT_EQ(files_of(test.script), test.expected) << test.script;
}

TEST(CalledFiles, FollowTheFolder) {
  const Case cases[] = {
      {"cd a\n./x.sh\ncd ../b && ./y.sh\ncd - \n./z.sh", "run a/x.sh | run b/y.sh ? | run a/z.sh"},
      {"(cd a && ./x.sh); ./y.sh", "run a/x.sh ? | run y.sh"},
      {"V=$(cd a && ./x.sh); ./y.sh", "run a/x.sh ? | run y.sh"},
      {"cd a; (./x.sh; cd b; ./y.sh); ./z.sh", "run a/x.sh | run a/b/y.sh | run a/z.sh"},
      {"pushd a; ./x.sh; popd; ./y.sh", "run a/x.sh | run y.sh"},
      {"cd \"$D\"; ./x.sh", "~run x.sh"},
      {"cd /tmp; ./x.sh; cd; ./y.sh", "~run x.sh | ~run y.sh"},
      {"if [ -n \"$X\" ]; then cd a; ./x.sh; fi; ./y.sh", "run a/x.sh ? | ~run a/y.sh"},
      {"[ -n \"$X\" ] && cd a && ./x.sh\n./y.sh", "run a/x.sh ? | ~run a/y.sh"},
      {"f() { cd a; }\nf\n./x.sh", "~run x.sh"},
      {"cd a || exit 1\n./x.sh", "run a/x.sh"},
      {"cd a/../b/./c\n./x.sh", "run b/c/x.sh"},
  };
  for (const Case& test : cases) EXPECT_EQ(files_of(test.script), test.expected) << test.script;
}

TEST(CalledFiles, AreUncertainIfTheScriptMayHaveMadeThem) {
  const Case cases[] = {
      {"curl -sSLo x.sh https://x; chmod +x x.sh; ./x.sh; ./y.sh", "~chmod x.sh | ~run x.sh | run y.sh"},
      {"curl -fO https://x.example/get.sh?a; bash get.sh", "~bash get.sh"},
      {"wget https://x.example/get.sh; wget -O b.sh https://y; sh get.sh; sh b.sh", "~sh get.sh | ~sh b.sh"},
      {"cat > x.sh <<EOF\necho\nEOF\nbash x.sh; bash y.sh", "~bash x.sh | bash y.sh"},
      {"cp a.sh b.sh; ./a.sh; ./b.sh", "run a.sh | ~run b.sh"},
      {"git clone https://x.example/acme/tools.git; tools/x.sh; ./y.sh", "~run tools/x.sh | run y.sh"},
      {"git clone https://x.example/acme/tools t; cd t; ./x.sh", "~run t/x.sh"},
      {"git fetch --tags; git checkout v1; ./x.sh", "~run x.sh"},
      {"tar xzf a.tgz; ./x.sh", "~run x.sh"},
      {"tar xzf a.tgz -C t; ./x.sh; t/y", "run x.sh | ~run t/y"},
      {"tar czf a.tgz src; ./x.sh", "run x.sh"},
      {"unzip -q a.zip -d t && t/run.sh", "~run t/run.sh ?"},
      {"make build; ./dist/x.sh; ./tool; ./scripts/x.sh", "~run dist/x.sh | ~run tool | run scripts/x.sh"},
      {"go build -o bin/x . && ./bin/x", "~run bin/x ?"},
      {"npm ci; node_modules/.bin/x; node scripts/y.js", "~run node_modules/.bin/x | node scripts/y.js"},
      {"python -m venv venv; source venv/bin/activate", "~source venv/bin/activate"},
      {"[ -f x.sh ] && ./x.sh; ./y.sh", "~run x.sh ? | run y.sh"},
      {"if test -x ./x; then ./x; fi", "~run x ?"},
      {"gh release download v1; ./x.sh", "~run x.sh"},
      {"gh pr list; docker build .; helm repo add x y; ./x.sh", "run x.sh"},
      {"pip install -r requirements.txt; python tools/x.py", "python tools/x.py"},
  };
  for (const Case& test : cases) EXPECT_EQ(files_of(test.script), test.expected) << test.script;
}

TEST(Effects, OfAScriptThatIsNotUnderstoodAreKeptUpToThere) {
  const ScriptEffects effects = read_effects("echo a=1 >> $GITHUB_OUTPUT\n./x.sh\nif y; then");
  EXPECT_FALSE(effects.complete);
  EXPECT_EQ(effects.outputs.keys.size(), 1u);
  EXPECT_FALSE(effects.outputs.complete);
  EXPECT_EQ(effects.called_files.size(), 1u);
}

TEST(Effects, AreBoundedInTime) {
  const auto repeat = [](std::string_view piece, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += piece;
    return text;
  };
  std::string doubling = "A0=xxxxxxxxxxxxxxxx\n";
  for (int i = 1; i < 200; ++i) {
    const std::string last = "$A" + std::to_string(i - 1);
    doubling += "A" + std::to_string(i) + "=" + last + last + last + last + "\n";
  }
  doubling += "echo \"$A199=1\" >> $GITHUB_OUTPUT\n";
  std::string chain = "A0=x\n";
  for (int i = 1; i < 2'000; ++i) {
    chain += "A" + std::to_string(i) + "=$(cat <<E\n$A" + std::to_string(i - 1) + "\nE\n)\n";
  }
  std::string functions;
  for (int i = 0; i < 2'000; ++i) functions += "f" + std::to_string(i) + "() { f" + std::to_string(i + 1) + "; }\n";
  std::string fields;
  for (int i = 0; i < 2'000; ++i) fields += " -f 'client_payload[k" + std::to_string(i) + "]=1'";
  const std::string big = "X='" + std::string(15'000, 'x') + "'\n";
  const std::string scripts[] = {
      doubling,
      chain,
      functions + "f0 >> $GITHUB_OUTPUT",
      big + repeat("echo \"$X\" >> $GITHUB_OUTPUT\n", 50'000),
      big + repeat("gh api \"$X\"\n", 50'000),
      repeat("cd a && ", 50'000) + "./x",
      repeat("f() { cd a; }; f\n", 50'000),
      repeat("git clone x y; ./z\n", 50'000),
      repeat("curl -d \"$(jq -n '{a: {'\" $(", 50'000),
      "curl https://api.github.com/repos/a/b/dispatches -d '" + repeat("{\"a\":", 50'000) + "'",
      "curl https://api.github.com/repos/a/b/dispatches -d '" + repeat("{\"a\":1,", 50'000) + "'",
      "curl https://api.github.com/repos/a/b/dispatches -d '{" + repeat("\"a\":1,", 50'000) + "}'",
      "for x in " + repeat("a ", 50'000) + "; do echo $x=1 >> $GITHUB_OUTPUT; done",
      "for x in a a a a a a a a; do echo $x " + repeat("y ", 50'000) + " >> $GITHUB_OUTPUT; done",
      "gh api repos/a/b/dispatches " + fields,
      "printf '%s' " + repeat("a ", 50'000) + " >> $GITHUB_OUTPUT",
      "{ " + repeat("echo a=1\n", 50'000) + "} | tee -a $GITHUB_OUTPUT",
      "echo 'k<<E' >> $GITHUB_OUTPUT\n" + repeat("echo x >> $GITHUB_OUTPUT\n", 50'000),
  };
  for (const std::string& script : scripts) {
    const auto start = cpu_time();
    (void)read_effects(script);
    EXPECT_LT(cpu_time() - start, std::chrono::seconds(20)) << script.substr(0, 80);
  }
}

TEST(EffectsFuzz, MutatedScriptsNeverCrashAndPlacesStayInside) {
  const std::vector<std::string> seeds = {
      "P='{\"event_type\":\"x\",\"client_payload\":{\"v\":\"'\"$V\"'\"}}'\ncurl -X POST -d \"$P\" "
      "https://api.github.com/repos/${{ github.repository }}/dispatches\n",
      "gh api repos/acme/$R/dispatches -f event_type=x -f 'client_payload[a]=1' --input - <<EOF\n{\"a\": {}}\nEOF\n",
      "jq -n --arg v \"$V\" '{event_type: \"x\", client_payload: {$v, b: (.c | d)}}' | "
      "gh api --input - /repos/a/b/dispatches\n",
      "f() { { echo \"k<<$D\"; cat x; echo $D; } | tee -a \"$GITHUB_OUTPUT\"; }\ncd a && ./x.sh; f >> $GITHUB_ENV\n",
      "for r in a b; do gh workflow run w.yml -R acme/$r -f x=$r --ref=main; "
      "printf '%s=%s\\n' $r 1 >> $GITHUB_OUTPUT; done\n",
      "tar xf a -C b; git clone x; chmod +x y.sh; sudo bash -x \"$Z\" ../y.sh; popd; pushd a/b; source env\n",
  };
  constexpr std::string_view kAlphabet = "ab =\n'\"\\$`(){}[]<>|&;#-.,:/@%";
  std::mt19937 random(23);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(900);
  while (std::chrono::steady_clock::now() < deadline) {
    std::string text = seeds[random() % seeds.size()] + seeds[random() % seeds.size()];
    text = mutated(std::move(text), random() % 5, kAlphabet, random);
    const ScriptEffects effects = read_effects(text);
    const auto inside = [&](ByteRange range) { return range.begin <= range.end && range.end <= text.size(); };
    for (const KeyWrites* writes : {&effects.outputs, &effects.environment}) {
      ASSERT_TRUE(inside(writes->incomplete_at)) << text;
      for (const KeyWrite& key : writes->keys) ASSERT_TRUE(inside(key.range) && inside(key.command)) << text;
    }
    for (const RepositoryDispatch& sent : effects.repository_dispatches) {
      ASSERT_TRUE(inside(sent.command) && inside(sent.repository.range)) << text;
      ASSERT_TRUE(!sent.event_type || inside(sent.event_type->range)) << text;
      for (const PayloadKey& key : sent.payload.keys) ASSERT_TRUE(inside(key.range)) << text;
    }
    for (const WorkflowDispatch& sent : effects.workflow_dispatches) ASSERT_TRUE(inside(sent.workflow.range)) << text;
    for (const CalledFile& file : effects.called_files) ASSERT_TRUE(inside(file.range)) << text;
  }
}

}  // namespace
}  // namespace trueup::formats
