#include "report/characters.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace trueup::report {
namespace {

struct Block {
  char32_t first, last;
};

// Blocks of Unicode's EastAsianWidth.txt that are wide throughout, and those of emoji.
constexpr std::array<Block, 14> kWide = {{{0x1100, 0x115F},
                                          {0x2E80, 0x303E},
                                          {0x3041, 0x33FF},
                                          {0x3400, 0x4DBF},
                                          {0x4E00, 0x9FFF},
                                          {0xA000, 0xA4CF},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE4F},
                                          {0xFF00, 0xFF60},
                                          {0xFFE0, 0xFFE6},
                                          {0x1F300, 0x1F64F},
                                          {0x1F680, 0x1F9FF},
                                          {0x20000, 0x3FFFD}}};
constexpr std::array<Block, 7> kCombining = {{{0x0300, 0x036F},
                                              {0x0483, 0x0489},
                                              {0x1AB0, 0x1AFF},
                                              {0x1DC0, 0x1DFF},
                                              {0x20D0, 0x20FF},
                                              {0xFE00, 0xFE0F},
                                              {0xFE20, 0xFE2F}}};

template <std::size_t N>
bool within(const std::array<Block, N>& blocks, char32_t code) {
  return std::any_of(blocks.begin(), blocks.end(),
                     [code](const Block& block) { return block.first <= code && code <= block.last; });
}

}  // namespace

std::string_view first_characters(std::string_view text, std::size_t most) {
  std::size_t length = 0;
  for (; most > 0 && length < text.size(); --most) length += first_character(text.substr(length)).bytes.size();
  return text.substr(0, length);
}

std::size_t display_width(char32_t code) {
  if (code < 0x300) return 1;
  if (within(kCombining, code)) return 0;
  return within(kWide, code) ? 2 : 1;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character next = first_character(text);
    width += display_width(next.code);
    text.remove_prefix(next.bytes.size());
  }
  return width;
}

}  // namespace trueup::report
