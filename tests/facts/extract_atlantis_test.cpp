// Terraform, atlantis.yaml and what starts Atlantis: compose files, and the text that tells how.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Terraform, HasBlocksAndAttributes) {
  const Extracted file("terraform", "terraform {\n  required_version = \">= 1.5\"\n  backend \"s3\" {}\n}\nresource \"a\" \"b\" {\n  c = d.e\n}\nmodule \"m\" {\n  source = \"../m\"\n}\n");
  EXPECT_THAT(lines(file, Table::terraform_block),
              ElementsAre("- | «terraform» | terraform | - | -", "terraform | «backend» | backend | s3 | -", "- | «resource» | resource | a | b", "- | «module» | module | m | -"));
  EXPECT_THAT(lines(file, Table::terraform_attribute),
              ElementsAre("terraform | «>= 1.5» | «required_version» | required_version | string | >= 1.5", "resource | «d.e» | «c» | c | unknown | -",
                          "module | «../m» | «source» | source | string | ../m"));
  EXPECT_THAT(lines(file, Table::path_mention), ElementsAre("- | - | «../m» | file | ../m | module | 0"));
  const Extracted broken("terraform", "a {\n");
  EXPECT_THAT(lines(broken, Table::syntax_error), SizeIs(1));
  EXPECT_THAT(lines(broken, Table::terraform_block), IsEmpty());
}

TEST(Terraform, HasTheSameOfItsJson) {
  const Extracted file("terraform", R"({"//": "generated", "terraform": {"required_version": ">= 1.5", "backend": {"s3": {"bucket": "b"}}},
"resource": {"a": {"b": {"c": "${d.e}", "f": true, "g": null, "//": "x"}, "h": [{"n": 1}, {"n": 2}]}}, "module": [{"m": {"source": "../m"}}, {"k": {"source": "github.com/acme/m?ref=v1"}}]})");
  EXPECT_THAT(lines(file, Table::terraform_block),
              ElementsAre("- | «terraform» | terraform | - | -", "terraform | «backend» | backend | s3 | -", "- | «resource» | resource | a | b", "- | «resource» | resource | a | h",
                          "- | «resource» | resource | a | h", "- | «module» | module | m | -", "- | «module» | module | k | -"));
  EXPECT_THAT(lines(file, Table::terraform_attribute),
              ElementsAre("terraform | «>= 1.5» | «required_version» | required_version | string | >= 1.5", "backend | «b» | «bucket» | bucket | string | b", "resource | «${d.e}» | «c» | c | unknown | -",
                          "resource | «true» | «f» | f | boolean | true", "resource | «null» | «g» | g | null | -", "resource | «1» | «n» | n | number | 1",
                          "resource | «2» | «n» | n | number | 2", "module | «../m» | «source» | source | string | ../m",
                          "module | «github.com/acme/m?ref=v1» | «source» | source | string | github.com/acme/m?ref=v1"));
  EXPECT_THAT(lines(file, Table::path_mention), ElementsAre("- | - | «../m» | file | ../m | module | 0"));
  EXPECT_THAT(lines(file, Table::module_source), ElementsAre("module | «github.com/acme/m?ref=v1» | github.com | acme/m |  | - | v1 | «v1»"));
  const Extracted broken("terraform", R"({"terraform": )");
  EXPECT_THAT(lines(broken, Table::syntax_error), SizeIs(1));
}

TEST(AtlantisServer, IsToldByWhatIsInIt) {
  const Extracted file("yaml", "repos:\n- {id: /.*/, workflow: w}\n"), other("yaml", "repos:\n- repo: https://git.example/a\n  hooks: [{id: x}]\n");
  EXPECT_THAT(lines(file, Table::atlantis_repo), ElementsAre("server | «/.*/» | 0 | /.*/ | w | «w»"));
  EXPECT_THAT(lines(other, Table::atlantis_config), IsEmpty());
}

TEST(AtlantisConfig, HasProjectsWithTheirFolders) {
  const Extracted file("atlantis_config",
                       "version: 3\nautodiscover: {mode: enabled}\nprojects:\n- {name: a, dir: ./x/, workflow: w, terraform_version: v1.5.0, autoplan: {when_modified: ['*.tf', ../m/*]}}\n"
                       "- {dir: ../up, workspace: s}\n- {dir: 'y/*'}\n- {name: n}\n- 7\nworkflows: {w: {}}\n");
  EXPECT_THAT(lines(file, Table::atlantis_config), ElementsAre("«version» | repository | 3 | «3» | enabled"));
  EXPECT_THAT(lines(file, Table::atlantis_project),
              ElementsAre("repository | «./x/» | 0 | a | «a» | ./x/ | x | 0 | default | w | «w» | v1.5.0 | «v1.5.0»",
                          "repository | «../up» | 1 | - | - | ../up | - | 0 | s | - | - | - | -", "repository | «y/*» | 2 | - | - | y/* | y/* | 1 | default | - | - | - | -",
                          "repository | «name» | 3 | n | «n» | - | - | 0 | default | - | - | - | -"));
  EXPECT_THAT(lines(file, Table::atlantis_pattern), ElementsAre("./x/ | «*.tf» | 0 | *.tf", "./x/ | «../m/*» | 1 | ../m/*"));
  EXPECT_THAT(lines(file, Table::atlantis_workflow), ElementsAre("repository | «w» | w"));
}

TEST(AtlantisServer, HasRepositoriesWhereTheListIsOneOfThem) {
  const Extracted file("atlantis_server", "repos:\n- {id: /.*/, workflow: w}\n- {id: github.com/a/b}\nworkflows: {w: {}}\n"), other("atlantis_server", "repos: [{name: x}]\n");
  EXPECT_THAT(lines(file, Table::atlantis_repo), ElementsAre("server | «/.*/» | 0 | /.*/ | w | «w»", "server | «github.com/a/b» | 1 | github.com/a/b | - | -"));
  EXPECT_THAT(lines(other, Table::atlantis_config), IsEmpty());
}

TEST(AtlantisServer, HasSettingsByTheirKeys) {
  const Extracted file("atlantis_server", "repos:\n- {id: /.*/, apply_requirements: [a, b], apply_settings: {team: t}}\nheartbeat: {interval: 5s}\nworkflows: {w: {x: 1}}\n");
  EXPECT_THAT(lines(file, Table::atlantis_setting),
              ElementsAre("server | /.*/ | - | «apply_requirements» | apply_requirements | - | [\"a\",\"b\"]", "server | /.*/ | - | «t» | apply_settings.team | t | -",
                          "server | - | - | «5s» | heartbeat.interval | 5s | -"));
}

TEST(Terraform, HasSourcesInRepositories) {
  const Extracted file("terraform", R"(module "a" { source = "git::https://github.com/acme/m.git//net/x?depth=1&ref=v1.2" }
module "b" { source = "github.com/acme/m//net" }
module "c" { source = "git@github.com:acme/m.git?ref=next" }
module "d" { source = "git::ssh://git@gitlab.example/group/sub/m.git" }
module "e" { source = "terraform-aws-modules/vpc/aws" }
module "f" { source = "../m" }
module "g" { source = "s3::https://s3.example/m.zip" }
module "h" { source = "github.com/acme" }
module "i" { source = "git::https://github.com/acme/m.git//../x" }
source = "github.com/acme/m"
)");
  EXPECT_THAT(lines(file, Table::module_source),
              ElementsAre("module | «git::https://github.com/acme/m.git//net/x?depth=1&ref=v1.2» | github.com | acme/m | net/x | «net/x» | v1.2 | «v1.2»",
                          "module | «github.com/acme/m//net» | github.com | acme/m | net | «net» | - | -",
                          "module | «git@github.com:acme/m.git?ref=next» | github.com | acme/m |  | - | next | «next»",
                          "module | «git::ssh://git@gitlab.example/group/sub/m.git» | gitlab.example | group/sub/m |  | - | - | -"));
}

TEST(Compose, HasWhatServicesTakeOfTheHost) {
  const Extracted file("compose",
                       "services:\n  a:\n    image: x\n    network_mode: host\n    env_file: [./a.env, {path: b.env, required: false}]\n    volumes: [./d:/d:ro, named:/n, {type: bind, source: ~/e, target: /e}]\n"
                       "    ports: ['127.0.0.1:80:8080/tcp', '90', '1-2:3-4', {target: 5, published: '6'}]\n  b: ~\n");
  EXPECT_THAT(lines(file, Table::compose_service), ElementsAre("«a» | a | x | host"));
  EXPECT_THAT(lines(file, Table::compose_file),
              ElementsAre("a | «./a.env» | env_file | ./a.env | 1", "a | «b.env» | env_file | b.env | 0", "a | «./d» | volume | ./d | 1", "a | «~/e» | volume | ~/e | 1"));
  EXPECT_THAT(lines(file, Table::compose_port),
              ElementsAre("a | «127.0.0.1:80:8080/tcp» | 80 | 8080", "a | «90» | - | 90", "a | «1-2:3-4» | - | -", "a | «5» | 6 | 5"));
}

TEST(Guide, NamesEnvironmentFilesAndTunnels) {
  const Extracted file("guide", "Write `~/a.env`, ./x/.b.env and c.env.\nNot x.envy, .env.example or environment.\n    ngrok http --domain=x 4141\nngrok http $PORT\n");
  EXPECT_THAT(lines(file, Table::guide_mention),
              ElementsAre("«~/a.env» | env_file | ~/a.env | -", "«./x/.b.env» | env_file | ./x/.b.env | -", "«c.env» | env_file | c.env | -", "«4141» | tunnel_port | 4141 | -"));
}

TEST(Guide, ListsWhatAnAppMayDo) {
  const Extracted file("guide", "* Checks - Read and Write\n* Sauces - Read\n1. Members: Read-only\nSubscribe to events\n* Push\n* Lunch\n\nelse\n- Push\n- Pull Requests: Read & Write\r\n");
  EXPECT_THAT(lines(file, Table::guide_mention),
              ElementsAre("«Checks» | app_permission | checks=write | 0", "«Members» | app_permission | members=read | 0", "«Push» | app_event | push | 0",
                          "«Pull Requests» | app_permission | pull_requests=write | 1"));
}

}  // namespace
}  // namespace trueup::facts
