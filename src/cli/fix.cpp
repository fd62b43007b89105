#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/text.hpp"
#include "cli/assembly.hpp"
#include "cli/commands.hpp"
#include "git/patch.hpp"
#include "git/replace_files.hpp"
#include "report/words.hpp"

namespace trueup::cli {
namespace {

namespace fs = std::filesystem;

/// The changes of one repository, which one patch holds.
struct RepositoryChange {
  std::string slug, folder, revision;
  std::vector<git::ChangedText> files;
};

std::vector<RepositoryChange> by_repository(const engine::FixReport& report) {
  std::vector<RepositoryChange> changes;
  for (const engine::FixedFile& file : report.files) {
    if (changes.empty() || changes.back().slug != file.repository) changes.push_back({file.repository, file.folder, file.revision, {}});
    changes.back().files.push_back({file.path, file.before, file.after, file.executable});
  }
  std::erase_if(changes, [](RepositoryChange& change) {
    std::erase_if(change.files, [](const git::ChangedText& file) { return file.before == file.after; });
    return change.files.empty();
  });
  return changes;
}

/// "acme/deploy" as a file's name that none of `taken` is; names that differ may come to the same characters.
std::string file_name(const std::string& slug, std::set<std::string>& taken) {
  std::string name;
  for (const char c : slug) name += c == '/' ? '-' : (c == '.' || c == '_' || c == '-' || std::isalnum(static_cast<unsigned char>(c))) ? c : '_';
  std::string file = name + ".patch";
  for (int i = 2; !taken.insert(ascii_lower(file)).second; ++i) file = name + "-" + std::to_string(i) + ".patch";
  return file;
}

bool is_chosen(const rules::Finding& finding, const std::vector<std::string>& chosen) {
  if (chosen.empty()) return true;
  return std::any_of(chosen.begin(), chosen.end(), [&](const std::string& name) {
    return name == finding.fingerprint || name == finding.rule_id || equal_ignoring_ascii_case(name, finding.code);
  });
}

std::string line_of(const engine::FixOutcome& outcome) {
  const rules::Finding& finding = outcome.finding;
  std::string text = std::string(to_string(outcome.state)) + ": " + finding.code + " " + report::location(finding.at, "") + " " + finding.message;
  text = printable(text);
  if (!outcome.because.empty()) text += "\n  " + printable(outcome.because);
  return text + "\n";
}

bool write_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  return static_cast<bool>(file);
}

/// Where the patches go. Gives false where something could not be written, which was told.
bool hand_over(const std::vector<RepositoryChange>& changes, const FixArguments& arguments, const Environment& environment) {
  const auto fail = [&](const std::string& message) {
    environment.err("trueup: " + printable(message) + "\n");
    return false;
  };
  const fs::path folder = arguments.output.empty() ? fs::path() : fs::path(environment.folder) / arguments.output;
  std::error_code error;
  if (!folder.empty()) fs::create_directories(folder, error);
  bool whole = true;
  std::set<std::string> names;
  for (const RepositoryChange& change : changes) {
    if (arguments.apply) {
      if (change.folder.empty()) {
        whole = fail(change.slug + " has no working tree here: take its patch with --output DIR");
        continue;
      }
      if (auto replaced = git::replace_files(change.folder, change.files); !replaced) whole = fail(change.slug + ": " + replaced.error().message);
      else environment.out("wrote " + report::counted(change.files.size(), "file") + " of " + printable(change.slug) + "\n");
      continue;
    }
    auto patch = git::unified_patch(change.files);
    if (!patch) {
      whole = fail(change.slug + ": " + patch.error().message);
      continue;
    }
    if (!folder.empty()) {
      const std::string name = file_name(change.slug, names);
      if (!write_file(folder / name, *patch)) whole = fail((folder / name).string() + " cannot be written");
      else environment.out("wrote " + printable((fs::path(arguments.output) / name).string()) + "\n");
      continue;
    }
    // Git passes over what stands before the first "diff".
    if (changes.size() > 1) environment.out("# " + printable(change.slug) + (change.revision.empty() ? "" : " at " + printable(change.revision)) + "\n");
    environment.out(*patch);
  }
  return whole;
}

/// Run in a folder of a repository, `git apply` passes over files outside of it and says nothing.
void warn_of_subfolder(const std::vector<RepositoryChange>& changes, const Environment& environment) {
  std::error_code error;
  const fs::path here = fs::weakly_canonical(environment.folder, error);
  for (const RepositoryChange& change : changes) {
    if (change.folder.empty()) continue;
    const std::string inside = here.lexically_relative(fs::weakly_canonical(change.folder, error)).generic_string();
    if (inside.empty() || inside == "." || inside == ".." || inside.starts_with("../")) continue;
    const auto outside = std::ranges::count_if(change.files, [&](const git::ChangedText& file) { return !file.path.starts_with(inside + '/'); });
    if (outside > 0)
      environment.err("note: " + report::counted(static_cast<std::size_t>(outside), "file") + " of the patch of " + printable(change.slug) +
                      (outside == 1 ? " lies outside of " : " lie outside of ") + printable(inside) +
                      ", and `git apply` run here would pass over them without a word: pipe to git -C \"$(git rev-parse --show-toplevel)\" apply\n");
  }
}

}  // namespace

int run_fix(const FixArguments& arguments, const Environment& environment) {
  for (const std::string& name : arguments.chosen) {
    std::error_code ignored;
    if (std::islower(static_cast<unsigned char>(name.front())) == 0 || !fs::is_directory(fs::path(environment.folder) / name, ignored)) continue;
    environment.err("trueup: " + printable(name) + " is a folder here, and may be a rule: write ./" + printable(name) + " for the folder, " +
                    "the code in capitals for the rule\n");
    return 2;
  }
  PreparedRun prepared = prepare_run(arguments.source, environment, {.judges = true});
  if (prepared.exit_code != 0) return prepared.exit_code;
  engine::FixRequest wanted;
  wanted.unsafe = arguments.unsafe;
  wanted.wanted = [&](const rules::Finding& finding) { return is_chosen(finding, arguments.chosen); };
  for (const std::string& name : arguments.chosen)
    if (name.size() != 16 && prepared.run->find_rule(name) == nullptr) {
      environment.err("trueup: no rule is called " + printable(name) + "; trueup rules lists them\n");
      return 2;
    }
  auto report = prepared.run->fix(wanted);
  if (!report) {
    environment.err("trueup: " + printable(report.error().message) + "\n");
    return 2;
  }
  for (const std::string& note : prepared.assembly->notes) environment.err("note: " + printable(note) + "\n");
  std::map<engine::FixState, std::size_t> counts;
  for (const engine::FixOutcome& outcome : report->outcomes) {
    ++counts[outcome.state];
    environment.err(line_of(outcome));
  }
  const auto changes = by_repository(*report);
  const bool whole = hand_over(changes, arguments, environment);
  if (!arguments.apply) warn_of_subfolder(changes, environment);
  if (const auto problem = prepared.assembly->servers.recording_problem()) environment.err("trueup: --record: " + printable(problem->message) + "\n");
  for (const std::string& name : arguments.chosen)
    if (name.size() == 16 && prepared.run->find_rule(name) == nullptr &&
        std::ranges::none_of(report->outcomes, [&](const engine::FixOutcome& outcome) { return outcome.finding.fingerprint == name; }))
      environment.err("note: no finding that could be fixed has the fingerprint " + name + "\n");
  if (report->outcomes.empty()) environment.err("nothing to fix\n");
  if (!whole) return 2;
  return counts[engine::FixState::withheld] + counts[engine::FixState::refused] > 0 ? 1 : 0;
}

}  // namespace trueup::cli
