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
    EXPECT_EQ(values.pointers, pointers) << text;
    EXPECT_EQ(values.all, all) << text;
  }
}

TEST(TemplateValues, LongTextsTakeTimeInProportion) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "{{ .Values.a }}{{";
  EXPECT_EQ(read_template_values(text).pointers.size(), 200'000u);
}

}  // namespace
}  // namespace trueup::formats
