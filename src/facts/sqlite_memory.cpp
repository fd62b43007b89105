#include "facts/sqlite_memory.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

namespace trueup::facts {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kKeeps = false;
#else
constexpr bool kKeeps = true;
#endif
constexpr std::size_t kStep = 64, kClasses = 17;  ///< blocks of 64, 128, … 1,024 bytes are kept
constexpr std::size_t kMostKept = 1000;           ///< of each size

/// Before each block; SQLite wants 8-byte alignment.
struct Header {
  std::size_t bytes;  ///< with the header
};
struct Free {
  Free* next;
};

/// What a thread keeps; given back when it ends.
struct Kept {
  std::array<Free*, kClasses> first{};
  std::array<std::size_t, kClasses> count{};

  Kept() = default;
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  ~Kept();
};
thread_local bool ended = false;
thread_local Kept kept;

Kept::~Kept() {
  ended = true;
  for (Free*& list : first)
    while (list != nullptr) {
      Free* const block = list;
      list = block->next;
      std::free(block);
    }
}

Header* header_of(void* block) { return static_cast<Header*>(block) - 1; }
constexpr std::size_t rounded(std::size_t bytes) { return (bytes + sizeof(Header) + kStep - 1) / kStep * kStep; }

void* take(int wanted) {
  const std::size_t bytes = rounded(static_cast<std::size_t>(wanted)), size = bytes / kStep;
  if (size < kClasses && !ended && kept.first[size] != nullptr) {
    Free* const block = kept.first[size];
    kept.first[size] = block->next;
    --kept.count[size];
    return ::new (block) Header{bytes} + 1;
  }
  void* const block = std::malloc(bytes);
  return block == nullptr ? nullptr : ::new (block) Header{bytes} + 1;
}

void give_back(void* block) {
  Header* const header = header_of(block);
  const std::size_t size = header->bytes / kStep;
  if (size >= kClasses || ended || kept.count[size] == kMostKept) return std::free(header);
  kept.first[size] = ::new (header) Free{kept.first[size]};
  ++kept.count[size];
}

void* resize(void* block, int wanted) {
  Header* const header = header_of(block);
  const std::size_t bytes = rounded(static_cast<std::size_t>(wanted));
  // A block that became much too large is not held on to.
  if (bytes <= header->bytes && 2 * bytes > header->bytes) return block;
  if (header->bytes / kStep >= kClasses && bytes / kStep >= kClasses) {
    void* const moved = std::realloc(header, bytes);
    return moved == nullptr ? nullptr : ::new (moved) Header{bytes} + 1;
  }
  void* const moved = take(wanted);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, block, std::min(header->bytes, bytes) - sizeof(Header));
  give_back(block);
  return moved;
}

int size_of(void* block) { return static_cast<int>(header_of(block)->bytes - sizeof(Header)); }
int round_up(int wanted) { return static_cast<int>(rounded(static_cast<std::size_t>(wanted)) - sizeof(Header)); }
int begin(void*) { return SQLITE_OK; }
void end(void*) {}

}  // namespace

void keep_sqlite_blocks() {
  static const sqlite3_mem_methods methods = {take, give_back, resize, size_of, round_up, begin, end, nullptr};
  if (kKeeps) sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

}  // namespace trueup::facts
