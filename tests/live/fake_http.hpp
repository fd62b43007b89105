#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "live/http.hpp"

namespace trueup::live_test {

/// Answers by a function of the request, and remembers what was asked.
class FakeHttp final : public live::HttpClient {
 public:
  using Answerer = std::function<live::HttpAnswer(const live::HttpRequest&)>;
  explicit FakeHttp(Answerer answerer) : answerer_(std::move(answerer)) {}

  live::HttpAnswer send(const live::HttpRequest& request) override {
    {
      const std::lock_guard lock(guard_);
      asked_.push_back(request);
    }
    auto answer = answerer_(request);
    answer.from = {request.url, "2026-11-21T10:45:39Z", false};
    return answer;
  }

  std::vector<live::HttpRequest> asked() const {
    const std::lock_guard lock(guard_);
    return asked_;
  }

 private:
  Answerer answerer_;
  mutable std::mutex guard_;
  std::vector<live::HttpRequest> asked_;
};

inline live::HttpAnswer answered(int status, std::string body, std::vector<live::HttpHeader> headers = {}) {
  live::HttpAnswer answer;
  answer.response = live::HttpResponse{status, std::move(headers), std::move(body)};
  return answer;
}

}  // namespace trueup::live_test
