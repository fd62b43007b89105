#pragma once

#include <set>
#include <string>

namespace trueup::facts {

/// The entries of helm.parameters that ArgoCD's image updater writes into an Application, image by image.
/// Source: its documentation, "Application configuration"; the names that it takes where nobody says any are its own.
class WrittenParameters {
 public:
  /// What annotations or an ImageUpdater say of one image, each empty where they do not: the parameter of the whole reference, those of its
  /// name and its tag. Of the latter two one that is not said is image.name or image.tag, unless the whole is.
  void add(const std::string& spec, const std::string& name, const std::string& tag) {
    if (!spec.empty()) names_.insert(spec);
    if (!name.empty() || spec.empty()) names_.insert(name.empty() ? "image.name" : name);
    if (!tag.empty() || spec.empty()) names_.insert(tag.empty() ? "image.tag" : tag);
  }
  /// A JSON array.
  std::string json() const;

 private:
  std::set<std::string> names_;
};

}  // namespace trueup::facts
