#include "rules/finding.hpp"

#include "base/digest.hpp"

namespace trueup::rules {

std::string_view to_string(Change change) {
  switch (change) {
    case Change::none: return "none";
    case Change::introduced: return "introduced";
    case Change::persisting: return "persisting";
    case Change::unconfirmed: return "unconfirmed";
  }
  return "none";
}

std::string_view lasting_path(std::string_view repository, std::string_view path) {
  return repository.empty() ? path.substr(path.rfind('/') + 1) : path;
}

std::string fingerprint(std::string_view rule_id, std::string_view repository, std::string_view path, const std::vector<std::string>& key,
                        std::uint32_t ordinal) {
  std::string text(rule_id);
  const auto add = [&](std::string_view part) {
    text += '\0';
    text += part;
  };
  add(repository);
  add(lasting_path(repository, path));
  for (const std::string& value : key) add(value);
  add(std::to_string(ordinal));
  return sha256_hex(text).substr(0, 16);
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::clean: return "clean";
    case Outcome::violated: return "violated";
    case Outcome::unknown: return "unknown";
    case Outcome::no_subject: return "no subject";
  }
  return "no subject";
}

}  // namespace trueup::rules
