// .gitlab-ci.yml: jobs as they are after `extends:`, merge keys and `!reference` within the file, and what they name of other
// files. What an include brings is not seen, and the pipeline's row says so.

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "facts/extract/command_rows.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/shell.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

constexpr auto kNoJobs = std::to_array<std::string_view>({"after_script", "before_script", "cache", "default", "image", "include", "services",
                                                          "spec", "stages", "types", "variables", "workflow"});
constexpr auto kDefaultStages = std::to_array<std::string_view>({"build", "test", "deploy"});
constexpr std::size_t kMaxExtends = 11;  // levels that GitLab follows
constexpr std::size_t kMaxLookups = 200'000;

class PipelineReader {
 public:
  PipelineReader(BlobRows& rows, const Document& document) : rows_(rows), document_(document), root_(document.resolved(document.roots().back())) {
    // The last of equal keys counts.
    for (const NodeIndex value : document_.children(root_))
      if (const auto name = document_.text(document_[value].key)) entries_[*name] = value;
  }

  void read() {
    if (!document_.is_mapping(root_)) return;
    add_pipeline();
    for (const NodeIndex value : document_.children(root_)) {
      const NodeIndex key = document_[value].key;
      const auto name = document_.text(key);
      if (!name || std::find(kNoJobs.begin(), kNoJobs.end(), *name) != kNoJobs.end() || !document_.is_mapping(value)) continue;
      if (entries_.at(*name) != value) continue;
      add_job(*name, key, document_.resolved(value));
      if (lookups_ > kMaxLookups) return give_up(rows_, document_[key].span, "its jobs extend each other more than trueup follows");
    }
  }

 private:
  NodeIndex entry(std::string_view name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? kNoNode : document_.resolved(found->second);
  }
  SpanRef span(NodeIndex node) { return rows_.span(document_[node].span); }

  void add_pipeline() {
    GitlabPipelineRow row;
    NodeIndex first = document_[root_].first_child;
    NodeIndex stages = document_.resolved(document_.child(root_, "stages"));
    if (document_.is_sequence(stages)) {
      std::string json = "[";
      for (const NodeIndex each : document_.children(stages)) {
        const std::string_view stage = document_.text(each).value_or("");
        stages_.push_back(stage);
        if (json.size() > 1) json += ',';
        append_json_string(stage, json);
      }
      row.stages = json + ']';
      first = document_.child(root_, "stages");
    } else {
      stages_.assign(kDefaultStages.begin(), kDefaultStages.end());
    }
    row.span = first == kNoNode ? rows_.span(document_[root_].span) : span(document_[first].key);
    row.complete = document_.child(root_, "include") == kNoNode;
    rows_.add(std::move(row));
    add_includes(document_.resolved(document_.child(root_, "include")));
  }

  /// A text (local, unless it is a URL), a mapping, or a list of both.
  void add_includes(NodeIndex include) {
    if (include == kNoNode) return;
    std::vector<NodeIndex> entries{include};
    if (document_.is_sequence(include)) entries = document_.children(include);
    for (const NodeIndex each : entries) {
      const NodeIndex entry = document_.resolved(each);
      if (const auto text = document_.text(entry)) {
        const bool remote = text->starts_with("https://") || text->starts_with("http://");
        add_include(entry, remote ? "remote" : "local", *text);
      }
      if (!document_.is_mapping(entry)) continue;
      std::string_view named = "other";
      NodeIndex at = entry;
      for (const std::string_view form : {"local", "project", "remote", "template", "component", "artifact"})
        if (const NodeIndex target = document_.resolved(document_.child(entry, form)); named == "other" && target != kNoNode && document_.text(target)) {
          named = form;
          at = target;
        }
      add_include(at, named, document_.text(at).value_or(""));
    }
  }

  /// A path with wildcards as RE2: `*` stays in its folder, `**` does not. Source: docs.gitlab.com/ci/yaml/includes, "Use include:local
  /// with wildcard file paths".
  static std::string pattern_of(std::string_view wildcards) {
    std::string pattern = "^";
    for (std::size_t at = 0; at < wildcards.size(); ++at) {
      if (wildcards[at] != '*') {
        pattern += RE2::QuoteMeta(re2::StringPiece(wildcards.data() + at, 1));
      } else if (wildcards.substr(at).starts_with("**")) {
        pattern += ".*";
        ++at;
      } else {
        pattern += "[^/]*";
      }
    }
    return pattern + '$';
  }

  void add_include(NodeIndex node, std::string_view form, std::string_view target) {
    GitlabIncludeRow row;
    row.span = span(node);
    row.form = form;
    const NodeIndex entry = document_[node].parent;
    row.conditional = document_.is_mapping(entry) && document_.child(entry, "rules") != kNoNode;
    if (form != "local") {
      if (!target.empty()) row.target = target;
    } else if (target.find('$') == target.npos) {
      while (target.starts_with('/') || target.starts_with("./")) target.remove_prefix(target.starts_with('/') ? 1 : 2);
      if (target.find('*') == target.npos) row.target = target;
      else row.path_pattern = pattern_of(target);
      if (row.path_pattern) rows_.add(PathMentionRow{{}, {}, row.span, "root", *row.path_pattern, "gitlab_include_pattern", false});
      else if (!target.empty()) rows_.add(PathMentionRow{{}, {}, row.span, "root", std::string(target), "gitlab_include", !row.conditional});
    }
    rows_.add(std::move(row));
  }

  /// What a job names of another file: its name, and the key of a `!reference`.
  struct Elsewhere {
    NodeIndex at = kNoNode;
    bool other_form = false;
  };
  using Bases = std::map<std::pair<std::string_view, std::string_view>, Elsewhere>;

  /// What `!reference [job, key]` stands for, else the node itself; kNoNode where it is elsewhere. `key`: of the job that it is read for.
  NodeIndex referred(NodeIndex node, std::string_view key) {
    node = document_.resolved(node);
    if (node == kNoNode || document_[node].tag != "!reference") return node;
    NodeIndex at = root_;
    const std::vector<NodeIndex> steps = document_.children(node);
    for (const NodeIndex step : steps) {
      const std::string_view name = document_.text(step).value_or("");
      at = at == root_ ? entry(name) : document_.resolved(document_.merged_child(at, name));
      if (at == kNoNode) break;
    }
    if (at == kNoNode) {
      const auto step = [&](std::size_t i) { return i < steps.size() ? document_.text(steps[i]).value_or("") : ""; };
      Elsewhere& base = bases_[{step(0), step(1)}];
      base.at = node;
      base.other_form = base.other_form || steps.size() != 2 || step(1) != key || entry(step(0)) != kNoNode;
    }
    return at;
  }

  /// Notes that the job at hand is made from one of another file.
  void extends_elsewhere(NodeIndex name, bool with_others) {
    Elsewhere& base = bases_[{document_.text(name).value_or(""), ""}];
    base.at = document_.resolved(name);
    base.other_form = base.other_form || with_others;
  }

  /// The value of a key of a job: its own, or that of what it extends; of several the last that has it.
  NodeIndex value_of(NodeIndex job, std::string_view key, std::size_t depth = 0) {
    if (++lookups_ > kMaxLookups || depth > kMaxExtends || !document_.is_mapping(job)) return kNoNode;
    if (const NodeIndex own = document_.merged_child(job, key); own != kNoNode) return referred(own, key);
    const NodeIndex extends = document_.resolved(document_.merged_child(job, "extends"));
    if (extends == kNoNode) return kNoNode;
    std::vector<NodeIndex> names{extends};
    if (document_.is_sequence(extends)) names = document_.children(extends);
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
      const NodeIndex base = entry(document_.text(*name).value_or(""));
      if (base == kNoNode) {
        extends_elsewhere(*name, names.size() > 1);
        continue;
      }
      if (const NodeIndex found = value_of(base, key, depth + 1); found != kNoNode) return found;
    }
    return kNoNode;
  }

  /// What stands below a key that is a mapping: GitLab merges those of a job and of what it extends, key by key.
  NodeIndex value_below(NodeIndex job, std::string_view key, std::string_view below, std::size_t depth = 0) {
    if (++lookups_ > kMaxLookups || depth > kMaxExtends || !document_.is_mapping(job)) return kNoNode;
    const NodeIndex own = referred(document_.merged_child(job, key), key);
    if (own != kNoNode && !document_.is_mapping(own)) return kNoNode;
    if (const NodeIndex found = document_.merged_child(own, below); found != kNoNode) return referred(found, below);
    const NodeIndex extends = document_.resolved(document_.merged_child(job, "extends"));
    std::vector<NodeIndex> names;
    if (extends != kNoNode) names = document_.is_sequence(extends) ? document_.children(extends) : std::vector<NodeIndex>{extends};
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
      const NodeIndex base = entry(document_.text(*name).value_or(""));
      if (base == kNoNode) {
        extends_elsewhere(*name, names.size() > 1);
        continue;
      }
      if (const NodeIndex found = value_below(base, key, below, depth + 1); found != kNoNode) return found;
    }
    return kNoNode;
  }

  std::optional<std::int64_t> position_of(std::string_view stage) const {
    if (stage == ".pre") return 0;
    if (stage == ".post") return static_cast<std::int64_t>(stages_.size()) + 1;
    const auto found = std::find(stages_.begin(), stages_.end(), stage);
    if (found == stages_.end()) return std::nullopt;
    return found - stages_.begin() + 1;
  }

  void add_job(std::string_view name, NodeIndex key, NodeIndex job) {
    GitlabJobRow row;
    bases_.clear();
    const auto text = [&](std::string_view wanted) { return document_.text(value_of(job, wanted)); };
    row.span = span(key);
    row.name = name;
    row.is_template = name.starts_with('.');
    if (const auto stage = text("stage")) row.stage = *stage;
    row.stage_position = position_of(row.stage ? std::string_view(*row.stage) : "test");
    if (const auto when = text("when")) row.when_run = *when;
    const NodeIndex needs = value_of(job, "needs");
    row.needs_written = document_.is_sequence(needs);
    if (row.needs_written) row.needs_span = span(needs);
    const NodeIndex failure = value_of(job, "allow_failure");
    if (const auto said = document_.text(failure)) {
      row.allow_failure = equal_ignoring_ascii_case(*said, "true") ? "true" : "false";
      row.allow_failure_span = span(failure);
    } else if (document_.is_mapping(failure)) {
      row.allow_failure = "exit_codes";
      row.allow_failure_span = span(failure);
    }
    read_trigger(row, job, value_of(job, "trigger"));
    for (const std::string_view script : {"before_script", "script", "after_script"}) {
      const NodeIndex lines = value_of(job, script);
      if (!row.publishes) read_script(row, lines, script);
      if (script == "script") row.script_written = lines != kNoNode || document_.merged_child(job, script) != kNoNode;
    }
    const NodeIndex release = value_of(job, "release");
    if (!row.publishes && document_.is_mapping(release)) {
      row.publishes = "release:";
      row.publishes_span = span(release);
    }
    row.resolved = bases_.empty();
    const LocalId id = rows_.add(std::move(row));
    for (const auto& [named, base] : bases_) {
      GitlabBaseRow elsewhere{id, span(base.at), std::string(named.first), std::nullopt, base.other_form};
      if (!named.second.empty()) elsewhere.base_key = named.second;
      rows_.add(std::move(elsewhere));
    }
    if (document_.is_sequence(needs)) add_needs(id, needs);
    read_rules(id, value_of(job, "rules"));
    read_commands(job);
  }

  /// What the scripts of a job run: of each text once, though several jobs may be made from it. What comes before `script` is run by
  /// the same shell.
  void read_commands(NodeIndex job) {
    if (!commands_.wanted()) return;
    for (const std::initializer_list<std::string_view> keys : {std::initializer_list<std::string_view>{"before_script", "script"}, {"after_script"}}) {
      std::string whole;
      std::vector<std::pair<std::uint32_t, NodeIndex>> parts;  // where each text begins
      for (const std::string_view key : keys) {
        const NodeIndex lines = document_.resolved(document_.merged_child(job, key));
        if (lines == kNoNode || document_[lines].tag == "!reference" || !scripts_read_.insert(lines).second) continue;
        std::vector<NodeIndex> texts{lines};
        if (document_.is_sequence(lines)) texts = document_.children(lines);
        for (const NodeIndex each : texts) {
          const auto text = document_.text(document_.resolved(each));
          if (!text) continue;
          parts.emplace_back(static_cast<std::uint32_t>(whole.size()), document_.resolved(each));
          whole += *text;
          whole += '\n';
        }
      }
      if (parts.empty()) continue;
      const formats::ShellScript script = formats::parse_shell(whole);
      commands_.add(script, formats::read_effects(script), {}, [&](ByteRange range) {
        const auto part = std::prev(std::upper_bound(parts.begin(), parts.end(), range.begin, [](std::uint32_t at, const auto& each) { return at < each.first; }));
        const auto length = static_cast<std::uint32_t>(document_.text(part->second)->size());
        const auto within = [&](std::uint32_t at) { return std::min(at - part->first, length); };
        return rows_.span(document_.source_range(part->second, {within(range.begin), within(range.end)}));
      });
    }
  }

  void read_trigger(GitlabJobRow& row, NodeIndex job, NodeIndex trigger) {
    if (trigger == kNoNode) return;
    if (const auto project = document_.text(trigger)) {
      row.trigger_project = *project;
      row.trigger_span = span(trigger);
      return;
    }
    if (!document_.is_mapping(trigger)) return;
    const NodeIndex project = value_below(job, "trigger", "project"), include = value_below(job, "trigger", "include");
    if (const auto named = document_.text(project)) row.trigger_project = *named;
    row.trigger_child = !row.trigger_project && include != kNoNode;
    if (row.trigger_project) row.trigger_span = span(project);
    else if (row.trigger_child) row.trigger_span = span(include);
    if (const auto strategy = document_.text(value_below(job, "trigger", "strategy"))) row.trigger_strategy = *strategy;
    row.trigger_keys_span = span(trigger);
  }

  /// Whether a command that could make a release does: not one that only tries, and an image only under a release's name, since the
  /// tests of many pipelines run in the image that is pushed for the commit.
  static bool publishes(std::string_view command) {
    static const RE2 kTries(R"((?:^|\s)(?:--dry-run\S*|--snapshot|-n)(?:\s|$))"), kRelease(R"(CI_COMMIT_TAG|(?i:version|release)|:(?:latest|stable|v?[0-9]))");
    const re2::StringPiece text(command.data(), command.size());
    if (RE2::PartialMatch(text, kTries)) return false;
    const bool of_image = command.starts_with("docker push") || command.starts_with("skopeo copy");
    return !of_image || RE2::PartialMatch(text, kRelease);
  }

  void read_script(GitlabJobRow& row, NodeIndex script, std::string_view key) {
    static const RE2 kPublishes(
        R"((?:^|[;&|({]|\n)\s*(?:(?:sudo|exec|time|retry)\s+)?(git\s+tag\s+(?:-a|-s|-m|[v$0-9"])|git\s+push\s+[^\n;&|]*--tags|npm\s+publish|yarn\s+(?:npm\s+)?publish|pnpm\s+publish|twine\s+upload|poetry\s+publish|uv\s+publish|hatch\s+publish|flit\s+publish|cargo\s+publish|gem\s+push|helm\s+push|docker\s+push|skopeo\s+copy|release-cli\s+create|glab\s+release\s+create|gh\s+release\s+create|mike\s+deploy|goreleaser\s+release))");
    const auto try_text = [&](NodeIndex node) {
      const auto text = document_.text(node);
      if (!text || row.publishes) return;
      re2::StringPiece rest(text->data(), text->size()), found;
      while (RE2::FindAndConsume(&rest, kPublishes, &found)) {
        const auto begin = static_cast<std::uint32_t>(found.data() - text->data());
        const std::string_view command = text->substr(begin, text->find_first_of("\n;&|", begin) - begin), words(found.data(), found.size());
        if (!publishes(command)) continue;
        // "git tag", "yarn npm publish": what stands before the first option or argument.
        std::size_t end = words.starts_with("git tag") ? 7 : words.find(" -");
        row.publishes = std::string(trim(words.substr(0, end)));
        row.publishes_span = rows_.span(document_.source_range(document_.resolved(node), {begin, begin + static_cast<std::uint32_t>(found.size())}));
        return;
      }
    };
    if (script == kNoNode) return;
    if (!document_.is_sequence(script)) return try_text(script);
    for (const NodeIndex line : document_.children(script)) {
      const NodeIndex target = referred(line, key);
      if (document_.is_sequence(target))
        for (const NodeIndex inner : document_.children(target)) try_text(inner);
      else
        try_text(target);
    }
  }

  void add_needs(LocalId job, NodeIndex needs) {
    for (const NodeIndex each : document_.children(needs)) {
      const NodeIndex entry = document_.resolved(each);
      const NodeIndex named = document_.is_mapping(entry) ? document_.child(entry, "job") : entry;
      const auto name = document_.text(named);
      if (!name || (document_.is_mapping(entry) && document_.child(entry, "project") != kNoNode)) continue;
      rows_.add(GitlabNeedRow{job, span(document_.resolved(named)), std::string(*name),
                              document_.text(document_.child(entry, "optional")).value_or("") == "true"});
    }
  }

  /// $CI_COMMIT_TAG =~ /^v/ in the conditions of `rules:`.
  void read_rules(LocalId job, NodeIndex rules) {
    static const RE2 kTagTest(R"(\$(?:CI_COMMIT_TAG|\{CI_COMMIT_TAG\})\s*(=~|!~)\s*/((?:[^/\\]|\\.)+)/)");
    if (!document_.is_sequence(rules)) return;
    for (const NodeIndex each : document_.children(rules)) {
      const NodeIndex condition = document_.resolved(document_.merged_child(document_.resolved(each), "if"));
      const auto text = document_.text(condition);
      if (!text) continue;
      // A rule that says never is for the tags that are not meant.
      const bool never = document_.text(document_.merged_child(document_.resolved(each), "when")).value_or("") == "never";
      re2::StringPiece rest(text->data(), text->size()), operation, pattern;
      while (RE2::FindAndConsume(&rest, kTagTest, &operation, &pattern)) {
        const auto begin = static_cast<std::uint32_t>(pattern.data() - text->data());
        const std::string written = replace_all(std::string_view(pattern.data(), pattern.size()), "\\/", "/");
        // Rules match with it: within the bounds that SQL has, or not at all.
        RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(1 << 20);
        if (const RE2 compiled(written, options); written.size() > 1024 || !compiled.ok() || compiled.ProgramSize() > 5000) continue;
        rows_.add(GitlabTagTestRow{job, rows_.span(document_.source_range(condition, {begin, begin + static_cast<std::uint32_t>(pattern.size())})),
                                   written, (operation == "!~") != never});
      }
    }
  }

  BlobRows& rows_;
  const Document& document_;
  NodeIndex root_;
  std::unordered_map<std::string_view, NodeIndex> entries_;  ///< of the file's top mapping
  std::vector<std::string_view> stages_;
  Bases bases_;                       ///< of the job at hand
  CommandRows commands_{rows_};
  std::set<NodeIndex> scripts_read_;
  std::size_t lookups_ = 0;
};

}  // namespace

void extract_gitlab_ci(BlobRows& rows) {
  if (const auto document = parse_yaml_into(rows); document && !document->roots().empty()) PipelineReader(rows, *document).read();
}

}  // namespace trueup::facts
