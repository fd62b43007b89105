#include "engine/fix_plan.hpp"

#include <algorithm>
#include <map>

#include "fixes/file_edits.hpp"
#include "formats/json.hpp"

namespace trueup::engine {
namespace {

/// The text for each of `count` places: the same one, or with `each` those of the JSON array that the text is.
Result<std::vector<std::string>> texts_for(const std::string& text, bool each, std::size_t count) {
  if (!each) return std::vector<std::string>(count, text);
  const formats::Document list = formats::parse_json(text);
  std::vector<std::string> texts;
  for (const formats::NodeIndex element : list.children(list.root())) texts.emplace_back(list.text(element).value_or(""));
  if (list.problem() || texts.size() != count) return Error{Fault::malformed, "the rule gives other texts than places"};
  return texts;
}

}  // namespace

std::optional<rules::FixOffer> offer_fix(const Subject& subject) {
  const auto& parts = subject.rule->rule->fixes;
  const auto& places = subject.verdict.fix_places;
  std::optional<rules::FixOffer> offer;
  for (std::size_t i = 0; i < parts.size() && i < places.size(); ++i) {
    if (places[i].empty()) continue;
    if (!offer) offer.emplace();
    offer->unsafe = offer->unsafe || parts[i].unsafe || subject.verdict.fix_guessed[i];
  }
  return offer;
}

std::string immutable_ref(const RunState& state, const Subject& subject) {
  for (const auto& places : subject.verdict.fix_places)
    for (const facts::PlaceId place : places)
      if (const Point* point = state.loader->point_of(state.store.file(place >> 32).file_set))
        if (point->kind == PointKind::tag || point->kind == PointKind::commit) return shown_name(*point);
  return {};
}

Result<FixPlan> plan_fix(RunState& state, const Subject& subject) {
  FixPlan plan;
  std::map<fixes::FileKey, PlannedFile> files;
  const auto& parts = subject.rule->rule->fixes;
  for (std::size_t i = 0; i < parts.size() && i < subject.verdict.fix_places.size(); ++i) {
    const rules::RuleFix& part = parts[i];
    const std::vector<facts::PlaceId>& places = subject.verdict.fix_places[i];
    if (places.empty()) continue;
    plan.unsafe = plan.unsafe || part.unsafe || subject.verdict.fix_guessed[i];
    plan.ends_subject = plan.ends_subject || part.ends_subject || part.action == fixes::Action::remove;
    auto texts = texts_for(rules::fill_message(part.text, subject.verdict.values), part.each, places.size());
    if (!texts) return std::move(texts).error();
    const bool moves = part.action == fixes::Action::move;
    if (moves && (places.size() != 2 || places[0] >> 32 != places[1] >> 32)) return Error{Fault::malformed, "what moves needs two places of one file"};
    for (std::size_t j = 0; j < (moves ? 1 : places.size()); ++j) {
      const facts::FileId file = places[j] >> 32;
      const facts::Store::File& stored = state.store.file(file);
      fixes::FileKey key;
      for (const LoadedRepository& repository : state.repositories)
        if (repository.id == state.store.repository_of(stored.file_set)) key.repository = repository.wanted->slug;
      key.path = stored.path;
      key.object_id = state.store.object_id(stored.blob);
      const auto bytes = state.loader->bytes_of(file);
      if (!bytes) return Error{Fault::not_found, bytes.error().message};
      fixes::Wish wish{part.action, state.store.span(places[j] & 0xFFFFFFFF).bytes, rules::fill_message(part.key, subject.verdict.values), (*texts)[j]};
      if (moves) wish.before = state.store.span(places[1] & 0xFFFFFFFF).bytes;
      auto edits = fixes::edits_for(key.path, *bytes, wish);
      if (!edits) return std::move(edits).error();
      PlannedFile& planned = files.try_emplace(key, PlannedFile{file, key, {}}).first->second;
      if (auto merged = fixes::merge(planned.edits, *edits); !merged) return std::move(merged).error();
    }
  }
  for (auto& [key, planned] : files)
    if (!planned.edits.empty()) plan.files.push_back(std::move(planned));
  if (plan.files.empty()) return Error{Fault::malformed, "it would change nothing"};
  return plan;
}

}  // namespace trueup::engine
