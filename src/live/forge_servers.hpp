#pragma once

#include <memory>
#include <string>

#include "live/credentials.hpp"
#include "live/forge.hpp"
#include "live/http.hpp"

namespace trueup::live {

/// A forge, as the operator names it or as its address says.
struct ForgeServer {
  ForgeKind kind = ForgeKind::github;
  std::string host;          ///< of its web pages: "github.com"
  std::string api_url;       ///< "https://api.github.com", "https://github.example/api/v3", "https://gitlab.example/api/v4"
  std::string closed_since;  ///< RFC 3339: closed pull requests, and runs of a branch, that were last touched before are left out
  std::string token_host = {};  ///< whose token it gets; empty: that of `host`
};

/// The API's address where nobody says another one.
std::string default_api_url(ForgeKind kind, const std::string& host);

/// GitHub's REST API (2022-11-28) and GitLab's (v4), read with the token that belongs to the forge's host; that of github.com goes
/// to api.github.com, and no token anywhere else.
///
/// What they do, and what follows: what a token may not see is 404, like what is not there, so 404 reads as unknown; only where
/// github.com has no account of the owner's name, which it shows to everybody, a repository of it is absent. A repository that was
/// renamed answers with a redirect, and then with its name of today. A list whose pages were all read is complete; of names of
/// secrets only if those of the organization and of every environment were shown too. GitLab gives the values of its variables
/// with their names, so they are not asked for.
std::unique_ptr<Forge> make_forge(ForgeServer server, HttpClient& http, CredentialSource& credentials);

}  // namespace trueup::live
