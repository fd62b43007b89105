#include "formats/image_reference.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr std::string_view kDefaultRegistry = "docker.io";
constexpr std::size_t kMaxRepositoryBytes = 255;
constexpr std::size_t kMaxTagBytes = 128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alphanumeric(char c) { return is_digit(c) || is_lower(c) || is_upper(c); }
bool is_lower_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

template <typename Predicate>
bool all_of(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}

/// Lower-case letters and digits, joined by '.', '_', "__" or any number of '-'.
bool path_part_valid(std::string_view part) {
  const auto is_plain = [](char c) { return is_lower(c) || is_digit(c); };
  std::size_t at = 0;
  while (true) {
    const std::size_t begin = at;
    while (at < part.size() && is_plain(part[at])) ++at;
    if (at == begin) return false;
    if (at == part.size()) return true;
    const std::size_t separator = at;
    while (at < part.size() && part[at] == part[separator]) ++at;
    const std::size_t length = at - separator;
    const char c = part[separator];
    if (!((c == '.' && length == 1) || (c == '_' && length <= 2) || c == '-')) return false;
  }
}

bool host_label_valid(std::string_view label) {
  return !label.empty() && label.front() != '-' && label.back() != '-' &&
         all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

/// `name.of.host`, `[ipv6]`, with or without a port.
bool host_valid(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t close = host.find(']');
    if (close == std::string_view::npos || close == 1) return false;
    const bool address = all_of(host.substr(1, close - 1), [](char c) {
      return is_lower_hex(c) || (c >= 'A' && c <= 'F') || c == ':';
    });
    const std::string_view port = host.substr(close + 1);
    return address && (port.empty() || (port.size() > 1 && port[0] == ':' && all_of(port.substr(1), is_digit)));
  }
  if (const std::size_t colon = host.find(':'); colon != std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    if (port.empty() || !all_of(port, is_digit)) return false;
    host = host.substr(0, colon);
  }
  const auto labels = split(host, '.');
  return std::all_of(labels.begin(), labels.end(), host_label_valid);
}

bool names_registry(std::string_view first_part) {
  return first_part == "localhost" || first_part.find_first_of(".:") != std::string_view::npos ||
         std::any_of(first_part.begin(), first_part.end(), is_upper);
}

/// An error at `part`, which views `text`.
Error malformed(std::string_view text, std::string_view part, std::string message) {
  const auto begin = static_cast<std::uint32_t>(part.data() - text.data());
  return Error{Fault::malformed, std::move(message), ByteRange{begin, begin + static_cast<std::uint32_t>(part.size())}};
}

std::string repository_fault(std::string_view repository) {
  if (repository.empty()) return "the repository is missing";
  if (std::any_of(repository.begin(), repository.end(), is_upper)) return "a repository's name is in lower case";
  return "a repository's name is made of a-z and 0-9, joined by one '.', one or two '_', '-' or '/'";
}

}  // namespace

Result<ImageReference> ImageReference::parse(std::string_view text) {
  if (text.empty()) return malformed(text, text, "the reference is empty");
  if (text.size() == 64 && all_of(text, is_lower_hex))
    return malformed(text, text, "64 hex digits are an image's id, not a reference");
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos)
    return malformed(text, text.substr(0, scheme + 3), "an image reference has no scheme");

  ImageReference reference;
  std::string_view rest = text;
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    const std::string_view first = text.substr(0, slash);
    if (names_registry(first)) {
      if (!host_valid(first)) return malformed(text, first, "this is no registry's host name");
      reference.registry = first == "index.docker.io" ? kDefaultRegistry : first;
      reference.registry_written = true;
      rest = text.substr(slash + 1);
    }
  }
  if (reference.registry.empty()) reference.registry = kDefaultRegistry;

  if (const std::size_t sign = rest.find('@'); sign != std::string_view::npos) {
    const std::string_view digest = rest.substr(sign + 1);
    if (!oci_digest_valid(digest)) return malformed(text, digest, "a digest is sha256: and 64 lower-case hex digits");
    reference.digest = digest;
    rest = rest.substr(0, sign);
  }
  if (const std::size_t colon = rest.find(':'); colon != std::string_view::npos) {
    const std::string_view tag = rest.substr(colon + 1);
    if (!oci_tag_valid(tag))
      return malformed(text, tag, "a tag is at most 128 of A-Z a-z 0-9 _ . - and begins with none of the last two");
    reference.tag = tag;
    rest = rest.substr(0, colon);
  }
  if (!oci_repository_valid(rest)) return malformed(text, rest, repository_fault(rest));
  reference.repository = rest;
  if (reference.registry == kDefaultRegistry && rest.find('/') == std::string_view::npos)
    reference.repository.insert(0, "library/");
  if (reference.repository.size() > kMaxRepositoryBytes)
    return malformed(text, rest, "a repository's name has at most 255 bytes");
  return reference;
}

std::string ImageReference::to_string() const {
  std::string text = registry + '/' + repository;
  if (!tag.empty()) text += ':' + tag;
  if (!digest.empty()) text += '@' + digest;
  return text;
}

bool oci_tag_valid(std::string_view tag) {
  const auto is_word = [](char c) { return is_alphanumeric(c) || c == '_'; };
  return !tag.empty() && tag.size() <= kMaxTagBytes && is_word(tag[0]) &&
         all_of(tag, [&](char c) { return is_word(c) || c == '.' || c == '-'; });
}

bool oci_repository_valid(std::string_view repository) {
  const auto parts = split(repository, '/');
  return std::all_of(parts.begin(), parts.end(), path_part_valid);
}

bool oci_digest_valid(std::string_view digest) {
  constexpr std::array<std::pair<std::string_view, std::size_t>, 3> kAlgorithms{
      {{"sha256:", 64}, {"sha384:", 96}, {"sha512:", 128}}};
  return std::any_of(kAlgorithms.begin(), kAlgorithms.end(), [&](const auto& algorithm) {
    const auto& [prefix, length] = algorithm;
    return digest.starts_with(prefix) && digest.size() == prefix.size() + length &&
           all_of(digest.substr(prefix.size()), is_lower_hex);
  });
}

std::string helm_tag(std::string_view version) { return replace_all(version, "+", "_"); }
std::string helm_version(std::string_view tag) { return replace_all(tag, "_", "+"); }

std::string OciUrl::repository_of(std::string_view name) const {
  std::string repository = path;
  if (!repository.empty()) repository += '/';
  repository += name;
  return repository;
}

Result<OciUrl> parse_oci_url(std::string_view text) {
  constexpr std::string_view kScheme = "oci://";
  if (!text.starts_with(kScheme))
    return malformed(text, text.substr(0, text.find("://")), "the repository's URL begins with oci://");
  std::string_view rest = text.substr(kScheme.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view host = rest.substr(0, slash);
  if (host.empty()) return malformed(text, host, "the host is missing");
  if (!host_valid(host)) return malformed(text, host, "this is no registry's host name");
  OciUrl url;
  url.host = ascii_lower(host);
  rest = rest.substr(slash);
  if (rest.starts_with('/')) {
    rest.remove_prefix(1);
    url.trailing_slash = rest.empty() || rest.ends_with('/');
    while (rest.ends_with('/')) rest.remove_suffix(1);
  }
  if (!rest.empty() && !oci_repository_valid(rest)) return malformed(text, rest, repository_fault(rest));
  url.path = rest;
  return url;
}

}  // namespace trueup::formats
