#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "live/credentials.hpp"
#include "live/http.hpp"
#include "live/reading.hpp"

namespace trueup::live {

/// What a store says of deployments of Terraform roots.
struct DeploymentListReading {
  ReadingState state = ReadingState::unknown;  ///< present or unknown
  std::optional<Unknown> unknown;              ///< if and only if the state is unknown
  std::string evidence;                        ///< "3 files"
  bool complete = false;                       ///< what is not in it is not there
  std::vector<std::pair<std::string, std::string>> documents;  ///< (name of the file or object, JSON), in order; what is in them is not looked at
  Provenance from;
};

/// Where a worker of Atlantis persists what it deployed, or what somebody copied of that. Reads, and writes nothing.
class DeploymentSource {
 public:
  virtual ~DeploymentSource() = default;
  virtual const std::string& name() const = 0;    ///< of the config
  virtual const std::string& source() const = 0;  ///< for people: "records.example", "live/deployments"
  virtual std::string host() const = 0;           ///< host[:port] that is asked; empty if nobody is
  /// Never fails as a whole; safe to call from one thread at a time.
  virtual DeploymentListReading read() = 0;
};

/// Files that lie on this machine: copied from an object store with their names, or written by hand.
struct DeploymentDump {
  std::string name;   ///< of the config
  std::string label;  ///< for people: "live/deployments"
  std::vector<std::pair<std::string, std::string>> texts;  ///< (file name, bytes), in order
  std::optional<std::string> problem;  ///< why it could not be read at all
  bool complete = false;  ///< the operator's word that it holds every record
  std::string read_at;    ///< RFC 3339, UTC
};
/// A file that is no JSON makes all unknown: who knows whose record it is.
std::unique_ptr<DeploymentSource> make_deployment_dump(DeploymentDump dump);

/// One document with records behind an address, asked with the token that belongs to its host, if there is one.
std::unique_ptr<DeploymentSource> make_deployment_address(std::string name, std::string url, HttpClient& http, CredentialSource& credentials);

/// One that cannot be asked at all.
std::unique_ptr<DeploymentSource> make_silent_deployment_source(std::string name, std::string source, Unknown why);

}  // namespace trueup::live
