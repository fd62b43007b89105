#include "live/kubeconfig.hpp"

#include <map>

#include <gmock/gmock.h>

#include "live/base64.hpp"

namespace trueup::live {
namespace {

using testing::HasSubstr;

struct World {
  std::map<std::string, std::string> variables = {{"HOME", "/home/a"}};
  std::map<std::string, std::string> files;

  Surroundings surroundings() const {
    Surroundings world = empty_surroundings();
    world.environment = [this](std::string_view name) -> std::optional<std::string> {
      const auto found = variables.find(std::string(name));
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    world.read_file = [this](const std::string& path) -> Result<std::string> {
      const auto found = files.find(path);
      if (found == files.end()) return Error{Fault::not_found, "no file"};
      return found->second;
    };
    return world;
  }
};

const std::string kConfig = R"(
current-context: prod
contexts:
- {name: prod, context: {cluster: c1, user: robot, namespace: argocd}}
- {name: staging, context: {cluster: c2, user: cert}}
- {name: cloud, context: {cluster: c1, user: cloud}}
- {name: open, context: {cluster: c3, user: robot}}
- {name: lost, context: {cluster: nowhere, user: robot}}
- {name: file, context: {cluster: c1, user: file}}
clusters:
- {name: c1, cluster: {server: "https://one.example:6443/", certificate-authority-data: )" + base64_encode("CA ONE") + R"(}}
- {name: c2, cluster: {server: "https://two.example", certificate-authority: ca.pem}}
- {name: c3, cluster: {server: "https://three.example", insecure-skip-tls-verify: true}}
users:
- {name: robot, user: {token: s3cret}}
- {name: cert, user: {client-certificate: /etc/cert.pem, client-key-data: )" + base64_encode("KEY") + R"(}}
- {name: cloud, user: {exec: {command: cloud-auth}}}
- {name: file, user: {tokenFile: token}}
)";

World world_with_config() {
  World world;
  world.files = {{"/home/a/.kube/config", kConfig}, {"/home/a/.kube/ca.pem", "CA TWO"}, {"/etc/cert.pem", "CERT"}, {"/home/a/.kube/token", "fr0m-file\n"}};
  return world;
}

TEST(Kubeconfig, CurrentContextHasServerAuthorityAndToken) {
  const World world = world_with_config();
  const auto access = read_kubeconfig("", world.surroundings());
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "https://one.example:6443");
  EXPECT_EQ(access->host.to_string(), "one.example:6443");
  EXPECT_EQ(access->tls.ca_pem, "CA ONE");
  EXPECT_EQ(access->token->secret.reveal(), "s3cret");
  EXPECT_EQ(access->token->source, "/home/a/.kube/config");
  EXPECT_EQ(access->context, "prod");
}

TEST(Kubeconfig, ClientCertificateAndFilesBesideIt) {
  const World world = world_with_config();
  const auto access = read_kubeconfig("staging", world.surroundings());
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->tls.ca_pem, "CA TWO");
  EXPECT_EQ(access->tls.client_certificate_pem, "CERT");
  EXPECT_EQ(access->tls.client_key_pem.reveal(), "KEY");
  EXPECT_FALSE(access->token);
  EXPECT_EQ(read_kubeconfig("file", world.surroundings())->token->secret.reveal(), "fr0m-file");
}

TEST(Kubeconfig, SeveralFilesAreOneAndTheFirstWins) {
  World world = world_with_config();
  world.variables["KUBECONFIG"] = "/a:/missing:/home/a/.kube/config";
  world.files["/a"] = "current-context: staging\nusers:\n- {name: cert, user: {token: first}}\n";
  const auto access = read_kubeconfig("", world.surroundings());
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->context, "staging");
  EXPECT_EQ(access->token->secret.reveal(), "first");
}

TEST(Kubeconfig, WhatIsNotDoneSaysTheWayOut) {
  World world = world_with_config();
  const struct {
    const char* context;
    const char* message;
  } cases[] = {{"cloud", "gets tokens from a program (exec: cloud-auth), which is not run"},
               {"open", "insecure-skip-tls-verify"},
               {"lost", "names a cluster that kubeconfig has not"},
               {"nothing", "has no context nothing; it has prod, staging"}};
  for (const auto& [context, message] : cases) {
    const auto access = read_kubeconfig(context, world.surroundings());
    ASSERT_FALSE(access) << context;
    EXPECT_THAT(access.error().message, HasSubstr(message));
    EXPECT_EQ(access.error().message.find("s3cret"), std::string::npos);
  }
  world.files.clear();
  EXPECT_THAT(read_kubeconfig("", world.surroundings()).error().message, HasSubstr("no kubeconfig at /home/a/.kube/config"));
  world.files["/home/a/.kube/config"] = "contexts: [";
  EXPECT_EQ(read_kubeconfig("", world.surroundings()).error().fault, Fault::malformed);
}

TEST(Kubeconfig, ServiceAccountIsThatOfThePod) {
  World world;
  EXPECT_EQ(read_service_account(world.surroundings()).error().fault, Fault::not_found);
  world.variables["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
  world.files["/var/run/secrets/kubernetes.io/serviceaccount/token"] = "t\n";
  world.files["/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"] = "CA";
  const auto access = read_service_account(world.surroundings());
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->server, "https://10.0.0.1:443");
  EXPECT_EQ(access->token->secret.reveal(), "t");
  EXPECT_EQ(access->tls.ca_pem, "CA");
}

}  // namespace
}  // namespace trueup::live
