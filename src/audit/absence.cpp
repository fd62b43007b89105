#include "audit/absence.hpp"

#include <algorithm>

namespace trueup::audit {
namespace {

std::string words_of(const SourceName& source) {
  switch (source.kind) {
    case SourceKind::repository: return source.repository;
    case SourceKind::revision: return (source.name.empty() ? "what is at hand" : source.name) + " of " + source.repository;
    case SourceKind::file: return source.name + " of " + source.repository;
    case SourceKind::control_plane:
    case SourceKind::host: return source.name;
  }
  return {};
}

}  // namespace

Absence::Absence(const Observation& seen, const std::unordered_map<std::string, std::int64_t>& unknown_since)
    : seen_(seen), unknown_since_(unknown_since) {
  for (const JudgedRule& rule : seen.rules) rules_[rule.id] = &rule;
  for (const SourceState& state : seen.sources) {
    now_[state.source] = state.missing;
    if (state.source.kind == SourceKind::repository) repositories_[state.source.repository] = &state;
  }
  for (const rules::Finding* unknown : seen.unknown) {
    unknown_[unknown->fingerprint] = unknown;
    unknown_of_[{unknown->rule_id, unknown->at.repository}].push_back(unknown);
  }
}

std::optional<std::string> Absence::unproven(const Record& record, const SourceStates& then) const {
  const auto rule = rules_.find(record.rule_id);
  if (rule == rules_.end()) return record.rule_id + " was not at work in this run";
  // What stands in no repository, such as an operator's config, is always read.
  if (!record.repository.empty()) {
    const auto repository = repositories_.find(record.repository);
    const bool known = repository != repositories_.end();
    const auto looked = now_.lower_bound({SourceKind::revision, record.repository});
    const bool judged = looked != now_.end() && looked->first.kind == SourceKind::revision && looked->first.repository == record.repository;
    if (known && repository->second->missing == kNothing) return record.repository + " could not be read: " + repository->second->because;
    if (!known || !judged) return record.repository + " was not judged in this run";
  }
  if (const auto unknown = unknown_.find(record.fingerprint); unknown != unknown_.end()) return unknown->second->because;

  const auto here = [&](const SourceName& source) {
    return source.kind == SourceKind::revision && source.repository == record.repository;
  };
  for (const auto& [source, missing] : then)
    if (here(source) && !now_.contains(source)) return words_of(source) + " was not looked at in this run";
  if (seen_.is_ok && seen_.is_ok(record)) return std::nullopt;

  if (const rules::Finding* unknown = became_unknown(record, *rule->second)) return unknown->because;
  for (const SourceState& state : seen_.sources) {
    const auto before = then.find(state.source);
    if (state.missing > (before == then.end() ? kAllThere : before->second) && concerns(state.source, record, *rule->second))
      return words_of(state.source) + " could not be read" + (state.because.empty() ? "" : ": " + state.because);
  }
  for (const auto& [source, missing] : then) {
    // Files and hosts come and go with what is written; repositories and instances by decision, or by not being there.
    if (source.kind != SourceKind::repository && source.kind != SourceKind::control_plane) continue;
    if (missing < kNothing && !now_.contains(source) && concerns(source, record, *rule->second))
      return words_of(source) + " was not looked at in this run";
  }
  return std::nullopt;
}

/// A subject of the rule at the same path, or anywhere in the repository if paths say nothing, that has become unknown since.
const rules::Finding* Absence::became_unknown(const Record& record, const JudgedRule& rule) const {
  const auto found = unknown_of_.find({record.rule_id, record.repository});
  if (found == unknown_of_.end()) return nullptr;
  for (const rules::Finding* unknown : found->second) {
    if (!rule.anywhere && rules::lasting_path(record.repository, unknown->at.path) != rules::lasting_path(record.repository, record.path)) continue;
    const auto since = unknown_since_.find(unknown->fingerprint);
    if (since == unknown_since_.end() || since->second > record.last_seen) return unknown;
  }
  return nullptr;
}

bool Absence::concerns(const SourceName& source, const Record& record, const JudgedRule& rule) {
  const bool here = source.repository == record.repository;
  switch (source.kind) {
    case SourceKind::repository: return here || rule.fleet;
    case SourceKind::revision: return here;
    case SourceKind::file:
      if (rule.one_file) return here && source.name == record.path;
      return (here || rule.fleet) && (rule.kinds.empty() || std::binary_search(rule.kinds.begin(), rule.kinds.end(), source.file_kind));
    case SourceKind::control_plane: return rule.live;
    case SourceKind::host:
      return rule.live && (record.hosts.empty() || std::binary_search(record.hosts.begin(), record.hosts.end(), source.name));
  }
  return true;
}

}  // namespace trueup::audit
