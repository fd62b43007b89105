#pragma once

#include <string>

#include "live/surroundings.hpp"
#include "live/url.hpp"

namespace trueup::live {

/// The proxy for a URL as curl chooses it: https_proxy or HTTPS_PROXY, http_proxy (lower case only: HTTP_PROXY is what
/// a web server sets from a client's header), all_proxy or ALL_PROXY, unless no_proxy or NO_PROXY names the host (by
/// itself, by a domain above it, as an address or a network like 10.0.0.0/8) or is "*". Empty if there is none.
/// Loopback hosts have none: a proxy would ask its own machine. May hold a password.
std::string proxy_for(const Url& url, const Surroundings& surroundings);

}  // namespace trueup::live
