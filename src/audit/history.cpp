#include "audit/history.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "audit/absence.hpp"
#include "audit/schema.hpp"
#include "audit/sql.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "formats/timestamp.hpp"

namespace trueup::audit {
namespace {

constexpr std::int64_t kDay = 86'400;

constexpr std::string_view kColumns =
    "fingerprint, rule_id, code, severity, message, repository, revision, path, line, column_number, key_values, ordinal, hosts, text_digest,"
    " first_seen, opened, last_seen, last_run, fixed_at, unverified_since, because, times_returned, suppressed, since_repository,"
    " since_commit, since_time, since_at_least";

std::string joined(const std::vector<std::string>& parts, char end) {
  std::string text;
  for (const std::string& part : parts) (text += part) += end;
  return text;
}

std::vector<std::string> parted(std::string_view text, char end) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = std::min(text.find(end, at), text.size());
    parts.emplace_back(text.substr(at, stop - at));
    at = stop + 1;
  }
  return parts;
}

Record read_record(Statement& row) {
  Record record;
  record.fingerprint = row.text();
  record.rule_id = row.text();
  record.code = row.text();
  record.severity = static_cast<rules::Severity>(std::clamp<std::int64_t>(row.number(), 0, 3));
  record.message = row.text();
  record.repository = row.text();
  record.revision = row.text();
  record.path = row.text();
  record.line = static_cast<std::uint32_t>(row.number());
  record.column = static_cast<std::uint32_t>(row.number());
  record.key = parted(row.text(), '\0');
  record.ordinal = static_cast<std::uint32_t>(row.number());
  record.hosts = parted(row.text(), '\n');
  record.text = row.text();
  record.first_seen = row.number();
  record.opened = row.number();
  record.last_seen = row.number();
  record.last_run = row.number();
  record.fixed_at = row.optional_number();
  record.unverified_since = row.optional_number();
  record.because = row.text();
  record.times_returned = static_cast<std::size_t>(row.number());
  record.suppressed = row.number() != 0;
  StandsSince since{row.text(), row.text(), row.number(), row.number() != 0};
  if (!since.commit_id.empty()) record.since = std::move(since);
  record.standing = record.fixed_at ? Standing::fixed : record.suppressed ? Standing::suppressed : Standing::persisting;
  return record;
}

void take_words(Record& record, const rules::Finding& finding) {
  record.rule_id = finding.rule_id;
  record.code = finding.code;
  record.severity = finding.severity;
  record.message = finding.message;
  record.repository = finding.at.repository;
  record.revision = finding.at.revision;
  record.path = finding.at.path;
  record.line = finding.at.begin.line;
  record.column = finding.at.begin.column;
  record.key.clear();
  for (const auto& [column, value] : finding.key) record.key.push_back(value);
  record.ordinal = finding.ordinal;
  record.hosts = hosts_of(finding);
}

}  // namespace

struct History::Impl {
  std::string path;
  Database database;

  sqlite3* db() const { return database.get(); }

  Error error_of(const Failure& failure) const {
    const std::string said = " (" + std::string(failure.what()) + ")";
    switch (failure.code) {
      case SQLITE_NOTADB: return {Fault::malformed, path + " is no history of trueup: name another file, or remove it" + said};
      case SQLITE_CORRUPT: return {Fault::malformed, path + " is damaged: put a copy of it back, or remove it to begin anew" + said};
      case SQLITE_BUSY:
      case SQLITE_LOCKED: return {Fault::timed_out, path + " is held by another run; try again when that has ended" + said};
      case SQLITE_FULL: return {Fault::over_limit, path + ": the disk is full; the history is as it was before this run" + said};
      case SQLITE_READONLY:
      case SQLITE_PERM:
      case SQLITE_AUTH:
      case SQLITE_CANTOPEN:
        return {Fault::denied, path + " cannot be opened for writing: the file, and the folder that it lies in, must be writable" + said};
      default: return {Fault::unreachable, path + " cannot be read or written; the history is as it was before this run" + said};
    }
  }

  template <typename T, typename Work>
  Result<T> guarded(Work work) {
    try {
      return work();
    } catch (const Failure& failure) {
      return error_of(failure);
    }
  }

  std::int64_t pragma(const char* name) {
    Statement statement(db(), std::string("PRAGMA ") + name);
    const std::int64_t value = statement.row() ? statement.number() : 0;
    statement.reset();
    return value;
  }

  /// Within a transaction: what is there is a history that this trueup knows, or nothing, and then it is made one.
  std::optional<Error> make_ready() {
    const std::int64_t application = pragma("application_id"), format = pragma("user_version");
    Statement count(db(), "SELECT count(*), total(type IN ('trigger', 'view')) FROM sqlite_schema");
    count.row();
    const std::int64_t objects = count.number(), strange = count.number();
    count.reset();
    if (objects == 0 && application == 0 && format == 0) {
      execute(db(), kSchema);
      execute(db(), ("PRAGMA application_id = " + std::to_string(kApplicationId) + "; PRAGMA user_version = " + std::to_string(kFormat)).c_str());
      return std::nullopt;
    }
    if (application != kApplicationId || strange != 0)
      return Error{Fault::malformed, path + " is a database of something else, no history of trueup: name another file"};
    if (format > kFormat)
      return Error{Fault::malformed, path + " was written by a newer trueup (format " + std::to_string(format) + "; this one knows " +
                                         std::to_string(kFormat) + "): run that one, or name another file"};
    // A format before this one would be brought up to date here, step by step.
    if (format < 1) return Error{Fault::malformed, path + " is damaged: it has no format"};
    return std::nullopt;
  }

  SourceStates sources_of(std::int64_t run) {
    SourceStates states;
    Statement rows(db(), "SELECT kind, repository, name, file_kind, missing FROM run JOIN knowledge_source USING (knowledge) WHERE run.id = ?");
    rows.add(run);
    while (rows.row()) {
      SourceName name;
      name.kind = static_cast<SourceKind>(rows.number());
      name.repository = rows.text();
      name.name = rows.text();
      name.file_kind = rows.text();
      const int missing = static_cast<int>(rows.number());
      states.emplace(std::move(name), missing);
    }
    return states;
  }

  std::int64_t keep_knowledge(const std::vector<SourceState>& sources) {
    SourceStates states;
    for (const SourceState& state : sources) states[state.source] = std::max(states[state.source], state.missing);
    std::string text;
    for (const auto& [name, missing] : states)
      for (const std::string& part : {std::to_string(static_cast<int>(name.kind)), name.repository, name.name, name.file_kind, std::to_string(missing)})
        (text += part) += '\0';
    const std::string digest = sha256_hex(text);
    Statement known(db(), "SELECT id FROM knowledge WHERE digest = ?");
    known.add(digest);
    if (known.row()) {
      const std::int64_t id = known.number();
      known.reset();
      return id;
    }
    Statement(db(), "INSERT INTO knowledge (digest) VALUES (?)").add(digest).run();
    const std::int64_t id = sqlite3_last_insert_rowid(db());
    Statement insert(db(), "INSERT INTO knowledge_source VALUES (?, ?, ?, ?, ?, ?)");
    for (const auto& [name, missing] : states)
      insert.add(id).add(static_cast<std::int64_t>(name.kind)).add(name.repository).add(name.name).add(name.file_kind).add(std::int64_t{missing}).run();
    return id;
  }

  using Records = std::unordered_map<std::string, Record>;

  Records read_records(const std::string& where, std::optional<std::int64_t> since = std::nullopt) {
    Records records;
    Statement rows(db(), "SELECT " + std::string(kColumns) + " FROM finding WHERE " + where);
    if (since) rows.add(*since);
    while (rows.row()) {
      Record record = read_record(rows);
      std::string name = record.fingerprint;
      records.emplace(std::move(name), std::move(record));
    }
    return records;
  }

  /// A rule under a new id goes on with what it saw under the former ones.
  void follow_new_names(const std::vector<JudgedRule>& rules) {
    Statement rows(db(), "SELECT " + std::string(kColumns) + " FROM finding WHERE rule_id = ?");
    Statement rename(db(), "UPDATE OR IGNORE finding SET fingerprint = ?, rule_id = ? WHERE fingerprint = ?");
    Statement remove(db(), "DELETE FROM finding WHERE fingerprint = ? AND rule_id = ?");
    for (const JudgedRule& rule : rules)
      for (const std::string& alias : rule.aliases) {
        std::vector<Record> moved;
        rows.add(alias);
        while (rows.row()) moved.push_back(read_record(rows));
        for (const Record& record : moved) {
          const std::string name = rules::fingerprint(rule.id, record.repository, rule.anywhere ? "" : record.path, record.key, record.ordinal);
          rename.add(name).add(rule.id).add(record.fingerprint).run();
          remove.add(record.fingerprint).add(alias).run();  // where the new name was there already
        }
      }
  }

  std::unordered_map<std::string, std::int64_t> follow_unknowns(const Observation& seen) {
    std::unordered_map<std::string, std::int64_t> before, now;
    Statement rows(db(), "SELECT fingerprint, since FROM unknown");
    while (rows.row()) {
      std::string name = rows.text();
      before.emplace(std::move(name), rows.number());
    }
    Statement insert(db(), "INSERT OR REPLACE INTO unknown VALUES (?, ?, ?)");
    for (const rules::Finding* unknown : seen.unknown) {
      const auto known = before.find(unknown->fingerprint);
      const bool added = now.emplace(unknown->fingerprint, known == before.end() ? seen.now : known->second).second;
      if (known == before.end() && added) insert.add(unknown->fingerprint).add(unknown->rule_id).add(seen.now).run();
    }
    // What a rule that was not at work could not judge is still so.
    Statement known_rule(db(), "SELECT fingerprint FROM unknown WHERE rule_id = ?");
    Statement remove(db(), "DELETE FROM unknown WHERE fingerprint = ?");
    for (const JudgedRule& rule : seen.rules) {
      std::vector<std::string> over;
      known_rule.add(rule.id);
      while (known_rule.row())
        if (std::string name = known_rule.text(); !now.contains(name)) over.push_back(std::move(name));
      for (const std::string& name : over) remove.add(name).run();
    }
    return now;
  }

  void write(const std::vector<const Record*>& records) {
    Statement upsert(db(), "INSERT OR REPLACE INTO finding (" + std::string(kColumns) +
                               ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    const StandsSince never;
    for (const Record* record : records) {
      const StandsSince& since = record->since ? *record->since : never;
      const std::string key = joined(record->key, '\0'), hosts = joined(record->hosts, '\n');
      upsert.add(record->fingerprint).add(record->rule_id).add(record->code).add(static_cast<std::int64_t>(record->severity)).add(record->message);
      upsert.add(record->repository).add(record->revision).add(record->path).add(std::int64_t{record->line}).add(std::int64_t{record->column});
      upsert.add(key).add(std::int64_t{record->ordinal}).add(hosts).add(record->text).add(record->first_seen).add(record->opened);
      upsert.add(record->last_seen).add(record->last_run).add(record->fixed_at).add(record->unverified_since).add(record->because);
      upsert.add(static_cast<std::int64_t>(record->times_returned)).add(std::int64_t{record->suppressed}).add(since.repository);
      upsert.add(since.commit_id).add(since.committed_at).add(std::int64_t{since.at_least}).run();
    }
  }

  Chronicle take_in(const Observation& seen, const std::optional<RunEntry>& last, std::size_t runs, std::int64_t began);
  std::int64_t add_run(const Observation& seen, bool late);
};

namespace {

/// Whether nothing but the time of the last run has changed.
bool tells_the_same(const Record& a, const Record& b) {
  const auto all = [](const Record& each) {
    return std::tie(each.rule_id, each.code, each.severity, each.message, each.repository, each.revision, each.path, each.line, each.column,
                    each.key, each.ordinal, each.hosts, each.text, each.opened, each.fixed_at, each.unverified_since, each.suppressed, each.since);
  };
  return all(a) == all(b);
}

/// What a run that shows a finding makes of it.
void see(Record& record, const Seen& seen, std::int64_t now, std::int64_t run, bool known) {
  if (!known) {
    record.fingerprint = seen.finding->fingerprint;
    record.first_seen = record.opened = now;
    record.standing = Standing::fresh;
  } else if (record.fixed_at) {
    record.opened = now;
    ++record.times_returned;
    record.standing = Standing::returned;
  } else {
    record.standing = Standing::persisting;
  }
  record.fixed_at.reset();
  record.unverified_since.reset();
  record.because.clear();
  record.last_seen = now;
  record.last_run = run;
  record.suppressed = seen.suppressed;
  if (seen.suppressed) record.standing = Standing::suppressed;
  take_words(record, *seen.finding);
  const std::string text = text_digest(*seen.finding);
  if (record.text != text) record.since.reset();
  record.text = text;
  // A walk that was cut short says less each day: the oldest answer is the best one.
  const bool better = seen.since && (!record.since || !seen.since->at_least ||
                                     (record.since->at_least && seen.since->committed_at < record.since->committed_at));
  if (better) record.since = seen.since;
}

/// New ones first, then by age.
void order(std::vector<Record>& records) {
  std::ranges::sort(records, [](const Record& a, const Record& b) {
    return std::tie(a.standing, a.severity, a.opened, a.repository, a.path, a.line, a.rule_id, a.fingerprint) <
           std::tie(b.standing, b.severity, b.opened, b.repository, b.path, b.line, b.rule_id, b.fingerprint);
  });
}

}  // namespace

std::int64_t History::Impl::add_run(const Observation& seen, bool late) {
  Statement insert(db(), "INSERT INTO run (at, version, late, knowledge, verified, subjects, open, unverified) VALUES (?, ?, ?, ?, ?, ?, 0, 0)");
  insert.add(seen.now).add(seen.version).add(std::int64_t{late}).add(keep_knowledge(seen.sources));
  insert.add(static_cast<std::int64_t>(seen.verified)).add(static_cast<std::int64_t>(seen.subjects)).run();
  return sqlite3_last_insert_rowid(db());
}

Chronicle History::Impl::take_in(const Observation& seen, const std::optional<RunEntry>& last, std::size_t runs, std::int64_t began) {
  Chronicle chronicle;
  chronicle.history = path;
  chronicle.now = seen.now;
  chronicle.runs = runs + 1;
  chronicle.began = runs == 0 ? seen.now : began;
  chronicle.before = last;
  chronicle.late = last && seen.now < last->at;
  const std::int64_t run = add_run(seen, chronicle.late);
  if (!chronicle.late) follow_new_names(seen.rules);

  Records records = read_records("fixed_at IS NULL"), fixed = read_records("fixed_at > ?", seen.now - kRecentDays * kDay);
  Statement find(db(), "SELECT " + std::string(kColumns) + " FROM finding WHERE fingerprint = ?");
  std::vector<const Record*> changed;
  std::unordered_map<std::string_view, const Seen*> shown;
  for (const Seen& each : seen.violated) {
    if (!shown.emplace(each.finding->fingerprint, &each).second) continue;
    auto known = records.find(each.finding->fingerprint);
    bool is_known = known != records.end();
    if (!is_known) {
      known = records.emplace(each.finding->fingerprint, Record()).first;
      find.add(each.finding->fingerprint);
      if (find.row()) {
        known->second = read_record(find);
        is_known = true;
      }
      find.reset();
      fixed.erase(each.finding->fingerprint);
    }
    if (chronicle.late && is_known) continue;
    const Record before = known->second;
    see(known->second, each, seen.now, run, is_known);
    if (!is_known || !tells_the_same(before, known->second)) changed.push_back(&known->second);
  }

  if (!chronicle.late) {
    const auto unknowns = follow_unknowns(seen);
    const Absence absence(seen, unknowns);
    std::map<std::int64_t, SourceStates> then;
    for (auto& [name, record] : records) {
      if (shown.contains(name)) continue;
      auto knowledge = then.find(record.last_run);
      if (knowledge == then.end()) knowledge = then.emplace(record.last_run, sources_of(record.last_run)).first;
      if (auto because = absence.unproven(record, knowledge->second)) {
        if (!record.unverified_since) record.unverified_since = seen.now;
        record.because = std::move(*because);
        record.standing = record.suppressed ? Standing::suppressed : Standing::unverified;
      } else {
        record.fixed_at = seen.now;
        record.unverified_since.reset();
        record.because.clear();
        record.standing = Standing::fixed;
      }
      changed.push_back(&record);
    }
    write(changed);
    if (!seen.measures.empty()) {
      execute(db(), "CREATE TABLE IF NOT EXISTS measure (name TEXT PRIMARY KEY, value INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID");
      Statement measure(db(), "INSERT OR REPLACE INTO measure VALUES (?, ?, ?)");
      for (const Measure& each : seen.measures) measure.add(each.name).add(each.value).add(seen.now).run();
    }
    // What is open and was not left open by this run, it saw.
    Statement(db(), "UPDATE finding SET last_seen = ?, last_run = ? WHERE fixed_at IS NULL AND unverified_since IS NULL AND last_run <> ?")
        .add(seen.now).add(run).add(run).run();
  }

  for (Records* part : {&records, &fixed})
    for (auto& [name, record] : *part) chronicle.records.push_back(std::move(record));
  std::erase_if(chronicle.records, [](const Record& record) { return record.standing == Standing::fixed && record.suppressed; });
  order(chronicle.records);
  std::int64_t open = 0, unverified = 0;
  for (const Record& record : chronicle.records) {
    open += record.fixed_at ? 0 : 1;
    unverified += record.unverified_since ? 1 : 0;
  }
  Statement(db(), "UPDATE run SET open = ?, unverified = ? WHERE id = ?").add(open).add(unverified).add(run).run();
  return chronicle;
}

History::History(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;
History::~History() = default;

Result<History> History::open(const std::string& path, std::chrono::milliseconds patience) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  impl->database.reset(raw);
  if (code != SQLITE_OK) return impl->error_of(Failure(code & 0xFF, raw == nullptr ? "out of memory" : sqlite3_errmsg(raw)));
  sqlite3_busy_timeout(raw, static_cast<int>(patience.count()));
  // The file may come from a cache that others wrote to: it holds rows, and nothing that runs.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  auto ready = impl->guarded<bool>([&]() -> Result<bool> {
    if (sqlite3_db_readonly(raw, "main") == 1) throw Failure(SQLITE_READONLY, "it may only be read");
    execute(raw, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL");
    // That it can be written is seen by writing what is there already.
    Transaction transaction(raw);
    if (auto wrong = impl->make_ready()) return *wrong;
    execute(raw, ("PRAGMA user_version = " + std::to_string(kFormat)).c_str());
    return true;
  });
  if (!ready) return std::move(ready).error();
  return History(std::move(impl));
}

Result<std::map<std::string, std::string>> History::dated() {
  return impl_->guarded<std::map<std::string, std::string>>([&]() -> Result<std::map<std::string, std::string>> {
    std::map<std::string, std::string> texts;
    Statement exists(impl_->db(), "SELECT 1 FROM sqlite_schema WHERE name = 'finding'");
    if (!exists.row()) return texts;
    exists.reset();
    Statement rows(impl_->db(), "SELECT fingerprint, text_digest FROM finding WHERE fixed_at IS NULL AND since_commit <> '' AND since_at_least = 0");
    while (rows.row()) {
      std::string name = rows.text();
      texts.emplace(std::move(name), rows.text());
    }
    return texts;
  });
}

Result<std::vector<Measure>> History::measures() {
  return impl_->guarded<std::vector<Measure>>([&]() -> Result<std::vector<Measure>> {
    std::vector<Measure> measures;
    Statement exists(impl_->db(), "SELECT 1 FROM sqlite_schema WHERE name = 'measure'");
    if (!exists.row()) return measures;
    exists.reset();
    Statement rows(impl_->db(), "SELECT name, value, at FROM measure ORDER BY name");
    while (rows.row()) {
      Measure measure;
      measure.name = rows.text();
      measure.value = rows.number();
      measure.at = rows.number();
      measures.push_back(std::move(measure));
    }
    return measures;
  });
}

Result<Chronicle> History::record(const Observation& seen) {
  return impl_->guarded<Chronicle>([&]() -> Result<Chronicle> {
    Transaction transaction(impl_->db());
    if (auto wrong = impl_->make_ready()) return *wrong;
    std::optional<RunEntry> last;
    std::size_t runs = 0;
    std::int64_t began = seen.now;
    {
      Statement rows(impl_->db(), "SELECT at, verified, subjects, open, unverified FROM run WHERE late = 0 ORDER BY id DESC LIMIT 1");
      if (rows.row()) {
        RunEntry& entry = last.emplace();
        entry.at = rows.number();
        entry.verified = static_cast<std::size_t>(rows.number());
        entry.subjects = static_cast<std::size_t>(rows.number());
        entry.open = static_cast<std::size_t>(rows.number());
        entry.unverified = static_cast<std::size_t>(rows.number());
        rows.reset();
      }
      Statement count(impl_->db(), "SELECT count(*), min(at) FROM run");
      if (count.row()) {
        runs = static_cast<std::size_t>(count.number());
        began = count.number();
        count.reset();
      }
    }
    if (last && seen.now < last->at - kDay)
      return Error{Fault::malformed, impl_->path + ": the last run is of " + formats::rfc3339_text(last->at) +
                                         ", more than a day after this one's time, " + formats::rfc3339_text(seen.now) +
                                         ": a clock or --now is wrong, or this is another fleet's history"};
    Chronicle chronicle = impl_->take_in(seen, last, runs, began);
    transaction.commit();
    return chronicle;
  });
}

}  // namespace trueup::audit
