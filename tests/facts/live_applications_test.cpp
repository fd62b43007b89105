#include "facts/live_applications.hpp"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "facts/application_fields.hpp"
#include "formats/json.hpp"
#include "formats/resource_list.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string fields_of(const std::string& yaml) {
  const formats::Document document = formats::parse_yaml(yaml);
  EXPECT_FALSE(document.problem());
  return to_json(application_fields(document, document.root()));
}

TEST(ApplicationFields, WhatTheServerLeavesOutIsNoDifference) {
  const struct {
    const char* what;
    const char* declared;
    const char* live;
  } cases[] = {
      {"false, zero, empty", "{project: p, syncPolicy: {automated: {prune: false}, syncOptions: [], retry: {limit: 0}}, info: null}",
       R"({"project":"p","syncPolicy":{"automated":{}}})"},
      {"the cluster's own name", "{destination: {name: in-cluster, namespace: a}}",
       R"({"destination":{"namespace":"a","server":"https://kubernetes.default.svc"}})"},
      {"order of keys, quotes", "{source: {targetRevision: '1.0', chart: atlas}}", R"({"source":{"chart":"atlas","targetRevision":"1.0"}})"},
      {"the empty source beside sources", "{sources: [{repoURL: a}]}", R"({"source":{"repoURL":""},"sources":[{"repoURL":"a"}]})"},
      {"one number, spelt twice", "{source: {helm: {valuesObject: {a: 1.50, b: 0x10, c: 1e3, d: 12}}}}",
       R"({"source":{"helm":{"valuesObject":{"a":1.5,"b":16,"c":1000,"d":12}}}})"},
      {"a text of several lines", "source:\n  helm:\n    values: |\n      a: \"b\"\n", R"({"source":{"helm":{"values":"a: \"b\"\n"}}})"},
      {"an alias", "{info: [{name: &x v, value: *x}]}", R"({"info":[{"name":"v","value":"v"}]})"},
  };
  for (const auto& [what, declared, live] : cases) EXPECT_EQ(fields_of(declared), fields_of(live)) << what;
}

TEST(ApplicationFields, WhatMeansSomethingIsKept) {
  const struct {
    const char* what;
    const char* one;
    const char* other;
  } cases[] = {
      {"a null of valuesObject", "{source: {helm: {valuesObject: {a: null}}}}", "{source: {helm: {valuesObject: {}}}}"},
      {"false of valuesObject", "{source: {helm: {valuesObject: {a: false}}}}", "{source: {helm: {valuesObject: {b: 1}}}}"},
      {"type of valuesObject", "{source: {helm: {valuesObject: {a: '1'}}}}", "{source: {helm: {valuesObject: {a: 1}}}}"},
      {"no history at all", "{revisionHistoryLimit: 0}", "{}"},
      {"automated switched off", "{syncPolicy: {automated: {enabled: false}}}", "{syncPolicy: {automated: {}}}"},
      {"automated or not", "{syncPolicy: {automated: {}}}", "{syncPolicy: {}}"},
      {"order of sources", "{sources: [{repoURL: a}, {repoURL: b}]}", "{sources: [{repoURL: b}, {repoURL: a}]}"},
      {"a key with a slash", "{source: {helm: {valuesObject: {a/b: 1}}}}", "{source: {helm: {valuesObject: {a: {b: 1}}}}}"},
  };
  for (const auto& [what, one, other] : cases) EXPECT_NE(fields_of(one), fields_of(other)) << what;
}

TEST(ApplicationFields, AliasesThatMultiplyEnd) {
  std::string yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string n = std::to_string(i), before = "*a" + std::to_string(i - 1);
    yaml += "a" + n + ": &a" + n + " [" + before;
    for (int j = 1; j < 10; ++j) yaml += ", " + before;
    yaml += "]\n";
  }
  const formats::Document document = formats::parse_yaml(yaml);
  EXPECT_LE(application_fields(document, document.root()).size(), 200'000u);
}

TEST(LiveApplication, StatusIsReadAsTheServerHasIt) {
  const auto row = read_live_application(R"({"metadata":{"name":"a","namespace":"argocd","deletionTimestamp":"2026-01-01T00:00:00Z",
      "ownerReferences":[{"kind":"ApplicationSet","name":"set"}],"annotations":{"argocd.argoproj.io/tracking-id":"parent:argoproj.io/Application:argocd/a",
      "argocd.argoproj.io/skip-reconcile":"true","argocd-image-updater.argoproj.io/image-list":"x=y"}},
      "spec":{"project":"p","destination":{"name":"in-cluster","namespace":"n"},"sources":[{"repoURL":"r","chart":"c"},{"repoURL":"g","ref":"v"}],
      "syncPolicy":{"automated":{"enabled":false}}},
      "status":{"sync":{"status":"OutOfSync","revisions":["1.0.1","abc"]},"health":{"status":"Degraded","lastTransitionTime":"2026-01-02T00:00:00Z"},
      "history":[{"id":0,"revisions":["1.0.0","old"]},{"id":1,"revisions":["1.0.1","new"],"deployedAt":"2026-01-03T00:00:00Z"}],
      "summary":{"images":["registry.example:5000/a/b:1.2@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]},
      "operationState":{"phase":"Failed","finishedAt":"2026-01-04T00:00:00Z","operation":{"initiatedBy":{"automated":true}}},
      "conditions":[{"type":"SyncError","message":"m","lastTransitionTime":"t"}],"resources":[{"kind":"Pod","name":"x","version":"v1"}]}})", {true, true});
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_EQ(row->owner_kind + " " + row->owner_name + " " + row->tracked_by, "ApplicationSet set parent");
  EXPECT_TRUE(row->deleting && row->skips_reconcile && row->writes_images);
  EXPECT_EQ(row->automated, 0);
  EXPECT_EQ(row->destination_server, "https://kubernetes.default.svc");
  EXPECT_EQ(row->sync_status + " " + row->health_status + " " + row->health_since, "OutOfSync Degraded 2026-01-02T00:00:00Z");
  EXPECT_EQ(row->operation_phase, "Failed");
  EXPECT_EQ(row->operation_automated, 1);
  ASSERT_EQ(row->sources.size(), 2u);
  EXPECT_EQ(row->sources[0].compared_revision + " " + row->sources[0].deployed_revision, "1.0.1 1.0.1");
  EXPECT_EQ(row->sources[1].deployed_revision + " " + row->sources[1].ref, "new v");
  EXPECT_EQ(row->compared_revision, "");  // there are several
  EXPECT_EQ(row->deployed_at, "2026-01-03T00:00:00Z");
  EXPECT_EQ(row->conditions.at(0).type, "SyncError");
  EXPECT_EQ(row->resources.at(0).object_kind, "Pod");
}

TEST(LiveApplication, WhatIsNoApplicationIsMalformed) {
  for (const char* text : {"", "[]", "{}", R"({"metadata":{"name":"a"}})", R"({"spec":{}})", R"({"metadata":{"name":null},"spec":{}})", "{\"a\":"})
    EXPECT_FALSE(read_live_application(text, {true, true})) << text;
  EXPECT_TRUE(read_live_application(R"({"metadata":{"name":"a"},"spec":{}})", {true, true}));
}

TEST(LiveApplication, EveryRecordedOneIsTheSameFromBothApis) {
  const char* shared = ::getenv("TRUEUP_SHARED");
  const std::filesystem::path folder = (shared ? shared : std::filesystem::path(TRUEUP_SOURCE_DIR) / ".." / "shared") / "recorded";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no recordings at " << folder << "; set TRUEUP_SHARED to the folder above recorded/";
  const auto read = [&](const std::string& file) {
    std::ifstream stream(folder / file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    const formats::Document document = formats::parse_json(text);
    const auto body = document.at(document.root(), {"response", "body"});
    auto row = read_live_application(slice(text, document[body].span), {true, true});
    EXPECT_TRUE(row) << file << ": " << row.error().message;
    return *row;
  };
  for (const char* name : {"t1-atlas", "t1-atlas-beta", "t2-atlas", "t3-atlas", "t4-atlas", "t5-atlas", "t6-atlas", "t6-broken"}) {
    SCOPED_TRACE(name);
    const auto rest = read("argocd/application-" + std::string(name) + "-200.json"), kubernetes = read("kubernetes/application-" + std::string(name) + "-200.json");
    EXPECT_EQ(rest.name, name);
    EXPECT_EQ(rest.fields, kubernetes.fields);
    EXPECT_EQ(rest.sync_status, kubernetes.sync_status);
    EXPECT_EQ(rest.images, kubernetes.images);
    EXPECT_EQ(rest.deployed_revision, kubernetes.deployed_revision);
  }
  const auto t4 = read("argocd/application-t4-atlas-200.json");
  EXPECT_EQ(t4.sync_status, "OutOfSync");
  EXPECT_THAT(t4.images, ElementsAre("registry.example.test/images/atlas:hotfix-7"));
  EXPECT_EQ(read("argocd/application-t5-atlas-200.json").sources.size(), 2u);
  EXPECT_THAT(read("argocd/application-t6-broken-200.json").conditions.at(0).type, HasSubstr("Error"));
  EXPECT_EQ(read("argocd/application-never-reconciled-200.json").sync_status, "");
  EXPECT_EQ(read("kubernetes/application-never-reconciled-200.json").health_status, "");
  EXPECT_TRUE(read("kubernetes/application-deleting-200.json").deleting);
}

TEST(LiveApplication, IsStoredWithEveryColumn) {
  Store store;
  LiveApplicationRow row;
  row.control_plane = "prod";
  row.name = "a";
  row.fields = "{}";
  row.sources.push_back({"r", "p", "", "v", "", "", ""});
  row.images = {"x/y:1"};
  row.conditions.push_back({"SyncError", "m", ""});
  row.resources.push_back({"", "Pod", "n", "x", "Synced", ""});
  const std::vector<LiveApplicationRow> rows(2, row);
  EXPECT_EQ(add_readings(store, rows), 1);
  for (const char* where : {"live_application WHERE name = 'a' AND deleting = 0 AND owner_kind IS NULL", "live_application_source WHERE live_application = 2",
                            "live_application_image WHERE tag = '1'", "live_application_condition WHERE type = 'SyncError'", "live_application_resource WHERE object_kind = 'Pod'"})
    EXPECT_TRUE(store.has_rows(where)) << where;
}

}  // namespace
}  // namespace trueup::facts
