#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "facts/extract/document_rows.hpp"
#include "formats/chart_lock.hpp"
#include "formats/document.hpp"

namespace trueup::facts {

/// Reads mappings of a chart's files as Helm reads them into its structs: YAML to JSON with sorted keys, then Go's JSON
/// reader, which takes a key in any case and lets the last one win. Merge keys count, nulls leave a field as it was.
///
/// Aliases let a small file ask for much: what is read in all is bounded, and is_spent() tells when to give up.
class HelmFields {
 public:
  explicit HelmFields(const formats::Document& document) : document_(document) {}

  /// The value of a field, aliases resolved; kNoNode where it is not written. A null counts as written.
  formats::NodeIndex field(formats::NodeIndex mapping, std::string_view name);
  /// What a field of type string holds; nothing where it is not written, or is no scalar.
  std::optional<std::string> text(formats::NodeIndex value);
  /// A field of type bool; anything but a true one is false.
  bool is_true(formats::NodeIndex value);

  /// An entry of `dependencies:`, not sanitised.
  formats::ChartDependency dependency(formats::NodeIndex entry);

  /// The mappings among the elements of a list of dependencies, each with its node in the list: null entries, which Helm
  /// refuses, and other shapes are left out.
  std::vector<formats::NodeIndex> entries(formats::NodeIndex list);

  bool is_spent() const { return spent_; }

 private:
  struct Found {
    formats::NodeIndex value = formats::kNoNode;
    std::string_view key;
  };
  Found find(formats::NodeIndex mapping, std::string_view name, std::uint32_t depth);
  Found find_merged(formats::NodeIndex merged, std::string_view name, std::uint32_t depth);
  void visit(std::uint64_t nodes);
  std::string json(formats::NodeIndex value, std::uint32_t depth = 0);

  const formats::Document& document_;
  std::uint64_t visits_ = 0;
  bool spent_ = false;
};

/// A text field as Helm has it after loading the chart: Unicode spaces as U+0020, without characters that do not print.
std::string sanitised_text(std::string text);

/// The span of a chart's part: of the first of `values` that is written, else of the mapping's first key, else of the whole.
SpanRef span_of_first(BlobRows& rows, const formats::Document& document, formats::NodeIndex mapping,
                      std::initializer_list<formats::NodeIndex> values);

/// What give_up() says when HelmFields is spent.
inline constexpr std::string_view kTooManyAliases = "its aliases stand for more than trueup reads";

}  // namespace trueup::facts
