#include "formats/set_template.hpp"

#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

SetParameter text(std::string value) { return SetParameter::of(std::move(value)); }

SetParameter parameters() {
  SetParameter all, path, segments, metadata;
  segments.kind = SetParameter::Kind::list;
  segments.entries = {{"", text("apps")}, {"", text("atlas")}};
  path.set("path", text("apps/atlas"));
  path.set("basename", text("atlas"));
  path.set("segments", segments);
  path.text = "apps/atlas";
  metadata.set("labels.env", text("prod"));
  all.set("cluster", text("Prod-EU"));
  all.set("empty", text(""));
  all.set("path", path);
  all.set("metadata", metadata);
  return all;
}

struct Case {
  const char *written, *filled;
};

TEST(SetTemplate, PlainTextsAreFilledByName) {
  for (const Case& c : {Case{"{{cluster}}", "Prod-EU"}, Case{"a-{{ cluster }}-b", "a-Prod-EU-b"}, Case{"{{path}}/{{path.basename}}/{{path[0]}}", "apps/atlas/atlas/apps"},
                        Case{"{{metadata.labels.env}}", "prod"}, Case{"{{name}}-{{cluster}}", "{{name}}-Prod-EU"}, Case{"{{path[7]}}", "{{path[7]}}"},
                        Case{"{{", "{{"}, Case{"{{}}", "{{}}"}, Case{"{{ .cluster }}", "{{ .cluster }}"}, Case{"no", "no"}})
    EXPECT_EQ(fill_set_template(c.written, parameters(), false), c.filled) << c.written;
}

TEST(SetTemplate, GoTemplatesHaveFieldsAndSomeFunctions) {
  for (const Case& c :
       {Case{"{{.cluster}}", "Prod-EU"}, Case{"{{ .path.basename }}-x", "atlas-x"}, Case{"{{ lower .cluster }}", "prod-eu"}, Case{"{{ .cluster | lower | quote }}", "\"prod-eu\""},
        Case{"{{ default \"x\" .empty }}", "x"}, Case{"{{ .none | default \"y\" }}", "y"}, Case{"{{ .none }}", "{{ .none }}"},
        Case{"{{ index .path.segments 1 }}", "atlas"}, Case{"{{ index .path \"basename\" }}", "atlas"}, Case{"{{ index .path.segments 9 }}", "{{ index .path.segments 9 }}"},
        Case{"{{ .cluster | trunc 4 }}", "Prod"}, Case{"{{ trunc -2 .cluster }}", "EU"}, Case{"{{ replace \"-\" \"_\" .cluster }}", "Prod_EU"},
        Case{"a {{- .cluster -}} b", "aProd-EUb"}, Case{"a {{- .none -}} b", "a {{- .none -}} b"}, Case{"{{ if .x }}y{{ end }}", "{{ if .x }}y{{ end }}"},
        Case{"{{ (lower .cluster) | trunc 4 }}", "prod"}, Case{"{{ .path }}", "{{ .path }}"}, Case{"{{ toYaml .path }}", "{{ toYaml .path }}"},
        Case{"{{ `a` }}", "a"}, Case{"{{ .cluster | }}", "{{ .cluster | }}"}, Case{"{{ \"a }}", "{{ \"a }}"}, Case{"{{ default }}", "{{ default }}"}})
    EXPECT_EQ(fill_set_template(c.written, parameters(), true), c.filled) << c.written;
}

TEST(SetTemplate, WhatGrowsWithoutEndStaysAsItIs) {
  SetParameter all;
  all.set("a", text(std::string(2'000, 'a')));
  const std::string grows = "{{ replace \"a\" .a (replace \"a\" .a .a) }}";
  EXPECT_EQ(fill_set_template(grows, all, true), grows);
}

}  // namespace
}  // namespace trueup::formats
