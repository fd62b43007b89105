#pragma once

#include <string>
#include <vector>

#include "fixes/scalar_text.hpp"
#include "formats/document.hpp"

namespace trueup::fixes {

/// One node of a document as a reader sees it: what is compared to tell that an edit changed what it should and no more.
struct ValueToken {
  std::uint32_t depth = 0;
  bool is_key = false;
  formats::NodeKind kind = formats::NodeKind::scalar;
  std::string value;  ///< decoded text of a scalar, name of an alias
  Reading reading;    ///< of a scalar
  std::string tag, anchor;
  friend bool operator==(const ValueToken&, const ValueToken&) = default;
};
/// In the order of the document's nodes, so that token i is node i.
using ValueTokens = std::vector<ValueToken>;

ValueTokens tokens_of(const formats::Document& document);

formats::Document parse(std::string_view source, Syntax syntax);

/// That tokens [begin, end) become `by` and all others stay.
struct ValueChange {
  std::uint32_t begin = 0, end = 0;
  ValueTokens by;
};

/// The tokens after changes that are sorted and disjoint.
ValueTokens changed(const ValueTokens& tokens, const std::vector<ValueChange>& changes);

/// The one range in which two lists differ.
ValueChange difference(const ValueTokens& before, const ValueTokens& after);

}  // namespace trueup::fixes
