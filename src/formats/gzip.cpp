#include "formats/gzip.hpp"

#include <zlib.h>

#include <array>
#include <utility>

namespace trueup::formats {
namespace {

/// For inflateInit2 and deflateInit2: the largest window, with a gzip header.
constexpr int kGzip = 16 + MAX_WBITS;

/// zlib does not write to what it reads.
Bytef* input(std::string_view bytes) { return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); }

}  // namespace

struct GzipReader::State {
  z_stream stream{};
  bool ready = false, ended = false, cut_short = false;
  std::function<std::size_t(char*, std::size_t)> next;  // where the input comes piece by piece
  std::array<char, 16 << 10> piece;
};

GzipReader::GzipReader(std::string_view bytes) : state_(std::make_unique<State>()) {
  state_->stream.next_in = input(bytes);
  state_->stream.avail_in = static_cast<uInt>(bytes.size());
  state_->ready = inflateInit2(&state_->stream, kGzip) == Z_OK;
}

GzipReader::GzipReader(std::function<std::size_t(char* into, std::size_t most)> next) : GzipReader(std::string_view()) { state_->next = std::move(next); }

GzipReader::~GzipReader() {
  if (state_->ready) inflateEnd(&state_->stream);
}

Result<std::size_t> GzipReader::read(char* out, std::size_t size) {
  if (!state_->ready) return Error{Fault::malformed, "gzip could not be begun"};
  z_stream& stream = state_->stream;
  stream.next_out = reinterpret_cast<Bytef*>(out);
  stream.avail_out = static_cast<uInt>(size);
  while (stream.avail_out > 0 && !state_->ended) {
    if (stream.avail_in == 0 && state_->next) {
      const std::size_t count = state_->next(state_->piece.data(), state_->piece.size());
      stream.next_in = input({state_->piece.data(), count});
      stream.avail_in = static_cast<uInt>(count);
    }
    const int state = inflate(&stream, Z_NO_FLUSH);
    state_->cut_short = state == Z_BUF_ERROR;
    if (state_->cut_short) return Error{Fault::malformed, "it is cut short"};
    if (state != Z_OK && state != Z_STREAM_END) return Error{Fault::malformed, "it is no gzip"};
    state_->ended = state == Z_STREAM_END;
  }
  return size - stream.avail_out;
}

bool GzipReader::is_cut_short() const { return state_->cut_short; }

std::string gzipped(std::string_view bytes) {
  constexpr int kMemory = 8;
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) return "";
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = input(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace trueup::formats
