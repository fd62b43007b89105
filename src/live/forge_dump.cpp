#include "live/forge_dump.hpp"

#include <map>

#include "base/text.hpp"
#include "live/http.hpp"
#include "live/url.hpp"

namespace trueup::live {
namespace {

/// Answers from the files of a dump what an API would be asked for.
class DumpClient final : public HttpClient {
 public:
  DumpClient(std::string api_url, ForgeDump dump) : api_url_(std::move(api_url)), label_(std::move(dump.label)), read_at_(std::move(dump.read_at)) {
    for (auto& [path, bytes] : dump.texts) files_.emplace(ascii_lower(path), std::move(bytes));
  }

  HttpAnswer send(const HttpRequest& request) override {
    HttpAnswer answer;
    std::string path = request.url.substr(0, request.url.find('?'));
    path = path.starts_with(api_url_ + "/") ? path.substr(api_url_.size() + 1) : path;
    // GitLab writes the slashes of a project's path as %2F.
    const std::string name = ascii_lower(replace_all(path, "%2F", "/")) + ".json";
    answer.from = {label_ + "/" + name, read_at_, false};
    if (const auto file = files_.find(name); file != files_.end()) answer.response = HttpResponse{200, {{"Content-Type", "application/json"}}, file->second};
    else answer.failure = {"not_in_dump", label_ + " has no " + name};
    return answer;
  }

 private:
  const std::string api_url_, label_, read_at_;
  std::map<std::string, std::string> files_;
};

class ForgeOfDump final : public Forge {
 public:
  ForgeOfDump(ForgeServer server, ForgeDump dump) : client_(server.api_url, std::move(dump)), inner_(make_forge(std::move(server), client_, nobody_)) {}
  ForgeKind kind() const override { return inner_->kind(); }
  const std::string& host() const override { return inner_->host(); }
  std::vector<ForgeRepositoryReading> repositories(std::span<const std::string> slugs) override { return inner_->repositories(slugs); }
  std::vector<ForgeListReading> lists(std::span<const ForgeListQuestion> questions) override { return inner_->lists(questions); }

 private:
  NoCredentials nobody_;
  DumpClient client_;
  std::unique_ptr<Forge> inner_;
};

}  // namespace

std::unique_ptr<Forge> make_forge_dump(ForgeServer server, ForgeDump dump) {
  if (dump.problem) return make_silent_forge(server.kind, std::move(server.host), unknown("malformed", *dump.problem));
  while (server.api_url.ends_with('/')) server.api_url.pop_back();
  return std::make_unique<ForgeOfDump>(std::move(server), std::move(dump));
}

}  // namespace trueup::live
