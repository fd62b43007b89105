#include "formats/template_values.hpp"

#include <gmock/gmock.h>

namespace trueup::formats {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TemplateValues, AreNamedByFieldsAndByConstantKeys) {
  const struct {
    const char* text;
    std::vector<std::string> pointers;
    bool all;
  } cases[] = {
      {"image: {{ .Values.image.repository }}:{{.Values.image.tag|quote}}", {"/image/repository", "/image/tag"}, false},
      {"{{- if and $.Values.a (not $root.Values.b.c) -}}{{ .context.Values.d }}", {"/a", "/b/c", "/d"}, false},
      {"{{ index .Values \"a-b\" \"c/d\" }}{{ index .Values.x `y` }}{{ get .Values.m \"k\" }}", {"/a-b/c~1d", "/x/y", "/m/k"}, false},
      {"{{ dig \"a\" \"b\" \"fallback\" .Values }}{{ pluck \"p\" .Values }}", {"/a/b", "/p"}, false},
      {"{{ default \"x\" .Values.a }}{{ eq .Values.b \"c\" }}", {"/a", "/b"}, false},
      {"{{ hasKey .Values \"k\" }}", {"/k"}, false},
      {"{{ with .Values }}{{ .a }}{{ end }}", {}, true},
      {"{{ index .Values $key }}{{ .Values | toYaml }}", {}, true},
      {"{{ (index .Values.a $i).tag }}", {"/a"}, false},
      {"{{/* .Values.a */}} .Values.b {{ \".Values.c\" }}{{ `{{ .Values.d }}` }}", {}, false},
      {"{{ .Chart.Name }}{{ .MyValues.a }}{{ $Values.b }}{{ .Values.", {}, true},
      {"{{ \"unclosed .Values.a", {}, false},
      {"", {}, false},
  };
  for (const auto& [text, pointers, all] : cases) {
    const TemplateValues values = read_template_values(text);
    std::vector<std::string> read;
    for (const auto& one : values.reads) read.push_back(one.pointer);
    EXPECT_EQ(read, pointers) << text;
    EXPECT_EQ(values.all, all) << text;
  }
}

TEST(TemplateValues, AGuardIsWhatABlockNeeds) {
  const std::pair<std::string_view, std::vector<std::string>> cases[] = {
      {"{{- if .Values.a.b }}", {".Values.a.b"}},
      {"{{ if $.Values.a -}}", {"$.Values.a"}},
      {"{{ else if .Values.a }}", {".Values.a"}},
      {"{{ with .Values.a }}{{ else with .Values.b }}", {".Values.a", ".Values.b"}},
      {"{{ if and .Values.a (.Values.b) (eq .Values.c \"x\") (not .Values.d) }}", {".Values.a", ".Values.b"}},
      {"{{ if (.Values.a) }}", {".Values.a"}},
      {"{{ if or .Values.a .Values.b }}{{ if not .Values.c }}{{ if eq .Values.d 1 }}", {}},
      {"{{ if .Values.a | default true }}{{ with $x := .Values.b }}{{ if empty .Values.c }}", {}},
      {"{{ if index .Values.a \"b\" }}{{ range .Values.c }}{{ .Values.if }}{{ .Values.d }}", {}},
      {"{{ if", {}},
  };
  for (const auto& [text, guards] : cases) {
    std::vector<std::string> found;
    for (const auto& read : read_template_values(text).reads)
      if (read.guards) found.emplace_back(slice(text, read.range));
    EXPECT_EQ(found, guards) << text;
  }
}

TEST(TemplateValues, LongTextsTakeTimeInProportion) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "{{ .Values.a }}{{";
  EXPECT_EQ(read_template_values(text).reads.size(), 200'000u);
}

}  // namespace
}  // namespace trueup::formats
