#include "facts/extract/value_rows.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "formats/release_lookup.hpp"

namespace trueup::facts {
namespace {

using formats::kNoNode;
using formats::NodeIndex;
using formats::PartKind;
using formats::TemplatePart;
using formats::ValueTemplate;

std::string_view to_string(PartKind kind) {
  switch (kind) {
    case PartKind::branch: return "branch";
    case PartKind::commit: return "commit";
    case PartKind::number: return "number";
    case PartKind::text:
    case PartKind::any: break;
  }
  return "any";
}

}  // namespace

ValueRows::ValueRows(GithubReader& reader, const StepSurroundings& surroundings)
    : reader_(reader), surroundings_(surroundings) {
  wanted_ = reader.rows().wants(Table::made_value) || reader.rows().wants(Table::value_hole) ||
            reader.rows().wants(Table::release_lookup);
  if (!wanted_) return;
  for (const NodeIndex env : surroundings.environments) read_environment(env, environment_);
}

/// For a text at `scalar`, whose places it turns into the file's.
formats::ValueLookup ValueRows::lookup(NodeIndex scalar) const {
  formats::ValueLookup lookup;
  lookup.locate = [this, scalar](ByteRange range) {
    return reader_.document().source_range(reader_.document().resolved(scalar), range);
  };
  lookup.environment = [this](std::string_view name) -> const ValueTemplate* {
    for (const Values* values : {&own_environment_, &environment_})
      if (const auto found = values->find(name); found != values->end()) return &found->second;
    return nullptr;
  };
  lookup.context = [this](std::string_view path) -> const ValueTemplate* {
    if (const auto found = outputs_.find(path); found != outputs_.end()) return &found->second;
    const auto found = surroundings_.values->outputs.find(path);
    return found == surroundings_.values->outputs.end() ? nullptr : &found->second;
  };
  return lookup;
}

bool ValueRows::spend(const ValueTemplate& value) const {
  const std::size_t size = value.size() + 1;
  if (size > surroundings_.values->budget) return false;
  surroundings_.values->budget -= size;
  return true;
}

void ValueRows::put(Values& into, std::string key, ValueTemplate value, bool conditional) const {
  const auto known = into.find(key);
  if (conditional && known != into.end() && known->second.parts == value.parts) return;
  // A value that may or may not be set, or be set again, is not known.
  if (conditional || !spend(value)) value = ValueTemplate{{TemplatePart{}}};
  into.insert_or_assign(std::move(key), std::move(value));
}

void ValueRows::read_environment(NodeIndex env, Values& into) const {
  reader_.for_each_entry(env, [&](const GithubReader::Entry& entry) {
    const auto text = reader_.text(entry.value);
    if (text) put(into, std::string(entry.name), formats::text_value(*text, lookup(entry.value)), false);
  });
}

void ValueRows::run_script(const Step& step, NodeIndex run, const formats::ShellScript& script, const formats::ScriptEffects& effects) {
  own_environment_.clear();
  read_environment(step.env, own_environment_);
  const formats::ScriptView view(script);
  const formats::ValueLookup known = lookup(run);
  for (const formats::ValueUse& use : formats::read_value_uses(view)) {
    const ValueTemplate value = formats::word_value(use.text, view, use.before, known);
    add(step, use.purpose, use.subject, reader_.span(run, use.text.range()), reader_.span(run, use.command), value, use.conditional);
  }
  if (reader_.rows().wants(Table::release_lookup)) add_lookups(step, run, view, effects);
  const auto value_of = [&](const formats::KeyWrite& write) {
    return write.value ? formats::word_value(formats::ShellText(*write.value), view, write.command.begin, known) : ValueTemplate{{TemplatePart{}}};
  };
  Values made;
  if (step.id)
    for (const formats::KeyWrite& write : effects.outputs.keys)
      put(made, "steps." + std::string(*step.id) + ".outputs." + write.key, value_of(write), write.conditional);
  for (auto& [path, value] : made) outputs_.insert_or_assign(path, std::move(value));
  for (const formats::KeyWrite& write : effects.environment.keys) put(environment_, write.key, value_of(write), write.conditional);
}

void ValueRows::add_lookups(const Step& step, NodeIndex run, const formats::ScriptView& script, const formats::ScriptEffects& effects) {
  const auto is_of = [](const formats::ReleaseLookup& lookup, const formats::WordPart& part) {
    const bool same = part.kind == formats::WordPartKind::command && part.range == lookup.substitution;
    return same || (part.kind == formats::WordPartKind::parameter && lookup.variable && part.text == *lookup.variable);
  };
  for (const formats::ReleaseLookup& lookup : formats::read_release_lookups(script)) {
    ReleaseLookupRow row;
    row.job = step.owner.job;
    row.step = step.owner.step;
    row.span = reader_.span(run, lookup.command);
    row.lists = lookup.of_releases ? "releases" : "tags";
    if (lookup.repository) {
      const auto slug = lookup.repository->constant();
      const formats::ShellText text(*lookup.repository);
      const bool hole = text.size() == 1 && text.is_hole(0);
      row.own_repository = slug == "{owner}/{repo}" || slug == ":owner/:repo" ||
                           (hole && (text.hole(0).name == "GITHUB_REPOSITORY" || trim(text.hole(0).text) == "github.repository"));
      if (!row.own_repository) row.target_slug = slug;
    } else {
      row.own_repository = 1;
    }
    row.most = lookup.most;
    if (lookup.most_range) row.most_span = reader_.span(run, *lookup.most_range);
    row.pattern = lookup.pattern;
    if (lookup.pattern) row.pattern_span = reader_.span(run, lookup.pattern_range);
    row.tags_only = lookup.tags_only;
    row.takes = lookup.takes == formats::LookupColumn::tag     ? "tag"
                : lookup.takes == formats::LookupColumn::title ? "title"
                : lookup.takes == formats::LookupColumn::line  ? "line"
                                                               : "other";
    row.takes_span = reader_.span(run, lookup.takes_range);
    row.variable = lookup.variable;
    for (const formats::KeyWrite& write : effects.outputs.keys)
      if (write.value && std::ranges::any_of(write.value->parts, [&](const formats::WordPart& part) { return is_of(lookup, part); }))
        row.output = write.key;
    row.checked = lookup.checked;
    row.filters = lookup.filters;
    row.conditional = lookup.conditional;
    reader_.rows().add(std::move(row));
  }
}

void ValueRows::use_action(const Step& step, std::string_view slug, NodeIndex with) {
  own_environment_.clear();
  reader_.for_each_entry(with, [&](const GithubReader::Entry& entry) {
    const formats::ActionInput* input = formats::find_value_input(slug, ascii_lower(entry.name));
    const auto text = reader_.text(entry.value);
    if (input == nullptr || !text) return;
    if (own_environment_.empty()) read_environment(step.env, own_environment_);
    const formats::ValueLookup known = lookup(entry.value);
    const auto locate = known.locate;
    std::uint32_t at = 0;
    for (const std::string_view line : split(*text, '\n')) {
      const std::string_view word = trim(line);
      const auto begin = at + static_cast<std::uint32_t>(word.empty() ? 0 : word.data() - line.data());
      at += static_cast<std::uint32_t>(line.size()) + 1;
      if (word.empty() || (word.find(',') != word.npos && word.find("${{") == word.npos)) continue;
      formats::ValueLookup of_line = known;
      of_line.locate = [&locate, begin](ByteRange range) { return locate({range.begin + begin, range.end + begin}); };
      const ValueTemplate value = formats::text_value(word, of_line);
      const SpanRef span = reader_.span(entry.value, {begin, begin + static_cast<std::uint32_t>(word.size())});
      add(step, input->purpose, "", span, reader_.span(entry.key), value, false);
    }
  });
}

void ValueRows::finish() {
  if (!wanted_ || surroundings_.job_id.empty()) return;
  own_environment_.clear();
  reader_.for_each_entry(surroundings_.outputs, [&](const GithubReader::Entry& entry) {
    const auto text = reader_.text(entry.value);
    if (!text) return;
    put(surroundings_.values->outputs, "needs." + surroundings_.job_id + ".outputs." + std::string(entry.name),
        formats::text_value(*text, lookup(entry.value)), false);
  });
}

void ValueRows::add(const Step& step, formats::ValuePurpose purpose, const std::string& subject, SpanRef span, SpanRef use,
                    const ValueTemplate& value, bool conditional) {
  if (!spend(value)) return;
  MadeValueRow row;
  row.job = step.owner.job;
  row.step = step.owner.step;
  row.span = span;
  row.use_span = use;
  row.purpose = formats::to_string(purpose);
  if (!subject.empty()) row.subject = subject;
  row.made = formats::to_json(value);
  row.conditional = conditional;
  BlobRows& rows = reader_.rows();
  const LocalId id = rows.add(std::move(row));
  std::int64_t position = 0;
  for (const TemplatePart& part : value.parts) {
    const std::int64_t here = position++;
    if (part.kind == PartKind::text) continue;
    ValueHoleRow hole;
    hole.made_value = id;
    const auto [known, added] = hole_spans_.try_emplace(part.place);
    if (added) known->second = rows.span(part.place);
    hole.span = known->second;
    hole.position = here;
    hole.holds = to_string(part.kind);
    if (part.kind == PartKind::commit) hole.digits = part.digits;
    rows.add(std::move(hole));
  }
}

}  // namespace trueup::facts
