#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "facts/blob_rows.hpp"
#include "formats/document.hpp"

namespace trueup::facts {

/// Parses `rows.source()` and adds what holds for any document: blob_syntax_error or blob_limit_hit of a source that does not
/// parse (none of them for what git-crypt encrypted), blob_duplicate_key of one that does. Nothing, with state and because set, for a source that does not parse: the
/// extractor then returns without rows of its own. The document views the source.
std::optional<formats::Document> parse_yaml_into(BlobRows& rows);
std::optional<formats::Document> parse_json_into(BlobRows& rows);

/// Whether a source that could be either is JSON: it begins as such, and parses.
bool is_json(std::string_view source);

/// Which nodes are values of a key that stands again later in its mapping, where the last one wins; by node, empty where no
/// key stands twice.
std::vector<bool> overridden_values(const formats::Document& document);

/// Takes every row of `rows` back and makes the blob over_limit, with a blob_limit_hit at `at`: for a bound that is met
/// after parsing, so that no rule concludes from half a file.
void give_up(BlobRows& rows, ByteRange at, std::string_view message);

/// Documents with apiVersion and kind, and what Secrets among them hold: blob_kubernetes_object,
/// blob_kubernetes_secret_field. In kubernetes_rows.cpp.
void add_kubernetes_objects(BlobRows& rows, const formats::Document& document);

/// The configuration of an Atlantis server, whatever the file is called: a list `repos:` at the top whose items have an `id`.
/// blob_atlantis_config and its like. In atlantis.cpp.
void add_atlantis_server(BlobRows& rows, const formats::Document& document);

/// Text that the rows of one blob hold and the file does not: pointers repeat the keys above them, so that a hostile file of
/// a few MB asks for terabytes. An extractor spends what it makes, and gives up when spend() says false.
class TextBudget {
 public:
  [[nodiscard]] bool spend(std::size_t bytes);

 private:
  std::size_t spent_ = 0;
};

/// Whether a text holds {{ }}, {% %} or <% %>, and so may be a template for what its name promises. GitHub's ${{ }} does
/// not count: it stands inside YAML.
bool looks_like_template(std::string_view text);

}  // namespace trueup::facts
