#include "formats/shell_values.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "formats/expression.hpp"
#include "formats/value_edits.hpp"

namespace trueup::formats {
namespace {

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxTemplateBytes = 8u << 10;

enum class Known : std::uint8_t { commit, branch, reference, number };
struct KnownName {
  std::string_view variable, context;
  Known holds;
};
// What the runner sets. `github.ref` of a push to a branch is refs/heads/ and its name.
constexpr auto kKnownNames = std::to_array<KnownName>({
    {"GITHUB_SHA", "github.sha", Known::commit},
    {"", "github.event.after", Known::commit},
    {"", "github.event.workflow_run.head_sha", Known::commit},
    {"", "github.event.pull_request.head.sha", Known::commit},
    {"GITHUB_REF", "github.ref", Known::reference},
    {"GITHUB_REF_NAME", "github.ref_name", Known::branch},
    {"GITHUB_HEAD_REF", "github.head_ref", Known::branch},
    {"GITHUB_BASE_REF", "github.base_ref", Known::branch},
    {"", "github.event.workflow_run.head_branch", Known::branch},
    {"", "github.event.pull_request.head.ref", Known::branch},
    {"GITHUB_RUN_NUMBER", "github.run_number", Known::number},
    {"GITHUB_RUN_ID", "github.run_id", Known::number},
    {"GITHUB_RUN_ATTEMPT", "github.run_attempt", Known::number},
});

TemplatePart part_of(PartKind kind, ByteRange place, std::uint32_t digits = 0) { return {kind, "", digits, {}, place}; }
ValueTemplate unknown_at(ByteRange place) { return {{part_of(PartKind::any, place)}}; }

ValueTemplate known_value(Known holds, ByteRange place) {
  ValueTemplate value;
  if (holds == Known::reference) value.add_text("refs/heads/", place);
  const PartKind kind = holds == Known::commit ? PartKind::commit : holds == Known::number ? PartKind::number : PartKind::branch;
  value.parts.push_back(part_of(kind, place, holds == Known::commit ? 40 : 0));
  return value;
}

class Reader {
 public:
  Reader(const ScriptView* script, const ValueLookup& lookup) : script_(script), lookup_(lookup) {}

  ValueTemplate text(std::string_view text) {
    ValueTemplate value;
    std::uint32_t at = 0;
    for (const TemplateRegion& region : find_templates(text)) {
      value.add_text(text.substr(at, region.outer.begin - at), locate({at, region.outer.begin}));
      value.append(expression(slice(text, region.inner), region.outer));
      at = region.outer.end;
      if (value.size() > kMaxTemplateBytes) break;
    }
    value.add_text(text.substr(at), locate({at, static_cast<std::uint32_t>(text.size())}));
    if (value.size() > kMaxTemplateBytes) return unknown_at(locate({0, static_cast<std::uint32_t>(text.size())}));
    return value;
  }

  ValueTemplate word(const ShellText& word, std::uint32_t before, int depth) {
    ValueTemplate value;
    for (std::size_t i = 0; i < word.size();) {
      if (word.is_hole(i)) {
        value.append(hole(word.hole(i), before, depth));
        ++i;
      } else {
        const std::size_t begin = i;
        ByteRange place = word.place(i);
        while (i < word.size() && !word.is_hole(i)) place.end = std::max(place.end, word.place(i++).end);
        value.add_text(std::string_view(word.bytes()).substr(begin, i - begin), locate(place));
      }
      if (value.size() > kMaxTemplateBytes) return unknown_at(locate(word.range()));
    }
    return value;
  }

 private:
  ByteRange locate(ByteRange range) const { return lookup_.locate ? lookup_.locate(range) : range; }

  ValueTemplate hole(const WordPart& part, std::uint32_t before, int depth) {
    const ByteRange place = locate(part.range);
    if (depth >= kMaxDepth || budget_ == 0) return unknown_at(place);
    --budget_;
    switch (part.kind) {
      case WordPartKind::github: return expression(part.text, part.range);
      case WordPartKind::parameter: return parameter(part, before, depth);
      case WordPartKind::command: return substitution(part, depth);
      case WordPartKind::arithmetic: return {{part_of(PartKind::number, place)}};
      case WordPartKind::text:
      case WordPartKind::process: break;
    }
    return unknown_at(place);
  }

  ValueTemplate parameter(const WordPart& part, std::uint32_t before, int depth) {
    const ByteRange place = locate(part.range);
    if (part.name.empty() || !part.text.starts_with(part.name)) return unknown_at(place);
    const auto changes = expansion_changes(std::string_view(part.text).substr(part.name.size()));
    if (!changes) return unknown_at(place);
    ValueTemplate value = changed(variable(part, before, depth), *changes);
    // A name that was cut here is one of this place; what was looked through is told by where it was made.
    if (!changes->empty())
      for (TemplatePart& made : value.parts)
        if (made.kind != PartKind::text) made.place = place;
    return value;
  }

  ValueTemplate variable(const WordPart& part, std::uint32_t before, int depth) {
    const ByteRange place = locate(part.range);
    if (script_->sets(part.name)) {
      if (part.text == part.name) return unknown_at(place);  // resolved before, where it can be
      ShellWord plain;
      plain.range = part.range;
      plain.parts.push_back(part);
      plain.parts.front().text = part.name;
      const ShellText resolved = script_->resolved_text(plain, before);
      const bool itself = resolved.size() == 1 && resolved.is_hole(0) && resolved.hole(0).text == part.name;
      return itself ? unknown_at(place) : word(resolved, before, depth + 1);
    }
    for (const KnownName& known : kKnownNames)
      if (known.variable == part.name) return known_value(known.holds, place);
    const ValueTemplate* found = lookup_.environment ? lookup_.environment(part.name) : nullptr;
    return found ? *found : unknown_at(place);
  }

  // `$( … )`: what its first command prints, through the filters behind it.
  ValueTemplate substitution(const WordPart& part, int depth) {
    const ByteRange place = locate(part.range);
    const std::vector<std::uint32_t> commands = script_->pipeline_in(part.range);
    if (commands.empty()) return unknown_at(place);
    std::size_t next = 1;
    auto printed = output_of(commands.front(), part.range, depth);
    if (!printed) {
      // `tr … <<< "$X"`
      const auto fed = script_->here_text(commands.front());
      if (!fed) return unknown_at(place);
      printed = word(fed->without_final_newlines(), part.range.begin, depth + 1);
      next = 0;
    }
    bool changes_made = false;
    for (; next < commands.size(); ++next) {
      const Invocation called = script_->invocation(commands[next]);
      std::vector<std::string> arguments;
      for (const ShellWord& argument : called.arguments) {
        const auto constant = argument.constant();
        if (!constant) return unknown_at(place);
        arguments.push_back(*constant);
      }
      const auto changes = called.program && !called.more_arguments ? filter_changes(*called.program, arguments) : std::nullopt;
      if (!changes) return unknown_at(place);
      changes_made = changes_made || !changes->empty();
      printed = changed(*std::move(printed), *changes);
    }
    if (changes_made)
      for (TemplatePart& made : printed->parts)
        if (made.kind != PartKind::text) made.place = place;
    return *std::move(printed);
  }

  std::optional<ValueTemplate> output_of(std::uint32_t command, ByteRange substitution, int depth) {
    if (const auto text = script_->printed(command)) return word(text->without_final_newlines(), substitution.begin, depth + 1);
    const Invocation called = script_->invocation(command);
    if (!called.program || called.more_arguments) return std::nullopt;
    const ByteRange place = locate(substitution);
    std::vector<std::string> arguments;
    for (const ShellWord& argument : called.arguments) arguments.push_back(argument.constant().value_or("\x1A"));
    if (called.program == "git") return git_output(arguments, place);
    if (called.program == "date") {
      // %Y and %s have no zero in front; %m%d alone may.
      const bool number = arguments.size() == 1 && (arguments[0] == "+%s" || arguments[0].starts_with("+%Y")) &&
                          arguments[0].find_first_not_of("+%YmdHMS") == std::string::npos;
      if (number || arguments == std::vector<std::string>{"+%s"}) return ValueTemplate{{part_of(PartKind::number, place)}};
      return unknown_at(place);
    }
    return std::nullopt;
  }

  static std::optional<ValueTemplate> git_output(std::vector<std::string> arguments, ByteRange place) {
    while (arguments.size() > 1 && (arguments.front() == "-C" || arguments.front() == "-c"))
      arguments.erase(arguments.begin(), arguments.begin() + 2);
    const auto has = [&](std::string_view word) { return std::ranges::find(arguments, word) != arguments.end(); };
    if (arguments.empty()) return std::nullopt;
    if (arguments.front() == "branch" && has("--show-current")) return ValueTemplate{{part_of(PartKind::branch, place)}};
    if (arguments.front() != "rev-parse") return std::nullopt;
    if (has("--abbrev-ref")) return ValueTemplate{{part_of(PartKind::branch, place)}};
    std::uint32_t digits = 40;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      const std::string_view argument = arguments[i];
      if (argument == "--short") digits = 0;
      else if (argument.starts_with("--short=")) {
        const std::string_view count = argument.substr(8);
        if (count.empty() || count.size() > 2 || count.find_first_not_of("0123456789") != count.npos) return std::nullopt;
        digits = static_cast<std::uint32_t>(count.size() == 2 ? (count[0] - '0') * 10 + (count[1] - '0') : count[0] - '0');
        digits = std::clamp(digits, 4u, 40u);
      } else if (argument.starts_with("--") && argument != "--verify" && argument != "--quiet") {
        return std::nullopt;
      }
    }
    return ValueTemplate{{part_of(PartKind::commit, place, digits)}};
  }

  ValueTemplate expression(std::string_view inner, ByteRange range) {
    const ByteRange place = locate(range);
    const auto parsed = Expression::parse(inner);
    return parsed ? node(*parsed, parsed->root(), context_reads(*parsed), place) : unknown_at(place);
  }

  ValueTemplate node(const Expression& expression, ExpressionIndex index, const std::vector<ContextRead>& reads, ByteRange place) {
    const ExpressionNode& node = expression[index];
    switch (node.kind) {
      case ExpressionKind::string_literal: {
        ValueTemplate value;
        value.add_text(node.text, place);
        return value;
      }
      case ExpressionKind::context:
      case ExpressionKind::property:
      case ExpressionKind::index: {
        for (const ContextRead& read : reads)
          if (read.exact && read.range == node.range) return context(read.path(), place);
        return unknown_at(place);
      }
      case ExpressionKind::disjunction: {
        // `github.head_ref || github.ref_name`: one of several names of a kind.
        ValueTemplate first;
        for (const ExpressionIndex operand : node.operands) {
          ValueTemplate value = this->node(expression, operand, reads, place);
          if (value.parts.size() != 1 || value.parts[0].kind == PartKind::any || value.parts[0].kind == PartKind::text) return unknown_at(place);
          if (!first.parts.empty() && (first.parts[0].kind != value.parts[0].kind || first.parts[0].edits != value.parts[0].edits ||
                                       first.parts[0].digits != value.parts[0].digits))
            return unknown_at(place);
          first = std::move(value);
        }
        return first;
      }
      case ExpressionKind::call:
        if (equal_ignoring_ascii_case(node.text, "format")) return formatted(expression, node, reads, place);
        return unknown_at(place);
      default: return unknown_at(place);
    }
  }

  ValueTemplate formatted(const Expression& expression, const ExpressionNode& call, const std::vector<ContextRead>& reads, ByteRange place) {
    if (call.operands.empty() || expression[call.operands[0]].kind != ExpressionKind::string_literal) return unknown_at(place);
    const std::string& format = expression[call.operands[0]].text;
    ValueTemplate value;
    for (std::size_t i = 0; i < format.size(); ++i) {
      const bool doubled = i + 1 < format.size() && format[i + 1] == format[i];
      if ((format[i] == '{' || format[i] == '}') && doubled) {
        value.add_text(format.substr(i++, 1), place);
      } else if (format[i] == '{') {
        const bool digit = i + 2 < format.size() && format[i + 1] >= '0' && format[i + 1] <= '9' && format[i + 2] == '}';
        const std::size_t operand = digit ? static_cast<std::size_t>(format[i + 1] - '0') + 1 : 0;
        if (operand == 0 || operand >= call.operands.size()) return unknown_at(place);
        value.append(node(expression, call.operands[operand], reads, place));
        i += 2;
      } else {
        value.add_text(format.substr(i, 1), place);
      }
    }
    return value;
  }

  ValueTemplate context(const std::string& path, ByteRange place) {
    for (const KnownName& known : kKnownNames)
      if (known.context == path) return known_value(known.holds, place);
    const ValueTemplate* found = nullptr;
    if (path.starts_with("env.")) found = lookup_.environment ? lookup_.environment(std::string_view(path).substr(4)) : nullptr;
    else if (lookup_.context) found = lookup_.context(path);
    return found ? *found : unknown_at(place);
  }

  const ScriptView* script_;
  const ValueLookup& lookup_;
  std::size_t budget_ = 1000;  // holes: values of values multiply
};

}  // namespace

ValueTemplate text_value(std::string_view text, const ValueLookup& lookup) { return Reader(nullptr, lookup).text(text); }

ValueTemplate word_value(const ShellText& word, const ScriptView& script, std::uint32_t before, const ValueLookup& lookup) {
  return Reader(&script, lookup).word(word, before, 0);
}

}  // namespace trueup::formats
