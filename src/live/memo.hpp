#pragma once

#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace trueup::live {

/// Remembers what was worked out for a key. Of several threads that want the same, one works and the others wait; so
/// work may ask other memos, as long as they form no circle.
template <typename Key, typename Value>
class Memo {
 public:
  /// The value of `key`; `work()` makes it if nobody did.
  template <typename Work>
  std::shared_ptr<const Value> get(const Key& key, const Work& work) {
    std::promise<std::shared_ptr<const Value>> promise;
    {
      std::unique_lock lock(guard_);
      const auto [entry, fresh] = entries_.try_emplace(key);
      if (!fresh) {
        const auto known = entry->second;
        lock.unlock();
        return known.get();
      }
      entry->second = promise.get_future().share();
    }
    auto value = std::make_shared<const Value>(work());
    promise.set_value(value);
    return value;
  }

  void forget(const Key& key) {
    const std::lock_guard lock(guard_);
    entries_.erase(key);
  }

  /// All values, by key. Not while others work.
  std::vector<std::shared_ptr<const Value>> values() const {
    const std::lock_guard lock(guard_);
    std::vector<std::shared_ptr<const Value>> all;
    for (const auto& [key, value] : entries_) all.push_back(value.get());
    return all;
  }

 private:
  mutable std::mutex guard_;
  std::map<Key, std::shared_future<std::shared_ptr<const Value>>> entries_;
};

}  // namespace trueup::live
