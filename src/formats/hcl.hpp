#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/span.hpp"

/// HCL's native syntax, as in Terraform's .tf files: blocks, attributes and their places. Nothing is evaluated: a value is
/// known where it is one literal, and unknown else.
namespace trueup::formats {

enum class HclKind : std::uint8_t {
  string,   ///< "…" or a heredoc, without interpolation
  number,
  boolean,
  null_value,
  unknown,  ///< an expression: a reference, a call, a list, a template …
};

struct HclAttribute {
  std::string name;
  ByteRange name_range;
  HclKind kind = HclKind::unknown;
  std::string text;   ///< decoded text of a string, a number or boolean as written; of an unknown value empty
  ByteRange range;    ///< of a string its content, without quotes; of a heredoc its lines; else the whole expression
  std::uint32_t block = 0xFFFFFFFF;  ///< the block it stands in; kNoBlock: at the top
};

struct HclLabel {
  std::string text;
  ByteRange range;  ///< without quotes
};

struct HclBlock {
  std::string type;
  ByteRange type_range;
  std::vector<HclLabel> labels;
  ByteRange range;  ///< from its type to its closing brace
  std::uint32_t parent = 0xFFFFFFFF;
};

inline constexpr std::uint32_t kNoBlock = 0xFFFFFFFF;

struct HclFile {
  std::vector<HclBlock> blocks;          ///< in the order of the file: parents before children
  std::vector<HclAttribute> attributes;  ///< in the order of the file
  std::vector<ByteRange> comments;       ///< # and // without the end of their line, and /* */; in the order of the file
  std::optional<Error> problem;          ///< malformed, with the place, or over_limit: what stands before is kept
};

/// Linear in the length of the text, and without recursion. Source: HCL native syntax specification, "Structural Elements",
/// "Template Literals"; Terraform 1.x.
HclFile parse_hcl(std::string_view text);

}  // namespace trueup::formats
