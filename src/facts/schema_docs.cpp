#include "facts/schema_docs.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "facts/schema_text.hpp"

namespace trueup::facts {
namespace {

std::string after(std::string_view line, std::string_view mark) {
  const std::size_t at = line.find(mark);
  return at == std::string_view::npos ? std::string() : std::string(trim(line.substr(at + mark.size())));
}

/// Columns that every view of a blob table begins with.
const std::vector<ColumnDoc> kFileColumns = {{"file", "the file's number: join views of one file on it"},
                                             {"file_set", "the files that stand together: one snapshot of one repository"},
                                             {"repository", "id in repository"},
                                             {"path", "of the file, from the repository's root"},
                                             {"on_default", "1: stands on the default branch"}};

void add_tables(std::string_view sql, std::vector<ViewDoc>& docs) {
  ViewDoc* open = nullptr;
  for (const std::string_view line : split(sql, '\n')) {
    const bool virtual_table = line.starts_with("CREATE VIRTUAL TABLE temp.");
    const bool table = virtual_table || line.starts_with("CREATE TABLE ") || line.starts_with("CREATE TEMP TABLE ");
    if (table) {
      ViewDoc doc;
      const std::string_view rest = line.substr(virtual_table ? line.find('.') + 1 : line.find("TABLE ") + 6);
      std::string_view name = rest.substr(0, rest.find_first_of(" ("));
      doc.title = after(line, "--");
      if (name.starts_with("blob_")) {
        name.remove_prefix(5);
        doc.columns = kFileColumns;
        doc.columns.push_back({std::string(name), "the row's number within its file: children refer to it"});
      }
      doc.name = name;
      docs.push_back(std::move(doc));
      open = &docs.back();
    } else if (line.starts_with(")")) {
      open = nullptr;
    } else if (open != nullptr && line.starts_with("  ") && !trim(line).starts_with("--")) {
      const std::string_view code = trim(line);
      std::string name(code.substr(0, code.find(' ')));
      const bool is_view = open->columns.size() >= kFileColumns.size() && open->columns.front().name == "file";
      if (is_view && (name == "id" || name == "blob")) continue;
      if (line.find("REFERENCES span") != std::string_view::npos) name = replace_all(name, "span", "place");
      std::string title = after(line, "--");
      const std::size_t reference = code.find("REFERENCES blob_");
      if (title.empty() && reference != std::string_view::npos) {
        const std::string_view target = code.substr(reference + 16);
        title = "number in " + std::string(target.substr(0, target.find_first_of(" ,")));
      }
      open->columns.push_back({name, title});
    }
  }
}

void add_views(std::string_view sql, std::vector<ViewDoc>& docs) {
  for (const std::string_view line : split(sql, '\n')) {
    constexpr std::string_view kBegin = "CREATE TEMP VIEW ";
    if (!line.starts_with(kBegin)) continue;
    const std::string_view rest = line.substr(kBegin.size());
    const std::string name(rest.substr(0, rest.find(' ')));
    const auto known = std::find_if(docs.begin(), docs.end(), [&](const ViewDoc& doc) { return doc.name == name; });
    if (known != docs.end()) {
      // A view that takes the place of the plain one adds columns; its comment says which.
      known->title = after(line, "--");
      continue;
    }
    docs.push_back({name, after(line, "--"), {}});
  }
}

}  // namespace

std::vector<ViewDoc> view_docs() {
  std::vector<ViewDoc> docs;
  add_tables(kSchemaSql, docs);
  add_tables(kViewsSql, docs);
  add_views(kViewsSql, docs);
  std::sort(docs.begin(), docs.end(), [](const ViewDoc& a, const ViewDoc& b) { return a.name < b.name; });
  return docs;
}

}  // namespace trueup::facts
