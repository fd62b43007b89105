#include "formats/shell_commands.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

/// `program subcommand | value | --option=value | --option`, `?` behind a conditional command and `…` where more
/// arguments may be passed; commands are joined by " ; ".
std::string shown(std::string_view script) {
  std::string text;
  for (const ProgramCall& call : read_program_calls(parse_shell(script))) {
    text += (text.empty() ? "" : " ; ") + call.program + (call.subcommand.empty() ? "" : " " + call.subcommand);
    if (call.conditional) text += '?';
    for (const CommandArgument& argument : call.arguments.list) {
      text += " | " + argument.option.value_or("");
      if (argument.value) text += (argument.option ? "=" : "") + template_text(*argument.value);
      EXPECT_LE(argument.range.end, script.size()) << script;
    }
    if (!call.arguments.complete) text += " | …";
  }
  return text;
}

TEST(ProgramCalls, TellOptionsWithValuesFromThoseWithoutAndFromWords) {
  const struct {
    std::string_view script, expected;
  } cases[] = {
      {"helm push chart-1.0.0.tgz oci://ghcr.io/acme/charts", "helm push | chart-1.0.0.tgz | oci://ghcr.io/acme/charts"},
      {"helm package ./chart --version \"$VERSION\" -u -d out", "helm package | ./chart | --version=${VERSION} | -u | -d=out"},
      {"helm --debug -n prod dep up ./chart", "helm dependency update | --debug | -n=prod | ./chart"},
      {"helm dependency build charts/atlas --skip-refresh", "helm dependency build | charts/atlas | --skip-refresh"},
      {"helm registry login ghcr.io -u x --password-stdin", "helm registry login | ghcr.io | -u=x | --password-stdin"},
      {"helm fetch oci://h/c --version=1.2.3", "helm pull | oci://h/c | --version=1.2.3"},
      {"docker login ghcr.io -u \"$U\" -p${{ secrets.T }}", "docker login | ghcr.io | -u=${U} | -p=${{ secrets.T }}"},
      {"docker buildx build --push -t ghcr.io/a/b:$TAG --build-arg A=1 --build-arg=B=2 .",
       "docker build | --push | -t=ghcr.io/a/b:${TAG} | --build-arg=A=1 | --build-arg=B=2 | . | …"},
      {"sudo podman image push -q x", "podman push | -q | x"},
      {"buildah bud -t x -f Containerfile .", "buildah build | -t=x | -f=Containerfile | ."},
      {"skopeo copy --dest-creds a:b docker://x docker://y", "skopeo copy | --dest-creds=a:b | docker://x | docker://y"},
      {"gh api -X POST repos/a/b/dispatches -f event_type=x", "gh api | -X=POST | repos/a/b/dispatches | -f=event_type=x"},
      {"gh release list --repo a/b --limit 1 --json tagName -q '.[0]'",
       "gh release list | --repo=a/b | --limit=1 | --json=tagName | -q=.[0]"},
      {"gh -R a/b pr comment 3 --body \"hi there\"", "gh pr comment | -R=a/b | 3 | --body=hi there"},
      {"gh pr create --fill -f -H x", "gh pr create | --fill | -f | -H=x"},
      {"gh workflow run build.yml -f a=b --ref main", "gh workflow run | build.yml | -f=a=b | --ref=main"},
      {"git -C charts commit -am \"bump ${V}\"", "git commit | -C=charts | -a | -m=bump ${V}"},
      {"git tag -a v1 -m x; git push origin v1 -f", "git tag | -a | v1 | -m=x ; git push | origin | v1 | -f"},
      {"git push -u origin HEAD:main", "git push | -u | origin | HEAD:main"},
      {"git checkout -b \"bump-$V\" -- file", "git checkout | -b=bump-${V} | file"},
      {"sed -i 's/a/b/' Chart.yaml", "sed | -i | s/a/b/ | Chart.yaml"},
      {"sed -i.bak -E -e \"s/x/$Y/\" f", "sed | -i=.bak | -E | -e=s/x/${Y}/ | f"},
      {"yq -i '.version = strenv(V)' Chart.yaml", "yq | -i | .version = strenv(V) | Chart.yaml"},
      {"curl -sfL -H 'A: b' https://x -o f", "curl | -s | -f | -L | -H=A: b | https://x | -o=f"},
      {"crane auth login ghcr.io -u x", "crane auth login | ghcr.io | -u=x"},
      {"az acr login --name acme", "az acr login | --name=acme"},
  };
  for (const auto& test : cases) EXPECT_EQ(shown(test.script), test.expected) << test.script;
}

TEST(ProgramCalls, LookThroughVariablesAndLoopsAndKeepTheRestAsHoles) {
  const struct {
    std::string_view script, expected;
  } cases[] = {
      {"REG=ghcr.io/acme\nhelm push a.tgz oci://$REG", "helm push | a.tgz | oci://ghcr.io/acme"},
      {"for c in a b; do helm push $c.tgz oci://r; done", "helm push? | a.tgz | oci://r ; helm push? | b.tgz | oci://r"},
      {"if x; then docker push a; fi", "docker push? | a"},
      {"make || docker push a", "docker push? | a"},
      {"V=$(git describe --tags)\nhelm package . --version ${V#v}", "git describe | --tags ; helm package | . | --version=${V#v} | …"},
      {"helm push \"${args[@]}\"", "helm push | ${args[@]} | …"},
      {"helm push $ARGS", "helm push | ${ARGS} | …"},
      {"helm push a-$ARG.tgz", "helm push | a-${ARG}.tgz | …"},
      {"helm push ${{ inputs.args }} oci://${{ vars.HOST }}", "helm push | ${{ inputs.args }} | oci://${{ vars.HOST }} | …"},
      {"helm push oci://${{ vars.HOST }}", "helm push | oci://${{ vars.HOST }}"},
      {"A='b c'; helm push $A x$A", "helm push | b | c | x${A} | …"},
      {"helm push \"$ARG\"", "helm push | ${ARG}"},
      {"helm $WHAT x", "helm | ${WHAT} | x | …"},
      {"git() { echo; }\ngit push", ""},
      {"echo helm push", ""},
      {"helm", "helm"},
  };
  for (const auto& test : cases) EXPECT_EQ(shown(test.script), test.expected) << test.script;
}

TEST(ProgramCalls, StandAtTheProgramAndItsSubcommand) {
  constexpr std::string_view kScript = "set -e\nsudo helm  dependency build charts/a";
  const auto calls = read_program_calls(parse_shell(kScript));
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(slice(kScript, calls[0].range), "helm  dependency build");
  EXPECT_EQ(slice(kScript, calls[0].arguments.list[0].range), "charts/a");
}

TEST(ProgramCalls, AreBoundedInNumber) {
  std::string script;
  for (int i = 0; i < 20'000; ++i) script += "git add a b c\n";
  std::size_t arguments = 0;
  for (const ProgramCall& call : read_program_calls(parse_shell(script))) arguments += call.arguments.list.size();
  EXPECT_LE(arguments, 50'010u);
}

TEST(ProgramCalls, WhatFollowsAnEndInGreenMayBeLeftOut) {
  const struct {
    std::string_view script, expected;
  } cases[] = {
      {"git diff --quiet && exit 0\nhelm push a", "git diff | --quiet ; helm push? | a"},
      {"if make same; then echo no; exit 0; fi\nhelm push a", "helm push? | a"},
      {"[ -n \"$X\" ] || exit $CODE\nhelm push a", "helm push? | a"},
      {"helm push a\nmake same && exit", "helm push | a"},
      {"make same && exit\nhelm push a", "helm push? | a"},
      {"test -f a || exit 1\nhelm push a", "helm push | a"},
      {"test -f a || exit\nhelm push a", "helm push | a"},
      {"test -f a || { echo none; exit 1; }\nhelm push a", "helm push | a"},
      {"(make same && exit 0)\nhelm push a", "helm push | a"},
      {"x=$(make same && exit 0)\nhelm push a", "helm push | a"},
  };
  for (const auto& [script, expected] : cases) EXPECT_EQ(shown(script), expected) << script;
}

}  // namespace
}  // namespace trueup::formats
