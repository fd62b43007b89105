#include "live/cached_client.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "live/exchange.hpp"
#include "live/url.hpp"

// A kept answer is a file: a line for what it is, one for each header, an empty one, and the body.
//
//     trueup-answer 1 <bytes of the body> <sha256 of the body>
//     ETag: "abc"
//     Content-Type: application/json
//
//     {"items": []}

namespace trueup::live {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kForm = "trueup-answer 1 ", kSuffix = ".answer";
constexpr std::size_t kMaxKeptBytes = 64u << 20;
constexpr std::uintmax_t kMaxFolderBytes = 512u << 20;
constexpr std::size_t kMaxFiles = 100'000;
constexpr auto kMaxAge = std::chrono::hours(24 * 30);

/// Headers that say something of the moment, or of how bytes came, and not of what was asked for.
bool is_of_the_moment(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kNames = {"date",          "age",        "connection", "content-length", "content-encoding",
                                                             "transfer-encoding", "retry-after", "set-cookie"};
  const std::string lower = ascii_lower(name);
  return std::ranges::find(kNames, lower) != kNames.end() || lower.find("ratelimit") != std::string::npos;
}

struct Kept {
  std::vector<HttpHeader> headers;
  std::string body;
};

std::optional<Kept> read_kept(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!std::getline(file, line) || !line.starts_with(kForm)) return std::nullopt;
  const std::vector<std::string_view> said = split(std::string_view(line).substr(kForm.size()), ' ');
  std::size_t bytes = 0;
  if (said.size() != 2 || std::from_chars(said[0].data(), said[0].data() + said[0].size(), bytes).ec != std::errc() || bytes > kMaxKeptBytes) return std::nullopt;
  const std::string digest(said[1]);
  Kept kept;
  while (std::getline(file, line) && !line.empty()) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) return std::nullopt;
    kept.headers.push_back({line.substr(0, colon), line.substr(colon + 2)});
  }
  kept.body.resize(bytes);
  file.read(kept.body.data(), static_cast<std::streamsize>(bytes));
  if (static_cast<std::size_t>(file.gcount()) != bytes || sha256_hex(kept.body) != digest) return std::nullopt;
  return kept;
}

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
    std::optional<Kept> kept = read_kept(path);
    if (kept && kept->body.size() > request.max_bytes) kept.reset();
    const auto tag = kept ? find_header(kept->headers, "ETag") : std::nullopt;
    if (!tag) {
      HttpAnswer answer = inner_.send(request);
      keep(path, answer);
      return answer;
    }
    HttpRequest asked = request;
    asked.headers.push_back({"If-None-Match", std::string(*tag)});
    HttpAnswer answer = inner_.send(asked);
    if (!answer.has_status(304)) {
      keep(path, answer);
      return answer;
    }
    std::error_code fault;
    fs::last_write_time(path, fs::file_time_type::clock::now(), fault);  // it was of use
    confirm(*std::move(kept), *answer.response);
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

  /// The answer of then, with what the headers say today.
  static void confirm(Kept&& kept, HttpResponse& response) {
    response.status = 200;
    std::erase_if(response.headers, [](const HttpHeader& header) { return equal_ignoring_ascii_case(header.name, "Content-Length"); });
    for (HttpHeader& header : kept.headers)
      if (!find_header(response.headers, header.name)) response.headers.push_back(std::move(header));
    response.body = std::move(kept.body);
  }

  void keep(const fs::path& path, const HttpAnswer& answer) {
    if (!answer.has_status(200)) return;
    const HttpResponse& response = *answer.response;
    if (!find_header(response.headers, "ETag") || response.body.size() > kMaxKeptBytes) return;
    std::string head = std::string(kForm) + std::to_string(response.body.size()) + ' ' + sha256_hex(response.body) + '\n';
    for (const HttpHeader& header : response.headers) {
      const bool broken = header.name.empty() || (header.name + header.value).find_first_of("\r\n") != std::string::npos;
      if (!broken && !is_of_the_moment(header.name) && !is_secret_header(header.name)) head += header.name + ": " + header.value + '\n';
    }
    const fs::path partial = folder_ / (std::to_string(::getpid()) + '-' + std::to_string(++written_) + ".partial");
    std::ofstream file(partial, std::ios::binary);
    std::error_code fault;
    fs::permissions(partial, fs::perms::owner_read | fs::perms::owner_write, fault);
    file << head << '\n' << response.body;
    file.close();
    if (file) fs::rename(partial, path, fault);
    else fs::remove(partial, fault);
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
