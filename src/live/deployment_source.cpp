#include "live/deployment_source.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/json.hpp"
#include "live/api_door.hpp"
#include "live/oci_lists.hpp"
#include "live/url.hpp"

namespace trueup::live {
namespace {

/// Why a document is none, for people.
std::optional<std::string> problem_of(const std::string& text) {
  const formats::Document document = formats::parse_json(text);
  if (document.problem()) return document.problem()->message;
  if (!document.is_mapping(document.root()) && !document.is_sequence(document.root())) return "it is no object and no list";
  return std::nullopt;
}

class DumpSource final : public DeploymentSource {
 public:
  explicit DumpSource(DeploymentDump dump) : dump_(std::move(dump)) {}

  const std::string& name() const override { return dump_.name; }
  const std::string& source() const override { return dump_.label; }
  std::string host() const override { return ""; }

  DeploymentListReading read() override {
    DeploymentListReading reading;
    reading.from = {dump_.label, dump_.read_at, false};
    std::optional<std::string> problem = dump_.problem;
    for (const auto& [file, text] : dump_.texts)
      if (!problem)
        if (const auto fault = problem_of(text)) problem = fmt::format("{} cannot be read: {}", file.empty() ? dump_.label : file, *fault);
    if (problem) {
      reading.unknown = unknown("malformed", *problem);
      return reading;
    }
    reading.state = ReadingState::present;
    reading.evidence = counted(dump_.texts.size(), "file");
    reading.complete = dump_.complete;
    reading.documents = dump_.texts;
    return reading;
  }

 private:
  const DeploymentDump dump_;
};

class AddressSource final : public DeploymentSource {
 public:
  AddressSource(std::string name, const std::string& url, HttpClient& http, CredentialSource& credentials) : name_(std::move(name)), url_(url) {
    const auto parsed = Url::parse(url);
    host_ = parsed ? parsed->host.to_string() : printable(url);
    if (!parsed) return;
    std::string base = parsed->to_string();
    base.resize(base.size() - parsed->target.size());
    door_.emplace(http, base, credentials.find_account(parsed->host, name_), account_of(parsed->host, name_),
                  "a token for " + host_ + " may stand in TRUEUP_HOSTS");
  }

  const std::string& name() const override { return name_; }
  const std::string& source() const override { return host_; }
  std::string host() const override { return host_; }

  DeploymentListReading read() override {
    DeploymentListReading reading;
    if (!door_) {
      reading.unknown = unknown("invalid_reference", printable(url_) + " is no address");
      return reading;
    }
    ApiAnswer asked = door_->get_url(url_, limits::kMaxResourceListBytes);
    reading.from = asked.answer.from;
    reading.unknown = std::move(asked.unknown);
    if (!reading.unknown && !asked.answer.has_status(200))
      reading.unknown = unknown(fmt::format("http_{}", asked.answer.response->status), host_ + " has no document at that address");
    if (!reading.unknown)
      if (const auto fault = problem_of(asked.body())) reading.unknown = unknown("malformed", fmt::format("{} answered, but not with records: {}", host_, *fault));
    if (reading.unknown) return reading;
    reading.state = ReadingState::present;
    reading.evidence = "a document of " + host_;
    reading.complete = true;
    reading.documents.emplace_back("", asked.body());
    return reading;
  }

 private:
  const std::string name_, url_;
  std::string host_;
  std::optional<ApiDoor> door_;
};

class SilentSource final : public DeploymentSource {
 public:
  SilentSource(std::string name, std::string source, Unknown why) : name_(std::move(name)), source_(std::move(source)), why_(std::move(why)) {}
  const std::string& name() const override { return name_; }
  const std::string& source() const override { return source_; }
  std::string host() const override { return source_; }
  DeploymentListReading read() override {
    DeploymentListReading reading;
    reading.unknown = why_;
    return reading;
  }

 private:
  const std::string name_, source_;
  const Unknown why_;
};

}  // namespace

std::unique_ptr<DeploymentSource> make_deployment_dump(DeploymentDump dump) { return std::make_unique<DumpSource>(std::move(dump)); }

std::unique_ptr<DeploymentSource> make_deployment_address(std::string name, std::string url, HttpClient& http, CredentialSource& credentials) {
  return std::make_unique<AddressSource>(std::move(name), url, http, credentials);
}

std::unique_ptr<DeploymentSource> make_silent_deployment_source(std::string name, std::string source, Unknown why) {
  return std::make_unique<SilentSource>(std::move(name), std::move(source), std::move(why));
}

}  // namespace trueup::live
