#include "facts/extract/application_set_rows.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "facts/application_fields.hpp"
#include "facts/extract/argocd_rows.hpp"
#include "facts/extract/document_rows.hpp"
#include "formats/json.hpp"
#include "formats/remote_url.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

using formats::kNoNode;
using formats::NodeIndex;

/// The texts of a template for one element.
class ElementTexts final : public TemplateTexts {
 public:
  ElementTexts(const formats::SetParameter& parameters, bool go_template) : parameters_(parameters), go_template_(go_template) {}
  std::string fill(std::string_view written) const override { return formats::fill_set_template(written, parameters_, go_template_); }

 private:
  const formats::SetParameter& parameters_;
  bool go_template_;
};

void append(std::string& text, const formats::SetParameter& parameter) {
  text += std::to_string(static_cast<int>(parameter.kind)) + ':' + std::to_string(parameter.text.size()) + ':' + parameter.text;
  for (const auto& [key, value] : parameter.entries) {
    text += std::to_string(key.size()) + '=' + key;
    append(text, value);
  }
  text += ';';
}

/// " acme/charts ": where git generators found an element.
std::optional<std::string> slugs_of(const formats::SetElement& element) {
  std::string slugs;
  for (const std::string& url : element.repo_urls)
    if (const auto address = formats::parse_remote_url(url)) slugs += ' ' + ascii_lower(address->slug) + ' ';
  return slugs.empty() ? std::nullopt : std::optional(slugs);
}

}  // namespace

bool may_hold_application_sets(std::string_view source) { return source.find("ApplicationSet") != source.npos && source.find("generators") != source.npos; }

ApplicationSets::ApplicationSets(std::string_view source) : ApplicationSets(source, is_json(source)) {}

ApplicationSets::ApplicationSets(std::string_view source, bool json) : document_(json ? formats::parse_json(source) : formats::parse_yaml(source)) {
  if (document_.problem()) return;
  std::int64_t number = 0;
  for (const NodeIndex root : document_.roots()) {
    const std::int64_t document = number++;
    if (document_.text(document_.child(root, "kind")) != "ApplicationSet") continue;
    if (!document_.text(document_.child(root, "apiVersion")).value_or("").starts_with("argoproj.io/")) continue;
    if (json && document_.child(document_.child(root, "metadata"), "uid") != kNoNode) continue;  // what a server gave
    if (document_.child(document_.child(root, "spec"), "generators") != kNoNode) sets_.push_back({document_.resolved(root), document, {}});
  }
}

std::string ApplicationSets::expand(formats::GeneratorTrees& trees) {
  std::string elements;
  for (Set& set : sets_) {
    set.made = formats::expand_generators(document_, document_.child(set.object, "spec"), trees);
    elements += set.made.because.value_or("") + '|';
    for (const formats::SetElement& element : set.made.elements) {
      elements += std::to_string(element.place);
      append(elements, element.parameters);
    }
  }
  return sha256_hex(elements);
}

void ApplicationSets::add_rows(BlobRows& rows) const {
  // What is wrong with a template is wrong at one place, however many Applications it makes.
  ManifestReader::Spans spans;
  ManifestReader reader(rows, document_, nullptr, &spans);
  for (const Set& set : sets_) {
    const NodeIndex metadata = reader.child(set.object, "metadata"), spec = reader.child(set.object, "spec"), name = reader.child(metadata, "name"),
                    object = reader.child(spec, "template");
    const bool go_template = reader.is_true(reader.child(spec, "goTemplate"));
    std::optional<std::string> uncertain = set.made.overridden;
    if (reader.text(spec, "templatePatch")) uncertain = "a templatePatch may change it";
    ApplicationSetRow row;
    row.name = reader.text(name);
    row.span = reader.span(row.name ? name : reader.child(set.object, "kind"));
    row.document = set.document;
    row.object_namespace = reader.text(metadata, "namespace");
    row.generated = static_cast<std::int64_t>(set.made.elements.size());
    row.complete = !set.made.because;
    row.because = set.made.because;
    const LocalId id = rows.add(std::move(row));
    if (rows.wants(Table::application_set_spec) || rows.wants(Table::application_set_field)) {
      const auto fields = application_set_fields(document_, spec);
      if (!reader.pay(fields.size())) break;
      rows.add(ApplicationSetSpecRow{id, to_json(fields)});
      for (const ApplicationField& field : fields) rows.add(ApplicationSetFieldRow{id, reader.span(field.node), field.pointer});
    }
    for (const formats::SetElement& element : set.made.elements) {
      const ElementTexts texts(element.parameters, go_template);
      ManifestReader filled(rows, document_, &texts, &spans);
      add_application(filled, object, {set.document, id, reader.span(element.place), uncertain, slugs_of(element)});
      if (filled.finish(), rows.state != BlobState::parsed) return;
    }
    if (set.made.because) add_application(reader, object, {set.document, id, {}, uncertain});
  }
  reader.finish();
}

}  // namespace trueup::facts
