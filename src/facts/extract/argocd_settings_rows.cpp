// What leaves fields of live objects to others: ArgoCD's own settings, and its image updater's.

#include "facts/extract/argocd_rows.hpp"
#include "facts/image_updater.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::NodeIndex;

class IgnoreReader {
 public:
  IgnoreReader(ManifestReader& reader, NodeIndex place) : reader_(reader), place_(place) {}

  /// A text of jsonPointers, jqPathExpressions and managedFieldsManagers, for the kind that `key` names: "apps_Deployment", "Secret", "all".
  void read(std::string_view key, std::string_view text) {
    const std::size_t between = key.find_first_of("_/");
    if (key == "all" || key == "*/*") group_ = kind_ = "*";
    else if (between == key.npos) kind_ = key;
    else group_ = key.substr(0, between), kind_ = key.substr(between + 1);
    const Document inner = formats::parse_yaml(text);
    if (inner.problem()) return add("unread", "");
    for (const auto& [name, language] : {std::pair{"jsonPointers", "json_pointer"}, {"jqPathExpressions", "jq"}, {"managedFieldsManagers", "manager"}})
      for (const NodeIndex path : inner.children(inner.child(inner.root(), name)))
        if (const auto written = inner.text(path)) add(language, *written);
  }

 private:
  void add(std::string_view language, std::string_view path) {
    if (!reader_.pay(1)) return;
    reader_.rows().add(ResourceIgnoreRow{reader_.span(place_), group_, kind_, std::string(language), std::string(path)});
  }

  ManifestReader& reader_;
  const NodeIndex place_;
  std::string group_, kind_;
};

}  // namespace

void add_settings(ManifestReader& reader, NodeIndex object) {
  constexpr std::string_view kOne = "resource.customizations.ignoreDifferences.", kAll = "resource.customizations";
  if (!reader.rows().wants(Table::resource_ignore)) return;
  reader.for_each_entry(reader.child(object, "data"), [&](std::string_view key, NodeIndex value) {
    const auto text = reader.text(value);
    if (!text || !reader.pay(text->size() / 16)) return;
    if (key.starts_with(kOne)) IgnoreReader(reader, value).read(key.substr(kOne.size()), *text);
    if (key != kAll) return;  // the older way: a mapping of "group/Kind"
    const Document settings = formats::parse_yaml(*text);
    if (settings.problem() || !settings.is_mapping(settings.root())) return;
    for (const NodeIndex kind : settings.children(settings.root()))
      if (const auto inner = settings.text(settings.child(kind, "ignoreDifferences")))
        IgnoreReader(reader, value).read(settings.text(settings[kind].key).value_or(""), *inner);
  });
}

void add_image_updater(ManifestReader& reader, NodeIndex object) {
  if (!reader.rows().wants(Table::image_updater)) return;
  const NodeIndex spec = reader.child(object, "spec");
  const auto of_all = reader.text(reader.child(spec, "writeBackConfig"), "method");
  auto where = reader.text(spec, "namespace");
  if (!where) where = reader.text(reader.child(object, "metadata"), "namespace");
  reader.for_each_element(reader.child(spec, "applicationRefs"), [&](NodeIndex entry, std::uint32_t) {
    const NodeIndex pattern = reader.child(entry, "namePattern");
    const auto name = reader.text(pattern), method = reader.text(reader.child(entry, "writeBackConfig"), "method");
    if (!name) return;
    WrittenParameters written;
    reader.for_each_element(reader.child(entry, "images"), [&](NodeIndex image, std::uint32_t) {
      const NodeIndex helm = reader.child(reader.child(image, "manifestTargets"), "helm");
      written.add(reader.text(helm, "spec").value_or(""), reader.text(helm, "name").value_or(""), reader.text(helm, "tag").value_or(""));
    });
    if (reader.child(entry, "images") == formats::kNoNode) written.add("", "", "");
    reader.rows().add(ImageUpdaterRow{reader.span(pattern), where, *name, reader.child(entry, "labelSelectors") != formats::kNoNode, method ? *method : of_all.value_or("argocd"), written.json()});
  });
}

}  // namespace trueup::facts
