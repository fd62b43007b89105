// bash is the judge of what a script runs: generated scripts call stubs that write down what they were given, and the
// reading has to say the same, or that it does not know.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "base/text.hpp"
#include "formats/shell_commands.hpp"

namespace trueup::formats {
namespace {

namespace fs = std::filesystem;

constexpr int kScripts = 120;
constexpr std::uint32_t kSeed = 20'260'704;

/// Writes scripts of a few statements. What they run is decided by what stands in them, not by the machine.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  std::string script() {
    std::string text;
    const int count = 3 + pick(5);
    for (int i = 0; i < count; ++i) text += statement(2) + "\n";
    return text;
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<std::uint32_t>(below)); }
  std::string one_of(std::initializer_list<const char*> list) { return *(list.begin() + pick(static_cast<int>(list.size()))); }

  std::string variable() { return one_of({"A", "B", "C", "LIST"}); }
  std::string piece() {
    switch (pick(14)) {
      case 0: return "'a  b$A'";
      case 1: return "\"c d\"";
      case 2: return "\"$" + variable() + "\"";
      case 3: return "\"${" + variable() + "}\"";
      case 4: return "$" + variable();
      case 5: return "\\ e\\$f";
      case 6: return "$'g\\th'";
      case 7: return "\"${" + variable() + ":-i j}\"";
      case 8: return "\"$(echo k l)\"";
      case 9: return "\"m\\\"n\\\\o\\p\"";
      case 10: return "''";
      case 11: return "\"`echo q`\"";
      case 12: return "\"${" + variable() + "%x}\"";
      default: return one_of({"r", "s.t", "u:v", "w/x", "1.0", "@y", "+z"});
    }
  }
  std::string word() {
    std::string text;
    for (int i = 1 + pick(3); i > 0; --i) text += piece();
    return text;
  }
  std::string command() {
    std::string text = one_of({"helm push", "helm package", "docker push", "docker build", "git tag", "gh release view"});
    for (int i = pick(4); i > 0; --i) {
      text += pick(6) == 0 ? " \\\n  " : " ";
      switch (pick(8)) {
        case 0: text += "--version=" + word(); break;
        case 1: text += "--name " + word(); break;
        case 2: text += "\"${LIST[@]}\""; break;
        default: text += word();
      }
    }
    if (pick(8) == 0) text += " <<EOF\n$A helm push x\nEOF";
    return text;
  }
  std::string statement(int depth) {
    const std::string inner = depth > 0 ? statement(depth - 1) : command();
    switch (pick(depth > 0 ? 16 : 4)) {
      case 0: return variable() + "=" + word();
      case 1: return "export B=" + one_of({"1", "\"two words\"", "$A"});
      case 2: return ": # helm push comment";
      case 3: return "LIST=(" + word() + " " + word() + ")";
      case 4: return "if " + one_of({"true", "false", "[ -n \"$A\" ]"}) + "; then\n" + inner + "\nelse\n" + command() + "\nfi";
      case 5: return "for A in one 'two three'; do\n" + inner + "\ndone";
      case 6: return one_of({"true", "false"}) + " && " + command();
      case 7: return one_of({"true", "false"}) + " || " + command();
      case 8: return "(\n" + inner + "\n)";
      case 9: return "{\n" + inner + "\n}";
      case 10: return "f() {\n" + inner + "\n}\n" + one_of({"f", ":"});
      case 11: return "case \"$B\" in\n  1) " + command() + " ;;\n  *) : ;;\nesac";
      case 12: return "echo \"$A\" | " + command();
      default: return command();
    }
  }

  std::mt19937 random_;
};

/// What is known of a call: its words, where an argument that has a hole is "?" and may be anything.
struct Call {
  std::vector<std::string> words;
  bool conditional = false, complete = true;

  bool may_be(const Call& other) const {
    if (complete && words.size() != other.words.size()) return false;
    // Where words may be missing or too many, those in front of the first that is not known have to agree.
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == "?" && !complete) return true;
      if (i >= other.words.size()) return !complete;
      if (words[i] != "?" && words[i] != other.words[i]) return false;
    }
    return true;
  }
};

std::vector<Call> calls_of(std::string_view script) {
  std::vector<Call> calls;
  for (const ProgramCall& read : read_program_calls(parse_shell(script))) {
    Call call{{read.program + " " + read.subcommand}, read.conditional, read.arguments.complete};
    for (const CommandArgument& argument : read.arguments.list) {
      if (!argument.value) {
        call.words.push_back(*argument.option);
        continue;
      }
      const auto value = argument.value->pattern ? std::nullopt : argument.value->constant();
      call.words.push_back(value ? argument.option.value_or("") + "=" + *value : "?");
    }
    calls.push_back(std::move(call));
  }
  return calls;
}

std::string as_word(std::string_view word) { return "'" + replace_all(word, "'", "'\\''") + "'"; }

/// Runs the scripts, and gives what each of them called.
std::vector<std::vector<Call>> recorded(const std::vector<std::string>& scripts) {
  const fs::path folder = fs::temp_directory_path() / ("trueup-shell-oracle-" + std::to_string(std::random_device{}()));
  fs::create_directories(folder / "bin");
  fs::create_directories(folder / "work");
  for (const char* program : {"helm", "docker", "git", "gh"}) {
    const fs::path stub = folder / "bin" / program;
    std::ofstream(stub) << "#!/bin/bash\nprintf '%s\\0' " << program << " \"$@\" >> \"$RECORD\"\nprintf '\\n\\0' >> \"$RECORD\"\n";
    fs::permissions(stub, fs::perms::owner_all);
  }
  for (std::size_t i = 0; i < scripts.size(); ++i) std::ofstream(folder / (std::to_string(i) + ".sh")) << scripts[i];
  std::ofstream(folder / "run.sh") << "cd " << as_word((folder / "work").string()) << "\nexport PATH=" << as_word((folder / "bin").string())
                                   << "\nfor ((i = 0; i < " << scripts.size()
                                   << "; i++)); do RECORD=../$i.log /bin/bash ../$i.sh; done\n";
  const std::string command = "env -i /bin/bash " + as_word((folder / "run.sh").string()) + " >/dev/null 2>&1";
  const int status = std::system(command.c_str());
  EXPECT_NE(status, -1);
  std::vector<std::vector<Call>> calls(scripts.size());
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    std::ifstream file(folder / (std::to_string(i) + ".log"));
    std::stringstream bytes;
    bytes << file.rdbuf();
    const std::string text = bytes.str();
    std::string line;
    for (const std::string_view word : split(text, '\0')) {
      if (word != "\n") {
        if (!word.empty() || !line.empty()) line += (line.empty() ? "" : " ") + (line.empty() ? std::string(word) : as_word(word));
        continue;
      }
      for (Call& call : calls_of(line)) calls[i].push_back(std::move(call));
      line.clear();
    }
  }
  fs::remove_all(folder);
  return calls;
}

/// Why a reading and a record cannot both be right; empty if they can.
std::string disagreement(const std::vector<Call>& read, const std::vector<Call>& run) {
  const auto shown = [](const Call& call) {
    std::string text;
    for (const std::string& word : call.words) text += (text.empty() ? "" : " | ") + word;
    return text;
  };
  for (const Call& call : run)
    if (std::none_of(read.begin(), read.end(), [&](const Call& known) { return known.may_be(call); }))
      return "was run and not read: " + shown(call);
  std::size_t at = 0;
  for (const Call& call : read) {
    if (call.conditional) continue;
    while (at < run.size() && !call.may_be(run[at])) ++at;
    if (at++ >= run.size()) return "was read and not run: " + shown(call);
  }
  return {};
}

TEST(ShellOracle, BashRunsWhatIsReadOrTheReadingDoesNotKnow) {
  if (!fs::exists("/bin/bash")) GTEST_SKIP() << "there is no bash";
  Generator generator(kSeed);
  std::vector<std::string> scripts;
  for (int i = 0; i < kScripts; ++i) scripts.push_back(generator.script());
  const auto run = recorded(scripts);
  std::size_t ran = 0, known = 0;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    const std::vector<Call> read = calls_of(scripts[i]);
    EXPECT_EQ(disagreement(read, run[i]), "") << "seed " << kSeed << ", script " << i << ":\n" << scripts[i];
    ran += run[i].size();
    for (const Call& call : read) known += call.complete && std::find(call.words.begin(), call.words.end(), "?") == call.words.end();
  }
  // The judge must have had something to judge.
  EXPECT_GT(ran, 250u);
  EXPECT_GT(known, 120u);
}

TEST(ShellOracle, ADisagreementIsNoticed) {
  if (!fs::exists("/bin/bash")) GTEST_SKIP() << "there is no bash";
  const struct {
    std::string run, read;
  } pairs[] = {
      {"helm push 'a b'", "helm push a b"},     {"A=1; helm push \"$A\"", "helm push 2"}, {"helm push a", "helm push a; docker push b"},
      {"helm push a; docker push b", "helm push a"}, {"docker push b; helm push a", "helm push a; docker push b"},
  };
  std::vector<std::string> scripts;
  for (const auto& pair : pairs) scripts.push_back(pair.run);
  const auto run = recorded(scripts);
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    EXPECT_EQ(disagreement(calls_of(pairs[i].run), run[i]), "") << pairs[i].run;
    EXPECT_NE(disagreement(calls_of(pairs[i].read), run[i]), "") << pairs[i].run;
  }
}

}  // namespace
}  // namespace trueup::formats
