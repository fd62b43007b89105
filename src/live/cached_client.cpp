#include "live/cached_client.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "live/exchange.hpp"
#include "live/kept_answer.hpp"
#include "live/url.hpp"

namespace trueup::live {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".answer";
constexpr std::uintmax_t kMaxFolderBytes = 512u << 20;
constexpr std::size_t kMaxFiles = 100'000;
constexpr auto kMaxAge = std::chrono::hours(24 * 30);

class CachedClient final : public HttpClient {
 public:
  CachedClient(HttpClient& inner, fs::path folder) : inner_(inner), folder_(std::move(folder)) {
    std::error_code fault;
    fs::create_directories(folder_, fault);
    fs::permissions(folder_, fs::perms::owner_all, fault);
    tidy();
  }

  HttpAnswer send(const HttpRequest& request) override {
    if (!may_be_kept(request)) return inner_.send(request);
    const fs::path path = folder_ / (key_of(request) + std::string(kSuffix));
    std::optional<KeptAnswer> kept = KeptAnswer::open(path, request.max_bytes);
    const auto tag = kept ? find_header(kept->headers(), "ETag") : std::nullopt;
    HttpRequest asked = request;
    if (tag) asked.headers.push_back({"If-None-Match", std::string(*tag)});
    HttpAnswer answer = send_and_keep(asked, path);
    if (!tag || !answer.has_status(304)) return answer;
    std::error_code fault;
    fs::last_write_time(path, fs::file_time_type::clock::now(), fault);  // it was of use
    confirm(*std::move(kept), request, *answer.response);
    return answer;
  }

 private:
  static bool may_be_kept(const HttpRequest& request) {
    if (request.method != "GET" || request.secret_answer || request.secret_body || !request.secret_keys.empty() || !request.body.empty()) return false;
    if (without_secrets(request.url) != request.url) return false;
    return !find_header(request.headers, "Range") && !find_header(request.headers, "If-None-Match");
  }

  static std::string key_of(const HttpRequest& request) {
    const std::string who = std::string(scheme_name(request.authorization.scheme)) + ' ' + request.authorization.credential_of + ' ' +
                            sha256_hex(request.authorization.value.reveal());
    return sha256_hex(request.url + '\n' + std::string(find_header(request.headers, "Accept").value_or("")) + '\n' + who);
  }

  /// Keeps the answer; a body that is read while it comes passes through here.
  HttpAnswer send_and_keep(HttpRequest& request, const fs::path& path) {
    AnswerWriter writer(folder_ / (std::to_string(::getpid()) + '-' + std::to_string(++written_) + ".partial"));
    bool whole = false;
    if (const auto read = std::move(request.read_body)) {
      request.read_body = [&writer, &whole, read](const HttpResponse& head, const NextBytes& next) {
        whole = false;
        writer.begin(head.headers);
        read(head, [&](char* into, std::size_t most) {
          const std::size_t count = next(into, most);
          writer.add({into, count});
          whole = count == 0;
          return count;
        });
      };
    }
    HttpAnswer answer = inner_.send(request);
    if (!answer.has_status(200)) return answer;
    if (!answer.response->body_was_read) {
      writer.begin(answer.response->headers);
      writer.add(answer.response->body);
      whole = true;
    }
    if (whole) writer.finish(path);
    return answer;
  }

  /// The answer of then, with what the headers say today.
  static void confirm(KeptAnswer&& kept, const HttpRequest& request, HttpResponse& response) {
    response.status = 200;
    std::erase_if(response.headers, [](const HttpHeader& header) { return equal_ignoring_ascii_case(header.name, "Content-Length"); });
    for (const HttpHeader& header : kept.headers())
      if (!find_header(response.headers, header.name)) response.headers.push_back(header);
    if (request.read_body) {
      request.read_body(response, [&](char* into, std::size_t most) { return kept.next(into, most); });
      response.body_was_read = true;
      return;
    }
    response.body.resize(kept.bytes());
    response.body.resize(kept.next(response.body.data(), kept.bytes()));
  }

  void tidy() {
    struct File {
      fs::file_time_type used;
      std::uintmax_t bytes;
      fs::path path;
    };
    std::vector<File> files;
    std::error_code fault;
    for (fs::directory_iterator entry(folder_, fault), end; !fault && entry != end && files.size() < kMaxFiles; entry.increment(fault)) {
      std::error_code gone;
      const std::string extension = entry->path().extension().string();
      if (extension != kSuffix && extension != ".partial") continue;
      files.push_back({entry->last_write_time(gone), entry->file_size(gone), entry->path()});
    }
    std::ranges::sort(files, std::greater(), &File::used);
    const auto oldest = fs::file_time_type::clock::now() - kMaxAge;
    std::uintmax_t total = 0;
    for (const File& file : files) {
      total += file.bytes;
      if (file.used < oldest || total > kMaxFolderBytes) fs::remove(file.path, fault);
    }
  }

  HttpClient& inner_;
  const fs::path folder_;
  std::atomic<unsigned> written_ = 0;
};

}  // namespace

std::unique_ptr<HttpClient> make_cached_client(HttpClient& inner, std::filesystem::path folder) {
  return std::make_unique<CachedClient>(inner, std::move(folder));
}

}  // namespace trueup::live
