#include "live/http.hpp"

#include "base/text.hpp"

namespace trueup::live {

std::optional<std::string_view> find_header(std::span<const HttpHeader> headers, std::string_view name) {
  for (const HttpHeader& header : headers) {
    if (equal_ignoring_ascii_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

std::vector<std::string_view> find_headers(std::span<const HttpHeader> headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const HttpHeader& header : headers) {
    if (equal_ignoring_ascii_case(header.name, name)) values.push_back(header.value);
  }
  return values;
}

HttpAnswer OfflineClient::send(const HttpRequest&) {
  HttpAnswer answer;
  answer.failure = {"offline", "servers are not asked with --offline; leave it out, or give --replay a recording"};
  return answer;
}

}  // namespace trueup::live
