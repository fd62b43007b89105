#pragma once

#include <string>
#include <utility>

namespace trueup::live {

/// Text that must not reach a log, a recording, a report or an error message. It has no operator<< and no formatter: to
/// print one is a compile error, to use one takes reveal(), which is easy to find in a review.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string text_;
};

}  // namespace trueup::live
