#include "live/body_stream.hpp"

#include <utility>

namespace trueup::live {

namespace {

constexpr std::size_t kMaxWaitingBytes = 1u << 20;

}  // namespace

BodyStream::Offered BodyStream::offer(const HttpResponse& head, std::string_view bytes) {
  const std::lock_guard lock(guard_);
  if (abandoned_) return Offered::not_wanted;
  if (!begun_) head_ = head;  // a copy: trailers may come while it is read
  begun_ = true;
  if (waiting_.size() >= kMaxWaitingBytes) {
    paused_ = true;
    return Offered::not_now;
  }
  waiting_ += bytes;
  changed_.notify_all();
  return Offered::taken;
}

void BodyStream::end() {
  const std::lock_guard lock(guard_);
  ended_ = true;
  changed_.notify_all();
}

void BodyStream::read(const std::function<void(const HttpResponse& head, const NextBytes& next)>& read) {
  {
    std::unique_lock lock(guard_);
    changed_.wait(lock, [&] { return begun_ || ended_; });
    if (!begun_) return;
  }
  try {
    read(head_, [this](char* into, std::size_t most) { return next(into, most); });
  } catch (...) {
    close();
    throw;
  }
  close();
}

std::size_t BodyStream::next(char* into, std::size_t most) {
  if (at_ == piece_.size()) refill();
  const std::size_t count = std::string_view(piece_).substr(at_).copy(into, most);
  at_ += count;
  return count;
}

void BodyStream::refill() {
  bool was_paused = false;
  {
    std::unique_lock lock(guard_);
    changed_.wait(lock, [&] { return !waiting_.empty() || ended_; });
    piece_.clear();
    piece_.swap(waiting_);
    was_paused = std::exchange(paused_, false);
  }
  at_ = 0;
  saw_end_ = piece_.empty();
  if (was_paused && resume_) resume_();
}

void BodyStream::close() {
  bool was_paused = false;
  {
    const std::lock_guard lock(guard_);
    abandoned_ = !saw_end_;
    was_paused = std::exchange(paused_, false);
  }
  if (was_paused && resume_) resume_();
}

}  // namespace trueup::live
