#include <re2/re2.h>

#include <array>

#include "base/text.hpp"
#include "facts/extract/artifact_rows.hpp"

namespace trueup::facts {
namespace {

using formats::NodeIndex;

/// What a script asks GitHub's API for, by the words that it must use for that.
std::string_view subject_of(std::string_view script) {
  static const RE2 kJobs(R"(listJobsForWorkflowRun|/jobs\b)"), kChecks(R"(checks\.list|check-runs)"),
      kArtifacts(R"(listWorkflowRunArtifacts|listArtifactsForRepo|/artifacts\b)");
  const re2::StringPiece text(script.data(), script.size());
  const bool jobs = RE2::PartialMatch(text, kJobs), checks = RE2::PartialMatch(text, kChecks),
             artifacts = RE2::PartialMatch(text, kArtifacts);
  // Of a script that asks for several, nobody knows which list a name is looked up in.
  if (jobs + checks + artifacts != 1) return {};
  return jobs ? "job" : checks ? "check" : "artifact";
}

struct Form {
  const RE2* pattern;
  std::string_view comparison;
};

struct NameInput {
  std::string_view slug, input;
};
/// Actions that wait for a check of the same commit: the input that names it.
constexpr auto kNameInputs = std::to_array<NameInput>({
    {"lewagon/wait-on-check-action", "check-name"},
    {"fountainhead/action-wait-for-check", "checkName"},
    {"WyriHaximus/github-action-wait-for-status", "checkName"},
});

void add(GithubReader& reader, NodeIndex scalar, ByteRange range, Owner owner, std::string_view subject, std::string name,
         std::string_view comparison) {
  NameLookupRow row;
  row.job = owner.job;
  row.step = owner.step;
  row.span = reader.span(scalar, range);
  row.subject = subject;
  row.name = std::move(name);
  row.comparison = comparison;
  reader.rows().add(std::move(row));
}

}  // namespace

void add_name_lookups(GithubReader& reader, NodeIndex script, Owner owner) {
  if (!reader.rows().wants(Table::name_lookup)) return;
  const auto text = reader.text(script);
  if (!text || !reader.pay_for(script)) return;
  const std::string_view subject = subject_of(*text);
  if (subject.empty()) return;
  // The name is one text in quotes, without what JavaScript or a shell puts in; jq's quotes may be escaped.
  static const RE2 kEqual(R"re(\.name\s*={2,3}\s*\\?["'`]([^"'`$\\\n]+)\\?["'`])re"),
      kEqualled(R"re(["'`]([^"'`$\\\n]+)["'`]\s*={2,3}\s*\w+\.name\b)re"),
      kPrefix(R"re(\.name\s*(?:\?\.|\.|\|)\s*(?:startsWith|startswith)\(\s*\\?["'`]([^"'`$\\\n]+)\\?["'`])re"),
      kPart(R"re(\.name\s*(?:\?\.|\.|\|)\s*(?:includes|contains)\(\s*\\?["'`]([^"'`$\\\n]+)\\?["'`])re"),
      kCheck(R"re(\bcheck_name\s*[:=]\s*["'`]([^"'`$\\\n]+)["'`])re");
  const std::array<Form, 5> forms = {
      {{&kEqual, "equal"}, {&kEqualled, "equal"}, {&kPrefix, "prefix"}, {&kPart, "part"}, {&kCheck, "equal"}}};
  for (const Form& form : forms) {
    re2::StringPiece rest(text->data(), text->size()), name;
    while (RE2::FindAndConsume(&rest, *form.pattern, &name)) {
      const auto begin = static_cast<std::uint32_t>(name.data() - text->data());
      add(reader, script, {begin, begin + static_cast<std::uint32_t>(name.size())}, owner, subject,
          std::string(name.data(), name.size()), form.comparison);
    }
  }
}

void add_name_lookups(GithubReader& reader, const UsesReference& uses, NodeIndex with, Owner owner) {
  if (!reader.rows().wants(Table::name_lookup)) return;
  const bool is_script = uses.is_action("actions/github-script");
  reader.for_each_entry(with, [&](const GithubReader::Entry& entry) {
    if (is_script && equal_ignoring_ascii_case(entry.name, "script")) add_name_lookups(reader, entry.value, owner);
    for (const NameInput& named : kNameInputs) {
      if (!uses.is_action(named.slug) || !equal_ignoring_ascii_case(entry.name, named.input)) continue;
      const auto text = reader.text(entry.value);
      if (!text || trim(*text).empty()) continue;
      add(reader, entry.value, {0, static_cast<std::uint32_t>(text->size())}, owner, "check", std::string(trim(*text)), "equal");
    }
  });
}

}  // namespace trueup::facts
