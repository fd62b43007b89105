#include "formats/secret_reference.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

struct Around {
  std::string_view before, after;
};
constexpr auto kAround = std::to_array<Around>({{"__", "__"}, {"#{", "}#"}, {"#{", "}"}, {"%", "%"}, {"@", "@"}, {"$(", ")"}, {"[[", "]]"}, {"ENC[", "]"}});
constexpr auto kBegin = std::to_array<std::string_view>({"op://", "vault:", "vault://", "ref+", "arn:aws:secretsmanager:", "arn:aws:ssm:", "env:", "file:", "awssm://",
                                                         "gcpsm://", "azurekms://", "secret://", "keyring:", "sm://", "ssm://", "!vault"});

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == ' ';
  });
}

}  // namespace

bool refers_to_secret(std::string_view text) {
  const std::string_view value = trim(text);
  if (std::ranges::any_of(kBegin, [&](std::string_view begin) { return value.starts_with(begin) && value.size() > begin.size(); })) return true;
  return std::ranges::any_of(kAround, [&](const Around& each) {
    if (value.size() <= each.before.size() + each.after.size() || !value.starts_with(each.before) || !value.ends_with(each.after)) return false;
    const std::string_view within = value.substr(each.before.size(), value.size() - each.before.size() - each.after.size());
    return each.before == "ENC[" ? within.starts_with("AES256_GCM,") || within.starts_with("PKCS7,") || within.starts_with("KMS,") : is_name(within);
  });
}

}  // namespace trueup::formats
