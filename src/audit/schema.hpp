#pragma once

#include <cstdint>

namespace trueup::audit {

/// "TrUp": tells a history from every other SQLite file.
inline constexpr std::int64_t kApplicationId = 0x54725570;
inline constexpr std::int64_t kFormat = 1;

/// Times are seconds since 1970. What is opened by a run and by no other is told by times of runs, so a row can be checked by itself.
inline constexpr const char* kSchema = R"sql(
CREATE TABLE run (           -- a run that was kept, in the order of keeping
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,       -- when it began
  version TEXT NOT NULL,     -- of trueup
  late INTEGER NOT NULL,     -- 1: a later run was kept before; this one changed nothing else
  knowledge INTEGER NOT NULL REFERENCES knowledge,
  verified INTEGER NOT NULL, -- subjects with a verdict
  subjects INTEGER NOT NULL,
  open INTEGER NOT NULL,     -- findings that were violated when last seen, after it
  unverified INTEGER NOT NULL -- those of them that it could not tell
);
CREATE TABLE knowledge (     -- what runs could have; those that could have the same share one
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE
);
CREATE TABLE knowledge_source (
  knowledge INTEGER NOT NULL REFERENCES knowledge,
  kind INTEGER NOT NULL,     -- audit::SourceKind
  repository TEXT NOT NULL,
  name TEXT NOT NULL,
  file_kind TEXT NOT NULL,
  missing INTEGER NOT NULL,  -- 0 nothing … 4 all of it
  PRIMARY KEY (knowledge, kind, repository, name, file_kind)
) WITHOUT ROWID;
CREATE TABLE finding (       -- every finding that a run saw, as audit::Record says
  fingerprint TEXT PRIMARY KEY,
  rule_id TEXT NOT NULL, code TEXT NOT NULL, severity INTEGER NOT NULL, message TEXT NOT NULL,
  repository TEXT NOT NULL, revision TEXT NOT NULL, path TEXT NOT NULL, line INTEGER NOT NULL, column_number INTEGER NOT NULL,
  key_values TEXT NOT NULL,  -- as it was hashed: each value and a NUL
  ordinal INTEGER NOT NULL,
  hosts TEXT NOT NULL,       -- each and a line break
  text_digest TEXT NOT NULL,
  first_seen INTEGER NOT NULL, opened INTEGER NOT NULL, last_seen INTEGER NOT NULL,
  last_run INTEGER NOT NULL REFERENCES run,
  fixed_at INTEGER,          -- NULL: it is open
  unverified_since INTEGER, because TEXT NOT NULL,
  times_returned INTEGER NOT NULL, suppressed INTEGER NOT NULL,
  since_repository TEXT NOT NULL, since_commit TEXT NOT NULL, since_time INTEGER NOT NULL, since_at_least INTEGER NOT NULL,
  CHECK (first_seen <= opened AND opened <= last_seen),
  CHECK (fixed_at IS NULL OR (fixed_at >= last_seen AND unverified_since IS NULL)),
  CHECK (unverified_since IS NULL OR unverified_since >= last_seen)
) WITHOUT ROWID;
CREATE INDEX open_finding ON finding (fixed_at);
CREATE TABLE unknown (       -- every subject that the last run of its rule could not judge
  fingerprint TEXT PRIMARY KEY,
  rule_id TEXT NOT NULL,
  since INTEGER NOT NULL     -- the first run in a row
) WITHOUT ROWID;
CREATE TABLE measure (       -- numbers that the last run which saw them saw; older histories get it with the first run that writes
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
)sql";

}  // namespace trueup::audit
