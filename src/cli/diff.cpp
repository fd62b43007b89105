#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "live/record.hpp"
#include "report/difference.hpp"

namespace trueup::cli {
namespace {

namespace fs = std::filesystem;
using report::Difference;
using report::DifferenceKind;

/// Compares what servers answered, question by question.
std::vector<Difference> compare_recordings(const live::Replay& first, const live::Replay& second) {
  std::map<std::string, live::RecordedAnswer> before, after;
  for (live::RecordedAnswer& answer : first.answers()) before.emplace(answer.question, std::move(answer));
  for (live::RecordedAnswer& answer : second.answers()) after.emplace(answer.question, std::move(answer));
  std::vector<Difference> differences;
  const auto said = [](const live::RecordedAnswer& answer) {
    return answer.state + (answer.digest.empty() ? "" : ", " + std::to_string(answer.bytes) + " bytes " + answer.digest);
  };
  for (const auto& [question, now] : after) {
    const auto known = before.find(question);
    if (known == before.end()) {
      differences.push_back({DifferenceKind::added, question, question, "", said(now)});
      continue;
    }
    const live::RecordedAnswer& then = known->second;
    if (then.state == now.state && then.digest == now.digest) continue;
    const DifferenceKind kind = then.open == now.open ? DifferenceKind::changed : now.open ? DifferenceKind::now_unknown : DifferenceKind::now_known;
    differences.push_back({kind, question, question, said(then), said(now)});
  }
  for (const auto& [question, then] : before)
    if (!after.contains(question)) differences.push_back({DifferenceKind::gone, question, question, said(then), ""});
  report::sort_differences(differences);
  return differences;
}

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file || text.size() > limits::kMaxResourceListBytes) return std::nullopt;
  return text;
}

}  // namespace

int run_diff(const DiffArguments& arguments, const Environment& environment) {
  const auto fail = [&](const std::string& message) {
    environment.err("trueup: " + printable(message) + "\n");
    return 2;
  };
  const fs::path first = fs::path(environment.folder) / arguments.first, second = fs::path(environment.folder) / arguments.second;
  std::error_code error;
  for (const auto& [path, given] : {std::pair{first, arguments.first}, {second, arguments.second}})
    if (!fs::exists(path, error)) return fail(given + ": there is no such file or folder");
  const bool recordings = fs::is_directory(first, error);
  if (recordings != fs::is_directory(second, error))
    return fail("two results are compared, or two recordings: " + (recordings ? arguments.first : arguments.second) + " is a folder, and the other one a file");
  std::vector<Difference> differences;
  if (recordings) {
    auto before = live::Replay::open(first), after = live::Replay::open(second);
    for (const auto& [replay, given] : {std::pair{&before, arguments.first}, {&after, arguments.second}}) {
      if (!*replay) return fail(given + ": " + replay->error().message);
      if ((**replay)->size() == 0) return fail(given + " holds no recorded exchange: trueup check --record DIR writes them");
    }
    differences = compare_recordings(**before, **after);
  } else {
    const auto before = read_file(first), after = read_file(second);
    if (!before || !after) return fail((before ? arguments.second : arguments.first) + " cannot be read");
    auto compared = report::compare_reports(*before, *after);
    if (!compared) return fail(compared.error().message);
    differences = std::move(*compared);
  }
  environment.out(arguments.json ? report::differences_json(differences) : report::differences_text(differences));
  return differences.empty() ? 0 : 1;
}

}  // namespace trueup::cli
