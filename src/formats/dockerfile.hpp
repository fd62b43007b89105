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
  std::optional<std::string> filled;      ///< with the defaults of arguments put in; nothing: one has none, or it is an earlier stage
  std::optional<std::string> undeclared;  ///< a variable that no ARG before the first FROM declares
};

/// A source of `COPY [--from=…] source… destination` or ADD, or of a list in JSON. Left out: here-documents, what ADD fetches.
struct DockerCopy {
  bool add = false;
  std::string source;  ///< as written; of a list in JSON without quotes
  ByteRange range;     ///< of the source; of `from`, where there is one
  std::string destination;
  std::optional<std::string> from;  ///< a stage's name or number, or an image
  bool constant = false;            ///< no variable, wildcard or quote in the source
  std::uint32_t stage = 0;          ///< number of the FROM, from 1
};

struct Dockerfile {
  std::vector<DockerStage> stages;
  std::vector<DockerArgument> arguments;
  std::vector<DockerCopy> copies;
  /// `# syntax=…`: the front end that reads the file. Others than docker/dockerfile may give it another meaning.
  std::optional<std::string> syntax;
};

/// Reads what a Dockerfile takes from outside: arguments, base images and files. Never fails; lines that are no instruction
/// are passed over. Source: Dockerfile reference, "Parser directives", "ARG", "FROM", "COPY", "Here-documents", "Automatic platform ARGs in the global scope".
Dockerfile parse_dockerfile(std::string_view text);

}  // namespace trueup::formats
