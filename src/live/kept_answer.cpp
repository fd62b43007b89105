#include "live/kept_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "live/exchange.hpp"

// A kept answer is a file: a line for what it is, one for each header, an empty one, and the body.
//
//     trueup-answer 1 <bytes of the body> <sha256 of the body>      (both of one length, as they are written last)
//     ETag: "abc"
//     Content-Type: application/json
//
//     {"items": []}

namespace trueup::live {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kForm = "trueup-answer 1 ";
constexpr std::size_t kPieceBytes = 64u << 10;

std::string first_line(std::size_t bytes, std::string_view digest) { return fmt::format("{}{:020} {:>64}\n", kForm, bytes, digest); }

/// Headers that say something of the moment, or of how bytes came, and not of what was asked for.
bool is_of_the_moment(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kNames = {"date",          "age",        "connection", "content-length", "content-encoding",
                                                             "transfer-encoding", "retry-after", "set-cookie"};
  const std::string lower = ascii_lower(name);
  return std::ranges::find(kNames, lower) != kNames.end() || lower.find("ratelimit") != std::string::npos;
}

}  // namespace

std::optional<KeptAnswer> KeptAnswer::open(const fs::path& path, std::size_t most) {
  KeptAnswer kept;
  kept.file_.open(path, std::ios::binary);
  std::string line;
  if (!std::getline(kept.file_, line) || !line.starts_with(kForm)) return std::nullopt;
  const std::vector<std::string_view> said = split(std::string_view(line).substr(kForm.size()), ' ');
  if (said.size() != 2 || std::from_chars(said[0].data(), said[0].data() + said[0].size(), kept.bytes_).ec != std::errc()) return std::nullopt;
  if (kept.bytes_ > std::min(most, kMaxKeptBytes)) return std::nullopt;
  const std::string digest(said[1]);
  while (std::getline(kept.file_, line) && !line.empty()) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) return std::nullopt;
    kept.headers_.push_back({line.substr(0, colon), line.substr(colon + 2)});
  }
  const auto body = kept.file_.tellg();
  kept.left_ = kept.bytes_;
  Sha256 seen;
  std::vector<char> piece(kPieceBytes);
  while (const std::size_t count = kept.next(piece.data(), piece.size())) seen.add({piece.data(), count});
  if (kept.left_ != 0 || seen.hex() != digest) return std::nullopt;
  kept.file_.clear();
  kept.file_.seekg(body);
  kept.left_ = kept.bytes_;
  return kept;
}

std::size_t KeptAnswer::next(char* into, std::size_t most) {
  file_.read(into, static_cast<std::streamsize>(std::min(most, left_)));
  const auto count = static_cast<std::size_t>(std::max<std::streamsize>(file_.gcount(), 0));
  left_ -= count;
  return count;
}

AnswerWriter::~AnswerWriter() { drop(); }

void AnswerWriter::begin(const std::vector<HttpHeader>& headers) {
  drop();
  if (!find_header(headers, "ETag")) return;
  file_.open(partial_, std::ios::binary | std::ios::trunc);
  if (!file_) return;
  digest_.emplace();
  bytes_ = 0;
  std::error_code fault;
  fs::permissions(partial_, fs::perms::owner_read | fs::perms::owner_write, fault);
  file_ << first_line(0, "");
  for (const HttpHeader& header : headers) {
    const bool broken = header.name.empty() || (header.name + header.value).find_first_of("\r\n") != std::string::npos;
    if (!broken && !is_of_the_moment(header.name) && !is_secret_header(header.name)) file_ << header.name << ": " << header.value << '\n';
  }
  file_ << '\n';
}

void AnswerWriter::add(std::string_view bytes) {
  if (!digest_) return;
  bytes_ += bytes.size();
  if (bytes_ > kMaxKeptBytes) return drop();
  digest_->add(bytes);
  file_ << bytes;
}

void AnswerWriter::finish(const fs::path& path) {
  if (!digest_) return;
  file_.seekp(0);
  file_ << first_line(bytes_, digest_->hex());
  file_.close();
  std::error_code fault;
  if (file_) fs::rename(partial_, path, fault);
  if (file_ && !fault) digest_.reset();
  drop();
}

void AnswerWriter::drop() {
  if (!digest_) return;
  digest_.reset();
  file_.close();
  file_.clear();
  std::error_code fault;
  fs::remove(partial_, fault);
}

}  // namespace trueup::live
