// What steps make and look for: versions, tags, names; and the lines of a .helmignore.

#include <gmock/gmock.h>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;

TEST(MadeValues, AreFollowedThroughStepsJobsAndTheEnvironment) {
  const Extracted extracted("workflow", R"yaml(env: {BASE: "1.0"}
jobs:
  id:
    outputs: {short: "${{ steps.sha.outputs.short }}"}
    steps:
      - id: sha
        run: |
          echo "short=$(git rev-parse --short=8 HEAD)" >> "$GITHUB_OUTPUT"
          echo "BRANCH=${GITHUB_REF_NAME//_/-}" >> "$GITHUB_ENV"
      - uses: docker/build-push-action@v6
        env: {NAME: atlas}
        with:
          tags: |
            r.example/${{ env.NAME }}:latest
            r.example/${{ env.NAME }}:${{ steps.sha.outputs.short }}
  chart:
    needs: id
    env: {VERSION: "${{ env.BASE }}.0-g${{ needs.id.outputs.short }}"}
    steps:
      - run: if true; then helm package x --version "$VERSION-$BRANCH"; fi
)yaml");
  EXPECT_THAT(lines(extracted, Table::made_value),
              ElementsAre("id | 1 | «r.example/${{ env.NAME }}:latest» | «tags» | image_reference | - | [\"r.example/atlas:latest\"] | 0",
                          "id | 1 | «r.example/${{ env.NAME }}:${{ steps.sha.outputs.short }}» | «tags» | image_reference | - | "
                          "[\"r.example/atlas:\",{\"commit\":8}] | 0",
                          "chart | 0 | «$VERSION-$BRANCH» | «helm» | chart_version | - | "
                          "[\"1.0.0-g\",{\"commit\":8},\"-\",{\"any\":null}] | 1"));
  EXPECT_THAT(lines(extracted, Table::value_hole),
              ElementsAre("image_reference | «$(git rev-parse --short=8 HEAD)» | 1 | commit | 8",
                          "chart_version | «$(git rev-parse --short=8 HEAD)» | 1 | commit | 8",
                          "chart_version | «$BRANCH» | 3 | any | -"));
}

TEST(MadeValues, ThatMayBeSetTwiceAreNotKnown) {
  const Extracted extracted("workflow", R"yaml(jobs:
  a:
    steps:
      - run: |
          echo "TAG=a" >> $GITHUB_ENV
          if true; then echo "TAG=b" >> $GITHUB_ENV; fi
      - run: docker push r.example/x:$TAG
)yaml");
  EXPECT_THAT(lines(extracted, Table::made_value),
              ElementsAre("a | 1 | «r.example/x:$TAG» | «docker» | image_reference | - | [\"r.example/x:\",{\"any\":null}] | 0"));
}

TEST(ReleaseLookups, TellWhatTheyReadAndTake) {
  const Extracted extracted("workflow", R"yaml(jobs:
  a:
    steps:
      - run: |
          A=$(gh release list --limit 1 | grep "atlas-v1+" | awk '{print $1}')
          echo "a=$A" >> "$GITHUB_OUTPUT"
          B=$(gh api repos/x/y/releases --jq '[.[] | select(.tag_name | startswith("v1."))][0].tag_name')
          C=$(git tag -l 'v*' | tail -1)
          [ -z "$C" ] && exit 1
          D=$(gh release list -R acme/x | grep -E '^v[0-9]' | cut -f3)
          E=$(gh release list -R acme/x | grep -E '^v')
)yaml");
  EXPECT_THAT(lines(extracted, Table::release_lookup),
              ElementsAre("a | 0 | «gh release list» | releases | - | 1 | 1 | «--limit 1» | atlas-v1\\+ | «\"atlas-v1+\"» | 0 | title | "
                          "«awk '{print $1}'» | A | a | 0 | 1 | 0",
                          "a | 0 | «gh api» | releases | x/y | 0 | 30 | - | ^v1\\. | "
                          "«'[.[] | select(.tag_name | startswith(\"v1.\"))][0].tag_name'» | 1 | tag | «gh api» | B | - | 0 | 0 | 0",
                          "a | 0 | «git tag» | tags | - | 1 | - | - | ^v.*$ | «'v*'» | 1 | tag | «git tag» | C | - | 1 | 0 | 0",
                          "a | 0 | «gh release list» | releases | acme/x | 0 | 30 | - | ^v[0-9] | «'^v[0-9]'» | 0 | tag | «cut -f3» | D | - | 0 | 1 | 0",
                          "a | 0 | «gh release list» | releases | acme/x | 0 | 30 | - | ^v | «'^v'» | 0 | line | «gh release list» | E | - | 1 | 1 | 0"));
}

TEST(Helmignore, LinesHaveTheCharactersThatHelmRefuses) {
  const Extracted extracted("helmignore", "# x\n*.tgz\n!a\nhelm/**/x\n[a\n");
  EXPECT_THAT(lines(extracted, Table::helmignore_pattern),
              ElementsAre("«*.tgz» | 0 | *.tgz | 0 | - | -", "«!a» | 1 | !a | 1 | - | -",
                          "«helm/**/x» | 2 | helm/**/x | 0 | ** is not supported | «**»", "«[a» | 3 | [a | 0 | a [ is not closed | «a»"));
}

}  // namespace
}  // namespace trueup::facts
