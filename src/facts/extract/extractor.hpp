#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace trueup::facts {

class BlobRows;

/// Reads the bytes of one kind of document into rows. A function of the bytes alone, safe to call from several threads.
/// A source that does not parse sets `state` and gets its blob_syntax_error or blob_limit_hit; what was read before the fault
/// is kept out, so that no rule concludes from half a file.
using Extract = void (*)(BlobRows& rows);

/// Where a comment may stand, and so a suppression. It begins with a # unless said otherwise.
enum class Comments : std::uint8_t {
  none,
  anywhere,         ///< also in scripts that the document holds
  outside_quotes,   ///< of values of dotenv
  outside_scalars,  ///< text in a YAML document is text, though it may be a document itself
  hcl,              ///< //, /* */ and # of Terraform
  go_module,        ///< //, as go.mod has it
  prose,            ///< <!-- --> of Markdown and `..` of reStructuredText, outside of code
};

/// A kind of document: one row of the table in extractors.cpp, one file beside it.
struct Extractor {
  std::string_view kind;     ///< blob.kind
  std::string_view title;    ///< for people
  Extract extract = nullptr;
  Comments comments = Comments::anywhere;
};

/// Every kind whose content is read, sorted by kind.
std::span<const Extractor> extractors();
/// Nothing for kinds of which only the existence counts.
const Extractor* find_extractor(std::string_view kind);

}  // namespace trueup::facts
