// .github/dependabot.yml: which folders Dependabot looks for dependencies of which ecosystem in.

#include <array>
#include <optional>

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/github_reader.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/path_join.hpp"

namespace trueup::facts {
namespace {

using formats::NodeIndex;

/// Ecosystems that read one file, and nothing else does.
struct Manifest {
  std::string_view ecosystem, file;
};
constexpr auto kManifests = std::to_array<Manifest>({
    {"bundler", "Gemfile"},
    {"cargo", "Cargo.toml"},
    {"composer", "composer.json"},
    {"elm", "elm.json"},
    {"gitsubmodule", ".gitmodules"},
    {"gomod", "go.mod"},
    {"maven", "pom.xml"},
    {"mix", "mix.exs"},
    {"npm", "package.json"},
    {"pub", "pubspec.yaml"},
});

class UpdateReader {
 public:
  UpdateReader(BlobRows& rows, const formats::Document& document) : rows_(rows), reader_(rows, document) {}

  void read() {
    reader_.for_each_entry(reader_.root(), [&](const GithubReader::Entry& entry) {
      if (entry.name == "updates") reader_.for_each_element(entry.value, [&](NodeIndex update, std::uint32_t position) { read(update, position); });
    });
    reader_.finish();
  }

 private:
  void read(NodeIndex update, std::uint32_t position) {
    DependabotUpdateRow row;
    row.position = position;
    std::vector<NodeIndex> folders;
    bool named = false;
    reader_.for_each_entry(update, [&](const GithubReader::Entry& entry) {
      const auto text = reader_.text(entry.value);
      if (entry.name == "package-ecosystem" && text) {
        row.ecosystem = *text;
        row.span = reader_.span(entry.value);
        named = true;
      } else if (entry.name == "target-branch" && text) {
        row.target_branch = *text;
        row.target_branch_span = reader_.span(entry.value);
      } else if (entry.name == "directory" || entry.name == "directories") {
        reader_.for_each_in_list(entry.value, [&](NodeIndex each, std::uint32_t) { folders.push_back(each); });
      }
    });
    if (!named) return;
    const std::string ecosystem = row.ecosystem;
    const LocalId id = rows_.add(std::move(row));
    for (const NodeIndex folder : folders) add_folder(id, ecosystem, folder);
  }

  void add_folder(LocalId update, std::string_view ecosystem, NodeIndex node) {
    const auto text = reader_.text(node);
    if (!text) return;
    DependabotDirectoryRow row;
    row.dependabot_update = update;
    row.span = reader_.span(node);
    row.directory = *text;
    std::string_view path = trim(*text);
    while (path.starts_with('/')) path.remove_prefix(1);
    if (path.find_first_of("*?[") == path.npos) row.folder = formats::join_path("", path);
    for (const Manifest& manifest : kManifests)
      if (manifest.ecosystem == ecosystem && row.folder) row.manifest = manifest.file;
    const auto mention = [&](std::string mentioned, const char* purpose) {
      rows_.add(PathMentionRow{{}, {}, row.span, "root", std::move(mentioned), purpose, 0});
    };
    if (row.folder && !row.folder->empty()) mention(*row.folder, "dependabot_directory");
    if (row.folder && row.manifest) mention((row.folder->empty() ? "" : *row.folder + "/") + *row.manifest, "manifest");
    rows_.add(std::move(row));
  }

  BlobRows& rows_;
  GithubReader reader_;
};

}  // namespace

void extract_dependabot(BlobRows& rows) {
  if (const auto document = parse_yaml_into(rows)) UpdateReader(rows, *document).read();
}

}  // namespace trueup::facts
