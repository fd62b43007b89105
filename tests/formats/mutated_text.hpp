#pragma once

#include <random>
#include <string>
#include <string_view>

namespace trueup::formats {

/// `text` after so many small edits: bytes cut out, put in from `alphabet`, replaced, or a piece of the text said again.
inline std::string mutated(std::string text, std::size_t edits, std::string_view alphabet, std::mt19937& random) {
  for (; edits > 0 && !text.empty(); --edits) {
    const std::size_t at = random() % text.size();
    switch (random() % 4) {
      case 0: text.erase(at, random() % 6 + 1); break;
      case 1: text.insert(at, 1, alphabet[random() % alphabet.size()]); break;
      case 2: text[at] = alphabet[random() % alphabet.size()]; break;
      default: text.insert(at, text.substr(random() % text.size(), random() % 20)); break;
    }
  }
  return text;
}

}  // namespace trueup::formats
