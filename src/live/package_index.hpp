#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "formats/package_list.hpp"
#include "live/credentials.hpp"
#include "live/http.hpp"
#include "live/reading.hpp"

namespace trueup::live {

/// "Which versions of this package does that index hold?"
struct PackageQuestion {
  formats::Ecosystem ecosystem = formats::Ecosystem::npm;
  std::string index;    ///< http or https: https://registry.npmjs.org, https://pypi.org/simple, https://proxy.golang.org
  std::string package;  ///< @acme/client, acme-client, example.com/acme/client/v7
  /// Versions that it is about, as tags have them: a Go proxy's list need not be whole, so it is asked for these one by one.
  std::vector<std::string> versions = {};
};

struct PackageReading {
  PackageQuestion asked;
  ReadingState state = ReadingState::unknown;  ///< absent: the index shows every package to everybody, and has none of that name
  std::optional<Unknown> unknown;              ///< if and only if the state is unknown
  std::string evidence;
  bool complete = false;  ///< a version that is not in `list` is not there; of a Go proxy: one of those that were asked for
  formats::PackageList list;
  Provenance from;
};

/// Reads indexes of npm, PyPI (simple API) and Go modules: one document a package, fetched once in the object's life, and for Go one
/// small one a version.
///
/// A version is absent where the package's whole list has none of it. A package is absent only where its index keeps nothing from
/// anybody (pypi.org; names without a scope at registry.npmjs.org): elsewhere 404 may mean that it is not shown to whoever asks, so
/// it is unknown. All else that is not the package's list is unknown. The host's credential, a token or basic, is sent if there is
/// one. Safe to call from one thread at a time.
/// Sources: npm registry API (package metadata); PEP 503, 691, 700; Go modules reference, "GOPROXY protocol".
class PackageIndexes {
 public:
  PackageIndexes(HttpClient& http, CredentialSource& credentials);
  ~PackageIndexes();

  /// One reading for each question, in that order.
  std::vector<PackageReading> read(std::span<const PackageQuestion> questions);

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace trueup::live
