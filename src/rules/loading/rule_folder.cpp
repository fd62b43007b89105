#include "rules/loading/rule_folder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/sql_words.hpp"
#include "base/text.hpp"
#include "formats/yaml.hpp"

namespace trueup::rules {

using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
    case Severity::none: return "none";
  }
  return "none";
}

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::file: return "file";
    case Scope::repository: return "repository";
    case Scope::fleet: return "fleet";
    case Scope::refs: return "refs";
  }
  return "file";
}

std::optional<Severity> parse_severity(std::string_view text) {
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note, Severity::none})
    if (text == to_string(severity)) return severity;
  return std::nullopt;
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  std::int64_t unit = 0;
  switch (text.back()) {
    case 's': unit = 1; break;
    case 'm': unit = 60; break;
    case 'h': unit = 3600; break;
    case 'd': unit = 86400; break;
    case 'w': unit = 7 * 86400; break;
    default: return std::nullopt;
  }
  std::int64_t count = 0;
  const char* end = text.data() + text.size() - 1;
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || stop != end || count < 0 || count > std::numeric_limits<std::int64_t>::max() / unit)
    return std::nullopt;
  return count * unit;
}

/// Reads one rule file into a Rule, noting every problem with its place.
class RuleReader {
 public:
  RuleReader(RuleFolder& folder, RuleFolder::Source& source) : folder_(folder), source_(source), lines_(source.text.text) {}

  void read() {
    const formats::Document& document = source_.document;
    if (document.problem()) return problem(document.problem()->at.begin, "does not parse: " + document.problem()->message);
    if (document.roots().size() != 1 || !document.is_mapping(document.root()))
      return problem(0, "a rule file is one YAML mapping");
    for (const formats::DuplicateKey& twice : document.duplicate_keys())
      problem(document[twice.second].span.begin, "key `" + std::string(document[twice.second].value) + "` stands twice");
    check_keys(document.root(), kKeys);

    Rule rule;
    rule.file = source_.text.path;
    rule.id = required("id");
    rule.code = required("code");
    rule.title = required("title");
    rule.why = required("why");
    rule.message = required("message");
    rule.query = required("query");
    rule.when = optional("when");
    rule.words = words_of(rule);
    if (const auto slash = rule.id.find('/'); slash != std::string_view::npos)
      rule.pack = rule.id.substr(0, slash);
    else if (!rule.id.empty())
      problem_at("id", "an id is pack/name");
    if (const auto severity = parse_severity(required("severity")); severity && *severity != Severity::none)
      rule.severity = *severity;
    else
      problem_at("severity", "severity is error, warning or note");
    read_scope(rule);
    rule.key = texts("key");
    rule.reads = texts("reads");
    rule.files = texts("files");
    rule.needs = texts("needs");
    rule.nodes = texts("nodes");
    rule.aliases = texts("aliases");
    if (rule.key.empty()) problem_at("key", "`key:` names at least one column that identifies the subject");
    rule.anywhere = optional("anywhere") == "true";
    rule.sees_paths = optional("paths") == "true";
    rule.within_chart = optional("within") == "chart";
    if (child("within") != kNoNode && (!rule.within_chart || rule.scope != Scope::repository || rule.anywhere))
      problem_at("within", "`within:` is chart, in a rule of scope repository that is not `anywhere`");
    read_places(rule);
    read_parameters(rule);
    read_fixes(rule);
    source_.query = document.child(document.root(), "query");
    if (source_.query != kNoNode) rule.query_line = lines_.locate(document[source_.query].span.begin).line;
    if (failed_) return;
    folder_.rules_.push_back(rule);
    folder_.source_of_rule_.push_back(&source_);
  }

 private:
  /// Names of tables are small letters.
  std::span<const std::string_view> words_of(const Rule& rule) {
    std::vector<std::string_view> words;
    for (const std::string_view sql : {rule.query, rule.when})
      for_each_sql_word(sql, [&](std::string_view word) {
        if (word.size() > 1 && word.front() >= 'a' && word.front() <= 'z') words.push_back(word);
      });
    std::ranges::sort(words);
    words.erase(std::ranges::unique(words).begin(), words.end());
    return folder_.lists_.emplace_back(std::move(words));
  }

  static constexpr std::array<std::string_view, 21> kKeys = {
      "id",    "code", "severity", "scope",   "title",  "why",        "query",    "key",
      "message", "when", "reads", "files", "paths", "within", "needs", "nodes", "aliases", "anywhere", "places", "parameters", "fix"};
  static constexpr std::array<std::string_view, 3> kParameterKeys = {"type", "default", "title"};

  void problem(std::uint32_t offset, std::string message) {
    const LineColumn at = lines_.locate(offset);
    folder_.problems_.push_back({source_.text.path, at.line, at.column, std::move(message)});
    failed_ = true;
  }
  /// At the key's value, or at the top where the key is not there.
  void problem_at(std::string_view key, std::string message) {
    const NodeIndex node = child(key);
    problem(node == kNoNode ? 0 : source_.document[node].span.begin, std::move(message));
  }

  template <std::size_t N>
  void check_keys(NodeIndex mapping, const std::array<std::string_view, N>& known) {
    const formats::Document& document = source_.document;
    for (const NodeIndex value : document.children(mapping)) {
      const Node& key = document[document[value].key];
      if (std::find(known.begin(), known.end(), key.value) != known.end()) continue;
      const std::vector<std::string> names(known.begin(), known.end());
      const auto nearest = nearest_name(key.value, names);
      problem(key.span.begin, "unknown key `" + std::string(key.value) + "`" +
                                  (nearest ? "; did you mean `" + *nearest + "`?" : "; known are " + join(names, ", ")));
    }
  }

  NodeIndex child(std::string_view key) const { return source_.document.child(source_.document.root(), key); }
  std::string_view optional(std::string_view key) { return source_.document.text(child(key)).value_or(std::string_view{}); }
  std::string_view required(std::string_view key) {
    const std::string_view text = optional(key);
    if (text.empty()) problem_at(key, "`" + std::string(key) + ":` is missing or empty");
    return text;
  }

  std::span<const std::string_view> texts(std::string_view key) {
    const NodeIndex node = child(key);
    if (node == kNoNode) return {};
    std::vector<std::string_view> list;
    if (!source_.document.is_sequence(node)) problem_at(key, "`" + std::string(key) + ":` is a list of text");
    for (const NodeIndex element : source_.document.children(node)) {
      if (const auto text = source_.document.text(element))
        list.push_back(*text);
      else
        problem(source_.document[element].span.begin, "`" + std::string(key) + ":` is a list of text");
    }
    return folder_.lists_.emplace_back(std::move(list));
  }

  void read_scope(Rule& rule) {
    const std::string_view text = required("scope");
    for (const Scope scope : {Scope::file, Scope::repository, Scope::fleet, Scope::refs}) {
      if (text != to_string(scope)) continue;
      rule.scope = scope;
      if (!rule.when.empty() && scope != Scope::refs) problem_at("when", "`when:` belongs to scope refs");
      return;
    }
    problem_at("scope", "scope is file, repository, fleet or refs");
  }

  void read_places(Rule& rule) {
    std::vector<RulePlace> list;
    for (const NodeIndex value : source_.document.children(child("places")))
      list.push_back({source_.document[source_.document[value].key].value, source_.document.text(value).value_or("")});
    rule.places = folder_.places_.emplace_back(std::move(list));
  }

  void read_parameters(Rule& rule) {
    const formats::Document& document = source_.document;
    std::vector<RuleParameter> list;
    for (const NodeIndex value : document.children(child("parameters"))) {
      check_keys(value, kParameterKeys);
      RuleParameter parameter;
      parameter.name = document[document[value].key].value;
      parameter.default_value = document.text(document.child(value, "default")).value_or("");
      parameter.title = document.text(document.child(value, "title")).value_or("");
      const std::string_view type = document.text(document.child(value, "type")).value_or("text");
      if (type == "integer")
        parameter.type = ParameterType::integer;
      else if (type == "duration")
        parameter.type = ParameterType::duration;
      else if (type != "text")
        problem(document[value].span.begin, "a parameter's type is text, integer or duration");
      if (parameter.type == ParameterType::duration && !parse_duration(parameter.default_value))
        problem(document[value].span.begin, "a duration is a number and s, m, h, d or w, such as 14d");
      list.push_back(parameter);
    }
    rule.parameters = folder_.parameters_.emplace_back(std::move(list));
  }

  /// `fix:` is one part, or a list of them.
  void read_fixes(Rule& rule) {
    const NodeIndex node = child("fix");
    if (node == kNoNode) return;
    std::vector<RuleFix> list;
    if (source_.document.is_sequence(node))
      for (const NodeIndex part : source_.document.children(node)) read_fix(part, list);
    else
      read_fix(node, list);
    rule.fixes = folder_.fixes_.emplace_back(std::move(list));
  }

  void read_fix(NodeIndex node, std::vector<RuleFix>& list) {
    const formats::Document& document = source_.document;
    const std::uint32_t at = document[node].span.begin;
    if (!document.is_mapping(node)) return problem(at, "a fix is a mapping such as {replace: at, with: \"{column}\"}");
    RuleFix fix;
    std::size_t actions = 0;
    bool has_text = false;
    for (const NodeIndex value : document.children(node)) {
      const std::string_view key = document[document[value].key].value, text = document.text(value).value_or("");
      if (const auto action = fixes::parse_action(key)) {
        ++actions;
        fix.action = *action;
        fix.place = text;
      } else if (key == "with" || key == "with_each") {
        if (has_text) problem(document[document[value].key].span.begin, "`with:` and `with_each:` exclude each other");
        has_text = true;
        fix.text = text;
        fix.each = key == "with_each";
      } else if (key == "key") {
        fix.key = text;
      } else if (key == "when") {
        fix.when = text;
      } else if (key == "sure_when") {
        fix.sure_when = text;
      } else if (key == "safety") {
        fix.unsafe = text == "unsafe";
        if (text != "safe" && text != "unsafe") problem(document[value].span.begin, "safety is safe or unsafe");
      } else if (key == "ends_subject") {
        fix.ends_subject = text == "true";
      } else {
        const auto nearest = nearest_name(key, kFixKeys);
        problem(document[document[value].key].span.begin, "unknown key `" + std::string(key) + "` in a fix" +
                                                              (nearest ? "; did you mean `" + *nearest + "`?" : "; known are " + join(kFixKeys, ", ")));
      }
    }
    if (actions != 1) return problem(at, "a fix says one thing to do: replace, quote, append, insert_item, insert_entry, remove, merge or move");
    if (fix.place.empty()) problem(at, "`" + std::string(to_string(fix.action)) + ":` names the column with the place");
    if (has_text != takes_text(fix.action))
      problem(at, "`" + std::string(to_string(fix.action)) + ":` " + (has_text ? "writes no text of its own: leave out `with:`" : "needs `with:`, the text to write"));
    if ((fix.action == fixes::Action::insert_entry) == fix.key.empty()) problem(at, "`insert_entry:`, and nothing else, needs `key:`");
    list.push_back(fix);
  }

  inline static const std::vector<std::string> kFixKeys = {"replace", "quote", "append", "insert_item", "insert_entry", "remove",
                                                           "merge",   "move",  "with",   "with_each",   "key",          "when",   "sure_when",
                                                           "safety", "ends_subject"};

  RuleFolder& folder_;
  RuleFolder::Source& source_;
  LineIndex lines_;
  bool failed_ = false;
};

RuleFolder RuleFolder::load(std::vector<RuleText> texts) {
  RuleFolder folder;
  std::sort(texts.begin(), texts.end(), [](const RuleText& a, const RuleText& b) { return a.path < b.path; });
  for (RuleText& text : texts) {
    auto source = std::make_unique<Source>();
    source->text = std::move(text);
    const std::string_view path = source->text.path;
    if (path.ends_with("views.sql")) {
      const std::string_view folder_path = path.substr(0, path.find_last_of('/') == std::string_view::npos ? 0 : path.find_last_of('/'));
      folder.views_.push_back({folder_path.substr(folder_path.find_last_of('/') + 1), source->text.text, path});
    } else if (path.ends_with(".yaml") && !path.ends_with(".cases.yaml")) {
      source->document = formats::parse_yaml(source->text.text);
      RuleReader(folder, *source).read();
    } else {
      continue;
    }
    folder.sources_.push_back(std::move(source));
  }
  for (std::size_t i = 0; i < folder.rules_.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (folder.rules_[i].id == folder.rules_[j].id || folder.rules_[i].code == folder.rules_[j].code)
        folder.problems_.push_back({std::string(folder.rules_[i].file), 1, 1,
                                    "id or code stands in " + std::string(folder.rules_[j].file) + " too"});
  return folder;
}

LineColumn RuleFolder::locate_in_query(const Rule& rule, std::uint32_t offset) const {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].id != rule.id) continue;
    const Source& source = *source_of_rule_[i];
    return LineIndex(source.text.text).locate(source.document.source_offset(source.query, offset));
  }
  return {rule.query_line, 1};
}

}  // namespace trueup::rules
