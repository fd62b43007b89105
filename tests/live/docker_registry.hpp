#pragma once

#include <memory>
#include <string>

#include "live/child_process.hpp"
#include "live/http.hpp"
#include "live/registry_fixture.hpp"
#include "live/temporary_folder.hpp"

namespace trueup::live_test {

/// Debian's docker-registry on a port of 127.0.0.1, with an empty storage of its own.
class DockerRegistry {
 public:
  /// With `password_protected`, only robot with the password s3cret is let in. Null if the program is not installed.
  static std::unique_ptr<DockerRegistry> start(bool password_protected);

  const std::string& host() const { return host_; }
  void stop() { process_->stop(); }
  /// What it wrote; for the message of a failed test.
  std::string log() const { return read_file(folder_.path() / "log"); }
  /// Puts a chart there by plain HTTP. `authorization` as in a request; false if the registry refused.
  bool push(const std::string& repository, const std::string& tag, const ChartArtifact& chart,
            const live::Authorization& authorization = {});

 private:
  DockerRegistry() = default;
  bool upload(live::HttpClient& http, const std::string& repository, const std::string& blob,
              const live::Authorization& authorization);

  TemporaryFolder folder_;
  std::string host_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace trueup::live_test
