#include <chrono>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "cli/assembly.hpp"
#include "cli/commands.hpp"

#ifndef TRUEUP_VERSION
#error "TRUEUP_VERSION is given by the build"
#endif

namespace trueup::cli {
namespace {

/// Says what is being done once a run takes more than a second, on a terminal only; the line is wiped at the end.
class Progress {
 public:
  explicit Progress(const Environment& environment) : environment_(environment) {}
  ~Progress() { wipe(); }
  void wipe() {
    if (std::exchange(shown_, false)) environment_.err("\r\x1b[K");
  }
  void say(std::string_view doing) {
    if (!environment_.err_is_terminal || Clock::now() - begin_ < std::chrono::seconds(1)) return;
    shown_ = true;
    environment_.err("\r\x1b[K" + printable(doing).substr(0, environment_.width - 2) + " …");
  }

 private:
  using Clock = std::chrono::steady_clock;
  const Environment& environment_;
  Clock::time_point begin_ = Clock::now();
  bool shown_ = false;
};

}  // namespace

std::string_view trueup_version() { return TRUEUP_VERSION; }

std::string caret_below(std::string_view text, std::uint32_t offset) {
  const LineIndex lines(text);
  const LineColumn at = lines.locate(std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(text.size())));
  const std::string number = std::to_string(at.line);
  return "  " + number + " | " + printable(lines.line(text, at.line)) + "\n  " + std::string(number.size(), ' ') + " | " +
         std::string(at.column - 1, ' ') + "^\n";
}

std::string describe_rule_error(const engine::RuleError& error, const rules::RuleFolder* folder) {
  if (error.rule == nullptr || !error.fault.offset) return error.file + ": " + error.fault.message + "\n";
  const LineColumn at = folder != nullptr
                            ? folder->locate_in_query(*error.rule, *error.fault.offset)
                            : LineColumn{error.rule->query_line + LineIndex(error.rule->query).locate(*error.fault.offset).line - 1, 1};
  return error.file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + error.fault.message + "\n" +
         caret_below(error.rule->query, *error.fault.offset);
}

PreparedRun prepare_run(const SourceArguments& arguments, const Environment& environment, RunWishes wishes) {
  PreparedRun prepared;
  auto assembled = assemble(arguments, environment, wishes.fetches);
  if (const auto* error = std::get_if<AssemblyError>(&assembled)) {
    for (const std::string& line : error->lines) environment.err("trueup: " + printable(line) + "\n");
    prepared.exit_code = 2;
    return prepared;
  }
  prepared.assembly = std::move(std::get<std::unique_ptr<Assembly>>(assembled));
  engine::Request& request = prepared.assembly->request;
  request.all_tables = wishes.all_tables;
  request.asks_early = wishes.judges;
  request.earlier = std::move(wishes.earlier);
  const auto progress = std::make_shared<Progress>(environment);
  request.progress = [progress](std::string_view doing) { progress->say(doing); };
  prepared.wipe_progress = [progress] { progress->wipe(); };

  prepared.run = std::make_unique<engine::Run>(std::move(request));
  for (const engine::RuleError& error : prepared.run->prepare()) {
    const rules::RuleFolder* folder = error.rule == nullptr ? nullptr : prepared.assembly->folder_of(*error.rule);
    environment.err(describe_rule_error(error, folder));
    prepared.exit_code = 2;
  }
  if (prepared.exit_code != 0) return prepared;
  if (auto loaded = prepared.run->load(); !loaded) {
    environment.err("trueup: " + printable(loaded.error().message) + "\n");
    prepared.exit_code = 2;
  }
  return prepared;
}

}  // namespace trueup::cli
