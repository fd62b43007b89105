#include "cli/environment.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace trueup::cli {

Environment real_environment() {
  Environment environment;
  environment.variable = [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  std::error_code error;
  environment.folder = std::filesystem::current_path(error).string();
  environment.now = [] { return static_cast<std::int64_t>(std::time(nullptr)); };
  environment.out = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); };
  environment.err = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); };
  environment.standard_input = [](std::size_t most) {
    std::string text;
    for (std::size_t read = 1; read > 0 && text.size() < most;) {
      const std::size_t before = text.size();
      text.resize(std::min(most, before + (std::size_t{1} << 20)));
      read = std::fread(text.data() + before, 1, text.size() - before, stdin);
      text.resize(before + read);
    }
    return text;
  };
  environment.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  environment.err_is_terminal = isatty(STDERR_FILENO) == 1;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) environment.width = size.ws_col;
  environment.ends_process = true;
  return environment;
}

}  // namespace trueup::cli
