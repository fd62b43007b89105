#include "formats/value_uses.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr std::size_t kMostUses = 1000;  // in one script

constexpr auto kActionInputs = std::to_array<ActionInput>({
    {"docker/build-push-action", "tags", ValuePurpose::image_reference},
    {"actions/create-release", "tag_name", ValuePurpose::release_tag},
    {"actions/create-release", "release_name", ValuePurpose::release_title},
    {"ncipollo/release-action", "tag", ValuePurpose::release_tag},
    {"ncipollo/release-action", "name", ValuePurpose::release_title},
    {"softprops/action-gh-release", "tag_name", ValuePurpose::release_tag},
    {"softprops/action-gh-release", "name", ValuePurpose::release_title},
});

/// The text between two marks, as yq and sed have them in what they are given; nothing where there are none.
std::optional<ShellText> between(const ShellText& text, std::size_t from, char mark) {
  const std::size_t end = text.bytes().find(mark, from);
  if (end == std::string::npos) return std::nullopt;
  return text.cut(from, end);
}

bool is_chart_file(const std::optional<std::string>& path) {
  return path && (*path == "Chart.yaml" || path->ends_with("/Chart.yaml"));
}

class Reader {
 public:
  explicit Reader(const ScriptView& script) : script_(script) {}

  std::vector<ValueUse> read() {
    for (std::uint32_t i = 0; i < script_.commands().size() && uses_.size() < kMostUses; ++i) {
      for (const Bindings& bindings : script_.loop_bindings(i)) read_command(i, bindings);
    }
    return std::move(uses_);
  }

 private:
  void read_command(std::uint32_t index, const Bindings& bindings) {
    const Invocation called = script_.invocation(index, bindings);
    if (!called.program) return;
    command_ = index;
    program_ = called.program_range;
    const auto& words = called.arguments;
    const std::string first = words.empty() ? "" : words[0].constant().value_or("");
    const std::string second = words.size() < 2 ? "" : words[1].constant().value_or("");
    if (called.program == "helm" && first == "package") {
      for_option(words, {"--version"}, ValuePurpose::chart_version);
      for_option(words, {"--app-version"}, ValuePurpose::app_version);
    } else if (called.program == "docker" || called.program == "podman" || called.program == "buildah") {
      const std::size_t at = first == "buildx" || first == "image" ? 1 : 0;
      const std::string action = at == 1 ? second : first;
      if (action == "build" || action == "bud") for_option(words, {"-t", "--tag"}, ValuePurpose::image_reference);
      else if ((action == "push" || action == "tag") && words.size() > at + 1) add(ValuePurpose::image_reference, words.back());
    } else if (called.program == "gh" && first == "release" && second == "create") {
      if (words.size() > 2 && !starts_with_dash(words[2])) add(ValuePurpose::release_tag, words[2]);
      for_option(words, {"-t", "--title"}, ValuePurpose::release_title);
    } else if (called.program == "git" && first == "tag") {
      read_git_tag(words);
    } else if (called.program == "yq") {
      read_yq(words);
    } else if (called.program == "sed") {
      read_sed(words);
    }
  }

  static bool starts_with_dash(const ShellWord& word) { return ShellText(word).bytes().starts_with('-'); }

  void for_option(const std::vector<ShellWord>& words, std::initializer_list<std::string_view> names, ValuePurpose purpose) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const ShellText text(words[i]);
      for (const std::string_view name : names) {
        if (text.bytes() == name && i + 1 < words.size()) add(purpose, words[i + 1]);
        else if (text.bytes().starts_with(std::string(name) + "=")) add(purpose, text.cut(name.size() + 1, text.size()));
      }
    }
  }

  void read_git_tag(const std::vector<ShellWord>& words) {
    static constexpr std::array<std::string_view, 6> kValued = {"-m", "-F", "-u", "--message", "--file", "--local-user"};
    static constexpr std::array<std::string_view, 8> kMaking = {"-a", "-s", "-f", "-am", "--annotate", "--sign", "--force", "-fa"};
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::string bytes = ShellText(words[i]).bytes();
      if (std::ranges::find(kValued, bytes) != kValued.end()) ++i;
      else if (bytes == "-am") ++i;
      else if (bytes.starts_with("--message=") || std::ranges::find(kMaking, bytes) != kMaking.end()) continue;
      else if (bytes.starts_with('-')) return;  // -d, -l, --contains …
      else return add(ValuePurpose::release_tag, words[i]);
    }
  }

  /// `.version = "X"`, `(.dependencies[] | select(.name == "atlas") | .version) = "X"`, `.version = strenv(X)`.
  void read_yq(const std::vector<ShellWord>& words) {
    const bool chart = std::ranges::any_of(words, [](const ShellWord& word) { return is_chart_file(word.constant()); });
    for (const ShellWord& word : words) {
      const ShellText text(word);
      const std::string& bytes = text.bytes();
      for (std::size_t equals = bytes.find('='); equals != std::string::npos; equals = bytes.find('=', equals + 1)) {
        const bool comparison = (equals > 0 && std::string_view("=!<>").find(bytes[equals - 1]) != std::string_view::npos) ||
                                (equals + 1 < bytes.size() && bytes[equals + 1] == '=');
        if (!comparison) {
          read_yq_assignment(text, equals, chart);
          break;
        }
        if (equals + 1 < bytes.size() && bytes[equals + 1] == '=') ++equals;
      }
    }
  }

  void read_yq_assignment(const ShellText& text, std::size_t equals, bool chart) {
    std::string left(trim(std::string_view(text.bytes()).substr(0, equals)));
    while (left.ends_with(')') || left.ends_with('|') || left.ends_with(' ')) left.pop_back();
    const std::size_t begin = std::min(text.bytes().find_first_not_of(" \t", equals + 1), text.size());
    std::optional<ShellText> value;
    const std::string right = text.bytes().substr(begin);
    if (right.starts_with('"')) {
      value = between(text, begin + 1, '"');
    } else if (right.starts_with("strenv(") || right.starts_with("env(")) {
      const std::size_t open = text.bytes().find('(', begin), close = text.bytes().find(')', begin);
      if (close != std::string::npos) value = environment(std::string(trim(text.bytes().substr(open + 1, close - open - 1))), text.place(open));
    }
    if (!value) return;
    if (!chart) {
      if (left.ends_with(".image.tag") || left.ends_with(".imageTag")) add(ValuePurpose::image_tag, *value);
      return;
    }
    const bool version = left.ends_with(".version");
    if (version && left.find(".dependencies") != std::string::npos) add(ValuePurpose::dependency_version, *value, selected_name(left));
    else if (left == ".version") add(ValuePurpose::chart_version, *value);
    else if (left == ".appVersion") add(ValuePurpose::app_version, *value);
  }

  static std::string selected_name(std::string_view expression) {
    const std::size_t at = expression.find(".name");
    const std::size_t open = at == expression.npos ? at : expression.find('"', at);
    const std::size_t close = open == expression.npos ? open : expression.find('"', open + 1);
    return close == expression.npos ? "" : std::string(expression.substr(open + 1, close - open - 1));
  }

  /// What an environment variable holds that the command sees: its own `X=… yq`, else the script's or the step's.
  ShellText environment(std::string name, ByteRange place) const {
    const ShellCommand& command = script_.commands()[command_];
    for (const Assignment& own : command.assignments)
      if (own.name == name) return script_.resolved_text(own.value, command.range.begin);
    WordPart part;
    part.kind = WordPartKind::parameter;
    part.range = place;
    part.text = part.name = std::move(name);
    ShellWord word;
    word.range = place;
    word.parts.push_back(std::move(part));
    return script_.resolved_text(word, command.range.begin);
  }

  /// `s/^version:.*/version: X/`
  void read_sed(const std::vector<ShellWord>& words) {
    if (words.empty() || !is_chart_file(words.back().constant())) return;
    for (const ShellWord& word : words) {
      const ShellText text(word);
      const std::string& bytes = text.bytes();
      if (bytes.size() < 4 || bytes[0] != 's' || text.is_hole(1)) continue;
      const char mark = bytes[1];
      const std::size_t middle = bytes.find(mark, 2), end = middle == bytes.npos ? middle : bytes.find(mark, middle + 1);
      if (end == bytes.npos) continue;
      for (const auto& [key, purpose] : {std::pair<std::string_view, ValuePurpose>{"version: ", ValuePurpose::chart_version},
                                         {"appVersion: ", ValuePurpose::app_version}}) {
        if (bytes.compare(middle + 1, key.size(), key) != 0) continue;
        std::size_t from = middle + 1 + key.size(), to = end;
        if (to > from + 1 && (bytes[from] == '"' || bytes[from] == '\'') && bytes[to - 1] == bytes[from]) ++from, --to;
        add(purpose, text.cut(from, to));
      }
    }
  }

  void add(ValuePurpose purpose, const ShellWord& word) { add(purpose, ShellText(word)); }
  void add(ValuePurpose purpose, ShellText text, std::string subject = "") {
    if (text.empty() || uses_.size() >= kMostUses) return;
    const ShellCommand& command = script_.commands()[command_];
    uses_.push_back({purpose, std::move(subject), std::move(text), program_, command.range.begin, command.conditional});
  }

  const ScriptView& script_;
  std::vector<ValueUse> uses_;
  std::uint32_t command_ = 0;
  ByteRange program_;
};

}  // namespace

std::string_view to_string(ValuePurpose purpose) {
  switch (purpose) {
    case ValuePurpose::chart_version: return "chart_version";
    case ValuePurpose::app_version: return "app_version";
    case ValuePurpose::dependency_version: return "dependency_version";
    case ValuePurpose::image_reference: return "image_reference";
    case ValuePurpose::image_tag: return "image_tag";
    case ValuePurpose::release_tag: return "release_tag";
    case ValuePurpose::release_title: break;
  }
  return "release_title";
}

std::vector<ValueUse> read_value_uses(const ScriptView& script) { return Reader(script).read(); }

const ActionInput* find_value_input(std::string_view action, std::string_view input) {
  const auto found = std::ranges::find_if(kActionInputs, [&](const ActionInput& row) { return row.action == action && row.input == input; });
  return found == kActionInputs.end() ? nullptr : &*found;
}

}  // namespace trueup::formats
