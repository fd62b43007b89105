#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

#include "facts/blob_rows.hpp"
#include "facts/stream_fields.hpp"
#include "formats/document.hpp"

/// Private to the extractors of Atlas Stream Processing's files.
namespace trueup::facts {

/// A JSON file of a folder whose name is no proof: one that does not parse is a broken file only where it holds one of `signs`,
/// else it may be anything (JSON with comments, a template), and only its state says so.
std::optional<formats::Document> parse_stream_json(BlobRows& rows, std::initializer_list<std::string_view> signs);

/// `{{X}}`, `${X}` or `$X`: something is put in before the file is used.
bool is_placeholder(std::string_view text);

/// A row of blob_stream_field, of a processor or of a connection.
StreamFieldRow stream_field_row(BlobRows& rows, const formats::Document& document, StreamField& field, LocalId processor, LocalId connection);

/// blob_stream_secret of every credential that is written out below `node`.
void add_stream_secrets(BlobRows& rows, const formats::Document& document, formats::NodeIndex node);

}  // namespace trueup::facts
