#include "engine/verdict_book.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace trueup::engine {
namespace {

/// FNV-1a in two lanes with different primes; the lanes are mixed at the end.
class IdentityHasher {
 public:
  void text(std::string_view text) {
    for (const char c : text) byte(static_cast<unsigned char>(c));
    byte(0xFF);  // never part of UTF-8: "a","b" differs from "ab"
    byte(0x00);
  }
  void number(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) byte(static_cast<unsigned char>(value >> (8 * i)));
  }
  Identity identity() const { return {finish(high_), finish(low_ ^ high_)}; }

 private:
  void byte(unsigned char b) {
    high_ = (high_ ^ b) * 0x100000001B3ull;
    low_ = (low_ + b + 1) * 0x9E3779B97F4A7C15ull;
    low_ ^= low_ >> 29;
  }
  static std::uint64_t finish(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
  }
  std::uint64_t high_ = 0xCBF29CE484222325ull, low_ = 0x2545F4914F6CDD1Dull;
};

/// All of an identity but the ordinal.
IdentityHasher hashed(const rules::Rule& rule, facts::RepositoryId repository, std::string_view path, std::span<const std::string> key) {
  IdentityHasher hasher;
  hasher.text(rule.id);
  hasher.number(static_cast<std::uint64_t>(repository));
  hasher.text(rule.anywhere ? std::string_view{} : path);
  for (const std::string& part : key) hasher.text(part);
  return hasher;
}

int badness(rules::VerdictState state) {
  return state == rules::VerdictState::violated ? 2 : state == rules::VerdictState::unknown ? 1 : 0;
}

std::vector<facts::FileSetId> united(std::span<const facts::FileSetId> a, std::span<const facts::FileSetId> b) {
  std::vector<facts::FileSetId> sets;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(sets));
  return sets;
}

/// Whether two verdicts speak of the same places in the same bytes.
bool same_spans(const rules::Verdict& a, const rules::Verdict& b) {
  const auto span_of = [](facts::PlaceId place) { return place < 0 ? 0 : place & 0xFFFFFFFF; };
  return span_of(a.at) == span_of(b.at) && std::ranges::equal(a.places, b.places, {}, span_of, span_of);
}

}  // namespace

Identity identity_of(const rules::Rule& rule, facts::RepositoryId repository, std::string_view path, std::span<const std::string> key,
                     std::uint32_t ordinal) {
  IdentityHasher hasher = hashed(rule, repository, path, key);
  hasher.number(ordinal);
  return hasher.identity();
}

std::vector<facts::FileSetId> sets_shown(const Subject& subject) {
  std::set<facts::FileSetId> sets(subject.sets.begin(), subject.sets.end());
  for (const Standing& other : subject.standings)
    for (const facts::FileSetId set : other.sets) sets.erase(set);
  return {sets.begin(), sets.end()};
}

VerdictBook::VerdictBook(const facts::Store& store, std::function<std::size_t(facts::FileSetId)> rank, bool keeps_standings)
    : store_(store), rank_(std::move(rank)), keeps_standings_(keeps_standings) {}

/// The same place in a file set that holds the same file, if it is one of the same repository.
facts::PlaceId VerdictBook::moved(facts::PlaceId place, facts::FileSetId to) const {
  if (place <= 0) return place;
  const facts::Store::File& file = store_.file(place >> 32);
  if (file.file_set == to || store_.repository_of(file.file_set) != store_.repository_of(to)) return place;
  auto [first, last] = store_.files_of(to);
  while (first < last) {  // the first of that path
    const facts::FileId middle = first + (last - first) / 2;
    (store_.file(middle).path < file.path ? first : last) = store_.file(middle).path < file.path ? middle + 1 : middle;
  }
  for (last = store_.files_of(to).second; first < last && store_.file(first).path == file.path; ++first)
    if (store_.file(first).kind == file.kind)
      // Another content has other places: what is said of a tag stays there.
      return (place & 0xFFFFFFFF) == 0 || store_.file(first).blob == file.blob ? first << 32 | (place & 0xFFFFFFFF) : place;
  return place;
}

rules::Verdict VerdictBook::moved(rules::Verdict verdict, facts::FileSetId to) const {
  verdict.at = moved(verdict.at, to);
  for (facts::PlaceId& place : verdict.places) place = moved(place, to);
  for (auto& list : verdict.fix_places)
    for (facts::PlaceId& place : list) place = moved(place, to);
  return verdict;
}

void VerdictBook::stand(Subject& subject, rules::Verdict verdict, std::span<const facts::FileSetId> owners) const {
  const facts::FileSetId best = *std::min_element(owners.begin(), owners.end(), [&](auto a, auto b) { return rank_(a) < rank_(b); });
  const bool is_first = subject.sets.empty(), is_better = is_first || rank_(best) < rank_(subject.shown);
  if (keeps_standings_ && !is_first && !same_spans(verdict, subject.verdict)) {
    if (is_better) subject.standings.push_back({std::move(subject.verdict), subject.file, subject.shown, sets_shown(subject)});
    else if (!subject.standings.empty() && same_spans(verdict, subject.standings.back().verdict)) subject.standings.back().sets = united(subject.standings.back().sets, owners);
    else subject.standings.push_back({moved(verdict, best), 0, best, {owners.begin(), owners.end()}});
    Standing& last = subject.standings.back();
    if (last.file == 0) last.file = last.verdict.at >> 32;
  }
  subject.sets = united(subject.sets, owners);
  if (!is_better) return;
  subject.verdict = moved(std::move(verdict), best);
  subject.shown = best;
  subject.file = subject.verdict.at >> 32;
}

void VerdictBook::add(const ChosenRule& rule, std::vector<rules::Verdict> verdicts, const OwnersOf& owners_of) {
  // Ordinals count by place, so that the same subject has the same number whatever order SQLite found it in.
  const auto begin_of = [&](const rules::Verdict& verdict) {
    const std::int64_t span = verdict.at & 0xFFFFFFFF;
    return span == 0 ? 0u : store_.span(span).bytes.begin;
  };
  std::stable_sort(verdicts.begin(), verdicts.end(), [&](const rules::Verdict& a, const rules::Verdict& b) {
    const facts::FileId fa = a.at >> 32, fb = b.at >> 32;
    return fa != fb ? fa < fb : begin_of(a) < begin_of(b);
  });

  std::unordered_map<Identity, std::uint32_t, IdentityHash> equals;
  for (rules::Verdict& verdict : verdicts) {
    const std::span<const facts::FileSetId> owners = owners_of(verdict);
    if (owners.empty()) continue;
    const facts::Store::File& stored = store_.file(verdict.at >> 32);
    IdentityHasher hasher = hashed(*rule.rule, store_.repository_of(stored.file_set), stored.path, verdict.key);
    IdentityHasher within_set = hasher;
    within_set.number(static_cast<std::uint64_t>(owners.front()));
    const std::uint32_t ordinal = equals[within_set.identity()]++;
    hasher.number(ordinal);

    const auto [known, added] = subjects_.try_emplace(hasher.identity());
    Subject& subject = known->second;
    if (added) {
      subject.rule = &rule;
      subject.ordinal = ordinal;
      subject.file = verdict.at >> 32;
    }
    // Which file sets are right is not told; only the others are listed.
    if (verdict.state == rules::VerdictState::ok || badness(verdict.state) < badness(subject.state)) continue;
    if (badness(verdict.state) > badness(subject.state)) {
      subject.sets.clear();
      subject.standings.clear();
    }
    subject.state = verdict.state;
    stand(subject, std::move(verdict), owners);
  }
}

void VerdictBook::forget(const rules::Rule& rule) {
  std::erase_if(subjects_, [&](const auto& subject) { return subject.second.rule->rule == &rule; });
}

}  // namespace trueup::engine
