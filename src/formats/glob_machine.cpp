#include "formats/glob_machine.hpp"

#include <algorithm>

namespace trueup::formats {
namespace {

/// The states that are alive, each once, in the order they were entered.
class StateSet {
 public:
  explicit StateSet(std::size_t states) : entered_(states, 0) { alive_.reserve(states); }

  void clear() {
    alive_.clear();
    ++round_;
  }
  bool insert(std::uint32_t state) {
    if (entered_[state] == round_) return false;
    entered_[state] = round_;
    alive_.push_back(state);
    return true;
  }
  const std::vector<std::uint32_t>& alive() const { return alive_; }

 private:
  std::vector<std::uint32_t> alive_;
  std::vector<std::uint64_t> entered_;
  std::uint64_t round_ = 1;
};

const GlobNode* plain_byte(const GlobNode& node) {
  return node.kind == GlobNode::Kind::byte && node.bytes.count() == 1 ? &node : nullptr;
}

/// Takes the plain bytes at the start of `node` into `prefix`. True if that was the whole node.
bool take_prefix(const GlobNode& node, std::string& prefix, GlobNode& rest) {
  if (const GlobNode* plain = plain_byte(node)) {
    for (int value = 0; value < 256; ++value)
      if (plain->bytes[static_cast<std::size_t>(value)]) prefix += static_cast<char>(value);
    return true;
  }
  if (node.kind != GlobNode::Kind::sequence) {
    rest.parts.push_back(node);
    return false;
  }
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    if (take_prefix(node.parts[i], prefix, rest)) continue;
    rest.parts.insert(rest.parts.end(), node.parts.begin() + static_cast<std::ptrdiff_t>(i) + 1, node.parts.end());
    return false;
  }
  return true;
}

}  // namespace

GlobNode GlobNode::byte(unsigned char value) {
  ByteSet bytes;
  bytes.set(value);
  return any_of(bytes);
}

GlobNode GlobNode::text(std::string_view character) {
  if (character.size() == 1) return byte(static_cast<unsigned char>(character[0]));
  GlobNode node;
  for (const char c : character) node.parts.push_back(byte(static_cast<unsigned char>(c)));
  return node;
}

GlobNode GlobNode::of(Kind kind, GlobNode part) {
  GlobNode node;
  node.kind = kind;
  node.parts.push_back(std::move(part));
  return node;
}

GlobMachine::GlobMachine(const GlobNode& pattern) {
  GlobNode rest;
  take_prefix(pattern, prefix_, rest);
  emit(rest);
  program_.push_back({});
}

std::uint16_t GlobMachine::set_index(const GlobNode::ByteSet& bytes) {
  const auto index = static_cast<std::size_t>(std::find(sets_.begin(), sets_.end(), bytes) - sets_.begin());
  if (index == sets_.size()) sets_.push_back(bytes);
  return static_cast<std::uint16_t>(index);
}

void GlobMachine::emit(const GlobNode& node) {
  switch (node.kind) {
    case GlobNode::Kind::byte:
      program_.push_back({Op::byte, set_index(node.bytes), 0, 0});
      return;
    case GlobNode::Kind::sequence:
      for (const GlobNode& part : node.parts) emit(part);
      return;
    case GlobNode::Kind::either: {
      std::vector<std::uint32_t> to_end;
      for (std::size_t i = 0; i < node.parts.size(); ++i) {
        const bool last = i + 1 == node.parts.size();
        const std::uint32_t split = size();
        if (!last) program_.push_back({Op::split, 0, split + 1, 0});
        emit(node.parts[i]);
        if (last) break;
        to_end.push_back(size());
        program_.push_back({Op::split, 0, 0, 0});
        program_[split].other = size();
      }
      for (const std::uint32_t jump : to_end) program_[jump].next = program_[jump].other = size();
      return;
    }
    case GlobNode::Kind::optional: {
      const std::uint32_t split = size();
      program_.push_back({Op::split, 0, split + 1, 0});
      emit(node.parts.front());
      program_[split].other = size();
      return;
    }
    case GlobNode::Kind::any_number: {
      const std::uint32_t split = size();
      program_.push_back({Op::split, 0, split + 1, 0});
      emit(node.parts.front());
      program_.push_back({Op::split, 0, split, split});
      program_[split].other = size();
      return;
    }
    case GlobNode::Kind::at_least_one: {
      const std::uint32_t begin = size();
      emit(node.parts.front());
      program_.push_back({Op::split, 0, begin, size() + 1});
      return;
    }
  }
}

bool GlobMachine::matches(std::string_view text) const {
  if (!text.starts_with(prefix_)) return false;
  text.remove_prefix(prefix_.size());
  if (is_literal()) return text.empty();

  StateSet now(program_.size()), then(program_.size());
  std::vector<std::uint32_t> pending;
  const auto enter = [&](StateSet& states, std::uint32_t state) {
    pending.push_back(state);
    while (!pending.empty()) {
      const std::uint32_t next = pending.back();
      pending.pop_back();
      if (!states.insert(next) || program_[next].op != Op::split) continue;
      pending.push_back(program_[next].other);
      pending.push_back(program_[next].next);
    }
  };
  enter(now, 0);
  for (const char c : text) {
    then.clear();
    for (const std::uint32_t state : now.alive()) {
      const Instruction& instruction = program_[state];
      if (instruction.op == Op::byte && sets_[instruction.set][static_cast<unsigned char>(c)]) enter(then, state + 1);
    }
    std::swap(now, then);
    if (now.alive().empty()) return false;
  }
  return std::any_of(now.alive().begin(), now.alive().end(),
                     [&](std::uint32_t state) { return program_[state].op == Op::accept; });
}

std::size_t character_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  std::size_t length = 1;
  while (length < wanted && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) ++length;
  return length;
}

}  // namespace trueup::formats
