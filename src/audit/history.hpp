#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "audit/observation.hpp"
#include "audit/record.hpp"
#include "base/result.hpp"

namespace trueup::audit {

/// The history of a fleet's findings: a SQLite file.
///
/// A run is one transaction: it is in the history as a whole or not at all, whenever it is killed and whatever else runs. There is
/// one file and no other beside it between runs (a rollback journal, no write-ahead log), so it may be copied, cached and kept on a
/// network volume. Format 1; a later format is refused, an earlier one is brought up to date by the first run that writes.
class History {
 public:
  /// Makes the file if there is none; its folder must be there. Writes nothing that stays.
  /// Errors: malformed (no history of trueup; written by a newer one; damaged), denied (it cannot be opened or written), timed_out
  /// (another run holds it for longer than `patience`).
  static Result<History> open(const std::string& path, std::chrono::milliseconds patience = std::chrono::seconds(30));

  /// The digest of the lines of each open finding whose age in commits is known for good, by fingerprint.
  Result<std::map<std::string, std::string>> dated();

  /// What earlier runs saw, by name.
  Result<std::vector<Measure>> measures();

  /// Takes a run in, and says what it means. Errors: as open(), over_limit (the disk is full), malformed (the run lies more than a day
  /// before the last one kept: a clock is wrong). With an error, the history is as it was.
  Result<Chronicle> record(const Observation& seen);

  History(History&&) noexcept;
  History& operator=(History&&) noexcept;
  ~History();

 private:
  struct Impl;
  explicit History(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace trueup::audit
