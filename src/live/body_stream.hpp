#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "live/http.hpp"

namespace trueup::live {

/// Hands the body of an answer from the thread that receives it to the one that reads it. Little waits in between: a receiver
/// that is too fast is told to pause, and `resume` is called when it may go on.
class BodyStream {
 public:
  explicit BodyStream(std::function<void()> resume = {}) : resume_(std::move(resume)) {}

  enum class Offered { taken, not_now, not_wanted };
  /// The receiving thread: the next bytes of the body of `head`. not_now: keep them, and offer them again after `resume`.
  Offered offer(const HttpResponse& head, std::string_view bytes);
  /// The receiving thread: no more will come, for whatever reason.
  void end();

  /// The reading thread: waits for the first byte, and lets `read` take what comes. Nothing is called for a body without a byte.
  void read(const std::function<void(const HttpResponse& head, const NextBytes& next)>& read);
  /// Whether `read` was called.
  bool was_read() const { return begun_; }
  /// Whether it ended before the body did: what became of the rest is of no interest.
  bool was_abandoned() const { return abandoned_; }

 private:
  std::size_t next(char* into, std::size_t most);
  void refill();
  void close();

  const std::function<void()> resume_;
  std::mutex guard_;
  std::condition_variable changed_;
  HttpResponse head_;
  std::string waiting_;  // came, and was not taken yet
  bool begun_ = false, ended_ = false, paused_ = false, abandoned_ = false;
  std::string piece_;    // the reading thread's own
  std::size_t at_ = 0;
  bool saw_end_ = false;
};

}  // namespace trueup::live
