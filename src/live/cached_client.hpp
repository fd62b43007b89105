#pragma once

#include <filesystem>
#include <memory>

#include "live/http.hpp"

namespace trueup::live {

/// Keeps answers that have an ETag in a folder, and asks for them the next time with If-None-Match: what a server confirms with 304 is
/// taken from there, and comes back as the 200 that it was, with the headers of today. Nothing is taken without asking.
///
/// Kept are answers to GET alone, and none that may hold a secret (secret_answer, secret_keys, a URL with a token). An answer belongs to what was
/// asked: the URL, Accept and the credential, of which only a digest is kept. Files are readable by their owner alone; what was not used
/// for 30 days, and the oldest beyond 512 MiB, are removed at the beginning. A folder that cannot be written, and a file that is not
/// whole, are as if there were none. Safe to call from many threads, and from several processes in one folder.
std::unique_ptr<HttpClient> make_cached_client(HttpClient& inner, std::filesystem::path folder);

}  // namespace trueup::live
