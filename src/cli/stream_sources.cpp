#include "cli/stream_sources.hpp"

#include <filesystem>

#include "cli/dump_files.hpp"
#include "live/url.hpp"

namespace trueup::cli {
namespace {

constexpr std::string_view kCloud = "https://cloud.mongodb.com";

std::string url_of(const StreamConfig& stream) { return stream.url.empty() ? std::string(kCloud) : stream.url; }

}  // namespace

Result<void> plan_streams(const Config& config, live::HostPolicy& hosts) {
  for (const StreamConfig& stream : config.streams) {
    if (stream.url.empty() || !stream.dump.empty()) continue;
    const auto url = live::Url::parse(stream.url);
    if (!url) return Error{Fault::malformed, "streams." + stream.workspace.name + ": " + url.error().message};
    if (auto allowed = hosts.allow(url->host.to_string()); !allowed) return std::move(allowed).error().within("streams." + stream.workspace.name);
  }
  return {};
}

std::vector<std::unique_ptr<live::StreamSource>> open_streams(const Config& config, const std::string& config_folder, live::HttpClient* http,
                                                              live::CredentialSource* credentials, const std::string& now) {
  std::vector<std::unique_ptr<live::StreamSource>> sources;
  for (const StreamConfig& stream : config.streams) {
    const std::string& name = stream.workspace.name;
    if (!stream.dump.empty()) {
      DumpFiles files = read_dump_files((std::filesystem::path(config_folder) / stream.dump).lexically_normal().string(), stream.dump, {".json"});
      sources.push_back(live::make_stream_dump({name, stream.dump, std::move(files.texts), std::move(files.problem), stream.complete, now}));
    } else if (http == nullptr) {
      const auto url = live::Url::parse(url_of(stream));
      sources.push_back(live::make_silent_stream_source(name, url ? url->host.to_string() : name, live::unknown("offline", "offline: no server was asked")));
    } else {
      sources.push_back(live::make_atlas_streams({name, url_of(stream), stream.project}, *http, *credentials));
    }
  }
  return sources;
}

}  // namespace trueup::cli
