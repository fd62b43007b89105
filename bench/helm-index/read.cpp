// Reads an index.yaml as trueup does, piece by piece off the disk, and says how many versions it lists.

#include <cstdio>
#include <fstream>

#include "formats/helm_index.hpp"

int main(int, char** arguments) {
  std::ifstream file(arguments[1], std::ios::binary);
  const auto index = trueup::formats::read_helm_index([&](char* into, std::size_t most) {
    file.read(into, static_cast<std::streamsize>(most));
    return static_cast<std::size_t>(file.gcount());
  });
  if (!index) {
    std::fprintf(stderr, "%s\n", index.error().message.c_str());
    return 1;
  }
  std::printf("%zu versions of %zu charts\n", index->versions(), index->charts.size());
  return 0;
}
