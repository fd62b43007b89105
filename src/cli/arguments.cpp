// The one file that includes CLI11. Each command has a parser of its own, so that a run builds the options of one
// command; the answer to a slip of the pen, which CLI11 does not have, is made of the names that it was given.

#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "cli/config_schema.hpp"
#include "report/format.hpp"

namespace trueup::cli {
namespace {

using Words = std::vector<std::string>;

struct Command {
  std::string_view name, usage, title;
  ParsedArguments (*parse)(const Words& words) = nullptr;
};

/// "; did you mean x?", or nothing.
std::string nearest(std::string_view wanted, const std::vector<std::string>& known) {
  const auto name = nearest_name(wanted, known);
  return name ? "; did you mean " + *name + "?" : "";
}

ParsedArguments parsed(Arguments arguments) { return {std::move(arguments), "", 0}; }

ParsedArguments usage_error(std::string_view command, const std::string& message) {
  const std::string program = "trueup" + (command.empty() ? "" : ' ' + std::string(command));
  return {std::nullopt, program + ": " + printable(message) + "\n" + program + " --help shows how it is used\n", 2};
}

/// The options of one command, and what the words gave them.
class Parser {
 public:
  Parser(std::string_view command, std::string_view title)
      : command_(command), app_(std::string(title), "trueup " + std::string(command)) {
    app_.allow_extras();
    app_.get_formatter()->column_width(34);
    app_.get_formatter()->label("OPTIONS", "OPTION…");
  }

  /// A value; given twice, it is an error.
  void one(const std::string& names, std::string& value, const std::string& type, const std::string& title) {
    app_.add_option(names, value, title)->type_name(type)->check([](const std::string& text) {
      return std::string(text.empty() ? "an empty value" : "");
    });
  }
  /// A value that may be given again; with `commas` also several at once.
  void many(const std::string& names, Words& values, const std::string& type, const std::string& title,
            bool commas = false) {
    CLI::Option* option = app_.add_option(names, values, title)->type_name(type)->allow_extra_args(false);
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    if (commas) option->delimiter(',');
  }
  void flag(const std::string& names, bool& value, const std::string& title) { app_.add_flag(names, value, title); }
  void number(const std::string& names, std::size_t& value, const std::string& title) {
    app_.add_option(names, value, title)->type_name("N");
  }
  /// Words that are no options. `name` has no dash.
  void words(const std::string& name, Words& values, const std::string& title) {
    app_.add_option(name, values, title)->type_name("");
  }
  void word(const std::string& name, std::string& value, const std::string& title, bool required) {
    app_.add_option(name, value, title)->type_name("")->required(required);
  }
  void footer(const std::string& text) { app_.footer(text); }

  /// Nothing if all went well; else help or the error.
  std::optional<ParsedArguments> parse(const Words& words) {
    Words marked(words.rbegin(), words.rend());  // CLI11 takes them from the back
    for (std::string& word : marked)
      if (word.starts_with('[') || word.starts_with(kMark)) word.insert(0, 1, kMark);
    for (CLI::Option* option : app_.get_options({})) option->transform(unmarked);
    try {
      app_.parse(std::move(marked));
    } catch (const CLI::CallForHelp&) {
      return ParsedArguments{std::nullopt, app_.help(), 0};
    } catch (const CLI::ParseError& error) {
      // What is unknown explains what is missing.
      if (auto slip = unknown_words()) return slip;
      return usage_error(command_, error.what());
    }
    return unknown_words();
  }

  ParsedArguments error(const std::string& message) const { return usage_error(command_, message); }

 private:
  /// CLI11 takes a word in brackets for a list and splits it; a byte in front keeps it whole.
  static constexpr char kMark = '\x01';
  static std::string unmarked(std::string word) { return word.starts_with(kMark) ? word.substr(1) : word; }

  std::optional<ParsedArguments> unknown_words() const {
    for (std::string word : app_.remaining()) {
      if (word == "--") continue;
      word = unmarked(std::move(word));
      if (!word.starts_with('-')) return usage_error(command_, "unexpected argument " + word);
      const std::string name = word.substr(0, word.find('='));
      std::vector<std::string> known;
      for (const CLI::Option* option : app_.get_options())
        for (const std::string& each : option->get_lnames()) known.push_back("--" + each);
      return usage_error(command_, "unknown option " + name + nearest(name, known));
    }
    return std::nullopt;
  }

  std::string command_;
  CLI::App app_;
};

void add_source_options(Parser& parser, SourceArguments& source) {
  parser.many("--at", source.revisions, "REV", "Check this revision, not the working tree; repeatable, globs allowed");
  parser.one("--config", source.config, "FILE", "Read this config instead of the trueup.yaml that is found");
  parser.one("--as", source.slug, "OWNER/NAME", "What the repository at hand is called");
  parser.many("--only", source.only, "RULE|PACK", "Only these rules, by id, code or pack; repeatable, or with commas",
              true);
  parser.many("--skip", source.skip, "RULE|PACK", "All rules but these", true);
  parser.many("--rules", source.rule_folders, "DIR", "Rules of one's own besides; repeatable");
  parser.flag("--offline", source.offline, "Ask no server and fetch nothing: what that leaves open is unknown");
  parser.many("--dump", source.dumps, "[NAME=]FILE",
              "What an instance of ArgoCD holds, from kubectl get applications -A -o json or argocd app list -o json: a file, a "
              "folder, or - for standard input; in place of the server NAME of the config");
  parser.one("--record", source.record, "DIR", "Write every answer of a server there, without the credentials that were sent; what Applications hold is in it");
  parser.one("--replay", source.replay, "DIR", "Take the answers of servers from there");
  parser.many("--allow-host", source.allowed_hosts, "HOST[:PORT]",
              "A server that may be asked although its address is private or its connection is not encrypted");
  parser.one("--now", source.now, "TIME", "The time to take for now, such as 2026-01-31T12:00:00Z");
  parser.one("--cache", source.cache, "DIR", "Where fetched repositories are kept");
}

constexpr const char* kSourceTitle =
    "Folders, bare repositories or names of the config. Without any: the repository at hand, else the config's";

/// What is wrong with values that only together are wrong.
std::optional<std::string> contradiction(const SourceArguments& source) {
  if (!source.record.empty() && !source.replay.empty()) return "--record and --replay exclude each other";
  if (!source.slug.empty())
    if (const auto wrong = check_value(ConfigType::slug, source.slug, formats::ScalarStyle::double_quoted))
      return "--as " + source.slug + ": " + wrong->message;
  for (const Words* list : {&source.revisions, &source.only, &source.skip, &source.allowed_hosts, &source.rule_folders, &source.dumps})
    if (std::find(list->begin(), list->end(), "") != list->end()) return "an option has an empty value";
  return std::nullopt;
}

/// One of a few words, or the error that names them.
std::optional<std::size_t> choice_of(std::string_view text, std::span<const std::string_view> choices) {
  const auto found = std::find(choices.begin(), choices.end(), text);
  if (found == choices.end()) return std::nullopt;
  return static_cast<std::size_t>(found - choices.begin());
}

std::string no_choice(std::string_view option, std::string_view text, std::span<const std::string_view> choices) {
  const std::vector<std::string> known(choices.begin(), choices.end());
  return std::string(option) + ' ' + std::string(text) + ": " + join(known, ", ") + " are known" + nearest(text, known);
}

/// `--format NAME[=FILE]`, by the table of report/format.hpp.
std::optional<std::string> read_formats(const Words& texts, std::vector<FormatChoice>& formats) {
  std::vector<std::string_view> names;
  for (const report::Format& format : report::formats()) names.push_back(format.name);
  std::set<std::string, std::less<>> outputs;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    FormatChoice choice{text.substr(0, equals), equals == std::string::npos ? "" : text.substr(equals + 1)};
    if (report::find_format(choice.name) == nullptr) return no_choice("--format", choice.name, names);
    if (equals != std::string::npos && choice.file.empty()) return "--format " + text + ": no file is named";
    if (!outputs.insert(choice.file).second)
      return choice.file.empty() ? "two formats go to standard output; write one as --format NAME=FILE"
                                 : "two formats go to " + choice.file;
    formats.push_back(std::move(choice));
  }
  return std::nullopt;
}

std::string format_title() {
  std::string title = "The form of the report, to standard output or a file; repeatable:";
  for (const report::Format& format : report::formats())
    title += "\n" + std::string(format.name) + ": " + std::string(format.title);
  return title;
}

/// The options that say how a report is written.
struct ReportOptions {
  Words formats;
  std::string fail_on = "error", colour = "auto";

  void add_to(Parser& parser, ReportArguments& report) {
    parser.many("--format", formats, "NAME[=FILE]", format_title());
    parser.one("--fail-on", fail_on, "error|warning|note|never", "The least severity that ends with 1");
    parser.flag("--require-complete", report.require_complete, "End with 3 also where something was not asked");
    parser.one("--color,--colour", colour, "auto|always|never", "Colours on the terminal");
  }

  /// What is wrong with their values.
  std::optional<std::string> read(ReportArguments& report) const {
    constexpr std::array<std::string_view, 4> kLevels = {"error", "warning", "note", "never"};
    const auto level = choice_of(fail_on, kLevels);
    if (!level) return no_choice("--fail-on", fail_on, kLevels);
    report.fail_on = static_cast<rules::Severity>(*level);
    constexpr std::array<std::string_view, 3> kColours = {"auto", "always", "never"};
    const auto colours = choice_of(colour, kColours);
    if (!colours) return no_choice("--color", colour, kColours);
    report.colour = static_cast<ColourChoice>(*colours);
    return read_formats(formats, report.formats);
  }
};

ParsedArguments parse_check(const Words& words) {
  CheckArguments check;
  Parser parser("check", "Holds what repositories declare against each other and against what servers hold.");
  ReportOptions report;
  parser.words("SOURCE", check.source.sources, kSourceTitle);
  parser.one("--base", check.source.base, "REV", "A gate: only what is wrong here and was not at REV counts");
  add_source_options(parser, check.source);
  report.add_to(parser, check);
  parser.flag("--plan", check.plan, "Say which repositories, refs, hosts and questions there would be; ask nothing");
  parser.flag("--explain-credentials", check.explain_credentials,
              "Say for each host that would be asked which kind of credential was found and where, never its value; ask nothing");
  parser.flag("--all", check.all, "Show every finding, also what stood before, and every unknown");
  parser.footer("Ends with 0: nothing counts; 1: a finding counts; 2: usage, config or a rule is wrong;\n"
                "3: nothing counts, but a server or repository could not be read.");
  if (auto stop = parser.parse(words)) return *stop;
  if (const auto wrong = report.read(check)) return parser.error(*wrong);
  if (const auto wrong = contradiction(check.source)) return parser.error(*wrong);
  return parsed(std::move(check));
}

ParsedArguments parse_audit(const Words& words) {
  AuditArguments audit;
  Parser parser("audit", "Checks a fleet and keeps a history: what is new, what stays and since when, what is fixed, what came back.");
  ReportOptions report;
  audit.source.fleet = true;
  parser.words("SOURCE", audit.source.sources, "Folders, bare repositories or names of the config. Without any: the whole fleet of the config");
  parser.one("--history", audit.history, "FILE", "Where the history is kept; else in $XDG_STATE_HOME/trueup, by the config's place");
  parser.flag("--new-only", audit.new_only, "End with 1 only for findings that are new or came back");
  parser.flag("--full-history", audit.source.full_history,
              "Fetch all commits of the fleet's repositories, not the newest alone: since when findings stand is told from them");
  add_source_options(parser, audit.source);
  report.add_to(parser, audit);
  parser.flag("--all", audit.all, "Show every finding in full, and every unknown");
  parser.footer("Ends with 0: nothing counts; 1: a finding counts; 2: usage, config, a rule or the history is wrong;\n"
                "3: nothing counts, but a server or repository could not be read.");
  if (auto stop = parser.parse(words)) return *stop;
  if (const auto wrong = report.read(audit)) return parser.error(*wrong);
  if (const auto wrong = contradiction(audit.source)) return parser.error(*wrong);
  return parsed(std::move(audit));
}

bool is_fingerprint(const std::string& word) {
  return word.size() == 16 && word.find_first_not_of("0123456789abcdef") == word.npos;
}

/// A rule's id or code; a pack is a folder's name too often.
bool is_rule(const std::string& word) {
  static const std::set<std::string_view> kPacks = [] {
    std::set<std::string_view> packs;
    for (const rules::Rule& rule : rules::builtin_rules()) packs.insert(rule.pack);
    return packs;
  }();
  const bool code = word.size() <= 4 && word.size() >= 2 && word.find_first_not_of("0123456789", 1) == word.npos &&
                    ((word[0] >= 'A' && word[0] <= 'Z') || (word[0] >= 'a' && word[0] <= 'z'));
  const std::size_t slash = word.find('/');
  return code || (slash != word.npos && kPacks.contains(std::string_view(word).substr(0, slash)) && word.find('/', slash + 1) == word.npos);
}

ParsedArguments parse_fix(const Words& words) {
  FixArguments fix;
  Parser parser("fix", "Prints patches that put findings right, each proven by judging again with it.");
  Words free;
  parser.words("RULE|FINGERPRINT|SOURCE", free, "Rules by id or code, or findings; then repositories as for check");
  parser.flag("--apply", fix.apply, "Write the working trees instead of printing; files that changed since are refused");
  parser.flag("--unsafe", fix.unsafe, "Also what changes what is deployed, rests on a guess, or could not be proven");
  parser.one("--output", fix.output, "DIR", "Write one patch a repository into this folder");
  add_source_options(parser, fix.source);
  parser.footer("Ends with 0: patches, or nothing to do; 1: findings remain that have a fix; 2: usage, config or a rule is wrong.");
  if (auto stop = parser.parse(words)) return *stop;
  for (std::string& word : free) (is_fingerprint(word) || is_rule(word) ? fix.chosen : fix.source.sources).push_back(std::move(word));
  if (fix.apply && !fix.output.empty()) return parser.error("--apply writes the working trees, and --output patches: say one of them");
  if (const auto wrong = contradiction(fix.source)) return parser.error(*wrong);
  return parsed(std::move(fix));
}

/// `--format text|json` of the commands that print tables.
std::optional<std::string> read_json(const std::string& format, bool& json) {
  constexpr std::array<std::string_view, 2> kForms = {"text", "json"};
  const auto form = choice_of(format, kForms);
  if (!form) return no_choice("--format", format, kForms);
  json = *form == 1;
  return std::nullopt;
}

ParsedArguments parse_diff(const Words& words) {
  DiffArguments diff;
  Parser parser("diff", "Compares two results (JSON reports of check or audit) or two recordings (folders of --record).");
  std::string format = "text";
  parser.word("A", diff.first, "The earlier one", true);
  parser.word("B", diff.second, "The later one", true);
  parser.one("--format", format, "text|json", "The form of the answer");
  parser.footer("Ends with 0: the same; 1: they differ; 2: usage, or one of them is neither.");
  if (auto stop = parser.parse(words)) return *stop;
  if (const auto wrong = read_json(format, diff.json)) return parser.error(*wrong);
  return parsed(std::move(diff));
}

ParsedArguments parse_rules(const Words& words) {
  RulesArguments rules;
  Parser parser("rules", "Lists every rule: code, id, severity, and what it promises.");
  std::string format = "text";
  parser.many("--rules", rules.rule_folders, "DIR", "Rules of one's own besides; repeatable");
  parser.one("--format", format, "text|json", "The form of the list");
  if (auto stop = parser.parse(words)) return *stop;
  if (const auto wrong = read_json(format, rules.json)) return parser.error(*wrong);
  return parsed(std::move(rules));
}

ParsedArguments parse_explain(const Words& words) {
  ExplainArguments explain;
  Parser parser("explain", "Says what a rule checks and why, or shows one finding by its fingerprint.");
  parser.word("RULE", explain.what, "Id or code of a rule, or a finding's fingerprint", true);
  parser.words("SOURCE", explain.source.sources, kSourceTitle);
  parser.one("--base", explain.source.base, "REV", "The revision that the finding is compared with");
  add_source_options(parser, explain.source);
  if (auto stop = parser.parse(words)) return *stop;
  if (const auto wrong = contradiction(explain.source)) return parser.error(*wrong);
  return parsed(std::move(explain));
}

ParsedArguments parse_query(const Words& words) {
  QueryArguments query;
  Parser parser("query", "Asks the facts in SQL; `trueup schema` lists the views.");
  Words free;
  std::string format = "text";
  parser.words("SQL|SOURCE", free, "A SELECT (not with --rule), then repositories as for check");
  parser.one("--rule", query.rule, "RULE", "The query of this rule, by id or code");
  parser.one("--format", format, "text|json", "The form of the answer");
  parser.number("--limit", query.most, "Rows to show, 1000 unless said");
  add_source_options(parser, query.source);
  if (auto stop = parser.parse(words)) return *stop;
  if (query.rule.empty()) {
    if (free.empty()) return parser.error("a query is missing: trueup query 'SELECT …', or --rule RULE");
    query.sql = free.front();
    free.erase(free.begin());
  }
  query.source.sources = std::move(free);
  if (const auto wrong = read_json(format, query.json)) return parser.error(*wrong);
  if (const auto wrong = contradiction(query.source)) return parser.error(*wrong);
  return parsed(std::move(query));
}

ParsedArguments parse_schema(const Words& words) {
  SchemaArguments schema;
  Parser parser("schema", "Describes the views that rules and queries read, and their columns.");
  parser.word("VIEW", schema.view, "One view; all of them unless said", false);
  if (auto stop = parser.parse(words)) return *stop;
  return parsed(std::move(schema));
}

ParsedArguments parse_test(const Words& words) {
  TestArguments test;
  Parser parser("test", "Runs the cases that stand beside rules of one's own.");
  parser.word("DIR", test.folder, "A folder of rules: PACK/NAME.yaml with PACK/NAME.cases.yaml", true);
  if (auto stop = parser.parse(words)) return *stop;
  return parsed(std::move(test));
}

ParsedArguments parse_config_command(const Words& words) {
  ConfigArguments config;
  Parser parser("config", "Shows what holds, and where that is said.");
  parser.words("SOURCE", config.source.sources, kSourceTitle);
  parser.one("--base", config.source.base, "REV", "The revision that the config is read from");
  add_source_options(parser, config.source);
  if (auto stop = parser.parse(words)) return *stop;
  if (const auto wrong = contradiction(config.source)) return parser.error(*wrong);
  return parsed(std::move(config));
}

ParsedArguments parse_version(const Words& words) {
  Parser parser("version", "Says which version of trueup this is.");
  if (auto stop = parser.parse(words)) return *stop;
  return parsed(VersionArguments{});
}

constexpr std::array<Command, 11> kCommands = {{
    {"check", "[SOURCE…]", "what is wrong in this repository, or in the fleet of a config", parse_check},
    {"audit", "[SOURCE…]", "what is new, stays, is fixed or came back in a fleet since the last audit", parse_audit},
    {"diff", "A B", "what two results or two recordings do not have in common", parse_diff},
    {"fix", "[RULE|FINGERPRINT…] [SOURCE…]", "patches that put findings right, each proven", parse_fix},
    {"explain", "RULE|FINGERPRINT", "what a rule checks and why, or one finding", parse_explain},
    {"rules", "", "every rule", parse_rules},
    {"config", "[SOURCE…]", "what holds, and where that is said", parse_config_command},
    {"query", "'SELECT …'", "the facts, asked in SQL", parse_query},
    {"schema", "[VIEW]", "the views that rules and queries read", parse_schema},
    {"test", "DIR", "the cases of rules of one's own", parse_test},
    {"version", "", "the version of trueup", parse_version},
}};

std::string overview() {
  std::string text = "trueup holds what repositories declare against each other and against what servers hold.\n\n";
  for (const Command& command : kCommands) {
    std::string usage = "  trueup " + std::string(command.name) + ' ' + std::string(command.usage);
    // The ellipsis is three bytes and one column.
    const std::size_t width = usage.size() - (usage.find("…") == std::string::npos ? 0 : 2);
    usage.append(width < 36 ? 36 - width : 1, ' ');
    text += usage + std::string(command.title) + '\n';
  }
  return text + "\ntrueup COMMAND --help shows the options of a command.\n";
}

}  // namespace

ParsedArguments parse_arguments(const std::vector<std::string>& words) {
  if (words.empty()) return {std::nullopt, overview(), 2};
  const std::string& first = words.front();
  if (first == "--help" || first == "-h") return {std::nullopt, overview(), 0};
  if (first == "--version" || first == "-V") return parsed(VersionArguments{});
  if (first == "help") {
    if (words.size() == 1) return {std::nullopt, overview(), 0};
    return parse_arguments({words[1], "--help"});
  }
  std::vector<std::string> names;
  for (const Command& command : kCommands) {
    if (command.name == first) return command.parse({words.begin() + 1, words.end()});
    names.emplace_back(command.name);
  }
  if (first.starts_with('-'))
    return usage_error("", "an option stands behind the command: trueup check " + first);
  const auto name = nearest_name(first, names);
  return usage_error("", "unknown command " + first +
                             (name ? "; did you mean " + *name + "?" : "; there are " + join(names, ", ")));
}

}  // namespace trueup::cli
