// Thousands of generated documents and edits. Each edit either says why it cannot be made, or gives a text that parses to the
// value that was wanted and differs in nothing else; made twice it changes nothing; and what all of them come to is a patch that
// git applies.

#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "fixes/document_edits.hpp"
#include "git/patch.hpp"
#include "git/repository_fixture.hpp"

namespace trueup::fixes {
namespace {

class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <std::size_t N>
  std::string_view one_of(const std::array<std::string_view, N>& list) {
    return list[below(N)];
  }

  std::string value() {
    static constexpr std::array<std::string_view, 34> kValues = {
        "main", "1.10", "0123", "1e5", "true", "yes", "on", "~", "null", "", " ", "a b", "a: b", "a #b", "#a", "- a", "-a", "[x]", "{x}", "x, y",
        "it's", "say \"x\"", "back\\slash", "${{ github.ref == 'refs/heads/main' }}", "\xC3\xBC\xE4\xB8\xAD", "tab\tx", "line\nline", "*", "&a",
        "!x", "@x", "1.0.0-staging.0157584", "x:", "---"};
    return std::string(one_of(kValues));
  }

  std::string document(Syntax syntax) {
    json_ = syntax == Syntax::json;
    next_ = 0;
    text_ = !json_ && chance(10) ? "\xEF\xBB\xBF" : "";
    if (!json_ && chance(30)) text_ += "# head\n";
    if (json_) {
      json(0);
      text_ += chance(50) ? "\n" : "";
    } else {
      mapping(0, 0);
      if (chance(15)) text_.pop_back();
    }
    if (!chance(20)) return text_;
    std::string crlf;
    for (const char c : text_) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    return crlf;
  }

 private:
  std::string key() { return "k" + std::to_string(next_++); }
  void line_end() { text_ += chance(20) ? "  # comment: x\n" : chance(5) ? "\n\n" : "\n"; }

  std::string scalar(bool in_flow) {
    switch (below(3)) {
      case 0: {
        const std::string text = value();
        return fits_plain(text, in_flow) ? text : "plain";
      }
      case 1: {
        const std::string text = value();
        return text.find('\n') == text.npos && text.find('\t') == text.npos ? single_quoted(text) : "'x'";
      }
      default: return double_quoted(value());
    }
  }

  void mapping(std::size_t indent, std::size_t depth) {
    for (std::size_t i = 1 + below(4); i > 0; --i) {
      if (chance(10)) text_ += std::string(indent, ' ') + "# of the next\n";
      text_ += std::string(indent, ' ') + (chance(10) ? "\"" + key() + "\"" : key()) + ":";
      entry(indent, depth);
    }
  }

  void entry(std::size_t indent, std::size_t depth) {
    const std::size_t deeper = indent + 2 + 2 * below(2);
    switch (depth > 3 ? 0 : below(7)) {
      case 0:
      case 1: text_ += " " + scalar(false); return line_end();
      case 2:
        line_end();
        return mapping(deeper, depth + 1);
      case 3:
        line_end();
        for (std::size_t i = 1 + below(3); i > 0; --i) {
          const std::size_t dash = deeper;
          text_ += std::string(dash, ' ') + "- ";
          if (chance(50)) {
            text_ += scalar(false);
            line_end();
            continue;
          }
          text_ += key() + ": " + scalar(false);
          line_end();
          if (chance(50)) mapping(dash + 2, depth + 1);
        }
        return;
      case 4:
        text_ += " [" + scalar(true) + ", " + scalar(true) + "]";
        return line_end();
      case 5:
        text_ += " {" + key() + ": " + scalar(true) + ", " + key() + ": " + scalar(true) + "}";
        return line_end();
      default:
        text_ += chance(50) ? " |\n" : " |-\n";
        text_ += std::string(deeper, ' ') + "git add one\n" + std::string(deeper, ' ') + "git push\n";
    }
  }

  void json(std::size_t depth) {
    const bool lines = chance(50);
    const std::string pad = lines ? "\n" + std::string(2 * depth + 2, ' ') : "";
    switch (depth > 3 ? 0 : depth == 0 ? 1 : below(3)) {
      case 0: text_ += chance(60) ? double_quoted(value()) : std::string(one_of(std::array<std::string_view, 4>{"1", "1.5e3", "true", "null"})); return;
      case 1:
        text_ += "{";
        for (std::size_t i = below(4) + 1; i > 0; --i) {
          text_ += pad + "\"" + key() + "\": ";
          json(depth + 1);
          if (i > 1) text_ += ",";
        }
        text_ += (lines ? "\n" + std::string(2 * depth, ' ') : "") + "}";
        return;
      default:
        text_ += "[";
        for (std::size_t i = below(3) + 1; i > 0; --i) {
          text_ += pad;
          json(depth + 1);
          if (i > 1) text_ += ",";
        }
        text_ += (lines ? "\n" + std::string(2 * depth, ' ') : "") + "]";
    }
  }

  std::mt19937 random_;
  std::string text_;
  std::size_t next_ = 0;
  bool json_ = false;
};

struct Tally {
  std::size_t made = 0, refused = 0;
};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Each edited scalar of each document; what it came to as a file for git.
void edit_scalars(Syntax syntax, std::uint32_t seeds, Tally& tally, std::vector<git::ChangedText>& files) {
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    Generator generator(seed);
    const std::string source = generator.document(syntax);
    const formats::Document document = parse(source, syntax);
    ASSERT_FALSE(document.problem()) << "seed " << seed << ": " << document.problem()->message << "\n" << source;
    const DocumentEdits edits(document, syntax);
    for (formats::NodeIndex i = 0; i < document.size(); ++i) {
      if (document[i].kind != formats::NodeKind::scalar) continue;
      if (tokens_of(document)[i].is_key) continue;
      const std::string wanted = generator.value();
      const auto made = edits.replace(document[i].span, wanted);
      if (!made) {
        ++tally.refused;
        EXPECT_TRUE(document[i].style == formats::ScalarStyle::literal) << "seed " << seed << " `" << wanted << "`: " << made.error().message << "\n" << source;
        continue;
      }
      ++tally.made;
      const std::string after = applied(source, *made);
      const formats::Document again = parse(after, syntax);
      ASSERT_FALSE(again.problem()) << "seed " << seed << "\n" << after;
      ASSERT_EQ(again.size(), document.size());
      for (formats::NodeIndex j = 0; j < document.size(); ++j)
        EXPECT_EQ(again[j].value, j == i ? std::string_view(wanted) : document[j].value) << "seed " << seed << "\n" << source << "\n" << after;
      // No other byte: all that changed lies within the scalar and its quotes.
      for (const Edit& edit : *made) {
        // The header of a block may get a `-`.
        if (document[i].style == formats::ScalarStyle::literal && edit.text == "-" && edit.at.empty()) continue;
        EXPECT_GE(edit.at.begin + 1, document[i].span.begin) << "seed " << seed;
        EXPECT_LE(edit.at.end, document[i].span.end + 1) << "seed " << seed;
      }
      const auto twice = DocumentEdits(again, syntax).replace(again[i].span, wanted);
      ASSERT_TRUE(twice);
      EXPECT_TRUE(twice->empty()) << "seed " << seed << ": made twice it changes `" << wanted << "` again\n" << after;
      if (seed % 20 == 0 && !made->empty()) files.push_back({(syntax == Syntax::json ? "json " : "yaml ") + std::to_string(seed) + "-" + std::to_string(i), source, after, false});
    }
  }
}

void apply_with_git(const std::vector<git::ChangedText>& files) {
  git::testing::TempFolder folder;
  git::testing::git_in(folder.path(), {"init", "-q", "-b", "main"});
  git::testing::git_in(folder.path(), {"config", "core.autocrlf", "false"});
  for (const git::ChangedText& file : files) git::testing::write_file(folder / file.path, file.before);
  const auto patch = git::unified_patch(files);
  ASSERT_TRUE(patch);
  git::testing::git_in(folder.path(), {"apply", "--whitespace=nowarn", "-"}, *patch);
  for (const git::ChangedText& file : files) EXPECT_EQ(read_file(folder / file.path), file.after) << file.path;
}

TEST(EditProperty, AReplacedValueIsReadAsWantedAndNothingElseChanges) {
  Tally yaml, json;
  std::vector<git::ChangedText> files;
  edit_scalars(Syntax::yaml, 2000, yaml, files);
  edit_scalars(Syntax::json, 500, json, files);
  EXPECT_GT(yaml.made, 10'000u);
  EXPECT_GT(json.made, 1'000u);
  EXPECT_LT(yaml.refused * 5, yaml.made);
  apply_with_git(files);
}

/// Removing, inserting, quoting and part edits: what is given was tried against the values, so it has only to be given often.
TEST(EditProperty, EntriesAndItemsComeAndGo) {
  std::size_t made = 0, refused = 0;
  std::vector<git::ChangedText> files;
  for (std::uint32_t seed = 1; seed <= 1500; ++seed) {
    Generator generator(seed);
    const Syntax syntax = seed % 4 == 0 ? Syntax::json : Syntax::yaml;
    const std::string source = generator.document(syntax);
    const formats::Document document = parse(source, syntax);
    ASSERT_FALSE(document.problem());
    const DocumentEdits edits(document, syntax);
    const ValueTokens tokens = tokens_of(document);
    for (formats::NodeIndex i = 1; i < document.size(); ++i) {
      if (tokens[i].is_key) continue;
      const ByteRange key = document[i].key == formats::kNoNode ? document[i].span : document[document[i].key].span;
      Result<Edits> made_edits = Edits{};
      std::size_t change = 0;
      switch (generator.below(3)) {
        case 0:
          made_edits = edits.remove(key);
          break;
        case 1:
          if (document[i].kind != formats::NodeKind::sequence) continue;
          made_edits = edits.insert_item(document[i].span, generator.value());
          change = 1;
          break;
        default:
          if (document[i].kind != formats::NodeKind::mapping) continue;
          made_edits = edits.insert_entry(document[i].span, "added", generator.value());
          change = 2;
      }
      if (!made_edits) {
        ++refused;
        continue;
      }
      ++made;
      const std::string after = applied(source, *made_edits);
      const std::size_t size = parse(after, syntax).size();
      if (change == 0) EXPECT_LT(size, document.size()) << "seed " << seed;
      else EXPECT_EQ(size, document.size() + change) << "seed " << seed << "\n" << source << "\n" << after;
      if (seed % 20 == 0) files.push_back({std::to_string(seed) + "-" + std::to_string(i), source, after, false});
    }
  }
  EXPECT_GT(made, 4'000u);
  EXPECT_LT(refused * 8, made) << "too often it is said that it cannot be done";
  apply_with_git(files);
}

}  // namespace
}  // namespace trueup::fixes
