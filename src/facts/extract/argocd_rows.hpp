#pragma once

#include <string>

#include "facts/extract/manifest_reader.hpp"

namespace trueup::facts {

/// What an Application's row takes from elsewhere than its own mapping.
struct ApplicationOrigin {
  std::int64_t document = 0;           ///< number in the stream, or in a list of objects
  LocalId application_set;             ///< none: written as one
  SpanRef element;                     ///< what gives its parameters
  std::optional<std::string> uncertain;  ///< why any of it may be otherwise
  std::optional<std::string> slugs = {};  ///< blob_application.element_slugs
};

/// An Application: a mapping with metadata and spec, as a manifest, a template of a set, an item of a list or an answer of a
/// server has it. Reads metadata and spec, whatever `kind` says, and gives its row: blob_application, _source, _value_file,
/// _parameter, _value, _image, _ignore, _sync_option, _annotation. In application_rows.cpp.
LocalId add_application(ManifestReader& reader, formats::NodeIndex object, const ApplicationOrigin& origin);

/// Its spec as it is compared with a live one: blob_application_spec, _field. In application_spec_rows.cpp.
void add_application_spec(ManifestReader& reader, LocalId application, formats::NodeIndex spec);

/// A source of an Application, with its value files, parameters, values and images. In application_source_rows.cpp.
void add_application_source(ManifestReader& reader, LocalId application, formats::NodeIndex source, std::int64_t position);

/// An AppProject: blob_project, _source, _destination. In project_rows.cpp.
LocalId add_project(ManifestReader& reader, formats::NodeIndex object, std::int64_t document);

/// What an ImageUpdater says of Applications: blob_image_updater. In argocd_settings_rows.cpp.
void add_image_updater(ManifestReader& reader, formats::NodeIndex object);
/// What the ConfigMap argocd-cm says of differences: blob_resource_ignore. In argocd_settings_rows.cpp.
void add_settings(ManifestReader& reader, formats::NodeIndex object);

/// An ApplicationSet whose generators are not looked at: its row, and one of an Application as its template has it.
LocalId add_unexpanded_set(ManifestReader& reader, formats::NodeIndex object, std::int64_t document, std::string because);

/// The Applications and projects of a stream, each alone or in a list (`items`), and what kustomizations change in
/// Applications. Sets are left to application_set_rows.hpp: what they make hangs on more than these bytes. In argocd_rows.cpp.
void add_argocd_objects(BlobRows& rows, const formats::Document& document);

}  // namespace trueup::facts
