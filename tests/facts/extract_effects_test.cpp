// What steps do to the world, by actions and by scripts, and what they pass to the build of an image.

#include <gmock/gmock.h>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;

std::string workflow(std::string_view env, std::string_view steps) {
  std::string text = "on: push\nenv: " + std::string(env) + "\njobs:\n  j:\n    steps:\n";
  for (std::size_t at = 0; at < steps.size();) {
    const std::size_t end = std::min(steps.find('\n', at), steps.size());
    text += "      " + std::string(steps.substr(at, end - at)) + '\n';
    at = end + 1;
  }
  return text;
}

/// `kind host reference own_token permission`, `-` for NULL and `?` behind what may be left out.
std::vector<std::string> effects(std::string_view steps, std::string_view env = "{}") {
  const Extracted extracted("workflow", workflow(env, steps));
  std::vector<std::string> lines;
  for (const auto& [id, row] : extracted->step_effect)
    lines.push_back(row.kind + (row.conditional ? "?" : "") + ' ' + row.host.value_or("-") + ' ' + row.reference.value_or("-") + ' ' +
                    (row.own_token ? std::to_string(*row.own_token) : "-") + ' ' + row.permission.value_or("-"));
  return lines;
}

TEST(StepEffects, OfRegistriesAreTheSameByScriptAndByAction) {
  EXPECT_THAT(effects("- run: |\n"
                      "    echo ${{ secrets.GITHUB_TOKEN }} | docker login ghcr.io -u x --password-stdin\n"
                      "    helm registry login ghcr.io -u x -p ${{ secrets.PAT }}\n"
                      "    docker login -u x -p \"$TOKEN\"\n"
                      "    helm push a.tgz oci://ghcr.io/acme\n"
                      "    if x; then docker push acme/x; fi\n"
                      "    docker build --push -t $REGISTRY/acme/x .\n"
                      "    helm dependency build charts/a\n"
                      "    helm pull oci://h.example/c\n"
                      "    az acr login --name acme\n",
                      "{TOKEN: \"${{ github.token }}\", REGISTRY: ghcr.io}"),
              ElementsAre("login ghcr.io ghcr.io 1 -", "login ghcr.io ghcr.io 0 -", "login docker.io - 1 -",
                          "push ghcr.io oci://ghcr.io/acme - packages", "push? docker.io acme/x - -",
                          "push ghcr.io ghcr.io/acme/x - packages", "dependency_update - charts/a - -",
                          "pull h.example oci://h.example/c - -", "login acme.azurecr.io acme.azurecr.io - -"));
  EXPECT_THAT(effects("- uses: docker/login-action@v3\n"
                      "  with: {registry: \"${{ env.REGISTRY }}\", password: \"${{ secrets.GITHUB_TOKEN }}\"}\n"
                      "- uses: docker/login-action@v3\n"
                      "  with: {registry: \"${{ vars.HOST }}\", password: x}\n"
                      "- id: meta\n"
                      "  uses: docker/metadata-action@v5\n"
                      "  with: {images: \"${{ env.REGISTRY }}/acme/x\"}\n"
                      "- uses: docker/build-push-action@v6\n"
                      "  with: {push: \"true\", tags: \"${{ steps.meta.outputs.tags }}\"}\n"
                      "- uses: docker/build-push-action@v6\n"
                      "  with: {push: \"${{ github.event_name != 'pull_request' }}\", tags: \"acme/x:1\"}\n"
                      "- uses: docker/build-push-action@v6\n"
                      "  with: {tags: \"acme/x:1\"}\n",
                      "{REGISTRY: ghcr.io}"),
              ElementsAre("login ghcr.io ghcr.io 1 -", "login - ${{ vars.HOST }} 0 -", "push ghcr.io ghcr.io/acme/x - packages",
                          "push? docker.io acme/x:1 - -"));
}

TEST(StepEffects, OnGithubSayWhichTokenAndWhichPermission) {
  EXPECT_THAT(effects("- uses: actions/checkout@v4\n"
                      "- run: |\n"
                      "    git commit -am x\n"
                      "    git tag v1\n"
                      "    git push origin v1\n"
                      "    gh release create v1\n"
                      "    gh pr comment 1 --body x -R acme/other\n"
                      "    git remote set-url origin https://x@y\n"
                      "    git push\n"
                      "- uses: actions/checkout@v4\n"
                      "  with: {token: \"${{ secrets.PAT }}\"}\n"
                      "- run: git push\n"
                      "- uses: stefanzweifel/git-auto-commit-action@v5\n"
                      "- uses: softprops/action-gh-release@v2\n"
                      "  if: always()\n"
                      "- uses: peter-evans/create-pull-request@v7\n"
                      "  with: {token: \"${{ steps.app.outputs.token }}\"}\n",
                      "{GH_TOKEN: \"${{ github.token }}\"}"),
              ElementsAre("checkout - - 1 -", "commit - - - -", "tag - v1 - -", "git_push - v1 1 contents", "release - - 1 contents",
                          "comment - acme/other 1 -", "git_push - - - contents", "checkout - - 0 -", "git_push - - 0 contents",
                          "commit - - 0 contents", "release? - - 1 contents", "git_push - - 0 contents", "pull_request - - 0 pull-requests"));
}

TEST(BuildArguments, StandAtTheirNamesAndKnowTheirDockerfile) {
  const Extracted extracted("workflow", workflow("{}", "- uses: docker/build-push-action@v6\n"
                                                       "  with:\n"
                                                       "    context: app\n"
                                                       "    build-args: |\n"
                                                       "      A=1\n"
                                                       "      B=${{ github.sha }}\n"
                                                       "- run: docker build --build-arg \"C=$X\" --build-arg D -f x/Dockerfile .\n"
                                                       "  working-directory: sub\n"
                                                       "- run: docker build --build-arg E=1 https://example.com/x.git\n"));
  EXPECT_THAT(lines(extracted, Table::build_argument),
              ElementsAre("j | 0 | «A» | A | app/Dockerfile", "j | 0 | «B» | B | app/Dockerfile", "j | 1 | «C» | C | sub/x/Dockerfile",
                          "j | 1 | «D» | D | sub/x/Dockerfile", "j | 2 | «E» | E | -"));
}

TEST(Dockerfile, DeclaresArgumentsOfEachStage) {
  const Extracted extracted("dockerfile",
                            "# syntax=docker/dockerfile:1\n# escape=`\nARG BASE=alpine\nFROM --platform=linux/amd64 $BASE AS one\n"
                            "arg A=\"x y\" `\n  # between\n\n  B\nRUN <<EOF\nARG NOT\nEOF\nONBUILD ARG LATER\nFROM two\r\nARG C\r\n");
  EXPECT_THAT(lines(extracted, Table::dockerfile), ElementsAre("«$BASE» | docker/dockerfile:1"));
  std::vector<std::string> arguments;
  for (const auto& [id, row] : extracted->dockerfile_argument)
    arguments.push_back(extracted.at(row.span) + ' ' + row.default_value.value_or("-") + ' ' + std::to_string(row.stage));
  EXPECT_THAT(arguments, ElementsAre("BASE alpine 0", "A \"x y\" 1", "B - 1", "C - 2"));
}

}  // namespace
}  // namespace trueup::facts
