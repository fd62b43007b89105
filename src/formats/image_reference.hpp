#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace trueup::formats {

/// `[registry/]repository[:tag][@digest]`, in the normal form that container tools use: "ubuntu" is
/// docker.io/library/ubuntu. A tag or digest that is not there is empty.
struct ImageReference {
  std::string registry;           ///< host[:port] as written, or docker.io
  std::string repository;         ///< without the registry: "acme/atlas", "library/ubuntu"
  std::string tag;                ///< "1.2.3"
  std::string digest;             ///< "sha256:" and 64 hex digits (or another algorithm, see oci_digest_valid())
  bool registry_written = false;  ///< whether the text names a registry

  /// The first part, where a '/' follows it, is a registry if it has a '.', a ':' or an upper-case letter, or is "localhost".
  /// "index.docker.io" is docker.io's old name. Errors: Fault::malformed, at the part that is wrong, for what container tools
  /// refuse: an upper-case repository, a tag with '/' or '+', a short digest, a scheme, 64 hex digits alone, a repository
  /// over 255 bytes.
  /// Source: distribution/reference 0.6 (observed), OCI distribution-spec 1.1. One deviation: a registry that is no host name
  /// ("a_b.c/x") is malformed here, where that library takes the text for a repository without a registry.
  static Result<ImageReference> parse(std::string_view text);
  /// "registry/repository[:tag][@digest]", in normal form.
  std::string to_string() const;
  friend bool operator==(const ImageReference&, const ImageReference&) = default;
};

/// `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}` (OCI distribution-spec 1.1).
bool oci_tag_valid(std::string_view tag);
/// A repository's name without the registry: parts of lower-case letters and digits, joined by one '.', one or two '_', or
/// any number of '-'; parts joined by '/' (OCI distribution-spec 1.1).
bool oci_repository_valid(std::string_view repository);
/// `sha256:` and 64, `sha384:` and 96, or `sha512:` and 128 lower-case hex digits, as container tools accept them.
bool oci_digest_valid(std::string_view digest);

/// The tag under which Helm stores a chart's version: '+' is not allowed in tags and becomes '_'.
std::string helm_tag(std::string_view version);
/// The version that Helm reads from a tag: every '_' becomes '+'. A version has no '_' of its own.
std::string helm_version(std::string_view tag);

/// The repository of a chart dependency that is kept in an OCI registry: `oci://host[:port][/path]`.
struct OciUrl {
  std::string host;             ///< host[:port], in lower case; Helm sends it as written, which names the same server
  std::string path;             ///< without slashes at either end; may be empty
  bool trailing_slash = false;  ///< Helm's dependency commands put "/NAME" after it, and then refuse the empty part

  /// The registry's repository that holds the chart `name`: path/name.
  std::string repository_of(std::string_view name) const;
  friend bool operator==(const OciUrl&, const OciUrl&) = default;
};

/// Errors: Fault::malformed, at the part that is wrong: another scheme (it is compared exactly, as Helm does), no host, a
/// user name, a path that is no repository name (upper case, an empty part, a tag, a query).
Result<OciUrl> parse_oci_url(std::string_view text);

}  // namespace trueup::formats
