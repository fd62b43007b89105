#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "formats/document_check.hpp"
#include "formats/scalar_walk.hpp"
#include "formats/yaml.hpp"

namespace trueup::formats {
namespace {

/// Text of scalars where every visible character occurs once in a document, so that its place is known without a
/// decoder.
class ScalarGenerator {
 public:
  explicit ScalarGenerator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_); }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }

  struct Scalar {
    std::string source;          // a document: one mapping with the value of key `k`
    std::uint32_t indentation;   // of a block scalar
  };

  Scalar next(ScalarStyle style) {
    next_ = 0;
    line_break_ = chance(20) ? "\r\n" : chance(10) ? "\r" : "\n";
    indentation_ = static_cast<std::uint32_t>(1 + below(6));
    std::string text = chance(20) ? "# ü" + line_break_ : "";
    text += "k: ";
    if (chance(20)) text += "&a ";
    if (chance(20)) text += "!t ";
    switch (style) {
      case ScalarStyle::plain: text += words(style, 1 + below(4)); break;
      case ScalarStyle::single_quoted: text += "'" + words(style, below(4)) + "'"; break;
      case ScalarStyle::double_quoted: text += "\"" + words(style, below(4)) + "\""; break;
      default: text += block(style); break;
    }
    return {text + line_break_ + "z: end" + line_break_, indentation_};
  }

 private:
  /// A character that was not used yet: of one, two, three or four bytes.
  std::string fresh() {
    static constexpr std::uint32_t kFirst[] = {0xC0, 0x4E00, 0x1F300};
    const std::size_t used = next_++;
    if (used < 50) return std::string(1, "ABCDEFGHIJKLMNOPQRSTUVWXYZbcdfghijlmopqrstuvwxy0123456789"[used]);
    const auto code = static_cast<std::uint32_t>(kFirst[used % 3] + used);
    std::string text;
    if (code < 0x800) {
      text += static_cast<char>(0xC0 | (code >> 6));
    } else if (code < 0x10000) {
      text += static_cast<char>(0xE0 | (code >> 12));
      text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    } else {
      text += static_cast<char>(0xF0 | (code >> 18));
      text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
      text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    }
    return text + static_cast<char>(0x80 | (code & 0x3F));
  }

  std::string word(ScalarStyle style) {
    std::string text;
    for (std::size_t i = 1 + below(5); i > 0; --i) {
      text += fresh();
      if (style == ScalarStyle::single_quoted && chance(15)) text += "''";
      if (style == ScalarStyle::double_quoted && chance(25)) {
        static const std::vector<std::string> kEscapes = {"\\n", "\\\"", "\\\\", "\\/", "\\x7e", "\\xe9", "\\u00e9",
                                                          "\\u4e2d", "\\U0001F600", "\\t", "\\0", "\\N", "\\_", "\\L",
                                                          "\\P", "\\e", "\\ "};
        text += kEscapes[below(kEscapes.size())];
      }
    }
    return text;
  }

  std::string blanks(std::size_t most) {
    std::string text;
    for (std::size_t i = below(most + 1); i > 0; --i) text += chance(80) ? ' ' : '\t';
    return text;
  }

  /// Words of a flow scalar with blanks, line breaks, blank lines and indentation between.
  std::string words(ScalarStyle style, std::size_t count) {
    std::string text;
    const bool quoted = style != ScalarStyle::plain;
    if (quoted) text += blanks(2);
    if (quoted && chance(10)) text += line_break_ + " ";
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) {
        if (chance(40)) {
          text += ' ' + blanks(2);
        } else {
          text += style == ScalarStyle::double_quoted && chance(30) ? "\\" : blanks(2);
          text += line_break_;
          while (chance(30)) text += std::string(below(4), ' ') + line_break_;
          text += std::string(1 + below(5), ' ');
        }
      }
      text += word(style);
    }
    if (quoted && chance(20)) text += " " + line_break_ + "  ";
    if (quoted) text += blanks(2);
    return text;
  }

  std::string block(ScalarStyle style) {
    std::string text = style == ScalarStyle::literal ? "|" : ">";
    const bool deep_first_line = chance(20);
    if (deep_first_line || chance(20)) text += static_cast<char>('0' + indentation_);
    text += std::vector<std::string>{"", "-", "+"}[below(3)];
    if (chance(20)) text += "  # ñ";
    text += line_break_;
    while (chance(20)) text += std::string(below(indentation_ + 1), ' ') + line_break_;
    const std::size_t lines = below(6);
    for (std::size_t i = 0; i < lines; ++i) {
      const bool deep = i == 0 ? deep_first_line : chance(25);
      text += std::string(indentation_ + (deep ? 1 + below(3) : 0), ' ') + word(style);
      while (chance(40)) text += ' ' + blanks(2) + word(style);
      text += blanks(2) + line_break_;
      while (chance(20)) text += std::string(below(indentation_ + 1), ' ') + line_break_;
    }
    return text;
  }

  std::mt19937_64 random_;
  std::size_t next_ = 0;
  std::string line_break_;
  std::uint32_t indentation_ = 2;
};

constexpr ScalarStyle kStyles[] = {ScalarStyle::plain, ScalarStyle::single_quoted, ScalarStyle::double_quoted,
                                   ScalarStyle::literal, ScalarStyle::folded};

/// What an escape gives may also stand in the text: ask only for characters that no escape makes.
bool is_certain(std::string_view source, char c) {
  const bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  return is_letter && std::count(source.begin(), source.end(), c) == 1;
}

TEST(YamlProperty, EveryCharacterThatIsNoEscapeMapsToItsByte) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  ScalarGenerator generator(seed);
  std::size_t checked = 0;
  for (int round = 0; round < 4000; ++round) {
    const ScalarStyle style = kStyles[round % 5];
    const auto [source, indentation] = generator.next(style);
    SCOPED_TRACE("round " + std::to_string(round) + ": " + printable(source));
    const Document document = parse_yaml(source);
    ASSERT_FALSE(document.problem()) << document.problem()->message;
    const NodeIndex scalar = document.child(document.root(), "k");
    const Node& node = document[scalar];
    ASSERT_EQ(node.style, style);
    expect_well_formed(document);
    for (std::uint32_t i = 0; i < node.value.size(); ++i) {
      const std::uint32_t at = document.source_offset(scalar, i);
      if (is_certain(source, node.value[i])) {
        ASSERT_EQ(at, source.find(node.value[i])) << "offset " << i;
        ASSERT_EQ(document.source_range(scalar, {i, i + 1}), (ByteRange{at, at + 1}));
        ++checked;
      } else if (at < node.span.end && source[at] != node.value[i]) {
        const bool escape = style == ScalarStyle::double_quoted && source[at] == '\\';
        const bool quote = style == ScalarStyle::single_quoted && source[at] == '\'';
        const bool fold = line_break_length(source, at) != 0 && (node.value[i] == ' ' || node.value[i] == '\n');
        ASSERT_TRUE(escape || quote || fold) << "offset " << i << " at " << at;
      }
    }
    ASSERT_EQ(document.source_offset(scalar, static_cast<std::uint32_t>(node.value.size())), node.span.end);
  }
  EXPECT_GT(checked, 10'000u);
}

TEST(YamlProperty, ThePiecesOfAScalarMakeUpItsValue) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  ScalarGenerator generator(seed);
  for (int round = 0; round < 4000; ++round) {
    const ScalarStyle style = kStyles[round % 5];
    const auto [source, indentation] = generator.next(style);
    SCOPED_TRACE("round " + std::to_string(round) + ": " + printable(source));
    const Document document = parse_yaml(source);
    const Node& node = document[document.child(document.root(), "k")];
    ScalarWalk walk(source, node);
    std::uint32_t in_value = 0, in_source = node.span.begin;
    while (const auto piece = walk.next()) {
      ASSERT_EQ(piece->value.begin, in_value);
      ASSERT_GE(piece->source.begin, in_source);
      ASSERT_LE(piece->value.end, node.value.size());
      if (piece->verbatim) {
        ASSERT_EQ(slice(source, piece->source), slice(node.value, piece->value));
      }
      in_value = piece->value.end;
      in_source = piece->source.end;
    }
    // What is left of a block scalar are the line breaks behind its last line, and blanks of lines with nothing else.
    const std::string_view rest = node.value.substr(in_value);
    ASSERT_EQ(rest.find_first_not_of(" \t\n"), std::string_view::npos) << printable(rest);
    if (style != ScalarStyle::literal && style != ScalarStyle::folded) {
      ASSERT_TRUE(rest.empty());
    }
  }
}

std::string_view without_blank_tail(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

TEST(YamlProperty, AScalarsSpanReproducesItsValue) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  ScalarGenerator generator(seed);
  for (int round = 0; round < 4000; ++round) {
    const ScalarStyle style = kStyles[round % 5];
    const auto [source, indentation] = generator.next(style);
    const Document document = parse_yaml(source);
    const Node& node = document[document.child(document.root(), "k")];
    const std::string content(slice(source, node.span));
    std::string again;
    switch (style) {
      case ScalarStyle::plain: again = content; break;
      case ScalarStyle::single_quoted: again = "'" + content + "'"; break;
      case ScalarStyle::double_quoted: again = "\"" + content + "\""; break;
      default:
        again = std::string(style == ScalarStyle::literal ? "|" : ">") + std::to_string(indentation) + "\n" +
                std::string(line_break_length(content, 0) ? 0 : indentation, ' ') + content;
    }
    SCOPED_TRACE("round " + std::to_string(round) + ": " + printable(source) + " again: " + printable(again));
    const Document reread = parse_yaml(again);
    ASSERT_FALSE(reread.problem()) << reread.problem()->message;
    const bool block = style == ScalarStyle::literal || style == ScalarStyle::folded;
    const std::string_view value = reread[reread.root()].value;
    ASSERT_EQ(block ? without_blank_tail(value) : value, block ? without_blank_tail(node.value) : node.value);
  }
}

TEST(YamlProperty, MutatedDocumentsNeverBreakAnInvariant) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  std::vector<std::string> samples = {
      "on:\n  push: {branches: [main, 'ring-*']}\njobs:\n  b:\n    steps:\n      - run: |\n"
      "          echo \"${{ x }}\"\n          # é\n\n      - uses: a/b@v1 # note\n",
      "a: &a {x: 1, \"y\": [1, 2, ? k : v]}\nb:\n  <<: *a\n  ? c\n  : !!str >+\n    d\n    e\n\n\n--- x\n",
      "- - &x 'it''s'\n  - \"q\\u00e9\\\n    z\"\n-\n- ? - a\n  : - b\n- *x\n"
      "- {a: , b: ''}\n...\n%YAML 1.1\n---\n|2-\n    z\n",
      "\xEF\xBB\xBF" "ключ: 漢字 😀\r\nx: |-\r\n  y\r\n\r\n  z\r\n"};
  ScalarGenerator generator(seed);
  for (const ScalarStyle style : kStyles) samples.push_back(generator.next(style).source);
  static constexpr std::string_view kTelling = "\n\r\t -?:,[]{}#&*!|>'\"%@`\\~<\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF";
  const auto stop = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  for (int round = 0; round < 40'000 && std::chrono::steady_clock::now() < stop; ++round) {
    std::string source = samples[below(samples.size())];
    for (std::size_t i = 1 + below(4); i > 0; --i) {
      const std::size_t at = below(source.size() + 1);
      switch (below(6)) {
        case 0: source.resize(at); break;
        case 1: source.insert(at, 1, kTelling[below(kTelling.size())]); break;
        case 2: source.erase(at, 1 + below(3)); break;
        case 3: source.insert(at, source.substr(below(source.size() + 1), below(40))); break;
        case 4:
          if (at < source.size()) source[at] = kTelling[below(kTelling.size())];
          break;
        default:
          if (at < source.size()) source[at] = static_cast<char>(below(256));
      }
    }
    SCOPED_TRACE("round " + std::to_string(round) + ": " + printable(source));
    expect_well_formed(parse_yaml(source));
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace trueup::formats
