#include "cli/assembly.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/text.hpp"
#include "engine/git_source.hpp"
#include "engine/place_book.hpp"
#include "facts/extract/extractor.hpp"
#include "formats/path_join.hpp"
#include "formats/timestamp.hpp"
#include "formats/yaml.hpp"
#include "git/fetch.hpp"
#include "git/glob.hpp"
#include "git/snapshot.hpp"
#include "git/source.hpp"

namespace trueup::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kConfigName = "trueup.yaml";

/// A run cannot begin; carries the lines to print.
struct Stop {
  AssemblyError error;
};

[[noreturn]] void stop(std::string line) { throw Stop{{{std::move(line)}}}; }

/// "origin/main", "refs/heads/main" and "refs/remotes/origin/main" as a branch's name.
std::string branch_of(std::string_view revision, const git::Source& source) {
  for (const std::string_view prefix : {"refs/heads/", "refs/remotes/"})
    if (revision.starts_with(prefix)) revision.remove_prefix(prefix.size());
  if (const auto remotes = source.remotes())
    for (const git::Remote& remote : *remotes)
      if (revision.starts_with(remote.name + "/")) return std::string(revision.substr(remote.name.size() + 1));
  return std::string(revision);
}

class Assembler {
 public:
  Assembler(const SourceArguments& arguments, const Environment& environment, bool fetches)
      : arguments_(arguments), environment_(environment), fetches_(fetches), assembly_(std::make_unique<Assembly>(arguments, environment)) {}

  std::unique_ptr<Assembly> assemble() {
    open_sources();
    read_config();
    load_rules();
    compile_kinds();
    read_clock();
    open_servers();
    add_repositories();
    assembly_->servers.open_forges(assembly_->request.repositories, assembly_->request.now, assembly_->request.live);
    add_suppressions();
    add_own_suppressions();
    if (assembly_->at_hand.empty()) assembly_->at_hand = environment_.variable("GITHUB_REPOSITORY").value_or("");
    return std::move(assembly_);
  }

 private:
  struct OpenSource {
    std::string given;
    git::Source source;
    std::string slug;
  };

  /// Whether a checked out repository is the one that GitHub's runner checked out.
  bool is_workspace(const fs::path& root) const {
    const auto workspace = environment_.variable("GITHUB_WORKSPACE");
    std::error_code error;
    return workspace && !workspace->empty() && fs::equivalent(*workspace, root, error);
  }

  std::string absolute(const std::string& path) const { return (fs::path(environment_.folder) / path).lexically_normal().string(); }

  // ---------------------------------------------------------------------------------------------- sources

  /// Opens what the command line names as paths; without any, the repository at hand. Slugs wait for the config.
  void open_sources() {
    for (const std::string& given : arguments_.sources) {
      std::error_code error;
      if (fs::exists(absolute(given), error)) {
        open(given);
      } else {
        slugs_.push_back(given);
      }
    }
    if (arguments_.sources.empty()) open(".");
  }

  void open(const std::string& given) {
    auto source = git::Source::open(absolute(given));
    if (!source) stop(given + ": " + source.error().message);
    OpenSource opened{given, *source, ""};
    open_.push_back(std::move(opened));
  }

  std::string slug_of(const OpenSource& opened) {
    if (!arguments_.slug.empty() && open_.size() == 1) return arguments_.slug;
    if (!assembly_->config.slug.empty() && open_.size() == 1) return assembly_->config.slug;
    if (const auto named = environment_.variable("GITHUB_REPOSITORY"); named && is_workspace(opened.source.root())) return *named;
    std::error_code error;
    for (const RepositoryConfig& repository : assembly_->config.repositories)
      if (!repository.path.empty() && fs::equivalent(config_folder() / repository.path, opened.source.root(), error))
        return repository.slug;
    if (const auto remotes = opened.source.remotes())
      for (const git::Remote& remote : *remotes)
        if ((remote.name == "upstream" || remote.name == "origin") && remote.address) return remote.address->slug;
    std::string name = opened.source.root().filename().string();
    if (name.ends_with(".git") && name.size() > 4) name.resize(name.size() - 4);
    const std::string slug = "local/" + (name.empty() ? "repository" : name);
    return slug;
  }

  fs::path config_folder() const {
    return assembly_->config.file.empty() ? fs::path(environment_.folder) : fs::path(absolute(assembly_->config.file)).parent_path();
  }

  // ---------------------------------------------------------------------------------------------- config and rules

  void read_config() {
    std::string file, text;
    if (!arguments_.config.empty()) {
      file = arguments_.config;
      // A config that the change itself brings says nothing about its check, even if it was named.
      const std::string inside = fs::path(absolute(file)).lexically_relative(open_.empty() ? fs::path() : open_.front().source.root()).string();
      if (!inside.empty() && !inside.starts_with("..")) found_config_ = inside;
      if (!arguments_.base.empty() && !found_config_.empty()) {
        auto at_base = read_at_base(open_.front().source, inside);
        if (!at_base) stop("--config " + file + ": it is not there at " + arguments_.base + ", and with a base the base's config holds");
        text = *at_base;
        assembly_->config_from_base = true;
      } else {
        text = read_text(absolute(file), true);
      }
    } else if (open_.size() == 1 || arguments_.sources.empty()) {
      if (!find_config(open_.front().source, file, text)) return;
    } else {
      return;
    }
    const std::string shown = fs::path(file).is_absolute() ? fs::path(file).lexically_relative(environment_.folder).string() : file;
    ConfigResult result = parse_config(shown.empty() || shown.starts_with("../..") ? file : shown, text);
    if (!result.config) throw Stop{problem_lines(result.problems)};
    assembly_->config = std::move(*result.config);
    config_text_ = std::move(text);
    assembly_->config.file = assembly_->config_from_base && arguments_.config.empty()
                                 ? (open_.front().source.root() / found_config_).string()
                                 : file;
  }

  /// The config of the folder that was given, else of the repository that it lies in; false if neither has one.
  bool find_config(const git::Source& source, std::string& file, std::string& text) {
    std::vector<std::string> places = {std::string(kConfigName)};
    if (!source.subfolder().empty()) places.insert(places.begin(), source.subfolder() + "/" + std::string(kConfigName));
    for (const std::string& place : places) {
      found_config_ = place;
      config_of_folder_ = place != kConfigName;
      // What a change may say about its own check is nothing: with a base, the base's config holds.
      if (!arguments_.base.empty()) {
        auto at_base = read_at_base(source, place);
        if (!at_base) continue;
        text = std::move(*at_base);
        assembly_->config_from_base = true;
        file = place + " of " + arguments_.base;
        return true;
      }
      std::error_code error;
      file = (source.root() / place).string();
      if (!fs::exists(file, error)) continue;
      text = read_text(file, true);
      return true;
    }
    config_of_folder_ = false;
    found_config_.clear();
    return false;
  }

  static AssemblyError problem_lines(const std::vector<ConfigProblem>& problems) {
    AssemblyError error;
    for (const ConfigProblem& problem : problems)
      error.lines.push_back(problem.file + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
                            problem.message);
    return error;
  }

  std::string read_text(const std::string& path, bool required) {
    std::ifstream file(path, std::ios::binary);
    std::string text(kMaxConfigBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (required && !file && !file.eof()) stop(path + ": cannot be read");
    return text;
  }

  git::CommitId base_commit(const git::Source& source) {
    auto base = source.resolve_revision(arguments_.base);
    if (!base)
      stop("--base " + arguments_.base + ": " + base.error().message +
           (environment_.variable("GITHUB_ACTIONS") ? "; actions/checkout needs fetch-depth: 0 to have it" : ""));
    return base->commit;
  }

  /// Files of the base commit below a path, or the file itself.
  std::vector<rules::RuleText> files_at_base(const git::Source& source, const std::string& below) {
    const auto inside = [below](std::string_view path) { return below.empty() || path == below || path.starts_with(below + "/"); };
    git::SnapshotReader reader(source, {inside, [below](std::string_view folder) {
                                          return folder.starts_with(below) || below.starts_with(folder);
                                        }});
    auto snapshot = reader.read(base_commit(source));
    if (!snapshot) stop("--base " + arguments_.base + ": " + snapshot.error().message);
    std::vector<rules::RuleText> texts;
    snapshot->files()->for_each([&](const git::Entry& entry) {
      if (entry.mode != git::EntryMode::file && entry.mode != git::EntryMode::executable) return;
      if (auto bytes = source.read(entry)) texts.push_back({std::string(entry.path), std::move(*bytes)});
    });
    return texts;
  }

  std::optional<std::string> read_at_base(const git::Source& source, std::string_view path) {
    auto files = files_at_base(source, std::string(path));
    if (files.empty()) return std::nullopt;
    return std::move(files.front().text);
  }

  void load_rules() {
    AssemblyError error;
    const auto add = [&](std::vector<rules::RuleText> texts) {
      const rules::RuleFolder& folder = assembly_->folders.emplace_back(rules::RuleFolder::load(std::move(texts)));
      for (const rules::RuleProblem& problem : folder.problems())
        error.lines.push_back(problem.path + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
                              problem.message);
    };
    for (const std::string& folder : arguments_.rule_folders) {
      auto texts = read_rule_folder(absolute(folder));
      if (!texts) stop("--rules " + folder + ": " + texts.error().message);
      add(std::move(*texts));
    }
    for (const std::string& folder : assembly_->config.rule_folders) {
      if (assembly_->config_from_base) {
        const fs::path& root = open_.front().source.root();
        const fs::path config_inside = fs::path(absolute(assembly_->config.file)).lexically_relative(root);
        const auto inside = formats::join_path(config_inside.parent_path().string(), folder);
        if (!inside) stop(assembly_->config.file + ": rule_folders: " + folder + " lies outside of the repository, whose base holds");
        add(files_at_base(open_.front().source, *inside));
        continue;
      }
      auto texts = read_rule_folder((config_folder() / folder).string());
      if (!texts) stop(assembly_->config.file + ": rule_folders: " + texts.error().message);
      add(std::move(*texts));
    }
    if (!error.lines.empty()) throw Stop{error};

    RuleChoice choice = choose_rules(assembly_->folders, assembly_->config, arguments_.only, arguments_.skip);
    if (!choice.problems.empty()) throw Stop{{choice.problems}};
    known_rules_.assign(rules::builtin_rules().begin(), rules::builtin_rules().end());
    for (const rules::RuleFolder& folder : assembly_->folders)
      known_rules_.insert(known_rules_.end(), folder.rules().begin(), folder.rules().end());
    if (auto problems = check_rule_names(assembly_->config, known_rules_); !problems.empty()) throw Stop{problem_lines(problems)};
    assembly_->request.rules = std::move(choice.rules);
    assembly_->request.views = std::move(choice.views);
  }

  void compile_kinds() {
    std::vector<std::string> known;
    for (const facts::Extractor& extractor : facts::extractors()) known.emplace_back(extractor.kind);
    if (auto problems = check_kind_names(assembly_->config, known); !problems.empty()) throw Stop{problem_lines(problems)};
    facts::KindConfig config;
    for (const KindConfig& kind : assembly_->config.kinds) config.kinds.push_back({kind.glob, kind.kind});
    config.ignore = assembly_->config.ignore;
    config.nodes = assembly_->config.nodes;
    config.carriers = engine::carrier_places(assembly_->config.trains);
    for (const engine::Train& train : assembly_->config.trains)
      if (!train.changelog.empty()) config.kinds.push_back({train.changelog, "changelog"});
    if (assembly_->config.ring)
      if (const std::string glob = engine::cohort_glob(*assembly_->config.ring); !glob.empty()) config.kinds.push_back({glob, "cohort"});
    for (const engine::ChosenRule& rule : assembly_->request.rules)
      for (const std::string_view glob : rule.rule->nodes) config.nodes.emplace_back(glob);
    auto kinds = facts::KindRules::compile(config);
    if (!kinds) stop((assembly_->config.file.empty() ? "rules" : assembly_->config.file) + ": " + kinds.error().message);
    assembly_->request.kinds = std::move(*kinds);
  }

  // ---------------------------------------------------------------------------------------------- servers

  void read_clock() {
    assembly_->request.now = environment_.now();
    if (auto opened = assembly_->servers.open_replay(); !opened) stop(opened.error().message);
    if (const auto time = formats::parse_rfc3339(assembly_->servers.recorded_at())) assembly_->request.now = *time;
    if (arguments_.now.empty()) return;
    const auto time = formats::parse_rfc3339(arguments_.now);
    if (!time) stop("--now " + arguments_.now + ": a time is written as 2026-01-31T12:00:00Z");
    assembly_->request.now = *time;
  }

  void open_servers() {
    engine::Request& request = assembly_->request;
    request.closed = assembly_->config.closed;
    request.offline = arguments_.offline;
    request.goes_on = arguments_.fleet;
    request.chart = assembly_->config.chart;
    // Not in a folder of temporary files, where others may have put theirs.
    if (const auto own = own_cache_folder()) assembly_->servers.keep_answers_in((*own / "answers").string());
    if (auto opened = assembly_->servers.open(assembly_->config, config_folder().string(), request.now, request.live); !opened)
      stop(opened.error().message);
  }

  // ---------------------------------------------------------------------------------------------- repositories

  void add_repositories() {
    const Config& config = assembly_->config;
    for (OpenSource& opened : open_) opened.slug = slug_of(opened);
    const auto in_config = [&](const std::string& slug) {
      return std::any_of(config.repositories.begin(), config.repositories.end(),
                         [&](const RepositoryConfig& repository) { return repository.slug == slug; });
    };
    // Nothing named but a folder with a config of its own, and no member of the fleet that this describes: the whole fleet
    // is meant.
    const bool whole_fleet = (arguments_.sources.empty() || (config_of_folder_ && open_.size() == 1)) &&
                             !config.repositories.empty() && (arguments_.fleet || !in_config(open_.front().slug));
    if (!arguments_.base.empty() && (whole_fleet || open_.size() + slugs_.size() != 1))
      stop("--base compares one repository: name it, as in trueup check PATH --base REV");
    // What a config calls by a name is fetched, or another folder; the change to judge lies in a folder at hand.
    if (!arguments_.base.empty() && !slugs_.empty())
      stop("--base compares a folder with its history, and " + slugs_.front() + " is a name of the config: give its folder, as in trueup check PATH --base REV");

    for (const RepositoryConfig& repository : config.repositories) {
      const auto opened = std::find_if(open_.begin(), open_.end(), [&](const OpenSource& o) { return o.slug == repository.slug; });
      const bool named = std::find(slugs_.begin(), slugs_.end(), repository.slug) != slugs_.end();
      if (opened != open_.end() && !whole_fleet)
        add_subject(*opened, &repository);
      else
        add_configured(repository, whole_fleet || named);
    }
    if (!whole_fleet)
      for (const OpenSource& opened : open_)
        if (!in_config(opened.slug)) add_subject(opened, nullptr);
    for (const std::string& slug : slugs_) {
      if (in_config(slug)) continue;
      std::vector<std::string> names;
      for (const RepositoryConfig& repository : config.repositories) names.push_back(repository.slug);
      const auto nearest = nearest_name(slug, names);
      stop(slug + ": there is no such folder, and no such repository in the config" + (nearest ? "; did you mean " + *nearest + "?" : ""));
    }
    std::set<std::string> slugs;
    for (const engine::FleetRepository& repository : assembly_->request.repositories)
      if (!slugs.insert(repository.slug).second)
        stop("two sources are called " + repository.slug + "; --as OWNER/NAME names one, or check them one by one");
  }

  /// The config's trains, and its suppressions, each with the place where it stands: in the repository at hand, else in a file of the operator's.
  void add_suppressions() {
    const Config& config = assembly_->config;
    assembly_->request.trains = config.trains;
    assembly_->request.ring = config.ring;
    for (const StreamConfig& stream : config.streams) assembly_->request.streams.push_back(stream.workspace);
    assembly_->request.config = {found_config_.empty() ? "" : open_.front().slug, found_config_.empty() ? config.file : found_config_, config_text_};
    rules::FilePlace file;
    file.path = assembly_->request.config.path;
    if (!found_config_.empty()) file.repository = open_.front().slug;
    if (!found_config_.empty() && assembly_->config_from_base) file.revision = arguments_.base;
    take_suppressions(config, config_text_, file, "");
  }

  /// Those of one config, whose places stand in `file`; `slug`: the repository that they speak of, empty: as each says.
  void take_suppressions(const Config& config, const std::string& text, const rules::FilePlace& file, const std::string& slug) {
    const LineIndex lines(text);
    for (const SuppressionConfig& said : config.suppressions) {
      rules::FilePlace place = file;
      place.bytes = said.at;
      engine::describe_text(place, text, lines);
      assembly_->request.suppressions.push_back({said.rule, slug.empty() ? said.repository : slug, said.path, said.key, said.reason, said.until,
                                                 said.owner, std::move(place)});
    }
  }

  /// A fleet's config, named by --config, holds for the repository at hand, whose own file may only narrow it: by suppressions of what
  /// stands in its own files. With a base it is the base's, as ever.
  void add_own_suppressions() {
    if (arguments_.config.empty() || !found_config_.empty() || open_.size() != 1) return;
    const git::Source& source = open_.front().source;
    const std::string& slug = open_.front().slug;
    std::optional<std::string> text;
    std::error_code error;
    const fs::path path = source.root() / std::string(kConfigName);
    if (!arguments_.base.empty()) text = read_at_base(source, kConfigName);
    else if (fs::exists(path, error)) text = read_text(path.string(), true);
    if (!text) return;
    const ConfigResult own = parse_config(std::string(kConfigName) + " of " + slug, *text);
    if (!own.config) throw Stop{problem_lines(own.problems)};
    if (auto problems = check_rule_names(*own.config, known_rules_); !problems.empty()) throw Stop{problem_lines(problems)};
    for (const SuppressionConfig& said : own.config->suppressions)
      if (!said.repository.empty() && said.repository != slug)
        stop(std::string(kConfigName) + " of " + slug + " suppresses " + said.rule + " in " + said.repository + "; beside " + arguments_.config + " it speaks of its own files alone");
    rules::FilePlace file;
    file.repository = slug;
    file.path = kConfigName;
    if (!arguments_.base.empty()) file.revision = arguments_.base;
    take_suppressions(*own.config, *text, file, slug);
    const formats::Document document = formats::parse_yaml(*text);
    for (const formats::NodeIndex value : document.children(document.root())) {
      const auto key = document.text(document[value].key);
      if (!key || *key == "version" || *key == "slug" || *key == "suppressions") continue;
      assembly_->notes.push_back(std::string(kConfigName) + " of " + slug + ": beside " + arguments_.config + " its suppressions hold, and nothing else of it (" + std::string(*key) + ")");
      return;
    }
  }

  void ask_points(engine::FleetRepository& repository, const RepositoryConfig* configured) {
    if (!arguments_.revisions.empty()) {
      repository.asked_as = arguments_.revisions;
      for (const std::string& revision : arguments_.revisions) {
        auto points = repository.source->resolve(revision);
        if (!points) stop("--at " + revision + ": " + points.error().message);
        if (arguments_.revisions.size() == 1 && points->size() == 1) assembly_->head = engine::shown_name(points->front());
        for (engine::Point& point : *points) repository.asked.push_back({std::move(point), std::nullopt, true});
      }
      return;
    }
    auto present = repository.source->present();
    if (!present) stop(repository.slug + ": " + present.error().message);
    repository.asked.push_back({*present, std::nullopt, true});
    repository.asked_as.emplace_back();
    if (configured == nullptr) return;
    // Branches and tags of the config are judged too; they turn a run red only with `gate: refs`.
    for (const auto* patterns : {&configured->branches, &configured->tags}) {
      const bool branches = patterns == &configured->branches;
      for (const std::string& pattern : *patterns) {
        repository.asked_as.push_back((branches ? "refs/heads/" : "refs/tags/") + pattern);
        auto points = repository.source->resolve(repository.asked_as.back());
        if (!points) {
          assembly_->notes.push_back(repository.slug + ": nothing fits " + pattern + " of the config");
          continue;
        }
        for (engine::Point& point : *points) {
          const bool asked_already = std::any_of(repository.asked.begin(), repository.asked.end(), [&](const engine::AskedPoint& asked) {
            return asked.point.kind == point.kind && asked.point.name == point.name;
          });
          if (!asked_already) repository.asked.push_back({std::move(point), std::nullopt, assembly_->config.gate_refs});
        }
      }
    }
  }

  /// An audit goes on without a repository of which what is asked for cannot be told.
  void ask_or_miss(engine::FleetRepository& repository, const RepositoryConfig& configured) {
    try {
      ask_points(repository, &configured);
    } catch (const Stop& stopped) {
      if (!arguments_.fleet) throw;
      repository.asked.clear();
      repository.missed = true;
      repository.because = join(stopped.error.lines, "; ");
      assembly_->notes.push_back(configured.slug + " is not judged: " + repository.because);
    }
  }

  void add_subject(const OpenSource& opened, const RepositoryConfig* configured) {
    if (!opened.source.subfolder().empty())
      environment_.err("note: " + printable(opened.source.subfolder()) + " is a folder of the repository " +
                       printable(opened.source.root().string()) + ", which is read as a whole\n");
    if (opened.slug.starts_with("local/") && !assembly_->config.repositories.empty())
      assembly_->notes.push_back("this repository is called " + opened.slug +
                                 ", since no remote names it; --as OWNER/NAME says otherwise");
    engine::FleetRepository repository;
    repository.slug = opened.slug;
    repository.source = engine::make_git_source(opened.source, assembly_->request.kinds);
    if (configured != nullptr && !configured->default_branch.empty()) repository.default_branch = configured->default_branch;
    repository.forge = assembly_->servers.forge_of(opened.slug, configured, &opened.source);
    ask_points(repository, nullptr);
    if (is_workspace(opened.source.root())) assembly_->at_hand = opened.slug;
    if (!arguments_.base.empty()) {
      auto points = repository.source->resolve(arguments_.base);
      if (!points || points->size() != 1) {
        (void)base_commit(opened.source);
        stop("--base " + arguments_.base + " names more than one revision");
      }
      repository.base = points->front();
      std::optional<std::string> into;
      if (repository.base->kind != engine::PointKind::tag && repository.base->name != repository.base->commit_id)
        into = branch_of(arguments_.base, opened.source);
      if (const auto named = environment_.variable("GITHUB_BASE_REF"); named && !named->empty()) into = *named;
      // A commit, HEAD~1 and the like name no branch: the change is taken to be meant for the default one.
      const auto& refs = repository.source->refs();
      const bool is_branch = into && std::any_of(refs.begin(), refs.end(), [&](const engine::Point& ref) {
        return ref.kind == engine::PointKind::branch && ref.name == *into;
      });
      if (is_branch)
        for (engine::AskedPoint& asked : repository.asked) asked.merges_into = into;
    }
    assembly_->request.repositories.push_back(std::move(repository));
  }

  void add_configured(const RepositoryConfig& configured, bool subject) {
    engine::FleetRepository repository;
    repository.slug = configured.slug;
    if (!configured.default_branch.empty()) repository.default_branch = configured.default_branch;
    auto source = configured.path.empty() ? fetched(configured)
                                          : git::Source::open(config_folder() / configured.path, git::Discover::here);
    repository.forge = assembly_->servers.forge_of(configured.slug, &configured, source ? &*source : nullptr);
    if (!source) {
      repository.because = source.error().message;
      if (subject && !arguments_.fleet) stop(configured.slug + ": " + repository.because);
      if ((repository.missed = subject)) assembly_->notes.push_back(configured.slug + " is not judged: " + repository.because);
    } else {
      repository.source = engine::make_git_source(*source, assembly_->request.kinds);
      if (is_workspace(source->root())) assembly_->at_hand = configured.slug;
      if (subject) ask_or_miss(repository, configured);
    }
    assembly_->request.repositories.push_back(std::move(repository));
  }

  Result<git::Source> fetched(const RepositoryConfig& configured) {
    git::FetchRequest request;
    request.url = configured.url.empty() ? "https://github.com/" + configured.slug + ".git" : configured.url;
    request.cache_folder = cache_folder();
    request.branches = configured.branches;
    request.tags = configured.tags;
    request.history = arguments_.full_history;
    for (const engine::Train& train : assembly_->config.trains)
      for (const engine::TrainMember& member : train.members) {
        if (member.has_tags && member.slug == configured.slug) {
          request.tags = {"*"};
          request.history = true;  // E10 and E16 ask which tag comes before which
        }
      }
    request.history = request.history || assembly_->config.chart.names_commits_of(configured.slug);
    // A config that an operator wrote may name repositories on this machine; one that a change brings may not.
    request.local_urls = assembly_->config_from_base ? git::LocalUrls::refused : git::LocalUrls::allowed;
    if (arguments_.offline || !fetches_) {
      const auto known = git::cached_repository(request.url, request.cache_folder);
      if (!known)
        return Error{Fault::not_found, arguments_.offline ? "offline, and no earlier run has fetched it" : "not fetched yet"};
      return git::Source::open(*known, git::Discover::here);
    }
    auto fetched = git::fetch(request);
    if (!fetched) return std::move(fetched).error();
    for (const std::string& pattern : fetched->unmatched)
      assembly_->notes.push_back(configured.slug + ": nothing there fits " + pattern + " of the config");
    return git::Source::open(fetched->path, git::Discover::here);
  }

  std::optional<fs::path> own_cache_folder() const {
    if (!arguments_.cache.empty()) return absolute(arguments_.cache);
    if (const auto cache = environment_.variable("XDG_CACHE_HOME"); cache && !cache->empty()) return fs::path(*cache) / "trueup";
    if (const auto home = environment_.variable("HOME"); home && !home->empty()) return fs::path(*home) / ".cache" / "trueup";
    return std::nullopt;
  }
  fs::path cache_folder() const { return own_cache_folder().value_or(fs::temp_directory_path() / "trueup-cache"); }

  const SourceArguments& arguments_;
  const Environment& environment_;
  bool fetches_;
  std::unique_ptr<Assembly> assembly_;
  std::vector<OpenSource> open_;
  std::vector<std::string> slugs_;
  std::string found_config_;       ///< from the root of the repository at hand; empty: it stands elsewhere
  std::string config_text_;
  std::vector<rules::Rule> known_rules_;  ///< built in, and those of folders
  bool config_of_folder_ = false;  ///< it stands in a folder below that root, the one that was given
};

}  // namespace

std::variant<std::unique_ptr<Assembly>, AssemblyError> assemble(const SourceArguments& arguments, const Environment& environment,
                                                                bool fetches) {
  try {
    return Assembler(arguments, environment, fetches).assemble();
  } catch (const Stop& stopped) {
    return stopped.error;
  }
}

}  // namespace trueup::cli
