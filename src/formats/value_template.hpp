#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.hpp"

/// Values that a pipeline makes, as far as its text tells: constant text, and holes of which it is known what they hold.
/// `1.0.0-${BRANCH//_/-}.${GITHUB_SHA::7}` is the text `1.0.0-`, a branch's name with `_` made `-`, `.`, and seven hex digits.
namespace trueup::formats {

enum class PartKind : std::uint8_t {
  text,    ///< `text`
  branch,  ///< the name of a branch, after `edits`
  commit,  ///< hex digits of a commit's id: `digits`, 40 for all of it, 0 where git chooses (seven or more)
  number,  ///< a number without leading zeros: of a run, a date
  any,     ///< not known
};

/// A change that is made to each character, or to the whole, of a name.
struct TemplateEdit {
  enum class Kind : std::uint8_t {
    replace,  ///< every character of `from` by `to`, a text; a run of them by one if `once_for_a_run`
    lower,    ///< ASCII upper case to lower case
    first,    ///< keeps the first `count` bytes
    base,     ///< keeps what stands behind the last `/`
  } kind = Kind::replace;
  std::string from, to;
  std::uint32_t count = 0;
  bool negated = false;         ///< of `replace`: every character but those of `from`
  bool once_for_a_run = false;
  friend bool operator==(const TemplateEdit&, const TemplateEdit&) = default;
};

struct TemplatePart {
  PartKind kind = PartKind::any;
  std::string text;
  std::uint32_t digits = 0;
  std::vector<TemplateEdit> edits;  ///< of a branch, in order
  ByteRange place;                  ///< where it is written; of an unchanged name, where it is put in
  friend bool operator==(const TemplatePart&, const TemplatePart&) = default;
};

struct ValueTemplate {
  std::vector<TemplatePart> parts;

  void add_text(std::string_view text, ByteRange place);
  void append(const ValueTemplate& more);
  /// The text, if it has no hole.
  std::optional<std::string> constant() const;
  bool has(PartKind kind) const;
  std::size_t size() const;  ///< bytes of text and holes, to bound it by
};

/// How a shell changes a value. What cannot be told of a part becomes `any`, so that nothing wrong is concluded.
ValueTemplate edited(ValueTemplate value, const TemplateEdit& edit);
/// Without the constant beginning or end, where the value has it; `any` where that cannot be told.
ValueTemplate without_prefix(ValueTemplate value, std::string_view prefix);
ValueTemplate without_suffix(ValueTemplate value, std::string_view suffix);

/// As JSON, without places: `["1.0.0-",{"branch":[["replace","_","-"]]},".",{"commit":7}]`.
std::string to_json(const ValueTemplate& value);
std::optional<ValueTemplate> template_from_json(std::string_view json);

/// A branch's name after the edits.
std::string edited_name(std::string_view branch, const std::vector<TemplateEdit>& edits);

/// The value for one branch, with examples for the other holes (letters and digits for a commit). Nothing where it has an
/// `any`, or a branch and `branch` is empty.
std::optional<std::string> fill(const ValueTemplate& value, std::string_view branch);

enum class ValueLanguage : std::uint8_t {
  version,          ///< SemVer 2.0.0
  image_tag,        ///< of an OCI registry
  image_reference,  ///< registry/repository:tag
};
bool is_valid(ValueLanguage language, std::string_view text);

/// A value that the template can give and that the language refuses, where only the digits of a commit are to blame: an id
/// whose first digits are all decimal, with a zero in front. Nothing where another value of what is not known could make
/// it right, or where no id at all gives a valid value.
std::optional<std::string> refused_commit(const ValueTemplate& value, ValueLanguage language);

}  // namespace trueup::formats
