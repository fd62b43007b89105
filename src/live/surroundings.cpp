#include "live/surroundings.hpp"

#include <cstdlib>
#include <fstream>
#include <filesystem>

#include "live/credential_helper.hpp"

namespace trueup::live {

namespace {

constexpr std::size_t kMaxFileBytes = 1u << 20;

Result<std::string> read_small_file(const std::string& path) {
  std::error_code fault;
  const auto status = std::filesystem::status(path, fault);
  if (status.type() == std::filesystem::file_type::not_found) return Error{Fault::not_found, "no file"};
  if (fault || status.type() == std::filesystem::file_type::directory) return Error{Fault::denied, "cannot be read"};
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{Fault::denied, "cannot be read"};
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxFileBytes) return Error{Fault::over_limit, "is larger than 1 MiB"};
  return text;
}

}  // namespace

Surroundings real_surroundings() {
  Surroundings real;
  real.environment = [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
  real.read_file = read_small_file;
  real.run_credential_helper = [](const std::string& name, const std::string& input) {
    return run_credential_helper(name, input, std::chrono::seconds(15));
  };
  return real;
}

Surroundings empty_surroundings() {
  Surroundings empty;
  empty.environment = [](std::string_view) { return std::nullopt; };
  empty.read_file = [](const std::string&) -> Result<std::string> { return Error{Fault::not_found, "no file"}; };
  empty.run_credential_helper = [](const std::string&, const std::string&) -> Result<std::string> {
    return Error{Fault::not_found, "no such program"};
  };
  return empty;
}

}  // namespace trueup::live
