#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.hpp"

namespace trueup::formats {

/// `ARG NAME` or `ARG NAME=default`; one instruction may declare several.
struct DockerArgument {
  std::string name;
  ByteRange range;  ///< of the name
  std::optional<std::string> default_value;  ///< as written, quotes and all
  std::uint32_t stage = 0;  ///< 0: before the first FROM, else the number of the FROM, from 1
};

/// `FROM [--platform=…] image [AS name]`.
struct DockerStage {
  std::string image;  ///< as written
  ByteRange range;    ///< of the image
  std::optional<std::string> name;
  std::optional<std::string> platform;
};

struct Dockerfile {
  std::vector<DockerStage> stages;
  std::vector<DockerArgument> arguments;
  /// `# syntax=…`: the front end that reads the file. Others than docker/dockerfile may give it another meaning.
  std::optional<std::string> syntax;
};

/// Reads what a Dockerfile takes from outside: arguments and base images. Never fails; lines that are no instruction
/// are passed over. Source: Dockerfile reference, "Parser directives", "ARG", "FROM", "Here-documents".
Dockerfile parse_dockerfile(std::string_view text);

}  // namespace trueup::formats
