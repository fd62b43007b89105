#include "rules/evaluate.hpp"

#include <sqlite3.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <unordered_map>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "facts/extract/extractor.hpp"
#include "facts/file_kind.hpp"
#include "facts/schema_text.hpp"
#include "rules/loading/rule_folder.hpp"
#include "rules/query_stages.hpp"
#include "rules/sql_functions.hpp"
#include "rules/stage_tables.hpp"

namespace trueup::rules {
namespace {

/// What this thread has spent: a machine that is busy with something else stops no rule.
std::chrono::nanoseconds processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

/// Functions that read the clock, chance or the machine, or that make large values out of nothing.
constexpr std::array<std::string_view, 22> kDeniedFunctions = {
    "random",    "randomblob",   "zeroblob",     "load_extension",     "date",
    "time",      "datetime",     "julianday",    "unixepoch",          "strftime",
    "timediff",  "current_date", "current_time", "current_timestamp",  "sqlite_version",
    "sqlite_source_id", "sqlite_log", "changes", "total_changes",      "last_insert_rowid",
    "fts3_tokenizer",   "sqlite_compileoption_get"};

/// Columns of a query that have a meaning of their own.
constexpr std::array<std::string_view, 7> kOwnColumns = {"at", "verdict", "because", "severity", "failed", "about", "is_secret"};

constexpr int kStepsPerCheck = 1000;

std::string_view text_of(sqlite3_stmt* statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  return text == nullptr ? std::string_view{}
                         : std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
}

/// A column that is there and neither empty nor 0; without a column: yes.
bool is_said(sqlite3_stmt* statement, int column) {
  if (column < 0) return true;
  const std::string_view text = text_of(statement, column);
  return !text.empty() && text != "0";
}

/// A place, or those of a JSON array.
std::vector<facts::PlaceId> places_of(sqlite3_stmt* statement, int column) {
  std::vector<facts::PlaceId> places;
  if (sqlite3_column_type(statement, column) == SQLITE_INTEGER) {
    places.push_back(sqlite3_column_int64(statement, column));
  } else {
    std::string_view text = text_of(statement, column);
    if (!text.starts_with('[') || !text.ends_with(']') || text.size() < 3) return {};
    for (const std::string_view one : split(text.substr(1, text.size() - 2), ',')) {
      facts::PlaceId place = 0;
      std::from_chars(one.data(), one.data() + one.size(), place);
      places.push_back(place);
    }
  }
  // A part that lacks one of its places cannot be made.
  if (std::any_of(places.begin(), places.end(), [](facts::PlaceId place) { return place <= 0; })) return {};
  return places;
}

/// Names in braces of a message.
std::vector<std::string_view> placeholders(std::string_view message) {
  std::vector<std::string_view> names;
  for (std::size_t at = 0; (at = message.find('{', at)) != std::string_view::npos;) {
    const std::size_t end = message.find('}', at);
    if (end == std::string_view::npos) break;
    names.push_back(message.substr(at + 1, end - at - 1));
    at = end;
  }
  return names;
}

}  // namespace

std::string_view to_string(VerdictState state) {
  switch (state) {
    case VerdictState::ok: return "ok";
    case VerdictState::violated: return "violated";
    case VerdictState::unknown: return "unknown";
  }
  return "unknown";
}

std::string fill_message(std::string_view message, const std::vector<std::pair<std::string_view, std::string>>& values) {
  std::string filled;
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t open = message.find('{', at);
    const std::size_t close = open == std::string_view::npos ? open : message.find('}', open);
    if (close == std::string_view::npos) {
      filled += message.substr(at);
      break;
    }
    filled += message.substr(at, open - at);
    const std::string_view name = message.substr(open + 1, close - open - 1);
    const auto value = std::find_if(values.begin(), values.end(), [&](const auto& pair) { return pair.first == name; });
    if (value != values.end()) filled += value->second;
    at = close + 1;
  }
  return filled;
}

struct Evaluator::Impl {
  struct Prepared {
    struct Stage {
      Statement query;
      std::vector<std::size_t> columns;  ///< of the table that holds its rows
    };
    std::vector<Stage> stages;  ///< run before, in this order, each into the table of its number
    Statement statement, when;
    RuleShape shape;
    int at = -1, verdict = -1, because = -1, severity = -1, failed = -1, about = -1, is_secret = -1;
    std::vector<int> key, places, values;  ///< columns
    struct FixColumns {
      int place = -1, when = -1, sure_when = -1;  ///< -1: always
    };
    std::vector<FixColumns> fixes;
    std::vector<std::string> value_names;
  };

  explicit Impl(facts::Store& the_store) : store(the_store), stage_tables(the_store.database()) {}

  facts::Store& store;
  StageTables stage_tables;
  std::unordered_map<std::string, Prepared> prepared;  ///< by rule id
  std::set<std::string, std::less<>>* tables_read = nullptr;
  bool reads_files = false;  ///< of what is compiled
  bool guarded = false;
  bool views_allowed = false;
  std::string denied;  ///< what the authorizer refused last
  std::uint64_t steps = 0;  ///< since start(), as the guard counts them
  std::uint64_t max_steps = limits::kMaxRuleSteps;
  std::uint64_t vm_steps = 0;  ///< of the last evaluate(), as the statements count them
  std::chrono::nanoseconds deadline{};  ///< of processor_time()
  bool over_time = false;

  sqlite3* database() const { return store.database(); }

  static bool is_stage_table(std::string_view table) { return table.starts_with("rule_stage_"); }

  static int authorize(void* self_pointer, int action, const char* first, const char* second, const char* /*database*/,
                       const char* view) {
    auto& self = *static_cast<Impl*>(self_pointer);
    if (!self.guarded) return SQLITE_OK;
    switch (action) {
      case SQLITE_SELECT:
      case SQLITE_RECURSIVE:
        return SQLITE_OK;
      case SQLITE_READ:
        if (self.tables_read != nullptr && first != nullptr && !is_stage_table(first)) {
          self.tables_read->insert(first);
          // The view of a table of blobs shows files for their rows alone.
          if (std::string_view(first) == "judged_file" &&
              (view == nullptr || !facts::is_table_of_blobs("blob_" + std::string(view))))
            self.reads_files = true;
        }
        // Writing a view goes through sqlite_temp_master.
        return SQLITE_OK;
      case SQLITE_FUNCTION:
        if (second != nullptr &&
            std::none_of(kDeniedFunctions.begin(), kDeniedFunctions.end(),
                         [&](std::string_view name) { return equal_ignoring_ascii_case(name, second); }))
          return SQLITE_OK;
        self.denied = "the function " + std::string(second == nullptr ? "" : second) + " is not allowed in a rule";
        return SQLITE_DENY;
      case SQLITE_CREATE_TEMP_VIEW:
      case SQLITE_INSERT:
      case SQLITE_UPDATE:
        // A view is a row of sqlite_temp_master.
        if (self.views_allowed && (action == SQLITE_CREATE_TEMP_VIEW || equal_ignoring_ascii_case(first, "sqlite_temp_master")))
          return SQLITE_OK;
        break;
      default: break;
    }
    self.denied = "a rule may only read";
    return SQLITE_DENY;
  }

  static int progress(void* self_pointer) {
    auto& self = *static_cast<Impl*>(self_pointer);
    self.steps += kStepsPerCheck;
    if (!self.guarded) return 0;
    if (self.steps % (kStepsPerCheck * 100) == 0 && processor_time() > self.deadline) self.over_time = true;
    return self.steps > self.max_steps || self.over_time ? 1 : 0;
  }

  RuleFault fault(std::string_view sql) {
    RuleFault fault;
    const int offset = sqlite3_error_offset(database());
    fault.message = denied.empty() ? sqlite3_errmsg(database()) : denied;
    if (offset >= 0) fault.offset = static_cast<std::uint32_t>(offset);
    const std::string_view message = sqlite3_errmsg(database());
    // SQLite gives no place for an unknown table: find its name in the text.
    constexpr std::string_view kNoTable = "no such table: ";
    if (!fault.offset && message.starts_with(kNoTable)) {
      std::string_view name = message.substr(kNoTable.size());
      if (const auto dot = name.rfind('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
      if (const auto at = sql.find(name); at != std::string_view::npos) fault.offset = static_cast<std::uint32_t>(at);
    }
    if (const auto nearest = nearest_to(message)) fault.message += "; did you mean `" + *nearest + "`?";
    denied.clear();
    return fault;
  }

  /// The nearest column of any view, or view, to the one that SQLite did not know.
  std::optional<std::string> nearest_to(std::string_view message) {
    const bool column = message.starts_with("no such column: ");
    if (!column && !message.starts_with("no such table: ")) return std::nullopt;
    std::string_view name = message.substr(message.find(": ") + 2);
    if (const auto dot = name.rfind('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
    const std::string sql = column ? "SELECT DISTINCT c.name FROM temp.sqlite_master m, pragma_table_info(m.name, 'temp') c "
                                     "WHERE m.type IN ('view', 'table') ORDER BY 1"
                                   : "SELECT name FROM temp.sqlite_master WHERE type IN ('view', 'table') ORDER BY 1";
    const bool was = std::exchange(guarded, false);
    std::vector<std::string> names;
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(database(), sql.c_str(), -1, &raw, nullptr) == SQLITE_OK) {
      const Statement statement(raw);
      while (sqlite3_step(raw) == SQLITE_ROW) names.emplace_back(text_of(raw, 0));
    }
    guarded = was;
    return nearest_name(name, names);
  }

  /// One read-only statement, or a fault.
  std::optional<RuleFault> compile(std::string_view sql, Statement& statement) {
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    guarded = true;
    // Not as a persistent one: SQLite would take nothing for it from its slots.
    const int result = sqlite3_prepare_v2(database(), sql.data(), static_cast<int>(sql.size()), &raw, &tail);
    guarded = false;
    statement.reset(raw);
    if (result != SQLITE_OK) return fault(sql);
    if (raw == nullptr) return RuleFault{"there is no statement in it", {}};
    const std::string_view rest = trim(std::string_view(tail, static_cast<std::size_t>(sql.data() + sql.size() - tail)));
    if (!rest.empty() && !rest.starts_with("--"))
      return RuleFault{"more than one statement", static_cast<std::uint32_t>(rest.data() - sql.data())};
    if (sqlite3_stmt_readonly(raw) == 0) return RuleFault{"a rule may only read", {}};
    return std::nullopt;
  }

  /// Compiles the stages of a query and what is left. False if it cannot be done so; then it is compiled whole, and what is
  /// wrong with it is told in its own words.
  bool compile_staged(std::string_view sql, Prepared& rule) {
    QueryStages query(sql);
    if (query.count() == 0 || query.count() > StageTables::kTables) return false;
    stage_tables.know(query.count());
    for (std::size_t i = 0; i < query.count(); ++i) {
      const std::string text = query.text_of(i);
      auto& [stage, kept_in] = rule.stages.emplace_back();
      if (compile(text, stage)) return false;
      auto fitting = StageTables::columns_for(stage.get());
      if (!fitting) return false;
      kept_in = std::move(*fitting);
      std::set<std::string, std::less<>> names;
      std::vector<QueryStages::Column> columns;
      for (std::size_t at = 0; at < kept_in.size(); ++at) {
        columns.push_back({sqlite3_column_name(stage.get(), static_cast<int>(at)), StageTables::column_name(kept_in[at])});
        names.insert(columns.back().name);
      }
      if (columns.size() != names.size()) return false;
      query.set_columns(i, std::move(columns), StageTables::name(i));
    }
    const std::string text = query.text();
    return !compile(text, rule.statement);
  }

  std::optional<RuleFault> compile_query(std::string_view sql, Prepared& rule) {
    if (compile_staged(sql, rule)) return std::nullopt;
    rule.stages.clear();
    return compile(sql, rule.statement);
  }

  /// Binds the rule's parameters where a statement of it names them.
  static std::optional<RuleFault> bind(sqlite3_stmt* statement, const Rule& rule, const ParameterValues& parameters) {
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); ++i) {
      const char* raw_name = sqlite3_bind_parameter_name(statement, i);
      const std::string_view name = raw_name == nullptr ? std::string_view{} : std::string_view(raw_name).substr(1);
      const auto declared = std::find_if(rule.parameters.begin(), rule.parameters.end(),
                                         [&](const RuleParameter& parameter) { return parameter.name == name; });
      if (declared == rule.parameters.end()) return RuleFault{"parameter :" + std::string(name) + " is not declared", {}};
      const auto set = parameters.find(name);
      const std::string value = set == parameters.end() ? std::string(declared->default_value) : set->second;
      std::optional<std::int64_t> number;
      if (declared->type == ParameterType::duration) number = parse_duration(value);
      if (declared->type == ParameterType::integer) number = std::strtoll(value.c_str(), nullptr, 10);
      if (number)
        sqlite3_bind_int64(statement, i, *number);
      else
        sqlite3_bind_text(statement, i, value.c_str(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    }
    return std::nullopt;
  }

  /// The tables of a rule's stages, empty again at the end.
  class StagesInUse {
   public:
    StagesInUse(Impl& impl, std::size_t count) : impl_(impl), count_(count) {}
    ~StagesInUse() { impl_.stage_tables.clear(count_); }
    StagesInUse(const StagesInUse&) = delete;
    StagesInUse& operator=(const StagesInUse&) = delete;

   private:
    Impl& impl_;
    std::size_t count_;
  };

  /// Runs the stages of a rule. SQLite's result, as of the query itself.
  int run_stages(const Prepared& rule) {
    int result = SQLITE_DONE;
    for (std::size_t i = 0; i < rule.stages.size(); ++i) {
      const Prepared::Stage& stage = rule.stages[i];
      result = stage_tables.fill(i, stage.columns, stage.query.get());
      vm_steps += take_steps(stage.query.get());
      sqlite3_reset(stage.query.get());
      if (result != SQLITE_DONE) break;
    }
    return result;
  }

  static std::uint64_t take_steps(sqlite3_stmt* statement) {
    return static_cast<std::uint64_t>(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1));
  }

  void start() {
    steps = 0;
    vm_steps = 0;
    over_time = false;
    deadline = processor_time() + std::chrono::seconds(limits::kMaxRuleSeconds);
    guarded = true;
  }

  RuleFault stopped(int result) {
    guarded = false;
    if (result == SQLITE_INTERRUPT)
      return {over_time ? "took more than " + std::to_string(limits::kMaxRuleSeconds) + " s of processor time"
                        : "took more than " + std::to_string(max_steps) + " steps",
              {}, true};
    return {sqlite3_errmsg(database()), {}};
  }
};

Evaluator::Evaluator(facts::Store& store, std::int64_t now) : impl_(std::make_unique<Impl>(store)) {
  if (auto registered = register_sql_functions(store.database(), SqlFunctionInputs{now}); !registered)
    throw std::logic_error(registered.error().message);
  // The table-valued functions make their virtual tables at first use, which the authorizer would refuse.
  store.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')");
  sqlite3_set_authorizer(store.database(), &Impl::authorize, impl_.get());
  sqlite3_progress_handler(store.database(), kStepsPerCheck, &Impl::progress, impl_.get());
  sqlite3_limit(store.database(), SQLITE_LIMIT_LENGTH, 64 << 20);
  sqlite3_limit(store.database(), SQLITE_LIMIT_ATTACHED, 0);
}

void Evaluator::limit_steps(std::uint64_t most) { impl_->max_steps = most; }

bool Evaluator::is_prepared(const Rule& rule) const { return impl_->prepared.contains(std::string(rule.id)); }

Evaluator::~Evaluator() {
  sqlite3_set_authorizer(impl_->database(), nullptr, nullptr);
  sqlite3_progress_handler(impl_->database(), 0, nullptr, nullptr);
}

std::optional<RuleFault> Evaluator::add_views(const PackViews& views) {
  std::string_view sql = views.sql;
  impl_->views_allowed = true;
  std::optional<RuleFault> fault;
  while (!fault && !trim(sql).empty()) {
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    impl_->guarded = true;
    const int prepared = sqlite3_prepare_v2(impl_->database(), sql.data(), static_cast<int>(sql.size()), &raw, &tail);
    const Statement statement(raw);
    const int done = prepared == SQLITE_OK && raw != nullptr ? sqlite3_step(raw) : prepared;
    impl_->guarded = false;
    if (prepared != SQLITE_OK || (raw != nullptr && done != SQLITE_DONE)) {
      fault = impl_->fault(sql);
      if (fault->offset) *fault->offset += static_cast<std::uint32_t>(sql.data() - views.sql.data());
    }
    sql.remove_prefix(static_cast<std::size_t>(tail - sql.data()));
  }
  impl_->views_allowed = false;
  return fault;
}

std::optional<RuleFault> Evaluator::prepare(const Rule& rule, const ParameterValues& parameters) {
  Impl::Prepared prepared;
  impl_->tables_read = &prepared.shape.tables;
  impl_->reads_files = false;
  auto fault = impl_->compile_query(rule.query, prepared);
  if (!fault && !rule.when.empty()) fault = impl_->compile(rule.when, prepared.when);
  impl_->tables_read = nullptr;
  prepared.shape.reads_files = impl_->reads_files;
  if (fault) return fault;

  for (const std::string_view kind : rule.files)
    if (facts::find_extractor(kind) == nullptr && !facts::is_kind_of_paths(kind) && kind != facts::kCarrierKind)
      return RuleFault{"`files:` names " + std::string(kind) + ", which is no kind of file", {}};

  for (const auto& stage : prepared.stages)
    if (auto unbound = Impl::bind(stage.query.get(), rule, parameters)) return unbound;
  sqlite3_stmt* statement = prepared.statement.get();
  if (auto unbound = Impl::bind(statement, rule, parameters)) return unbound;

  std::map<std::string, int, std::less<>> columns;
  for (int i = 0; i < sqlite3_column_count(statement); ++i) columns.emplace(sqlite3_column_name(statement, i), i);
  const auto column = [&](std::string_view name) {
    const auto found = columns.find(name);
    return found == columns.end() ? -1 : found->second;
  };
  prepared.at = column("at");
  if (prepared.at < 0) return RuleFault{"the query has no column `at`", {}};
  prepared.verdict = column("verdict");
  prepared.because = column("because");
  prepared.severity = column("severity");
  prepared.failed = column("failed");
  prepared.is_secret = column("is_secret");
  prepared.about = column("about");
  prepared.shape.has_verdict = prepared.verdict >= 0;
  if (!prepared.shape.has_verdict && rule.reads.empty())
    return RuleFault{"a query without a column `verdict` needs `reads:`, the kinds of file whose silence means ok", {}};
  for (const std::string_view name : rule.key) {
    if (column(name) < 0) return RuleFault{"`key:` names " + std::string(name) + ", which the query does not give", {}};
    prepared.key.push_back(column(name));
  }
  for (const RulePlace& place : rule.places) {
    if (column(place.column) < 0)
      return RuleFault{"`places:` names " + std::string(place.column) + ", which the query does not give", {}};
    prepared.places.push_back(column(place.column));
  }
  for (const std::string_view name : placeholders(rule.message))
    if (column(name) < 0) return RuleFault{"`message:` names {" + std::string(name) + "}, which the query does not give", {}};
  std::vector<int> fix_places;
  for (const RuleFix& fix : rule.fixes) {
    for (const std::string_view name : {fix.place, fix.when, fix.sure_when})
      if (!name.empty() && column(name) < 0) return RuleFault{"`fix:` names " + std::string(name) + ", which the query does not give", {}};
    for (const std::string_view text : {fix.text, fix.key})
      for (const std::string_view name : placeholders(text))
        if (column(name) < 0) return RuleFault{"`fix:` names {" + std::string(name) + "}, which the query does not give", {}};
    prepared.fixes.push_back({column(fix.place), fix.when.empty() ? -1 : column(fix.when), fix.sure_when.empty() ? -1 : column(fix.sure_when)});
    fix_places.push_back(column(fix.place));
  }
  for (const auto& [name, index] : columns) {
    const bool own = std::find(kOwnColumns.begin(), kOwnColumns.end(), name) != kOwnColumns.end();
    const bool place = std::find(prepared.places.begin(), prepared.places.end(), index) != prepared.places.end() ||
                       std::find(fix_places.begin(), fix_places.end(), index) != fix_places.end();
    if (own || place) continue;
    prepared.values.push_back(index);
    prepared.value_names.push_back(name);
  }
  impl_->prepared.insert_or_assign(std::string(rule.id), std::move(prepared));
  return std::nullopt;
}

const RuleShape& Evaluator::shape(const Rule& rule) const { return impl_->prepared.at(std::string(rule.id)).shape; }

std::optional<RuleFault> Evaluator::evaluate(const Rule& rule, std::vector<Verdict>& verdicts) {
  Impl::Prepared& prepared = impl_->prepared.at(std::string(rule.id));
  sqlite3_stmt* statement = prepared.statement.get();
  const Impl::StagesInUse stages(*impl_, prepared.stages.size());
  impl_->start();
  std::optional<RuleFault> fault;
  std::size_t rows = 0;
  int result = impl_->run_stages(prepared);
  if (result == SQLITE_DONE) result = sqlite3_step(statement);
  for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
    if (++rows > limits::kMaxVerdictRows) {
      fault = RuleFault{"gives more than " + std::to_string(limits::kMaxVerdictRows) + " rows", {}};
      break;
    }
    Verdict verdict;
    if (prepared.verdict >= 0) {
      const std::string_view text = text_of(statement, prepared.verdict);
      verdict.state = text == "ok" ? VerdictState::ok : text == "violated" ? VerdictState::violated : VerdictState::unknown;
    }
    verdict.at = sqlite3_column_int64(statement, prepared.at);
    if (verdict.at < 0 || (verdict.at & 0xFFFFFFFF) > impl_->store.span_count()) {
      fault = RuleFault{"its column `at` gives what is no place in a file", {}};
      break;
    }
    for (const int column : prepared.key) verdict.key.emplace_back(text_of(statement, column));
    if (prepared.about >= 0) verdict.about = sqlite3_column_int64(statement, prepared.about);
    if (prepared.severity >= 0) verdict.severity = parse_severity(text_of(statement, prepared.severity));
    if (verdict.state != VerdictState::ok) {
      for (const int column : prepared.places) verdict.places.push_back(sqlite3_column_int64(statement, column));
      if (verdict.state == VerdictState::violated)
        for (const auto& [place, when, sure_when] : prepared.fixes) {
          verdict.fix_places.push_back(is_said(statement, when) ? places_of(statement, place) : std::vector<facts::PlaceId>{});
          verdict.fix_guessed.push_back(!is_said(statement, sure_when));
        }
      if (prepared.because >= 0) verdict.because = text_of(statement, prepared.because);
      if (prepared.is_secret >= 0) verdict.is_secret = sqlite3_column_int(statement, prepared.is_secret) != 0;
      if (prepared.failed >= 0) verdict.failed = sqlite3_column_int(statement, prepared.failed) != 0;
      for (std::size_t i = 0; i < prepared.values.size(); ++i)
        if (sqlite3_column_type(statement, prepared.values[i]) != SQLITE_NULL)
          verdict.values.emplace_back(prepared.value_names[i], text_of(statement, prepared.values[i]));
    }
    verdicts.push_back(std::move(verdict));
  }
  if (!fault && result != SQLITE_DONE) fault = impl_->stopped(result);
  impl_->guarded = false;
  impl_->vm_steps += Impl::take_steps(statement);
  sqlite3_reset(statement);
  return fault;
}

bool Evaluator::has_subject(const Rule& rule) {
  Impl::Prepared& prepared = impl_->prepared.at(std::string(rule.id));
  if (!prepared.when) return true;
  impl_->start();
  const int result = sqlite3_step(prepared.when.get());
  impl_->guarded = false;
  sqlite3_reset(prepared.when.get());
  return result == SQLITE_ROW;
}

std::uint64_t Evaluator::last_steps() const { return impl_->vm_steps; }

std::optional<RuleFault> Evaluator::tables_of(std::string_view sql, std::set<std::string, std::less<>>& tables) {
  Statement statement;
  impl_->tables_read = &tables;
  auto fault = impl_->compile(sql, statement);
  impl_->tables_read = nullptr;
  return fault;
}

std::optional<RuleFault> Evaluator::query(std::string_view sql, std::size_t most, Table& table) {
  Statement statement;
  if (auto fault = impl_->compile(sql, statement)) return fault;
  for (int i = 0; i < sqlite3_column_count(statement.get()); ++i)
    table.columns.emplace_back(sqlite3_column_name(statement.get(), i));
  impl_->start();
  int result = SQLITE_ROW;
  while ((result = sqlite3_step(statement.get())) == SQLITE_ROW) {
    if (table.rows.size() == most) {
      table.cut = true;
      break;
    }
    auto& row = table.rows.emplace_back();
    for (int i = 0; i < static_cast<int>(table.columns.size()); ++i) {
      if (sqlite3_column_type(statement.get(), i) == SQLITE_NULL)
        row.emplace_back();
      else
        row.emplace_back(std::string(text_of(statement.get(), i)));
    }
  }
  std::optional<RuleFault> fault;
  if (result != SQLITE_DONE && !table.cut) fault = impl_->stopped(result);
  impl_->guarded = false;
  return fault;
}

}  // namespace trueup::rules
