#pragma once

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "formats/helm_index.hpp"
#include "live/credentials.hpp"
#include "live/http.hpp"
#include "live/reading.hpp"

namespace trueup::live {

/// "Which versions of this chart does that repository list?"
struct ChartListQuestion {
  std::string repository_url;  ///< http or https, as the fleet writes it; its index is at <url>/index.yaml
  std::string chart;
  friend auto operator<=>(const ChartListQuestion&, const ChartListQuestion&) = default;
};

struct ChartListReading {
  ChartListQuestion asked;
  ReadingState state = ReadingState::unknown;  ///< absent: the index was read to its end, and has no such chart
  std::optional<Unknown> unknown;              ///< if and only if the state is unknown
  std::string evidence;
  std::vector<formats::HelmIndexVersion> versions;  ///< as they stand in the index, newest first by Helm
  Provenance from;
};

/// Reads classic Helm repositories: one index a repository, fetched once in the object's life and read as a stream.
///
/// The index is what Helm itself goes by, so a chart or version that it does not hold is absent; everything else that is not a
/// whole index (404 too: the address may be wrong, or the credential not see it) is unknown. Basic credentials of the host are
/// sent if there are some. Safe to call from one thread at a time.
///
/// An index may also lie in a file, as `helm repo index` or a mirror writes it: it is read piece by piece, and its server is not asked.
class HelmRepositories {
 public:
  /// An index in a file.
  struct IndexFile {
    std::string path;   ///< absolute
    std::string shown;  ///< as the config has it
  };
  /// `files`: by repository URL. `now`: RFC 3339, when they are read.
  HelmRepositories(HttpClient& http, CredentialSource& credentials, std::map<std::string, IndexFile> files = {}, std::string now = {});
  ~HelmRepositories();

  /// One reading for each question, in that order.
  std::vector<ChartListReading> read(std::span<const ChartListQuestion> questions);

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace trueup::live
