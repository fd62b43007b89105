// Files that carry the version of a release train, where the config says so: a JSON pointer into YAML, JSON or TOML, or a pattern.

#include "facts/extract/carried_versions.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "base/text.hpp"
#include "facts/blob_rows.hpp"
#include "formats/json.hpp"
#include "formats/node_at.hpp"
#include "formats/toml_value.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

constexpr std::string_view kName = "{name}";
constexpr std::size_t kMaxPatternBytes = 4096, kMaxMatches = 1000;
constexpr int kMaxPatternInstructions = 1000;
constexpr std::size_t kMaxLineBytes = 1000, kMaxLines = 20'000;

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

/// Lines that say "version" or hold a digit, a dot and a digit.
void add_lines(BlobRows& rows) {
  const std::string_view source = rows.source();
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::int64_t number = 0;
  std::size_t kept = 0;
  for (std::size_t at = 0; at < source.size() && kept < kMaxLines;) {
    const std::size_t end = std::min(source.find('\n', at), source.size());
    std::string_view line = source.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto begin = static_cast<std::uint32_t>(at);
    at = end + 1;
    ++number;
    const std::string_view text = line.substr(0, kMaxLineBytes);
    bool numbered = false;
    for (std::size_t dot = text.find('.'); dot != text.npos && !numbered; dot = text.find('.', dot + 1))
      numbered = dot > 0 && dot + 1 < text.size() && is_digit(text[dot - 1]) && is_digit(text[dot + 1]);
    if (!numbered && text.find("ersion") == text.npos) continue;
    ++kept;
    rows.add(CarrierLineRow{rows.span({begin, begin + static_cast<std::uint32_t>(line.size())}), number, std::string(text)});
  }
}

}  // namespace

struct CarriedVersions::Place {
  CarrierPlace said;
  std::unique_ptr<RE2> pattern;
  int group = 1;

  /// Calls `found` with each match in a text: the group's bytes.
  template <typename Found>
  void for_each_match(std::string_view text, const Found& found) const {
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(group) + 1);
    std::size_t at = 0;
    for (std::size_t count = 0; at <= text.size() && count < kMaxMatches; ++count) {
      if (!pattern->Match(re2::StringPiece(text.data(), text.size()), at, text.size(), RE2::UNANCHORED, groups.data(),
                          static_cast<int>(groups.size())))
        return;
      const re2::StringPiece& taken = groups.back();
      if (taken.data() != nullptr) {
        // Quotes around a value, and the end of a line of Windows, are none of it: V="7.6.8".
        std::string_view value(taken.data(), taken.size());
        if (value.ends_with('\r')) value.remove_suffix(1);
        if (value.size() > 1 && value.front() == value.back() && (value.front() == '"' || value.front() == '\'')) value = value.substr(1, value.size() - 2);
        const auto begin = static_cast<std::uint32_t>(value.data() - text.data());
        found(ByteRange{begin, begin + static_cast<std::uint32_t>(value.size())});
      }
      const auto end = static_cast<std::size_t>(groups.front().data() - text.data()) + groups.front().size();
      at = end > at ? end : at + 1;
    }
  }
};

Result<CarriedVersions> CarriedVersions::compile(const std::vector<CarrierPlace>& places) {
  CarriedVersions result;
  for (const CarrierPlace& said : places) {
    auto place = std::make_shared<Place>();
    place->said = said;
    if (!said.pattern.empty()) {
      if (said.pattern.size() > kMaxPatternBytes) return Error{Fault::over_limit, "the pattern is longer than 4,096 bytes"};
      RE2::Options options;
      options.set_log_errors(false);
      options.set_max_mem(1 << 20);
      place->pattern = std::make_unique<RE2>(said.pattern, options);
      if (!place->pattern->ok()) return Error{Fault::malformed, "the pattern " + said.pattern + " is malformed: " + place->pattern->error()};
      if (place->pattern->ProgramSize() > kMaxPatternInstructions) return Error{Fault::over_limit, "the pattern " + said.pattern + " is too large"};
      const auto& names = place->pattern->NamedCapturingGroups();
      if (const auto named = names.find("version"); named != names.end()) place->group = named->second;
      if (place->pattern->NumberOfCapturingGroups() < 1)
        return Error{Fault::malformed, "the pattern " + said.pattern + " has no group (?P<version>…) for the version"};
    }
    result.places_.push_back(std::move(place));
  }
  return result;
}

bool CarriedVersions::holds(std::string_view path) const {
  for (const auto& place : places_)
    if (part_of_path(place->said.file, path)) return true;
  return false;
}

void CarriedVersions::extract(BlobRows& rows, std::string_view path) const {
  const std::string_view source = rows.source();
  const bool is_json = path.ends_with(".json"), is_toml = path.ends_with(".toml");
  std::optional<Document> document;
  const auto is_edited = [&](const auto& place) { return place->said.pattern != kNothing && part_of_path(place->said.file, path); };
  if (rows.wants(Table::carrier_line) && std::ranges::any_of(places_, is_edited)) add_lines(rows);
  for (const auto& place : places_) {
    const auto part = part_of_path(place->said.file, path);
    if (!part) continue;
    const auto add = [&](ByteRange bytes, std::string_view value) {
      rows.add(CarriedVersionRow{rows.span(bytes), place->said.number, std::string(*part), std::string(value)});
    };
    if (place->said.pointer.empty()) {
      place->for_each_match(source, [&](ByteRange bytes) { add(bytes, slice(source, bytes)); });
      continue;
    }
    const auto add_scalar = [&](ByteRange bytes, std::string_view value, const auto& range_of) {
      if (!place->pattern) return add(bytes, value);
      place->for_each_match(value, [&](ByteRange within) { add(range_of(within), slice(value, within)); });
    };
    if (is_toml) {
      auto scalar = formats::toml_scalar(source, place->said.pointer);
      if (!scalar) {
        rows.rows() = {};
        rows.state = BlobState::malformed;
        rows.because = scalar.error().message;
        return;
      }
      if (!*scalar) continue;
      const formats::TomlScalar& found = **scalar;
      // Where escapes make the text another one than its bytes, a part of it has no bytes of its own.
      const bool plain = slice(source, found.bytes) == found.text;
      add_scalar(found.bytes, found.text, [&](ByteRange within) {
        return plain ? ByteRange{found.bytes.begin + within.begin, found.bytes.begin + within.end} : found.bytes;
      });
      continue;
    }
    if (!document) document = is_json ? formats::parse_json(source) : formats::parse_yaml(source);
    if (const auto& problem = document->problem()) {
      rows.rows() = {};
      rows.state = problem->fault == Fault::over_limit ? BlobState::over_limit : BlobState::malformed;
      rows.because = problem->message;
      return;
    }
    const NodeIndex node = formats::node_at(*document, place->said.pointer);
    const auto text = document->text(node);
    if (!text) continue;
    add_scalar((*document)[node].span, *text, [&](ByteRange within) { return document->source_range(node, within); });
  }
}

std::optional<std::string_view> part_of_path(std::string_view file, std::string_view path) {
  const std::size_t at = file.find(kName);
  if (at == std::string_view::npos) return file == path ? std::optional(std::string_view{}) : std::nullopt;
  const std::string_view before = file.substr(0, at), after = file.substr(at + kName.size());
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after)) return std::nullopt;
  const std::string_view part = path.substr(before.size(), path.size() - before.size() - after.size());
  if (part.find('/') != std::string_view::npos) return std::nullopt;
  return part;
}

}  // namespace trueup::facts
