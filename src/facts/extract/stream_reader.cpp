#include "facts/extract/stream_reader.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "formats/json.hpp"
#include "formats/secret_reference.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;

/// Keys of the service, and of headers, whose value is a credential. Not `key` alone: keyFormat and primaryKey are none.
constexpr auto kSecretKeys = std::to_array<std::string_view>(
    {"password", "passwd", "sslkey", "sslkeypassword", "clientsecret", "client_secret", "secretaccesskey", "secret_access_key", "privatekey",
     "private_key", "apikey", "api_key", "x-api-key", "apitoken", "api_token", "accesstoken", "access_token", "authtoken", "auth_token", "authorization",
     "proxy-authorization", "x-auth-token", "connectionstring", "x-functions-key", "dd-api-key", "dd-application-key", "ocp-apim-subscription-key",
     "x-goog-api-key", "cookie"});
/// Parts of the names of other headers that carry one; and whole names that only sound so.
constexpr auto kSecretHeaders = std::to_array<std::string_view>({"api-key", "apikey", "access-key", "auth", "token", "secret", "password", "signature"});
constexpr auto kPlainHeaders = std::to_array<std::string_view>({"x-auth-type", "x-auth-method", "x-token-type", "x-auth-user", "x-auth-username", "x-auth-email"});
/// Parameters of an address that carry one.
constexpr auto kSecretParameters = std::to_array<std::string_view>({"api_key", "apikey", "api-key", "key", "token", "access_token", "auth_token", "secret", "client_secret", "password", "sig", "code"});
/// Addresses that let whoever knows them in: what stands behind is the secret.
constexpr auto kHooks = std::to_array<std::string_view>({"https://hooks.slack.com/services/", "https://discord.com/api/webhooks/", "https://discordapp.com/api/webhooks/"});

/// Begins of texts that are credentials wherever they stand, and how long they are at least.
struct Form {
  std::string_view begin;
  std::size_t length;
};
constexpr auto kForms = std::to_array<Form>({{"-----BEGIN ", 40}, {"ghp_", 36}, {"gho_", 36}, {"ghs_", 36}, {"github_pat_", 50}, {"AKIA", 20}, {"ASIA", 20},
                                             {"xoxb-", 30}, {"xoxp-", 30}, {"sk_live_", 24}, {"glpat-", 26}, {"mdb_sa_sk_", 20}});

bool is_word(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
}

/// What stands in place of a secret: nothing, stars, <…>, CHANGE_ME, or words that say that it is none.
bool stands_for_one(std::string_view text) {
  const std::string_view value = trim(text);
  if (value.size() < 3 || is_placeholder(value) || formats::refers_to_secret(value) || value.find_first_not_of("*xX.-") == value.npos) return true;
  if (value.front() == '<' && value.back() == '>') return true;
  const std::string lower = ascii_lower(value);
  for (const std::string_view word : {"change_me", "changeme", "change-me", "redacted", "placeholder", "replace_me", "replace-me", "your_", "your-", "not-a-secret", "todo"})
    if (lower.find(word) != lower.npos) return true;
  return false;
}

/// `mongodb://user:secret@host`, `https://user:secret@host`.
bool holds_user_and_password(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == text.npos) return false;
  const std::string_view rest = text.substr(scheme + 3, text.find('/', scheme + 3) - (scheme + 3));
  const std::size_t at = rest.rfind('@'), colon = rest.find(':');
  return at != rest.npos && colon != rest.npos && colon + 1 < at && !stands_for_one(rest.substr(colon + 1, at - colon - 1));
}

/// `https://x.example/in?api_key=…`. A word is no key: `?code=daily`.
bool holds_secret_parameter(std::string_view text) {
  constexpr std::size_t kShortest = 12, kShortestOfAny = 24;  // ?key=orders-2026 names something
  const std::size_t question = text.find('?');
  if (text.find("://") == text.npos || question == text.npos) return false;
  for (const std::string_view pair : split(text.substr(question + 1), '&')) {
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos || std::ranges::find(kSecretParameters, ascii_lower(pair.substr(0, equals))) == kSecretParameters.end()) continue;
    const std::string_view value = pair.substr(equals + 1);
    const bool of_any = pair.starts_with("key=") || pair.starts_with("code=");
    if (value.size() >= (of_any ? kShortestOfAny : kShortest) && value.find_first_of("0123456789") != value.npos && !stands_for_one(value)) return true;
  }
  return false;
}

/// `Bearer eyJ…`, `Basic dXNlcjpwYXNz`, wherever it stands.
bool is_authorization(std::string_view text) {
  constexpr std::size_t kShortest = 12;
  for (const std::string_view scheme : {"Bearer ", "Basic ", "Splunk ", "ApiKey "}) {
    if (!text.starts_with(scheme)) continue;
    const std::string_view value = trim(text.substr(scheme.size()));
    return value.size() >= kShortest && value.find(' ') == value.npos && !stands_for_one(value) &&
           value.find_first_of("0123456789=") != value.npos;  // "Basic configuration" is none
  }
  return false;
}

/// `…LoginModule required username="x" password="…";` of a Kafka client.
bool is_login_module(std::string_view text) {
  if (text.find("LoginModule ") == text.npos) return false;
  for (const std::string_view key : {"password=", "clientSecret="}) {
    const std::size_t at = text.find(key);
    if (at == text.npos) continue;
    std::string_view value = text.substr(at + key.size());
    if (value.starts_with('"') || value.starts_with('\'')) value = value.substr(1, value.find(value.front(), 1) - 1);
    else value = value.substr(0, value.find_first_of(" ;"));
    if (!stands_for_one(value)) return true;
  }
  return false;
}

bool is_hook(std::string_view text) {
  return std::ranges::any_of(kHooks, [&](std::string_view hook) {
    const std::string_view rest = text.starts_with(hook) ? text.substr(hook.size()) : std::string_view();
    const std::size_t slash = rest.rfind('/');
    return slash != rest.npos && rest.size() - slash > 16 && !stands_for_one(rest.substr(slash + 1)) && !is_placeholder(rest);
  });
}

/// A header that carries one by its name. What it is worth is told by its value: a word is none.
bool is_secret_header(std::string_view key, std::string_view value) {
  if (value.size() < 12 || value.find(' ') != value.npos || std::ranges::find(kPlainHeaders, key) != kPlainHeaders.end()) return false;
  if (value.find_first_of("0123456789") == value.npos || value.find("://") != value.npos) return false;
  return std::ranges::any_of(kSecretHeaders, [&](std::string_view part) { return key.find(part) != key.npos; });
}

}  // namespace

bool is_placeholder(std::string_view text) {
  const std::size_t dollar = text.find('$');
  if (text.find("{{") != text.npos || text.find("<%") != text.npos) return true;
  return dollar != text.npos && dollar + 1 < text.size() && (text[dollar + 1] == '{' || is_word(text.substr(dollar + 1, 1)));
}

std::optional<Document> parse_stream_json(BlobRows& rows, std::initializer_list<std::string_view> signs) {
  const bool meant = std::ranges::any_of(signs, [&](std::string_view sign) { return rows.source().find(sign) != std::string_view::npos; });
  if (meant) return parse_json_into(rows);
  Document document = formats::parse_json(rows.source());
  if (!document.problem()) return document;
  // What ends in its midst has lost the signs with the rest.
  const std::size_t last = rows.source().find_last_not_of(" \t\r\n");
  if (last != std::string_view::npos && document.problem()->at.begin >= last) return parse_json_into(rows);
  rows.because = document.problem()->message;
  rows.state = document.problem()->fault == Fault::over_limit ? BlobState::over_limit : BlobState::malformed;
  return std::nullopt;
}

StreamFieldRow stream_field_row(BlobRows& rows, const Document& document, StreamField& field, LocalId processor, LocalId connection) {
  StreamFieldRow row;
  row.stream_processor = processor;
  row.stream_connection = connection;
  row.span = rows.span(document[field.node].span);
  row.pointer = std::move(field.pointer);
  row.value = std::move(field.value);
  row.constant = field.constant;
  return row;
}

void add_stream_secrets(BlobRows& rows, const Document& document, NodeIndex node) {
  if (!rows.wants(Table::stream_secret)) return;
  // Nodes stand in document order: those below `node` follow it until one that begins behind its end.
  const std::uint32_t end = document[node].span.end;
  for (NodeIndex at = node + 1; at < document.size() && document[at].span.begin < end; ++at) {
    const Node& each = document[at];
    if (each.kind != NodeKind::scalar || each.style == formats::ScalarStyle::plain || each.key == formats::kNoNode) continue;
    const std::string_view key = document.text(each.key).value_or("");
    if (stands_for_one(each.value)) continue;
    const std::string lower = ascii_lower(key);
    const NodeIndex holder = document[each.parent].key;
    const bool is_header = holder != formats::kNoNode && equal_ignoring_ascii_case(document.text(holder).value_or(""), "headers");
    const bool by_key = (std::ranges::find(kSecretKeys, lower) != kSecretKeys.end() && (lower != "connectionstring" || holds_user_and_password(each.value))) ||
                        (is_header && is_secret_header(lower, each.value));
    const bool by_form = holds_user_and_password(each.value) || holds_secret_parameter(each.value) || is_authorization(each.value) || is_login_module(each.value) ||
                         is_hook(each.value) || std::ranges::any_of(kForms, [&](const Form& form) {
      // A certificate is public.
      return each.value.starts_with(form.begin) && each.value.size() >= form.length && !each.value.starts_with("-----BEGIN CERTIFICATE");
    });
    if (!by_key && !by_form) continue;
    StreamSecretRow row;
    row.span = rows.span(each.span);
    row.key = key;
    row.kind = by_key ? "field" : "form";
    rows.add(std::move(row));
  }
}

}  // namespace trueup::facts
