#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "facts/blob_rows.hpp"
#include "formats/application_set.hpp"

namespace trueup::facts {

/// The kind of the second member that a file with ApplicationSets is: what they make hangs on other files besides its own bytes.
inline constexpr std::string_view kApplicationSetsKind = "application_sets";

/// Whether a text may hold one; told by a word, before it is parsed.
bool may_hold_application_sets(std::string_view source);

/// The ApplicationSets of one text of YAML or JSON, and what they make in one state of the repositories that they look into.
class ApplicationSets {
 public:
  /// `source` must outlive the object.
  explicit ApplicationSets(std::string_view source);

  bool empty() const { return sets_.empty(); }
  /// Works the elements out. Gives a text that is the same for the same elements.
  std::string expand(formats::GeneratorTrees& trees);
  /// The rows of what expand() found: blob_application_set, and of each Application that it makes what add_application() gives; of
  /// a set that is not known to its end one more, with the template as it is written.
  void add_rows(BlobRows& rows) const;

 private:
  ApplicationSets(std::string_view source, bool json);

  struct Set {
    formats::NodeIndex object = formats::kNoNode;
    std::int64_t document = 0;
    formats::SetElements made;
  };
  formats::Document document_;
  std::vector<Set> sets_;
};

}  // namespace trueup::facts
