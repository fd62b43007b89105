#include "rules/sql_functions.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <new>
#include <vector>

#include "base/text.hpp"
#include "facts/spec_patch.hpp"
#include "fixes/without_entry.hpp"
#include "formats/chart_lock.hpp"
#include "formats/expression_eval.hpp"
#include "formats/helm_ignore.hpp"
#include "formats/ignored_path.hpp"
#include "formats/image_reference.hpp"
#include "formats/json.hpp"
#include "formats/path_glob.hpp"
#include "formats/path_join.hpp"
#include "formats/project_pattern.hpp"
#include "formats/ref_filter.hpp"
#include "formats/release_version.hpp"
#include "formats/secret_reference.hpp"
#include "formats/sed_pattern.hpp"
#include "formats/semver.hpp"
#include "formats/template_text.hpp"
#include "formats/terraform_version.hpp"
#include "formats/timestamp.hpp"
#include "formats/value_template.hpp"
#include "formats/version_range.hpp"
#include "rules/sql_call.hpp"

namespace trueup::rules {
namespace {

using formats::ImageReference;
using formats::RefFilterList;
using formats::VersionRange;

constexpr std::size_t kMaxTextBytes = 1u << 20;
constexpr std::size_t kMaxNameBytes = 4096;  // what a glob or filter is matched with; its cost is the product of both lengths
constexpr std::size_t kMaxCandidates = 4096;
// A pattern's cost is its size in instructions times the text's, should RE2 fall back to its slow engine.
constexpr std::size_t kMaxMatchedBytes = 256u << 10;
constexpr std::size_t kMaxRegexBytes = 4096;
constexpr int kMaxRegexInstructions = 5000;
constexpr std::int64_t kMaxRegexMemory = 1 << 20;

/// A compiled pattern, or why there is none.
struct Regex {
  std::unique_ptr<RE2> re;
  std::string fault;
};
struct Glob {
  std::optional<formats::PathGlob> glob;
  std::string fault;
};

struct State {
  SqlFunctionInputs inputs;
  CompiledTexts<Regex> regexes;
  CompiledTexts<Glob> globs;
  CompiledTexts<std::optional<RefFilterList>> filter_lists;
  CompiledTexts<std::optional<VersionRange>> ranges;
  CompiledTexts<std::optional<formats::Expression>> conditions;
  CompiledTexts<formats::ExpressionValue> contexts;
  CompiledTexts<std::optional<formats::HelmIgnorePattern>> ignored;
  CompiledTexts<std::optional<std::vector<std::string>>> name_lists;
};
using Call = SqlCall<State>;

/// A JSON array of strings, or one string.
std::optional<std::vector<std::string>> string_list(std::string_view json) {
  const formats::Document document = formats::parse_json(json);
  if (document.problem() || document.root() == formats::kNoNode) return std::nullopt;
  std::vector<formats::NodeIndex> nodes{document.root()};
  if (document.is_sequence(document.root())) nodes = document.children(document.root());
  std::vector<std::string> texts;
  texts.reserve(nodes.size());
  for (const formats::NodeIndex node : nodes) {
    if (!document.is_scalar(node) || document[node].style != formats::ScalarStyle::double_quoted) return std::nullopt;
    texts.emplace_back(document[node].value);
  }
  return texts;
}

template <typename T>
std::optional<T> if_good(Result<T> result) {
  if (!result) return std::nullopt;
  return *std::move(result);
}

const std::optional<VersionRange>& range_of(Call& call, std::string_view text) {
  return call.state().ranges.get(text, [](std::string_view range) { return if_good(VersionRange::parse(range)); });
}

const std::optional<RefFilterList>& filters_of(Call& call, std::string_view json) {
  return call.state().filter_lists.get(json, [](std::string_view list) -> std::optional<RefFilterList> {
    const auto patterns = string_list(list);
    if (!patterns) return std::nullopt;
    return if_good(RefFilterList::compile(*patterns));
  });
}

/// The compiled pattern in argument 0; null where the call has failed or gives NULL.
const RE2* regex_of(Call& call) {
  const auto pattern = call.text(0, kMaxTextBytes);
  if (!pattern) return nullptr;
  const Regex& regex = call.state().regexes.get(*pattern, [](std::string_view text) {
    if (text.size() > kMaxRegexBytes) return Regex{nullptr, "the pattern is longer than 4,096 bytes"};
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxRegexMemory);
    auto re = std::make_unique<RE2>(re2::StringPiece(text.data(), text.size()), options);
    if (!re->ok()) return Regex{nullptr, "the pattern is malformed: " + re->error()};
    if (re->ProgramSize() > kMaxRegexInstructions) return Regex{nullptr, "the pattern is too large"};
    return Regex{std::move(re), ""};
  });
  if (regex.re == nullptr) call.fail(regex.fault);
  return regex.re.get();
}

void age_days(Call& call) {
  const auto text = call.text(0, kMaxTextBytes);
  if (!text) return;
  constexpr double kSecondsPerDay = 86'400;
  if (const auto then = formats::parse_rfc3339(*text))
    call.answer(static_cast<double>(call.state().inputs.now - *then) / kSecondsPerDay);
}

/// As one word of a POSIX shell.
void shell_quoted(Call& call) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+=,-";
  const auto text = call.text(0, kMaxTextBytes);
  if (!text) return;
  if (!text->empty() && text->find_first_not_of(kPlain) == text->npos) call.answer(*text);
  else call.answer("'" + replace_all(*text, "'", "'\\''") + "'");
}

void ignored_path(Call& call) {
  const auto language = call.text(0, kMaxNameBytes), path = call.text(1, kMaxTextBytes), pointer = call.text(2, kMaxTextBytes);
  if (!language || !path || !pointer) return;
  if (const auto ignored = formats::ignored_path(*language, *path, *pointer)) call.answer(*ignored);
}

void branch_filter_passes(Call& call) {
  const auto name = call.text(2, kMaxNameBytes);
  if (!name) return;
  bool passes = true;
  for (const int list : {0, 1}) {
    if (call.is_null(list)) continue;
    const auto json = call.text(list, kMaxTextBytes);
    if (!json) return;
    const auto& filters = filters_of(call, *json);
    if (!filters) return;
    passes = passes && filters->selects(*name) == (list == 0);
  }
  call.answer(passes);
}

void chart_lock_digest(Call& call) {
  const auto requirements = call.text(0, kMaxTextBytes), lock = call.text(1, kMaxTextBytes);
  if (requirements && lock) call.answer(formats::lock_digest(*requirements, *lock));
}

void chart_lock_digest_helm2(Call& call) {
  if (const auto requirements = call.text(0, kMaxTextBytes)) call.answer(formats::helm2_digest(*requirements));
}

void commit_like(Call& call) {
  const auto text = call.text(0, kMaxTextBytes);
  if (!text) return;
  const bool hex = text->find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  call.answer(hex && text->size() >= 7 && text->size() <= 40);
}

void glob_matches(Call& call) {
  const auto glob = call.text(0, kMaxTextBytes), path = call.text(1, kMaxNameBytes);
  if (!glob || !path) return;
  const Glob& compiled = call.state().globs.get(*glob, [](std::string_view text) {
    auto result = formats::PathGlob::compile(text);
    return result ? Glob{*std::move(result), ""} : Glob{std::nullopt, result.error().message};
  });
  if (!compiled.glob) return call.fail("glob_matches: " + compiled.fault);
  call.answer(compiled.glob->matches(*path));
}

void helmignore_drops(Call& call) {
  const auto line = call.text(0, kMaxTextBytes), path = call.text(1, kMaxNameBytes);
  const auto is_folder = call.integer(2);
  if (!line || !path || !is_folder) return;
  const auto& pattern = call.state().ignored.get(*line, [](std::string_view text) {
    const std::string_view trimmed = trim(text);
    return trimmed.empty() ? std::nullopt : if_good(formats::HelmIgnorePattern::parse(trimmed));
  });
  if (pattern) call.answer(pattern->drops(*path, *is_folder != 0));
}

void helm_tag(Call& call) {
  if (const auto version = call.text(0, kMaxTextBytes)) call.answer(formats::helm_tag(*version));
}

template <std::string ImageReference::* kPart>
void image_part(Call& call) {
  const auto text = call.text(0, kMaxTextBytes);
  if (!text) return;
  const auto reference = ImageReference::parse(*text);
  if (reference && !((*reference).*kPart).empty()) call.answer((*reference).*kPart);
}

void json_same(Call& call) {
  const auto a = call.text(0, kMaxTextBytes), b = call.text(1, kMaxTextBytes);
  if (!a || !b) return;
  const auto first = formats::canonical_json(*a), second = formats::canonical_json(*b);
  if (first && second) call.answer(*first == *second);
}

void nearest(Call& call) {
  const auto wanted = call.text(0, kMaxTextBytes), json = call.text(1, kMaxTextBytes);
  if (!wanted || !json) return;
  const auto& names = call.state().name_lists.get(*json, [](std::string_view text) {
    auto list = string_list(text);
    if (list && list->size() > kMaxCandidates) list->resize(kMaxCandidates);
    return list;
  });
  if (!names) return;
  if (const auto name = nearest_name(*wanted, *names)) call.answer(*name);
}

void oci_tag_valid(Call& call) {
  if (const auto tag = call.text(0, kMaxTextBytes)) call.answer(formats::oci_tag_valid(*tag));
}

void path_base(Call& call) {
  const auto path = call.text(0, kMaxTextBytes);
  if (path) call.answer(path->substr(path->rfind('/') + 1));
}

void path_dir(Call& call) {
  if (const auto path = call.text(0, kMaxTextBytes)) call.answer(formats::folder_of(*path));
}

/// Conditions are few and the contexts that they are tried with are many.
void condition_truth(Call& call) {
  const auto text = call.text(0, kMaxTextBytes), contexts = call.text(1, kMaxTextBytes);
  if (!text || !contexts) return;
  const auto& expression = call.state().conditions.get(
      *text, [](std::string_view condition) { return formats::condition_expression(trim(condition)); });
  const auto& known = call.state().contexts.get(*contexts, [](std::string_view json) { return formats::value_of_json(json); });
  if (trim(*text).empty()) return call.answer(true);
  if (!expression) return;
  formats::ExpressionEnvironment environment;
  environment.context = [&known](std::string_view path) {
    for (const auto& [name, value] : known.members())
      if (name == path) return value;
    return formats::ExpressionValue::unknown();
  };
  environment.status = [](std::string_view name) { return formats::ExpressionValue::boolean(name == "success"); };
  const formats::Truth truth = formats::truth_of(*expression, environment);
  if (truth != formats::Truth::unknown) call.answer(truth == formats::Truth::truthy);
}

void path_join(Call& call) {
  const auto base = call.text(0, kMaxTextBytes), relative = call.text(1, kMaxTextBytes);
  if (!base || !relative) return;
  if (const auto joined = formats::join_path(*base, *relative)) call.answer(*joined);
}

void re2_extract(Call& call) {
  const RE2* re = regex_of(call);
  const auto text = call.text(1, kMaxMatchedBytes);
  if (re == nullptr || call.is_null(2)) return;
  sqlite3_int64 group = -1;
  if (const auto number = call.integer(2)) {
    group = *number;
  } else if (const auto name = call.text(2, kMaxTextBytes)) {
    const auto& groups = re->NamedCapturingGroups();
    if (const auto found = groups.find(std::string(*name)); found != groups.end()) group = found->second;
  }
  if (group < 0 || group > re->NumberOfCapturingGroups()) return call.fail("re2_extract: the pattern has no such group");
  if (!text) return;
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(group) + 1);
  const bool found = re->Match(re2::StringPiece(text->data(), text->size()), 0, text->size(), RE2::UNANCHORED, groups.data(),
                               static_cast<int>(groups.size()));
  if (found && groups.back().data() != nullptr) call.answer(std::string_view(groups.back().data(), groups.back().size()));
}

void re2_match(Call& call) {
  const RE2* re = regex_of(call);
  const auto text = call.text(1, kMaxMatchedBytes);
  if (re != nullptr && text) call.answer(RE2::PartialMatch(re2::StringPiece(text->data(), text->size()), *re));
}

void sed_pattern(Call& call) {
  const auto expression = call.text(0, kMaxTextBytes);
  if (!expression || call.is_null(1)) return;
  if (const auto pattern = formats::sed_pattern(*expression, call.integer(1).value_or(0) != 0)) call.answer(std::string_view(*pattern));
}

template <std::optional<bool> (*matches)(std::string_view, std::string_view)>
void project_matches(Call& call) {
  const auto pattern = call.text(0, kMaxNameBytes), text = call.text(1, kMaxNameBytes);
  if (!pattern || !text) return;
  if (const auto taken = matches(*pattern, *text)) call.answer(*taken);
}

void ref_filter_matches(Call& call) {
  const auto json = call.text(0, kMaxTextBytes), name = call.text(1, kMaxNameBytes);
  if (!json || !name) return;
  if (const auto& filters = filters_of(call, *json)) call.answer(filters->selects(*name));
}

void ref_filter_valid(Call& call) {
  if (const auto pattern = call.text(0, kMaxTextBytes)) call.answer(formats::RefFilter::compile(*pattern).has_value());
}

template <typename Answer>
void release_part(Call& call, const Answer& answer) {
  const auto text = call.text(0, kMaxTextBytes);
  if (!text) return;
  if (const auto version = formats::ReleaseVersion::parse(trim(*text))) answer(*version);
}
void release_candidate(Call& call) {
  release_part(call, [&](const formats::ReleaseVersion& version) { call.answer(version.is_candidate); });
}
void release_of(Call& call) {
  release_part(call, [&](const formats::ReleaseVersion& version) { call.answer(version.final_text); });
}
void release_order(Call& call) {
  release_part(call, [&](const formats::ReleaseVersion& version) { call.answer(version.key); });
}

void release_within(Call& call) {
  const auto range = call.text(0, kMaxNameBytes), release = call.text(1, kMaxNameBytes);
  if (!range || !release) return;
  if (const auto answer = formats::release_within(*range, *release)) call.answer(*answer);
}

void yaml_without(Call& call) {
  const auto yaml = call.text(0, kMaxTextBytes), pointer = call.text(1, kMaxNameBytes);
  if (!yaml || !pointer) return;
  if (const auto left = fixes::without_entry(*yaml, *pointer)) call.answer(*left);
}

void repo_url_form(Call& call) {
  if (const auto url = call.text(0, kMaxTextBytes)) call.answer(formats::normal_repo_url(*url));
}

void secret_reference(Call& call) {
  if (const auto text = call.text(0, kMaxTextBytes)) call.answer(formats::refers_to_secret(*text));
}

void semver_exact(Call& call) {
  const auto text = call.text(0, kMaxTextBytes);
  if (!text) return;
  if (const auto& range = range_of(call, *text); range && range->is_exact()) call.answer(*text);
}

void semver_matches(Call& call) {
  const auto text = call.text(0, kMaxTextBytes), version_text = call.text(1, kMaxTextBytes);
  if (!text || !version_text) return;
  const auto version = formats::parse_lenient(*version_text);
  if (const auto& range = range_of(call, *text); range && version) call.answer(range->matches(version->version));
}

void semver_order(Call& call) {
  const auto text = call.text(0, kMaxTextBytes);
  if (!text) return;
  if (const auto version = formats::Version::parse(*text)) call.answer(formats::precedence_key(*version));
}

void semver_valid(Call& call) {
  if (const auto text = call.text(0, kMaxTextBytes)) call.answer(formats::Version::parse(*text).has_value());
}

void slip(Call& call) {
  const auto a = call.text(0, kMaxNameBytes), b = call.text(1, kMaxNameBytes);
  if (a && b) call.answer(is_slip(*a, *b));
}

void spec_patch(Call& call) {
  const auto live = call.text(0, kMaxTextBytes), declared = call.text(1, kMaxTextBytes), hidden = call.text(2, kMaxTextBytes),
             kept = call.text(3, kMaxTextBytes);
  if (!live || !declared || !hidden || !kept) return;
  if (const auto patch = facts::spec_patch(*live, *declared, *hidden, *kept)) call.answer(*patch);
}

void templates_agree(Call& call) {
  const auto a = call.text(0, kMaxTextBytes), b = call.text(1, kMaxTextBytes);
  if (a && b) call.answer(formats::templates_can_agree(*a, *b));
}

void template_fill(Call& call) {
  const auto json = call.text(0, kMaxTextBytes), branch = call.text(1, kMaxNameBytes);
  const auto value = json && branch ? formats::template_from_json(*json) : std::nullopt;
  if (!value) return;
  if (const auto text = formats::fill(*value, *branch)) call.answer(*text);
}

void template_refused_commit(Call& call) {
  const auto json = call.text(0, kMaxTextBytes), language = call.text(1, kMaxNameBytes);
  const auto value = json && language ? formats::template_from_json(*json) : std::nullopt;
  if (!value) return;
  if (*language != "version" && *language != "image_tag" && *language != "image_reference")
    return call.fail("template_refused_commit: no such language");
  const auto known = *language == "version"     ? formats::ValueLanguage::version
                     : *language == "image_tag" ? formats::ValueLanguage::image_tag
                                                : formats::ValueLanguage::image_reference;
  if (const auto text = formats::refused_commit(*value, known)) call.answer(*text);
}

void terraform_matches(Call& call) {
  const auto constraint = call.text(0, kMaxTextBytes), version = call.text(1, kMaxTextBytes);
  if (!constraint || !version) return;
  if (const auto fits = formats::terraform_version_fits(*constraint, *version)) call.answer(*fits);
}

void version_range_valid(Call& call) {
  if (const auto text = call.text(0, kMaxTextBytes)) call.answer(range_of(call, *text).has_value());
}

struct Function {
  SqlFunctionEntry entry;
  int argument_count;
  void (*body)(Call&);
};

constexpr Function kFunctions[] = {
    {{"age_days", "time", "days from an RFC 3339 time to the run's --now, with a fraction; negative for the future"}, 1, age_days},
    {{"branch_filter_passes", "branches, branches_ignore, name",
      "whether a branch or tag passes GitHub's lists (JSON arrays; NULL: there is no such list); NULL if a pattern is illegal"},
     3, branch_filter_passes},
    {{"chart_lock_digest", "requirements, locked", "Helm 3's digest of a Chart.lock, from both lists in Helm's own JSON"}, 2,
     chart_lock_digest},
    {{"chart_lock_digest_helm2", "requirements", "Helm 2's digest of a requirements.lock, which Helm 3 still accepts"}, 1,
     chart_lock_digest_helm2},
    {{"commit_like", "text", "whether it is 7 to 40 hex digits"}, 1, commit_like},
    {{"condition_truth", "condition, contexts",
      "whether an `if:` holds where all went well so far, with these values of contexts (a JSON object: {\"github.ref\": …}); NULL "
      "if that depends on others"},
     2, condition_truth},
    {{"glob_matches", "glob, path", "whether a glob as in trueup.yaml matches the whole path: * ** ? [a-z] {a,b}"}, 2, glob_matches},
    {{"helm_tag", "version", "the registry tag under which Helm keeps a chart's version: '+' becomes '_'"}, 1, helm_tag},
    {{"helmignore_drops", "pattern, path, is_folder",
      "whether a line of .helmignore keeps a file or folder (path from the chart's folder) out; NULL if Helm refuses the line"},
     3, helmignore_drops},
    {{"ignored_path", "language, path, pointer",
      "whether a path of ignoreDifferences (language json_pointer, jq or manager) leaves out what stands at a JSON pointer; NULL where that cannot be told"},
     3, ignored_path},
    {{"image_digest", "reference", "its digest; NULL if it has none or is no image reference"}, 1, image_part<&ImageReference::digest>},
    {{"image_registry", "reference", "its registry, docker.io where none is written; NULL if it is no image reference"}, 1,
     image_part<&ImageReference::registry>},
    {{"image_repository", "reference", "its repository without registry, tag and digest; NULL if it is no image reference"}, 1,
     image_part<&ImageReference::repository>},
    {{"image_tag", "reference", "its tag; NULL if it has none or is no image reference"}, 1, image_part<&ImageReference::tag>},
    {{"is_slip", "a, b", "whether two names are the same but for case, what stands between words, or one letter or swap in a word"}, 2, slip},
    {{"json_same", "a, b", "whether two JSON texts say the same: order of keys ignored, numbers by value; NULL if one is no JSON"},
     2, json_same},
    {{"nearest_name", "wanted, names", "the name in a JSON array (its first 4,096) that is likely meant; NULL if none is near"}, 2,
     nearest},
    {{"oci_tag_valid", "tag", "whether a registry takes it as a tag"}, 1, oci_tag_valid},
    {{"path_base", "path", "what stands behind its last '/'"}, 1, path_base},
    {{"path_dir", "path", "what stands before its last '/'; '' at the root"}, 1, path_dir},
    {{"path_join", "base, relative", "the path of `relative` seen from the folder `base`; NULL if absolute or climbing out"}, 2,
     path_join},
    {{"project_destination_matches", "pattern, text",
      "whether a server, name or namespace of an AppProject's destinations takes the text; NULL if it does not compile"},
     2, project_matches<formats::project_destination_matches>},
    {{"project_source_matches", "pattern, repo_url",
      "whether an entry of an AppProject's sourceRepos takes a repoURL, however both are written; NULL if it does not compile"},
     2, project_matches<formats::project_source_matches>},
    {{"re2_extract", "pattern, text, group", "what a group (number or name; 0: all) matched first in the text; NULL if nothing"}, 3,
     re2_extract},
    {{"re2_match", "pattern, text", "whether an RE2 pattern matches anywhere in the text"}, 2, re2_match},
    {{"ref_filter_matches", "patterns, name",
      "whether GitHub's list (a JSON array; the last pattern that matches decides) selects it; NULL if a pattern is illegal"},
     2, ref_filter_matches},
    {{"ref_filter_valid", "pattern", "whether GitHub takes it as a pattern of branches, tags or paths"}, 1, ref_filter_valid},
    {{"release_candidate", "version", "whether it precedes a release: 7.6.8-rc.1, 7.6.8rc1, 7.6.8.dev3; NULL if it is no version"}, 1,
     release_candidate},
    {{"release_of", "version", "the release that it is or precedes: 7.6.8 of v7.6.8-rc.1; NULL if it is no version"}, 1, release_of},
    {{"release_order", "version",
      "a text to sort by that orders versions as releases do, whether SemVer or PEP 440, with or without v; equal for one release"},
     1, release_order},
    {{"release_within", "range, release",
      "whether a range of a manifest takes the release: ^7.6, >=7.6 <8, 7.6.x, ~=7.6 (PEP 440); NULL if either cannot be read, or the grammars differ about it"},
     2, release_within},
    {{"repo_url_form", "repo_url", "a repoURL in the form that ArgoCD compares: lower case, without .git, git@host:path as git@host/path"}, 1, repo_url_form},
    {{"secret_reference", "text", "whether it stands for a secret that something else fills in, or is a sealed one: ENC[…], op://…, vault:…, __NAME__"}, 1, secret_reference},
    {{"sed_pattern", "expression, extended", "the pattern of sed's s command as RE2; NULL where it cannot be told which lines it finds"}, 2, sed_pattern},
    {{"semver_exact", "range", "the range itself where Helm asks a registry for it as one version; NULL for a real range"}, 1,
     semver_exact},
    {{"semver_matches", "range, version", "whether Helm's range takes the version; NULL if either cannot be read"}, 2, semver_matches},
    {{"semver_order", "version", "a text to sort by that follows SemVer's precedence; NULL if it is no version"}, 1, semver_order},
    {{"semver_valid", "version", "whether it is a version by SemVer 2.0.0, strictly"}, 1, semver_valid},
    {{"shell_quoted", "text", "the text as one word of a shell: what a finding tells an operator to run holds names that others give"}, 1, shell_quoted},
    {{"spec_patch", "live, declared, hidden, kept",
      "a JSON patch that makes the fields of a live Application those of a declared one; hidden and kept are JSON arrays of pointers "
      "that are not written, and not changed; NULL if there is none"},
     4, spec_patch},
    {{"template_fill", "template, branch",
      "a made value's text for a branch, with examples for its other holes; NULL if it has an unknown one, or a branch and none is given"},
     2, template_fill},
    {{"template_refused_commit", "template, language",
      "an example of a made value that the language (version | image_tag | image_reference) refuses because of a commit's digits"},
     2, template_refused_commit},
    {{"templates_agree", "a, b", "whether two texts can come out the same, if each ${{ }} may be anything"}, 2, templates_agree},
    {{"terraform_matches", "constraint, version", "whether Terraform's constraint takes the version; NULL if either cannot be read"}, 2, terraform_matches},
    {{"version_range_valid", "range", "whether Helm reads it as a range"}, 1, version_range_valid},
    {{"yaml_without", "yaml, pointer",
      "a YAML text without the entry that a JSON pointer leads to, and what holds nothing else; NULL if there is none, or it cannot be cut out"},
     2, yaml_without},
};

constexpr auto kEntries = [] {
  std::array<SqlFunctionEntry, std::size(kFunctions)> entries{};
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i] = kFunctions[i].entry;
  return entries;
}();
static_assert(std::is_sorted(kEntries.begin(), kEntries.end(), [](const auto& a, const auto& b) { return a.name < b.name; }));

/// What SQLite hands back with each call of one function; the state is shared by all functions of a connection.
struct Registered {
  const Function& function;
  std::shared_ptr<State> state;
};

void call_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto& registered = *static_cast<const Registered*>(sqlite3_user_data(context));
  Call call(context, arguments, *registered.state);
  try {
    registered.function.body(call);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  } catch (const std::exception& problem) {
    call.fail(std::string(registered.function.entry.name) + ": " + problem.what());
  }
}

}  // namespace

std::span<const SqlFunctionEntry> sql_functions() { return kEntries; }

Result<void> register_sql_functions(sqlite3* database, const SqlFunctionInputs& inputs) {
  const auto state = std::make_shared<State>();
  state->inputs = inputs;
  for (const Function& function : kFunctions) {
    // SQLite owns the pointer from here on, also where it refuses.
    auto* registered = new Registered{function, state};
    const int status = sqlite3_create_function_v2(
        database, function.entry.name.data(), function.argument_count, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
        registered, call_function, nullptr, nullptr, [](void* pointer) { delete static_cast<Registered*>(pointer); });
    if (status != SQLITE_OK)
      return Error{Fault::malformed, "SQL function " + std::string(function.entry.name) + ": " + sqlite3_errmsg(database)};
  }
  return {};
}

}  // namespace trueup::rules
