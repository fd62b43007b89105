#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "live/reading.hpp"

namespace trueup::live {

/// What an instance of ArgoCD holds. The same objects come from its own API, from the Kubernetes API of the cluster that
/// it runs in, and from dumps of either.
enum class ResourceKind : std::uint8_t { application, application_set, project, repository };
inline constexpr std::size_t kResourceKinds = 4;
std::string_view to_string(ResourceKind kind);  // "application", "application_set", "project", "repository"
std::string_view shown(ResourceKind kind);      ///< for people: "application set"

/// What one source says of all objects of a kind.
struct ResourceListReading {
  ResourceKind kind = ResourceKind::application;
  ReadingState state = ReadingState::unknown;  ///< present or unknown: a list is never absent
  std::optional<Unknown> unknown;              ///< if and only if the state is unknown
  std::string evidence;                        ///< "16 applications"
  /// What is not in it is not there: whoever asked is shown everything. ArgoCD leaves out what a token may not see, so
  /// its own lists are never complete.
  bool complete = false;
  std::string incomplete_because;
  /// JSON objects as served, without metadata.managedFields. In the order of the answer.
  std::vector<std::string> items;
  Provenance from;
};

/// "Is there this application?"
struct ApplicationQuestion {
  std::string name;
  std::string app_namespace;  ///< of the Application object; empty: that in which ArgoCD itself runs
  std::string project;
  friend auto operator<=>(const ApplicationQuestion&, const ApplicationQuestion&) = default;
};

struct ApplicationReading {
  ApplicationQuestion asked;
  ReadingState state = ReadingState::unknown;
  std::optional<Unknown> unknown;
  std::string evidence;  ///< how absence was proven
  std::string item;      ///< the JSON object. Set if present
  Provenance from;
};

/// The program with which a person changes what an instance of ArgoCD holds.
struct Client {
  std::string program = "kubectl";  ///< or "argocd"
  std::string target;               ///< its --context or --server; empty: not known, and so the one at hand
};

/// One instance of ArgoCD, by whatever way it is read. Reads, and writes nothing.
class ControlPlane {
 public:
  virtual ~ControlPlane() = default;
  virtual const std::string& name() const = 0;  ///< of the config
  /// What people are shown: "argocd.example", "kubernetes.example:6443", "apps.json".
  virtual const std::string& source() const = 0;
  /// host[:port] that is asked; empty if nobody is.
  virtual std::string host() const = 0;
  /// What a person changes an object there with.
  virtual Client client() const { return {}; }
  /// Never fails as a whole. Safe to call from many threads.
  virtual ResourceListReading list(ResourceKind kind) = 0;
  /// Whether objects exist that a list did not show; one reading for each question, in that order.
  virtual std::vector<ApplicationReading> find(std::span<const ApplicationQuestion> questions) = 0;
};

/// What find() is made of where a source is asked for one application at a time: `answer` fills one reading, from several threads at
/// once. What is over limits::kMaxApplicationQuestions reads as unknown.
std::vector<ApplicationReading> find_each(std::span<const ApplicationQuestion> questions, const std::string& host,
                                          const std::function<void(ApplicationReading&)>& answer);

/// One that cannot be asked at all: every reading is unknown for this reason.
std::unique_ptr<ControlPlane> make_silent_control_plane(std::string name, std::string source, Unknown why);

}  // namespace trueup::live
