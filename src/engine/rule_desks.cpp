#include "engine/rule_desks.hpp"

#include <utility>

namespace trueup::engine {

struct RuleDesks::Rented {
  Rented(std::shared_ptr<const facts::Store::Image> image, std::int64_t now) : store(std::move(image)), evaluator(store, now) {}

  facts::Store store;
  rules::Evaluator evaluator;
  facts::JudgedFiles judged{store};
};

RuleDesks::Lease::~Lease() { desks_->give_back(*rented_); }

RuleDesk RuleDesks::Lease::desk() const { return {rented_->evaluator, rented_->judged}; }

RuleDesks::RuleDesks(const facts::Store& store, const facts::ViewCatalog& catalog, std::int64_t now, std::uint64_t most_steps)
    : store_(store), catalog_(catalog), now_(now), most_steps_(most_steps) {}

RuleDesks::~RuleDesks() = default;

void RuleDesks::open(facts::ViewCatalog::Needs needs) {
  if (image_ && needs.views == needs_.views && needs.tables == needs_.tables) return;
  needs_ = std::move(needs);
  image_ = store_.image();
  idle_.clear();  // those of before show too little
}

RuleDesks::Lease RuleDesks::take() {
  {
    const std::lock_guard lock(guard_);
    if (!idle_.empty()) {
      Rented* const rented = idle_.back();
      idle_.pop_back();
      return {*this, *rented};
    }
  }
  auto made = std::make_unique<Rented>(image_, now_);
  made->evaluator.limit_steps(most_steps_);
  catalog_.create_views(needs_, made->store);
  const std::lock_guard lock(guard_);
  return {*this, *all_.emplace_back(std::move(made))};
}

void RuleDesks::give_back(Rented& rented) {
  const std::lock_guard lock(guard_);
  idle_.push_back(&rented);
}

}  // namespace trueup::engine
