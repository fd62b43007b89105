#include "formats/tag_choice.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr std::size_t kMostChoices = 200;

class Reader {
 public:
  explicit Reader(const ScriptView& script) : script_(script) {}

  std::vector<TagChoice> read() {
    for (std::uint32_t i = 0; i < script_.commands().size() && choices_.size() < kMostChoices; ++i) {
      const Invocation called = script_.invocation(i);
      TagChoice choice;
      if (called.program && !called.more_arguments && read_listing(called, choice)) follow(script_.commands()[i], choice);
    }
    return std::move(choices_);
  }

 private:
  static std::string text(const Invocation& called, std::size_t i) {
    return i < called.arguments.size() ? called.arguments[i].constant().value_or("") : std::string();
  }

  static bool read_listing(const Invocation& called, TagChoice& choice) {
    const std::string first = text(called, 0), second = text(called, 1);
    choice.list = called.program_range;
    const auto through = [&](std::size_t i) { choice.list.end = std::max(choice.list.end, called.arguments[i].range.end); };
    if (called.program == "git") {
      if (first != "tag" && first != "ls-remote" && first != "for-each-ref") return false;
      through(0);
      return read_git(called, first, choice);
    }
    choice.of = TagChoice::Of::registry;
    const bool lists = ((called.program == "crane" || called.program == "gcrane") && first == "ls") ||
                       (called.program == "skopeo" && first == "list-tags");
    const bool nested = (called.program == "regctl" && first == "tag" && (second == "ls" || second == "list")) ||
                        (called.program == "oras" && first == "repo" && second == "tags");
    if (lists) through(0);
    if (nested) through(1);
    return lists || nested;
  }

  static bool read_git(const Invocation& called, std::string_view subcommand, TagChoice& choice) {
    bool tags = subcommand == "tag";
    if (subcommand == "ls-remote") choice.of = TagChoice::Of::remote;
    for (std::size_t i = 1; i < called.arguments.size(); ++i) {
      const std::string bytes = ShellText(called.arguments[i]).bytes();
      if (bytes == "--sort" && i + 1 < called.arguments.size()) set_order(text(called, ++i), choice);
      else if (bytes.starts_with("--sort=")) set_order(bytes.substr(7), choice);
      else if (bytes == "--tags" || bytes == "-t" || bytes.starts_with("refs/tags")) tags = true;
      else if (bytes.starts_with("--points-at")) choice.filtered = true;
      else if (bytes.starts_with('-') && bytes != "-l" && bytes != "--list" && !bytes.starts_with("--merged") && bytes != "--refs" &&
               bytes != "-q" && bytes != "--quiet" && !bytes.starts_with("--format") && !bytes.starts_with("--exit-code"))
        return false;  // makes, deletes or shows tags
      else if (!bytes.starts_with('-') && subcommand == "tag") {
        const std::string before = text(called, i - 1);
        if (before.starts_with("--merged") || before == "--no-merged") continue;
        const bool listing = std::ranges::any_of(called.arguments, [](const ShellWord& word) {
          const auto option = word.constant();
          return option == "-l" || option == "--list";
        });
        if (!listing) return false;
        choice.pattern = called.arguments[i].constant();
        if (!choice.pattern) choice.filtered = true;
      }
    }
    return tags;
  }

  static void set_order(const std::string& key, TagChoice& choice) {
    const auto holds = [&](std::string_view word) { return key.find(word) != key.npos; };
    if (holds("date")) choice.order = TagOrder::time;
    else if (holds("version:") || holds("v:")) choice.order = TagOrder::version;
    else if (key == "refname") choice.order = TagOrder::name;
    else choice.order = key == "-refname" ? TagOrder::name_descending : TagOrder::other;
  }

  void follow(const ShellCommand& listing, TagChoice choice) {
    for (std::uint32_t position = listing.pipeline_position + 1;; ++position) {
      const auto next = script_.neighbour(listing.pipeline, position);
      if (!next || next->is_group) return;
      const Invocation filter = script_.invocation(next->index);
      if (filter.program == "sort") read_sort(filter, choice);
      else if (filter.program == "tail" || filter.program == "head") {
        if (!takes_one(filter)) return;
        choice.last = filter.program == "tail";
        return add(filter, choice);
      } else if (filter.program == "jq") {
        return read_jq(filter, choice);
      } else if (filter.program == "tac") {
        reverse(choice);
      } else if (!is_filter(filter.program.value_or(""))) {
        return;
      } else {
        choice.filtered = true;
      }
    }
  }

  static bool is_filter(std::string_view program) {
    constexpr auto kFilters = std::to_array<std::string_view>({"grep", "egrep", "fgrep", "sed", "awk", "cut", "tr", "uniq", "xargs"});
    return std::ranges::find(kFilters, program) != kFilters.end();
  }

  static void reverse(TagChoice& choice) {
    if (choice.order == TagOrder::name) choice.order = TagOrder::name_descending;
    else if (choice.order == TagOrder::name_descending) choice.order = TagOrder::name;
  }

  static void read_sort(const Invocation& filter, TagChoice& choice) {
    bool version = false, descending = false, other = false;
    for (const ShellWord& word : filter.arguments) {
      const std::string option = word.constant().value_or("?");
      const bool letters = option.size() > 1 && option.front() == '-' && option[1] != '-';
      version = version || option == "--version-sort" || (letters && option.find('V') != option.npos);
      descending = descending || option == "--reverse" || (letters && option.find('r') != option.npos);
      other = other || option.front() == '?' || !option.starts_with('-') ||
              (letters && option.find_first_not_of("-Vru") != option.npos) || (option.starts_with("--") && option != "--version-sort" && option != "--reverse" && option != "--unique");
    }
    choice.order = other ? TagOrder::other : version ? TagOrder::version : descending ? TagOrder::name_descending : TagOrder::name;
  }

  /// `-1`, `-n1`, `-n 1`, `--lines=1`.
  static bool takes_one(const Invocation& filter) {
    std::string joined;
    for (const ShellWord& word : filter.arguments) joined += word.constant().value_or("?");
    return joined == "-1" || joined == "-n1" || joined == "--lines=1";
  }

  void read_jq(const Invocation& filter, TagChoice choice) {
    std::string program;
    for (const ShellWord& word : filter.arguments)
      if (const std::string bytes = ShellText(word).bytes(); !bytes.starts_with('-')) program = bytes;
    if (program.find("sort") != program.npos || program.find("max") != program.npos || program.find(ShellText::kHole) != program.npos) return;
    const bool last = program.ends_with("[-1]") || program.ends_with("| last") || program.ends_with("|last");
    if (!last && !program.ends_with("[0]") && !program.ends_with("| first")) return;
    choice.last = last;
    choice.filtered = choice.filtered || program.find("select") != program.npos;
    add(filter, choice);
  }

  void add(const Invocation& filter, TagChoice choice) {
    choice.taken_by = filter.program_range;
    if (!filter.arguments.empty()) choice.taken_by.end = std::max(choice.taken_by.end, filter.arguments.back().range.end);
    choices_.push_back(std::move(choice));
  }

  const ScriptView& script_;
  std::vector<TagChoice> choices_;
};

}  // namespace

std::vector<TagChoice> read_tag_choices(const ScriptView& script) { return Reader(script).read(); }

}  // namespace trueup::formats
