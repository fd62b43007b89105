#include "git/libgit.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

/// Debian's and Ubuntu's libgit2 reads the machine's certificates when it starts, which takes as long as all else that a small
/// check does. Reading objects and refs needs none, and fetching is the user's git's, so here the program answers in place of
/// mbedTLS that there are none: whatever libgit2 might connect to would be refused. Without effect on other builds of libgit2.
extern "C" int mbedtls_x509_crt_parse_file(void* chain, const char* path);
extern "C" int mbedtls_x509_crt_parse_file(void* /*chain*/, const char* /*path*/) { return -1; }

namespace trueup::git {

void start_libgit2() {
  static const bool started = [] {
    git_libgit2_init();
    // Trees and blobs are remembered here by id, in the form that is wanted; a second copy costs memory and no time
    // (measured: 152 MB instead of 270 at the peak, not slower).
    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
    // The object database is the user's own, written by their git, which verified what it received; hashing every
    // object again at each read costs 30 to 65 % of the time that reading takes.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    // What these change does not concern a reader of objects and refs: a partial clone lacks objects (reported one by
    // one), settings of one work tree are git's own, precious objects are not to be deleted.
    const char* extensions[] = {"partialclone", "worktreeconfig", "preciousobjects", "relativeworktrees"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, std::size(extensions));
    return true;
  }();
  (void)started;
}

Error libgit2_error(int code, std::string_view doing) {
  const git_error* last = git_error_last();
  const std::string said = last != nullptr && last->message != nullptr ? printable(last->message) : "unknown error";
  const Fault fault = code == GIT_ENOTFOUND || code == GIT_EUNBORNBRANCH ? Fault::not_found
                      : code == GIT_EOWNER                               ? Fault::denied
                                                                         : Fault::malformed;
  return Error{fault, fmt::format("{}: {}", doing, said)};
}

}  // namespace trueup::git
