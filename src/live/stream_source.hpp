#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "live/credentials.hpp"
#include "live/http.hpp"
#include "live/reading.hpp"

namespace trueup::live {

/// What is asked of a workspace of Atlas Stream Processing: itself, its connections and its processors.
enum class StreamListKind : std::uint8_t { workspace, connection, processor };
std::string_view to_string(StreamListKind kind);  // "workspace", "connection", "processor": the spelling of the fact tables

struct StreamListReading {
  StreamListKind kind = StreamListKind::workspace;
  ReadingState state = ReadingState::unknown;  ///< absent only of a workspace, and then of its lists: the project is shown, and does not have it
  std::optional<Unknown> unknown;              ///< if and only if the state is unknown
  std::string evidence;                        ///< "16 processors"
  bool complete = false;                       ///< what is not in it is not there
  std::vector<std::string> items;              ///< JSON objects as served, names once each
  Provenance from;
};

/// A project of Atlas, or what somebody wrote down of it. Reads, and writes nothing.
class StreamSource {
 public:
  virtual ~StreamSource() = default;
  virtual const std::string& name() const = 0;    ///< of the config
  virtual const std::string& source() const = 0;  ///< for people: "cloud.mongodb.com", "live/streams.json"
  virtual std::string host() const = 0;           ///< host[:port] that is asked; empty if nobody is
  /// One reading of each kind, in their order. Never fails as a whole; safe to call from one thread at a time.
  virtual std::vector<StreamListReading> read(const std::string& workspace) = 0;
};

/// A project of Atlas, as the config names it.
struct AtlasProject {
  std::string name;     ///< of the config, and of its account
  std::string url;      ///< "https://cloud.mongodb.com"
  std::string project;  ///< its id, 24 hex digits
};

/// Asks the Atlas Admin API (v2, versioned media types) with the credential that belongs to its host: an API key by digest, a service
/// account by a token that it fetches at the same host, or a token.
///
/// A project shows all of its workspaces, connections and processors to whoever may read it, and refuses all others, so its lists are
/// complete; a workspace that the project's list leaves out is absent. A project that is 404 may be hidden: unknown. Secrets of
/// connections are not given back, and what may be one (headers) is not recorded.
std::unique_ptr<StreamSource> make_atlas_streams(AtlasProject project, HttpClient& http, CredentialSource& credentials);

/// What tools wrote down of one workspace: answers of the Admin API, lists of `atlas streams … list -o json`, of mongosh's
/// sp.listStreamProcessors() and of the tool `sp`.
struct StreamDump {
  std::string name;   ///< of the config
  std::string label;  ///< for people: "live/streams"
  std::vector<std::pair<std::string, std::string>> texts;  ///< (file name, bytes), in order
  std::optional<std::string> problem;  ///< why it could not be read at all
  bool complete = false;  ///< the operator's word that it holds every object of the kinds that it holds
  std::string read_at;    ///< RFC 3339, UTC
};

/// What has a pipeline is a processor, what has a type a connection, what has streamConfig or dataProcessRegion a workspace; the rest is
/// passed over. Of a kind that the dump does not hold it says nothing. A file that cannot be read makes all unknown.
std::unique_ptr<StreamSource> make_stream_dump(StreamDump dump);

/// One that cannot be asked at all: every reading is unknown for this reason.
std::unique_ptr<StreamSource> make_silent_stream_source(std::string name, std::string source, Unknown why);

}  // namespace trueup::live
