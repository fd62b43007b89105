#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace trueup::formats {

/// Whose packages an index holds.
enum class Ecosystem : std::uint8_t { go, npm, pypi };
std::string_view to_string(Ecosystem ecosystem);  // "go", "npm", "pypi"
std::optional<Ecosystem> ecosystem_of(std::string_view name);

/// A version of a package as its index lists it.
struct PackageVersion {
  std::string version;      ///< as the index writes it
  std::string released_at;  ///< RFC 3339; empty where the index does not say it
  std::string commit_id;    ///< what it was made of, hex; empty where the index does not say it
  bool withdrawn = false;   ///< deprecated (npm), or every file of it yanked (PyPI)
  friend bool operator==(const PackageVersion&, const PackageVersion&) = default;
};

struct PackageList {
  std::vector<PackageVersion> versions;  ///< each once, as they stand
  std::string latest;                    ///< npm: what the tag `latest` names
  friend bool operator==(const PackageList&, const PackageList&) = default;
};

/// The name as it stands in the path of its index's URLs: @acme/client -> @acme%2fclient (npm), Acme.Client -> acme-client (PEP 503),
/// example.com/Acme/client -> example.com/!acme/client (Go). Nothing for what no package of that kind can be called.
std::optional<std::string> package_path(Ecosystem ecosystem, std::string_view package);

// Each of these is malformed for a body that is not such a list of this very package: a page to sign in, mostly.

/// The document of a package in an npm registry, whole or shortened (application/vnd.npm.install-v1+json).
Result<PackageList> read_npm_package(std::string_view body, std::string_view package);
/// A project page of PyPI's simple API: JSON (PEP 691, PEP 700) or HTML (PEP 503), told by the first character.
Result<PackageList> read_pypi_project(std::string_view body, std::string_view package);
/// $base/$module/@v/list of a Go module proxy.
Result<PackageList> read_go_list(std::string_view body);
/// $base/$module/@v/$version.info of a Go module proxy.
Result<PackageVersion> read_go_info(std::string_view body);

/// The version in the name of a file of a project: client-7.6.8-py3-none-any.whl, client-7.6.8.tar.gz. Nothing where it is of
/// another project, or no such file.
std::optional<std::string_view> pypi_file_version(std::string_view file, std::string_view package);

}  // namespace trueup::formats
