#include "facts/extract/uses_reference.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace trueup::facts {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool is_name(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && std::all_of(text.begin(), text.end(), is_name_character);
}

/// The path behind `./` or `$/`, or nothing.
std::optional<std::string_view> local_path(std::string_view text) {
  if (text.starts_with("./") || text.starts_with("$/")) return text.substr(2);
  return std::nullopt;
}

/// `owner/name[/path]@revision`.
UsesReference parse_remote(std::string_view text, UsesForm form) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at + 1 == text.size()) return {};
  const std::string_view place = text.substr(0, at);
  const std::size_t owner_end = place.find('/');
  if (owner_end == std::string_view::npos) return {};
  const std::size_t name_end = std::min(place.find('/', owner_end + 1), place.size());
  if (!is_slug(place.substr(0, name_end))) return {};
  UsesReference uses;
  uses.form = form;
  uses.slug = place.substr(0, name_end);
  if (name_end < place.size()) uses.path = clean_local_path(place.substr(name_end + 1));
  uses.revision = text.substr(at + 1);
  return uses;
}

bool has_hole(std::string_view text) { return text.find("${{") != std::string_view::npos; }

}  // namespace

std::string_view to_string(UsesForm form) {
  switch (form) {
    case UsesForm::action: return "action";
    case UsesForm::workflow: return "workflow";
    case UsesForm::local_action: return "local_action";
    case UsesForm::local_workflow: return "local_workflow";
    case UsesForm::docker: return "docker";
    case UsesForm::unreadable: return "unreadable";
  }
  return "unreadable";
}

bool UsesReference::is_action(std::string_view wanted) const {
  return form == UsesForm::action && !path && equal_ignoring_ascii_case(slug, wanted);
}

UsesReference parse_step_uses(std::string_view text) {
  text = trim(text);
  UsesReference uses;
  if (has_hole(text)) return uses;
  if (text.starts_with("docker://")) {
    uses.form = UsesForm::docker;
    return uses;
  }
  if (const auto local = local_path(text)) {
    uses.form = UsesForm::local_action;
    uses.path = clean_local_path(*local);
    uses.of_own_repository = text.front() == '$';
    return uses;
  }
  return parse_remote(text, UsesForm::action);
}

UsesReference parse_job_uses(std::string_view text) {
  text = trim(text);
  UsesReference uses;
  if (has_hole(text)) return uses;
  if (const auto local = local_path(text)) {
    // GitHub refuses a revision here: the file is taken from the commit that runs.
    if (local->empty() || local->find('@') != std::string_view::npos) return uses;
    uses.form = UsesForm::local_workflow;
    uses.path = clean_local_path(*local);
    uses.of_own_repository = true;
    return uses;
  }
  uses = parse_remote(text, UsesForm::workflow);
  return uses.path ? uses : UsesReference{};
}

std::string clean_local_path(std::string_view path) {
  for (;;) {
    if (path.starts_with("./")) path.remove_prefix(2);
    else if (path.starts_with('/')) path.remove_prefix(1);
    else break;
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  return path == "." ? std::string() : std::string(path);
}

bool is_slug(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && is_name(text.substr(0, slash)) && is_name(text.substr(slash + 1));
}

}  // namespace trueup::facts
