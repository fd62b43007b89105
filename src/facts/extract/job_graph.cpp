#include "facts/extract/job_graph.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "formats/expression_eval.hpp"

namespace trueup::facts {
namespace {

using formats::ExpressionValue;
using formats::Truth;

/// GitHub takes more, but pairs grow with the square.
constexpr std::size_t kMaxJobs = 500;
constexpr std::size_t kMaxPairs = 20'000;

std::string_view to_string(bool runs, bool certain) { return !certain ? "may_run" : runs ? "runs" : "is_skipped"; }

}  // namespace

void JobGraph::add(LocalId job, std::string_view id, std::vector<Need> needs, std::optional<std::string_view> condition) {
  Job& added = jobs_.emplace_back();
  added.row = job;
  added.id = ascii_lower(id);
  added.needs = std::move(needs);
  const std::string_view text = condition ? trim(*condition) : std::string_view();
  added.has_condition = !text.empty();
  if (!added.has_condition) return;
  // Text around `${{ }}` is W13's to tell.
  auto expression = formats::condition_expression(text);
  added.readable = expression.has_value();
  if (!expression) return;
  added.has_status_function = formats::calls_status_function(*expression);
  added.condition.push_back(*std::move(expression));
}

void JobGraph::link() {
  std::unordered_map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < jobs_.size(); ++i) numbers.emplace(jobs_[i].id, i);
  dependants_.assign(jobs_.size(), {});
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    std::vector<char> known(jobs_.size(), 0);
    known[i] = 1;
    for (const Need& need : jobs_[i].needs) {
      const auto found = numbers.find(ascii_lower(need.id));
      if (found == numbers.end() || std::exchange(known[found->second], char{1})) continue;
      jobs_[i].needed.emplace_back(found->second, need.span);
      dependants_[found->second].push_back(i);
    }
  }
}

/// Those that need `first`, directly or not, each behind all of those that it needs; of a circle nothing.
std::vector<std::size_t> JobGraph::order_from(std::size_t first) const {
  std::vector<char> below(jobs_.size(), 0);
  std::vector<std::size_t> open{first};
  for (std::size_t at; !open.empty();) {
    at = open.back();
    open.pop_back();
    for (const std::size_t next : dependants_[at])
      if (!std::exchange(below[next], char{1})) open.push_back(next);
  }
  if (below[first]) return {};
  std::vector<std::size_t> waits(jobs_.size(), 0), order, ready{first};
  for (std::size_t i = 0; i < jobs_.size(); ++i)
    for (const auto& [needed, span] : jobs_[i].needed) waits[i] += below[needed] || needed == first;
  while (!ready.empty()) {
    const std::size_t at = ready.back();
    ready.pop_back();
    for (const std::size_t next : dependants_[at])
      if (below[next] && --waits[next] == 0) {
        order.push_back(next);
        ready.push_back(next);
      }
  }
  return order;
}

JobGraph::Fate JobGraph::fate_of(const Job& job, std::size_t gate, bool failed, const std::vector<Fate>& fates) {
  // An ancestor failed or was skipped, or this job would not be looked at.
  if (!job.readable) return Fate::may_run;
  if (!job.has_status_function) return Fate::is_skipped;
  const formats::Expression& condition = job.condition.front();
  if (condition.nodes().size() > budget_) return Fate::may_run;
  budget_ -= condition.nodes().size();

  ExpressionValue::Members needs;
  for (const auto& [needed, span] : job.needed) {
    const bool is_gate = needed == gate;
    const bool skipped = is_gate ? !failed : fates[needed] == Fate::is_skipped;
    ExpressionValue::Members members;
    // The others are taken as green: the question is what this one failure does.
    const bool green = !is_gate && fates[needed] == Fate::unaffected;
    members.emplace_back("result", is_gate && failed ? ExpressionValue::string("failure")
                                   : skipped         ? ExpressionValue::string("skipped")
                                   : green           ? ExpressionValue::string("success")
                                                     : ExpressionValue::unknown_string(Truth::truthy));
    // Who asks for an output of a job that did not end well means to see whether it did.
    members.emplace_back("outputs", is_gate || skipped ? ExpressionValue::object({}) : ExpressionValue::unknown());
    needs.emplace_back(jobs_[needed].id, ExpressionValue::object(std::move(members)));
  }
  const ExpressionValue all = ExpressionValue::object(std::move(needs));
  formats::ExpressionEnvironment environment;
  environment.status = [failed](std::string_view name) {
    if (name == "failure") return ExpressionValue::boolean(failed);
    return ExpressionValue::boolean(false);  // success() is false; nobody cancelled
  };
  environment.context = [&all](std::string_view path) {
    if (path != "needs" && !path.starts_with("needs.")) return ExpressionValue::unknown();
    ExpressionValue value = all;
    if (path == "needs") return value;
    for (const std::string_view key : split(path.substr(6), '.')) {
      if (!value.known()) return value;
      const auto& members = value.members();
      const auto found = std::ranges::find_if(
          members, [&](const auto& member) { return equal_ignoring_ascii_case(member.first, key); });
      if (found == members.end()) return ExpressionValue::null();
      value = ExpressionValue(found->second);
    }
    return value;
  };
  switch (formats::truth_of(condition, environment)) {
    case Truth::truthy: return Fate::runs;
    case Truth::falsy: return Fate::is_skipped;
    case Truth::unknown: break;
  }
  return Fate::may_run;
}

bool JobGraph::write(BlobRows& rows) {
  if (!rows.wants(Table::job_ancestor)) return true;
  if (jobs_.size() > kMaxJobs) return false;
  link();
  std::size_t pairs = 0;
  for (std::size_t gate = 0; gate < jobs_.size(); ++gate) {
    const std::vector<std::size_t> order = order_from(gate);
    pairs += order.size();
    if (pairs > kMaxPairs) return false;
    std::vector<Fate> after_failure(jobs_.size(), Fate::unaffected), after_skip = after_failure;
    for (const std::size_t i : order) {
      const Job& job = jobs_[i];
      after_failure[i] = fate_of(job, gate, true, after_failure);
      after_skip[i] = fate_of(job, gate, false, after_skip);
      bool direct = false;
      std::optional<SpanRef> span;
      for (const auto& [needed, need_span] : job.needed) {
        const bool leads = needed == gate || after_failure[needed] != Fate::unaffected;
        if (leads && (!span || (needed == gate && !direct))) span = need_span;
        direct = direct || needed == gate;
      }
      const auto text = [](Fate fate) {
        return std::string(to_string(fate == Fate::runs, fate != Fate::may_run));
      };
      rows.add(JobAncestorRow{job.row, jobs_[gate].row, *span, direct, text(after_failure[i]), text(after_skip[i])});
    }
  }
  return true;
}

}  // namespace trueup::facts
