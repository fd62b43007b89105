#pragma once

#include "formats/document.hpp"
#include "formats/hcl.hpp"

/// Terraform's JSON syntax (*.tf.json), as the blocks and attributes that the native syntax would have.
namespace trueup::formats {

/// Which object is a block is known of what Terraform itself reads: the types at the top, and the blocks of `terraform`. What
/// stands in other blocks is an attribute, since it takes the schema of a provider to tell. A text without ${ or %{ is a
/// literal; lists and objects are unknown. Entries called "//" are comments. A block's place is the key of its type. problem:
/// over_limit only; the document must have none.
/// Source: Terraform, "JSON Configuration Syntax".
HclFile read_terraform_json(const Document& document);

}  // namespace trueup::formats
