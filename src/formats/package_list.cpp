// What indexes of npm, PyPI and Go modules say of a package, brought into one shape.

#include "formats/package_list.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.hpp"
#include "formats/json.hpp"
#include "formats/release_version.hpp"

namespace trueup::formats {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"go", "npm", "pypi"};
constexpr std::size_t kMaxNameBytes = 512;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_name(std::string_view text) {
  return !text.empty() && text.front() != '.' &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~'; });
}

/// PEP 503: small letters, and one '-' for each run of "-_.".
std::string normalized_name(std::string_view name) {
  std::string result;
  for (const char c : name) {
    const bool separator = c == '-' || c == '_' || c == '.';
    if (separator && result.ends_with('-')) continue;
    result += separator ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

bool is_commit(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// Text of a member of an object; empty for null and for what is not there.
std::string text_at(const Document& document, NodeIndex object, std::string_view key) {
  const NodeIndex value = document.child(object, key);
  const auto said = document.text(value);
  if (!said || (*said == "null" && document[document.resolved(value)].style == ScalarStyle::plain)) return "";
  return std::string(*said);
}

Result<Document> parsed(std::string_view body) {
  Document document = parse_json(body);
  if (const auto& problem = document.problem()) return Error{problem->fault, problem->message};
  if (!document.is_mapping(document.root())) return Error{Fault::malformed, "it is no object"};
  return document;
}

/// Gathers the files of a project by version: it is yanked when all of them are.
class ProjectFiles {
 public:
  explicit ProjectFiles(std::string_view package) : package_(package) {}

  /// False for a file that belongs to no version.
  bool add(std::string_view file, std::string_view uploaded_at, bool yanked) {
    const auto version = pypi_file_version(file, package_);
    if (!version) return false;
    PackageVersion& entry = of(*version);
    const bool first = files_[entry.version]++ == 0;
    entry.withdrawn = yanked && (first || entry.withdrawn);
    if (!uploaded_at.empty() && (entry.released_at.empty() || uploaded_at < entry.released_at)) entry.released_at = uploaded_at;
    return true;
  }
  void add_version(std::string_view version) { (void)of(version); }
  PackageList take() { return std::move(list_); }

 private:
  /// One entry for a version, however files and list write it.
  PackageVersion& of(std::string_view version) {
    const auto parsed = ReleaseVersion::parse(version);
    const auto [known, added] = places_.try_emplace(parsed ? parsed->key : std::string(version), list_.versions.size());
    if (added) list_.versions.push_back({std::string(version), "", "", false});
    return list_.versions[known->second];
  }

  std::string_view package_;
  PackageList list_;
  std::unordered_map<std::string, std::size_t> places_;
  std::unordered_map<std::string, std::size_t> files_;
};

Result<PackageList> read_pypi_json(std::string_view body, std::string_view package) {
  auto document = parsed(body);
  if (!document) return std::move(document).error();
  const NodeIndex root = document->root(), files = document->child(root, "files");
  if (!text_at(*document, document->child(root, "meta"), "api-version").starts_with("1."))
    return Error{Fault::malformed, "it has no `api-version` 1.x of the simple API"};
  if (normalized_name(text_at(*document, root, "name")) != normalized_name(package)) return Error{Fault::malformed, "it is about another project"};
  if (!document->is_sequence(files)) return Error{Fault::malformed, "it has no list `files`"};
  ProjectFiles found(package);
  for (const NodeIndex version : document->children(document->child(root, "versions")))
    if (const auto text = document->text(version)) found.add_version(*text);
  for (const NodeIndex file : document->children(files)) {
    const std::string yanked = text_at(*document, file, "yanked");  // true, or why
    const bool is_plain = yanked == "false" && (*document)[document->resolved(document->child(file, "yanked"))].style == ScalarStyle::plain;
    found.add(text_at(*document, file, "filename"), text_at(*document, file, "upload-time"), document->child(file, "yanked") != kNoNode && !is_plain);
  }
  return found.take();
}

Result<PackageList> read_pypi_html(std::string_view body, std::string_view package) {
  ProjectFiles found(package);
  bool any = false;
  for (std::size_t at = 0; (at = body.find("<a", at)) != body.npos;) {
    const std::size_t end = body.find('>', at), closed = end == body.npos ? body.npos : body.find('<', end);
    if (closed == body.npos) return Error{Fault::malformed, "it ends within a link"};
    const std::string_view attributes = body.substr(at + 2, end - at - 2);
    any = found.add(trim(body.substr(end + 1, closed - end - 1)), "", attributes.find("data-yanked") != attributes.npos) || any;
    at = closed;
  }
  // A page to sign in has links too.
  if (!any) return Error{Fault::malformed, "it links no file of the project"};
  return found.take();
}

}  // namespace

std::string_view to_string(Ecosystem ecosystem) { return kNames[static_cast<std::size_t>(ecosystem)]; }

std::optional<Ecosystem> ecosystem_of(std::string_view name) {
  for (const Ecosystem each : {Ecosystem::go, Ecosystem::npm, Ecosystem::pypi})
    if (to_string(each) == name) return each;
  return std::nullopt;
}

std::optional<std::string> package_path(Ecosystem ecosystem, std::string_view package) {
  if (package.size() > kMaxNameBytes) return std::nullopt;
  if (ecosystem == Ecosystem::pypi) return is_name(package) ? std::optional(normalized_name(package)) : std::nullopt;
  if (ecosystem == Ecosystem::npm) {
    if (!package.starts_with('@')) return is_name(package) ? std::optional(std::string(package)) : std::nullopt;
    const std::size_t slash = package.find('/');
    if (slash == package.npos || !is_name(package.substr(1, slash - 1)) || !is_name(package.substr(slash + 1))) return std::nullopt;
    return std::string(package.substr(0, slash)) + "%2f" + std::string(package.substr(slash + 1));
  }
  std::string path;
  for (const std::string_view part : split(package, '/')) {
    if (!is_name(part)) return std::nullopt;
    if (!path.empty()) path += '/';
    for (const char c : part) {
      if (c >= 'A' && c <= 'Z') path += '!';
      path += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return path.find('.') == path.npos ? std::nullopt : std::optional(path);  // the first part is a host
}

Result<PackageList> read_npm_package(std::string_view body, std::string_view package) {
  auto document = parsed(body);
  if (!document) return std::move(document).error();
  const NodeIndex root = document->root(), versions = document->child(root, "versions"), times = document->child(root, "time");
  if (text_at(*document, root, "name") != package) return Error{Fault::malformed, "it is about another package"};
  const bool unpublished = document->child(times, "unpublished") != kNoNode;
  if (!document->is_mapping(versions) && !unpublished) return Error{Fault::malformed, "it has no `versions`"};
  PackageList list;
  list.latest = text_at(*document, document->child(root, "dist-tags"), "latest");
  std::unordered_map<std::string_view, NodeIndex> time_of;
  for (const NodeIndex time : document->children(times))
    if (const auto version = document->text((*document)[time].key)) time_of.emplace(*version, time);
  for (const NodeIndex version : document->children(versions)) {
    const auto name = document->text((*document)[version].key);
    if (!name) continue;
    PackageVersion& entry = list.versions.emplace_back();
    entry.version = *name;
    if (const auto time = time_of.find(*name); time != time_of.end()) entry.released_at = document->text(time->second).value_or("");
    if (std::string commit = text_at(*document, version, "gitHead"); is_commit(commit)) entry.commit_id = std::move(commit);
    const std::string deprecated = text_at(*document, version, "deprecated");
    entry.withdrawn = !deprecated.empty() && deprecated != "false";
  }
  return list;
}

Result<PackageList> read_pypi_project(std::string_view body, std::string_view package) {
  return trim(body).starts_with('{') ? read_pypi_json(body, package) : read_pypi_html(body, package);
}

Result<PackageList> read_go_list(std::string_view body) {
  PackageList list;
  for (std::string_view line : split(body, '\n')) {
    line = trim(line);
    if (line.empty()) continue;
    // "v1.2.3", and a time behind it in lists of old proxies.
    const std::string_view version = line.substr(0, line.find(' '));
    if (!version.starts_with('v') || !ReleaseVersion::parse(version)) return Error{Fault::malformed, "it holds what is no version"};
    list.versions.push_back({std::string(version), "", "", false});
  }
  return list;
}

Result<PackageVersion> read_go_info(std::string_view body) {
  auto document = parsed(body);
  if (!document) return std::move(document).error();
  const NodeIndex root = document->root();
  PackageVersion version{text_at(*document, root, "Version"), text_at(*document, root, "Time"), "", false};
  if (!version.version.starts_with('v')) return Error{Fault::malformed, "it has no `Version`"};
  if (std::string commit = text_at(*document, document->child(root, "Origin"), "Hash"); is_commit(commit)) version.commit_id = std::move(commit);
  return version;
}

std::optional<std::string_view> pypi_file_version(std::string_view file, std::string_view package) {
  const std::string wanted = normalized_name(package);
  std::string_view stem;
  for (const std::string_view ending : {".whl", ".egg", ".tar.gz", ".zip", ".tar.bz2", ".tgz"})
    if (file.ends_with(ending)) stem = file.substr(0, file.size() - ending.size());
  const bool has_tags = file.ends_with(".whl") || file.ends_with(".egg");
  if (stem.empty() || file.size() > kMaxNameBytes) return std::nullopt;
  // Old source archives write the project's own '-', so its end is looked for.
  for (std::size_t dash = stem.find('-'); dash != stem.npos; dash = stem.find('-', dash + 1)) {
    if (normalized_name(stem.substr(0, dash)) != wanted) continue;
    const std::string_view rest = stem.substr(dash + 1), version = has_tags ? rest.substr(0, rest.find('-')) : rest;
    if (!version.empty() && version.front() >= '0' && version.front() <= '9') return version;
  }
  return std::nullopt;
}

}  // namespace trueup::formats
