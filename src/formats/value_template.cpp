#include "formats/value_template.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "formats/image_reference.hpp"
#include "formats/semver.hpp"

namespace trueup::formats {
namespace {

constexpr std::uint32_t kWholeId = 40;
constexpr std::size_t kMaxParts = 200;
constexpr std::size_t kMaxEdits = 20;
constexpr std::string_view kWithLetters = "a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d0";
constexpr std::string_view kAllDigits = "0157584201575842015758420157584201575842";

TemplatePart unknown_at(ByteRange place) { return TemplatePart{PartKind::any, "", 0, {}, place}; }

/// What an `any` is tried as: as little as nothing, the parts of versions, and text that would save a number beside it.
constexpr auto kFillers = std::to_array<std::string_view>({"", "1", "1.0.0", "1.0.0-", "1.0.0-a", "1.0.0-a.", "a", "-a", ".a", "a."});

std::string edited_text(std::string_view text, const TemplateEdit& edit) {
  switch (edit.kind) {
    case TemplateEdit::Kind::lower: return ascii_lower(text);
    case TemplateEdit::Kind::first: return std::string(text.substr(0, edit.count));
    case TemplateEdit::Kind::base: return std::string(text.substr(text.rfind('/') + 1));
    case TemplateEdit::Kind::replace: break;
  }
  std::string result;
  bool in_run = false;
  for (const char c : text) {
    const bool hit = (edit.from.find(c) != std::string::npos) != edit.negated;
    if (!hit) result += c;
    else if (!in_run || !edit.once_for_a_run) result += edit.to;
    in_run = hit;
  }
  return result;
}

/// Whether a part's length is known; a commit's id is, a name is not.
std::optional<std::size_t> length_of(const TemplatePart& part) {
  if (part.kind == PartKind::text) return part.text.size();
  if (part.kind == PartKind::commit && part.digits != 0) return part.digits;
  return std::nullopt;
}

ValueTemplate first_bytes(const ValueTemplate& value, const TemplateEdit& edit) {
  ValueTemplate result;
  std::size_t left = edit.count;
  for (const TemplatePart& part : value.parts) {
    if (left == 0) break;
    TemplatePart cut = part;
    const auto length = length_of(part);
    if (!length) {
      if (part.kind == PartKind::branch && result.parts.empty()) {
        cut.edits.push_back({TemplateEdit::Kind::first, "", "", static_cast<std::uint32_t>(left)});
        // What follows the name is there only for short ones.
        result.parts.push_back(&part == &value.parts.back() ? std::move(cut) : unknown_at(part.place));
      } else {
        result.parts.push_back(unknown_at(part.place));
      }
      return result;
    }
    if (*length > left) {
      if (part.kind == PartKind::text) cut.text.resize(left);
      else cut.digits = static_cast<std::uint32_t>(left);
    }
    left -= std::min(left, *length);
    result.parts.push_back(std::move(cut));
  }
  return result;
}

bool touches_hex(const TemplateEdit& edit) {
  return std::ranges::any_of(std::string_view("0123456789abcdef"),
                             [&](char c) { return (edit.from.find(c) != std::string::npos) != edit.negated; });
}

ValueTemplate behind_last_slash(ValueTemplate value) {
  ValueTemplate result;
  for (TemplatePart& part : value.parts) {
    if (part.kind == PartKind::any) return {{unknown_at(part.place)}};
    if (part.kind == PartKind::text) {
      const std::size_t slash = part.text.rfind('/');
      if (slash != std::string::npos) {
        result.parts.clear();
        part.text.erase(0, slash + 1);
      }
      if (!part.text.empty()) result.parts.push_back(std::move(part));
    } else if (part.kind == PartKind::branch) {
      if (!result.parts.empty()) return {{unknown_at(part.place)}};  // its last part may hold no slash
      part.edits.push_back({TemplateEdit::Kind::base, "", ""});
      result.parts.push_back(std::move(part));
    } else {
      result.parts.push_back(std::move(part));
    }
  }
  return result;
}

}  // namespace

void ValueTemplate::add_text(std::string_view text, ByteRange place) {
  if (text.empty()) return;
  if (!parts.empty() && parts.back().kind == PartKind::text) {
    parts.back().text += text;
    if (place.begin >= parts.back().place.begin) parts.back().place.end = std::max(parts.back().place.end, place.end);
    return;
  }
  parts.push_back({PartKind::text, std::string(text), 0, {}, place});
}

void ValueTemplate::append(const ValueTemplate& more) {
  for (const TemplatePart& part : more.parts) {
    if (parts.size() >= kMaxParts) return;
    if (part.kind == PartKind::text) add_text(part.text, part.place);
    else parts.push_back(part);
  }
}

std::optional<std::string> ValueTemplate::constant() const {
  if (parts.empty()) return std::string();
  if (parts.size() == 1 && parts.front().kind == PartKind::text) return parts.front().text;
  return std::nullopt;
}

bool ValueTemplate::has(PartKind kind) const {
  return std::ranges::any_of(parts, [kind](const TemplatePart& part) { return part.kind == kind; });
}

std::size_t ValueTemplate::size() const {
  std::size_t size = 0;
  for (const TemplatePart& part : parts) size += part.text.size() + 1 + part.edits.size();
  return size;
}

ValueTemplate edited(ValueTemplate value, const TemplateEdit& edit) {
  if (edit.kind == TemplateEdit::Kind::first) return first_bytes(value, edit);
  if (edit.kind == TemplateEdit::Kind::base) return behind_last_slash(std::move(value));
  for (TemplatePart& part : value.parts) {
    if (part.kind == PartKind::text) {
      part.text = edited_text(part.text, edit);
    } else if (part.kind == PartKind::branch && part.edits.size() < kMaxEdits) {
      part.edits.push_back(edit);
    } else if (part.kind == PartKind::branch || (edit.kind == TemplateEdit::Kind::replace && touches_hex(edit))) {
      part = unknown_at(part.place);
    }
  }
  std::erase_if(value.parts, [](const TemplatePart& part) { return part.kind == PartKind::text && part.text.empty(); });
  return value;
}

ValueTemplate without_prefix(ValueTemplate value, std::string_view prefix) {
  if (value.parts.empty() || prefix.empty()) return value;
  TemplatePart& first = value.parts.front();
  if (first.kind != PartKind::text) {
    if (first.kind == PartKind::commit || first.kind == PartKind::number) return value;
    // A name that begins otherwise is unchanged; one that begins so is not a whole name any more.
    const bool reference = first.kind == PartKind::branch && prefix.starts_with("refs/");
    return reference ? value : ValueTemplate{{unknown_at(first.place)}};
  }
  if (first.text.starts_with(prefix)) {
    first.text.erase(0, prefix.size());
    if (first.text.empty()) value.parts.erase(value.parts.begin());
  } else if (value.parts.size() > 1 && (prefix.starts_with(first.text) || (prefix.starts_with("refs/") && first.text.starts_with("refs/")))) {
    return ValueTemplate{{unknown_at(first.place)}};  // of a tag, where the script expects one
  }
  return value;
}

ValueTemplate without_suffix(ValueTemplate value, std::string_view suffix) {
  if (value.parts.empty() || suffix.empty()) return value;
  TemplatePart& last = value.parts.back();
  if (last.kind == PartKind::commit || last.kind == PartKind::number) return value;
  if (last.kind != PartKind::text) return ValueTemplate{{unknown_at(last.place)}};
  if (last.text.ends_with(suffix)) {
    last.text.resize(last.text.size() - suffix.size());
    if (last.text.empty()) value.parts.pop_back();
  } else if (last.text.size() < suffix.size() && value.parts.size() > 1) {
    return ValueTemplate{{unknown_at(last.place)}};
  }
  return value;
}

std::string to_json(const ValueTemplate& value) {
  nlohmann::json list = nlohmann::json::array();
  for (const TemplatePart& part : value.parts) {
    switch (part.kind) {
      case PartKind::text: list.push_back(part.text); break;
      case PartKind::commit: list.push_back({{"commit", part.digits}}); break;
      case PartKind::number: list.push_back({{"number", nullptr}}); break;
      case PartKind::any: list.push_back({{"any", nullptr}}); break;
      case PartKind::branch: {
        nlohmann::json edits = nlohmann::json::array();
        for (const TemplateEdit& edit : part.edits) {
          if (edit.kind == TemplateEdit::Kind::lower) edits.push_back({"lower"});
          else if (edit.kind == TemplateEdit::Kind::base) edits.push_back({"base"});
          else if (edit.kind == TemplateEdit::Kind::first) edits.push_back({"first", edit.count});
          else edits.push_back({edit.negated ? "replace_others" : "replace", edit.from, edit.to, edit.once_for_a_run});
        }
        list.push_back({{"branch", edits}});
      }
    }
  }
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<ValueTemplate> template_from_json(std::string_view json) {
  const nlohmann::json list = nlohmann::json::parse(json, nullptr, false);
  if (!list.is_array() || list.size() > kMaxParts) return std::nullopt;
  ValueTemplate value;
  for (const nlohmann::json& element : list) {
    if (element.is_string()) {
      value.parts.push_back({PartKind::text, element.get<std::string>(), 0, {}, {}});
      continue;
    }
    if (!element.is_object() || element.size() != 1) return std::nullopt;
    const std::string kind = element.begin().key();
    const nlohmann::json& what = element.begin().value();
    TemplatePart part;
    if (kind == "commit" && what.is_number_unsigned() && what.get<std::uint64_t>() <= kWholeId) {
      part.kind = PartKind::commit;
      part.digits = what.get<std::uint32_t>();
    } else if (kind == "number") {
      part.kind = PartKind::number;
    } else if (kind == "branch" && what.is_array() && what.size() <= kMaxEdits) {
      part.kind = PartKind::branch;
      for (const nlohmann::json& written : what) {
        if (!written.is_array() || written.empty() || !written[0].is_string()) return std::nullopt;
        const std::string name = written[0].get<std::string>();
        TemplateEdit edit;
        if (name == "lower") edit.kind = TemplateEdit::Kind::lower;
        else if (name == "base") edit.kind = TemplateEdit::Kind::base;
        else if (name == "first" && written.size() == 2 && written[1].is_number_unsigned()) {
          edit.kind = TemplateEdit::Kind::first;
          edit.count = written[1].get<std::uint32_t>();
        } else if (name.starts_with("replace") && written.size() == 4 && written[1].is_string() && written[2].is_string() &&
                   written[3].is_boolean()) {
          edit.negated = name == "replace_others";
          edit.from = written[1].get<std::string>();
          edit.to = written[2].get<std::string>();
          edit.once_for_a_run = written[3].get<bool>();
        } else {
          return std::nullopt;
        }
        part.edits.push_back(std::move(edit));
      }
    } else if (kind != "any") {
      return std::nullopt;
    }
    value.parts.push_back(std::move(part));
  }
  return value;
}

std::string edited_name(std::string_view branch, const std::vector<TemplateEdit>& edits) {
  std::string name(branch.substr(0, 1000));
  for (const TemplateEdit& edit : edits) {
    name = edited_text(name, edit);
    name.resize(std::min<std::size_t>(name.size(), 4000));
  }
  return name;
}

namespace {

std::string filled(const ValueTemplate& value, std::string_view branch, std::string_view id, std::string_view filler) {
  std::string text;
  for (const TemplatePart& part : value.parts) {
    switch (part.kind) {
      case PartKind::text: text += part.text; break;
      case PartKind::commit: text += id.substr(0, part.digits == 0 ? 7 : part.digits); break;
      case PartKind::number: text += '7'; break;
      case PartKind::branch: text += edited_name(branch, part.edits); break;
      case PartKind::any: text += filler; break;
    }
  }
  return text;
}

}  // namespace

std::optional<std::string> fill(const ValueTemplate& value, std::string_view branch) {
  if (value.has(PartKind::any) || (branch.empty() && value.has(PartKind::branch))) return std::nullopt;
  return filled(value, branch, kWithLetters, "");
}

bool is_valid(ValueLanguage language, std::string_view text) {
  switch (language) {
    case ValueLanguage::version: return Version::parse(text).has_value();
    case ValueLanguage::image_tag: return oci_tag_valid(text);
    case ValueLanguage::image_reference: return ImageReference::parse(text).has_value();
  }
  return true;
}

std::optional<std::string> refused_commit(const ValueTemplate& value, ValueLanguage language) {
  // Forty hex digits are never all decimal.
  const bool short_id = std::ranges::any_of(value.parts, [](const TemplatePart& part) {
    return part.kind == PartKind::commit && part.digits < 20;
  });
  if (!short_id) return std::nullopt;
  std::optional<std::string> refused;
  for (const std::string_view branch : {"main", "a", "x-1"}) {
    for (const std::string_view filler : kFillers) {
      if (!is_valid(language, filled(value, branch, kWithLetters, filler))) continue;
      std::string text = filled(value, branch, kAllDigits, filler);
      if (is_valid(language, text)) return std::nullopt;
      if (!refused) refused = std::move(text);
    }
  }
  return refused;
}

}  // namespace trueup::formats
