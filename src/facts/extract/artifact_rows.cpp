#include "facts/extract/artifact_rows.hpp"

#include <charconv>
#include <cstdlib>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "formats/path_join.hpp"
#include "formats/template_text.hpp"

namespace trueup::facts {
namespace {

using formats::ExpressionValue;
using formats::kNoNode;
using formats::NodeIndex;
using formats::Truth;

/// `v4`, `v4.3.1`, `4`: the number in front.
std::optional<std::int64_t> major_of(const std::optional<std::string>& revision) {
  if (!revision) return std::nullopt;
  std::string_view text = *revision;
  if (text.starts_with('v')) text.remove_prefix(1);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 3 || (digits < text.size() && text[digits] != '.')) return std::nullopt;
  return std::strtoll(std::string(text.substr(0, digits)).c_str(), nullptr, 10);
}

bool is_yes(std::optional<std::string_view> text) { return text && equal_ignoring_ascii_case(trim(*text), "true"); }

/// Wildcards of a pattern become holes, so that both are compared in one way. What it leaves out, and lists of patterns, could be anything.
std::string with_holes(std::string_view pattern) {
  if (pattern.starts_with('!')) return "${{ '*' }}";
  for (const std::string_view list : {"@(", "!(", "?(", "*(", "+("})
    if (pattern.find(list) != pattern.npos) return "${{ '*' }}";
  std::string text;
  std::size_t at = 0;
  const auto add = [&](std::size_t end) {
    for (; at < end; ++at) {
      const char c = pattern[at];
      const char close = c == '{' ? '}' : c == '[' ? ']' : '\0';
      if (c != '*' && c != '?' && close == '\0') {
        text += c;
        continue;
      }
      text += "${{ '*' }}";
      const std::size_t closed = close == '\0' ? std::string_view::npos : pattern.find(close, at);
      if (closed < end) at = closed;
    }
  };
  for (const formats::TemplateRegion& region : formats::find_templates(pattern)) {
    add(region.outer.begin);
    text += pattern.substr(region.outer.begin, region.outer.end - region.outer.begin);
    at = region.outer.end;
  }
  add(pattern.size());
  return text;
}

/// Whether the step runs in a leg, as far as the matrix decides.
Truth runs_in(std::string_view condition, const formats::MatrixLeg& leg) {
  const auto expression = formats::condition_expression(trim(condition));
  if (!expression) return Truth::unknown;
  return formats::truth_of(*expression, formats::matrix_environment(leg));
}

/// A folder or file of the workspace, without `./` and slashes at its ends; nothing where it is computed or elsewhere.
std::optional<std::string> workspace_path(std::string_view written) {
  written = trim(written);
  constexpr std::string_view kWorkspace = "${{ github.workspace }}";
  if (written.starts_with(kWorkspace)) written.remove_prefix(kWorkspace.size());
  else if (written.starts_with('/') || written.starts_with('~')) return std::nullopt;
  while (written.starts_with('/')) written.remove_prefix(1);
  if (written.find('$') != written.npos || written.find('\\') != written.npos) return std::nullopt;
  return formats::join_path("", written);
}

/// What the paths of an upload have in common: upload-artifact takes it off. A single path without wildcards is a file or a
/// folder, and either way loses its name's folders; all of it counts.
std::optional<std::string> common_root(std::string_view paths) {
  std::optional<std::string> root;
  for (const std::string_view line : split(paths, '\n')) {
    const std::string_view written = trim(line);
    if (written.empty() || written.starts_with('!') || written.starts_with('#')) continue;
    std::optional<std::string> path = workspace_path(written.substr(0, written.find_first_of("*?[")));
    if (!path) return std::nullopt;
    if (const std::size_t wildcard = written.find_first_of("*?["); wildcard != written.npos && written[wildcard - (wildcard > 0 ? 1 : 0)] != '/')
      path->resize(path->rfind('/') == path->npos ? 0 : path->rfind('/'));
    if (!root) {
      root = std::move(path);
      continue;
    }
    while (!root->empty() && *path != *root && !path->starts_with(*root + '/'))
      root->resize(root->rfind('/') == root->npos ? 0 : root->rfind('/'));
  }
  return root;
}

struct Wanted {
  std::string_view direction;
  std::optional<std::string_view> name;  ///< as written; nothing: all, or by id
  NodeIndex at = kNoNode;
  bool is_pattern = false;
};

}  // namespace

void ArtifactRows::add(const Step& step, const UsesReference& uses, const ActionArguments& arguments, const JobLegs& job) {
  if (!reader_.rows().wants(Table::artifact_use)) return;
  const bool merge = uses.form == UsesForm::action && equal_ignoring_ascii_case(uses.slug, "actions/upload-artifact") && uses.path == "merge";
  const bool upload = merge || uses.is_action("actions/upload-artifact");
  const bool foreign = uses.is_action("dawidd6/action-download-artifact");
  if (!upload && !foreign && !uses.is_action("actions/download-artifact")) return;

  Wanted wanted;
  wanted.direction = upload ? "upload" : "download";
  wanted.name = arguments.find("name");
  std::string_view named_by = "name";
  if (!upload && !wanted.name && arguments.find("pattern")) {
    wanted.name = arguments.find("pattern");
    wanted.is_pattern = true;
    named_by = "pattern";
  }
  if (foreign && is_yes(arguments.find("name_is_regexp"))) wanted.name.reset();
  if (upload && !wanted.name) wanted.name = merge ? "merged-artifacts" : "artifact";
  if (arguments.find("artifact-ids")) wanted.name.reset();
  reader_.for_each_entry(step.with, [&](const GithubReader::Entry& entry) {
    if (equal_ignoring_ascii_case(entry.name, named_by)) wanted.at = entry.value;
  });

  ArtifactUseRow row;
  row.job = step.owner.job;
  row.step = step.owner.step;
  row.span = reader_.span(wanted.at == kNoNode || !wanted.name ? step.uses : wanted.at);
  row.direction = wanted.direction;
  row.is_pattern = wanted.is_pattern;
  row.overwrite = is_yes(arguments.find("overwrite"));
  row.major = major_of(uses.revision);
  row.own_run = !foreign && !arguments.find("run-id");
  if (foreign) row.workflow_file = arguments.find("workflow");
  row.own_repository = is_own_repository(arguments.find(foreign ? "repo" : "repository"));
  row.conditional = step.condition.has_value();
  if (const auto days = upload ? arguments.find("retention-days") : std::nullopt) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(days->data(), days->data() + days->size(), number);
    if (fault == std::errc() && end == days->data() + days->size() && number > 0) row.retention_days = number;
  }
  const auto path = arguments.find("path");
  if (!merge) row.root = upload ? common_root(path.value_or("")) : workspace_path(path.value_or(""));

  if (upload && row.root && !row.root->empty()) reader_.rows().add(PathMentionRow{row.job, row.step, row.span, "root", *row.root, "uploaded", 0});

  std::map<std::string, std::int64_t> names;
  const auto name_of = [&](std::string_view filled) { return wanted.is_pattern ? with_holes(filled) : std::string(filled); };
  if (wanted.name && job.has_matrix && job.legs) {
    bool decided = true;
    for (const formats::MatrixLeg& leg : *job.legs) {
      const Truth runs = step.condition ? runs_in(*step.condition, leg) : Truth::truthy;
      decided = decided && runs != Truth::unknown;
      if (runs != Truth::falsy) ++names[name_of(formats::fill_template(*wanted.name, formats::matrix_environment(leg)))];
    }
    row.conditional = !decided;
  } else if (wanted.name) {
    names.emplace(name_of(*wanted.name), 1);
  }
  if (!wanted.name) reader_.rows().add(std::move(row));
  for (const auto& [name, legs] : names) {
    ArtifactUseRow one = row;
    one.name = name;
    if (!job.has_matrix || job.legs) one.legs = legs;
    reader_.rows().add(std::move(one));
  }
}

}  // namespace trueup::facts
