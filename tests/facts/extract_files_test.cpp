// Files beside workflows and charts: Dockerfiles, CODEOWNERS, dependabot.yml, Kubernetes objects; and what scripts choose.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Dockerfile, HasItsStagesWithTheirImagesFilled) {
  const Extracted file("dockerfile",
                       "ARG V=3.20\nARG NAME=\"alpine\"\nARG NONE\nFROM --platform=$BUILDPLATFORM ${NAME}:${V} AS base\nARG V2=1\n"
                       "FROM base\nFROM $NONE\nFROM ${GONE}/x:${V2}\nFROM ${X:-node}:20\nFROM $TARGETARCH-x\n");
  EXPECT_THAT(lines(file, Table::dockerfile_stage),
              ElementsAre("Dockerfile | «${NAME}:${V}» | 1 | ${NAME}:${V} | base | $BUILDPLATFORM | alpine:3.20 | -",
                          "Dockerfile | «base» | 2 | base | - | - | - | -", "Dockerfile | «$NONE» | 3 | $NONE | - | - | - | -",
                          "Dockerfile | «${GONE}/x:${V2}» | 4 | ${GONE}/x:${V2} | - | - | - | GONE",
                          "Dockerfile | «${X:-node}:20» | 5 | ${X:-node}:20 | - | - | node:20 | -",
                          "Dockerfile | «$TARGETARCH-x» | 6 | $TARGETARCH-x | - | - | - | -"));
}

TEST(Dockerfile, HasTheSourcesThatItCopies) {
  const Extracted file("dockerfile",
                       "FROM x AS a\nCOPY --chown=1:1 one two/ $X *.c /dst\nADD https://x/y.tgz /\nCOPY [\"j\", \"/\"]\n"
                       "COPY <<EOF /x\nCOPY in /here\nEOF\nFROM y\nCOPY --from=a /out /out\nONBUILD COPY z /\nADD \\\n  later /\n");
  EXPECT_THAT(lines(file, Table::dockerfile_copy),
              ElementsAre("Dockerfile | «one» | 1 | copy | one | /dst | - | 1", "Dockerfile | «two/» | 1 | copy | two/ | /dst | - | 1",
                          "Dockerfile | «$X» | 1 | copy | $X | /dst | - | 0", "Dockerfile | «*.c» | 1 | copy | *.c | /dst | - | 0",
                          "Dockerfile | «j» | 1 | copy | j | / | - | 1",
                          "Dockerfile | «a» | 2 | copy | /out | /out | a | 1", "Dockerfile | «later» | 2 | add | later | / | - | 1"));
  EXPECT_EQ(lines(file, Table::path_mention).size(), 8u);  // one, two/, j and later, from the root and from the file
}

TEST(Dockerfile, ReadsListsInJson) {
  const Extracted file("dockerfile",
                       "FROM x\nCOPY --chown=1:1 [\"a b\",\"c\" , \"d/\"]\nADD [ \"e\", \\\n  \"f\" ]\nCOPY --from=y [\"g\", \"h\"]\n"
                       "COPY [\"one\"]\nCOPY [\"open\", \"x\"\nCOPY [\"a\" \"b\"]\nCOPY [\"\\\\\", \"b\"]\nCOPY [a-z]* /dst\nCOPY [\"a\", \"b\"] x\nCOPY [\"a\",, \"b\"]\nCOPY [\n");
  EXPECT_THAT(lines(file, Table::dockerfile_copy),
              ElementsAre("Dockerfile | «a b» | 1 | copy | a b | d/ | - | 1", "Dockerfile | «c» | 1 | copy | c | d/ | - | 1", "Dockerfile | «e» | 1 | add | e | f | - | 1",
                          "Dockerfile | «y» | 1 | copy | g | h | y | 1"));
}

TEST(Codeowners, ALineIsAPatternWithOwnersOrIsSkipped) {
  const Extracted file("codeowners", "# all\n\n*  @a @org/team  x@y.example # note\n/docs/ @a\nsrc/*.c @a\n!no @a\n[ab] @a\nlib/x nobody\r\napps/\nw+x @a\n");
  EXPECT_THAT(lines(file, Table::codeowners_rule),
              ElementsAre("«*» | 0 | * | [\"**/*\"] | 3 | -", "«/docs/» | 1 | /docs/ | [\"docs/**\"] | 1 | -",
                          "«src/*.c» | 2 | src/*.c | [\"src/*.c\"] | 1 | -", "«!no» | 3 | !no | - | 1 | `!` does not exclude in CODEOWNERS",
                          "«[ab]» | 4 | [ab] | - | 1 | CODEOWNERS has no ranges such as [a-z]",
                          "«nobody» | 5 | lib/x | - | 1 | nobody is no owner: @user, @organization/team or an address",
                          "«apps/» | 6 | apps/ | [\"**/apps/**\"] | 0 | -",
                          "«w+x» | 7 | w+x | [\"**/w\\\\+x\",\"**/w\\\\+x/**\"] | 1 | -"));
}

TEST(Dependabot, AnUpdateHasFoldersAndAManifest) {
  const Extracted file("dependabot",
                       "version: 2\nupdates:\n- {package-ecosystem: npm, directories: [/web/, '/apps/*'], target-branch: next}\n"
                       "- {package-ecosystem: docker, directory: /}\n- {directory: /x}\n");
  EXPECT_THAT(lines(file, Table::dependabot_update), ElementsAre("«npm» | 0 | npm | next | «next»", "«docker» | 1 | docker | - | -"));
  EXPECT_THAT(lines(file, Table::dependabot_directory),
              ElementsAre("npm | «/web/» | /web/ | web | package.json", "npm | «/apps/*» | /apps/* | - | -", "docker | «/» | / |  | -"));
}

TEST(KubernetesObject, IsADocumentWithApiVersionAndKind) {
  const Extracted file("yaml",
                       "a: 1\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: n, labels: {l: 1}}\ndata: {d: eA==}\n"
                       "stringData: {t: \"x\", m: {k: v}}\n---\napiVersion: v1\nkind: ConfigMap\ndata: {d: x}\n");
  EXPECT_THAT(lines(file, Table::kubernetes_object), ElementsAre("«s» | 1 | v1 | Secret | s | n", "«ConfigMap» | 2 | v1 | ConfigMap | - | -"));
  EXPECT_THAT(lines(file, Table::kubernetes_secret_field),
              ElementsAre("Secret | «1» | labels | l | 1", "Secret | «eA==» | data | d | eA==", "Secret | «x» | stringData | t | x"));
}

TEST(TagChoice, IsTheFirstOrLastOfAList) {
  const Extracted file("script",
                       "A=$(git tag -l 'v*' | tail -1)\ngit tag --sort=-creatordate | head -n 1\ngit tag | sort -rV | grep x | head -1\n"
                       "crane ls r.example/x | sort -n | tail -n1\nskopeo list-tags docker://x | jq -r '.Tags[-1]'\n"
                       "git ls-remote --tags origin | tail --lines=1\ngit tag v1 | tail -1\ngit tag | tail -3\ngit tag | wc -l\n");
  EXPECT_THAT(lines(file, Table::tag_choice),
              ElementsAre("- | - | «tail -1» | «git tag» | git | v* | last | name | 0",
                          "- | - | «head -n 1» | «git tag» | git | - | first | time | 0",
                          "- | - | «head -1» | «git tag» | git | - | first | version | 1",
                          "- | - | «tail -n1» | «crane ls» | registry | - | last | other | 0",
                          "- | - | «jq -r '.Tags[-1]'» | «skopeo list-tags» | registry | - | last | name | 0",
                          "- | - | «tail --lines=1» | «git ls-remote» | remote | - | last | name | 0"));
}

TEST(ImageBuild, KnowsItsDockerfileAndContext) {
  const Extracted file("workflow",
                       "jobs:\n  j:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {context: app, push: true}\n"
                       "      - {uses: docker/build-push-action@v6, with: {file: x/Dockerfile, context: '${{ x }}'}}\n"
                       "      - run: docker buildx build -f d/Dockerfile.app .\n        working-directory: w\n      - run: cd x && docker build .\n");
  EXPECT_THAT(lines(file, Table::image_build),
              ElementsAre("j | 0 | - | «docker/build-push-action@v6» | app/Dockerfile | app",
                          "j | 1 | - | «docker/build-push-action@v6» | x/Dockerfile | -",
                          "j | 2 | docker | «docker buildx build» | w/d/Dockerfile.app | w"));
}

TEST(DuplicateKey, SaysWhichSwitchIsLost) {
  const Extracted file("yaml", "a: {enabled: false, b: 1}\na: {b: 2}\nenabled: false\nenabled: true\nc: {enabled: \"false\"}\nc: 1\nd: {enabled: false}\nd: {enabled: False}\n");
  EXPECT_THAT(lines(file, Table::duplicate_key),
              ElementsAre("«a» | «a» |  | a | 0 | «false»", "«enabled» | «enabled» |  | enabled | 0 | «false»", "«c» | «c» |  | c | 0 | -",
                          "«d» | «d» |  | d | 0 | -"));
}

}  // namespace
}  // namespace trueup::facts
