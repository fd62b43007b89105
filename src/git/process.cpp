#include "git/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/text.hpp"
#include "git/file_descriptor.hpp"

namespace trueup::git {
namespace {

constexpr std::size_t kKeptErrors = 64u << 10;

struct Pipe {
  FileDescriptor ours, theirs;
};

std::optional<Pipe> read_from_child() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// A socket, since writing to a pipe that nobody reads raises a signal.
std::optional<Pipe> write_to_child() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return std::nullopt;
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

/// What the child does between fork and exec: only calls that are safe while other threads hold locks.
struct Child {
  const char* executable;
  const char* folder;
  char* const* arguments;
  char* const* environment;
  int input, output, errors, failure;
  pid_t parent;

  [[noreturn]] void run() const {
    ::setsid();
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(127);  // it ended before the line above
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    if (::dup2(input, 0) >= 0 && ::dup2(output, 1) >= 0 && ::dup2(errors, 2) >= 0 && ::chdir(folder) == 0)
      ::execve(executable, arguments, environment);
    const int number = errno;
    [[maybe_unused]] const ssize_t told = ::write(failure, &number, sizeof number);
    ::_exit(127);
  }
};

/// Reads what is there; false at the end.
bool drain(const FileDescriptor& from, std::string& into) {
  std::array<char, 16384> buffer;
  while (true) {
    const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
    if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
    if (got == 0) return false;
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (static_cast<std::size_t>(got) < buffer.size()) return true;
  }
}

void end_group(pid_t child) {
  ::kill(-child, SIGTERM);
  // git removes its lock files on the signal; two seconds are plenty.
  for (int i = 0; i < 40; ++i) {
    if (::waitpid(child, nullptr, WNOHANG) == child) {
      ::kill(-child, SIGKILL);
      return;
    }
    ::usleep(50'000);
  }
  ::kill(-child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

}  // namespace

Result<ProcessOutcome> run_process(const ProcessRequest& request) {
  const std::string shown = printable(request.executable.string());
  const auto failed = [&](int number) {
    return Error{Fault::unreachable, fmt::format("{} cannot be started: {}", shown, std::strerror(number))};
  };
  auto input = write_to_child();
  auto output = read_from_child(), errors = read_from_child(), failure = read_from_child();
  if (!input || !output || !errors || !failure) return failed(errno);

  std::vector<std::string> arguments = {request.executable.string()};
  arguments.insert(arguments.end(), request.arguments.begin(), request.arguments.end());
  const std::vector<char*> argument_pointers = pointers(arguments);
  const std::vector<char*> environment_pointers = pointers(request.environment);
  const Child in_child{.executable = request.executable.c_str(),
                       .folder = request.folder.c_str(),
                       .arguments = argument_pointers.data(),
                       .environment = environment_pointers.data(),
                       .input = input->theirs.get(),
                       .output = output->theirs.get(),
                       .errors = errors->theirs.get(),
                       .failure = failure->theirs.get(),
                       .parent = ::getpid()};
  const pid_t child = ::fork();
  if (child < 0) return failed(errno);
  if (child == 0) in_child.run();
  for (auto* pipe : {&*input, &*output, &*errors, &*failure}) pipe->theirs.close();

  int start_error = 0;
  ssize_t told = 0;  // nothing, once the program runs: the pipe closes on exec
  do told = ::read(failure->ours.get(), &start_error, sizeof start_error);
  while (told < 0 && errno == EINTR);
  if (told == sizeof start_error) {
    ::waitpid(child, nullptr, 0);
    return failed(start_error);
  }
  for (const auto* pipe : {&*input, &*output, &*errors}) ::fcntl(pipe->ours.get(), F_SETFL, O_NONBLOCK);

  ProcessOutcome outcome;
  std::string_view unsent = request.input;
  bool output_open = true, errors_open = true;
  while (true) {
    if (unsent.empty()) input->ours.close();
    // A child of the child (an ssh master, a credential daemon) may hold the pipes open for ever, so the end is the
    // exit of the process itself, looked for at least every 20 ms.
    int status = 0;
    const bool exited = ::waitpid(child, &status, WNOHANG) == child;
    std::array<pollfd, 3> polled = {{{output_open ? output->ours.get() : -1, POLLIN, 0},
                                     {errors_open ? errors->ours.get() : -1, POLLIN, 0},
                                     {input->ours.get(), POLLOUT, 0}}};
    // With both pipes at their end only the exit is missing, which is a matter of microseconds.
    if (!exited) ::poll(polled.data(), polled.size(), output_open || errors_open ? 20 : 1);
    if (output_open) output_open = drain(output->ours, outcome.output);
    if (errors_open) errors_open = drain(errors->ours, outcome.errors);
    if (outcome.errors.size() > kKeptErrors) outcome.errors.erase(0, outcome.errors.size() - kKeptErrors);
    if (!unsent.empty() && (polled[2].revents & POLLOUT) != 0) {
      const ssize_t sent = ::send(input->ours.get(), unsent.data(), unsent.size(), MSG_NOSIGNAL);
      if (sent > 0) unsent.remove_prefix(static_cast<std::size_t>(sent));
      if (sent < 0 && errno != EAGAIN && errno != EINTR) unsent = {};
    } else if ((polled[2].revents & (POLLERR | POLLHUP)) != 0) {
      unsent = {};
    }
    if (exited) {
      while (output_open && outcome.output.size() <= request.max_output) {
        const std::size_t before = outcome.output.size();
        output_open = drain(output->ours, outcome.output);
        if (outcome.output.size() == before) break;
      }
      if (outcome.output.size() > request.max_output)
        return Error{Fault::over_limit, fmt::format("{} wrote more than {} bytes", shown, request.max_output)};
      outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      return outcome;
    }
    if (outcome.output.size() > request.max_output) {
      end_group(child);
      return Error{Fault::over_limit, fmt::format("{} wrote more than {} bytes", shown, request.max_output)};
    }
    if (request.cancel.stop_requested()) {
      end_group(child);
      return Error{Fault::cancelled, fmt::format("{} was cancelled", shown)};
    }
    if (std::chrono::steady_clock::now() >= request.deadline) {
      end_group(child);
      return Error{Fault::timed_out, fmt::format("{} did not end in time and was stopped", shown)};
    }
  }
}

std::optional<std::filesystem::path> find_executable(const std::string& name) {
  const auto runs = [](const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
  };
  if (name.starts_with('/')) return runs(name) ? std::optional<std::filesystem::path>(name) : std::nullopt;
  const char* const path = std::getenv("PATH");
  if (path == nullptr || name.empty() || name.find('/') != std::string::npos) return std::nullopt;
  for (const std::string_view folder : split(path, ':')) {
    if (!folder.starts_with('/')) continue;
    if (auto candidate = std::filesystem::path(folder) / name; runs(candidate)) return candidate;
  }
  return std::nullopt;
}

}  // namespace trueup::git
