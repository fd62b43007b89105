// ArgoCD's objects in YAML: Applications, their sources and values, projects, and what kustomizations change in them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string application(std::string_view spec) {
  return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: atlas, namespace: argocd}\nspec:\n" + std::string(spec);
}

TEST(Application, HasADestinationAndASyncPolicy) {
  const Extracted file("yaml", application("  project: tenants\n  destination: {server: https://k8s.example, namespace: atlas}\n"
                                           "  syncPolicy:\n    automated: {prune: true, selfHeal: true}\n    syncOptions: [CreateNamespace=true, Alone]\n"
                                           "  source: {repoURL: https://git.example/acme/deploy.git, path: x}\n"));
  EXPECT_THAT(lines(file, Table::application),
              ElementsAre("- | «atlas» | - | - | 0 | atlas | argocd | tenants | «tenants» | 0 | https://k8s.example | - | atlas | «https://k8s.example» | 1 | "
                          "«{prune: true, selfHeal: true}» | 0 | 1 | 1 | -"));
  EXPECT_THAT(lines(file, Table::application_sync_option),
              ElementsAre("atlas | «CreateNamespace=true» | CreateNamespace | true", "atlas | «Alone» | Alone | "));
}

TEST(Application, AutomaticSyncMayBeTurnedOffWithAReason) {
  const Extracted file("yaml", application("  source: {repoURL: https://git.example/a/b}\n  syncPolicy:\n    automated:\n      # until the move is over\n"
                                           "      enabled: false\n"));
  ASSERT_THAT(file->application, SizeIs(1));
  EXPECT_EQ(file->application[0].second.automated, 0);
  EXPECT_EQ(file.at(file->application[0].second.automated_span), "false");
  EXPECT_EQ(file->application[0].second.automated_commented, 1);
}

TEST(ApplicationSource, IsAFolderOfGitOrAChart) {
  const Extracted file("yaml", application("  sources:\n"
                                           "  - {repoURL: 'git@GitHub.com:Acme/Deploy.git', path: ./charts//atlas/, targetRevision: staging, ref: cfg}\n"
                                           "  - {repoURL: registry.example/charts, chart: atlas, targetRevision: 1.0.x, helm: {releaseName: a}}\n"
                                           "  - {repoURL: 'https://charts.example/stable', chart: redis, targetRevision: 1.0.0}\n"
                                           "  - {repoURL: 'oci://registry.example/charts/kong', path: ., targetRevision: 2}\n"
                                           "  - {repoURL: 'https://git.example/a/b', path: ../x, kustomize: {}}\n"));
  EXPECT_THAT(
      lines(file, Table::application_source),
      ElementsAre("atlas | «git@GitHub.com:Acme/Deploy.git» | 0 | git@GitHub.com:Acme/Deploy.git | github.com | Acme/Deploy | - | ./charts//atlas/ | "
                  "«./charts//atlas/» | charts/atlas | - | - | staging | «staging» | - | cfg | «cfg» | - | - | 0",
                  "atlas | «registry.example/charts» | 1 | registry.example/charts | - | - | registry.example/charts/atlas | - | - | - | atlas | «atlas» | "
                  "1.0.x | «1.0.x» | - | - | - | helm | a | 0",
                  "atlas | «https://charts.example/stable» | 2 | https://charts.example/stable | - | - | - | - | - | - | redis | «redis» | 1.0.0 | «1.0.0» | - "
                  "| - | - | - | - | 0",
                  "atlas | «oci://registry.example/charts/kong» | 3 | oci://registry.example/charts/kong | - | - | registry.example/charts/kong | . | «.» |  | "
                  "- | - | 2 | «2» | - | - | - | - | - | 0",
                  "atlas | «https://git.example/a/b» | 4 | https://git.example/a/b | git.example | a/b | - | ../x | «../x» | - | - | - | - | - | - | - | - | "
                  "kustomize | - | 0"));
}

TEST(ApplicationValueFile, IsSoughtFromThePathFromTheRootOrInTheSourceThatItNames) {
  const Extracted file("yaml", application("  source:\n    repoURL: https://git.example/a/b\n    path: charts/atlas\n    helm:\n      valueFiles:\n"
                                           "        [values.yaml, ../../envs/prod.yaml, /root.yaml, $cfg/envs/x.yaml, 'https://x/y.yaml', 'envs/*.yaml',\n"
                                           "         $ARGOCD_APP_NAME/x.yaml, '{{ env }}.yaml', ../../../out.yaml, '${X}.yaml']\n"));
  std::vector<std::string> paths;
  for (const auto& [id, row] : file->application_value_file) paths.push_back(row.ref.value_or("") + ':' + row.path.value_or("?"));
  EXPECT_THAT(paths, ElementsAre(":charts/atlas/values.yaml", ":envs/prod.yaml", ":root.yaml", "cfg:envs/x.yaml", ":?", ":?", "ARGOCD_APP_NAME:x.yaml", ":?",
                                 ":?", ":?"));
  EXPECT_THAT(file->path_mention, SizeIs(6));  // the folder, and the files of which the path is known
}

TEST(ApplicationValue, StandsInAnObjectOrInATextThatIsYaml) {
  const Extracted text("yaml", application("  source:\n    repoURL: https://git.example/a/b\n    helm:\n      values: |\n        # of atlas\n        image:\n"
                                           "          tag: 0123\n        list: [a]\n"));
  EXPECT_THAT(lines(text, Table::application_value),
              ElementsAre("https://git.example/a/b | «0123» | /image/tag | 0123 | integer", "https://git.example/a/b | «a» | /list/0 | a | string"));
  const Extracted object("yaml", application("  source:\n    repoURL: https://git.example/a/b\n    helm: {values: 'a: 1', valuesObject: {image: {tag: 'x'}}}\n"));
  EXPECT_THAT(lines(object, Table::application_value), ElementsAre("https://git.example/a/b | «x» | /image/tag | x | string"));
  const Extracted empty("yaml", application("  source:\n    repoURL: https://git.example/a/b\n    helm: {values: 'a: 1', valuesObject: {}}\n"));
  EXPECT_THAT(lines(empty, Table::application_value), IsEmpty());
}

TEST(Application, HasParametersImagesAndWhatItIgnores) {
  const Extracted file("yaml",
                       application("  source:\n    repoURL: https://git.example/a/b\n    helm: {parameters: [{name: image.tag, value: '1', forceString: true}, {name: x}]}\n"
                                   "    kustomize: {images: ['nginx:1.2', 'r.example:5000/a=r.example/b:1', 'c@sha256:0']}\n"
                                   "  ignoreDifferences:\n  - group: apps\n    kind: Deployment\n    jsonPointers: [/spec/replicas]  # the autoscaler's\n"
                                   "    jqPathExpressions:\n    - .spec.x\n"));
  EXPECT_THAT(lines(file, Table::application_parameter),
              ElementsAre("https://git.example/a/b | «1» | 0 | image.tag | 1 | 1", "https://git.example/a/b | «x» | 1 | x | - | 0"));
  EXPECT_THAT(lines(file, Table::application_image),
              ElementsAre("https://git.example/a/b | «nginx:1.2» | nginx | nginx:1.2",
                          "https://git.example/a/b | «r.example:5000/a=r.example/b:1» | r.example:5000/a | r.example/b:1",
                          "https://git.example/a/b | «c@sha256:0» | c | c@sha256:0"));
  EXPECT_THAT(lines(file, Table::application_ignore),
              ElementsAre("atlas | «/spec/replicas» | apps | Deployment | - | - | json_pointer | /spec/replicas | 1",
                          "atlas | «.spec.x» | apps | Deployment | - | - | jq | .spec.x | 0"));
}

TEST(Application, StandsInAListAndInAliases) {
  const Extracted file("yaml", "apiVersion: v1\nkind: List\nitems:\n- &a\n  apiVersion: argoproj.io/v1alpha1\n  kind: Application\n  metadata: {name: one}\n"
                               "  spec: {source: {repoURL: https://git.example/a/b}}\n- {<<: *a, metadata: {name: two}}\n- {kind: Application, apiVersion: other/v1}\n");
  std::vector<std::string> names;
  for (const auto& [id, row] : file->application) names.push_back(row.name.value_or(""));
  EXPECT_THAT(names, ElementsAre("one", "two"));
}

TEST(Application, StandsInJsonAsWell) {
  const Extracted file("yaml", "\t{\"apiVersion\": \"argoproj.io/v1alpha1\", \"kind\": \"Application\", \"metadata\": {\"name\": \"one\", \"annotations\": {\"a\": \"\\ud83d\\ude80\"}},\n"
                               "\t\"spec\": {\"source\": {\"repoURL\": \"https://git.example/a/b\", \"targetRevision\": \"main\"}}}\n");
  ASSERT_EQ(file->application.size(), 1u);
  EXPECT_EQ(file.at(file->application[0].second.span), "one");
  EXPECT_EQ(file.at(file->application_source[0].second.target_revision_span), "main");
  // What a server gave is no declaration.
  EXPECT_TRUE(Extracted("yaml", R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"a","uid":"1"},"spec":{"source":{"repoURL":"x"}}})")->application.empty());
  const Extracted other("yaml", R"({"compilerOptions": {"paths": {}}, "compilerOptions": 1})");  // of another tool
  EXPECT_EQ(other.blob().state, BlobState::parsed);
  EXPECT_TRUE(other->duplicate_key.empty());
  EXPECT_EQ(Extracted("yaml", "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: x}, spec: {source: {repoURL: y}}}")->application.size(), 1u);
}

TEST(ApplicationPatch, IsAPartOfOneOrAPatchThatAimsAtThem) {
  const Extracted part("yaml", application("  source: {targetRevision: prod}\n"));
  EXPECT_THAT(lines(part, Table::application_patch), SizeIs(1));
  EXPECT_THAT(part->application, IsEmpty());
  const Extracted kustomization("yaml",
                                "resources: [a.yaml]\npatches:\n- {path: a.yaml, target: {kind: Application, name: atlas}}\n- {path: b.yaml, target: {kind: Deployment}}\n"
                                "- {path: c.yaml, target: {kind: Application, name: .*}}\n- patch: |\n    kind: Application\n    metadata: {name: x}\n");
  EXPECT_THAT(lines(kustomization, Table::application_patch),
              ElementsAre("«{path: a.yaml, target: {kind: Application, name: atlas}}» | atlas", "«{path: c.yaml, target: {kind: Application, name: .*}}» | -",
                          testing::EndsWith("| -")));
}

TEST(Project, HasSourcesAndDestinations) {
  const Extracted file("yaml", "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: tenants}\nspec:\n  sourceRepos: ['https://git.example/acme/*', '!https://git.example/acme/x']\n"
                               "  destinations: [{server: '*', namespace: 'team-*'}]\n");
  EXPECT_THAT(lines(file, Table::project_source), ElementsAre("tenants | «https://git.example/acme/*» | https://git.example/acme/* | 0",
                                                              "tenants | «!https://git.example/acme/x» | https://git.example/acme/x | 1"));
  EXPECT_THAT(lines(file, Table::project_destination), ElementsAre("tenants | «{server: '*', namespace: 'team-*'}» | * | - | team-*"));
}

TEST(Project, HasSyncWindows) {
  const Extracted file("yaml", "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: tenants}\nspec:\n"
                               "  syncWindows: [{kind: deny, schedule: '0 1 * * *', duration: 1h, applications: ['a-*', b]}]\n");
  EXPECT_THAT(lines(file, Table::project_window), ElementsAre(testing::EndsWith(R"(| deny | 0 1 * * * | 1h | ["a-*","b"] | [] | [])")));
}

TEST(Settings, DifferencesThatAreIgnoredAreReadOfEitherForm) {
  const Extracted file("yaml",
                       "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\ndata:\n"
                       "  resource.customizations.ignoreDifferences.argoproj.io_Application: |\n    jsonPointers: [/spec/a]\n    jqPathExpressions: [.spec.b]\n"
                       "  resource.customizations.ignoreDifferences.all: |\n    managedFieldsManagers: [x]\n"
                       "  resource.customizations.ignoreDifferences.Secret: '{'\n"
                       "  resource.customizations: |\n    apps/Deployment:\n      ignoreDifferences: |\n        jsonPointers: [/spec/replicas]\n");
  EXPECT_THAT(lines(file, Table::resource_ignore),
              ElementsAre(testing::EndsWith("| argoproj.io | Application | json_pointer | /spec/a"), testing::EndsWith("| argoproj.io | Application | jq | .spec.b"),
                          testing::EndsWith("| * | * | manager | x"), testing::EndsWith("|  | Secret | unread | "),
                          testing::EndsWith("| apps | Deployment | json_pointer | /spec/replicas")));
  const Extracted other("yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {resource.customizations.ignoreDifferences.all: 'jsonPointers: [/a]'}\n");
  EXPECT_THAT(lines(other, Table::resource_ignore), IsEmpty());
}

TEST(ImageUpdater, NamesTheApplicationsWhoseImagesItWrites) {
  const Extracted file("yaml", "apiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\nmetadata: {name: u, namespace: argocd}\nspec:\n"
                               "  writeBackConfig: {method: 'git:secret:a/b'}\n  applicationRefs:\n  - {namePattern: 'a-*'}\n"
                               "  - {namePattern: b, labelSelectors: {matchLabels: {x: y}}, writeBackConfig: {method: argocd}}\n  - {images: []}\n"
                               "  - {namePattern: c, images: [{alias: x, manifestTargets: {helm: {spec: x.image}}}]}\n");
  EXPECT_THAT(lines(file, Table::image_updater),
              ElementsAre("«a-*» | argocd | a-* | 0 | git:secret:a/b | [\"image.name\",\"image.tag\"]", "«b» | argocd | b | 1 | argocd | [\"image.name\",\"image.tag\"]",
                          "«c» | argocd | c | 0 | git:secret:a/b | [\"x.image\"]"));
}

TEST(Application, OfAliasesWithoutEndIsGivenUp) {
  std::string sources = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  many: &m {";
  for (int i = 0; i < 20'000; ++i) sources += "k" + std::to_string(i) + ": v, ";
  sources += "repoURL: https://git.example/a/b}\n  sources: [";
  for (int i = 0; i < 20'000; ++i) sources += "*m, ";
  sources += "]\n";
  const Extracted file("yaml", sources);
  EXPECT_EQ(file.blob().state, BlobState::over_limit);
  EXPECT_THAT(file->application, IsEmpty());
}

}  // namespace
}  // namespace trueup::facts
