// A server whose certificate nobody vouches for is no source: the run ends red for that reason alone. The server is OpenSSL's own,
// on the loopback; its pages are whole HTTP answers in files.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdlib.h>

#include "e2e/run_cli.hpp"
#include "live/child_process.hpp"
#include "live/fault_server.hpp"
#include "live/temporary_folder.hpp"

namespace trueup::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class TlsE2e : public testing::Test {
 protected:
  void SetUp() override {
    const std::string openssl = live_test::find_program("openssl");
    if (openssl.empty()) GTEST_SKIP() << "openssl is not installed: apt-get install openssl";
    const std::string key = (work_.path() / "key.pem").string();
    certificate_ = (work_.path() / "cert.pem").string();
    live_test::ChildProcess make({openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", certificate_,
                                  "-days", "2", "-subj", "/CN=trueup", "-addext", "subjectAltName=IP:127.0.0.1"},
                                 work_.path() / "req.log");
    ASSERT_EQ(make.wait(), 0) << live_test::read_file(work_.path() / "req.log");
    host_ = "127.0.0.1:" + std::to_string(live_test::unused_port());
    const std::string index = "apiVersion: v1\nentries:\n  redis:\n  - {name: redis, version: 1.0.0, urls: [redis.tgz]}\n";
    work_.write("www/stable/index.yaml", "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(index.size()) + "\r\n\r\n" + index);
    server_ = std::make_unique<live_test::ChildProcess>(
        std::vector<std::string>{"/bin/sh", "-c", "cd \"$1\" && exec \"$2\" s_server -accept \"$3\" -key \"$4\" -cert \"$5\" -HTTP -quiet", "sh",
                                 (work_.path() / "www").string(), openssl, host_, key, certificate_},
        work_.path() / "server.log");
    ::setenv("TRUEUP_TEST_TLS", "t0ken-s3cret", 1);
  }
  ~TlsE2e() override {
    for (const char* name : {"TRUEUP_TEST_TLS", "KUBECONFIG"}) ::unsetenv(name);
  }

  /// Asks until the server is up: before, it refuses the connection.
  Outcome check(const std::string& rules, const std::string& ca_file) {
    work_.write("hosts.yaml", "version: 1\nhosts: {\"" + host_ + "\": {token_env: TRUEUP_TEST_TLS" + (ca_file.empty() ? "" : ", ca_file: " + ca_file) + "}}\n");
    Outcome outcome;
    for (int turn = 0; turn < 40; ++turn) {
      outcome = run_cli(repository_.path(), {"check", "--only", rules, "--fail-on", "note", "--all"}, {{"TRUEUP_HOSTS", (work_.path() / "hosts.yaml").string()}});
      if ((outcome.out + outcome.err).find("no connection to") == std::string::npos) break;
      ::usleep(50'000);
    }
    return outcome;
  }

  Folder work_, repository_;
  std::string host_, certificate_;
  std::unique_ptr<live_test::ChildProcess> server_;
};

TEST_F(TlsE2e, ACertificateThatNobodyVouchesForEndsTheRunRedWithoutAFinding) {
  const struct {
    const char* rules;
    std::string path, text, told;
  } sources[] = {
      {"A20", "trueup.yaml", "version: 1\nslug: acme/deploy\nkubernetes: {prod: {context: prod}}\n", "certificate"},
      {"C30", "trueup.yaml", "version: 1\nrepositories:\n  acme/metastore: {path: metastore, forge: \"" + host_ + "\"}\n  acme/deploy: {path: deploy}\n"
                             "forges: {\"" + host_ + "\": {kind: gitlab, url: \"https://" + host_ + "\"}}\n"
                             "promises: {chart: {owners: {atlas: acme/metastore}, versions: \"{base}-{branch}.{commit}\"}}\n", "certificate"},
      {"S37", "trueup.yaml", "version: 1\nslug: acme/streams\nrepositories: {acme/streams: {path: ., default_branch: main}}\nstreams:\n  production: {project: 64a0000000000000000000aa, url: \"https://" + host_ + "\"}\n", "certificate"},
      {"C40", "Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies: [{name: redis, version: 9.9.9, repository: \"https://" + host_ + "/stable\"}]\n", "certificate"},
      // A registry of this machine is asked without TLS.
      {"C01", "Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies: [{name: redis, version: 9.9.9, repository: \"oci://" + host_ + "/charts\"}]\n", "closed the connection"},
      {"A20", "trueup.yaml", "version: 1\nslug: acme/deploy\nargocd: {prod: {url: \"https://" + host_ + "\"}}\n", "certificate"},
      {"W06", "trueup.yaml", "version: 1\nslug: acme/app\nrepositories: {acme/app: {path: ., forge: \"" + host_ + "\"}}\nforges: {\"" + host_ + "\": {kind: github, url: \"https://" + host_ + "\"}}\n", "certificate"},
  };
  repository_.write(".github/workflows/a.yml", "on: push\njobs: {go: {runs-on: x, steps: [{run: gh workflow run build.yml -R acme/old}]}}\n");
  repository_.write("argocd/one.yaml",
                    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: one, namespace: argocd}\nspec:\n  project: fleet\n"
                    "  source: {repoURL: registry.example/charts, chart: atlas, targetRevision: 1.0.0}\n  destination: {server: \"https://kubernetes.default.svc\", namespace: one}\n");
  repository_.write("kubeconfig", "apiVersion: v1\nkind: Config\ncurrent-context: prod\nclusters: [{name: c, cluster: {server: \"https://" + host_ + "\"}}]\n"
                                  "users: [{name: u, user: {token: t0ken-s3cret}}]\ncontexts: [{name: prod, context: {cluster: c, user: u}}]\n");
  ::setenv("KUBECONFIG", (repository_.path() / "kubeconfig").c_str(), 1);
  const std::string pipeline = R"("pipeline": [{"$source": {"connectionName": "in"}}, {"$merge": {"into": {"connectionName": "out", "db": "d", "coll": "c"}}}])";
  repository_.write("processors/a.json", R"({"name": "a", )" + pipeline + "}\n");
  repository_.write("metastore/.github/workflows/publish.yml",
                    "on: {push: {branches: [staging]}}\njobs:\n  publish: {runs-on: x, steps: [{run: helm push atlas.tgz oci://registry.example/charts}]}\n");
  repository_.write("deploy/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies: [{name: atlas, version: 1.0.0-staging.abc1234, repository: \"oci://registry.example/charts\"}]\n");
  repository_.write("environments/production/config.env", "WORKSPACE_NAME=shop\n");
  for (const auto& [rules, path, text, told] : sources) {
    SCOPED_TRACE(rules);
    repository_.write(path, text);
    const Outcome outcome = check(rules, "");
    EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("no findings"));
    EXPECT_THAT(outcome.out + outcome.err, HasSubstr(told));
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("s3cret")));
    std::filesystem::remove(repository_.path() / path);
  }
}

TEST_F(TlsE2e, OneThatTheOperatorVouchesForIsASource) {
  repository_.write("Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies: [{name: redis, version: 9.9.9, repository: \"https://" + host_ + "/stable\"}]\n");
  const Outcome outcome = check("C40", certificate_);
  EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("9.9.9"));
}

}  // namespace
}  // namespace trueup::e2e
