#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "facts/view_catalog.hpp"
#include "facts/world.hpp"
#include "rules/evaluate.hpp"

namespace trueup::engine {

/// What a rule is run with. Used by one thread at a time.
struct RuleDesk {
  rules::Evaluator& evaluator;
  facts::JudgedFiles& judged;  ///< the world that it looks at
};

/// Desks for threads beside the one that a run works in: each has a database of its own that shows what the run's holds. They live as
/// long as this, since verdicts name columns of the rules that were compiled there.
class RuleDesks {
 public:
  struct Rented;
  /// A desk, for as long as this lives.
  class Lease {
   public:
    Lease(RuleDesks& desks, Rented& rented) : desks_(&desks), rented_(&rented) {}
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    RuleDesk desk() const;

   private:
    RuleDesks* desks_;
    Rented* rented_;
  };

  /// `now` and `most_steps`: as the run's own evaluator has them.
  RuleDesks(const facts::Store& store, const facts::ViewCatalog& catalog, std::int64_t now, std::uint64_t most_steps);
  ~RuleDesks();

  /// Takes a copy of the facts as they are now, and says which views desks must have. Costs nothing where neither is new.
  void open(facts::ViewCatalog::Needs needs);
  /// An idle desk, or a new one. From any thread, after open().
  Lease take();

 private:
  void give_back(Rented& rented);

  const facts::Store& store_;
  const facts::ViewCatalog& catalog_;
  std::int64_t now_;
  std::uint64_t most_steps_;
  facts::ViewCatalog::Needs needs_;
  std::shared_ptr<const facts::Store::Image> image_;
  std::mutex guard_;
  std::vector<std::unique_ptr<Rented>> all_;
  std::vector<Rented*> idle_;
};

}  // namespace trueup::engine
