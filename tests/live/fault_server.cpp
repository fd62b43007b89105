#include "live/fault_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "base/text.hpp"

namespace trueup::live_test {

namespace {

using namespace std::chrono_literals;

/// Binds 127.0.0.1 at a port that the system chooses; the socket and the port.
std::pair<int, int> bind_loopback() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (socket < 0 || ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port on 127.0.0.1");
  }
  return {socket, ntohs(address.sin_port)};
}

bool readable(int socket, std::chrono::milliseconds wait) {
  pollfd entry{socket, POLLIN, 0};
  return ::poll(&entry, 1, static_cast<int>(wait.count())) > 0;
}

/// Whether all of it was taken.
bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

SeenRequest parse_head(std::string_view head) {
  SeenRequest request;
  const auto lines = split(head, '\n');
  const auto words = split(trim(lines.front()), ' ');
  request.method = words.front();
  if (words.size() > 1) request.target = words[1];
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    if (colon == std::string_view::npos) continue;
    request.headers[ascii_lower(lines[i].substr(0, colon))] = trim(lines[i].substr(colon + 1));
  }
  return request;
}

std::string path_of(std::string_view target) { return std::string(target.substr(0, target.find('?'))); }

void append_little_endian(std::string& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

const std::string kGzipHeader{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10};

}  // namespace

Reply json_reply(std::string body, int status) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body), Wire::whole};
}

std::string SeenRequest::header(const std::string& lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? "" : found->second;
}

FaultServer::FaultServer() {
  std::tie(listener_, port_) = bind_loopback();
  ::listen(listener_, 64);
  acceptor_ = std::jthread([this] { serve(); });
}

FaultServer::~FaultServer() {
  stopping_ = true;
  acceptor_.join();
  connections_.clear();
  ::close(listener_);
}

std::string FaultServer::host() const { return "127.0.0.1:" + std::to_string(port_); }
std::string FaultServer::url(std::string_view target) const { return "http://" + host() + std::string(target); }

void FaultServer::on(std::string path_or_target, std::vector<Reply> replies) {
  const std::lock_guard lock(guard_);
  std::ranges::reverse(replies);  // the next one stands at the end
  script_[std::move(path_or_target)] = std::move(replies);
}

void FaultServer::by(std::function<std::optional<Reply>(const SeenRequest&)> answer) {
  const std::lock_guard lock(guard_);
  by_ = std::move(answer);
}

void FaultServer::otherwise(Reply reply) {
  const std::lock_guard lock(guard_);
  otherwise_ = std::move(reply);
}

std::vector<SeenRequest> FaultServer::seen() const {
  const std::lock_guard lock(guard_);
  return seen_;
}

std::size_t FaultServer::seen_count(std::string_view path) const {
  const std::lock_guard lock(guard_);
  const auto count = std::ranges::count_if(seen_, [&](const auto& r) { return path_of(r.target) == path; });
  return static_cast<std::size_t>(count);
}

void FaultServer::serve() {
  while (!stopping_) {
    if (!readable(listener_, 20ms)) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) connections_.emplace_back([this, connection] { answer(connection); });
  }
}

void FaultServer::answer(int connection) {
  std::string bytes;
  SeenRequest request;
  std::size_t wanted = std::string::npos;
  while (!stopping_ && bytes.size() < wanted) {
    if (!readable(connection, 20ms)) continue;
    char chunk[16384];
    const ssize_t got = ::recv(connection, chunk, sizeof chunk, 0);
    if (got <= 0) break;
    bytes.append(chunk, static_cast<std::size_t>(got));
    const std::size_t head_end = bytes.find("\r\n\r\n");
    if (wanted != std::string::npos || head_end == std::string::npos) continue;
    request = parse_head(std::string_view(bytes).substr(0, head_end));
    const std::string length = request.header("content-length");
    wanted = head_end + 4 + (length.empty() ? 0 : std::stoul(length));
  }
  if (wanted != std::string::npos && bytes.size() >= wanted) {
    request.body = bytes.substr(bytes.find("\r\n\r\n") + 4);
    const int now = ++at_once_;
    for (int most = most_at_once_; now > most && !most_at_once_.compare_exchange_weak(most, now);) {
    }
    send_reply(connection, request, reply_to(request));
  }
  ::shutdown(connection, SHUT_WR);
  ::close(connection);
}

Reply FaultServer::reply_to(const SeenRequest& request) {
  const std::lock_guard lock(guard_);
  seen_.push_back(request);
  if (by_)
    if (auto reply = by_(request)) return std::move(*reply);
  auto scripted = script_.find(request.target);
  if (scripted == script_.end()) scripted = script_.find(path_of(request.target));
  if (scripted == script_.end() || scripted->second.empty()) return otherwise_;
  Reply reply = scripted->second.back();
  if (scripted->second.size() > 1) scripted->second.pop_back();
  return reply;
}

void FaultServer::send_reply(int connection, const SeenRequest& request, const Reply& reply) {
  // Counted as done before the last byte leaves: the client's next request may be here sooner than this thread goes on.
  const auto finish = [&](std::string_view bytes) {
    --at_once_;
    send_all(connection, bytes);
  };
  if (reply.wire == Wire::closed || reply.wire == Wire::raw) return finish(reply.wire == Wire::raw ? reply.body : "");
  if (reply.wire == Wire::silent) {
    while (!stopping_ && !readable(connection, 20ms)) {  // readable: the client has closed
    }
    return finish("");
  }
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\nConnection: close\r\n";
  for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
  head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n";
  std::string_view body = request.method == "HEAD" ? std::string_view() : reply.body;
  if (reply.wire == Wire::cut_in_half) body = body.substr(0, body.size() / 2);
  if (reply.wire != Wire::dripping || body.empty()) return finish(head + std::string(body));
  bool heard = send_all(connection, head);
  for (; heard && !stopping_ && body.size() > 1; body.remove_prefix(1)) {
    std::this_thread::sleep_for(20ms);
    heard = send_all(connection, body.substr(0, 1));
  }
  finish(body.substr(0, 1));
}

int unused_port() {
  const auto [socket, port] = bind_loopback();
  ::close(socket);
  return port;
}

std::string gzip_stored(std::string_view text) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0u);
  }
  const auto size = static_cast<std::uint32_t>(text.size());  // one stored block holds 65535 bytes at most
  std::string bytes = kGzipHeader + '\x01';
  append_little_endian(bytes, size, 2);
  append_little_endian(bytes, ~size, 2);
  bytes += text;
  append_little_endian(bytes, ~crc, 4);
  append_little_endian(bytes, size, 4);
  return bytes;
}

std::string gzip_bomb(std::size_t bytes) {
  // A block of fixed Huffman codes (RFC 1951, 3.2.6): one literal, then copies of 258 bytes from one byte back.
  std::string packed = kGzipHeader;
  std::uint32_t held = 0;
  int bits = 0;
  const auto put = [&](std::uint32_t value, int count) {
    held |= value << bits;
    for (bits += count; bits >= 8; bits -= 8) {
      packed += static_cast<char>(held & 0xff);
      held >>= 8;
    }
  };
  put(0b011, 3);          // the last block; fixed codes
  put(0b00001100, 8);     // literal 0 is 00110000, and codes are written from their highest bit
  for (std::size_t made = 1; made < bytes; made += 258) {
    put(0b10100011, 8);   // length 258 is 11000101
    put(0b00000, 5);      // distance 1
  }
  put(0, 7 + 8);          // end of block, and out with the rest
  append_little_endian(packed, 0, 4);  // a checksum that nobody will come to read
  append_little_endian(packed, static_cast<std::uint32_t>(bytes), 4);
  return packed;
}

}  // namespace trueup::live_test
