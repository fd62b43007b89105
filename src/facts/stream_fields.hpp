#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/document.hpp"

namespace trueup::facts {

/// A value that a declared and a live side both have to hold, in one form, so that texts are compared.
struct StreamField {
  std::string pointer;  ///< JSON pointer from the processor or connection
  std::string value;    ///< JSON: numbers by value and without their extended form, {} and [] where nothing is inside
  bool constant = true; ///< false: a placeholder stands in it
  formats::NodeIndex node = formats::kNoNode;
};

/// `pipeline` and `options` of a stream processor, in order. The order of stages and of lists counts, that of keys does not. What a
/// stage does anyway (`parallelism: 1` of $merge and its like) is left out, since a server may add it; so is what is null in options, and headers
/// of $https, which may hold secrets.
std::vector<StreamField> processor_fields(const formats::Document& document, formats::NodeIndex processor);

/// The fields of a connection that the service documents and gives back: no secrets, no headers, no names. A list of Kafka's
/// bootstrap servers is sorted.
std::vector<StreamField> connection_fields(const formats::Document& document, formats::NodeIndex connection);

/// `{{X}}`, `${X}` or `<% X %>`: something is put in before the file is used. A `$x` is none in a pipeline: it names a field.
bool holds_placeholder(std::string_view text);

}  // namespace trueup::facts
