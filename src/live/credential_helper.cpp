#include "live/credential_helper.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

extern char** environ;

namespace trueup::live {

namespace {

constexpr std::size_t kMaxOutputBytes = 64u << 10;

/// An open file that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

/// Starts the program with `channel` as standard input and output; 0 or an errno.
int start(const std::string& program, int channel, pid_t& child) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, channel, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, channel, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, pipe;
  sigemptyset(&none);
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &pipe);
  posix_spawnattr_setpgroup(&attributes, 0);  // a group of its own, so that killing it reaches its children
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  std::string name = program, verb = "get";
  std::array<char*, 3> arguments = {name.data(), verb.data(), nullptr};
  const int fault = posix_spawnp(&child, program.c_str(), &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return fault;
}

/// All that the program writes until it closes its output.
Result<std::string> converse(int channel, std::string_view input, std::chrono::milliseconds time_out) {
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + time_out;
  std::string output;
  bool writing = true;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return Error{Fault::timed_out, "did not answer in time"};
    pollfd poll_entry{channel, static_cast<short>(writing ? POLLIN | POLLOUT : POLLIN), 0};
    if (::poll(&poll_entry, 1, static_cast<int>(left.count())) < 0 && errno != EINTR) break;
    if (writing && (poll_entry.revents & POLLOUT)) {
      const ssize_t sent = ::send(channel, input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) input.remove_prefix(static_cast<std::size_t>(sent));
      if (input.empty() || (sent < 0 && errno != EAGAIN && errno != EINTR)) {
        ::shutdown(channel, SHUT_WR);
        writing = false;
      }
    }
    if (poll_entry.revents & (POLLIN | POLLHUP | POLLERR)) {
      std::array<char, 4096> chunk;
      const ssize_t got = ::recv(channel, chunk.data(), chunk.size(), MSG_DONTWAIT);
      if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) break;
      if (got > 0) output.append(chunk.data(), static_cast<std::size_t>(got));
      if (output.size() > kMaxOutputBytes) return Error{Fault::over_limit, "wrote more than 64 KiB"};
    }
  }
  return output;
}

/// The exit status once the program has ended; it has closed its output, so a moment is enough for it.
std::optional<int> wait_for(pid_t child) {
  for (int tries = 0; tries < 100; ++tries) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    if (ended < 0 && errno != EINTR) return std::nullopt;
    ::usleep(10'000);
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> run_credential_helper(const std::string& name, const std::string& input,
                                          std::chrono::milliseconds time_out) {
  const bool valid = !name.empty() && name.size() < 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!valid) return Error{Fault::malformed, "is no name of a credential helper"};
  // A socket for both directions: writing to a program that has ended gives EPIPE here, and not the signal.
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Error{Fault::unreachable, "could not be started"};
  }
  Descriptor ours(ends[0]), theirs(ends[1]);
  pid_t child = -1;
  if (const int fault = start("docker-credential-" + name, theirs.number(), child); fault != 0) {
    if (fault == ENOENT) return Error{Fault::not_found, "is not installed"};
    return Error{Fault::denied, "could not be started"};
  }
  theirs.close();
  auto output = converse(ours.number(), input, time_out);
  ours.close();
  const auto status = output ? wait_for(child) : std::nullopt;
  if (!status) {
    ::kill(-child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    if (output) return Error{Fault::timed_out, "did not end"};
    return output;
  }
  if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) return Error{Fault::denied, "knows no credential, or failed"};
  return output;
}

}  // namespace trueup::live
